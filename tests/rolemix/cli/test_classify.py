"""``rolemix classify``: a stream of postings in, a stream of tags out."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest

from classifier.model.tag import SURE
from classifier.model.tagger import Tagger
from classifier.quantification.estimand import Estimand
from classifier.taxonomy import Taxonomy
from rolemix.cli.classify import rounded
from tests.classifier.world import small_corpus
from tests.rolemix.conftest import History, Rolemix, command, environment, process, small_model

ROWS = [
    {"id": "a", "title": "数据开发工程师", "description": "负责数仓与 ETL", "company": "晴川科技"},
    {"title": "Product Manager", "salary": None, "unknown": ["key"]},
    {"id": 7, "title": "Buchhalter (m/w/d)", "description": None},
]
GOOD = '{"id": 7, "title": "Registered Nurse", "description": "On the ward by night."}\n'


def lines(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def encoded(*rows: object) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def pipe(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_each_posting_is_a_line(rolemix: Rolemix, tmp_path: Path, tagger: Tagger, taxonomy: Taxonomy) -> None:
    (tmp_path / "rows.jsonl").write_text(GOOD + "\n" + '{"title": "销售经理"}\n', encoding="utf-8")
    result = rolemix("classify", "rows.jsonl")
    assert (result.code, result.err) == (0, "")
    nurse, sales = lines(result.out)
    assert list(nurse) == ["id", "role", "focus", "confidence", "margin", "sure", "roles", "model", "taxonomy"]
    assert (nurse["id"], sales["id"]) == (7, None)
    expected_tags = tagger.tag([json.loads(GOOD), {"title": "销售经理"}])
    for row, tag in zip((nurse, sales), expected_tags, strict=True):
        assert (row["role"], row["focus"], row["model"]) == (tag.role, tag.focus, tagger.model)
        roles = row["roles"]
        assert isinstance(roles, dict)
        assert set(roles) == set(taxonomy.role_names)
        assert sum(roles.values()) == pytest.approx(1, abs=1e-9)
        assert row["confidence"] == roles[row["role"]]


def test_values_of_a_line_agree(rolemix: Rolemix, tmp_path: Path, tagger: Tagger, taxonomy: Taxonomy) -> None:
    (tmp_path / "rows.jsonl").write_bytes(encoded(*ROWS))
    result = rolemix("classify", "rows.jsonl")
    assert (result.code, result.err) == (0, "")
    records = [json.loads(line) for line in result.out.splitlines()]
    assert [record["id"] for record in records] == ["a", None, 7]
    assert [record["focus"] for record in records] == ["data engineering", "product", "other"]
    for record in records:
        assert list(record) == ["id", "role", "focus", "confidence", "margin", "sure", "roles", "model", "taxonomy"]
        second, first = sorted(record["roles"].values())[-2:]
        assert record["margin"] == pytest.approx(first - second, abs=1e-5)
        assert record["sure"] == (record["margin"] >= SURE)
        assert list(record["roles"]) == list(taxonomy.role_names)
        assert sum(record["roles"].values()) == pytest.approx(1, abs=1e-9)
        assert record["confidence"] == record["roles"][record["role"]]
        assert record["model"] == tagger.model


def test_file_is_read_like_standard_input(rolemix: Rolemix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rows.jsonl").write_bytes(b"\xef\xbb\xbf" + encoded(*ROWS).replace(b"\n", b"\r\n") + b"\n\n")
    pipe(monkeypatch, encoded(*ROWS))
    expected = rolemix("classify", "-")
    assert rolemix("classify", "rows.jsonl").out == expected.out
    assert len(lines(expected.out)) == 3


def test_lone_surrogate_remains_an_escape(rolemix: Rolemix, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, b'{"id": "\\ud800", "title": "SRE \\ud800"}\n')
    assert json.loads(rolemix("classify").out)["id"] == "\ud800"


def test_another_model_is_named(rolemix: Rolemix, tmp_path: Path) -> None:
    corpus = small_corpus()
    other = Tagger().fit(corpus.labelled, [row["role"] for row in corpus.labelled])
    other.save(tmp_path / "other")
    (tmp_path / "rows.jsonl").write_bytes(encoded(*ROWS))
    result = rolemix("classify", "rows.jsonl", "--model", "other")
    assert {row["model"] for row in lines(result.out)} == {other.model}


def test_output_of_spiders_keeps_its_identifier(rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"identifier": "a~1", "title": "Registered Nurse"}\n')
    (nurse,) = lines(rolemix("classify", "rows.jsonl").out)
    assert nurse["id"] == "a~1"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{nonsense", "line 301 is not JSON"),
        (b'["title"]', "line 301: .* an object"),
        (b'{"description": "no title"}', "line 301: the posting has no title"),
        (b'{"title": 7}', "line 301: the posting has no title"),
        (b'{"title": null}', "line 301: the posting has no title"),
        (b'{"id": "x9"}', "line 301: the posting 'x9' has no title"),
        (b'{"title": "SRE", "description": 5}', "line 301: .* description that is not a string"),
        (b'{"title": "Nurse", "x": NaN}', "line 301 is not JSON: NaN"),
        (b'{"title": "Nurse", "x": 1e999}', "line 301 is not JSON: 1e999"),
        (b"\xff\xfe", "line 301 is not UTF-8"),
        (b'{"title": "\xff"}', "line 301 is not UTF-8: invalid start byte at byte 12"),
        (b"[" * 100_000, "line 301 is not JSON"),
    ],
)
def test_invalid_line_is_numbered_and_lines_before_it_are_tagged(
    rolemix: Rolemix, tmp_path: Path, line: bytes, message: str
) -> None:
    good = encoded(*({"id": number, "title": "SRE"} for number in range(300)))
    (tmp_path / "rows.jsonl").write_bytes(good + line + b"\n" + good)
    result = rolemix("classify", "rows.jsonl")
    assert result.code == 1
    assert [row["id"] for row in lines(result.out)] == list(range(300))
    assert re.match(f"rolemix: {message}", result.sentence)


@pytest.mark.parametrize("given", [b"", b"\n\n", b"\xef\xbb\xbf\n"])
def test_no_input_gives_no_output(rolemix: Rolemix, monkeypatch: pytest.MonkeyPatch, given: bytes) -> None:
    pipe(monkeypatch, given)
    result = rolemix("classify", "-")
    assert (result.code, result.out, result.err) == (0, "", "")


def test_standard_input_is_the_default_and_output_is_utf8() -> None:
    row = '\ufeff{"id": "编号\\ud83d", "title": "销售经理"}'
    done = process("classify", given=row.encode(), LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "编号" in done.stdout.decode("utf-8")
    assert json.loads(done.stdout)["id"] == "编号\ud83d"


def test_closed_pipe_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(GOOD * 5000)
    writer = subprocess.Popen(
        command("classify", tmp_path / "rows.jsonl"),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    assert json.loads(writer.stdout.readline())["id"] == 7
    writer.stdout.close()
    assert writer.stderr.read() == b""
    writer.stderr.close()
    assert writer.wait() == 0


def test_processes_print_what_one_prints(rolemix: Rolemix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"id": number, "title": f"SRE {number % 7}", "description": "运维 " * (number % 5)} for number in range(1500)
    ]
    (tmp_path / "rows.jsonl").write_bytes(encoded(*rows[:900]) + b"\n\n" + encoded(*rows[900:]))
    alone = rolemix("classify", "rows.jsonl", "--jobs", "1")
    monkeypatch.setattr("rolemix.cli.classify._ALONE", 300)
    together = rolemix("classify", "rows.jsonl", "--jobs", "2")
    assert (together.code, together.err) == (0, "")
    assert together.out == alone.out
    assert [row["id"] for row in lines(together.out)] == list(range(1500))


def test_processes_end_at_an_invalid_line(rolemix: Rolemix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = encoded(*({"id": number, "title": "SRE"} for number in range(700)))
    (tmp_path / "rows.jsonl").write_bytes(good + b"{nonsense\n" + good)
    monkeypatch.setattr("rolemix.cli.classify._ALONE", 100)
    result = rolemix("classify", "rows.jsonl", "--jobs", "2")
    assert result.code == 1
    assert [row["id"] for row in lines(result.out)] == list(range(700))
    assert result.sentence.startswith("rolemix: line 701 is not JSON")


def test_interrupted_processes_end_quietly(tmp_path: Path) -> None:
    from rolemix.cli.classify import _ALONE

    (tmp_path / "rows.jsonl").write_text(GOOD * (10 * _ALONE))
    writer = subprocess.Popen(
        command("classify", "--jobs", "2", tmp_path / "rows.jsonl"),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert writer.stdout is not None
    for _ in range(_ALONE + 1):
        assert writer.stdout.readline()
    os.killpg(writer.pid, signal.SIGINT)  # as a terminal does
    _, errors = writer.communicate()
    assert writer.returncode not in (0, 1)
    assert b"Traceback" not in errors


def test_tags_come_before_the_input_ends() -> None:
    from rolemix.cli.classify import _BATCH

    writer = subprocess.Popen(
        command("classify"), env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdin is not None
    assert writer.stdout is not None
    writer.stdin.write(GOOD * _BATCH)
    writer.stdin.flush()
    assert json.loads(writer.stdout.readline())["id"] == 7
    writer.communicate()
    assert writer.returncode == 0


def test_missing_file_is_reported(rolemix: Rolemix) -> None:
    result = rolemix("classify", "nowhere.jsonl")
    assert (result.code, result.out) == (2, "")
    assert "nowhere.jsonl" in result.err
    assert "No such file" in result.err


def test_missing_model_is_reported(rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(GOOD)
    result = rolemix("classify", "rows.jsonl", "--model", "nowhere")
    assert (result.code, result.out) == (1, "")
    assert "no model at nowhere" in result.sentence


def test_rounding_keeps_the_sum() -> None:
    assert rounded([[1 / 3, 1 / 3, 1 / 3], [0.2, 0.5, 0.3]]) == [[0.333334, 0.333333, 0.333333], [0.2, 0.5, 0.3]]
    assert sum(rounded([[1 / 7] * 7])[0]) == pytest.approx(1, abs=1e-12)
    assert rounded([[1 - 3e-7, 3e-7]]) == [[1.0, 0.0]]


# The complete store


def copied(history: History, tmp_path: Path) -> Path:
    with sqlite3.connect(history.path) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "rolemix.db"),))
    return tmp_path / "rolemix.db"


def counts(path: Path) -> dict[str, int]:
    with sqlite3.connect(path) as connection:
        return dict(connection.execute("SELECT model, count(*) FROM tags GROUP BY model"))


def test_all_tags_the_store_with_another_model(
    rolemix: Rolemix, tmp_path: Path, history: History, tagger: Tagger
) -> None:
    path = copied(history, tmp_path)
    small = small_model()
    small.save(tmp_path / "small")
    (versions,) = counts(path).values()
    result = rolemix("classify", "--all", "--model", "small", "--format", "json")
    assert result.code == 0
    assert f"tagged with the model {small.model}: {versions}; tagged before: 0" in result.sentence
    assert counts(path) == {tagger.model: versions, small.model: versions}
    done = json.loads(result.out)
    (comparison,) = done["comparisons"]
    assert (done["model"], done["tagged"], done["versions"]) == (small.model, versions, versions)
    assert (comparison["model"], comparison["compared"]) == (tagger.model, versions)
    assert comparison["changed"] == sum(change["versions"] for change in comparison["changes"])
    assert 0 < comparison["changed"] < versions
    again = rolemix("classify", "--all", "--model", "small")
    assert f"tagged with the model {small.model}: 0; tagged before: {versions}" in again.sentence
    assert counts(path) == {tagger.model: versions, small.model: versions}
    assert str(comparison["changed"]) in again.out
    most = comparison["changes"][0]
    assert f"{most['before']} → {most['after']} {most['versions']}" in again.out


def test_all_without_another_model_compares_nothing(rolemix: Rolemix, tmp_path: Path, history: History) -> None:
    copied(history, tmp_path)
    result = rolemix("classify", "--all")
    assert (result.code, result.out) == (0, "")
    assert "nothing to compare with" in result.err
    assert json.loads(rolemix("classify", "--all", "--format", "json").out)["comparisons"] == []


def test_all_needs_a_store_and_no_file(rolemix: Rolemix, tmp_path: Path) -> None:
    assert "there is no store at rolemix.db" in rolemix("classify", "--all").sentence
    (tmp_path / "rows.jsonl").write_text(GOOD)
    result = rolemix("classify", "rows.jsonl", "--all")
    assert (result.code, result.out) == (1, "")
    assert result.sentence == "rolemix: --all tags the store and reads no file: remove rows.jsonl"


# The mix


BOARD = [{"title": "运维工程师", "description": "负责服务器监控与故障处理"}, {"title": "Registered Nurse"}] * 9


def mixed(rolemix: Rolemix, tmp_path: Path, *arguments: object) -> str:
    (tmp_path / "board.jsonl").write_text("".join(json.dumps(row) + "\n" for row in BOARD), encoding="utf-8")
    result = rolemix("classify", "board.jsonl", "--mix", *arguments)
    assert (result.code, result.err) == (0, "")
    return result.out


def test_mix_is_that_of_the_tagger(rolemix: Rolemix, tmp_path: Path, tagger: Tagger) -> None:
    found = json.loads(mixed(rolemix, tmp_path, "--format", "json"))
    mix = tagger.mix(BOARD)
    assert (found["postings"], found["model"], found["notes"]) == (18, tagger.model, list(mix.notes))
    for row, line in zip(found["mix"], mix.lines, strict=True):
        assert (row["focus"], row["role"]) == (line.focus, line.role)
        values = [row[name] for name in ("share", "low", "high", "count")]
        assert values == pytest.approx([line.share, line.low, line.high, line.count], abs=0.005)


def test_formats_of_a_mix_agree(rolemix: Rolemix, tmp_path: Path) -> None:
    expected = [
        (row["focus"], row["role"] or "", row["share"])
        for row in json.loads(mixed(rolemix, tmp_path, "--format", "json"))["mix"]
    ]
    by_csv = csv.DictReader(io.StringIO(mixed(rolemix, tmp_path, "--format", "csv")))
    assert [(row["focus"], row["role"], float(row["share"])) for row in by_csv] == expected
    _, *by_markdown = [
        [cell.strip() for cell in line[1:-1].split("|")]
        for line in mixed(rolemix, tmp_path, "--format", "md").splitlines()
        if line.startswith("| ")
    ]
    assert [tuple(row[:3]) for row in by_markdown] == [(focus, role, f"{share:.0%}") for focus, role, share in expected]
    shown = dict(re.findall(r"^(\w[\w ]*?) +(\d+)% +\d+–\d+%", mixed(rolemix, tmp_path), re.MULTILINE))
    assert shown == {focus: f"{100 * share:.0f}" for focus, role, share in expected if not role}


def test_mix_says_what_it_is_of(rolemix: Rolemix, tmp_path: Path, tagger: Tagger) -> None:
    for estimand in Estimand:
        found = json.loads(mixed(rolemix, tmp_path, "--estimand", estimand, "--format", "json"))
        assert found["estimates"] == estimand.meaning
        lines = tagger.mix(BOARD, estimand).lines
        assert [row["high"] for row in found["mix"]] == pytest.approx([line.high for line in lines], abs=0.005)
        assert estimand.meaning in " ".join(mixed(rolemix, tmp_path, "--estimand", estimand).split())


def test_wide_interval_is_noted(rolemix: Rolemix, tmp_path: Path) -> None:
    for form in ("table", "md", "json"):
        assert "18 postings tell little about a mix" in mixed(rolemix, tmp_path, "--format", form), form


def test_mix_is_reproducible(rolemix: Rolemix, tmp_path: Path) -> None:
    assert mixed(rolemix, tmp_path, "--format", "json") == mixed(rolemix, tmp_path, "--format", "json")


@pytest.mark.parametrize(
    ("given", "arguments", "sentence"),
    [
        ("", ["--mix"], "no postings, so there is no mix to estimate"),
        (GOOD + "{nonsense", ["--mix"], "line 2 is not JSON"),
        (GOOD, ["--format", "csv"], "--format needs --mix or --all"),
    ],
)
def test_invalid_input_is_reported(
    rolemix: Rolemix, tmp_path: Path, given: str, arguments: list[str], sentence: str
) -> None:
    (tmp_path / "rows.jsonl").write_text(given)
    result = rolemix("classify", "rows.jsonl", *arguments)
    assert (result.code, result.out) == (1, "")
    assert sentence in result.sentence
