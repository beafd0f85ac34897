"""Shares of roles under prior shift: the most likely ones, and draws of a board's counts that a tagger leaves open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.arrays import Floats

LEVEL = 0.95
"""The probability of a credible interval."""

TAILS = (1 - LEVEL) / 2, (1 + LEVEL) / 2
"""The quantiles at which a central interval begins and ends."""

PSEUDO_COUNT = 0.2
"""The pseudo-count of each role in the Dirichlet prior of what is hired for: a role of which no posting is open may
still be hired for."""

TYPICAL_POSTINGS = 20.0
"""Pseudo-counts in the typical balance of roles, summed over the roles, that shrink the most likely shares; chosen on
held-out companies. Fewer follow one company's odd words too far, more do not follow a board that is unlike the
others."""

DRAWS = 1000
"""Draws that an interval is read from."""

_CELLS = 1 << 18
"""Cells of draws, roles and postings that are worked on at once, so that they stay in the processor's cache."""

_MOST_POSTINGS = 2000
"""The largest sample of a board's postings that draws are made from; more postings add nothing to an interval that a
company's own words already limit."""


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """What is known of a board's roles.

    Attributes:
        values: The likelihood of each posting under each role, up to a factor for each posting; shape
            (postings, roles).
        known_counts: Further postings of each role, about which there is no doubt; shape (roles,), or 0 for none.
    """

    values: Floats
    known_counts: Floats | float = 0.0


def most_likely_shares(likelihoods: Likelihoods, pseudo_counts: Floats | float = 0.0) -> Floats:
    """Return the most likely shares of the roles, by expectation maximisation.

    The method is that of Saerens, Latinne & Decaestecker (2002, doi:10.1162/089976602753284446).

    Args:
        likelihoods: The board.
        pseudo_counts: Postings of each role that are counted in; shape (roles,), or one number for all.

    Returns:
        Shape (roles,); sums to 1.
    """
    roles = likelihoods.values.shape[1]
    added = likelihoods.known_counts + pseudo_counts
    shares = np.full(roles, 1 / roles)
    for _ in range(1000):
        counts = expected_counts(likelihoods, shares) + added
        better = counts / counts.sum()
        if np.abs(better - shares).max() < 1e-6:
            break
        shares = better
    return np.asarray(better)


def expected_counts(likelihoods: Likelihoods, shares: Floats) -> Floats:
    """Return how many postings of each role are expected on a board, beside those of known roles.

    Args:
        likelihoods: The board.
        shares: Of the roles in the mix that the board is drawn from; shape (roles,).

    Returns:
        Shape (roles,); sums to the number of postings.
    """
    return np.asarray(shares * (likelihoods.values.T @ (1 / (likelihoods.values @ shares))))


def draw_balances(
    shares: Floats, typical: Floats, spread: float, random: np.random.Generator, *, draws: int = DRAWS
) -> Floats:
    """Draw balances of the roles that postings may be read under.

    Two things are unknown. How much of the distance from the typical balance to the most likely one is a shift of the
    mix, which the tagger does not know of, and how much of it the texts themselves already tell: anything from none to
    all of it is as likely. And how far a company's own words lean towards each role, in all of its postings at once:
    the log-odds are normally distributed.

    Args:
        shares: The most likely shares of one board, or of several groups of a company's postings, which all have the
            same words; shape (roles,) or (groups, roles).
        typical: The typical balance; shape (roles,).
        spread: The standard deviation of the log-odds.
        random: The source of randomness.
        draws: The number of draws.

    Returns:
        Positive weights of the roles; shape (draws, roles) or (groups, draws, roles).
    """
    believed, words = random.random((draws, 1)), random.standard_normal((draws, len(typical)))
    return np.asarray(typical * np.exp(believed * np.log(shares / typical)[..., np.newaxis, :] + spread * words))


def draw_counts(likelihoods: Likelihoods, balances: Floats, random: np.random.Generator) -> Floats:
    """Draw how many of a board's postings are of each role.

    Args:
        likelihoods: The board.
        balances: From `draw_balances`; shape (draws, roles).
        random: The source of randomness.

    Returns:
        Shape (draws, roles); rows sum to the number of postings.
    """
    values, factor = likelihoods.values, 1.0
    if len(values) > _MOST_POSTINGS:
        factor = len(values) / _MOST_POSTINGS
        values = values[random.choice(len(values), _MOST_POSTINGS, replace=False)]
    postings, roles = values.shape
    by_role, lower_triangle = np.ascontiguousarray(values.T), np.tril(np.ones((roles, roles)))
    drawn = np.empty((len(balances), roles))
    at_once = max(1, _CELLS // max(1, postings * roles))
    for first in range(0, len(balances), at_once):
        some = balances[first : first + at_once]
        cumulative = (lower_triangle * some[:, np.newaxis]) @ by_role  # faster than np.cumsum
        chosen = random.random((len(some), 1, postings)) * cumulative[:, -1:]
        # How many postings were drawn for a later role than the one before.
        beyond = np.pad((cumulative < chosen).sum(axis=2), ((0, 0), (1, 0)), constant_values=postings)
        drawn[first : first + at_once] = beyond[:, :-1] - beyond[:, 1:]
    return np.asarray(factor * drawn + likelihoods.known_counts)


def draw_shares(counts: Floats, random: np.random.Generator, prior: Floats | float = PSEUDO_COUNT) -> Floats:
    """Draw the shares of what a company tends to hire, given draws of how many postings there are of each role.

    Args:
        counts: From `draw_counts`; shape (draws, roles).
        random: The source of randomness.
        prior: Pseudo-counts of the roles, the parameter of a Dirichlet distribution; shape (roles,), or one number for
            all.

    Returns:
        Shape (draws, roles); rows sum to 1.
    """
    gammas = random.standard_gamma(counts + prior)
    return np.asarray(gammas / gammas.sum(axis=1, keepdims=True))


def credible_interval(draws: Floats, shares: Floats, postings: int) -> tuple[Floats, Floats]:
    """Return the lower and the upper ends of central credible intervals of `LEVEL`, widened to hold the estimates.

    A lower end that stands for less than half a posting is 0: so small a board cannot tell such a share from none.

    Args:
        draws: Shares drawn from their posterior; shape (draws, lines).
        shares: The estimates; shape (lines,).
        postings: The number of postings of the board.

    Returns:
        Two arrays of shape (lines,).
    """
    low, high = np.quantile(draws, TAILS, axis=0)
    low = np.where(low * postings < 0.5, 0.0, np.minimum(low, shares))
    return low, np.clip(np.maximum(high, shares), 0.0, 1.0)
