"""Boards and runs as they were known, now and earlier, and the etag of a board."""

from __future__ import annotations

from postings.store import Store, queries
from postings.store.history import record
from tests.postings.store.examples import BOARD, OTHER, day, in_days, run, see, some


def test_boards_come_with_their_newest_runs(store: Store) -> None:
    record(store, run(3, board_url=OTHER), [])
    see(store, 0, some("a"), organization="Laternenfisch", company="Lanternfish", etag="e0")
    see(store, 1, some("a"), "incomplete")
    see(store, 2, [], "unchanged")
    see(store, 4, [], "blocked")
    with store.read() as connection:
        first, second = queries.fetch_boards(connection)
        assert (first.url, first.system, first.organization, first.company) == (
            BOARD, "moka", "Laternenfisch", "Lanternfish",
        )  # fmt: skip
        assert second.url == OTHER
        assert first.last_run is not None
        assert first.last_complete is not None
        assert (first.last_run.verdict, in_days(first.last_run.observed_at)) == ("blocked", 4)
        assert (first.last_complete.etag, in_days(first.last_complete.observed_at)) == ("e0", 0)
        assert in_days(first.last_seen_whole) == 2
        assert queries.fetch_now(connection) == day(4)


def test_a_board_keeps_the_key_of_the_last_run_that_states_it(store: Store) -> None:
    see(store, 0, some("a"))
    with store.read() as connection:
        [board] = queries.fetch_boards(connection)
        assert queries.fetch_undescribed(connection) == [BOARD]
    assert (board.key, board.several_employers) == (None, False)
    see(store, 1, some("a"), board_key="lanternfish", several_employers=True)
    see(store, 2, some("a"))
    with store.read() as connection:
        [board] = queries.fetch_boards(connection)
        assert queries.fetch_undescribed(connection) == []
    assert (board.key, board.several_employers) == ("lanternfish", True)


def test_boards_at_an_earlier_moment(store: Store) -> None:
    see(store, 0, some("a"), "failed")
    see(store, 2, some("a"))
    record(store, run(3, board_url=OTHER), [])
    with store.read() as connection:
        first, second = queries.fetch_boards(connection, day(1))
        assert first.last_run is not None
        assert (first.last_run.verdict, first.last_complete, first.last_seen_whole) == ("failed", None, None)
        assert (second.last_run, second.last_seen_whole) == (None, None)
        assert in_days(queries.fetch_boards(connection, day(2))[0].last_seen_whole) == 2


def test_runs_come_oldest_first(store: Store) -> None:
    see(store, 0, some("a", "b", "c"), pages=1, coverage={"title": 3})
    see(store, 1, some("b"), reported_total=1)
    record(store, run(0, board_url=OTHER), [])
    with store.read() as connection:
        first, second = queries.stream_runs(connection, BOARD)
    assert (first.opened, first.pages, first.coverage, first.held) == (3, 1, {"title": 3}, None)
    assert (second.seen, second.reported_total, second.closed) == (1, 1, 0)
    assert second.held is not None


def test_the_last_complete_runs_come_newest_first(store: Store) -> None:
    for at, verdict in enumerate(["complete", "complete", "failed", "complete", "incomplete", "unchanged"]):
        see(store, at, [] if verdict in ("failed", "unchanged") else some("a"), verdict, coverage={"title": at})
    record(store, run(9, board_url=OTHER), [])
    with store.read() as connection:
        assert [found.coverage["title"] for found in queries.fetch_complete_runs(connection, BOARD, 2)] == [3, 1]
        assert queries.fetch_complete_runs(connection, "https://jobs.example.org/nobody", 2) == []


def test_the_etag_is_that_of_the_last_complete_run(store: Store) -> None:
    see(store, 0, some("a", "b", "c"), etag="old")
    see(store, 1, some("a", "b", "c"), etag="new")
    see(store, 2, [], "failed")
    see(store, 3, [], "unchanged", etag="again")
    with store.read() as connection:
        assert queries.fetch_etag(connection, BOARD) == "new"


def test_there_is_no_etag_after_an_incomplete_run(store: Store) -> None:
    see(store, 0, some("a", "b"), etag="e0")
    see(store, 1, some("a", "c"), "incomplete", etag="of a part")
    with store.read() as connection:
        assert queries.fetch_etag(connection, BOARD) is None
    see(store, 2, some("a", "b"), etag="e0")
    with store.read() as connection:
        assert queries.fetch_etag(connection, BOARD) == "e0"


def test_there_is_no_etag_after_a_held_run(store: Store) -> None:
    see(store, 0, some("a", "b", "c"), etag="e0")
    see(store, 1, some("a"), etag="e1")
    with store.read() as connection:
        assert queries.fetch_etag(connection, BOARD) is None
    see(store, 2, some("a"), etag="e1")
    with store.read() as connection:
        assert queries.fetch_etag(connection, BOARD) == "e1"
