"""ByteDance's pools and the list that ends at 10,000: addresses, requests, and whole boards."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.parsing.responses import UnexpectedResponse
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.spiders.bytedance import BytedanceSpider
from crawler.systems import UnknownSystem, find_board
from postings import BoardRun, JobPosting, Verdict
from simulator.faults import FaultKind
from simulator.server import Simulator
from simulator.story import sized_story
from simulator.systems import bytedance as simulated
from simulator.systems import feishu_records
from simulator.world import World

HOST = "https://jobs.bytedance.com"
ID = "7595187765260732725"
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
WINDOW = 300


@pytest.fixture
def small_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sides agree on a window that a small board passes."""
    monkeypatch.setattr(simulated, "WINDOW", WINDOW)
    monkeypatch.setattr(BytedanceSpider, "window", WINDOW)


def world_of(postings: int, url: str = f"{HOST}/experienced") -> World:
    (board,) = sized_story(1, postings, ["bytedance"])
    return World(boards=[dataclasses.replace(board, url=url)])


def read(world: World, fault: FaultKind | None = None) -> tuple[BoardRun, list[JobPosting], int]:
    """Crawl the world's board; return its run, its postings and how often the categories were requested."""
    found: list[tuple[BoardRun, list[JobPosting]]] = []
    (board,) = world.boards
    with Simulator(world) as simulator:
        if fault:
            simulator.fault(board.url, fault)
        crawl(
            [find_board(board.url)],
            observed_at=NOW,
            on_run=lambda run, postings: found.append((run, list(postings))),
            settings={**UNTHROTTLED, "RETRY_TIMES": 1, "LOG_LEVEL": "CRITICAL", "ROLEMIX_GATEWAY": simulator.url},
        )
        divisions = sum("/config/job/filters/" in hit.path for hit in simulator.log)
    ((run, postings),) = found
    return run, postings, divisions


# Addresses and requests -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (HOST, HOST),
        (f"{HOST}/", HOST),
        (f"{HOST}/experienced", f"{HOST}/experienced"),
        (f"{HOST}/experienced/position?keywords=&category=67&current=1", f"{HOST}/experienced"),
        (f"{HOST}/society", f"{HOST}/experienced"),
        (f"{HOST}/campus/position/{ID}/detail", f"{HOST}/campus"),
        (f"{HOST}/api/v1/search/job/posts?portal_type=2", HOST),
        ("https://job.bytedance.com/society/position", f"{HOST}/experienced"),
        ("http://JOBS.ByteDance.com/campus", f"{HOST}/campus"),
    ],
)
def test_every_form_of_address_means_the_board(url: str, canonical: str) -> None:
    board = find_board(url)
    assert (board.system, board.url) == ("bytedance", canonical)
    assert find_board(canonical) == board


@pytest.mark.parametrize(
    "url",
    [
        f"{HOST}/referral",  # robots.txt keeps it from readers
        f"{HOST}/referral/position/{ID}/detail",
        f"{HOST}/jp/position/{ID}/detail",
        f"{HOST}/campus2",
        f"{HOST}.evil.example/campus",
        "https://bytedance.com/campus",
        f"{HOST}:8080/campus",
    ],
)
def test_any_other_address_is_rejected(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


@pytest.mark.parametrize(
    ("part", "website", "portal_type", "categories"),
    [
        ("campus", b"campus", 3, []),
        # Asked as "experienced", the host knows no such site.
        ("experienced", b"society", 2, []),
        ("experienced/6704215862603155720", b"society", 2, ["6704215862603155720"]),
    ],
)
def test_requested_pool_has_another_name_than_its_pages(
    part: str, website: bytes, portal_type: int, categories: list[str]
) -> None:
    board = BytedanceSpider.board(HOST)
    request = BytedanceSpider(boards=[board]).list_request(board, Cursor(part=part))
    requested = json.loads(request.body)
    assert request.url == f"{HOST}/api/v1/search/job/posts"
    assert request.headers[b"website-path"] == website
    assert (requested["portal_type"], requested["job_category_id_list"]) == (portal_type, categories)
    # Every kind of recruiting, not the tab that the pages open with.
    assert requested["recruitment_id_list"] == []


@pytest.mark.parametrize(
    ("board", "parent", "pool"),
    [
        (f"{HOST}/campus", "1", "campus"),
        (f"{HOST}/experienced", "2", "experienced"),
        (HOST, "1", "experienced"),
        (HOST, "2", "campus"),
        (None, "2", "campus"),
    ],
)
def test_posting_is_read_under_its_pool(board: str | None, parent: str, pool: str) -> None:
    record = {"id": ID, "title": "t", "recruit_type": {"id": "x", "name": "实习", "parent": {"id": parent}}}
    posting = BytedanceSpider.posting(record, BytedanceSpider.board(board) if board else None)
    assert posting.url == f"{HOST}/{pool}/position/{ID}/detail"


def test_categories_are_the_top_of_the_tree() -> None:
    tree = [{"id": "1", "name": "研发", "children": [{"id": "3"}]}, {"id": "2", "name": "产品", "children": None}]
    body = json.dumps({"code": 0, "data": {"job_type_list": tree, "city_list": []}}).encode()
    assert BytedanceSpider.read(body).parts == ("1", "2")


@pytest.mark.parametrize("tree", [[1], [{"name": "研发"}], {"1": "研发"}])
def test_tree_of_another_format_is_rejected(tree: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        BytedanceSpider.read(json.dumps({"code": 0, "data": {"job_type_list": tree}}).encode())


@pytest.mark.parametrize(("offset", "limit"), [(0, 100), (9_900, 100), (9_950, 50), (10_000, 1)])
def test_page_does_not_exceed_the_window(offset: int, limit: int) -> None:
    # It would come back empty.
    board = BytedanceSpider.board(HOST)
    request = BytedanceSpider(boards=[board]).list_request(board, Cursor(part="campus", offset=offset))
    assert json.loads(request.body)["limit"] == limit


# Boards beyond the window -----------------------------------------------------------------------------


@pytest.mark.usefixtures("small_window")
def test_pool_beyond_the_window_is_read_completely_by_category() -> None:
    world = world_of(420)
    run, postings, divisions = read(world)
    assert run.verdict is Verdict.COMPLETE, run.reason
    assert {posting.identifier for posting in postings} == world.identifiers(f"{HOST}/experienced", 0)
    assert (len(postings), run.unique, run.reported_total) == (420, 420, 420)
    assert divisions == 1


@pytest.mark.usefixtures("small_window")
@pytest.mark.parametrize(("postings", "divisions"), [(WINDOW - 1, 0), (WINDOW, 1), (WINDOW + 1, 1)])
def test_list_as_long_as_the_window_may_be_longer(postings: int, divisions: int) -> None:
    run, found, requested = read(world_of(postings))
    assert (run.verdict, len(found), requested) == (Verdict.COMPLETE, postings, divisions), run.reason


@pytest.mark.usefixtures("small_window")
def test_category_beyond_the_window_is_not_complete() -> None:
    run, postings, _ = read(world_of(900))
    assert run.verdict is Verdict.INCOMPLETE
    assert "the list ends at 300" in run.reason
    assert len(postings) < 900


@pytest.mark.usefixtures("small_window")
def test_posting_outside_all_categories_is_missed_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = feishu_records.tree()[1:]
    monkeypatch.setattr(feishu_records, "tree", lambda: tree)
    run, *_ = read(world_of(420))
    assert run.verdict is Verdict.INCOMPLETE, run.reason


@pytest.mark.usefixtures("small_window")
@pytest.mark.parametrize("kind", [FaultKind.TRUNCATED, FaultKind.LYING_TOTAL, FaultKind.SWAPPING])
def test_lie_in_a_category_is_caught(kind: FaultKind) -> None:
    run, *_ = read(world_of(420), kind)
    assert run.verdict is Verdict.INCOMPLETE, run.reason


# Both pools -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("window", [None, WINDOW])
def test_posting_in_both_pools_is_one_posting(window: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if window:
        monkeypatch.setattr(simulated, "WINDOW", window)
        monkeypatch.setattr(BytedanceSpider, "window", window)
    world = world_of(420, HOST)
    run, postings, _ = read(world)
    in_both = [one for one in world.rows(HOST, 0) if len(feishu_records.pools(one)) == 2]
    assert run.verdict is Verdict.COMPLETE, run.reason
    assert (len(postings), run.unique, run.reported_total) == (420, 420, 420)
    assert in_both
    assert {posting.identifier for posting in postings} == world.identifiers(HOST, 0)


def test_pool_that_cannot_be_read_makes_the_run_incomplete() -> None:
    run, postings, _ = read(world_of(420, HOST), FaultKind.TRUNCATED)
    assert (run.verdict, bool(postings)) == (Verdict.INCOMPLETE, True)
