"""What is known of one company's postings: what fitted a claim, when, and what could have been listed unseen."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from classifier.model.info import ModelInfo
from postings.store.records import RecordedBoard, Spell, TaggedVersion
from rolemix.analysis.filters import fits
from rolemix.analysis.openings import WEEK

EVER = datetime.min.replace(tzinfo=UTC)
"""Before all that is known."""

Opening = tuple[Spell, TaggedVersion]
"""An opening, and its posting as it was at some moment."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sighting:
    """From when to when an opening fitted.

    Attributes:
        spell: The opening.
        version: The newest of its versions that fits.
        first: Since when it fitted, within the time that was asked for.
        last: Until when; None while it does.
    """

    spell: Spell
    version: TaggedVersion
    first: datetime
    last: datetime | None

    @property
    def key(self) -> tuple[str, str]:
        """The posting: its board and its id there."""
        return self.spell.board_url, self.spell.identifier


@dataclasses.dataclass(frozen=True, slots=True)
class Book:
    """What is known of a company's postings.

    Attributes:
        boards: Its boards.
        spells: The openings on them.
        whole: When each board was seen whole, by its address.
        model: The model whose tags are used.
        now: The newest run.
    """

    boards: Sequence[RecordedBoard]
    spells: Sequence[Spell]
    whole: Mapping[str, Sequence[datetime]]
    model: ModelInfo
    now: datetime

    def fitting(self, where: Mapping[str, Any], at: datetime) -> list[Opening]:
        """Return the postings that were open at a moment, as they were then, and fit."""
        found = []
        for spell in self.spells:
            if spell.opened_at <= at and (spell.closed_at is None or spell.closed_at > at):
                version = spell.version_at(at)
                if version.counted and fits(version, where, self.model.taxonomy):
                    found.append((spell, version))
        return found

    def sightings(self, where: Mapping[str, Any], since: datetime, until: datetime) -> list[Sighting]:
        """Return the openings of which some version fitted while it was listed between two moments."""
        found = []
        for spell in self.spells:
            ends = [version.observed_at for version in spell.versions[1:]]
            stood = []
            for version, end in zip(spell.versions, [*ends, None], strict=True):
                first = max(version.observed_at, spell.opened_at)
                last = min((one for one in (end, spell.closed_at) if one is not None), default=None)
                if first > until or (last is not None and (last <= first or last <= since)):
                    continue
                if version.counted and fits(version, where, self.model.taxonomy):
                    stood.append((first, last, version))
            if stood:
                found.append(Sighting(spell, stood[-1][2], stood[0][0], stood[-1][1]))
        return found

    def on(self, board: str) -> Book:
        """Return what is known of the boards alone that have some words in their addresses."""
        own = [one for one in self.boards if board.casefold() in one.url.casefold()]
        urls = {one.url for one in own}
        spells = [spell for spell in self.spells if spell.board_url in urls]
        return dataclasses.replace(self, boards=own, spells=spells, whole={url: self.whole[url] for url in urls})

    def known_at(self, at: datetime) -> bool:
        """Return whether all boards had been seen whole by a moment, not more than a week before it."""
        return all(any(at - WEEK <= seen <= at for seen in self.whole[board.url]) for board in self.boards)

    def watched_since(self) -> datetime | None:
        """Return from when on all boards were known whole; None where one never was."""
        begun = [runs[0] if runs else None for runs in self.whole.values()]
        return None if None in begun else max(filter(None, begun), default=None)

    def gap(self, since: datetime | None, until: datetime) -> str | None:
        """Return why something could have been listed unseen between two moments; None where nothing could.

        Without a first moment it is asked of the time since the boards were first seen whole.
        """
        begun = self.watched_since()
        if begun is None:
            never = [board.url for board in self.boards if not self.whole[board.url]]
            return f"never seen whole were {', '.join(never)}"
        if begun > until or (since is not None and begun > since):
            return f"the boards were not seen whole before {begun:%Y-%m-%d}"
        start = begun if since is None else since
        for url, runs in self.whole.items():
            before = [at for at in runs if at <= start][-1:]
            seen = [*before, *(at for at in runs if start < at <= until), until]
            for one, other in pairwise(seen):
                if other - one > WEEK:
                    return f"{url} was not seen whole between {one:%Y-%m-%d} and {other:%Y-%m-%d}"
        return None

    def roles(self, found: Iterable[TaggedVersion]) -> str:
        """Return the most frequent roles of some postings, in words."""
        counts = Counter(version.tag.tag.role for version in found if version.tag.tag and version.tag.tag.role)
        return ", ".join(f"{name} {count}" for name, count in counts.most_common(4))
