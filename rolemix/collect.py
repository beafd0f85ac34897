"""From boards to history: crawling live ones and ingesting saved answers, run by run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

from sqlalchemy import Connection

from crawler.answers import AnswerError, PostingGone
from crawler.boards import Board
from crawler.manifest import Manifest
from crawler.run import crawl
from crawler.saved import read_saved
from crawler.spiders.base import merged
from crawler.systems import system
from postings import BoardRun, JobPosting, Verdict
from postings.coverage import Drop, Usual, drops, usual
from postings.run import GOOD_RUNS
from postings.store import Store, history, queries
from rolemix.names import company_name
from rolemix.watchlist import Watched


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one run over one board brought.

    Attributes:
        company: The company's name as the user gives it, else as the board does.
        run: The evidence.
        changes: What it changed in the history.
        refused: Why history did not take the run, so that nothing of it is stored; None when it did.
        dropped: Fields that suddenly few of the postings carry, see `postings.coverage`.
    """

    company: str
    run: BoardRun
    changes: history.Changes
    refused: str | None = None
    dropped: tuple[Drop, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the whole board is known as of this run."""
        return self.refused is None and self.run.verdict in (Verdict.COMPLETE, Verdict.UNCHANGED)


def collect(
    store: Store,
    watched: Sequence[Watched],
    *,
    observed_at: datetime,
    settings: Mapping[str, Any] | None = None,
    progress: Callable[[Collected], None] = lambda collected: None,
) -> list[Collected]:
    """Crawl boards and write each into history as soon as it is finished.

    A run that history does not take (see `postings.store.history.RunError`) costs the other boards nothing.

    Args:
        store: Where the history is.
        watched: The boards, with the user's names for their companies.
        observed_at: The time of observation, with zone.
        settings: Scrapy settings over the project's own, e.g. ``ROLEMIX_GATEWAY``.
        progress: Called after each board.

    Returns:
        A record a board, in the order of ``watched``.
    """
    names = {entry.board.url: entry.company for entry in watched}
    boards = {entry.board.url: entry.board for entry in watched}

    def recall(board: str, identifier: str, listed: str) -> JobPosting | None:
        with store.read() as connection:
            read = queries.detail_read(connection, board, identifier)
        if read and read.listed_hash == listed and observed_at - read.read_at < _stands_for(identifier):
            return read.posting
        return None

    with store.read() as connection:
        known = {url: queries.etag(connection, url) for url in names}
        usually = usual_coverage(connection, names)
    done: dict[str, Collected] = {}

    def on_run(run: BoardRun, postings: Iterator[JobPosting]) -> None:
        company = names[run.board_url]
        try:
            one = dataclasses.replace(
                _record(store, run, postings, company), dropped=drops(run, usually.get(run.board_url))
            )
        except history.RunError as error:
            name = company_name(company, run.organization, run.board_url)
            one = Collected(company=name, run=run, changes=history.Changes(), refused=str(error))
        done[run.board_url] = one
        progress(one)

    crawl(
        list(boards.values()),
        observed_at=observed_at,
        on_run=on_run,
        etags={url: etag for url, etag in known.items() if etag},
        recall=recall,
        permitted={entry.board.url for entry in watched if entry.permission},
        usual=usually,
        settings=settings,
    )
    return [done[url] for url in boards]


def usual_coverage(connection: Connection, board_urls: Iterable[str]) -> dict[str, Usual]:
    """Return which fields the postings of some boards usually carry, for those that were read whole often enough."""
    known = {url: usual(queries.complete_runs(connection, url, GOOD_RUNS)) for url in board_urls}
    return {url: found for url, found in known.items() if found}


def _stands_for(identifier: str) -> timedelta:
    """Return for how long a posting's own page is not read again while the list says the same of it.

    A page can change where its list shows nothing of it. From one to two weeks, by the identifier, so that the pages
    of a board that were first read on one day come up for reading on different days.
    """
    return timedelta(days=7 + crc32(identifier.encode()) % 8)


def ingest(
    store: Store,
    board: Board,
    files: Sequence[Path],
    *,
    observed_at: datetime,
    company: str | None = None,
) -> Collected:
    """Write one board's saved answers into history as one run, judged by the same proofs as a crawl.

    List pages and details may come together; what a detail says goes over what the list says.

    Args:
        store: Where the history is.
        board: The board that gave the answers.
        files: The saved answers.
        observed_at: When they were saved, with zone.
        company: The company's name as the user gives it.

    Raises:
        RolemixError: A file cannot be read, or history does not take the run.
    """
    run, postings = read_run(board, files, observed_at=observed_at)
    return _record(store, run, iter(postings), company)


def read_run(board: Board, files: Sequence[Path], *, observed_at: datetime) -> tuple[BoardRun, list[JobPosting]]:
    """Read one board's saved answers as one run, without a store."""
    manifest = Manifest(board)
    postings: dict[str, JobPosting] = {}
    details: dict[str, JobPosting] = {}
    for path in files:
        try:
            page = read_saved(system(board.system), path, board)
        except AnswerError as error:
            if isinstance(error, PostingGone) and error.identifier:
                manifest.gone.add(error.identifier)
            else:
                manifest.refuse(error, path.name)
            continue
        if page.detail:
            details.update((posting.identifier, posting) for posting in page.postings)
            for reason in page.unreadable:
                manifest.fail(Verdict.FAILED, reason)
        else:
            postings.update((posting.identifier, posting) for posting in manifest.add(page))
    for identifier, detail in details.items():
        listed = postings.get(identifier)
        manifest.seen.add(identifier)
        postings[identifier] = merged(listed, detail) if listed else detail
    for posting in postings.values():
        manifest.keep(posting)
    return manifest.run(observed_at), list(postings.values())


def _record(store: Store, run: BoardRun, postings: Iterator[JobPosting], company: str | None) -> Collected:
    changes = history.record(store, run, postings, company=company)
    return Collected(company=company_name(company, run.organization, run.board_url), run=run, changes=changes)
