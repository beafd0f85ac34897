"""Histories that others recorded: every form gives the same snapshots, and bad input one sentence."""

from __future__ import annotations

import csv
import gc
import gzip
import json
import os
import subprocess
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.captures import git_files
from crawler.captures.snapshots import Snapshot, is_history, read_snapshots
from postings import JobPosting
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


class Repository:
    """A git repository whose commits have the times that a test gives them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, at: str = "2026-01-01T08:00:00+00:00") -> None:
        who = {f"GIT_{role}_{part}": "x@y" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
        when = {f"GIT_{role}_DATE": at for role in ("AUTHOR", "COMMITTER")}
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder.parent), **who, **when}
        subprocess.run(["git", "-C", str(self.folder), *arguments], check=True, capture_output=True, env=environment)

    def commit(self, files: dict[str, str], at: str) -> None:
        for name, text in files.items():
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_text(text, "utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", at, at=at)


def of_day(day: str, **more: Any) -> list[dict[str, Any]]:
    """Return rows that leave their day, and who they are of, to their file."""
    return [{**row, "date": None, "company": None, **more} for row in ROWS if row["date"] == day]


DAYS = ("2026-03-01", "2026-03-03")


def test_a_git_repository_with_a_snapshot_a_commit(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "Lanternfish")
    for day in DAYS:
        # What a commit's rows call their date says when they were posted, as likely as not.
        repository.commit({"jobs.jsonl": lines(of_day(day, date="2025-12-01"))}, f"{day}T08:00:00+00:00")
    (repository.folder / "jobs.jsonl").unlink()  # what is checked out makes no difference
    (repository.folder / "more.csv").write_text("a,b\n")
    found = list(read_snapshots(repository.folder))
    assert is_history(repository.folder)
    assert shape(found) == WHOLE
    assert found[0].observed_at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    bare = tmp_path / "Bare.git"
    repository.git("clone", "-q", "--bare", ".", str(bare))
    assert is_history(bare)
    assert shape(list(read_snapshots(bare))) == [("Bare", *rest) for _, *rest in WHOLE]
    (repository.folder / "more.csv").unlink()
    repository.commit({}, "2026-03-04T08:00:00+00:00")  # deletes the file, which is a gap
    repository.commit({"jobs.jsonl": lines(of_day(DAYS[1]))}, "2026-03-05T08:00:00+00:00")
    assert [day for _, day, *_ in shape(list(read_snapshots(repository.folder)))] == [1, 3, 5]


def test_a_git_repository_with_a_file_a_day(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "Lanternfish")
    for number, day in enumerate(DAYS):
        # The commits are all of one day: whoever rewrote them kept the names.
        name = f"data/{day}.jsonl"
        repository.commit({name: lines(of_day(day)), "package.json": str(number)}, "2026-06-01T08:00:00+00:00")
    assert shape(list(read_snapshots(repository.folder))) == WHOLE


def test_a_repository_runs_nothing_that_it_configures(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "Lanternfish")
    ran = tmp_path / "ran"
    for day in DAYS:
        files = {"jobs.jsonl": lines(of_day(day)), ".gitattributes": "*.jsonl diff=trap filter=trap"}
        repository.commit(files, f"{day}T08:00:00+00:00")
    trap = f"touch {ran}; cat"
    for name in ("core.fsmonitor", "diff.trap.textconv", "diff.external", "filter.trap.smudge", "gpg.program"):
        repository.git("config", name, trap)
    repository.git("config", "log.showSignature", "true")
    assert shape(list(read_snapshots(repository.folder))) == WHOLE
    assert not ran.exists()


def test_a_repository_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository(tmp_path / "Lanternfish")
    with pytest.raises(RolemixError, match=r"git cannot read .*HEAD") as refused:
        list(read_snapshots(repository.folder))
    assert "\n" not in str(refused.value)
    repository.commit({"jobs.jsonl": lines([ROWS[1], ROWS[2] | {"id": "2"}])}, "2026-03-01T08:00:00+00:00")
    with pytest.raises(RolemixError, match="row 2 has the id 2 on a second day"):
        list(read_snapshots(repository.folder))
    monkeypatch.setattr(git_files, "MAX_BYTES", 10)
    with pytest.raises(RolemixError, match="more than 10"):
        list(read_snapshots(repository.folder))
    repository.commit({"more.csv": "a,b\n"}, "2026-03-02T08:00:00+00:00")
    with pytest.raises(RolemixError, match="has 2 data files"):
        list(read_snapshots(repository.folder))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RolemixError, match="needs git"):
        list(read_snapshots(repository.folder))


def test_a_folder_with_several_files_a_day(tmp_path: Path) -> None:
    for name in ("anglerfish", "Lanternfish"):
        for day in DAYS:
            (tmp_path / f"{name}-{day}.jsonl").write_text(lines(of_day(day)), "utf-8")
    anglerfish = [("anglerfish", *rest) for _, *rest in WHOLE]
    assert sorted(shape(list(read_snapshots(tmp_path)))) == sorted([*WHOLE, *anglerfish])


def test_a_folder_of_companies_files(tmp_path: Path) -> None:
    for name in ("anglerfish", "lanternfish"):
        rows = [{**row, "company": None} for row in ROWS]
        (tmp_path / f"{name}.jsonl.gz").write_bytes(gzip.compress(lines(rows).encode()))
    (tmp_path / "README.md").write_text("what they are")
    assert is_history(tmp_path)
    found = shape(list(read_snapshots(tmp_path)))
    assert found == [(name, *rest) for name in ("anglerfish", "lanternfish") for _, *rest in WHOLE]


def test_responses_with_a_day_in_their_name_are_no_history(tmp_path: Path) -> None:
    response = tmp_path / "lanternfish-2026-03-01.json"
    response.write_text(json.dumps([{"id": "1", "text": "Diver", "hostedUrl": "https://x.org"}]))
    assert not is_history(tmp_path)
    response.write_text(json.dumps({"jobs": [{"id": "1", "title": "Diver"}]}))
    assert not is_history(tmp_path)
    response.write_text("[" * 100_000)
    assert not is_history(tmp_path)


def test_several_companies_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text(lines([*ROWS[:2], ROWS[0] | {"company": "Anglerfish"}, ROWS[2]]), "utf-8")
    assert [one.company for one in read_snapshots(path)] == ["Anglerfish", "Lanternfish", "Lanternfish"]
    one_after_the_other = [{**row, "company": name} for name in ("B", "A") for row in ROWS]
    path.write_text(lines(one_after_the_other), "utf-8")
    assert shape(list(read_snapshots(path))) == [(name, *rest) for name in ("B", "A") for _, *rest in WHOLE]


def test_one_company_under_two_spellings(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text(lines([ROWS[0], ROWS[1] | {"company": "LANTERNFISH"}, ROWS[2]]), "utf-8")
    assert shape(list(read_snapshots(path))) == WHOLE


def test_a_snapshot_knows_that_it_repeats_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    days = [[{**row, "date": f"2026-03-0{day}"} for row in ROWS[:2]] for day in (1, 2, 3, 4)]
    days[2][0]["title"] = "Lead diver"
    path.write_text(lines([row for day in days for row in day] + [days[3][0] | {"date": "2026-03-05"}]), "utf-8")
    assert [one.same for one in read_snapshots(path)] == [False, True, False, False, False]
    first, second, third, *_ = ([posting.content_hash for posting in one.postings] for one in read_snapshots(path))
    assert first == second
    assert (first[0] == third[0], first[1] == third[1]) == (False, True)
    posting = next(read_snapshots(path)).postings[0]
    assert JobPosting.from_dict(posting.to_dict()).content_hash == posting.content_hash == first[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_names_of_columns_and_delimiters_that_others_use(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "Lanternfish.csv"
    header = delimiter.join(("Snapshot Date", "ID", "Job-Title", "jobUrl", "Locations"))
    path.write_text(f"{header}\r\n" + delimiter.join(("2026-03-01", "7.0", "Diver", "https://x.org/7", "Oslo")))
    [found] = read_snapshots(path)
    [posting] = found.postings
    assert (posting.identifier, posting.title, posting.url) == ("7.0", "Diver", "https://x.org/7")
    assert [place.name for place in posting.job_location] == ["Oslo"]


def test_values_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "Lanternfish.jsonl"
    row = {"date": 20260301, "id": 7.0, "title": "Diver", "location": [{"name": "Oslo"}, {"name": "Bergen"}]}
    path.write_text(lines([row | {"team": {"name": "Sea"}, "url": float("nan"), "imputed": 1}]), "utf-8")
    [found] = read_snapshots(path)
    [posting] = found.postings
    assert (posting.identifier, posting.url, posting.employment_unit, found.imputed) == ("7", "", "Sea", 1)
    assert [place.name for place in posting.job_location] == ["Oslo", "Bergen"]


def test_descriptions_are_read_as_those_of_boards(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        lines([ROWS[0] | {"description": "<p>Dive.</p><p>Ask ada@x.org \ud800</p>"}]).replace("\ud800", "\\ud800")
    )
    [found] = read_snapshots(path)
    assert found.postings[0].description == "Dive.\n\nAsk [e-mail]"
    assert found.postings[0].content_hash


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
        ("[" * 100_000, "line 1 of a.jsonl is not JSON Lines"),
        (lines([ROWS[0]]) + '{"a":' * 100_000, "line 2 of a.jsonl is not JSON Lines"),
        ('{"id": ' + "9" * 5_000 + "}", "line 1 of a.jsonl holds a number that is too long"),
        (lines([{"id": "1", "title": "Diver"}]), "its columns are id, title"),
        (lines([ROWS[0] | {"title": {"en": "Diver"}}]), "row 1 lacks its title"),
        (lines([ROWS[0] | {"company": "?!"}]), "a company without a letter or digit"),
        (lines([ROWS[0], ROWS[2], ROWS[0] | {"id": "3"}]), "not in the order of their dates"),
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
    whole = gzip.compress(lines(ROWS).encode())
    for broken in (whole[:-12], whole[:20] + b"\xff" * 8 + whole[28:]):
        (tmp_path / "a.jsonl.gz").write_bytes(broken)
        with pytest.raises(RolemixError, match="cannot read"):
            list(read_snapshots(tmp_path / "a.jsonl.gz"))
    (tmp_path / "b.jsonl").write_bytes(b"\xff\xfe{")
    with pytest.raises(RolemixError, match="cannot read"):
        list(read_snapshots(tmp_path / "b.jsonl"))
    (tmp_path / "page.html").write_text("")
    assert not is_history(tmp_path / "page.html")
    (tmp_path / "empty").mkdir()
    assert not is_history(tmp_path / "empty")


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
