"""Postings of the store that are the same job: which, with the evidence."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from postings.facts.no_opening import no_opening
from postings.identity import Job, Link, count, find_links, job_of
from postings.store import Store, queries
from postings.unit import Unit
from rolemix.analysis.openings import boards_at, chosen, moment_of

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("company", "relation", "ground", "score", "title", "posting", "other", "words")
"""The columns of `same_jobs`."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CompanyLinks:
    """Which of a company's postings are the same job.

    Attributes:
        company: The company.
        jobs: All its postings, open and closed, on its own boards.
        links: Which of them are the same job, with the evidence.
    """

    company: str
    jobs: tuple[Job, ...]
    links: tuple[Link, ...]

    def rows(self) -> list[dict[str, object]]:
        """Return a flat row for each link, JSON-ready, with the keys `COLUMNS`."""
        titles = {job.key: job.title for job in self.jobs}
        return [
            {
                "company": self.company,
                "relation": str(link.relation),
                "ground": str(link.ground),
                "score": link.score,
                "title": titles[link.first],
                "posting": link.first,
                "other": link.second,
                "words": link.words,
            }
            for link in self.links
        ]

    def counts(self) -> dict[Unit, int]:
        """Return how many there are of each unit among the postings that are open now."""
        still_open = [job for job in self.jobs if job.closed is None]
        return {unit: count(still_open, self.links, unit) for unit in Unit}


def company_links(store: Store, companies: Collection[str] = ()) -> list[CompanyLinks]:
    """Return which postings of each company are the same job, by the company's name.

    Args:
        store: The store.
        companies: Only these, matched by name without regard to case; none for all.

    Raises:
        NothingToReport: There is no run yet, or no such company.
    """
    with store.read() as connection:
        boards = [board for board in boards_at(connection, moment_of(connection, None)) if not board.is_search]
        found = []
        for company in sorted(chosen({board.name for board in boards}, companies, boards)):
            jobs = _all_jobs(connection, [board.url for board in boards if board.name == company])
            found.append(CompanyLinks(company=company, jobs=tuple(jobs), links=tuple(find_links(jobs))))
    return found


def frame(found: Sequence[CompanyLinks]) -> pd.DataFrame:
    """Return the links of companies as a frame with the columns `COLUMNS`."""
    from rolemix.analysis.frames import frame as as_frame

    types = dict.fromkeys(COLUMNS, "string") | {"score": "Float64"}
    return as_frame((row for one in found for row in one.rows()), types)


def _all_jobs(connection: Connection, board_urls: Collection[str]) -> list[Job]:
    return [
        job_of(one.posting, one.board_url, opened=one.opened_at, closed=one.closed_at, last_seen=one.last_seen)
        for one in queries.stream_histories(connection, board_urls=board_urls)
        if one.posting.redirects_to is None and not no_opening(one.posting.title, one.posting.description)
    ]
