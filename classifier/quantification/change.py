"""The change of a mix from one day to another: only postings that closed or opened can move it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.arrays import Floats
from classifier.quantification.posterior import (
    DRAWS,
    PSEUDO_COUNT,
    Likelihoods,
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


def draw_differences(closed: Group, stayed: Group, opened: Group) -> Floats:
    """Draw differences of shares, later less earlier, from their posterior distribution.

    Postings that stayed are on both days, with whatever the tagger gets wrong about them, so that their errors cancel.
    Each group has shares of its own, whose prior is centred on the shares of all postings together (no change).

    Args:
        closed: Postings of the earlier day alone.
        stayed: Postings of both days.
        opened: Postings of the later day alone.

    Returns:
        Shape (draws, roles).
    """
    groups = (closed, stayed, opened)
    together = Likelihoods(
        np.concatenate([group.likelihoods.values for group in groups]),
        sum(group.likelihoods.known_counts for group in groups),
    )
    prior = NO_CHANGE * most_likely_shares(together, PSEUDO_COUNT)
    of_closed, of_stayed, of_opened = (
        draw_shares(group.likelihoods, prior, random_state=number) if group.size else np.zeros((DRAWS, len(prior)))
        for number, group in enumerate(groups, 1)
    )
    later = (stayed.size * of_stayed + opened.size * of_opened) / (stayed.size + opened.size)
    earlier = (stayed.size * of_stayed + closed.size * of_closed) / (stayed.size + closed.size)
    return np.asarray(later - earlier)
