"""The three questions of identity: which postings are the same job, and how."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from postings.identity.comparison import Comparison
from postings.identity.mirrors import mirrors
from postings.identity.records import Job, Link
from postings.identity.reposts import reposts
from postings.identity.requisitions import requisitions

LONGEST_GAP = timedelta(days=90)
"""How long after a posting closed another one can be its repost."""


def find_links(jobs: Sequence[Job], *, gap: timedelta = LONGEST_GAP) -> list[Link]:
    """Return which postings are the same job: mirrors, requisitions in several places, and reposts, in this order.

    Args:
        jobs: The postings of one company, on all its boards; each is read once for all three questions.
        gap: How long after a closing a repost may open.
    """
    compared = Comparison(jobs)
    return [*mirrors(compared), *requisitions(compared), *reposts(compared, gap)]


def find_mirrors(jobs: Sequence[Job]) -> list[Link]:
    """Return which postings of a company's boards are one job seen on several of them.

    First requisition numbers, then title and place, then texts; within a pair of boards each posting is linked once,
    the most similar first. Postings of one board are never linked here.

    Args:
        jobs: The postings of one company, on all its boards.
    """
    return mirrors(Comparison(jobs))


def find_requisitions(jobs: Sequence[Job]) -> list[Link]:
    """Return which postings of one board are one requisition in several places.

    They name the same requisition number, or have the same title, team and text in different places, and were open at
    the same time. Two postings of the same title, text and place may be two openings, and are not linked: two openings
    in each of ten cities are two requisitions.

    Args:
        jobs: The postings of one company; those of different boards are never linked here.
    """
    return requisitions(Comparison(jobs))


def find_reposts(jobs: Sequence[Job], *, gap: timedelta = LONGEST_GAP) -> list[Link]:
    """Return which postings that closed appeared again on their board under a new id.

    The title and the place are the same, or the requisition number is, and the texts agree. Each posting is the repost
    of at most one: the most similar, of these the nearest in time.

    Args:
        jobs: The postings of one company, with when they opened and closed.
        gap: How long after the closing the new one may open.
    """
    return reposts(Comparison(jobs), gap)
