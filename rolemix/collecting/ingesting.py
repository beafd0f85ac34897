"""From saved responses to history: what users saved of boards is written as one run a board."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from crawler.bases.board_spider import merged
from crawler.runs.saved import SavedRun, SavedRuns, Stated, read_runs
from postings import JobPosting
from postings.errors import RolemixError
from postings.store import Store, queries
from postings.store.history import RunError
from rolemix.collecting.collected import Collected, record, refused
from rolemix.collecting.histories import join_histories


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What saved responses brought.

    Attributes:
        collected: A record a board, in the order in which the boards are first met.
        skipped: What was skipped, with counts, in words; empty when nothing was.
    """

    collected: list[Collected]
    skipped: str


def ingest(store: Store, paths: Sequence[Path], stated: Stated = Stated(), *, company: str | None = None) -> Ingested:  # noqa: B008 - frozen
    """Write saved responses into history as one run a board, judged by the same proofs as a crawl.

    List pages and details may come together; what a detail holds goes over what the list holds. Where only one of them
    was saved, what the store knows of the posting stands beside what it leaves out.

    Args:
        store: Where the history is.
        paths: Files of saved responses, and folders of such files.
        stated: What the user states about the responses that they do not show themselves.
        company: The company's name as the user gives it.

    Raises:
        RolemixError: A file cannot be read, its board or its date is unknown, no response is of a known board, a
            company is named for several boards, or history does not take the run of the only board.
    """
    return record_runs(store, read(paths, stated, company=company), company=company)


def read(paths: Sequence[Path], stated: Stated = Stated(), *, company: str | None = None) -> SavedRuns:  # noqa: B008 - frozen
    """Read saved responses without a store, see `ingest`.

    Raises:
        RolemixError: As `ingest`, before a store is touched.
    """
    saved = read_runs(paths, stated)
    if not saved.runs:
        skipped = f"; skipped: {saved.skipped_in_words}" if saved.skipped_in_words else ""
        raise RolemixError(f"no response from a known board in {', '.join(map(str, paths))}{skipped}")
    if company and len(saved.runs) > 1:
        boards = ", ".join(sorted(one.run.board_url for one in saved.runs))
        raise RolemixError(f"--company names one company, but the responses are from several boards ({boards})")
    return saved


def record_runs(store: Store, saved: SavedRuns, *, company: str | None = None) -> Ingested:
    """Write runs of saved responses into history; of several runs, one that history refuses costs the others nothing.

    At the end recorded histories of these companies are joined to their boards, see `join_histories`.

    Raises:
        RunError: History does not take the only run.
    """
    collected = []
    for one in saved.runs:
        try:
            collected.append(record(store, one.run, _completed(store, one), company))
        except RunError as error:
            if len(saved.runs) == 1:
                raise
            collected.append(refused(one.run, company, error))
    join_histories(store)
    return Ingested(collected=collected, skipped=saved.skipped_in_words)


def _completed(store: Store, saved: SavedRun) -> list[JobPosting]:
    """Return a run's postings, the partial ones completed with what the store knows of them."""
    with store.read() as connection:

        def completed(posting: JobPosting) -> JobPosting:
            known = None
            if posting.identifier in saved.partial:
                known = queries.fetch_newest(connection, saved.run.board_url, posting.identifier)
            return merged(known, posting) if known else posting

        return [completed(posting) for posting in saved.postings]
