"""Which postings are one job by their text alone: a board gave it another title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from postings.identity.candidates import FAR, pairs_across_boards, pairs_on_one_board
from postings.identity.comparison import Comparison
from postings.identity.records import Job, Link


def retitled(compared: Comparison) -> Iterator[Link]:
    """Yield links of postings on different boards with other titles over one text, where only these two titles have it.

    A company writes one text for a family of roles ("Payments Engineer", "Search Engineer"). So a text decides nothing
    where two titles on one board share it, nor where a board has the other's title itself.
    """
    forms = _forms(compared)
    # One posting stands for all on its board with its title and text.
    groups = _by_text(compared, [listed[0] for listed in forms.values()])
    families = {
        job.key
        for one, other in pairs_on_one_board(groups, compared.nearness)
        if compared.alike(one, other)
        for job in (one, other)
    }
    standing_for = {listed[0].key: listed for listed in forms.values()}
    seen: set[tuple[str, str]] = set()
    for one, other in pairs_across_boards(groups, compared.nearness):
        pair = one.key, other.key
        if pair in seen or families.intersection(pair) or not _may_be_retitled(compared, one, other):
            continue
        seen.add(pair)
        if compared.retitled(one, other):
            for first, second in pairs_across_boards(
                [[*standing_for[one.key], *standing_for[other.key]]], compared.place
            ):
                if compared.may_share_a_place(first, second) and (link := compared.retitled(first, second)):
                    yield link


def _forms(compared: Comparison) -> dict[tuple[str, str, str], list[Job]]:
    """Return the jobs of each board, title and text without boilerplate; those without such a text are left out."""
    forms: dict[tuple[str, str, str], list[Job]] = defaultdict(list)
    for job in compared.jobs:
        if own := compared.texts.own(job.key):
            forms[job.board, compared.titles[job.key], own].append(job)
    return forms


def _by_text(compared: Comparison, jobs: list[Job]) -> list[list[Job]]:
    """Return the groups of jobs whose texts share one of their smallest hashes, and that few enough have."""
    groups: dict[int, list[Job]] = defaultdict(list)
    for job in jobs:
        for value in compared.texts.sketch(job.key):
            groups[value].append(job)
    return [group for group in groups.values() if 1 < len(group) <= FAR]


def _may_be_retitled(compared: Comparison, one: Job, other: Job) -> bool:
    mine, its = compared.titles[one.key], compared.titles[other.key]
    return mine != its and mine not in compared.titles_on[other.board] and its not in compared.titles_on[one.board]
