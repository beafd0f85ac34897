"""The command ``rolemix``: one module a command, each thin over the library."""

from __future__ import annotations

import os
import sys

from postings.errors import RolemixError
from rolemix.cli.app import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command; an error that a user can mend is one sentence and exit status 1."""
    try:
        app()
    except RolemixError as error:
        print(f"rolemix: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(1)
    except KeyboardInterrupt:
        print("rolemix: stopped; every board that was finished is in the store", file=sys.stderr)  # noqa: T201
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away (| head): nothing to say, and nothing more to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
