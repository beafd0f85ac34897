"""Salary text and numbers: every form seen on boards, and what only looks like pay."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import example, given
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


@pytest.mark.parametrize(
    ("text", "pay"),
    [
        # The scale, the currency and the period stand where each language puts them.
        ("45-60k EUR", ("EUR", 45_000, 60_000, None, None)),
        ("£18/hr - £24/hr", ("GBP", 18, 24, "HOUR", None)),
        ("$98,000/yr - $131,000/yr", ("USD", 98_000, 131_000, "YEAR", None)),
        ("$31–44/hr", ("USD", 31, 44, "HOUR", None)),
        ("CAD$80,000 - 95,000 / year", ("CAD", 80_000, 95_000, "YEAR", None)),
        ("AED 12,000 - 15,000 per month", ("AED", 12_000, 15_000, "MONTH", None)),
        ("PKR 80,000 per month", ("PKR", 80_000, 80_000, "MONTH", None)),
        ("zł 9 000 – 12 000 / month", ("PLN", 9_000, 12_000, "MONTH", None)),
        ("Rs. 4,50,000 - 8,00,000 per annum", ("INR", 450_000, 800_000, "YEAR", None)),
        ("12-18 LPA", ("INR", 1_200_000, 1_800_000, "YEAR", None)),
        ("₹5L - ₹9L", ("INR", 500_000, 900_000, "YEAR", None)),
        ("CHF 7'500–9'000 pro Monat", ("CHF", 7_500, 9_000, "MONTH", None)),
        ("Rp 8.000.000 - 11.000.000 / bulan", ("IDR", 8_000_000, 11_000_000, "MONTH", None)),
        ("25-30 triệu VND/tháng", ("VND", 25_000_000, 30_000_000, "MONTH", None)),
        ("62 000 $ à 78 000 $ par an", ("USD", 62_000, 78_000, "YEAR", None)),
        ("年収450万円〜800万円", ("JPY", 4_500_000, 8_000_000, "YEAR", None)),
        ("時給1,250円以上", ("JPY", 1_250, None, "HOUR", None)),
        ("4万美元/年", ("USD", 40_000, 40_000, "YEAR", None)),
        ("2-3万港币/月", ("HKD", 20_000, 30_000, "MONTH", None)),
        ("NT$ 42,000 - 58,000 月薪", ("TWD", 42_000, 58_000, "MONTH", None)),
        ("up to 70,000 yuan per month", ("CNY", None, 70_000, "MONTH", None)),
        ("年包80-120W", ("CNY", 800_000, 1_200_000, "YEAR", None)),
        ("30-45w", ("CNY", 300_000, 450_000, "YEAR", None)),
        ("2万-4万/月（15薪）", ("CNY", 20_000, 40_000, "MONTH", 15)),
        ("12k-18k/月·13薪·餐补", ("CNY", 12_000, 18_000, "MONTH", 13)),
        ("底薪6-8K+提成", ("CNY", 6_000, 8_000, "MONTH", None)),
        ("月薪３８，０００元起", ("CNY", 38_000, None, "MONTH", None)),
        ("Bruttomonatsgehalt EUR 3.100,- (14x jährlich)", ("EUR", 3_100, 3_100, "MONTH", 14)),
        ("Jahresgehalt (38 h/Woche): 52.400,00 €", ("EUR", 52_400, 52_400, "YEAR", None)),
        # Beside the base.
        ("$7,500 sign-on bonus, base $98,000 - $112,000", ("USD", 98_000, 112_000, "YEAR", None)),
        ("$900 monthly stipend and $130,000 - $150,000 base salary", ("USD", 130_000, 150_000, "YEAR", None)),
        ("Base: 48.000 - 60.000 EUR Total Compensation: 55.000 - 70.000 EUR", ("EUR", 48_000, 60_000, None, None)),
        ("$200,000 - $220,000 OTE", None),
        ("OTE: $180,000 (base $90,000)", None),
        ("$12 per article", None),
        ("0.5元/条", None),
        ("Homeoffice-Zuschuss von 600 €", None),
        # Both ends or none.
        ("$120,000 - $XXX,000", None),
        ("??-30K", None),
        ("\ue123\ue145-\ue1f0K", None),
        ("$110k - 1x0k", None),
        ("from $140,000 in our smallest market up to $170,000 in our largest", ("USD", 140_000, 170_000, None, None)),
        ("Minimum Salary $88,000, Maximum Salary $120,000", ("USD", 88_000, 120_000, "YEAR", None)),
        ("Level 3 - $120,000", ("USD", 120_000, 120_000, None, None)),
        ("$120,000 + 401(k)", ("USD", 120_000, 120_000, None, None)),
    ],
)  # fmt: skip
def test_every_language_and_what_stands_beside_the_base(text: str, pay: Read | None) -> None:
    assert read(text) == pay


@pytest.mark.parametrize(
    ("text", "country", "pay"),
    [
        ("月薪 4 萬 - 6 萬元", "TW", ("TWD", 40_000, 60_000, "MONTH", None)),
        ("月薪 4 萬 - 6 萬元", "HK", ("HKD", 40_000, 60_000, "MONTH", None)),
        ("時薪$210起", "TW", ("TWD", 210, None, "HOUR", None)),
        ("¥5,000,000 - ¥7,000,000", "JP", ("JPY", 5_000_000, 7_000_000, None, None)),
        ("41 000 - 48 000 kr", "SE", ("SEK", 41_000, 48_000, None, None)),
        ("R18 000 per month", "ZA", ("ZAR", 18_000, 18_000, "MONTH", None)),
        ("Rs 90,000 per month", "PK", ("PKR", 90_000, 90_000, "MONTH", None)),
        ("25–30/hr", "US", ("USD", 25, 30, "HOUR", None)),
        ("$2,000", "AR", None),
    ],
)
def test_the_place_decides_between_currencies_of_one_sign(text: str, country: str, pay: Read | None) -> None:
    assert read(text, yuan=False, places=[Place(name="", address_country=country)]) == pay


@pytest.mark.parametrize("text", ["月薪 4 萬 - 6 萬元", "41 000 - 48 000 kr", "25–30/hr", "R18 000 per month"])
def test_without_a_place_a_shared_sign_is_not_read(text: str) -> None:
    assert parse_salary(text, yuan=False) is None


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
        ("over 12 months", None), ("0.5 MONTH", None), ("2 WEEK", None),
        ("3 MONTH", None), ("1 DAY", "DAY"), ("every two weeks", None), ("fortnight", None), ("quarterly", None),
        ("年俸", "YEAR"), ("時薪", "HOUR"), ("/ mois", "MONTH"), ("38,5 h/Woche", None), ("Tagessatz", "DAY"),
        ("5 years of experience", None), ("Philadelphia, PA", None), ("60k p. a.", "YEAR"),
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


@pytest.mark.parametrize(
    ("low", "high", "currency", "ends"),
    [
        ("48.000", "62.000,00", "EUR", (48_000, 62_000)), ("48,000", "62,000", "USD", (48_000, 62_000)),
        ("4,50,000", "6,00,000", "INR", (450_000, 600_000)), ("48 000", None, "PLN", (48_000, None)),
        ("850.000", "1200.500", "KWD", (850, 1_200.5)), ("0.125", "45.5", "USD", (0.125, 45.5)),
        ("48000", "negotiable", "EUR", None), ("?", 48_000, "EUR", None), (0, 48_000, "EUR", (None, 48_000)),
    ],
)  # fmt: skip
def test_numbers_grouped_as_in_their_country(low: Any, high: Any, currency: str, ends: Any) -> None:
    pay = pay_range(low, high, currency=currency, unit_text="YEAR")
    assert (pay and (pay.min_value, pay.max_value)) == ends


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
@example(1, 400, 12)  # "401K" is an American pension elsewhere
def test_every_range_in_thousands_is_read(low: int, more: int, months: int) -> None:
    high = low + more
    assert read(f"{low}-{high}K·{months}薪") == ("CNY", low * 1000, high * 1000, "MONTH", months)


@pytest.mark.parametrize(
    "unit",
    [
        "1 ",
        "$1 ",
        "$",
        "USD ",
        "1,000",
        "1.5k-",
        "9",
        "up to ",
        "from    ",
        " ",
        "bi-",
        "/ ",
        "月薪",
        "p. ",
        "(",
        "((1)",
        "\u200f1",
        "1万、",
        "$1 bonus ",
        "equity ",
        "between $1 a ",
        "40h a week ",
        "40-90K·14薪",
    ],
)
def test_hostile_text_is_read_in_linear_time(unit: str) -> None:
    assert_linear_time(unit, parse_salary, lambda text: parse_salary("$1 000" + text), period_of)


@pytest.mark.parametrize(
    ("value", "count"), [(3, 3), ("3", 3), (3.0, 3), (0, None), (0.4, None), (-1, None), ("若干", None), (None, None)]
)
def test_a_count(value: Any, count: int | None) -> None:
    assert count_of(value) == count
