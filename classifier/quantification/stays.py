"""How long openings stay open: the median stay with an interval, from openings that are seen in part.

A stay that began before watching did is known only from then on (left truncation), one that has not ended is known up
to now (right censoring), and an end lies between the last look that saw the opening and the first that did not
(interval censoring). The curve is the product-limit estimate over the stays that are under observation at each age
(Kaplan and Meier 1958; with late entry: Tsai, Jewell and Wang 1987), its errors are those of clusters (Ying and Wei
1994), and the interval of the median holds every age whose log-log interval holds one half (Brookmeyer and Crowley
1982). An end counts in the middle of the time in which it can lie; where that is longer than a week, the lower end of
the interval takes it as early as it can have been, and the upper end as late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from classifier.arrays import Floats

FEWEST_ENDS = 5
"""With fewer ends nothing is estimated."""
WIDE = 7.0
"""After how many days without a look the time of an end is taken at its worst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One opening, as far as it was seen; ages are days since it opened.

    Attributes:
        entered: The age at which watching began; 0 for one that opened later.
        ended_after: The age at which it was last seen open.
        ended_by: The age at which it was first seen closed; None while it is open.
        cluster: The batch that it belongs to.
    """

    entered: float
    ended_after: float
    ended_by: float | None
    cluster: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MedianStay:
    """How long half of the openings stay open, in days.

    Attributes:
        stays: How many openings it rests on.
        ended: How many of them ended.
        median: The median; None where fewer than half of them can be followed to their end.
        low: The lower end of its 95 % interval; None where nothing can be told.
        high: The upper end; None where the data do not limit it.
    """

    stays: int
    ended: int
    median: float | None
    low: float | None
    high: float | None


def median_stay(stays: Sequence[Stay]) -> MedianStay:
    """Return how long half of the openings stay open.

    Args:
        stays: The openings. Of those that were open when watching began only such with a known age.
    """
    seen = [one for one in stays if (one.ended_after if one.ended_by is None else one.ended_by) > one.entered]
    ends = sum(one.ended_by is not None for one in seen)
    if ends < FEWEST_ENDS:
        return MedianStay(stays=len(seen), ended=ends, median=None, low=None, high=None)
    entered = np.array([one.entered for one in seen])
    early = np.array([one.ended_after for one in seen], float)
    late = np.array([one.ended_after if one.ended_by is None else one.ended_by for one in seen], float)
    over = np.array([one.ended_by is not None for one in seen])
    _, clusters = np.unique([one.cluster for one in seen], return_inverse=True)
    middle = (early + late) / 2
    wide = late - early > WIDE
    earliest = np.where(wide, np.maximum(early, (entered + middle) / 2), middle)  # an end at entry were no entry
    return MedianStay(
        stays=len(seen),
        ended=ends,
        median=_crossing(*_curve(entered, middle, over, clusters), 0.0),
        low=_crossing(*_curve(entered, earliest, over, clusters), -_REACH),
        high=_crossing(*_curve(entered, np.where(wide, late, middle), over, clusters), _REACH),
    )


_REACH = float(stats.norm.ppf(0.975))


def _curve(entered: Floats, left: Floats, over: np.ndarray, clusters: np.ndarray) -> tuple[Floats, Floats, Floats]:
    """Return the ages of ends, the share that stays longer than each, and the standard error of its logarithm.

    Args:
        entered: When each stay came under observation; shape (stays,).
        left: When it went; shape (stays,).
        over: Whether it ended then; shape (stays,).
        clusters: The number of its cluster; shape (stays,).
    """
    ages, number = np.unique(left[over], return_counts=True)
    at_risk = (np.searchsorted(np.sort(entered), ages) - np.searchsorted(np.sort(left), ages)).astype(float)
    log_share = np.cumsum(np.log1p(-np.minimum(number / at_risk, 1 - 1e-12)))
    # What each stay adds to the error of the logarithm: its own end, less the ends expected while it was watched.
    hazard = np.concatenate([[0.0], np.cumsum(number / at_risk**2)])
    count = int(clusters.max()) + 1
    variance = np.empty(len(ages))
    own = np.where(over, 1 / at_risk[np.searchsorted(ages, left).clip(max=len(ages) - 1)], 0.0)
    first, last = np.searchsorted(ages, entered, side="right"), np.searchsorted(ages, left, side="right")
    for index, age in enumerate(ages):
        expected = hazard[np.minimum(last, index + 1)] - hazard[np.minimum(first, index + 1)]
        parts = np.bincount(clusters, np.where(left <= age, own, 0.0) - expected, minlength=count)
        variance[index] = (parts**2).sum()
    return ages, np.exp(log_share), np.sqrt(variance * count / max(1, count - 1))


def _crossing(ages: Floats, share: Floats, error: Floats, reach: float) -> float | None:
    """Return the first age at which the curve, so many standard errors higher, is one half or less."""
    inside = (share > 0) & (share < 1)
    log_log = np.log(-np.log(np.where(inside, share, 0.5)))
    # The standard error of log(-log S) is that of log S over log S.
    shifted = log_log - reach * error / np.where(inside, -np.log(np.where(inside, share, 0.5)), 1.0)
    higher = np.where(inside, np.exp(-np.exp(shifted)), np.where(share >= 1, 1.0, 0.0))
    below = np.flatnonzero(higher <= 0.5 + 1e-9)
    return float(ages[below[0]]) if len(below) else None
