"""Histories that others recorded, as snapshots: what a company had open at a moment."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from crawler.captures.snapshot_files import EXPECTED, NOON, Row, is_history, read_rows
from crawler.captures.snapshot_files import histories_in as histories_in
from postings import JobPosting, Place
from postings.errors import RolemixError
from postings.facts.dates import iso
from postings.facts.places import distinct_places, work_model
from postings.text import one_line, plain_text, web_address

__all__ = ["Snapshot", "company_key", "histories_in", "is_history", "read_snapshots"]

_CONTENT = ("title", "department", "location", "url", "description")
_REMEMBERED = 100_000
"""How many postings are kept to be recognised in the next snapshot, over all companies of a history."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a company had open at a moment, as somebody recorded it.

    Attributes:
        company: The company, as the file names it first.
        observed_at: The moment; noon UTC where only a day is stated.
        postings: The postings, each id once.
        imputed: How many of them the recorder filled in.
        same: Whether it holds just what the company's snapshot before it held.
    """

    company: str
    observed_at: datetime
    postings: tuple[JobPosting, ...]
    imputed: int = 0
    same: bool = False


class _Repeated(JobPosting):
    """A posting that many snapshots hold unchanged: its hash is computed once."""

    @cached_property
    def content_hash(self) -> str:
        return JobPosting.content_hash.fget(self)  # type: ignore[attr-defined, no-any-return]


@lru_cache(maxsize=10_000)
def company_key(name: str) -> str:
    """Return what tells companies of a history apart: the words of a name.

    >>> company_key("Scale AI"), company_key("scale-ai"), company_key("深度求索")
    ('scale-ai', 'scale-ai', '深度求索')
    """
    return "-".join(re.findall(r"\w+", name.casefold()))


def read_snapshots(path: Path, company: str | None = None) -> Iterator[Snapshot]:
    """Yield the snapshots of a history, those of each company oldest first; those of one moment are in memory at once.

    Args:
        path: See `crawler.captures.snapshot_files`.
        company: The company's name where the rows name none; None for the name of the file, folder or repository.

    Raises:
        RolemixError: It cannot be read, a row lacks its date, id or title, or the dates are not in order.
    """
    for history in histories_in(path):
        yield from _Reading().snapshots(read_rows(history, company))


class _Reading:
    """One history that is being read."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._newest: dict[str, datetime] = {}
        self._before: dict[str, Mapping[str, tuple[tuple[Any, ...], JobPosting]]] = {}

    def snapshots(self, rows: Iterable[Row]) -> Iterator[Snapshot]:
        """Yield a snapshot for each run of rows of one moment, and each company in them."""
        for moment, of_moment in groupby(rows, key=_moment):
            by_company: dict[str, dict[str, Row]] = {}
            imputed: dict[str, int] = {}
            for row in of_moment:
                key = self._company(row)
                postings = by_company.setdefault(key, {})
                identifier = _identifier(row)
                if identifier not in postings:
                    postings[identifier] = row
                    imputed[key] = imputed.get(key, 0) + _is_true(row.get("imputed"))
                elif row.at and row.get("date") != postings[identifier].get("date"):
                    raise RolemixError(
                        f"{row} has the id {identifier} on a second day, but its file is one snapshot: "
                        "read that file by itself"
                    )
            for key in sorted(by_company):
                yield self._snapshot(key, moment, by_company[key], imputed[key])

    def _company(self, row: Row) -> str:
        name = one_line(_text(row.get("company"))) or row.company
        key = company_key(name)
        if not key:
            raise RolemixError(f"{row} names a company without a letter or digit ({name!r}): correct it")
        self._names.setdefault(key, name)
        return key

    def _snapshot(self, key: str, moment: datetime, rows: Mapping[str, Row], imputed: int) -> Snapshot:
        newest = self._newest.get(key)
        if newest and moment <= newest:
            raise RolemixError(
                f"{next(iter(rows.values()))}: the rows are not in the order of their dates: {moment:%Y-%m-%d} "
                f"follows {newest:%Y-%m-%d}; sort them"
            )
        self._newest[key] = moment
        before = self._before.pop(key, {})
        now = {identifier: _remembered(identifier, row, before) for identifier, row in rows.items()}
        same = len(now) == len(before) and all(before.get(identifier) is one for identifier, one in now.items())
        self._remember(key, now)
        return Snapshot(
            company=self._names[key],
            observed_at=moment,
            postings=tuple(posting for _, posting in now.values()),
            imputed=imputed,
            same=same,
        )

    def _remember(self, key: str, now: Mapping[str, tuple[tuple[Any, ...], JobPosting]]) -> None:
        """Keep a company's postings for its next snapshot, and forget those of the companies read longest ago."""
        self._before[key] = now
        total = sum(map(len, self._before.values()))
        while total > _REMEMBERED and len(self._before) > 1:
            total -= len(self._before.pop(next(iter(self._before))))


def _remembered(
    identifier: str, row: Row, before: Mapping[str, tuple[tuple[Any, ...], JobPosting]]
) -> tuple[tuple[Any, ...], JobPosting]:
    """Return what a row states and its posting: those of the snapshot before, where it states the same."""
    stated = tuple(row.get(column) for column in _CONTENT)
    known = before.get(identifier)
    return known if known and known[0] == stated else (stated, _posting(identifier, row, stated))


def _posting(identifier: str, row: Row, stated: tuple[Any, ...]) -> JobPosting:
    title, department, location, url, description = map(_text, stated)
    if not (title := one_line(title)):
        raise RolemixError(f"{row} lacks its title: {EXPECTED}")
    places, model = _where(one_line(location))
    return _Repeated(
        identifier=identifier,
        title=title,
        url=web_address(url),
        description=plain_text(description),
        job_location=places,
        job_location_type=model,
        employment_unit=one_line(department) or None,
    )


def _moment(row: Row) -> datetime:
    if row.at:
        return row.at
    stated = row.get("date")
    moment = _parsed(_text(stated))
    if moment is None:
        raise RolemixError(f"{row} has no date ({stated!r}): {EXPECTED}{_columns_of(row)}")
    return moment


def _identifier(row: Row) -> str:
    if not (identifier := one_line(_text(row.get("id")))):
        raise RolemixError(f"{row} lacks its id: {EXPECTED}{_columns_of(row)}")
    return identifier


def _columns_of(row: Row) -> str:
    return f"; its columns are {', '.join(map(str, list(row.values)[:10]))}" if row.number == 1 else ""


def _text(value: Any) -> str:
    """Return a value as text: of a record its name, of several all of them; empty where it is none of these."""
    if isinstance(value, list):
        return "; ".join(filter(None, map(_text, value)))
    if isinstance(value, Mapping):
        return _text(value.get("name"))
    if isinstance(value, float):  # an id that went through a table of floats, or a missing value
        return f"{value:.0f}" if value.is_integer() else "" if value != value else str(value)
    return "" if value is None else str(value)


def _is_true(value: Any) -> bool:
    return _text(value).strip().casefold() in ("true", "1", "yes", "t", "y")


@lru_cache(maxsize=16)  # rows are sorted by it
def _parsed(text: str) -> datetime | None:
    stated = iso(text, zone=UTC)
    if isinstance(stated, datetime):
        return stated.astimezone(UTC)
    return None if stated is None else datetime.combine(stated, NOON)


@lru_cache(maxsize=10_000)
def _where(location: str) -> tuple[tuple[Place, ...], str | None]:
    """Read a location; a history repeats few of them very often."""
    return (distinct_places([Place(name=location)]), work_model(location)) if location else ((), None)
