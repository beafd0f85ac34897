"""Postings in a file that a user names: JSON Lines, or JSON with one posting or a list of them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from postings.errors import RolemixError
from rolemix.cli.classify import parse_json, read_rows


def read_postings(name: str) -> list[Mapping[str, Any]]:
    """Read postings from a file, or from standard input when its name is ``-``.

    Raises:
        RowError: The content is not JSON, or a posting in it cannot be tagged; the message gives the place.
        RolemixError: The file cannot be read.
    """
    from classifier.model.tag import RowError, checked

    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise RolemixError(f"cannot read {name}: {error.strerror}") from error
    try:
        parsed = parse_json(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return list(read_rows(content.splitlines(keepends=True)))  # which reports errors by line
    if not isinstance(parsed, list):
        return [checked(parsed)]
    found = []
    for number, posting in enumerate(parsed, 1):
        try:
            found.append(checked(posting))
        except RowError as error:
            raise RowError(f"entry {number}: {error}") from error
    return found
