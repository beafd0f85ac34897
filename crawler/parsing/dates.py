"""Dates of postings from their raw values, relative ones ("今天 09:15") against the time when the posting was seen."""

from __future__ import annotations

import dataclasses
import re
from datetime import date, datetime, timezone

from postings import JobPosting
from postings.facts.dates import epoch_ms, iso, relative

_SINCE_1970 = re.compile(r"\d{10}|\d{12,13}", re.ASCII)


def date_in_words(raw: str, *, zone: timezone | None = None) -> datetime | date | None:
    """Return the date in a raw value: ISO 8601, a day written out, or seconds or milliseconds since 1970.

    Args:
        raw: The raw value.
        zone: The zone of times that state none.

    >>> date_in_words("2026-03-01T09:15:00Z") == date_in_words("1772356500") == date_in_words("1772356500000")
    True
    """
    if _SINCE_1970.fullmatch(raw):
        return epoch_ms(int(raw) * (1000 if len(raw) == len("1772356500") else 1))
    return iso(raw, zone=zone)


def dated(posting: JobPosting, seen: datetime) -> JobPosting:
    """Return the posting with a relative date made absolute.

    The words are dropped then: tomorrow they would mean another date, and make a new version of the posting.

    Args:
        posting: The posting.
        seen: When it was seen, with zone.
    """
    if posting.date_posted is not None or not (day := relative(posting.date_posted_raw, seen)):
        return posting
    return dataclasses.replace(posting, date_posted=day, date_posted_raw=None)
