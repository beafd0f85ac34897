"""Parts of queries that several of them share."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    Subquery,
    and_,
    func,
    literal,
    select,
)

from postings.facts import Fact
from postings.posting import utc
from postings.store.batches import BATCH
from postings.store.records import (
    OpenTag,
    StoredTag,
    TaggedVersion,
)
from postings.store.schema import (
    boards as boards_table,
)
from postings.store.schema import (
    postings as postings_table,
)
from postings.store.schema import (
    readings,
    tags,
    versions,
)
from postings.store.schema import (
    runs as runs_table,
)
from postings.verdict import Verdict

WHOLE = (Verdict.COMPLETE, Verdict.UNCHANGED)
"""The verdicts of runs that covered every posting of their board."""


def stream(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[RowMapping]:
    """Run a query without holding all of its result in memory."""
    return iter(connection.execute(query, execution_options={"yield_per": BATCH}).mappings())


def fetch_now(connection: Connection) -> datetime | None:
    """Return the time of the newest run over any board that counts, "now" for every query; None without a run."""
    uncounted = select(boards_table.c.id).where(boards_table.c.continued_by.is_not(None))
    return connection.scalar(select(func.max(runs_table.c.observed_at)).where(runs_table.c.board_id.not_in(uncounted)))


def moment_of(connection: Connection, at: datetime | None) -> datetime | None:
    """Return a moment in UTC, `fetch_now` for None."""
    return fetch_now(connection) if at is None else utc(at)


def select_postings(board_urls: Collection[str] | None) -> Select[*tuple[Any, ...]]:
    """Begin a query for postings of some boards, by board and identifier.

    Those of a recorded history that a live board goes on from are left out: that board has them.
    """
    query = (
        select(boards_table.c.url.label("board_url"), postings_table.c.identifier)
        .select_from(boards_table)
        .join(postings_table, postings_table.c.board_id == boards_table.c.id)
        .where(boards_table.c.continued_by.is_(None))
        .order_by(boards_table.c.url, postings_table.c.identifier)
    )
    return query if board_urls is None else query.where(boards_table.c.url.in_(sorted(board_urls)))


def last_whole(moment: datetime | None) -> Subquery:
    """Select, by board, the newest run up to a moment that covered the whole board."""
    query = select(runs_table.c.board_id, func.max(runs_table.c.observed_at).label("at")).where(
        runs_table.c.verdict.in_(WHOLE)
    )
    if moment is not None:
        query = query.where(runs_table.c.observed_at <= moment)
    return query.group_by(runs_table.c.board_id).subquery()


def with_tag(query: Select[*tuple[Any, ...]], model: str | None) -> Select[*tuple[Any, ...]]:
    """Add a model's tag of each row's version to a query, where there is one."""
    if model is None:
        return query.add_columns(literal(None).label("model"))
    return query.outerjoin(tags, and_(tags.c.version_id == versions.c.id, tags.c.model == model)).add_columns(
        tags.c.model, tags.c.taxonomy, tags.c.role, tags.c.focus, tags.c.confidence, tags.c.roles
    )


def with_facts(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Add the facts of each row's version to a query, null where they have not been read."""
    return query.outerjoin(readings, readings.c.version_id == versions.c.id).add_columns(readings.c.facts)


def facts_of(row: RowMapping) -> tuple[Fact, ...]:
    """Return the facts in a row of a query `with_facts`."""
    return tuple(Fact(*fact) for fact in row["facts"] or ())


def tag_of(row: RowMapping) -> StoredTag | None:
    """Return the tag in a row of a query `with_tag`."""
    if row["model"] is None:
        return None
    return StoredTag(
        model=row["model"],
        taxonomy=row["taxonomy"],
        role=row["role"],
        focus=row["focus"],
        confidence=row["confidence"],
        roles=row["roles"],
    )


def with_version(query: Select[*tuple[Any, ...]], model: str) -> Select[*tuple[Any, ...]]:
    """Add what `tagged_version` reads of each row's version to a query, with a model's tag where there is one."""
    columns = query.add_columns(
        versions.c.id.label("version_id"),
        versions.c.observed_at,
        versions.c.described,
        versions.c.several_tracks,
        versions.c.hiring_organization,
        versions.c.redirects,
        versions.c.no_opening,
        versions.c.content["title"].as_string().label("title"),
        versions.c.content["url"].as_string().label("url"),
        versions.c.content["date_posted"].as_string().label("date_posted"),
    )
    return with_tag(columns, model)


def tagged_version(row: RowMapping, *, facts: bool = False, texts: bool = False) -> TaggedVersion:
    """Return the version in a row of a query `with_version`, and `with_facts` where it has them."""
    tag = OpenTag(
        board_url=row["board_url"],
        identifier=row["identifier"],
        version_id=row["version_id"],
        described=row["described"],
        several_tracks=row["several_tracks"],
        tag=tag_of(row),
        hiring_organization=row["hiring_organization"],
        facts=facts_of(row) if facts else (),
    )
    return TaggedVersion(
        observed_at=row["observed_at"],
        tag=tag,
        counted=not row["redirects"] and row["no_opening"] is None,
        title=row["title"],
        url=row["url"],
        date_posted=row["date_posted"],
        text=row["text"] if texts else "",
    )
