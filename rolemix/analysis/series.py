"""The film instead of the photograph: what each company had open at the end of each period, opened and closed in it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from classifier.model.info import ModelInfo
from classifier.quantification.estimand import Estimand
from classifier.quantification.mix import Mix
from postings.period import Period
from postings.store import Store, queries
from postings.store.records import OpenTag, Spell
from rolemix.analysis import mixes
from rolemix.analysis.breakdown import jeffreys, require_fact
from rolemix.analysis.openings import NothingToReport, boards_at, chosen, members, moment_of

if TYPE_CHECKING:
    import pandas as pd

MOST_PERIODS = 4_000
COUNTS = (
    "Counted are postings: those open at the last time in the period when all of the company's boards were seen whole, "
    "and those that opened and closed in it. A period without such a time is not complete, and has no count: it is a "
    "gap, not a zero. What was open when a board was first seen had not opened then."
)
"""What a series counts, printed wherever its numbers are."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRow:
    """One line of a company in one period.

    Attributes:
        company: The company, or the group of companies.
        date: The first day of the period.
        level: ``total``, ``focus``, ``role``, or the kind of fact; no sum should go over several of them.
        focus: The focus; None for the total and for facts.
        role: The role; None for anything else.
        value: The fact's value; None for anything else.
        count: Postings open at the end of the period; None where it is not complete.
        share: Their share of the total, from 0 to 1: estimated for focuses and roles, counted for facts.
        low: The lower end of its 95 % interval.
        high: The upper end.
        opened: Postings that opened in the period.
        closed: Postings that closed in it.
        complete: Whether all of the company's boards were seen whole at some time in the period.
    """

    company: str
    date: date
    level: str
    focus: str | None = None
    role: str | None = None
    value: str | None = None
    count: int | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    opened: int = 0
    closed: int = 0
    complete: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values, shares to four places."""
        values = dataclasses.asdict(self)
        values |= {name: None if values[name] is None else round(values[name], 4) for name in ("share", "low", "high")}
        return values | {"date": self.date.isoformat(), "unit": "postings"}


COLUMNS = (
    *("company", "date", "level", "focus", "role", "value", "unit", "count", "share", "low", "high"),
    *("opened", "closed", "complete"),
)
"""The columns of a series."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What companies had open period by period.

    Attributes:
        by: The length of a period.
        of: ``role``, or the kind of fact that stands in its place.
        model: The tagger's name, the same for all periods.
        estimand: What shares of focuses and roles are shares of.
        rows: By company, period and line.
        groups: The companies of each group that is counted as one, by its name.
    """

    by: Period
    of: str
    model: str
    estimand: Estimand
    rows: tuple[SeriesRow, ...]
    groups: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {
            "by": str(self.by),
            "of": self.of,
            "counts": COUNTS,
            "estimates": self.estimand.meaning,
            "model": self.model,
            "groups": {name: list(of_it) for name, of_it in self.groups.items()},
            "rows": [row.to_dict() for row in self.rows],
        }

    def frame(self) -> pd.DataFrame:
        """Return the rows as a frame with the columns `COLUMNS`."""
        from rolemix.analysis.frames import frame

        types = {
            "company": "string",
            "date": "datetime64[ns]",
            **dict.fromkeys(("level", "focus", "role", "value", "unit"), "string"),
            "count": "Int64",
            **dict.fromkeys(("share", "low", "high"), "Float64"),
            **dict.fromkeys(("opened", "closed"), "Int64"),
            "complete": "boolean",
        }
        return frame((row.to_dict() for row in self.rows), types)


def read_series(  # noqa: PLR0913  # a report's settings
    store: Store,
    model: ModelInfo,
    companies: Collection[str] = (),
    *,
    groups: Mapping[str, Collection[str]] | None = None,
    by: Period,
    of: str = "role",
    since: datetime | None = None,
    until: datetime | None = None,
    estimand: Estimand = Estimand.HIRING,
) -> Series:
    """Return what companies had open at the end of each period, and what opened and closed in it.

    Args:
        store: Tagged with this model throughout, and its facts read where ``of`` is one.
        model: The model whose tags are counted.
        companies: Only these, matched by name without regard to case; none for all. Searches on job sites, which never
            show all of a company, have no series.
        groups: Groups of companies, by name, each counted as one; a period is complete where all of its companies'
            boards were seen whole. Without ``companies``, only groups. Companies that the store does not have are left
            out.
        by: The length of a period.
        of: ``role``, or a kind of fact (`postings.facts.FACT_KINDS`).
        since: From the period of this moment on; None for the first run over any of a company's boards.
        until: Up to the period of this moment; None for the newest run over any board.
        estimand: What shares of focuses and roles are shares of.

    Raises:
        NothingToReport: There is no run yet, no such company, or ``since`` is after ``until``.
        RolemixError: There is no such kind of fact.
    """
    require_fact(of, "role")
    with store.read() as connection:
        end = moment_of(connection, until)
        if since and since > end:
            raise NothingToReport(f"{since:%Y-%m-%d} is after {end:%Y-%m-%d}: begin earlier (--since)")
        boards = [board for board in boards_at(connection, end) if not board.is_search]
        rows: list[SeriesRow] = []
        names = {board.name for board in boards}
        own = {} if groups and not companies else {name: [name] for name in chosen(names, companies, boards)}
        of_groups = {name: members(name, of_it, boards) for name, of_it in (groups or {}).items()}
        for company, of_it in sorted({**own, **of_groups}.items()):
            urls = [board.url for board in boards if board.name in of_it]
            spells = list(queries.stream_spells(connection, model.name, board_urls=urls, facts=of != "role"))
            whole = queries.fetch_whole_runs(connection, urls)
            film = _Film(company, spells, whole, model, of, estimand)
            rows += film.rows(by, since, end)
    return Series(by=by, of=of, model=model.name, estimand=estimand, rows=tuple(rows), groups=of_groups)


class _Film:
    """One company's openings over time."""

    def __init__(  # noqa: PLR0913  # one company's data
        self,
        company: str,
        spells: Sequence[Spell],
        whole: dict[str, list[datetime]],
        model: ModelInfo,
        of: str,
        estimand: Estimand,
    ) -> None:
        self._company = company
        self._model = model
        self._of = of
        self._estimand = estimand
        self._spells = spells
        self._whole = whole
        self._first_seen = {url: runs[0] for url, runs in whole.items() if runs}
        self._estimates: dict[frozenset[int], Mix | None] = {}

    def rows(self, by: Period, since: datetime | None, until: datetime) -> Iterator[SeriesRow]:
        """Yield the lines of each period."""
        if not self._first_seen:
            return
        start = by.first((since or min(self._first_seen.values())).astimezone(UTC).date())
        lines_seen: set[tuple[str, str | None, str | None, str | None]] = set()
        periods = list(_periods(by, start, until.astimezone(UTC).date()))
        if len(periods) > MOST_PERIODS:
            raise NothingToReport(f"{len(periods):,} periods are too many: begin later (--since) or take longer ones")
        opened, closed = self._flows(by)
        states = []
        for first, after in periods:
            at = self._known_at(first, min(after, until.astimezone(UTC).date() + timedelta(days=1)), until)
            tags = None if at is None else self._open_at(at)
            states.append((first, tags))
            lines_seen |= {line for tag in tags or () for line in self._lines(tag)}
        lines_seen |= {line for flows in (opened, closed) for (first, line) in flows if first >= start}
        lines_seen.add(("total", None, None, None))
        for first, tags in states:
            yield from self._period(first, tags, sorted(lines_seen, key=self._order), opened, closed)

    def _period(
        self,
        first: date,
        tags: Sequence[OpenTag] | None,
        lines: Iterable[tuple[str, str | None, str | None, str | None]],
        opened: Counter[Any],
        closed: Counter[Any],
    ) -> Iterator[SeriesRow]:
        counts = Counter(line for tag in tags or () for line in self._lines(tag))
        mix = self._mix(tags) if tags and self._of == "role" else None
        estimates = {(line.focus, line.role): line for line in mix.lines} if mix else {}
        for line in lines:
            level, focus, role, value = line
            estimate = estimates.get((focus or "", role))
            share = low = high = None
            if estimate:
                share, low, high = estimate.share, estimate.low, estimate.high
            elif tags and value is not None:
                share = counts[line] / len(tags)
                low, high = jeffreys(counts[line], len(tags))
            yield SeriesRow(
                company=self._company,
                date=first,
                level=level,
                focus=focus,
                role=role,
                value=value,
                count=None if tags is None else counts[line],
                share=share,
                low=low,
                high=high,
                opened=opened[first, line],
                closed=closed[first, line],
                complete=tags is not None,
            )

    def _known_at(self, first: date, after: date, until: datetime) -> datetime | None:
        """Return the last time in a period at which every board known by then had been seen whole in it."""
        start, end = (datetime.combine(day, time.min, UTC) for day in (first, after))
        ends = []
        for url, seen in self._first_seen.items():
            if seen >= end:
                continue  # not yet known to exist
            runs = [at for at in self._whole[url] if start <= at < end and at <= until]
            if not runs:
                return None
            ends.append(runs[-1])
        return max(ends) if ends else None

    def _open_at(self, at: datetime) -> list[OpenTag]:
        found = []
        for spell in self._spells:
            if spell.opened_at <= at and (spell.closed_at is None or spell.closed_at > at):
                version = spell.version_at(at)
                if version.counted:
                    found.append(version.tag)
        return found

    def _flows(self, by: Period) -> tuple[Counter[Any], Counter[Any]]:
        """Count openings and closings by period and line; what a board's first whole run held had not opened then."""
        opened: Counter[Any] = Counter()
        closed: Counter[Any] = Counter()
        for spell in self._spells:
            first_seen = self._first_seen.get(spell.board_url)  # none of a board that was never seen whole
            moments = [(opened, spell.opened_at)] if first_seen and spell.opened_at > first_seen else []
            if spell.closed_at:
                moments.append((closed, spell.closed_at))
            for flows, at in moments:
                version = spell.version_at(at)
                if version.counted:
                    first = by.first(at.astimezone(UTC).date())
                    flows.update((first, line) for line in self._lines(version.tag))
        return opened, closed

    def _lines(self, tag: OpenTag) -> list[tuple[str, str | None, str | None, str | None]]:
        """Return the lines that a posting counts in."""
        found: list[tuple[str, str | None, str | None, str | None]] = [("total", None, None, None)]
        if self._of != "role":
            values = dict.fromkeys(fact.value for fact in tag.facts if fact.kind == self._of)
            return found + [(self._of, None, None, value) for value in values]
        if tag.tag is None or tag.tag.role is None:
            raise NothingToReport(f"{tag.board_url} has untagged postings: tag the store first")
        focus = self._model.taxonomy.focus_by_role[tag.tag.role]
        return [*found, ("focus", focus, None, None), ("role", focus, tag.tag.role, None)]

    def _mix(self, tags: Sequence[OpenTag]) -> Mix | None:
        key = frozenset(tag.version_id for tag in tags)
        if key not in self._estimates:
            self._estimates[key] = mixes.estimate(tags, self._model, self._estimand)
        return self._estimates[key]

    def _order(self, line: tuple[str, str | None, str | None, str | None]) -> tuple[Any, ...]:
        level, focus, role, value = line
        place = {name: number for number, name in enumerate(mixes.lines(self._model.taxonomy))}
        return (level != "total", place.get((focus or "", role), 0), value or "")


def _periods(by: Period, start: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the first day of each period and that of the next."""
    first = start
    while first <= last:
        after = by.after(first)
        yield first, after
        first = after
