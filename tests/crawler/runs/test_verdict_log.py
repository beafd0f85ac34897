"""The verdict log: what a crawl writes to Scrapy's stats."""

from __future__ import annotations

from crawler.bases.board_spider import BoardSpider, Known
from crawler.manifest import Manifest
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.runs.verdict_log import VerdictLog
from crawler.systems import find_board
from postings.coverage import Usual
from simulator.faults import Fault, FaultKind
from simulator.server import Simulator
from simulator.world import World


def test_stats_count_dropped_fields() -> None:
    url = "https://jobs.lever.co/cinderquay"
    seen: dict[str, object] = {}

    class Watching(VerdictLog):
        def board_finished(self, spider: BoardSpider, manifest: Manifest) -> None:
            super().board_finished(spider, manifest)
            assert self.crawler.stats
            seen.update(self.crawler.stats.get_stats())

    with Simulator(World(seed=7)) as simulator:
        simulator.fault(url, Fault(FaultKind.RENAMED, keys=["categories"]))
        crawl(
            [find_board(url)],
            observed_at=World.date(0),
            on_run=lambda run, postings: None,
            known=Known(usual={url: Usual(postings=18, shares={"job_location": 1.0, "title": 1.0})}),
            settings={
                **UNTHROTTLED,
                "ROLEMIX_GATEWAY": simulator.url,
                "LOG_LEVEL": "CRITICAL",
                "EXTENSIONS": {Watching: 0},
            },
        )
    assert {name for name in seen if name.startswith("rolemix/field_dropped/")} == {
        "rolemix/field_dropped/job_location"
    }
