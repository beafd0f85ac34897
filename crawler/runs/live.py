"""Crawling many boards in one process: each board's run is handed over with all of its postings."""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import IO, Any

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.spiderloader import DummySpiderLoader
from scrapy.utils.reactor import install_reactor

import crawler.settings
from crawler.bases.board_spider import Known, board_finished
from crawler.boards import Board
from crawler.manifest import Manifest
from crawler.parsing.dates import dated
from crawler.politeness.pauses import Pauses
from crawler.systems import system
from postings import BoardRun, JobPosting, Verdict

OnRun = Callable[[BoardRun, Iterator[JobPosting]], None]

UNTHROTTLED: Mapping[str, Any] = MappingProxyType(
    {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 8}
)
"""Settings for servers that need no politeness, such as a simulator on this machine."""

_IN_MEMORY = 1024 * 1024
"""Bytes of one board's postings kept in memory before they go to a temporary file."""


def crawl(
    boards: Sequence[Board],
    *,
    observed_at: datetime,
    on_run: OnRun,
    known: Known = Known(),  # noqa: B008 - frozen
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Crawl boards of any systems; can be called any number of times in one process.

    Args:
        boards: The boards, each once.
        observed_at: The time of observation of all runs, with zone.
        on_run: Called after each board with its run and its postings.
        known: What is known of the boards beforehand.
        settings: Scrapy settings over the project's own, e.g. ``ROLEMIX_GATEWAY`` or ``DOWNLOAD_DELAY``.

    Raises:
        Exception: The first error that ``on_run`` raised; the boards before it have been handed over.
    """
    crawling = _crawl(boards, observed_at, on_run, known, settings or {})
    asyncio.run_coroutine_threadsafe(crawling, _loop()).result()


def run_spider(spider: type[Spider], settings: Mapping[str, Any] | None = None, **arguments: Any) -> None:
    """Run a spider that reads no boards.

    Args:
        spider: The spider.
        settings: Scrapy settings over the project's own, as for `crawl`.
        arguments: The spider's arguments.
    """

    async def running() -> None:
        await _runner(settings or {}).crawl(spider, **arguments)

    asyncio.run_coroutine_threadsafe(running(), _loop()).result()


def _runner(settings: Mapping[str, Any]) -> AsyncCrawlerRunner:
    """Return a runner whose crawlers share each host's pauses."""
    merged = Settings()
    merged.setmodule(crawler.settings, priority="project")
    # Spiders are given as classes: to look for them by name in every module takes longer than a small board.
    merged.set("SPIDER_LOADER_CLASS", DummySpiderLoader, priority="project")
    merged.setdict(settings, priority="cmdline")
    # Nobody reads the stats of single requests here, for which each is written out to count its bytes.
    merged["DOWNLOADER_MIDDLEWARES"]["scrapy.downloadermiddlewares.stats.DownloaderStats"] = None
    logging.getLogger("scrapy").setLevel(merged.get("LOG_LEVEL"))
    merged.set("ROLEMIX_PAUSES", merged.get("ROLEMIX_PAUSES") or Pauses.from_settings(merged))
    return AsyncCrawlerRunner(merged)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return the event loop of Twisted's reactor, running in a thread of its own.

    A reactor cannot be started twice in a process, so it is started once and left running: one process can then
    crawl repeatedly, with the same download handlers that ``scrapy crawl`` uses.
    """
    running: Future[asyncio.AbstractEventLoop] = Future()
    threading.Thread(target=_run_reactor, args=[running], name="crawler", daemon=True).start()
    return running.result()


def _run_reactor(running: Future[asyncio.AbstractEventLoop]) -> None:
    try:
        # In this thread, because a reactor takes the event loop of the thread that installs it, and the caller's may be
        # running already, as a notebook's is.
        install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
        # Not before, because importing it installs one. Twisted replaces the module by the reactor itself.
        reactor: Any = import_module("twisted.internet.reactor")
        reactor.callWhenRunning(lambda: running.set_result(reactor._asyncioEventloop))
        reactor.run(installSignalHandlers=False)
    except Exception as error:
        running.set_exception(error)


async def _crawl(
    boards: Sequence[Board], observed_at: datetime, on_run: OnRun, known: Known, settings: Mapping[str, Any]
) -> None:
    runner = _runner(settings)
    by_system: dict[str, list[Board]] = defaultdict(list)
    for board in boards:
        by_system[board.system].append(board)
    # One crawler a system, whose boards share hosts and so the crawler's delay per host.
    crawlers = [runner.create_crawler(system(name)) for name in sorted(by_system)]
    collector = _Collector(runner, observed_at, on_run)
    for one in crawlers:
        collector.listen(one)
    await asyncio.gather(*(runner.crawl(one, boards=by_system[one.spidercls.name], known=known) for one in crawlers))
    collector.finish(boards)


class _Collector:
    """Collects the postings of each board, and hands them over when its last one has come through."""

    def __init__(self, runner: AsyncCrawlerRunner, observed_at: datetime, on_run: OnRun) -> None:
        self._runner = runner
        self._observed_at = observed_at
        self._on_run = on_run
        self._spools: dict[Manifest, _Spool] = defaultdict(_Spool)
        self._finished: set[Manifest] = set()
        self._handed_over: set[Board] = set()
        self._error: Exception | None = None

    def listen(self, crawler: Crawler) -> None:
        """Collect what a crawler finds.

        Item signals may come after the board's last response was read: a board is handed over when each of its
        postings has either come through or been dropped.
        """
        crawler.signals.connect(self._scraped, signals.item_scraped)
        crawler.signals.connect(self._dropped, signals.item_dropped)
        crawler.signals.connect(self._dropped, signals.item_error)
        crawler.signals.connect(self._board_finished, board_finished)

    def finish(self, boards: Sequence[Board]) -> None:
        """Hand over a failed run for each board that the crawl did not finish.

        Raises:
            Exception: The first error in handing over.
        """
        for spool in self._spools.values():
            spool.file.close()
        for board in boards:
            if board not in self._handed_over and self._error is None:
                manifest = Manifest(board)
                manifest.fail(Verdict.FAILED, "the crawl ended before the board was read")
                self._hand_over(manifest, iter(()))
        if self._error is not None:
            raise self._error

    def _scraped(self, item: dict[str, Any], response: Response) -> None:
        manifest = _manifest(response)
        self._spools[manifest].add(item)
        self._settle(manifest)

    def _dropped(self, item: dict[str, Any], response: Response) -> None:
        manifest = _manifest(response)
        self._spools[manifest].lost += 1
        manifest.fail(Verdict.INCOMPLETE, f"posting {item.get('identifier')} was lost on the way to the store")
        self._settle(manifest)

    def _board_finished(self, manifest: Manifest) -> None:
        self._finished.add(manifest)
        self._settle(manifest)

    def _settle(self, manifest: Manifest) -> None:
        spool = self._spools[manifest]
        if manifest in self._finished and spool.count + spool.lost == manifest.handed_on:
            del self._spools[manifest]
            with spool.file:
                self._hand_over(manifest, spool.postings())

    def _hand_over(self, manifest: Manifest, postings: Iterator[JobPosting]) -> None:
        if self._error is not None:
            return
        self._handed_over.add(manifest.board)
        try:
            self._on_run(manifest.run(self._observed_at), (dated(posting, self._observed_at) for posting in postings))
        except Exception as error:
            # A signal's receiver cannot raise through Scrapy: the crawl is stopped, and `finish` raises.
            self._error = error
            self._stopping = asyncio.ensure_future(self._runner.stop())


class _Spool:
    """Postings that wait for their board's verdict, in a temporary file when they are many."""

    def __init__(self) -> None:
        self.file: IO[str] = tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8")  # noqa: SIM115
        self.count = 0
        self.lost = 0

    def add(self, item: dict[str, Any]) -> None:
        # dumps, not dump: only the former uses the encoder that is written in C.
        self.file.write(json.dumps(item, ensure_ascii=False) + "\n")
        self.count += 1

    def postings(self) -> Iterator[JobPosting]:
        self.file.seek(0)
        for line in self.file:
            yield JobPosting.from_dict(json.loads(line))


def _manifest(response: Response) -> Manifest:
    assert response.request is not None  # noqa: S101  # every item comes from a response
    manifest: Manifest = response.request.cb_kwargs["manifest"]
    return manifest
