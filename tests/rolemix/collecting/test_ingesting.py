"""From saved responses to history: judged by the same proofs as a crawl, and joined with what the store knows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.runs.saved import Stated, read_runs
from crawler.systems import find_board, system
from postings import JobPosting, Verdict
from postings.store import Store, queries
from postings.store.history import StaleRunError
from rolemix.collecting.collected import Collected
from rolemix.collecting.ingesting import ingest
from simulator.world import World
from tests.rolemix.conftest import QUILLMOTH

BOARD = find_board(QUILLMOTH)
TWO = [("a", "Lamp Keeper"), ("b", "Nurse")]


def ingested(store: Store, file: Path, day: int, company: str | None = None) -> Collected:
    stated = Stated(board=BOARD, observed_at=World.date(day))
    (one,) = ingest(store, [file], stated, company=company).collected
    return one


def opened(store: Store) -> dict[str, JobPosting]:
    with store.read() as connection:
        return {one.posting.identifier: one.posting for one in queries.stream_open_postings(connection)}


def test_saved_list_is_a_run(tmp_path: Path, save_response: Callable[..., Path]) -> None:
    with Store.open(tmp_path / "db") as store:
        one = ingested(store, save_response("p.json", *TWO), 0, company="Quillmoth")
        assert (one.company, one.run.verdict, one.changes.opened) == ("Quillmoth", Verdict.COMPLETE, 2)
        later = ingested(store, save_response("p.json", TWO[1]), 1)
        assert (later.company, later.changes.closed) == ("quillmoth", 1)
        with store.read() as connection:
            (board,) = queries.fetch_boards(connection)
            assert board.company == "Quillmoth"
            assert [one.posting.title for one in queries.stream_open_postings(connection)] == ["Nurse"]


def test_details_alone_close_nothing(save_response: Callable[..., Path], tmp_path: Path) -> None:
    (row,) = json.loads(save_response("one.json", TWO[1]).read_text())
    (tmp_path / "detail.json").write_text(json.dumps(row))
    with Store.open(tmp_path / "db") as store:
        ingested(store, save_response("p.json", *TWO), 0)
        one = ingested(store, tmp_path / "detail.json", 1)
    assert (one.run.verdict, one.changes.closed, one.whole) == (Verdict.INCOMPLETE, 0, False)


def test_list_without_texts_keeps_those_that_the_store_knows(
    save_response: Callable[..., Path], tmp_path: Path
) -> None:
    with Store.open(tmp_path / "db") as store:
        ingested(store, save_response("p.json", *TWO), 0)
        one = ingested(store, save_response("p.json", *TWO, descriptionPlain="", categories={"location": "Bodø"}), 1)
        found = opened(store)
    assert one.changes.changed == 2
    assert {posting.job_location[0].name for posting in found.values()} == {"Bodø"}
    assert all(posting.description.startswith("We tend the lamps") for posting in found.values())
    assert "description" not in one.run.coverage, "what the store knew was not on the board that day"


def test_detail_alone_keeps_what_the_store_knows(save_response: Callable[..., Path], tmp_path: Path) -> None:
    (row,) = json.loads(save_response("one.json", TWO[1]).read_text())
    detail = {key: row[key] for key in ("id", "text", "hostedUrl")} | {"descriptionPlain": "By night."}
    (tmp_path / "detail.json").write_text(json.dumps(detail))
    with Store.open(tmp_path / "db") as store:
        ingested(store, save_response("p.json", *TWO), 0)
        ingested(store, tmp_path / "detail.json", 1)
        nurse = opened(store)["b"]
    assert (nurse.description, nurse.job_location[0].name) == ("By night.", "Tromsø")


def test_older_day_is_refused(tmp_path: Path, save_response: Callable[..., Path]) -> None:
    with Store.open(tmp_path / "db") as store:
        ingested(store, save_response("p.json", *TWO), 1)
        with pytest.raises(StaleRunError):
            ingested(store, save_response("p.json", *TWO), 0)


def test_refused_run_of_several_is_not_read_again(
    tmp_path: Path, save_response: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = save_response("q.json", ("c", "Cook"))
    other.write_text(other.read_text().replace("quillmoth", "marshlamp"))
    bodies: list[bytes] = []
    lever = system("lever")
    read = lever.read
    monkeypatch.setattr(lever, "read", lambda body, board=None: bodies.append(body) or read(body, board))
    with Store.open(tmp_path / "db") as store:
        ingested(store, save_response("p.json", *TWO), 1)
        bodies.clear()
        files = [save_response("p.json", *TWO), other]
        both = ingest(store, files, Stated(observed_at=World.date(0))).collected
    assert [(one.company, one.run.unique, one.refused is not None) for one in both] == [
        ("quillmoth", 2, True),
        ("marshlamp", 1, False),
    ]
    assert sorted(bodies) == sorted(file.read_bytes() for file in files)


RECORDED = {
    # Lists whose requests asked for a part of the board, or that lack the rest, are never whole.
    "lever": ("postings_rsp.json", Verdict.INCOMPLETE),
    "greenhouse": ("jobs_rsp.json", Verdict.COMPLETE),
    "ashby": ("board_rsp.json", Verdict.COMPLETE),
    "moka": ("jobs_rsp.json", Verdict.INCOMPLETE),
}


@pytest.mark.shared
@pytest.mark.parametrize("system", sorted(RECORDED))
def test_recorded_list_is_judged(recorded: Path, tmp_path: Path, system: str) -> None:
    name, verdict = RECORDED[system]
    with Store.open(tmp_path / "db") as store:
        (one,) = ingest(store, [recorded / system / name], Stated(observed_at=World.date(0))).collected
        assert (one.run.system, one.run.verdict) == (system, verdict), one.run.reason
        assert one.run.unique > 0
        assert one.changes.opened == one.run.unique
        with store.read() as connection:
            found = list(queries.stream_open_postings(connection, uncounted=True))
    assert len(found) == one.run.unique
    assert all(posting.posting.title for posting in found)


@pytest.mark.shared
def test_recorded_pages_come_together(recorded: Path) -> None:
    pages = [recorded / "moka" / name for name in ("jobs_rsp.json", "jobs_page2_rsp.json")]
    stated = Stated(observed_at=World.date(0))
    ((first,), (both,)) = (read_runs(files, stated).runs for files in (pages[:1], pages))
    assert (both.run.pages, first.run.pages) == (2, 1)
    assert both.run.unique == len(both.postings) > first.run.unique
