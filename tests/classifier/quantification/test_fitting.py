"""The constants of the quantifier are learned on companies that the tagger was not trained on."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.quantification.estimator import MixQuantifier
from tests.classifier.quantification.synthetic import ROLES, held_out


@pytest.fixture(scope="module")
def alike() -> MixQuantifier:
    """Fitted on companies that are alike."""
    return MixQuantifier().fit(held_out(0))


def test_companies_with_words_of_their_own_have_a_larger_spread(alike: MixQuantifier) -> None:
    leaning = MixQuantifier().fit(held_out(1.5))
    assert leaning.constants_.spread > 1.5 * alike.constants_.spread


def test_constants_are_those_of_the_companies(alike: MixQuantifier) -> None:
    held, found = held_out(0), alike.constants_
    assert found.prior == pytest.approx(dict(zip(ROLES, held.probabilities.mean(axis=0), strict=True)), abs=1e-6)
    assert found.most_unknown == pytest.approx(np.quantile(np.arange(30) / 100, 0.95), abs=1e-3)
    assert 0 < found.least_confidence < held.probabilities.max(axis=1).mean()


def test_several_kinds_of_posting_weigh_the_same() -> None:
    kinds = held_out(0), held_out(1.5).part(np.arange(1200) < 600)
    found = MixQuantifier().fit(*kinds).constants_
    means = np.mean([kind.probabilities.mean(axis=0) for kind in kinds], axis=0)
    assert found.prior == pytest.approx(dict(zip(ROLES, means, strict=True)), abs=1e-6)
