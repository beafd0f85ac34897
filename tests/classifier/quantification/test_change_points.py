"""Change points of flows: as rare as stated where nothing changes, found where a flow doubles."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.change_points import WEEKS, flow, naive, of_levels
from classifier.quantification.change_points import find_change


@pytest.mark.parametrize("mean", [1, 3, 6])
def test_false_alarms_stay_near_one_in_twenty(mean: int) -> None:
    """A short form of ``python -m benchmarks.change_points``: more than 14 of 120 come by chance once in 1,000."""
    dice = np.random.default_rng([mean, 3])
    flows = [flow(6, mean, dice) for _ in range(120)]
    changes = [find_change(*one) for one in flows]
    assert sum(change is not None and change.p <= 0.05 for change in changes) <= 14
    assert sum(of_levels(batches, dice) for batches, _ in flows) > 80, "levels change all the time"
    if mean == 6:
        assert sum(naive(*one) for one in flows) > 40


def test_a_flow_that_doubles_is_found_where_it_did() -> None:
    dice = np.random.default_rng(4)
    found = [find_change(*flow(10, 1, dice, factor=2)) for _ in range(30)]
    assert all(change is not None and change.p < 0.01 for change in found)
    assert sum(change.low <= WEEKS // 2 <= change.high for change in found if change) >= 26
    assert np.mean([change.after / change.before for change in found if change]) == pytest.approx(2, abs=0.2)


def test_what_is_seen_after_a_gap_counts_for_the_time_of_the_gap() -> None:
    weeks = [[f"{week} {batch}" for batch in range(3)] for week in range(30)]
    gap = [*weeks[:10], [], [], [], [name for week in weeks[10:14] for name in week], *weeks[14:]]
    change = find_change(gap, [*[1.0] * 10, 0, 0, 0, 4.0, *[1.0] * 16])
    assert change is not None
    assert change.p > 0.5
    assert (change.before, change.after) == (3, 3)
    unaware = find_change(gap, [1.0] * 30)
    assert unaware is not None
    assert unaware.p < change.p


def test_one_large_batch_is_no_change() -> None:
    weeks = [["a"]] * 10 + [["b"]] * 5 + [["one"] * 40] + [["c"]] * 5
    change = find_change(weeks, [1.0] * len(weeks))
    assert change is not None
    assert change.p > 0.1


@pytest.mark.parametrize("weeks", [[], [["a"]] * 9, [[]] * 30, [["a"], *[[]] * 30]])
def test_too_little_tells_nothing(weeks: list[list[str]]) -> None:
    assert find_change(weeks, [1.0] * len(weeks)) is None
