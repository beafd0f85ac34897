"""Fitting the quantifier: what is learned about one kind of posting from companies that the tagger was not trained on.

The tagger's probabilities are calibrated by temperature (`classifier.training.cross_validation.best_temperature`). Here
it is the quantifier that is fitted, so that shares are as right as possible and intervals hold the true share as often
as they promise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from classifier.arrays import Floats
from classifier.quantification.mix import Lines
from classifier.quantification.posterior import LEVEL, Likelihoods, credible_interval, draw_shares, expected_shares
from classifier.quantification.protocols import (
    LARGEST_SAMPLE,
    HeldOut,
    SampledBoard,
    company_boards,
    shifted_boards,
)
from classifier.taxonomy import Taxonomy

TYPICAL_POSTINGS = 20.0
"""Pseudo-counts in the typical balance of roles, summed over the roles, that shrink an estimate; chosen on held-out
companies. Fewer follow one company's odd words too far, more do not follow a board that is unlike the others."""

FEWEST = 10
"""Postings below which means over a company's postings are not compared with those of others: a few can be odd by
chance."""

_SIZES = (100, LARGEST_SAMPLE)
_BOARDS = 8
_DRAWS = 200
_POWERS = (1.0, 1.15, 1.3, 1.5)
_SMALLEST, _LARGEST = 0.001, 0.2
_STEPS = 5


@dataclass(frozen=True, slots=True)
class Constants:
    """What is learned about one kind of posting.

    Attributes:
        sharpness: The power that probabilities are raised to. Probabilities that are calibrated on average move
            expectation maximisation too far on a single company.
        prior: The mean probability of each role, so raised.
        dispersion: The intraclass correlation of errors within a company (see
            `classifier.quantification.posterior.Likelihoods`); 0 for none.
        least_confidence: Mean confidence that 95 % of companies exceed.
        most_unknown: Mean share of unknown words that 95 % of companies stay below.
    """

    sharpness: float
    prior: Mapping[str, float]
    dispersion: float
    least_confidence: float
    most_unknown: float


def fit_constants(held: HeldOut, taxonomy: Taxonomy) -> Constants:
    """Learn the constants of one kind of posting.

    Args:
        held: Out-of-fold probabilities of labelled postings.
        taxonomy: Groups roles into focuses, whose shares errors and intervals are judged by.
    """
    lines = Lines(held.roles, taxonomy)
    focuses = lines.membership[:, lines.are_focuses]
    sets = _board_sets(held)
    power = min(_POWERS, key=lambda power: _error(sets, _likelihoods(held, power), _prior(held, power), held, focuses))
    prior = _prior(held, power)
    confidence, unknown = _company_means(held)
    return Constants(
        sharpness=power,
        prior={role: round(float(share), 6) for role, share in zip(held.roles, prior, strict=True)},
        dispersion=_dispersion(sets, _likelihoods(held, power), prior, focuses),
        least_confidence=round(float(np.quantile(confidence, 0.05)), 3) if len(confidence) else 0.0,
        most_unknown=round(float(np.quantile(unknown, 0.95)), 3) if len(unknown) else 1.0,
    )


def sharpen(probabilities: Floats, power: float | Floats) -> Floats:
    """Return probabilities raised to a power and scaled so that each row sums to 1; shape (postings, roles)."""
    raised = probabilities**power
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _company_means(held: HeldOut) -> tuple[Floats, Floats]:
    """Return mean confidence and mean share of unknown words of each company with at least `FEWEST` postings."""
    companies, number, sizes = np.unique(held.company, return_inverse=True, return_counts=True)
    large = sizes >= FEWEST
    means = (
        np.bincount(number, weights=values, minlength=len(companies))[large] / sizes[large]
        for values in (held.probabilities.max(axis=1), held.unknown)
    )
    confidence, unknown = means
    return confidence, unknown


def _board_sets(held: HeldOut) -> list[list[SampledBoard]]:
    """Return three sets of boards: of a shifted mix from all folds, the same from one fold, and of one company."""
    random = np.random.default_rng(0)
    all_folds = [board for size in _SIZES for board in shifted_boards(held.truth, size, 2 * _BOARDS, random)]
    one_fold = [
        SampledBoard(board.prevalence, members[board.postings])
        for number in np.unique(held.fold)
        for members in [np.flatnonzero(held.fold == number)]
        for size in _SIZES
        for board in shifted_boards(held.truth[members], size, _BOARDS, random)
    ]
    return [boards for boards in (all_folds, one_fold, list(company_boards(held, 2, random))) if boards]


def _prior(held: HeldOut, power: float) -> Floats:
    """Return the mean probability of each role: with it, expectation maximisation over all postings stands still."""
    return np.asarray(sharpen(held.probabilities, power).mean(axis=0))


def _likelihoods(held: HeldOut, power: float) -> Floats:
    """Return each posting's likelihood under each role, with the prior of the other folds; shape (postings, roles)."""
    probabilities = sharpen(held.probabilities, power)
    likelihoods = np.empty_like(probabilities)
    for number in np.unique(held.fold):
        own = held.fold == number
        others = ~own if len(np.unique(held.fold)) > 1 else own
        likelihoods[own] = probabilities[own] / np.maximum(probabilities[others].mean(axis=0), 1e-6)
    return likelihoods


def _error(sets: list[list[SampledBoard]], likelihoods: Floats, prior: Floats, held: HeldOut, focuses: Floats) -> float:
    """Return the mean absolute error of focus shares on boards, each set weighing the same."""

    def error(board: SampledBoard) -> float:
        own = np.bincount(held.truth[board.postings], minlength=len(focuses)) / len(board.postings)
        found = expected_shares(Likelihoods(likelihoods[board.postings]), TYPICAL_POSTINGS * prior)
        return float(np.abs((found - own) @ focuses).mean())

    return float(np.mean([np.mean([error(board) for board in boards]) for boards in sets]))


def _dispersion(sets: list[list[SampledBoard]], likelihoods: Floats, prior: Floats, focuses: Floats) -> float:
    """Return the dispersion at which intervals of focuses hold the true shares as often as they promise.

    Boards from all folds are left out: in them what is odd about single companies cancels out, unlike on a real board.
    """

    def coverage(dispersion: float) -> float:
        covered = [
            [
                _coverage(board, Likelihoods(likelihoods[board.postings], dispersion=dispersion), prior, focuses)
                for board in boards
            ]
            for boards in sets[1:]
        ]
        return float(np.mean([np.mean(of_set) for of_set in covered]))

    return round(_root(coverage), 4)


def _coverage(board: SampledBoard, likelihoods: Likelihoods, prior: Floats, focuses: Floats) -> float:
    """Return the fraction of focuses whose interval on a board holds the share that the board was drawn from."""
    true = np.pad(board.prevalence, (0, len(focuses) - len(board.prevalence))) @ focuses
    shares = expected_shares(likelihoods, TYPICAL_POSTINGS * prior) @ focuses
    low, high = credible_interval(draw_shares(likelihoods, draws=_DRAWS) @ focuses, shares, len(board.postings))
    return float(np.mean((low <= true) & (true <= high)))


def _root(coverage: Callable[[float], float]) -> float:
    """Return the smallest dispersion with the promised coverage, by bisection of its logarithm."""
    low, high = np.log(_SMALLEST), np.log(_LARGEST)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if coverage(float(np.exp(middle))) < LEVEL:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2))
