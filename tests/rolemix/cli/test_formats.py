"""Markdown is for people, CSV for programs: of every command that prints results about companies."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.claims import CLAIMS
from simulator.twins import TRUE
from tests.rolemix.conftest import History, Rolemix

ROOT = Path(__file__).parents[3]
COMMANDS = {
    "report": ("report", "--days", "6"),
    "report --by FACT": ("report", "--by", "technology", "--days", "6"),
    "report --by week": ("report", "--by", "week"),
    "shifts": ("shifts", "--since", "2026-03-02"),
    "changes": ("changes", "--since", "2026-03-02"),
    "postings": ("postings",),
}
DECIMAL = re.compile(r"(?<![\w./])\d+\.\d+(?![\w./])")


def printed(rolemix: Rolemix, history: History, name: str, form: str) -> str:
    result = rolemix(*COMMANDS[name], "--db", history.path, "--format", form)
    assert result.code == 0, result.err
    return result.out


def cells(markdown: str) -> list[str]:
    lines = [line for line in markdown.splitlines() if line.startswith("| ")]
    return [cell.strip() for line in lines for cell in line[1:-1].split(" | ")]


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "shifts"])
def test_markdown_has_no_data_that_only_a_program_reads(rolemix: Rolemix, history: History, name: str) -> None:
    shown = cells(printed(rolemix, history, name, "md"))
    assert len(shown) > 20
    assert not set(shown) & {"True", "False", "None"}
    assert not [cell for cell in shown if DECIMAL.search(cell) or re.search(r"\dT\d\d:", cell)]
    if name.startswith("report"):
        assert any(re.fullmatch(r"\d+%", cell) for cell in shown)


@pytest.mark.parametrize("name", COMMANDS)
def test_csv_has_no_words_in_its_numbers(rolemix: Rolemix, history: History, name: str) -> None:
    rows = list(csv.DictReader(io.StringIO(printed(rolemix, history, name, "csv"))))
    assert rows
    for row in rows:
        for column in ("share", "low", "high", "count", "count_before", "p", "power"):
            assert not row.get(column) or float(row[column]) == pytest.approx(float(row[column]))
        assert {row.get(column) for column in ("beyond_noise", "complete", "moved")} <= {None, "", "True", "False"}


def test_rows_of_one_level_add_up_to_what_is_open(rolemix: Rolemix, history: History) -> None:
    companies = json.loads(printed(rolemix, history, "report", "json"))["companies"]
    opened = {company["company"]: company["open"] for company in companies}
    rows = list(csv.DictReader(io.StringIO(printed(rolemix, history, "report", "csv"))))
    assert {row["level"] for row in rows} == {"focus", "role"}
    for level in ("focus", "role"):
        sums: Counter[str] = Counter()
        for row in rows:
            sums[row["company"]] += int(row["count"]) * (row["level"] == level)
        assert sums == opened


def test_claims_have_the_verdict_in_words(rolemix: Rolemix, labs: Path, tmp_path: Path) -> None:
    path = tmp_path / "claims.toml"
    path.write_text(CLAIMS.read_text("utf-8").replace('"DeepSeek"', f'"{TRUE}"'), "utf-8")
    shown = cells(rolemix("check", path, "--db", labs, "--format", "md").out)
    assert "supported" in shown
    assert not set(shown) & {"True", "False", "None"}
    rows = list(csv.DictReader(io.StringIO(rolemix("check", path, "--db", labs, "--format", "csv").out)))
    assert {row["verdict"] for row in rows} <= {"supported", "refuted", "not decidable"}


@pytest.mark.parametrize("name", [*COMMANDS, "check"])
def test_every_column_is_documented(rolemix: Rolemix, history: History, name: str) -> None:
    document = (ROOT / "docs/usage.md").read_text("utf-8")
    section = document.partition("### The columns of CSV")[2].partition("\n##")[0]
    [told] = re.findall(rf"^\| `{re.escape(name)}` \| (.*) \|$", section, re.MULTILINE)
    if name == "check":
        from rolemix.cli.check import COLUMNS

        columns = list(COLUMNS)
    else:
        columns = printed(rolemix, history, name, "csv").splitlines()[0].split(",")
    assert re.findall(r"`(\w[\w ]*)`", told) == [
        column for column in columns if name != "report --by FACT" or column not in FOCUSES
    ]


FOCUSES = ("infrastructure", "data engineering", "product", "research", "other")
