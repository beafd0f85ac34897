"""Postings of a company that closed and appeared again under a new id."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection

from postings import identity
from postings.facts.no_opening import no_opening
from postings.store import queries


@dataclasses.dataclass(frozen=True, slots=True)
class Reposts:
    """Postings that closed and appeared again, by their full names: the board's address, ``#``, and the board's own id.

    Attributes:
        closed_as: For each that appeared the one that had closed.
        closings: When each of the latter closed, which is no closing then.
    """

    closed_as: Mapping[str, str]
    closings: Mapping[str, datetime | None]


def find_reposts(connection: Connection, board_urls: Collection[str]) -> Reposts:
    """Return the reposts of one company (`postings.identity.find_reposts`).

    Args:
        connection: Of `Store.read`.
        board_urls: All its boards.
    """
    jobs = [
        identity.job_of(one.posting, one.board_url, opened=one.opened_at, closed=one.closed_at, last_seen=one.last_seen)
        for one in queries.stream_histories(connection, board_urls=board_urls)
        if not no_opening(one.posting.title, one.posting.description)
    ]
    links = identity.find_reposts(jobs)
    closed_at = {job.key: job.closed for job in jobs}
    return Reposts({link.second: link.first for link in links}, {link.first: closed_at[link.first] for link in links})
