"""What the store says when asked: now and at earlier moments, in a stated order."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import timedelta, timezone

import pytest
from sqlalchemy import Connection, text

from postings import JobPosting
from postings.store import Store, queries
from postings.store.history import record
from postings.store.records import OpenCount
from tests.postings.examples import BOARD, day, in_days, posting, run, see, some

OTHER = f"{BOARD}/other"


def opened(store: Store, at: float | None = None, **arguments: object) -> list[str]:
    """The identifiers of what is open on a day."""
    with store.read() as connection:
        moment = None if at is None else day(at)
        found = queries.stream_open_postings(connection, moment, **arguments)  # type: ignore[arg-type]
        return [p.posting.identifier for p in found]


def last_seen(store: Store, identifier: str, at: float | None = None) -> float | None:
    """When, in days, an open posting was last seen as of a day."""
    with store.read() as connection:
        moment = None if at is None else day(at)
        [found] = [p for p in queries.stream_open_postings(connection, moment) if p.posting.identifier == identifier]
        return in_days(found.last_seen)


def test_an_empty_store_has_nothing(store: Store) -> None:
    with store.read() as connection:
        assert queries.fetch_now(connection) is None
        assert queries.fetch_boards(connection) == []
        assert queries.count_open(connection) == []
        assert list(queries.stream_open_postings(connection)) == []
        assert list(queries.stream_open_tags(connection, "m1")) == []
        assert list(queries.stream_histories(connection)) == []
        assert list(queries.stream_untagged(connection, "m1")) == []
        assert list(queries.stream_runs(connection, BOARD)) == []
        assert queries.fetch_etag(connection, BOARD) is None


# --- boards and runs ------------------------------------------------------------------------------


def test_boards_tell_how_well_they_are_known(store: Store) -> None:
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


def test_a_boards_name_is_the_users_else_its_own_else_its_key_else_its_address(store: Store) -> None:
    def name() -> tuple[str, bool]:
        with store.read() as connection:
            [board] = queries.fetch_boards(connection)
            return board.name, board.is_search

    see(store, 0)
    assert name() == (BOARD, False)
    see(store, 1, board_key="lanternfish", several_employers=True)
    assert name() == ("lanternfish", True)
    see(store, 2, organization="Laternenfisch")
    assert name() == ("Laternenfisch", True)
    see(store, 3, company="Lanternfish")
    assert name() == ("Lanternfish", False)  # its postings are all shown under the name that the user gave


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


def test_an_etag_does_not_speak_for_what_an_incomplete_run_wrote(store: Store) -> None:
    see(store, 0, some("a", "b"), etag="e0")
    see(store, 1, some("a", "c"), "incomplete", etag="of a part")
    with store.read() as connection:
        assert queries.fetch_etag(connection, BOARD) is None
    see(store, 2, some("a", "b"), etag="e0")
    with store.read() as connection:
        assert queries.fetch_etag(connection, BOARD) == "e0"


def test_a_held_run_must_be_confirmed_by_a_whole_answer(store: Store) -> None:
    see(store, 0, some("a", "b", "c"), etag="e0")
    see(store, 1, some("a"), etag="e1")
    with store.read() as connection:
        assert queries.fetch_etag(connection, BOARD) is None
    see(store, 2, some("a"), etag="e1")
    with store.read() as connection:
        assert queries.fetch_etag(connection, BOARD) == "e1"


def test_histories_of_one_board_hold_its_postings_open_or_not(store: Store) -> None:
    see(store, 0, some("b", "a", "c"))
    see(store, 1, [posting("b", title="other"), posting("a")])
    record(store, run(1, board_url=OTHER), some("z"))
    with store.read() as connection:
        found = list(queries.stream_histories(connection, board_urls=[BOARD]))
    assert [(p.posting.identifier, p.closed_at is None) for p in found] == [("a", True), ("b", True), ("c", False)]
    assert found[1].posting.content_hash == posting("b", title="other").content_hash


# --- what is open ---------------------------------------------------------------------------------


def test_what_is_open_at_a_moment(store: Store) -> None:
    see(store, 1, some("a", "b", "c"))
    see(store, 2, [posting("a", title="other"), posting("b")])
    see(store, 3, some("a", "b", "c", "d"))
    assert opened(store, 0.5) == []
    assert opened(store, 1) == ["a", "b", "c"]
    assert opened(store, 1.9) == ["a", "b", "c"]
    assert opened(store, 2) == ["a", "b"]
    assert opened(store) == opened(store, 3) == opened(store, 99) == ["a", "b", "c", "d"]
    with store.read() as connection:
        titles = [next(queries.stream_open_postings(connection, day(at))).posting.title for at in (1, 2, 3)]
        eastern = day(1).astimezone(timezone(timedelta(hours=14)))
        assert len(list(queries.stream_open_postings(connection, eastern))) == 3
        c = list(queries.stream_open_postings(connection))[2]
    assert titles == [posting("a").title, "other", posting("a").title]
    assert (in_days(c.first_seen), in_days(c.opened_at)) == (1, 3)


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    see(store, 0, some("a"))
    with store.read() as connection, pytest.raises(ValueError, match="without a zone"):
        list(queries.stream_open_postings(connection, day(0).replace(tzinfo=None)))


def test_moved_postings_are_counted_apart(store: Store) -> None:
    see(store, 0, some("a", "b"))
    see(store, 1, [posting("a", redirects_to=f"{BOARD}/b"), posting("b")])
    record(store, run(1, board_url=OTHER), [])
    assert opened(store) == ["b"]
    assert opened(store, redirects=True) == ["a", "b"]
    assert opened(store, 0) == ["a", "b"]
    with store.read() as connection:
        assert queries.count_open(connection) == [
            OpenCount(board_url=BOARD, open=1, redirects=1),
            OpenCount(board_url=OTHER, open=0, redirects=0),
        ]
        assert queries.count_open(connection, day(0))[0] == OpenCount(board_url=BOARD, open=2, redirects=0)


def test_postings_come_by_board_and_identifier_by_code_point(store: Store) -> None:
    names = ["a", "B", "_", "ä", "京", "10", "9", "\U0001f680", "\uffee"]
    record(store, run(0, board_url=OTHER), some("z"))
    see(store, 0, some(*names))
    assert opened(store) == [*sorted(names), "z"]
    assert opened(store, board_urls=[OTHER]) == ["z"]
    assert opened(store, board_urls=[]) == []


def test_last_seen_follows_the_runs_that_covered_a_posting(store: Store) -> None:
    see(store, 0, some("a", "b", "c"))
    assert last_seen(store, "a") == 0
    see(store, 1, some("a", "b", "c"))
    see(store, 2, some("a"), "incomplete")
    see(store, 3, [], "failed")
    assert last_seen(store, "a") == 1  # known only of whole runs, where nothing changed
    see(store, 4, [], "unchanged")
    assert [last_seen(store, "a", at) for at in (0, 0.5, 1, 3, 4, 9)] == [0, 0, 1, 1, 4, 4]
    see(store, 5, some("a", "new"), "incomplete")
    assert last_seen(store, "new") == 5
    see(store, 6, some("a"))
    assert last_seen(store, "b") == 4
    assert last_seen(store, "a") == 6
    see(store, 7, some("a"))
    with store.read() as connection:
        found = {p.posting.identifier: p for p in queries.stream_histories(connection)}
    assert {name: (in_days(p.last_seen), in_days(p.closed_at)) for name, p in found.items()} == {
        "a": (7, None), "b": (4, 6), "c": (4, 6), "new": (5, 6),
    }  # fmt: skip


def test_a_missing_posting_says_so(store: Store) -> None:
    see(store, 0, some("a", "b", "c"))
    see(store, 1, some("a"))
    with store.read() as connection:
        found = {p.posting.identifier: p for p in queries.stream_open_postings(connection)}
        earlier = list(queries.stream_open_postings(connection, day(0)))
    assert (in_days(found["b"].missing_since), in_days(found["b"].last_seen)) == (1, 0)
    assert (found["a"].missing_since, in_days(found["a"].last_seen)) == (None, 1)
    assert {p.missing_since for p in earlier} == {None}


# --- histories ---------------------------------------------------------------------------------


def test_histories_hold_every_posting_in_its_newest_state(store: Store) -> None:
    see(store, 0, some("a", "b", "c"))
    see(store, 1, [posting("a"), posting("c", title="other"), posting("moved", redirects_to=OTHER)])
    see(store, 2, [*some("a", "b"), posting("c", title="other")], gone_identifiers=("moved",))
    with store.read() as connection:
        found = list(queries.stream_histories(connection))
        newest = [p.posting.identifier for p in queries.stream_histories(connection, newest_first=True)]
        assert list(queries.stream_histories(connection, board_urls=[OTHER])) == []
    assert [
        (p.posting.identifier, *map(in_days, (p.first_seen, p.changed_at, p.opened_at, p.closed_at))) for p in found
    ] == [("a", 0, 0, 0, None), ("b", 0, 0, 2, None), ("c", 0, 1, 0, None), ("moved", 1, 1, 1, 2)]
    assert found[2].posting.title == "other"
    assert found[3].closed_reason == "gone"
    assert newest == ["moved", "a", "b", "c"]


@pytest.mark.parametrize("query", [queries.stream_open_postings, queries.stream_histories])
def test_reading_does_not_hold_the_whole_store(store: Store, query: Callable[[Connection], object]) -> None:
    def postings(board: str, size: int) -> list[JobPosting]:
        return [posting(f"{board}{number}", description="x" * 2000) for number in range(size)]

    record(store, run(0, board_url="small"), postings("small", 1000))
    record(store, run(0, board_url="large"), postings("large", 4000))

    def peak(board: str) -> int:
        tracemalloc.start()
        with store.read() as connection:
            for _ in query(connection, board_urls=[board]):  # type: ignore[call-arg, attr-defined]
                pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak("small")
    assert peak("large") < 2 * peak("small")


def test_a_server_hands_out_rows_as_they_are_read(store: Store) -> None:
    """What its driver would hold otherwise, Python's own count of memory does not show."""
    if store.url.get_backend_name() == "sqlite":
        pytest.skip("SQLite has no server")
    see(store, 0, some("a"))
    with store.read() as connection:
        reading = queries.stream_open_postings(connection)
        next(reading)
        assert connection.scalar(text("SELECT count(*) FROM pg_cursors")) == 1


@pytest.mark.parametrize("name", ["b", f"{BOARD}#b", f"{BOARD}/b"])
def test_a_posting_is_found_by_its_id_under_its_board_or_by_its_address(store: Store, name: str) -> None:
    see(store, 0, some("a", "b", "c"))
    record(store, run(0, board_url=OTHER), some("z"))
    with store.read() as connection:
        assert [p.posting.identifier for p in queries.stream_histories(connection, named=name)] == ["b"]
        assert list(queries.stream_histories(connection, named=name, board_urls=[OTHER])) == []


def test_a_name_that_several_boards_use_finds_them_all(store: Store) -> None:
    see(store, 0, some("a", "b"))
    record(store, run(0, board_url=OTHER), some("a"))
    with store.read() as connection:
        assert [p.board_url for p in queries.stream_histories(connection, named="a")] == [BOARD, OTHER]
        assert list(queries.stream_histories(connection, named="A")) == []
