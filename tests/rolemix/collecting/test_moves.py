"""Boards that moved: reported with where they went, followed by one command, and nothing recorded is lost."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.systems import find_board
from rolemix.collecting.watchlist import Watched, add, load
from simulator.faults import FaultKind
from simulator.server import Simulator
from simulator.sites import SitePage
from simulator.world import World
from tests.rolemix.conftest import Rolemix

OLD = "https://jobs.lever.co/cinderquay"
PAGE = "https://www.cinderquay.example/jobs"
NEW = "https://job-boards.greenhouse.io/fenwrightlabs"
OTHER = "https://jobs.ashbyhq.com/marrowlight"
MOVED = f"`rolemix watch move {OLD} {NEW}`"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A simulator of its own, whose pages a test may change."""
    with Simulator(World(seed=7)) as running:
        yield running


@pytest.fixture
def watchlist(tmp_path: Path) -> Path:
    """The old board, with the page that it was found on."""
    add(tmp_path / "watchlist.toml", Watched(find_board(OLD), "Cinderquay", PAGE))
    return tmp_path / "watchlist.toml"


def links(*urls: str) -> SitePage:
    return SitePage(body="".join(f'<a href="{url}">Jobs</a>' for url in urls))


def checked(rolemix: Rolemix, simulator: Simulator) -> list[dict[str, object]]:
    result = rolemix("watch", "check", "--gateway", simulator.url, "--delay", 0, "--format", "json")
    rows: list[dict[str, object]] = json.loads(result.out)
    return rows


@pytest.mark.usefixtures("watchlist")
@pytest.mark.parametrize("fault", [FaultKind.RETIRED, FaultKind.EMPTIED])
def test_moved_board_is_found_on_the_companys_page(simulator: Simulator, rolemix: Rolemix, fault: FaultKind) -> None:
    simulator.fault(OLD, fault)
    simulator.pages[PAGE] = links(NEW)
    (row,) = checked(rolemix, simulator)
    assert row["moved_to"] == [NEW]
    assert f"moved to {NEW} (link {NEW} on {PAGE}): follow it with {MOVED}" in str(row["reason"])
    table = rolemix("watch", "check", "--gateway", simulator.url, "--delay", 0)
    assert MOVED in table.out
    assert table.code == (1 if fault is FaultKind.RETIRED else 0)


@pytest.mark.usefixtures("watchlist")
def test_board_that_redirects_shows_its_move(simulator: Simulator, rolemix: Rolemix) -> None:
    simulator.fault(OLD, FaultKind.RETIRED)
    simulator.pages[OLD] = SitePage(to=f"{NEW}/jobs/1")
    (row,) = checked(rolemix, simulator)
    assert row["moved_to"] == [NEW], "though the company's page still shows the old one"
    assert f"redirect {NEW}/jobs/1 on {OLD}" in str(row["reason"])


@pytest.mark.usefixtures("watchlist")
def test_all_boards_that_a_page_shows_instead_are_reported(simulator: Simulator, rolemix: Rolemix) -> None:
    simulator.fault(OLD, FaultKind.RETIRED)
    simulator.pages[PAGE] = links(NEW, OTHER)
    (row,) = checked(rolemix, simulator)
    assert row["moved_to"] == [NEW, OTHER]


@pytest.mark.usefixtures("watchlist")
@pytest.mark.parametrize(
    "shown",
    [
        links(),
        links(OLD, NEW),  # it still shows the old one
        links("https://jobs.lever.co/lever"),  # the system's maker hires too
        SitePage(status=404),
    ],
)
def test_board_that_is_only_gone_has_not_moved(simulator: Simulator, rolemix: Rolemix, shown: SitePage) -> None:
    simulator.fault(OLD, FaultKind.RETIRED)
    simulator.pages[PAGE] = shown
    (row,) = checked(rolemix, simulator)
    assert (row["verdict"], row["moved_to"]) == ("gone", [])


def test_companys_other_board_is_no_move(simulator: Simulator, rolemix: Rolemix, watchlist: Path) -> None:
    add(watchlist, Watched(find_board(NEW), "Cinderquay", PAGE))
    simulator.fault(OLD, FaultKind.RETIRED)
    simulator.pages[PAGE] = links(NEW)
    assert [row["moved_to"] for row in checked(rolemix, simulator)] == [[], []]


@pytest.mark.usefixtures("watchlist")
@pytest.mark.parametrize("fault", [None, FaultKind.BLOCKED, FaultKind.HTML])
def test_board_with_postings_is_not_looked_for(simulator: Simulator, rolemix: Rolemix, fault: FaultKind | None) -> None:
    if fault:
        simulator.fault(OLD, fault)
    simulator.pages[PAGE] = links(NEW)
    (row,) = checked(rolemix, simulator)
    assert row["moved_to"] == []
    assert "www.cinderquay.example" not in simulator.counts()


def rows_of(path: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as connection:
        return connection.execute(
            "SELECT url, identifier, opened_at, closed_at, missing_since FROM openings"
            " JOIN postings ON postings.id = posting_id JOIN boards ON boards.id = board_id ORDER BY url, identifier"
        ).fetchall()


def test_following_a_move_loses_and_closes_nothing(
    simulator: Simulator, rolemix: Rolemix, tmp_path: Path, watchlist: Path
) -> None:
    def crawl(day: int) -> list[dict[str, object]]:
        at = ("--gateway", simulator.url, "--delay", 0, "--observed-at", World.date(day).isoformat())
        rows: list[dict[str, object]] = json.loads(rolemix("crawl", *at, "--format", "json").out)
        return rows

    crawl(0)
    before = rows_of(tmp_path / "rolemix.db")
    assert before
    simulator.fault(OLD, FaultKind.RETIRED)
    simulator.pages[PAGE] = links(NEW)
    (row,) = crawl(1)
    assert (row["verdict"], row["moved_to"], row["closed"]) == ("gone", [NEW], 0)
    assert MOVED in str(row["reason"])
    result = rolemix("watch", "move", OLD, f"{NEW}/jobs/4000001")
    assert (result.code, result.sentence) == (0, f"moved in watchlist.toml: {OLD} is now {NEW}")
    assert load(watchlist) == [Watched(find_board(NEW), "Cinderquay", PAGE)]
    (row,) = crawl(2)
    assert (row["company"], row["board"], row["verdict"]) == ("Cinderquay", NEW, "complete")
    assert [one for one in rows_of(tmp_path / "rolemix.db") if one[0] == OLD] == before


@pytest.mark.usefixtures("watchlist")
def test_unwatched_board_cannot_be_moved(rolemix: Rolemix) -> None:
    result = rolemix("watch", "move", OTHER, NEW)
    assert result.code == 1
    assert "is not in watchlist.toml" in result.sentence
