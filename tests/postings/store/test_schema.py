"""Moments in UTC, and what the database itself refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import exc, insert, select

from postings.store import Store
from postings.store.schema import openings, postings, version_at, versions
from tests.postings.store.examples import day, posting, see, some

EAST = timezone(timedelta(hours=8))


def test_a_moment_is_the_same_whatever_its_zone(store: Store) -> None:
    see(store, 0, [posting("a", valid_through=datetime(2030, 1, 1, 8, tzinfo=EAST))])
    with store.read() as connection:
        deadline = connection.scalar(select(versions.c.valid_through))
    assert deadline == datetime(2030, 1, 1, tzinfo=UTC)
    assert deadline.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_not_stored(store: Store) -> None:
    see(store, 0, some("a"))
    naive = day(0).replace(tzinfo=None)
    with pytest.raises(exc.StatementError, match="without a zone"), store.write() as connection:
        connection.execute(versions.update().values(valid_through=naive))


def test_a_posting_has_one_current_opening_at_most(store: Store) -> None:
    see(store, 0, some("a"))
    with store.read() as connection:
        posting_id = connection.scalars(select(postings.c.id)).one()
    second = insert(openings).values(posting_id=posting_id, opened_at=day(1), last_seen_at=day(1))
    with pytest.raises(exc.IntegrityError), store.write() as connection:
        connection.execute(second)
    with store.write() as connection:
        connection.execute(second.values(closed_at=day(2)))


def test_each_posting_is_joined_to_its_version_of_the_moment(store: Store) -> None:
    see(store, 0, some("a", "b"))
    see(store, 2, [posting("a", title="later"), *some("b")])

    def titles(moment: datetime | None) -> list[str]:
        query = select(versions.c.content).select_from(postings).join(versions, version_at(moment))
        with store.read() as connection:
            return [content["title"] for content in connection.scalars(query.order_by(postings.c.identifier))]

    old, other = posting("a").title, posting("b").title
    assert titles(day(-1)) == []
    assert titles(day(0)) == titles(day(1)) == [old, other]
    assert titles(day(2)) == titles(None) == ["later", other]
