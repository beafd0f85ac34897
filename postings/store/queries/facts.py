"""Reading which versions the present readers have not read yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from postings.posting import JobPosting
from postings.store.batches import BATCH
from postings.store.records import UnreadVersion
from postings.store.schema import readings, versions


def stream_unread(connection: Connection, reader: str, size: int = BATCH) -> Iterator[list[UnreadVersion]]:
    """Yield the versions whose facts a state of the readers has not read, oldest first, in lists of at most ``size``.

    Facts may be written between one list and the next (see `postings.store.facts.record`).
    """
    after = 0
    while True:
        unread = _unread(reader).where(versions.c.id > after).order_by(versions.c.id).limit(size)
        rows = connection.execute(
            unread.with_only_columns(versions.c.id, versions.c.content, versions.c.observed_at, versions.c.no_opening)
        ).all()
        if not rows:
            return
        yield [
            UnreadVersion(
                version_id=row.id,
                posting=JobPosting.from_dict(row.content),
                observed_at=row.observed_at,
                no_opening=row.no_opening,
            )
            for row in rows
        ]
        after = rows[-1].id


def count_unread(connection: Connection, reader: str) -> int:
    """Return how many versions a state of the readers has not read."""
    return connection.scalar(_unread(reader).with_only_columns(func.count())) or 0


def _unread(reader: str) -> Select[*tuple[Any, ...]]:
    read = and_(readings.c.version_id == versions.c.id, readings.c.reader == reader)
    return select(versions.c.id).outerjoin(readings, read).where(readings.c.version_id.is_(None))
