"""What moved between two dates at a company, with the evidence, and what is not known."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from scipy.stats import t as student

from classifier.model.info import ModelInfo
from classifier.quantification.shifts import LEVEL, Postings, find_shifts
from classifier.taxonomy import Taxonomy
from postings.store import Store, queries
from postings.store.records import RecordedBoard, RecordedRun, Spell, TaggedVersion
from postings.text import web_address
from rolemix.analysis.flows import CompanyFlows, batch_of, company_flows
from rolemix.analysis.openings import NothingToReport, boards_at, chosen, moment_of
from rolemix.analysis.reposts import find_reposts

QUARTER = timedelta(days=91)
EVIDENCE = 3
"""How many postings stand for a statement."""
FIRST_KINDS = ("city", "country", "technology", "domain", "language_wanted", "seniority", "intake", "work_model")
"""The facts of which a first one is told."""
SHORTEST_LOOK_BACK = timedelta(days=28)
"""For how long a board must have been watched before something is called its first."""
STALE = timedelta(days=7)
"""After how many days without a good run a board counts as not readable."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A posting that shows a statement.

    Attributes:
        title: Its title.
        url: Where a person reads it; None where its address is not safe to open.
        opened: The day on which it was first seen open.
    """

    title: str
    url: str | None
    opened: date


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How the share of a focus or a role differs between the two dates.

    Attributes:
        level: ``focus`` or ``role``.
        name: The focus or the role.
        count_before: Postings tagged so at the first date.
        count: Postings tagged so at the second.
        before: Their share at the first date, from 0 to 1.
        now: Their share at the second.
        low: The lower end of the 95 % interval of the difference in what the company tends to hire.
        high: The upper end.
        p: The p-value, adjusted for all focuses and roles that were looked at; None where nothing could be tested.
        moved: Whether it moved beyond the noise, at the level of significance of this look.
        up: The probability that the share rose.
        power: The chance that a move of ten points would be found on a board like this one.
        needed: About how many postings a board needs for a chance of 80 %; None where nothing could be tested.
        evidence: Postings of the second date that opened since the first.
    """

    level: str
    name: str
    count_before: int
    count: int
    before: float
    now: float
    low: float
    high: float
    p: float | None
    moved: bool
    up: float
    power: float
    needed: int | None
    evidence: tuple[Evidence, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How many openings a team, focus or role has against the first date.

    Attributes:
        level: ``unit``, ``focus`` or ``role``.
        name: Which.
        count_before: Open at the first date.
        count: Open at the second.
        ratio: The second over the first; None where the first is 0.
        low: The lower end of the ratio's 95 % interval, by clusters; None as before.
        high: The upper end.
    """

    level: str
    name: str
    count_before: int
    count: int
    ratio: float | None
    low: float | None
    high: float | None

    @property
    def doubled(self) -> bool:
        """Whether openings at least doubled, beyond the noise."""
        return self.low is not None and self.low >= 2


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """Something never seen before at a company.

    Attributes:
        kind: ``role``, or the kind of fact.
        value: Which.
        opened: When the first posting with it opened.
        look_back: For how many days the company had been watched by then.
        compared_with: How many postings had been seen by then.
        evidence: The postings.
    """

    kind: str
    value: str
    opened: date
    look_back: int
    compared_with: int
    evidence: tuple[Evidence, ...]


class Unknown(NamedTuple):
    """Something that is not known, as a sentence in each language."""

    en: str
    zh: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CompanyShifts:
    """What moved at one company.

    Attributes:
        company: The company.
        since: The first date.
        until: The second date.
        known_until: When one of its boards was last seen whole, where that is more than a week before the second date:
            what is open since is not known. None where all of it is known.
        open_before: Postings open at the first date.
        open: Postings open at the second.
        opened: Openings that began between them.
        closed: Openings that ended.
        clusters: Batches (family of titles, team and week) that came or went.
        shifts: Of each focus and role, the smallest p-value first.
        growth: Of each team, focus and role, the largest first.
        firsts: By the day on which they opened.
        flows: How openings come, stay and go, over all the time that the company was watched.
        unknown: What is not known.
        significance: The level of significance at which shares moved: that of one of the looks that one takes.
    """

    company: str
    since: datetime
    until: datetime
    known_until: datetime | None
    open_before: int
    open: int
    opened: int
    closed: int
    clusters: int
    shifts: tuple[Shift, ...]
    growth: tuple[Growth, ...]
    firsts: tuple[First, ...]
    flows: CompanyFlows
    unknown: tuple[Unknown, ...]
    significance: float

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values, shares and probabilities to four places."""
        # A level of one of many looks would be lost in four places.
        values = plain_values(dataclasses.asdict(self))
        return values | {"significance": self.significance}  # type: ignore[no-any-return]


def company_shifts(  # noqa: PLR0913  # a report's settings
    store: Store,
    model: ModelInfo,
    companies: Collection[str] = (),
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    level: float = LEVEL,
) -> list[CompanyShifts]:
    """Return what moved at companies between two dates, under one model, by their names.

    Args:
        store: Tagged with this model, and its facts read, throughout.
        model: The model whose tags are compared.
        companies: Only these, matched by name without regard to case; none for all.
        since: The first date, with zone; None for a quarter before the second, or the first day on which all of a
            company's boards had been seen whole, if that is later.
        until: The second date; None for the newest run over any board.
        level: The chance of any false alarm at a company in this look; who looks again and again spends a budget of
            false alarms (`classifier.quantification.shifts.spent_level`).

    Raises:
        NothingToReport: There is no run yet, no such company, or the first date is not before the second.
    """
    with store.read() as connection:
        end = moment_of(connection, until)
        if since and since >= end:
            raise NothingToReport(f"{since:%Y-%m-%d} is not before {end:%Y-%m-%d}: begin earlier (--since)")
        boards = [board for board in boards_at(connection, end) if not board.is_search]
        found = []
        for company in sorted(chosen({board.name for board in boards}, companies, boards)):
            own = [board for board in boards if board.name == company]
            urls = [board.url for board in own]
            runs = {url: list(queries.stream_runs(connection, url)) for url in urls}
            whole = queries.fetch_whole_runs(connection, urls)
            spells = list(queries.stream_spells(connection, model.name, board_urls=urls, facts=True))
            reposts = find_reposts(connection, urls)
            flows = company_flows(spells, whole, reposts, model.taxonomy, end, level)
            found.append(_Comparison(company, own, runs, whole, spells, model, level).between(since, end, flows))
    return found


class _Comparison:
    """One company's openings, compared between two dates."""

    def __init__(  # noqa: PLR0913  # one company's data
        self,
        company: str,
        boards: Sequence[RecordedBoard],
        runs: Mapping[str, Sequence[RecordedRun]],
        whole: Mapping[str, Sequence[datetime]],
        spells: Sequence[Spell],
        model: ModelInfo,
        significance: float,
    ) -> None:
        self._company = company
        self._significance = significance
        self._boards = boards
        self._runs = runs
        self._whole = whole
        self._spells = spells
        self._model = model

    def between(self, since: datetime | None, until: datetime, flows: CompanyFlows) -> CompanyShifts:
        """Return what moved between two dates."""
        begun = [runs[0] for runs in self._whole.values() if runs]
        unknown = self._unknown(since or until - QUARTER, until)
        known_from = max(begun) if len(begun) == len(self._boards) else None
        start = since or until - QUARTER
        if known_from is None or known_from >= until:
            never = "not all of the company's boards were ever seen whole: nothing can be compared"
            unknown.insert(0, Unknown(never, "该公司并非所有职位板都曾完整读取：无法比较"))
            known_from = start = until
        elif known_from > start:
            day, wanted = f"{known_from:%Y-%m-%d}", f"{start:%Y-%m-%d}"
            later = f"the company is known from {day} on: compared with that day, not with {wanted}"
            unknown.insert(0, Unknown(later, f"该公司自 {day} 起才有数据：与该日比较，而非 {wanted}"))
            start = known_from
        before, now = open_at(self._spells, start), open_at(self._spells, until)
        if start == until:
            before = []
        opened = [spell for spell in self._spells if start < spell.opened_at <= until and self._counted(spell)]
        closed = [
            spell
            for spell in self._spells
            if spell.closed_at and start < spell.closed_at <= until and self._counted(spell)
        ]
        clusters = {batch_of(spell) for spell in (*opened, *closed)}
        seen = [max(at for at in runs if at <= until) for runs in self._whole.values() if runs and runs[0] <= until]
        last_seen = min(seen, default=until)
        return CompanyShifts(
            company=self._company,
            since=start,
            until=until,
            known_until=last_seen if until - last_seen > STALE else None,
            open_before=len(before),
            open=len(now),
            opened=len(opened),
            closed=len(closed),
            clusters=len(clusters),
            shifts=self._shifts(before, now, start),
            growth=self._growth(before, now),
            firsts=self._firsts(start, until),
            flows=flows,
            unknown=tuple(unknown),
            significance=self._significance,
        )

    def _counted(self, spell: Spell) -> bool:
        return spell.version_at(spell.opened_at).counted

    def _shifts(
        self,
        before: Sequence[tuple[Spell, TaggedVersion]],
        now: Sequence[tuple[Spell, TaggedVersion]],
        since: datetime,
    ) -> tuple[Shift, ...]:
        return shifts_of(before, now, self._model.taxonomy, self._significance, since=since)

    def _growth(
        self, before: Sequence[tuple[Spell, TaggedVersion]], now: Sequence[tuple[Spell, TaggedVersion]]
    ) -> tuple[Growth, ...]:
        sides: list[dict[tuple[str, str], Counter[str]]] = []
        for side in (before, now):
            counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
            for spell, version in side:
                for line in _categories(version, self._model.taxonomy).items():
                    counts[line][batch_of(spell)] += 1
            sides.append(counts)
        found = [
            Growth(
                level=level,
                name=name,
                count_before=sides[0][level, name].total(),
                count=sides[1][level, name].total(),
                **_ratio(sides[0][level, name], sides[1][level, name]),
            )
            for level, name in sorted({*sides[0], *sides[1]})
        ]
        return tuple(sorted(found, key=lambda one: (-(one.count - one.count_before), one.level, one.name)))

    def _firsts(self, since: datetime, until: datetime) -> tuple[First, ...]:
        watched_from = min((runs[0] for runs in self._whole.values() if runs), default=None)
        if watched_from is None:
            return ()
        holders: dict[tuple[str, str], list[tuple[Spell, TaggedVersion]]] = defaultdict(list)
        for spell in sorted(self._spells, key=lambda one: (one.opened_at, one.board_url, one.identifier)):
            version = spell.version_at(spell.opened_at)
            if version.counted and spell.opened_at <= until:
                role = version.tag.tag.role if version.tag.tag else None
                lines = [("role", role)] if role else []
                lines += [(fact.kind, fact.value) for fact in version.tag.facts if fact.kind in FIRST_KINDS]
                for line in dict.fromkeys(lines):
                    holders[line].append((spell, version))
        found = []
        for (kind, value), of_it in holders.items():
            first = of_it[0][0]
            # A board that was added later shows much for the first time that it had before.
            board_from = self._whole[first.board_url][0] if self._whole[first.board_url] else until
            look_back = first.opened_at - board_from
            if first.opened_at > since and look_back >= SHORTEST_LOOK_BACK:
                earlier = (spell for spell in self._spells if spell.opened_at < first.opened_at)
                seen = {(spell.board_url, spell.identifier) for spell in earlier}
                found.append(
                    First(
                        kind=kind,
                        value=value,
                        opened=first.opened_at.astimezone(UTC).date(),
                        look_back=look_back.days,
                        compared_with=len(seen),
                        evidence=evidence_of(of_it[:EVIDENCE]),
                    )
                )
        return tuple(sorted(found, key=lambda one: (one.opened, one.kind, one.value)))

    def _unknown(self, since: datetime, until: datetime) -> list[Unknown]:
        """Return what is not known about the days between."""
        found = []
        for board in self._boards:
            runs = [run for run in self._runs[board.url] if since < run.observed_at <= until]
            whole = [at for at in self._whole[board.url] if since < at <= until]
            last = max((at for at in self._whole[board.url] if at <= until), default=None)
            if last is None or until - last > STALE:
                found.append(not_readable(board.url, last))
            if last is None:
                continue
            days = (until.astimezone(UTC).date() - since.astimezone(UTC).date()).days
            without = days - len({at.astimezone(UTC).date() for at in whole})
            if without > 0 and until - last <= STALE:
                sentence = f"{board.url} was not seen whole on {without} of the {days} days"
                found.append(Unknown(sentence, f"{board.url}：{days} 天中有 {without} 天没有完整读取"))
            held = [run for run in runs if run.held]
            if held:
                listed = ", ".join(f"{run.observed_at:%Y-%m-%d}" for run in held[:3])
                sentence = f"{board.url} lost far more than usual on {listed}: doubtful until it was confirmed"
                found.append(Unknown(sentence, f"{board.url} 在 {listed} 减少的职位远多于平常：确认之前存疑"))
        return found


def not_readable(board_url: str, last: datetime | None) -> Unknown:
    """Return that a board was last seen whole too long ago, or never."""
    if last is None:
        return Unknown(f"{board_url} was never seen whole", f"{board_url} 从未完整读取")
    return Unknown(
        f"{board_url} was last seen whole on {last:%Y-%m-%d}: that it cannot be read since does not mean that nobody "
        "is hired",
        f"{board_url} 上一次完整读取是在 {last:%Y-%m-%d}：此后无法读取，不等于停止招聘",
    )


def shifts_of(
    before: Sequence[tuple[Spell, TaggedVersion]],
    now: Sequence[tuple[Spell, TaggedVersion]],
    taxonomy: Taxonomy,
    significance: float,
    *,
    since: datetime | None = None,
) -> tuple[Shift, ...]:
    """Return how the shares of focuses and roles differ between two sets of postings, the smallest p-value first.

    Args:
        before: One set, each with its version then.
        now: The other; evidence is of this one.
        taxonomy: For the focus of each role.
        significance: The level of significance.
        since: Evidence opened after this moment; None for any.
    """
    sides = [
        Postings(
            {level: [_categories(version, taxonomy)[level] for _, version in side] for level in ("focus", "role")},
            [f"{spell.board_url} {batch_of(spell)}" for spell, _ in side],
        )
        for side in (before, now)
    ]
    counts = [Counter((level, name) for level, names in side.categories.items() for name in names) for side in sides]
    found = []
    for one in find_shifts(*sides, level=significance):
        of_it = [
            (spell, version)
            for spell, version in now
            if (since is None or spell.opened_at > since) and _categories(version, taxonomy)[one.level] == one.category
        ]
        found.append(
            Shift(
                level=one.level,
                name=one.category,
                count_before=counts[0][one.level, one.category],
                count=counts[1][one.level, one.category],
                before=one.before,
                now=one.now,
                low=one.low,
                high=one.high,
                p=one.p,
                moved=one.moved(significance),
                up=one.up,
                power=one.power,
                needed=one.needed,
                evidence=evidence_of(of_it),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.p if one.p is not None else 1.0, one.level, one.name)))


def open_at(spells: Iterable[Spell], at: datetime) -> list[tuple[Spell, TaggedVersion]]:
    """Return which openings lasted at a moment and count, each with its version then."""
    found = []
    for spell in spells:
        if spell.opened_at <= at and (spell.closed_at is None or spell.closed_at > at):
            version = spell.version_at(at)
            if version.counted:
                found.append((spell, version))
    return found


def _categories(version: TaggedVersion, taxonomy: Taxonomy) -> dict[str, str]:
    role = version.tag.tag.role if version.tag.tag else None
    if role is None:
        raise NothingToReport(f"{version.tag.board_url} has untagged postings: tag the store first")
    named = {"focus": taxonomy.focus_by_role[role], "role": role}
    unit = _unit(version)
    return named | ({"unit": unit} if unit else {})


def _unit(version: TaggedVersion) -> str | None:
    return next((fact.value for fact in version.tag.facts if fact.kind == "unit"), None)


def evidence_of(of_it: Iterable[tuple[Spell, TaggedVersion]]) -> tuple[Evidence, ...]:
    """Return the newest of some postings, at most `EVIDENCE`."""
    newest = sorted(of_it, key=lambda one: (-one[0].opened_at.timestamp(), one[0].board_url, one[0].identifier))
    return tuple(
        Evidence(
            title=version.title, url=web_address(version.url) or None, opened=spell.opened_at.astimezone(UTC).date()
        )
        for spell, version in newest[:EVIDENCE]
    )


def p_in_words(p: float | None) -> str:
    """Return a p-value as it is printed.

    >>> p_in_words(0.0312), p_in_words(0.0002)
    ('p = 0.031', 'p < 0.001')
    """
    return "p < 0.001" if p is not None and p < 0.001 else f"p = {p:.3f}"


def ratio_of(
    before: Iterable[tuple[Spell, TaggedVersion]], now: Iterable[tuple[Spell, TaggedVersion]]
) -> tuple[float | None, float | None, float | None]:
    """Return the ratio of the numbers of two sets of postings, and the ends of its 95 % interval, by clusters."""
    found = _ratio(*(Counter(batch_of(spell) for spell, _ in side) for side in (before, now)))
    return found["ratio"], found["low"], found["high"]


def _ratio(before: Counter[str], now: Counter[str]) -> dict[str, float | None]:
    """Return the ratio of two counts and its 95 % interval, by clusters that are drawn one by one (delta method)."""
    first, second = before.total(), now.total()
    if not first:
        return {"ratio": None, "low": None, "high": None}
    ratio = second / first
    if not second:
        return {"ratio": 0.0, "low": 0.0, "high": None}
    parts = [now[cluster] / second - before[cluster] / first for cluster in {*before, *now}]
    moving = [part for part in parts if part]
    if not moving:
        return {"ratio": ratio, "low": ratio, "high": ratio}
    spread = math.sqrt(sum(part * part for part in moving))
    reach = float(student.ppf(0.975, max(1, len(moving) - 1))) * spread
    return {"ratio": ratio, "low": ratio * math.exp(-reach), "high": ratio * math.exp(min(50.0, reach))}


def plain_values(value: Any) -> Any:
    """Return JSON-ready values: numbers to four places, moments in ISO 8601."""
    if isinstance(value, dict):
        return {name: plain_values(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain_values(one) for one in value]
    if isinstance(value, float):
        return round(value, 4)
    return value.isoformat() if isinstance(value, date | time) else value
