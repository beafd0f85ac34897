"""Postings without the values that stand in raw words, as the tests of rereading share them."""

from __future__ import annotations

import dataclasses

from postings import JobPosting

PAY_IN_FIELDS = {"ashby"}
"""Systems whose raw words of pay are a summary, which leaves out the period."""


def without_parsed_values(posting: JobPosting, system: str) -> JobPosting:
    """Return a posting without its date, employment types and pay, where raw words that say as much stand beside them.

    One amount in a structured field may be the lower end of a range or all of it: the words do not say which.
    """
    if posting.date_posted_raw is not None:
        posting = dataclasses.replace(posting, date_posted=None)
    if posting.employment_type_raw is not None:
        posting = dataclasses.replace(posting, employment_type=())
    pay = posting.base_salary
    if pay and posting.base_salary_raw is not None and system not in PAY_IN_FIELDS and pay.min_value and pay.max_value:
        posting = dataclasses.replace(posting, base_salary=None)
    return posting
