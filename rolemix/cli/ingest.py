"""``rolemix ingest``: what users saved of boards into history, a run a board."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from postings.errors import RolemixError
from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import say
from rolemix.publishing.render import Format

if TYPE_CHECKING:
    from crawler.boards import Board
    from crawler.captures.files import SavedResponse
    from postings.store import Store
    from rolemix.collecting.crawling import Collected

_NO_LIST = "answer of a board with neither a list nor a posting"


def ingest(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Saved answers: pages (HTML, MHTML), JSON, sessions (HAR), or folders of them.", show_default=False
        ),
    ],
    observed_at: Annotated[
        str | None,
        typer.Option(help="When they were saved, a day or a time, if they do not tell.", show_default=False),
    ] = None,
    board: Annotated[str, typer.Option(help="The board that gave them, if they do not tell.", show_default=False)] = "",
    company: Annotated[
        str, typer.Option(help="The company's name for reports; all postings are then its.", show_default=False)
    ] = "",
    db: options.Database = options.DEFAULT_DATABASE,
    form: options.Form = Format.TABLE,
    model: options.ModelPath = None,
) -> None:
    """Read saved answers of boards (lists, pages of single postings) into the store, as one run a board.

    They are judged by the same proofs as a crawl: half a board closes nothing. The board is told by the request that
    an answer belongs to: in a HAR file, in a saved page, or in a file beside it. What a session asked elsewhere is
    counted and left. Ends with status 1 when a board's answers hold no postings at all.
    """
    from crawler.runs.saved import sort
    from crawler.systems import find_board
    from rolemix.cli import runs
    from rolemix.collecting.crawling import nothing_in

    if observed_at == "":
        raise RolemixError("--observed-at is empty: say when the answers were saved, e.g. 2026-07-28")
    at = options.moment(observed_at or "", option="--observed-at")
    sorting = sort(files, find_board(board) if board else None)
    moments = {one: at or _newest(one, answers) for one, answers in sorting.boards.items()}
    for one, observed in moments.items():
        if nothing_in(one, sorting.boards[one], observed_at=observed):
            sorting.left[_NO_LIST] += len(sorting.boards.pop(one))
    if not sorting.boards:
        left = _counted(sorting.left)
        raise RolemixError(
            f"no answer of a known board in {', '.join(map(str, files))}{f': left aside: {left}' if left else ''}"
        )
    if company and len(sorting.boards) > 1:
        told = ", ".join(sorted(one.url for one in sorting.boards))
        raise RolemixError(f"--company names one company, and these are answers of several boards ({told})")
    with api.open_store(db) as store:
        collected = [
            _recorded(store, one, answers, moments[one], company or None, alone=len(sorting.boards) == 1)
            for one, answers in sorting.boards.items()
        ]
        runs.print_runs(collected, form)
        sorting.left[_NO_LIST] += sum(one.passed_over for one in collected)
        if left := _counted(sorting.left):
            say(f"left aside: {left}")
        runs.tag(store, model)
    if any(one.refused or not one.run.verdict.saw_postings for one in collected):
        raise typer.Exit(1)


def _counted(left: Counter[str]) -> str:
    from postings.text import counted

    told = ((count, *what.partition(" ")) for what, count in sorted(left.items()) if count)
    return ", ".join(f"{counted(count, noun)} {which}" for count, noun, _, which in told)


def _newest(board: Board, answers: Sequence[SavedResponse]) -> datetime:
    """Return when the newest of a board's answers was saved, by what they tell themselves."""
    moments = [answer.saved_at for answer in answers if answer.saved_at]
    if len(moments) < len(answers):
        silent = next(answer.name for answer in answers if not answer.saved_at)
        raise RolemixError(f"{silent} does not tell when it was saved: say so with --observed-at, e.g. 2026-07-28")
    newest = max(moments).replace(microsecond=0)
    found = options.moment(newest.isoformat(), option=f"the time that the answers of {board.url} tell")
    assert found is not None  # noqa: S101  # the text is not empty
    return found


def _recorded(
    store: Store, board: Board, answers: Sequence[SavedResponse], at: datetime, company: str | None, *, alone: bool
) -> Collected:
    """Write one board's answers into history; where there are other boards, a run refused costs them nothing."""
    from postings.store.history import Changes, RunError
    from rolemix.collecting.crawling import Collected, read_run
    from rolemix.collecting.crawling import ingest as ingest_answers
    from rolemix.companies import company_name

    try:
        return ingest_answers(store, board, answers, observed_at=at, company=company)
    except RunError as error:
        if alone:
            raise
        run, _ = read_run(board, answers, observed_at=at)
        name = company_name(company, run.organization, board.url)
        return Collected(company=name, run=run, changes=Changes(), refused=str(error))
