"""Crawling whole boards into history, beside a bare Scrapy spider that only fetches the same pages.

    python -m benchmarks.crawling [--boards 20] [--postings 500] [--rounds 3]

Both run as processes of their own against one simulator on loopback, in turn, without politeness delays. A round
is: the bare spider, rolemix into an empty store, and rolemix again over the unchanged boards. Medians are printed,
and the ratios of rolemix to the bare spider pair by pair.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

import crawler.settings
from crawler.manifest import Manifest
from crawler.run import UNHURRIED
from crawler.systems import find_board, system
from postings.store import Store
from rolemix.collect import collect
from rolemix.demo.world import World
from rolemix.watchlist import Watched


@dataclasses.dataclass(frozen=True, slots=True)
class Cost:
    """What one process took.

    Attributes:
        wall: Seconds by the clock.
        cpu: Seconds of processor time, user and system.
        memory: Peak resident size in MB.
    """

    wall: float
    cpu: float
    memory: float


FIELDS = ("wall", "cpu", "memory")


class BareSpider(Spider):
    """Fetches pages and does nothing with them."""

    name = "bare"

    def __init__(self, pages: list[dict[str, Any]]) -> None:
        super().__init__()
        self.pages = pages

    async def start(self) -> Any:
        for page in self.pages:
            yield Request(**page, callback=self.parse, dont_filter=True)

    def parse(self, response: Any) -> None:
        """Look at the size, so that the body was read."""
        self.crawler.stats.inc_value("bytes", len(response.body))


def settings(gateway: str) -> dict[str, Any]:
    return {**UNHURRIED, "ROLEMIX_GATEWAY": gateway, "LOG_LEVEL": "ERROR"}


def bare(gateway: str, urls: list[str], postings: int) -> None:
    """Fetch the pages that rolemix asks for, with Scrapy alone and the same settings."""
    pages = []
    for url in urls:
        board = find_board(url)
        spider = system(board.system)(boards=[board])
        requests = [spider.list_request(board, 0)]
        if board.system == "moka":
            # The board's page comes before, and after the last page the first is asked again: did the list move?
            offsets = (*range(50, postings, 50), 0)
            further = [spider.list_request(board, offset) for offset in offsets]
            requests = [spider.first_request(Manifest(board)), *requests, *further]
        pages += [
            {"url": one.url, "method": one.method, "body": one.body.decode(), "headers": dict(one.headers)}
            for one in requests
        ]
    merged = Settings()
    merged.setmodule(crawler.settings, priority="project")
    merged.setdict({**settings(gateway), "EXTENSIONS": {}}, priority="cmdline")
    process = AsyncCrawlerProcess(merged)
    process.crawl(BareSpider, pages=pages)
    process.start()


def rolemix(gateway: str, urls: list[str], day: int, database: str) -> None:
    """Crawl the boards into a store."""
    with Store.open(database) as store:
        watched = [Watched(find_board(url)) for url in urls]
        collected = collect(store, watched, observed_at=World.date(day), settings=settings(gateway))
    verdicts = {str(one.run.verdict) for one in collected}
    if verdicts - {"complete", "unchanged"} or len(collected) != len(urls):
        sys.exit(f"not every board was read whole: {verdicts}")


def measure(arguments: list[str]) -> Cost:
    """Run this module in a process of its own and return what it took."""
    started = perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.crawling", *arguments])
    _, status, usage = os.wait4(process.pid, 0)
    wall = perf_counter() - started
    if status:
        sys.exit(f"{arguments[:2]} ended with status {status}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


@contextmanager
def simulator(boards: int, postings: int) -> Iterator[str]:
    """Serve the boards from a process of its own; the simulator's address."""
    command = [sys.executable, "-m", "rolemix.demo.server", "--boards", str(boards), "--postings", str(postings)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def rows(database: Path) -> dict[str, int]:
    """Count the rows of every table."""
    with sqlite3.connect(database) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in sorted(tables)
            if table != "alembic_version"
        }


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--boards", type=int, default=20)
    parser.add_argument("--postings", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    inner = parser.add_argument_group("used by the benchmark itself")
    inner.add_argument("part", nargs="?", choices=["bare", "rolemix"])
    inner.add_argument("--gateway")
    inner.add_argument("--urls", type=json.loads)
    inner.add_argument("--db")
    inner.add_argument("--day", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.part == "bare":
        bare(chosen.gateway, chosen.urls, chosen.postings)
    elif chosen.part == "rolemix":
        rolemix(chosen.gateway, chosen.urls, chosen.day, chosen.db)
    else:
        compare(chosen.boards, chosen.postings, chosen.rounds)


def compare(boards: int, postings: int, rounds: int) -> None:
    """Run the rounds, and print medians, ratios and rows."""
    urls = [board.url for board in World.sized(boards, postings).boards]
    costs: dict[str, list[Cost]] = {"bare Scrapy": [], "rolemix, first crawl": [], "rolemix, unchanged": []}
    with simulator(boards, postings) as gateway, tempfile.TemporaryDirectory() as folder:
        common = ["--gateway", gateway, "--urls", json.dumps(urls), "--postings", str(postings)]
        measure(["bare", *common])  # the simulator writes its answers when they are first asked for
        for number in range(rounds):
            database = Path(folder, f"{number}.db")
            costs["bare Scrapy"].append(measure(["bare", *common]))
            costs["rolemix, first crawl"].append(measure(["rolemix", *common, "--db", str(database)]))
            before = rows(database)
            costs["rolemix, unchanged"].append(measure(["rolemix", *common, "--db", str(database), "--day", "1"]))
            after = rows(database)
    print(f"{boards} boards of {postings} postings, {rounds} rounds, medians")
    print(f"{'':22}{'wall s':>8}{'cpu s':>8}{'MB':>8}   ratio to bare: {'wall':>6}{'cpu':>7}{'memory':>8}")
    for name, found in costs.items():
        pairs = list(zip(found, costs["bare Scrapy"], strict=True))
        wall, cpu, memory = (median(getattr(cost, field) for cost in found) for field in FIELDS)
        ratios = [median(getattr(one, field) / getattr(floor, field) for one, floor in pairs) for field in FIELDS]
        shown = f"{ratios[0]:6.2f}{ratios[1]:7.2f}{ratios[2]:8.2f}"
        print(f"{name:22}{wall:8.2f}{cpu:8.2f}{memory:8.0f}{'':18}{shown}")
    print("rows after the first crawl:", ", ".join(f"{table} {count}" for table, count in before.items() if count))
    added = {table: after[table] - before[table] for table in before if after[table] != before[table]}
    print("rows that the second crawl added:", ", ".join(f"{table} {count}" for table, count in added.items()))


if __name__ == "__main__":
    main()
