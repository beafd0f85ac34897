"""When something was posted: the clocks that boards write, read with their zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept one zone without summer time since 1991, so a fixed offset is exact."""

_EARLIEST_YEAR = 1995
"""Before the first job boards; an older stamp is a sentinel (``0001-01-01``) or a unit error."""


def iso(value: Any, *, zone: timezone | None = None) -> datetime | None:
    """Read ISO 8601; a time without a zone is taken in ``zone``.

    Returns:
        The aware time; None when the value is absent, unreadable, a sentinel, or naive with no ``zone`` given.
    """
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if moment.tzinfo is None:
        if zone is None:
            return None
        moment = moment.replace(tzinfo=zone)
    return moment if moment.year >= _EARLIEST_YEAR else None


def epoch_ms(value: Any) -> datetime | None:
    """Read milliseconds since 1970 (UTC); None when absent, or when only seconds could have been meant."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)
    return moment if moment.year >= _EARLIEST_YEAR else None
