"""The vectorizer: TF-IDF of title words, title characters, description words and duties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from classifier.arrays import Floats
from classifier.estimators import Estimator, check_is_fitted
from classifier.model.tag import Row
from classifier.model.term_counts import (
    BLOCKS,
    DESCRIPTION_BLOCKS,
    TITLE_BLOCKS,
    TermCounts,
    char_ngrams,
    count_terms,
    count_words,
    flag_heads,
    look_up,
    sort_indices,
    tally,
)
from classifier.text import sections
from classifier.text.glossary import Glossary
from classifier.text.ngrams import NgramMatcher
from classifier.text.tokens import fold, tokens, with_pairs

if TYPE_CHECKING:
    from sklearn.utils import Tags


class PostingVectorizer(Estimator):
    """A scikit-learn transformer of job postings: TF-IDF in four blocks, each with its own vocabulary and row norm.

    A word in a title is stronger evidence of the role than the same word in a description, and a word among the duties
    stronger than one among the requirements or the company's description of itself, so that they have separate
    columns. English words from the glossary are added to German and Chinese titles.

    Words of descriptions are weighted not only by their rarity but also by how informative they are about the role:
    by the divergence of the roles of postings with the word from the roles of all postings (supervised term weighting,
    Debole and Sebastiani 2003). Words that every company uses about itself then add little to a row's norm.

    Args:
        description_characters: How many characters of a description are read.
        title_weight: The Euclidean norm of a row in each of the two title blocks.
        description_weight: The same in the block of all words of the description.
        duties_weight: The same in the block of the words of the duties.
        informed: The power to which the divergence is raised; 0 gives plain TF-IDF.
        min_postings: In how many postings a term must occur to have a column, like scikit-learn's ``min_df``.

    Attributes:
        terms_: The terms of each block's columns, sorted; shape (terms of the block,).
        weights_: The weight of each term; shape (terms of the block,).
    """

    terms_: dict[str, npt.NDArray[np.str_]]
    weights_: dict[str, npt.NDArray[np.float32]]

    def __init__(  # noqa: PLR0913  # an estimator's settings
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

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn that this is a transformer."""
        from sklearn.utils import TransformerTags

        tags = super().__sklearn_tags__()
        tags.transformer_tags = TransformerTags()
        return tags

    def count(self, rows: Sequence[Row], *, every: bool = False) -> TermCounts:
        """Count the terms that occur in at least `min_postings` of these postings.

        Args:
            rows: Postings.
            every: Count all terms, as is needed before more postings are added.
        """
        blocks = self._documents(rows)
        terms, matrices = {}, {}
        for name, documents in blocks.items():
            terms[name], matrices[name] = count_terms(documents, 1 if every else self.min_postings)
        return TermCounts(terms, matrices, count_words(blocks))

    def fit(self, rows: Sequence[Row], roles: Sequence[str]) -> Self:
        """Learn the vocabularies and the weights of their terms.

        Args:
            rows: Postings.
            roles: The role of each; shape (postings,).
        """
        return self.fit_counts(self.count(rows), roles)

    def fit_counts(self, counts: TermCounts, roles: Sequence[str]) -> Self:
        """Learn the same from terms that are counted already.

        Args:
            counts: What `count` returned, or some rows of it.
            roles: The role of each posting; shape (postings,).
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
        """Count the terms of the vocabularies in postings."""
        check_is_fitted(self, "terms_")
        documents = self._documents(rows, ngrams=False)
        found = {name: look_up(documents[name], columns) for name, columns in self._columns.items()}
        found["title_characters"] = self._ngrams.find([fold(row["title"]) for row in rows])
        # The duties come first in a description and were looked up with it; the lookup takes most of the time.
        row, column = found["description_words"]
        duties = flag_heads(documents["description_words"], documents["duties_words"])
        found["duties_words"] = row[duties], self._duties_column[column[duties]]
        matrices = {name: tally(*found[name], (len(documents[name]), len(self.terms_[name]))) for name in BLOCKS}
        return TermCounts(self.terms_, matrices, count_words(documents))

    def fit_transform(self, rows: Sequence[Row], roles: Sequence[str]) -> sparse.csr_matrix:
        """Fit as `fit` does, and return the matrix of the same postings; shape (postings, columns)."""
        return self.fit(rows, roles).transform(rows)

    def transform(self, rows: Sequence[Row]) -> sparse.csr_matrix:
        """Return the matrix of postings, 32-bit floats; shape (postings, columns)."""
        return self._weigh(self.count_known(rows).matrices)

    def transform_counts(self, counts: TermCounts) -> sparse.csr_matrix:
        """Return the matrix of postings from counts of their terms, which include the vocabularies."""
        return self._weigh(counts.columns(self.terms_).matrices)

    def unknown_words(self, counts: TermCounts, *, titles_only: bool = False) -> Floats:
        """Return the share of each posting's words that are not in the vocabularies; 0 for a posting without words.

        Args:
            counts: The terms of the postings, which include the vocabularies.
            titles_only: Ignore descriptions.

        Returns:
            Shares from 0 to 1; shape (postings,).
        """
        learned, words = counts.columns(self.terms_).matrices, counts.words[:, 0]
        known = learned["title_words"] @ self._is_word
        if not titles_only:
            known = known + np.asarray(learned["description_words"].sum(axis=1)).ravel()
            words = counts.words.sum(axis=1)
        return np.asarray(1 - np.divide(known, words, out=np.ones(len(counts)), where=words > 0))

    def state(self) -> dict[str, tuple[list[str], npt.NDArray[np.float32]]]:
        """Return the fitted state: each block's terms in the order of its columns, and their weights."""
        return {name: (self.terms_[name].tolist(), self.weights_[name]) for name in BLOCKS}

    def restore(self, state: Mapping[str, tuple[list[str], npt.NDArray[np.float32]]]) -> Self:
        """Restore the fitted state that `state` returned.

        Raises:
            ValueError: A block is missing, repeats a term, or has another number of weights than of terms; or the
                duties have a word that descriptions do not have.
        """
        self.terms_, self.weights_ = {}, {}
        for name in BLOCKS:
            if name not in state:
                raise ValueError(f"the block {name} is missing")
            terms, weights = state[name]
            if len(set(terms)) != len(terms) or len(terms) != len(weights):
                raise ValueError(
                    f"the block {name} repeats a term, or has {len(weights)} weights for {len(terms)} terms"
                )
            self.terms_[name], self.weights_[name] = np.array(terms, dtype=str), weights
        if not set(state["duties_words"][0]) <= set(state["description_words"][0]):
            raise ValueError("the duties have words that descriptions do not have")
        self._index()
        return self

    @property
    def columns(self) -> int:
        """The number of columns of the matrix."""
        return sum(map(len, self.terms_.values()))

    @property
    def title_columns(self) -> int:
        """The number of columns about the title, which come first."""
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
        """Index the vocabularies by term; the duties' by the column of the same word in descriptions."""
        self._columns = {
            name: {term: column for column, term in enumerate(self.terms_[name].tolist())}
            for name in ("title_words", "description_words")
        }
        self._ngrams = NgramMatcher(self.terms_["title_characters"].tolist())
        in_titles = self._columns["title_words"]  # the only block with pairs of words
        self._is_word = np.fromiter((" " not in term for term in in_titles), bool, len(in_titles))
        words = self._columns["description_words"]
        self._duties_column = np.full(
            len(words) + 1, -1, dtype=np.int32
        )  # the last entry is for words without a column
        for column, term in enumerate(self.terms_["duties_words"].tolist()):
            self._duties_column[words[term]] = column

    def _weigh(self, counts: Mapping[str, sparse.csr_matrix]) -> sparse.csr_matrix:
        return sparse.hstack(
            [
                _tfidf(sort_indices(counts[name]), self.weights_[name]) * np.float32(self._weight(name))
                for name in BLOCKS
            ],
            format="csr",
            dtype=np.float32,
        )

    def _documents(self, rows: Sequence[Row], *, ngrams: bool = True) -> dict[str, list[list[str]]]:
        """Return the terms of each posting, repeated as often as they occur, by block.

        Args:
            rows: Postings.
            ngrams: Whether to split titles into n-grams of characters; if not, their block has no terms.
        """
        glossary = Glossary.load()
        documents: dict[str, list[list[str]]] = {name: [] for name in BLOCKS}
        for row in rows:
            title = fold(row["title"])
            description = fold((row.get("description") or "")[: self.description_characters])
            before, duties, after = map(tokens, sections.split(description))
            documents["title_words"].append(with_pairs(tokens(title) + glossary.english(title)))
            documents["title_characters"].append(char_ngrams(title) if ngrams else [])
            documents["description_words"].append(duties + before + after)  # `count_known` relies on this order
            documents["duties_words"].append(duties)
        return documents


def _tfidf(counts: sparse.csr_matrix, weights: npt.NDArray[np.float32]) -> sparse.csr_matrix:
    """Return rows of unit norm: one plus the logarithm of each count, times the term's weight."""
    values = (1 + np.log(counts.data.astype(np.float32))) * weights[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    norms = np.sqrt(np.bincount(rows, values * values, counts.shape[0]))
    values = (values / norms[rows]).astype(np.float32)
    return sparse.csr_matrix((values, counts.indices, counts.indptr), counts.shape)


def _divergences(presence: sparse.csr_matrix, roles: Sequence[str]) -> Floats:
    """Return the Kullback-Leibler divergence of the roles of postings with a term from those of all postings.

    The first distribution is smoothed towards the second by two pseudo-counts, and rare roles are weighted up by the
    square root of their rarity.

    Args:
        presence: 1 where a posting has a term; shape (postings, terms).
        roles: The role of each posting; shape (postings,).

    Returns:
        The divergence of each term, in nats, at least 1e-6; shape (terms,).
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
