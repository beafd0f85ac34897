"""What is counted: postings, requisitions, postings by place, or people."""

from __future__ import annotations

from enum import StrEnum


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
