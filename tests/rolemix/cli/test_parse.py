"""``rolemix parse``: saved responses as JSON Lines that any program can read."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from postings import JobPosting
from tests.rolemix.conftest import Rolemix, command, environment, process

KEYS = [field.name for field in dataclasses.fields(JobPosting)]


def test_the_keys_are_those_of_the_record(rolemix: Rolemix, save_response: Callable[..., Path]) -> None:
    result = rolemix("parse", "--system", "lever", save_response("p.json", ("a", "Nurse"), ("b", "灯塔看守")))
    assert (result.code, result.err) == (0, "")
    rows = [json.loads(line) for line in result.out.splitlines()]
    assert [list(row) for row in rows] == [[*KEYS, "facts"]] * 2
    kinds = [{fact["kind"] for fact in row.pop("facts")} for row in rows]
    assert all({"city", "country", "employment_type", "language"} <= of_one for of_one in kinds)
    assert [JobPosting.from_dict(row).title for row in rows] == ["Nurse", "灯塔看守"]


def test_several_files_in_their_order(rolemix: Rolemix, save_response: Callable[..., Path]) -> None:
    files = [save_response(f"{name}.json", (name, f"Nurse {name}")) for name in ("b", "a")]
    result = rolemix("parse", "--system", "lever", *files)
    assert [json.loads(line)["identifier"] for line in result.out.splitlines()] == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"ok": false, "error": "Document not found"}', "unknown board"),
        ("<html>captcha</html>", "a captcha or an access check"),
        ("", "an empty body"),
        ("[{", "expected JSON, got "),
        ('[{"title": "x"}]', "no id"),
        (None, "cannot read"),
    ],
)
def test_a_bad_file_is_said_and_the_others_are_read(
    rolemix: Rolemix, save_response: Callable[..., Path], tmp_path: Path, text: str | None, sentence: str
) -> None:
    if text is not None:
        (tmp_path / "bad.json").write_text(text)
    result = rolemix("parse", "--system", "lever", "bad.json", save_response("good.json", ("a", "Nurse")))
    assert result.code == 1
    assert [json.loads(line)["title"] for line in result.out.splitlines()] == ["Nurse"]
    assert result.sentence.startswith("rolemix: ")
    assert sentence in result.sentence
    assert result.sentence.count("bad.json") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--system", "levver", "p.json"), "unknown system 'levver': choose one of alibaba, "),
        (("--system", "lever", "p.json", "--board", "https://jobs.ashbyhq.com/x"), "is not a lever board"),
    ],
)
def test_a_bad_question_is_one_sentence(rolemix: Rolemix, arguments: tuple[str, ...], sentence: str) -> None:
    result = rolemix("parse", *arguments)
    assert (result.code, result.out) == (1, "")
    assert sentence in result.sentence


def test_what_steers_a_terminal_stands_as_an_escape(rolemix: Rolemix, save_response: Callable[..., Path]) -> None:
    result = rolemix("parse", "--system", "lever", save_response("p.json", ("a\x9b31m\u202e", "Nurse")))
    assert json.loads(result.out)["identifier"] == "a\x9b31m\u202e"
    assert not set(result.out) & set("\x9b\u202e")


@pytest.mark.parametrize("locale", [{"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}])
def test_the_output_is_utf8_whatever_the_locale(save_response: Callable[..., Path], locale: dict[str, str]) -> None:
    done = process("parse", "--system", "lever", save_response("p.json", ("a", "灯塔看守")), **locale)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "灯塔看守" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("count", [1, 5000])
def test_a_reader_that_goes_away_is_no_error(save_response: Callable[..., Path], count: int) -> None:
    file = save_response("p.json", *((f"id-{n}", "Nurse") for n in range(count)))
    writer = subprocess.Popen(
        command("parse", "--system", "lever", file), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    if count > 1:
        assert json.loads(writer.stdout.readline())["identifier"] == "id-0"
    writer.stdout.close()
    assert writer.stderr.read() == b""
    writer.stderr.close()
    assert writer.wait() == 0


@pytest.mark.shared
@pytest.mark.parametrize("system", ["ashby", "greenhouse", "lever", "moka"])
def test_recorded_answers(recorded: Path, rolemix: Rolemix, system: str) -> None:
    files = sorted((recorded / system).glob("*_rsp.json"))
    result = rolemix("parse", "--system", system, *files)
    rows = [json.loads(line) for line in result.out.splitlines()]
    assert len(rows) > 2
    assert all(list(row) == [*KEYS, "facts"] and row["title"] for row in rows)
    assert {fact["kind"] for row in rows for fact in row["facts"]} >= {"country", "city", "language"}
    refused = result.err.splitlines()
    assert result.code == bool(refused)
    assert all(str(recorded / system) in line for line in refused)
