"""Files replaced whole: neither a reader nor a crash ever meets half of one."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO


@contextlib.contextmanager
def replacing(path: Path, *, errors: str = "strict") -> Iterator[TextIO]:
    """Open a UTF-8 text file that takes the place of the old one only when the block ends well.

    A symbolic link keeps leading where it led, and a pipe or a device is written to directly.

    Args:
        path: The file; missing folders above it are made.
        errors: What becomes of characters that UTF-8 does not have (lone surrogates), as `open` knows it.

    Raises:
        OSError: It cannot be written; the old file is as it was.
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
