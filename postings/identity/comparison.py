"""What the jobs of one company are compared by, and whether two of them are the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from postings.facts.intake import intakes
from postings.facts.seniority import seniority
from postings.identity.names import (
    fold,
    is_han,
    may_be_one_place,
    place_keys,
    place_labels,
    title_key,
    title_keys,
    with_places,
)
from postings.identity.numbers import own_numbers
from postings.identity.records import Ground, Job, Link, Relation
from postings.identity.texts import AGREE, Texts

SAME_TEXT = 0.8
"""Texts of one title in different places, without boilerplate, at least this similar are one job's."""

RETITLED = 0.95
"""Texts of different titles, without boilerplate, at least this similar may be one job's."""

_ROMAN = re.compile("i{1,3}|iv|vi{0,3}|ix")


class Comparison:
    """The jobs of one company, with what they are compared by.

    Attributes:
        jobs: The jobs, sorted by key, with the places of their titles where they name no others.
        titles: The `title_key` of each.
        places: The places that each names, as `place_keys`.
        labels: What its places are told apart by, as `place_labels`.
        numbers: Its requisition numbers.
        texts: Their texts.
    """

    def __init__(self, jobs: Sequence[Job]) -> None:
        by_key = {job.key: with_places(job) for job in sorted(jobs, key=lambda job: job.key)}
        self.jobs = tuple(by_key.values())
        self.titles = title_keys(self.jobs)
        self.places = {job.key: frozenset().union(*map(place_keys, job.places)) for job in self.jobs}
        self.labels = {job.key: place_labels(job.places) for job in self.jobs}
        self.numbers = own_numbers(self.jobs, self.titles)
        self.texts = Texts(self.jobs, self.titles)

    def by_number(self) -> list[list[Job]]:
        """Return the groups of jobs that name one requisition number."""
        groups: dict[str, list[Job]] = defaultdict(list)
        for job in self.jobs:
            for number in sorted(self.numbers[job.key].formed | self.numbers[job.key].bare):
                groups[number].append(job)
        return _of_several(groups)

    def by_title(self) -> list[list[Job]]:
        """Return the groups of jobs with one title."""
        groups: dict[str, list[Job]] = defaultdict(list)
        for job in self.jobs:
            groups[self.titles[job.key]].append(job)
        return _of_several(groups)

    def by_title_and_place(self) -> list[list[Job]]:
        """Return the groups of jobs with one title and a place in common, or none."""
        groups: dict[tuple[str, str], list[Job]] = defaultdict(list)
        for job in self.jobs:
            for place in sorted(self.labels[job.key]) or [""]:
                groups[self.titles[job.key], place].append(job)
        return _of_several(groups)

    def nearness(self, job: Job) -> tuple[object, ...]:
        """Return what puts jobs of one text, and among these of one place, next to each other."""
        return self.texts.sketch(job.key, 1), sorted(self.labels[job.key])

    def place(self, job: Job) -> tuple[object, ...]:
        """Return what puts jobs with like words for their places next to each other."""
        return sorted(map(fold, job.places)), self.texts.sketch(job.key, 1)

    def same_title(self, one: Job, other: Job) -> bool:
        """Return whether two titles are the same."""
        return self.titles[one.key] == self.titles[other.key]

    def share_a_place(self, one: Job, other: Job) -> bool:
        """Return whether two jobs name a place in common, or neither names any."""
        mine, its = self.labels[one.key], self.labels[other.key]
        return mine == its or bool(mine & its)

    def may_share_a_place(self, one: Job, other: Job) -> bool:
        """Return whether two jobs may be in one place: one names none, or the other's country."""
        if not one.places or not other.places or self.places[one.key] & self.places[other.key]:
            return True
        return any(may_be_one_place(mine, its) for mine in one.places for its in other.places)

    def mirror(self, one: Job, other: Job) -> Link | None:
        """Return the link of two postings of different boards; None where they are different jobs."""
        if found := self._by_number(one, other, Relation.MIRROR):
            return found
        if not self.same_title(one, other) or not self.may_share_a_place(one, other):
            return None
        score = self.texts.agreement(one.key, other.key)
        # Without words of its own on one side, the title decides where the place is known to be the same.
        if score is None and not self.places[one.key] & self.places[other.key]:
            return None
        if score is not None and score < AGREE:
            return None
        return Link(one.key, other.key, Relation.MIRROR, Ground.TITLE_AND_PLACE, _rounded(score, 0.5), one.title)

    def retitled(self, one: Job, other: Job) -> Link | None:
        """Return the link of two postings of different boards with other titles over one text; else None.

        The titles have the same letters in another order or spelling ("Engineer, Back-End", "Backend Engineer"), or are
        in different scripts. Other words in one script are another job: companies give one text to sister teams. Their
        places are not compared.
        """
        mine, its = (self.titles[job.key].replace(" ", "") for job in (one, other))
        if sorted(mine) != sorted(its) and is_han(mine) == is_han(its):
            return None
        if not self.alike(one, other) or _rank(one.title) != _rank(other.title):
            return None
        score = self.texts.similarity(one.key, other.key)
        words = f"{one.title} / {other.title}"
        return Link(one.key, other.key, Relation.MIRROR, Ground.TEXT, _rounded(score), words)

    def alike(self, one: Job, other: Job) -> bool:
        """Return whether two texts are nearly the same without boilerplate."""
        score = self.texts.similarity(one.key, other.key)
        return score is not None and score >= RETITLED

    def one_requisition(self, one: Job, other: Job) -> Link | None:
        """Return the link of two postings of one board that are one requisition; None where they are not."""
        if not overlap(one, other):
            return None
        if found := self._by_number(one, other, Relation.PLACES):
            return found
        elsewhere = (
            self.labels[one.key] and self.labels[other.key] and not self.labels[one.key] & self.labels[other.key]
        )
        if not elsewhere or not self.same_title(one, other) or not _same_team(one, other):
            return None
        score = self.texts.similarity(one.key, other.key)
        if score is None or score < SAME_TEXT:
            return None
        return Link(one.key, other.key, Relation.PLACES, Ground.TEXT, _rounded(score), one.title)

    def repost(self, closed: Job, opened: Job) -> Link | None:
        """Return the link of a posting that closed and one that opened later; None where they are different jobs."""
        if found := self._by_number(closed, opened, Relation.REPOST):
            return found
        if (
            not self.same_title(closed, opened)
            or not self.share_a_place(closed, opened)
            or not _same_team(closed, opened)
        ):
            return None
        score = self.texts.agreement(closed.key, opened.key)
        if score is not None and score < AGREE:
            return None
        ground = Ground.TITLE_AND_PLACE
        return Link(closed.key, opened.key, Relation.REPOST, ground, _rounded(score, 0.5), opened.title)

    @cached_property
    def titles_on(self) -> dict[str, frozenset[str]]:
        """The titles that each board uses."""
        used: dict[str, set[str]] = defaultdict(set)
        for job in self.jobs:
            used[job.board].add(self.titles[job.key])
        return {board: frozenset(titles) for board, titles in used.items()}

    def _by_number(self, one: Job, other: Job, relation: Relation) -> Link | None:
        """Return the link of two postings that name one requisition number, where nothing speaks against it."""
        mine, its = self.numbers[one.key], self.numbers[other.key]
        formed, bare = mine.formed & its.formed, mine.bare & its.bare
        if not formed and not bare:
            return None
        same_title = self.same_title(one, other)
        score = self.texts.agreement(one.key, other.key) if same_title else self.texts.similarity(one.key, other.key)
        agree = score is not None and score >= AGREE
        if formed:
            fits = same_title or agree
        elif same_title:
            fits = agree or score is None
        else:
            fits = agree and _rank(one.title) == _rank(other.title)
        if not fits:
            return None
        return Link(one.key, other.key, relation, Ground.REQUISITION, _rounded(score), min(formed or bare))


def _of_several(
    groups: dict[str, list[Job]] | dict[int, list[Job]] | dict[tuple[str, str], list[Job]],
) -> list[list[Job]]:
    return [group for group in groups.values() if len(group) > 1]


def _same_team(one: Job, other: Job) -> bool:
    return one.unit == other.unit or not one.unit or not other.unit


def overlap(one: Job, other: Job) -> bool:
    """Return whether two postings were open at the same time, as far as is known."""
    return all(
        before.closed is None or after.opened is None or after.opened < before.closed
        for before, after in ((one, other), (other, one))
    )


def _rounded(score: float | None, otherwise: float = 1.0) -> float:
    return otherwise if score is None else round(score, 3)


def _rank(title: str) -> tuple[object, ...]:
    """Return what a title says of rank, which titles of one job never differ in: level, number, and whom it is for."""
    found = seniority(title)
    numbers = tuple(word for word in title_key(title).split() if word.isdigit() or _ROMAN.fullmatch(word))
    return found and found.levels, frozenset(intake.kind for intake in intakes(title)), numbers
