"""Fitting the quantifier: what is learned from postings of companies that the tagger was not trained on.

The tagger's probabilities are calibrated by temperature (`classifier.training.cross_validation.fit_blends`). Here
it is the quantifier that is fitted, so that intervals hold the true share as often as they promise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.arrays import Floats
from classifier.quantification.mix import Lines
from classifier.quantification.posterior import (
    LEVEL,
    TYPICAL_POSTINGS,
    Likelihoods,
    credible_interval,
    draw_balances,
    draw_counts,
    most_likely_shares,
)
from classifier.quantification.protocols import HeldOut, SampledBoard, company_boards, shifted_boards
from classifier.taxonomy import Taxonomy

FEWEST = 10
"""Postings below which means over a company's postings are not compared with those of others: a few can be odd by
chance."""

_SIZES = (20, 50, 200, 1000)
_BOARDS = 4
_DRAWS = 200
_SMALLEST, _LARGEST = 0.1, 3.0
_STEPS = 5


@dataclass(frozen=True, slots=True)
class Constants:
    """What is learned from held-out postings, with descriptions and by their titles alone.

    Attributes:
        prior: The mean probability of each role: the typical balance.
        spread: The standard deviation of the log-odds by which a company's own words lean towards a role (see
            `classifier.quantification.posterior.draw_balances`).
        least_confidence: Mean confidence that 95 % of companies exceed.
        most_unknown: Mean share of unknown words that 95 % of companies stay below.
    """

    prior: Mapping[str, float]
    spread: float
    least_confidence: float
    most_unknown: float


def fit_constants(kinds: Sequence[HeldOut], taxonomy: Taxonomy) -> Constants:
    """Learn the constants of a tagger's quantifier.

    Args:
        kinds: Out-of-fold probabilities of labelled postings, with their descriptions and by their titles alone.
        taxonomy: Groups roles into focuses, by whose shares intervals are judged.
    """
    roles = kinds[0].roles
    lines = Lines(roles, taxonomy)
    prior = np.mean([kind.probabilities.mean(axis=0) for kind in kinds], axis=0)
    confidence, unknown = np.concatenate([_company_means(kind) for kind in kinds], axis=1)
    return Constants(
        prior={role: round(float(share), 6) for role, share in zip(roles, prior, strict=True)},
        spread=_spread(kinds, np.maximum(prior, 1e-6), lines.membership[:, lines.are_focuses]),
        least_confidence=round(float(np.quantile(confidence, 0.05)), 3) if len(confidence) else 0.0,
        most_unknown=round(float(np.quantile(unknown, 0.95)), 3) if len(unknown) else 1.0,
    )


def _company_means(held: HeldOut) -> Floats:
    """Return mean confidence and mean share of unknown words of each company with at least `FEWEST` postings."""
    companies, number, sizes = np.unique(held.company, return_inverse=True, return_counts=True)
    large = sizes >= FEWEST
    return np.stack(
        [
            np.bincount(number, weights=values, minlength=len(companies))[large] / sizes[large]
            for values in (held.probabilities.max(axis=1), held.unknown)
        ]
    )


def _spread(kinds: Sequence[HeldOut], prior: Floats, focuses: Floats) -> float:
    """Return the spread at which intervals of focuses hold the true shares of a board as often as they promise."""
    sets = [(kind, boards) for kind in kinds for boards in _board_sets(kind)]

    def coverage(spread: float) -> float:
        covered = [
            np.mean([_coverage(board, kind, prior, spread, focuses) for board in boards]) for kind, boards in sets
        ]
        return float(np.mean(covered))

    return round(_root(coverage), 4)


def _board_sets(held: HeldOut) -> list[list[SampledBoard]]:
    """Return two sets of boards: of a shifted mix from one fold, and of one company.

    Boards from all folds are left out: in them what is odd about single companies cancels out, unlike on a real board.
    """
    random = np.random.default_rng(0)
    one_fold = [
        SampledBoard(board.prevalence, members[board.postings])
        for number in np.unique(held.fold)
        for members in [np.flatnonzero(held.fold == number)]
        for size in _SIZES
        for board in shifted_boards(held.truth[members], size, _BOARDS, random)
    ]
    return [boards for boards in (one_fold, list(company_boards(held, 2, random))) if boards]


def _coverage(board: SampledBoard, held: HeldOut, prior: Floats, spread: float, focuses: Floats) -> float:
    """Return the fraction of focuses whose interval holds the share on a board."""
    size, random = len(board.postings), np.random.default_rng(0)
    likelihoods = Likelihoods(held.probabilities[board.postings] / prior)
    shares = most_likely_shares(likelihoods, TYPICAL_POSTINGS * prior)
    balances = draw_balances(shares, prior, spread, random, draws=_DRAWS)
    draws = draw_counts(likelihoods, balances, random) @ focuses / size
    true = np.bincount(held.truth[board.postings], minlength=len(focuses)) @ focuses / size
    low, high = credible_interval(draws, draws.mean(axis=0), size)
    return float(np.mean((low - 1e-9 <= true) & (true <= high + 1e-9)))


def _root(coverage: Callable[[float], float]) -> float:
    """Return the smallest spread with the promised coverage, by bisection of its logarithm."""
    low, high = np.log(_SMALLEST), np.log(_LARGEST)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if coverage(float(np.exp(middle))) < LEVEL:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2))
