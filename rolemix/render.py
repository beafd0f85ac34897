"""Results as a terminal table, JSON, CSV or Markdown, each escaped for its place: board text is hostile."""

from __future__ import annotations

import csv
import dataclasses
import enum
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

_FORMULA = re.compile(r"^[=+\-@\t\r]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Format(enum.StrEnum):
    """How a result is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MD = "md"


def as_json(result: Any) -> str:
    """Return the result as indented JSON."""
    return json.dumps(result, ensure_ascii=False, indent=2) + "\n"


def as_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Return rows as CSV.

    Text that a spreadsheet would run as a formula is prefixed by an apostrophe (OWASP ASVS 1.2.10).
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _inert(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def as_markdown(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Return rows as a Markdown table."""
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(_cell(row.get(name)) for name in columns)} |" for row in rows]
    return "\n".join(lines) + "\n"


def as_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], title: str | None = None) -> Table:
    """Return rows as a table for a terminal; numbers stand on the right."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for name in columns:
        numeric = all(isinstance(row.get(name), int | float | None) for row in rows)
        table.add_column(name, justify="right" if numeric and rows else "left", overflow="fold")
    for row in rows:
        table.add_row(*(terminal(row.get(name)) for name in columns))
    return table


def terminal(value: Any) -> str:
    """Return a value as text that neither steers a terminal nor is taken for markup."""
    return "" if value is None else escape(_CONTROL.sub("", _plain(value)))


def show(
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[str],
    form: Format,
    *,
    title: str | None = None,
    console: Console | None = None,
) -> None:
    """Print rows to standard output in the form asked for."""
    rows = list(rows)
    if form is Format.TABLE:
        (console or Console()).print(as_table(rows, columns, title))
        return
    text = {
        Format.JSON: lambda: as_json([{name: row.get(name) for name in columns} for row in rows]),
        Format.CSV: lambda: as_csv(rows, columns),
        Format.MD: lambda: as_markdown(rows, columns),
    }[form]()
    print(text, end="")  # noqa: T201


def record(item: Any) -> dict[str, Any]:
    """Return a dataclass as JSON-ready values."""
    values = dataclasses.asdict(item)
    return {name: value if isinstance(value, int | float | None) else _plain(value) for name, value in values.items()}


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _inert(value: Any) -> Any:
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return value


def _cell(value: Any) -> str:
    text = "" if value is None else _CONTROL.sub("", _plain(value))
    return re.sub(r"([\\|`*_<>\[\]])", r"\\\1", text).replace("\n", " ")
