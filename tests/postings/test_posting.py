"""The record: JSON and back without loss, and a hash of its content."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postings import JobPosting, Place, Salary
from postings.posting import utc

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
maybe = st.none() | words
number = st.none() | st.floats(0, 1e9)
zones = st.timedeltas(timedelta(hours=-12), timedelta(hours=14)).map(
    lambda offset: timezone(timedelta(minutes=offset // timedelta(minutes=1)))
)
moments = st.datetimes(timezones=zones)
places = st.builds(Place, name=words, address_locality=maybe, address_region=maybe, address_country=maybe)
salaries = st.builds(
    Salary,
    currency=st.sampled_from(["CNY", "USD"]),
    min_value=number,
    max_value=number,
    unit_text=st.sampled_from([None, "DAY", "MONTH"]),
    months_per_year=number,
)
postings = st.builds(
    JobPosting,
    identifier=words,
    title=words,
    url=words,
    description=words,
    hiring_organization=maybe,
    job_location=st.lists(places, max_size=3).map(tuple),
    employment_type=st.lists(st.sampled_from(["INTERN", "FULL_TIME"]), unique=True).map(tuple),
    base_salary=st.none() | salaries,
    date_posted=st.none() | moments | st.dates(),
    valid_through=st.none() | moments | st.dates(),
    total_job_openings=st.none() | st.integers(0, 1000),
    urgent=st.booleans(),
    redirects_to=maybe,
)


@given(postings)
def test_json_and_back_is_the_same_record(posting: JobPosting) -> None:
    assert JobPosting.from_dict(json.loads(json.dumps(posting.to_dict()))) == posting


@given(postings)
def test_json_and_back_has_the_same_hash(posting: JobPosting) -> None:
    assert JobPosting.from_dict(json.loads(json.dumps(posting.to_dict()))).content_hash == posting.content_hash


@given(postings)
def test_hash_ignores_the_order_of_places_and_employment_types(posting: JobPosting) -> None:
    shuffled = dataclasses.replace(
        posting,
        job_location=tuple(reversed(posting.job_location)),
        employment_type=tuple(reversed(posting.employment_type)),
    )
    assert shuffled.content_hash == posting.content_hash


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Other"},
        {"description": "other"},
        {"job_location": (Place(name="Hangzhou"),)},
        {"base_salary": Salary(currency="CNY", min_value=1.0)},
        {"urgent": True},
        {"redirects_to": "https://jobs.example/2"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_hash_changes_with(change: dict[str, object]) -> None:
    posting = JobPosting(identifier="1", title="Engineer", url="https://jobs.example/1")
    assert dataclasses.replace(posting, **change).content_hash != posting.content_hash


def test_hash_stays_the_same_across_releases() -> None:
    # Frozen: a hash that changes with the code would make every posting in every history look edited.
    posting = JobPosting(
        identifier="1",
        title="研究员",
        url="https://jobs.example/1",
        job_location=(Place(name="Beijing"),),
        date_posted=date(2026, 1, 31),
    )
    assert posting.content_hash == "dd35200ccccd32448f7f64080597972d5c4ed950a87d9b51d53a8bcb363fb7de"


def test_attributes_without_a_value_are_no_part_of_the_hash() -> None:
    # So an attribute that JobPosting gets later is no change of the postings that lack it.
    posting = JobPosting(identifier="1", title="t", url="u")
    known = json.dumps({"identifier": "1", "title": "t", "url": "u"}, separators=(",", ":"))
    assert posting.content_hash == hashlib.sha256(known.encode()).hexdigest()


@pytest.mark.parametrize("value", [date(2026, 1, 31), datetime(2026, 1, 31, tzinfo=UTC)])
def test_a_date_stays_a_date_and_a_time_a_time(value: date) -> None:
    posting = JobPosting(identifier="1", title="t", url="", date_posted=value)
    back = JobPosting.from_dict(posting.to_dict()).date_posted
    assert (back, type(back)) == (value, type(value))


def test_every_attribute_is_in_the_dict() -> None:
    posting = JobPosting(identifier="1", title="t", url="")
    assert list(posting.to_dict()) == [field.name for field in dataclasses.fields(JobPosting)]


def test_an_unknown_attribute_is_refused() -> None:
    with pytest.raises(TypeError, match="recruiter"):
        JobPosting.from_dict({"identifier": "1", "title": "t", "url": "", "recruiter": "x"})


def test_a_missing_attribute_is_refused() -> None:
    with pytest.raises(TypeError, match="title"):
        JobPosting.from_dict({"identifier": "1", "url": ""})


def test_an_unreadable_date_is_refused() -> None:
    with pytest.raises(ValueError, match="soon"):
        JobPosting.from_dict({"identifier": "1", "title": "t", "url": "", "date_posted": "soon"})


def test_utc_keeps_the_moment() -> None:
    beijing = datetime(2026, 1, 31, 8, tzinfo=timezone(timedelta(hours=8)))
    assert utc(beijing).isoformat() == "2026-01-31T00:00:00+00:00"


def test_utc_refuses_a_naive_time() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        utc(datetime.fromisoformat("2026-01-31T00:00"))
