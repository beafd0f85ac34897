"""Where commands print: results to standard output, everything about the work to standard error."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rich.console import Console

from rolemix.render import Format, as_table, as_text, plain

errors = Console(stderr=True, highlight=False, markup=False, emoji=False)

_UNBROKEN = 1000
"""Characters of a line that no address and no reason reaches."""


def screen() -> Console:
    """Return standard output for tables: as wide as the terminal, and unbroken where another program reads them."""
    console = Console()
    return console if console.is_terminal else Console(width=_UNBROKEN)


def out(text: str) -> None:
    """Print a result as it stands; `utf8` has seen to its encoding."""
    sys.stdout.write(text)


def show(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], form: Format) -> None:
    """Print rows in the form asked for."""
    if form is Format.TABLE:
        screen().print(as_table(rows, columns))
    else:
        out(as_text(rows, columns, form))


def show_boards(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], form: Format, notable: Collection[str]
) -> None:
    """Print a row a board.

    Addresses and reasons are long: on a terminal they stand under the table, and only where they matter.

    Args:
        rows: Each with a ``board`` and a ``reason``.
        columns: What else each has, those two among them.
        form: The form asked for.
        notable: The boards whose reasons matter.
    """
    if form is not Format.TABLE:
        show(rows, columns, form)
        return
    show(rows, [name for name in columns if name not in ("board", "reason")], form)
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
    """Print in UTF-8 whatever the locale, because programs read it and names are Chinese.

    A lone surrogate becomes a backslash escape, which in JSON is the escape that it was read from.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # a stream that someone put in the place of the real one
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]


def flush() -> None:
    """Hand on what was printed; when the reader has gone away, as `head` does, the rest goes nowhere."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
