"""What runs prove about postings, rule by rule, on real databases."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select

from postings import JobPosting
from postings.store import Store, queries
from postings.store.history import Changes, RunError, StaleRunError, record
from postings.store.schema import boards, runs
from tests.postings.store.conftest import Sized
from tests.postings.store.examples import BOARD, OTHER, day, hashes, posting, row_counts, run, see, some, spells

EAST, WEST = timezone(timedelta(hours=8)), timezone(timedelta(hours=-8))


def test_a_first_run_opens_what_it_saw(store: Store) -> None:
    assert see(store, 0, some("a", "b")) == Changes(opened=2)
    assert spells(store) == {"a": [(0, None, None, None)], "b": [(0, None, None, None)]}
    assert hashes(store) == {p.identifier: [(0, p.content_hash)] for p in some("a", "b")}


def test_a_day_without_changes_costs_one_row(store: Store) -> None:
    see(store, 0, some(*range(10)))
    before = row_counts(store)
    assert see(store, 1, some(*range(10))) == Changes()
    assert row_counts(store) == before | {"runs": before["runs"] + 1}


def test_recording_a_run_again_changes_nothing(store: Store) -> None:
    see(store, 0, some("a"))
    first = see(store, 1, some("b", "c", "d"), company="Lanternfish")
    see(store, 2, some("b"))
    before = row_counts(store)
    again = record(store, run(1), some("x"), company="Another")
    assert again == dataclasses.replace(first, already_recorded=True)
    assert row_counts(store) == before
    with store.read() as connection:
        assert connection.scalar(select(boards.c.company)) == "Lanternfish"


def test_the_same_moment_in_another_zone_is_the_same_run(store: Store) -> None:
    see(store, 0, some("a"))
    eastern = dataclasses.replace(run(0), observed_at=day(0).astimezone(EAST))
    assert record(store, eastern, some("b")).already_recorded


def test_an_older_run_is_refused(store: Store) -> None:
    see(store, 0, some("a"))
    see(store, 2, some("a"))
    with pytest.raises(StaleRunError, match="older than the newest"):
        see(store, 1, some("a", "b"))
    assert row_counts(store)["runs"] == 2
    assert record(store, run(1, board_url=OTHER), some("a")) == Changes(opened=1)


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        record(store, dataclasses.replace(run(0), observed_at=datetime(2026, 1, 1)), [])  # noqa: DTZ001
    assert set(row_counts(store).values()) == {0}


def test_changed_content_is_a_new_version(store: Store) -> None:
    old, new = posting("a"), posting("a", title="Keeper of the light")
    see(store, 0, [old, posting("b")])
    assert see(store, 1, [new, posting("b")]) == Changes(changed=1)
    assert see(store, 2, [old, posting("b")]) == Changes(changed=1)
    assert hashes(store)["a"] == [(0, old.content_hash), (1, new.content_hash), (2, old.content_hash)]
    assert len(hashes(store)["b"]) == 1


def test_content_comes_back_as_it_went_in(store: Store) -> None:
    full = posting(
        "a",
        description="负责数据中心\n<script>\u0000\\' \U0001f680",
        employment_type=("FULL_TIME", "INTERN"),
        date_posted=date(2026, 1, 31),
        valid_through=datetime(2030, 1, 1, tzinfo=EAST),
        urgent=True,
    )
    see(store, 0, [full])
    with store.read() as connection:
        assert [p.posting for p in queries.stream_open_postings(connection)] == [full]


def test_of_two_postings_with_one_identifier_the_first_counts(store: Store) -> None:
    far_apart = [posting("a", title="first"), *some(*range(1200)), posting("a", title="third")]
    assert see(store, 0, [*far_apart[:1], posting("a", title="second"), *far_apart[1:]]) == Changes(opened=1201)
    assert hashes(store)["a"] == [(0, posting("a", title="first").content_hash)]
    assert see(store, 1, far_apart) == Changes()


@pytest.mark.parametrize("verdict", ["complete", "incomplete"])
def test_a_closed_posting_that_is_listed_again_reopens(store: Store, verdict: str) -> None:
    see(store, 0, some("a", "b", "c"))
    assert see(store, 1, some("a", "b")) == Changes(closed=1)
    assert see(store, 2, some("a", "b", "c"), verdict) == Changes(reopened=1)
    assert spells(store)["c"] == [(0, 1, None, "unlisted"), (2, None, None, None)]
    assert len(hashes(store)["c"]) == 1


@pytest.mark.parametrize("verdict", ["incomplete", "blocked", "failed", "gone"])
def test_only_a_complete_run_closes(store: Store, verdict: str) -> None:
    see(store, 0, some("a", "b"))
    before = row_counts(store)
    assert see(store, 1, [], verdict) == Changes()
    assert row_counts(store) == before | {"runs": 2}
    assert spells(store) == {"a": [(0, None, None, None)], "b": [(0, None, None, None)]}


@pytest.mark.parametrize("verdict", ["blocked", "failed", "gone", "unchanged"])
def test_a_run_that_saw_nothing_writes_no_posting(store: Store, verdict: str) -> None:
    see(store, 0, some("a"))
    before = row_counts(store)
    assert see(store, 1, [posting("a", title="other"), posting("z")], verdict) == Changes()
    assert row_counts(store) == before | {"runs": 2}


def test_unchanged_needs_a_complete_run_to_renew(store: Store) -> None:
    see(store, 0, some("a"), "incomplete")
    with pytest.raises(RunError, match="no complete run"):
        see(store, 1, [], "unchanged")
    assert row_counts(store)["runs"] == 1


def test_a_complete_run_that_lost_postings_on_the_way_is_refused(store: Store) -> None:
    see(store, 0, some("a", "b", "c", "d"))
    with pytest.raises(RunError, match="4 distinct postings, but 3 arrived"):
        see(store, 1, some("a", "b", "c"), unique=4)
    assert spells(store)["d"] == [(0, None, None, None)]
    assert see(store, 1, some("a", "b", "c"), unique=4, gone_identifiers=("d",)) == Changes(closed=1)


@pytest.mark.parametrize("verdict", ["complete", "incomplete", "blocked", "failed", "gone", "unchanged"])
def test_a_posting_whose_page_is_gone_closes_in_any_run(store: Store, verdict: str) -> None:
    see(store, 0, some("a"))
    assert see(store, 1, [], verdict, gone_identifiers=("a", "never seen")) == Changes(closed=1)
    assert spells(store) == {"a": [(0, 1, None, "gone")]}


def test_a_posting_still_listed_after_its_page_is_gone_does_not_flap(store: Store) -> None:
    see(store, 0, some("a", "b"))
    assert see(store, 1, some("a", "b"), gone_identifiers=("a",)) == Changes(closed=1)
    before = row_counts(store)
    assert see(store, 2, some("a", "b"), gone_identifiers=("a",)) == Changes()
    assert row_counts(store) == before | {"runs": 3}


@pytest.mark.parametrize("verdict", ["complete", "incomplete"])
def test_a_passed_deadline_closes_what_is_not_seen(store: Store, verdict: str) -> None:
    expiring = [posting(name, valid_through=day(1)) for name in ("listed", "unlisted")]
    see(store, 0, [*expiring, *some("c", "d", "e")])
    assert see(store, 1, some("c", "d", "e", "listed"), "incomplete") == Changes(changed=1)
    assert see(store, 2, [expiring[0], *some("c", "d", "e")], verdict).closed == 1
    assert spells(store)["unlisted"] == [(0, 2, None, "expired")]
    assert spells(store)["listed"] == [(0, None, None, None)]


def test_only_the_newest_deadline_counts(store: Store) -> None:
    see(store, 0, [posting("a", valid_through=day(1))])
    see(store, 0.5, [posting("a", valid_through=day(9))])
    assert see(store, 2, [], "incomplete") == Changes()
    assert see(store, 10, [], "incomplete") == Changes(closed=1)


@pytest.mark.parametrize(
    ("deadline", "last_day_open", "closed_on"),
    [
        (date(2026, 3, 5), 5, 5.5),  # the runs are at six: on the 6th, the 5th still lasts west of UTC
        (datetime(2026, 3, 5, 22, tzinfo=WEST), 5, 5.5),
        (datetime(2026, 3, 6, 14, tzinfo=EAST), 5, 5.5),
        (date(9999, 12, 31), 3000, None),
        (datetime(9999, 12, 31, 23, 59, tzinfo=WEST), 3000, None),
        (None, 3000, None),
    ],
)
def test_when_a_deadline_has_passed(
    store: Store, deadline: date | None, last_day_open: float, closed_on: float | None
) -> None:
    see(store, 0, [posting("a", valid_through=deadline)])
    assert see(store, last_day_open, [], "incomplete") == Changes()
    if closed_on is not None:
        assert see(store, closed_on, [], "incomplete") == Changes(closed=1)


def test_a_redirecting_posting_opens_closes_and_reopens_like_any_other(store: Store) -> None:
    stub = posting("old", redirects_to=f"{BOARD}/new")
    see(store, 0, some("old", "b", "c"))
    assert see(store, 1, [stub, *some("new", "b", "c")]) == Changes(opened=1, changed=1)
    assert see(store, 2, some("new", "b", "c")) == Changes(closed=1)
    assert see(store, 3, [stub, *some("new", "b", "c")]) == Changes(reopened=1)


# --- the guards -----------------------------------------------------------------------------------


def test_a_truncated_run_closes_nothing(store: Store) -> None:
    """104 of 11,815, at a tenth of the size: history must not believe it."""
    for number in range(3):
        see(store, number, some(*range(1181)))
    changes = see(store, 3, some(*range(10)))
    assert changes.closed == 0
    assert changes.held is not None
    assert "10 postings are fewer than 70% of 1,181" in changes.held
    assert "1,171 of 1,181" in changes.held
    assert see(store, 4, some(*range(1181))) == Changes()
    assert set(map(tuple, spells(store).values())) == {((0, None, None, None),)}


def test_a_silent_cap_closes_nothing_at_first(store: Store) -> None:
    """An adapter that stops at 500 of 1,400 and claims to be complete."""
    for number in range(3):
        see(store, number, some(*range(1400)), unique=1400)
    changes = see(store, 3, some(*range(500)), unique=500, reported_total=500)
    assert (changes.closed, changes.held is None) == (0, False)
    with store.read() as connection:
        assert queries.count_open(connection)[0].open == 1400


def test_what_two_complete_runs_lack_is_closed_as_of_the_first(store: Store) -> None:
    """The leaked-open shape: postings must not stay open although the board was crawled well again."""
    for number in range(3):
        see(store, number, some(*range(10)))
    assert see(store, 3, some(0, 1)).held is not None
    see(store, 3.5, [], "failed")
    see(store, 4, some(0), "incomplete")
    assert see(store, 5, some(0, 1)) == Changes(closed=8)
    found = spells(store)
    assert {identifier for identifier, (spell, *_) in found.items() if spell[1] is None} == {"0", "1"}
    assert {tuple(found[str(number)]) for number in range(2, 10)} == {((0, 3, None, "unlisted"),)}


@pytest.mark.parametrize("verdict", ["complete", "incomplete"])
def test_a_missing_posting_that_is_seen_again_was_open_all_along(store: Store, verdict: str) -> None:
    see(store, 0, some(*range(10)))
    see(store, 1, some(0))
    assert spells(store)["9"] == [(0, None, 1, None)]
    assert see(store, 2, some(*range(10)), verdict) == Changes()
    assert spells(store)["9"] == [(0, None, None, None)]
    see(store, 3, some(*range(9)))
    assert spells(store)["9"] == [(0, 3, None, "unlisted")]


def test_a_missing_posting_that_changed_is_cleared_too(store: Store) -> None:
    see(store, 0, some(*range(10)))
    see(store, 1, some(0))
    assert see(store, 2, [posting("9", title="other")], "incomplete") == Changes(changed=1)
    assert spells(store)["9"] == [(0, None, None, None)]


def test_a_second_run_confirms_earlier_absences_and_holds_new_ones(store: Store) -> None:
    for number in range(3):
        see(store, number, some(*range(10)))
    see(store, 3, some(*range(6)))
    changes = see(store, 4, some(*range(5)))
    assert changes.closed == 4
    assert changes.held is not None
    assert spells(store)["5"] == [(0, None, 4, None)]
    assert spells(store)["6"] == [(0, 3, None, "unlisted")]


def test_held_runs_count_towards_the_usual_size(store: Store) -> None:
    """A board that really shrank is believed again once its new size is the usual one."""
    for number in range(5):
        see(store, number, some(*range(100)))
    verdicts = [see(store, 5 + gone, some(*range(20 - gone))).held is None for gone in range(5)]
    assert verdicts == [False, False, False, True, True]


def test_reopened_postings_do_not_hide_a_loss(store: Store) -> None:
    see(store, 0, some(*range(8)))
    assert see(store, 1, some(*range(4))) == Changes(closed=4)
    changes = see(store, 2, some(0, *range(4, 8)))
    assert (changes.closed, changes.reopened) == (0, 4)
    assert changes.held is not None
    assert "3 of 4 open postings" in changes.held


def test_an_empty_board_is_accepted_the_second_time(store: Store) -> None:
    see(store, 0, some("a", "b", "c"))
    assert see(store, 1, [], reported_total=0).held is not None
    assert see(store, 2, [], reported_total=0) == Changes(closed=3)
    assert see(store, 3, [], reported_total=0) == Changes()
    assert {spell[1] for [spell] in spells(store).values()} == {1}


def test_an_unchanged_run_does_not_confirm_a_held_run(store: Store) -> None:
    see(store, 0, some("a", "b", "c"))
    see(store, 1, some("a"))
    assert see(store, 2, [], "unchanged") == Changes()
    assert spells(store)["b"] == [(0, None, 1, None)]


def test_postings_proved_closed_otherwise_close_in_a_held_run(store: Store) -> None:
    see(store, 0, [*some(*range(8)), posting("late", valid_through=day(0.5))])
    changes = see(store, 1, some(0), gone_identifiers=("1",))
    assert changes.closed == 2
    assert changes.held is not None
    assert "6 of 7" in changes.held
    assert spells(store)["late"] == [(0, 1, None, "expired")]
    assert spells(store)["2"] == [(0, None, 1, None)]


def test_a_missing_posting_proved_gone_was_closed_since_it_was_missing(store: Store) -> None:
    see(store, 0, some(*range(8)))
    see(store, 1, some(0))
    assert see(store, 2, [], "failed", gone_identifiers=("5",)) == Changes(closed=1)
    assert spells(store)["5"] == [(0, 1, None, "gone")]


# --- runs and boards ------------------------------------------------------------------------------


def test_the_run_is_kept_with_its_evidence(store: Store) -> None:
    evidence: dict[str, Any] = {
        "reported_total": 3,
        "pages": 2,
        "rows": 4,
        "unique": 2,
        "etag": 'W/"x"',
        "coverage": {"title": 2},
    }
    changes = see(store, 0, some("a", "b"), "incomplete", **evidence)
    with store.read() as connection:
        row = connection.execute(select(runs)).one()._asdict()
    assert row.items() >= (evidence | {"seen": 2, "verdict": "incomplete", "observed_at": day(0)}).items()
    assert row.items() >= {"opened": changes.opened, "reason": "as the test says", "held": None}.items()


def test_names_are_kept_until_others_are_given(store: Store) -> None:
    see(store, 0, [], organization="Laternenfisch GmbH", company="Lanternfish")
    see(store, 1, [], "blocked")
    see(store, 2, [], system="feishu", organization="灯笼鱼")
    with store.read() as connection:
        row = connection.execute(select(boards)).one()
    assert (row.system, row.organization, row.company) == ("feishu", "灯笼鱼", "Lanternfish")


def test_boards_do_not_touch_each_other(store: Store) -> None:
    see(store, 0, some("a", "b", "c"))
    record(store, run(0, board_url=OTHER), some("a", "b", "c"))
    see(store, 1, some("a", "b"), gone_identifiers=("c",))
    assert spells(store, OTHER) == {name: [(0, None, None, None)] for name in "abc"}


def test_an_error_while_reading_leaves_nothing(store: Store) -> None:
    def breaking() -> Iterator[JobPosting]:
        yield from some(*range(1200))
        raise OSError("the spool is gone")

    see(store, 0, some("a"))
    before = row_counts(store)
    with pytest.raises(OSError, match="spool"):
        see(store, 1, breaking())
    assert row_counts(store) == before
    assert see(store, 1, some("a", "b")) == Changes(opened=1)


def test_memory_does_not_grow_with_the_board(sized: Sized) -> None:
    # Holding the postings would take four times as much.
    assert sized.written["large"] < 2 * sized.written["small"]
