"""``rolemix evaluate``: scores in every format, a model card, and labels that may be wrong."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from classifier.evaluation import roles
from classifier.evaluation.card import BEGIN, END
from classifier.training.corpus import Corpus
from tests.classifier.world import small_corpus, trained_tagger, write_corpus
from tests.rolemix.conftest import Rolemix


@pytest.fixture
def small(tmp_path: Path) -> list[object]:
    """A small corpus and a tagger trained on it, as arguments."""
    write_corpus(tmp_path, small_corpus())
    trained_tagger().save(tmp_path / "model")
    return ["evaluate", "--corpora", tmp_path, "--model", tmp_path / "model", "--folds", "2", "--boards", "1"]


def test_tagger_is_measured_and_its_card_written(rolemix: Rolemix, tmp_path: Path, small: list[object]) -> None:
    card = tmp_path / "card.md"
    card.write_text(f"{BEGIN}{END}")
    measured = rolemix(*small, "--format", "json", "--write-card", card)
    assert measured.code == 0, measured.err
    assert "fold 2 of 2" in measured.err
    results = json.loads(measured.out)
    assert results["model"] == trained_tagger().model
    assert results["scores"][0]["view"] == "out of fold"
    assert results["scores"][0]["postings"] == 80
    assert f"Model `{trained_tagger().model}`" in card.read_text(encoding="utf-8")


def test_formats_agree(rolemix: Rolemix, tmp_path: Path, small: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    first = json.loads(rolemix(*small, "--format", "json").out)["scores"][0]
    # Measured anew for the other formats, but once for all of them.
    measured: list[roles.Evaluation] = []
    measure = roles.evaluate

    def once(*arguments: Any, **how: Any) -> roles.Evaluation:
        if not measured:
            measured.append(measure(*arguments, **how))
        return measured[0]

    monkeypatch.setattr(roles, "evaluate", once)
    card = tmp_path / "card.md"
    card.write_text(f"{BEGIN}{END}")
    markdown = rolemix(*small, "--format", "md", "--write-card", card).out
    assert markdown in card.read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(rolemix(*small, "--format", "csv").out)))
    assert {row["table"] for row in rows} >= {"scores", "focuses", "roles", "data", "mix_errors", "mix_intervals"}
    assert float(rows[0]["focus_macro_f1"]) == first["focus_macro_f1"]
    assert f"{first['focus_macro_f1']:.3f}" in markdown
    assert "precision" in rolemix(*small).out


def test_corpora_must_be_given(rolemix: Rolemix, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROLEMIX_CORPORA", raising=False)
    refused = rolemix("evaluate")
    assert refused.code == 1
    assert "--corpora" in refused.sentence


def test_corpora_may_be_named_by_a_variable(rolemix: Rolemix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLEMIX_CORPORA", str(tmp_path / "nowhere"))
    assert "nowhere" in rolemix("evaluate").sentence


def test_label_issues_are_listed(rolemix: Rolemix, tmp_path: Path) -> None:
    corpus = small_corpus()
    wrong = tuple(row | {"role": "corporate"} if row["id"] == "s4" else row for row in corpus.labelled)
    write_corpus(tmp_path, Corpus(wrong, corpus.gold))
    common = ["evaluate", "--corpora", tmp_path, "--label-issues", "3", "--folds", "3"]
    issues = json.loads(rolemix(*common, "--format", "json").out)["label_issues"]
    assert issues[0]["id"] == "s4"
    assert list(issues[0]) == ["id", "language", "title", "role", "predicted", "probability"]
    assert len(issues) <= 3
    table = rolemix(*common).out
    assert "s4" in table
    assert "predicted the role by a tagger trained on other companies" in " ".join(table.split())


def test_options_that_exclude_each_other_are_refused(rolemix: Rolemix, tmp_path: Path) -> None:
    refused = rolemix("evaluate", "--label-issues", "3", "--compare", "old")
    assert (refused.code, refused.out) == (1, "")
    assert "--compare and --label-issues cannot be combined" in refused.sentence
    refused = rolemix("evaluate", "--label-issues", "3", "--write-card", "card.md")
    assert "--write-card cannot be combined" in refused.sentence
    assert rolemix("evaluate", "--amendments", tmp_path / "typo").code == 2
