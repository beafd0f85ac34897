"""Which fields a board's postings carry, and whether a run suddenly carries few of one: the board's format changed.

A field counts as dropped when both hold:

- its share of the postings fell below half of its usual share, the median over the last complete runs
  (`postings.verdict.GOOD_RUNS` of them, at least `MIN_GOOD_RUNS`), and
- the probability that so few postings carry it by chance, each with the usual probability, is below `CHANCE`: the
  lower tail of the binomial distribution. The usual probability is estimated by the rule of succession,
  (carrying + 1) / (postings + 2), since a field that all of a dozen postings carried may still be missing from the
  next. A field that all postings carried can be found to be dropped from five postings on.

Only postings that the run read itself count: details remembered from earlier runs would hide for days that the board
writes them differently now. The few postings read on one day need not resemble the others (ten new internships without
a salary), so a drop among few of them is a reason to look, no more.

A drop is reported and changes nothing: no posting is missing or closed because of it. It is reported until most of the
last complete runs lack the field, which makes that the usual.
"""

from __future__ import annotations

import dataclasses
import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Protocol

from postings.verdict import GOOD_RUNS, MIN_GOOD_RUNS, BoardRun, Verdict

CHANCE = 1e-4
"""Below this probability a drop is not put down to chance."""


class FieldCounts(Protocol):
    """What `find_usual` reads of a past run; `BoardRun` and the store's record of a run both have it."""

    @property
    def unique(self) -> int:
        """Distinct postings."""

    @property
    def coverage(self) -> Mapping[str, int]:
        """How many of them carry each field."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """The share of a board's postings that usually carry each field.

    Attributes:
        postings: How many postings the board usually has.
        shares: For each field that any of the runs counted, its usual share, 0 to 1.
    """

    postings: float
    shares: Mapping[str, float]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A field that suddenly few postings carry.

    Attributes:
        field: Its name in `postings.posting.JobPosting`.
        usual: The share of postings that usually carry it, 0 to 1.
        now: The share that do in this run.
        postings: The number of postings that ``now`` is a share of.
    """

    field: str
    usual: float
    now: float
    postings: int

    def __str__(self) -> str:
        return f"{self.field} on {self.now:.0%} of {self.postings} postings, usually {self.usual:.0%}"


def find_usual(runs: Sequence[FieldCounts]) -> Usual | None:
    """Return what is usual for a board, from its last complete runs, the newest first; None where they are too few."""
    good = [run for run in runs if run.unique][:GOOD_RUNS]
    if len(good) < MIN_GOOD_RUNS:
        return None
    fields = sorted({field for run in good for field in run.coverage})
    shares = {field: statistics.median(run.coverage.get(field, 0) / run.unique for run in good) for field in fields}
    return Usual(postings=statistics.median(run.unique for run in good), shares=shares)


def find_drops(run: BoardRun, usual: Usual | None) -> tuple[Drop, ...]:
    """Return the fields that a complete run suddenly carries on few postings, by name; none where usual is None."""
    if usual is None or run.verdict is not Verdict.COMPLETE or not run.fresh:
        return ()
    found = []
    for field, share in sorted(usual.shares.items()):
        count = min(run.fresh_coverage.get(field, 0), run.fresh)
        likely = (share * usual.postings + 1) / (usual.postings + 2)
        if 2 * count < share * run.fresh and _tail(count, run.fresh, likely) < CHANCE:
            found.append(Drop(field=field, usual=share, now=count / run.fresh, postings=run.fresh))
    return tuple(found)


def _tail(count: int, trials: int, chance: float) -> float:
    """Return the binomial probability of at most ``count`` successes in so many trials, each of this chance."""
    success, failure = math.log(chance), math.log1p(-chance)
    ways = math.lgamma(trials + 1)
    return math.fsum(
        math.exp(ways - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + k * success + (trials - k) * failure)
        for k in range(count + 1)
    )
