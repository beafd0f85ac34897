"""A linear layer scores a matrix as its formula says, and keeps what its file keeps."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse, special

from classifier.model.linear import Linear, log_probabilities, rounded

LAYER = Linear(np.array([[1, -1], [0.5, 2]], np.float32), np.array([0.25, -0.5], np.float32))
MATRIX = sparse.csr_matrix([[1.0, 0.0], [2.0, 1.0]])


def test_margins_are_the_product_plus_the_intercepts() -> None:
    assert LAYER.margins(MATRIX).tolist() == [[1.25, -1.5], [2.75, -0.5]]


def test_scores_are_logarithms_of_a_power_of_the_logistic_function() -> None:
    margins = LAYER.margins(MATRIX)
    assert log_probabilities(margins) == pytest.approx(10 * np.log(special.expit(2.0 * margins + 2.2)))


def test_log_probabilities_do_not_overflow() -> None:
    found = log_probabilities(np.array([-1e6, 0.0, 1e6]))
    assert np.isfinite(found).all()
    assert (np.diff(found) > 0).all()


def test_rounded_layer_survives_sixteen_bits() -> None:
    random = np.random.default_rng(0)
    layer = rounded(random.normal(size=(50, 3)), random.normal(size=3))
    assert layer.coefficients.dtype == layer.intercepts.dtype == np.float32
    again = layer.coefficients.astype("<f2").astype(np.float32)
    assert np.array_equal(again, layer.coefficients)
    assert rounded(*layer).coefficients.tobytes() == layer.coefficients.tobytes()
