"""The constants of the quantifier are learned on companies that the tagger was not trained on."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.quantification.estimator import MixQuantifier
from classifier.quantification.fitting import Constants, sharpen
from tests.classifier.quantification.synthetic import ROLES, board, held_out


@pytest.fixture(scope="module")
def fitted() -> MixQuantifier:
    """Described postings are of companies that are alike, bare ones of companies that lean."""
    return MixQuantifier().fit(held_out(0), held_out(1.5))


@pytest.fixture(scope="module")
def alike(fitted: MixQuantifier) -> Constants:
    return fitted.described_


def test_companies_with_words_of_their_own_have_a_larger_dispersion(fitted: MixQuantifier) -> None:
    assert fitted.bare_.dispersion > 2 * fitted.described_.dispersion


def test_calibrated_probabilities_are_not_sharpened(alike: Constants) -> None:
    assert alike.sharpness == 1


def test_constants_are_those_of_the_companies(alike: Constants) -> None:
    held = held_out(0)
    assert alike.prior == pytest.approx(dict(zip(ROLES, held.probabilities.mean(axis=0), strict=True)), abs=1e-6)
    assert alike.most_unknown == pytest.approx(np.quantile(np.arange(30) / 100, 0.95), abs=1e-3)
    assert 0 < alike.least_confidence < held.probabilities.max(axis=1).mean()


def test_sharpened_rows_sum_to_one() -> None:
    probabilities = board([0.2] * 5, 20)[0].probabilities
    sharpened = sharpen(probabilities, 1.5)
    assert np.allclose(sharpened.sum(axis=1), 1)
    assert (sharpened.max(axis=1) >= probabilities.max(axis=1)).all()
    assert np.allclose(sharpen(probabilities, 1.0), probabilities)
