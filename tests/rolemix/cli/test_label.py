"""``rolemix label``: a person at a real terminal, a file of theirs, and a model that has learned from it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from classifier.model.tagger import Tagger
from classifier.taxonomy import Role, Taxonomy
from classifier.training.examples import Examples
from classifier.training.labels import LabelFile
from postings.errors import RolemixError
from rolemix.cli.label_screen import role_keys
from tests.classifier.training.test_retraining import own_words
from tests.classifier.world import small_corpus
from tests.rolemix.conftest import History, Rolemix, process
from tests.rolemix.terminal import Terminal

LONG = "\n".join(f"Duty number {number} of many." for number in range(100))
ROWS = [
    {"id": "one", "title": "AI产品经理（法律方向）", "company": "晴川", "description": "负责需求分析"},
    {"id": "two", "title": "Growth Research Data Lead", "company": "Acme", "description": LONG},
    {"id": "three", "title": "Data Center Design Recruiter", "company": "\x1b[31mQuill\u202e[bold]"},
]


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def kept(tmp_path: Path) -> list[Any]:
    return list(LabelFile(tmp_path / "labels.jsonl", Taxonomy.load()).labels.values())


def key(role: str) -> str:
    return next(key for key, name in role_keys(Taxonomy.load()).items() if name == role)


def test_a_key_a_decision_each_written_at_once(tmp_path: Path, rows: Path, tagger: Tagger) -> None:
    with Terminal.running("label", rows, cwd=tmp_path) as terminal:
        first = terminal.see("q quit")
        assert "labels.jsonl · labels: 0, now: 0, to go: 3" in first
        assert kept(tmp_path) == []
        terminal.press(key("annotation"))
        terminal.see("✓ annotation: ")
        (done,) = kept(tmp_path)
        assert done.title in first
        assert (done.role, done.model, done.picked) == ("annotation", tagger.model, "unsure")
        terminal.press("\r")
        terminal.see("✓ ")
        accepted = kept(tmp_path)[1]
        assert accepted.role == accepted.guess
        terminal.press("q")
        assert terminal.end() == 0
        assert "labels added: 2; in labels.jsonl: 2; postings without one: 1" in terminal.shown


def test_the_screen_shows_the_posting_the_guess_and_why(tmp_path: Path, rows: Path, tagger: Tagger) -> None:
    with Terminal.running("label", rows, cwd=tmp_path) as terminal:
        seen = ""
        for _ in ROWS:
            seen += terminal.see("q quit")
            terminal.press("s")
        assert terminal.end() == 0
    assert kept(tmp_path) == []
    for row, tag in zip(ROWS, tagger.tag(ROWS), strict=True):
        assert str(row["title"]) in seen
        assert f"{tag.role} ({tag.focus})" in seen
    assert "产品 " in seen, "a term that decided"
    for focus in Taxonomy.load().focus_names:
        assert focus in seen
    assert "Duty number 0 of many." in seen
    assert "Duty number 99 of many." not in seen
    assert "[bold]" in seen
    assert "\x1b[31m" not in seen
    assert "\u202e" not in seen


def test_skip_undo_whole_text_and_a_key_of_nothing(tmp_path: Path, rows: Path) -> None:
    with Terminal.running("label", rows, cwd=tmp_path, rows=30) as terminal:
        terminal.see("q quit")
        terminal.press("u")
        terminal.see("this is the first posting of this sitting")
        terminal.press("Z")
        terminal.see("no answer has that key")
        terminal.press("\x1b[A")
        terminal.see("no answer has that key")
        while True:
            terminal.press("m")
            if "Duty number 99 of many." in terminal.see("q quit"):
                break
            terminal.press("s")
            terminal.see("skipped: ")
        terminal.press("m")
        assert "Duty number 99" not in terminal.see("q quit")
        terminal.press(key("security"))
        terminal.see("✓ security: Growth Research Data Lead")
        assert [one.title for one in kept(tmp_path)] == ["Growth Research Data Lead"]
        terminal.press("u")
        terminal.see("back to the posting before")
        assert kept(tmp_path) == []
        terminal.press("\r")
        terminal.see("✓ ")
        assert [one.description for one in kept(tmp_path)] == [LONG]
        terminal.press("\x03")
        assert terminal.end() == 0


def test_it_goes_on_where_it_was_left(tmp_path: Path, rows: Path) -> None:
    for number in range(len(ROWS)):
        with Terminal.running("label", rows, "--pick", "random", cwd=tmp_path) as terminal:
            terminal.see(f"labels: {number}, now: 0, to go: {3 - number}")
            terminal.see("q quit")
            terminal.press(key("software"))
            terminal.see("✓ software" if number < 2 else "labels added: 1")
            if number < 2:
                terminal.hang_up()
    assert {one.title for one in kept(tmp_path)} == {row["title"] for row in ROWS}
    assert {one.picked for one in kept(tmp_path)} == {"random"}
    with Terminal.running("label", rows, cwd=tmp_path) as terminal:
        terminal.see("every one of the 3 postings has a label in labels.jsonl")
        assert terminal.end() == 0


def test_the_postings_of_the_store_of_one_company(tmp_path: Path, history: History) -> None:
    company = "Cinderquay Robotics"
    arguments = ("label", "--db", history.path, "--company", company.lower())
    with Terminal.running(*arguments, cwd=tmp_path) as terminal:
        assert f"{company} · https://jobs.lever.co/cinderquay#" in terminal.see("q quit")
        terminal.press("\r")
        terminal.see("✓ ")
        (one,) = kept(tmp_path)
        assert one.company == company
        assert one.description
        terminal.press("q")
        assert terminal.end() == 0


def test_without_a_terminal_it_says_so(tmp_path: Path, rows: Path) -> None:
    done = process("label", rows, given=b"a\r")
    assert (done.returncode, done.stdout) == (1, b"")
    (sentence,) = done.stderr.decode().splitlines()
    assert sentence.startswith("rolemix: `rolemix label` asks a person: run it in a terminal")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--report",), "there are no labels at labels.jsonl: make some with `rolemix label`"),
        (("--train",), "there are no labels at labels.jsonl"),
        (("--train", "--report"), "--report and --train are two things"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(rolemix: Rolemix, arguments: tuple[str, ...], sentence: str) -> None:
    said = rolemix("label", *arguments)
    assert (said.code, said.out) == (1, "")
    assert sentence in said.sentence


def test_a_line_cut_short_is_told(tmp_path: Path, rows: Path) -> None:
    (tmp_path / "labels.jsonl").write_text('{"key": "12')
    with Terminal.running("label", rows, cwd=tmp_path) as terminal:
        terminal.see("the last line of labels.jsonl was only half written and is left out")
        terminal.see("q quit")
        terminal.press("\r")
        terminal.see("✓ ")
        terminal.press("q")
        assert terminal.end() == 0
    assert len(kept(tmp_path)) == 1


def taught(tmp_path: Path) -> None:
    file = LabelFile(tmp_path / "labels.jsonl", Taxonomy.load())
    for label in own_words():
        file.add(label)
    (tmp_path / "base").mkdir()
    corpus = small_corpus()
    Examples.of(corpus.labelled, gold=corpus.gold).save(tmp_path / "base")


def test_training_writes_a_model_and_tells_what_improved(rolemix: Rolemix, tmp_path: Path) -> None:
    taught(tmp_path)
    arguments = ("label", "--train", "--model", "base", "--out", "own", "--folds", 3)
    said = rolemix(*arguments, "--format", "json")
    assert said.code == 0
    model = Tagger.load(tmp_path / "own").model
    assert f"model {model} in own has learned 20 labels: use it with --model own" in said.err
    (own,) = [row for row in json.loads(said.out)["gains"] if (row["view"], row["of"]) == ("your labels", "role")]
    assert (own["accuracy_with"], own["postings"]) == (1.0, 20)
    (tmp_path / "rows.jsonl").write_text('{"title": "Star Gazer"}\n')
    tag = json.loads(rolemix("classify", "rows.jsonl", "--model", "own").out)
    assert (tag["role"], tag["model"]) == ("product-management", model)
    assert rolemix("label", "--train", "--model", "own", "--out", "again", "--folds", 3).code == 0
    table = rolemix(*arguments)
    assert "McNemar" in table.out
    assert "accuracy_with" in table.out


def test_training_refuses_in_a_sentence(rolemix: Rolemix, tmp_path: Path) -> None:
    taught(tmp_path)
    assert "no training data at nowhere" in rolemix("label", "--train", "--model", "nowhere/tagger.json").sentence
    said = rolemix("label", "--train", "--model", "base", "--folds", 40)
    assert said.code == 1
    assert "cannot be dealt into 40 folds" in said.err.splitlines()[-1]
    (tmp_path / "file").write_text("")
    said = rolemix("label", "--train", "--model", "base", "--out", "file")
    assert "cannot write to file" in said.sentence


def test_the_report_in_every_form(rolemix: Rolemix, tmp_path: Path) -> None:
    taught(tmp_path)
    tables = json.loads(rolemix("label", "--report", "--format", "json").out)
    assert [(row["picked"], row["labels"]) for row in tables["agreement"]] == [("random", 10), ("unsure", 10)]
    assert {row["role"] for row in tables["roles"]} == {"corporate", "product-management"}
    lines = list(csv.DictReader(io.StringIO(rolemix("label", "--report", "--format", "csv").out)))
    assert [line["table"] for line in lines] == ["agreement"] * 2 + ["roles"] * 2 + ["corrections"]
    assert "### Agreement" in rolemix("label", "--report", "--format", "md").out
    said = rolemix("label", "--report")
    assert "Wilson" in said.out
    assert "product-management" in said.out


def test_a_key_for_every_role_and_none_for_two() -> None:
    taxonomy = Taxonomy.load()
    keys = role_keys(taxonomy)
    assert list(keys.values()) == list(taxonomy.role_names)
    assert not set(keys) & set("sumq\r\n")
    many = tuple(Role(f"r{number}", "other", "", "", "", "") for number in range(80))
    focuses = tuple(focus for focus in taxonomy.focuses if focus.name == "other")
    with pytest.raises(RolemixError, match="80 roles, and there are keys for 58"):
        role_keys(Taxonomy("x", focuses, many))
