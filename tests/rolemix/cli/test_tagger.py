"""The commands train, evaluate and classify, over small applications of their own."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from classifier.evaluation.card import BEGIN, END
from classifier.model.model_file import ModelError
from classifier.model.tag import SURE, RowError
from classifier.model.tagger import Tagger, shipped
from classifier.taxonomy import Taxonomy
from classifier.training.corpus import Corpus, CorpusError
from classifier.training.examples import FILE
from rolemix.cli.classify import classify, rounded
from rolemix.cli.evaluate import evaluate
from rolemix.cli.train import train
from tests.classifier.world import small_corpus, write_corpus

_APP = typer.Typer()
_APP.command()(train)
_APP.command()(evaluate)
_APP.command()(classify)

_ROWS = [
    {"id": "a", "title": "数据开发工程师", "description": "负责数仓与 ETL", "company": "晴川科技"},
    {"title": "Product Manager", "salary": None, "unknown": ["key"]},
    {"id": 7, "title": "Buchhalter (m/w/d)", "description": None},
]


def _run(*arguments: str, data: bytes | str = b"") -> Result:
    return CliRunner().invoke(_APP, list(arguments), input=data)


def _lines(*rows: object) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def test_classify_prints_a_line_for_each_row_in_order() -> None:
    result = _run("classify", data=_lines(*_ROWS))
    assert result.exit_code == 0, result.exception
    records = [json.loads(line) for line in result.stdout_bytes.splitlines()]
    assert [record["id"] for record in records] == ["a", None, 7]
    assert [record["focus"] for record in records] == ["data engineering", "product", "other"]
    for record in records:
        assert list(record) == ["id", "role", "focus", "confidence", "margin", "sure", "roles", "model", "taxonomy"]
        second, first = sorted(record["roles"].values())[-2:]
        assert record["margin"] == pytest.approx(first - second, abs=1e-5)
        assert record["sure"] == (record["margin"] >= SURE)
        assert list(record["roles"]) == list(Taxonomy.load().role_names)
        assert sum(record["roles"].values()) == pytest.approx(1, abs=1e-9)
        assert record["confidence"] == record["roles"][record["role"]]
        assert record["model"] == Tagger.load().model


def test_classify_reads_a_file_as_it_reads_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "postings.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + _lines(*_ROWS).replace(b"\n", b"\r\n") + b"\n\n")
    expected = _run("classify", "-", data=_lines(*_ROWS)).stdout_bytes
    assert _run("classify", str(file)).stdout_bytes == expected


def test_classify_of_nothing_prints_nothing() -> None:
    result = _run("classify", data=b"")
    assert (result.exit_code, result.stdout_bytes) == (0, b"")


def test_classify_says_that_a_file_is_missing(tmp_path: Path) -> None:
    result = _run("classify", str(tmp_path / "none.jsonl"))
    assert result.exit_code == 2
    assert "No such file" in result.output


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{oops\n", "line 301 is not JSON"),
        (b"[" * 100_000 + b"\n", "line 301 is not JSON"),
        (b'{"title": "SRE", "id": NaN}\n', "line 301 is not JSON: NaN"),
        (b'{"title": "SRE", "id": 1e999}\n', "line 301 is not JSON: 1e999"),
        (b'{"title": "\xff"}\n', "line 301 is not UTF-8: invalid start byte at byte 12"),
        (b'["SRE"]\n', "line 301: .* an object"),
        (b'{"id": "x9"}\n', "line 301: the posting 'x9' has no title"),
        (b'{"title": null}\n', "line 301: the posting has no title"),
        (b'{"title": "SRE", "description": 5}\n', "line 301: .* description that is not a string"),
    ],
)
def test_classify_prints_the_lines_before_a_bad_one(line: bytes, message: str) -> None:
    good = _lines(*({"id": number, "title": "SRE"} for number in range(300)))
    result = _run("classify", data=good + line + good)
    assert isinstance(result.exception, RowError)
    assert result.exit_code != 0
    with pytest.raises(RowError, match=message):
        raise result.exception
    assert [json.loads(text)["id"] for text in result.stdout_bytes.splitlines()] == list(range(300))


def test_classify_keeps_a_lone_surrogate_as_an_escape() -> None:
    result = _run("classify", data=b'{"id": "\\ud800", "title": "SRE \\ud800"}\n')
    assert json.loads(result.stdout_bytes)["id"] == "\ud800"


def test_classify_with_another_model_names_it(tmp_path: Path) -> None:
    corpus = small_corpus()
    tagger = Tagger().fit(corpus.labelled, [item["role"] for item in corpus.labelled])
    tagger.save(tmp_path)
    result = _run("classify", "--model", str(tmp_path), data=_lines(*_ROWS))
    assert {json.loads(line)["model"] for line in result.stdout_bytes.splitlines()} == {tagger.model}
    assert isinstance(_run("classify", "--model", str(tmp_path / "none")).exception, ModelError)


_PROGRAM = "import typer; from rolemix.cli.classify import classify; typer.run(classify)"


def test_classify_writes_utf_8_in_any_locale() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        input=_lines({"id": "编号", "title": "运维工程师"}),
        env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        check=True,
    )
    assert '"id": "编号"' in done.stdout.decode()


def test_classify_ends_quietly_when_its_reader_does(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_bytes(_lines({"title": "SRE"}) * 5000)
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(file)],
        env={"PYTHONPATH": ":".join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


def test_rounded_probabilities_sum_to_one() -> None:
    shares = rounded(dict.fromkeys("abcdefg", 1 / 7))
    assert sum(shares.values()) == pytest.approx(1, abs=1e-12)
    assert rounded({"a": 1 - 3e-7, "b": 3e-7}) == {"a": 1.0, "b": 0.0}


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
