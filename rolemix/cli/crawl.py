"""``rolemix crawl`` and ``rolemix ingest``: boards into history, live or from saved answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from postings.errors import RolemixError
from rolemix.cli import options
from rolemix.render import Format


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
    from crawler.systems import find_board
    from rolemix import watchlist as watchlists
    from rolemix.cli import runs
    from rolemix.moves import find_moves

    settings = options.scrapy_settings(gateway, delay)
    at = options.moment(observed_at, option="--observed-at") or options.now()
    watched = [watchlists.Watched(find_board(url)) for url in urls] if urls else watchlists.load(watchlist)
    if not watched:
        raise RolemixError(f"the watchlist {watchlist} lists no board: add one with `rolemix watch add URL`")
    with options.open_store(db) as store:
        collected = runs.with_progress(store, watched, at, settings)
        moves = find_moves(watched, [one.run for one in collected], settings)
        # Printed first: what was collected is stored, whatever becomes of tagging it.
        runs.print_runs(collected, form, moves)
        runs.tag(store, model)
    if not all(one.whole for one in collected):
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

    They are judged by the same proofs as a crawl: half a board closes nothing. Ends with status 1 when they
    hold no postings at all.
    """
    from crawler.saved import board_of
    from crawler.systems import find_board
    from rolemix.cli import runs
    from rolemix.collect import ingest as ingest_files

    at = options.moment(observed_at, option="--observed-at")
    if at is None:
        raise RolemixError("--observed-at is empty: say when the answers were saved, e.g. 2026-07-28")
    told = {found.url: found for found in map(board_of, files) if found}
    if not board and len(told) != 1:
        several = f"these files come from several boards ({', '.join(sorted(told))}): give one board's at a time"
        none = "nothing beside these files tells which board they came from: say so with --board URL"
        raise RolemixError(several if told else none)
    source = find_board(board) if board else next(iter(told.values()))
    with options.open_store(db) as store:
        collected = ingest_files(store, source, files, observed_at=at, company=company or None)
        runs.print_runs([collected], form)
        runs.tag(store, model)
    if not collected.run.verdict.saw_postings:
        raise typer.Exit(1)
