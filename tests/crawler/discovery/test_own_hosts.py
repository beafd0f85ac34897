"""Boards on a company's own host, and behind short links: found from the page that is served there, and read whole."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from parsel import Selector

from crawler.discovery.page_mentions import board_at
from crawler.discovery.search import discover
from crawler.runs.live import crawl
from crawler.systems import find_board, systems
from postings import BoardRun, Verdict
from simulator.server import Simulator
from simulator.world import World
from tests.crawler.site import NOW, SETTINGS, Site

OWN = "https://talent.acme.example"
PASTED = {
    "eightfold": (f"{OWN}/careers", f"{OWN}/careers?domain=specimen-001.example"),
    "oracle": (f"{OWN}/en/sites/CX_1/jobs", f"oracle+{OWN}/en/sites/CX_1"),
    "successfactors": (f"{OWN}/search/", f"{OWN}/search/?q=&locationsearch="),
    "teamtailor": (f"{OWN}/jobs", f"teamtailor+{OWN}"),
}


@pytest.mark.parametrize("name", PASTED)
def test_board_on_a_companys_own_host_is_found_and_read_whole(name: str) -> None:
    pasted, board = PASTED[name]
    world = World.sized(boards=1, postings=7, systems=[name])
    runs: list[tuple[BoardRun, set[str]]] = []
    with Simulator(world) as simulator:
        (simulated,) = world.boards
        simulator.own_hosts["talent.acme.example"] = simulated.host
        settings = {**SETTINGS, "ROLEMIX_GATEWAY": simulator.url}
        found = discover(pasted, settings)
        assert [one.board.url for one in found.boards] == [board], found.sentence
        assert find_board(board) == found.boards[0].board
        crawl(
            [found.boards[0].board],
            observed_at=NOW,
            on_run=lambda run, postings: runs.append((run, {posting.identifier for posting in postings})),
            settings=settings,
        )
    ((run, identifiers),) = runs
    assert run.verdict is Verdict.COMPLETE, run.reason
    assert identifiers == world.identifiers(simulated.url, 0)


@pytest.mark.parametrize(
    "page",
    [
        # What a page elsewhere shows of a system, without being that system's.
        '<script src="https://scripts.teamtailor-cdn.com/widgets/jobs.js"></script><div class="teamtailor-jobs"></div>',
        '<link rel="alternate" type="application/rss+xml" href="/jobs.rss">',
        '<script>window._EF_GROUP_ID = "volkscience.com";</script>',
        '<base href="/en/sites/default" data-sitenumber="CX_1" data-apibaseurl="https://evil.example">',
        '<base href="/en/sites/default/files">',
        '<a href="https://performancemanager5.successfactors.eu/career?company=acme">Jobs</a>',
    ],
)
def test_traces_of_a_system_on_another_page_are_no_board(page: str) -> None:
    for name in PASTED:
        assert list(systems()[name].boards_on_page(Selector(f"<html>{page}</html>"), f"{OWN}/jobs")) == []


SHORT = {
    "https://acme.jobs.feishu.cn/s/Abc-d1E": "https://acme.jobs.feishu.cn/index",
    "https://jobs.bytedance.com/s/iAbc12": "https://jobs.bytedance.com/experienced",
    "https://hr-jobs.sensetime.com/s/Abc": "https://hr-jobs.sensetime.com/index",
    "https://apply.workable.com/j/ABCDEF1234": "https://apply.workable.com/acme",
    "https://grnh.se/abc123": "https://job-boards.greenhouse.io/acme",
    "https://app.mokahr.com/su/abc12": "https://app.mokahr.com/social-recruitment/acme/12",
    "https://acme.wd5.myworkdayjobs.com/": "https://acme.wd5.myworkdayjobs.com/jobs",
}
TO = {"https://hr-jobs.sensetime.com/index": "https://hr-jobs.sensetime.com/index/position/list"}


@pytest.mark.parametrize("short", SHORT)
def test_short_link_is_followed_and_not_taken_for_a_board(short: str) -> None:
    board = SHORT[short]
    assert board_at(short) is None
    responses: dict[str, Any] = {short: f"-> {TO.get(board, board)}"}
    with Site(responses) as site:
        found = discover(short, {**SETTINGS, "ROLEMIX_GATEWAY": site.url})
    assert [one.board.url for one in found.boards] == [board], found.sentence
    assert found.boards[0].mentions[0].kind == "redirect"


@pytest.mark.parametrize("site", ["jobs", "Jobs", "job", "details", "careers", "s"])
def test_workday_site_can_be_called_what_paths_are_made_of(site: str) -> None:
    host = "https://acme.wd5.myworkdayjobs.com"
    board = find_board(f"{host}/{site}")
    assert (board.url, board.site) == (f"{host}/{site}", site)
    for form in (
        f"{host}/en-US/{site}",
        f"{host}/{site}/job/Oslo/Potter_JR1",
        f"{host}/en-US/{site}/details/Potter_JR1?q=x",
        f"{host}/wday/cxs/acme/{site}/jobs",
        f"{host}/wday/cxs/acme/{site}/job/Oslo/Potter_JR1",
    ):
        assert board_at(form) == board, form


@pytest.mark.parametrize("path", ["/job/Oslo/Potter_JR1", "/details/Potter_JR1", "/wday/authgwy/x", "/login", "/en-US"])
def test_path_without_its_site_names_no_workday_site(path: str) -> None:
    assert board_at(f"https://acme.wd5.myworkdayjobs.com{path}") is None


def test_workday_site_called_jobs_is_read_whole() -> None:
    world = World.sized(boards=1, postings=25, systems=["workday"])
    (board,) = world.boards
    named = World(boards=[dataclasses.replace(board, url=board.url.replace("/Careers", "/jobs"))])
    runs: list[BoardRun] = []
    with Simulator(named) as simulator:
        settings = {**SETTINGS, "ROLEMIX_GATEWAY": simulator.url}
        crawl(
            [find_board(named.boards[0].url)],
            observed_at=NOW,
            on_run=lambda run, _: runs.append(run),
            settings=settings,
        )
    assert [(run.verdict, run.unique) for run in runs] == [(Verdict.COMPLETE, 25)]
