"""How openings come, stay and go, and how companies differ, from recorded histories with known truth."""

from __future__ import annotations

import json
import math
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from classifier.model.tagger import Tagger
from postings import BoardRun, JobPosting, Place, Verdict
from postings.store import Store
from postings.store.history import record
from rolemix.analysis.differences import company_differences
from rolemix.analysis.flows import CompanyFlows
from rolemix.analysis.openings import NothingToReport
from rolemix.analysis.shifts import company_shifts
from rolemix.collecting.histories import ingest_history
from rolemix.publishing.sentences import Language, difference_sentences, sentences
from rolemix.tagging.facts import read_new
from rolemix.tagging.retag import tag_new
from tests.rolemix.conftest import Rolemix

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
WORDS = ("Sonar", "Kelp", "Lantern", "Reef", "Tide", "Anchor", "Beacon", "Current", "Harbour", "Pearl")


def title(number: int) -> str:
    """A title of a family of its own."""
    return f"{WORDS[number % 10]} {WORDS[number // 10 % 10]} {WORDS[number // 100 % 10]} Research Scientist"


def flows_of(store: Store, tagger: Tagger) -> CompanyFlows:
    tag_new(store, tagger)
    read_new(store)
    [found] = company_shifts(store, tagger.info)
    told = {language: list(sentences(found, tagger.info.taxonomy, language)) for language in Language}
    assert all(
        "Half of the openings" in told[Language.EN][-1] or "cannot be told" in told[Language.EN][-1] for _ in "x"
    )
    assert "职位在招" in told[Language.ZH][-1]
    return found.flows


def history(path: Path, lives: list[tuple[int, int]], days: range) -> Path:
    """A recorded history of postings that were open from a day until before another one."""
    with path.open("w", encoding="utf-8") as out:
        for day in days:
            date = (START + timedelta(days=day)).date().isoformat()
            for number, (opened, closed) in enumerate(lives):
                if opened <= day < closed:
                    out.write(json.dumps({"date": date, "id": str(number), "title": title(number)}) + "\n")
    return path


def test_stays_and_a_change_of_the_flow(tmp_path: Path, tagger: Tagger) -> None:
    dice = random.Random(1)
    lives = []
    for day in range(-200, 280):
        for _ in range(1 if day < 140 else 3):
            stay = max(1, round(dice.expovariate(math.log(2) / 30)))
            if dice.random() < 0.5:
                lives.append((day, day + stay))
    with Store.open(tmp_path / "db") as store:
        ingest_history(store, history(tmp_path / "lanternfish.jsonl", lives, range(0, 280, 2)))
        flows = flows_of(store, tagger)
    whole, *focuses = flows.stays
    assert whole.low is not None
    assert whole.high is not None
    assert whole.low <= 30 <= whole.high
    assert whole.high - whole.low < 20
    assert [one.focus for one in focuses] == ["research"] or len(focuses) > 1
    assert flows.of_unknown_age == sum(opened <= 0 < closed for opened, closed in lives), "no day of posting is stated"
    changes = {change.flow: change for change in flows.changes}
    opened = changes["opened"]
    assert opened.low <= (START + timedelta(days=140)).date() <= opened.high + timedelta(days=6)
    assert opened.before == pytest.approx(3.5, abs=1)
    assert opened.after == pytest.approx(10.5, abs=2)


def crawled(store: Store, day: int, postings: list[JobPosting], board: str = "https://a.example") -> None:
    run = BoardRun(
        board_url=board,
        system="moka",
        board_key=board.removeprefix("https://").removesuffix(".example"),
        observed_at=START + timedelta(days=day),
        verdict=Verdict.COMPLETE,
        reason="as the test says",
    )
    record(store, run, postings)


def one(identifier: object, **values: Any) -> JobPosting:
    return JobPosting(**{"identifier": str(identifier), "title": title(7), "url": "https://a.example/1"} | values)


def test_a_stated_day_of_posting_tells_the_age_and_a_repost_goes_on(tmp_path: Path, tagger: Tagger) -> None:
    posted = (START - timedelta(days=100)).date()
    text = "You map reefs with sonar at night, and write down what you see there. " * 3
    with Store.open(tmp_path / "db") as store:
        crawled(store, 0, [one("old", title=title(1), date_posted=posted), one("?", title=title(2))])
        crawled(store, 1, [one("old", title=title(1), date_posted=posted), one("first", description=text)])
        crawled(store, 9, [one("old", title=title(1), date_posted=posted), one("x", title=title(3))])
        crawled(store, 20, [one("second", description=text), one("x", title=title(3))])
        flows = flows_of(store, tagger)
    assert (flows.reposts, flows.of_unknown_age) == (1, 1)
    assert flows.stays[0].stays == 3
    assert flows.stays[0].ended == 1, "what was posted again has not ended"


def test_flows_need_boards_that_were_seen_whole(tmp_path: Path, tagger: Tagger) -> None:
    with Store.open(tmp_path / "db") as store:
        crawled(store, 0, [one("a")])
        crawled(store, 1, [one("a")])
        flows = flows_of(store, tagger)
    assert flows.changes == ()
    assert (flows.stays[0].stays, flows.stays[0].median) == (0, None)


SCIENTISTS = [one(number, title=title(number)) for number in range(40)]
MANAGERS = [
    one(number, title=title(number).replace("Research Scientist", "Product Manager")) for number in range(40, 80)
]


@pytest.fixture
def two(tmp_path: Path, tagger: Tagger) -> Path:
    with Store.open(tmp_path / "two.db") as store:
        crawled(store, 0, [*SCIENTISTS, *MANAGERS[:10]], "https://lab.example")
        crawled(store, 0, [*SCIENTISTS[:10], *MANAGERS], "https://shop.example")
        crawled(store, 0, [*SCIENTISTS[:30], *MANAGERS[:8]], "https://twin.example")
        tag_new(store, tagger)
        read_new(store)
    return tmp_path / "two.db"


def test_companies_that_differ_and_that_do_not(two: Path, tagger: Tagger) -> None:
    with Store.open(two) as store:
        shop, twin, both = company_differences(
            store, tagger.info, ["lab"], {"shop": ["shop"], "twin": ["twin"], "all": ["lab", "shop", "twin", "none"]}
        )
        with pytest.raises(NothingToReport, match="lab cannot be compared with itself"):
            company_differences(store, tagger.info, ["lab"], {"lab": ["lab"]})
    product = next(shift for shift in shop.shifts if shift.name == "product")
    assert product.moved
    assert product.high < -0.35
    assert (product.count, product.count_before) == (10, 40)
    assert not any(shift.moved for shift in twin.shifts)
    assert both.companies == ("shop", "twin")
    assert both.open_other == 50 + 38
    told = list(difference_sentences(shop, tagger.info.taxonomy))
    assert told[0].startswith("lab against shop on 2026-01-05: 50 postings against 50.")
    assert any(sentence.startswith("Its share of product is smaller: 20% against 80%") for sentence in told)
    assert "10-point difference would be found" in list(difference_sentences(twin, tagger.info.taxonomy))[1]
    assert "产品" in "".join(difference_sentences(shop, tagger.info.taxonomy, Language.ZH))


def test_the_command_compares_companies(two: Path, rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "watchlist.toml").write_text('[groups]\nrest = ["shop", "twin"]\n', "utf-8")
    told = rolemix("shifts", "lab", "--versus", "shop", "--group", "rest", "--db", two)
    assert told.code == 0, told.err
    assert "lab against rest (shop, twin) on 2026-01-05" in " ".join(told.out.split())
    rows = rolemix("shifts", "lab", "--versus", "shop", "--db", two, "--format", "csv").out.splitlines()
    assert rows[0].startswith("company,other,at,level,name,count_before,count,before,now,low,high,p")
    assert any(row.startswith("lab,shop,2026-01-05T12:00:00+00:00,focus,product,40,10,0.8,") for row in rows)
    assert "name at least one" in rolemix("shifts", "--versus", "shop", "--db", two).err
    assert "on one day" in rolemix("shifts", "lab", "--versus", "shop", "--since", "2026-01-01", "--db", two).err
    assert "with itself" in rolemix("shifts", "lab", "--versus", "lab", "--db", two).err
    assert "no company nobody" in rolemix("shifts", "lab", "--versus", "nobody", "--db", two).err


def test_one_title_in_several_cities_is_one_batch(tmp_path: Path, tagger: Tagger) -> None:
    """As postings of one requisition are: five cities are no five observations."""
    cities = ("Berlin", "Hamburg", "Munich", "Cologne", "Frankfurt", "Stuttgart", "Leipzig", "Dresden")
    before, now = (
        [one(f"{what} {city}", title=f"{what} - {city}", job_location=(Place(name=city),)) for city in cities]
        for what in ("Research Scientist", "Product Manager")
    )
    with Store.open(tmp_path / "db") as store:
        crawled(store, 0, before)
        crawled(store, 30, [*before[:4], *now[:4]])
        crawled(store, 60, now)
        tag_new(store, tagger)
        read_new(store)
        [found] = company_shifts(store, tagger.info)
    assert (found.opened, found.closed) == (8, 8)
    assert found.clusters == 3, "the researchers of the first day, and the managers of two weeks"
    assert not any(shift.moved for shift in found.shifts)
