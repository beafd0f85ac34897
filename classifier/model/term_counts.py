"""Counts of terms: how often each occurs in each posting, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from classifier.arrays import Flags

TITLE_BLOCKS = ("title_words", "title_characters", "title_heads")
DESCRIPTION_BLOCKS = ("description_words", "duties_words")
BLOCKS = (*TITLE_BLOCKS, *DESCRIPTION_BLOCKS)
"""The blocks of columns, in their order."""

_Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often each term occurs in each posting: all that training needs of the texts, without their word order.

    Attributes:
        terms: The terms of each block's columns, sorted; shape (terms of the block,).
        matrices: The counts of each block, 32-bit integers; shape (postings, terms of the block).
        words: The number of words in each posting's title and in its description, whether they have a column or not;
            each Han character of a description counts as one; shape (postings, 2).
        chinese: Whether each posting is in Chinese; shape (postings,).
    """

    terms: Mapping[str, npt.NDArray[np.str_]]
    matrices: Mapping[str, sparse.csr_matrix]
    words: npt.NDArray[np.int64]
    chinese: Flags

    def __len__(self) -> int:
        """Return the number of postings."""
        return len(self.words)

    def rows(self, chosen: npt.NDArray[Any]) -> TermCounts:
        """Return the counts of some postings, chosen by any index that numpy accepts for rows."""
        matrices = {name: matrix[chosen] for name, matrix in self.matrices.items()}
        return TermCounts(self.terms, matrices, self.words[chosen], self.chinese[chosen])

    def columns(self, terms: Mapping[str, npt.NDArray[np.str_]]) -> TermCounts:
        """Return the counts of other terms; one that was not counted here, as of the codebook's titles, has none.

        Args:
            terms: The terms of each block, sorted.
        """
        if terms is self.terms:  # as when tagging, where looking up the vocabulary would take most of the time
            return self
        matrices = {}
        for name, wanted in terms.items():
            _, own, chosen = np.intersect1d(self.terms[name], wanted, assume_unique=True, return_indices=True)
            matrices[name] = _spread(self.matrices[name][:, own], chosen, len(wanted))
        return TermCounts(terms, matrices, self.words, self.chinese)

    def followed_by(self, others: TermCounts) -> TermCounts:
        """Return the counts of these postings followed by others, with the terms of both."""
        terms, matrices = {}, {}
        for name in self.terms:
            terms[name] = np.union1d(self.terms[name], others.terms[name])
            matrices[name] = sparse.vstack(
                [
                    _spread(counts.matrices[name], np.searchsorted(terms[name], counts.terms[name]), len(terms[name]))
                    for counts in (self, others)
                ],
                format="csr",
            )
        words, chinese = (np.concatenate([getattr(each, of) for each in (self, others)]) for of in ("words", "chinese"))
        return TermCounts(terms, matrices, words, chinese)


def count_terms(documents: Sequence[list[str]], least: int) -> tuple[npt.NDArray[np.str_], sparse.csr_matrix]:
    """Count the terms that occur in enough documents.

    Args:
        documents: The terms of each document, repeated as often as they occur.
        least: In how many documents a term must occur.

    Returns:
        The terms, sorted; shape (terms,). Their counts; shape (documents, terms).
    """
    if not any(documents):  # scikit-learn raises an error for an empty vocabulary
        return np.array([], dtype=str), sparse.csr_matrix((len(documents), 0), dtype=np.int32)
    from sklearn.feature_extraction.text import CountVectorizer  # here, because tagging does not need it

    counter = CountVectorizer(analyzer=_as_is, dtype=np.int32)
    matrix = counter.fit_transform(documents)
    kept = np.flatnonzero(np.bincount(matrix.indices, minlength=matrix.shape[1]) >= least)
    return counter.get_feature_names_out().astype(str)[kept], sort_indices(matrix[:, kept])


def char_ngrams(text: str) -> list[str]:
    """Return the parts of a text's words with 2 to 4 characters; words have a space before and after."""
    return _analyzer()(text)


@cache
def _analyzer() -> Callable[[str], list[str]]:
    from sklearn.feature_extraction.text import CountVectorizer

    analyzer: Callable[[str], list[str]] = CountVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), lowercase=False
    ).build_analyzer()
    return analyzer


def look_up(documents: Sequence[list[str]], columns: Mapping[str, int]) -> tuple[_Numbers, _Numbers]:
    """Return the row and the column of each term of the documents, one after the other; column -1 for unknown terms."""
    row = np.repeat(np.arange(len(documents), dtype=np.int32), list(map(len, documents)))
    return row, np.fromiter(map(columns.get, chain.from_iterable(documents), repeat(-1)), np.int32)


def tally(row: _Numbers, column: _Numbers, shape: tuple[int, int]) -> sparse.csr_matrix:
    """Return how often each column occurs in each row; a column of -1 is not counted."""
    rows, columns = shape
    known = np.flatnonzero(column >= 0)
    # Sorting cells by one number each is faster than scipy's conversion.
    cells = np.sort(row.take(known).astype(np.int64) * columns + column.take(known))
    first = np.flatnonzero(np.diff(cells, prepend=-1))
    counts, cells = np.diff(first, append=len(cells)).astype(np.int32), cells.take(first)
    starts = np.arange(rows + 1, dtype=np.int64) * columns
    bounds = np.searchsorted(cells, starts).astype(np.int32)
    indices = (cells - np.repeat(starts[:-1], np.diff(bounds))).astype(np.int32)
    return sparse.csr_matrix((counts, indices, bounds), shape)


def _spread(matrix: sparse.csr_matrix, columns: npt.NDArray[np.intp], width: int) -> sparse.csr_matrix:
    """Return the same counts in other columns of a matrix of some width; columns that are not named are empty."""
    spread = (matrix.data, columns[matrix.indices].astype(np.int32), matrix.indptr)
    return sort_indices(sparse.csr_matrix(spread, (matrix.shape[0], width)))


def sort_indices(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Sort each row's columns in place, and return the matrix."""
    matrix.sort_indices()
    return matrix


def _as_is(value: Iterable[str]) -> Iterable[str]:
    return value
