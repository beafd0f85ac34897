"""Which postings are the same job: on several boards, and in several places of one board."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from postings.identity.candidates import pairs_across_boards, pairs_on_one_board
from postings.identity.comparison import Comparison, overlap
from postings.identity.groups import Groups
from postings.identity.records import Ground, Job, Link
from postings.identity.retitled import retitled

_Members = dict[str, list[Job]]


def find_mirrors(jobs: Sequence[Job]) -> list[Link]:
    """Return which postings of a company's boards are one job seen on several of them.

    First requisition numbers, then title and place, then texts; within a pair of boards each posting is linked once,
    the most similar first. Postings of one board are never linked here.

    Args:
        jobs: The postings of one company, on all its boards.
    """
    compared = Comparison(jobs)
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


def find_requisitions(jobs: Sequence[Job]) -> list[Link]:
    """Return which postings of one board are one requisition in several places.

    They name the same requisition number, or have the same title, team and text in different places, and were open at
    the same time. Two postings of the same title, text and place may be two openings, and are not linked: two openings
    in each of ten cities are two requisitions.

    Args:
        jobs: The postings of one company; those of different boards are never linked here.
    """
    compared = Comparison(jobs)
    joined = Groups(job.key for job in compared.jobs)
    # Which of each group's postings are in which place, by the group's root.
    members = {job.key: {label: [job] for label in compared.labels[job.key]} for job in compared.jobs}
    found = []
    for groups in (compared.by_number(), compared.by_title()):
        for one, other in pairs_on_one_board(groups, compared.nearness):
            first, second = joined.root(one.key), joined.root(other.key)
            # One link joins two postings, so that leaving it out parts them; a requisition of ten places has nine.
            if first == second or not (link := compared.one_requisition(one, other)):
                continue
            if link.ground is Ground.REQUISITION or not _meet(members[first], members[second]):
                joined.join(one.key, other.key)
                more, fewer = sorted((members.pop(first), members.pop(second)), key=len, reverse=True)
                for label, listed in fewer.items():
                    more.setdefault(label, []).extend(listed)
                members[joined.root(one.key)] = more
                found.append(link)
    return sorted(found)


def _meet(one: _Members, other: _Members) -> bool:
    """Return whether two groups have postings in one place at one time, which are two openings."""
    fewer, more = sorted((one, other), key=len)
    return any(overlap(mine, its) for label in fewer for mine in fewer[label] for its in more.get(label, ()))


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
