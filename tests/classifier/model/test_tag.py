"""Rows are checked before they are tagged, and a tag's margin and what it is sure of follow from its probabilities."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from classifier.model.tag import SURE, RowError, Tag, batches, checked, focus_confidence, margin

FOCUSES = {"corporate": "other", "software": "other", "product-design": "product", "storage": "infrastructure"}


def test_role_that_is_not_the_most_probable_one_is_unsure() -> None:
    roles = {"corporate": 0.25, "software": 0.25, "product-design": 0.5}
    tag = Tag("corporate", "other", 0.25, focus_confidence(roles, "other", FOCUSES), roles)
    assert tag.margin == -0.25
    assert not tag.sure


@pytest.mark.parametrize(("probability", "sure"), [(SURE, True), (SURE - 0.01, False)])
def test_tag_is_sure_from_the_probability_of_its_focus_on(probability: float, sure: bool) -> None:
    tag = Tag("storage", "infrastructure", 0.5, probability, {"storage": 0.5, "software": 0.5})
    assert tag.sure is sure


def test_tag_is_sure_of_a_focus_whose_roles_are_close() -> None:
    roles = {"corporate": 0.46, "software": 0.45, "storage": 0.09}
    tag = Tag("corporate", "other", 0.46, focus_confidence(roles, "other", FOCUSES), roles)
    assert tag.margin == pytest.approx(0.01)
    assert tag.sure


def test_probability_of_a_focus_is_the_sum_over_its_roles() -> None:
    roles = {"corporate": 0.25, "software": 0.25, "product-design": 0.5}
    found = [focus_confidence(roles, focus, FOCUSES) for focus in ("other", "product", "infrastructure")]
    assert found == [0.5, 0.5, 0]


def test_margin_of_a_single_role_is_its_probability() -> None:
    assert margin({"storage": 1.0}, "storage") == 1.0


def test_batches_yield_what_came_before_a_bad_row() -> None:
    def rows() -> Iterator[int]:
        yield from range(5)
        raise RowError("the sixth row is bad")

    found = batches(rows(), 2)
    assert [next(found) for _ in range(3)] == [[0, 1], [2, 3], [4]]
    with pytest.raises(RowError, match="sixth"):
        next(found)
    assert list(batches([], 2)) == []


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("SRE", "must be a mapping"),
        ({}, "the posting has no title"),
        ({"id": 3, "title": " "}, "the posting 3 has no title"),
        ({"title": "SRE", "description": 5}, "has a description that is not a string"),
    ],
)
def test_invalid_row_is_reported(row: object, message: str) -> None:
    with pytest.raises(RowError, match=message):
        checked(row)
