"""The vectorizer: what has a column, how a row is weighted, and that a restored vectorizer is the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.exceptions import NotFittedError

from classifier.model.tag import Row
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


def plain_norms(vectorizer: PostingVectorizer, rows: Sequence[Row], block: str) -> Any:
    """The norm of each row of TF-IDF in a block, from the counts alone."""
    counts = vectorizer.count_known(rows).matrices[block].toarray()
    values = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0) * vectorizer.weights_[block]
    return np.linalg.norm(values, axis=1)


def test_each_block_of_a_row_has_its_own_norm(vectorizer: PostingVectorizer, corpus: Corpus) -> None:
    matrix = vectorizer.transform(corpus.labelled)
    assert (matrix.shape, matrix.dtype) == ((80, vectorizer.columns), np.float32)
    weights = {"title_words": 0.6, "title_characters": 0.6, "title_heads": 0.4}
    for block, weight in weights.items():
        assert norms(matrix[:, columns(vectorizer, block)]) == pytest.approx(np.full(80, weight), rel=1e-5)
    for block, weight in {"description_words": 0.8, "duties_words": 0.6}.items():
        plain = plain_norms(vectorizer, corpus.labelled, block)
        damped = weight * plain / (plain + vectorizer.damping)
        assert norms(matrix[:, columns(vectorizer, block)]) == pytest.approx(damped, rel=1e-5)
    assert vectorizer.title_columns == columns(vectorizer, "description_words").start


def test_weights_are_settings(corpus: Corpus, roles: list[str]) -> None:
    vectorizer = PostingVectorizer(
        title_weight=2.0, head_weight=3.0, description_weight=1.5, duties_weight=0.0, damping=0.0
    ).fit(corpus.labelled, roles)
    matrix = vectorizer.transform(corpus.labelled)
    assert norms(matrix[:, columns(vectorizer, "title_words")]) == pytest.approx(np.full(80, 2.0), rel=1e-5)
    assert norms(matrix[:, columns(vectorizer, "title_heads")]) == pytest.approx(np.full(80, 3.0), rel=1e-5)
    assert norms(matrix[:, columns(vectorizer, "description_words")]) == pytest.approx(np.full(80, 1.5), rel=1e-5)
    assert not norms(matrix[:, columns(vectorizer, "duties_words")]).any()


def test_plain_tf_idf_without_supervision() -> None:
    rows = [{"title": "a", "description": "storage storage disk"}, {"title": "a", "description": "storage"}]
    vectorizer = PostingVectorizer(informed=0, min_postings=1, damping=0).fit(rows, ["storage", "security"])
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


def test_row_of_a_description_grows_with_its_text(vectorizer: PostingVectorizer, corpus: Corpus) -> None:
    row = corpus.labelled[4]
    copies = [row | {"description": row["description"][:length]} for length in range(0, len(row["description"]) + 1, 8)]
    matrix = vectorizer.transform(copies)
    for block, weight in {"description_words": 0.8, "duties_words": 0.6}.items():
        grown = norms(matrix[:, columns(vectorizer, block)])
        assert grown[0] == 0
        assert (np.diff(grown) >= 0).all()
        assert 0.2 < grown[-1] < weight
    # The title's blocks stay as they are.
    assert (matrix[:, : vectorizer.title_columns] != matrix[[0] * len(copies), : vectorizer.title_columns]).nnz == 0


@pytest.mark.parametrize("settings", [{}, {"damping": 2.0, "description_weight": 1.5}])
def test_amount_of_text_is_the_norm_before_it_is_damped(
    settings: dict[str, float], corpus: Corpus, roles: list[str]
) -> None:
    vectorizer = PostingVectorizer(**settings).fit(corpus.labelled, roles)  # type: ignore[arg-type]
    rows = [*corpus.labelled, {"title": "SRE"}, {"title": "SRE", "description": "xyzzy plugh zanzibar"}]
    amounts = vectorizer.amounts(vectorizer.transform(rows))
    assert amounts == pytest.approx(plain_norms(vectorizer, rows, "description_words"), rel=1e-4)
    assert amounts[-2:].tolist() == [0, 0]
    assert (amounts[:-2] > 0).all()


def test_stub_of_a_description_is_no_description(vectorizer: PostingVectorizer) -> None:
    stubs = ["", "Apply now.", "【岗位类别】：实习/全职", "https://example.com/jobs/1"]
    rows: list[Row] = [{"title": "Product Manager", "description": stub} for stub in stubs]
    rows.append({"title": "Product Manager", "description": None})
    counts = vectorizer.count_known(rows)
    assert counts.words.tolist() == [[2, 0]] * 5
    matrix = vectorizer.transform(rows)
    assert (matrix != matrix[[0] * 5]).nnz == 0


def test_terms_are_counted_again_as_before(corpus: Corpus) -> None:
    vectorizer = PostingVectorizer()
    counts = vectorizer.count(corpus.labelled)
    again = vectorizer.count_again(corpus.labelled, counts)
    assert np.array_equal(again.words, counts.words)
    assert np.array_equal(again.chinese, counts.chinese)
    assert all((again.matrices[name] != counts.matrices[name]).nnz == 0 for name in BLOCKS)


def test_terms_counted_again_are_those_of_the_changed_description(corpus: Corpus, roles: list[str]) -> None:
    vectorizer = PostingVectorizer()
    counts = vectorizer.count(corpus.labelled)
    cut = [row | {"description": row["description"][:20]} for row in corpus.labelled]
    again = vectorizer.count_again(cut, counts)
    known = vectorizer.fit_counts(counts, roles).count_known(cut)
    assert np.array_equal(again.words, known.words)
    assert (again.words[:, 1] < counts.words[:, 1]).all()
    assert (vectorizer.transform_counts(again) != vectorizer.transform(cut)).nnz == 0


def test_of_overlapping_chinese_words_all_that_lie_in_no_other_are_counted() -> None:
    rows = [
        {"title": "x", "description": text}
        for text in ("数据、数据库、管理员、库管", "数据、数据库、管理员、库管", "仓库管理", "仓库管理")
    ]
    state = PostingVectorizer(min_postings=1).fit(rows, ["storage", "storage", "corporate", "corporate"]).state()
    words = ["库管", "数据", "数据库", "管理员"]
    chosen = state | {name: (words, np.ones(4, np.float32)) for name in ("description_words", "duties_words")}
    vectorizer = PostingVectorizer().restore(chosen)
    counts = vectorizer.count_known([{"title": "x", "description": "负责数据库管理员的数据。"}])
    assert dict(zip(words, counts.matrices["description_words"].toarray()[0].tolist(), strict=True)) == {
        "库管": 1,  # it begins in 数据库 and ends in 管理员
        "数据": 1,  # the second one: the first lies in 数据库
        "数据库": 1,
        "管理员": 1,
    }
    # Of eleven characters, the words cover eight; those that overlap have ten together, and never more than all.
    assert counts.words[0, 1] == 11
    assert 0 <= vectorizer.unknown_words(counts)[0] < 0.5


def test_traditional_chinese_has_the_columns_of_simplified(vectorizer: PostingVectorizer) -> None:
    simplified = {"title": "产品经理", "description": "调研用户需求，撰写产品文档，规划产品路线并推动上线"}
    traditional = {"title": "產品經理", "description": "調研用戶需求，撰寫產品文檔，規劃產品路線並推動上線"}
    one, other = vectorizer.transform([simplified]), vectorizer.transform([traditional])
    assert one[:, vectorizer.title_columns :].nnz > 3
    assert (one != other).nnz == 0


def test_it_must_be_fitted_first() -> None:
    with pytest.raises(NotFittedError):
        PostingVectorizer().transform([{"title": "SRE"}])
