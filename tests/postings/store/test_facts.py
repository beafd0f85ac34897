"""Facts in the store: read once by each state of the readers, and a posting without an opening is not counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from postings.facts import Fact
from postings.store import Store, facts, queries
from postings.store.records import OpenCount
from tests.postings.store.examples import BOARD, posting, see, some

SEA = Fact("place", "the sea", None, "on the sea")


def read_all(store: Store, reader: str, read: Callable[[str], Sequence[Fact]] = lambda title: [SEA]) -> int:
    """Read what a reader has not read yet, and return how many versions these were."""
    done = 0
    with store.read() as connection:
        for batch in queries.stream_unread(connection, reader):
            done += facts.record(store, reader, [(version, read(version.posting.title)) for version in batch])
    return done


def facts_of(store: Store) -> dict[str, tuple[Fact, ...]]:
    with store.read() as connection:
        return {found.posting.identifier: found.facts for found in queries.stream_histories(connection)}


def test_a_version_is_read_once_by_each_reader_and_the_newest_reading_stands(store: Store) -> None:
    see(store, 0, some(*range(25)))
    assert read_all(store, "r1") == 25
    assert read_all(store, "r1") == 0
    see(store, 1, [posting(0, title="other"), *some(*range(1, 25))])
    with store.read() as connection:
        assert queries.count_unread(connection, "r1") == 1
    assert read_all(store, "r1") == 1
    assert set(facts_of(store).values()) == {(SEA,)}
    pay = Fact("pay_min", "EUR", 61_000.5, "61.000,50 €")
    assert read_all(store, "r2", lambda title: [pay]) == 26
    assert set(facts_of(store).values()) == {(pay,)}
    assert read_all(store, "r2") == 0


def test_facts_come_with_open_postings_where_they_are_asked_for(store: Store) -> None:
    see(store, 0, some("a"))
    read_all(store, "r1")
    with store.read() as connection:
        assert [tag.facts for tag in queries.stream_open_tags(connection, "m1", facts=True)] == [(SEA,)]
        assert [tag.facts for tag in queries.stream_open_tags(connection, "m1")] == [()]


def counts(store: Store) -> OpenCount:
    with store.read() as connection:
        [count] = queries.count_open(connection)
        tags = [tag.identifier for tag in queries.stream_open_tags(connection, "m1")]
        assert len(tags) == len(list(queries.stream_open_postings(connection))) == count.open
        every = list(queries.stream_open_postings(connection, uncounted=True))
        assert len(every) == count.open + count.redirects + count.no_openings
    return count


def test_a_posting_without_an_opening_is_kept_and_not_counted(store: Store) -> None:
    pool = [posting("c", title="Talent pool: keepers"), posting("d", title="人才库", redirects_to=f"{BOARD}/a")]
    see(store, 0, [*some("a", "b"), *pool])
    assert counts(store) == OpenCount(board_url=BOARD, open=2, redirects=1, no_openings=1)


def test_a_better_reader_decides_anew_whether_there_is_an_opening(store: Store) -> None:
    see(store, 0, [*some("a", "b"), posting("c", title="Talent pool: keepers")])
    assert read_all(store, "r1", lambda title: [Fact("no_opening", "event")] if title.endswith(" a") else []) == 3
    assert counts(store) == OpenCount(board_url=BOARD, open=2, redirects=0, no_openings=1)
    with store.read() as connection:
        assert [p.posting.identifier for p in queries.stream_open_postings(connection)] == ["b", "c"]
