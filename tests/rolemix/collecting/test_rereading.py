"""A better reader reads history again, and a board that says "unchanged" does not keep what a worse one read."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from pathlib import Path

import pytest

import rolemix as library
from postings import JobPosting, Salary, Verdict
from postings.store import Store, rereading
from rolemix import api
from rolemix.collecting import crawling
from rolemix.collecting import rereading as collecting_rereading
from rolemix.collecting.crawling import collect
from rolemix.collecting.rereading import ChangedAttribute, reread_all
from simulator.server import Simulator
from simulator.world import World
from tests.postings.store.examples import row_counts
from tests.rolemix.collecting.test_crawling import watched
from tests.rolemix.conftest import Rolemix

FENWRIGHT = "https://job-boards.greenhouse.io/fenwrightlabs"
DETAILED = "https://app.mokahr.com/social-recruitment/jinridge/318820"
"""A board whose postings are read from their own pages."""

WRONG = Salary(currency="USD", min_value=5_000, unit_text="YEAR")
"""What a reader makes of a bonus that it takes for pay."""


def contents(store: Store) -> dict[int, JobPosting]:
    with store.read() as connection:
        return {one.version_id: one.posting for batch in rereading.stream_versions(connection) for one in batch}


def misread(store: Store) -> int:
    """Make the store what a worse reader left, and return how many versions that misread."""
    stated = {id_: posting for id_, posting in contents(store).items() if posting.base_salary_raw}
    return rereading.rewrite(
        store,
        ((id_, dataclasses.replace(p, base_salary=WRONG, employment_type=())) for id_, p in stated.items()),
    )


def crawl(simulator: Simulator, store: Store, hours: int) -> tuple[Verdict, int]:
    at = World.date(0) + timedelta(hours=hours)
    [one] = collect(store, watched(FENWRIGHT), observed_at=at, settings=api.crawl_settings(simulator.url, 0))
    return one.run.verdict, one.changes.changed


def test_values_are_read_again_from_their_raw_words(simulator: Simulator, tmp_path: Path) -> None:
    with Store.open(tmp_path / "db") as store:
        crawl(simulator, store, 0)
        library.read_facts(store)
        right, counts = contents(store), row_counts(store)
        broken = misread(store)
        assert broken > 10
        assert contents(store) != right
        found = library.reread(store)
        assert (found.versions, found.rewritten, found.facts) == (len(right), broken, broken)
        kinds = sum(bool(posting.employment_type) for posting in right.values())
        taken = sum(bool(p.employment_type) for p in right.values() if p.base_salary_raw)
        assert set(found.attributes) == {"base_salary", "employment_type"}
        assert found.attributes["employment_type"] == ChangedAttribute(
            versions=taken, stated_before=kinds - taken, stated_after=kinds
        )
        assert contents(store) == right
        assert row_counts(store) == counts, "no version, opening or run is added"
        again = reread_all(store)
        assert (again.rewritten, again.attributes, again.facts) == (0, {}, 0)
        assert crawl(simulator, store, 1) == (Verdict.UNCHANGED, 0)


def test_an_interrupted_rereading_goes_on(
    simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(tmp_path / "db") as store:
        crawl(simulator, store, 0)
        right = contents(store)
        misread(store)
        whole, taken = rereading.stream_versions, []

        def in_small_lists(connection, size=10):  # type: ignore[no-untyped-def]
            yield from whole(connection, size)

        def stop_at_the_third(done: int) -> None:
            taken.append(done)
            if len(taken) == 3:
                raise KeyboardInterrupt

        monkeypatch.setattr(rereading, "stream_versions", in_small_lists)
        with pytest.raises(KeyboardInterrupt):
            reread_all(store, stop_at_the_third)
        assert contents(store) != right
        reread_all(store)
        assert contents(store) == right


def test_a_board_is_read_whole_again_after_the_readers_changed(
    simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(tmp_path / "db") as store:
        assert crawl(simulator, store, 0)[0] is Verdict.COMPLETE
        assert crawl(simulator, store, 1) == (Verdict.UNCHANGED, 0)
        monkeypatch.setattr(crawling, "READERS_VERSION", "better")
        monkeypatch.setattr("crawler.manifest.READERS_VERSION", "better")
        broken = misread(store)
        assert crawl(simulator, store, 2) == (Verdict.COMPLETE, broken)
        assert crawl(simulator, store, 3) == (Verdict.UNCHANGED, 0)


def test_own_pages_are_read_again_after_the_readers_changed(
    simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pages_read(hours: int) -> int:
        at = World.date(0) + timedelta(hours=hours)
        [one] = collect(store, watched(DETAILED), observed_at=at, settings=api.crawl_settings(simulator.url, 0))
        assert one.run.verdict is Verdict.COMPLETE
        assert one.changes.changed == 0
        return len(one.run.read_in_detail)

    with Store.open(tmp_path / "db") as store:
        first = pages_read(0)
        assert first > 10
        assert pages_read(1) == 0
        monkeypatch.setattr("crawler.bases.board_spider.READERS_VERSION", "better")
        assert pages_read(2) == first
        assert pages_read(3) == 0


def test_relative_dates_count_from_when_a_version_was_seen(simulator: Simulator, tmp_path: Path) -> None:
    with Store.open(tmp_path / "db") as store:
        crawl(simulator, store, 0)
        before = contents(store)
        dated = sum(bool(posting.date_posted) for posting in before.values())
        id_, posting = next(item for item in before.items() if item[1].date_posted)
        raw = dataclasses.replace(posting, date_posted=None, date_posted_raw="3 days ago")
        rereading.rewrite(store, [(id_, raw)])
        assert reread_all(store).attributes["date_posted"] == ChangedAttribute(
            versions=1, stated_before=dated - 1, stated_after=dated
        )
        assert contents(store)[id_].date_posted == World.date(0).date() - timedelta(days=3)


def test_a_system_that_is_no_longer_read_keeps_its_values(
    simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(tmp_path / "db") as store:
        crawl(simulator, store, 0)
        misread(store)
        monkeypatch.setattr(collecting_rereading, "systems", dict)
        assert reread_all(store).rewritten == 0


def test_the_command_prints_what_changed(simulator: Simulator, tmp_path: Path, rolemix: Rolemix) -> None:
    with Store.open(tmp_path / "db") as store:
        crawl(simulator, store, 0)
        broken = misread(store)
    printed = json.loads(rolemix("reread", "--db", tmp_path / "db").out)
    assert (printed["rewritten"], printed["attributes"]["base_salary"]["versions"]) == (broken, broken)
    result = rolemix("reread", "--db", tmp_path / "none")
    assert result.code == 1
    assert "there is no store" in result.sentence
