"""Facts as rows: every kind is documented, and each value stands once."""

from __future__ import annotations

from dataclasses import fields

import pytest

from postings import JobPosting, Place, Salary
from postings.facts import FACT_KINDS, Fact, Facts, fact_rows, posting_facts

FULL = JobPosting(
    identifier="1",
    title="Senior Data Product Manager, Law (Remote, Norway) – Intern, Talent Pool",
    url="https://example.org/1",
    description="Urgent: we hire 3 people. 5+ years of experience with CUDA and Kafka. Bachelor's degree. "
    "Fluent German. Publications at NeurIPS wanted. Experience in legal data. Apply by 2026-05-01.",
    job_location=(Place(name="北京市海淀区"), Place(name="Oslo"), Place(name="Remote (Norway)")),
    employment_type=("FULL_TIME",),
    base_salary=Salary(currency="CNY", min_value=40_000, max_value=90_000, unit_text="MONTH", months_per_year=14),
    base_salary_raw="40-90K·14薪",
    total_job_openings=3,
    employment_unit="Lamps",
    urgent=True,
)


def rows(posting: JobPosting) -> list[Fact]:
    return list(fact_rows(posting_facts(posting)))


def test_every_fact_has_its_rows() -> None:
    found = rows(FULL)
    order = list(FACT_KINDS)
    assert [fact.kind for fact in found] == sorted((fact.kind for fact in found), key=order.index)
    assert set(FACT_KINDS) - {fact.kind for fact in found} == set()
    assert len({(fact.kind, fact.value) for fact in found}) == len(found)
    assert all(isinstance(fact.value, str) and fact.value for fact in found)


def test_every_attribute_of_facts_is_among_the_rows() -> None:
    """A fact that is added to `Facts` and forgotten in the rows would be read and never kept."""
    full, empty = posting_facts(FULL), Facts()
    for field in fields(Facts):
        if field.name in ("version", "pay_words"):
            continue
        without = {name.name: getattr(full, name.name) for name in fields(Facts)} | {
            field.name: getattr(empty, field.name)
        }
        assert list(fact_rows(Facts(**without))) != list(fact_rows(full)), field.name


def test_pay_by_the_year_is_in_the_currency_of_the_posting() -> None:
    pay = {fact.kind: fact for fact in rows(FULL) if fact.kind.startswith("pay")}
    assert pay["pay_min"] == Fact("pay_min", "CNY", 560_000, "40-90K·14薪")
    assert pay["pay_max"] == Fact("pay_max", "CNY", 1_260_000, "40-90K·14薪")
    assert pay["pay_months"] == Fact("pay_months", "14", 14, "40-90K·14薪")
    assert pay["pay_period"].value == "MONTH"


@pytest.mark.parametrize("unit", ["HOUR", "DAY", None])
def test_pay_that_tells_no_year_gives_none(unit: str | None) -> None:
    posting = JobPosting(
        identifier="1", title="Diver", url="", base_salary=Salary(currency="EUR", min_value=30, unit_text=unit)
    )
    assert {fact.kind for fact in rows(posting)} & {"pay", "pay_min", "pay_max"} == {"pay"}


def test_fields_outrank_words() -> None:
    posting = JobPosting(
        identifier="1", title="Diver (Part-time)", url="", employment_type=("FULL_TIME",), total_job_openings=4
    )
    found = {fact.kind: fact.value for fact in rows(posting)}
    assert (found["employment_type"], found["head_count"]) == ("FULL_TIME", "4")
