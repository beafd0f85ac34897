"""Opening a store, its transactions, and what happens when the program dies in one."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text

from postings import JobPosting
from postings.store import NewerStoreError, Store, StoreError
from postings.store.database import VERSION_TABLE
from postings.store.history import Changes, record
from postings.store.schema import boards, metadata
from postings.store.views import drop_views
from tests.postings.store.conftest import Locate
from tests.postings.store.examples import BOARD, row_counts, run, see, some, spells

ROOT = Path(__file__).parents[3]

KILLED_WHILE_RECORDING = """
import sys, time
from postings.store import Store
from tests.postings.store.examples import posting, see

def endless():
    for number in range(2 * 3000):
        if number == 3000:
            print("in the middle", flush=True)
            time.sleep(600)
        yield posting(number, description="x" * 3000)

see(Store.open(sys.argv[1]), 1, endless())
"""


def test_a_store_is_opened_again_with_what_it_held(locate: Locate) -> None:
    place = locate()
    with Store.open(place) as store:
        see(store, 0, some("a"))
    with Store.open(place) as store:
        assert spells(store) == {"a": [(0, None, None, None)]}


def test_a_store_of_a_newer_version_is_refused(locate: Locate) -> None:
    place = locate()
    with Store.open(place) as store, store.write() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = 'of the future'"))
    with pytest.raises(NewerStoreError, match=r"newer version of rolemix \(layout of the future\): upgrade"):
        Store.open(place)


def test_a_database_of_another_program_is_refused(locate: Locate) -> None:
    place = locate()
    with Store.open(place) as store, store.write() as connection:
        drop_views(connection)
        metadata.drop_all(connection)
        connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
        connection.execute(text("CREATE TABLE recipes (id INTEGER)"))
    with pytest.raises(StoreError, match="another program"):
        Store.open(place)


@pytest.mark.parametrize("different", [False, True])
def test_stores_may_be_opened_at_once(locate: Locate, different: bool) -> None:
    def opening(place: str, together: threading.Barrier) -> None:
        together.wait()
        with Store.open(place) as store:
            assert set(row_counts(store).values()) == {0}

    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            places, together = [locate() for _ in range(4)], threading.Barrier(4)
            chosen = places if different else places[:1] * 4
            for opened in [pool.submit(opening, place, together) for place in chosen]:
                opened.result()


def test_two_writers_of_one_board_queue(locate: Locate) -> None:
    place = locate()
    inside, second_is_done = threading.Event(), threading.Event()
    overtaken = []

    def slow() -> Iterator[JobPosting]:
        yield from some("a")
        inside.set()
        overtaken.append(second_is_done.wait(0.3))
        yield from some("b")

    def second() -> Changes:
        inside.wait()
        with Store.open(place) as other:
            changes = see(other, 1, some("a", "b", "c"))
            second_is_done.set()
            return changes

    with Store.open(place) as store, ThreadPoolExecutor(1) as pool:
        see(store, -1)
        waiting = pool.submit(second)
        assert see(store, 0, slow()) == Changes(opened=2)
        assert waiting.result() == Changes(opened=1)
        assert overtaken == [False]


def test_a_reader_sees_one_moment(locate: Locate) -> None:
    with Store.open(locate()) as store:
        see(store, 0, some("a"))
        with store.read() as connection:
            before = connection.execute(select(boards)).all()
            record(store, run(0, board_url=f"{BOARD}/other"), some("a"))
            assert connection.execute(select(boards)).all() == before


def test_killed_in_the_middle_the_store_holds_whole_runs_only(locate: Locate) -> None:
    place = locate()
    with Store.open(place) as store:
        see(store, 0, some(*range(10)))
        before = row_counts(store)
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED_WHILE_RECORDING, place],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"in the middle\n"
        process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    if "://" not in place:
        assert Path(f"{place}-wal").stat().st_size > 1_000_000, "the killed run had written nothing yet"
    with Store.open(place) as store:
        assert row_counts(store) == before
        if "://" not in place:
            with store.read() as connection:
                assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
        assert see(store, 1, some(*range(12))) == Changes(opened=2)


# --- SQLite ---------------------------------------------------------------------------------------


def test_sqlite_keeps_every_commit(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db") as store:
        for begin in (store.read, store.write):
            with begin() as connection:
                settings = {
                    name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                    for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
                }
            assert settings == {
                "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 60_000,
            }  # fmt: skip


def test_a_path_and_its_url_are_the_same_store(tmp_path: Path) -> None:
    path = tmp_path / "a store 100%.db"
    with Store.open(path) as store:
        see(store, 0, some("a"))
    for location in (str(path), f"sqlite:///{path}".replace("%", "%25")):
        with Store.open(location) as store:
            assert row_counts(store)["postings"] == 1


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, " * 100)
    with pytest.raises(StoreError, match=r"letter\.txt is not an SQLite database"):
        Store.open(path)
    assert path.read_text() == "Dear reader, " * 100


@pytest.mark.parametrize(
    ("location", "sentence"),
    [
        ("{folder}", "is a folder"),
        ("{folder}/missing/store.db", "no folder .*missing"),
        ("sqlite://", "cannot be kept in memory"),
        ("sqlite:///:memory:", "cannot be kept in memory"),
        ("mysql://root@localhost/x", "cannot be kept in mysql"),
        ("://x", "neither a path nor a URL"),
        ("/proc/store.db", "cannot be opened|no folder"),
    ],
)
def test_unusable_locations_are_refused_in_one_sentence(tmp_path: Path, location: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence) as caught:
        Store.open(location.format(folder=tmp_path))
    assert len(str(caught.value).splitlines()) == 1


def test_a_store_held_by_another_writer_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postings.store.database.BUSY_SECONDS", 0.05)
    path = tmp_path / "store.db"
    with Store.open(path) as store:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="being written by another program"):
            see(store, 0, some("a"))
        holder.rollback()
        holder.close()
        assert see(store, 0, some("a")) == Changes(opened=1)


# --- PostgreSQL -----------------------------------------------------------------------------------


def test_an_unreachable_server_is_reported_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be used") as caught:
        Store.open(f"postgresql://rolemix:s3cret@/rolemix?host={tmp_path}")
    assert "s3cret" not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_missing_permissions_are_reported(postgresql_socket: Path) -> None:
    server = psycopg.connect(host=str(postgresql_socket), user="rolemix", dbname="postgres", autocommit=True)
    with server as connection:
        connection.execute("CREATE ROLE visitor LOGIN")
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    with pytest.raises(StoreError, match="permission denied"):
        Store.open(f"postgresql://visitor@/postgres?host={postgresql_socket}")
