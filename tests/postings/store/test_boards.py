"""The keys of boards whose runs did not state them."""

from __future__ import annotations

from postings.store import Store, queries
from postings.store.boards import describe
from postings.store.history import record
from tests.postings.store.examples import BOARD, OTHER, run, see, some


def boards(store: Store) -> list[tuple[str, str | None, bool]]:
    with store.read() as connection:
        return [(board.url, board.key, board.several_employers) for board in queries.fetch_boards(connection)]


def undescribed(store: Store) -> list[str]:
    with store.read() as connection:
        return queries.fetch_undescribed(connection)


def test_a_board_is_described_once(store: Store) -> None:
    record(store, run(0, board_url=OTHER), some("z"))
    see(store, 0, some("a"))
    assert undescribed(store) == [BOARD, OTHER]
    describe(store, {BOARD: ("lanternfish", True), "https://jobs.example.org/unknown": ("x", False)})
    describe(store, {BOARD: ("again", False)})
    assert boards(store) == [(BOARD, "lanternfish", True), (OTHER, None, False)]
    assert undescribed(store) == [OTHER]


def test_what_a_run_stated_is_kept(store: Store) -> None:
    see(store, 0, some("a"), board_key="stated")
    describe(store, {BOARD: ("described", True)})
    assert boards(store) == [(BOARD, "stated", False)]
