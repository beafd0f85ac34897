"""Doubt about complete runs: when one that lacks postings is not believed by itself.

The two guards and their sizes follow those of colophon-group/jobseek, an open crawler of job boards,
which took them up after a truncated run (104 of 11,815 postings) had closed hundreds of live ones.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from postings.verdict import MIN_GOOD_RUNS

MIN_SHARE_OF_MEDIAN = 0.7
"""A complete run smaller than this share of the usual size closes nothing by itself."""

MAX_SHARE_CLOSED = 0.5
"""A complete run that would close more than this share of what is open closes nothing by itself."""


def doubt(seen: int, usual: Sequence[int], still_open: int, absent: int) -> str | None:
    """Say why a complete run is not believed by itself when it lacks postings; None when it is.

    Args:
        seen: Distinct postings in the run.
        usual: The same number for the last complete runs before it, at most `postings.verdict.GOOD_RUNS`.
        still_open: Postings that were open before and are in the run.
        absent: Postings that were open before, are not in the run, and are not proved closed otherwise.
    """
    if not absent:
        return None
    doubts = []
    if len(usual) >= MIN_GOOD_RUNS:
        median = statistics.median(usual)
        if median and seen / median < MIN_SHARE_OF_MEDIAN:
            doubts.append(
                f"{seen:,} postings are fewer than {MIN_SHARE_OF_MEDIAN:.0%} of {median:,.10g}, "
                f"the median of the last {len(usual)} complete runs"
            )
    if absent / (still_open + absent) > MAX_SHARE_CLOSED:
        doubts.append(
            f"{absent:,} of {still_open + absent:,} open postings would close at once, more than {MAX_SHARE_CLOSED:.0%}"
        )
    if not doubts:
        return None
    return f"{'; '.join(doubts)}: {absent:,} kept open until a second complete run agrees"
