"""What a role-mix report consists of, and how it is laid out as JSON and as rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from classifier.quantification.estimand import Estimand
from classifier.quantification.mix import ShareChange
from postings.unit import Unit

if TYPE_CHECKING:
    import pandas as pd

COUNTS = (
    "Each is counted once, under the role that the tagger predicts; postings that only redirect to another one, or "
    "offer no opening, are not counted."
)
"""What the report counts beside its unit, printed wherever its numbers are."""

MIX_COLUMNS = (
    *("focus", "role", "count", "share", "low", "high", "count_before", "share_before", "change"),
    *("share_change_low", "share_change_high", "beyond_noise"),
)
"""The columns of one company's mix; a row without a role is the total of its focus."""

ROW_COLUMNS = ("company", "at", "before", "level", *MIX_COLUMNS)
"""The columns of `Report.rows`; ``level`` is ``focus`` or ``role``, so that no sum counts a posting twice."""

_COMPARED = {"company": "string", "at": "datetime64[ns, UTC]", "before": "datetime64[ns, UTC]"}
_SHARE = {
    "count": "Int64",
    **dict.fromkeys(("share", "low", "high"), "Float64"),
    "count_before": "Int64",
    "share_before": "Float64",
    "change": "Int64",
}
_CHANGE = {"share_change_low": "Float64", "share_change_high": "Float64", "beyond_noise": "boolean"}
_EVIDENCE = {
    **dict.fromkeys(("company", "board"), "string"),
    **dict.fromkeys(("seen_whole", "seen_whole_before"), "datetime64[ns, UTC]"),
    **dict.fromkeys(("verdict", "reason", "held"), "string"),
    **dict.fromkeys(("open", "redirects", "no_openings"), "Int64"),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One line of a mix: a focus, or one role of it.

    Shares are estimates with intervals (see `classifier.quantification.estimator`), from 0 to 1; None when there is no
    open posting, or when the model cannot estimate a mix.

    Attributes:
        focus: The focus.
        role: The role; None for the focus's total.
        count: Open postings that are tagged so now.
        share: The estimated share now.
        low: The lower end of its interval.
        high: The upper end.
        count_before: Open postings that were tagged so at the earlier moment; None when one of the company's boards
            had not been seen whole by then.
        share_before: The estimated share at that moment.
        share_change: The interval of the share's change; None for a role, because among many roles some always seem to
            move, and where there is nothing to compare.
    """

    focus: str
    role: str | None
    count: int
    share: float | None
    low: float | None
    high: float | None
    count_before: int | None
    share_before: float | None
    share_change: ShareChange | None

    @property
    def change(self) -> int | None:
        """The count now minus the count before; None where the latter is unknown."""
        return None if self.count_before is None else self.count - self.count_before

    def values(self) -> dict[str, Any]:
        """Return its values by `MIX_COLUMNS`."""
        change = self.share_change
        return {
            "focus": self.focus,
            "role": self.role,
            "count": self.count,
            "share": self.share,
            "low": self.low,
            "high": self.high,
            "count_before": self.count_before,
            "share_before": self.share_before,
            "change": self.change,
            "share_change_low": change.low if change else None,
            "share_change_high": change.high if change else None,
            "beyond_noise": change.beyond_noise if change else None,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values by `MIX_COLUMNS`, shares to four places."""
        values = self.values()
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BoardEvidence:
    """How well one board is known.

    Attributes:
        url: The board.
        seen_whole: When all of the board was last known; None when it never was.
        seen_whole_before: The same at the earlier moment.
        verdict: Of the newest run.
        reason: The numbers behind that verdict.
        held: Why the newest run closed nothing although postings were missing from it; None if it was not held.
        open: Open postings now; of a search on a job site, those of the company.
        redirects: Open postings now that only redirect to another one, not counted.
        no_openings: Other open postings now that offer no opening (talent pools, events), not counted.
    """

    url: str
    seen_whole: datetime | None
    seen_whole_before: datetime | None
    verdict: str
    reason: str
    held: str | None
    open: int
    redirects: int
    no_openings: int

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        values = dataclasses.asdict(self)
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CompanyMix:
    """What one company hires for.

    Attributes:
        company: Its name: the user's, else the board's, else its key on the recruiting system; for postings found by a
            search on a job site, the employer's name and the site's.
        open: Open postings now, over all its boards.
        open_before: The same at the earlier moment; None when its boards were never all seen whole before the report's.
        before: The earlier moment where it is not the report's: when all its boards had first been seen whole, where
            that is later.
        boards: The evidence, a record a board.
        mix: Focuses in the taxonomy's order, each followed by those of its roles that occur.
        notes: Warnings about the shares: wide intervals, postings unlike those that the tagger was trained on.
    """

    company: str
    open: int
    open_before: int | None
    before: datetime | None = None
    boards: tuple[BoardEvidence, ...]
    mix: tuple[Share, ...]
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {
            "company": self.company,
            "open": self.open,
            "open_before": self.open_before,
            "before": self.before.isoformat() if self.before else None,
            "boards": [board.to_dict() for board in self.boards],
            "mix": [share.to_dict() for share in self.mix],
            "notes": list(self.notes),
        }


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The role mix of companies at a moment, against an earlier one.

    Attributes:
        at: The moment.
        before: The earlier moment.
        estimand: What the shares are shares of.
        unit: What is counted.
        model: The tagger's name.
        taxonomy: The taxonomy's version.
        companies: By name.
    """

    at: datetime
    before: datetime
    estimand: Estimand
    unit: Unit
    model: str
    taxonomy: str
    companies: tuple[CompanyMix, ...]

    @property
    def counts(self) -> str:
        """What is counted, in words."""
        return f"{self.unit.meaning} {COUNTS}"

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {
            "at": self.at.isoformat(),
            "before": self.before.isoformat(),
            "unit": str(self.unit),
            "counts": self.counts,
            "estimates": self.estimand.meaning,
            "model": self.model,
            "taxonomy": self.taxonomy,
            "companies": [company.to_dict() for company in self.companies],
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one flat row for each line of each company's mix, for CSV and Markdown."""
        at = self.at.isoformat()
        return [
            {
                "company": company.company,
                "at": at,
                "before": (company.before or self.before).isoformat(),
                "level": "role" if share.role else "focus",
                **share.to_dict(),
            }
            for company in self.companies
            for share in company.mix
        ]

    def focuses(self) -> pd.DataFrame:
        """Return a row for each focus of each company, with the columns of `Share` but its role.

        The interval of the share's change is in ``share_change_low`` and ``share_change_high``; ``beyond_noise`` is
        whether it excludes 0.
        """
        return self._shares(_COMPARED | {"focus": "string"} | _SHARE | _CHANGE, roles=False)

    def roles(self) -> pd.DataFrame:
        """Return a row for each role of each company that occurs at one of the two moments, as `focuses` does."""
        return self._shares(_COMPARED | {"focus": "string", "role": "string"} | _SHARE, roles=True)

    def boards(self) -> pd.DataFrame:
        """Return a row for each board of each company, with the columns of `BoardEvidence`."""
        from rolemix.analysis.frames import frame

        rows = (
            {"company": company.company, "board": board.url} | dataclasses.asdict(board)
            for company in self.companies
            for board in company.boards
        )
        return frame(rows, _EVIDENCE)

    def _shares(self, types: Mapping[str, str], *, roles: bool) -> pd.DataFrame:
        from rolemix.analysis.frames import frame  # pandas takes half a second to import

        return frame(
            (
                {"company": company.company, "at": self.at, "before": company.before or self.before} | share.values()
                for company in self.companies
                for share in company.mix
                if (share.role is not None) == roles
            ),
            types,
        )
