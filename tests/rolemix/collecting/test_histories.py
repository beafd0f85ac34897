"""Recorded histories become ours: runs at their own dates, gaps, suspects, and nothing twice."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from postings import BoardRun, JobPosting, Verdict
from postings.errors import RolemixError
from postings.facts.no_opening import no_opening
from postings.period import Period
from postings.store import Store, history, queries
from rolemix import api
from rolemix.collecting.histories import address_of, ingest_history
from tests.rolemix.conftest import Rolemix


def written(path: Path, days: dict[str, list[int]], **more: Any) -> Path:
    rows = [
        {"date": day, "company": "Lanternfish", "id": str(number), "title": f"Diver {number}"} | more
        for day, numbers in days.items()
        for number in numbers
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


WEEK = {f"2026-03-0{day}": list(range(10)) for day in range(1, 5)}


def test_each_snapshot_is_a_run_and_an_unchanged_one_is_cheap(tmp_path: Path) -> None:
    days = WEEK | {"2026-03-07": list(range(1, 11))}
    with Store.open(tmp_path / "db") as store:
        [found] = ingest_history(store, written(tmp_path / "a.jsonl", days))
        assert (found.snapshots, found.opened, found.closed, found.held) == (5, 11, 1, 0)
        with store.read() as connection:
            [board] = queries.fetch_boards(connection)
            runs = list(queries.stream_runs(connection, "history+lanternfish"))
    assert (board.url, board.system, board.name) == ("history+lanternfish", "history", "Lanternfish")
    assert [run.verdict for run in runs] == [Verdict.COMPLETE, *[Verdict.UNCHANGED] * 3, Verdict.COMPLETE]
    assert [run.observed_at.day for run in runs] == [1, 2, 3, 4, 7]
    assert runs[-1].reason == "a snapshot of 10 postings"


def test_a_file_that_has_grown_is_read_again(tmp_path: Path) -> None:
    with Store.open(tmp_path / "db") as store:
        ingest_history(store, written(tmp_path / "a.jsonl", WEEK))
        [again] = ingest_history(store, written(tmp_path / "a.jsonl", WEEK | {"2026-03-05": [1, 2, 3, 4, 5, 6, 7, 8]}))
    assert (again.snapshots, again.known, again.opened, again.closed) == (5, 4, 0, 2)


def test_a_snapshot_far_below_the_usual_is_a_suspect_until_the_next_agrees(tmp_path: Path) -> None:
    with Store.open(tmp_path / "db") as store:
        [found] = ingest_history(store, written(tmp_path / "a.jsonl", WEEK | {"2026-03-05": [1, 2]}))
        assert (found.held, found.closed) == (1, 0)
        days = WEEK | {"2026-03-05": [1, 2], "2026-03-06": [1, 2]}
        [found] = ingest_history(store, written(tmp_path / "a.jsonl", days))
        assert (found.known, found.closed) == (5, 8)


def recounted(path: Path, *, suspect: frozenset[str] = frozenset()) -> pd.DataFrame:
    """Count straight from the rows of a file, by day; on a suspect day everything is as it was before."""
    rows = pd.read_json(path, lines=True, dtype={"id": str})
    rows["date"] = rows["date"].dt.strftime("%Y-%m-%d")
    rows = rows[[no_opening(title) is None for title in rows["title"]]]
    ids = rows.groupby("date")["id"].agg(set)
    ids = ids[~ids.index.isin(suspect)]
    before = ids.shift().where(ids.index != ids.index[0], other=ids)
    pairs = list(zip(before, ids, strict=True))
    return pd.DataFrame(
        {
            "open": ids.map(len),
            "opened": [len(now - then) for then, now in pairs],
            "closed": [len(then - now) for then, now in pairs],
        }
    )


def counted(store: Store) -> pd.DataFrame:
    with store.read() as connection:
        found = list(queries.stream_counts(connection, "none", by=Period.DAY))
    sums = [
        [sum(one.open.values()) if one.complete else None, sum(one.opened.values()), sum(one.closed.values())]
        for one in found
    ]
    days = pd.Index([one.first.isoformat() for one in found], name="date")
    return pd.DataFrame(sums, columns=["open", "opened", "closed"], index=days)


def check_counts(store: Store, expected: pd.DataFrame) -> None:
    found = counted(store)
    span = pd.date_range(expected.index[0], expected.index[-1]).strftime("%Y-%m-%d")
    assert list(found.index) == list(span), "each day has its row"
    gaps = found[found["open"].isna()]
    assert set(gaps.index) == set(span) - set(expected.index), "a day without a snapshot is a gap"
    assert not gaps[["opened", "closed"]].any(axis=None)
    pd.testing.assert_frame_equal(found.loc[expected.index], expected, check_dtype=False)


def test_counts_equal_a_recount_from_the_rows(tmp_path: Path) -> None:
    rng = random.Random(7)
    days: dict[str, list[int]] = {}
    now = set(range(40))
    for day in pd.date_range("2026-01-05", "2026-03-01"):
        now ^= {rng.randrange(60) for _ in range(rng.randrange(4))}  # some open again after they closed
        if rng.random() < 0.8:
            days[f"{day:%Y-%m-%d}"] = sorted(now)
    after, suspect, confirmed = list(days)[20:23]
    path = written(tmp_path / "a.jsonl", days)
    with Store.open(tmp_path / "db") as store:
        ingest_history(store, path)
        check_counts(store, recounted(path))
    for low in (suspect, confirmed):
        days[low] = days[after][:10]
    path = written(tmp_path / "b.jsonl", days)
    with Store.open(tmp_path / "confirmed") as store:
        assert ingest_history(store, path)[0].held == 1
        check_counts(store, recounted(path))
    days[confirmed] = days[after]
    path = written(tmp_path / "c.jsonl", days)
    with Store.open(tmp_path / "refuted") as store:
        assert ingest_history(store, path)[0].held == 1
        found = counted(store)
    assert list(found.loc[suspect]) == [len(days[after]), 0, 0], "what a suspect day lacks has not closed"
    others = recounted(path, suspect=frozenset({suspect}))
    pd.testing.assert_frame_equal(found.loc[others.index], others, check_dtype=False)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["cloudflare", "deepmind", "scale-ai"])
def test_counts_equal_a_recount_of_real_histories(shared: Path, tmp_path: Path, name: str) -> None:
    path = shared / "history" / f"{name}.jsonl.gz"
    with Store.open(tmp_path / "db") as store:
        ingest_history(store, path)
        check_counts(store, recounted(path))


def test_names_and_dates_that_do_not_fit(tmp_path: Path, rolemix: Rolemix) -> None:
    path = written(tmp_path / "a.jsonl", {"2096-03-01": [1]})
    result = rolemix("ingest", path)
    assert (result.code, result.out) == (1, "")
    assert "a snapshot of 2096-03-01, in the future" in result.sentence
    both = tmp_path / "b.jsonl"
    both.write_text(
        written(tmp_path / "c.jsonl", {"2026-03-01": [1]}).read_text()
        + written(tmp_path / "d.jsonl", {"2026-03-01": [1]}, company="Angler").read_text()
    )
    with Store.open(tmp_path / "db") as store, pytest.raises(RolemixError, match="--company names one company"):
        ingest_history(store, both, company="Fish")
    empty = tmp_path / "e.jsonl"
    empty.write_text("")
    with Store.open(tmp_path / "db") as store, pytest.raises(RolemixError, match="holds no snapshot"):
        ingest_history(store, empty)
    assert "the future" not in rolemix("ingest", both).err
    assert address_of("深度求索 AI") == "history+深度求索-ai"


def test_the_command_prints_a_row_a_company(tmp_path: Path, rolemix: Rolemix) -> None:
    path = written(tmp_path / "a.jsonl", WEEK, imputed=True)
    rows = json.loads(rolemix("ingest", path, "--format", "json", "--company", "Fish").out)
    assert [(row["company"], row["snapshots"], row["last"], row["imputed"]) for row in rows] == [
        ("Fish", 4, "2026-03-04", 40)
    ]
    report = rolemix("report", "fish", "--by", "day", "--format", "csv")
    assert report.code == 0, report.err
    assert "Fish,2026-03-04,total,,,,postings,10," in report.out
    assert rolemix("ingest", path, "--observed-at", "2026-03-01").code == 1
    (tmp_path / "p.html").write_text("<p>")
    assert "one after the other" in rolemix("ingest", path, tmp_path / "p.html").sentence


def live_run(store: Store, board: str, day: int, numbers: list[int], company: str | None = "Lanternfish") -> None:
    """Record a run over a live board whose ids are those of the history."""
    run = BoardRun(
        board_url=board,
        system="moka",
        board_key="lanternfish",
        observed_at=datetime(2026, 3, day, 6, tzinfo=UTC),
        verdict=Verdict.COMPLETE,
        reason="as the test says",
    )
    history.record(
        store, run, [JobPosting(identifier=str(n), title=f"Diver {n}", url=board) for n in numbers], company=company
    )


@pytest.mark.parametrize("history_first", [True, False])
def test_a_live_board_goes_on_from_the_history(rolemix: Rolemix, tmp_path: Path, history_first: bool) -> None:
    board = "https://app.mokahr.com/apply/lanternfish/1"
    path = written(tmp_path / "a.jsonl", WEEK | {"2026-03-09": [1]})
    db = tmp_path / "db"
    with Store.open(db) as store:
        if history_first:
            [alone] = ingest_history(store, path)
            assert (alone.continued_by, alone.uncounted) == (None, 0)
        live_run(store, board, 7, [5, 6, 7, 8, 9, 10, 11], "LANTERNFISH")
        live_run(store, "https://app.mokahr.com/apply/other/2", 7, [5, 6], "Other")
    result = rolemix("ingest", path, "--db", db)
    assert f"Lanternfish: {board} goes on from this history" in " ".join(result.err.split())
    assert "1 later snapshot kept, but not counted" in " ".join(result.err.split())
    frame = api.boards(api.open_store(db))
    assert dict(zip(frame["board"], frame["open"], strict=True)) == {
        board: 7,
        "https://app.mokahr.com/apply/other/2": 2,
    }
    with Store.open(db) as store, store.read() as connection:
        counts = [one for one in queries.stream_counts(connection, "m1", by=Period.DAY) if one.company != "Other"]
    assert [sum(one.open.values()) for one in counts] == [10, 10, 10, 10, 0, 0, 7]
    assert [(sum(one.opened.values()), sum(one.closed.values())) for one in counts][-1] == (2, 5)
