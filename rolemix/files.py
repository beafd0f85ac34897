"""Files that are replaced atomically: no reader sees, and no crash leaves, half of one."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO


@contextlib.contextmanager
def replacing(path: Path, *, errors: str = "strict") -> Iterator[TextIO]:
    """Open a UTF-8 text file that replaces the old one when the block ends without an error.

    A symbolic link keeps its target, and a pipe or a device is written to directly.

    Args:
        path: The file; missing parent folders are created.
        errors: How to encode characters that UTF-8 does not have (lone surrogates), as in `open`.

    Raises:
        OSError: The file cannot be written; the old one is unchanged.
    """
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", errors=errors, newline="\n") as out:
            yield out
        return
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with beside.open("w", encoding="utf-8", errors=errors, newline="\n") as out:
            yield out
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
