"""``rolemix ingest``: what users saved of boards into history, a run a board."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from postings.errors import RolemixError
from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import say
from rolemix.publishing.render import Format


def ingest(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Saved responses: pages (HTML, MHTML), JSON, sessions (HAR), or folders of them.", show_default=False
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
