"""Bringing older layouts up to date: what a store held before, it holds afterwards."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, inspect, text

from postings import JobPosting, Place
from postings.store import Store, queries
from postings.store.boards import describe
from postings.store.database import migration_config
from postings.store.history import Changes
from tests.postings.conftest import Locate
from tests.postings.examples import BOARD, see, spells

OTHER = f"{BOARD}/other"
TRACKS = "招聘方向【全职】：存储方向、网络方向\n点灯"
POSTINGS = {
    "a": JobPosting(identifier="a", title="灯塔工程师", url=f"{BOARD}/a", description=TRACKS, urgent=True),
    "b": JobPosting(identifier="b", title="Lamplighter", url=f"{BOARD}/b", description=" "),
    "c": JobPosting(
        identifier="c",
        title="灯塔工程师",
        url="https://app.mokahr.com/apply/lanternfish/1#/job/c",
        description="请投递新职位",
        job_location=(
            Place(name="上海", address_country="CN"),
            Place(name="Oslo"),
            Place(name="Oslo", address_country="NO"),
        ),
        employment_type=("INTERN", "FULL_TIME"),
        redirects_to="https://app.mokahr.com/apply/lanternfish/1#/job/a",
    ),
    "d": JobPosting(identifier="d", title="Keeper", url=f"{BOARD}/d"),
}
OLD_HASHES = {identifier: posting.content_hash for identifier, posting in POSTINGS.items()} | {
    # Frozen, as layout 0002 was written: while the attribute was called moved_to.
    "c": "33a3697f7e5fc611d310bc9f9c777b679633c4fcdf2bdfa8a22d9145e59ceab0"
}
FLAGS = {  # redirects, described, several_tracks
    "a": (False, True, True),
    "b": (False, True, False),
    "c": (True, True, False),
    "d": (False, False, False),
}
ALL_COLUMNS = {
    "boards": "id, url, system, organization, company",
    "runs": 'id, board_id, observed_at, verdict, reason, reported_total, pages, "rows", "unique", etag, seen, opened,'
    " closed, reopened, changed, held",
    "postings": "id, board_id, identifier, first_seen, detail_read_at, listed_hash",
    "versions": "id, posting_id, observed_at, valid_through",
    "openings": "id, posting_id, opened_at, closed_at, last_seen_at, missing_since, closed_reason",
    "tags": "version_id, model, taxonomy, role, confidence, roles",
}
"""What the layouts 0002 and 0003 have in common."""


@contextlib.contextmanager
def connected(place: str) -> Iterator[Connection]:
    """A transaction on a database, whatever its layout."""
    engine = create_engine(place if "://" in place else f"sqlite:///{place}")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def config_for(connection: Connection) -> Config:
    """Alembic's configuration for the migrations, on this connection."""
    config = migration_config()
    config.attributes["connection"] = connection
    return config


def old_content(posting: JobPosting) -> str:
    """A content as layout 0002 keeps it."""
    values = posting.to_dict()
    values["moved_to"] = values.pop("redirects_to")
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def insert(connection: Connection, table: str, *rows: dict[str, Any]) -> None:
    names = rows[0]
    columns, values = (", ".join(form.format(name) for name in names) for form in ('"{}"', ":{}"))
    connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), list(rows))


def fill(connection: Connection) -> None:
    """Write what two runs over one board, and one over another, leave in layout 0002."""
    board = {"url": BOARD, "system": "moka", "organization": "Laternenfisch", "company": None}
    insert(connection, "boards", board, board | {"url": OTHER, "organization": None, "company": "Other"})
    run = {"board_id": 1, "observed_at": "2026-03-01 06:00:00+00:00", "verdict": "complete", "reason": "4 seen"}
    run |= {"reported_total": 4, "pages": 1, "rows": 4, "unique": 4, "etag": "e0", "seen": 4, "opened": 4, "closed": 0}
    run |= {"reopened": 0, "changed": 0, "held": None, "coverage": '{"identifier":4,"moved_to":1,"title":4}'}
    later = {"observed_at": "2026-03-02 06:00:00+00:00", "opened": 0, "closed": 1, "seen": 3, "unique": 3}
    empty = {"board_id": 2, "coverage": "{}", "opened": 0, "seen": 0, "rows": 0, "unique": 0, "etag": None}
    insert(connection, "runs", run, run | later, run | empty)
    for number, (identifier, posting) in enumerate(POSTINGS.items(), 1):
        at = "2026-03-01 06:00:00+00:00"
        read = {"detail_read_at": at, "listed_hash": "1f"} if identifier == "b" else {}
        known = {"board_id": 1, "identifier": identifier, "first_seen": at}
        insert(connection, "postings", known | {"detail_read_at": None, "listed_hash": None} | read)
        version = {"posting_id": number, "observed_at": at, "content": old_content(posting)}
        version |= {"content_hash": OLD_HASHES[identifier], "moved": identifier == "c"}
        insert(connection, "versions", version | {"valid_through": None})
        opening = {"posting_id": number, "opened_at": at, "last_seen_at": at, "missing_since": None}
        end = "2026-03-02 06:00:00+00:00" if identifier == "d" else None
        insert(connection, "openings", opening | {"closed_at": end, "closed_reason": end and "unlisted"})
    tag = {"version_id": 1, "model": "m1", "taxonomy": "1", "role": "storage", "confidence": 0.75}
    insert(connection, "tags", tag | {"roles": '{"storage":0.75}'})


def dump(connection: Connection, columns: dict[str, str] = ALL_COLUMNS) -> dict[str, list[Any]]:
    """The rows of each table by id, values in JSON read: their white space says nothing."""

    def value(stored: Any) -> Any:
        return json.loads(stored) if isinstance(stored, str) and stored.startswith(("{", "[")) else stored

    return {
        table: [tuple(map(value, row)) for row in connection.execute(text(f"SELECT {names} FROM {table} ORDER BY 1"))]
        for table, names in columns.items()
    }


@pytest.fixture
def old_store(locate: Locate) -> str:
    """The place of a store in layout 0002."""
    place = locate()
    with connected(place) as connection:
        command.upgrade(config_for(connection), "0002")
        fill(connection)
    return place


def test_an_upgraded_store_keeps_its_history_and_gets_the_flags(old_store: str) -> None:
    with connected(old_store) as connection:
        before = dump(connection)
    with Store.open(old_store) as store:
        with store.read() as connection:
            assert dump(connection) == before
            rows = connection.execute(
                text("SELECT content, content_hash, redirects, described, several_tracks FROM versions ORDER BY id")
            ).all()
            [first, *_], [other] = queries.stream_runs(connection, BOARD), queries.stream_runs(connection, OTHER)
            found = {p.posting.identifier: p.posting for p in queries.stream_histories(connection)}
        contents = [json.loads(row.content) if isinstance(row.content, str) else row.content for row in rows]
        assert [JobPosting.from_dict(content) for content in contents] == list(POSTINGS.values())
        assert [row.content_hash for row in rows] == [posting.content_hash for posting in POSTINGS.values()]
        assert [tuple(map(bool, row[2:])) for row in rows] == list(FLAGS.values())
        assert (first.coverage, other.coverage) == ({"identifier": 4, "redirects_to": 1, "title": 4}, {})
        assert found == POSTINGS


def test_a_run_after_the_upgrade_finds_nothing_changed(old_store: str) -> None:
    with Store.open(old_store) as store:
        assert see(store, 2, POSTINGS.values()) == Changes(reopened=1)
        assert spells(store)["d"] == [(0, 1, None, "unlisted"), (2, None, None, None)]


def test_open_tags_after_the_upgrade_have_the_flags_of_the_content(old_store: str) -> None:
    with Store.open(old_store) as store, store.read() as connection:
        found = [
            (tag.identifier, tag.described, tag.several_tracks, tag.tag and tag.tag.role)
            for tag in queries.stream_open_tags(connection, "m1")
        ]
    assert found == [("a", True, True, "storage"), ("b", True, False, None)]


def test_boards_of_an_upgraded_store_are_described_once(old_store: str) -> None:
    with Store.open(old_store) as store:
        with store.read() as connection:
            assert queries.fetch_undescribed(connection) == [BOARD, OTHER]
            assert [(b.name, b.is_search) for b in queries.fetch_boards(connection)] == [
                ("Laternenfisch", False),
                ("Other", False),
            ]
        describe(store, {BOARD: ("lanternfish", True), "https://jobs.example.org/unknown": ("x", False)})
        describe(store, {BOARD: ("again", False)})
        with store.read() as connection:
            assert queries.fetch_undescribed(connection) == [OTHER]
            first = queries.fetch_boards(connection)[0]
        assert (first.key, first.several_employers, first.is_search) == ("lanternfish", True, True)


def test_more_versions_than_are_read_at_once_are_all_upgraded(old_store: str) -> None:
    with connected(old_store) as connection:
        content = json.loads(old_content(POSTINGS["c"]))
        extra = [
            {
                "id": number,
                "posting_id": 3,
                "observed_at": f"2026-04-01 06:{number // 60 % 60:02}:{number % 60:02}+00:00",
            }
            | {"content": json.dumps(content | {"title": str(number)}), "content_hash": "", "moved": True}
            for number in range(100, 1300)
        ]
        insert(connection, "versions", *extra)
    with Store.open(old_store) as store, store.read() as connection:
        rows = connection.execute(text("SELECT id, content, content_hash FROM versions WHERE id >= 100 ORDER BY id"))
        found = {row.id: (row.content, row.content_hash) for row in rows}
        assert sorted(found) == list(range(100, 1300))
        for number, (written, content_hash) in found.items():
            posting = JobPosting.from_dict(json.loads(written) if isinstance(written, str) else written)
            assert (posting.title, posting.content_hash) == (str(number), content_hash)


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(old_store: str) -> None:
    columns = {"versions": "*", "boards": "*", "runs": "*"}
    with connected(old_store) as connection:
        connection.execute(text("UPDATE versions SET content = '[]' WHERE id = 4"))
        before = dump(connection, columns)
    with pytest.raises(AttributeError):
        Store.open(old_store)
    with connected(old_store) as connection:
        assert dump(connection, columns) == before
        repaired = {"content": old_content(POSTINGS["d"])}
        connection.execute(text("UPDATE versions SET content = :content WHERE id = 4"), repaired)
    with Store.open(old_store) as store, store.read() as connection:
        assert {p.posting.identifier: p.posting for p in queries.stream_histories(connection)} == POSTINGS


def test_a_downgrade_gives_the_old_layout_back(old_store: str) -> None:
    def names(connection: Connection) -> dict[str, list[str]]:
        return {table: [column["name"] for column in inspect(connection).get_columns(table)] for table in ALL_COLUMNS}

    with connected(old_store) as connection:
        columns = {table: ", ".join(f'"{name}"' for name in of_table) for table, of_table in names(connection).items()}
        before = names(connection), dump(connection, columns)
    Store.open(old_store).close()
    with connected(old_store) as connection:
        assert "moved" not in names(connection)["versions"]
        command.downgrade(config_for(connection), "0002")
        assert (names(connection), dump(connection, columns)) == before
