"""What happened at companies between two moments: openings, closings, reposts, changes, each with its posting."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from classifier.model.info import ModelInfo
from postings.store import Store, queries
from postings.store.records import EventKind, StoredEvent
from postings.text import web_address
from rolemix.analysis.openings import NothingToReport, boards_at, chosen, moment_of
from rolemix.analysis.reposts import Reposts, find_reposts

WEEK = timedelta(days=7)

COLUMNS = ("at", "event", "company", "focus", "role", "title", "url", "board", "posting", "other")
"""The columns of events."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a posting.

    Attributes:
        at: When it was seen.
        event: ``opened``, ``reopened`` (under its own id), ``reposted`` (under a new id), ``changed`` or ``closed``.
        company: The company.
        focus: The focus of the posting then; None where it is not tagged.
        role: Its role.
        title: Its title then.
        url: Where a person reads it; None where its address is not safe to open.
        board: The board.
        posting: The board's own id.
        other: For a repost the id that had closed.
    """

    at: datetime
    event: str
    company: str
    focus: str | None
    role: str | None
    title: str
    url: str | None
    board: str
    posting: str
    other: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values by `COLUMNS`."""
        return dataclasses.asdict(self) | {"at": self.at.isoformat()}


def read_changes(
    store: Store,
    model: ModelInfo,
    companies: Collection[str] = (),
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Event]:
    """Return what happened to the postings of companies, newest first.

    What a board held when it was first seen had not opened then. A posting that closed and appeared under a new id is
    one repost, and not a closing and an opening.

    Args:
        store: Tagged with this model throughout.
        model: The model whose tags the postings get.
        companies: Only these, matched by name without regard to case; none for all.
        since: After this moment; None for a week before ``until``.
        until: Up to this moment; None for the newest run over any board.

    Raises:
        NothingToReport: There is no run yet, no such company, or ``since`` is not before ``until``.
    """
    with store.read() as connection:
        end = moment_of(connection, until)
        start = end - WEEK if since is None else since
        if start >= end:
            raise NothingToReport(f"{start:%Y-%m-%d} is not before {end:%Y-%m-%d}: begin earlier (--since)")
        boards = [board for board in boards_at(connection, end) if not board.is_search]
        found: list[Event] = []
        for company in sorted(chosen({board.name for board in boards}, companies, boards)):
            urls = [board.url for board in boards if board.name == company]
            reposts = find_reposts(connection, urls)
            stored = queries.stream_events(connection, model.name, since=start, until=end, board_urls=urls)
            found += (event for one in stored if (event := _event(one, company, model, reposts)))
    return sorted(found, key=lambda one: (-one.at.timestamp(), one.company, one.event, one.board, one.posting))


def _event(stored: StoredEvent, company: str, model: ModelInfo, reposts: Reposts) -> Event | None:
    """Return an event as it is reported; None for the closing that a repost undid."""
    key = f"{stored.board_url}#{stored.identifier}"
    if stored.kind is EventKind.CLOSED and reposts.closings.get(key) == stored.at:
        return None
    other = reposts.closed_as.get(key) if stored.kind is EventKind.OPENED else None
    role = stored.version.tag.tag.role if stored.version.tag.tag else None
    return Event(
        at=stored.at,
        event="reposted" if other else stored.kind.value,
        company=company,
        focus=model.taxonomy.focus_by_role[role] if role else None,
        role=role,
        title=stored.version.title,
        url=web_address(stored.version.url) or None,
        board=stored.board_url,
        posting=stored.identifier,
        other=other.rpartition("#")[2] if other else None,
    )
