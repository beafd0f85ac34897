"""How a company's openings come, stay and go: when their flow changed, and how long they stay open."""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from classifier.quantification.change_points import find_change
from classifier.quantification.shifts import cluster_key
from classifier.quantification.stays import MedianStay, Stay, median_stay
from classifier.taxonomy import Taxonomy
from postings.period import Period
from postings.store.records import Spell
from rolemix.analysis.reposts import Reposts

DAY = timedelta(days=1)
LONGEST_GAP = timedelta(days=90)
"""A posting that opens again sooner has not ended, as with reposts (`postings.identity`)."""
FLOWS = ("opened", "closed")
_PLACES = ("country", "region", "city", "county", "place")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LengthOfStay:
    """How long half of the openings of a focus stay open, in days; see `MedianStay`.

    Attributes:
        focus: The focus; None for all openings.
        stays: How many openings it rests on.
        ended: How many of them ended.
        median: The median; None where it cannot be told.
        low: The lower end of its 95 % interval.
        high: The upper end; None where nothing limits it.
    """

    focus: str | None
    stays: int
    ended: int
    median: float | None
    low: float | None
    high: float | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FlowChange:
    """A change of how many postings open or close in a week.

    Attributes:
        flow: ``opened`` or ``closed``.
        week: The Monday of the first week after the change.
        low: That of the first week of its 95 % interval.
        high: That of the last.
        before: Postings a week before.
        after: Postings a week since.
        p: The p-value, adjusted for both flows.
    """

    flow: str
    week: date
    low: date
    high: date
    before: float
    after: float
    p: float


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CompanyFlows:
    """How a company's openings come, stay and go, over all the time that it was watched.

    Attributes:
        stays: Of all openings, then of each focus.
        changes: Of openings and closings, those that are beyond the noise.
        reposts: Postings that closed and appeared again, each one opening with what it repeats.
        of_unknown_age: Openings that were there at the first look and of which no day of posting is known; they are
            not among the stays.
    """

    stays: tuple[LengthOfStay, ...]
    changes: tuple[FlowChange, ...]
    reposts: int
    of_unknown_age: int


def company_flows(  # noqa: PLR0913  # one company's data
    spells: Sequence[Spell],
    whole: Mapping[str, Sequence[datetime]],
    reposts: Reposts,
    taxonomy: Taxonomy,
    until: datetime,
    significance: float,
) -> CompanyFlows:
    """Return how a company's openings come, stay and go.

    Args:
        spells: All its openings, with tags.
        whole: When each of its boards was seen whole, oldest first.
        reposts: Its reposts.
        taxonomy: For the focus of each role.
        until: What was known by this moment.
        significance: The level of significance at which a flow changed.
    """
    known = {url: [at for at in runs if at <= until] for url, runs in whole.items()}
    counted = [
        spell
        for spell in spells
        if known.get(spell.board_url) and spell.opened_at <= until and spell.version_at(spell.opened_at).counted
    ]
    chains = list(_chains(counted, reposts, until))
    stays: dict[str | None, list[Stay]] = defaultdict(list)
    for chain in chains:
        if stay := _stay(chain, known[chain[0].board_url], until):
            stays[None].append(stay)
            if focus := _focus(chain[0], taxonomy):
                stays[focus].append(stay)
    focuses = [None, *(entry.name for entry in taxonomy.focuses if entry.name in stays)]
    return CompanyFlows(
        stays=tuple(_length(focus, median_stay(stays[focus])) for focus in focuses),
        changes=tuple(_changes(chains, known, until, significance)),
        reposts=sum(
            any(later.identifier != earlier.identifier for earlier, later in pairwise(chain)) for chain in chains
        ),
        of_unknown_age=len(chains) - len(stays[None]),
    )


def batch_of(spell: Spell) -> str:
    """Return the batch that an opening belongs to: its family of titles, its team, and the week in which it opened.

    The names of its places are left out of its title, as far as its facts have been read.
    """
    first = spell.version_at(spell.opened_at)
    unit = next((fact.value for fact in first.tag.facts if fact.kind == "unit"), None)
    places = {
        name
        for fact in first.tag.facts
        if fact.kind in _PLACES
        for name in (fact.value, fact.words)
        if name is not None
    }
    return cluster_key(first.title, unit, spell.opened_at.astimezone(UTC).date(), places)


def _chains(spells: Sequence[Spell], reposts: Reposts, until: datetime) -> Iterator[list[Spell]]:
    """Yield the spells of each opening in the order of time: one that went on under its own or a new id is one."""
    by_posting: dict[str, list[Spell]] = defaultdict(list)
    for spell in sorted(spells, key=lambda one: one.opened_at):
        by_posting[f"{spell.board_url}#{spell.identifier}"].append(spell)
    following = {first: second for second, first in reposts.closed_as.items()}
    for key in sorted(by_posting):
        if reposts.closed_as.get(key) in by_posting:
            continue  # goes on from another one
        spells_of_it = list(by_posting[key])
        while (key := following.get(key, "")) in by_posting:
            spells_of_it += by_posting[key]
        chain = spells_of_it[:1]
        for earlier, later in pairwise(spells_of_it):
            ended = earlier.closed_at
            if ended and later.opened_at - ended > LONGEST_GAP:
                yield chain
                chain = []
            chain.append(later)
        yield chain


def _stay(chain: Sequence[Spell], runs: Sequence[datetime], until: datetime) -> Stay | None:
    """Return an opening as a stay; None where it was there at the first look and its age is not known."""
    first, last = chain[0], chain[-1]
    begun, lacked, entered = first.opened_at, first.opened_at, 0.0
    if first.opened_at <= runs[0]:
        posted = _moment(first.versions[0].date_posted)
        if posted is None or posted > first.opened_at:
            return None
        begun = lacked = posted
        entered = (first.opened_at - posted) / DAY
    elif before := runs[: bisect_left(runs, first.opened_at)]:
        lacked = before[-1]
    if last.closed_at and last.closed_at <= until:
        return Stay(
            entered=entered,
            ended_after=max(entered, (last.last_seen_at - begun) / DAY),
            ended_by=(last.closed_at - lacked) / DAY,
            cluster=batch_of(first),
        )
    seen = max(last.opened_at, min(until, runs[-1]))
    return Stay(entered=entered, ended_after=(seen - begun) / DAY, ended_by=None, cluster=batch_of(first))


def _changes(
    chains: Sequence[Sequence[Spell]], known: Mapping[str, Sequence[datetime]], until: datetime, significance: float
) -> Iterator[FlowChange]:
    """Yield the changes of flows, from the first time at which all of the company's boards had been seen whole."""
    begun = [runs[0] for runs in known.values() if runs]
    if not begun or len(begun) < len(known):
        return
    start = max(begun)
    weeks = _weeks(start, until)
    watched = [0.0] * len(weeks)
    for runs in known.values():
        # What a run sees first may have come at any time since the run before it.
        for earlier, later in pairwise(at for at in runs if at >= start):
            watched[_number(later, weeks)] += (later - earlier) / timedelta(weeks=1) / len(known)
    for flow in FLOWS:
        batches: list[list[str]] = [[] for _ in weeks]
        for chain in chains:
            at = chain[0].opened_at if flow == "opened" else chain[-1].closed_at
            if at and start < at <= until:
                batches[_number(at, weeks)].append(batch_of(chain[0]))
        change = find_change(batches, watched)
        if change and change.p * len(FLOWS) <= significance:
            yield FlowChange(
                flow=flow,
                week=weeks[change.at],
                low=weeks[change.low],
                high=weeks[change.high],
                before=change.before,
                after=change.after,
                p=change.p * len(FLOWS),
            )


def _weeks(start: datetime, until: datetime) -> list[date]:
    first, last = (Period.WEEK.first(moment.astimezone(UTC).date()) for moment in (start, until))
    return [first + timedelta(weeks=number) for number in range((last - first).days // 7 + 1)]


def _number(moment: datetime, weeks: Sequence[date]) -> int:
    return (moment.astimezone(UTC).date() - weeks[0]).days // 7


def _focus(spell: Spell, taxonomy: Taxonomy) -> str | None:
    tag = spell.version_at(spell.opened_at).tag.tag
    return taxonomy.focus_by_role[tag.role] if tag and tag.role else None


def _length(focus: str | None, found: MedianStay) -> LengthOfStay:
    return LengthOfStay(
        focus=focus, stays=found.stays, ended=found.ended, median=found.median, low=found.low, high=found.high
    )


def _moment(stated: str | None) -> datetime | None:
    """Return a stated day or time; a bare day is its middle."""
    if stated is None:
        return None
    found = datetime.fromisoformat(stated)
    if len(stated) == len("2026-01-01"):
        return datetime.combine(found.date(), time(12), UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
