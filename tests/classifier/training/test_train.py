"""Training: the same corpus gives the same model."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.model.tagger import Tagger
from classifier.training.corpus import Corpus
from tests.classifier.world import small_training


def test_training_twice_gives_the_same_bytes(trained: Tagger, tmp_path: Path) -> None:
    trained.save(tmp_path / "one")
    small_training().save(tmp_path / "two")
    for name in ("tagger.zip", "tagger.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_loaded_model_predicts_the_same(corpus: Corpus, trained: Tagger, tmp_path: Path) -> None:
    read = Tagger.load(trained.save(tmp_path))
    assert read.model == trained.model
    assert list(read.tag(corpus.gold)) == list(trained.tag(corpus.gold))


@pytest.mark.filterwarnings("ignore:The least populated class")
def test_another_label_gives_another_model(corpus: Corpus, trained: Tagger) -> None:
    changed = [*corpus.labelled[:-1], corpus.labelled[-1] | {"role": "storage"}]
    assert small_training(changed).model != trained.model
