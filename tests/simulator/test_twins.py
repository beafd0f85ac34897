"""The labs of which the truth is known: the same each time, and what they are said to be."""

from __future__ import annotations

from collections import Counter

from simulator.twins import DAYS, RIVALS, TRUE, twins


def test_the_world_is_the_same_each_time() -> None:
    one, other = twins(), twins()
    for board in one.boards:
        assert [p.wordings for p in one.postings(board.url)] == [p.wordings for p in other.postings(board.url)]
    assert {board.company.name for board in one.boards} >= {TRUE, *RIVALS}


def test_the_true_lab_grows_in_every_team_on_one_day() -> None:
    world = twins()
    url = "https://jobs.lever.co/candlewick"
    before, after = (Counter(row.unit for row in world.rows(url, day)) for day in DAYS[-3:-1])
    assert all(after[unit] > count for unit, count in before.items())
    assert len(world.rows(url, DAYS[-3])) < len(world.rows(url, DAYS[-2])) == len(world.rows(url, DAYS[-1]))
