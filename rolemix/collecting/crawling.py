"""From live boards to history: each board is written as soon as it is crawled."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from crawler.bases.board_spider import Known
from crawler.parsing.rereading import READERS_VERSION
from crawler.runs.live import crawl
from postings import BoardRun, JobPosting
from postings.coverage import find_drops
from postings.store import Store, queries
from postings.store.history import RunError
from rolemix.collecting.collected import Collected, record, refused, usual_coverage
from rolemix.collecting.histories import join_histories
from rolemix.collecting.watchlist import Watched


def collect(
    store: Store,
    watched: Sequence[Watched],
    *,
    observed_at: datetime,
    settings: Mapping[str, Any] | None = None,
    progress: Callable[[Collected], None] = lambda collected: None,
) -> list[Collected]:
    """Crawl boards and write each into history as soon as it is finished.

    A run that history does not take (see `postings.store.history.RunError`) costs the other boards nothing. At the end
    recorded histories of these companies are joined to their boards, see `join_histories`.

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
        etags = {url: queries.fetch_etag(connection, url, READERS_VERSION) for url in names}
        usually = usual_coverage(connection, names)
    done: dict[str, Collected] = {}

    def on_run(run: BoardRun, postings: Iterator[JobPosting]) -> None:
        company = names[run.board_url]
        try:
            one = record(store, run, postings, company)
            one = dataclasses.replace(one, dropped=find_drops(run, usually.get(run.board_url)))
        except RunError as error:
            one = refused(run, company, error)
        done[run.board_url] = one
        progress(one)

    crawl(
        list(boards.values()),
        observed_at=observed_at,
        on_run=on_run,
        known=Known(
            etags={url: etag for url, etag in etags.items() if etag},
            recall=recall,
            permitted={entry.board.url for entry in watched if entry.permission},
            usual=usually,
        ),
        settings=settings,
    )
    join_histories(store)
    return [done[url] for url in boards]


def _stands_for(identifier: str) -> timedelta:
    """Return for how long a posting's own page is not read again while its row of the list stays the same.

    A page can change without its row of the list. It is read again after one to two weeks, depending on the
    identifier, so that pages that were first read on one day are read again on different days.
    """
    return timedelta(days=7 + crc32(identifier.encode()) % 8)
