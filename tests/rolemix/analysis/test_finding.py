"""Postings that fit: by words in both languages, roles and facts, and nothing that does not."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import pytest

import rolemix as library
from tests.rolemix.conftest import History, Rolemix

pytestmark = pytest.mark.usefixtures("history")


def found(rolemix: Rolemix, history: History, *arguments: str) -> list[dict[str, str]]:
    result = rolemix("postings", "--db", history.path, "--format", "json", *arguments)
    assert result.code == 0, result.err
    rows = json.loads(result.out)
    assert isinstance(rows, list)
    return rows


def test_filters_hold_together_and_values_apart(rolemix: Rolemix, history: History) -> None:
    every = found(rolemix, history)
    assert [row["opened"] for row in every] == sorted((row["opened"] for row in every), reverse=True)
    software = found(rolemix, history, "--where", "role=software")
    security = found(rolemix, history, "--where", "role=security")
    both = found(rolemix, history, "--where", "role=software,security")
    assert 0 < len(software) < len(both) == len(software) + len(security) < len(every)
    narrower = found(rolemix, history, "fenw", "--where", "role=software", "--where", "city=London")
    assert {row["company"] for row in narrower} == {"Fenwright Labs"}
    assert {row["posting"] for row in narrower} < {row["posting"] for row in software}


def test_words_in_both_languages(rolemix: Rolemix, history: History) -> None:
    for word in ("工程师", "ENGINEER"):
        rows = found(rolemix, history, "--where", f"title={word}")
        assert rows
        assert all(word.casefold() in row["title"].casefold() for row in rows)
    assert len(found(rolemix, history, "--where", "text=工程师")) >= len(
        found(rolemix, history, "--where", "title=工程师")
    )
    assert found(rolemix, history, "--where", "city=london") == found(rolemix, history, "--where", "city=London")
    assert found(rolemix, history, "--where", "text=no posting says this") == []


def test_those_that_closed(rolemix: Rolemix, history: History) -> None:
    closed = [row for row in found(rolemix, history, "--closed") if row["closed"]]
    assert closed
    assert all(row["closed"] is None for row in found(rolemix, history))


def test_the_table_and_what_is_no_filter(rolemix: Rolemix, history: History) -> None:
    table = rolemix("postings", "fenw", "--db", history.path, "--where", "technology=*").out
    assert "postings; --format csv has the addresses" in table
    for wrong in ("shoe=44", "role", "role="):
        assert "is no filter: write NAME=VALUE" in rolemix("postings", "--where", wrong, "--db", history.path).sentence
    misspelt = rolemix("postings", "--where", "role=programmer", "--db", history.path).sentence
    assert "there is no role 'programmer': write one of " in misspelt
    assert "no company fenx" in rolemix("postings", "fenx", "--db", history.path).sentence


def test_the_library_says_the_same(rolemix: Rolemix, history: History, tmp_path: Path) -> None:
    with library.open_store(history.path) as store:
        rows = library.find_postings(store, where={"focus": "product"})
    assert rows == found(rolemix, history, "--where", "focus=product")


def test_json_lines_and_parquet_hold_the_same_rows(rolemix: Rolemix, history: History, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    arguments = ("postings", "Fenwright", "--closed", "--db", history.path, "--format")
    assert "cannot write no/a.parquet" in rolemix(*arguments, "parquet", "-o", "no/a.parquet").sentence
    rows = json.loads(rolemix(*arguments, "json").out)
    assert [json.loads(line) for line in rolemix(*arguments, "jsonl").out.splitlines()] == rows
    written = rolemix(*arguments, "parquet", "-o", "postings.parquet")
    assert f"wrote postings.parquet ({len(rows)} postings)" in written.err
    table = duckdb.read_parquet(str(tmp_path / "postings.parquet"))
    assert dict(zip(table.columns, map(str, table.types), strict=True)) == {
        name: "TIMESTAMP WITH TIME ZONE" if name in ("opened", "closed") else "VARCHAR" for name in rows[0]
    }
    frame = table.df()
    assert frame["posting"].tolist() == [row["posting"] for row in rows]
    assert [moment.timestamp() for moment in frame["opened"]] == [
        datetime.fromisoformat(row["opened"]).timestamp() for row in rows
    ]
    assert frame["closed"].notna().sum() == sum(row["closed"] is not None for row in rows)
    first = (tmp_path / "postings.parquet").read_bytes()
    rolemix(*arguments, "parquet", "-o", "postings.parquet")
    assert (tmp_path / "postings.parquet").read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["postings.parquet"]


def test_parquet_needs_a_file_and_says_what_to_install(
    rolemix: Rolemix, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("postings", "Fenwright", "--db", history.path)
    assert "belong together" in rolemix(*arguments, "--format", "parquet").sentence
    assert "belong together" in rolemix(*arguments, "-o", "a.csv").sentence
    monkeypatch.setitem(sys.modules, "duckdb", None)
    found = rolemix(*arguments, "--format", "parquet", "-o", "a.parquet")
    assert "Parquet needs the duckdb package: install rolemix[parquet]" in found.sentence
