"""Counting units, and that a merge is undone by leaving its link out."""

from __future__ import annotations

import random

from postings.identity import count, find_requisitions, groups, job_of
from postings.posting import JobPosting, Place
from postings.unit import Unit
from tests.postings.identity.examples import CITIES, job, text_of


def test_one_job_in_ten_cities_beside_another() -> None:
    text = text_of(random.Random(1))
    jobs = [job(number, text=text, places=(city,), head_count=3) for number, city in enumerate(CITIES)]
    jobs.append(job("x", "Diver", places=("Oslo", "Oslo, Norway", "Lyon")))
    links = find_requisitions(jobs)
    assert {unit: count(jobs, links, unit) for unit in Unit} == {
        Unit.POSTINGS: 11,
        Unit.REQUISITIONS: 2,
        Unit.PLACES: 12,
        Unit.HEADCOUNT: 4,
    }
    assert count(jobs, [], Unit.REQUISITIONS) == 11
    apart = [link for link in links if jobs[0].key not in (link.first, link.second)]
    assert (jobs[0].key,) in groups([one.key for one in jobs], apart)
    assert len({unit.meaning for unit in Unit}) == len(Unit)


def test_a_requisition_stays_one_when_any_of_its_postings_closes() -> None:
    """The links join what is open by way of what closed."""
    text = text_of(random.Random(1))
    jobs = [job(number, text=text, places=(city,)) for number, city in enumerate(CITIES)]
    links = find_requisitions(jobs)
    for closed in jobs:
        still_open = [one for one in jobs if one is not closed]
        assert count(still_open, links, Unit.REQUISITIONS) == 1
        assert groups([one.key for one in still_open], links) == [tuple(sorted(one.key for one in still_open))]


def test_a_posting_becomes_a_job() -> None:
    posting = JobPosting(
        identifier="7",
        title="Diver",
        url="https://example.org/7",
        job_location=(Place(name="Oslo"), Place(name="Bergen")),
        total_job_openings=2,
        employment_unit="Sea",
    )
    found = job_of(posting, "https://example.org")
    assert (found.key, found.places, found.head_count, found.unit) == (
        "https://example.org#7",
        ("Bergen", "Oslo"),
        2,
        "Sea",
    )
