"""Text made to keep a pattern busy."""

from __future__ import annotations

import time
from collections.abc import Callable

LENGTH = 100_000
MOST_SECONDS = 10
"""A quadratic pattern takes minutes for this length, a linear one far below a second."""


def assert_linear_time(unit: str, *readers: Callable[[str], object]) -> None:
    """Fail where reading many repeats of a unit takes much longer than a linear pattern needs."""
    text = unit * (LENGTH // len(unit))
    for read in readers:
        start = time.process_time()
        read(text)
        assert time.process_time() - start < MOST_SECONDS
