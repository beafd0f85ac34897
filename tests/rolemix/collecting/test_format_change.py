"""A board that changes its format: reported on that day and not before, with nothing closed for it."""

from __future__ import annotations

import json
from pathlib import Path

from crawler.systems import find_board
from postings import Verdict
from postings.store import Store, queries
from rolemix import api
from rolemix.collecting.collected import Collected
from rolemix.collecting.crawling import collect
from rolemix.collecting.watchlist import Watched
from simulator.faults import Fault, FaultKind
from simulator.server import Simulator
from simulator.world import World
from tests.rolemix.conftest import Rolemix

DAY = 5
"""The day of the change; the board is crawled from day 0 on."""

CHANGES = {
    # All texts in the list.
    "https://app.mokahr.com/social-recruitment/luyingu/210034": (("jobDescription",), {"description"}),
    # The texts in the details, which are read again only where the list changes.
    "https://app.mokahr.com/social-recruitment/jinridge/318820": (("locations",), {"job_location"}),
    "https://job-boards.greenhouse.io/fenwrightlabs": (("content",), {"description"}),
    "https://jobs.eu.lever.co/brightfjord": (("categories",), {"job_location", "employment_unit"}),
    "https://jobs.ashbyhq.com/marrowlight": (("publishedAt",), {"date_posted"}),
}


def crawled(simulator: Simulator, store: Store, day: int, *urls: str) -> list[Collected]:
    simulator.day = day
    watched = [Watched(find_board(url)) for url in urls]
    settings = api.crawl_settings(simulator.url, 0)
    return collect(store, watched, observed_at=World.date(day), settings=settings)


def test_change_of_format_shows_on_the_same_day_and_not_before(simulator: Simulator, tmp_path: Path) -> None:
    for url, (keys, _) in CHANGES.items():
        simulator.fault(url, Fault(FaultKind.RENAMED, keys=keys, days=range(DAY, 99)))
    with Store.open(tmp_path / "rolemix.db") as store:
        for day in range(DAY):
            for one in crawled(simulator, store, day, *CHANGES):
                assert one.dropped == (), (day, one.run.board_url)
        runs = {one.run.board_url: one for one in crawled(simulator, store, DAY, *CHANGES)}
        with store.read() as connection:
            counts = queries.count_open(connection)
            open_now = {count.board_url: count.open + count.redirects + count.no_openings for count in counts}
    for url, (_, fields) in CHANGES.items():
        one = runs[url]
        assert one.run.verdict is Verdict.COMPLETE, "the postings are all there"
        assert one.changes.held is None
        assert open_now[url] == one.run.unique
        assert fields <= {drop.field for drop in one.dropped}, url


def test_details_that_are_remembered_do_not_hide_it(simulator: Simulator, tmp_path: Path) -> None:
    url = "https://app.mokahr.com/social-recruitment/jinridge/318820"
    simulator.fault(url, Fault(FaultKind.RENAMED, keys=["jobDescription"], days=range(DAY, 99)))
    with Store.open(tmp_path / "rolemix.db") as store:
        runs = [one for day in range(DAY + 2) for one in crawled(simulator, store, day, url)]
    assert not any(one.dropped for one in runs[:DAY])
    assert all(one.run.fresh < one.run.unique for one in runs[1:]), "else there is nothing to hide it"
    assert runs[-1].run.coverage["description"] > runs[-1].run.unique / 2, "nearly all are remembered"
    assert "description" in {drop.field for one in runs[DAY:] for drop in one.dropped}


def test_crawls_summary_shows_it(simulator: Simulator, rolemix: Rolemix) -> None:
    url = "https://jobs.lever.co/cinderquay"
    simulator.fault(url, Fault(FaultKind.RENAMED, keys=["categories"], days=[DAY]))
    result = []
    for day in range(DAY + 1):
        simulator.day = day
        at = ("--gateway", simulator.url, "--delay", 0)
        form = ("--format", "json") if day < DAY else ()
        result.append(rolemix("crawl", *at, "--observed-at", World.date(day).isoformat(), *form, url))
    assert [one.code for one in result] == [0] * (DAY + 1), "it is no error by itself"
    assert [json.loads(one.out)[0]["dropped_fields"] for one in result[:DAY]] == [{}] * DAY
    assert "dropped: job_location on 0% of 17 postings, usually 100%" in result[DAY].out
    rolemix("watch", "add", url, "--unchecked")
    checked = rolemix("watch", "check", "--gateway", simulator.url, "--delay", 0, "--format", "json")
    (row,) = json.loads(checked.out)
    assert row["dropped_fields"]["job_location"] == {"usual": 1.0, "now": 0.0}
    assert (checked.code, row["verdict"]) == (0, "complete")
    unknown = rolemix("watch", "check", "--gateway", simulator.url, "--delay", 0, "--format", "json", "--db", "none.db")
    assert json.loads(unknown.out)[0]["dropped_fields"] == {}, "without a store nothing is usual"
    assert not Path("none.db").exists()
