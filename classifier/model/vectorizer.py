"""From postings to a sparse matrix: TF-IDF of title words, title characters, description words and duties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from classifier.arrays import Floats
from classifier.model.tag import Row
from classifier.model.term_counts import (
    BLOCKS,
    DESCRIPTION_BLOCKS,
    TITLE_BLOCKS,
    TermCounts,
    count_terms,
    count_words,
    flag_heads,
    look_up,
    sort_indices,
    tally,
)
from classifier.text import sections
from classifier.text.glossary import Glossary
from classifier.text.tokens import fold, tokens, with_pairs

_characters = CountVectorizer(analyzer="char_wb", ngram_range=(2, 4), lowercase=False).build_analyzer()


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
        min_postings: In how many postings a term must occur to be a column.

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
        title_weight: float = 0.6,
        description_weight: float = 0.8,
        duties_weight: float = 0.6,
        informed: float = 0.35,
        min_postings: int = 2,
    ) -> None:
        self.description_characters = description_characters
        self.title_weight = title_weight
        self.description_weight = description_weight
        self.duties_weight = duties_weight
        self.informed = informed
        self.min_postings = min_postings

    def count(self, rows: Sequence[Row], *, every: bool = False) -> TermCounts:
        """Count every term that occurs in enough of these postings to be a column.

        Args:
            rows: Postings.
            every: Count every term at all, as is needed where more postings follow.
        """
        texts = self._documents(rows)
        terms, matrices = {}, {}
        for name, documents in texts.items():
            terms[name], matrices[name] = count_terms(documents, 1 if every else self.min_postings)
        return TermCounts(terms, matrices, count_words(texts))

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
            kept = np.flatnonzero(postings >= self.min_postings)
            weights = np.log((1 + len(counts)) / (1 + postings[kept])) + 1
            if name in DESCRIPTION_BLOCKS and self.informed:
                weights *= _divergences(presence[:, kept], roles) ** self.informed
            self.terms_[name] = counts.terms[name][kept]
            self.weights_[name] = weights.astype(np.float32)
        self._index()
        return self

    def count_known(self, rows: Sequence[Row]) -> TermCounts:
        """Count the terms that were learned in postings."""
        documents = self._documents(rows)
        found = {name: look_up(documents[name], columns) for name, columns in self._columns.items()}
        # The duties come first in a description and were looked up with it, which takes the most time of all.
        row, column = found["description_words"]
        duties = flag_heads(documents["description_words"], documents["duties_words"])
        found["duties_words"] = row[duties], self._duties[column[duties]]
        matrices = {name: tally(*found[name], (len(documents[name]), len(self.terms_[name]))) for name in BLOCKS}
        return TermCounts(self.terms_, matrices, count_words(documents))

    def transform(self, rows: Sequence[Row]) -> sparse.csr_matrix:
        """Return the matrix of the postings: rows by columns, 32-bit floats."""
        return self._weigh(self.count_known(rows).matrices)

    def transform_counts(self, counts: TermCounts) -> sparse.csr_matrix:
        """Return the matrix of postings whose terms, at least those that were learned, are counted."""
        return self._weigh(counts.columns(self.terms_).matrices)

    def unknown_words(self, counts: TermCounts, *, titles_only: bool = False) -> Floats:
        """Return the share of each posting's words that were not in enough of those learned from; shape (postings,).

        A posting without a word has none unknown.

        Args:
            counts: Of every term that was learned, at least.
            titles_only: Leave descriptions aside.
        """
        learned, words = counts.columns(self.terms_).matrices, counts.words[:, 0]
        known = learned["title_words"] @ self._single
        if not titles_only:
            known = known + np.asarray(learned["description_words"].sum(axis=1)).ravel()
            words = counts.words.sum(axis=1)
        return np.asarray(1 - np.divide(known, words, out=np.ones(len(counts)), where=words > 0))

    def state(self) -> dict[str, tuple[list[str], npt.NDArray[np.float32]]]:
        """Return what was learned: each block's terms in the order of columns, and their weights."""
        return {name: (self.terms_[name].tolist(), self.weights_[name]) for name in BLOCKS}

    def restore(self, state: Mapping[str, tuple[list[str], npt.NDArray[np.float32]]]) -> Self:
        """Become what `state` was taken from.

        Raises:
            ValueError: A block is missing, repeats a term, or has not one weight for each; or a word of duties
                is none of descriptions.
        """
        self.terms_, self.weights_ = {}, {}
        for name in BLOCKS:
            if name not in state:
                raise ValueError(f"no terms for {name}")
            terms, weights = state[name]
            if len(set(terms)) != len(terms) or len(terms) != len(weights):
                raise ValueError(f"the terms of {name} are repeated, or have not one weight each")
            self.terms_[name], self.weights_[name] = np.array(terms, dtype=str), weights
        if not set(state["duties_words"][0]) <= set(state["description_words"][0]):
            raise ValueError("duties have words that descriptions do not have")
        self._index()
        return self

    @property
    def columns(self) -> int:
        """How many columns the matrix has."""
        return sum(map(len, self.terms_.values()))

    @property
    def title_columns(self) -> int:
        """How many of them, the first ones, are about the title."""
        return sum(len(self.terms_[name]) for name in TITLE_BLOCKS)

    def _weight(self, block: str) -> float:
        match block:
            case "description_words":
                return self.description_weight
            case "duties_words":
                return self.duties_weight
            case _:
                return self.title_weight

    def _index(self) -> None:
        """Number the columns of the vocabularies learned; those of duties by the same word's in descriptions."""
        self._columns = {
            name: {term: column for column, term in enumerate(self.terms_[name].tolist())} for name in BLOCKS[:-1]
        }
        in_titles = self._columns["title_words"]  # the only block with pairs of words
        self._single = np.fromiter((" " not in term for term in in_titles), bool, len(in_titles))
        words = self._columns["description_words"]
        self._duties = np.full(len(words) + 1, -1, dtype=np.int32)  # the last is for words without a column
        for column, term in enumerate(self.terms_["duties_words"].tolist()):
            self._duties[words[term]] = column

    def _weigh(self, counts: Mapping[str, sparse.csr_matrix]) -> sparse.csr_matrix:
        return sparse.hstack(
            [
                _tfidf(sort_indices(counts[name]), self.weights_[name]) * np.float32(self._weight(name))
                for name in BLOCKS
            ],
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
            documents["title_words"].append(with_pairs(tokens(title) + glossary.english(title)))
            documents["title_characters"].append(_characters(title))
            documents["description_words"].append(duties + before + after)  # as `count_known` relies on
            documents["duties_words"].append(duties)
        return documents


def _tfidf(counts: sparse.csr_matrix, weights: npt.NDArray[np.float32]) -> sparse.csr_matrix:
    """Return rows of unit length: one plus the logarithm of each count, times the term's weight."""
    if not counts.shape[1]:  # which scikit-learn refuses to normalise
        return counts
    values = (1 + np.log(counts.data.astype(np.float32))) * weights[counts.indices]
    return normalize(sparse.csr_matrix((values, counts.indices, counts.indptr), counts.shape), copy=False)


def _divergences(presence: sparse.csr_matrix, roles: Sequence[str]) -> Floats:
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
