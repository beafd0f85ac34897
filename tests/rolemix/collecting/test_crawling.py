"""From live boards to history, run by run."""

from __future__ import annotations

from pathlib import Path

from crawler.systems import find_board
from postings import Verdict
from postings.store import Store, queries
from rolemix import api
from rolemix.collecting.collected import Collected
from rolemix.collecting.crawling import collect
from rolemix.collecting.watchlist import Watched
from simulator.faults import FaultKind
from simulator.server import Simulator
from simulator.world import World
from tests.rolemix.conftest import FAILED_AT_LAST, JOINED_LATER, History

BRIGHTFJORD = "https://jobs.eu.lever.co/brightfjord"


def watched(*urls: str) -> list[Watched]:
    return [Watched(find_board(url)) for url in urls]


def crawled(simulator: Simulator, path: Path, day: int, *urls: str) -> list[Collected]:
    simulator.day = day
    settings = api.crawl_settings(simulator.url, 0) | {"RETRY_TIMES": 0}
    with Store.open(path) as store:
        return collect(store, watched(*urls), observed_at=World.date(day), settings=settings)


def test_records_come_in_the_given_order(simulator: Simulator, tmp_path: Path) -> None:
    urls = (JOINED_LATER, FAILED_AT_LAST, BRIGHTFJORD, FAILED_AT_LAST)
    found = crawled(simulator, tmp_path / "db", 0, *urls)
    assert [one.run.board_url for one in found] == list(urls[:3])
    assert all(one.whole for one in found)


def test_the_users_name_goes_over_the_boards(simulator: Simulator, tmp_path: Path) -> None:
    settings = api.crawl_settings(simulator.url, 0)
    asked = [Watched(find_board(BRIGHTFJORD), "Fjord"), *watched(FAILED_AT_LAST)]
    with Store.open(tmp_path / "db") as store:
        found = collect(store, asked, observed_at=World.date(0), settings=settings)
    assert [one.company for one in found] == ["Fjord", "cinderquay"]


def test_progress_is_called_after_each_board(simulator: Simulator, tmp_path: Path) -> None:
    finished: list[str] = []
    settings = api.crawl_settings(simulator.url, 0)
    with Store.open(tmp_path / "db") as store:
        collect(
            store,
            watched(BRIGHTFJORD, FAILED_AT_LAST),
            observed_at=World.date(0),
            settings=settings,
            progress=lambda one: finished.append(one.run.board_url),
        )
    assert sorted(finished) == [BRIGHTFJORD, FAILED_AT_LAST]


def test_fault_of_one_board_costs_the_others_nothing(simulator: Simulator, tmp_path: Path) -> None:
    simulator.fault(BRIGHTFJORD, FaultKind.BLOCKED)
    blocked, whole = crawled(simulator, tmp_path / "db", 0, BRIGHTFJORD, FAILED_AT_LAST)
    assert (blocked.run.verdict, blocked.whole) == (Verdict.BLOCKED, False)
    assert (whole.run.verdict, whole.changes.opened) == (Verdict.COMPLETE, 18)


def test_run_that_history_refuses_costs_the_others_nothing(simulator: Simulator, tmp_path: Path) -> None:
    crawled(simulator, tmp_path / "db", 4, BRIGHTFJORD)
    stale, other, third = crawled(simulator, tmp_path / "db", 2, BRIGHTFJORD, FAILED_AT_LAST, JOINED_LATER)
    assert not stale.whole
    assert stale.refused is not None
    assert "older than the newest" in stale.refused
    assert other.whole
    assert third.whole
    with Store.open(tmp_path / "db") as store, store.read() as connection:
        assert [run.observed_at for run in queries.stream_runs(connection, BRIGHTFJORD)] == [World.date(4)]
        assert [run.observed_at for run in queries.stream_runs(connection, JOINED_LATER)] == [World.date(2)]


def test_the_same_observation_again_changes_nothing(simulator: Simulator, tmp_path: Path) -> None:
    (first,) = crawled(simulator, tmp_path / "db", 0, BRIGHTFJORD)
    (again,) = crawled(simulator, tmp_path / "db", 0, BRIGHTFJORD)
    assert not first.changes.already_recorded
    assert again.changes.already_recorded
    assert again.changes.opened == first.changes.opened


def test_week(history: History) -> None:
    assert {day: len(found) for day, found in history.collected.items()} == {0: 7, 2: 8, 4: 8, 6: 8}
    partial = [(day, one.run.board_url) for day, found in history.collected.items() for one in found if not one.whole]
    assert [day for day, _ in partial] == [0, 6]
