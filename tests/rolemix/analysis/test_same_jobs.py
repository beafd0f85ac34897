"""The same job in a store: links with evidence, and reports that count each job once."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

import rolemix as library
from classifier.model.tagger import Tagger
from postings import JobPosting, Place
from postings.identity import Relation
from postings.store import Store
from postings.unit import Unit
from rolemix.analysis.breakdown import break_down
from rolemix.analysis.report import role_mix
from rolemix.analysis.same_jobs import company_links
from rolemix.tagging.facts import read_new
from rolemix.tagging.retag import tag_new
from tests.postings.identity.examples import CITIES, text_of
from tests.postings.store.examples import BOARD, OTHER, posting, see
from tests.rolemix.conftest import Rolemix

SALES, SEA = (text_of(random.Random(seed)) for seed in (1, 2))


def in_cities(cities: Sequence[str], **values: object) -> list[JobPosting]:
    return [
        posting(city, title="Sales Manager", description=SALES, job_location=(Place(name=city),), **values)
        for city in cities
    ]


@pytest.fixture
def store(tmp_path: Path, tagger: Tagger) -> Store:
    """A company that sells in ten cities, reposted five jobs, and has one of them on a second board."""
    opened = Store.open(tmp_path / "rolemix.db")
    sea = {"title": "Backend Engineer", "description": SEA, "job_location": (Place(name="Oslo"),)}
    pool = posting("pool", title="Talent pool")
    with_old = [*in_cities(CITIES), *(posting(f"old{number}", **sea) for number in range(5)), pool]
    with_new = [*in_cities(CITIES), *(posting(f"new{number}", **sea) for number in range(5)), pool]
    see(opened, 0, with_old, company="Lanternfish")
    see(opened, 1, with_new, company="Lanternfish")
    see(opened, 2, [posting("mirror", **sea)], board_url=OTHER, company="Lanternfish")
    tag_new(opened, tagger)
    read_new(opened)
    return opened


def test_links_of_a_company(store: Store) -> None:
    with store:
        [found] = company_links(store, ["lanternfish"])
    kinds = [link.relation for link in found.links]
    assert (kinds.count(Relation.REPOST), kinds.count(Relation.PLACES), kinds.count(Relation.MIRROR)) == (5, 9, 1)
    assert found.counts() == {Unit.POSTINGS: 16, Unit.REQUISITIONS: 6, Unit.PLACES: 15, Unit.HEADCOUNT: 6}


@pytest.mark.parametrize(
    ("unit", "total", "sales"),
    [(Unit.POSTINGS, 16, 10), (Unit.REQUISITIONS, 6, 1), (Unit.PLACES, 15, 10), (Unit.HEADCOUNT, 6, 1)],
)
def test_a_report_counts_in_the_unit_that_it_names(
    store: Store, tagger: Tagger, unit: Unit, total: int, sales: int
) -> None:
    with store:
        report = role_mix(store, tagger.info, unit=unit)
        places = break_down(store, tagger.info, by="city", unit=unit)
    [company] = report.companies
    assert company.open == total
    counts = {share.role: share.count for share in company.mix}
    assert counts["go-to-market"] == sales
    assert unit.meaning in report.counts
    assert sum(share.share or 0 for share in company.mix if share.role is None) == pytest.approx(1)
    [cities] = places.companies
    assert {one.value for one in cities.counts} >= {"Oslo", "Toronto", "Lyon"}
    if unit is Unit.REQUISITIONS:
        assert {one.value: one.count for one in cities.counts}["Lyon"] == 1


def test_the_command_prints_the_evidence(store: Store, rolemix: Rolemix, tmp_path: Path) -> None:
    store.close()
    database = tmp_path / "rolemix.db"
    table = rolemix("same", "--db", database)
    assert "Lanternfish: open now 16 postings, 6 requisitions, 15 places, 6 headcount" in table.out
    rows = json.loads(rolemix("same", "--db", database, "--format", "json").out)
    assert {row["relation"] for row in rows} == {"mirror", "places", "repost"}
    assert {row["other"] for row in rows if row["relation"] == "repost"} == {f"{BOARD}#new{n}" for n in range(5)}
    result = rolemix("same", "Anglerfish", "--db", database)
    assert (result.code, result.out) == (1, "")
    assert "no company Anglerfish" in result.sentence
    with library.open_store(database) as opened:
        assert list(library.same_jobs(opened)["relation"]) == [row["relation"] for row in rows]
