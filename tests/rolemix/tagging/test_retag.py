"""Every version in the store is tagged once by each model."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from classifier.model.tagger import Tagger
from crawler.runs.saved import Stated
from crawler.systems import find_board
from postings import JobPosting
from postings.store import Store, queries
from rolemix.collecting.ingesting import ingest
from rolemix.tagging.retag import as_row, retag, tag_new
from simulator.world import World
from tests.rolemix.conftest import QUILLMOTH, History, small_model

ROWS = [("a", "Senior Accountant"), ("b", "Registered Nurse"), ("c", "Kubernetes Platform Engineer")]


def filled(path: Path, save_response: Callable[..., Path]) -> Store:
    store = Store.open(path)
    ingest(store, [save_response("p.json", *ROWS)], Stated(board=find_board(QUILLMOTH), observed_at=World.date(0)))
    return store


def test_stored_tags_are_those_of_the_tagger(
    tmp_path: Path, save_response: Callable[..., Path], tagger: Tagger
) -> None:
    with filled(tmp_path / "db", save_response) as store:
        assert tag_new(store, tagger) == 3
        with store.read() as connection:
            found = list(queries.stream_open_postings(connection, model=tagger.model))
    predicted = list(tagger.tag([as_row(one.posting) for one in found]))
    for one, expected in zip(found, predicted, strict=True):
        assert one.tag is not None
        assert (one.tag.role, one.tag.confidence) == (expected.role, expected.confidence)
        assert (one.tag.model, one.tag.taxonomy) == (tagger.model, tagger.info.taxonomy.version)
        assert one.tag.roles == expected.roles
    assert len({one.role for one in predicted}) > 1


def test_only_new_versions_are_tagged(tmp_path: Path, save_response: Callable[..., Path], tagger: Tagger) -> None:
    with filled(tmp_path / "db", save_response) as store:
        tag_new(store, tagger)
        assert tag_new(store, tagger) == 0
        retitled = [("a", "Sales Manager"), *ROWS[1:]]
        ingest(
            store, [save_response("p.json", *retitled)], Stated(board=find_board(QUILLMOTH), observed_at=World.date(1))
        )
        assert tag_new(store, tagger) == 1
        with store.read() as connection:
            found = {
                one.posting.identifier: one for one in queries.stream_open_postings(connection, model=tagger.model)
            }
    (predicted,) = tagger.tag([as_row(found["a"].posting)])
    assert found["a"].posting.title == "Sales Manager"
    assert found["a"].tag is not None
    assert found["a"].tag.roles == predicted.roles


def test_tags_of_another_model_are_kept(tmp_path: Path, save_response: Callable[..., Path], tagger: Tagger) -> None:
    other = small_model()
    with filled(tmp_path / "db", save_response) as store:
        assert tag_new(store, tagger) == 3
        assert tag_new(store, other) == 3
    with sqlite3.connect(tmp_path / "db") as connection:
        counts = dict(connection.execute("SELECT model, count(*) FROM tags GROUP BY model"))
    assert counts == {tagger.model: 3, other.model: 3}


def test_progress_is_called_after_each_batch(
    tmp_path: Path, save_response: Callable[..., Path], tagger: Tagger
) -> None:
    seen: list[int] = []
    with filled(tmp_path / "db", save_response) as store:
        tag_new(store, tagger, seen.append)
    assert seen == [3]


def test_every_version_of_a_week_is_tagged(history: History, tagger: Tagger) -> None:
    with sqlite3.connect(history.path) as connection:
        (untagged,) = connection.execute(
            "SELECT count(*) FROM versions WHERE id NOT IN (SELECT version_id FROM tags WHERE model = ?)",
            (tagger.model,),
        ).fetchone()
        (versions,) = connection.execute("SELECT count(*) FROM versions").fetchone()
    assert untagged == 0
    assert versions > 250


def test_row_of_a_posting_with_a_title_alone() -> None:
    assert as_row(JobPosting(identifier="1", title="Nurse", url="")) == {
        "id": "1",
        "title": "Nurse",
        "company": "",
        "description": "",
    }


def test_retag_compares_with_other_models(tmp_path: Path, save_response: Callable[..., Path], tagger: Tagger) -> None:
    small = small_model()
    with filled(tmp_path / "db", save_response) as store:
        tag_new(store, small)
        seen: list[tuple[int, int]] = []
        first = retag(store, tagger, lambda done, total: seen.append((done, total)))
        again = retag(store, tagger)
        with store.read() as connection:
            before = {p.posting.identifier: p.tag for p in queries.stream_open_postings(connection, model=small.model)}
            after = {p.posting.identifier: p.tag for p in queries.stream_open_postings(connection, model=tagger.model)}
    assert (first.model, first.tagged, first.versions) == (tagger.model, 3, 3)
    assert seen == [(0, 3), (3, 3)]
    assert (again.tagged, again.versions, again.comparisons) == (0, 3, first.comparisons)
    (comparison,) = first.comparisons
    differ = [name for name, tag in after.items() if tag and before[name] and tag.role != before[name].role]
    assert (comparison.model, comparison.compared, comparison.changed) == (small.model, 3, len(differ))
    assert len(differ) > 0
    assert all(change.before != change.after for change in comparison.changes)


def test_retag_continues_where_it_stopped(tmp_path: Path, save_response: Callable[..., Path], tagger: Tagger) -> None:
    with filled(tmp_path / "db", save_response) as store:
        tag_new(store, tagger)
        retitled = [("a", "Sales Manager"), *ROWS[1:]]
        ingest(
            store, [save_response("p.json", *retitled)], Stated(board=find_board(QUILLMOTH), observed_at=World.date(1))
        )
        done = retag(store, tagger)
    assert (done.tagged, done.versions, done.comparisons) == (1, 4, ())
