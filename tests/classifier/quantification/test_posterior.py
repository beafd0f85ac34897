"""Shares drawn from their posterior centre on the most likely ones, and their intervals hold the estimate."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.quantification.posterior import (
    Likelihoods,
    credible_interval,
    draw_shares,
    expected_shares,
    most_likely_shares,
)
from tests.classifier.quantification.synthetic import PRIOR, ROLES, SHIFTED, board


def likelihoods(size: int) -> Likelihoods:
    scored, _ = board(SHIFTED, size)
    return Likelihoods(scored.probabilities / PRIOR)


def test_draws_centre_on_the_most_likely_shares() -> None:
    found = likelihoods(500)
    draws = draw_shares(found, draws=2000)
    assert draws.shape == (2000, len(ROLES))
    assert np.allclose(draws.sum(axis=1), 1)
    assert np.abs(draws.mean(axis=0) - most_likely_shares(found)).max() < 0.01


def test_the_seed_decides_the_draws() -> None:
    found = likelihoods(30)
    first, again, other = (draw_shares(found, draws=20, random_state=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_pseudo_counts_shrink_the_most_likely_shares_towards_their_balance() -> None:
    found = likelihoods(30)
    plain = most_likely_shares(found)
    shrunk = most_likely_shares(found, 1e6 * PRIOR)
    assert np.abs(shrunk - PRIOR).max() < 1e-3 < np.abs(plain - PRIOR).max()


def test_postings_of_known_roles_count_as_they_are() -> None:
    certain = Likelihoods(np.zeros((0, 2)), np.array([30.0, 10.0]))
    assert expected_shares(certain, np.array([10.0, 10.0])) == pytest.approx([0.75, 0.25])
    assert most_likely_shares(certain, 0.0) == pytest.approx([0.75, 0.25])


def test_dispersion_widens_the_draws_of_known_roles_by_the_design_effect() -> None:
    counts = np.array([3000.0, 1000.0])
    spread = [
        draw_shares(Likelihoods(np.zeros((0, 2)), counts, dispersion=dispersion), draws=4000).std(axis=0)[0]
        for dispersion in (0.0, 0.01)
    ]
    # 4000 postings weigh as much as 4000 / (1 + 40): the standard deviation grows by the root of 41.
    assert spread[1] / spread[0] == pytest.approx(np.sqrt(41), rel=0.1)


def test_interval_holds_the_estimate_and_less_than_half_a_posting_is_none() -> None:
    draws = np.linspace(0.02, 0.5, 1001)[:, np.newaxis]
    low, high = credible_interval(draws, np.array([0.01]), 10)
    assert (low[0], high[0]) == (0, pytest.approx(0.488, abs=1e-3))
    low, high = credible_interval(draws, np.array([0.6]), 1000)
    assert (low[0], high[0]) == (pytest.approx(0.032, abs=1e-3), 0.6)
    low, _ = credible_interval(draws, np.array([0.01]), 1000)
    assert low[0] == 0.01
