"""Counts of terms: how often each occurs in each posting, block by block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from classifier.arrays import Flags

TITLE_BLOCKS = ("title_words", "title_characters")
DESCRIPTION_BLOCKS = ("description_words", "duties_words")
BLOCKS = (*TITLE_BLOCKS, *DESCRIPTION_BLOCKS)
"""The blocks of columns, in their order."""

_Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often each term occurs in each posting: all that training needs of texts, in no order of theirs.

    Attributes:
        terms: The terms of each block's columns, sorted.
        matrices: Each block's counts; shape (postings, terms of the block), whole numbers.
        words: How many words each posting has in its title and in its description, columns or not; shape
            (postings, 2).
    """

    terms: Mapping[str, npt.NDArray[np.str_]]
    matrices: Mapping[str, sparse.csr_matrix]
    words: npt.NDArray[np.int64]

    def __len__(self) -> int:
        """How many postings are counted."""
        return len(self.words)

    def rows(self, chosen: npt.NDArray[Any]) -> TermCounts:
        """Return the counts of some postings, chosen as numpy indexes rows."""
        matrices = {name: matrix[chosen] for name, matrix in self.matrices.items()}
        return TermCounts(self.terms, matrices, self.words[chosen])

    def columns(self, terms: Mapping[str, npt.NDArray[np.str_]]) -> TermCounts:
        """Return the counts of some terms, all of which must be counted here."""
        if terms is self.terms:  # as when tagging: looking up a whole vocabulary takes longer than all else
            return self
        found = {name: np.searchsorted(self.terms[name], terms[name]) for name in terms}
        return TermCounts(terms, {name: self.matrices[name][:, found[name]] for name in terms}, self.words)

    def followed_by(self, others: TermCounts) -> TermCounts:
        """Return the counts of these postings and then of others, with the terms of either."""
        terms, matrices = {}, {}
        for name in self.terms:
            terms[name] = np.union1d(self.terms[name], others.terms[name])
            matrices[name] = sparse.vstack(
                [_spread(counts.matrices[name], counts.terms[name], terms[name]) for counts in (self, others)],
                format="csr",
            )
        return TermCounts(terms, matrices, np.concatenate([self.words, others.words]))


def count_terms(documents: Sequence[list[str]], least: int) -> tuple[npt.NDArray[np.str_], sparse.csr_matrix]:
    """Return the sorted terms that occur in enough documents, and how often each occurs in each document."""
    if not any(documents):  # scikit-learn refuses to count nothing
        return np.array([], dtype=str), sparse.csr_matrix((len(documents), 0), dtype=np.int32)
    counter = CountVectorizer(analyzer=_as_is, dtype=np.int32)
    matrix = counter.fit_transform(documents)
    kept = np.flatnonzero(np.bincount(matrix.indices, minlength=matrix.shape[1]) >= least)
    return counter.get_feature_names_out().astype(str)[kept], sort_indices(matrix[:, kept])


def look_up(documents: Sequence[list[str]], columns: Mapping[str, int]) -> tuple[_Numbers, _Numbers]:
    """Return the row and the column of each term of the documents; the column is -1 where there is none."""
    row = np.repeat(np.arange(len(documents), dtype=np.int32), list(map(len, documents)))
    return row, np.fromiter(map(columns.get, chain.from_iterable(documents), repeat(-1)), np.int32)


def flag_heads(documents: Sequence[list[str]], heads: Sequence[list[str]]) -> Flags:
    """Return which terms of the documents, one after the other, belong to their heads."""
    lengths, of_heads = (np.array(list(map(len, texts)), dtype=np.intp) for texts in (documents, heads))
    return np.repeat(np.tile([True, False], len(lengths)), np.stack([of_heads, lengths - of_heads], axis=1).ravel())


def tally(row: _Numbers, column: _Numbers, shape: tuple[int, int]) -> sparse.csr_matrix:
    """Return how often each column occurs in each row."""
    known = column >= 0
    once = np.ones(np.count_nonzero(known), dtype=np.int32)
    return sort_indices(sparse.csr_matrix((once, (row[known], column[known])), shape))


def count_words(documents: Mapping[str, Sequence[list[str]]]) -> npt.NDArray[np.int64]:
    """Return how many words each posting has in its title, where pairs follow them, and in its description."""
    words = [
        [(len(terms) + 1) // 2 for terms in documents["title_words"]],
        list(map(len, documents["description_words"])),
    ]
    return np.array(words, dtype=np.int64).T


def _spread(matrix: sparse.csr_matrix, terms: npt.NDArray[np.str_], wider: npt.NDArray[np.str_]) -> sparse.csr_matrix:
    """Return the same counts with the columns of more terms; both lists of terms are sorted."""
    columns = np.searchsorted(wider, terms)
    spread = (matrix.data, columns[matrix.indices], matrix.indptr)
    return sort_indices(sparse.csr_matrix(spread, (matrix.shape[0], len(wider))))


def sort_indices(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Sort each row's columns in place, and return the matrix."""
    matrix.sort_indices()
    return matrix


def _as_is(value: Iterable[str]) -> Iterable[str]:
    return value
