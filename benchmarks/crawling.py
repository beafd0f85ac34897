"""Crawling complete boards into history, beside a bare Scrapy spider that only fetches the same pages.

    python -m benchmarks.crawling [--boards 20] [--postings 500] [--rounds 3] [--every-system] [--polite]

Both run as processes of their own against one simulator on loopback, in turn, without politeness delays. A round
is: the bare spider, rolemix into an empty store, and rolemix again over the unchanged boards. Medians are printed,
and the ratios of rolemix to the bare spider pair by pair. The bare spider fetches the very requests that rolemix sent
in a crawl before the rounds.

With --polite all three keep the project's own delays, and the request rate of each host is printed too.
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
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Self
from urllib.request import Request as PlainRequest
from urllib.request import urlopen

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

import crawler.settings
from crawler.runs.live import UNTHROTTLED
from crawler.systems import find_board
from crawler.systems import systems as spiders
from postings.store import Store
from rolemix.collecting.crawling import collect
from rolemix.collecting.watchlist import Watched
from simulator.world import FIRST_SYSTEMS, World


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
        """Yield the requests for the pages."""
        for page in self.pages:
            yield Request(**page, callback=self.parse, dont_filter=True)

    def parse(self, response: Any) -> None:
        """Look at the size, so that the body was read."""
        self.crawler.stats.inc_value("bytes", len(response.body))


class RequestLog:
    """Writes every request that leaves into the file that the setting names, for the bare spider to repeat."""

    def __init__(self, crawler: Crawler) -> None:
        self.path = Path(crawler.settings["BENCHMARK_REQUESTS"])
        crawler.signals.connect(self.left, signals.request_reached_downloader)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, as Scrapy makes it."""
        return cls(crawler)

    def left(self, request: Request) -> None:
        """Write one request down; the bare spider requests robots.txt by itself."""
        if not request.url.endswith("/robots.txt"):
            headers = {name.decode(): value.decode() for name, (value, *_) in request.headers.items()}
            page = {"url": request.url, "method": request.method, "body": request.body.decode(), "headers": headers}
            with self.path.open("a", encoding="utf-8") as out:
                out.write(json.dumps(page) + "\n")


def settings(gateway: str, polite: bool) -> dict[str, Any]:
    """Return the settings that both sides crawl with."""
    return {**({} if polite else UNTHROTTLED), "ROLEMIX_GATEWAY": gateway, "LOG_LEVEL": "ERROR"}


def bare(requests: Path, chosen: Mapping[str, Any]) -> None:
    """Fetch the pages that rolemix requests, with Scrapy alone and the same settings."""
    merged = Settings()
    merged.setmodule(crawler.settings, priority="project")
    merged.setdict({**chosen, "EXTENSIONS": {}}, priority="cmdline")
    process = AsyncCrawlerProcess(merged)
    process.crawl(BareSpider, pages=[json.loads(line) for line in requests.read_text("utf-8").splitlines()])
    process.start()


def rolemix(urls: list[str], day: int, database: str, chosen: Mapping[str, Any]) -> None:
    """Crawl the boards into a store."""
    with Store.open(database) as store:
        watched = [Watched(find_board(url)) for url in urls]
        collected = collect(store, watched, observed_at=World.date(day), settings=chosen)
    failed = [one.run for one in collected if not one.whole]
    if failed or len(collected) != len(urls):
        sys.exit(f"not every board was read completely: {[(run.board_url, run.reason) for run in failed][:3]}")


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
def simulator(boards: int, postings: int, systems: Sequence[str]) -> Iterator[str]:
    """Serve the boards from a process of its own; the simulator's address."""
    command = [sys.executable, "-m", "simulator.server", "--boards", str(boards), "--postings", str(postings)]
    command += ["--systems", *systems]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def _control(gateway: str, what: str, method: str = "GET") -> Any:
    """Send a request to the simulator's control interface."""
    with urlopen(PlainRequest(f"{gateway}/_simulator/{what}", method=method)) as response:
        return json.load(response)


def hosts(hits: Sequence[Mapping[str, Any]]) -> str:
    """Return in words how many requests rolemix's last crawls sent to hosts: over all, and at the fastest.

    The fastest is the shortest time of ten gaps in a row, by the clock at which requests came in: a gap of a second
    kept by the sender comes in as a few milliseconds more or less.
    """
    times: dict[str, list[float]] = defaultdict(list)
    for hit in hits:
        times[hit["host"]].append(hit["at"])
    shortest, busiest = min((gaps, host) for host, at in times.items() for gaps in _ten_gaps(sorted(at)))
    span = max(map(max, times.values())) - min(map(min, times.values()))
    return (
        f"{len(hits)} requests to {len(times)} hosts in {span:.0f} s; no host got eleven requests in less than "
        f"{shortest:.2f} s ({busiest})"
    )


def _ten_gaps(times: Sequence[float]) -> Iterator[float]:
    """Yield the seconds from each of some sorted moments to the tenth after it."""
    return (last - first for first, last in zip(times, times[10:], strict=False))


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
    parser.add_argument("--every-system", action="store_true", help="boards of every system that may be crawled")
    parser.add_argument("--polite", action="store_true", help="with the project's own delays")
    inner = parser.add_argument_group("used by the benchmark itself")
    inner.add_argument("part", nargs="?", choices=["bare", "rolemix"])
    inner.add_argument("--gateway")
    inner.add_argument("--urls", type=Path)
    inner.add_argument("--db")
    inner.add_argument("--requests", type=Path)
    inner.add_argument("--log", action="store_true")
    inner.add_argument("--day", type=int, default=0)
    chosen = parser.parse_args()
    own = settings(chosen.gateway, chosen.polite) if chosen.part else {}
    if chosen.log:
        logs = {"benchmarks.crawling.RequestLog": 0}
        own |= {"EXTENSIONS": logs, "BENCHMARK_REQUESTS": str(chosen.requests)}
    if chosen.part == "bare":
        bare(chosen.requests, own)
    elif chosen.part == "rolemix":
        rolemix(json.loads(chosen.urls.read_text("utf-8")), chosen.day, chosen.db, own)
    else:
        crawled = [name for name, spider in spiders().items() if spider.crawlable]
        compare(
            chosen.boards,
            chosen.postings,
            chosen.rounds,
            crawled if chosen.every_system else FIRST_SYSTEMS,
            chosen.polite,
        )


def compare(boards: int, postings: int, rounds: int, systems: Sequence[str], polite: bool) -> None:
    """Run the rounds, and print medians, ratios and rows."""
    urls = [board.url for board in World.sized(boards, postings, systems=systems).boards]
    costs: dict[str, list[Cost]] = {"bare Scrapy": [], "rolemix, first crawl": [], "rolemix, unchanged": []}
    with simulator(boards, postings, systems) as gateway, tempfile.TemporaryDirectory() as folder:
        requests, listed = Path(folder, "requests.jsonl"), Path(folder, "urls.json")
        listed.write_text(json.dumps(urls), "utf-8")
        common = ["--gateway", gateway, "--urls", str(listed), "--requests", str(requests)]
        # The simulator generates its responses at the first request.
        measure(["rolemix", *common, "--log", "--db", str(Path(folder, "before.db"))])
        common += ["--polite"] if polite else []
        for number in range(rounds):
            database = Path(folder, f"{number}.db")
            costs["bare Scrapy"].append(measure(["bare", *common]))
            _control(gateway, "log", "DELETE")
            costs["rolemix, first crawl"].append(measure(["rolemix", *common, "--db", str(database)]))
            before = rows(database)
            costs["rolemix, unchanged"].append(measure(["rolemix", *common, "--db", str(database), "--day", "1"]))
            after = rows(database)
            if polite:
                rates = hosts(_control(gateway, "log")["hits"])
    print(f"{boards} boards of {postings} postings on {len(systems)} systems, {rounds} rounds, medians")
    print(f"{'':22}{'wall s':>8}{'cpu s':>8}{'MB':>8}   ratio to bare: {'wall':>6}{'cpu':>7}{'memory':>8}")
    for name, found in costs.items():
        pairs = list(zip(found, costs["bare Scrapy"], strict=True))
        wall, cpu, memory = (median(getattr(cost, field) for cost in found) for field in FIELDS)
        ratios = [median(getattr(one, field) / getattr(floor, field) for one, floor in pairs) for field in FIELDS]
        shown = f"{ratios[0]:6.2f}{ratios[1]:7.2f}{ratios[2]:8.2f}"
        print(f"{name:22}{wall:8.2f}{cpu:8.2f}{memory:8.0f}{'':18}{shown}")
    if polite:
        print(rates)
    print("rows after the first crawl:", ", ".join(f"{table} {count}" for table, count in before.items() if count))
    added = {table: after[table] - before[table] for table in before if after[table] != before[table]}
    print("rows that the second crawl added:", ", ".join(f"{table} {count}" for table, count in added.items()))


if __name__ == "__main__":
    main()
