"""The label file: every label is written immediately, and invalid lines are reported."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from classifier.taxonomy import Taxonomy
from classifier.training.corpus import Corpus, text_key
from classifier.training.labels import Label, LabelFile, LabelsError, Picked, as_posting
from tests.classifier.world import small_corpus

TAXONOMY = Taxonomy.load()


def label(title: str = "数据百晓生", **more: Any) -> Label:
    values: dict[str, Any] = {
        "name": "https://jobs.example.org/x#1",
        "title": title,
        "description": "撰写评测题目 \ud83d",
        "company": None,
        "role": "annotation",
        "codebook": "1",
        "decided_on": "2026-03-01",
        "guess": "elsewhere",
        "confidence": 0.31,
        "model": "abc",
        "picked": Picked.UNSURE,
    } | more
    return Label(key=text_key(values["title"], values["description"]), **values)


def read(path: Path) -> LabelFile:
    return LabelFile(path, TAXONOMY)


def test_add_writes_to_disk_immediately(tmp_path: Path) -> None:
    path = tmp_path / "below" / "labels.jsonl"
    file = read(path)
    assert file.labels == {}
    first, second = label(), label("Nurse", role="elsewhere", company="Acme", picked=Picked.RANDOM, confidence=1)
    file.add(first)
    assert list(read(path).labels.values()) == [first]
    file.add(second)
    assert list(read(path).labels.values()) == [first, second]
    assert read(path).labels == file.labels
    assert path.read_bytes().count(b"\n") == 2


def test_later_label_of_the_same_text_replaces_the_earlier(tmp_path: Path) -> None:
    file = read(tmp_path / "l")
    file.add(label())
    file.add(label(role="training-data"))
    (kept,) = read(tmp_path / "l").labels.values()
    assert kept.role == "training-data"


def test_added_labels_can_be_removed_again(tmp_path: Path) -> None:
    path = tmp_path / "l"
    read(path).add(label("older"))
    before = path.read_bytes()
    file = read(path)
    assert file.remove_last() is None, "nothing was added since the file was read"
    file.add(label())
    once = path.read_bytes()
    file.add(label(role="training-data"))
    assert file.remove_last() == label(role="training-data")
    assert (path.read_bytes(), file.labels[label().key].role) == (once, "annotation")
    assert file.remove_last() == label()
    assert (path.read_bytes(), list(file.labels)) == (before, [label("older").key])
    assert file.remove_last() is None


def test_label_of_another_program_is_not_removed(tmp_path: Path) -> None:
    file = read(tmp_path / "l")
    file.add(label())
    read(tmp_path / "l").add(label("Nurse"))
    with pytest.raises(LabelsError, match="another program has written"):
        file.remove_last()
    assert len(read(tmp_path / "l").labels) == 2


@pytest.mark.parametrize("cut", [1, 40, -2])
def test_incomplete_last_line_is_skipped_and_overwritten(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "l"
    read(path).add(label())
    whole = path.read_bytes()
    read(path).add(label("Nurse"))
    path.write_bytes(whole + path.read_bytes()[len(whole) :][:cut])
    file = read(path)
    assert file.cut_short
    assert list(file.labels.values()) == [label()]
    file.add(label("Driver"))
    assert not file.cut_short
    again = read(path)
    assert not again.cut_short
    assert [one.title for one in again.labels.values()] == [label().title, "Driver"]


def test_last_line_without_line_end_is_read(tmp_path: Path) -> None:
    path = tmp_path / "l"
    read(path).add(label())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().rstrip(b"\n"))
    file = read(path)
    assert not file.cut_short
    file.add(label("Nurse"))
    assert [one.title for one in read(path).labels.values()] == [label().title, "Nurse"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"oops", "line 2 of .* is not a label: Expecting value"),
        (b"[" * 100_000, "is not a label: the JSON is nested too deeply"),
        (b"\xff", "line 2"),
        (b"[]", "a label has exactly the keys codebook, "),
        ({"role": "wizard"}, "the taxonomy has no role 'wizard'"),
        ({"title": 5}, "title cannot be 5"),
        ({"role": None}, "role cannot be None"),
        ({"confidence": "high"}, "confidence cannot be 'high'"),
        ({"picked": "well"}, "'well' is not a valid Picked"),
        ({"colour": "red"}, "a label has exactly"),
    ],
)
def test_invalid_line_is_reported_with_its_number(tmp_path: Path, line: Any, sentence: str) -> None:
    path = tmp_path / "l"
    read(path).add(label())
    if isinstance(line, dict):
        line = json.dumps(dataclasses.asdict(label("Nurse")) | line).encode()
    path.write_bytes(path.read_bytes() + line + b"\n" + b"\n")
    before = path.read_bytes()
    with pytest.raises(LabelsError, match=sentence):
        read(path)
    assert path.read_bytes() == before


def test_unwritable_path_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LabelsError, match=r"cannot (read|write) the labels .*: Not a directory"):
        read(tmp_path / "file" / "labels.jsonl").add(label())
    with pytest.raises(LabelsError, match="Is a directory"):
        read(tmp_path)


def test_text_key_ignores_white_space() -> None:
    assert text_key("A  b\n", "c\t d") == text_key("A b", " c d ")
    assert text_key("A", None) == text_key("A", "")
    assert len({text_key("a", "b"), text_key("a b", ""), text_key("a", "B"), text_key("", "a b")}) == 4
    assert text_key("\ud83d", "") != text_key("", "")


def test_label_becomes_a_posting_to_train_on() -> None:
    corpus = small_corpus()
    posting = as_posting(label())
    assert Corpus((*corpus.labelled, posting), corpus.gold).labelled[-1]["role"] == "annotation"
    assert set(posting) == set(corpus.labelled[0])
