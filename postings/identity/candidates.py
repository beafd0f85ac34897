"""Which postings are worth comparing: a number of pairs that grows with the postings and not with their square."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from postings.identity.records import Job

FAR = 30
"""How many neighbours in a group each posting is compared with: all of a small group, the nearest of a large one."""

Order = Callable[[Job], Any]
"""What a group is sorted by; postings that are likely to be the same are near each other."""


def pairs_on_one_board(groups: Iterable[Iterable[Job]], order: Order) -> Iterator[tuple[Job, Job]]:
    """Yield pairs of neighbours on one board in each group, the smaller key first."""
    for group in groups:
        for listed in _by_board(group, order).values():
            for at, (_, one) in enumerate(listed):
                for _, other in listed[at + 1 : at + 1 + FAR]:
                    yield (one, other) if one.key < other.key else (other, one)


def pairs_across_boards(groups: Iterable[Iterable[Job]], order: Order) -> Iterator[tuple[Job, Job]]:
    """Yield pairs of neighbours on different boards in each group, the smaller key first."""
    for group in groups:
        boards = _by_board(group, order)
        for board, listed in boards.items():
            for other_board, others in boards.items():
                if board < other_board:
                    # The longer one looks into the shorter, so that none of it is left out.
                    yield from _near(*sorted((listed, others), key=len, reverse=True))


def _near(listed: list[tuple[Any, Job]], others: list[tuple[Any, Job]]) -> Iterator[tuple[Job, Job]]:
    for order, one in listed:
        at = bisect(others, order, key=lambda entry: entry[0])
        start = max(0, min(at - FAR // 2, len(others) - FAR))
        for _, other in others[start : start + FAR]:
            yield (one, other) if one.key < other.key else (other, one)


def _by_board(group: Iterable[Job], order: Order) -> dict[str, list[tuple[Any, Job]]]:
    boards: dict[str, list[tuple[Any, Job]]] = defaultdict(list)
    for job in group:
        boards[job.board].append((order(job), job))
    return {board: sorted(listed, key=lambda entry: (entry[0], entry[1].key)) for board, listed in boards.items()}
