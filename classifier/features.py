"""From postings to a sparse matrix: TF-IDF of title words, title characters, description words and duties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from classifier import sections
from classifier.glossary import Glossary
from classifier.tokens import fold, tokens

Row = Mapping[str, Any]
"""A posting as the classifier sees it: ``title`` and, where there is one, ``description``, both strings."""

TITLE_BLOCKS = ("title_words", "title_characters")
DESCRIPTION_BLOCKS = ("description_words", "duties_words")
BLOCKS = (*TITLE_BLOCKS, *DESCRIPTION_BLOCKS)
"""The blocks of columns, in their order."""

_characters = CountVectorizer(analyzer="char_wb", ngram_range=(2, 4), lowercase=False).build_analyzer()


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often each term occurs in each posting: all that training needs of texts, in no order of theirs.

    Attributes:
        terms: The terms of each block's columns, sorted.
        matrices: Each block's counts; shape (postings, terms of the block), whole numbers.
    """

    terms: Mapping[str, npt.NDArray[np.str_]]
    matrices: Mapping[str, sparse.csr_matrix]

    def __len__(self) -> int:
        """How many postings are counted."""
        return int(self.matrices[BLOCKS[0]].shape[0])

    def rows(self, chosen: npt.NDArray[Any]) -> TermCounts:
        """Return the counts of some postings, chosen as numpy indexes rows."""
        return TermCounts(self.terms, {name: matrix[chosen] for name, matrix in self.matrices.items()})

    def columns(self, terms: Mapping[str, npt.NDArray[np.str_]]) -> TermCounts:
        """Return the counts of some terms, all of which must be counted here."""
        found = {name: np.searchsorted(self.terms[name], terms[name]) for name in terms}
        return TermCounts(terms, {name: self.matrices[name][:, found[name]] for name in terms})


class PostingVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """TF-IDF in four blocks, each with a vocabulary of its own and rows of one length.

    A word in a title says more than the same word in a description, and one among the duties more than one
    among the requirements or the praise of the firm, so that they never share a column. To the words of a
    German or Chinese title those of the glossary are added in English.

    Words of descriptions are weighted by what they tell of the role, beside their rarity: by the divergence
    of the roles of postings with the word from those of all postings (supervised term weighting, after
    Debole and Sebastiani 2003). What every firm says of itself then counts little in a posting's length.

    Args:
        description_characters: How much of a description is read.
        title_weight: The length of a row in each of the two title blocks.
        description_weight: The same in the block of all words of the description.
        duties_weight: The same in the block of the duties' words.
        informed: The power to which the divergence is raised; 0 leaves plain TF-IDF.
        min_postings: In how many postings a term must occur to be a column (two for words of titles).

    Attributes:
        terms_: The terms of each block's columns, sorted.
        weights_: The weight of each of them.
    """

    terms_: dict[str, npt.NDArray[np.str_]]
    weights_: dict[str, npt.NDArray[np.float32]]

    def __init__(
        self,
        *,
        description_characters: int = 3000,
        title_weight: float = 0.5,
        description_weight: float = 0.8,
        duties_weight: float = 0.6,
        informed: float = 0.35,
        min_postings: int = 3,
    ) -> None:
        self.description_characters = description_characters
        self.title_weight = title_weight
        self.description_weight = description_weight
        self.duties_weight = duties_weight
        self.informed = informed
        self.min_postings = min_postings

    def count(self, rows: Sequence[Row]) -> TermCounts:
        """Count every term that occurs in enough of these postings to be a column.

        Args:
            rows: Postings.
        """
        terms, matrices = {}, {}
        for name, documents in self._documents(rows).items():
            counter = CountVectorizer(analyzer=_as_is, min_df=self._least(name), dtype=np.int32)
            matrices[name] = _sorted(counter.fit_transform(documents))
            terms[name] = counter.get_feature_names_out().astype(str)
        return TermCounts(terms, matrices)

    def fit(self, rows: Sequence[Row], roles: Sequence[str]) -> Self:
        """Learn the vocabularies and the weights of their terms.

        Args:
            rows: Postings.
            roles: The role of each.
        """
        return self.fit_counts(self.count(rows), roles)

    def fit_counts(self, counts: TermCounts, roles: Sequence[str]) -> Self:
        """Learn the same from counts.

        Args:
            counts: What `count` returned, or some rows of it.
            roles: The role of each posting.
        """
        self.terms_, self.weights_ = {}, {}
        for name in BLOCKS:
            presence = counts.matrices[name].sign()
            postings = np.asarray(presence.sum(axis=0)).ravel()
            kept = np.flatnonzero(postings >= self._least(name))
            weights = np.log((1 + len(counts)) / (1 + postings[kept])) + 1
            if name in DESCRIPTION_BLOCKS and self.informed:
                weights *= _divergences(presence[:, kept], roles) ** self.informed
            self.terms_[name] = counts.terms[name][kept]
            self.weights_[name] = weights.astype(np.float32)
        self._forget()
        return self

    def transform(self, rows: Sequence[Row]) -> sparse.csr_matrix:
        """Return the matrix of the postings: rows by columns, 32-bit floats."""
        documents = self._documents(rows)
        return self._weigh({name: self._counters[name].transform(documents[name]) for name in BLOCKS})

    def transform_counts(self, counts: TermCounts) -> sparse.csr_matrix:
        """Return the matrix of postings whose terms, at least those that were learned, are counted."""
        return self._weigh(counts.columns(self.terms_).matrices)

    def state(self) -> dict[str, tuple[list[str], npt.NDArray[np.float32]]]:
        """Return what was learned: each block's terms in the order of columns, and their weights."""
        return {name: (self.terms_[name].tolist(), self.weights_[name]) for name in BLOCKS}

    def restore(self, state: Mapping[str, tuple[list[str], npt.NDArray[np.float32]]]) -> Self:
        """Become what `state` was taken from.

        Raises:
            ValueError: A block is missing, repeats a term, or has not one weight for each.
        """
        self.terms_, self.weights_ = {}, {}
        for name in BLOCKS:
            if name not in state:
                raise ValueError(f"no terms for {name}")
            terms, weights = state[name]
            if len(set(terms)) != len(terms) or len(terms) != len(weights):
                raise ValueError(f"the terms of {name} are repeated, or have not one weight each")
            self.terms_[name], self.weights_[name] = np.array(terms, dtype=str), weights
        self._forget()
        return self

    @property
    def columns(self) -> int:
        """How many columns the matrix has."""
        return sum(map(len, self.terms_.values()))

    @property
    def title_columns(self) -> int:
        """How many of them, the first ones, are about the title."""
        return sum(len(self.terms_[name]) for name in TITLE_BLOCKS)

    def _least(self, block: str) -> int:
        return min(2, self.min_postings) if block == "title_words" else self.min_postings

    def _weight(self, block: str) -> float:
        match block:
            case "description_words":
                return self.description_weight
            case "duties_words":
                return self.duties_weight
            case _:
                return self.title_weight

    def _forget(self) -> None:
        """Make counters for the vocabularies learned."""
        self._counters = {
            name: CountVectorizer(
                analyzer=_as_is,
                vocabulary={term: column for column, term in enumerate(terms.tolist())},
                dtype=np.int32,
            )
            for name, terms in self.terms_.items()
        }

    def _weigh(self, counts: Mapping[str, sparse.csr_matrix]) -> sparse.csr_matrix:
        return sparse.hstack(
            [_tfidf(_sorted(counts[name]), self.weights_[name]) * np.float32(self._weight(name)) for name in BLOCKS],
            format="csr",
            dtype=np.float32,
        )

    def _documents(self, rows: Sequence[Row]) -> dict[str, list[list[str]]]:
        """Return the terms of each posting, repeated as often as they occur, by block."""
        glossary = Glossary.load()
        documents: dict[str, list[list[str]]] = {name: [] for name in BLOCKS}
        for row in rows:
            title = fold(row["title"])
            description = fold((row.get("description") or "")[: self.description_characters])
            before, duties, after = map(tokens, sections.split(description))
            documents["title_words"].append(_with_pairs(tokens(title) + glossary.english(title)))
            documents["title_characters"].append(_characters(title))
            documents["description_words"].append(before + duties + after)
            documents["duties_words"].append(duties)
        return documents


def _tfidf(counts: sparse.csr_matrix, weights: npt.NDArray[np.float32]) -> sparse.csr_matrix:
    """Return rows of unit length: one plus the logarithm of each count, times the term's weight."""
    values = (1 + np.log(counts.data.astype(np.float32))) * weights[counts.indices]
    return normalize(sparse.csr_matrix((values, counts.indices, counts.indptr), counts.shape), copy=False)


def _divergences(presence: sparse.csr_matrix, roles: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return how far the roles of the postings with a term are from those of all postings.

    That is the Kullback-Leibler divergence of the two distributions, the first smoothed towards the second
    by two postings, and rare roles weighted up by the square root of their rarity.

    Args:
        presence: 1 where a posting has a term; shape (postings, terms).
        roles: The role of each posting.
    """
    names, numbers, sizes = np.unique(np.asarray(roles), return_inverse=True, return_counts=True)
    weights = 1 / np.sqrt(sizes + 1)
    membership = weights * (numbers[:, np.newaxis] == np.arange(len(names)))
    prior = membership.sum(axis=0) / membership.sum()
    mass = np.asarray(presence.T @ membership)
    smoothing = 2 * membership.sum() / len(numbers)
    shares = (mass + smoothing * prior) / (mass.sum(axis=1, keepdims=True) + smoothing)
    divergence = (shares * np.log(shares / prior)).sum(axis=1)
    return np.asarray(np.maximum(divergence, 1e-6))


def _with_pairs(words: list[str]) -> list[str]:
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def _sorted(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    matrix.sort_indices()
    return matrix


def _as_is(value: Iterable[str]) -> Iterable[str]:
    return value
