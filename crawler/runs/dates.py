"""Relative dates of postings ("今天 09:15"), resolved against the time at which the posting was seen."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from postings import JobPosting
from postings.facts.dates import relative


def dated(posting: JobPosting, seen: datetime) -> JobPosting:
    """Return the posting with a relative date made absolute.

    The words are dropped then: tomorrow they would mean another date, and make a new version of the posting.

    Args:
        posting: The posting.
        seen: When it was seen, with zone.
    """
    if posting.date_posted is not None or not (date := relative(posting.date_posted_raw, seen)):
        return posting
    return dataclasses.replace(posting, date_posted=date, date_posted_raw=None)
