"""What happened between two moments, and that nothing else is said to have happened."""

from __future__ import annotations

import random

import pytest

from postings.store import Store, queries
from postings.store.records import StoredEvent
from tests.postings.store.examples import BOARD, OTHER, day, in_days, posting, see, some, tag_all
from tests.postings.store.queries.test_counts import BOARDS, write_history


def events(store: Store, since: float = -1, until: float = 99) -> list[StoredEvent]:
    with store.read() as connection:
        return list(queries.stream_events(connection, "m1", since=day(since), until=day(until)))


def shown(found: list[StoredEvent]) -> list[tuple[float | None, str, str]]:
    return [(in_days(one.at), one.kind.value, one.identifier) for one in found]


def test_what_happened(store: Store) -> None:
    see(store, 0, some("a", "b", "c"))
    see(store, 1, [posting("a", title="other"), *some("c", "d")])
    see(store, 2, [posting("a", title="other"), *some("c")])
    see(store, 3, [posting("a", title="other"), posting("b", title="back"), *some("c")])
    tag_all(store, "m1")
    everything = [
        (1, "changed", "a"),
        (1, "closed", "b"),
        (1, "opened", "d"),
        (2, "closed", "d"),
        (3, "reopened", "b"),
    ]
    found = events(store)
    assert shown(found) == everything
    assert shown(events(store, 1, 2)) == [(2, "closed", "d")]
    titles = {(one.kind.value, one.identifier): one.version.title for one in found}
    assert titles["changed", "a"] == "other"
    assert (titles["closed", "b"], titles["reopened", "b"]) == (posting("b").title, "back")
    assert all(one.version.tag.tag and one.version.tag.tag.role == "storage" for one in found)
    with store.read() as connection:
        none = queries.stream_events(connection, "m1", since=day(-1), until=day(9), board_urls=[OTHER])
        assert list(none) == []


def test_what_a_board_held_at_first_and_what_does_not_count_has_no_events(store: Store) -> None:
    see(store, 0, some("a"), "incomplete")
    see(store, 1, some("a", "b"))
    see(store, 2, [*some("a", "b"), posting("c", redirects_to=BOARD)])
    see(store, 3, some("a", "b", "d"), "incomplete")
    assert shown(events(store)) == [(3, "opened", "d")]


@pytest.mark.parametrize("seed", range(2))
def test_events_are_the_beginnings_and_ends_of_spells(store: Store, seed: int) -> None:
    whole = write_history(store, random.Random(seed))
    expected = []
    with store.read() as connection:
        for spell in queries.stream_spells(connection, "m1", board_urls=BOARDS):
            first = spell.versions[0].observed_at
            changed = (one.observed_at for one in spell.versions if spell.opened_at < one.observed_at)
            moments = [("changed", at) for at in changed if spell.closed_at is None or at < spell.closed_at]
            if spell.opened_at > day(whole[spell.board_url][0]):
                moments.append(("reopened" if spell.opened_at > first else "opened", spell.opened_at))
            if spell.closed_at:
                moments.append(("closed", spell.closed_at))
            expected += [
                (at, spell.board_url, spell.identifier, kind)
                for kind, at in moments
                if spell.version_at(at).counted and day(5) < at <= day(20)
            ]
    found = [(one.at, one.board_url, one.identifier, one.kind.value) for one in events(store, 5, 20)]
    assert len(found) > 50
    assert found == sorted(expected)
