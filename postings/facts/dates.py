"""When something was posted: the clocks that boards write, read with their zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept one zone without summer time since 1991, so a fixed offset is exact."""

_YEARS = range(1995, 2101)
"""From the first job boards on; a stamp outside is a sentinel (``0001-01-01``, ``9999-12-31``) or a unit error."""


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
