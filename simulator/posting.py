"""A fictional posting: its wordings, the spells in which it is listed, and what sets it apart."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

FIRST_DAY = datetime(2026, 3, 2, 6, tzinfo=UTC)
"""The moment at which day 0 is observed: 14:00 in Beijing, 01:00 in New York."""


def observed_at(day: int) -> datetime:
    """Return the moment at which a simulated day is looked at."""
    return FIRST_DAY + timedelta(days=day)


@dataclasses.dataclass(frozen=True, slots=True)
class Pay:
    """What the posting offers, for the period that its system and kind imply.

    Attributes:
        currency: ISO 4217 code.
        low: Lower end in units of currency.
        high: Upper end in units of currency.
        unit: ``HOUR``, ``DAY``, ``MONTH`` or ``YEAR``.
        months: Monthly salaries a year, where the posting states them.
    """

    currency: str
    low: int
    high: int
    unit: str
    months: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of days on which the board lists the posting.

    Attributes:
        opened: First day listed.
        closed: First day no longer listed; None while it stays.
        published: When the board put it up; never after `observed_at` of ``opened``.
    """

    opened: int
    closed: int | None
    published: datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Wording:
    """What the posting states from a day on.

    Attributes:
        day: First day on which the board shows it.
        edited: When it was written; never after `observed_at` of ``day``.
        title: The title.
        duties: Sentences.
        requirements: Sentences.
    """

    day: int
    edited: datetime
    title: str
    duties: tuple[str, ...]
    requirements: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Posting:
    """One posting over its whole life.

    Attributes:
        identifier: The id by which its board knows it.
        serial: Its number on the board, from 0; the systems deal out their oddities by it.
        role: The taxonomy's role that it was written for.
        kind: ``full-time``, ``intern``, ``either`` (students or experienced people) or ``graduate``.
        places: Keys of cities.
        unit: The department.
        spells: When it is listed, in order.
        wordings: What it states, in order of days; the first one's day is not after the first spell.
        pay: What it offers, when it does.
        urgent: Whether the board marks it as urgent.
        paused_from: From this day on listed, but not hiring (Moka).
        redirects_to: The posting of the same board to which it redirects.
        redirects_from: First day on which it is nothing but that redirect.
        hidden: In the board's response, but marked as no opening of its own (Ashby: unlisted; SmartRecruiters: a
            further ad of a job).
        prospect: A call for applications with no opening behind it (Greenhouse).
    """

    identifier: str
    serial: int
    role: str
    kind: str
    places: tuple[str, ...]
    unit: str
    spells: tuple[Spell, ...]
    wordings: tuple[Wording, ...]
    pay: Pay | None = None
    urgent: bool = False
    paused_from: int | None = None
    redirects_to: str | None = None
    redirects_from: int | None = None
    hidden: bool = False
    prospect: bool = False

    def spell(self, day: int) -> Spell | None:
        """Return the spell in which the posting is listed on a day, or None."""
        for spell in self.spells:
            if spell.opened <= day and (spell.closed is None or day < spell.closed):
                return spell
        return None

    def wording(self, day: int) -> Wording:
        """Return what the posting states on a day."""
        return next((w for w in reversed(self.wordings) if w.day <= day), self.wordings[0])

    def published(self, day: int) -> datetime:
        """Return when it was last put up, as seen on a day.

        Raises:
            LookupError: It is not listed on that day.
        """
        if (spell := self.spell(day)) is None:
            raise LookupError(f"posting {self.identifier} is not listed on day {day}")
        return spell.published

    def created(self) -> datetime:
        """Return when it was first put up."""
        return self.spells[0].published

    def redirects(self, day: int) -> bool:
        """Return whether it is only a redirect on a day."""
        return self.redirects_from is not None and self.redirects_from <= day

    def paused(self, day: int) -> bool:
        """Return whether its board says on a day that it is not hiring."""
        return self.paused_from is not None and self.paused_from <= day
