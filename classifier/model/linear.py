"""The tagger's linear layers: from a matrix of weighted terms to the score of each role."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from classifier.arrays import Floats

_SLOPE, _OFFSET, _SHARPNESS = 2.0, 2.2, 10.0
"""The logistic function of a margin, and the power it is raised to at a temperature of 1; chosen to fit the margins of
held-out companies."""


class Linear(NamedTuple):
    """A linear layer: margins are ``matrix @ coefficients + intercepts``.

    Attributes:
        coefficients: Shape (columns, roles).
        intercepts: Shape (roles,).
    """

    coefficients: npt.NDArray[np.floating[Any]]
    intercepts: npt.NDArray[np.floating[Any]]

    def margins(self, matrix: sparse.csr_matrix) -> Floats:
        """Return the margin of each role for each row, positive on the role's side; shape (rows, roles)."""
        return np.asarray(matrix @ self.coefficients + self.intercepts, dtype=np.float64)


def log_probabilities(margins: Floats) -> Floats:
    """Return the score of each margin: the logarithm of its role's probability, plus a constant; shape as given.

    A role's probability is proportional to a power of a logistic function of its margin (Platt 1999; Zadrozny and
    Elkan 2002 for several classes). Dividing the scores by a temperature changes the power.
    """
    return np.asarray(-np.logaddexp(0, -(_SLOPE * margins + _OFFSET)) * _SHARPNESS)


def softmax(scores: Floats) -> Floats:
    """Return the probabilities that scores are logarithms of, plus a constant in each row; shape as given."""
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def rounded(coefficients: npt.NDArray[Any], intercepts: npt.NDArray[Any]) -> Linear:
    """Return a layer with its coefficients rounded to the 16 bits that the model file keeps."""
    return Linear(
        coefficients.astype(np.float16).astype(np.float32, order="C"),
        intercepts.astype(np.float32),
    )
