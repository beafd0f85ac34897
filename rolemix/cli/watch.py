"""``rolemix watch``: the boards to follow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from postings import Verdict
from postings.errors import RolemixError
from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import errors, say, show, show_boards
from rolemix.publishing.render import Format

if TYPE_CHECKING:
    from crawler.bases.board_spider import Known
    from crawler.boards import Board
    from crawler.discovery.search import Discovery, Found
    from postings import BoardRun
    from postings.coverage import Usual

app = typer.Typer(no_args_is_help=True, help="The boards to follow: init, add, list, check, move, remove.")

LIST_COLUMNS = ("company", "system", "board")
FOUND_COLUMNS = ("system", "board", "found_by")
CHECK_COLUMNS = (*LIST_COLUMNS, "verdict", "postings", "dropped_fields", "moved_to", "reason")
UNREAD = (Verdict.GONE, Verdict.FAILED, Verdict.BLOCKED)

BoardAddress = Annotated[str, typer.Argument(help="The board's address, or one of its postings'.", show_default=False)]


@app.command()
def init(watchlist: options.Watchlist = options.DEFAULT_WATCHLIST) -> None:
    """Start from the watchlist that comes with rolemix: boards of AI laboratories and their rivals."""
    from rolemix.collecting import watchlist as watchlists

    count = watchlists.init(watchlist)
    say(f"wrote {watchlist} with {count} boards: list them with `rolemix watch list`")


@app.command()
def add(
    url: Annotated[
        str,
        typer.Argument(
            help="The address of the board, of one of its postings, or of a page on the company's site that shows it.",
            show_default=False,
        ),
    ],
    company: Annotated[str, typer.Option(help="The company's name for reports.", show_default=False)] = "",
    every: Annotated[
        bool, typer.Option("--all", help="Add every board that the page shows, all for one company.")
    ] = False,
    page: Annotated[
        str,
        typer.Option(
            help="The page on the company's own site that shows this board, and where it goes if it moves.",
            show_default=False,
        ),
    ] = "",
    permission: Annotated[
        str,
        typer.Option(
            help="Why you may crawl it although its robots.txt forbids it, in your words.", show_default=False
        ),
    ] = "",
    watchlist: options.Watchlist = options.DEFAULT_WATCHLIST,
    gateway: options.Gateway = "",
    delay: options.Delay = None,
    unchecked: Annotated[bool, typer.Option("--unchecked", help="Do not check that the board can be read.")] = False,
) -> None:
    """Add a board to the watchlist, after checking that it can be read.

    From a page on a company's own site (its home page, its careers page) the board is found by what the page shows:
    redirects, frames, scripts, links. It is never guessed from a name. If a page shows several boards, they are listed.
    """
    from crawler.bases.board_spider import Known
    from crawler.discovery.search import discover
    from rolemix.collecting import watchlist as watchlists

    settings = api.crawl_settings(gateway, delay)
    with errors.status("looking for boards …"):
        found = discover(url, settings)
    chosen = _chosen(found, every, permission)
    boards = [] if unchecked else [one.board for one in chosen]
    permitted = [board.url for board in boards if permission]
    runs = {run.board_url: run for run in look(boards, settings, Known(permitted=permitted))}
    refused = [run for run in runs.values() if run.verdict in UNREAD]
    for one in chosen:
        run = runs.get(one.board.url)
        if run in refused:
            continue
        if run:
            _describe(found, one, run)
        name = company or (run and run.organization) or found.company
        entry = watchlists.Watched(one.board, name, page or one.page, permission or None)
        added = watchlists.add(watchlist, entry)
        kept = "; edit the file to change its entry" if company or page or permission else ""
        say(f"added to {watchlist}: {one.board.url}" if added else f"already in {watchlist}: {one.board.url}{kept}")
    if refused and found.seen and chosen[0].page is None:
        raise RolemixError(found.sentence)  # an address that any page can have, with nothing to read there
    if refused:
        raise RolemixError("; ".join(map(_refusal, refused)))


@app.command("list")
def list_boards(watchlist: options.Watchlist = options.DEFAULT_WATCHLIST, form: options.Form = Format.TABLE) -> None:
    """List the boards of the watchlist."""
    from rolemix.collecting import watchlist as watchlists

    rows = [
        {
            "company": entry.company or entry.board.organization,
            "system": entry.board.system,
            "board": entry.board.url,
        }
        for entry in watchlists.load(watchlist)
    ]
    show(rows, LIST_COLUMNS, form)


@app.command()
def check(
    watchlist: options.Watchlist = options.DEFAULT_WATCHLIST,
    db: options.Database = options.DEFAULT_DATABASE,
    gateway: options.Gateway = "",
    delay: options.Delay = None,
    form: options.Form = Format.TABLE,
) -> None:
    """Check every board of the watchlist without storing anything; exits with status 1 if one was not seen whole.

    Shows for each whether it can be read, how many postings it has, which fields far fewer of them carry than usual
    (if the store holds earlier crawls), and where it went if it has moved.
    """
    from crawler.bases.board_spider import Known
    from postings.coverage import find_drops
    from rolemix.cli import runs as tables
    from rolemix.collecting import watchlist as watchlists
    from rolemix.collecting.collected import name_of
    from rolemix.collecting.moves import find_moves

    entries = watchlists.load(watchlist)
    watched = {entry.board.url: entry for entry in entries}
    permitted = {url for url, entry in watched.items() if entry.permission}
    settings = api.crawl_settings(gateway, delay)
    usual = _usual(db, watched)
    known = Known(permitted=permitted, usual=usual)
    runs = look([entry.board for entry in watched.values()], settings, known)
    with errors.status("looking for boards that moved …"):
        moves = find_moves(entries, runs, settings)
    rows = []
    for run in runs:
        dropped = find_drops(run, usual.get(run.board_url))
        rows.append(
            {
                "company": name_of(watched[run.board_url].company, run),
                "system": run.system,
                "board": run.board_url,
                "verdict": str(run.verdict),
                "postings": run.unique if run.verdict.saw_postings else None,
                **tables.notices(run.reason, dropped, moves.get(run.board_url)),
            }
        )
    partial = {run.board_url for run in runs if run.verdict is not Verdict.COMPLETE}
    notable = partial | {row["board"] for row in rows if row["dropped_fields"] or row["moved_to"]}
    show_boards(rows, CHECK_COLUMNS, form, notable)
    if partial:
        raise typer.Exit(1)


@app.command()
def move(
    old: BoardAddress,
    new: Annotated[str, typer.Argument(help="The board's new address.", show_default=False)],
    watchlist: options.Watchlist = options.DEFAULT_WATCHLIST,
) -> None:
    """Follow a board that has moved: the watchlist gets the new address, the history stays in the store."""
    from crawler.systems import find_board
    from rolemix.collecting import watchlist as watchlists

    before, after = find_board(old), find_board(new)
    watchlists.move(watchlist, before, after)
    say(f"moved in {watchlist}: {before.url} is now {after.url}")


@app.command()
def remove(url: BoardAddress, watchlist: options.Watchlist = options.DEFAULT_WATCHLIST) -> None:
    """Remove a board from the watchlist; its history stays in the store."""
    from crawler.systems import find_board
    from rolemix.collecting import watchlist as watchlists

    board = find_board(url)
    watchlists.remove(watchlist, board)
    say(f"removed from {watchlist}: {board.url}")


def look(boards: Sequence[Board], settings: dict[str, Any], known: Known) -> list[BoardRun]:
    """Crawl boards without a store, and return their runs in the given order."""
    if not boards:
        return []
    from crawler.runs.live import crawl

    runs: dict[str, BoardRun] = {}
    with errors.status("reading …"):
        crawl(
            boards,
            observed_at=api.now(),
            on_run=lambda run, postings: runs.__setitem__(run.board_url, run),
            known=known,
            settings=settings,
        )
    return [runs[board.url] for board in boards]


def _chosen(found: Discovery, every: bool, permission: str) -> Sequence[Found]:
    """Return the boards to add: the one that was found, or all where the user says so.

    Raises:
        RolemixError: There is none, or the user has to choose.
    """
    if not found.boards:
        raise RolemixError(found.sentence)
    if found.boards[0].page is None:
        return found.boards
    open_to_all = [one for one in found.boards if one.crawlable or permission]
    if len(open_to_all) == 1 or (every and open_to_all):
        for one in found.boards:
            if one not in open_to_all:
                say(f"skipped {one.board.url}: {one.board.system} may not be crawled")
        return open_to_all
    rows = [
        {"system": one.board.system, "board": one.board.url, "found_by": _found_by(found, one)} for one in found.boards
    ]
    show(rows, FOUND_COLUMNS, Format.TABLE)
    if not open_to_all:
        raise RolemixError(
            f"{found.url} shows no board that may be crawled: save their pages and read them with `rolemix ingest`, or "
            "state with --permission why you may crawl them"
        )
    raise RolemixError(
        f"{found.url} shows {len(open_to_all)} boards, and none was added: add all of them with --all, or one by its "
        f"address with --page {found.url}"
    )


def _found_by(found: Discovery, one: Found) -> str:
    """Return what led to a board, without what the other columns show."""
    mention = one.mentions[0]
    words = f" {mention.words}" if mention.words != one.board.url else ""
    where = f" on {mention.page}" if mention.page != found.url else ""
    return f"{mention.kind}{words}{where}"


def _describe(found: Discovery, one: Found, run: BoardRun) -> None:
    from rolemix.collecting.collected import name_of

    say(f"{one.board.system} board of {name_of(None, run)}: {run.unique} postings ({run.verdict})")
    if one.page:
        say(f"found by: {'; '.join(map(str, one.mentions))}")
    if found.contradicts(one.board, run.organization):
        say(f"check that this is one company: the board names {run.organization}, the page {found.company}")


def _refusal(run: BoardRun) -> str:
    refused = f"{run.board_url} was not added, because it could not be read: {run.verdict}, {run.reason}"
    way = "add it all the same with --unchecked"
    if "robots.txt" in run.reason:
        way = "save its pages and read them with `rolemix ingest`, or state with --permission why you may crawl it"
    return f"{refused} ({way})"


def _usual(db: str, boards: Collection[str]) -> dict[str, Usual]:
    """Return which fields boards usually carry by the store, if there is one."""
    from rolemix.collecting.collected import usual_coverage

    if "://" not in db and not Path(db).exists():
        return {}
    with api.open_store(db) as store, store.read() as connection:
        return usual_coverage(connection, boards)
