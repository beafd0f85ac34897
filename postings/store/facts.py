"""Writing the facts that the readers find in versions of postings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, delete, insert, update

from postings.facts import Fact
from postings.store.batches import batches
from postings.store.database import Store
from postings.store.records import UnreadVersion
from postings.store.schema import readings, versions


def record(store: Store, reader: str, read: Iterable[tuple[UnreadVersion, Sequence[Fact]]]) -> int:
    """Write the facts of versions in one transaction, in place of those that other readers found.

    Args:
        store: The store to write to.
        reader: The `postings.facts.FACTS_VERSION` that read them.
        read: Pairs of a version (see `queries.stream_unread`) and its facts.

    Returns:
        How many versions were written.

    Raises:
        StoreError: The store cannot be written.
    """
    written = 0
    with store.write() as connection:
        for batch in batches(read):
            ids = [version.version_id for version, _ in batch]
            connection.execute(delete(readings).where(readings.c.version_id.in_(ids)))
            connection.execute(
                insert(readings),
                [{"version_id": version.version_id, "reader": reader, "facts": facts} for version, facts in batch],
            )
            reasons = [
                {"of_id": version.version_id, "reason": reason}
                for version, facts in batch
                if (reason := _no_opening(facts)) != version.no_opening
            ]
            if reasons:
                changed = update(versions).where(versions.c.id == bindparam("of_id"))
                connection.execute(changed.values(no_opening=bindparam("reason")), reasons)
            written += len(batch)
    return written


def _no_opening(facts: Iterable[Fact]) -> str | None:
    return next((fact.value for fact in facts if fact.kind == "no_opening"), None)
