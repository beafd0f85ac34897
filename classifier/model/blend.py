"""How a posting's title and its description share in a score: the more the description tells, the more it counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.arrays import Floats
from classifier.model.linear import log_probabilities


@dataclass(frozen=True, slots=True)
class Blend:
    """How the two layers of a tagger are blended, and how confident their blend is.

    `classifier.training.cross_validation.fit_blends` finds one for Chinese and one for other postings, from copies of
    postings whose descriptions are cut short.

    Attributes:
        halfway: The amount of text (`classifier.model.vectorizer.PostingVectorizer.amounts`) at which the layer over
            titles and the one over all columns weigh the same.
        title_temperature: Divides the scores of postings without a description.
        temperature: Divides the scores of postings with a long one; in between the logarithm is interpolated.
    """

    halfway: float = 8.0
    title_temperature: float = 1.0
    temperature: float = 1.0

    def weights(self, amounts: Floats) -> Floats:
        """Return how much the layer over all columns weighs, from 0 to 1; shape as given."""
        return np.asarray(amounts / (amounts + self.halfway))

    def temperatures(self, weights: Floats) -> Floats:
        """Return what scores are divided by at each weight; shape as given."""
        return np.asarray(self.title_temperature ** (1 - weights) * self.temperature**weights)

    def scores(self, title: Floats, whole: Floats, amounts: Floats) -> Floats:
        """Return the score of each role for each posting: the logarithm of its probability, plus a constant.

        Args:
            title: Margins of the layer over titles; shape (postings, roles).
            whole: Margins of the layer over all columns; shape (postings, roles).
            amounts: The amount of text of each description; shape (postings,).

        Returns:
            Shape (postings, roles).
        """
        weights = self.weights(amounts)[:, np.newaxis]
        return log_probabilities((1 - weights) * title + weights * whole) / self.temperatures(weights)
