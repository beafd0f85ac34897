"""What holds for all queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from postings.store import Store, queries
from tests.postings.store.conftest import Sized, peak_of
from tests.postings.store.examples import BOARD


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


@pytest.mark.parametrize("query", [queries.stream_open_postings, queries.stream_histories])
def test_reading_does_not_hold_the_whole_result(sized: Sized, query: Callable[..., Iterable[object]]) -> None:
    def read(board: str) -> None:
        with sized.store.read() as connection:
            for _ in query(connection, board_urls=[board]):
                pass

    read("small")  # what is imported and cached once is not the board's
    assert peak_of(lambda: read("large")) < 2 * peak_of(lambda: read("small"))
