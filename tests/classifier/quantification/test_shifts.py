"""Shifts: no more false alarms than stated where openings come in batches, and real moves found."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from benchmarks.shifts import GAP, ROLES, company, naive
from classifier.quantification.shifts import LEVEL, MOVE, Postings, cluster_key, find_shifts, spent_level


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
    now = Postings({"role": [*before.categories["role"], *["b"] * 30]}, [*before.clusters, *["one batch"] * 30])
    found = find_shifts(before, now)
    assert not any(one.moved() for one in found)
    assert all(one.p is None and one.needed is None for one in found), "one batch is one observation"


def test_postings_on_both_dates_cancel() -> None:
    stayed = of({"a": 50, "b": 50}, "stay")
    assert all(one.change == 0 and one.low <= 0 <= one.high for one in find_shifts(stayed, stayed))


def test_no_posting_no_shift() -> None:
    assert find_shifts(Postings({"role": []}, []), of({"a": 3}, "x")) == []


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


def test_levels_are_tested_together() -> None:
    """A second level that says the same cannot make a difference less certain, as a factor of two would."""
    sides = of({"a": 40, "b": 20, "c": 9}, "x"), of({"a": 30, "b": 36, "c": 4}, "y")
    twice = [Postings({**side.categories, "again": side.categories["role"]}, side.clusters) for side in sides]
    alone, together = find_shifts(*sides), find_shifts(*twice)
    assert [one.level for one in together] == ["role"] * 3 + ["again"] * 3
    assert [one.p for one in together] == [one.p for one in alone] * 2


def test_a_smaller_level_leaves_less_power_and_the_same_figures() -> None:
    sides = of({"a": 60, "b": 140}, "x"), of({"a": 70, "b": 130}, "y")
    [once, *_], [weekly, *_] = find_shifts(*sides), find_shifts(*sides, level=spent_level(7))
    assert weekly.power < once.power - 0.1
    assert weekly.needed > 1.3 * once.needed  # type: ignore[operator]
    assert (weekly.low, weekly.high) == (once.low, once.high)
    assert weekly.p == pytest.approx(once.p, rel=0.3)


def test_a_smaller_level_is_reached_by_more_draws() -> None:
    sides = of({"a": 80, "b": 20}, "x"), of({"a": 30, "b": 70}, "y")
    [once, *_], [weekly, *_] = find_shifts(*sides), find_shifts(*sides, level=spent_level(7))
    assert weekly.p < spent_level(7) / 10 < once.p  # type: ignore[operator]


@pytest.mark.parametrize("days", [1, 7, 30, 91])
def test_the_levels_of_a_year_sum_to_its_budget(days: int) -> None:
    assert 365 // days * spent_level(days, budget=0.03) <= 0.03 + 1e-12
    assert (365 // days + 1) * spent_level(days, budget=0.03) > 0.03


def test_no_look_spends_more_than_the_budget_or_comes_before_the_last() -> None:
    assert spent_level(3650) == LEVEL
    with pytest.raises(ValueError, match="days"):
        spent_level(0)


@pytest.mark.parametrize("mean", [1, 3, 6])
def test_false_alarms_stay_below_one_in_twenty(mean: int) -> None:
    """A short form of ``python -m benchmarks.shifts``: at 0.05 more than 13 of 120 come by chance once in 500 times."""
    dice = np.random.default_rng(mean)
    alarms = naive_alarms = 0
    for _ in range(120):
        world = company(200, mean, dice)
        before, now = world.at(0), world.at(GAP)
        alarms += any(shift.moved() for shift in find_shifts(before, now))
        naive_alarms += bool(naive(before, now))
    assert alarms <= 13
    if mean == 6:
        assert naive_alarms > 40, "the same boards alarm whoever takes postings for independent"


def test_stated_power_is_not_above_what_simulated_companies_show() -> None:
    dice = np.random.default_rng(5)
    found = stated = 0.0
    for _ in range(120):
        same, moved = company(200, 3, dice), company(200, 3, dice, shifted=True)
        target = ROLES[moved.target]
        found += any(shift.moved() for shift in find_shifts(moved.at(0), moved.at(GAP)) if shift.category == target)
        target = ROLES[same.target]
        stated += sum(shift.power for shift in find_shifts(same.at(0), same.at(GAP)) if shift.category == target)
    assert 0.1 < stated / 120 < found / 120 + 0.05


def test_simulated_tags_rise_by_the_move() -> None:
    dice = np.random.default_rng(6)
    rises = []
    for _ in range(200):
        world = company(400, 1, dice, shifted=True)
        sides = [world.at(day).categories["role"] for day in (0, GAP)]
        shares = [side.count(ROLES[world.target]) / len(side) for side in sides]
        rises.append(shares[1] - shares[0])
    assert np.mean(rises) == pytest.approx(MOVE, abs=0.01)


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
