"""``rolemix crawl``: exit codes, forms, and that what was collected is never lost."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

import classifier
from simulator.faults import Fault, FaultKind
from simulator.server import Simulator
from simulator.world import World
from tests.rolemix.conftest import Rolemix, command, environment

CINDERQUAY = "https://jobs.lever.co/cinderquay"
MARROWLIGHT = "https://jobs.ashbyhq.com/marrowlight"
LUYINGU = "https://app.mokahr.com/social-recruitment/luyingu/210034"
DAY = World.date(0).isoformat()


def live(simulator: Simulator, *more: object) -> tuple[object, ...]:
    return ("crawl", "--gateway", simulator.url, "--delay", 0, "--observed-at", DAY, *more)


def stored(path: Path) -> dict[str, tuple[str, int]]:
    """The newest run's verdict and the number of versions, by board."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute(
            "SELECT url, verdict, (SELECT count(*) FROM versions JOIN postings ON postings.id = posting_id"
            " WHERE postings.board_id = boards.id) FROM boards JOIN runs ON boards.id = runs.board_id"
            " ORDER BY observed_at"
        ).fetchall()
    return {url: (verdict, count) for url, verdict, count in rows}


def test_whole_boards_exit_with_zero(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    result = rolemix(*live(simulator, CINDERQUAY, MARROWLIGHT))
    assert (result.code, result.err) == (0, "")
    assert "\ncinderquay " in result.out
    assert stored(tmp_path / "rolemix.db") == {CINDERQUAY: ("complete", 18), MARROWLIGHT: ("complete", 23)}


def test_what_is_new_is_tagged(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    rolemix(*live(simulator, CINDERQUAY))
    with sqlite3.connect(tmp_path / "rolemix.db") as connection:
        assert connection.execute("SELECT count(*) FROM tags").fetchone() == (18,)


def test_partial_board_exits_with_one_and_is_stored(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    simulator.fault(LUYINGU, FaultKind.TRUNCATED)
    result = rolemix(*live(simulator, CINDERQUAY, LUYINGU))
    assert result.code == 1
    (line,) = [line for line in result.out.splitlines() if line.startswith(LUYINGU)]
    assert "36 reported, 18 seen" in line
    found = stored(tmp_path / "rolemix.db")
    assert found[CINDERQUAY] == ("complete", 18)
    assert found[LUYINGU][0] == "incomplete"
    assert found[LUYINGU][1] > 0


def test_board_that_was_not_read_has_no_number_of_postings(simulator: Simulator, rolemix: Rolemix) -> None:
    simulator.fault(CINDERQUAY, FaultKind.BLOCKED)
    (row,) = json.loads(rolemix(*live(simulator, CINDERQUAY, "--format", "json")).out)
    assert (row["verdict"], row["postings"]) == ("blocked", None)


def test_the_watchlist_names_the_boards(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "watchlist.toml").write_text(
        f'[[board]]\nurl = "{CINDERQUAY}"\ncompany = "羽蛾"\n[[board]]\nurl = "{MARROWLIGHT}"\n'
    )
    result = rolemix(*live(simulator, "--format", "json"))
    assert result.code == 0
    assert [row["company"] for row in json.loads(result.out)] == ["羽蛾", "marrowlight"]


def test_the_forms_agree(simulator: Simulator, rolemix: Rolemix) -> None:
    result = {
        form: rolemix(*live(simulator, CINDERQUAY, "--format", form)).out for form in ("json", "csv", "md", "table")
    }
    (row,) = json.loads(result["json"])
    assert (row["company"], row["board"], row["verdict"]) == ("cinderquay", CINDERQUAY, "complete")
    assert (row["postings"], row["opened"], row["closed"]) == (18, 18, 0)
    (from_csv,) = csv.DictReader(io.StringIO(result["csv"]))
    assert {name: str(value) for name, value in row.items()} | {"reason": ""} == from_csv | {"reason": ""}
    assert "| cinderquay | https://jobs.lever.co/cinderquay | complete | 18 | 18 | 0 | 0 | 0 |" in result["md"]
    assert result["table"].split() == [
        *("company", "verdict", "postings", "opened", "closed", "changed", "reopened"),
        *("cinderquay", "complete", "18", "18", "0", "0", "0"),
        *("https://jobs.lever.co/cinderquay:", *result["table"].split()[15:]),
    ]


def test_the_same_observation_again_is_a_no_op(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    rolemix(*live(simulator, CINDERQUAY))
    with sqlite3.connect(tmp_path / "rolemix.db") as connection:
        before = list(connection.iterdump())
    simulator.day = 6
    result = rolemix(*live(simulator, CINDERQUAY))
    assert result.code == 0
    assert "a run at that time is recorded already, so nothing was written" in result.out
    with sqlite3.connect(tmp_path / "rolemix.db") as connection:
        assert list(connection.iterdump()) == before


def test_older_observation_is_refused_and_exits_with_one(simulator: Simulator, rolemix: Rolemix) -> None:
    rolemix(*live(simulator, CINDERQUAY))
    result = rolemix("crawl", "--gateway", simulator.url, "--delay", 0, "--observed-at", "2026-01-01", CINDERQUAY)
    assert result.code == 1
    assert "older than the newest" in result.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((CINDERQUAY, "--gateway", "nonsense"), "the gateway 'nonsense' is not an address"),
        ((CINDERQUAY, "--gateway", "http://"), "the gateway 'http://' is not an address"),
        ((CINDERQUAY, "--gateway", "ftp://127.0.0.1"), "the gateway 'ftp://127.0.0.1' is not an address"),
        ((CINDERQUAY, "--gateway", "http://127.0.0.1:99999"), "is not an address"),
        ((CINDERQUAY, "--gateway", "http://[::1"), "is not an address"),
        ((CINDERQUAY, "--observed-at", "noon"), "--observed-at 'noon' is not a date"),
        ((CINDERQUAY, "--observed-at", "2226-03-01"), "--observed-at '2226-03-01' is in the future"),
        (("https://example.com/jobs",), "'https://example.com/jobs'"),
        (("--watchlist", "none.toml"), "there is no watchlist at none.toml"),
        ((CINDERQUAY, "--db", "nowhere/rolemix.db"), "nowhere"),
        ((CINDERQUAY, "--db", "."), "folder"),
        ((CINDERQUAY, "--db", "text.db"), "not an SQLite database"),
        ((CINDERQUAY, "--db", "mysql://x/y"), "mysql"),
    ],
)
def test_bad_input_is_one_sentence(rolemix: Rolemix, tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    (tmp_path / "text.db").write_text("a shopping list, and no database at all" * 40)
    result = rolemix("crawl", *arguments)
    assert (result.code, result.out) == (1, "")
    assert result.sentence.startswith("rolemix: ")
    assert sentence in result.sentence


def test_empty_watchlist_is_reported(rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "watchlist.toml").write_text("# nothing yet\n")
    result = rolemix("crawl")
    assert (result.code, result.out) == (1, "")
    assert "lists no boards: add one with `rolemix watch add URL`" in result.sentence


def test_store_of_a_newer_version_is_left_alone(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    rolemix(*live(simulator, CINDERQUAY))
    with sqlite3.connect(tmp_path / "rolemix.db") as connection:
        connection.execute("UPDATE rolemix_version SET version_num = '9999'")
    result = rolemix(*live(simulator, MARROWLIGHT))
    assert (result.code, result.out) == (1, "")
    assert "newer version" in result.sentence
    assert list(stored(tmp_path / "rolemix.db")) == [CINDERQUAY]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_store_that_cannot_be_written(rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    result = rolemix("crawl", CINDERQUAY, "--db", "shut/rolemix.db")
    assert result.code == 1
    assert "shut/rolemix.db" in result.sentence


def shipped_model() -> Path:
    beside = Path(classifier.__file__).parent
    return next(folder for folder in (beside / "_models", beside.parent / "models") if folder.is_dir())


def test_damaged_model_costs_no_posting(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    shutil.copytree(shipped_model(), tmp_path / "model")
    (archive,) = (tmp_path / "model").glob("*.zip")
    archive.write_bytes(archive.read_bytes()[:-1] + b"x")
    result = rolemix(*live(simulator, CINDERQUAY, "--model", "model"))
    assert result.code == 1
    assert "damaged or was replaced" in result.sentence
    assert "cinderquay" in result.out
    assert stored(tmp_path / "rolemix.db") == {CINDERQUAY: ("complete", 18)}
    assert rolemix(*live(simulator, CINDERQUAY)).code == 0


def test_interrupted_crawl_keeps_the_finished_boards(simulator: Simulator, tmp_path: Path) -> None:
    simulator.fault(MARROWLIGHT, Fault(FaultKind.SLOW, seconds=20))
    database = tmp_path / "rolemix.db"
    arguments = command(*live(simulator, CINDERQUAY, MARROWLIGHT, "--db", database))
    process = subprocess.Popen(
        arguments,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell that starts something in the background lets it ignore interrupts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        deadline = time.monotonic() + 60
        while not (database.exists() and _has_a_run(database)):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=15)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130
    assert out == b""
    (sentence,) = err.decode().splitlines()
    assert sentence.startswith("rolemix: stopped; every finished board is stored")
    assert list(stored(database)) == [CINDERQUAY]


def _has_a_run(database: Path) -> bool:
    try:
        return bool(stored(database))
    except sqlite3.OperationalError:  # the store is still being set up
        return False
