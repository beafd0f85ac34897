"""Which postings are the same job: on several boards, in several places, and again under a new id."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta

from postings.facts.intake import intakes
from postings.facts.seniority import seniority
from postings.identity.groups import Groups
from postings.identity.names import place_key, requisition_numbers, title_key
from postings.identity.records import Ground, Job, Link, Relation
from postings.identity.texts import Texts

SAME_TEXT = 0.8
"""Texts of different titles, without boilerplate, at least this similar are one job's."""

AGREE = 0.7
"""Texts of one title, without boilerplate, less similar than this are different jobs'."""

LONGEST_GAP = timedelta(days=90)
"""How long after a posting closed another one can be its repost."""

_ROMAN = re.compile("i{1,3}|iv|vi{0,3}|ix")
_FAR = 30
"""How many neighbours in a group of candidates each posting is compared with."""


def find_mirrors(jobs: Sequence[Job]) -> list[Link]:
    """Return which postings of a company's boards are one job seen on several of them.

    First requisition numbers, then title and place, then texts; within a pair of boards each posting is linked once,
    the most similar first. Postings of one board are never linked here.

    Args:
        jobs: The postings of one company, on all its boards.
    """
    compared = _Comparison(jobs)
    candidates = [
        *compared.by_requisition(across=True),
        *compared.by_title_and_place(across=True),
        *compared.by_title(across=True),
        *compared.by_text(across=True),
    ]
    found = [link for pair in _distinct(candidates) if (link := compared.mirror(*pair))]
    # A requisition number links a posting to each of the other board's places; anything weaker links one to one.
    return sorted(_one_to_one(found, compared.pair_of_boards))


def find_requisitions(jobs: Sequence[Job]) -> list[Link]:
    """Return which postings of one board are one requisition in several places.

    They name the same requisition number, or have the same title, team and text in different places, and were open at
    the same time. Two postings of the same title, text and place may be two openings, and are not linked.

    Args:
        jobs: The postings of one company; those of different boards are never linked here.
    """
    compared = _Comparison(jobs)
    joined = Groups(job.key for job in jobs)
    found = []
    for one, other in (*compared.by_requisition(across=False), *compared.by_title(across=False)):
        # One link joins two postings, so that leaving it out parts them; a requisition of ten places has nine.
        if not joined.together(one.key, other.key) and (link := compared.places(one, other)):
            joined.join(one.key, other.key)
            found.append(link)
    return sorted(found)


def find_reposts(jobs: Sequence[Job], *, gap: timedelta = LONGEST_GAP) -> list[Link]:
    """Return which postings that closed appeared again on their board under a new id.

    The title and the place are the same, or the requisition number is, and the texts agree. Each posting is the repost
    of at most one, the nearest in time.

    Args:
        jobs: The postings of one company, with when they opened and closed.
        gap: How long after the closing the new one may open.
    """
    compared = _Comparison(jobs)
    candidates = [*compared.by_requisition(across=False), *compared.by_title_and_place(across=False)]
    found = []
    for pair in _distinct(candidates):
        for closed, opened in (pair, pair[::-1]):
            if closed.closed and opened.opened and timedelta() <= opened.opened - closed.closed <= gap:
                link = compared.repost(closed, opened)
                if link:
                    found.append((opened.opened - closed.closed, link))
    taken: set[tuple[str, str]] = set()
    chosen = []
    for _, link in sorted(found):
        if ("closed", link.first) not in taken and ("opened", link.second) not in taken:
            taken |= {("closed", link.first), ("opened", link.second)}
            chosen.append(link)
    return sorted(chosen)


class _Comparison:
    """The jobs of one company, with what they are compared by."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = {job.key: job for job in sorted(jobs, key=lambda job: job.key)}
        ordered = list(self._jobs.values())
        titles = [title_key(job.title, job.places) for job in ordered]
        self._title = dict(zip(self._jobs, titles, strict=True))
        self._places = {job.key: frozenset(map(place_key, job.places)) for job in ordered}
        self._numbers = _own_numbers(ordered)
        self._texts = Texts(ordered, titles)

    def by_requisition(self, *, across: bool) -> Iterator[tuple[Job, Job]]:
        """Yield pairs that name the same requisition number, of different boards or of one."""
        for kind in (0, 1):
            groups: dict[str, list[Job]] = defaultdict(list)
            for job in self._jobs.values():
                for number in self._numbers[job.key][kind]:
                    groups[number].append(job)
            yield from _pairs(groups.values(), across)

    def by_title(self, *, across: bool) -> Iterator[tuple[Job, Job]]:
        """Yield pairs with the same title: all of a small group, neighbours by text of a large one."""
        groups: dict[str, list[Job]] = defaultdict(list)
        for job in self._jobs.values():
            groups[self._title[job.key]].append(job)
        for group in groups.values():
            group.sort(key=lambda job: (self._texts.sketch(job.key, 1), job.key))
        yield from _pairs(groups.values(), across)

    def by_title_and_place(self, *, across: bool) -> Iterator[tuple[Job, Job]]:
        """Yield pairs with the same title and a place in common, or none on either side."""
        groups: dict[tuple[str, str], list[Job]] = defaultdict(list)
        for job in self._jobs.values():
            for place in self._places[job.key] or {""}:
                groups[self._title[job.key], place].append(job)
        for group in groups.values():
            group.sort(key=_by_time)
        yield from _pairs(groups.values(), across)

    def by_text(self, *, across: bool) -> Iterator[tuple[Job, Job]]:
        """Yield pairs whose texts share one of their smallest hashes."""
        groups: dict[int, list[Job]] = defaultdict(list)
        for job in self._jobs.values():
            for value in self._texts.sketch(job.key):
                groups[value].append(job)
        yield from _pairs((group for group in groups.values() if len(group) <= _FAR), across)

    def mirror(self, one: Job, other: Job) -> Link | None:
        """Return the link of two postings of different boards; None where they are different jobs."""
        score = self._texts.similarity(one.key, other.key)
        same_title = self._title[one.key] == self._title[other.key]
        if number := self._shared_number(one, other, same_title, score):
            return _link(one, other, Relation.MIRROR, Ground.REQUISITION, score, number)
        if same_title and self._may_share_a_place(one, other) and self._teams_agree(one, other):
            if score is None and self._places[one.key] & self._places[other.key]:
                return _link(one, other, Relation.MIRROR, Ground.TITLE_AND_PLACE, 0.5, one.title)
            if score is not None and score >= AGREE:
                return _link(one, other, Relation.MIRROR, Ground.TITLE_AND_PLACE, score, one.title)
        same_text = score is not None and score >= SAME_TEXT
        if same_text and self._may_share_a_place(one, other) and _rank(one.title) == _rank(other.title):
            return _link(one, other, Relation.MIRROR, Ground.TEXT, score, f"{one.title} / {other.title}")
        return None

    def places(self, one: Job, other: Job) -> Link | None:
        """Return the link of two postings of one board that are one requisition; None where they are not."""
        if not _overlap(one, other):
            return None
        score = self._texts.similarity(one.key, other.key)
        same_title = self._title[one.key] == self._title[other.key]
        if number := self._shared_number(one, other, same_title, score):
            return _link(one, other, Relation.PLACES, Ground.REQUISITION, score, number)
        elsewhere = (
            self._places[one.key] and self._places[other.key] and not (self._places[one.key] & self._places[other.key])
        )
        if same_title and elsewhere and self._teams_agree(one, other) and score is not None and score >= SAME_TEXT:
            return _link(one, other, Relation.PLACES, Ground.TEXT, score, one.title)
        return None

    def repost(self, closed: Job, opened: Job) -> Link | None:
        """Return the link of a posting that closed and one that opened later; None where they are different jobs."""
        score = self._texts.similarity(closed.key, opened.key)
        same_title = self._title[closed.key] == self._title[opened.key]
        if number := self._shared_number(closed, opened, same_title, score):
            return Link(closed.key, opened.key, Relation.REPOST, Ground.REQUISITION, _rounded(score), number)
        same_place = self._places[closed.key] == self._places[opened.key] or bool(
            self._places[closed.key] & self._places[opened.key]
        )
        agree = score is None or score >= AGREE
        if same_title and same_place and agree and self._teams_agree(closed, opened):
            ground = Ground.TITLE_AND_PLACE
            return Link(closed.key, opened.key, Relation.REPOST, ground, _rounded(score), closed.title)
        return None

    def pair_of_boards(self, link: Link) -> tuple[str, str]:
        """Return the boards of a link's postings."""
        return self._jobs[link.first].board, self._jobs[link.second].board

    def _shared_number(self, one: Job, other: Job, same_title: bool, score: float | None) -> str | None:
        formed, bare = (mine & its for mine, its in zip(self._numbers[one.key], self._numbers[other.key], strict=True))
        if formed and (same_title or (score is not None and score >= AGREE)):
            return min(formed)
        if bare and same_title and (score is None or score >= AGREE):
            return min(bare)
        return None

    def _may_share_a_place(self, one: Job, other: Job) -> bool:
        mine, its = self._places[one.key], self._places[other.key]
        return not mine or not its or bool(mine & its) or any(a in b or b in a for a in mine for b in its)

    def _teams_agree(self, one: Job, other: Job) -> bool:
        if one.board == other.board and one.unit and other.unit:
            return one.unit == other.unit
        return True  # boards of one company name its teams differently


def _own_numbers(jobs: Sequence[Job]) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return each job's requisition numbers, without the bare ones that all postings of a board share: the board's."""
    found = {job.key: requisition_numbers(job.identifier, job.url) for job in jobs}
    by_board: dict[str, list[frozenset[str]]] = defaultdict(list)
    for job in jobs:
        by_board[job.board].append(found[job.key][1])
    shared = {board: frozenset.intersection(*bare) for board, bare in by_board.items() if len(bare) > 1}
    return {job.key: (found[job.key][0], found[job.key][1] - shared.get(job.board, frozenset())) for job in jobs}


def _pairs(groups: Iterable[Sequence[Job]], across: bool) -> Iterator[tuple[Job, Job]]:
    """Yield pairs of neighbours in each group: of different boards, or of one."""
    for group in groups:
        for number, one in enumerate(group):
            for other in group[number + 1 : number + 1 + _FAR]:
                if (one.board != other.board) == across:
                    yield (one, other) if one.key < other.key else (other, one)


def _distinct(pairs: Iterable[tuple[Job, Job]]) -> Iterable[tuple[Job, Job]]:
    return {(one.key, other.key): (one, other) for one, other in pairs}.values()


def _one_to_one(links: Iterable[Link], boards: Callable[[Link], tuple[str, str]]) -> Iterator[Link]:
    """Yield links, the strongest first, so that each posting has at most one to each other board."""
    grounds = list(Ground)
    taken: set[tuple[str, str]] = set()
    for link in sorted(links, key=lambda link: (grounds.index(link.ground), -link.score, link)):
        first, second = boards(link)
        ends = {(link.first, second), (link.second, first)}
        if link.ground is Ground.REQUISITION or not ends & taken:
            taken |= ends
            yield link


def _link(one: Job, other: Job, relation: Relation, ground: Ground, score: float | None, words: str) -> Link:  # noqa: PLR0913
    first, second = sorted((one.key, other.key))
    return Link(first, second, relation, ground, _rounded(score), words)


def _rounded(score: float | None) -> float:
    return 1.0 if score is None else round(score, 3)


def _overlap(one: Job, other: Job) -> bool:
    """Return whether two postings were open at the same time, as far as is known."""
    return all(
        before.closed is None or after.opened is None or after.opened < before.closed
        for before, after in ((one, other), (other, one))
    )


def _by_time(job: Job) -> tuple[object, ...]:
    moment = job.opened.timestamp() if job.opened else 0.0
    return moment, job.key


def _rank(title: str) -> tuple[object, ...]:
    """Return what a title says of rank, which titles of one job never differ in: level, number, and whom it is for."""
    found = seniority(title)
    numbers = tuple(word for word in title_key(title).split() if word.isdigit() or _ROMAN.fullmatch(word))
    return found and found.levels, frozenset(intake.kind for intake in intakes(title)), numbers
