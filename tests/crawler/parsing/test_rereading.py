"""Raw words say all that their values were read from."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawler.parsing.rereading import pay_in_words, reread
from crawler.runs.saved import read_saved
from crawler.systems import system, systems
from postings import JobPosting, Place, Salary
from tests.crawler.rereading import without_parsed_values
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


@pytest.mark.parametrize(
    ("name", "raw", "types"),
    [
        ("lever", "Full-time", ("FULL_TIME",)),
        ("lever", "Head of the kiln", ()),
        ("workable", "part", ("PART_TIME",)),
        ("beisen", "实习生招聘 / 全职", ("FULL_TIME",)),
        ("beisen", "实习生招聘 / 日常", ("INTERN",)),
        ("feishu", "校招 / 正式", ("FULL_TIME",)),
        ("feishu", "校招 / 实习, 兼职", ("INTERN", "PART_TIME")),
    ],
)
def test_employment_is_what_raw_words_name_now(name: str, raw: str, types: tuple[str, ...]) -> None:
    posting = dataclasses.replace(POSTING, employment_type=("OTHER",), employment_type_raw=raw)
    assert reread(posting, system(name)).employment_type == types


@pytest.mark.parametrize(
    ("name", "raw", "day"),
    [
        ("ashby", "2026-03-01T09:15:00Z", datetime(2026, 3, 1, 9, 15, tzinfo=UTC)),
        ("baidu", "2026-03-01 09:15:00", datetime(2026, 3, 1, 1, 15, tzinfo=UTC)),
        ("ashby", "2026-03-01 09:15:00", None),
        ("lever", "1772356500000", datetime(2026, 3, 1, 9, 15, tzinfo=UTC)),
        ("google", "1772356500", datetime(2026, 3, 1, 9, 15, tzinfo=UTC)),
        ("eightfold", "1772323200", date(2026, 3, 1)),
        ("eightfold", "soon", None),
        ("recruitee", "2026-03-01 09:15:00 UTC", datetime(2026, 3, 1, 9, 15, tzinfo=UTC)),
        ("successfactors", "Sun Mar 01 00:00:00 UTC 2026", date(2026, 3, 1)),
        ("workable", "2026-03-01T00:00:00.000Z", date(2026, 3, 1)),
        ("teamtailor", "Sun, 01 Mar 2026 09:15:00 +0000", datetime(2026, 3, 1, 9, 15, tzinfo=UTC)),
        ("careers", "2026-3-1", date(2026, 3, 1)),
        ("careers", "1. März 2026", date(2026, 3, 1)),
        ("careers", "03/04/2026", None),
    ],
)
def test_dates_are_read_as_their_system_writes_them(name: str, raw: str, day: date | None) -> None:
    posting = dataclasses.replace(POSTING, date_posted=date(2020, 1, 1), date_posted_raw=raw)
    assert reread(posting, system(name)).date_posted == day


def test_a_relative_date_counts_from_when_it_was_seen() -> None:
    posting = dataclasses.replace(POSTING, date_posted_raw="3 days ago")
    assert reread(posting, system("careers")) == posting
    read = reread(posting, system("careers"), seen=datetime(2026, 3, 4, 6, tzinfo=UTC))
    assert (read.date_posted, read.date_posted_raw) == (date(2026, 3, 1), None)


def test_remote_work_that_the_text_denies_is_taken_back() -> None:
    posting = dataclasses.replace(
        POSTING, job_location_type="TELECOMMUTE", description="This is not a remote position."
    )
    assert reread(posting, system("lever")).job_location_type is None


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
        assert reread(without_parsed_values(posting, folder), spider) == posting
