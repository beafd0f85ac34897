"""When a rate of events changed: one change point of a flow of openings or closings that come in batches.

Counts of what is open depend on the day before, so that any method finds changes in them; flows do not. The statistic
is the largest Poisson likelihood ratio of two rates against one, over all times of change. Events come in batches, so
that its distribution is not the textbook's: the p-value is from moving whole batches to random periods, in proportion
to how long each was watched (a permutation test with batches as units).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifier.arrays import Floats

DRAWS = 5_000
"""Random arrangements of the batches; the Monte Carlo error of a p-value of 0.05 is then 0.003."""
SHORTEST = 4
"""How many periods there must be before and after a change."""
FEWEST_BATCHES = 10
"""With fewer batches nothing is tested."""
_WITHIN = 3.68
"""How far the log-likelihood at the true time of change is below its maximum, in 95 of 100 cases: x with
(1 - exp(-x))² = 0.95, the limit for changes that are not small (Siegmund 1988)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePoint:
    """Where a flow changed most.

    Attributes:
        at: The number of the first period after the change.
        low: The first period of the 95 % interval of that time.
        high: The last.
        before: Events a period before, for a period that was watched throughout.
        after: The same from the change on.
        p: The chance of such a change, or a larger one, in a flow that never changes.
    """

    at: int
    low: int
    high: int
    before: float
    after: float
    p: float


def find_change(batches: Sequence[Sequence[str]], watched: Sequence[float], *, seed: int = 0) -> ChangePoint | None:
    """Return where a flow changed most; None where there are too few batches or periods to tell.

    Args:
        batches: For each period the batch of each of its events; the same name in two periods is two batches.
        watched: For each period how long it was watched, 1 for all of it; what was seen after a gap counts for the time
            of the gap.
        seed: Of the random draws; the same input gives the same result.
    """
    exposure = np.asarray(watched, float)
    sizes = [np.unique(list(of_period), return_counts=True)[1] for of_period in batches]
    counts = np.array([float(of_period.sum()) for of_period in sizes])
    inside = np.arange(SHORTEST, len(exposure) - SHORTEST + 1)
    # A change is only where both sides were watched.
    total = exposure.cumsum()
    inside = inside[(total[inside - 1] > 0) & (total[inside - 1] < total[-1])] if len(inside) else inside
    of_batches = np.concatenate([*sizes, []])
    if len(of_batches) < FEWEST_BATCHES or not len(inside):
        return None
    ratios = _ratios(counts[None], exposure, inside)[0]
    at = int(ratios.argmax())
    dispersion = float((of_batches**2).sum() / of_batches.sum())  # of the counts of a flow of batches
    near = np.flatnonzero(ratios >= ratios[at] - _WITHIN * dispersion)
    random = np.random.default_rng(seed)
    periods = random.choice(len(exposure), size=(DRAWS, len(of_batches)), p=exposure / exposure.sum())
    cells = (np.arange(DRAWS)[:, None] * len(exposure) + periods).ravel()
    weights = np.tile(of_batches, DRAWS)
    drawn = np.bincount(cells, weights, DRAWS * len(exposure)).reshape(DRAWS, len(exposure)).astype(float)
    largest = _ratios(drawn, exposure, inside).max(axis=1)
    change = int(inside[at])
    return ChangePoint(
        at=change,
        low=int(inside[near[0]]),
        high=int(inside[near[-1]]),
        before=float(counts[:change].sum() / exposure[:change].sum()),
        after=float(counts[change:].sum() / exposure[change:].sum()),
        p=float((1 + (largest >= ratios[at] - 1e-9).sum()) / (DRAWS + 1)),
    )


def _ratios(counts: Floats, exposure: Floats, inside: np.ndarray) -> Floats:
    """Return the logarithms of the likelihood ratios; shape (flows, times of change)."""
    first = counts.cumsum(axis=1)[:, inside - 1]
    all_of_it = counts.sum(axis=1, keepdims=True)
    second = all_of_it - first
    watched = exposure.cumsum()[inside - 1]
    rest = exposure.sum() - watched
    found: Floats = _term(first, watched) + _term(second, rest) - _term(all_of_it, np.array(exposure.sum()))
    return found


def _term(counts: Floats, exposure: Floats) -> Floats:
    found: Floats = counts * np.log(np.where(counts > 0, counts, 1) / exposure)
    return found
