"""The decision for a role, given the probabilities of all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from classifier.arrays import Floats, Indices
from classifier.taxonomy import Taxonomy


def decide(probabilities: Floats, roles: Sequence[str], taxonomy: Taxonomy) -> Indices:
    """Choose the role of each row of probabilities, as `classifier.model.tag.Tag` describes.

    Args:
        probabilities: Shape (rows, roles).
        roles: The roles of the columns.
        taxonomy: Groups roles into focuses.

    Returns:
        The column of each row's role; shape (rows,).
    """
    focus_by_role = taxonomy.focus_by_role
    focuses = np.array([taxonomy.focus_names.index(focus_by_role[role]) for role in roles])
    membership = focuses[:, np.newaxis] == np.arange(len(taxonomy.focus_names))
    focus = (probabilities @ membership).argmax(axis=1)
    within = np.where(focuses == focus[:, np.newaxis], probabilities, -1.0)
    return np.asarray(within.argmax(axis=1))
