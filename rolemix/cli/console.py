"""Where commands print: results to standard output, progress and errors to standard error."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import typer
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.text import Text

from rolemix.publishing.render import Format, as_csv, as_json, as_markdown, as_table, as_text, plain

errors = Console(stderr=True, highlight=False, markup=False, emoji=False)

_BELOW_THE_TABLE = ("board", "dropped_fields", "moved_to", "reason")

_UNBROKEN = 1000
"""The width of a line, in characters, that no address and no reason reaches."""

_LEAST_ROOM = 20
"""The width that a column of titles needs, with the gap before it."""

_PADDING = re.compile(r" +((?:\x1b\[[\d;]*m)*)$", re.MULTILINE)
"""Blanks at the end of a line, perhaps before the end of a style: a terminal would wrap them."""


def width() -> int:
    """Return how many characters a line may have: the terminal's width, no limit where another program reads it."""
    console = Console()
    return console.width if console.is_terminal else _UNBROKEN


def fitting(*tables: RenderableType) -> RenderableType:
    """Return the first of several layouts of a table that fits the terminal, else the last."""
    return next((one for one in tables if _measured(one) <= width()), tables[-1])


def listing(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> RenderableType:
    """Return rows as a table whose last column wraps; as lines with it below where it would have too little room."""
    *short, last = columns
    if _measured(as_table(rows, short)) + _LEAST_ROOM <= width():
        return as_table(rows, columns, whole=short)
    lines = [f"{'  '.join(filter(None, (plain(row[name]) for name in short)))}\n    {plain(row[last])}" for row in rows]
    return Text("\n".join(lines))


def _measured(part: RenderableType) -> int:
    """Return how wide a part is where nothing limits it, in characters."""
    console = Console(width=_UNBROKEN)
    return Measurement.get(console, console.options, part).maximum


def draw(*parts: RenderableType, unbroken: bool = False) -> None:
    """Print tables and texts, wrapped to the terminal's width; not wrapped where another program reads them.

    Args:
        parts: What to print.
        unbroken: Whether not to wrap on a terminal either, so that an address can be opened and copied.
    """
    console = Console()
    if unbroken or not console.is_terminal:
        console = Console(width=_UNBROKEN)
    with console.capture() as drawn:
        for part in parts:
            console.print(part)
    out(_PADDING.sub(r"\1", drawn.get()))


def out(text: str) -> None:
    """Print a result as it is, in UTF-8 whatever the locale, because programs read it.

    A lone surrogate becomes a backslash escape, which in JSON is the escape that it was read from.

    Raises:
        typer.Exit: The reader closed the pipe, as `head` does; the command ends without an error.
    """
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _discard_output()
        raise typer.Exit from None


def show(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], form: Format) -> None:
    """Print rows in a format."""
    if form is Format.TABLE:
        draw(as_table(rows, columns), unbroken=True)
    else:
        out(as_text(rows, columns, form))


def show_tables(tables: Mapping[str, Sequence[Mapping[str, Any]]], form: Format, note: str) -> None:
    """Print several tables in a format; in CSV as one, with a column that names the table.

    Args:
        tables: Rows by the table's name; those of one table have the same columns.
        form: The format.
        note: How to read them, printed below the tables on a terminal.
    """
    if form is Format.JSON:
        out(as_json(tables))
        return
    if form is Format.CSV:
        every = [{"table": name, **row} for name, rows in tables.items() for row in rows]
        out(as_csv(every, list(dict.fromkeys(name for row in every for name in row))))
        return
    for name, rows in tables.items():
        if rows and form is Format.MD:
            out(f"### {name.capitalize()}\n\n{as_markdown(rows, list(rows[0]))}\n")
        elif rows:
            draw(as_table(rows, list(rows[0])), "")
    if form is Format.TABLE:
        draw(note)


def show_boards(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], form: Format, notable: Collection[str]
) -> None:
    """Print one row per board.

    Addresses and reasons are long: on a terminal they are printed below the table, and only where they matter.

    Args:
        rows: Each with a ``board`` and a ``reason``.
        columns: The columns to print, those two among them.
        form: The format.
        notable: The boards whose reasons matter.
    """
    if form is not Format.TABLE:
        show(rows, columns, form)
        return
    ends = _telling_ends([(row["company"], row["board"]) for row in rows]) if "company" in columns else {}
    named = [dict(row) for row in rows]
    for one in named:
        if end := ends.get(one["board"]):
            one["company"] = f"{one['company']} ({end})"
    show(named, [name for name in columns if name not in _BELOW_THE_TABLE], form)
    for row in rows:
        if row["board"] in notable:
            out(plain(f"{row['board']}: {row['reason']}") + "\n")


def _telling_ends(boards: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return for each board of a company with several the end of its address that tells it from the others.

    >>> found = _telling_ends([("A", "https://a.example/jobs/1"), ("A", "https://a.example/campus/1")])
    >>> sorted(found.values())
    ['campus/1', 'jobs/1']
    """
    by_company: dict[str, set[str]] = {}
    for company, board in boards:
        by_company.setdefault(company, set()).add(board)
    found: dict[str, str] = {}
    for urls in by_company.values():
        parts = {url: url.split("/") for url in urls}
        for length in range(1, max(map(len, parts.values())) + 1):
            ends = {url: "/".join(split[-length:]) for url, split in parts.items()}
            if len(set(ends.values())) == len(urls) > 1:
                found |= ends
                break
    return found


def say(sentence: str) -> None:
    """Print one sentence about the work, on one line however narrow the terminal."""
    errors.print(plain(sentence), soft_wrap=True)


def complain(sentence: str) -> None:
    """Print one sentence about an error, after everything that was printed before it."""
    flush()
    say(f"rolemix: {sentence}")


def utf8() -> None:
    """Print tables and sentences in UTF-8 too, whatever the locale, because many names are Chinese."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # a stream that replaces the real one
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]


def flush() -> None:
    """Flush what was printed, unless the reader closed the pipe."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()


def _discard_output() -> None:
    """Discard what Python flushes when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
