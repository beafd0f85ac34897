"""Which shares moved between two dates, when openings come in batches and many shares are looked at.

The unit is the cluster, a batch of openings that one decision brought: treating postings as independent finds shifts
everywhere. The null hypothesis is that both dates show the same mix; it is tested for all categories together by the
largest studentized difference under random signs of the clusters' contributions (max-T with Rademacher weights:
Cameron, Gelbach and Miller 2008; Westfall and Young 1993), so that the chance of any false alarm is that of one test.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy import stats

from classifier.arrays import Floats

DRAWS = 4_000
"""Random signs that are drawn; the Monte Carlo error of an adjusted p-value of 0.05 is then 0.0035."""

MOVE = 0.10
"""The move of a share that power is stated for."""

FEWEST_CLUSTERS = 6
"""With fewer clusters that came or went, nothing is tested: their signs have too few combinations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareShift:
    """How one category's share differs between two dates.

    Attributes:
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

    def moved(self, level: float = 0.05) -> bool:
        """Return whether the share moved, at a level of significance."""
        return self.p is not None and self.p <= level


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of one date, as far as shifts are found in them.

    Attributes:
        categories: The category of each.
        clusters: The cluster of each, the same on both dates.
    """

    categories: Sequence[str]
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


def find_shifts(before: Postings, now: Postings, *, draws: int = DRAWS, seed: int = 0) -> list[ShareShift]:
    """Return how the share of each category differs between two dates.

    Args:
        before: The postings of the first date.
        now: Those of the second; a posting on both has the same cluster, so that it cancels.
        draws: How many random signs to draw.
        seed: Of the random signs; the same input gives the same result.

    Returns:
        A record for each category of either date, in the order of their names; none where a date has no posting.
    """
    if not before.categories or not now.categories:
        return []
    names = sorted({*before.categories, *now.categories})
    clusters = sorted({*before.clusters, *now.clusters})
    counts_before, counts_now = (_counts(postings, names, clusters) for postings in (before, now))
    total_before, total_now = counts_before.sum(), counts_now.sum()
    share_before, share_now = counts_before.sum(axis=0) / total_before, counts_now.sum(axis=0) / total_now
    pooled = (counts_before.sum(axis=0) + counts_now.sum(axis=0)) / (total_before + total_now)
    # Each cluster's contribution to the difference of shares, by the linearization of a ratio.
    null = _contributions(counts_now, total_now, pooled) - _contributions(counts_before, total_before, pooled)
    free = _contributions(counts_now, total_now, share_now) - _contributions(counts_before, total_before, share_before)
    effective = _effective(null)
    critical, p_values = _tested(null, draws, seed) if effective >= FEWEST_CLUSTERS else (None, None)
    # How much wider than that of one posting drawn alone the errors of these boards are, over all categories.
    unit = float(np.sqrt((null**2).sum() / max(1e-12, (pooled * (1 - pooled)).sum())))
    found = []
    for index, name in enumerate(names):
        scale = float(np.sqrt((null[:, index] ** 2).sum()))
        spread = float(np.sqrt((free[:, index] ** 2).sum() * effective / max(1.0, effective - 1)))
        # Where nothing of a category came or went, the pooled contributions say how much could have.
        spread = max(spread, scale)
        degrees = max(1.0, effective - 1)
        reach = float(stats.t.ppf(0.975, degrees)) * spread
        change = float(share_now[index] - share_before[index])
        found.append(
            ShareShift(
                category=name,
                before=float(share_before[index]),
                now=float(share_now[index]),
                low=max(-1.0, change - reach),
                high=min(1.0, change + reach),
                p=None if p_values is None else float(p_values[index]),
                up=float(stats.t.cdf(change / spread, degrees)) if spread else 0.5,
                power=0.0 if critical is None else _power(_moved_scale(unit, share_now[index]), critical),
                needed=None
                if critical is None
                else _needed(_moved_scale(unit, share_now[index]), critical, int(min(total_before, total_now))),
            )
        )
    return found


def _counts(postings: Postings, names: Sequence[str], clusters: Sequence[str]) -> Floats:
    column = {name: number for number, name in enumerate(names)}
    row = {name: number for number, name in enumerate(clusters)}
    counts = np.zeros((len(clusters), len(names)))
    for category, cluster in zip(postings.categories, postings.clusters, strict=True):
        counts[row[cluster], column[category]] += 1
    return counts


def _contributions(counts: Floats, total: float, shares: Floats) -> Floats:
    found: Floats = (counts - counts.sum(axis=1, keepdims=True) * shares) / total
    return found


def _effective(contributions: Floats) -> float:
    """Return how many clusters of equal size would vary as much (Kish 1965): few large ones count for few."""
    weights = (contributions**2).sum(axis=1)
    total = weights.sum()
    return float(total**2 / (weights**2).sum()) if total > 0 else 0.0


def _tested(contributions: Floats, draws: int, seed: int) -> tuple[float, Floats]:
    """Return the largest studentized difference that chance reaches in one of twenty, and each adjusted p-value."""
    scale = np.sqrt((contributions**2).sum(axis=0))
    moving = scale > 0
    studentized = contributions[:, moving] / scale[moving]
    signs = np.random.default_rng(seed).choice(np.array([-1.0, 1.0]), size=(draws, len(contributions)))
    largest = np.abs(signs @ studentized).max(axis=1)
    observed = np.zeros(contributions.shape[1])
    observed[moving] = np.abs(studentized.sum(axis=0))
    exceeded = (largest[:, None] >= observed[None, :] - 1e-12).sum(axis=0)
    return float(np.quantile(largest, 0.95)), (exceeded + 1) / (draws + 1)


def _moved_scale(unit: float, share: float) -> float:
    """Return the standard error of a share's difference had it just moved by `MOVE`: that of the middle of both."""
    middle = min(0.5, share + MOVE / 2)
    return unit * float(np.sqrt(middle * (1 - middle)))


def _power(scale: float, critical: float) -> float:
    """Return the chance to find a move of `MOVE`, by the normal approximation."""
    if scale <= 0:
        return 0.0
    return float(stats.norm.sf(critical - MOVE / scale) + stats.norm.cdf(-critical - MOVE / scale))


def _needed(scale: float, critical: float, postings: int) -> int:
    """Return how many postings give a chance of 80 %, where the standard error falls with the root of their number."""
    wanted = MOVE / (critical + float(stats.norm.ppf(0.8)))
    return int(np.ceil(postings * (scale / wanted) ** 2)) if scale else postings
