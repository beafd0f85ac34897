"""Series against independent recounts: of the simulator's truth, and of others' snapshots with pandas."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

import rolemix as library
from classifier.model.tagger import Tagger
from postings.errors import RolemixError
from postings.facts.no_opening import no_opening
from postings.period import Period
from postings.store import Store
from postings.store.history import record
from rolemix.analysis.report import role_mix
from rolemix.analysis.series import COLUMNS, Series, read_series
from rolemix.collecting.histories import ingest_history
from rolemix.tagging.facts import read_new
from rolemix.tagging.retag import tag_new
from simulator.world import World
from tests.postings.store.examples import BOARD, OTHER, run, some
from tests.rolemix.conftest import DAYS, FAILED_AT_LAST, JOINED_LATER, PARTIAL_AT_FIRST, History, Rolemix

FENWRIGHT = "https://job-boards.greenhouse.io/fenwrightlabs"


def series_of(history: History, tagger: Tagger, *companies: str, **how: object) -> Series:
    with Store.open(history.path) as store:
        return read_series(store, tagger.info, companies, **({"by": Period.DAY} | how))  # type: ignore[arg-type]


def totals(series: Series) -> dict[date, tuple[int | None, int, int, bool]]:
    return {row.date: (row.count, row.opened, row.closed, row.complete) for row in series.rows if row.level == "total"}


@pytest.mark.parametrize("period", list(Period))
def test_periods_follow_each_other_without_gap_or_overlap(period: Period) -> None:
    day = date(2024, 1, 1)
    while day < date(2026, 3, 1):
        first = period.first(day)
        after = period.after(first)
        assert first <= day < after
        assert period.first(after) == after
        assert period.first(date.fromordinal(after.toordinal() - 1)) == first
        day = date.fromordinal(day.toordinal() + 1)


def test_every_day_equals_the_truth(history: History, tagger: Tagger) -> None:
    found = totals(series_of(history, tagger, "Fenwright Labs"))
    before = None
    for day in DAYS:
        count, opened, closed, complete = found[World.date(day).date()]
        truth = history.truth(FENWRIGHT, day)
        assert (count, complete) == (len(truth), True)
        if before is None:
            assert (opened, closed) == (0, 0), "what was there at first had not opened then"
        else:
            assert (opened, closed) == (len(truth - before), len(before - truth))
        before = truth


def test_a_day_without_a_good_run_is_a_gap(history: History, tagger: Tagger) -> None:
    def name(url: str) -> str:
        return next(board.company.name for board in history.world.boards if board.url == url)

    failed = totals(series_of(history, tagger, name(FAILED_AT_LAST)))
    assert failed[World.date(6).date()] == (None, 0, 0, False)
    assert failed[World.date(4).date()][3]
    partial = totals(series_of(history, tagger, name(PARTIAL_AT_FIRST)))
    assert World.date(0).date() not in partial or partial[World.date(0).date()][0] is None
    joined = series_of(history, tagger, name(JOINED_LATER))
    assert min(row.date for row in joined.rows) >= World.date(0).date()


def test_lines_add_up_and_the_last_day_is_the_report(history: History, tagger: Tagger) -> None:
    series = series_of(history, tagger, "Fenwright Labs")
    with Store.open(history.path) as store:
        [company] = role_mix(store, tagger.info, ["Fenwright Labs"]).companies
    last = max(row.date for row in series.rows)
    rows = [row for row in series.rows if row.date == last]
    focuses = {row.focus: row for row in rows if row.level == "focus"}
    assert sum(row.count or 0 for row in focuses.values()) == next(row.count for row in rows if row.level == "total")
    assert sum(row.count or 0 for row in rows if row.level == "role") == sum(row.count or 0 for row in focuses.values())
    for share in company.mix:
        if share.role is None:
            row = focuses.get(share.focus)
            assert (row.count if row else 0) == share.count
            if row:
                assert (row.share, row.low, row.high) == pytest.approx((share.share, share.low, share.high))


def test_a_fact_stands_in_place_of_the_role(history: History, tagger: Tagger) -> None:
    with Store.open(history.path) as store:
        read_new(store)
    series = series_of(history, tagger, "Fenwright Labs", of="city", by=Period.WEEK)
    values = {row.value for row in series.rows if row.level == "city"}
    assert values == {"San Francisco", "New York City", "London"}
    assert all(
        (row.low or 0) <= (row.share or 0) <= (row.high or 0) for row in series.rows if row.value and row.complete
    )
    with pytest.raises(RolemixError, match="no fact 'shoes'"):
        series_of(history, tagger, of="shoes")
    with pytest.raises(RolemixError, match="is after"):
        series_of(history, tagger, since=datetime(2027, 1, 1, tzinfo=UTC))


def test_the_command_and_the_library_say_the_same(history: History, rolemix: Rolemix) -> None:
    arguments = ("report", "Fenwright Labs", "--db", history.path, "--by", "week")
    printed = json.loads(rolemix(*arguments, "--format", "json").out)
    with library.open_store(history.path) as store:
        series = library.series(store, ["Fenwright Labs"], by="week")
    assert printed == json.loads(json.dumps(series.to_dict()))
    assert list(series.frame().columns) == list(COLUMNS)
    table = rolemix(*arguments).out
    assert "2026-03-02" in table
    assert "Counted are postings" not in table
    assert "Counted are postings" in rolemix(*arguments, "--details").out
    since = rolemix(*arguments, "--since", "2026-03-08", "--format", "csv").out
    assert since.count("total") == 1


def test_a_board_that_was_never_seen_whole_has_no_openings_yet(tmp_path: Path, tagger: Tagger) -> None:
    with Store.open(tmp_path / "db") as store:
        for url, verdict in ((BOARD, "complete"), (OTHER, "incomplete")):
            for at in (0, 1):
                seen = some(*range(at + 2)) if verdict == "complete" else some("z")
                record(store, run(at, verdict, board_url=url), seen, company="Lanternfish")
        tag_new(store, tagger)
        found = totals(read_series(store, tagger.info, by=Period.DAY))
    assert list(found.values()) == [(3, 0, 0, True), (4, 1, 0, True)]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["graphcore", "runway", "nuro"])
def test_series_equal_a_recount_with_pandas(shared: Path, tmp_path: Path, tagger: Tagger, name: str) -> None:
    path = shared / "history" / f"{name}.jsonl.gz"
    with Store.open(tmp_path / "db") as store:
        ingest_history(store, path)
        tag_new(store, tagger)
        series = read_series(store, tagger.info, by=Period.DAY).frame()
    found = series[series["level"] == "total"].set_index("date")
    raw = pd.read_json(path, lines=True, dtype={"id": str})
    raw = raw[[no_opening(title) is None for title in raw["title"]]]
    counts = raw.groupby(pd.to_datetime(raw["date"]))["id"].nunique().reindex(found.index).astype("Int64")
    pd.testing.assert_series_equal(found["count"], counts, check_names=False)
    ids = raw.groupby(pd.to_datetime(raw["date"]))["id"].agg(set)
    opened = [len(now - before) for before, now in zip(ids, ids.iloc[1:], strict=False)]
    closed = [len(before - now) for before, now in zip(ids, ids.iloc[1:], strict=False)]
    days = found.loc[ids.index[1:]]
    assert list(days["opened"]) == opened
    assert list(days["closed"]) == closed


def test_a_group_is_counted_as_one(history: History, tagger: Tagger) -> None:
    with Store.open(history.path) as store:
        names = sorted(set(library.boards(store)["company"]))
    pair = [name for name in names if name != JOINED_LATER][:2]
    alone = [totals(series_of(history, tagger, name)) for name in pair]
    found = series_of(history, tagger, groups={"both": [*pair, "not in the store"]})
    assert {row.company for row in found.rows} == {"both"}
    assert found.groups == {"both": pair}
    for day, (count, opened, closed, complete) in totals(found).items():
        parts = [one[day] for one in alone if day in one]
        assert complete == all(part[3] for part in parts)
        assert (opened, closed) == (sum(part[1] for part in parts), sum(part[2] for part in parts))
        if complete:
            assert count == sum(part[0] or 0 for part in parts)
    with pytest.raises(RolemixError, match="no company of the group none"):
        series_of(history, tagger, groups={"none": ["not in the store"]})


def test_the_command_counts_a_group(history: History, rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "watchlist.toml").write_text('[groups]\nmine = ["Fenwright Labs", "Elsewhere"]\n', "utf-8")
    found = rolemix("report", "--group", "mine", "--by", "week", "--db", history.path, "--format", "csv")
    assert {line.split(",")[0] for line in found.out.splitlines()[1:]} == {"mine"}
    table = rolemix("report", "--group", "mine", "--by", "week", "--db", history.path)
    assert "mine is Fenwright Labs." in " ".join(table.out.split())
    photo = rolemix("report", "--group", "mine", "--db", history.path, "--format", "csv")
    assert {line.split(",")[0] for line in photo.out.splitlines()[1:]} == {"Fenwright Labs"}
    assert "no group 'other'" in rolemix("report", "--group", "other", "--db", history.path).err


def test_markdown_is_for_people(history: History, rolemix: Rolemix) -> None:
    found = rolemix("report", "Fenwright", "--by", "week", "--db", history.path, "--format", "md").out
    rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in found.splitlines() if line.startswith("| F")]
    assert {row[-1] for row in rows} <= {"yes", "no"}
    assert all(re.fullmatch(r"(\d+%)?", cell) for row in rows for cell in row[8:11])
    assert any(row[8] for row in rows)
