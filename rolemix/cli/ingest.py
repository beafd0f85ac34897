"""``rolemix ingest``: what users saved of boards into history, a run a board."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from postings.errors import RolemixError
from postings.text import counted
from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import errors, say, show
from rolemix.publishing.render import Format

HISTORY_COLUMNS = (
    *("company", "board", "snapshots", "first", "last", "postings", "opened", "closed", "changed", "reopened"),
    *("held", "known", "refused", "imputed"),
)


def ingest(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Saved responses: pages (HTML, MHTML), JSON, sessions (HAR), or folders of them; or histories.",
            show_default=False,
        ),
    ],
    observed_at: Annotated[
        str | None,
        typer.Option(help="When they were saved, a day or a time, if they do not show it.", show_default=False),
    ] = None,
    board: Annotated[
        str, typer.Option(help="The board that they are from, if they do not show it.", show_default=False)
    ] = "",
    company: Annotated[
        str, typer.Option(help="The company's name for reports; it then counts for all postings.", show_default=False)
    ] = "",
    db: options.Database = options.DEFAULT_DATABASE,
    form: options.Form = Format.TABLE,
    model: options.ModelPath = None,
) -> None:
    """Read saved responses of boards (lists, pages of single postings) into the store, as one run per board.

    They are judged by the same proofs as a crawl: half a board closes nothing. The board is recognized by the request
    of each response: in a HAR file, in a saved page, or in a file beside it. Requests of a session to other addresses
    are counted and skipped. Exits with status 1 when no posting of a board could be read.

    Histories that others recorded are read too: JSON Lines or CSV (also .gz) with a row for each open posting and day
    (date, company, id, title, department, location, url, description), a folder with a file for each day, or a git
    repository of which each commit is a snapshot.
    """
    from crawler.runs.saved import Stated
    from crawler.systems import find_board
    from rolemix.cli import runs
    from rolemix.collecting.ingesting import read, record_runs

    if observed_at == "":
        raise RolemixError("--observed-at is empty: give the date when the responses were saved, e.g. 2026-07-28")
    stated = Stated(
        board=find_board(board) if board else None,
        observed_at=options.moment(observed_at or "", option="--observed-at"),
        latest=api.latest(),
    )
    from crawler.captures.snapshots import is_history

    histories = [path for path in files if is_history(path)]
    if histories:
        if len(histories) < len(files):
            other = next(path for path in files if path not in histories)
            raise RolemixError(f"{other} holds responses and {histories[0]} a history: ingest them one after the other")
        if board or observed_at:
            raise RolemixError("--board and --observed-at are for saved responses: a history states its own dates")
        _ingest_histories(histories, company or None, db, form)
        return
    # Read first: where the files are of no use, no store is made.
    saved = read(files, stated, company=company or None)
    with api.open_store(db) as store:
        ingested = record_runs(store, saved, company=company or None)
        runs.print_runs(ingested.collected, form)
        if ingested.skipped:
            say(f"skipped: {ingested.skipped}")
        runs.tag(store, model)
    if any(one.refused or not one.run.verdict.saw_postings for one in ingested.collected):
        raise typer.Exit(1)


def _ingest_histories(paths: list[Path], company: str | None, db: str, form: Format) -> None:
    """Write recorded histories into the store and print a row a company."""
    from crawler.captures.snapshots import read_snapshots

    for path in paths:  # before a store is made
        next(iter(read_snapshots(path, company)), None)
    with api.open_store(db) as store, errors.status("reading …") as status:
        found = [
            one
            for path in paths
            for one in api.ingest_history(
                store, path, company=company, progress=lambda done: status.update(f"reading … {done} snapshots")
            )
        ]
    show([{name: _shown(getattr(one, name)) for name in HISTORY_COLUMNS} for one in found], HISTORY_COLUMNS, form)
    for one in found:
        if one.held:
            say(f"{one.company}: {counted(one.held, 'snapshot')} far smaller than usual closed nothing by itself")
        if one.imputed:
            say(f"{one.company}: {counted(one.imputed, 'posting')} were filled in by the recorder")
        if one.continued_by:
            later = f"; {counted(one.uncounted, 'later snapshot')} kept, but not counted" if one.uncounted else ""
            say(f"{one.company}: {one.continued_by} goes on from this history: both count as one board{later}")
        if one.refused:
            say(f"{one.company}: {counted(one.refused, 'snapshot')} older than the newest run of its board: skipped")


def _shown(value: object) -> object:
    return value.date().isoformat() if isinstance(value, datetime) else value
