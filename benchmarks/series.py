"""Weekly series from the store, beside DuckDB over the same rows in Parquet.

    python -m benchmarks.series [--postings 100000] [--database postgresql+psycopg://…/empty]

Simulated companies of 10,000 postings each over three years: a posting opens on any day, stays 60 days on average
(exponential), and three in ten change their text, and maybe their role, while open. Every company has a run a day, of
which one in twenty failed. Each measurement has a process of its own; memory is that of the process, without the
server's. Without DuckDB (``pip install duckdb``) its rows are left out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

from postings.period import Period
from postings.store import Store, queries, schema

EACH = 10_000
DAYS = 3 * 365
STAY = 60.0
ROLES = 16
START = datetime(2023, 1, 2, 12, tzinfo=UTC)
MODEL = "simulated"
TABLES = {
    "boards": ("id", "company"),
    "runs": ("board_id", "observed_at", "verdict"),
    "postings": ("id", "board_id"),
    "versions": ("id", "posting_id", "observed_at"),
    "openings": ("posting_id", "opened_at", "closed_at"),
    "tags": ("version_id", "role"),
}
"""What the peer gets of each table: the columns that the series needs."""

DUCKDB = """
WITH own AS (SELECT * FROM boards {where}),
version AS (
    SELECT *, lead(observed_at) OVER (PARTITION BY posting_id ORDER BY observed_at) AS next_at FROM versions
    WHERE posting_id IN (SELECT id FROM postings WHERE board_id IN (SELECT id FROM own))),
span AS (
    SELECT company, role, greatest(opened_at, observed_at) AS start, least(closed_at, next_at) AS stop
    FROM openings JOIN version USING (posting_id)
        JOIN postings ON postings.id = openings.posting_id
        JOIN own ON own.id = postings.board_id
        LEFT JOIN tags ON tags.version_id = version.id
    WHERE (closed_at IS NULL OR observed_at < closed_at) AND (next_at IS NULL OR next_at > opened_at)),
steps AS (
    SELECT company, role, date_trunc('week', start) AS week, 1 AS step FROM span
    UNION ALL SELECT company, role, date_trunc('week', stop), -1 FROM span WHERE stop IS NOT NULL)
SELECT company, week, role, sum(step) OVER (PARTITION BY company, role ORDER BY week) AS open
FROM (SELECT company, week, role, sum(step) AS step FROM steps GROUP BY ALL) ORDER BY ALL"""


class Simulation:
    """The rows of the store, company by company."""

    def __init__(self) -> None:
        self._dice = np.random.default_rng(1)
        self._posting = self._version = 0

    def company(self, board: int) -> dict[str, list[dict[str, Any]]]:
        """Return the rows of one company by table."""
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        url, name = f"https://x.example/{board}", f"Company {board:04}"
        found["boards"].append({"id": board, "url": url, "system": "moka", "company": name})
        found["runs"].extend(self._runs(board))
        begins = self._dice.integers(0, DAYS, EACH).tolist()
        stays = np.ceil(self._dice.exponential(STAY, EACH)).astype(int).tolist()
        changes = np.where(self._dice.random(EACH) < 0.3, self._dice.integers(1, int(STAY), EACH), 0).tolist()
        for begin, stay, change in zip(begins, stays, changes, strict=True):
            self._posting += 1
            at = START + timedelta(days=begin)
            end = None if begin + stay >= DAYS else at + timedelta(days=stay)
            ids = {"id": self._posting, "board_id": board}
            found["postings"].append(ids | {"identifier": str(self._posting), "first_seen": at})
            opening = {"posting_id": self._posting, "opened_at": at, "closed_at": end, "last_seen_at": end or at}
            found["openings"].append(opening)
            for day in (0, change) if 0 < change < stay and begin + change < DAYS else (0,):
                version, tag = self._content(at + timedelta(days=day))
                found["versions"].append(version)
                found["tags"].append(tag)
        return found

    def _runs(self, board: int) -> Iterator[dict[str, Any]]:
        counts = dict.fromkeys(("pages", "rows", "unique", "seen", "opened", "closed", "reopened", "changed"), 0)
        for day in range(DAYS):
            verdict = "complete" if day in (0, DAYS - 1) or self._dice.random() > 0.05 else "failed"
            at = START + timedelta(days=day)
            yield {"board_id": board, "observed_at": at, "verdict": verdict, "reason": "", "coverage": {}, **counts}

    def _content(self, at: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
        self._version += 1
        version = {
            "id": self._version,
            "posting_id": self._posting,
            "observed_at": at,
            "content_hash": "",
            "content": {"title": f"Engineer {self._posting}", "url": ""},
            **dict.fromkeys(("redirects", "described", "several_tracks"), False),
        }
        role = f"role {self._dice.integers(ROLES):02}"
        tag = {"version_id": self._version, "model": MODEL, "taxonomy": "1", "role": role, "confidence": 1.0}
        return version, tag | {"roles": {}}


def fill(store: Store, folder: Path, companies: int) -> None:
    """Write the rows into the store, and for DuckDB into Parquet where that is installed."""
    simulation = Simulation()
    for board in range(1, companies + 1):
        found = simulation.company(board)
        with store.write() as connection:
            for name, values in found.items():
                connection.execute(insert(schema.metadata.tables[name]), values)
        write_parquet(folder, board, found)


def write_parquet(folder: Path, number: int, found: dict[str, list[dict[str, Any]]]) -> None:
    """Write one company's rows as a file for each table."""
    try:
        import duckdb
    except ModuleNotFoundError:
        return
    import pandas as pd

    for name, columns in TABLES.items():
        (folder / name).mkdir(exist_ok=True)
        frame = pd.DataFrame(found[name], columns=list(columns))
        for column in columns:
            if column.endswith("_at"):
                frame[column] = pd.to_datetime(frame[column]).dt.tz_localize(None)
        duckdb.from_df(frame).write_parquet(str(folder / name / f"{number:04}.parquet"))


def from_the_store(location: str, one: bool) -> int:
    """Return how many postings are open in the last week, after reading all weeks."""
    last: dict[str, int] = {}
    with Store.open(location) as store, store.read() as connection:
        urls = ["https://x.example/1"] if one else None
        for count in queries.stream_counts(connection, MODEL, by=Period.WEEK, board_urls=urls):
            if count.complete:
                last[count.company] = sum(count.open.values())
    return sum(last.values())


def from_parquet(folder: str, one: bool) -> int:
    """Do the same in DuckDB on one thread, which counts every week as known."""
    import duckdb

    last: dict[tuple[str, str], int] = {}
    with duckdb.connect(config={"threads": 1}) as connection:
        for name in TABLES:
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{folder}/{name}/*.parquet'")
        cursor = connection.execute(DUCKDB.format(where="WHERE id = 1" if one else ""))
        while found := cursor.fetchmany(10_000):
            last.update({(company, role): count for company, _, role, count in found})
    return sum(last.values())


def measured(work: Callable[[str, bool], int], where: str, one: bool) -> tuple[int, float, float]:
    """Return what the work finds, its seconds, and the peak memory of its process in MB."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, where, one))


def _measured(work: Callable[[str, bool], int], where: str, one: bool) -> tuple[int, float, float]:
    begin = time.perf_counter()
    found = work(where, one)
    return found, time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print a row for each measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postings", type=int, default=100_000)
    parser.add_argument("--database", default="")
    options = parser.parse_args()
    companies = max(1, options.postings // EACH)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        location = options.database or str(folder / "store.db")
        begin = time.perf_counter()
        with Store.open(location) as store:
            fill(store, folder, companies)
        seconds = time.perf_counter() - begin
        print(f"{companies * EACH:,} postings of {companies:,} companies, written in {seconds:.0f} s")
        ways: list[tuple[str, Callable[[str, bool], int], str]] = [("rolemix", from_the_store, location)]
        if (folder / "openings").exists():
            ways.append(("DuckDB", from_parquet, str(folder)))
        print(f"{'':24} seconds     MB  open in the last week")
        for one in (True, False):
            for way, work, where in ways:
                found, seconds, memory = measured(work, where, one)
                what = f"{way}, {'one company' if one else 'all companies'}"
                print(f"{what:24} {seconds:7.2f} {memory:6.0f} {found:12,}")


if __name__ == "__main__":
    main()
