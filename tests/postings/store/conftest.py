"""Stores to test with: SQLite files always, a real PostgreSQL server where one is installed."""

from __future__ import annotations

import dataclasses
import glob
import itertools
import os
import re
import shutil
import subprocess
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, text

from postings import JobPosting
from postings.store import Store
from postings.store.history import record
from postings.store.schema import metadata
from tests.postings.store.examples import posting, run

OLDEST = 15
"""The first PostgreSQL that can sort a whole cluster by ICU, which shows that the store does not rely on its order."""

Locate = Callable[[], str]

_NUMBERS = itertools.count()
"""Numbers of databases; they go on when `locate` is set up again, as where each file of tests runs on its own."""


def _program(name: str) -> str:
    """Find one of PostgreSQL's server programs, which distributions keep off the search path."""
    found = shutil.which(name) or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))), None)  # noqa: PTH207
    if found is None:
        pytest.skip(f"PostgreSQL's {name} is not installed")
    return found


@pytest.fixture(scope="session")
def postgresql_socket() -> Iterator[Path]:
    """Run a PostgreSQL server on a socket in a temporary folder; it sorts texts as English does."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    version = subprocess.run([initdb, "--version"], check=True, capture_output=True, text=True).stdout
    if int(re.findall(r"\d+", version)[0]) < OLDEST:
        pytest.skip(f"the tests need PostgreSQL {OLDEST} or newer, this is {version.strip()}")
    # The server refuses to run as root. Its folder is not pytest's, which other users may not enter.
    user = "postgres" if os.geteuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="rolemix-pg-"))
    if user is not None:
        shutil.chown(home, user)
    data = home / "data"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd=home, stdout=subprocess.DEVNULL)

    locale = ("--locale-provider=icu", "--icu-locale=en", "--locale=C.UTF-8", "--encoding=UTF8")
    run(initdb, "-D", str(data), "-U", "rolemix", "--auth=trust", "--no-sync", *locale)
    # The data need not outlive the tests.
    careless = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
    options = f"-c listen_addresses= -c unix_socket_directories={home} {careless}"
    try:
        run(pg_ctl, "-D", str(data), "-l", str(home / "log"), "-o", options, "-w", "start")
        yield home
    finally:
        run(pg_ctl, "-D", str(data), "-m", "fast", "-w", "stop")
        shutil.rmtree(home)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def locate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Locate:
    """A function that returns the location of another empty database each time, on each system in turn."""
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("stores")
        return lambda: str(folder / f"{next(_NUMBERS)}.db")
    socket: Path = request.getfixturevalue("postgresql_socket")

    def schema() -> str:
        name = f"store_{next(_NUMBERS)}"
        with psycopg.connect(host=str(socket), user="rolemix", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        query = {"host": str(socket), "options": f"-csearch_path={name}"}
        url = URL.create("postgresql+psycopg", username="rolemix", database="postgres", query=query)
        return url.render_as_string(hide_password=False)

    return schema


@pytest.fixture(scope="session")
def reused_store(locate: Locate) -> Iterator[Store]:
    """One store for many tests, because migrating takes longer than most of them."""
    with Store.open(locate()) as opened:
        yield opened


@pytest.fixture
def store(reused_store: Store) -> Store:
    """An empty store, on each system in turn."""
    with reused_store.write() as connection:
        if connection.dialect.name == "sqlite":
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        else:
            names = ", ".join(table.name for table in metadata.sorted_tables)
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
    return reused_store


@dataclasses.dataclass
class Sized:
    """A store with two boards of different size, for tests of what memory is needed.

    Attributes:
        store: The store.
        written: How many bytes recording each board took at most, by the board's address.
    """

    store: Store
    written: dict[str, int]


@pytest.fixture(scope="session")
def sized(locate: Locate) -> Iterator[Sized]:
    """The boards "small" and "large", four times as large, in a store of their own."""

    def recorded(store: Store, board: str, size: int) -> int:
        def postings() -> Iterator[JobPosting]:
            return (posting(f"{board}{number}", description="x" * 2000) for number in range(size))

        return peak_of(lambda: record(store, run(0, board_url=board), postings()))

    with Store.open(locate()) as store:
        recorded(store, "first", 600)  # what is imported and cached once is not the board's
        yield Sized(store, {board: recorded(store, board, size) for board, size in (("small", 1000), ("large", 4000))})


def peak_of(action: Callable[[], object]) -> int:
    """How many bytes Python allocates at most while an action runs."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
