"""The demonstration as ``rolemix demo`` shows it, and the server of its boards."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from crawler.captures.recordings import Recording, read_recordings
from crawler.systems import systems
from postings.errors import RolemixError
from rolemix import api
from rolemix.cli import runs
from rolemix.cli.console import say
from rolemix.cli.report_text import as_text, show_report
from rolemix.collecting.simulated import SimulatedDay
from rolemix.files import replacing
from rolemix.publishing.render import Format
from simulator.replay import Replay
from simulator.server import serve as serve_world
from simulator.world import World

REPORTS = {"report.json": Format.JSON, "report.csv": Format.CSV, "report.md": Format.MD}
CHANGES = ("opened", "closed", "reopened", "changed")


def run(days: int, out: Path, seed: int) -> None:
    """Crawl the fictional boards day by day into a new store, and write its reports and its feed beside it."""
    with contextlib.ExitStack() as stack:
        with runs.bar() as progress:
            task = progress.add_task("days", total=days + 1)

            def show(day: SimulatedDay) -> None:
                if not progress.tasks[task].completed:
                    say(f"{len(day.collected)} fictional boards over {days + 1} simulated days")
                progress.advance(task)
                _show_day(day)

            store = stack.enter_context(api.demo(out, days, seed, show))
        tagger = runs.tag(store, None)
        result = api.report(store, against=timedelta(days=days), model=tagger)
        for name, form in REPORTS.items():
            try:
                with replacing(out / name) as file:
                    file.write(as_text(result, form))
            except OSError as error:
                raise RolemixError(
                    f"cannot write to {out}: {error.strerror}; name another folder with --out"
                ) from error
        count = api.feed(store, out / "feed.json", model=tagger)
    say(f"wrote {out}/feed.json ({count} postings), {', '.join(REPORTS)}, rolemix.db")
    say("")
    show_report(result, Format.TABLE)


def serve(seed: int, replay: Path | None, day: int, port: int) -> None:
    """Serve the fictional boards of a day, or recorded responses, until interrupted."""
    recordings = read_recordings(replay) if replay is not None else []
    if replay is not None and not recordings:
        raise RolemixError(
            f"there are no recordings in {replay}: each is a request and its response, NAME_req.hurl beside "
            "NAME_rsp.json or listed in a replay.toml"
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
    named = (spider.board_of(recording) for recording in recordings for spider in systems().values())
    return list(dict.fromkeys(board.url for board in named if board))


def _show_day(day: SimulatedDay) -> None:
    date = f"{day.observed_at:%Y-%m-%d}"
    total = {name: sum(getattr(one.changes, name) for one in day.collected) for name in CHANGES}
    numbers = ", ".join(f"{count} {name}" for name, count in total.items())
    say(f"{date}: {day.open} open; {numbers}")
    for one in day.collected:
        if not one.whole:
            closed = one.changes.closed or "nothing"
            say(f"{date}: {one.company} {one.run.verdict}, {closed} closed ({one.run.reason})")
