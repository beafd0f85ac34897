"""When a field counts as dropped: its share halved, and chance does not explain it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from postings import BoardRun, Verdict
from postings.coverage import Usual, _tail, find_drops, find_usual
from postings.store.records import RecordedRun
from postings.verdict import GOOD_RUNS, MIN_GOOD_RUNS

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)


def run(fresh: int, carrying: int, verdict: Verdict = Verdict.COMPLETE) -> BoardRun:
    return BoardRun(
        board_url="https://jobs.lever.co/quillmoth",
        system="lever",
        observed_at=NOW,
        verdict=verdict,
        reason="",
        unique=fresh,
        fresh=fresh,
        fresh_coverage={"description": carrying} if carrying else {},
    )


def recorded(unique: int, **coverage: int) -> RecordedRun:
    values: dict[str, Any] = {field.name: 0 for field in dataclasses.fields(RecordedRun)}
    return RecordedRun(**values | {"verdict": Verdict.COMPLETE, "unique": unique, "coverage": coverage})


def known(share: float, postings: int = 40) -> Usual:
    return Usual(postings=postings, shares={"description": share})


@pytest.mark.parametrize(
    ("usually", "of", "fresh", "carrying", "dropped"),
    [
        (1.0, 40, 40, 0, True),
        (1.0, 40, 40, 19, True),
        (1.0, 40, 40, 20, False),  # half is not less than half
        (1.0, 40, 40, 30, False),
        (1.0, 7, 7, 0, True),
        (1.0, 4, 4, 0, False),  # four postings prove nothing
        (1.0, 4, 40, 0, True),
        (1.0, 40, 1, 0, False),
        (0.5, 40, 40, 0, True),
        (0.5, 40, 40, 9, False),  # less than half of the usual, and chance may do it
        (0.5, 400, 400, 90, True),
        (0.1, 40, 40, 0, False),
        (0.1, 400, 400, 0, True),
        (0.0, 40, 40, 0, False),
    ],
)
def test_the_rule(usually: float, of: int, fresh: int, carrying: int, dropped: bool) -> None:
    assert bool(find_drops(run(fresh, carrying), known(usually, of))) is dropped


def test_a_drop_says_its_numbers() -> None:
    (drop,) = find_drops(run(40, 1), known(0.9751))
    assert str(drop) == "description on 2% of 40 postings, usually 98%"


def test_without_anything_usual_nothing_drops() -> None:
    assert find_drops(run(40, 0), None) == ()


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.COMPLETE])
def test_only_a_complete_run_speaks(verdict: Verdict) -> None:
    assert find_drops(run(40, 0, verdict), known(1.0)) == ()


def test_postings_that_were_not_read_anew_say_nothing() -> None:
    remembered = dataclasses.replace(run(40, 0), fresh=0, coverage={"description": 40})
    assert find_drops(remembered, known(1.0)) == ()


def test_usual_is_the_median_of_the_last_good_runs() -> None:
    newest_first = [recorded(10, title=10, urgent=share) for share in (9, 0, 5, 4, 3, 10, 10)]
    found = find_usual(newest_first)
    assert found == Usual(postings=10, shares={"title": 1.0, "urgent": 0.4})


def test_a_run_without_postings_is_not_good() -> None:
    assert find_usual([recorded(0)] * GOOD_RUNS) is None
    assert find_usual([recorded(0), *[recorded(4, title=4)] * MIN_GOOD_RUNS]) == Usual(
        postings=4, shares={"title": 1.0}
    )


def test_few_runs_make_nothing_usual() -> None:
    assert find_usual([recorded(10, title=10)] * (MIN_GOOD_RUNS - 1)) is None


def test_what_lasts_becomes_the_usual() -> None:
    before, after = recorded(40, description=40), recorded(40)
    told = [bool(find_drops(run(40, 0), find_usual([after] * days + [before] * GOOD_RUNS))) for days in range(5)]
    assert told == [True, True, True, False, False]


@given(
    trials=st.integers(1, 12_000),
    share=st.floats(0, 1),
    chance=st.floats(1e-4, 1 - 1e-4),
)
def test_the_tail_is_the_binomial_distributions(trials: int, share: float, chance: float) -> None:
    count = int(share * trials)
    assert _tail(count, trials, chance) == pytest.approx(
        float(stats.binom.cdf(count, trials, chance)), rel=1e-6, abs=1e-12
    )
