"""Postings to label next: uncertain ones first, but not the same one again and again."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.training.active_learning import shuffled, spread, unsureness


def test_unsureness_is_one_minus_the_margin() -> None:
    probabilities = np.array([[0.5, 0.5, 0.0], [0.1, 0.9, 0.0], [0.4, 0.3, 0.3], [0.0, 0.0, 1.0]])
    assert unsureness(probabilities) == pytest.approx([1.0, 0.2, 0.9, 0.0])


def test_without_groups_the_largest_gain_comes_first() -> None:
    assert list(spread(np.array([0.2, 0.9, 0.5]), [])) == [1, 2, 0]


def test_second_of_a_group_counts_half() -> None:
    gain = np.array([1.0, 0.9, 0.8, 0.4, 0.1])
    company = ["a", "a", "a", "b", "b"]
    # After the first of a, its others are worth 0.45 and 0.4; after the second, 0.8 / 3 is below b's 0.4.
    assert list(spread(gain, [company])) == [0, 1, 3, 2, 4]


def test_taken_postings_count_and_are_not_yielded_again() -> None:
    gain = np.array([1.0, 0.9, 0.8, 0.4])
    assert list(spread(gain, [["a", "a", "a", "b"]], taken=[0, 1])) == [3, 2]


def test_many_copies_do_not_crowd_out_the_rest() -> None:
    gain = np.array([1.0] * 300 + [0.5] * 10)
    companies = ["one"] * 300 + [f"c{number}" for number in range(10)]
    roles = ["software"] * 300 + ["hardware", "storage"] * 5
    titles = ["the same"] * 300 + [f"title {number}" for number in range(10)]
    first = set(islice(spread(gain, [companies, roles, titles]), 12))
    assert set(range(300, 310)) <= first


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from("abc"), st.sampled_from("xyz")), max_size=20), st.data())
def test_every_posting_comes_once(rows: list[tuple[float, str, str]], data: st.DataObject) -> None:
    taken = data.draw(st.lists(st.integers(0, len(rows) - 1), unique=True)) if rows else []
    order = list(
        spread(np.array([row[0] for row in rows]), [[row[1] for row in rows], [row[2] for row in rows]], taken)
    )
    assert sorted(order + taken) == list(range(len(rows)))


def test_shuffled_is_reproducible_and_independent_of_the_order_given() -> None:
    keys = [str(number) for number in range(50)]
    order = shuffled(keys)
    assert order == shuffled(keys)
    assert sorted(order) == list(range(50)) != order
    # A posting more changes nothing about the order of the others.
    assert [index for index in shuffled([*keys, "new"]) if index < 50] == order
