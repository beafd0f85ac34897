"""What was open at a moment, when it was last seen, and its tags."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from sqlalchemy import event, text

from postings.store import Store, queries
from postings.store.history import record
from postings.store.records import OpenCount
from tests.postings.store.examples import BOARD, OTHER, day, in_days, posting, run, see, some, tag_all


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


def test_redirecting_postings_are_counted_separately(store: Store) -> None:
    see(store, 0, some("a", "b"))
    see(store, 1, [posting("a", redirects_to=f"{BOARD}/b"), posting("b")])
    record(store, run(1, board_url=OTHER), [])
    assert opened(store) == ["b"]
    assert opened(store, uncounted=True) == ["a", "b"]
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


def test_a_missing_posting_comes_with_the_run_that_lacked_it(store: Store) -> None:
    see(store, 0, some("a", "b", "c"))
    see(store, 1, some("a"))
    with store.read() as connection:
        found = {p.posting.identifier: p for p in queries.stream_open_postings(connection)}
        earlier = list(queries.stream_open_postings(connection, day(0)))
    assert (in_days(found["b"].missing_since), in_days(found["b"].last_seen)) == (1, 0)
    assert (found["a"].missing_since, in_days(found["a"].last_seen)) == (None, 1)
    assert {p.missing_since for p in earlier} == {None}


def test_a_server_streams_rows(store: Store) -> None:
    """What its driver would hold otherwise, Python's own count of memory does not show."""
    if store.url.get_backend_name() == "sqlite":
        pytest.skip("SQLite has no server")
    see(store, 0, some("a"))
    with store.read() as connection:
        reading = queries.stream_open_postings(connection)
        next(reading)
        assert connection.scalar(text("SELECT count(*) FROM pg_cursors")) == 1


def test_open_tags_are_those_of_the_open_postings(store: Store) -> None:
    see(store, 0, some("a", "b", "c"))
    tag_all(store, "m1")
    see(store, 1, [posting("a", title="other"), posting("b", redirects_to=OTHER), posting("d")])
    record(store, run(1, board_url=OTHER), some("z"))

    def found(at: float | None = None, **arguments: list[str]) -> list[tuple[str, str | None]]:
        with store.read() as connection:
            moment = None if at is None else day(at)
            read = queries.stream_open_tags(connection, "m1", moment, **arguments)  # type: ignore[arg-type]
            return [(t.identifier, t.tag and t.tag.role) for t in read]

    assert found() == [("a", None), ("d", None), ("z", None)]
    assert found(0) == [("a", "storage"), ("b", "storage"), ("c", "storage")]
    assert found(board_urls=[OTHER]) == [("z", None)]


def test_open_tags_state_whether_there_is_a_description(store: Store) -> None:
    texts = {"a": "", "b": "点灯", "c": 'a null \0 and "quotes"', "d": "null", "e": " "}
    see(store, 0, [*some("z"), *(posting(identifier, description=text) for identifier, text in texts.items())])
    tag_all(store, "m1")
    with store.read() as connection:
        described = {found.identifier: found.described for found in queries.stream_open_tags(connection, "m1")}
    assert described == {"a": False, "b": True, "c": True, "d": True, "e": True, "z": False}


def test_open_tags_state_whether_there_are_several_job_tracks(store: Store) -> None:
    texts = {"a": "招聘方向：存储方向、网络方向", "b": "招聘方向：存储方向", "c": ""}
    see(store, 0, [posting(identifier, description=text) for identifier, text in texts.items()])
    see(store, 1, [posting("a", description=texts["a"]), posting("b", description=texts["a"]), posting("c")])
    with store.read() as connection:
        found = {
            at: {tag.identifier: tag.several_tracks for tag in queries.stream_open_tags(connection, "m1", day(at))}
            for at in (0, 1)
        }
    assert found == {0: {"a": True, "b": False, "c": False}, 1: {"a": True, "b": True, "c": False}}


def test_open_tags_are_read_without_contents(store: Store) -> None:
    see(store, 0, some("a", "b"))
    statements: list[str] = []
    with store.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
        assert len(list(queries.stream_open_tags(connection, "m1"))) == 2
    assert statements
    assert not [statement for statement in statements if "content" in statement]


def test_open_tags_name_the_employers(store: Store) -> None:
    names = {"a": 'Quill & "Moth"\\n', "b": "灯笼鱼", "c": None, "d": "null"}
    see(store, 0, [posting(identifier, hiring_organization=name) for identifier, name in names.items()])
    with store.read() as connection:
        found = {tag.identifier: tag.hiring_organization for tag in queries.stream_open_tags(connection, "m1")}
    assert found == names
