"""Where commands print: results to standard output, everything about the work to standard error."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import typer
from rich.console import Console, RenderableType

from rolemix.publishing.render import Format, as_csv, as_json, as_markdown, as_table, as_text, plain

errors = Console(stderr=True, highlight=False, markup=False, emoji=False)

_UNDER_THE_TABLE = ("board", "dropped_fields", "moved_to", "reason")

_UNBROKEN = 1000
"""Characters of a line that no address and no reason reaches."""

_PADDING = re.compile(r" +((?:\x1b\[[\d;]*m)*)$", re.MULTILINE)
"""Blanks that end a line, perhaps before a style ends: a terminal would wrap them as it wraps words."""


def draw(*parts: RenderableType, unbroken: bool = False) -> None:
    """Print tables and texts: as wide as the terminal, and unbroken where another program reads them.

    Args:
        parts: What to print.
        unbroken: Leave it to a terminal too to wrap what is longer: an address in it can then be opened and copied.
    """
    console = Console()
    if unbroken or not console.is_terminal:
        console = Console(width=_UNBROKEN)
    with console.capture() as drawn:
        for part in parts:
            console.print(part)
    out(_PADDING.sub(r"\1", drawn.get()))


def out(text: str) -> None:
    """Print a result as it stands, in UTF-8 whatever the locale, because programs read it.

    A lone surrogate becomes a backslash escape, which in JSON is the escape that it was read from.

    Raises:
        typer.Exit: The reader has had enough, as `head` does: the command ends quietly.
    """
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _let_go()
        raise typer.Exit from None


def show(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], form: Format) -> None:
    """Print rows in the form asked for."""
    if form is Format.TABLE:
        draw(as_table(rows, columns), unbroken=True)
    else:
        out(as_text(rows, columns, form))


def show_tables(tables: Mapping[str, Sequence[Mapping[str, Any]]], form: Format, note: str) -> None:
    """Print several tables in the form asked for; as CSV in one, with a column that names the table.

    Args:
        tables: Rows by the table's name; those of one table have the same columns.
        form: The form asked for.
        note: What a person should know to read them, printed below the tables for a terminal.
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
    """Print a row a board.

    Addresses, reasons and what they tell in words are long: on a terminal they stand under the table, and only where
    they matter.

    Args:
        rows: Each with a ``board`` and a ``reason``.
        columns: What else each has, those two among them.
        form: The form asked for.
        notable: The boards whose reasons matter.
    """
    if form is not Format.TABLE:
        show(rows, columns, form)
        return
    show(rows, [name for name in columns if name not in _UNDER_THE_TABLE], form)
    for row in rows:
        if row["board"] in notable:
            out(plain(f"{row['board']}: {row['reason']}") + "\n")


def say(sentence: str) -> None:
    """Print one sentence about the work, on one line however narrow the terminal."""
    errors.print(plain(sentence), soft_wrap=True)


def complain(sentence: str) -> None:
    """Print one sentence about something that went wrong, after what was printed before it."""
    flush()
    say(f"rolemix: {sentence}")


def utf8() -> None:
    """Print tables and sentences in UTF-8 too whatever the locale, because names are Chinese."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # a stream that someone put in the place of the real one
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]


def flush() -> None:
    """Hand on what was printed, if there is still somebody who reads it."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go()


def _let_go() -> None:
    """Let what Python flushes at its end go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
