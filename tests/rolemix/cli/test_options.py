"""Options that several commands share: days and times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from postings.errors import RolemixError
from rolemix import api
from rolemix.cli.options import moment


@pytest.mark.parametrize(
    ("text", "end_of_day", "expected"),
    [
        ("2026-03-06", False, datetime(2026, 3, 6, tzinfo=UTC)),
        ("20260306", True, datetime(2026, 3, 6, 23, 59, 59, tzinfo=UTC)),
        ("2026-03-06T14:00+08:00", True, datetime(2026, 3, 6, 6, tzinfo=UTC)),
        ("2026-03-06T14:00", False, datetime(2026, 3, 6, 14, tzinfo=UTC)),
    ],
)
def test_days_and_times(text: str, end_of_day: bool, expected: datetime) -> None:
    assert moment(text, option="--at", end_of_day=end_of_day) == expected


def test_an_empty_option_is_none() -> None:
    assert moment("", option="--at") is None


@pytest.mark.parametrize("text", ["noon", "2026-13-01", "0001-01-01T00:00+14:00", "12"])
def test_what_is_not_a_date_is_an_error(text: str) -> None:
    with pytest.raises(RolemixError, match=f"^--at {text!r} is not a date: write ".replace("+", r"\+")):
        moment(text, option="--at")


def test_tomorrow_is_accepted_and_next_year_is_not() -> None:
    tomorrow = (api.now() + timedelta(days=1)).date().isoformat()
    assert moment(tomorrow, option="--at") is not None
    with pytest.raises(RolemixError, match="is in the future: check the year"):
        moment((api.now() + timedelta(days=365)).date().isoformat(), option="--at")
