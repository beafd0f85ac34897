"""What a terminal of 80 or 60 columns shows: whole words and whole numbers, in English and Chinese."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from classifier.taxonomy import Taxonomy
from tests.rolemix.conftest import History, Rolemix
from tests.rolemix.terminal import Terminal

NARROW, USUAL = 60, 80
widths = pytest.mark.parametrize("columns", [NARROW, USUAL])


def seen(folder: Path, columns: int, *arguments: object) -> list[str]:
    with Terminal.running(*arguments, cwd=folder, columns=columns) as terminal:
        assert terminal.end() == 0, terminal.shown
        lines = re.sub(r"\x1b\[[?\d;]*[a-zA-Z]", "", terminal.shown).replace("\r", "").split("\n")
    assert max(map(cell_len, lines)) <= columns
    assert not [line for line in lines if re.search(r"\S…|…\S", line.replace("…+", "").replace("…-", ""))]
    return lines


def printed(rolemix: Rolemix, *arguments: object) -> list[dict[str, str]]:
    rows = json.loads(rolemix(*arguments, "--format", "json").out)
    assert isinstance(rows, list)
    return rows


@widths
@pytest.mark.parametrize("command", ["changes", "postings"])
def test_a_list_breaks_no_word(rolemix: Rolemix, history: History, tmp_path: Path, columns: int, command: str) -> None:
    arguments = (command, "Fenwright", "Brightfjord", "--db", history.path)
    shown = " ".join(seen(tmp_path, columns, *arguments)).split()
    for row in printed(rolemix, *arguments):
        assert {*row["company"].split(), *row["title"].split(), row["role"]} <= set(shown)


@widths
def test_what_postings_state_breaks_no_role_and_no_interval(
    rolemix: Rolemix, history: History, taxonomy: Taxonomy, tmp_path: Path, columns: int
) -> None:
    arguments = ("report", "--by", "technology", "--days", 6, "--db", history.path)
    text = "\n".join(seen(tmp_path, columns, *arguments))
    for company in json.loads(rolemix(*arguments, "--format", "json").out)["companies"]:
        for one in company["values"][:25]:
            interval = f"{100 * one['low']:.0f}–{one['high']:.0%}"
            before = one["count_before"]
            numbers = rf" +{one['count']} +{before} +{one['share']:.0%} +{re.escape(interval)}"
            assert re.search(rf"^{re.escape(one['value'])}{numbers}", text, re.MULTILINE), one
    roles = re.findall(r"(?<!\S)([a-z-]+) \d+(?=,|$)", text, re.MULTILINE)
    assert len(roles) > 10
    assert {*roles} <= {*taxonomy.role_names}, "and none is broken"


@widths
@pytest.mark.parametrize("of", ["role", "city"])
def test_a_series_breaks_no_day_and_no_interval(history: History, tmp_path: Path, columns: int, of: str) -> None:
    lines = seen(tmp_path, columns, "report", "Fenwright", "--by", "week", "--of", of, "--db", history.path)
    assert [line.split()[0] for line in lines if line.startswith("2026-")] == ["2026-03-02"]
    intervals = re.findall(r"(?:\d+|<1)% +\d+–\d+%", "\n".join(lines))
    assert len(intervals) == (4 if of == "role" else 3)
    if of == "role":
        assert {"infrastructure", "engineering", "product", "research"} <= set(" ".join(lines).split())


@widths
@pytest.mark.parametrize("by", ["role", "city", "week"])
def test_chinese_fits_and_leaves_no_english_name(
    history: History, taxonomy: Taxonomy, tmp_path: Path, columns: int, by: str
) -> None:
    arguments = ("report", "Fenwright", "--days", 6, "--by", by, "--lang", "zh", "--db", history.path)
    text = "\n".join(seen(tmp_path, columns, *arguments))
    assert "在招" in text
    names = {*taxonomy.role_names, *taxonomy.focus_names, "now", "open", "share", "mostly", "noise", by}
    assert not [name for name in names if re.search(rf"(?<![-\w]){re.escape(name)}(?![-\w])", text)]
    known = {entry.zh for entry in (*taxonomy.focuses, *taxonomy.roles)}
    assert sum(name in text for name in known) >= 4


@pytest.mark.parametrize("by", ["role", "city", "week"])
def test_markdown_speaks_chinese_too(rolemix: Rolemix, history: History, by: str) -> None:
    arguments = ("report", "Fenwright", "--days", 6, "--by", by, "--lang", "zh", "--db", history.path)
    text = rolemix(*arguments, "--format", "md").out
    assert "计数单位为职位" in text
    assert "Counted are" not in text
    assert (
        rolemix(*arguments, "--format", "csv").out == rolemix(*arguments[:-4], *arguments[-2:], "--format", "csv").out
    )


@pytest.mark.parametrize("by", ["role", "city", "week"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_method_is_short_and_complete_on_request(rolemix: Rolemix, history: History, by: str, lang: str) -> None:
    arguments = ("report", "Fenwright", "--days", 6, "--by", by, "--lang", lang, "--db", history.path)
    short, long = (rolemix(*arguments, *more).out.strip().splitlines()[-1] for more in ((), ("--details",)))
    assert "--details" in short
    assert "--details" not in long
    assert cell_len(short) <= 4 * USUAL
    assert len(short) < len(long)
