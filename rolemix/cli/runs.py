"""Shared by the commands that collect: a bar while boards are read, tagging afterwards, a row a board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from postings.coverage import Drop
from postings.store import Store
from rolemix import api
from rolemix.cli.console import complain, errors, show_boards
from rolemix.publishing.render import Format

if TYPE_CHECKING:
    from classifier.model.tagger import Tagger
    from rolemix.collecting.collected import Collected
    from rolemix.collecting.moves import Move
    from rolemix.collecting.watchlist import Watched

COUNTS = ("postings", "opened", "closed", "changed", "reopened")
COLUMNS = ("company", "board", "verdict", *COUNTS, "dropped_fields", "moved_to", "reason")


def bar() -> Progress:
    """Return a progress bar on standard error, which shows nothing where that is not a terminal."""
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
            return api.crawl(
                store, watched, observed_at=at, settings=settings, progress=lambda _: progress.advance(task)
            )
    except KeyboardInterrupt:
        complain("stopped; every finished board is stored, and the next crawl reads the others")
        raise


def tag(store: Store, model: Path | None) -> Tagger:
    """Tag what this model has not tagged yet, and return the tagger."""
    with errors.status("tagging …") as status:
        return api.tag(store, model, lambda done: status.update(f"tagging … {done}"))


def read_facts(store: Store) -> None:
    """Read the facts of what the present readers have not read yet."""
    with errors.status("reading facts …") as status:
        api.read_facts(store, lambda done: status.update(f"reading facts … {done}"))


def print_runs(collected: Sequence[Collected], form: Format, moves: Mapping[str, Move] = MappingProxyType({})) -> None:
    """Print a row a board: the verdict, its evidence, what it changed, dropped fields and a move."""
    notable = {
        one.run.board_url
        for one in collected
        if not one.whole
        or one.changes.held
        or one.changes.already_recorded
        or one.dropped
        or one.run.board_url in moves
    }
    show_boards([_row(one, moves.get(one.run.board_url)) for one in collected], COLUMNS, form, notable)


def notices(reason: str, dropped: Sequence[Drop], move: Move | None) -> dict[str, Any]:
    """Return the columns for dropped fields and a move, and the reason with both in words."""
    reasons = [reason, *(f"dropped: {drop}" for drop in dropped), *([str(move)] if move else [])]
    return {
        "dropped_fields": {drop.field: {"usual": round(drop.usual, 3), "now": round(drop.now, 3)} for drop in dropped},
        "moved_to": [found.board.url for found in move.to] if move else [],
        "reason": "; ".join(reasons),
    }


def _row(one: Collected, move: Move | None) -> dict[str, Any]:
    run, changes = one.run, one.changes
    again = "a run at that time is recorded already, so nothing was written" if changes.already_recorded else None
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
        **notices("; ".join(filter(None, reasons)), one.dropped, move),
    }
