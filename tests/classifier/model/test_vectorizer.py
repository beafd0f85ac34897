"""The vectorizer: what has a column, how a row is weighted, and that a restored vectorizer is the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.exceptions import NotFittedError

from classifier.model.term_counts import BLOCKS
from classifier.model.vectorizer import PostingVectorizer
from classifier.training.corpus import Corpus


@pytest.fixture(scope="module")
def roles(corpus: Corpus) -> list[str]:
    return [posting["role"] for posting in corpus.labelled]


@pytest.fixture(scope="module")
def vectorizer(corpus: Corpus, roles: list[str]) -> PostingVectorizer:
    return PostingVectorizer().fit(corpus.labelled, roles)


def columns(vectorizer: PostingVectorizer, block: str) -> slice:
    start = sum(len(vectorizer.terms_[name]) for name in BLOCKS[: BLOCKS.index(block)])
    return slice(start, start + len(vectorizer.terms_[block]))


def norms(matrix: sparse.csr_matrix) -> Any:
    return np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())


def test_each_block_of_a_row_has_its_own_norm(vectorizer: PostingVectorizer, corpus: Corpus) -> None:
    matrix = vectorizer.transform(corpus.labelled)
    assert (matrix.shape, matrix.dtype) == ((80, vectorizer.columns), np.float32)
    weights = {"title_words": 0.6, "title_characters": 0.6, "description_words": 0.8, "duties_words": 0.6}
    for block, weight in weights.items():
        assert norms(matrix[:, columns(vectorizer, block)]) == pytest.approx(np.full(80, weight), rel=1e-5)
    assert vectorizer.title_columns == columns(vectorizer, "description_words").start


def test_weights_are_settings(corpus: Corpus, roles: list[str]) -> None:
    vectorizer = PostingVectorizer(title_weight=2.0, duties_weight=0.0).fit(corpus.labelled, roles)
    matrix = vectorizer.transform(corpus.labelled)
    assert norms(matrix[:, columns(vectorizer, "title_words")]) == pytest.approx(np.full(80, 2.0), rel=1e-5)
    assert not norms(matrix[:, columns(vectorizer, "duties_words")]).any()


def test_plain_tf_idf_without_supervision() -> None:
    rows = [{"title": "a", "description": "storage storage disk"}, {"title": "a", "description": "storage"}]
    vectorizer = PostingVectorizer(informed=0, min_postings=1).fit(rows, ["storage", "security"])
    assert vectorizer.terms_["description_words"].tolist() == ["disk", "storage"]
    assert vectorizer.weights_["description_words"] == pytest.approx([np.log(3 / 2) + 1, np.log(3 / 3) + 1])
    cells = vectorizer.transform(rows)[0, columns(vectorizer, "description_words")].toarray()[0]
    expected = np.array([np.log(3 / 2) + 1, 1 + np.log(2)])
    assert cells == pytest.approx(0.8 * expected / np.linalg.norm(expected), rel=1e-5)


def test_words_that_tell_roles_apart_weigh_more() -> None:
    rows = [{"title": "x", "description": f"{word} team"} for word in ("disks", "disks", "letters", "letters")]
    roles = ["storage", "storage", "corporate", "corporate"]
    by_role = PostingVectorizer().fit(rows, roles)
    weight = dict(zip(by_role.terms_["description_words"].tolist(), by_role.weights_["description_words"], strict=True))
    plain = PostingVectorizer(informed=0).fit(rows, roles)
    before = dict(zip(plain.terms_["description_words"].tolist(), plain.weights_["description_words"], strict=True))
    assert weight["disks"] / weight["team"] > before["disks"] / before["team"]


def test_fitting_to_counts_is_fitting_to_rows(vectorizer: PostingVectorizer, corpus: Corpus, roles: list[str]) -> None:
    counts = PostingVectorizer().count(corpus.labelled, every=True)
    other = PostingVectorizer().fit_counts(counts, roles)
    assert (other.transform_counts(counts) != vectorizer.transform(corpus.labelled)).nnz == 0


def test_description_is_read_up_to_the_limit(corpus: Corpus, roles: list[str]) -> None:
    vectorizer = PostingVectorizer(description_characters=40).fit(corpus.labelled, roles)
    row = dict(corpus.labelled[0])
    longer = row | {"description": row["description"][:40] + " storage disks" * 50}
    shorter = row | {"description": row["description"][:40]}
    assert (vectorizer.transform([longer]) != vectorizer.transform([shorter])).nnz == 0


def test_state_restores_the_vectorizer(vectorizer: PostingVectorizer, corpus: Corpus) -> None:
    restored = PostingVectorizer().restore(vectorizer.state())
    assert (restored.transform(corpus.labelled) != vectorizer.transform(corpus.labelled)).nnz == 0


def broken(state: dict[str, Any], block: str, terms: list[str] | None, weights: int) -> dict[str, Any]:
    if terms is None:
        return {name: content for name, content in state.items() if name != block}
    return state | {block: (terms, np.ones(weights, np.float32))}


@pytest.mark.parametrize(
    ("terms", "weights", "message"),
    [
        (None, 0, "the block duties_words is missing"),
        (["disk", "disk"], 2, "the block duties_words repeats a term"),
        (["disk", "tape"], 1, "1 weights for 2 terms"),
        (["nowhere"], 1, "words that descriptions do not have"),
    ],
)
def test_state_that_is_not_consistent_is_refused(
    vectorizer: PostingVectorizer, terms: list[str] | None, weights: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        PostingVectorizer().restore(broken(vectorizer.state(), "duties_words", terms, weights))


def test_it_must_be_fitted_first() -> None:
    with pytest.raises(NotFittedError):
        PostingVectorizer().transform([{"title": "SRE"}])
