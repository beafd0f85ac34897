"""The files of recorded histories, taken apart into rows: single files, folders, git repositories."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path, PurePath
from typing import IO, Any, NamedTuple

from crawler.captures import git_files
from crawler.captures.recordings import recording_of
from postings.errors import RolemixError

NAMES = {
    "date": ("date", "snapshot_date", "snapshot", "day", "observed_at", "scraped_at", "fetched_at"),
    "company": ("company", "company_name", "employer", "organization", "organisation"),
    "id": ("id", "identifier", "job_id", "posting_id", "req_id", "requisition_id", "external_id"),
    "title": ("title", "job_title", "position", "name"),
    "department": ("department", "departments", "team", "unit", "category"),
    "location": ("location", "locations", "place", "city", "office", "offices"),
    "url": ("url", "link", "href", "job_url", "apply_url", "absolute_url"),
    "description": ("description", "text", "content", "body"),
    "imputed": ("imputed", "filled_in"),
}
"""The columns that are read, each with the names that it goes by; the first that holds something counts.

Upper and lower case, spaces, hyphens and camel case make no difference: ``Job Title``, ``jobTitle``.
"""

EXPECTED = "expected JSON Lines or CSV with at least date, id and title"
NOON = time(12, tzinfo=UTC)
"""When a snapshot that names a day alone was made: in the middle of it, wherever that was."""

_TABLES = (".jsonl", ".ndjson", ".csv")
_SUFFIXES = (*_TABLES, ".json")
_DAY = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[\s.-]+")
_MAX_LINE = 1 << 26
"""Characters of one line, or of one list, above which it is refused: it would have to be held in memory."""
_HEAD = 1 << 20
"""Characters of a file in which its first row is looked for."""


class Row(NamedTuple):
    """A row of a history.

    Attributes:
        file: What to call its file.
        number: Which row of the file it is, from 1.
        values: What it holds.
        at: When its snapshot was made, where the file's name or its commit shows that; None where the row does.
        company: The company of rows that name none.
    """

    file: str
    number: int
    values: Mapping[str, Any]
    at: datetime | None
    company: str

    def __str__(self) -> str:
        return f"{self.file}, row {self.number}"

    def get(self, column: str) -> Any:
        """Return a column's value; None where it is absent or empty."""
        for key in _keys(tuple(self.values))[column]:
            if (value := self.values[key]) not in (None, "", []):
                return value
        return None


class _Dated(NamedTuple):
    at: date
    name: str


def is_history(path: Path) -> bool:
    """Return whether a path holds snapshots: a table, a folder of tables or of dated lists, or a git repository."""
    if not path.is_dir():
        return _suffix(path.name) in _TABLES
    if git_files.is_repository(path) or _tables(path):
        return True
    dated = (path / one.name for one in _dated(_names(path)))
    return any(_lists_postings(file) for file in dated)


def histories_in(path: Path) -> list[Path]:
    """Return the histories that a path holds: the tables of a folder of which none is named after a day; else itself.

    Raises:
        RolemixError: The folder cannot be read.
    """
    if not path.is_dir() or git_files.is_repository(path) or _dated(_names(path)):
        return [path]
    return _tables(path)


def read_rows(path: Path, company: str | None = None) -> Iterator[Row]:
    """Yield the rows of one history, in the order of its files; those of one file are in memory at no time.

    Args:
        path: One of `histories_in`.
        company: The company of rows that name none; None for the name of the file, the folder or the repository.

    Raises:
        RolemixError: It cannot be read, or its form is none of a history.
    """
    try:
        if not path.is_dir():
            with _open(path) as file:
                yield from _rows(path.name, file, None, company or _stem(path.name))
        elif git_files.is_repository(path):
            yield from _of_repository(path, company)
        else:
            dated = _dated(_names(path))
            named = _companies(path.resolve().name, dated, company)
            for one in dated:
                with _open(path / one.name) as file:
                    yield from _rows(one.name, file, datetime.combine(one.at, NOON), named[one])
    except OSError as error:
        raise RolemixError(f"cannot read {path}: {error.strerror or error}") from error
    except (EOFError, zlib.error, csv.Error) as error:
        raise RolemixError(f"cannot read {path}: {error}") from error
    except UnicodeDecodeError as error:
        raise RolemixError(f"cannot read {path}: it is not text in UTF-8 ({error.reason})") from error


def _of_repository(path: Path, company: str | None) -> Iterator[Row]:
    """Yield the rows of the files that are named after days, else those of each commit of the one data file."""
    files = [name for name in git_files.list_files(path) if _suffix(name) in _SUFFIXES]
    named = company or path.resolve().name.removesuffix(".git")
    if dated := _dated(files):
        companies = _companies(named, dated, company)
        for one, content in zip(dated, git_files.read_newest(path, [one.name for one in dated]), strict=True):
            with _decoded(one.name, content) as file:
                yield from _rows(one.name, file, datetime.combine(one.at, NOON), companies[one])
        return
    if len(files) != 1:
        raise RolemixError(
            f"{path} has {len(files)} data files ({', '.join(files[:5]) or 'none'}): a repository of snapshots has one "
            "file that each commit replaces, or a file named after each day"
        )
    for at, content in git_files.read_file(path, files[0]):
        with _decoded(files[0], content) as file:
            yield from _rows(f"{files[0]} of {at:%Y-%m-%d %H:%M}", file, at, named)


def _rows(name: str, file: IO[str], at: datetime | None, company: str) -> Iterator[Row]:
    rows = _csv_rows(file) if _suffix(name.split(" of ")[0]) == ".csv" else _json_rows(name, file)
    for number, values in enumerate(rows, start=1):
        if not isinstance(values, Mapping):
            raise RolemixError(f"{name}, row {number} is no posting: {EXPECTED}")
        yield Row(name, number, values, at, company)


def _csv_rows(file: IO[str]) -> Iterator[Any]:
    head = file.readline(_MAX_LINE)
    delimiter = max(",;\t", key=head.count)
    names = next(csv.reader([head], delimiter=delimiter), [])
    yield from csv.DictReader(file, names, delimiter=delimiter)


def _json_rows(name: str, file: IO[str]) -> Iterator[Any]:
    """Yield the rows of JSON Lines, or of one JSON list."""
    number = 0
    try:
        while line := file.readline(_MAX_LINE):
            number += 1
            if number == 1 and line.lstrip().startswith("["):
                yield from json.loads(_bounded(name, line + file.read(_MAX_LINE)))
                return
            if line.strip():
                yield json.loads(_bounded(name, line))
    except UnicodeDecodeError:
        raise
    except (json.JSONDecodeError, RecursionError) as error:
        raise RolemixError(f"line {number} of {name} is not JSON Lines ({error}): {EXPECTED}") from None
    except ValueError:  # a number of thousands of digits
        raise RolemixError(f"line {number} of {name} holds a number that is too long: {EXPECTED}") from None


def _bounded(name: str, text: str) -> str:
    if len(text) >= _MAX_LINE:
        raise RolemixError(f"{name} has a line of more than {_MAX_LINE:,} characters: {EXPECTED}")
    return text


@lru_cache(maxsize=1_000)
def _keys(keys: Sequence[object]) -> Mapping[str, Sequence[str]]:
    """Return which keys of a row hold each column, in the order of `NAMES`."""
    plain: dict[str, str] = {}
    for key in keys:
        if isinstance(key, str):  # cells beyond the header of a CSV have none
            plain.setdefault(_BETWEEN.sub("_", _CAMEL.sub("_", key.strip())).casefold(), key)
    return {column: tuple(plain[name] for name in names if name in plain) for column, names in NAMES.items()}


def _lists_postings(path: Path) -> bool:
    """Return whether a JSON file begins with the row of a history, and is not the saved response of a board."""
    if _suffix(path.name) in _TABLES:
        return True
    try:
        if recording_of(path):
            return False
        with _open(path) as file:
            text = file.read(_HEAD).lstrip().removeprefix("[").lstrip()
        first, _ = json.JSONDecoder().raw_decode(text)
    except (OSError, EOFError, zlib.error, ValueError, RecursionError, RolemixError):
        return False
    keys = _keys(tuple(first)) if isinstance(first, dict) else {}
    return bool(keys and keys["id"] and keys["title"])


def _dated(names: Sequence[str]) -> list[_Dated]:
    """Return the files that are named after a day, in the order of the days."""
    found = []
    for name in names:
        if _suffix(name) in _SUFFIXES and (day := _DAY.search(PurePath(name).name)):
            try:
                found.append(_Dated(date(*map(int, day.groups())), name))
            except ValueError:
                continue
    return sorted(found)


def _companies(folder: str, dated: Sequence[_Dated], company: str | None) -> Mapping[_Dated, str]:
    """Return the company of each dated file: where a day has several files, the rest of each one's name tells it."""
    several = max(Counter(one.at for one in dated).values()) > 1
    rest = {one: _DAY.sub("", _stem(PurePath(one.name).name)).strip(" -_.") for one in dated}
    return {one: company or (several and rest[one]) or folder for one in dated}


def _names(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise RolemixError(f"cannot read {folder}: {error.strerror or error}") from error


def _tables(folder: Path) -> list[Path]:
    return [folder / name for name in _names(folder) if _suffix(name) in _TABLES]


def _open(path: Path) -> IO[str]:
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


@contextmanager
def _decoded(name: str, content: bytes) -> Iterator[IO[str]]:
    raw: IO[bytes] = io.BytesIO(content)
    if name.lower().endswith(".gz"):
        raw = gzip.GzipFile(fileobj=raw)  # type: ignore[assignment]  # reads bytes as any file does
    with io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
        yield file


def _suffix(name: str) -> str:
    return PurePath(name.lower().removesuffix(".gz")).suffix


def _stem(name: str) -> str:
    return PurePath(name[:-3] if name.lower().endswith(".gz") else name).stem
