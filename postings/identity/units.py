"""What is counted: postings, requisitions, postings by place, or people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from postings.identity.groups import groups
from postings.identity.names import place_key
from postings.identity.records import Job, Link


class Unit(StrEnum):
    """What one is, in a table that counts; every table names its unit."""

    POSTINGS = "postings"
    """A posting, once on each board that lists it."""
    REQUISITIONS = "requisitions"
    """A job, once however many boards, places and ids it has."""
    PLACES = "places"
    """A job in a place: one in ten cities counts ten times."""
    HEADCOUNT = "headcount"
    """A person to be hired: the number that a job states, one where it states none."""

    @property
    def meaning(self) -> str:
        """What one is, in a sentence that is printed beside the numbers."""
        return _MEANINGS[self]


_MEANINGS = {
    Unit.POSTINGS: "Counted are postings, once on each board that lists them.",
    Unit.REQUISITIONS: "Counted are jobs, once however many boards and places list them.",
    Unit.PLACES: "Counted are jobs by place: one in ten cities counts ten times.",
    Unit.HEADCOUNT: "Counted are people to be hired: the number that a job states, one where it states none.",
}


def count(jobs: Sequence[Job], links: Iterable[Link], unit: Unit) -> int:
    """Return how many there are of a unit.

    Args:
        jobs: The postings of a company, each once.
        links: Their links.
        unit: What to count.
    """
    if unit is Unit.POSTINGS:
        return len(jobs)
    by_key = {job.key: job for job in jobs}
    merged = [[by_key[key] for key in group] for group in groups(by_key, links)]
    match unit:
        case Unit.PLACES:
            return sum(max(1, len({place_key(place) for job in group for place in job.places})) for group in merged)
        case Unit.HEADCOUNT:
            return sum(max(job.head_count or 1 for job in group) for group in merged)
    return len(merged)
