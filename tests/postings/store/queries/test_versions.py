"""Histories of postings, by board and by name."""

from __future__ import annotations

import pytest

from postings.store import Store, queries
from postings.store.history import record
from tests.postings.store.examples import BOARD, OTHER, in_days, posting, run, see, some


def test_histories_of_one_board_hold_its_postings_open_or_not(store: Store) -> None:
    see(store, 0, some("b", "a", "c"))
    see(store, 1, [posting("b", title="other"), posting("a")])
    record(store, run(1, board_url=OTHER), some("z"))
    with store.read() as connection:
        found = list(queries.stream_histories(connection, board_urls=[BOARD]))
    assert [(p.posting.identifier, p.closed_at is None) for p in found] == [("a", True), ("b", True), ("c", False)]
    assert found[1].posting.content_hash == posting("b", title="other").content_hash


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
