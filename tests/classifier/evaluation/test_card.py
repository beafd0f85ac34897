"""The model card: what was measured is replaced, the rest kept, and the shipped card is about the shipped model."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from classifier.evaluation.card import BEGIN, END, CardError, markdown_table, measured, write_card
from classifier.evaluation.roles import Evaluation, predict
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.training.corpus import read_corpus

_CARD = Path(__file__).resolve().parents[3] / "models" / "README.md"


def test_card_keeps_what_was_written_by_hand(evaluation: Evaluation, tmp_path: Path) -> None:
    card = tmp_path / "card.md"
    card.write_text(f"# Card\n\n{BEGIN}\nlast year\n{END}\n\nLimits.\n", encoding="utf-8")
    write_card(card, evaluation)
    first = card.read_text(encoding="utf-8")
    assert first.startswith(f"# Card\n\n{BEGIN}\n\nModel `{evaluation.model}`")
    assert first.endswith(f"{END}\n\nLimits.\n")
    assert "last year" not in first
    assert markdown_table(evaluation.scores) in first
    write_card(card, evaluation)
    assert card.read_text(encoding="utf-8") == first


def test_card_without_a_measured_part_is_refused(evaluation: Evaluation, tmp_path: Path) -> None:
    card = tmp_path / "card.md"
    card.write_text("# Card\n", encoding="utf-8")
    with pytest.raises(CardError, match="has no part between"):
        write_card(card, evaluation)


def test_card_is_about_the_shipped_model(tagger: Tagger) -> None:
    assert f"Model `{tagger.model}`," in _CARD.read_text(encoding="utf-8")


@pytest.mark.shared
def test_card_has_the_gold_score_of_the_shipped_model(shared: Path, tagger: Tagger) -> None:
    corpus = read_corpus(shared / "corpora")
    predictions = predict(tagger, corpus.gold, Taxonomy.load())
    truth = [item["role"] for item in corpus.gold]
    row = re.search(r"^\| gold \| all \| (.*) \|$", _CARD.read_text(encoding="utf-8"), re.MULTILINE)
    assert row is not None
    named = re.search(r"^\| view \| language \| (.*) \|$", _CARD.read_text(encoding="utf-8"), re.MULTILINE)
    assert named is not None
    written = dict(zip(named[1].split(" | "), row[1].split(" | "), strict=True))
    postings, role_accuracy = written["postings"], written["role accuracy"]
    assert int(postings) == len(corpus.gold)
    assert float(role_accuracy) == pytest.approx(float(np.mean(predictions.predicted == truth)), abs=0.0005)


def test_headings_of_the_shipped_card_are_those_that_are_written(evaluation: Evaluation) -> None:
    shipped = _CARD.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert re.findall("^### .*$", measured(evaluation), re.MULTILINE) == re.findall("^### .*$", shipped, re.MULTILINE)
    columns = re.findall(r"^\| language \| role \|.*$", shipped, re.MULTILINE)
    assert columns
    assert columns == re.findall(r"^\| language \| role \|.*$", measured(evaluation), re.MULTILINE)
