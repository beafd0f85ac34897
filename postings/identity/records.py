"""What identity is decided from, and what is decided: jobs and links between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from postings.posting import JobPosting


class Relation(StrEnum):
    """How two postings are the same job."""

    MIRROR = "mirror"
    """One job seen on two boards."""
    PLACES = "places"
    """One requisition that a board lists once for each place."""
    REPOST = "repost"
    """A posting that closed and appeared again on its board under a new id."""


class Ground(StrEnum):
    """What a link rests on, the strongest first."""

    REQUISITION = "requisition"
    """Both name one requisition number, and their titles or texts agree."""
    TITLE_AND_PLACE = "title and place"
    """Title and place are the same; texts agree, or one board shows none."""
    TEXT = "text"
    """The texts are nearly the same once what the company writes into many postings is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A posting of a company, as far as identity is decided from it.

    Attributes:
        key: Its name, the same for no other: the board's address and the board's id.
        board: The board's address.
        identifier: The board's id.
        title: The title.
        url: Where a person reads it.
        places: The board's words for its places.
        text: The description; empty where the board shows none.
        unit: The department or team, where the board names it.
        opened: When it was first seen open.
        closed: When it was found closed; None while it is open.
        last_seen: When it was last seen open; None where only `closed` is known.
        head_count: The number of people to be hired, where it is stated.
    """

    key: str
    board: str
    identifier: str
    title: str
    url: str = ""
    places: tuple[str, ...] = ()
    text: str = ""
    unit: str | None = None
    opened: datetime | None = None
    closed: datetime | None = None
    last_seen: datetime | None = None
    head_count: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two postings that are the same job.

    Attributes:
        first: The key of one: of a repost the one that closed, else the smaller key.
        second: The key of the other.
        relation: How they are the same.
        ground: What that rests on.
        score: The similarity of the texts from 0 to 1. Where a text is missing, 1 if a number decided, 0.5 if title
            and place did.
        words: What shows it: the requisition number, the title, or both titles.
    """

    first: str
    second: str
    relation: Relation
    ground: Ground
    score: float
    words: str


def job_of(
    posting: JobPosting,
    board: str,
    *,
    opened: datetime | None = None,
    closed: datetime | None = None,
    last_seen: datetime | None = None,
) -> Job:
    """Return a posting of a board as a `Job`; a `last_seen` of one that is open means nothing, and is left out."""
    return Job(
        key=f"{board}#{posting.identifier}",
        board=board,
        identifier=posting.identifier,
        title=posting.title,
        url=posting.url,
        places=tuple(sorted({place.name for place in posting.job_location})),
        text=posting.description,
        unit=posting.employment_unit,
        opened=opened,
        closed=closed,
        last_seen=last_seen if closed else None,
        head_count=posting.total_job_openings,
    )
