"""The tagger's linear layers: from a matrix of weighted terms to a score for each role."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from classifier.arrays import Floats

_SLOPE, _OFFSET, _SHARPNESS = 2.0, 2.2, 10.0


class Linear(NamedTuple):
    """A linear layer: margins are ``matrix @ coefficients + intercepts``.

    Attributes:
        coefficients: Shape (columns, roles).
        intercepts: Shape (roles,).
    """

    coefficients: npt.NDArray[np.float32]
    intercepts: npt.NDArray[np.float32]

    def margins(self, matrix: sparse.csr_matrix) -> Floats:
        """Return the margin of each role for each row: above 0 it is that role; shape (rows, roles)."""
        return np.asarray(matrix @ self.coefficients + self.intercepts, dtype=np.float64)

    def scores(self, matrix: sparse.csr_matrix, temperature: float = 1.0) -> Floats:
        """Return the score of each role for each row: the logarithm of its probability, plus a constant.

        A role's probability is proportional to a power of a logistic function of its margin (Platt 1999, and
        Zadrozny and Elkan 2002 for many classes). The temperature sets the power; slope and offset of the
        function are fixed at what fits margins out of fold.
        """
        return log_probabilities(self.margins(matrix)) / temperature


def log_probabilities(margins: Floats) -> Floats:
    """Return the score of each margin, at a temperature of 1; see `Linear.scores`."""
    return np.asarray(-np.logaddexp(0, -(_SLOPE * margins + _OFFSET)) * _SHARPNESS)


def rounded(coefficients: npt.NDArray[Any], intercepts: npt.NDArray[Any]) -> Linear:
    """Return a layer as its file keeps it."""
    return Linear(
        coefficients.astype(np.float16).astype(np.float32, order="C"),
        intercepts.astype(np.float32),
    )
