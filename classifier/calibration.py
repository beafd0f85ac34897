"""The constants of the mix, learned on companies that the tagger was not trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import special

from classifier.corpus import Posting, company_groups
from classifier.mix import FEWEST, LEVEL, Calibration, Constants, Lines, draw, interval, prevalence
from classifier.taxonomy import Taxonomy

if TYPE_CHECKING:
    from classifier.training import OutOfFold

_Floats = npt.NDArray[np.float64]
_Indices = npt.NDArray[np.intp]

LARGE = 20
"""Postings from which on a company counts as a board of its own."""

_SIZES = (200, 1000)
_BOARDS = 6
_DRAWS = 200
_SMALLEST, _LARGEST = 0.001, 0.2
_STEPS = 6


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
    held_out: OutOfFold, postings: Sequence[Posting], temperatures: tuple[float, float]
) -> tuple[HeldOut, HeldOut]:
    """Return the two kinds of posting: with descriptions, and the same with their titles alone.

    Args:
        held_out: From `classifier.training.out_of_fold`.
        postings: The labelled postings that it is about.
        temperatures: What the scores of each kind are divided by.
    """
    truth = np.array([held_out.roles.index(posting["role"]) for posting in postings])
    company = np.array(company_groups(postings))
    described, bare = (
        HeldOut(
            held_out.roles,
            special.softmax(scores / temperature, axis=1),
            truth,
            held_out.fold,
            company,
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
    """Yield boards drawn, with replacement, from the postings of one company each, as many as it has.

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
            yield Board(shares, random.choice(own, len(own)))


def prior_of(probabilities: _Floats) -> _Floats:
    """Return the prior that is in a tagger's probabilities, which the weights of rare roles shift; shape (roles,).

    That is their mean over held-out postings: under it, expectation maximisation over those very postings stands
    still.
    """
    return np.asarray(probabilities.mean(axis=0))


def _constants(held: HeldOut, taxonomy: Taxonomy) -> Constants:
    prior = prior_of(held.probabilities)
    confidence, unknown = _by_company(held)
    return Constants(
        prior={role: round(float(share), 6) for role, share in zip(held.roles, prior, strict=True)},
        dispersion=_dispersion(held, taxonomy),
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


def _dispersion(held: HeldOut, taxonomy: Taxonomy) -> float:
    """Return the dispersion at which intervals of focuses hold the true shares as often as they promise.

    Two sorts of boards have the same say: boards of a shifted mix, each of one fold's postings, and boards of
    one company. The prior that judges a fold comes from the other folds.
    """
    evidence = np.empty_like(held.probabilities)
    random = np.random.default_rng(0)
    shifted: list[Board] = []
    for number in np.unique(held.fold):
        own = held.fold == number
        evidence[own] = held.probabilities[own] / np.maximum(prior_of(held.probabilities[~own]), 1e-6)
        members = np.flatnonzero(own)
        for size in _SIZES:
            for board in shifted_boards(held.truth[own], size, _BOARDS, random):
                shifted.append(Board(board.prevalence, members[board.postings]))
    sorts = [shifted, list(company_boards(held, 2, random))]
    lines = Lines(held.roles, taxonomy)

    def coverage(dispersion: float) -> float:
        return float(
            np.mean(
                [np.mean([covered(board, evidence, lines, dispersion) for board in sort]) for sort in sorts if sort]
            )
        )

    return round(_root(coverage), 4)


def covered(board: Board, evidence: _Floats, lines: Lines, dispersion: float) -> float:
    """Return in which part of the focuses the interval of a board holds the true share."""
    focuses = lines.membership[:, [role is None for _, role in lines.names]]
    own = evidence[board.postings]
    true = np.pad(board.prevalence, (0, len(focuses) - len(board.prevalence))) @ focuses
    low, high = interval(draw(own, dispersion, draws=_DRAWS) @ focuses, prevalence(own) @ focuses, len(own))
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
