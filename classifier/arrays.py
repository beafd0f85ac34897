"""Types of the arrays that pass between the classifier's modules."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
"""Real numbers: probabilities, scores, shares."""

Flags = npt.NDArray[np.bool_]
"""One yes or no for each item."""

Indices = npt.NDArray[np.intp]
"""Whole numbers that index another array."""
