"""What one run over one board brought into history, crawled or ingested."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from sqlalchemy import Connection

from postings import BoardRun, JobPosting, Verdict
from postings.coverage import Drop, Usual, find_usual
from postings.store import Store, history, queries
from postings.verdict import GOOD_RUNS


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one run over one board brought.

    Attributes:
        company: The company's name, see `name_of`.
        run: The evidence.
        changes: What it changed in the history.
        refused: Why history did not take the run, so that nothing of it is stored; None when it did.
        dropped: Fields that far fewer postings carry than usual, see `postings.coverage`.
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


def record(store: Store, run: BoardRun, postings: Iterable[JobPosting], company: str | None) -> Collected:
    """Write a run into history.

    Args:
        store: Where the history is.
        run: The evidence.
        postings: The postings, each once.
        company: The company's name as the user gives it.

    Raises:
        RunError: History does not take the run, and nothing of it is stored.
    """
    changes = history.record(store, run, postings, company=company)
    return Collected(company=name_of(company, run), run=run, changes=changes)


def refused(run: BoardRun, company: str | None, error: history.RunError) -> Collected:
    """Return what a run brought that history did not take."""
    return Collected(company=name_of(company, run), run=run, changes=history.Changes(), refused=str(error))


def name_of(company: str | None, run: BoardRun) -> str:
    """Return a company's name: the user's, else the board's, else its key on the recruiting system.

    Args:
        company: The company's name as the user gives it.
        run: A run over its board.
    """
    return company or run.organization or run.board_key


def usual_coverage(connection: Connection, board_urls: Iterable[str]) -> dict[str, Usual]:
    """Return which fields the postings of some boards usually carry, for those with enough complete runs."""
    known = {url: find_usual(queries.fetch_complete_runs(connection, url, GOOD_RUNS)) for url in board_urls}
    return {url: found for url, found in known.items() if found}
