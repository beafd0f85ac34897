"""The constants of the mix, learned on companies that the tagger was not trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import special

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
from classifier.taxonomy import Taxonomy

if TYPE_CHECKING:
    from classifier.training.examples import Examples
    from classifier.training.train import OutOfFold

_Floats = npt.NDArray[np.float64]
_Indices = npt.NDArray[np.intp]

LARGE = 20
"""Postings from which on a company counts as a board of its own."""

_SIZES = (100, 400)
_BOARDS = 8
_DRAWS = 200
_POWERS = (1.0, 1.15, 1.3, 1.5)
_SMALLEST, _LARGEST = 0.001, 0.2
_STEPS = 5


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What taggers say about one kind of posting of companies that they were not trained on.

    Attributes:
        roles: The roles of the columns.
        probabilities: Shape (postings, roles).
        truth: The column of each posting's role; shape (postings,).
        fold: The fold that it was held out in; shape (postings,).
        company: Its company; shape (postings,).
        unknown: The share of its words that the tagger does not know; shape (postings,).
    """

    roles: tuple[str, ...]
    probabilities: _Floats
    truth: _Indices
    fold: _Indices
    company: npt.NDArray[np.str_]
    unknown: _Floats

    def part(self, chosen: npt.NDArray[np.bool_]) -> HeldOut:
        """Return some of the postings."""
        return replace(
            self,
            probabilities=self.probabilities[chosen],
            truth=self.truth[chosen],
            fold=self.fold[chosen],
            company=self.company[chosen],
            unknown=self.unknown[chosen],
        )


@dataclass(frozen=True, slots=True)
class Board:
    """Postings drawn from a known mix.

    Attributes:
        prevalence: The mix that they were drawn from; shape (roles,).
        postings: Their indices, some more than once; shape (size,).
    """

    prevalence: _Floats
    postings: _Indices


def held_out_kinds(
    held_out: OutOfFold, examples: Examples, temperatures: tuple[float, float]
) -> tuple[HeldOut, HeldOut]:
    """Return the two kinds of posting: with descriptions, and the same with their titles alone.

    Args:
        held_out: From `classifier.training.train.out_of_fold`.
        examples: The labelled postings that it is about.
        temperatures: What the scores of each kind are divided by.
    """
    truth = np.searchsorted(held_out.roles, examples.roles)
    described, bare = (
        HeldOut(
            held_out.roles,
            special.softmax(scores / temperature, axis=1),
            truth,
            held_out.fold,
            examples.companies,
            unknown,
        )
        for scores, unknown, temperature in (
            (held_out.scores, held_out.unknown, temperatures[0]),
            (held_out.title_scores, held_out.title_unknown, temperatures[1]),
        )
    )
    return described, bare


def calibrate(described: HeldOut, bare: HeldOut, taxonomy: Taxonomy) -> Calibration:
    """Learn the constants of both kinds of posting."""
    return Calibration(_constants(described, taxonomy), _constants(bare, taxonomy))


def shifted_boards(truth: _Indices, size: int, count: int, random: np.random.Generator) -> Iterator[Board]:
    """Yield boards of a size whose mixes are drawn evenly from all there can be (artificial prevalence protocol).

    The shares of the roles come from a flat Dirichlet distribution (Forman 2008 and, for many classes, Esuli,
    Moreo & Sebastiani 2022); roles are drawn by these shares, and a posting for each from those of its role, with
    replacement.

    Args:
        truth: The role of each posting, as a number; shape (postings,). Roles that do not occur are not drawn.
        size: Postings of a board.
        count: How many boards.
        random: Where chance comes from.
    """
    roles = int(truth.max()) + 1
    of_role = [np.flatnonzero(truth == role) for role in range(roles)]
    present = np.array([role for role in range(roles) if len(of_role[role])])
    for _ in range(count):
        shares = np.zeros(roles)
        shares[present] = random.dirichlet(np.ones(len(present)))
        drawn = random.choice(roles, size, p=shares)
        yield Board(shares, np.array([random.choice(of_role[role]) for role in drawn]))


def company_boards(held: HeldOut, count: int, random: np.random.Generator) -> Iterator[Board]:
    """Yield boards drawn, with replacement, from the postings of one company each: as many as it has, 400 at most.

    Args:
        held: Postings; companies with fewer than `LARGE` of them are left out.
        count: How many boards of each company.
        random: Where chance comes from.
    """
    companies, sizes = np.unique(held.company, return_counts=True)
    for company in companies[sizes >= LARGE]:
        own = np.flatnonzero(held.company == company)
        shares = np.bincount(held.truth[own], minlength=int(held.truth.max()) + 1) / len(own)
        for _ in range(count):
            yield Board(shares, random.choice(own, min(len(own), max(_SIZES))))


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


def _by_company(held: HeldOut) -> tuple[_Floats, _Floats]:
    """Return the mean confidence and the mean share of unknown words of each company that is not tiny."""
    companies, number, sizes = np.unique(held.company, return_inverse=True, return_counts=True)
    large = sizes >= FEWEST
    means = (
        np.bincount(number, weights=values, minlength=len(companies))[large] / sizes[large]
        for values in (held.probabilities.max(axis=1), held.unknown)
    )
    confidence, unknown = means
    return confidence, unknown


def _boards(held: HeldOut) -> list[list[Board]]:
    """Return boards of three sorts: of a shifted mix from all folds, the same from one fold, and of one company."""
    random = np.random.default_rng(0)
    everywhere = [board for size in _SIZES for board in shifted_boards(held.truth, size, 2 * _BOARDS, random)]
    one_fold = [
        Board(board.prevalence, members[board.postings])
        for number in np.unique(held.fold)
        for members in [np.flatnonzero(held.fold == number)]
        for size in _SIZES
        for board in shifted_boards(held.truth[members], size, _BOARDS, random)
    ]
    return [sort for sort in (everywhere, one_fold, list(company_boards(held, 2, random))) if sort]


def _prior(held: HeldOut, power: float) -> _Floats:
    """Return the mean probability of each role: under it, expectation maximisation over all postings stands still."""
    return np.asarray(sharpened(held.probabilities, power).mean(axis=0))


def _evidence(held: HeldOut, power: float) -> _Floats:
    """Return what each posting says for each role, with a prior from the other folds; shape (postings, roles)."""
    probabilities = sharpened(held.probabilities, power)
    evidence = np.empty_like(probabilities)
    for number in np.unique(held.fold):
        own = held.fold == number
        others = ~own if len(np.unique(held.fold)) > 1 else own
        evidence[own] = probabilities[own] / np.maximum(probabilities[others].mean(axis=0), 1e-6)
    return evidence


def _error(sorts: list[list[Board]], evidence: _Floats, prior: _Floats, held: HeldOut, focuses: _Floats) -> float:
    """Return the mean absolute error of focus shares on boards, each sort having the same say."""

    def error(board: Board) -> float:
        own = np.bincount(held.truth[board.postings], minlength=len(focuses)) / len(board.postings)
        return float(np.abs((own_shares(evidence[board.postings], TYPICAL * prior) - own) @ focuses).mean())

    return float(np.mean([np.mean([error(board) for board in sort]) for sort in sorts]))


def _dispersion(sorts: list[list[Board]], evidence: _Floats, prior: _Floats, focuses: _Floats) -> float:
    """Return the dispersion at which intervals of focuses hold the true shares as often as they promise.

    Boards from all folds are left out: there, what companies share among themselves cancels out, which it does
    not on a real board.
    """
    own_words = sorts[1:]

    def coverage(dispersion: float) -> float:
        held = [[_covered(board, evidence, prior, focuses, dispersion) for board in sort] for sort in own_words]
        return float(np.mean([np.mean(sort) for sort in held]))

    return round(_root(coverage), 4)


def _covered(board: Board, evidence: _Floats, prior: _Floats, focuses: _Floats, dispersion: float) -> float:
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
