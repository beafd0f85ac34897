"""Terms are counted once, and counts can be chosen, narrowed and joined like the texts that they stand for."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.model.term_counts import BLOCKS, TermCounts, count_terms, look_up, tally
from classifier.model.vectorizer import PostingVectorizer

ROWS = [
    {"title": "Storage Engineer", "description": "write to disks and disks"},
    {"title": "Storage Recruiter", "description": "write letters"},
    {"title": "工程师", "description": ""},
]


def equal(left: TermCounts, right: TermCounts) -> bool:
    return (
        all(left.terms[name].tolist() == right.terms[name].tolist() for name in BLOCKS)
        and all((left.matrices[name] != right.matrices[name]).nnz == 0 for name in BLOCKS)
        and np.array_equal(left.words, right.words)
        and np.array_equal(left.chinese, right.chinese)
    )


def test_terms_are_sorted_and_counted_by_document() -> None:
    terms, matrix = count_terms([["b", "a", "b"], ["b"], []], 1)
    assert terms.tolist() == ["a", "b"]
    assert matrix.toarray().tolist() == [[1, 2], [0, 1], [0, 0]]


def test_terms_of_too_few_documents_have_no_column() -> None:
    terms, matrix = count_terms([["b", "a", "a"], ["b"]], 2)
    assert (terms.tolist(), matrix.toarray().tolist()) == (["b"], [[1], [1]])


@pytest.mark.parametrize("documents", [[], [[], []]])
def test_documents_without_terms_have_no_columns(documents: list[list[str]]) -> None:
    terms, matrix = count_terms(documents, 1)
    assert (len(terms), matrix.shape) == (0, (len(documents), 0))


def test_look_up_and_tally_ignore_unknown_terms() -> None:
    row, column = look_up([["b", "x", "b"], [], ["a"]], {"a": 0, "b": 1})
    assert (row.tolist(), column.tolist()) == ([0, 0, 0, 2], [1, -1, 1, 0])
    assert tally(row, column, (3, 2)).toarray().tolist() == [[0, 2], [0, 0], [1, 0]]


def test_words_are_counted_without_their_pairs() -> None:
    rows = [{"title": "Machine Learning", "description": "painting"}, {"title": "?", "description": "disks, letters"}]
    assert PostingVectorizer().count(rows).words.tolist() == [[2, 1], [0, 2]]


def test_each_han_character_of_a_description_is_a_word() -> None:
    rows = [{"title": "数据工程师", "description": "负责 Spark 开发"}]
    assert PostingVectorizer().count(rows).words[0, 1] == 5


def test_language_is_that_of_the_description_or_else_of_the_title() -> None:
    rows = [
        {"title": "Data Engineer", "description": "负责数据仓库建设"},
        {"title": "数据工程师", "description": "Build pipelines with Spark"},
        {"title": "数据工程师"},
        {"title": "資料工程師", "description": ""},
        {"title": "Data Engineer"},
        {"title": "Data Engineer", "description": "数据仓 and Spark x"},
        {"title": "Data Engineer", "description": "数据仓 and Spark x y"},
    ]
    assert PostingVectorizer().count(rows).chinese.tolist() == [True, False, True, True, False, True, False]


def test_rows_joined_again_are_all_rows() -> None:
    vectorizer = PostingVectorizer()
    counts = vectorizer.count(ROWS, every=True)
    assert len(counts) == 3
    first, rest = vectorizer.count(ROWS[:1], every=True), vectorizer.count(ROWS[1:], every=True)
    assert equal(first.followed_by(rest), counts)
    assert equal(counts.rows(np.array([True, True, True])), counts)
    assert counts.chinese.tolist() == [False, False, True]
    chosen = counts.rows(np.array([2, 0]))
    assert (chosen.words.tolist(), chosen.chinese.tolist()) == (counts.words[[2, 0]].tolist(), [True, False])


def test_columns_are_chosen_by_term() -> None:
    counts = PostingVectorizer().count(ROWS, every=True)
    assert counts.columns(counts.terms) is counts
    wanted = dict(counts.terms) | {"description_words": np.array(["disks", "write"])}
    assert counts.columns(wanted).matrices["description_words"].toarray().tolist() == [[2, 1], [0, 1], [0, 0]]


def test_terms_that_were_not_counted_have_empty_columns() -> None:
    counts = PostingVectorizer().count(ROWS, every=True)
    wanted = dict(counts.terms) | {
        "description_words": np.array(["disks", "ever", "write", "zebra"]),
        "title_heads": np.array([], dtype=str),
    }
    found = counts.columns(wanted)
    assert found.matrices["description_words"].toarray().tolist() == [[2, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    assert found.matrices["title_heads"].shape == (3, 0)
    nothing = PostingVectorizer().count([{"title": "?"}]).columns(wanted)
    assert nothing.matrices["description_words"].toarray().tolist() == [[0, 0, 0, 0]]
