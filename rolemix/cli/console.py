"""Where commands print: results to standard output, everything about the work to standard error."""

from __future__ import annotations

import sys

from rich.console import Console

errors = Console(stderr=True, highlight=False)


def out(line: str) -> None:
    """Print one line of a result, in UTF-8 whatever the locale: programs read it."""
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")


def complain(sentence: str) -> None:
    """Print one sentence about something that went wrong."""
    sys.stdout.flush()
    print(f"rolemix: {sentence}", file=sys.stderr)  # noqa: T201
