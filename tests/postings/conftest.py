"""Stores to test with: SQLite files always, a real PostgreSQL server where one is installed."""

from __future__ import annotations

import glob
import itertools
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL

from postings.store import Store

OLDEST = 15
"""The first PostgreSQL that can sort a whole cluster by ICU, which shows that the store does not rely on its order."""

Locate = Callable[[], str]


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
    said = subprocess.run([initdb, "--version"], check=True, capture_output=True, text=True).stdout
    if int(re.findall(r"\d+", said)[0]) < OLDEST:
        pytest.skip(f"the tests need PostgreSQL {OLDEST} or newer, this is {said.strip()}")
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
    options = f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off"
    try:
        run(pg_ctl, "-D", str(data), "-l", str(home / "log"), "-o", options, "-w", "start")
        yield home
    finally:
        run(pg_ctl, "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(home)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def locate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Locate:
    """A function that returns the address of another empty store each time, on each database in turn."""
    numbers = itertools.count()
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("stores")
        return lambda: str(folder / f"{next(numbers)}.db")
    socket: Path = request.getfixturevalue("postgresql_socket")
    prefix = request.module.__name__.rpartition(".")[2]

    def schema() -> str:
        name = f"{prefix}_{next(numbers)}"
        with psycopg.connect(host=str(socket), user="rolemix", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        query = {"host": str(socket), "options": f"-csearch_path={name}"}
        url = URL.create("postgresql+psycopg", username="rolemix", database="postgres", query=query)
        return url.render_as_string(hide_password=False)

    return schema


@pytest.fixture
def store(locate: Locate) -> Iterator[Store]:
    """An empty store, on each database in turn."""
    with Store.open(locate()) as opened:
        yield opened
