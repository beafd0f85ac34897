"""A stream in lists: nothing is lost, and no more is read than a list holds."""

from __future__ import annotations

import itertools

import pytest

from postings.store.batches import batches


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (3, [3]), (7, [3, 3, 1])])
def test_items_keep_their_order(count: int, sizes: list[int]) -> None:
    found = list(batches(range(count), 3))
    assert [len(batch) for batch in found] == sizes
    assert list(itertools.chain(*found)) == list(range(count))


def test_an_endless_stream_is_read_as_far_as_needed() -> None:
    numbers = itertools.count()
    assert next(batches(numbers, 3)) == [0, 1, 2]
    assert next(numbers) == 3
