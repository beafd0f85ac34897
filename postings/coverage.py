"""Which fields a board's postings carry, and when a run carries suddenly few of one: its format has changed.

A field counts as dropped when both hold:

- its share of the postings fell below half of its usual one, the median over the last complete runs
  (`postings.verdict.GOOD_RUNS` of them, at least `MIN_GOOD_RUNS`), and
- so few postings would carry it by chance less often than once in 10,000 times (`CHANCE`), were each to carry it
  with the usual probability: the lower tail of the binomial distribution. The usual probability is taken with the
  rule of succession, (carrying + 1) / (postings + 2), since a field that all of a dozen postings carried may still
  be missing from the next. From five postings on a field that all carried can be seen to have gone.

Only postings that the run read itself count: where a board's details are remembered from earlier runs, they would
hide for days that the details are written otherwise now. The few read on one day need not be like the others (ten new
internships without a salary), so that a drop among few of them is a reason to look and no more.

A drop is told, and changes nothing: postings are neither missing nor closed for it. While it lasts it is told until
most of the last complete runs have it, which makes it the usual.
"""

from __future__ import annotations

import dataclasses
import math
import statistics
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from postings.verdict import GOOD_RUNS, MIN_GOOD_RUNS, BoardRun, Verdict

if TYPE_CHECKING:  # a crawl needs no database
    from postings.store.records import RecordedRun

CHANCE = 1e-4
"""How rarely chance alone may do it. Most fields are on nearly all postings or on none, where chance does nothing."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What share of a board's postings usually carry each field.

    Attributes:
        postings: How many postings the board usually has.
        shares: For each field that any of the runs knew, its usual share, 0 to 1.
    """

    postings: float
    shares: Mapping[str, float]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A field that suddenly few postings carry.

    Attributes:
        field: Its name, of `postings.posting.JobPosting`.
        usual: The share of postings that usually carry it, 0 to 1.
        now: The share that do in this run.
        postings: Of how many postings.
    """

    field: str
    usual: float
    now: float
    postings: int

    def __str__(self) -> str:
        return f"{self.field} on {self.now:.0%} of {self.postings} postings, usually {self.usual:.0%}"


def usual(runs: Sequence[RecordedRun]) -> Usual | None:
    """Return what is usual by a board's last complete runs, the newest first; None where they are too few."""
    good = [run for run in runs if run.unique][:GOOD_RUNS]
    if len(good) < MIN_GOOD_RUNS:
        return None
    fields = sorted({field for run in good for field in run.coverage})
    shares = {field: statistics.median(run.coverage.get(field, 0) / run.unique for run in good) for field in fields}
    return Usual(postings=statistics.median(run.unique for run in good), shares=shares)


def drops(run: BoardRun, known: Usual | None) -> tuple[Drop, ...]:
    """Return the fields that a complete run carries suddenly seldom, by name; none where nothing usual is known."""
    if known is None or run.verdict is not Verdict.COMPLETE or not run.fresh:
        return ()
    found = []
    for field, share in sorted(known.shares.items()):
        count = min(run.fresh_coverage.get(field, 0), run.fresh)
        likely = (share * known.postings + 1) / (known.postings + 2)
        if 2 * count < share * run.fresh and _tail(count, run.fresh, likely) < CHANCE:
            found.append(Drop(field=field, usual=share, now=count / run.fresh, postings=run.fresh))
    return tuple(found)


def _tail(count: int, trials: int, chance: float) -> float:
    """Return how likely at most so many of some trials succeed, each with that chance: the binomial distribution."""
    success, failure = math.log(chance), math.log1p(-chance)
    ways = math.lgamma(trials + 1)
    return math.fsum(
        math.exp(ways - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + k * success + (trials - k) * failure)
        for k in range(count + 1)
    )
