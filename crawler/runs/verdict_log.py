"""A Scrapy extension: each board's verdict in the log and in the crawl's stats."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Self

from scrapy.crawler import Crawler

from crawler.bases.board_spider import BoardSpider, board_finished
from crawler.manifest import Manifest
from postings.coverage import find_drops

logger = logging.getLogger(__name__)


class VerdictLog:
    """Logs each board's verdict with its evidence, and counts verdicts, fields and dropped fields in the stats."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.signals.connect(self.board_finished, board_finished)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension of a crawler."""
        return cls(crawler)

    def board_finished(self, spider: BoardSpider, manifest: Manifest) -> None:
        """Log one board, and count it."""
        run = manifest.run(datetime.fromtimestamp(0, UTC))  # the log line has its own time
        logger.info("%s: %s: %s", run.board_url, run.verdict, run.reason)
        dropped = find_drops(run, spider.known.usual.get(run.board_url))
        for drop in dropped:
            logger.warning("%s: %s", run.board_url, drop)
        stats = self.crawler.stats
        if stats:
            stats.inc_value(f"rolemix/verdict/{run.verdict}")
            stats.inc_value("rolemix/postings", run.unique)
            for field, count in run.coverage.items():
                stats.inc_value(f"rolemix/field/{field}", count)
            for drop in dropped:
                stats.inc_value(f"rolemix/field_dropped/{drop.field}")
