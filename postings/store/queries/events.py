"""Reading what happened to postings between two moments: opened, reopened, changed, closed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from postings.posting import utc
from postings.store.queries._select import WHOLE, select_postings, stream, tagged_version, with_version
from postings.store.records import EventKind, StoredEvent
from postings.store.schema import boards, openings, versions
from postings.store.schema import postings as postings_table
from postings.store.schema import runs as runs_table


def stream_events(
    connection: Connection,
    model: str,
    *,
    since: datetime,
    until: datetime,
    board_urls: Collection[str] | None = None,
) -> Iterator[StoredEvent]:
    """Yield what happened to postings after one moment and up to another, by time, board and identifier.

    What a board held when it was first seen whole had not opened then. A new version is a change only while its posting
    is open: one that opens again with another content has opened again. Nor is it one where a live board goes on from a
    recorded history, which held less of each posting. Postings that do not count have no events.

    Args:
        connection: Of `Store.read`.
        model: The model whose tags come with the events.
        since: The first moment, not included.
        until: The last one, included.
        board_urls: Only these boards; None for all.
    """
    within = (utc(since), utc(until))
    events = union_all(_opened(*within), _changed(*within), _closed(*within)).subquery("events")
    other = versions.alias()
    newest = (
        select(func.max(other.c.observed_at))
        .where(other.c.posting_id == events.c.posting_id, other.c.observed_at <= events.c.at)
        .scalar_subquery()
    )
    query = (
        select_postings(board_urls)
        .join(events, events.c.posting_id == postings_table.c.id)
        .join(versions, and_(versions.c.posting_id == events.c.posting_id, versions.c.observed_at == newest))
        .add_columns(events.c.at, events.c.kind)
        .order_by(None)
        .order_by(events.c.at, *select_postings(board_urls).selected_columns, events.c.kind)
    )
    for row in stream(connection, with_version(query, model)):
        version = tagged_version(row)
        if version.counted:
            yield StoredEvent(
                kind=EventKind(row["kind"]),
                at=row["at"],
                board_url=row["board_url"],
                identifier=row["identifier"],
                version=version,
            )


def _opened(since: datetime, until: datetime) -> Select[*tuple[Any, ...]]:
    seen_whole_before = exists().where(
        runs_table.c.board_id == postings_table.c.board_id,
        runs_table.c.verdict.in_(WHOLE),
        runs_table.c.observed_at < openings.c.opened_at,
    )
    again = openings.c.opened_at > postings_table.c.first_seen
    kind = case((again, literal(EventKind.REOPENED.value)), else_=literal(EventKind.OPENED.value))
    return (
        select(openings.c.posting_id, openings.c.opened_at.label("at"), kind.label("kind"))
        .join(postings_table, postings_table.c.id == openings.c.posting_id)
        .where(_between(openings.c.opened_at, since, until), seen_whole_before)
    )


def _changed(since: datetime, until: datetime) -> Select[*tuple[Any, ...]]:
    at = versions.c.observed_at
    still_open = or_(openings.c.closed_at.is_(None), at < openings.c.closed_at)
    first_read = exists().where(
        postings_table.c.id == versions.c.posting_id,
        boards.c.id == postings_table.c.board_id,
        boards.c.continues_at == at,
    )
    return (
        select(versions.c.posting_id, at.label("at"), literal(EventKind.CHANGED.value).label("kind"))
        .join(openings, openings.c.posting_id == versions.c.posting_id)
        .where(_between(at, since, until), at > openings.c.opened_at, still_open, ~first_read)
    )


def _closed(since: datetime, until: datetime) -> Select[*tuple[Any, ...]]:
    at = openings.c.closed_at
    kind = literal(EventKind.CLOSED.value).label("kind")
    return select(openings.c.posting_id, at.label("at"), kind).where(_between(at, since, until))


def _between(at: ColumnElement[Any], since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(at > since, at <= until)
