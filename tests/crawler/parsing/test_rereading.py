"""Raw words say all that their values were read from."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.parsing.rereading import pay_in_words, reread
from crawler.runs.saved import read_saved
from crawler.systems import system, systems
from postings import JobPosting, Place, Salary
from tests.crawler.test_expectations import FILES, expectations, response_of

POSTING = JobPosting(identifier="1", title="Diver", url="https://example.org/1")


@pytest.mark.parametrize(
    ("raw", "pay"),
    [
        ("50000-60000 EUR per-year-salary", (50_000, 60_000, "EUR", "YEAR")),
        ("None-18.5 USD hour", (None, 18.5, "USD", "HOUR")),
        ("90000-None GBP", (90_000, None, "GBP", None)),
        ("40-90K·14薪", (40_000, 90_000, "CNY", "MONTH")),
        ("$180,000 – $250,000 a year", (180_000, 250_000, "USD", "YEAR")),
        ("competitive", None),
        ("Sign-on bonus $5,000", None),
    ],
)
def test_pay_in_words(raw: str, pay: tuple[float | None, float | None, str, str | None] | None) -> None:
    read = pay_in_words(raw, POSTING, yuan=True)
    assert (read and (read.min_value, read.max_value, read.currency, read.unit_text)) == pay


def test_a_period_that_a_field_stated_stays() -> None:
    stated = Salary(currency="EUR", min_value=50_000, max_value=60_000, unit_text="YEAR")
    posting = JobPosting(identifier="1", title="Diver", url="", base_salary=stated)
    assert pay_in_words("€50,000 - €60,000", posting, yuan=False) == stated


def test_what_has_no_raw_words_stays() -> None:
    stated = Salary(currency="EUR", min_value=50_000)
    posting = JobPosting(
        identifier="1", title="Diver", url="", base_salary=stated, employment_type=("INTERN",), job_location_type="X"
    )
    assert reread(posting, system("lever")) == posting


def test_places_are_split_again() -> None:
    posting = JobPosting(
        identifier="1", title="Diver", url="", job_location=(Place(name="全国"), Place(name="北京,上海"))
    )
    assert [place.name for place in reread(posting, system("moka")).job_location] == ["北京", "上海"]


@pytest.mark.shared
@pytest.mark.parametrize("name", [name for name in FILES if "error" not in expectations(name)])
def test_recorded_postings_are_read_the_same_from_their_raw_words(recorded: Path, name: str) -> None:
    folder = name.partition("/")[0]
    if folder not in systems():
        pytest.skip("a folder that is named after another program")
    spider = system(folder)
    for posting in read_saved(spider, recorded / response_of(name)).postings:
        assert reread(posting, spider) == posting
