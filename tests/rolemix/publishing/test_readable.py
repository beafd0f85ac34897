"""Values as a person reads them."""

from __future__ import annotations

from rolemix.publishing.readable import percent, readable, span


def test_some_postings_are_never_a_share_of_nothing() -> None:
    asked = ((0.004, 2), (0.004, 0), (0.0, 1), (0.006, 1), (None, 1), (-0.12, 0))
    assert [percent(*one) for one in asked] == ["<1%", "0%", "<1%", "1%", "–", "-12%"]
    assert (span(0.1, 0.256), span(None, 1)) == ("10–26%", "–")


def test_a_row_for_a_person() -> None:
    row = {"share": 0.001, "low": 0.0, "count": 3, "moved": False, "at": "2026-03-16T06:00:00+00:00", "title": "T"}
    shown = readable(row | {"none": None}, shares={"share": "count", "low": None}, times=("at",))
    assert shown == {
        "share": "<1%",
        "low": "0%",
        "count": 3,
        "moved": "no",
        "at": "2026-03-16 06:00",
        "title": "T",
        "none": None,
    }
