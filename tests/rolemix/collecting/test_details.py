"""A posting's own page is read when the posting is new, when the list shows a change, and now and then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.runs.live import UNTHROTTLED
from crawler.systems import find_board, systems
from postings.store import Store
from rolemix.collecting.collected import Collected
from rolemix.collecting.crawling import collect
from rolemix.collecting.watchlist import Watched
from simulator.server import Simulator
from simulator.world import World

POSTINGS = 12
PAGES_READ = {"meituan": 1, "tencent": 11}
"""Of so many postings: Meituan's list has the texts of nearly all, and some of Tencent's are on another system."""
READING_PAGES = [name for name, spider in systems().items() if spider.crawlable and spider.reads_details()]


@pytest.fixture(params=READING_PAGES)
def simulator(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    with Simulator(World.sized(boards=1, postings=POSTINGS, systems=[request.param])) as running:
        yield running


def crawled(simulator: Simulator, store: Store, after: timedelta) -> tuple[int, Collected]:
    """Crawl the one board so long after the first day; how many requests that took, and what came of it."""
    simulator.log.clear()
    watched = [Watched(find_board(board.url)) for board in simulator.world.boards]
    settings = {**UNTHROTTLED, "ROLEMIX_GATEWAY": simulator.url, "LOG_LEVEL": "CRITICAL"}
    (one,) = collect(store, watched, observed_at=World.date(0) + after, settings=settings)
    assert one.whole, one.run.reason
    return len(simulator.log), one


def test_pages_are_read_once_and_again_after_a_fortnight(simulator: Simulator, tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "rolemix.db")) as store:
        first, _ = crawled(simulator, store, timedelta())
        again, known = crawled(simulator, store, timedelta(hours=6))
        later, _ = crawled(simulator, store, timedelta(days=15))
    pages = PAGES_READ.get(simulator.world.boards[0].system.name, POSTINGS)
    assert (first - again, first - later) == (pages, 0)
    assert (known.changes.changed, known.run.unique) == (0, POSTINGS)
