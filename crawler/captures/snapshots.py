"""Histories that others recorded: on each day a list of what a company had open.

A file of them is JSON Lines or CSV, compressed or not, a row for each open posting and day. A folder holds a file for
each day, named after it. A git repository ("git scraping") holds one file whose every commit is a snapshot.
"""

from __future__ import annotations

import csv
import dataclasses
import gzip
import io
import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import chain, groupby
from pathlib import Path
from typing import IO, Any

from postings import JobPosting, Place
from postings.errors import RolemixError
from postings.facts.dates import iso
from postings.facts.places import distinct_places, work_model
from postings.text import one_line, web_address

NAMES = {
    "date": ("date", "snapshot_date", "snapshot", "day", "observed_at", "scraped_at", "fetched_at"),
    "company": ("company", "company_name", "employer", "organization", "organisation"),
    "id": ("id", "identifier", "job_id", "posting_id", "req_id", "external_id"),
    "title": ("title", "job_title", "position", "name"),
    "department": ("department", "team", "unit", "category"),
    "location": ("location", "locations", "place", "city", "office"),
    "url": ("url", "link", "href", "apply_url", "absolute_url"),
    "description": ("description", "text", "content", "body"),
    "imputed": ("imputed", "filled_in"),
}
"""The columns that are read, each with the names that it goes by; the first that is there counts."""

SUFFIXES = (".jsonl", ".ndjson", ".csv", ".json")
_DAY = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")
_NOON = time(12, tzinfo=UTC)
"""When a snapshot that names a day alone was made: in the middle of it, wherever that was."""
_SENTENCE = "expected JSON Lines or CSV with at least date, id and title"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a company had open at a moment, as somebody recorded it.

    Attributes:
        company: The company, as the file names it.
        observed_at: The moment; noon UTC where only a day is stated.
        postings: The postings, each id once.
        imputed: How many of them the recorder filled in.
    """

    company: str
    observed_at: datetime
    postings: tuple[JobPosting, ...]
    imputed: int = 0


def is_history(path: Path) -> bool:
    """Return whether a path holds snapshots: by its suffix, its dated files, or its git repository."""
    if path.is_dir():
        return (path / ".git").exists() or bool(_dated_files(path))
    return _suffix(path) in (".jsonl", ".ndjson", ".csv")


def read_snapshots(path: Path, company: str | None = None) -> Iterator[Snapshot]:
    """Yield the snapshots of a file, a folder or a repository, oldest first; one is in memory at a time.

    Args:
        path: The file, folder or repository.
        company: The company's name where the rows name none; None for the name of the file or folder.

    Raises:
        RolemixError: Nothing can be read, a row lacks its date, id or title, or the dates are not in order.
    """
    try:
        if not path.is_dir():
            yield from _of_rows(_rows(path.name, _opened(path)), company or _stem(path))
        elif files := _dated_files(path):
            for day, file in files:
                yield from _of_rows(_rows(file.name, _opened(file), day), company or path.resolve().name)
        else:
            yield from _of_repository(path, company)
    except OSError as error:
        raise RolemixError(f"cannot read {path}: {error.strerror or error}") from error
    except (UnicodeDecodeError, EOFError, csv.Error, gzip.BadGzipFile) as error:
        raise RolemixError(f"cannot read {path}: {error}") from error


def _of_rows(rows: Iterable[tuple[str, Mapping[str, Any]]], company: str) -> Iterator[Snapshot]:
    """Yield a snapshot for each moment and company of rows that are sorted by date."""
    before: datetime | None = None
    for moment, of_moment in groupby(rows, key=lambda row: _moment(*row)):
        if before and moment < before:
            raise RolemixError(
                f"the rows are not in the order of their dates: {moment:%Y-%m-%d} follows {before:%Y-%m-%d}; sort them"
            )
        before = moment
        by_company: dict[str, dict[str, JobPosting]] = {}
        imputed: dict[str, int] = {}
        for where, row in of_moment:
            name = _value(row, "company") or company
            posting = _posting(where, row)
            by_company.setdefault(name, {}).setdefault(posting.identifier, posting)
            imputed[name] = imputed.get(name, 0) + (str(_value(row, "imputed")).lower() in ("true", "1", "yes"))
        for name in sorted(by_company):
            found = tuple(by_company[name].values())
            yield Snapshot(company=name, observed_at=moment, postings=found, imputed=imputed[name])


def _of_repository(path: Path, company: str | None) -> Iterator[Snapshot]:
    """Yield the snapshots of a repository's one data file, a commit each."""
    files = [name for name in _git(path, "ls-files").splitlines() if _suffix(Path(name)) in SUFFIXES]
    if len(files) != 1:
        raise RolemixError(
            f"{path} has {len(files)} data files ({', '.join(files[:5]) or 'none'}): a repository of snapshots has one "
            "file that each commit replaces, or a file named after each day"
        )
    log = _git(path, "log", "--reverse", "--format=%H %cI", "--", files[0])
    for line in log.splitlines():
        commit, stamp = line.split(" ", 1)
        content = _git(path, "cat-file", "blob", f"{commit}:{files[0]}", optional=True)
        if content is not None:  # the commit that deleted it shows none
            rows = _rows(f"{files[0]} of {commit[:10]}", io.StringIO(content), datetime.fromisoformat(stamp))
            yield from _of_rows(rows, company or path.resolve().name)


def _git(path: Path, *arguments: str, optional: bool = False) -> Any:
    try:
        # Paths and commits come from git itself; "--" and "commit:file" keep names from being options. A repository's
        # own configuration may name a program as its file monitor, which must not run.
        command = ["git", "-c", "core.fsmonitor=false", "-C", str(path), *arguments]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise RolemixError("reading a repository of snapshots needs git: install it") from None
    if done.returncode:
        if optional:
            return None
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise RolemixError(f"git cannot read {path}: {''.join(reason)}")
    return done.stdout.decode("utf-8")


def _rows(name: str, file: IO[str], stated: date | datetime | None = None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the rows of a file, each with where it stands; a row without a date gets the stated one."""
    with file:
        kind = _suffix(Path(name.split(" of ")[0]))
        rows = _csv_rows(file) if kind == ".csv" else _json_rows(file)
        for number, row in enumerate(rows, start=1):
            where = f"{name}, row {number}"
            if not isinstance(row, Mapping):
                raise RolemixError(f"{where} is no posting: {_SENTENCE}")
            if stated is not None and not _value(row, "date"):
                row = {**row, "date": stated.isoformat()}
            yield where, row


def _csv_rows(file: IO[str]) -> Iterator[Any]:
    yield from csv.DictReader(file)


def _json_rows(file: IO[str]) -> Iterator[Any]:
    """Yield the rows of JSON Lines, or of one JSON list."""
    first = file.readline()
    try:
        if first.lstrip().startswith("["):
            yield from json.loads(first + file.read())
            return
        for line in chain([first], file):
            if line.strip():
                yield json.loads(line)
    except ValueError as error:
        raise RolemixError(f"{getattr(file, 'name', 'the file')} is not JSON Lines ({error}): {_SENTENCE}") from None


def _moment(where: str, row: Mapping[str, Any]) -> datetime:
    stated = iso(_value(row, "date"), zone=UTC)
    if stated is None:
        raise RolemixError(f"{where} has no date ({_value(row, 'date')!r}): {_SENTENCE}")
    # A bare date, or a time of exactly midnight, is a day.
    return stated.astimezone(UTC) if isinstance(stated, datetime) else datetime.combine(stated, _NOON)


def _posting(where: str, row: Mapping[str, Any]) -> JobPosting:
    identifier, title = _value(row, "id"), one_line(_value(row, "title"))
    if not identifier or not title:
        raise RolemixError(f"{where} lacks its {'title' if identifier else 'id'}: {_SENTENCE}")
    places, model = _where(one_line(_value(row, "location")))
    return JobPosting(
        identifier=identifier,
        title=title,
        url=web_address(_value(row, "url")),
        description=_value(row, "description") or "",
        job_location=places,
        job_location_type=model,
        employment_unit=one_line(_value(row, "department")) or None,
    )


@lru_cache(maxsize=10_000)
def _where(location: str) -> tuple[tuple[Place, ...], str | None]:
    """Read a location; a history repeats few of them very often."""
    return (distinct_places([Place(name=location)]), work_model(location)) if location else ((), None)


def _value(row: Mapping[str, Any], column: str) -> str | None:
    """Return a column's value as text; None where it is absent or empty."""
    for name in NAMES[column]:
        if (value := row.get(name)) not in (None, "", []):
            return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return None


def _dated_files(folder: Path) -> list[tuple[date, Path]]:
    """Return the data files of a folder that are named after a day, in their order."""
    found = []
    for path in folder.iterdir():
        if _suffix(path) in SUFFIXES and (named := _DAY.search(path.name)):
            try:
                found.append((date(*map(int, named.groups())), path))
            except ValueError:
                continue
    return sorted(found)


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _suffix(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).suffix.lower()


def _stem(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).stem
