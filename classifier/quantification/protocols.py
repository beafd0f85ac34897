"""Sampled boards: postings drawn from a known mix, to fit and to measure a quantifier on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from classifier.arrays import Flags, Floats, Indices

LARGE = 20
"""Postings from which on a company counts as a board of its own."""

LARGEST_SAMPLE = 400
"""The most postings that are drawn from one company."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Probabilities of one kind of posting, by taggers that were not trained on its company.

    Attributes:
        roles: The roles of the columns.
        probabilities: Shape (postings, roles).
        truth: The column of each posting's true role; shape (postings,).
        fold: The fold that it was held out in; shape (postings,).
        company: Its company; shape (postings,).
        unknown: The share of its words that the tagger does not know; shape (postings,).
    """

    roles: tuple[str, ...]
    probabilities: Floats
    truth: Indices
    fold: Indices
    company: npt.NDArray[np.str_]
    unknown: Floats

    def part(self, chosen: Flags) -> HeldOut:
        """Return some of the postings, chosen by a mask of shape (postings,)."""
        return replace(
            self,
            probabilities=self.probabilities[chosen],
            truth=self.truth[chosen],
            fold=self.fold[chosen],
            company=self.company[chosen],
            unknown=self.unknown[chosen],
        )


@dataclass(frozen=True, slots=True)
class SampledBoard:
    """Postings drawn from a known mix.

    Attributes:
        prevalence: The mix that they were drawn from; shape (roles,).
        postings: Their indices, some more than once; shape (size,).
    """

    prevalence: Floats
    postings: Indices


def shifted_boards(truth: Indices, size: int, count: int, random: np.random.Generator) -> Iterator[SampledBoard]:
    """Yield boards whose mixes are drawn uniformly from all possible ones: the artificial-prevalence protocol.

    The shares of the roles come from a flat Dirichlet distribution (Forman 2008, doi:10.1007/s10618-008-0097-y;
    for many classes, Esuli, Moreo & Sebastiani 2022). Roles are drawn by these shares, and a posting for each
    from those of its role, with replacement.

    Args:
        truth: The role of each posting, as a number; shape (postings,). Roles that do not occur are not drawn.
        size: Postings of each board.
        count: The number of boards.
        random: The source of randomness.
    """
    roles = int(truth.max()) + 1
    of_role = [np.flatnonzero(truth == role) for role in range(roles)]
    present = np.array([role for role in range(roles) if len(of_role[role])])
    for _ in range(count):
        shares = np.zeros(roles)
        shares[present] = random.dirichlet(np.ones(len(present)))
        drawn = random.choice(roles, size, p=shares)
        yield SampledBoard(shares, np.array([random.choice(of_role[role]) for role in drawn]))


def company_boards(held: HeldOut, count: int, random: np.random.Generator) -> Iterator[SampledBoard]:
    """Yield boards drawn, with replacement, from the postings of one company each.

    A board has as many postings as its company, but `LARGEST_SAMPLE` at most.

    Args:
        held: Postings; companies with fewer than `LARGE` of them are skipped.
        count: The number of boards of each company.
        random: The source of randomness.
    """
    companies, sizes = np.unique(held.company, return_counts=True)
    for company in companies[sizes >= LARGE]:
        own = np.flatnonzero(held.company == company)
        shares = np.bincount(held.truth[own], minlength=int(held.truth.max()) + 1) / len(own)
        for _ in range(count):
            yield SampledBoard(shares, random.choice(own, min(len(own), LARGEST_SAMPLE)))
