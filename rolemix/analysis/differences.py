"""How the mix of one company differs from another's, or from a group's, at one moment."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from classifier.model.info import ModelInfo
from classifier.quantification.shifts import LEVEL
from postings.store import Store, queries
from rolemix.analysis.openings import NothingToReport, boards_at, chosen, members, moment_of
from rolemix.analysis.shifts import STALE, Shift, Unknown, not_readable, open_at, plain_values, shifts_of


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CompanyDifference:
    """How the mix of one company differs from that of another company, or of a group, at a moment.

    Attributes:
        company: The company.
        other: The other company, or the group.
        companies: The companies that the other stands for.
        at: The moment.
        open: Postings that the company has open.
        open_other: Postings that the other has open.
        shifts: Of each focus and role; ``before`` is of the other, ``now`` of the company.
        unknown: What is not known.
        significance: The level of significance at which shares differ, adjusted for all that are compared.
    """

    company: str
    other: str
    companies: tuple[str, ...]
    at: datetime
    open: int
    open_other: int
    shifts: tuple[Shift, ...]
    unknown: tuple[Unknown, ...]
    significance: float

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values, shares and probabilities to four places."""
        return plain_values(dataclasses.asdict(self))  # type: ignore[no-any-return]


def company_differences(
    store: Store,
    model: ModelInfo,
    companies: Collection[str],
    others: Mapping[str, Collection[str]],
    *,
    at: datetime | None = None,
) -> list[CompanyDifference]:
    """Return how the mixes of companies differ from those of others at a moment, by the tests of `company_shifts`.

    Args:
        store: Tagged with this model, and its facts read, throughout.
        model: The model whose tags are compared.
        companies: The companies, matched by name without regard to case.
        others: What each is compared with: groups of companies, or single ones, by name. A company is left out of a
            group that it is compared with.
        at: The moment; None for the newest run over any board.

    Raises:
        NothingToReport: There is no run yet, no such company, or a company would be compared with itself.
    """
    with store.read() as connection:
        moment = moment_of(connection, at)
        boards = [board for board in boards_at(connection, moment) if not board.is_search]
        own = sorted(chosen({board.name for board in boards}, companies, boards))
        of_others = {name: members(name, of_it, boards) for name, of_it in others.items()}
        opened = {}
        for name in {*own, *(one for of_it in of_others.values() for one in of_it)}:
            urls = [board.url for board in boards if board.name == name]
            opened[name] = open_at(queries.stream_spells(connection, model.name, board_urls=urls, facts=True), moment)
    significance = LEVEL / max(1, len(own) * len(others))
    found = []
    for company in own:
        for other, of_it in of_others.items():
            rest = [name for name in of_it if name != company]
            if not rest:
                raise NothingToReport(f"{company} cannot be compared with itself: name another company")
            mine, theirs = opened[company], [one for name in rest for one in opened[name]]
            unknown = [
                not_readable(board.url, board.last_seen_whole)
                for board in boards
                if board.name in (company, *rest)
                and (board.last_seen_whole is None or moment - board.last_seen_whole > STALE)
            ]
            found.append(
                CompanyDifference(
                    company=company,
                    other=other,
                    companies=tuple(rest),
                    at=moment,
                    open=len(mine),
                    open_other=len(theirs),
                    shifts=shifts_of(theirs, mine, model.taxonomy, significance),
                    unknown=tuple(unknown),
                    significance=significance,
                )
            )
    return found
