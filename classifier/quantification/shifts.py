"""Which shares moved between two dates, when openings come in batches and many shares are looked at.

The unit is the cluster, a batch of openings that one decision brought: treating postings as independent finds shifts
everywhere. The null hypothesis is that both dates show the same mix; it is tested for all categories of all levels
together by the largest studentized difference under random signs of the clusters' contributions (max-T with Rademacher
weights: Cameron, Gelbach and Miller 2008; Westfall and Young 1993), so that the chance of any false alarm is that of
one test. A contribution is measured against the mix without its own cluster (the jackknife of MacKinnon, Nielsen and
Webb 2023), because a large batch pulls the mix towards itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from scipy import stats

from classifier.arrays import Floats

LEVEL = 0.05
"""The chance of any false alarm at a company whose mix does not change."""

DRAWS = 4_000
"""The most random signs that are drawn to test at `LEVEL`, and more for a smaller level in proportion."""

ENOUGH = 100
"""No more signs are drawn once the smallest p-value rests on as many draws that exceed it: its error is then a tenth of
itself (Besag and Clifford 1991)."""

MARGIN = 1.3
"""By how much p-values are raised. Signs take contributions for symmetric, but the batches of a rare category are not:
without a margin the rates of false alarms in `benchmarks.shifts` lie around 0.05, and some above it."""

MOVE = 0.10
"""The move of a share that power is stated for."""

FEWEST_CLUSTERS = 6
"""With fewer clusters that came or went, nothing is tested: their signs have too few combinations."""

YEAR = 365
"""The days over which a budget of false alarms is spent."""


def spent_level(days: float, budget: float = LEVEL) -> float:
    """Return the level of one of many looks, so that any false alarm within a year has the chance of the budget.

    The budget is spent evenly over time (Kim and DeMets 1987, with a power of 1): a look may use what has accrued since
    the look before it. The levels of a year's looks sum to the budget, so that it holds however looks depend on one
    another (Bonferroni), and nothing about earlier looks needs to be stored.

    Args:
        days: Since the look before: 7 for one who looks every week. After more than a year nothing more accrues.
        budget: The chance of any false alarm in a year.

    Raises:
        ValueError: The days or the budget are not positive.

    >>> round(spent_level(7), 6)
    0.000959
    """
    if days <= 0 or budget <= 0:
        raise ValueError("a look needs days since the look before it, and a budget")
    return budget * min(1.0, days / YEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareShift:
    """How one category's share differs between two dates.

    Attributes:
        level: The level of categories that it is of, such as ``role``.
        category: The category.
        before: Its share of the postings at the first date, from 0 to 1.
        now: Its share at the second date.
        low: The lower end of the 95 % interval of the difference in what the company tends to hire.
        high: The upper end.
        p: The p-value, adjusted for all categories of all levels; None where nothing could be tested.
        up: The probability that the share rose, by the interval's distribution.
        power: The chance that a move of `MOVE` from the share now would be found on a board like this one.
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

    def moved(self, level: float = LEVEL) -> bool:
        """Return whether the share moved, at a level of significance."""
        return self.p is not None and self.p <= level


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of one date, as far as shifts are found in them.

    Attributes:
        categories: By level, such as ``focus`` and ``role``, the category of each; the same levels on both dates.
        clusters: The cluster of each, the same on both dates.
    """

    categories: Mapping[str, Sequence[str]]
    clusters: Sequence[str]


@dataclass(frozen=True, slots=True)
class Counted:
    """The postings of one date by cluster.

    Attributes:
        counts: Of each category; shape (clusters, categories).
        sizes: The postings of each cluster; shape (clusters,).
    """

    counts: Floats
    sizes: Floats

    @property
    def total(self) -> float:
        """The postings of all clusters."""
        return float(self.sizes.sum())

    @property
    def shares(self) -> Floats:
        """The share of each category; shape (categories,)."""
        return np.asarray(self.counts.sum(axis=0) / self.total)

    def contributions(self, shares: Floats) -> Floats:
        """Return what each cluster adds to the distance from given shares; shape (clusters, categories)."""
        return np.asarray((self.counts - self.sizes[:, np.newaxis] * shares) / self.total)


def cluster_key(title: str, unit: str | None, opened: date, places: Iterable[str] = ()) -> str:
    """Return the batch that an opening belongs to: its family of titles, its team, and the week in which it opened.

    Args:
        title: The title.
        unit: The team, as the board names it.
        opened: The day on which it opened.
        places: Names of the posting's places, which are left out of the title: one requisition in five cities is one.

    >>> cluster_key("Senior Lamp Engineer II", "Sea", date(2026, 3, 4))
    'lamp engineer|sea|2026-03-02'
    >>> cluster_key("Lamp Engineer - New York", "Sea", date(2026, 3, 4), ["New York, US"])
    'lamp engineer|sea|2026-03-02'
    >>> cluster_key("上海灯塔工程师", None, date(2026, 3, 4), ["上海市"])
    '灯塔工程师||2026-03-02'
    """
    text, named = title.casefold(), {part for place in places for part in re.findall(r"[^\W_]+", place.casefold())}
    for name in named:
        if _HAN.match(name):
            text = text.replace(name, " ").replace(name.rstrip("省市区县") if len(name) > 2 else name, " ")
    words = [word for word in re.findall(r"[^\W_]+", text) if word not in _RANKS and not word.isdigit()]
    family = [word for word in words if word not in named] or words
    monday = opened - timedelta(days=opened.weekday())
    return f"{' '.join(family) or title.casefold()}|{(unit or '').casefold()}|{monday.isoformat()}"


_HAN = re.compile(r"[\u4e00-\u9fff]{2,}$")
_RANKS = frozenset(
    [
        *("senior", "sr", "junior", "jr", "lead", "staff", "principal", "mid", "level", "i", "ii", "iii", "iv", "v"),
        *("intern", "internship", "graduate", "new", "grad", "m", "w", "d", "f", "x"),
        *("高级", "资深", "初级", "实习", "校招", "社招"),
    ]
)


class Comparison:
    """The shares of two dates, compared.

    Args:
        before: The postings of the first date; at least one.
        now: Those of the second, with the same clusters and categories; at least one.

    Attributes:
        changes: The difference of each share; shape (categories,).
        scales: The standard error of each under the null hypothesis; shape (categories,).
        effective: How many clusters of equal size would vary as much (Kish 1965): few large ones count for few.
    """

    def __init__(self, before: Counted, now: Counted) -> None:
        self._before, self._now = before, now
        sizes = before.sizes + now.sizes
        total = sizes.sum()
        pooled = (before.counts.sum(axis=0) + now.counts.sum(axis=0)) / total
        null = now.contributions(pooled) - before.contributions(pooled)
        # Against the shares of all other clusters. A cluster that is everything is no evidence, whatever its weight.
        self._leverage = np.minimum(sizes / total, 0.99)
        self._null = null / (1 - self._leverage)[:, np.newaxis]
        self.changes: Floats = now.shares - before.shares
        self.scales: Floats = np.sqrt((self._null**2).sum(axis=0))
        weights = (self._null**2).sum(axis=1)
        self.effective = float(weights.sum() ** 2 / (weights**2).sum()) if weights.any() else 0.0

    @property
    def testable(self) -> bool:
        """Whether enough clusters came or went."""
        return self.effective >= FEWEST_CLUSTERS

    @cached_property
    def studentized(self) -> Floats:
        """The size of each change in its standard errors; shape (categories,)."""
        return np.abs(np.divide(self.changes, self.scales, out=np.zeros_like(self.changes), where=self.scales > 0))

    def largest(self, level: float = LEVEL, *, enough: int = ENOUGH, seed: int = 0) -> Floats:
        """Return the largest studentized difference under random signs; shape (draws,).

        Args:
            level: The level that is tested at; the smaller, the more signs are drawn.
            enough: Stop when as many draws exceed the largest difference that was observed.
            seed: Of the random signs.
        """
        moving = self.scales > 0
        # Clusters that neither came nor went cancel.
        rows = self._null[np.abs(self._null).max(axis=1) > 1e-12]
        units = (rows[:, moving] / self.scales[moving]).astype(np.float32)
        random, observed = np.random.default_rng(seed), self.studentized.max() - 1e-6
        found: list[Floats] = []
        drawn, exceeded, draws = 0, 0, int(np.ceil(DRAWS * max(1.0, LEVEL / level)))
        while drawn < draws and (exceeded < enough or drawn < _FEWEST_DRAWS):
            some = min(draws - drawn, max(_FEWEST_DRAWS, _CELLS // len(units)))
            signs = random.integers(2, size=(some, len(units)), dtype=np.int8).astype(np.float32) * 2 - 1
            found.append(np.abs(signs @ units).max(axis=1))
            drawn += some
            exceeded += int((found[-1] >= observed).sum())
        return np.concatenate(found)

    def p_values(self, largest: Floats) -> Floats:
        """Return the p-value of each category, adjusted for all; shape (categories,).

        Args:
            largest: From `largest`.
        """
        exceeded = len(largest) - np.searchsorted(np.sort(largest), self.studentized - 1e-6)
        return np.asarray(np.minimum(1.0, MARGIN * (exceeded + 1) / (len(largest) + 1)))

    def spreads(self) -> Floats:
        """Return the standard error of each change, whatever the null hypothesis says; shape (categories,)."""
        free = self._now.contributions(self._now.shares) - self._before.contributions(self._before.shares)
        spread = np.sqrt((free**2).sum(axis=0) * self.effective / max(1.0, self.effective - 1))
        # Where nothing of a category came or went, the pooled contributions say how much could have.
        return np.asarray(np.maximum(spread, self.scales))

    def moves(self) -> tuple[Floats, Floats]:
        """Return the standard error that each share would have if it rose by `MOVE`, and how much T then varies.

        Power is of a category whose openings come in whole batches, as those of one role do. A board rises by `MOVE`
        because what came since is of another mix: the part that stayed dilutes it. A studentized difference varies less
        than by 1 when the share rises from next to nothing, because the same batches raise difference and standard
        error (delta method for a difference of counts over the root of their sum).

        Returns:
            Two arrays of shape (categories,).
        """
        before, now = self._before, self._now
        stayed = np.minimum(before.sizes, now.sizes).sum() / ((before.total + now.total) / 2)
        came = max(1e-6, 1 - float(stayed))
        sizes = (now.sizes / now.total - before.sizes / before.total) / (1 - self._leverage)
        shares = now.shares
        turned = np.minimum(1.0, shares + MOVE / 2 / came)  # the mean share among what came and what went
        middle = np.minimum(1.0, shares + MOVE / 2)
        scale = np.sqrt((sizes**2).sum() * np.maximum(0.0, turned * (1 - 2 * middle) + middle**2))
        lean = np.minimum(1.0, MOVE / 2 / came / turned)
        return scale, np.sqrt(1 - 0.75 * lean**2)


_FEWEST_DRAWS = 1_000
_CELLS = 1 << 18
"""Signs that are drawn at once, so that they stay in the processor's cache."""


def find_shifts(before: Postings, now: Postings, *, level: float = LEVEL, seed: int = 0) -> list[ShareShift]:
    """Return how the share of each category differs between two dates.

    Args:
        before: The postings of the first date.
        now: Those of the second; a posting on both has the same cluster, so that it cancels.
        level: The level of significance that is tested at, and that power is stated for.
        seed: Of the random signs; the same input gives the same result.

    Returns:
        A record for each category of either date, in the order of the levels and of their names; none where a date has
        no posting.
    """
    if not before.clusters or not now.clusters:
        return []
    names = [
        (kind, name) for kind in before.categories for name in sorted({*before.categories[kind], *now.categories[kind]})
    ]
    clusters = sorted({*before.clusters, *now.clusters})
    counted = [_counted(postings, names, clusters) for postings in (before, now)]
    compared = Comparison(*counted)
    p_values = critical = None
    if compared.testable:
        largest = compared.largest(level, seed=seed)
        p_values, critical = compared.p_values(largest), _critical(largest, level / MARGIN)
    degrees = max(1.0, compared.effective - 1)
    spreads = compared.spreads()
    reach = float(stats.t.ppf(0.975, degrees)) * spreads
    scales, varying = compared.moves()
    smaller = int(min(one.total for one in counted))
    found = []
    for index, (kind, name) in enumerate(names):
        change, spread = float(compared.changes[index]), float(spreads[index])
        move = float(scales[index]), float(varying[index])
        found.append(
            ShareShift(
                level=kind,
                category=name,
                before=float(counted[0].shares[index]),
                now=float(counted[1].shares[index]),
                low=max(-1.0, change - float(reach[index])),
                high=min(1.0, change + float(reach[index])),
                p=None if p_values is None else float(p_values[index]),
                up=float(stats.t.cdf(change / spread, degrees)) if spread else 0.5,
                power=0.0 if critical is None else _power(*move, critical),
                needed=None if critical is None else _needed(*move, critical, smaller),
            )
        )
    return found


def _counted(postings: Postings, names: Sequence[tuple[str, str]], clusters: Sequence[str]) -> Counted:
    column = {name: number for number, name in enumerate(names)}
    row = {name: number for number, name in enumerate(clusters)}
    rows = np.array([row[cluster] for cluster in postings.clusters])
    counts = np.zeros((len(clusters), len(names)))
    for kind, categories in postings.categories.items():
        columns = np.array([column[kind, category] for category in categories])
        np.add.at(counts, (rows, columns), 1)
    return Counted(counts, np.bincount(rows, minlength=len(clusters)).astype(float))


def _critical(largest: Floats, level: float) -> float:
    """Return what the largest of all differences exceeds by chance at a level.

    Draws tell well where one in ten lies. Further out, the largest is taken for that of as many independent normal
    differences; with few clusters it is smaller, and power then larger than stated.
    """
    one_in_ten = float(np.quantile(largest, 0.9))
    differences = np.log(0.9) / np.log(min(1 - 1e-12, max(1e-12, 2 * stats.norm.cdf(one_in_ten) - 1)))
    return float(stats.norm.ppf((1 + (1 - level) ** (1 / differences)) / 2))


def _power(scale: float, varying: float, critical: float) -> float:
    """Return the chance to find a rise of `MOVE`, by the normal approximation."""
    return float(stats.norm.sf((critical - MOVE / scale) / varying)) if scale > 0 else 0.0


def _needed(scale: float, varying: float, critical: float, postings: int) -> int:
    """Return how many postings give a chance of 80 %, where the standard error falls with the root of their number."""
    wanted = MOVE / (critical + float(stats.norm.ppf(0.8)) * varying)
    return int(np.ceil(postings * (scale / wanted) ** 2)) if scale else postings
