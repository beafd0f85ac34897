"""The command ``rolemix``: one module a command, each thin over the library.

A command's module imports at its head what describes the command, and in the function what does the work: so
``rolemix --help`` and a mistyped option answer at once, without Scrapy, SQLAlchemy or scikit-learn.
"""

from __future__ import annotations

import sys

from postings.errors import RolemixError
from rolemix.cli import console
from rolemix.cli.app import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command; an error that a user can mend is one sentence and exit status 1."""
    console.utf8()
    try:
        app(prog_name="rolemix")
    except RolemixError as error:
        console.complain(str(error))
        sys.exit(1)
    finally:
        console.flush()
