"""The constants of the mix, learned on companies that the tagger was not trained on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from classifier.arrays import Floats
from classifier.quantification.estimator import (
    FEWEST,
    LEVEL,
    TYPICAL,
    Calibration,
    Constants,
    Lines,
    draw,
    interval,
    own_shares,
    sharpened,
)
from classifier.quantification.protocols import HeldOut, SampledBoard, company_boards, shifted_boards
from classifier.taxonomy import Taxonomy

_SIZES = (100, 400)
_BOARDS = 8
_DRAWS = 200
_POWERS = (1.0, 1.15, 1.3, 1.5)
_SMALLEST, _LARGEST = 0.001, 0.2
_STEPS = 5


def calibrate(described: HeldOut, bare: HeldOut, taxonomy: Taxonomy) -> Calibration:
    """Learn the constants of both kinds of posting."""
    return Calibration(_constants(described, taxonomy), _constants(bare, taxonomy))


def _constants(held: HeldOut, taxonomy: Taxonomy) -> Constants:
    lines = Lines(held.roles, taxonomy)
    focuses = lines.membership[:, [role is None for _, role in lines.names]]
    sorts = _boards(held)
    power = min(_POWERS, key=lambda power: _error(sorts, _evidence(held, power), _prior(held, power), held, focuses))
    prior = _prior(held, power)
    confidence, unknown = _by_company(held)
    return Constants(
        sharpness=power,
        prior={role: round(float(share), 6) for role, share in zip(held.roles, prior, strict=True)},
        dispersion=_dispersion(sorts, _evidence(held, power), prior, focuses),
        least_confidence=round(float(np.quantile(confidence, 0.05)), 3) if len(confidence) else 0.0,
        most_unknown=round(float(np.quantile(unknown, 0.95)), 3) if len(unknown) else 1.0,
    )


def _by_company(held: HeldOut) -> tuple[Floats, Floats]:
    """Return the mean confidence and the mean share of unknown words of each company that is not tiny."""
    companies, number, sizes = np.unique(held.company, return_inverse=True, return_counts=True)
    large = sizes >= FEWEST
    means = (
        np.bincount(number, weights=values, minlength=len(companies))[large] / sizes[large]
        for values in (held.probabilities.max(axis=1), held.unknown)
    )
    confidence, unknown = means
    return confidence, unknown


def _boards(held: HeldOut) -> list[list[SampledBoard]]:
    """Return boards of three sorts: of a shifted mix from all folds, the same from one fold, and of one company."""
    random = np.random.default_rng(0)
    everywhere = [board for size in _SIZES for board in shifted_boards(held.truth, size, 2 * _BOARDS, random)]
    one_fold = [
        SampledBoard(board.prevalence, members[board.postings])
        for number in np.unique(held.fold)
        for members in [np.flatnonzero(held.fold == number)]
        for size in _SIZES
        for board in shifted_boards(held.truth[members], size, _BOARDS, random)
    ]
    return [sort for sort in (everywhere, one_fold, list(company_boards(held, 2, random))) if sort]


def _prior(held: HeldOut, power: float) -> Floats:
    """Return the mean probability of each role: under it, expectation maximisation over all postings stands still."""
    return np.asarray(sharpened(held.probabilities, power).mean(axis=0))


def _evidence(held: HeldOut, power: float) -> Floats:
    """Return what each posting says for each role, with a prior from the other folds; shape (postings, roles)."""
    probabilities = sharpened(held.probabilities, power)
    evidence = np.empty_like(probabilities)
    for number in np.unique(held.fold):
        own = held.fold == number
        others = ~own if len(np.unique(held.fold)) > 1 else own
        evidence[own] = probabilities[own] / np.maximum(probabilities[others].mean(axis=0), 1e-6)
    return evidence


def _error(sorts: list[list[SampledBoard]], evidence: Floats, prior: Floats, held: HeldOut, focuses: Floats) -> float:
    """Return the mean absolute error of focus shares on boards, each sort having the same say."""

    def error(board: SampledBoard) -> float:
        own = np.bincount(held.truth[board.postings], minlength=len(focuses)) / len(board.postings)
        return float(np.abs((own_shares(evidence[board.postings], TYPICAL * prior) - own) @ focuses).mean())

    return float(np.mean([np.mean([error(board) for board in sort]) for sort in sorts]))


def _dispersion(sorts: list[list[SampledBoard]], evidence: Floats, prior: Floats, focuses: Floats) -> float:
    """Return the dispersion at which intervals of focuses hold the true shares as often as they promise.

    Boards from all folds are left out: there, what companies share among themselves cancels out, which it does
    not on a real board.
    """
    own_words = sorts[1:]

    def coverage(dispersion: float) -> float:
        held = [[_covered(board, evidence, prior, focuses, dispersion) for board in sort] for sort in own_words]
        return float(np.mean([np.mean(sort) for sort in held]))

    return round(_root(coverage), 4)


def _covered(board: SampledBoard, evidence: Floats, prior: Floats, focuses: Floats, dispersion: float) -> float:
    """Return in which part of the focuses the interval of a board holds the true share."""
    own = evidence[board.postings]
    true = np.pad(board.prevalence, (0, len(focuses) - len(board.prevalence))) @ focuses
    shares = own_shares(own, TYPICAL * prior) @ focuses
    low, high = interval(draw(own, dispersion, draws=_DRAWS) @ focuses, shares, len(own))
    return float(np.mean((low <= true) & (true <= high)))


def _root(coverage: Callable[[float], float]) -> float:
    """Return the dispersion, by bisection of its logarithm, from which on the coverage is as promised."""
    low, high = np.log(_SMALLEST), np.log(_LARGEST)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if coverage(float(np.exp(middle))) < LEVEL:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2))
