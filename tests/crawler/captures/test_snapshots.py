"""Histories that others recorded: every form gives the same snapshots, and bad input one sentence."""

from __future__ import annotations

import csv
import gc
import gzip
import json
import subprocess
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.captures.snapshots import Snapshot, is_history, read_snapshots
from postings.errors import RolemixError

ROWS: list[dict[str, Any]] = [
    {"date": "2026-03-01", "company": "Lanternfish", "id": "1", "title": "Diver", "location": "Oslo; Bergen"},
    {"date": "2026-03-01", "company": "Lanternfish", "id": "2", "title": "灯塔", "location": "北京", "url": "http://x.org/2"},
    {"date": "2026-03-03", "company": "Lanternfish", "id": "2", "title": "灯塔", "department": "Sea", "imputed": True},
]  # fmt: skip


def lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def shape(snapshots: list[Snapshot]) -> list[tuple[str, int, list[str], int]]:
    return [
        (one.company, one.observed_at.day, [posting.identifier for posting in one.postings], one.imputed)
        for one in snapshots
    ]


WHOLE = [("Lanternfish", 1, ["1", "2"], 0), ("Lanternfish", 3, ["2"], 1)]


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "lanternfish.jsonl"
    path.write_text(lines(ROWS), "utf-8")
    found = list(read_snapshots(path))
    assert is_history(path)
    assert shape(found) == WHOLE
    assert found[0].observed_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    first, second = found[0].postings
    assert [place.name for place in first.job_location] == ["Oslo", "Bergen"]
    assert (second.title, second.url) == ("灯塔", "http://x.org/2")
    assert found[1].postings[0].employment_unit == "Sea"


def test_compressed_and_csv_and_other_names_of_columns(tmp_path: Path) -> None:
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(lines(ROWS).encode()))
    assert shape(list(read_snapshots(packed))) == WHOLE
    table = tmp_path / "b.csv"
    names = {"date": "scraped_at", "company": "employer", "id": "job_id", "title": "job_title"}
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, [*names.values(), "imputed"])
        writer.writeheader()
        for row in ROWS:
            renamed = {new: row[old] for old, new in names.items()}
            writer.writerow(renamed | {"imputed": "true" if row.get("imputed") else ""})
    assert shape(list(read_snapshots(table))) == WHOLE


def test_a_folder_of_dated_files(tmp_path: Path) -> None:
    folder = tmp_path / "Lanternfish"
    folder.mkdir()
    for day in ("2026-03-01", "2026-03-03"):
        rows = [{**row, "date": None, "company": None} for row in ROWS if row["date"] == day]
        (folder / f"jobs-{day}.json").write_text(json.dumps(rows), "utf-8")
    (folder / "readme.txt").write_text("not a snapshot")
    assert is_history(folder)
    assert shape(list(read_snapshots(folder))) == WHOLE


def test_a_git_repository_with_a_snapshot_a_commit(tmp_path: Path) -> None:
    folder = tmp_path / "Lanternfish"

    def git(*arguments: str, **more: str) -> None:
        subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env=more or None)

    folder.mkdir()
    git("init", "-q")
    for day in ("2026-03-01", "2026-03-03"):
        rows = [{**row, "date": None, "company": None} for row in ROWS if row["date"] == day]
        (folder / "jobs.jsonl").write_text(lines(rows), "utf-8")
        git("add", "jobs.jsonl")
        stamp = f"{day}T08:00:00+00:00"
        who = {f"GIT_{role}_{part}": "x@y" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
        git("commit", "-q", "-m", day, PATH="/usr/bin:/bin", GIT_COMMITTER_DATE=stamp, GIT_AUTHOR_DATE=stamp, **who)
    found = list(read_snapshots(folder))
    assert is_history(folder)
    assert shape(found) == WHOLE
    assert found[0].observed_at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    (folder / "more.csv").write_text("a,b\n")
    git("add", "more.csv")
    with pytest.raises(RolemixError, match="has 2 data files"):
        list(read_snapshots(folder))


def test_several_companies_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text(lines([*ROWS[:2], ROWS[0] | {"company": "Anglerfish"}, ROWS[2]]), "utf-8")
    assert [one.company for one in read_snapshots(path)] == ["Anglerfish", "Lanternfish", "Lanternfish"]


def test_an_id_counts_once_a_day(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(lines([ROWS[0], ROWS[0]]), "utf-8")
    assert shape(list(read_snapshots(path))) == [("Lanternfish", 1, ["1"], 0)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (lines([ROWS[2], ROWS[0]]), "not in the order of their dates: 2026-03-01 follows 2026-03-03"),
        (lines([ROWS[0] | {"date": "soon"}]), r"row 1 has no date \('soon'\)"),
        (lines([ROWS[0] | {"id": ""}]), "row 1 lacks its id"),
        (lines([ROWS[0] | {"title": None}]), "row 1 lacks its title"),
        ("{]\n", "is not JSON Lines"),
        ("3\n", "row 1 is no posting"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(RolemixError, match=sentence) as refused:
        list(read_snapshots(path))
    assert "\n" not in str(refused.value)


def test_broken_files(tmp_path: Path) -> None:
    with pytest.raises(RolemixError, match="cannot read"):
        list(read_snapshots(tmp_path / "none.jsonl"))
    (tmp_path / "a.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(RolemixError, match="cannot read"):
        list(read_snapshots(tmp_path / "a.jsonl.gz"))
    (tmp_path / "b.jsonl").write_bytes(b"\xff\xfe{")
    with pytest.raises(RolemixError, match="cannot read"):
        list(read_snapshots(tmp_path / "b.jsonl"))
    (tmp_path / "page.html").write_text("")
    assert not is_history(tmp_path / "page.html")
    assert not is_history(tmp_path)


def test_memory_does_not_grow_with_the_days(tmp_path: Path) -> None:
    def peak(days: int) -> int:
        path = tmp_path / f"{days}.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for day in range(days):
                for number in range(50):
                    row = {"date": f"2026-{1 + day // 28:02}-{1 + day % 28:02}", "id": str(number), "title": "Diver"}
                    file.write(json.dumps(row) + "\n")
        gc.freeze()  # so that a collection looks at what the reader left only
        tracemalloc.start()
        assert sum(gc.collect() >= 0 for _ in read_snapshots(path)) == days
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    # The first time also fills what the whole process keeps, whose tables may grow by then.
    assert min(peak(200) for _ in range(3)) < 3 * min(peak(20) for _ in range(3))


def test_a_repository_runs_no_program_of_its_own(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments], check=True
        )

    git("init", "-q")
    (tmp_path / "a.jsonl").write_text('{"date": "2026-01-05", "id": "1", "title": "Nurse"}\n')
    git("add", "a.jsonl")
    git("commit", "-q", "-m", "a")
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(0o755)
    git("config", "core.fsmonitor", str(program))
    assert len(list(read_snapshots(tmp_path))) == 1
    assert not (tmp_path / "ran").exists()
