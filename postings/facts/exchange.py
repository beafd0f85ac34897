"""Pay by the year, and in another currency at a dated rate of the European Central Bank."""

from __future__ import annotations

import dataclasses
import functools
from datetime import date, timedelta

from currency_converter import CurrencyConverter, RateNotFoundError

from postings.posting import Salary

MOST_DAYS = 10
"""A rate further from the day that is asked for, before or after it, is refused."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedPay:
    """Pay in a currency that the reader chose.

    Attributes:
        pay: The converted pay, for the same period.
        rate: Units of ``pay.currency`` for one unit of the posting's currency.
        rate_date: The day of the rate, at most `MOST_DAYS` from the day that was asked for.
    """

    pay: Salary
    rate: float
    rate_date: date


def yearly(pay: Salary) -> Salary | None:
    """Return what is paid a year, in the posting's currency.

    A month counts as often as the board says, or twelve times; a week 52 times. Pay by the day or the hour gives
    None, because no board says how many of them are worked; so does pay for a period that is not named.
    """
    times = {"YEAR": 1.0, "MONTH": pay.months_per_year or 12.0, "WEEK": 52.0}.get(pay.unit_text or "")
    return _times(pay, times, currency=pay.currency, unit_text="YEAR") if times else None


def convert(pay: Salary, currency: str, on: date, *, rates: CurrencyConverter | None = None) -> ConvertedPay | None:
    """Return the pay in another currency at the rate of a day.

    The rate is that of the day or the last one before it, else the first one after it.

    Args:
        pay: In the posting's currency.
        currency: The ISO 4217 code to convert to.
        on: The day whose rate is wanted: that on which the pay was seen.
        rates: Rates of the European Central Bank; those that the installed CurrencyConverter carries if None.

    Returns:
        None where the bank has no rate of either currency within `MOST_DAYS` days.
    """
    source, target = pay.currency, currency.upper()
    if source == target:
        return ConvertedPay(pay=pay, rate=1.0, rate_date=on)
    known = rates or ecb_rates()
    if {source, target} - (known.currencies or set()):
        return None
    for days in (*range(0, -MOST_DAYS - 1, -1), *range(1, MOST_DAYS + 1)):
        day = on + timedelta(days=days)
        try:
            rate = known.convert(1, source, target, date=day)
        except RateNotFoundError:
            continue
        return ConvertedPay(pay=_times(pay, rate, currency=target, unit_text=pay.unit_text), rate=rate, rate_date=day)
    return None


@functools.cache
def ecb_rates(path: str | None = None) -> CurrencyConverter:
    """Return the European Central Bank's rates: of a file as the bank publishes it (``eurofxref-hist.zip``), or the
    installed ones. Nothing is fetched.

    Raises:
        OSError: The file cannot be read.
    """  # noqa: D205
    return CurrencyConverter(path) if path else CurrencyConverter()


def _times(pay: Salary, factor: float, *, currency: str, unit_text: str | None) -> Salary:
    low, high = (end if end is None else round(end * factor, 2) for end in (pay.min_value, pay.max_value))
    months = pay.months_per_year if unit_text == pay.unit_text else None
    return Salary(currency=currency, min_value=low, max_value=high, unit_text=unit_text, months_per_year=months)
