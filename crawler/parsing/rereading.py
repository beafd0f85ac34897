"""Values of a stored posting read again from the raw words beside them, by readers that got better since."""

from __future__ import annotations

import dataclasses
import re
from datetime import date, datetime
from typing import Protocol

from crawler.parsing.dates import dated
from crawler.parsing.responses import with_distinct_places, without_denied_remote
from postings import JobPosting, Salary
from postings.facts.periods import period_of
from postings.facts.salary import parse_salary, pay_range

READERS_VERSION = "1"
"""Changes whenever a reader reads something else from the same response.

It is kept with each run, so that a board is read whole again, and not asked whether it changed, where an earlier state
read it last.
"""

# Numbers as readers note them: "50000-60000.5 EUR per-year-salary", "None-18 USD hour".
_NUMBERS = re.compile(r"(None|[\d.,]+)-(None|[\d.,]+) ([A-Za-z]{3})\b(.*)", re.DOTALL)


class Rereader(Protocol):
    """How a recruiting system reads raw words again: see `crawler.bases.recruiting_system.RecruitingSystem`."""

    def pay_in(self, raw: str, posting: JobPosting) -> Salary | None:
        """Return the pay in raw words."""

    def employment_in(self, raw: str) -> tuple[str, ...]:
        """Return the employment types in raw words; none where they name none."""

    def date_in(self, raw: str) -> datetime | date | None:
        """Return the date in a raw value; None where it is none, or a relative one."""


def reread(posting: JobPosting, system: Rereader, *, seen: datetime | None = None) -> JobPosting:
    """Return a stored posting with what the present readers read from its raw words.

    A value without raw words beside it stays as it is.

    Args:
        posting: The posting.
        system: The recruiting system that it was read from.
        seen: When it was seen, with zone; None where relative dates ("yesterday") are to stay unread.
    """
    kinds, pay, posted = posting.employment_type, posting.base_salary, posting.date_posted
    if posting.employment_type_raw is not None:
        kinds = system.employment_in(posting.employment_type_raw)
    if posting.base_salary_raw is not None:
        pay = system.pay_in(posting.base_salary_raw, posting)
    if posting.date_posted_raw is not None:
        posted = system.date_in(posting.date_posted_raw)
    again = dataclasses.replace(posting, employment_type=kinds, base_salary=pay, date_posted=posted)
    again = without_denied_remote(with_distinct_places(again))
    return dated(again, seen) if seen else again


def pay_in_words(raw: str, posting: JobPosting, *, yuan: bool) -> Salary | None:
    """Return the pay in raw words: numbers as readers note them, or the board's text.

    Where the amounts are those that were read first, what the words leave open stays as fields beside them stated it:
    the period, and which end a single amount is.

    Args:
        raw: The raw words.
        posting: The posting that they stand in.
        yuan: Whether pay without a currency is yuan.
    """
    if numbers := _NUMBERS.fullmatch(raw):
        low, high, currency, period = numbers.groups()
        stated = [None if end == "None" else end for end in (low, high)]
        read = pay_range(*stated, currency=currency, unit_text=period_of(period))
        return read or parse_salary(raw, yuan=yuan, places=posting.job_location)
    read = parse_salary(raw, yuan=yuan, places=posting.job_location)
    before = posting.base_salary
    if read and before and _amounts(read) == _amounts(before):
        unit, months = read.unit_text or before.unit_text, read.months_per_year or before.months_per_year
        return dataclasses.replace(before, unit_text=unit, months_per_year=months)
    return read


def named_values(raw: str) -> dict[str, str]:
    """Return the values of raw words in the form ``min=1 max=2``, without those that are absent.

    >>> named_values("minSalary=20 maxSalary=30 payPeriod=None")
    {'minSalary': '20', 'maxSalary': '30'}
    """
    found = (part.split("=", 1) for part in raw.split() if "=" in part)
    return {name: value for name, value in found if value != "None"}


def _amounts(pay: Salary) -> set[str | float | None]:
    return {pay.currency, pay.min_value, pay.max_value} - {None}
