"""The change of a mix from one day to another: only postings that closed or opened can move it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.arrays import Floats
from classifier.quantification.posterior import (
    TYPICAL_POSTINGS,
    Likelihoods,
    draw_balances,
    draw_counts,
    draw_shares,
    most_likely_shares,
)

NO_CHANGE = 2.0
"""Pseudo-counts, summed over the roles, that stand for "no change" in each group of postings."""


@dataclass(frozen=True, slots=True)
class Group:
    """The postings of a board that closed between two days, that stayed open, or that opened.

    Attributes:
        size: The number of postings.
        likelihoods: Of these postings.
    """

    size: int
    likelihoods: Likelihoods


def draw_differences(closed: Group, stayed: Group, opened: Group, typical: Floats, spread: float) -> Floats:
    """Draw differences of shares of what a company tends to hire, later less earlier.

    Postings that stayed are on both days, with whatever the tagger gets wrong about them, so that their errors cancel;
    and the company's own words mislead it about all three groups in the same way. Each group has shares of its own,
    whose prior is centred on the shares of all postings together (no change).

    Args:
        closed: Postings of the earlier day alone.
        stayed: Postings of both days.
        opened: Postings of the later day alone.
        typical: The typical balance of roles; shape (roles,).
        spread: As for `draw_balances`.

    Returns:
        Shape (draws, roles).
    """
    groups = (closed, stayed, opened)
    together = Likelihoods(
        np.concatenate([group.likelihoods.values for group in groups]),
        sum(group.likelihoods.known_counts for group in groups),
    )
    no_change = NO_CHANGE * most_likely_shares(together, TYPICAL_POSTINGS * typical)
    shares = np.stack([most_likely_shares(group.likelihoods, no_change) for group in groups])
    random = np.random.default_rng(0)
    of_closed, of_stayed, of_opened = (
        draw_shares(draw_counts(group.likelihoods, balances, random), random, no_change)
        for group, balances in zip(groups, draw_balances(shares, typical, spread, random), strict=True)
    )
    later = (stayed.size * of_stayed + opened.size * of_opened) / (stayed.size + opened.size)
    earlier = (stayed.size * of_stayed + closed.size * of_closed) / (stayed.size + closed.size)
    return np.asarray(later - earlier)
