"""Dates and times as boards write them, read with their zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept one zone without summer time since 1991, so a fixed offset is exact."""

_YEARS = range(1995, 2101)
"""From the first job boards on; a date outside is a sentinel (``0001-01-01``, ``9999-12-31``) or in a wrong unit."""


def iso(value: Any, *, zone: timezone | None = None) -> datetime | date | None:
    """Read ISO 8601; a time without a zone is taken in ``zone``.

    Returns:
        The aware time, or the date where only that is given; None when the value is absent, unreadable, a
        sentinel, or a naive time with no ``zone`` given.
    """
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        moment = date.fromisoformat(text) if len(text) == len("2026-01-31") else datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year not in _YEARS:
        return None
    if isinstance(moment, datetime) and moment.tzinfo is None:
        return moment.replace(tzinfo=zone) if zone else None
    return moment


def rfc_822(value: Any) -> datetime | None:
    """Read a feed's date, as ``Mon, 06 Jul 2026 08:58:57 +0200``; None when absent, unreadable or without a zone."""
    try:
        moment = parsedate_to_datetime(value.strip()) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
    return moment if moment and moment.tzinfo and moment.year in _YEARS else None


def epoch_ms(value: Any) -> datetime | None:
    """Read milliseconds since 1970 (UTC); None when absent, or when only seconds could have been meant."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)
    except OverflowError:
        return None
    return moment if moment.year in _YEARS else None


def day(moment: datetime | None) -> datetime | date | None:
    """Return the date alone for a time of exactly midnight UTC, which is how systems write a date without a time."""
    if moment is None or moment.tzinfo is None or moment.astimezone(UTC).timetz() != time(tzinfo=UTC):
        return moment
    return moment.astimezone(UTC).date()


_RELATIVE = re.compile(
    r"(?:(?P<day>今[天日]|昨[天日]|前天)|(?P<count>\d{1,3})\s?(?P<unit>天|日|小时|分钟)前|(?P<now>刚刚)|(?=\d{1,2}:))"
    r"\s*(?:(?P<hour>\d{1,2}):(?P<minute>\d{2}))?\s*(?:发布|更新)?"
)
_DAYS_AGO = {"今": 0, "昨": 1, "前": 2}


def relative(words: str | None, seen: datetime) -> datetime | date | None:
    """Read a relative date, as Chinese sites show it.

    >>> relative("昨天 09:15", datetime(2026, 3, 2, 6, tzinfo=UTC)).isoformat()
    '2026-03-01T09:15:00+08:00'
    >>> relative("3天前发布", datetime(2026, 3, 2, 6, tzinfo=UTC)).isoformat()
    '2026-02-27'

    Args:
        words: The text shown.
        seen: When it was shown, with zone.

    Returns:
        The time where the text gives one, else the date in Beijing; None where the text is no relative date.
    """
    found = _RELATIVE.fullmatch((words or "").strip())
    if not found:
        return None
    there, count = seen.astimezone(BEIJING), int(found["count"] or 0)
    match found["unit"]:
        case "小时":
            return (there - timedelta(hours=count)).date()
        case "分钟":
            return (there - timedelta(minutes=count)).date()
    day = there.date() - timedelta(days=_DAYS_AGO[found["day"][0]] if found["day"] else count)
    if found["hour"] is None or int(found["hour"]) > 23 or int(found["minute"]) > 59:
        return day
    return datetime(day.year, day.month, day.day, int(found["hour"]), int(found["minute"]), tzinfo=BEIJING)
