"""``rolemix train`` and ``rolemix evaluate`` on a small corpus."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from classifier.evaluation.card import BEGIN, END
from classifier.model.tagger import Tagger, shipped
from classifier.training.corpus import Corpus, CorpusError
from classifier.training.examples import FILE
from rolemix.cli.evaluate import evaluate
from rolemix.cli.train import train
from tests.classifier.world import small_corpus, write_corpus

_APP = typer.Typer()
_APP.command()(train)
_APP.command()(evaluate)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(_APP, list(arguments))


def test_train_then_evaluate(tmp_path: Path) -> None:
    write_corpus(tmp_path, small_corpus())
    trained = _run("train", "--corpora", str(tmp_path), "--out", str(tmp_path / "out"))
    assert trained.exit_code == 0, trained.exception
    assert "fold 1 of 5" in trained.stderr
    assert f"model {Tagger.load(tmp_path / 'out').model}" in trained.stdout
    card = tmp_path / "card.md"
    card.write_text(f"{BEGIN}{END}")
    common = ["evaluate", "--corpora", str(tmp_path), "--model", str(tmp_path / "out"), "--folds", "2", "--boards", "1"]
    as_json = _run(*common, "--format", "json", "--write-card", str(card))
    assert as_json.exit_code == 0, as_json.exception
    report = json.loads(as_json.stdout)
    assert report["scores"][0]["view"] == "out of fold"
    assert report["scores"][0]["postings"] == 80
    as_md = _run(*common, "--format", "md").stdout
    assert as_md in card.read_text(encoding="utf-8")
    as_csv = list(csv.DictReader(io.StringIO(_run(*common, "--format", "csv").stdout)))
    assert {row["table"] for row in as_csv} >= {"scores", "focuses", "roles", "data", "mix_errors", "mix_intervals"}
    assert "precision" in _run(*common).stdout


def test_the_shipped_counts_give_the_shipped_model_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROLEMIX_CORPORA", raising=False)
    trained = _run("train", "--out", str(tmp_path))
    assert trained.exit_code == 0, trained.exception
    for name in ("tagger.zip", "tagger.json", FILE):
        assert (tmp_path / name).read_bytes() == (shipped() / name).read_bytes()


def test_corpora_must_be_named_to_evaluate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROLEMIX_CORPORA", raising=False)
    result = _run("evaluate")
    assert isinstance(result.exception, CorpusError)
    assert "--corpora" in str(result.exception)


def test_labels_that_may_be_wrong_are_listed(tmp_path: Path) -> None:
    corpus = small_corpus()
    wrong = tuple(row | {"role": "corporate"} if row["id"] == "s4" else row for row in corpus.labelled)
    write_corpus(tmp_path, Corpus(wrong, corpus.gold))
    common = ["evaluate", "--corpora", str(tmp_path), "--suspects", "3", "--folds", "3"]
    found = json.loads(_run(*common, "--format", "json").stdout)["suspects"]
    assert found[0]["id"] == "s4"
    assert len(found) <= 3
    assert "s4" in _run(*common).stdout
    assert "two things" in str(_run(*common, "--compare", "old").exception)


def test_amendments_that_would_not_be_applied_are_refused(tmp_path: Path) -> None:
    assert "--corpora" in str(_run("train", "--out", str(tmp_path), "--amendments", str(tmp_path)).exception)
    assert _run("evaluate", "--amendments", str(tmp_path / "typo")).exit_code == 2
    assert "leave it out" in str(_run("evaluate", "--suspects", "3", "--write-card", "card.md").exception)


def test_corpora_may_be_named_by_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLEMIX_CORPORA", str(tmp_path / "nowhere"))
    assert "nowhere" in str(_run("evaluate").exception)
