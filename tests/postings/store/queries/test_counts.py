"""Counts over time against the other queries, period by period, on histories made at random."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from postings.period import Period
from postings.store import Store, queries, tags
from postings.store.history import record
from postings.store.records import PeriodCount
from tests.postings.store.examples import BOARD, OTHER, day, posting, run, see, some, tag, tag_all

BOARDS = {BOARD: "Lanternfish", OTHER: "Lanternfish", "https://jobs.example.org/angler": "Angler"}
ROLES = ("storage", "compute", None)


def counts(store: Store, **how: Any) -> list[PeriodCount]:
    with store.read() as connection:
        return list(queries.stream_counts(connection, "m1", **({"by": Period.DAY} | how)))


def tag_by_title(store: Store) -> None:
    with store.read() as connection:
        for batch in queries.stream_untagged(connection, "m1"):
            tags.record(store, [(one.version_id, tag("m1", ROLES[len(one.posting.title) % 3])) for one in batch])


def write_history(store: Store, rng: random.Random) -> dict[str, list[float]]:
    """Record runs of every kind at random, and return when each board was seen whole."""
    whole: dict[str, list[float]] = {url: [] for url in BOARDS}
    open_: dict[str, set[int]] = {url: set(range(12)) for url in BOARDS}
    for at in (number / 2 + rng.random() / 3 for number in range(50)):
        for url, company in BOARDS.items():
            verdict = rng.choice(["complete", "complete", "incomplete", "failed", "unchanged", "none"])
            if verdict == "none" or (verdict == "unchanged" and not whole[url]):
                continue
            open_[url] ^= {rng.randrange(20) for _ in range(rng.randrange(3))}
            if rng.random() < 0.05:
                open_[url] = set(rng.sample(range(20), 3))  # which the guards hold
            seen = [
                posting(
                    number,
                    title="x" * (number + (rng.random() < 0.1)),
                    redirects_to=BOARD if rng.random() < 0.05 else None,
                )
                for number in open_[url]
                if number and (verdict == "complete" or rng.random() < 0.5)
            ]
            record(
                store,
                run(at, verdict, board_url=url),
                seen if verdict in ("complete", "incomplete") else [],
                company=company,
            )
            if verdict in ("complete", "unchanged"):
                whole[url].append(at)
    return whole


def moment_in(whole: list[list[float]], first: date, after: date) -> float | None:
    """Return the last time in a period when all boards known by then had been seen whole in it."""
    ends = []
    for moments in whole:
        if moments and day(moments[0]).date() < after:
            ends.append(max((at for at in moments if first <= day(at).date() < after), default=None))
    return max(ends) if ends and None not in ends else None  # type: ignore[type-var]


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_those_of_the_other_queries(store: Store, seed: int) -> None:
    whole = write_history(store, random.Random(seed))
    tag_by_title(store)
    for by in (Period.DAY, Period.WEEK, Period.MONTH):
        check(store, whole, by)


def check(store: Store, whole: dict[str, list[float]], by: Period) -> None:
    """Compare all counts with what the other queries say of the same moments."""
    found = counts(store, by=by)
    assert {one.company for one in found} == set(BOARDS.values())
    assert any(one.complete for one in found)
    if by is Period.DAY:
        assert not all(one.complete for one in found)
    with store.read() as connection:
        spells = {url: list(queries.stream_spells(connection, "m1", board_urls=[url])) for url in BOARDS}
        for one in found:
            urls = [url for url, company in BOARDS.items() if company == one.company]
            at = moment_in([whole[url] for url in urls], one.first, by.after(one.first))
            assert one.at == (None if at is None else day(at))
            if at is not None:
                there = queries.stream_open_tags(connection, "m1", day(at), board_urls=urls)
                assert one.open == Counter(row.tag.role for row in there if row.tag)
            opened, closed = Counter[str | None](), Counter[str | None]()
            for url in urls:
                for spell in spells[url]:
                    at_first = bool(whole[url]) and spell.opened_at <= day(whole[url][0])
                    for flows, moment in ((opened, None if at_first else spell.opened_at), (closed, spell.closed_at)):
                        if moment and by.first(moment.date()) == one.first:
                            version = spell.version_at(moment)
                            assert version.tag.tag
                            flows[version.tag.tag.role] += version.counted
            assert (one.opened, one.closed) == (+opened, +closed)


def test_periods_follow_each_other_and_gaps_have_no_number(store: Store) -> None:
    see(store, 0, some("a", "b"), company="Lanternfish")
    see(store, 1, some("a", "b", "c"), "incomplete")
    see(store, 4, some("a", "c"))
    tag_all(store, "m1")
    first = day(0).date()
    found = counts(store)
    assert [(one.first - first).days for one in found] == [0, 1, 2, 3, 4]
    assert [one.complete for one in found] == [True, False, False, False, True]
    assert [dict(one.open) for one in found] == [{"storage": 2}, {}, {}, {}, {"storage": 2}]
    assert [sum(one.opened.values()) for one in found] == [0, 1, 0, 0, 0]
    assert [sum(one.closed.values()) for one in found] == [0, 0, 0, 0, 1]
    assert counts(store, since=day(3)) == found[3:]
    assert counts(store, until=day(2)) == [*found[:2], *found[2:3]]
    with store.read() as connection:
        assert [one.open for one in queries.stream_counts(connection, "m2", by=Period.QUARTER)] == [{None: 2}]


def test_which_boards_count(store: Store) -> None:
    assert counts(store) == []
    see(store, 0, some("a"))
    record(store, run(0, board_url=OTHER, board_key="engineer", several_employers=True), some("z"))
    assert [one.company for one in counts(store)] == [BOARD]
    assert [one.company for one in counts(store, board_urls=[OTHER])] == ["engineer"]
    assert counts(store, board_urls=[]) == []


@pytest.mark.parametrize("by", list(Period))
def test_the_database_divides_time_as_periods_do(store: Store, by: Period) -> None:
    for number in range(0, 800, 13):
        see(store, number, some(*range(number // 13 % 5 + 1)))
    found = {one.first for one in counts(store, by=by) if one.complete}
    assert found == {by.first((day(0) + timedelta(days=number)).date()) for number in range(0, 800, 13)}
