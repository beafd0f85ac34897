"""Salary text and numbers: every form seen on boards, and what only looks like pay."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postings import Place, Salary
from postings.facts.salary import amount, count_of, parse_salary, pay_range, period_of
from tests.postings.hostile import assert_linear_time

Read = tuple[str, float | None, float | None, str | None, float | None]


def read(text: str | None, **kwargs: Any) -> Read | None:
    pay = parse_salary(text, **kwargs)
    return pay and (pay.currency, pay.min_value, pay.max_value, pay.unit_text, pay.months_per_year)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "months"),
    [
        ("40-90K·14薪", 40_000, 90_000, "MONTH", 14),
        ("30-50k·16薪", 30_000, 50_000, "MONTH", 16),
        ("20-40K*14薪", 20_000, 40_000, "MONTH", 14),
        ("2-3万·14薪", 20_000, 30_000, "MONTH", 14),
        ("10k-20k", 10_000, 20_000, "MONTH", None),
        ("20K-35K", 20_000, 35_000, "MONTH", None),
        ("8-13K", 8_000, 13_000, "MONTH", None),
        ("15k", 15_000, 15_000, "MONTH", None),
        ("１５-２０Ｋ", 15_000, 20_000, "MONTH", None),
        ("25K-50K 元/月", 25_000, 50_000, "MONTH", None),
        ("15000-20000元/月", 15_000, 20_000, "MONTH", None),
        ("月薪3万-6万", 30_000, 60_000, "MONTH", None),
        ("1.5-2万/月", 15_000, 20_000, "MONTH", None),
        ("8千-1.2万", 8_000, 12_000, "MONTH", None),
        ("20-30万/年", 200_000, 300_000, "YEAR", None),
        ("年薪20-30万", 200_000, 300_000, "YEAR", None),
        ("200-250元/天", 200, 250, "DAY", None),
        ("200元/天", 200, 200, "DAY", None),
        ("日薪200-300元", 200, 300, "DAY", None),
        ("时薪50元", 50, 50, "HOUR", None),
        ("15K以上", 15_000, None, "MONTH", None),
        ("1万以下", None, 10_000, "MONTH", None),
    ],
)
def test_chinese_forms(text: str, low: float | None, high: float | None, unit: str, months: float | None) -> None:
    assert read(text) == ("CNY", low, high, unit, months)


@pytest.mark.parametrize(
    ("text", "currency", "low", "high", "unit"),
    [
        ("$180,000 – $250,000", "USD", 180_000, 250_000, None),
        ("$120,000 to $160,000", "USD", 120_000, 160_000, None),
        ("$100,000.00 - $150,000.00", "USD", 100_000, 150_000, None),
        ("$132K - $330K", "USD", 132_000, 330_000, None),
        ("$132K – $330K • Offers Equity", "USD", 132_000, 330_000, None),
        ("$180-250K", "USD", 180_000, 250_000, None),
        ("US$ 100k–120k", "USD", 100_000, 120_000, None),
        ("180000-250000 USD", "USD", 180_000, 250_000, None),
        ("Annual Salary: $320,000 — $405,000 USD", "USD", 320_000, 405_000, "YEAR"),
        ("CA$90,000-120,000 a year", "CAD", 90_000, 120_000, "YEAR"),
        ("$60,000 - $80,000 CAD", "CAD", 60_000, 80_000, None),
        ("CAD $60,000 - CAD $80,000", "CAD", 60_000, 80_000, None),
        ("USD $190,000.00 - USD $200,000.00 /Yr.", "USD", 190_000, 200_000, "YEAR"),
        ("R$ 5.000", "BRL", 5_000, 5_000, None),
        ("£45,000", "GBP", 45_000, 45_000, None),
        ("€61.000 — €72.000 EUR", "EUR", 61_000, 72_000, None),
        ("60.000 € - 70.000 € brutto im Jahr", "EUR", 60_000, 70_000, "YEAR"),
        ("EUR 60 000 - 70 000", "EUR", 60_000, 70_000, None),
        ("CHF 120'000", "CHF", 120_000, 120_000, None),
        ("$350 - $400 per day", "USD", 350, 400, "DAY"),
        ("$45.50/hour", "USD", 45.5, 45.5, "HOUR"),
        ("$300 - $425/Day ($21.43 - $30.35 per hour)", "USD", 300, 425, "DAY"),
        ("up to $120,000", "USD", None, 120_000, None),
        ("from £30k", "GBP", 30_000, None, None),
        ("$120,000+", "USD", 120_000, None, None),
        ("￥20,000-30,000/月", "CNY", 20_000, 30_000, "MONTH"),
        ("¥20,000-30,000 RMB", "CNY", 20_000, 30_000, None),
        ("¥8,000,000 JPY", "JPY", 8_000_000, 8_000_000, None),
        ("月給 ¥300,000", "JPY", 300_000, 300_000, "MONTH"),
    ],
)
def test_western_forms(text: str, currency: str, low: float | None, high: float | None, unit: str | None) -> None:
    assert read(text, yuan=False) == (currency, low, high, unit, None)


@pytest.mark.parametrize(
    "text",
    [
        None, "", " ", "面议", "薪资面议", "校招", "¥", "$", "$0", "competitive",
        "raised $1.5 - $2 billion", "$1.5M", "$2 million", "3亿", "$10 - $5", "20K-10K",
        "15000-20000", "2024-2025", "10,000-15,000 GPUs", "A100 80GB", "1524644586897547264", "HUSD 100",
        "99999999999999K",
    ],
)  # fmt: skip
def test_no_pay_is_read_from_other_text(text: str | None) -> None:
    assert parse_salary(text) is None


def test_a_yen_sign_alone_is_ambiguous() -> None:
    assert parse_salary("¥8,000,000 - ¥12,000,000 per year") is None


@pytest.mark.parametrize(
    ("places", "currency"),
    [
        ([Place(name="Toronto", address_country="Canada")], "CAD"),
        ([Place(name="Toronto", address_country="CA")], "CAD"),
        ([Place(name="Toronto, ON, Canada")], "CAD"),
        ([Place(name="Sydney, Australia"), Place(name="Melbourne", address_country="AU")], "AUD"),
        ([Place(name="Singapore", address_country="SG"), Place(name="Berlin", address_country="DE")], "SGD"),
        ([Place(name="Singapore")], "SGD"),
        ([Place(name="San Francisco, CA")], "USD"),
        ([Place(name="London", address_country="GB")], "USD"),
        ([Place(name="Austin", address_country="US"), Place(name="Toronto", address_country="Canada")], None),
    ],
)
def test_a_bare_dollar_sign_means_the_dollar_of_the_country(places: list[Place], currency: str | None) -> None:
    pay = parse_salary("$120,000 - $150,000", yuan=False, places=places)
    assert (pay.currency if pay else None) == currency
    explicit = parse_salary("US$120,000 - US$150,000", yuan=False, places=places)
    assert explicit
    assert explicit.currency == "USD"


def test_bare_thousands_are_yuan_on_chinese_boards_only() -> None:
    assert parse_salary("100k-120k", yuan=False) is None
    assert read("3万-6万", yuan=False) == ("CNY", 30_000, 60_000, "MONTH", None)


def test_a_period_is_taken_only_where_the_text_names_none() -> None:
    assert parse_salary("$100,000", period="YEAR").unit_text == "YEAR"  # type: ignore[union-attr]
    assert parse_salary("$50 per hour", period="YEAR").unit_text == "HOUR"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("per-year-salary", "YEAR"), ("per-hour-wage", "HOUR"), ("per-month-salary", "MONTH"), ("1 YEAR", "YEAR"),
        ("1 HOUR", "HOUR"), ("NONE", None), (None, None), ("", None), ("bi-week-salary", None), ("one-time", None),
        ("semi-month-salary", None), ("annual base for 40 hours a week", "YEAR"), ("Annual Salary:", "YEAR"),
        ("over 12 months", None), ("5 years of experience", None), ("Philadelphia, PA", None), ("60k p. a.", "YEAR"),
    ],
)  # fmt: skip
def test_period(words: str | None, unit: str | None) -> None:
    assert period_of(words) == unit


@pytest.mark.parametrize(
    ("value", "number"),
    [(35, 35.0), (35.5, 35.5), ("70000", 70_000.0), (0, None), (-1, None), (None, None), (True, None), ("", None),
     ("面议", None), ([], None), (math.inf, None), (math.nan, None), (10**400, None), ("9" * 400, None)],
)  # fmt: skip
def test_amount(value: object, number: float | None) -> None:
    assert amount(value) == number


@pytest.mark.parametrize("currency", [None, "", "US$", 5, "EURO"])
def test_numbers_in_no_currency_are_no_pay(currency: object) -> None:
    assert pay_range(1, 2, currency=currency, unit_text=None) is None


def test_a_minimum_above_the_maximum_is_no_pay() -> None:
    assert pay_range(2, 1, currency="USD", unit_text=None) is None


def test_a_range_may_have_one_end() -> None:
    assert pay_range(None, 2, currency="usd", unit_text="YEAR") == Salary(
        currency="USD", max_value=2.0, unit_text="YEAR"
    )


@given(st.text(alphabet="0123456789.,-–—$€¥kK千万元薪/月天 ·toUSD以上", max_size=30))
def test_whatever_is_read_is_a_finite_range(text: str) -> None:
    pay = parse_salary(text)
    if pay:
        ends = [end for end in (pay.min_value, pay.max_value) if end is not None]
        assert ends
        assert ends == sorted(ends)
        assert all(end > 0 and math.isfinite(end) for end in ends)


@given(st.integers(1, 999), st.integers(0, 999), st.integers(12, 24))
def test_every_range_in_thousands_is_read(low: int, more: int, months: int) -> None:
    high = low + more
    assert read(f"{low}-{high}K·{months}薪") == ("CNY", low * 1000, high * 1000, "MONTH", months)


@pytest.mark.parametrize(
    "unit", ["1 ", "$1 ", "$", "USD ", "1,000", "1.5k-", "9", "up to ", "from    ", " ", "bi-", "/ ", "月薪", "p. "]
)
def test_hostile_text_is_read_in_linear_time(unit: str) -> None:
    assert_linear_time(unit, parse_salary, lambda text: parse_salary("$1 000" + text), period_of)


@pytest.mark.parametrize(
    ("value", "count"), [(3, 3), ("3", 3), (3.0, 3), (0, None), (0.4, None), (-1, None), ("若干", None), (None, None)]
)
def test_a_count(value: Any, count: int | None) -> None:
    assert count_of(value) == count
