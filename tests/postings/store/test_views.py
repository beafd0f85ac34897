"""Views: one question, one table, the same rows on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, inspect, text

from postings.facts import Fact
from postings.store import Store
from postings.store.history import record
from postings.store.views import VIEWS, create_views, drop_views
from tests.postings.store.examples import BOARD, posting, run, see, some, tag_all
from tests.postings.store.test_facts import read_all


def ask(store: Store, question: str) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def fill(store: Store) -> None:
    """A board with a posting that changes, one that closes and comes back, one that closes, and two not counted."""
    pools = [posting("p", title="Talent pool"), posting("r", redirects_to=f"{BOARD}/a")]
    see(store, 0, [*some("a", "b", "c"), *pools], company="Lanternfish")
    see(store, 1, [posting("a", title="Diver", employment_unit="Sea"), *some("c", "x", "y", "z"), *pools])
    see(store, 2, [posting("a", title="Diver", employment_unit="Sea"), *some("b", "x", "y", "z"), *pools])
    tag_all(store, "m0", "compute")
    tag_all(store, "m1", "storage")
    stated = [Fact("place", "Oslo", None, "Oslo!"), Fact("experience", "3", 3, "3 years")]
    read_all(store, "r1", lambda title: [*stated, Fact("no_opening", "talent-pool")] if "pool" in title else stated)


def test_open_postings(store: Store) -> None:
    fill(store)
    assert ask(store, "SELECT company, posting, title, role, model FROM open_postings ORDER BY posting")[:2] == [
        ("Lanternfish", "a", "Diver", "storage", "m1"),
        ("Lanternfish", "b", "灯塔工程师 Lighthouse engineer b", "storage", "m1"),
    ]
    assert ask(store, "SELECT unit, url FROM open_postings WHERE posting = 'a'") == [("Sea", f"{BOARD}/a")]
    assert ask(store, "SELECT count(*) FROM open_postings") == [(5,)]


def test_role_counts(store: Store) -> None:
    fill(store)
    assert ask(store, "SELECT company, role, postings FROM role_counts") == [("Lanternfish", "storage", 5)]


def test_facts(store: Store) -> None:
    fill(store)
    assert ask(store, "SELECT value, words FROM facts WHERE posting = 'a' AND kind = 'place'") == [("Oslo", "Oslo!")]
    assert ask(store, "SELECT value, number FROM facts WHERE posting = 'a' AND kind = 'experience'") == [("3", 3.0)]
    assert ask(store, "SELECT count(*) FROM facts WHERE kind = 'place'") == [(8,)]
    assert ask(store, "SELECT count(*) FROM facts WHERE kind = 'place' AND closed_at IS NULL") == [(7,)]


def test_events(store: Store) -> None:
    fill(store)
    found = ask(store, "SELECT posting, event FROM events ORDER BY posting, at")
    assert found[:5] == [("a", "opened"), ("a", "changed"), ("b", "opened"), ("b", "closed"), ("b", "reopened")]
    assert [event for posting, event in found if posting == "c"] == ["opened", "closed"]
    assert not {posting for posting, _ in found} & {"p", "r"}
    assert ask(store, "SELECT count(*) FROM events WHERE event = 'opened'") == [(6,)]


def test_the_employer_of_a_posting_that_a_search_found(store: Store) -> None:
    site = run(0, board_key="lamps", several_employers=True)
    record(store, site, [posting("a", hiring_organization="Anglerfish"), posting("b")])
    assert ask(store, "SELECT posting, company FROM open_postings ORDER BY posting") == [
        ("a", "Anglerfish (moka)"),
        ("b", "employers not named (moka)"),
    ]


def test_views_are_made_anew_and_leave_the_tables_alone(store: Store) -> None:
    fill(store)

    def names(connection: Connection) -> set[str]:
        return set(inspect(connection).get_view_names())

    with store.write() as connection:
        assert names(connection) == set(VIEWS)
        tables = inspect(connection).get_table_names()
        drop_views(connection)
        drop_views(connection)
        assert names(connection) == set()
        create_views(connection)
        assert names(connection) == set(VIEWS)
        assert inspect(connection).get_table_names() == tables
