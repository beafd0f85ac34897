"""From postings to a sparse matrix: TF-IDF of title words, title characters and description words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier.tokens import fold, tokenize

Row = Mapping[str, Any]
"""A posting as the classifier sees it: ``title`` and, where there is one, ``description``, both strings."""


class PostingVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """TF-IDF in three blocks, each with a vocabulary of its own and rows of unit length.

    A word in a title says more than the same word in a description, so that the two never share a column.

    Args:
        description_characters: How much of a description is read. Duties come first; what follows them is
            mostly the firm's praise of itself and the law.
        title_weight: The length of a row in each of the two title blocks, where the description's is 1.
        min_postings: In how many postings a word of a description must occur to be a column.

    Attributes:
        blocks_: The fitted vectorizers by name, in the order of their columns.
    """

    def __init__(self, *, description_characters: int = 3000, title_weight: float = 0.5, min_postings: int = 3) -> None:
        self.description_characters = description_characters
        self.title_weight = title_weight
        self.min_postings = min_postings

    def fit(self, rows: Sequence[Row], y: object = None) -> Self:
        """Learn the vocabularies and the weights of their terms.

        Args:
            rows: Postings.
            y: Ignored.
        """
        self.blocks_ = self._new_blocks()
        for name, texts in self._texts(rows).items():
            self.blocks_[name].fit(texts)
        return self

    def transform(self, rows: Sequence[Row]) -> sparse.csr_matrix:
        """Return the matrix of the postings: rows by columns, 32-bit floats."""
        matrices = [
            self.blocks_[name].transform(texts) * np.float32(self._weight(name))
            for name, texts in self._texts(rows).items()
        ]
        return sparse.hstack(matrices, format="csr", dtype=np.float32)

    def unknown_words(self, rows: Sequence[Row]) -> npt.NDArray[np.float64]:
        """Return the share of each posting's words that were not in enough of those learned from; shape (rows,).

        A posting without a word has none unknown.
        """
        texts = self._texts(rows)
        unknown, words = np.zeros((2, len(rows)))
        for name in ("title_words", "description_words"):
            known = self.blocks_[name].vocabulary_
            unknown += [sum(word not in known for word in text) for text in texts[name]]
            words += [len(text) for text in texts[name]]
        return np.asarray(unknown / np.maximum(words, 1))

    def state(self) -> dict[str, tuple[list[str], npt.NDArray[np.float32]]]:
        """Return what was learned: each block's terms in the order of columns, and their weights."""
        return {
            name: (block.get_feature_names_out().tolist(), block.idf_.astype(np.float32))
            for name, block in self.blocks_.items()
        }

    def restore(self, state: Mapping[str, tuple[list[str], npt.NDArray[np.float32]]]) -> Self:
        """Become what `state` was taken from.

        Raises:
            ValueError: A block is missing, repeats a term, or has not one weight for each.
        """
        self.blocks_ = self._new_blocks()
        for name, block in self.blocks_.items():
            if name not in state:
                raise ValueError(f"no terms for {name}")
            terms, weights = state[name]
            block.vocabulary = terms
            block.idf_ = weights
        return self

    @property
    def columns(self) -> int:
        """How many columns the matrix has."""
        return sum(len(block.vocabulary_) for block in self.blocks_.values())

    @property
    def title_columns(self) -> int:
        """How many of them, the first ones, are about the title."""
        return self.columns - len(self.blocks_["description_words"].vocabulary_)

    def _new_blocks(self) -> dict[str, TfidfVectorizer]:
        common = {"sublinear_tf": True, "dtype": np.float32, "lowercase": False}
        words = common | {"tokenizer": _as_is, "preprocessor": _as_is, "token_pattern": None}
        return {
            "title_words": TfidfVectorizer(ngram_range=(1, 2), min_df=2, **words),
            "title_characters": TfidfVectorizer(
                analyzer="char_wb", ngram_range=(2, 4), min_df=self.min_postings, **common
            ),
            "description_words": TfidfVectorizer(min_df=self.min_postings, **words),
        }

    def _texts(self, rows: Sequence[Row]) -> dict[str, list[list[str]] | list[str]]:
        titles = tokenize(row["title"] for row in rows)
        descriptions = tokenize((row.get("description") or "")[: self.description_characters] for row in rows)
        return {
            "title_words": titles,
            "title_characters": [fold(row["title"]) for row in rows],
            "description_words": descriptions,
        }

    def _weight(self, block: str) -> float:
        return self.title_weight if block.startswith("title") else 1.0


def _as_is(value: Any) -> Any:
    return value
