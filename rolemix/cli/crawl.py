"""``rolemix crawl`` and ``rolemix ingest``: boards into history, live or from saved answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from classifier.tagger import Tagger
from crawler.saved import board_of
from crawler.systems import find_board
from postings import Verdict
from postings.errors import RolemixError
from postings.store import Store
from rolemix import watchlist as watchlists
from rolemix.cli import options
from rolemix.cli.console import errors
from rolemix.collect import Collected, collect
from rolemix.collect import ingest as ingest_files
from rolemix.render import Format, show
from rolemix.tagging import tag_new
from rolemix.watchlist import Watched

COUNTS = ("postings", "opened", "closed", "changed", "reopened")
COLUMNS = ("company", "board", "verdict", *COUNTS, "reason")


def crawl(
    urls: Annotated[
        list[str] | None,
        typer.Argument(help="Addresses of boards; those of the watchlist if none is given.", show_default=False),
    ] = None,
    db: options.Database = options.DEFAULT_DATABASE,
    watchlist: options.Watchlist = options.DEFAULT_WATCHLIST,
    gateway: options.Gateway = "",
    delay: options.Delay = None,
    observed_at: Annotated[
        str, typer.Option(help="The time of observation, if not now (a replay, an archive).", show_default=False)
    ] = "",
    form: options.Form = Format.TABLE,
    model: options.ModelPath = None,
) -> None:
    """Crawl boards into the store and tag what is new.

    Ends with status 1 when a board could not be seen whole; what was seen is stored all the same.
    """
    watched = [Watched(find_board(url)) for url in urls] if urls else watchlists.load(watchlist)
    if not watched:
        raise RolemixError(f"the watchlist {watchlist} lists no board: add one with `rolemix watch add URL`")
    settings = options.scrapy_settings(gateway, delay)
    at = options.moment(observed_at, option="--observed-at") or options.now()
    with options.open_store(db) as store:
        collected = with_progress(store, watched, at, settings)
        tag(store, model)
    print_runs(collected, form)
    if any(one.run.verdict not in (Verdict.COMPLETE, Verdict.UNCHANGED) for one in collected):
        raise typer.Exit(1)


def ingest(
    files: Annotated[list[Path], typer.Argument(help="Saved answers of one board.", show_default=False)],
    observed_at: Annotated[str, typer.Option(help="When they were saved: a day or a time.", show_default=False)],
    board: Annotated[
        str, typer.Option(help="The board that gave them, if their requests were not saved too.", show_default=False)
    ] = "",
    company: Annotated[str, typer.Option(help="The company's name for reports.", show_default=False)] = "",
    db: options.Database = options.DEFAULT_DATABASE,
    form: options.Form = Format.TABLE,
    model: options.ModelPath = None,
) -> None:
    """Read a board's saved answers (list pages, details) into the store as one run.

    They are judged by the same proofs as a crawl: half a board closes nothing.
    """
    at = options.moment(observed_at, option="--observed-at")
    if at is None:
        raise RolemixError("--observed-at is empty: say when the answers were saved, e.g. 2026-07-28")
    source = find_board(board) if board else next(filter(None, map(board_of, files)), None)
    if source is None:
        raise RolemixError("nothing beside these files tells which board they came from: say so with --board URL")
    with options.open_store(db) as store:
        collected = ingest_files(store, source, files, observed_at=at, company=company or None)
        tag(store, model)
    print_runs([collected], form)
    if collected.run.verdict not in (Verdict.COMPLETE, Verdict.INCOMPLETE):
        raise typer.Exit(1)


def with_progress(
    store: Store, watched: Sequence[Watched], at: Any, settings: dict[str, Any], label: str = "boards"
) -> list[Collected]:
    """Crawl with a bar on standard error that counts finished boards."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task(label, total=len({entry.board.url for entry in watched}))
        return collect(store, watched, observed_at=at, settings=settings, progress=lambda done: progress.advance(task))


def tag(store: Store, model: Path | None) -> Tagger:
    """Tag what is new with the model asked for, and return it."""
    tagger = Tagger.load(model)
    with errors.status("tagging …") as status:
        tag_new(store, tagger, lambda done: status.update(f"tagging … {done}"))
    return tagger


def print_runs(collected: Sequence[Collected], form: Format) -> None:
    """Print a row a board: the verdict, its evidence, and what it changed."""
    rows = [_row(one) for one in collected]
    if form is not Format.TABLE:
        show(rows, COLUMNS, form)
        return
    # Addresses and reasons are long: on a terminal they stand under the table, and only where they matter.
    show(rows, ("company", "verdict", *COUNTS), form)
    for row in rows:
        if row["verdict"] not in (Verdict.COMPLETE, Verdict.UNCHANGED) or row["held"]:
            print(f"{row['board']}: {row['reason']}")  # noqa: T201


def _row(one: Collected) -> dict[str, Any]:
    changes = one.changes
    reason = one.run.reason + (f"; {changes.held}" if changes.held else "")
    return {
        "company": one.company,
        "board": one.run.board_url,
        "verdict": str(one.run.verdict),
        "postings": one.run.unique,
        "opened": changes.opened,
        "closed": changes.closed,
        "changed": changes.changed,
        "reopened": changes.reopened,
        "held": changes.held,
        "reason": reason + ("; recorded before" if changes.already_recorded else ""),
    }
