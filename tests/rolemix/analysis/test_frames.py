"""Frames: columns in a fixed order, nullable types, and values that pandas could not hold otherwise."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pandas as pd
import pytest

from classifier.model.tagger import Tagger
from crawler.runs.saved import Stated
from crawler.systems import find_board
from postings.store import Store
from rolemix.analysis import frames
from rolemix.collecting.ingesting import ingest
from rolemix.tagging.retag import tag_new
from simulator.world import World
from tests.rolemix.conftest import QUILLMOTH


def test_a_frame_has_the_columns_and_types_that_are_given() -> None:
    types = {"n": "Int64", "share": "Float64", "name": "string", "sure": "boolean", "at": frames.TIME}
    rows = [{"share": 0.5, "n": 1, "extra": 0}, {"name": "a", "sure": True, "at": datetime(2026, 3, 1, tzinfo=UTC)}]
    frame = frames.frame(rows, types)
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == types
    assert frame.isna().to_dict("list") == {
        "n": [False, True],
        "share": [False, True],
        "name": [True, False],
        "sure": [True, False],
        "at": [True, False],
    }
    assert list(frames.frame([], types).columns) == list(types)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (None, None),
        (date(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC)),
        (datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=8))), datetime(2026, 3, 1, tzinfo=UTC)),
        (date(9999, 12, 31), None),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), None),
    ],
)
def test_times_are_in_utc_and_within_what_pandas_holds(moment: date | None, expected: datetime | None) -> None:
    found = frames._time(moment)
    assert found == expected
    assert frames.frame([{"at": found}], {"at": frames.TIME})["at"].isna().item() == (expected is None)


def test_an_untagged_posting_has_no_role(tmp_path: Path, save_response: Callable[..., Path], tagger: Tagger) -> None:
    with Store.open(tmp_path / "db") as store:
        ingest(
            store,
            [save_response("p.json", ("1", "Nurse"))],
            Stated(board=find_board(QUILLMOTH), observed_at=World.date(0)),
        )
        before = frames.postings(store, tagger.info)
        tag_new(store, tagger)
        after = frames.postings(store, dataclasses.replace(tagger.info))
    assert before[["role", "focus", "confidence", "sure"]].isna().all(axis=None)
    assert after.loc[0, ["company", "title", "role"]].to_list() == ["quillmoth", "Nurse", "elsewhere"]
    assert after.loc[0, "opened"] == pd.Timestamp(World.date(0))
    assert after.loc[0, "location"] == "Tromsø"
    assert after.loc[0, "employment_type"] == "FULL_TIME"
