"""A live board goes on from a recorded history: one board, whatever was read first, and however often it is joined."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from postings import JobPosting
from postings.period import Period
from postings.store import Store, queries
from postings.store.continuing import Continuation, continue_history
from postings.store.records import EventKind
from postings.store.schema import metadata
from tests.postings.store.examples import BOARD, OTHER, day, in_days, posting, see, some, tag_all

HISTORY = "history+lanternfish"
Days = dict[float, list[JobPosting]]


def recorded(store: Store, days: Days) -> None:
    for at, postings in days.items():
        see(store, at, postings, board_url=HISTORY, system="history")


def crawled(store: Store, days: Days, board: str = BOARD) -> None:
    for at, postings in days.items():
        see(store, at, postings, board_url=board, company="Lanternfish")


def join(store: Store) -> Continuation | None:
    return continue_history(store, HISTORY, [BOARD])


def spells(store: Store) -> list[tuple[Any, ...]]:
    """Every opening that queries show, with when it was last seen."""
    tag_all(store, "m1")
    with store.read() as connection:
        found = queries.stream_spells(connection, "m1", board_urls=[BOARD, HISTORY])
        last = {one.posting.identifier: in_days(one.last_seen) for one in queries.stream_histories(connection)}
        return [
            (one.board_url, one.identifier, in_days(one.opened_at), in_days(one.closed_at), last[one.identifier])
            for one in found
        ]


def everything(store: Store) -> dict[str, list[Any]]:
    """All rows of all tables, without their keys."""
    with store.read() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(*[c for c in table.c if "id" not in c.name]))))
            for table in metadata.sorted_tables
        }


PAST: Days = {0: some("a", "b", "c"), 1: some("a", "b", "c", "d"), 2: some("a", "c", "d")}
LIVE: Days = {4: some("a", "d", "e"), 5: some("a", "d", "e")}


@pytest.mark.parametrize("first", [recorded, crawled])
def test_what_was_open_goes_on(store: Store, first: Callable[[Store, Days], None]) -> None:
    second = crawled if first is recorded else recorded
    for write in (first, second):
        write(store, PAST if write is recorded else LIVE)
    joined = join(store)
    assert joined
    assert (in_days(joined.at), joined.shared, joined.copied, joined.uncounted) == (4, 2, 3, 0)
    assert spells(store) == [
        (BOARD, "a", 0, None, 5),
        (BOARD, "b", 0, 2, 1),
        (BOARD, "c", 0, 4, 2),
        (BOARD, "d", 1, None, 5),
        (BOARD, "e", 4, None, 5),
    ]
    with store.read() as connection:
        [count] = [one for one in queries.count_open(connection) if one.open]
        assert (count.board_url, count.open) == (BOARD, 3)
        counts = list(queries.stream_counts(connection, "m1", by=Period.DAY))
        assert {one.company for one in counts} == {"Lanternfish"}
        assert [sum(one.open.values()) if one.complete else None for one in counts] == [3, 4, 3, None, 3, 3]
        found = queries.stream_events(connection, "m1", since=day(-1), until=day(9))
        assert [(in_days(one.at), one.kind.value, one.identifier) for one in found] == [
            (1, "opened", "d"),
            (2, "closed", "b"),
            (4, "closed", "c"),
            (4, "opened", "e"),
        ]
    again = everything(store)
    assert join(store) == joined
    assert everything(store) == again


@pytest.mark.parametrize("seed", range(8))
def test_it_is_as_if_one_board_had_been_seen_all_the_time(store: Store, seed: int) -> None:
    dice = random.Random(seed)
    days = {at: some(*dice.sample("abcdefgh", dice.randint(6, 8))) for at in range(dice.randint(6, 14))}
    cut = dice.randint(2, len(days) - 1)
    crawled(store, days)
    expected = spells(store)
    with store.write() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    past, live = ({at: days[at] for at in days if (at < cut) is early} for early in (True, False))
    if dice.random() < 0.5:  # the history also goes beyond the beginning of the live board
        past |= {cut + 0.5: some("a"), cut + 1.5: some("x", "y", "z")}
    crawled(store, live)
    # The history comes in two parts, and is joined after each.
    half = dict(list(past.items())[: dice.randint(1, cut)])
    recorded(store, half)
    join(store)
    recorded(store, past)
    assert join(store)
    # A posting that the history holds back as missing, and the live board does not confirm, is open in neither.
    assert spells(store) == expected


def test_more_of_a_posting_is_no_change_of_it(store: Store) -> None:
    recorded(store, {0: some("a", "b")})
    crawled(store, {2: [posting("a", description="lights"), posting("b")], 3: [posting("a", description="dark")]})
    assert join(store)
    tag_all(store, "m1")
    with store.read() as connection:
        found = queries.stream_events(connection, "m1", since=day(0), until=day(9))
        assert [(in_days(one.at), one.kind) for one in found] == [(3, EventKind.CHANGED), (3, EventKind.CLOSED)]


def test_the_board_with_most_ids_in_common_goes_on(store: Store) -> None:
    recorded(store, {0: some("a", "b", "c")})
    crawled(store, {1: some("a")}, OTHER)
    crawled(store, {2: some("b", "c")})
    joined = continue_history(store, HISTORY, [OTHER, BOARD])
    assert joined
    assert joined.board_url == BOARD
    crawled(store, {3: some("a", "b", "c")}, OTHER)
    again = continue_history(store, HISTORY, [OTHER, BOARD])
    assert again == joined  # once and for all


@pytest.mark.parametrize(
    ("past", "live", "verdict"),
    [
        pytest.param({0: some("a")}, {1: some("b")}, "complete", id="no id in common"),
        pytest.param({0: [posting("1", title="Cook")]}, {1: [posting("1", title="Diver")]}, "complete", id="titles"),
        pytest.param({0: some("a")}, {1: some("a")}, "incomplete", id="never seen whole"),
        pytest.param({2: some("a")}, {1: some("a")}, "complete", id="not older"),
    ],
)
def test_what_does_not_agree_is_not_joined(store: Store, past: Days, live: Days, verdict: str) -> None:
    recorded(store, past)
    for at, postings in live.items():
        see(store, at, postings, verdict)
    before = everything(store)
    assert join(store) is None
    assert continue_history(store, "history+nobody", [BOARD]) is None
    assert continue_history(store, HISTORY, []) is None
    assert everything(store) == before
