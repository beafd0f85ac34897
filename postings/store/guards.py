"""Guards against closing too much: when a complete run that lacks postings needs a second one to confirm it.

Both guards and their thresholds follow colophon-group/jobseek, an open-source crawler of job boards, which added them
after a truncated run (104 of 11,815 postings) had closed hundreds of open ones.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from postings.verdict import MIN_GOOD_RUNS

MIN_SHARE_OF_MEDIAN = 0.7
"""A complete run smaller than this share of the usual size closes nothing until a second one confirms it."""

MAX_SHARE_CLOSED = 0.5
"""A complete run that would close more than this share of the open postings closes nothing until then either."""


def reason_to_hold(seen: int, usual: Sequence[int], still_open: int, absent: int) -> str | None:
    """Return why the closings of a complete run wait for a second one; None where they need not.

    Args:
        seen: Distinct postings in the run.
        usual: The same number for the last complete runs before it, at most `postings.verdict.GOOD_RUNS`.
        still_open: Postings that were open before and are in the run.
        absent: Postings that were open before, are not in the run, and are not proved closed in another way.
    """
    if not absent:
        return None
    reasons = []
    if len(usual) >= MIN_GOOD_RUNS:
        median = statistics.median(usual)
        if median and seen / median < MIN_SHARE_OF_MEDIAN:
            reasons.append(
                f"{seen:,} postings are fewer than {MIN_SHARE_OF_MEDIAN:.0%} of {median:,.10g}, "
                f"the median of the last {len(usual)} complete runs"
            )
    if absent / (still_open + absent) > MAX_SHARE_CLOSED:
        reasons.append(
            f"{absent:,} of {still_open + absent:,} open postings would close at once, more than {MAX_SHARE_CLOSED:.0%}"
        )
    if not reasons:
        return None
    return f"{'; '.join(reasons)}: {absent:,} kept open until a second complete run agrees"
