"""The median stay: equal to known curves, right in simulation, and honest where it cannot be told."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

from benchmarks.stays import MEDIAN, SHAPES, board, naive
from classifier.quantification.stays import FEWEST_ENDS, Stay, median_stay


def stay(end: float, *, over: bool = True, entered: float = 0.0, cluster: object = None, width: float = 0.0) -> Stay:
    cluster = f"{end} {entered}" if cluster is None else str(cluster)
    return Stay(entered=entered, ended_after=end, ended_by=end + width if over else None, cluster=cluster)


@pytest.mark.parametrize("seed", range(5))
def test_without_late_entry_it_is_the_usual_product_limit_estimate(seed: int) -> None:
    dice = np.random.default_rng(seed)
    ends, over = dice.permutation(60) + 1.0, dice.random(60) < 0.7
    usual = ecdf(CensoredData(uncensored=ends[over], right=ends[~over]))
    expected = usual.sf.quantiles[np.flatnonzero(usual.sf.probabilities <= 0.5)[0]]
    bounds = usual.sf.confidence_interval(method="log-log")
    low, high = (
        side.quantiles[np.flatnonzero(np.nan_to_num(side.probabilities, nan=1.0) <= 0.5)[0]]
        for side in (bounds.low, bounds.high)
    )
    found = median_stay([stay(end, over=one) for end, one in zip(ends, over, strict=True)])
    assert found.median == expected
    assert (found.stays, found.ended) == (60, over.sum())
    # Errors by clusters of one posting each are those of Greenwood's formula, but for chance.
    assert found.low == pytest.approx(low, abs=3)
    assert found.high == pytest.approx(high, abs=3)


def test_late_entry_counts_only_from_entry_on() -> None:
    # By hand: at risk are 4, 3 and 4 at the ages 1, 2 and 4: 3/4 · 2/3 = 1/2.
    stays = [stay(1, cluster=1), stay(2, cluster=2), *(stay(9, cluster=name) for name in (3, 4))]
    stays += [stay(4 + number, entered=3, cluster=f"late {number}") for number in range(3)]
    assert median_stay(stays).median == 2
    assert median_stay([*stays[:2], *(stay(9, cluster=name) for name in range(9))]).median == 9


def test_a_batch_that_closes_together_is_one_observation() -> None:
    dice = np.random.default_rng(1)
    ends = dice.exponential(40, 40).round(3)
    alone = median_stay([stay(end, cluster=f"{end} {copy}") for end in ends for copy in range(5)])
    together = median_stay([stay(end, cluster=end) for end in ends for copy in range(5)])
    assert alone.median == together.median
    assert None not in (alone.low, alone.high, together.low, together.high)
    assert together.high - together.low > 1.6 * (alone.high - alone.low)  # type: ignore[operator]


def test_ends_that_lie_in_a_long_gap_widen_the_interval() -> None:
    dice = np.random.default_rng(2)
    ends = dice.exponential(40, 80)
    short, long = (median_stay([stay(end, width=width) for end in ends]) for width in (6, 60))
    assert short.median == pytest.approx(np.median(ends) + 3, abs=4)
    assert short.high - short.low < 40 < long.high - long.low  # type: ignore[operator]


def test_too_few_ends_tell_nothing_and_many_open_ones_no_median() -> None:
    few = median_stay([stay(number + 1) for number in range(FEWEST_ENDS - 1)])
    assert (few.median, few.low, few.high, few.ended) == (None, None, None, FEWEST_ENDS - 1)
    mostly_open = median_stay([*map(stay, range(1, 7)), *(stay(50, over=False, cluster=name) for name in range(40))])
    assert mostly_open.median is None
    assert mostly_open.high is None
    assert median_stay([]).stays == 0


@pytest.mark.parametrize("shape", SHAPES)
def test_the_interval_holds_the_truth(shape: str) -> None:
    """A short form of ``python -m benchmarks.stays``: less than 134 of 150 intervals hold one time in 1,000."""
    dice = np.random.default_rng(7)
    boards = [list(board(60, SHAPES[shape], 120, 2, dice)) for _ in range(150)]
    found = [median_stay(stays) for stays in boards]
    held = sum((one.low or 0) <= MEDIAN and (one.high is None or one.high >= MEDIAN) for one in found)
    assert held >= 134
    assert np.median([naive(stays) for stays in boards]) < 0.8 * MEDIAN, "what was seen to close is no sample"
