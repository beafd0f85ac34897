"""Title and description are blended by how much the description tells, and so are the temperatures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.model.blend import Blend
from classifier.model.linear import log_probabilities

BLENDS = st.builds(Blend, st.floats(0.1, 100), st.floats(0.2, 5), st.floats(0.2, 5))
AMOUNTS = np.array([0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 200.0])


@given(BLENDS)
def test_description_weighs_more_the_more_it_tells(blend: Blend) -> None:
    weights = blend.weights(AMOUNTS)
    assert weights[0] == 0
    assert (np.diff(weights) > 0).all()
    assert ((weights >= 0) & (weights < 1)).all()
    assert blend.weights(np.array([1e9]))[0] == pytest.approx(1, abs=1e-6)


def test_both_layers_weigh_the_same_halfway() -> None:
    assert Blend(halfway=5.0).weights(np.array([5.0])).tolist() == [0.5]


@given(BLENDS)
def test_temperature_is_between_its_ends(blend: Blend) -> None:
    temperatures = blend.temperatures(blend.weights(AMOUNTS))
    low, high = sorted((blend.title_temperature, blend.temperature))
    assert ((low - 1e-9 <= temperatures) & (temperatures <= high + 1e-9)).all()
    steps = np.diff(temperatures) * (1 if blend.temperature >= blend.title_temperature else -1)
    assert (steps >= -1e-12).all()
    assert blend.temperatures(np.array([0.0, 1.0])) == pytest.approx([blend.title_temperature, blend.temperature])


@given(BLENDS, st.integers(0, 1000))
def test_without_text_scores_are_those_of_the_title(blend: Blend, seed: int) -> None:
    title, whole = np.random.default_rng(seed).normal(-1, 1, (2, 4, 3))
    scores = blend.scores(title, whole, np.zeros(4))
    assert scores == pytest.approx(log_probabilities(title) / blend.title_temperature)
    assert np.array_equal(scores, blend.scores(title, whole * 3, np.zeros(4)))


@given(BLENDS, st.integers(0, 1000))
def test_with_endless_text_scores_are_those_of_all_columns(blend: Blend, seed: int) -> None:
    title, whole = np.random.default_rng(seed).normal(-1, 1, (2, 4, 3))
    scores = blend.scores(title, whole, np.full(4, 1e12))
    assert scores == pytest.approx(log_probabilities(whole) / blend.temperature, rel=1e-6)


def test_each_posting_has_its_own_amount() -> None:
    title, whole = np.random.default_rng(0).normal(-1, 1, (2, 3, 4))
    blend = Blend(4.0, 2.0, 0.5)
    amounts = np.array([0.0, 4.0, 40.0])
    for number in range(3):
        one = slice(number, number + 1)
        alone = blend.scores(title[one], whole[one], amounts[one])
        assert np.array_equal(blend.scores(title, whole, amounts)[one], alone)


def test_layers_that_agree_agree_at_every_amount() -> None:
    margins = np.random.default_rng(0).normal(-1, 1, (1, 4)).repeat(len(AMOUNTS), axis=0)
    scores = Blend().scores(margins, margins, AMOUNTS)
    assert scores == pytest.approx(log_probabilities(margins))
