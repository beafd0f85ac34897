"""Text made to keep a pattern busy, and a test that the time it takes grows no faster than the text."""

from __future__ import annotations

import time
from collections.abc import Callable

SIZES = (4_000, 32_000, 256_000)
"""Characters, each eight times the one before: linear work grows eightfold, quadratic work by 64."""

MOST_GROWTH = 24
"""Between the two, as far from each."""

SHORT = 0.05
"""Seconds of the processor that are too few to be compared. Quadratic work that takes no longer for the longest text
takes no second for a million characters."""

TURNS = 3
"""A single measurement may be disturbed; every one of several is not."""


def assert_linear_time(unit: str, *readers: Callable[[str], object]) -> None:
    """Fail where reading eight times as many repeats of a unit takes far more than eight times as long.

    Texts are read from the shortest on, so that what grows too fast is found before it takes for ever.
    """
    for read in readers:
        for shorter, longer in zip(SIZES, SIZES[1:], strict=False):
            growths = (_growth(read, unit, shorter, longer) for _ in range(TURNS))
            assert any(growth < MOST_GROWTH for growth in growths), f"{unit!r} takes more than linear time"


def _growth(read: Callable[[str], object], unit: str, shorter: int, longer: int) -> float:
    """Return how many times longer the longer text takes; 0 where that is short anyway."""
    seconds = _seconds(read, unit * (longer // len(unit)))
    return 0 if seconds < SHORT else seconds / max(_seconds(read, unit * (shorter // len(unit))), 1e-6)


def _seconds(read: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    read(text)
    return time.process_time() - start
READERS: dict = {}
UNITS: tuple = ()
