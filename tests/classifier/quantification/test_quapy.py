"""quapy's expectation maximisation is the same as ours, and a mix is better than it where companies lean."""

from __future__ import annotations

import numpy as np
import pytest
from quapy.method.aggregative import EMQ

from classifier.arrays import Floats
from classifier.quantification.mix import ScoredPostings
from classifier.quantification.posterior import Likelihoods, most_likely_shares
from tests.classifier.quantification.synthetic import PRIOR, ROLES, SHIFTED, board, quantifier_with, score


def saerens(scored: ScoredPostings) -> Floats:
    shares, _ = EMQ.EM(PRIOR, scored.probabilities, epsilon=1e-8)
    return np.asarray(shares)


@pytest.mark.parametrize("size", [20, 200, 1000])
def test_most_likely_shares_are_those_of_quapy(size: int) -> None:
    scored, _ = board(SHIFTED, size)
    assert most_likely_shares(Likelihoods(scored.probabilities / PRIOR)) == pytest.approx(saerens(scored), abs=1e-3)


def test_a_company_that_leans_misleads_a_mix_less_than_quapy() -> None:
    random = np.random.default_rng(0)
    errors = []
    for lean in random.normal(size=20):
        truth = random.choice(len(ROLES), 100, p=PRIOR)
        scored = score(truth, random, 1.5 * lean)
        true = np.bincount(truth, minlength=len(ROLES)) / len(truth)
        errors.append([np.abs(found - true).sum() for found in (quantifier_with().shares(scored), saerens(scored))])
    ours, theirs = np.mean(errors, axis=0)
    assert ours < 0.8 * theirs
