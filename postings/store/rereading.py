"""Rewriting the contents of versions that better readers read anew: no posting changed, so no version is added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from postings.posting import JobPosting
from postings.store.batches import BATCH, batches
from postings.store.database import Store
from postings.store.history import version_values
from postings.store.records import VersionOfSystem
from postings.store.schema import boards, readings, versions
from postings.store.schema import postings as postings_table


def stream_versions(connection: Connection, size: int = BATCH) -> Iterator[list[VersionOfSystem]]:
    """Yield every version with its board's system, oldest first, in lists of at most ``size``.

    Versions may be rewritten between one list and the next.
    """
    after = 0
    while True:
        query = (
            select(versions.c.id, versions.c.observed_at, versions.c.content, boards.c.system)
            .join(postings_table, postings_table.c.id == versions.c.posting_id)
            .join(boards, boards.c.id == postings_table.c.board_id)
            .where(versions.c.id > after)
            .order_by(versions.c.id)
            .limit(size)
        )
        rows = connection.execute(query).all()
        if not rows:
            return
        yield [
            VersionOfSystem(
                version_id=row.id,
                system=row.system,
                observed_at=row.observed_at,
                posting=JobPosting.from_dict(row.content),
            )
            for row in rows
        ]
        after = rows[-1].id


def rewrite(store: Store, contents: Iterable[tuple[int, JobPosting]]) -> int:
    """Give versions other contents, in one transaction; their facts are read again.

    Args:
        store: The store to write to.
        contents: Pairs of a version's id and its content.

    Returns:
        How many versions were rewritten.

    Raises:
        StoreError: The store cannot be written.
    """
    written = 0
    with store.write() as connection:
        for batch in batches(contents):
            rows = [{"of_id": version_id, **_values(posting)} for version_id, posting in batch]
            names: Mapping[str, Any] = {name: bindparam(name) for name in rows[0] if name != "of_id"}
            connection.execute(update(versions).where(versions.c.id == bindparam("of_id")).values(names), rows)
            connection.execute(delete(readings).where(readings.c.version_id.in_([row["of_id"] for row in rows])))
            written += len(rows)
    return written


def _values(posting: JobPosting) -> dict[str, Any]:
    return {"content_hash": posting.content_hash, **version_values(posting)}
