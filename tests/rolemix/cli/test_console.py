"""Where commands print: results on standard output as they are, everything else on standard error as one line."""

from __future__ import annotations

import io
import json
import sys

import pytest
import typer

from rolemix.cli import console
from rolemix.publishing.render import Format

ROWS = [
    {"board": "https://jobs.lever.co/quillmoth", "postings": 3, "reason": "3 seen"},
    {"board": "https://jobs.lever.co/cinderquay", "postings": None, "reason": "HTTP 503"},
]
COLUMNS = ("board", "postings", "reason")


@pytest.mark.parametrize("text", ["槿岭云算\n", "a\n\nb", ""])
def test_results_are_printed_as_they_are(text: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    console.out(text)
    assert capsysbinary.readouterr() == (text.encode(), b"")


def test_a_lone_surrogate_becomes_an_escape(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    console.out("a\ud83d")
    assert capsysbinary.readouterr().out == rb"a\ud83d"


def test_a_closed_pipe_ends_the_command_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.TextIOWrapper):
        def flush(self) -> None:
            raise BrokenPipeError

        def fileno(self) -> int:
            return 1

    redirected: list[int] = []
    monkeypatch.setattr(console.os, "dup2", lambda old, new: redirected.append(new))
    monkeypatch.setattr(sys, "stdout", Closed(io.BytesIO()))
    with pytest.raises(typer.Exit) as ended:
        console.out("result")
    assert (ended.value.exit_code, redirected) == (0, [1])
    monkeypatch.undo()


@pytest.mark.parametrize("form", Format)
def test_rows_are_printed_in_each_format(form: Format, capsys: pytest.CaptureFixture[str]) -> None:
    console.show(ROWS, COLUMNS, form)
    out, err = capsys.readouterr()
    assert "HTTP 503" in out
    assert err == ""


def test_a_table_is_not_wrapped_where_another_program_reads_it(capsys: pytest.CaptureFixture[str]) -> None:
    address = "https://jobs.lever.co/" + "quillmoth" * 30
    console.show([{"board": address}], ("board",), Format.TABLE)
    assert address in capsys.readouterr().out.splitlines()


def test_reasons_stand_under_the_table_of_boards(capsys: pytest.CaptureFixture[str]) -> None:
    console.show_boards(ROWS, COLUMNS, Format.TABLE, [ROWS[1]["board"]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["postings"]
    assert lines[-1] == "https://jobs.lever.co/cinderquay: HTTP 503"
    assert not any("quillmoth" in line for line in lines)


def test_boards_in_other_formats_keep_every_column(capsys: pytest.CaptureFixture[str]) -> None:
    console.show_boards(ROWS, COLUMNS, Format.JSON, [])
    assert json.loads(capsys.readouterr().out) == ROWS


TABLES = {"boards": ROWS, "roles": [{"role": "compute", "count": 2}], "nothing": []}


def test_several_tables_are_one_object_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    console.show_tables(TABLES, Format.JSON, "a note")
    assert json.loads(capsys.readouterr().out) == TABLES


def test_several_tables_are_one_table_in_csv(capsys: pytest.CaptureFixture[str]) -> None:
    console.show_tables(TABLES, Format.CSV, "a note")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "table,board,postings,reason,role,count"
    assert lines[-1] == "roles,,,,compute,2"
    assert len(lines) == 4


def test_several_tables_have_headings_in_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    console.show_tables(TABLES, Format.MD, "a note")
    headings = [line for line in capsys.readouterr().out.splitlines() if line.startswith("#")]
    assert headings == ["### Boards", "### Roles"]


def test_the_note_is_for_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    console.show_tables(TABLES, Format.TABLE, "a note")
    assert capsys.readouterr().out.endswith("a note\n")


def test_a_sentence_is_one_line_without_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    console.say("first\nsecond \x1b]0;owned\x07 " + "long " * 60)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("first second ]0;owned long")


def test_an_error_names_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    console.complain("there is no store")
    assert capsys.readouterr() == ("", "rolemix: there is no store\n")


def test_boards_of_one_company_have_rows_that_tell_them_apart(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"company": company, "board": board, "verdict": "complete", "reason": ""}
        for company, board in (
            ("灯笼鱼", "https://app.mokahr.com/social-recruitment/lantern/1"),
            ("灯笼鱼", "https://app.mokahr.com/campus-recruitment/lantern/1"),
            ("Quill", "https://jobs.lever.co/quill"),
        )
    ]
    console.show_boards(rows, ("company", "board", "verdict", "reason"), Format.TABLE, ())
    shown = [line.split("  ")[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert shown == ["灯笼鱼 (social-recruitment/lantern/1)", "灯笼鱼 (campus-recruitment/lantern/1)", "Quill"]
