"""Dates and times as boards write them, read with their zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept one zone without summer time since 1991, so a fixed offset is exact."""

_YEARS = range(1995, 2101)
"""From the first job boards on; a date outside is a sentinel (``0001-01-01``, ``9999-12-31``) or in a wrong unit."""

_LENGTHS_OF_DAYS = (len("2026-01-31"), len("20260131"))
_MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?$")


def iso(value: Any, *, zone: timezone | None = None) -> datetime | date | None:
    """Read ISO 8601, or a day written out in Chinese, English or German; a time without a zone is taken in ``zone``.

    >>> iso("2026/08/01"), iso("May 13, 2024"), iso("03/04/2026"), iso("2026-06-30T00:00:00")
    (datetime.date(2026, 8, 1), datetime.date(2024, 5, 13), None, datetime.date(2026, 6, 30))

    Returns:
        The aware time, or the date where only that is given; None when the value is absent, unreadable, a
        sentinel, could be two days, or is a naive time other than midnight with no ``zone`` given.
    """
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        moment = date.fromisoformat(text) if len(text) in _LENGTHS_OF_DAYS else datetime.fromisoformat(text)
    except ValueError:
        return _written_alone(text)
    if moment.year not in _YEARS:
        return None
    if isinstance(moment, datetime) and moment.tzinfo is None:
        # Systems write a day without a time as its midnight, to the second.
        return moment.replace(tzinfo=zone) if zone else moment.date() if _MIDNIGHT.search(text) else None
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
    r"(?:(?P<day>今[天日]|昨[天日]|前天)|(?P<count>\d{1,3})\s?(?P<unit>天|日|小时|小時|分钟|分鐘|周|週|个星期)前"
    r"|(?P<now>刚刚)|(?=\d{1,2}:))"
    r"\s*(?:(?P<hour>\d{1,2}):(?P<minute>\d{2}))?\s*(?:发布|更新)?"
)
_DAYS_AGO = {"今": 0, "昨": 1, "前": 2}
_WESTERN = re.compile(
    r"(?:posted|veröffentlicht|publicado|publié)?:?\s*(?:(?P<today>just\snow|today|heute|hoy|aujourd['’]hui)"
    r"|(?P<yesterday>yesterday|gestern|ayer|hier)"
    r"|(?:vor|hace|il\sy\sa)\s(?P<count>\d{1,3})\s(?P<unit>\w+)|(?P<number>\d{1,3})\s?(?P<ago>\w+)\sago)",
    re.IGNORECASE,
)
_DAYS_OF = {
    1: re.compile("days?|d|tage?n?|d[ií]as?|jours?", re.IGNORECASE),
    7: re.compile("weeks?|w|wochen?|semanas?|semaines?", re.IGNORECASE),
}
_HOURS_OF = {
    1.0: re.compile("hours?|h|stunden?|horas?|heures?", re.IGNORECASE),
    1 / 60: re.compile("minutes?|mins?|minuten?|minutos?", re.IGNORECASE),
}
_MONTH_AND_DAY = re.compile(r"(\d{2})-(\d{2})")


def relative(words: str | None, seen: datetime) -> datetime | date | None:
    """Read a relative date, as job sites show it, in Chinese, English, German, Spanish or French.

    Months and "30+ days" tell no day, and are not read.

    >>> relative("昨天 09:15", datetime(2026, 3, 2, 6, tzinfo=UTC)).isoformat()
    '2026-03-01T09:15:00+08:00'
    >>> [relative(words, datetime(2026, 3, 2, 6, tzinfo=UTC)).isoformat() for words in ("3天前发布", "vor 2 Wochen")]
    ['2026-02-27', '2026-02-16']

    Args:
        words: The text shown.
        seen: When it was shown, with zone.

    Returns:
        The time where the text gives one, else the date, in Beijing for Chinese words and in the zone of ``seen`` for
        others; None where the text is no relative date.
    """
    text = (words or "").strip()
    there = seen.astimezone(BEIJING)
    if found := _MONTH_AND_DAY.fullmatch(text):
        return _newest(int(found[1]), int(found[2]), there.date())
    if found := _WESTERN.fullmatch(text):
        return _western(found, seen)
    found = _RELATIVE.fullmatch(text)
    if not found:
        return None
    count = int(found["count"] or 0)
    match found["unit"]:
        case "小时" | "小時":
            return (there - timedelta(hours=count)).date()
        case "分钟" | "分鐘":
            return (there - timedelta(minutes=count)).date()
        case "周" | "週" | "个星期":
            count *= 7
    day = there.date() - timedelta(days=_DAYS_AGO[found["day"][0]] if found["day"] else count)
    if found["hour"] is None or int(found["hour"]) > 23 or int(found["minute"]) > 59:
        return day
    return datetime(day.year, day.month, day.day, int(found["hour"]), int(found["minute"]), tzinfo=BEIJING)


def _western(found: re.Match[str], seen: datetime) -> date | None:
    if found["today"]:
        return seen.date()
    if found["yesterday"]:
        return seen.date() - timedelta(days=1)
    count, unit = int(found["count"] or found["number"]), found["unit"] or found["ago"]
    for days, names in _DAYS_OF.items():
        if names.fullmatch(unit):
            return seen.date() - timedelta(days=count * days)
    for hours, names in _HOURS_OF.items():
        if names.fullmatch(unit):
            return (seen - timedelta(hours=count * hours)).date()
    return None


def _newest(month: int, day: int, until: date) -> date | None:
    """Return the newest such day up to another one."""
    for year in (until.year, until.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= until:
            return found
    return None


_MONTHS = {
    name: number
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "jan feb mär apr mai jun jul aug sep okt nov dez",
    )
    for number, name in enumerate(names.split(), start=1)
}
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-zäé]{{0,7}}"
_WRITTEN = re.compile(
    r"(?P<y>20\d\d)\s?[-/.年]\s?(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})(?!\d)"
    r"|(?<!\d)(?P<a>\d{1,2})(?P<sep>[./])(?P<b>\d{1,2})[./](?P<y2>20\d\d)(?!\d)"
    rf"|(?<!\d)(?P<d3>\d{{1,2}})(?:\.|st|nd|rd|th)?\s(?:of\s)?(?P<n3>{_MONTH})\.?,?(?:\s(?P<y3>20\d\d)\b)?"
    rf"|\b(?P<n4>{_MONTH})\.?\s(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<y4>20\d\d)\b)?"
    r"|(?<!\d)(?P<m5>\d{1,2})月(?P<d5>\d{1,2})[日号]",
    re.IGNORECASE,
)


def written_days(
    text: str, start: int = 0, end: int | None = None, *, seen: date | None = None
) -> Iterator[tuple[date, int]]:
    """Yield the days that a text writes out, in Chinese, English and German, with where each ends.

    Args:
        text: The text.
        start: Where to begin.
        end: Where to stop; None for the end of the text.
        seen: A day on which the text stood: a day without a year is the first such day from then on. Without it such a
            day is not read.

    >>> [day.isoformat() for day, _ in written_days("15. Mai 2025, May 13, 2024, 2026年8月1日, 03/24/2026, 03/04/2026")]
    ['2025-05-15', '2024-05-13', '2026-08-01', '2026-03-24']
    """
    for found in _WRITTEN.finditer(text, start, len(text) if end is None else end):
        if day := _day(found, seen):
            yield day, found.end()


def _written_alone(text: str) -> date | None:
    """Return the day that a short text is; None where there is anything else in it."""
    days = list(written_days(text[:40]))
    return days[0][0] if len(days) == 1 and _WRITTEN.fullmatch(text.rstrip("日号. ")) is not None else None


def _day(found: re.Match[str], seen: date | None) -> date | None:
    if found["y"]:
        return _date(found["y"], int(found["m"]), int(found["d"]), seen)
    if found["y2"]:
        first, second = int(found["a"]), int(found["b"])
        if found["sep"] == ".":  # German
            return _date(found["y2"], second, first, seen)
        if max(first, second) > 12:  # 24/03/2026 and 03/24/2026 have one reading each, 03/04/2026 has two
            return _date(found["y2"], min(first, second), max(first, second), seen)
        return _date(found["y2"], first, second, seen) if first == second else None
    if found["m5"]:
        return _date(None, int(found["m5"]), int(found["d5"]), seen)
    number = "3" if found["d3"] else "4"
    month = _MONTHS.get(found[f"n{number}"][:3].lower())
    return _date(found[f"y{number}"], month, int(found[f"d{number}"]), seen) if month else None


def _date(year: str | None, month: int, day: int, seen: date | None) -> date | None:
    if year is None and seen is None:
        return None
    years = (int(year),) if year else (seen.year, seen.year + 1) if seen else ()
    for number in years:
        try:
            read = date(number, month, day)
        except ValueError:
            continue
        if year or (seen and seen <= read <= seen + timedelta(days=366)):
            return read
    return None
