"""Reading tags: which versions are left to tag, which models have tagged, and how two models differ."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import (
    Connection,
    and_,
    func,
    select,
)

from postings.posting import JobPosting
from postings.store.batches import BATCH
from postings.store.records import (
    RoleChange,
    TaggedBy,
    UntaggedVersion,
)
from postings.store.schema import (
    tags,
    versions,
)


def stream_untagged(connection: Connection, model: str, size: int = BATCH) -> Iterator[list[UntaggedVersion]]:
    """Yield the versions that a model has not tagged, oldest first, in lists of at most ``size``.

    Tags may be written between one list and the next (see `postings.store.tags.record`).
    """
    after = 0
    while True:
        query = (
            select(versions.c.id, versions.c.content)
            .outerjoin(tags, and_(tags.c.version_id == versions.c.id, tags.c.model == model))
            .where(tags.c.version_id.is_(None), versions.c.id > after)
            .order_by(versions.c.id)
            .limit(size)
        )
        rows = connection.execute(query).all()
        if not rows:
            return
        yield [UntaggedVersion(version_id=row.id, posting=JobPosting.from_dict(row.content)) for row in rows]
        after = rows[-1].id


def count_untagged(connection: Connection, model: str) -> int:
    """Return how many versions a model has not tagged."""
    tagged = select(tags.c.version_id).where(tags.c.version_id == versions.c.id, tags.c.model == model)
    return connection.scalar(select(func.count()).select_from(versions).where(~tagged.exists())) or 0


def fetch_models(connection: Connection) -> list[TaggedBy]:
    """Return the models whose tags are in the store, by name."""
    query = select(tags.c.model, func.count().label("versions")).group_by(tags.c.model)
    return sorted((TaggedBy(**row) for row in connection.execute(query).mappings()), key=lambda tagged: tagged.model)


def count_role_changes(connection: Connection, before: str, after: str) -> list[RoleChange]:
    """Return how the versions that two models have both tagged are spread over pairs of their roles.

    Args:
        connection: Of `Store.read`.
        before: The first model's hash.
        after: The second model's hash.

    Returns:
        A record for each pair that occurs, including pairs of the same role; most versions first, then by roles.
    """
    old, new = tags.alias(), tags.alias()
    query = (
        select(old.c.role.label("before"), new.c.role.label("after"), func.count().label("versions"))
        .join(new, new.c.version_id == old.c.version_id)
        .where(old.c.model == before, new.c.model == after)
        .group_by(old.c.role, new.c.role)
    )
    found = [RoleChange(**row) for row in connection.execute(query).mappings()]
    return sorted(found, key=lambda change: (-change.versions, change.before or "", change.after or ""))
