"""Results for terminals, spreadsheets, pages and programs, with hostile text."""

from __future__ import annotations

import csv
import io
import json

import pytest
from rich.console import Console

from rolemix.publishing.render import Format, as_csv, as_json, as_markdown, as_table, as_text, markdown, plain

ROWS = [{"name": "Quillmoth", "count": 3, "share": 0.5}, {"name": "槿岭云算", "count": 12, "share": None}]
COLUMNS = ("name", "count", "share")


def printed(rows: list[dict[str, object]], width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    console.print(as_table(rows, list(rows[0])))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert isinstance(text, str)
    return text


def test_json_keeps_types() -> None:
    assert json.loads(as_text(ROWS, COLUMNS, Format.JSON)) == ROWS


def test_csv_round_trips() -> None:
    read = list(csv.DictReader(io.StringIO(as_text(ROWS, COLUMNS, Format.CSV))))
    assert read == [
        {"name": "Quillmoth", "count": "3", "share": "0.5"},
        {"name": "槿岭云算", "count": "12", "share": ""},
    ]


def test_markdown_is_a_table() -> None:
    assert as_text(ROWS, COLUMNS, Format.MD).splitlines() == [
        "| name | count | share |",
        "|---|---|---|",
        "| Quillmoth | 3 | 0.5 |",
        "| 槿岭云算 | 12 |  |",
    ]


def test_a_table_is_not_a_text_format() -> None:
    with pytest.raises(ValueError, match="as_table"):
        as_text(ROWS, COLUMNS, Format.TABLE)


@pytest.mark.parametrize(
    "text", ["=HYPERLINK(1)", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\x1b=1", "＝1", "＠x"]
)
def test_a_formula_is_inert_in_csv(text: str) -> None:
    ((_, cell),) = csv.reader(io.StringIO(as_csv([{"n": 1, "x": text}], ("n", "x")).split("\n", 1)[1]))
    assert cell.startswith("'")


def test_a_negative_number_stays_a_number_in_csv() -> None:
    assert as_csv([{"change": -2}], ("change",)) == "change\n-2\n"


HOSTILE = "Quill\x1b]0;owned\x07moth\x9b31m \u202eevil\u2066 [red]x[/red] :fire:\nnext\tcell\x00"


def test_a_table_shows_hostile_text_as_text() -> None:
    text = printed([{"name": HOSTILE, "n": 1}])
    assert "Quill]0;ownedmoth31m evil [red]x[/red] :fire: next cell" in text
    assert not set(text) & set("\x1b\x07\x9b\u202e\u2066\x00\t")


def test_json_escapes_hostile_text() -> None:
    text = as_json({"name": HOSTILE})
    assert json.loads(text) == {"name": HOSTILE}
    assert not set(text) & set("\x1b\x07\x9b\u202e\u2066\x00\t")


def test_csv_has_no_control_characters() -> None:
    assert not set(as_csv([{"x": HOSTILE}], ("x",))) & set("\x1b\x07\x9b\u202e\u2066\x00")


def test_markdown_escapes_markup() -> None:
    text = as_markdown([{"x": "a | b <script> *c* [d](e) `f`\n# g"}], ("x",))
    assert text.splitlines()[2] == r"| a \| b \<script\> \*c\* \[d\](e) \`f\` \# g |"
    assert markdown("\x1b]0;x\x07") == r"\]0;x"


def test_columns_of_chinese_text_are_aligned() -> None:
    lines = printed([{"name": "槿岭云算", "count": 7}, {"name": "Quillmoth", "count": 12}]).splitlines()
    widths = {Console().render_lines(line)[0] and _cells(line) for line in lines}
    assert len(widths) == 1


def _cells(line: str) -> int:
    from rich.cells import cell_len

    return cell_len(line)


def test_numbers_are_right_aligned_and_never_wrapped() -> None:
    text = printed([{"name": "a" * 60, "count": 123456}, {"name": "b", "count": 7}], width=30)
    assert "  123456\n" in text
    assert "       7\n" in text


def test_none_is_an_empty_cell() -> None:
    assert plain(None) == ""
    assert "None" not in printed([{"name": None, "n": 1}])


def test_dicts_and_lists_are_json_inside_a_cell() -> None:
    rows = [{"dropped": {"描述": {"usual": 1.0}}, "to": ["https://a.example", "b"]}, {"dropped": {}, "to": []}]
    columns = ("dropped", "to")
    read = list(csv.DictReader(io.StringIO(as_csv(rows, columns))))
    assert [{name: json.loads(value) for name, value in row.items()} for row in read] == rows
    assert as_markdown(rows, columns).splitlines()[-1] == "|  |  |", "nothing, for people"
    assert json.loads(as_text(rows, columns, Format.JSON)) == rows
