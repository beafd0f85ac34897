"""Which shares moved between two dates, when openings come in batches and many shares are looked at.

The unit is the cluster, a batch of openings that one decision brought: treating postings as independent finds shifts
everywhere. The null hypothesis is that both dates show the same mix; it is tested for all categories together by the
largest studentized difference under random signs of the clusters' contributions (max-T with Rademacher weights:
Cameron, Gelbach and Miller 2008; Westfall and Young 1993), so that the chance of any false alarm is that of one test.

Several levels of categories, such as focuses and their roles, are tested together: the largest difference is that over
all of them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from scipy import stats
from scipy.special import nctdtr

from classifier.arrays import Floats

DRAWS = 4_000
"""Random signs that are drawn for a level of 0.05; the Monte Carlo error of a p-value of 0.05 is then 0.0035.

For a smaller level so many more are drawn that as many signs decide.
"""

MARGIN = 1.5
"""How many times p-values are raised, because contributions are not quite symmetric: random signs alone alarm at up to
6.1 of 100 companies whose mix does not change, where 5 are allowed (``python -m benchmarks.shifts --margin 1``)."""

_AT_ONCE = 10_000
_WANTED = 0.8
_NEAR = 1.01
_CERTAIN = 9.0

MOVE = 0.10
"""The move of a share that power is stated for."""

FEWEST_CLUSTERS = 6
"""With fewer clusters that came or went, nothing is tested: their signs have too few combinations."""


BUDGET = 0.05
"""The chance of any false alarm that all looks together may have."""


def level_of_a_look(looks: int) -> float:
    """Return the level of significance of one of several looks, which share one budget of false alarms evenly.

    It holds whatever the looks have in common (Bonferroni): looks of successive weeks see mostly the same postings.

    Args:
        looks: How many times one looks, for example 52 for every week of a year.

    Raises:
        ValueError: That is less than 1.
    """
    if looks < 1:
        raise ValueError(f"one looks at least once, not {looks} times")
    return BUDGET / looks


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareShift:
    """How one category's share differs between two dates.

    Attributes:
        level: The level that the category is of.
        category: The category.
        before: Its share of the postings at the first date, from 0 to 1.
        now: Its share at the second date.
        low: The lower end of the 95 % interval of the difference in what the company tends to hire.
        high: The upper end.
        p: The p-value, adjusted for all categories that were looked at; None where nothing could be tested.
        up: The probability that the share rose, by the interval's distribution.
        power: The chance that a move of `MOVE` would be found on a board like this one.
        needed: About how many postings a board would need for a chance of 80 %; None where nothing could be tested.
    """

    level: str
    category: str
    before: float
    now: float
    low: float
    high: float
    p: float | None
    up: float
    power: float
    needed: int | None

    @property
    def change(self) -> float:
        """The difference of the shares."""
        return self.now - self.before

    def moved(self, significance: float = BUDGET) -> bool:
        """Return whether the share moved, at a level of significance (`level_of_a_look`)."""
        return self.p is not None and self.p <= significance


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of one date, as far as shifts are found in them.

    Attributes:
        levels: The category of each, by level.
        clusters: The cluster of each, the same on both dates.
    """

    levels: Mapping[str, Sequence[str]]
    clusters: Sequence[str]


def cluster_key(title: str, unit: str | None, opened: date) -> str:
    """Return the batch that an opening belongs to: its family of titles, its team, and the week in which it opened.

    >>> cluster_key("Senior Lamp Engineer II", "Sea", date(2026, 3, 4))
    'lamp engineer|sea|2026-03-02'
    """
    words = [word for word in re.findall(r"[^\W_]+", title.casefold()) if word not in _RANKS and not word.isdigit()]
    monday = opened - timedelta(days=opened.weekday())
    return f"{' '.join(words) or title.casefold()}|{(unit or '').casefold()}|{monday.isoformat()}"


_RANKS = frozenset(
    [
        *("senior", "sr", "junior", "jr", "lead", "staff", "principal", "mid", "level", "i", "ii", "iii", "iv", "v"),
        *("intern", "internship", "graduate", "new", "grad", "m", "w", "d", "f", "x"),
        *("高级", "资深", "初级", "实习", "校招", "社招"),
    ]
)


def find_shifts(  # noqa: PLR0913  # settings of the test
    before: Postings,
    now: Postings,
    *,
    significance: float = BUDGET,
    draws: int | None = None,
    seed: int = 0,
    margin: float = MARGIN,
) -> list[ShareShift]:
    """Return how the share of each category differs between two dates.

    Args:
        before: The postings of the first date.
        now: Those of the second; a posting on both has the same cluster, so that it cancels.
        significance: The level of significance that power is stated for (`level_of_a_look`).
        draws: How many random signs to draw; None for as many as the level needs (`DRAWS`).
        seed: Of the random signs; the same input gives the same result.
        margin: See `MARGIN`.

    Returns:
        A record for each category of either date, in the order of levels and of their names; none where a date has no
        posting.
    """
    if not before.clusters or not now.clusters:
        return []
    columns = [(level, name) for level in before.levels for name in sorted({*before.levels[level], *now.levels[level]})]
    clusters = sorted({*before.clusters, *now.clusters})
    counts_before, counts_now = (_counts(postings, columns, clusters) for postings in (before, now))
    total_before, total_now = len(before.clusters), len(now.clusters)
    sizes_before, sizes_now = (_sizes(postings, clusters) for postings in (before, now))
    share_before, share_now = counts_before.sum(axis=0) / total_before, counts_now.sum(axis=0) / total_now
    pooled = (counts_before.sum(axis=0) + counts_now.sum(axis=0)) / (total_before + total_now)
    # Each cluster's contribution to the difference of shares, by the linearization of a ratio.
    null = (counts_now - sizes_now * pooled) / total_now - (counts_before - sizes_before * pooled) / total_before
    free = (counts_now - sizes_now * share_now) / total_now - (
        counts_before - sizes_before * share_before
    ) / total_before
    effective = _effective(null)
    draws = draws or max(DRAWS, math.ceil(DRAWS * BUDGET / significance))
    tested = _tested(null, significance / margin, draws, seed) if effective >= FEWEST_CLUSTERS else None
    # How much wider than that of one posting drawn alone the errors of these boards are, over all categories.
    unit = float(np.sqrt((null**2).sum() / max(1e-12, (pooled * (1 - pooled)).sum())))
    degrees = max(1.0, effective - 1)
    found = []
    for index, (level, name) in enumerate(columns):
        scale = float(np.sqrt((null[:, index] ** 2).sum()))
        spread = float(np.sqrt((free[:, index] ** 2).sum() * effective / degrees))
        # Where nothing of a category came or went, the pooled contributions say how much could have.
        spread = max(spread, scale)
        reach = float(stats.t.ppf(0.975, degrees)) * spread
        change = float(share_now[index] - share_before[index])
        board = _Board(_moved_scale(unit, share_now[index]), tested.critical, effective) if tested else None
        found.append(
            ShareShift(
                level=level,
                category=name,
                before=float(share_before[index]),
                now=float(share_now[index]),
                low=max(-1.0, change - reach),
                high=min(1.0, change + reach),
                p=None if tested is None else min(1.0, margin * float(tested.p[index])),
                up=float(stats.t.cdf(change / spread, degrees)) if spread else 0.5,
                power=board.power() if board else 0.0,
                needed=board.needed(min(total_before, total_now)) if board else None,
            )
        )
    return found


def _counts(postings: Postings, columns: Sequence[tuple[str, str]], clusters: Sequence[str]) -> Floats:
    """Return how many postings of each category each cluster has; shape (clusters, categories)."""
    column = {key: number for number, key in enumerate(columns)}
    row = {name: number for number, name in enumerate(clusters)}
    rows = np.array([row[cluster] for cluster in postings.clusters])
    counts = np.zeros((len(clusters), len(columns)))
    for level, categories in postings.levels.items():
        np.add.at(counts, (rows, np.array([column[level, category] for category in categories])), 1)
    return counts


def _sizes(postings: Postings, clusters: Sequence[str]) -> Floats:
    """Return how many postings each cluster has; shape (clusters, 1)."""
    sizes = Counter(postings.clusters)
    return np.array([[float(sizes[cluster])] for cluster in clusters])


def _effective(contributions: Floats) -> float:
    """Return how many clusters of equal size would vary as much (Kish 1965): few large ones count for few."""
    weights = (contributions**2).sum(axis=1)
    total = weights.sum()
    return float(total**2 / (weights**2).sum()) if total > 0 else 0.0


class _Tested(NamedTuple):
    """What random signs show.

    Attributes:
        critical: The largest studentized difference that chance reaches as often as the level of significance allows.
        p: The adjusted p-value of each category; shape (categories,).
    """

    critical: float
    p: Floats


def _tested(contributions: Floats, significance: float, draws: int, seed: int) -> _Tested:
    scale = np.sqrt((contributions**2).sum(axis=0))
    moving = scale > 1e-12
    active = (np.abs(contributions) > 0).any(axis=1)  # clusters of which nothing came or went have no part
    studentized = contributions[active][:, moving] / scale[moving]
    random = np.random.default_rng(seed)
    largest = np.empty(draws)
    for start in range(0, draws, _AT_ONCE):
        end = min(draws, start + _AT_ONCE)
        signs = random.integers(0, 2, size=(end - start, len(studentized))) * 2.0 - 1.0
        largest[start:end] = np.abs(signs @ studentized).max(axis=1)
    observed = np.zeros(contributions.shape[1])
    observed[moving] = np.abs(studentized.sum(axis=0))
    exceeded = draws - np.searchsorted(np.sort(largest), observed - 1e-9)
    return _Tested(float(np.quantile(largest, 1 - significance)), (exceeded + 1) / (draws + 1))


def _moved_scale(unit: float, share: float) -> float:
    """Return the standard error of a share's difference had it just moved by `MOVE`: that of the middle of both."""
    middle = min(0.5, share + MOVE / 2)
    return unit * float(np.sqrt(middle * (1 - middle)))


class _Board(NamedTuple):
    """What decides how well a move is found.

    Attributes:
        scale: The standard error of the share's difference.
        critical: The studentized difference that a move must exceed.
        effective: The effective number of clusters.
    """

    scale: float
    critical: float
    effective: float

    def power(self, larger: float = 1.0) -> float:
        """Return the chance to find a move of `MOVE` on a board so many times as large.

        The studentized difference R has the move in its denominator too, R = T / sqrt(1 + T² / clusters), where T is
        Student's statistic. T is taken as noncentral with the effective clusters less one as degrees of freedom.
        """
        clusters = self.effective * larger
        if self.scale <= 0 or clusters <= self.critical**2:
            return 0.0
        threshold = self.critical / math.sqrt(1 - self.critical**2 / clusters)
        noncentral = MOVE * math.sqrt(larger) / self.scale
        if noncentral - threshold > _CERTAIN:
            return 1.0
        return float(1 - nctdtr(max(1.0, clusters - 1), noncentral, threshold))

    def needed(self, postings: int) -> int:
        """Return about how many postings give a chance of 80 %, where this board has so many."""
        if self.scale <= 0:
            return postings
        low, high = 1e-3, 1e6
        while high / low > _NEAR:
            middle = math.sqrt(low * high)
            low, high = (low, middle) if self.power(middle) >= _WANTED else (middle, high)
        return math.ceil(postings * high)
