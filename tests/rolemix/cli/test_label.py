"""``rolemix label``: labelling in a pseudo-terminal, the report on labels, and training on them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
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
from tests.classifier.world import quick_quantifiers, small_corpus
from tests.rolemix.conftest import History, Rolemix, process
from tests.rolemix.terminal import Terminal

LONG = "\n".join(f"Duty number {number} of many." for number in range(100))
ROWS = [
    {"id": "one", "title": "AI产品经理（法律方向）", "company": "晴川", "description": "负责需求分析"},
    {"id": "two", "title": "Growth Research Data Lead", "company": "Acme", "description": LONG},
    {"id": "three", "title": "Data Center Design Recruiter", "company": "\x1b[31mQuill\u202e[bold]"},
]


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with quick_quantifiers():
        yield


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def labels(tmp_path: Path) -> list[Any]:
    return list(LabelFile(tmp_path / "labels.jsonl", Taxonomy.load()).labels.values())


def key(role: str) -> str:
    return next(key for key, name in role_keys(Taxonomy.load()).items() if name == role)


def test_each_key_writes_a_label_immediately(tmp_path: Path, rows: Path, tagger: Tagger) -> None:
    with Terminal.running("label", rows, cwd=tmp_path) as terminal:
        first = terminal.see("q quit")
        assert "labels.jsonl · labels: 0, this session: 0, left: 3" in first
        assert labels(tmp_path) == []
        terminal.press(key("annotation"))
        terminal.see("✓ annotation: ")
        (label,) = labels(tmp_path)
        assert label.title in first
        assert (label.role, label.model, label.picked) == ("annotation", tagger.model, "unsure")
        terminal.press("\r")
        terminal.see("✓ ")
        accepted = labels(tmp_path)[1]
        assert accepted.role == accepted.guess
        terminal.press("q")
        assert terminal.end() == 0
        assert "labels added: 2; in labels.jsonl: 2; postings left: 1" in terminal.shown


def test_screen_shows_the_posting_the_predicted_role_and_its_terms(tmp_path: Path, rows: Path, tagger: Tagger) -> None:
    with Terminal.running("label", rows, cwd=tmp_path) as terminal:
        seen = ""
        for _ in ROWS:
            seen += terminal.see("q quit")
            terminal.press("s")
        assert terminal.end() == 0
    assert labels(tmp_path) == []
    for row, tag in zip(ROWS, tagger.tag(ROWS), strict=True):
        assert str(row["title"]) in seen
        assert f"{tag.role} ({tag.focus})" in seen
    assert "产品 " in seen, "a term of the explanation"
    for focus in Taxonomy.load().focus_names:
        assert focus in seen
    assert "Duty number 0 of many." in seen
    assert "Duty number 99 of many." not in seen
    assert "[bold]" in seen
    assert "\x1b[31m" not in seen
    assert "\u202e" not in seen


def test_skip_undo_full_text_and_unknown_keys(tmp_path: Path, rows: Path) -> None:
    with Terminal.running("label", rows, cwd=tmp_path, rows=30) as terminal:
        terminal.see("q quit")
        terminal.press("u")
        terminal.see("there is nothing to undo")
        terminal.press("Z")
        terminal.see("that key does nothing: press one of those shown above")
        terminal.press("\x1b[A")
        terminal.see("that key does nothing: press one of those shown above")
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
        assert [one.title for one in labels(tmp_path)] == ["Growth Research Data Lead"]
        terminal.press("u")
        terminal.see("back to the previous posting")
        assert labels(tmp_path) == []
        terminal.press("\r")
        terminal.see("✓ ")
        assert [one.description for one in labels(tmp_path)] == [LONG]
        terminal.press("\x03")
        assert terminal.end() == 0


def test_labelling_continues_after_the_terminal_was_closed(tmp_path: Path, rows: Path) -> None:
    for number in range(len(ROWS)):
        with Terminal.running("label", rows, "--pick", "random", cwd=tmp_path) as terminal:
            terminal.see(f"labels: {number}, this session: 0, left: {3 - number}")
            terminal.see("q quit")
            terminal.press(key("software"))
            terminal.see("✓ software" if number < 2 else "labels added: 1")
            if number < 2:
                terminal.hang_up()
    assert {one.title for one in labels(tmp_path)} == {row["title"] for row in ROWS}
    assert {one.picked for one in labels(tmp_path)} == {"random"}
    with Terminal.running("label", rows, cwd=tmp_path) as terminal:
        terminal.see("no posting is left to label: 3 of 3 have a label in labels.jsonl")
        assert terminal.end() == 0


def test_labelling_postings_of_one_company_in_the_store(tmp_path: Path, history: History) -> None:
    company = "Cinderquay Robotics"
    arguments = ("label", "--db", history.path, "--company", company.lower())
    with Terminal.running(*arguments, cwd=tmp_path) as terminal:
        assert f"{company} · https://jobs.lever.co/cinderquay#" in terminal.see("q quit")
        terminal.press("\r")
        terminal.see("✓ ")
        (one,) = labels(tmp_path)
        assert one.company == company
        assert one.description
        terminal.press("q")
        assert terminal.end() == 0


def test_it_needs_a_terminal(tmp_path: Path, rows: Path) -> None:
    done = process("label", rows, given=b"a\r")
    assert (done.returncode, done.stdout) == (1, b"")
    (sentence,) = done.stderr.decode().splitlines()
    assert sentence.startswith("rolemix: `rolemix label` is interactive: run it in a terminal")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--report",), "there is no label file labels.jsonl: create one with `rolemix label`"),
        (("--train",), "there is no label file labels.jsonl"),
        (("--train", "--report"), "--report and --train cannot be combined"),
    ],
)
def test_invalid_options_are_reported(rolemix: Rolemix, arguments: tuple[str, ...], sentence: str) -> None:
    result = rolemix("label", *arguments)
    assert (result.code, result.out) == (1, "")
    assert sentence in result.sentence


def test_incomplete_last_line_is_reported_and_replaced(tmp_path: Path, rows: Path) -> None:
    (tmp_path / "labels.jsonl").write_text('{"key": "12')
    with Terminal.running("label", rows, cwd=tmp_path) as terminal:
        terminal.see("the last line of labels.jsonl is incomplete and was skipped")
        terminal.see("q quit")
        terminal.press("\r")
        terminal.see("✓ ")
        terminal.press("q")
        assert terminal.end() == 0
    assert len(labels(tmp_path)) == 1


def write_labels(tmp_path: Path) -> None:
    file = LabelFile(tmp_path / "labels.jsonl", Taxonomy.load())
    for label in own_words():
        file.add(label)
    (tmp_path / "base").mkdir()
    corpus = small_corpus()
    Examples.of(corpus.labelled, gold=corpus.gold).save(tmp_path / "base")


def test_train_writes_a_model_and_prints_gains(rolemix: Rolemix, tmp_path: Path) -> None:
    write_labels(tmp_path)
    result = rolemix("label", "--train", "--model", "base", "--out", "own", "--folds", 3, "--format", "json")
    assert result.code == 0
    model = Tagger.load(tmp_path / "own").model
    assert f"trained the model {model} on 20 of your labels: use it with --model own" in result.err
    (own,) = [row for row in json.loads(result.out)["gains"] if (row["view"], row["level"]) == ("your labels", "role")]
    assert (own["accuracy_with"], own["postings"]) == (1.0, 20)
    (tmp_path / "rows.jsonl").write_text('{"title": "Star Gazer"}\n')
    tag = json.loads(rolemix("classify", "rows.jsonl", "--model", "own").out)
    assert (tag["role"], tag["model"]) == ("product-management", model)
    table = rolemix("label", "--train", "--model", "own", "--out", "again", "--folds", 3)
    assert table.code == 0
    assert "McNemar" in table.out
    assert "accuracy_with" in table.out


def test_train_reports_what_is_missing(rolemix: Rolemix, tmp_path: Path) -> None:
    write_labels(tmp_path)
    assert "no training data at nowhere" in rolemix("label", "--train", "--model", "nowhere/tagger.json").sentence
    result = rolemix("label", "--train", "--model", "base", "--folds", 40)
    assert result.code == 1
    assert "into 40 folds" in result.err.splitlines()[-1]
    (tmp_path / "file").write_text("")
    result = rolemix("label", "--train", "--model", "base", "--out", "file")
    assert "cannot write to file" in result.sentence


def test_report_in_every_format(rolemix: Rolemix, tmp_path: Path) -> None:
    write_labels(tmp_path)
    tables = json.loads(rolemix("label", "--report", "--format", "json").out)
    assert [(row["picked"], row["labels"]) for row in tables["agreement"]] == [("random", 10), ("unsure", 10)]
    assert {row["role"] for row in tables["roles"]} == {"corporate", "product-management"}
    lines = list(csv.DictReader(io.StringIO(rolemix("label", "--report", "--format", "csv").out)))
    assert [line["table"] for line in lines] == ["agreement"] * 2 + ["roles"] * 2 + ["corrections"]
    assert "### Agreement" in rolemix("label", "--report", "--format", "md").out
    result = rolemix("label", "--report")
    assert "Wilson" in result.out
    assert "product-management" in result.out


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_no_line_breaks_between_a_key_and_its_role(
    tmp_path: Path, rows: Path, taxonomy: Taxonomy, columns: int
) -> None:
    arguments = ("label", rows, "--labels", tmp_path / "labels.jsonl")
    with Terminal.running(*arguments, cwd=tmp_path, columns=columns) as terminal:
        shown = terminal.see("Enter ")
    plain = re.sub(r"\x1b\[[?\d;]*[a-zA-Z]", "", shown)
    for key, role in role_keys(taxonomy).items():
        assert re.search(rf"(^|\s){re.escape(key)} {role}(\s|$)", plain, re.MULTILINE), role


def test_each_role_has_its_own_key() -> None:
    taxonomy = Taxonomy.load()
    keys = role_keys(taxonomy)
    assert list(keys.values()) == list(taxonomy.role_names)
    assert not set(keys) & set("sumq\r\n")
    many = tuple(Role(f"r{number}", "other", "", "", "", "") for number in range(80))
    focuses = tuple(focus for focus in taxonomy.focuses if focus.name == "other")
    with pytest.raises(RolemixError, match="80 roles, but there are only 58 keys"):
        role_keys(Taxonomy("x", focuses, many))
