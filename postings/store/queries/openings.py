"""Reading which postings were open at a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    func,
    select,
    true,
)

from postings.posting import JobPosting
from postings.store.queries._select import (
    facts_of,
    last_whole,
    moment_of,
    select_postings,
    stream,
    tag_of,
    with_facts,
    with_tag,
)
from postings.store.records import (
    OpenCount,
    OpenPosting,
    OpenTag,
)
from postings.store.schema import (
    boards as boards_table,
)
from postings.store.schema import (
    is_counted,
    openings,
    version_at,
    versions,
)
from postings.store.schema import (
    postings as postings_table,
)


def stream_open_postings(
    connection: Connection,
    at: datetime | None = None,
    *,
    board_urls: Collection[str] | None = None,
    model: str | None = None,
    uncounted: bool = False,
) -> Iterator[OpenPosting]:
    """Yield the postings open at a moment, as they were then, by board and identifier.

    What later runs proved is taken into account: a posting that both a held run and the next complete run lacked counts
    as closed from the first of them on.

    Args:
        connection: Of `Store.read`.
        at: The moment; None for `fetch_now`.
        board_urls: Only these boards; None for all.
        model: The model whose tags come with the postings; None for no tags.
        uncounted: Whether to include postings that only redirect to another one or offer no opening.
    """
    moment = moment_of(connection, at)
    if moment is None:
        return
    whole = last_whole(moment)
    query = (
        _open_at(moment, board_urls, uncounted=uncounted)
        .add_columns(
            versions.c.content,
            postings_table.c.first_seen,
            openings.c.opened_at,
            _last_seen_at(moment, whole).label("last_seen"),
            case((openings.c.missing_since <= moment, openings.c.missing_since)).label("missing_since"),
        )
        .outerjoin(whole, whole.c.board_id == boards_table.c.id)
    )
    for row in stream(connection, with_tag(query, model)):
        yield OpenPosting(
            board_url=row["board_url"],
            version_id=row["version_id"],
            posting=JobPosting.from_dict(row["content"]),
            first_seen=row["first_seen"],
            opened_at=row["opened_at"],
            last_seen=row["last_seen"],
            missing_since=row["missing_since"],
            tag=tag_of(row),
        )


def stream_open_tags(
    connection: Connection,
    model: str,
    at: datetime | None = None,
    *,
    board_urls: Collection[str] | None = None,
    facts: bool = False,
) -> Iterator[OpenTag]:
    """Yield the tags of the postings open at a moment, by board and identifier, without those that do not count.

    The same postings as `stream_open_postings`, without their contents, for counting many of them and estimating their
    mix.

    Args:
        connection: Of `Store.read`.
        model: The model whose tags to read; a posting that it has not tagged comes with tag None.
        at: The moment; None for `fetch_now`.
        board_urls: Only these boards; None for all.
        facts: Whether the facts come with them.
    """
    moment = moment_of(connection, at)
    if moment is None:
        return
    query = _open_at(moment, board_urls, uncounted=False).add_columns(
        versions.c.described, versions.c.several_tracks, versions.c.hiring_organization
    )
    query = with_tag(query, model)
    for row in stream(connection, with_facts(query) if facts else query):
        yield OpenTag(
            board_url=row["board_url"],
            identifier=row["identifier"],
            version_id=row["version_id"],
            described=row["described"],
            several_tracks=row["several_tracks"],
            tag=tag_of(row),
            hiring_organization=row["hiring_organization"],
            facts=facts_of(row) if facts else (),
        )


def count_open(connection: Connection, at: datetime | None = None) -> list[OpenCount]:
    """Return how many postings each board had open at a moment, by address.

    A board without an open posting has a row of zeros; `RecordedBoard.last_seen_whole` shows whether that is a fact or
    a gap.

    Args:
        connection: Of `Store.read`.
        at: The moment; None for `fetch_now`.
    """
    moment = moment_of(connection, at)
    if moment is None:
        return []
    listed = (
        _open_at(moment, None, uncounted=True)
        .order_by(None)
        .add_columns(versions.c.redirects, is_counted().label("counted"))
        .subquery()
    )
    query = (
        select(
            boards_table.c.url.label("board_url"),
            _count(listed.c.counted).label("open"),
            _count(listed.c.redirects).label("redirects"),
            _count(and_(~listed.c.counted, ~listed.c.redirects)).label("no_openings"),
        )
        .outerjoin(listed, listed.c.board_url == boards_table.c.url)
        .group_by(boards_table.c.url)
        .order_by(boards_table.c.url)
    )
    return [OpenCount(**row) for row in connection.execute(query).mappings()]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _open_at(moment: datetime, board_urls: Collection[str] | None, *, uncounted: bool) -> Select[*tuple[Any, ...]]:
    """Begin a query for the postings open at a moment, in the versions of that moment."""
    return (
        select_postings(board_urls)
        .join(openings, openings.c.posting_id == postings_table.c.id)
        .join(versions, version_at(moment))
        .where(
            openings.c.opened_at <= moment,
            openings.c.closed_at.is_(None) | (openings.c.closed_at > moment),
            true() if uncounted else is_counted(),
        )
        .add_columns(versions.c.id.label("version_id"))
    )


def _last_seen_at(moment: datetime, whole: FromClause) -> ColumnElement[datetime]:
    """Return when an opening that spans a moment was last seen up to it: see `OpeningColumns`."""
    stored = openings.c.last_seen_at
    # The stored time may be later than the moment; the beginning of the opening never is.
    by_then = case((stored <= moment, stored), else_=openings.c.opened_at)
    return case(
        (openings.c.missing_since <= moment, stored),
        (whole.c.at > by_then, whole.c.at),
        else_=by_then,
    )
