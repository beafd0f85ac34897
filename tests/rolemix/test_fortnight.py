"""A simulated fortnight with faults and a kill: history equals the simulator's truth wherever there was proof."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from crawler.runs.live import UNTHROTTLED
from crawler.systems import find_board
from postings import Verdict
from postings.store import Store
from rolemix.collecting.collected import Collected
from rolemix.collecting.crawling import collect
from rolemix.collecting.watchlist import Watched, add
from simulator.faults import Fault, FaultKind
from simulator.server import Simulator
from simulator.world import World

DAYS = 14
KILLED_ON = 8
TRUNCATED = ("greenhouse", 4, FaultKind.TRUNCATED, Verdict.INCOMPLETE)
EMPTY = ("lever", 6, FaultKind.EMPTY200, Verdict.FAILED)
BLOCKED = ("moka", 10, FaultKind.BLOCKED, Verdict.BLOCKED)
FAULTS = (TRUNCATED, EMPTY, BLOCKED)

Spells = dict[str, list[tuple[int, int | None]]]
Fortnight = tuple[Path, dict[int, list[Collected]]]


def settings(url: str) -> dict[str, object]:
    return {**UNTHROTTLED, "ROLEMIX_GATEWAY": url, "RETRY_TIMES": 1, "LOG_LEVEL": "ERROR"}


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=7)


@pytest.fixture(scope="module")
def fortnight(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fortnight]:
    """Crawl day after day; the store's path and what each day brought."""
    folder = tmp_path_factory.mktemp("fortnight")
    database = folder / "rolemix.db"
    watched = [Watched(find_board(board.url), board.company.name) for board in world.boards]
    for entry in watched:
        add(folder / "watchlist.toml", entry)
    brought = {}
    with Simulator(world) as simulator, Store.open(database) as store:
        for day in range(DAYS + 1):
            simulator.day = day
            simulator.clear_fault()
            for system, fault_day, kind, _ in FAULTS:
                if fault_day == day:
                    simulator.fault(first(world, system), Fault(kind, days=[day]))
            if day == KILLED_ON:
                kill_in_the_middle(world, simulator, folder)
            brought[day] = collect(store, watched, observed_at=world.date(day), settings=settings(simulator.url))
        yield database, brought


def first(world: World, system: str) -> str:
    return next(board.url for board in world.boards if board.system.name == system)


def kill_in_the_middle(world: World, simulator: Simulator, folder: Path) -> None:
    """Crawl the day in a process of its own, and kill it when some boards are stored and one is not."""
    slow = first(world, "ashby")
    simulator.fault(slow, Fault(FaultKind.SLOW, seconds=20))
    command = [sys.executable, "-m", "rolemix", "crawl", "--delay", "0", "--gateway", simulator.url]
    command += ["--watchlist", str(folder / "watchlist.toml"), "--db", str(folder / "rolemix.db")]
    command += ["--observed-at", world.date(KILLED_ON).isoformat()]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])})
    try:
        deadline = time.monotonic() + 60
        while runs_on(folder / "rolemix.db", world.date(KILLED_ON)) < 3:
            assert process.poll() is None, "the crawl ended before it could be killed"
            assert time.monotonic() < deadline, "the crawl stored nothing"
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    with sqlite3.connect(folder / "rolemix.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        stored = connection.execute(
            "SELECT count(*) FROM runs JOIN boards ON boards.id = board_id WHERE url = ? AND observed_at = ?",
            (slow, sql(world.date(KILLED_ON))),
        ).fetchone()
        assert stored == (0,), "the board that was being read must not have a run"
    simulator.clear_fault(slow)


def sql(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def runs_on(database: Path, moment: datetime) -> int:
    with sqlite3.connect(database) as connection:
        (count,) = connection.execute("SELECT count(*) FROM runs WHERE observed_at = ?", (sql(moment),)).fetchone()
    return int(count)


def stored_spells(database: Path, world: World) -> dict[str, Spells]:
    """The openings in the store, as simulated days."""
    day_of = {sql(world.date(day)): day for day in range(DAYS + 1)}
    found: dict[str, Spells] = defaultdict(lambda: defaultdict(list))
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "SELECT url, identifier, opened_at, closed_at FROM openings JOIN postings ON postings.id = posting_id"
            " JOIN boards ON boards.id = board_id ORDER BY url, identifier, opened_at"
        )
        for url, identifier, opened, closed in rows:
            found[url][identifier].append((day_of[opened], None if closed is None else day_of[closed]))
    return found


def true_spells(world: World, board: str, days: list[int]) -> Spells:
    """What the simulator's truth looks like to someone who sees the whole board on these days only."""
    spells: Spells = defaultdict(list)
    last: set[str] = set()
    for day in days:
        listed = set(world.identifiers(board, day) - world.paused(board, day))
        for identifier in listed - last:
            spells[identifier].append((day, None))
        for identifier in last - listed:
            spells[identifier][-1] = (spells[identifier][-1][0], day)
        last = listed
    return spells


def days_of(world: World, board: str) -> list[int]:
    """The days on which the board gave proof."""
    without = {day for system, day, _, _ in FAULTS if first(world, system) == board}
    return [day for day in range(DAYS + 1) if day not in without]


def test_postings_open_close_and_reopen(world: World) -> None:
    for board in world.boards:
        spells = [
            spell
            for all_of_one in true_spells(world, board.url, list(range(DAYS + 1))).values()
            for spell in all_of_one
        ]
        assert any(opened > 0 for opened, _ in spells)
        assert any(closed is not None for _, closed in spells)
    reopened = [
        identifier
        for board in world.boards
        for identifier, spells in true_spells(world, board.url, list(range(DAYS + 1))).items()
        if len(spells) > 1
    ]
    assert reopened


def test_history_equals_the_truth_where_there_was_proof(world: World, fortnight: Fortnight) -> None:
    stored = stored_spells(fortnight[0], world)
    assert set(stored) == {board.url for board in world.boards}
    for board in world.boards:
        expected = true_spells(world, board.url, days_of(world, board.url))
        if board.url == first(world, TRUNCATED[0]):
            # A truncated run still shows what is there, so a posting may be known before the next whole run.
            for spells in stored[board.url].values():
                if spells[0][0] == TRUNCATED[1]:
                    spells[0] = (TRUNCATED[1] + 1, spells[0][1])
        assert stored[board.url] == expected, board.url


@pytest.mark.parametrize(("system", "day", "kind", "verdict"), FAULTS)
def test_nothing_is_closed_without_proof(
    world: World,
    fortnight: Fortnight,
    system: str,
    day: int,
    kind: FaultKind,
    verdict: Verdict,
) -> None:
    board = first(world, system)
    (one,) = [one for one in fortnight[1][day] if one.run.board_url == board]
    assert one.run.verdict is verdict, one.run.reason
    assert one.changes.closed == 0
    closings = [closed for spells in stored_spells(fortnight[0], world)[board].values() for _, closed in spells]
    assert day not in closings


def test_every_other_run_was_complete(fortnight: Fortnight, world: World) -> None:
    faulty = {(first(world, system), day) for system, day, _, _ in FAULTS}
    for day, collected in fortnight[1].items():
        for one in collected:
            if (one.run.board_url, day) not in faulty:
                assert one.run.verdict in (Verdict.COMPLETE, Verdict.UNCHANGED), one.run.reason


def test_run_after_the_kill_repaired_the_rest(world: World, fortnight: Fortnight) -> None:
    again = fortnight[1][KILLED_ON]
    assert len(again) == len(world.boards)
    assert sum(one.changes.already_recorded for one in again) >= 3
    assert sum(not one.changes.already_recorded for one in again) >= 1
