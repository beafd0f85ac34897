"""``rolemix train``: labelled postings in, a model out, and the shipped term counts reproduce the shipped model."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.model.tagger import Tagger, shipped
from classifier.training.examples import FILE
from tests.classifier.world import quick_quantifiers, small_corpus, write_corpus
from tests.rolemix.conftest import Rolemix


def test_labelled_postings_give_a_model(rolemix: Rolemix, tmp_path: Path) -> None:
    write_corpus(tmp_path, small_corpus())
    with quick_quantifiers():
        trained = rolemix("train", "--corpora", tmp_path, "--out", tmp_path / "out")
    assert trained.code == 0, trained.err
    assert "fold 1 of 5" in trained.err
    assert "fitted the quantifier" in trained.err
    tagger = Tagger.load(tmp_path / "out")
    assert f"model {tagger.model}" in trained.out
    assert tagger.quantifier_ is not None
    assert (tmp_path / "out" / FILE).exists()


def test_the_shipped_counts_give_the_shipped_model_again(
    rolemix: Rolemix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROLEMIX_CORPORA", raising=False)
    trained = rolemix("train", "--out", tmp_path)
    assert trained.code == 0, trained.err
    for name in ("tagger.zip", "tagger.json", FILE):
        assert (tmp_path / name).read_bytes() == (shipped() / name).read_bytes()


def test_amendments_need_corpora(rolemix: Rolemix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROLEMIX_CORPORA", raising=False)
    refused = rolemix("train", "--out", tmp_path / "out", "--amendments", tmp_path)
    assert refused.code == 1
    assert "--amendments needs --corpora" in refused.sentence
    assert not (tmp_path / "out").exists()


def test_folder_that_cannot_be_written_is_reported_before_training(rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = rolemix("train", "--out", tmp_path / "file" / "out")
    assert refused.code == 1
    assert "name another folder with --out" in refused.sentence
