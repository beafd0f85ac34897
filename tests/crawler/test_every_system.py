"""What every system's spider owes its users, against its simulated part: whole boards, and no lie believed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from crawler.bases.board_spider import Known
from crawler.parsing.rereading import READERS_VERSION, reread
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.systems import find_board
from crawler.systems import systems as spiders
from postings import BoardRun, JobPosting, Verdict
from simulator.faults import FaultKind
from simulator.server import Simulator
from simulator.system import System
from simulator.systems import systems
from simulator.world import World
from tests.crawler.rereading import without_parsed_values

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
FAST: dict[str, Any] = {**UNTHROTTLED, "RETRY_TIMES": 1, "LOG_LEVEL": "CRITICAL"}
PAGE = 20
"""Taken for the length of a page where one response holds the whole board."""

LARGE = 2500
"""Postings of a board that is beyond every cap, page and part."""

PROVABLE = [name for name, system in systems().items() if system.provable]
# A conditional spider takes a board in one response, even where the system would also give it in pages.
PAGED = [name for name in PROVABLE if systems()[name].page and not spiders()[name].conditional]


@cache
def world_of(name: str, postings: int) -> World:
    return World.sized(boards=1, postings=postings, systems=[name])


def several_pages(system: System) -> int:
    return 2 * (system.page or PAGE) + 5


def read(name: str, postings: int, fault: FaultKind | None = None) -> tuple[BoardRun, list[JobPosting], World]:
    """Crawl the one board of a system's uniform world as somebody who is entitled to."""
    world = world_of(name, postings)
    (board,) = world.boards
    found: list[tuple[BoardRun, list[JobPosting]]] = []
    with Simulator(world) as simulator:
        if fault:
            simulator.fault(board.url, fault)
        crawl(
            [find_board(board.url)],
            observed_at=NOW,
            on_run=lambda run, postings: found.append((run, list(postings))),
            known=Known(permitted=[board.url]),
            settings={**FAST, "ROLEMIX_GATEWAY": simulator.url},
        )
    ((run, read),) = found
    return run, read, world


def test_every_system_is_simulated() -> None:
    assert set(systems()) == set(spiders())


@pytest.mark.parametrize("name", systems())
def test_simulator_and_spider_have_the_same_board(name: str) -> None:
    (board,) = world_of(name, 1).boards
    found = find_board(board.url)
    assert (found.system, found.url) == (name, board.url)


@pytest.mark.parametrize("name", PROVABLE)
@pytest.mark.parametrize("size", ["none", "one", "page", "page and one", "2500"])
def test_board_of_any_size_is_read_completely(name: str, size: str) -> None:
    system = systems()[name]
    page = system.page or PAGE
    postings = {"none": 0, "one": 1, "page": page, "page and one": page + 1, "2500": LARGE}[size]
    run, read_, world = read(name, postings)
    if size == "none" and not system.knows_absence:
        assert run.verdict is Verdict.GONE, "an empty board looks like one that is not there"
        return
    assert run.verdict is Verdict.COMPLETE, run.reason
    (board,) = world.boards
    identifiers = [posting.identifier for posting in read_]
    assert len(identifiers) == len(set(identifiers)) == run.unique
    assert set(identifiers) == world.identifiers(board.url, 0) - world.paused(board.url, 0)
    assert all(posting.title and posting.url and posting.description for posting in read_)
    assert run.fresh == run.unique
    assert [posting for posting in read_ if reread(posting, spiders()[name]) != posting] == []
    stripped = [without_parsed_values(posting, name) for posting in read_]
    assert [reread(posting, spiders()[name]) for posting in stripped] == read_


def test_the_version_of_the_readers_is_raised_when_they_read_something_else() -> None:
    """Boards are read whole again, and postings' own pages too, only when `READERS_VERSION` changes.

    Where this fails because a reader gives other values than before: raise the version, and state the new digest. Where
    it fails because the simulator writes something else, state the new digest.
    """
    digest = hashlib.sha256()
    for name in sorted(systems()):
        _, postings, _ = read(name, 25)
        digest.update("".join(sorted(posting.content_hash for posting in postings)).encode())
    assert (READERS_VERSION, digest.hexdigest()[:12]) == ("1", "6fac2dbb7ce8")


@pytest.mark.parametrize("name", [name for name, system in systems().items() if not system.provable])
@pytest.mark.parametrize("pages", [0, 0.1, 2.5])
def test_unprovable_board_is_never_complete(name: str, pages: float) -> None:
    run, postings, _ = read(name, int(pages * (systems()[name].page or PAGE)))
    assert run.verdict not in (Verdict.COMPLETE, Verdict.UNCHANGED), run.reason
    assert len(postings) == run.unique


@pytest.mark.parametrize("name", PROVABLE)
@pytest.mark.parametrize(
    ("kind", "verdicts"),
    [
        (FaultKind.TRUNCATED, {Verdict.INCOMPLETE, Verdict.FAILED}),
        (FaultKind.EMPTY200, {Verdict.FAILED}),
        (FaultKind.SHAPELESS, {Verdict.FAILED}),
        (FaultKind.BLOCKED, {Verdict.BLOCKED}),
        (FaultKind.HTML, {Verdict.BLOCKED}),
        (FaultKind.RETIRED, {Verdict.GONE}),
    ],
)
def test_faults_of_any_board(name: str, kind: FaultKind, verdicts: set[Verdict]) -> None:
    run, postings, _ = read(name, several_pages(systems()[name]), kind)
    assert run.verdict in verdicts, run.reason
    assert len(postings) == run.unique
    if not run.verdict.saw_postings:
        assert not postings


@pytest.mark.parametrize("name", PROVABLE)
def test_board_that_reports_itself_empty(name: str) -> None:
    system = systems()[name]
    run, postings, _ = read(name, several_pages(system), FaultKind.EMPTIED)
    assert run.verdict is (Verdict.COMPLETE if system.knows_absence else Verdict.GONE), run.reason
    assert not postings


@pytest.mark.parametrize("name", [name for name in PROVABLE if systems()[name].total])
def test_wrong_total_is_detected(name: str) -> None:
    run, *_ = read(name, several_pages(systems()[name]), FaultKind.LYING_TOTAL)
    assert run.verdict is Verdict.INCOMPLETE, run.reason


@pytest.mark.parametrize("name", PAGED)
@pytest.mark.parametrize("kind", [FaultKind.REPEATED_PAGE, FaultKind.SHIFTING, FaultKind.SHRINKING, FaultKind.SWAPPING])
def test_shifting_or_repeating_list_is_detected(name: str, kind: FaultKind) -> None:
    run, *_ = read(name, several_pages(systems()[name]), kind)
    assert run.verdict is Verdict.INCOMPLETE, run.reason


@pytest.mark.parametrize("name", [name for name, spider in spiders().items() if not spider.crawlable])
def test_system_that_forbids_crawling_needs_the_users_permission(name: str) -> None:
    world = world_of(name, 3)
    (board,) = world.boards
    runs: list[BoardRun] = []
    with Simulator(world) as simulator:
        settings = {**FAST, "ROLEMIX_GATEWAY": simulator.url}
        crawl([find_board(board.url)], observed_at=NOW, on_run=lambda run, _: runs.append(run), settings=settings)
        assert {hit.path for hit in simulator.log} == {"/robots.txt"}
    assert [run.verdict for run in runs] == [Verdict.BLOCKED]
