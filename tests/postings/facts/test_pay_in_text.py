"""Pay in a text: this job's base pay, and nothing else that is counted in money."""

from __future__ import annotations

import dataclasses

import pytest

from postings import JobPosting, Place, Salary
from postings.facts import fact_rows, posting_facts
from postings.facts.pay_in_text import pay_in_text
from tests.postings.hostile import assert_linear_time


@pytest.mark.parametrize(
    ("text", "currency", "low", "high", "unit"),
    [
        ("The base salary range for this role is $180,000 - $250,000 plus equity.", "USD", 180_000, 250_000, "YEAR"),
        ("Salary Range\n$120,000 - $130,000", "USD", 120_000, 130_000, "YEAR"),
        ("Pay: £18.50 per hour", "GBP", 18.5, 18.5, "HOUR"),
        ("Annual salary: 70.000 – 85.000 EUR", "EUR", 70_000, 85_000, "YEAR"),
        ("Jahresgehalt ab 55.000 €, je nach Erfahrung", "EUR", 55_000, None, "YEAR"),
        ("Ihr Stundenlohn: 17,14 € pro Stunde", "EUR", 17.14, 17.14, "HOUR"),
        ("薪资待遇：18K-25K，五险一金", "CNY", 18_000, 25_000, "MONTH"),
        ("月薪范围：30K - 60K·15薪", "CNY", 30_000, 60_000, "MONTH"),
        ("基本工资（5000元/月）+提成奖金", "CNY", 5_000, 5_000, "MONTH"),
        (
            "In Oslo the salary range is $100,000 - $120,000.\nIn Austin the salary range is $110,000 - $140,000.",
            *("USD", 100_000, 140_000, "YEAR"),
        ),
    ],
)
def test_base_pay(text: str, currency: str, low: float, high: float | None, unit: str) -> None:
    found = pay_in_text(f"We light harbours.\n{text}\nApply now.")
    assert found is not None
    pay = found.pay
    assert (pay.currency, pay.min_value, pay.max_value, pay.unit_text) == (currency, low, high, unit)
    assert found.words.split()[0] in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Salary: competitive. 401(k), 20 days off.",
        "We raised $50 million, and pay attention to 3,000 details.",
        "You manage a budget of $2,000,000 and a payroll of $150,000.",
        "Life cover of four times your annual salary or a minimum of £10,000.",
        "Referral bonus: salary range of $1,000 - $2,000.",
        "The salary range is $100,000 - $120,000 in Oslo. In Bonn the salary range is 80.000 - 90.000 €.",
        "You annotate images. Pay: $0.10 per label.",
        "薪资面议，团队超过3000人，五险一金",
        "Vergütung nach TVöD EG 13, 30 Tage Urlaub",
    ],
)
def test_what_is_no_base_pay(text: str) -> None:
    assert pay_in_text(text) is None


def test_a_field_outranks_the_text() -> None:
    posting = JobPosting(
        identifier="1",
        title="Diver",
        url="",
        description="The salary range is $100,000 - $120,000.",
        job_location=(Place(name="Oslo"),),
    )
    facts = {fact.kind: fact for fact in fact_rows(posting_facts(posting))}
    assert facts["pay_max"].number == 120_000
    assert facts["pay_max"].words == "The salary range is $100,000 - $120,000."
    stated = Salary(currency="NOK", min_value=700_000, unit_text="YEAR")
    with_field = dataclasses.replace(posting, base_salary=stated, base_salary_raw="from 700 000 kr")
    facts = {fact.kind: fact for fact in fact_rows(posting_facts(with_field))}
    assert (facts["pay"].value, facts["pay"].words) == ("NOK", "from 700 000 kr")


@pytest.mark.parametrize("unit", ["salary range ", "salary 1 ", "薪资1", "1", "$1-", "pay: $1,000 - "])
def test_time_is_linear(unit: str) -> None:
    assert_linear_time(unit, pay_in_text)
