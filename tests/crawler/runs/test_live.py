"""Crawling over HTTP: complete boards, and every way in which a board refuses."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.runs.live import crawl
from crawler.systems import find_board
from postings import BoardRun, JobPosting, Verdict
from simulator.faults import FaultKind
from simulator.server import Simulator
from simulator.world import World
from tests.crawler.crawls import FAST, NOW, board_of, crawled, scrapy


def test_every_board_is_read_whole(simulator: Simulator, world: World) -> None:
    found = crawled(simulator, *(board.url for board in world.boards))
    for board in world.boards:
        run, postings = found[board.url]
        assert run.verdict is Verdict.COMPLETE, run.reason
        identifiers = [posting.identifier for posting in postings]
        assert len(identifiers) == len(set(identifiers)) == run.unique
        assert set(identifiers) == world.identifiers(board.url, 0) - world.paused(board.url, 0)
        moved = {posting.identifier for posting in postings if posting.redirects_to}
        assert moved == set(world.redirecting(board.url, 0))
        assert all(posting.title and posting.url for posting in postings)


def test_texts_come_from_the_details_where_the_list_has_none(simulator: Simulator, world: World) -> None:
    board = next(board for board in world.boards if board.system.name == "moka" and not board.text_in_list)
    run, postings = crawled(simulator, board.url)[board.url]
    assert run.verdict is Verdict.COMPLETE
    assert all(posting.description for posting in postings)


def test_mokas_own_page_of_a_posting_has_what_the_list_lacks(simulator: Simulator, world: World) -> None:
    for url in (board.url for board in world.boards if board.host == "app.mokahr.com"):
        _, postings = crawled(simulator, url)[url]
        stated = {posting.identifier for posting in postings if posting.base_salary}
        offered = {posting.identifier for posting in world.rows(url, 0) if posting.pay}
        assert stated == offered & {posting.identifier for posting in postings}
        assert any(posting.total_job_openings for posting in postings)
        assert any(posting.education_requirements for posting in postings)


def test_moka_on_an_employers_own_domain(world: World) -> None:
    pattern = world.board(board_of(world, "moka"))
    own = dataclasses.replace(pattern, url="https://hr.quillfern.example/social-recruitment/quillfern/7")
    with Simulator(World(boards=[own])) as simulator:
        run, postings = crawled(simulator, own.url)[own.url]
        assert run.verdict is Verdict.COMPLETE, run.reason
        assert {hit.host for hit in simulator.log} == {"hr.quillfern.example"}
    assert len(postings) == run.reported_total != 0


def test_tenants_address_without_a_site_is_read_as_one_of_its_sites(simulator: Simulator, world: World) -> None:
    url = "https://app.mokahr.com/social-recruitment/luyingu"
    run, postings = crawled(simulator, url)[url]
    (site,) = {posting.url.split("#")[0] for posting in postings}
    assert {posting.identifier for posting in postings} == world.identifiers(site, 0) - world.paused(site, 0)
    assert run.verdict is Verdict.INCOMPLETE
    assert f"redirects to {site}, one of several sites of luyingu: give the address of a site" in run.reason
    others = {board.url for board in world.boards if "/luyingu/" in board.url} - {site}
    assert others
    assert all(other in run.reason for other in others)


def test_pages_make_a_whole_board(paged: Simulator, large: World) -> None:
    board = board_of(large, "moka")
    run, postings = crawled(paged, board)[board]
    assert run.verdict is Verdict.COMPLETE, run.reason
    assert run.pages == 3
    assert {posting.identifier for posting in postings} == large.identifiers(board, 0) - large.paused(board, 0)


@pytest.mark.parametrize(
    "url",
    [
        "https://app.mokahr.com/social-recruitment/nobody/1",
        "https://job-boards.greenhouse.io/nobody",
        "https://jobs.lever.co/nobody",
        "https://jobs.eu.lever.co/nobody",
        "https://jobs.ashbyhq.com/nobody",
    ],
)
def test_unknown_board_is_gone_not_empty(simulator: Simulator, url: str) -> None:
    run, postings = crawled(simulator, url)[url]
    assert run.verdict is Verdict.GONE, run.reason
    assert "unknown" in run.reason
    assert postings == []


def test_one_bad_board_does_not_spoil_the_others(simulator: Simulator, world: World) -> None:
    simulator.fault(board_of(world, "moka"), FaultKind.BLOCKED)
    found = crawled(simulator, *(board.url for board in world.boards))
    verdicts = [run.verdict for run, _ in found.values()]
    assert verdicts.count(Verdict.BLOCKED) == 1
    assert verdicts.count(Verdict.COMPLETE) == len(world.boards) - 1


def test_response_that_breaks_off_is_reported_in_words(simulator: Simulator, world: World) -> None:
    board = board_of(world, "lever")
    simulator.fault(board, FaultKind.TRUNCATED)
    run, _ = crawled(simulator, board)[board]
    assert run.reason.endswith("ResponseDataLossError: the response broke off before its end")


def test_unchanged_board(simulator: Simulator, world: World) -> None:
    board = board_of(world, "greenhouse")
    first, _ = crawled(simulator, board)[board]
    assert first.etag
    again, postings = crawled(simulator, board, etags={board: first.etag})[board]
    assert again.verdict is Verdict.UNCHANGED
    assert postings == []


def test_the_crawler_names_itself(simulator: Simulator, world: World) -> None:
    crawled(simulator, board_of(world, "ashby"))
    assert {hit.user_agent.split("/")[0] for hit in simulator.log} == {"rolemix"}


def test_unreachable_host_is_a_failure() -> None:
    with Simulator(World()) as stopped:
        url = stopped.url
    found: list[BoardRun] = []
    crawl(
        [find_board("https://jobs.lever.co/nobody")],
        observed_at=NOW,
        on_run=lambda run, postings: found.append(run),
        settings={**FAST, "ROLEMIX_GATEWAY": url},
    )
    assert [run.verdict for run in found] == [Verdict.FAILED]


def test_error_of_the_store_reaches_the_caller(simulator: Simulator, world: World) -> None:
    class FullDisk(Exception):
        pass

    def refuse(run: BoardRun, postings: Iterator[JobPosting]) -> None:
        raise FullDisk

    with pytest.raises(FullDisk):
        crawl(
            [find_board(board.url) for board in world.boards],
            observed_at=NOW,
            on_run=refuse,
            settings={**FAST, "ROLEMIX_GATEWAY": simulator.url},
        )


def test_scrapy_crawl_works_alone(simulator: Simulator, world: World, tmp_path: Path) -> None:
    board = board_of(world, "moka")
    out = tmp_path / "out.jsonl"
    at_once = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")
    done = scrapy("crawl", "moka", "-a", f"board={board}", "-O", str(out), *at_once, gateway=simulator.url)
    assert done.returncode == 0, done.stderr
    assert f"{board}: complete:" in done.stderr
    postings = [JobPosting.from_dict(json.loads(line)) for line in out.read_text("utf-8").splitlines()]
    assert {posting.identifier for posting in postings} == world.identifiers(board, 0) - world.paused(board, 0)


def test_scrapy_crawl_without_a_board_asks_for_one() -> None:
    assert "give its address, for example -a board=https://app.mokahr.com/" in scrapy("crawl", "moka").stderr


def test_crawl_that_ends_early_reports_the_boards_it_did_not_read(paged: Simulator, large: World) -> None:
    board = board_of(large, "moka")
    run, postings = crawled(paged, board, CLOSESPIDER_PAGECOUNT=2)[board]
    assert (run.verdict, run.reason) == (Verdict.FAILED, "the crawl ended before the board was read")
    assert postings == []
