"""The demonstration: fictional boards, served by a simulator, crawled over simulated days into a store."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from crawler.runs.live import UNTHROTTLED
from crawler.systems import find_board
from postings.errors import RolemixError
from postings.store import Store, queries
from rolemix.collecting.collected import Collected
from rolemix.collecting.crawling import collect
from rolemix.collecting.watchlist import Watched
from simulator.faults import Fault, FaultKind
from simulator.server import Simulator
from simulator.world import World

FAULTS = ((5, "greenhouse", FaultKind.TRUNCATED), (9, "lever", FaultKind.EMPTY200), (12, "ashby", FaultKind.BLOCKED))
"""What goes wrong meanwhile, so that the demonstration shows how rolemix handles it: day, system, fault."""


@dataclasses.dataclass(frozen=True, slots=True)
class SimulatedDay:
    """What the crawl of one simulated day brought.

    Attributes:
        observed_at: The time of observation.
        collected: A record a board.
        open: How many postings all boards together have open since.
    """

    observed_at: datetime
    collected: list[Collected]
    open: int


def simulate(folder: Path, *, days: int, seed: int, progress: Callable[[SimulatedDay], None]) -> Store:
    """Crawl the boards of a fictional world day by day into a new store.

    Args:
        folder: The folder for the store, ``rolemix.db``; it replaces the store of an earlier demonstration.
        days: How many days to simulate after the first.
        seed: Another seed makes another world.
        progress: Called after each day.

    Returns:
        The open store.

    Raises:
        RolemixError: The folder cannot be written, or its store is of other boards.
    """
    world = World(seed)
    watched = [Watched(find_board(board.url), board.company.name) for board in world.boards]
    store = _new_store(folder, world)
    try:
        with Simulator(world) as simulator:
            settings = {"ROLEMIX_GATEWAY": simulator.url, "LOG_LEVEL": "CRITICAL", **UNTHROTTLED}
            for day in range(days + 1):
                simulator.day = day
                for fault_day, system, kind in FAULTS:
                    if fault_day == day:
                        board = next(board for board in world.boards if board.system.name == system)
                        simulator.fault(board.url, Fault(kind, days=[day]))
                collected = collect(store, watched, observed_at=world.date(day), settings=settings)
                with store.read() as connection:
                    still_open = sum(count.open for count in queries.count_open(connection))
                progress(SimulatedDay(world.date(day), collected, still_open))
    except BaseException:
        store.close()
        raise
    return store


def _new_store(folder: Path, world: World) -> Store:
    """Open an empty store in the folder; only an earlier demonstration's own store is replaced."""
    path = folder / "rolemix.db"
    if path.exists():
        with Store.open(path) as store, store.read() as connection:
            foreign = {board.url for board in queries.fetch_boards(connection)} - {board.url for board in world.boards}
        if foreign:
            raise RolemixError(f"{path} holds other boards than the demonstration's: name another folder with --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise RolemixError(f"cannot write to {folder}: {error.strerror}; name another folder with --out") from error
    return Store.open(path)
