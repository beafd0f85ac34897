"""Postings without the values that stand in raw words, as the tests of rereading share them."""

from __future__ import annotations

import dataclasses

from postings import JobPosting


def without_parsed_values(posting: JobPosting) -> JobPosting:
    """Return a posting without its date and employment types, where raw words stand beside them."""
    if posting.date_posted_raw is not None:
        posting = dataclasses.replace(posting, date_posted=None)
    if posting.employment_type_raw is not None:
        posting = dataclasses.replace(posting, employment_type=())
    return posting
