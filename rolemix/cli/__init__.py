"""The command ``rolemix``: one module per command, each thin over the library.

A command's module imports at the top what describes the command, and in the function what does the work, so that
``rolemix --help``, shell completion and a mistyped option do not wait for Scrapy, SQLAlchemy or scikit-learn.
"""

from __future__ import annotations

import sys

from postings.errors import RolemixError
from rolemix.cli import console
from rolemix.cli.app import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command; an error that a user can fix is printed as one sentence, with exit status 1."""
    console.utf8()
    try:
        app(prog_name="rolemix")
    except RolemixError as error:
        console.complain(str(error))
        sys.exit(1)
    finally:
        console.flush()
