"""Shifts: no more false alarms than stated where openings come in batches, and real moves found."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from benchmarks.shifts import GAP, HIRED, company, naive
from classifier.quantification.shifts import Postings, cluster_key, find_shifts, level_of_a_look


def of(counts: dict[str, int], prefix: str, size: int = 1) -> Postings:
    """Postings in clusters of a size, with so many of each category."""
    categories, clusters = [], []
    for category, count in counts.items():
        for number in range(count):
            categories.append(category)
            clusters.append(f"{prefix}{category}{number // size}")
    return Postings({"role": categories}, clusters)


def test_a_large_move_is_found_and_its_interval_holds_it() -> None:
    found = {one.category: one for one in find_shifts(of({"a": 80, "b": 20}, "x"), of({"a": 30, "b": 70}, "y"))}
    assert found["b"].moved()
    assert found["b"].p < 0.01  # type: ignore[operator]
    assert found["b"].low < 0.5 < found["b"].high
    assert found["b"].low > 0.3
    assert found["b"].up > 0.999
    assert found["a"].change == pytest.approx(-0.5)


def test_the_same_move_by_one_batch_is_none() -> None:
    before = of({"a": 30, "b": 30}, "x")
    now = Postings({"role": [*before.levels["role"], *["b"] * 30]}, [*before.clusters, *["one batch"] * 30])
    found = find_shifts(before, now)
    assert not any(one.moved() for one in found)
    assert all(one.p is None and one.needed is None for one in found), "one batch is one observation"


def test_postings_on_both_dates_cancel() -> None:
    stayed = of({"a": 50, "b": 50}, "stay")
    assert all(one.change == 0 and one.low <= 0 <= one.high for one in find_shifts(stayed, stayed))


def test_no_posting_no_shift() -> None:
    assert find_shifts(of({}, "y"), of({"a": 3}, "x")) == []


def test_the_same_input_gives_the_same_result() -> None:
    sides = of({"a": 40, "b": 20, "c": 9}, "x", 2), of({"a": 30, "b": 31, "c": 4}, "y", 2)
    assert find_shifts(*sides) == find_shifts(*sides)


def test_power_grows_with_the_board_and_says_what_is_needed() -> None:
    small, large = (
        find_shifts(of({"a": size, "b": size}, "x", 3), of({"a": size, "b": size}, "y", 3)) for size in (30, 900)
    )
    assert small[0].power < 0.3 < 0.9 < large[0].power
    assert small[0].needed == pytest.approx(large[0].needed, rel=0.2)
    assert 60 < small[0].needed < 1800  # type: ignore[operator]


def test_looks_share_one_budget() -> None:
    assert level_of_a_look(1) == 0.05
    assert 52 * level_of_a_look(52) == pytest.approx(0.05)
    with pytest.raises(ValueError, match="at least once"):
        level_of_a_look(0)


def test_a_smaller_level_needs_a_larger_move_and_a_larger_board() -> None:
    sides = of({"a": 60, "b": 60}, "x", 2), of({"a": 40, "b": 80}, "y", 2)
    once, often = (find_shifts(*sides, significance=level_of_a_look(looks)) for looks in (1, 52))
    assert once[0].power > often[0].power
    assert once[0].needed < often[0].needed  # type: ignore[operator]
    assert once[0].p == pytest.approx(often[0].p, abs=0.01)


def test_levels_are_tested_together() -> None:
    """A family of shares that cannot move makes no other significant; one that is looked at besides costs a little."""
    roles = of({"a": 80, "b": 20}, "x"), of({"a": 60, "b": 40}, "y")
    both = [
        Postings({"focus": ["all"] * len(side.clusters), "role": side.levels["role"]}, side.clusters) for side in roles
    ]
    alone, together = find_shifts(*roles), find_shifts(*both)
    assert [(one.level, one.category) for one in together] == [("focus", "all"), ("role", "a"), ("role", "b")]
    assert together[0].change == 0
    assert together[1].p == alone[0].p


@pytest.mark.parametrize("mean", [1, 3, 6])
def test_stated_power_is_what_is_found(mean: int) -> None:
    """A short form of ``python -m benchmarks.shifts``: within the error of 100 companies, three standard errors."""
    dice = np.random.default_rng([mean, 2])
    found, stated = 0, []
    for _ in range(100):
        same = company(200, mean, dice)
        stated.append(np.median([one.power for one in find_shifts(same.at(0), same.at(GAP), draws=299)]))
        moved = company(200, mean, dice, shift=HIRED)
        found += any(one.moved() for one in find_shifts(moved.at(0), moved.at(GAP), draws=299) if one.change > 0)
    assert found / 100 == pytest.approx(np.mean(stated), abs=0.15)


@pytest.mark.parametrize("mean", [1, 3, 6])
def test_false_alarms_stay_near_one_in_twenty(mean: int) -> None:
    """A short form of ``python -m benchmarks.shifts``: at 0.05 more than 13 of 120 come by chance once in 500 times."""
    dice = np.random.default_rng(mean)
    alarms = naive_alarms = 0
    for _ in range(120):
        world = company(200, mean, dice)
        before, now = world.at(0), world.at(GAP)
        alarms += any(shift.moved() for shift in find_shifts(before, now, draws=499))
        naive_alarms += naive(before, now)
    assert alarms <= 13
    if mean == 6:
        assert naive_alarms > 40, "the same boards alarm whoever takes postings for independent"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Senior Lamp Engineer", "Sea", 4), ("Lamp Engineer II", "Sea", 6), True),
        (("Lamp Engineer", "Sea", 4), ("Lamp Engineer", "Land", 4), False),
        (("Lamp Engineer", "Sea", 4), ("Lamp Engineer", "Sea", 11), False),
        (("Lamp Engineer", "Sea", 4), ("Data Engineer", "Sea", 4), False),
        (("Intern", None, 4), ("Junior", None, 4), False),
    ],
)
def test_a_cluster_is_a_family_of_titles_in_a_team_and_a_week(
    one: tuple[str, str | None, int], other: tuple[str, str | None, int], same: bool
) -> None:
    keys = [cluster_key(title, unit, date(2026, 3, day)) for title, unit, day in (one, other)]
    assert (keys[0] == keys[1]) is same
