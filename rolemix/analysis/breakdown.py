"""Open postings by what they state: places, pay, technologies and other facts, beside their focus."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from classifier.model.info import ModelInfo
from postings.errors import RolemixError
from postings.facts import FACT_KINDS
from postings.store import Store
from postings.store.records import OpenTag
from postings.unit import Unit
from rolemix.analysis.openings import WEEK, CompanyOpenings, Moments, Openings
from rolemix.analysis.pay_bands import PayBands, PayIn
from rolemix.analysis.report_records import BoardEvidence

if TYPE_CHECKING:
    import pandas as pd

COUNTS = "A row counts those that state a value; what states several counts for each of them."
"""What a breakdown counts beside its unit, printed wherever its numbers are."""

ESTIMATES = (
    "A share is of all that are open. Its 95 % interval (Jeffreys) is of what the company tends to post, as if each "
    "were drawn alone: postings that come in batches make it too narrow, and it leaves out mistakes of reading."
)
"""What share and interval mean."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FactCount:
    """How many open postings state one value.

    Attributes:
        value: The value.
        count: Open postings that state it now.
        share: Their share of the company's open postings, from 0 to 1.
        low: The lower end of its interval.
        high: The upper end.
        count_before: The count at the earlier moment; None when one of the company's boards had not been seen whole by
            then.
        focuses: How many of the postings that state it now are tagged with each focus that occurs, most first.
        roles: The same by role.
    """

    value: str
    count: int
    share: float
    low: float
    high: float
    count_before: int | None
    focuses: Mapping[str, int]
    roles: Mapping[str, int]

    @property
    def change(self) -> int | None:
        """The count now minus the count before; None where the latter is unknown."""
        return None if self.count_before is None else self.count - self.count_before


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CompanyFacts:
    """What one company's open postings state.

    Attributes:
        company: Its name.
        open: Open postings now.
        stated: How many of them state any value.
        open_before: Open postings at the earlier moment; None when its boards were never all seen whole before the
            breakdown's.
        boards: How well each board is known.
        counts: A record a value, most postings first; bands of pay from the lowest.
        before: The earlier moment where it is not the breakdown's: when all its boards had first been seen whole.
    """

    company: str
    open: int
    stated: int
    open_before: int | None
    boards: tuple[BoardEvidence, ...]
    counts: tuple[FactCount, ...]
    before: datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """What companies' open postings state, at a moment and an earlier one.

    Attributes:
        at: The moment.
        before: The earlier moment.
        by: The kind of fact (`postings.facts.FACT_KINDS`).
        unit: What is counted.
        note: How pay was converted; None for other kinds.
        model: The tagger's name.
        taxonomy: The taxonomy's version.
        focuses: The taxonomy's focuses, in its order.
        companies: By name.
    """

    at: datetime
    before: datetime
    by: str
    unit: Unit
    note: str | None
    model: str
    taxonomy: str
    focuses: tuple[str, ...]
    companies: tuple[CompanyFacts, ...]

    @property
    def counts(self) -> str:
        """What is counted, in words."""
        return f"{self.unit.meaning} {COUNTS}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of `rows`: one for each focus at the end."""
        head = ("company", "at", "before", "by", "value", "count", "share", "low", "high", "count_before", "change")
        return (*head, *self.focuses)

    def rows(self) -> list[dict[str, Any]]:
        """Return a flat row for each value of each company, JSON-ready, shares to four places."""
        return [
            {
                "company": company.company,
                "at": self.at.isoformat(),
                "before": (company.before or self.before).isoformat(),
                "by": self.by,
                "value": one.value,
                "count": one.count,
                "share": round(one.share, 4),
                "low": round(one.low, 4),
                "high": round(one.high, 4),
                "count_before": one.count_before,
                "change": one.change,
                **{focus: one.focuses.get(focus, 0) for focus in self.focuses},
            }
            for company in self.companies
            for one in company.counts
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self.rows():
            kept = {name: value for name, value in row.items() if name not in ("company", "at", "before", "by")}
            rows[row["company"]].append(kept)
        return {
            "at": self.at.isoformat(),
            "before": self.before.isoformat(),
            "by": self.by,
            "meaning": FACT_KINDS[self.by],
            "note": self.note,
            "unit": str(self.unit),
            "counts": self.counts,
            "estimates": ESTIMATES,
            "model": self.model,
            "taxonomy": self.taxonomy,
            "companies": [
                {
                    "company": company.company,
                    "open": company.open,
                    "stated": company.stated,
                    "open_before": company.open_before,
                    "before": company.before.isoformat() if company.before else None,
                    "boards": [board.to_dict() for board in company.boards],
                    "values": rows[company.company],
                }
                for company in self.companies
            ],
        }

    def frame(self) -> pd.DataFrame:
        """Return `rows` as a frame."""
        from rolemix.analysis.frames import TIME, frame

        types = {
            "company": "string",
            "at": TIME,
            "before": TIME,
            "by": "string",
            "value": "string",
            "count": "Int64",
            **dict.fromkeys(("share", "low", "high"), "Float64"),
            **dict.fromkeys(("count_before", "change", *self.focuses), "Int64"),
        }
        rows = (row | {name: datetime.fromisoformat(row[name]) for name in ("at", "before")} for row in self.rows())
        return frame(rows, types)


def require_fact(kind: str, *besides: str) -> None:
    """Raise `RolemixError` unless there is such a kind of fact, or it is one of the words that may stand besides."""
    if kind not in (known := (*besides, *FACT_KINDS)):
        raise RolemixError(f"there is no fact {kind!r}: choose one of {', '.join(known)}")


def break_down(  # noqa: PLR0913  # a report's settings
    store: Store,
    model: ModelInfo,
    companies: Collection[str] = (),
    *,
    by: str,
    at: datetime | None = None,
    against: datetime | timedelta = WEEK,
    pay: PayIn | None = None,
    unit: Unit = Unit.POSTINGS,
) -> Breakdown:
    """Count open postings by what they state.

    Args:
        store: Tagged with this model, and its facts read, throughout.
        model: The model whose tags are counted.
        companies: Only these, matched by name without regard to case; none for all.
        by: The kind of fact, one of `postings.facts.FACT_KINDS`.
        at: The moment, with zone; None for the newest run over any board.
        against: The earlier moment, with zone; or how many days earlier.
        pay: For ``by="pay"``: what yearly pay is converted to.
        unit: What is counted. With any other unit than postings, the facts are those of one posting of each job.

    Raises:
        NothingToReport: There is no run yet, no such company, or the earlier moment is not earlier.
        RolemixError: There is no such kind of fact, or no such rate.
    """
    require_fact(by)
    with store.read() as connection:
        moments = Moments.of(connection, at, against)
        values: Callable[[OpenTag], Iterable[str]] = (
            PayBands(pay or PayIn(), moments.at.date())
            if by == "pay"
            else lambda tag: (fact.value for fact in tag.facts if fact.kind == by)
        )
        found = Openings(connection, model, moments, facts=True, unit=unit).by_company(companies)
        counted = tuple(
            CompanyFacts(
                company=one.company,
                open=one.count(one.now),
                stated=one.count(tag for tag in one.now if any(True for _ in values(tag))),
                open_before=None if one.before is None else one.count(one.before),
                before=one.known_from,
                boards=one.boards,
                counts=_counts(one, values, model),
            )
            for one in found
        )
    return Breakdown(
        at=moments.at,
        before=moments.before,
        by=by,
        unit=unit,
        note=values.note if isinstance(values, PayBands) else None,
        model=model.name,
        taxonomy=model.taxonomy.version,
        focuses=model.taxonomy.focus_names,
        companies=counted,
    )


def _counts(
    company: CompanyOpenings, values: Callable[[OpenTag], Iterable[str]], model: ModelInfo
) -> tuple[FactCount, ...]:
    now, before = (_by_value(tags, values) for tags in (company.now, company.before or ()))
    order = values.order if isinstance(values, PayBands) else lambda value: (-company.count(now[value]), value)
    found = []
    for value in sorted({*now, *before}, key=order):
        roles: Counter[str] = Counter()
        focuses: Counter[str] = Counter()
        for row in now[value]:
            if row.tag and row.tag.role:
                roles[row.tag.role] += company.count([row])
                focuses[model.taxonomy.focus_by_role[row.tag.role]] += company.count([row])
        low, high = jeffreys(len(now[value]), len(company.now))
        found.append(
            FactCount(
                value=value,
                count=company.count(now[value]),
                share=len(now[value]) / len(company.now) if company.now else 0.0,
                low=low,
                high=high,
                count_before=None if company.before is None else company.count(before[value]),
                focuses=_most_first(focuses),
                roles=_most_first(roles),
            )
        )
    return tuple(found)


def _by_value(tags: Iterable[OpenTag], values: Callable[[OpenTag], Iterable[str]]) -> dict[str, list[OpenTag]]:
    found: dict[str, list[OpenTag]] = defaultdict(list)
    for tag in tags:
        for value in dict.fromkeys(values(tag)):
            found[value].append(tag)
    return found


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda counted: (-counted[1], counted[0])))


def jeffreys(count: float, of: float, tail: float = 0.025) -> tuple[float, float]:
    """Return the 95 % Jeffreys interval of a proportion (Brown, Cai and DasGupta 2001, section 3.2).

    It reaches 0 where nothing was counted, and 1 where everything was. Another ``tail`` gives another level.
    """
    from scipy.special import betaincinv

    low = float(betaincinv(count + 0.5, of - count + 0.5, tail)) if count else 0.0
    high = float(betaincinv(count + 0.5, of - count + 0.5, 1 - tail)) if count < of else 1.0
    return low, high
