"""Training on counts of terms, saved or not, gives the same model as training on the texts."""

from __future__ import annotations

import io
import lzma
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classifier.model.tagger import Tagger
from classifier.model.term_counts import BLOCKS, TermCounts
from classifier.model.vectorizer import PostingVectorizer
from classifier.training.corpus import Corpus, text_key
from classifier.training.cross_validation import WEIGHTS, fit_tagger
from classifier.training.examples import FILE, Examples, ExamplesError
from classifier.training.train import train
from tests.classifier.world import posting, quick_quantifiers


@pytest.fixture(scope="module")
def examples(corpus: Corpus) -> Examples:
    return Examples.of(corpus.labelled, gold=corpus.gold)


def same(one: Examples, other: Examples) -> bool:
    fields = ("ids", "texts", "languages", "companies", "roles", "confidence", "added", "unseen")
    return (
        all(np.array_equal(getattr(one, name), getattr(other, name)) for name in fields)
        and list(one.short) == list(other.short)
        and same_counts(one.counts, other.counts)
        and all(same_counts(counts, other.short[length]) for length, counts in one.short.items())
    )


def same_counts(one: TermCounts, other: TermCounts) -> bool:
    return (
        np.array_equal(one.words, other.words)
        and np.array_equal(one.chinese, other.chinese)
        and all(np.array_equal(one.terms[name], other.terms[name]) for name in BLOCKS)
        and all((one.matrices[name] != other.matrices[name]).nnz == 0 for name in BLOCKS)
    )


def test_examples_survive_saving_and_are_saved_reproducibly(examples: Examples, tmp_path: Path) -> None:
    first = examples.save(tmp_path).read_bytes()
    read = Examples.load(tmp_path)
    assert same(read, examples)
    assert same(Examples.load(tmp_path / "tagger.json"), examples)
    assert read.save(tmp_path).read_bytes() == first
    with quick_quantifiers():
        assert train(read, Tagger(), folds=3).model == train(examples, Tagger(), folds=3).model


def test_file_has_no_title_and_no_sentence(corpus: Corpus, examples: Examples, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(lzma.decompress(examples.save(tmp_path).read_bytes()))) as archive:
        content = b"\n".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    assert "Firma" not in content
    for one in corpus.labelled:
        assert one["title"] not in content
        assert one["description"] not in content


def test_terms_of_a_single_posting_are_dropped(corpus: Corpus) -> None:
    rows = [*corpus.labelled, posting(99, "corporate", 1) | {"description": "zanzibar"}]
    assert "zanzibar" not in Examples.of(rows).counts.terms["description_words"]
    assert "zanzibar" in Examples.of(rows, every=True).counts.terms["description_words"]


def test_examples_can_be_concatenated(corpus: Corpus) -> None:
    first, second = (Examples.of(part, every=True) for part in (corpus.labelled[:50], corpus.labelled[50:]))
    joined, together = first.followed_by(second), Examples.of(corpus.labelled, every=True)
    for length in ("40", "300"):
        assert same_counts(joined.short[length], together.short[length])
    # A stub has words that a part of the corpus may not know.
    stubs, more = joined.short["stub"], together.short["stub"]
    assert np.array_equal(stubs.words, more.words)
    assert all((stubs.matrices[name] > more.matrices[name]).nnz == 0 for name in BLOCKS)
    assert same(replace(joined, short={}), replace(together, short={}))


def test_unseen_texts_are_kept(corpus: Corpus, examples: Examples) -> None:
    keys = {text_key(one["title"], one["description"]) for one in corpus.gold}
    assert set(examples.rows(np.arange(3)).unseen) == keys
    assert set(examples.followed_by(Examples.of(corpus.labelled[:2], every=True)).unseen) == keys


def test_posting_without_a_description_can_be_counted() -> None:
    rows = [{**posting(n, "corporate", n), "description": ""} for n in range(6)]
    examples = Examples.of(rows)
    assert examples.counts.matrices["duties_words"].shape == (6, 0)
    assert (examples.counts.words[:, 1] == 0).all()


def test_training_on_titles_alone_is_possible(tmp_path: Path) -> None:
    rows = [{**posting(n, ("corporate", "reliability")[n % 2], n // 2), "description": ""} for n in range(12)]
    tagger = Tagger().fit(rows, [row["role"] for row in rows])
    assert tagger.predict(rows).tolist() == [row["role"] for row in rows]
    assert Tagger.load(tagger.save(tmp_path)).predict(rows).tolist() == tagger.predict(rows).tolist()


def test_labels_are_weighted_by_confidence(examples: Examples) -> None:
    assert WEIGHTS[1] < WEIGHTS[2] < WEIGHTS[3]
    unsure = np.where(examples.roles == "corporate", 1, 3)
    usual, other = (fit_tagger(Tagger(), replace(examples, confidence=one)) for one in (examples.confidence, unsure))
    assert usual.model != other.model
    corporate = usual.classes_.tolist().index("corporate")
    rows = [{"title": "Lamp Keeper"}]
    assert other.predict_proba(rows)[0, corporate] < usual.predict_proba(rows)[0, corporate]


def test_unknown_words_are_a_share_of_all_words(corpus: Corpus, examples: Examples) -> None:
    vectorizer = PostingVectorizer().fit(corpus.labelled, examples.roles.tolist())
    rows = [
        {"title": "Product Manager", "description": "Own the product roadmap"},
        {"title": "Product Zanzibar", "description": "xyzzy plugh the product"},
        {"title": "?"},
    ]
    counts = vectorizer.count_known(rows)
    assert vectorizer.unknown_words(counts).tolist() == pytest.approx([0, 0.5, 0])
    assert vectorizer.unknown_words(counts, titles_only=True).tolist() == pytest.approx([0, 0.5, 0])
    # The same from counts of every term, as training has them.
    every = PostingVectorizer().count([*rows, *corpus.labelled], every=True).rows(np.arange(3))
    assert vectorizer.unknown_words(every).tolist() == pytest.approx([0, 0.5, 0])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "no training data at"),
        (b"words", "is damaged"),
        (lzma.compress(b"words"), "is damaged"),
        (lzma.compress(b"PK\x05\x06" + bytes(18)), "is damaged"),
    ],
)
def test_damaged_training_data_is_refused(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    if content is not None:
        (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ExamplesError, match=sentence):
        Examples.load(tmp_path)


def test_training_data_of_another_tokenizer_is_refused(
    examples: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples.save(tmp_path)
    monkeypatch.setattr("classifier.text.tokens.tokenizer_digest", lambda: "another")
    with pytest.raises(ExamplesError, match="splits text differently"):
        Examples.load(tmp_path)


def test_truncated_training_data_is_refused(examples: Examples, tmp_path: Path) -> None:
    path = examples.save(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ExamplesError, match="is damaged"):
        Examples.load(tmp_path)
