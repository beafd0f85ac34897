"""Shares of roles under prior shift: the most likely ones, and draws from their posterior distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.arrays import Floats

LEVEL = 0.95
"""The probability of a credible interval."""

TAILS = (1 - LEVEL) / 2, (1 + LEVEL) / 2
"""The quantiles at which a central interval begins and ends."""

PSEUDO_COUNT = 0.2
"""The pseudo-count of each role in the Dirichlet prior of an interval: a role of which no posting is open may still be
hired for."""

DRAWS = 1000
"""Draws from the posterior that an interval is read from."""

_BURN_IN = 30
_MOST_POSTINGS = 2000
"""The largest sample of a board's postings that draws are made from; more postings add nothing to an interval that the
dispersion already limits."""


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """All that the posterior of a board's mix depends on.

    Attributes:
        values: The likelihood of each posting under each role, up to a factor for each posting; shape
            (postings, roles).
        known_counts: Further postings of each role, about which there is no doubt; shape (roles,), or 0 for none.
        dispersion: The intraclass correlation ρ of the tagger's errors within a company. As in a cluster sample, n
            postings weigh as much as n / (1 + nρ) independent ones. That divisor is the design effect of Kish (1965,
            *Survey Sampling*), who has 1 + (n - 1)ρ.
    """

    values: Floats
    known_counts: Floats | float = 0.0
    dispersion: float = 0.0


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
    by_role = np.ascontiguousarray(likelihoods.values.T)
    added = likelihoods.known_counts + pseudo_counts
    shares = np.full(roles, 1 / roles)
    for _ in range(1000):
        counts = _expected_counts(by_role, shares) + added
        better = counts / counts.sum()
        if np.abs(better - shares).max() < 1e-6:
            break
        shares = better
    return np.asarray(better)


def expected_shares(likelihoods: Likelihoods, pseudo_counts: Floats) -> Floats:
    """Return the expected shares of the roles among a board's postings, under the board's most likely shares.

    Args:
        likelihoods: The board.
        pseudo_counts: As for `most_likely_shares`, which they shrink; they are not counted in what is returned.

    Returns:
        Shape (roles,); sums to 1.
    """
    shares = most_likely_shares(likelihoods, pseudo_counts)
    counts = _expected_counts(likelihoods.values.T, shares) + likelihoods.known_counts
    return np.asarray(counts / counts.sum())


def _expected_counts(by_role: Floats, shares: Floats) -> Floats:
    """Return how many postings of each role there are when roles have these shares; shape (roles,)."""
    return np.asarray(shares * (by_role @ (1 / (shares @ by_role))))


def draw_shares(
    likelihoods: Likelihoods, prior: Floats | None = None, *, draws: int = DRAWS, random_state: int = 0
) -> Floats:
    """Draw shares from their posterior distribution, by Gibbs sampling.

    In turn, roles of postings are drawn given shares, and shares given roles: the Bayesian form of the expectation
    maximisation.

    Args:
        likelihoods: The board.
        prior: Pseudo-counts of the roles, the parameter of a Dirichlet distribution; shape (roles,); None for
            `PSEUDO_COUNT` of each.
        draws: The number of draws.
        random_state: The seed; the same seed gives the same draws.

    Returns:
        Shape (draws, roles); rows sum to 1.
    """
    values, known_counts = likelihoods.values, likelihoods.known_counts
    postings, roles = values.shape
    random = np.random.default_rng(random_state)
    prior = np.full(roles, PSEUDO_COUNT) if prior is None else prior
    weight = 1 / (1 + (postings + np.sum(known_counts)) * likelihoods.dispersion)
    known = weight * known_counts
    if postings > _MOST_POSTINGS:
        weight *= postings / _MOST_POSTINGS
        values = values[random.choice(postings, _MOST_POSTINGS, replace=False)]
        postings = _MOST_POSTINGS
    by_role, lower_triangle = np.ascontiguousarray(values.T), np.tril(np.ones((roles, roles)))
    shares = most_likely_shares(Likelihoods(values, known_counts), PSEUDO_COUNT)
    drawn = np.empty((draws, roles))
    beyond = np.full(roles + 1, postings)  # how many postings were drawn for a later role than the one before
    for number in range(-_BURN_IN, draws):
        cumulative = lower_triangle @ (by_role * shares[:, np.newaxis])  # twice as fast as np.cumsum
        beyond[1:] = (cumulative < random.random(postings) * cumulative[-1]).sum(axis=1)
        counts = beyond[:-1] - beyond[1:]
        gammas = random.standard_gamma(prior + known + weight * counts)
        shares = gammas / gammas.sum()
        if number >= 0:
            drawn[number] = shares
    return drawn


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
