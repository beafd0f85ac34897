"""Which postings on several boards are one job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from postings.identity.candidates import pairs_across_boards
from postings.identity.comparison import Comparison
from postings.identity.records import Ground, Link
from postings.identity.retitled import retitled


def mirrors(compared: Comparison) -> list[Link]:
    """Return the links of postings on different boards, sorted."""
    if len(compared.titles_on) < 2:
        return []
    pairs = chain(
        pairs_across_boards(compared.by_number(), compared.nearness),
        pairs_across_boards(compared.by_title_and_place(), compared.nearness),
        pairs_across_boards(compared.by_title(), compared.nearness),
        pairs_across_boards(compared.by_title(), compared.place),
    )
    distinct = {(one.key, other.key): (one, other) for one, other in pairs}
    found = [link for pair in distinct.values() if (link := compared.mirror(*pair))]
    # A requisition number links a posting to each of the other board's places; anything weaker links one to one.
    return sorted(_one_to_one([*found, *retitled(compared)], compared))


def _one_to_one(links: Iterable[Link], compared: Comparison) -> Iterator[Link]:
    """Yield links, the strongest first, so that each posting has at most one to each other board."""
    jobs = {job.key: job for job in compared.jobs}
    grounds = list(Ground)
    taken: set[tuple[str, str]] = set()

    def strength(link: Link) -> tuple[object, ...]:
        apart = not compared.share_a_place(jobs[link.first], jobs[link.second])
        return grounds.index(link.ground), -link.score, apart, link

    for link in sorted(links, key=strength):
        ends = {(link.first, jobs[link.second].board), (link.second, jobs[link.first].board)}
        if link.ground is Ground.REQUISITION or not ends & taken:
            taken |= ends
            yield link
