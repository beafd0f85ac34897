"""Draws centre between the typical balance and the most likely shares, and intervals hold the estimate."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.quantification.posterior import (
    Likelihoods,
    credible_interval,
    draw_balances,
    draw_counts,
    draw_shares,
    expected_counts,
    most_likely_shares,
)
from tests.classifier.quantification.synthetic import PRIOR, ROLES, SHIFTED, board


def likelihoods(size: int) -> Likelihoods:
    scored, _ = board(SHIFTED, size)
    return Likelihoods(scored.probabilities / PRIOR)


def counts(found: Likelihoods, spread: float = 0.0, draws: int = 2000, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    return draw_counts(found, draw_balances(most_likely_shares(found), PRIOR, spread, random, draws=draws), random)


def test_most_likely_shares_are_those_that_the_board_is_drawn_from() -> None:
    assert np.abs(most_likely_shares(likelihoods(5000)) - SHIFTED).max() < 0.02


def test_most_likely_shares_explain_themselves() -> None:
    found = likelihoods(300)
    shares = most_likely_shares(found)
    assert np.allclose(expected_counts(found, shares) / 300, shares, atol=1e-4)


def test_draws_lie_between_the_typical_balance_and_the_most_likely_one() -> None:
    found = likelihoods(500)
    drawn = counts(found)
    assert drawn.shape == (2000, len(ROLES))
    assert np.allclose(drawn.sum(axis=1), 500)
    typical, most_likely = (expected_counts(found, shares) / 500 for shares in (PRIOR, most_likely_shares(found)))
    low, high = np.minimum(typical, most_likely), np.maximum(typical, most_likely)
    mean = drawn.mean(axis=0) / 500
    assert ((low - 0.005 <= mean) & (mean <= high + 0.005)).all()


def test_words_of_its_own_make_a_board_uncertain_whatever_its_size() -> None:
    def deviation(size: int, spread: float) -> float:
        return float(counts(likelihoods(size), spread, 400)[:, 0].std() / size)

    assert deviation(3000, 1.0) == pytest.approx(deviation(1000, 1.0), rel=0.2)
    assert deviation(1000, 1.0) > 2 * deviation(1000, 0.0)


def test_the_seed_decides_the_draws() -> None:
    first, again, other = (counts(likelihoods(30), 0.5, 20, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_pseudo_counts_shrink_the_most_likely_shares_towards_their_balance() -> None:
    found = likelihoods(30)
    plain = most_likely_shares(found)
    shrunk = most_likely_shares(found, 1e6 * PRIOR)
    assert np.abs(shrunk - PRIOR).max() < 1e-3 < np.abs(plain - PRIOR).max()


def test_postings_of_known_roles_count_as_they_are() -> None:
    known = Likelihoods(np.zeros((0, 2)), np.array([30.0, 10.0]))
    typical = np.array([0.5, 0.5])
    assert most_likely_shares(known, 0.0) == pytest.approx([0.75, 0.25])
    random = np.random.default_rng(0)
    assert (draw_counts(known, draw_balances(typical, typical, 1.0, random), random) == [30, 10]).all()


def test_groups_of_a_company_have_the_same_words() -> None:
    shares = np.array([SHIFTED, PRIOR])
    groups = draw_balances(shares, PRIOR, 1.0, np.random.default_rng(0), draws=50)
    assert groups.shape == (2, 50, len(ROLES))
    alone = draw_balances(shares[1], PRIOR, 1.0, np.random.default_rng(0), draws=50)
    assert np.allclose(groups[1], alone)


def test_shares_of_what_is_hired_vary_as_a_sample_does() -> None:
    drawn = draw_shares(np.tile([300.0, 100.0], (4000, 1)), np.random.default_rng(0))
    assert np.allclose(drawn.sum(axis=1), 1)
    assert drawn.mean(axis=0) == pytest.approx([0.75, 0.25], abs=0.01)
    assert drawn.std(axis=0)[0] == pytest.approx(np.sqrt(0.75 * 0.25 / 400), rel=0.1)


def test_interval_holds_the_estimate_and_less_than_half_a_posting_is_none() -> None:
    draws = np.linspace(0.02, 0.5, 1001)[:, np.newaxis]
    low, high = credible_interval(draws, np.array([0.01]), 10)
    assert (low[0], high[0]) == (0, pytest.approx(0.488, abs=1e-3))
    low, high = credible_interval(draws, np.array([0.6]), 1000)
    assert (low[0], high[0]) == (pytest.approx(0.032, abs=1e-3), 0.6)
    low, _ = credible_interval(draws, np.array([0.01]), 1000)
    assert low[0] == 0.01
