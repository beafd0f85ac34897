"""Counting what links have joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from postings.identity.groups import groups
from postings.identity.names import place_labels
from postings.identity.records import Job, Link
from postings.unit import Unit


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
            return sum(max(1, len(place_labels(place for job in group for place in job.places))) for group in merged)
        case Unit.HEADCOUNT:
            return sum(max(job.head_count or 1 for job in group) for group in merged)
    return len(merged)
