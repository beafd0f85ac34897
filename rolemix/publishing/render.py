"""Results as a terminal table, JSON, CSV or Markdown, each escaped for its format: board text is hostile."""

from __future__ import annotations

import csv
import enum
import io
import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]|^[\t\n]")
# What controls a terminal: C0 and C1 control codes, and marks that change the direction of writing.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class Format(enum.StrEnum):
    """How a result is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MD = "md"


def as_json(result: Any, indent: int | None = 2) -> str:
    """Return the result as JSON with a final newline; control characters are escaped."""
    text = json.dumps(result, ensure_ascii=False, indent=indent)
    if text.isprintable():  # as most lines are, and this is faster to check
        return text + "\n"
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def as_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Return rows as CSV.

    Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP ASVS 1.2.10).
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _escape_formula(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def as_markdown(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Return rows as a Markdown table."""
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(markdown(row.get(name)) for name in columns)} |" for row in rows]
    return "\n".join(lines) + "\n"


def as_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, whole: Collection[str] = ()) -> Table:
    """Return rows as a table for a terminal, without lines so that addresses fit; numbers are right-aligned.

    Args:
        rows: The rows.
        columns: The columns to show, in their order.
        whole: Those whose values are never broken into lines, as numbers are not either.
    """
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in columns:
        numeric = bool(rows) and all(isinstance(row.get(name), int | float | None) for row in rows)
        table.add_column(
            name, justify="right" if numeric else "left", overflow="fold", no_wrap=numeric or name in whole
        )
    for row in rows:
        # Text, because rich would interpret markup in a string.
        table.add_row(*(Text(plain(row.get(name))) for name in columns))
    return table


def as_text(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], form: Format) -> str:
    """Return rows as JSON, CSV or Markdown."""
    match form:
        case Format.JSON:
            return as_json([{name: row.get(name) for name in columns} for row in rows])
        case Format.CSV:
            return as_csv(rows, columns)
        case Format.MD:
            return as_markdown(rows, columns)
    raise ValueError(f"{form} is not a text format: use as_table")


def plain(value: Any) -> str:
    """Return a value as one line of text without control characters."""
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False) if value else None
    return "" if value is None else _CONTROL.sub("", re.sub(r"\s+", " ", str(value)))


def markdown(value: Any) -> str:
    """Return a value as one line of Markdown, special characters escaped."""
    return re.sub(r"([\\|`*_<>\[\]#&~])", r"\\\1", plain(value))


def _escape_formula(value: Any) -> Any:
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub("", value)
    return f"'{text}" if _FORMULA.match(text) else text
