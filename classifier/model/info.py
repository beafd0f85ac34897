"""What the numbers made with a model need of it: its name, its taxonomy, and what estimates a mix."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.quantification.estimator import MixQuantifier
from classifier.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as reports and feeds know it, without the weights that only tagging needs.

    Attributes:
        name: The first 12 hex digits of the SHA-256 of the model's file.
        taxonomy: The taxonomy that groups the model's roles into focuses.
        quantifier: Estimates a mix from tags of this model; None where the model has none.
    """

    name: str
    taxonomy: Taxonomy
    quantifier: MixQuantifier | None
