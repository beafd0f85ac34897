"""The vectorizer: TF-IDF of a title's words, characters and head, of a description's words, and of its duties."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from classifier.arrays import Flags, Floats
from classifier.estimators import Estimator, check_is_fitted
from classifier.model.tag import Row
from classifier.model.term_counts import (
    BLOCKS,
    DESCRIPTION_BLOCKS,
    TITLE_BLOCKS,
    TermCounts,
    char_ngrams,
    count_terms,
    look_up,
    sort_indices,
    tally,
)
from classifier.text import sections
from classifier.text.glossary import Glossary
from classifier.text.heads import head_terms
from classifier.text.matching import WordMatcher
from classifier.text.ngrams import NgramMatcher
from classifier.text.stubs import without_stub
from classifier.text.tokens import HAN, fold, tokens, with_pairs

_IS_HAN = re.compile(f"[{HAN}]")
_HAN_WORD = re.compile(f"[{HAN}]+")

if TYPE_CHECKING:
    from sklearn.utils import Tags


class PostingVectorizer(Estimator):
    """A scikit-learn transformer of job postings: TF-IDF in five blocks, each with its own vocabulary and row norm.

    A word in a title is stronger evidence of the role than the same word in a description, and a word among the duties
    stronger than one among the requirements or the company's description of itself, so that they have separate
    columns. English words from the glossary are added to German and Chinese titles, and the head of a title
    (`classifier.text.heads`) has columns of its own.

    Words of descriptions are weighted not only by their rarity but also by how informative they are about the role:
    by the divergence of the roles of postings with the word from the roles of all postings (supervised term weighting,
    Debole and Sebastiani 2003). Words that every company uses about itself then add little to a row's norm. The less
    a description tells, the smaller is the norm of its row, so that a few words do not weigh as much as a page.

    The vocabulary of descriptions is learned by segmenting Chinese; afterwards its words are found without
    segmentation (`classifier.text.matching`).

    Args:
        description_characters: How many characters of a description are read.
        title_weight: The Euclidean norm of a row in the blocks of the title's words and characters.
        head_weight: The same in the block of the title's head.
        description_weight: The norm that a row approaches in the block of all words of the description.
        duties_weight: The same in the block of the words of the duties.
        damping: The amount of text at which a row of a description has half of that norm.
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
        head_weight: float = 0.4,
        description_weight: float = 0.8,
        duties_weight: float = 0.6,
        damping: float = 8.0,
        informed: float = 0.35,
        min_postings: int = 2,
    ) -> None:
        self.description_characters = description_characters
        self.title_weight = title_weight
        self.head_weight = head_weight
        self.description_weight = description_weight
        self.duties_weight = duties_weight
        self.damping = damping
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
        least = 1 if every else self.min_postings
        titles, descriptions = _titles(rows), self._descriptions(rows)
        terms, matrices = {}, {}
        for name, documents in titles.blocks.items():
            terms[name], matrices[name] = count_terms(documents, least)
        segmented, _ = count_terms([list(filter(_can_match, tokens(text))) for text in descriptions.texts], least)
        found, words = _Lexicon.of(segmented, segmented).look_up(descriptions)
        for name, matrix in found.items():
            kept = np.flatnonzero(np.bincount(matrix.indices, minlength=len(segmented)) >= least)
            terms[name], matrices[name] = segmented[kept], sort_indices(matrix[:, kept])
        return TermCounts(terms, matrices, *titles.and_descriptions(descriptions, words))

    def count_again(self, rows: Sequence[Row], counts: TermCounts) -> TermCounts:
        """Count, in postings whose descriptions were changed, the terms that were counted before.

        Args:
            rows: The same postings, with the same titles.
            counts: What `count` returned for them before.
        """
        descriptions = self._descriptions(rows)
        found, words = _Lexicon.of(*(counts.terms[name] for name in DESCRIPTION_BLOCKS)).look_up(descriptions)
        measured = _titles(rows, ngrams=False).and_descriptions(descriptions, words)
        return TermCounts(counts.terms, {**counts.matrices, **found}, *measured)

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
        titles, descriptions = _titles(rows, ngrams=False), self._descriptions(rows)
        places = {name: look_up(titles.blocks[name], columns) for name, columns in self._columns.items()}
        places["title_characters"] = self._ngrams.find(titles.texts)
        matrices = {name: tally(*place, (len(rows), len(self.terms_[name]))) for name, place in places.items()}
        found, words = self._lexicon.look_up(descriptions)
        return TermCounts(self.terms_, matrices | found, *titles.and_descriptions(descriptions, words))

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
            described = learned["description_words"] @ self._width
            # Chinese words may overlap, and then cover fewer characters than they have together.
            known = known + np.minimum(described, counts.words[:, 1])
            words = counts.words.sum(axis=1)
        return np.asarray(1 - np.divide(known, words, out=np.ones(len(counts)), where=words > 0))

    def amounts(self, matrix: sparse.csr_matrix) -> Floats:
        """Return how much each description tells: the norm of its row before it is weighted.

        Args:
            matrix: What `transform` returned; shape (postings, columns).

        Returns:
            Not negative, 0 without a description; a sentence has about 10, a page about 50; shape (postings,).
        """
        start = self.title_columns
        words = matrix[:, start : start + len(self.terms_["description_words"])]
        norms = np.sqrt(np.asarray(words.multiply(words).sum(axis=1), dtype=np.float64)).ravel()
        return np.asarray(self.damping * norms / np.maximum(self.description_weight - norms, 1e-6))

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

    def _index(self) -> None:
        """Index the vocabularies of titles by term, and the duties' by the column of the same word in descriptions."""
        self._columns = {
            name: {term: column for column, term in enumerate(self.terms_[name].tolist())}
            for name in ("title_words", "title_heads")
        }
        self._ngrams = NgramMatcher(self.terms_["title_characters"].tolist())
        in_titles = self._columns["title_words"]  # the only block of words with pairs of words
        self._is_word = np.fromiter((" " not in term for term in in_titles), bool, len(in_titles))
        words = self.terms_["description_words"].tolist()
        self._width = np.array([len(word) if _IS_HAN.match(word) else 1 for word in words], dtype=np.int64)
        self._lexicon = _Lexicon.of(*(self.terms_[name] for name in DESCRIPTION_BLOCKS))

    def _weigh(self, counts: Mapping[str, sparse.csr_matrix]) -> sparse.csr_matrix:
        norms = {
            "title_heads": (self.head_weight, 0.0),
            "description_words": (self.description_weight, self.damping),
            "duties_words": (self.duties_weight, self.damping),
        }
        blocks = [
            _tfidf(sort_indices(counts[name]), self.weights_[name], *norms.get(name, (self.title_weight, 0.0)))
            for name in BLOCKS
        ]
        return sparse.hstack(blocks, format="csr", dtype=np.float32)

    def _descriptions(self, rows: Sequence[Row]) -> _Descriptions:
        texts, starts, ends = [], [], []
        for row in rows:
            text = without_stub(fold((row.get("description") or "")[: self.description_characters]))
            before, duties, _ = sections.split(text)
            texts.append(text)
            starts.append(len(before))
            ends.append(len(before) + len(duties))
        return _Descriptions(texts, np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64))


class _Descriptions(NamedTuple):
    """The descriptions of postings, folded, and where their duties begin and end, in characters; shape (postings,)."""

    texts: list[str]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]


class _Titles(NamedTuple):
    """The titles of postings.

    Attributes:
        texts: The titles, folded.
        blocks: The terms of each, repeated as often as they occur, by block.
    """

    texts: list[str]
    blocks: dict[str, list[list[str]]]

    def and_descriptions(
        self, descriptions: _Descriptions, described: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], Flags]:
        """Return the number of words in titles and descriptions, and whether postings are in Chinese.

        A posting is in Chinese if half of its description's words are Han characters, or without a description, if its
        title has any.

        Args:
            descriptions: The descriptions of the same postings.
            described: The number of words of each; shape (postings,).
        """
        titled = [(len(terms) + 1) // 2 for terms in self.blocks["title_words"]]  # n words, then n - 1 pairs
        han = np.array([sum(map(len, _HAN_WORD.findall(text))) for text in descriptions.texts], dtype=np.int64)
        in_title = np.array([_IS_HAN.search(text) is not None for text in self.texts], dtype=bool)
        chinese = np.where(described > 0, 2 * han >= described, in_title)
        return np.stack([np.array(titled, dtype=np.int64), described], axis=1), chinese


class _Lexicon(NamedTuple):
    """The vocabularies of descriptions.

    Attributes:
        matcher: Finds the words of descriptions.
        duties_column: The column of each of these words among the duties, -1 for none; shape (words,).
        duties: The number of columns of the duties.
    """

    matcher: WordMatcher
    duties_column: npt.NDArray[np.int32]
    duties: int

    @classmethod
    def of(cls, words: npt.NDArray[np.str_], duties: npt.NDArray[np.str_]) -> _Lexicon:
        """Index the words of descriptions and those of their duties, which are some of them."""
        column = {word: index for index, word in enumerate(duties.tolist())}
        columns = np.array([column.get(word, -1) for word in words.tolist()], dtype=np.int32)
        return cls(WordMatcher(words.tolist()), columns, len(duties))

    def look_up(self, descriptions: _Descriptions) -> tuple[dict[str, sparse.csr_matrix], npt.NDArray[np.int64]]:
        """Return the counts of the words in descriptions, by block, and the number of words of each description."""
        found = self.matcher.find(descriptions.texts)
        among = (found.start >= descriptions.starts[found.row]) & (found.start < descriptions.ends[found.row])
        rows = len(descriptions.texts)
        matrices = (
            tally(found.row, found.column, (rows, len(self.duties_column))),
            tally(found.row[among], self.duties_column[found.column[among]], (rows, self.duties)),
        )
        return dict(zip(DESCRIPTION_BLOCKS, matrices, strict=True)), found.words


def _titles(rows: Sequence[Row], *, ngrams: bool = True) -> _Titles:
    """Return the titles of postings; without n-grams, their block has no terms."""
    glossary = Glossary.load()
    texts = [fold(row["title"]) for row in rows]
    words = [with_pairs(tokens(text) + glossary.english(text)) for text in texts]
    characters = list(map(char_ngrams, texts)) if ngrams else [[] for _ in texts]
    blocks = (words, characters, list(map(head_terms, texts)))
    return _Titles(texts, dict(zip(TITLE_BLOCKS, blocks, strict=True)))


def _can_match(token: str) -> bool:
    """Return whether a token of a description is in its vocabulary: single Han characters tell too little."""
    return len(token) > 1 or not _IS_HAN.match(token)


def _tfidf(
    counts: sparse.csr_matrix, weights: npt.NDArray[np.float32], weight: float, damping: float
) -> sparse.csr_matrix:
    """Return rows of one plus the logarithm of each count, times the term's weight, scaled to a norm.

    A row of norm n is scaled to ``weight * n / (n + damping)``.
    """
    values = (1 + np.log(counts.data.astype(np.float32))) * weights[counts.indices]
    lengths = np.diff(counts.indptr)
    squares = np.zeros(len(lengths))
    squares[lengths > 0] = np.add.reduceat(values.astype(np.float64) ** 2, counts.indptr[:-1][lengths > 0])
    scale = (weight / np.maximum(np.sqrt(squares) + damping, 1e-12)).astype(np.float32)
    return sparse.csr_matrix((values * np.repeat(scale, lengths), counts.indices, counts.indptr), counts.shape)


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
