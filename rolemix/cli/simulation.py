"""The demonstration: fictional boards crawled over simulated days, and the server behind it."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from classifier.taxonomy import Taxonomy
from crawler.captures.recordings import Recording, read_recordings
from crawler.systems import find_board, systems
from postings.errors import RolemixError
from postings.store import Store, queries
from rolemix.analysis.report import role_mix
from rolemix.cli import options, runs
from rolemix.cli.console import say
from rolemix.cli.report_text import as_text, show_report
from rolemix.collecting.collected import Collected
from rolemix.collecting.watchlist import Watched
from rolemix.files import replacing
from rolemix.publishing.json_feed import write_feed
from rolemix.publishing.render import Format
from simulator.faults import FaultKind
from simulator.replay import Replay
from simulator.server import Simulator
from simulator.server import serve as serve_world
from simulator.world import World

FAULTS = ((5, "greenhouse", FaultKind.TRUNCATED), (9, "lever", FaultKind.EMPTY200), (12, "ashby", FaultKind.BLOCKED))
"""What goes wrong meanwhile, so that the demonstration shows what rolemix makes of it: day, system, fault."""

REPORTS = {"report.json": Format.JSON, "report.csv": Format.CSV, "report.md": Format.MD}
CHANGES = ("opened", "closed", "reopened", "changed")


def run(days: int, out: Path, seed: int) -> None:
    """Crawl the fictional boards day by day into a new store, and write what rolemix makes of it."""
    world = World(seed)
    with _new_store(out, world) as store, Simulator(world) as simulator:
        _simulate(simulator, store, days)
        tagger = runs.tag(store, None)
        model, calibration, taxonomy = tagger.model, tagger.calibration, Taxonomy.load()
        result = role_mix(store, model=model, taxonomy=taxonomy, calibration=calibration, days=days)
        for name, form in REPORTS.items():
            try:
                with replacing(out / name) as file:
                    file.write(as_text(result, form))
            except OSError as error:
                raise _cannot_write(out, error) from error
        count = write_feed(store, out / "feed.json", model=model, taxonomy=taxonomy, calibration=calibration)
    say(f"wrote {out}/feed.json ({count} postings), {', '.join(REPORTS)}, rolemix.db")
    say("")
    show_report(result, Format.TABLE)


def serve(seed: int, replay: Path | None, day: int, port: int) -> None:
    """Serve the fictional boards of a day, or recorded answers, until interrupted."""
    recordings = read_recordings(replay) if replay is not None else []
    if replay is not None and not recordings:
        raise RolemixError(
            f"no recordings in {replay}: each is a request and its answer, NAME_req.hurl beside NAME_rsp.json or "
            "listed in a replay.toml"
        )
    boards = _recorded_boards(recordings) if recordings else [board.url for board in World(seed).boards]

    def ready(url: str) -> None:
        say(f"serving on {url} until interrupted; in another terminal:")
        say(f"rolemix crawl --gateway {url} --delay 0 BOARD")
        for board in boards:
            say(board)

    try:
        if recordings:
            with contextlib.suppress(KeyboardInterrupt):
                Replay(recordings, port).serve_forever(ready)
        else:
            serve_world(World(seed), port, day, ready)
    except OSError as error:
        raise RolemixError(f"cannot serve on port {port}: {error.strerror}; choose another with --port") from error


def _recorded_boards(recordings: Sequence[Recording]) -> list[str]:
    """Return the boards that recorded requests name, each once."""
    asked = (spider.board_of(recording) for recording in recordings for spider in systems().values())
    return list(dict.fromkeys(board.url for board in asked if board))


def _simulate(simulator: Simulator, store: Store, days: int) -> None:
    world = simulator.world
    watched = [Watched(find_board(board.url), board.company.name) for board in world.boards]
    settings = options.scrapy_settings(simulator.url, 0)
    say(f"{len(watched)} fictional boards over {days + 1} simulated days")
    for day in range(days + 1):
        simulator.day = day
        for fault_day, system, kind in FAULTS:
            board = next(board for board in world.boards if board.system.name == system)
            if fault_day == day:
                simulator.fault(board.url, kind, days=[day])
        date = f"{world.date(day):%Y-%m-%d}"
        _tell(date, runs.with_progress(store, watched, world.date(day), settings, date), store)


def _tell(date: str, collected: list[Collected], store: Store) -> None:
    with store.read() as connection:
        still_open = sum(count.open for count in queries.count_open(connection))
    total = {name: sum(getattr(one.changes, name) for one in collected) for name in CHANGES}
    numbers = ", ".join(f"{count} {name}" for name, count in total.items())
    say(f"{date}: {still_open} open; {numbers}")
    for one in collected:
        if not one.whole:
            closed = one.changes.closed or "nothing"
            say(f"{date}: {one.company} {one.run.verdict}, {closed} closed ({one.run.reason})")


def _new_store(out: Path, world: World) -> Store:
    """Open an empty store in the folder; only an earlier demonstration's own store is replaced."""
    path = out / "rolemix.db"
    if path.exists():
        with Store.open(path) as store, store.read() as connection:
            foreign = {board.url for board in queries.fetch_boards(connection)} - {board.url for board in world.boards}
        if foreign:
            raise RolemixError(f"{path} holds other boards than the demonstration's: name another folder with --out")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            (out / name).unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(out, error) from error
    return Store.open(path)


def _cannot_write(out: Path, error: OSError) -> RolemixError:
    return RolemixError(f"cannot write to {out}: {error.strerror}; name another folder with --out")
