"""A change is beyond the noise only where postings that closed or opened show one."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from classifier.arrays import Indices
from classifier.quantification.change import Group, draw_differences
from classifier.quantification.mix import MixError, ScoredPostings, ShareChange
from classifier.quantification.posterior import DRAWS, Likelihoods
from tests.classifier.quantification.synthetic import ROLES, SHIFTED, board, quantifier_with, score


def changes(before: Indices, now: Indices, stayed: int, seed: int = 0) -> list[bool]:
    """Whether each focus moved beyond the noise, where the first so many of both are the same postings."""
    random = np.random.default_rng(seed)
    kept = score(before[:stayed], random).probabilities
    sides: list[ScoredPostings] = [
        dataclasses.replace(rest, probabilities=np.concatenate([kept, rest.probabilities]))
        for rest in (score(side[stayed:], random) for side in (before, now))
    ]
    flags = tuple(np.arange(len(side)) < stayed for side in (before, now))
    found = quantifier_with(spread=0.5).change(sides[0], sides[1], (flags[0], flags[1]))
    return [change.beyond_noise for (_, role), change in found.items() if role is None]


def test_nothing_opened_and_nothing_closed_is_no_change() -> None:
    truth = np.array([0, 1, 2, 3, 4] * 8)
    assert not any(changes(truth, truth, len(truth)))


def test_one_posting_is_noise_and_many_are_not() -> None:
    before = np.array([4] * 20)
    assert not any(changes(before, np.append(before, 2), 20))
    assert changes(before, np.append(before, [2] * 20), 20) == [False, False, True, False, True]


def test_chance_alone_seldom_looks_like_a_change() -> None:
    random = np.random.default_rng(5)
    alarms: list[bool] = []
    for seed in range(60):
        shares = random.dirichlet(np.ones(len(ROLES)))
        before, now = random.choice(len(ROLES), (2, 50), p=shares)
        alarms += changes(before, np.concatenate([before[:40], now[40:]]), 40, seed)
    assert np.mean(alarms) <= 0.05


def test_a_day_without_postings_has_no_change() -> None:
    some, _ = board(SHIFTED, 5)
    none = some.part(np.zeros(5, dtype=bool))
    with pytest.raises(MixError, match="no postings"):
        quantifier_with().change(none, some, ([], [False] * 5))


def test_what_stayed_cancels_out() -> None:
    stayed = Group(30, Likelihoods(np.ones((30, 2))))
    nothing = Group(0, Likelihoods(np.ones((0, 2))))
    found = draw_differences(nothing, stayed, nothing, np.array([0.5, 0.5]), 1.0)
    assert np.array_equal(found, np.zeros((DRAWS, 2)))


def test_beyond_noise_is_an_interval_without_zero() -> None:
    assert [ShareChange(*ends).beyond_noise for ends in ((0.1, 0.2), (-0.2, -0.1), (-0.1, 0.2), (0.0, 0.2))] == [
        True,
        True,
        False,
        False,
    ]
