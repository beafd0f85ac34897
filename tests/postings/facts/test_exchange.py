"""Pay by the year, and at dated rates."""

from __future__ import annotations

from datetime import date

import pytest

from postings import Salary
from postings.facts.exchange import MOST_DAYS, convert, ecb_rates, yearly


def monthly(high: float = 90_000, months: float | None = 14) -> Salary:
    return Salary(currency="CNY", min_value=40_000, max_value=high, unit_text="MONTH", months_per_year=months)


@pytest.mark.parametrize(
    ("pay", "ends"),
    [
        (monthly(), (560_000, 1_260_000)),
        (monthly(months=None), (480_000, 1_080_000)),
        (Salary(currency="USD", max_value=1_000, unit_text="WEEK"), (None, 52_000)),
        (Salary(currency="USD", min_value=90_000, unit_text="YEAR"), (90_000, None)),
        (Salary(currency="USD", min_value=30, max_value=40, unit_text="HOUR"), None),
        (Salary(currency="CNY", min_value=300, max_value=400, unit_text="DAY"), None),
        (Salary(currency="USD", min_value=90_000), None),
    ],
)
def test_pay_by_the_year(pay: Salary, ends: tuple[float | None, float | None] | None) -> None:
    by_year = yearly(pay)
    assert (by_year and (by_year.min_value, by_year.max_value)) == ends
    assert not by_year or (by_year.unit_text, by_year.months_per_year) == ("YEAR", None)


def test_the_rate_is_that_of_the_day_and_is_shown() -> None:
    converted = convert(monthly(), "USD", date(2025, 2, 3))
    assert converted
    assert converted.rate_date == date(2025, 2, 3)
    assert round(converted.pay.max_value or 0) == 12_412
    assert (converted.pay.currency, converted.pay.unit_text, converted.pay.months_per_year) == ("USD", "MONTH", 14)


def test_on_a_weekend_the_rate_is_of_the_day_before() -> None:
    converted = convert(monthly(), "usd", date(2025, 2, 2))
    assert converted
    assert converted.rate_date == date(2025, 1, 31)


def test_a_rate_more_than_ten_days_away_is_refused() -> None:
    first, last = ecb_rates().bounds["CNY"]
    for edge, step in ((first, -1), (last, 1)):
        near = convert(monthly(), "EUR", date.fromordinal(edge.toordinal() + step * MOST_DAYS))
        assert near
        assert near.rate_date == edge
        assert convert(monthly(), "EUR", date.fromordinal(edge.toordinal() + step * (MOST_DAYS + 1))) is None


@pytest.mark.parametrize("currency", ["TWD", "XXX"])
def test_a_currency_without_a_rate_is_refused(currency: str) -> None:
    assert convert(monthly(), currency, date(2025, 2, 3)) is None


def test_the_same_currency_needs_no_rate() -> None:
    converted = convert(monthly(), "CNY", date(1900, 1, 1))
    assert converted
    assert (converted.pay, converted.rate) == (monthly(), 1.0)
