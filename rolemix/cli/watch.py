"""``rolemix watch``: the boards to follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from postings import Verdict
from postings.errors import RolemixError
from rolemix.cli import options
from rolemix.cli.console import errors, say, show, show_boards
from rolemix.render import Format

if TYPE_CHECKING:
    from crawler.boards import Board
    from postings import BoardRun

app = typer.Typer(no_args_is_help=True, help="The boards to follow: add, list, check, remove.")

CHECK_COLUMNS = ("company", "system", "board", "verdict", "postings", "reason")


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="The board's address, as a browser shows it.", show_default=False)],
    company: Annotated[str, typer.Option(help="The company's name for reports.", show_default=False)] = "",
    watchlist: options.Watchlist = options.DEFAULT_WATCHLIST,
    gateway: options.Gateway = "",
    delay: options.Delay = None,
    unchecked: Annotated[bool, typer.Option("--unchecked", help="Do not ask the board first.")] = False,
) -> None:
    """Add a board to the watchlist, after a look that it is there."""
    from crawler.systems import find_board
    from rolemix import watchlist as watchlists
    from rolemix.names import company_name

    board = find_board(url)
    organization = None
    if not unchecked:
        (run,) = look([board], gateway, delay)
        organization = run.organization
        if run.verdict in (Verdict.GONE, Verdict.FAILED, Verdict.BLOCKED):
            raise RolemixError(
                f"{board.url} was not added, because it could not be read: {run.verdict}, {run.reason} "
                "(--unchecked adds it all the same)"
            )
        name = company_name(None, organization, board.url)
        say(f"{board.system} board of {name}: {run.unique} postings ({run.verdict})")
    added = watchlists.add(watchlist, watchlists.Watched(board, company or organization))
    kept = "; what it says of the company stands: change it there" if company else ""
    say(f"added to {watchlist}: {board.url}" if added else f"already in {watchlist}: {board.url}{kept}")


@app.command("list")
def list_boards(watchlist: options.Watchlist = options.DEFAULT_WATCHLIST, form: options.Form = Format.TABLE) -> None:
    """List the boards of the watchlist."""
    from rolemix import watchlist as watchlists
    from rolemix.names import company_name

    rows = [
        {
            "company": company_name(entry.company, None, entry.board.url),
            "system": entry.board.system,
            "board": entry.board.url,
        }
        for entry in watchlists.load(watchlist)
    ]
    show(rows, CHECK_COLUMNS[:3], form)


@app.command()
def check(
    watchlist: options.Watchlist = options.DEFAULT_WATCHLIST,
    gateway: options.Gateway = "",
    delay: options.Delay = None,
    form: options.Form = Format.TABLE,
) -> None:
    """Look at every board of the watchlist without storing anything; status 1 when one is not whole."""
    from rolemix import watchlist as watchlists
    from rolemix.names import company_name

    watched = {entry.board.url: entry for entry in watchlists.load(watchlist)}
    runs = look([entry.board for entry in watched.values()], gateway, delay)
    rows = [
        {
            "company": company_name(watched[run.board_url].company, run.organization, run.board_url),
            "system": run.system,
            "board": run.board_url,
            "verdict": str(run.verdict),
            "postings": run.unique if run.verdict.saw_postings else None,
            "reason": run.reason,
        }
        for run in runs
    ]
    partial = {run.board_url for run in runs if run.verdict is not Verdict.COMPLETE}
    show_boards(rows, CHECK_COLUMNS, form, partial)
    if partial:
        raise typer.Exit(1)


@app.command()
def remove(
    url: Annotated[str, typer.Argument(help="The board's address.", show_default=False)],
    watchlist: options.Watchlist = options.DEFAULT_WATCHLIST,
) -> None:
    """Remove a board from the watchlist; its history stays in the store."""
    from crawler.systems import find_board
    from rolemix import watchlist as watchlists

    board = find_board(url)
    watchlists.remove(watchlist, board)
    say(f"removed from {watchlist}: {board.url}")


def look(boards: list[Board], gateway: str, delay: float | None) -> list[BoardRun]:
    """Read boards without a store, and return their evidence in the given order."""
    from crawler.run import crawl

    runs: dict[str, BoardRun] = {}
    with errors.status("asking …"):
        crawl(
            boards,
            observed_at=options.now(),
            on_run=lambda run, postings: runs.__setitem__(run.board_url, run),
            settings=options.scrapy_settings(gateway, delay),
        )
    return [runs[board.url] for board in boards]
