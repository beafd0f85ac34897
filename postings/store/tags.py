"""Writing the tags that models give to versions of postings."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from postings.store.batches import batches
from postings.store.database import Store, insert_new
from postings.store.records import StoredTag
from postings.store.schema import models
from postings.store.schema import tags as tags_table


def record(store: Store, tags: Iterable[tuple[int, StoredTag]]) -> int:
    """Write tags in one transaction; those that the same model wrote before stay as they are.

    A model is identified by its hash, so its tag of a version never changes; tags of several models stand side by
    side.

    Args:
        store: The store to write to.
        tags: Pairs of a version's id (see `queries.stream_untagged`) and its tag.

    Returns:
        How many were new.

    Raises:
        StoreError: The store cannot be written.
    """
    written = 0
    with store.write() as connection:
        for batch in batches(tags):
            rows = [
                {
                    "version_id": version_id,
                    "model": tag.model,
                    "taxonomy": tag.taxonomy,
                    "role": tag.role,
                    "focus": tag.focus,
                    "confidence": tag.confidence,
                    "roles": dict(tag.roles),
                }
                for version_id, tag in batch
            ]
            for name in sorted({tag.model for _, tag in batch}):
                if connection.scalar(select(models.c.id).where(models.c.name == name)) is None:
                    connection.execute(insert_new(connection, models).values(name=name))
            new = insert_new(connection, tags_table).returning(tags_table.c.version_id)
            written += len(connection.execute(new, rows).all())
    return written
