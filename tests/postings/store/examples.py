"""Small runs and postings of a fictional board, for the tests of the store."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, select

from postings import BoardRun, JobPosting, Verdict
from postings.store import Store, queries, tags
from postings.store.history import Changes, record
from postings.store.records import StoredTag
from postings.store.schema import boards, metadata, openings, postings, versions

BOARD = "https://jobs.example.org/lanternfish"
OTHER = f"{BOARD}/other"
EPOCH = datetime(2026, 3, 1, 6, tzinfo=UTC)


def day(number: float) -> datetime:
    """The moment of the run on a day."""
    return EPOCH + timedelta(days=number)


def posting(identifier: object, **values: Any) -> JobPosting:
    return JobPosting(
        **{
            "identifier": str(identifier),
            "title": f"灯塔工程师 Lighthouse engineer {identifier}",
            "url": f"{BOARD}/{identifier}",
        }
        | values
    )


def some(*identifiers: object) -> list[JobPosting]:
    return [posting(identifier) for identifier in identifiers]


def run(at: float, verdict: str = "complete", **values: Any) -> BoardRun:
    return BoardRun(
        **{
            "board_url": BOARD,
            "system": "moka",
            "observed_at": day(at),
            "verdict": Verdict(verdict),
            "reason": "as the test says",
        }
        | values
    )


def see(
    store: Store,
    at: float,
    seen: Iterable[JobPosting] = (),
    verdict: str = "complete",
    company: str | None = None,
    **values: Any,
) -> Changes:
    """Record a run over the board."""
    return record(store, run(at, verdict, **values), seen, company=company)


def tag(model: str = "m1", role: str | None = "storage") -> StoredTag:
    return StoredTag(model=model, taxonomy="1", role=role, confidence=0.75, roles={"storage": 0.75, "compute": 0.25})


def tag_all(store: Store, model: str, role: str | None = "storage") -> int:
    """Tag all versions that a model has not tagged yet, and return how many these were."""
    with store.read() as connection:
        return sum(
            tags.record(store, [(version.version_id, tag(model, role)) for version in batch])
            for batch in queries.stream_untagged(connection, model)
        )


_ROW_COUNTS = select(
    *(select(func.count()).select_from(table).scalar_subquery().label(table.name) for table in metadata.sorted_tables)
)


def row_counts(store: Store) -> dict[str, int]:
    """How many rows each table has."""
    with store.read() as connection:
        return dict(connection.execute(_ROW_COUNTS).mappings().one())


def spells(store: Store, board_url: str = BOARD) -> dict[str, list[tuple[Any, ...]]]:
    """Each posting's openings in order: (opened, closed, missing since, reason), in days where times."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows_of(store, openings, board_url):
        found.setdefault(row.identifier, []).append(
            (in_days(row.opened_at), in_days(row.closed_at), in_days(row.missing_since), row.closed_reason)
        )
    return found


def hashes(store: Store, board_url: str = BOARD) -> dict[str, list[tuple[float | None, str]]]:
    """Each posting's versions in order: (first seen, in days; content hash)."""
    found: dict[str, list[tuple[float | None, str]]] = {}
    for row in rows_of(store, versions, board_url):
        found.setdefault(row.identifier, []).append((in_days(row.observed_at), row.content_hash))
    return found


def rows_of(store: Store, table: Table[Any], board_url: str) -> list[Any]:
    with store.read() as connection:
        return list(connection.execute(_rows_query(table), {"board_url": board_url}))


@functools.cache
def _rows_query(table: Table[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(postings.c.identifier, table)
        .join(boards, boards.c.id == postings.c.board_id)
        .join(table, table.c.posting_id == postings.c.id)
        .where(boards.c.url == bindparam("board_url"))
        .order_by(table.c.id)
    )


def in_days(moment: datetime | None) -> float | None:
    return None if moment is None else (moment - EPOCH) / timedelta(days=1)
