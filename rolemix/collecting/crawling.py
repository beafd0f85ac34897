"""From boards to history: crawling live ones and ingesting saved answers, run by run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

from sqlalchemy import Connection

from crawler.bases.board_spider import BoardSpider, merged
from crawler.boards import Board
from crawler.captures.files import SavedResponse, read_responses
from crawler.manifest import Manifest
from crawler.parsing.responses import PostingGone, ResponseError, UnexpectedResponse
from crawler.runs.live import crawl
from crawler.runs.saved import read_saved_response
from crawler.systems import system
from postings import BoardRun, JobPosting, Verdict
from postings.coverage import Drop, Usual, find_drops, find_usual
from postings.facts.dates import relative
from postings.store import Store, history, queries
from postings.verdict import GOOD_RUNS
from rolemix.collecting.watchlist import Watched
from rolemix.companies import company_name


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one run over one board brought.

    Attributes:
        company: The company's name as the user gives it, else as the board does.
        run: The evidence.
        changes: What it changed in the history.
        refused: Why history did not take the run, so that nothing of it is stored; None when it did.
        dropped: Fields that suddenly few of the postings carry, see `postings.coverage`.
        passed_over: How many answers of a session were read and hold neither a list nor a posting.
    """

    company: str
    run: BoardRun
    changes: history.Changes
    refused: str | None = None
    dropped: tuple[Drop, ...] = ()
    passed_over: int = 0

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
            read = queries.fetch_detail_read(connection, board, identifier)
        if read and read.listed_hash == listed and observed_at - read.read_at < _stands_for(identifier):
            return read.posting
        return None

    with store.read() as connection:
        known = {url: queries.fetch_etag(connection, url) for url in names}
        usually = usual_coverage(connection, names)
    done: dict[str, Collected] = {}

    def on_run(run: BoardRun, postings: Iterator[JobPosting]) -> None:
        company = names[run.board_url]
        try:
            dated = (_dated(posting, observed_at) for posting in postings)
            one = dataclasses.replace(
                _record(store, run, dated, company), dropped=find_drops(run, usually.get(run.board_url))
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
    known = {url: find_usual(queries.fetch_complete_runs(connection, url, GOOD_RUNS)) for url in board_urls}
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
    files: Sequence[Path | SavedResponse],
    *,
    observed_at: datetime,
    company: str | None = None,
) -> Collected:
    """Write one board's saved answers into history as one run, judged by the same proofs as a crawl.

    List pages and details may come together; what a detail says goes over what the list says. Where only one of them
    came, what is known of the posting from before stands beside what it leaves out.

    Args:
        store: Where the history is.
        board: The board that gave the answers.
        files: The saved answers, or files of them.
        observed_at: When they were saved, with zone.
        company: The company's name as the user gives it.

    Raises:
        RolemixError: A file cannot be read, or history does not take the run.
    """
    read = _read(board, files, observed_at)
    with store.read() as connection:
        for identifier in read.partly:
            if known := queries.fetch_newest(connection, board.url, identifier):
                read.postings[identifier] = merged(known, read.postings[identifier])
    run = read.manifest.run(observed_at)
    collected = _record(store, run, iter(read.postings.values()), company)
    return dataclasses.replace(collected, passed_over=read.passed_over)


def read_run(
    board: Board, files: Sequence[Path | SavedResponse], *, observed_at: datetime
) -> tuple[BoardRun, list[JobPosting]]:
    """Read one board's saved answers as one run, without a store."""
    read = _read(board, files, observed_at)
    return read.manifest.run(observed_at), list(read.postings.values())


def nothing_in(board: Board, answers: Sequence[SavedResponse], *, observed_at: datetime) -> bool:
    """Whether a session asked a board for nothing that is a list, a posting or a refusal: it was only passed by."""
    return all(saved.archived for saved in answers) and _read(board, answers, observed_at).passed_over == len(answers)


@dataclasses.dataclass(slots=True)
class _Read:
    """What a board's saved answers hold.

    Attributes:
        manifest: The evidence.
        postings: By identifier.
        partly: Of which only the list without a text, or only the own page was among them.
        passed_over: See `Collected`.
    """

    manifest: Manifest
    postings: dict[str, JobPosting] = dataclasses.field(default_factory=dict)
    partly: set[str] = dataclasses.field(default_factory=set)
    passed_over: int = 0


def _read(board: Board, files: Sequence[Path | SavedResponse], observed_at: datetime) -> _Read:
    spider = system(board.system)
    manifest, parts = spider.manifest(board), spider.parts(board)
    read = _Read(manifest)
    details: dict[str, JobPosting] = {}
    for saved in (saved for file in files for saved in (read_responses(file) if isinstance(file, Path) else (file,))):
        seen = saved.saved_at or observed_at
        try:
            page = read_saved_response(spider, saved, board)
        except ResponseError as error:
            if isinstance(error, PostingGone) and error.identifier:
                manifest.gone.add(error.identifier)
            elif saved.archived and isinstance(error, UnexpectedResponse):
                # A browser asks a board for more than its list: what proves the list whole is in the others.
                read.passed_over += 1
            else:
                manifest.refuse(error, Path(saved.name).name)
            continue
        if page.detail:
            details.update((posting.identifier, _dated(posting, seen)) for posting in page.postings)
            for reason in page.unreadable:
                manifest.fail(Verdict.FAILED, reason)
        else:
            if saved.recording is None:
                # That it is the last page ends a list only where the request tells that none came before it.
                page = dataclasses.replace(page, more=page.more or None)
            part = _part(spider, parts, saved)
            if part not in parts:
                lists = ", ".join(parts)
                manifest.fail(
                    Verdict.INCOMPLETE, f"{Path(saved.name).name}: nothing tells of which list it is ({lists})"
                )
            read.postings.update((posting.identifier, _dated(posting, seen)) for posting in manifest.add(page, part))
    read.partly.update(details.keys() - read.postings.keys())
    read.partly.update(
        identifier
        for identifier, posting in read.postings.items()
        if not posting.description and identifier not in details
    )
    for identifier, detail in details.items():
        listed = read.postings.get(identifier)
        manifest.seen.add(identifier)
        read.postings[identifier] = merged(listed, detail) if listed else detail
    for posting in read.postings.values():
        manifest.keep(posting)
    return read


def _part(spider: type[BoardSpider], parts: Sequence[str], saved: SavedResponse) -> str:
    """Return which of a board's lists a saved answer is of: the only one, or what its request says."""
    told = spider.part_of(saved.recording) if saved.recording and any(parts) else ""
    return told or (parts[0] if len(parts) == 1 else "")


def _dated(posting: JobPosting, seen: datetime) -> JobPosting:
    """Return the posting with a relative date ("今天 09:15") read against the time at which it was seen.

    The words are not kept then: they say something else tomorrow, and would make a new version of the posting.
    """
    if posting.date_posted is not None or not (date := relative(posting.date_posted_raw, seen)):
        return posting
    return dataclasses.replace(posting, date_posted=date, date_posted_raw=None)


def _record(store: Store, run: BoardRun, postings: Iterator[JobPosting], company: str | None) -> Collected:
    changes = history.record(store, run, postings, company=company)
    return Collected(company=company_name(company, run.organization, run.board_url), run=run, changes=changes)
