"""Synthetic boards: postings of known roles, and what a perfectly calibrated tagger would make of them."""

from __future__ import annotations

import numpy as np

from classifier.arrays import Indices
from classifier.quantification.estimator import MixQuantifier
from classifier.quantification.fitting import Constants
from classifier.quantification.mix import ScoredPostings
from classifier.quantification.protocols import HeldOut

ROLES = ("compute", "training-data", "product-management", "model-research", "software")
"""One of each focus."""
PRIOR = np.array([0.1, 0.05, 0.05, 0.1, 0.7])
"""The balance that the tagger was trained on."""
SHIFTED = [0.3, 0.2, 0.2, 0.2, 0.1]
"""Another balance."""


def constants(**changes: object) -> Constants:
    values = {
        "prior": dict(zip(ROLES, PRIOR.tolist(), strict=True)),
        "spread": 0.0,
        "least_confidence": 0.0,
        "most_unknown": 1.0,
    }
    return Constants(**(values | changes))  # type: ignore[arg-type]


def quantifier_with(**changes: object) -> MixQuantifier:
    made = MixQuantifier()
    made.constants_ = constants(**changes)
    return made


def score(truth: Indices, random: np.random.Generator, shift: float = 0.0) -> ScoredPostings:
    """What a perfectly calibrated tagger predicts: the posterior under `PRIOR` of a noisy look at each posting.

    A shift makes what it sees of all these postings lean towards the first role, as a company's own words may.
    """
    seen = np.eye(len(ROLES))[truth] * 2 + random.normal(size=(len(truth), len(ROLES)))
    seen[:, 0] += shift
    weights = PRIOR * np.exp(2 * seen)
    probabilities = weights / weights.sum(axis=1, keepdims=True)
    return ScoredPostings(ROLES, probabilities)


def certain(truth: Indices) -> ScoredPostings:
    """What a tagger that is always right and never in doubt predicts."""
    return ScoredPostings(ROLES, np.eye(len(ROLES))[truth])


def board(shares: list[float], size: int, seed: int = 0) -> tuple[ScoredPostings, Indices]:
    """A board drawn from a mix, and the true roles of its postings."""
    random = np.random.default_rng(seed)
    truth = random.choice(len(ROLES), size, p=shares)
    return score(truth, random), truth


def held_out(shift: float) -> HeldOut:
    """Postings of 30 companies in three folds, each of which leans its own way."""
    random = np.random.default_rng(7)
    truth = random.choice(len(ROLES), (30, 40), p=PRIOR)
    probabilities = [
        score(own, random, lean).probabilities for own, lean in zip(truth, random.normal(size=30) * shift, strict=True)
    ]
    return HeldOut(
        ROLES,
        np.concatenate(probabilities),
        truth.ravel(),
        np.repeat(np.arange(30) % 3, 40),
        np.repeat([f"Firma {number}" for number in range(30)], 40),
        np.repeat(np.arange(30) / 100, 40),
    )
