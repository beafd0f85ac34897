"""What the commands that collect share: a bar while boards are read, tags afterwards, a row a board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from classifier.tagger import Tagger
from postings.store import Store
from rolemix.cli.console import complain, errors, show_boards
from rolemix.collect import Collected, collect
from rolemix.render import Format
from rolemix.tagging import tag_new
from rolemix.watchlist import Watched

COUNTS = ("postings", "opened", "closed", "changed", "reopened")
COLUMNS = ("company", "board", "verdict", *COUNTS, "reason")


def bar() -> Progress:
    """Return a bar for long work on standard error, which shows nothing where that is no terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal)


def with_progress(
    store: Store, watched: Sequence[Watched], at: datetime, settings: dict[str, Any], label: str = "boards"
) -> list[Collected]:
    """Crawl with a bar on standard error that counts finished boards."""
    try:
        with bar() as progress:
            task = progress.add_task(label, total=len({entry.board.url for entry in watched}))
            return collect(store, watched, observed_at=at, settings=settings, progress=lambda _: progress.advance(task))
    except KeyboardInterrupt:
        complain("stopped; every board that was finished is stored, and the next crawl sees to the rest")
        raise


def tag(store: Store, model: Path | None) -> Tagger:
    """Tag what is new with the model asked for, and return it."""
    with errors.status("tagging …") as status:
        tagger = Tagger.load(model)
        tag_new(store, tagger, lambda done: status.update(f"tagging … {done}"))
    return tagger


def print_runs(collected: Sequence[Collected], form: Format) -> None:
    """Print a row a board: the verdict, its evidence, and what it changed."""
    notable = {
        one.run.board_url for one in collected if not one.whole or one.changes.held or one.changes.already_recorded
    }
    show_boards([_row(one) for one in collected], COLUMNS, form, notable)


def _row(one: Collected) -> dict[str, Any]:
    run, changes = one.run, one.changes
    again = "a run of that time was recorded before, nothing was written" if changes.already_recorded else None
    reasons = [run.reason, changes.held, again, one.refused]
    return {
        "company": one.company,
        "board": run.board_url,
        "verdict": str(run.verdict),
        "postings": run.unique if run.verdict.saw_postings else None,
        "opened": changes.opened,
        "closed": changes.closed,
        "changed": changes.changed,
        "reopened": changes.reopened,
        "reason": "; ".join(filter(None, reasons)),
    }
