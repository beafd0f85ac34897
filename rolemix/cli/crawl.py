"""``rolemix crawl``: live boards into history."""

from __future__ import annotations

from typing import Annotated

import typer

from postings.errors import RolemixError
from rolemix import api
from rolemix.cli import options
from rolemix.publishing.render import Format


def crawl(
    urls: Annotated[
        list[str] | None,
        typer.Argument(help="Addresses of boards; those in the watchlist if none is given.", show_default=False),
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

    Exits with status 1 if a board could not be seen whole; what was seen is stored all the same.
    """
    at = options.moment(observed_at, option="--observed-at") or api.now()
    settings = api.crawl_settings(gateway, delay)

    from crawler.systems import find_board
    from rolemix.cli import runs
    from rolemix.collecting import watchlist as watchlists
    from rolemix.collecting.moves import find_moves

    watched = [watchlists.Watched(find_board(url)) for url in urls] if urls else watchlists.load(watchlist)
    if not watched:
        raise RolemixError(f"the watchlist {watchlist} lists no boards: add one with `rolemix watch add URL`")
    with api.open_store(db) as store:
        collected = runs.with_progress(store, watched, at, settings)
        moves = find_moves(watched, [one.run for one in collected], settings)
        # Printed first: what was collected is stored even if tagging it fails.
        runs.print_runs(collected, form, moves)
        runs.tag(store, model)
    if not all(one.whole for one in collected):
        raise typer.Exit(1)
