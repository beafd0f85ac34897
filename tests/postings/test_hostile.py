"""No text keeps a reader busy for longer than its length explains."""

from __future__ import annotations

import re

import pytest

from tests.postings.hostile import READERS, UNITS, assert_linear_time


@pytest.mark.parametrize("unit", UNITS)
def test_every_reader_takes_linear_time(unit: str) -> None:
    assert_linear_time(unit, *READERS.values())


def test_a_quadratic_pattern_is_told_from_a_linear_one() -> None:
    assert_linear_time("1", re.compile(r"\d{1,50}x").search)
    with pytest.raises(AssertionError, match="times as long"):
        assert_linear_time("1", re.compile(r"\d+x").search)
