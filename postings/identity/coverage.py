"""How much of one board is on another: whether it is a mirror."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from postings.identity.groups import groups
from postings.identity.records import Job, Link


@dataclass(frozen=True, slots=True, order=True)
class Coverage:
    """How many of a board's postings are on another board.

    Attributes:
        board: The board's address.
        other: The other board's address.
        postings: How many postings the board has.
        found: How many of them are, by the links, a job that the other board lists too.
    """

    board: str
    other: str
    postings: int
    found: int

    @property
    def is_whole(self) -> bool:
        """Whether the other board has all of them: the board is a mirror of it, or of a part of it."""
        return self.found == self.postings


def coverage(jobs: Sequence[Job], links: Iterable[Link]) -> list[Coverage]:
    """Return how much of each board is on each other one, for boards that share a job; sorted by board.

    Args:
        jobs: The postings of one company, on all its boards.
        links: Their links.
    """
    boards = {job.key: job.board for job in jobs}
    found: Counter[tuple[str, str]] = Counter()
    for group in groups(boards, links):
        listing = Counter(boards[key] for key in group)
        for board, count in listing.items():
            for other in listing:
                if other != board:
                    found[board, other] += count
    postings = Counter(boards.values())
    return sorted(Coverage(board, other, postings[board], count) for (board, other), count in found.items())
