"""``rolemix demo``: fictional boards crawled over simulated days, or served for trying rolemix out."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from classifier.taxonomy import Taxonomy
from crawler.systems import find_board
from postings import Verdict
from postings.errors import RolemixError
from postings.store import Store, queries
from rolemix.cli import options
from rolemix.cli.console import errors
from rolemix.cli.crawl import tag, with_progress
from rolemix.cli.report import as_text, build, print_report
from rolemix.collect import Collected
from rolemix.demo.faults import FaultKind
from rolemix.demo.replay import Replay
from rolemix.demo.server import Simulator, serve
from rolemix.demo.world import World
from rolemix.feed import write_feed
from rolemix.render import Format
from rolemix.watchlist import Watched

FAULTS = ((5, "greenhouse", FaultKind.TRUNCATED), (9, "lever", FaultKind.EMPTY200), (12, "ashby", FaultKind.BLOCKED))
"""What goes wrong meanwhile, so that the demonstration shows what rolemix makes of it: day, system, fault."""

CHANGES = ("opened", "closed", "reopened", "changed")


def demo(
    days: Annotated[int, typer.Option(min=1, max=28, help="How many days to simulate.")] = 14,
    out: Annotated[Path, typer.Option(help="Folder for the store, the feed and the reports.")] = Path("demo-out"),
    seed: Annotated[int, typer.Option(help="Another seed makes another world.")] = 0,
    serve_only: Annotated[
        bool, typer.Option("--serve", help="Only serve the fictional boards, for `rolemix crawl --gateway`.")
    ] = False,
    replay: Annotated[
        Path | None, typer.Option(help="Only serve recorded answers from this folder.", show_default=False)
    ] = None,
    day: Annotated[int, typer.Option(help="The simulated day to serve.")] = 0,
    port: Annotated[int, typer.Option(help="The port to serve on; 0 picks a free one.")] = 0,
) -> None:
    """Crawl fictional job boards over simulated days, tag, store, and report the role mix.

    Everything happens on this machine: a simulator answers as the real recruiting systems do, and the crawl
    is the very one that reads live boards.
    """
    if replay is not None or serve_only:
        _serve(seed, replay, day, port)
        return
    world = World(seed)
    with Simulator(world) as simulator, contextlib.closing(_fresh_store(out)) as store:
        _simulate(simulator, store, days)
        tagger = tag(store, None)
        result = build(store, tagger, days=days)
        for form, name in ((Format.JSON, "report.json"), (Format.CSV, "report.csv"), (Format.MD, "report.md")):
            (out / name).write_text(as_text(result, form), encoding="utf-8")
        count = write_feed(store, out / "feed.json", model=tagger.model, taxonomy=Taxonomy.load())
        errors.print(f"wrote {out}/feed.json ({count} postings), report.json, report.csv, report.md, rolemix.db\n")
        print_report(result, Console())


def _simulate(simulator: Simulator, store: Store, days: int) -> None:
    world = simulator.world
    watched = [Watched(find_board(board.url), board.company.name) for board in world.boards]
    settings = options.scrapy_settings(simulator.url, 0)
    errors.print(f"{len(watched)} fictional boards over {days + 1} simulated days")
    for day in range(days + 1):
        simulator.day = day
        for fault_day, system, kind in FAULTS:
            board = next(board for board in world.boards if board.system == system)
            if fault_day == day:
                simulator.fault(board.url, kind, days=[day])
        collected = with_progress(store, watched, world.date(day), settings, f"{world.date(day):%Y-%m-%d}")
        _tell(f"{world.date(day):%Y-%m-%d}", collected, store)


def _tell(date: str, collected: list[Collected], store: Store) -> None:
    with store.read() as connection:
        still_open = sum(count.open for count in queries.open_counts(connection))
    total = {name: sum(getattr(one.changes, name) for one in collected) for name in CHANGES}
    numbers = ", ".join(f"{count} {name}" for name, count in total.items())
    errors.print(f"{date}  {still_open:4} open: {numbers}")
    for one in collected:
        if one.run.verdict not in (Verdict.COMPLETE, Verdict.UNCHANGED):
            errors.print(f"            {one.company}: {one.run.verdict}, {one.run.reason}: nothing is closed")


def _fresh_store(out: Path) -> Store:
    """Open an empty store in the folder; only an earlier demonstration's own file is replaced."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in ("rolemix.db", "rolemix.db-wal", "rolemix.db-shm"):
            (out / name).unlink(missing_ok=True)
    except OSError as error:
        raise RolemixError(f"cannot write to {out}: {error.strerror}; name another folder with --out") from error
    return Store.open(out / "rolemix.db")


def _serve(seed: int, replay: Path | None, day: int, port: int) -> None:
    def ready(url: str) -> None:
        errors.print(f"serving on {url} until interrupted; in another terminal:")
        errors.print(f"  rolemix crawl --gateway {url} --delay 0 BOARD")
        for board in () if replay else World(seed).boards:
            errors.print(f"  {board.url}")

    try:
        if replay is not None:
            with contextlib.suppress(KeyboardInterrupt):
                Replay(replay, port=port).serve_forever(ready)
        else:
            serve(World(seed), port, day, ready)
    except OSError as error:
        raise RolemixError(f"cannot serve on port {port}: {error.strerror}") from error
