"""Opening a store in SQLite or PostgreSQL, migrating its layout, and its transactions."""

from __future__ import annotations

import contextlib
import functools
import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Insert,
    Table,
    create_engine,
    event,
    exc,
    inspect,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite

from postings.errors import RolemixError

VERSION_TABLE = "rolemix_version"
"""Where Alembic keeps the layout's revision; not its default name, which another program's table may have."""

BUSY_SECONDS = 60
"""How long a write waits for another writer's transaction before it fails."""

CONNECT_SECONDS = 10
"""How long to wait for a connection to a PostgreSQL server."""

_MIGRATIONS = Path(__file__).with_name("migrations")
_MIGRATION_LOCK = 0x726F6C65  # any constant will do, as long as every version of rolemix uses the same

_ONE_MIGRATION = threading.Lock()  # Alembic keeps its context in a global variable
_RETRY_SECONDS = 0.05
_INSUFFICIENT_PRIVILEGE = "42501"  # PostgreSQL's error code


class StoreError(RolemixError):
    """The store cannot be opened, read or written; the message is one sentence for the user."""


class NewerStoreError(StoreError):
    """The store was written by a newer version of rolemix than this one."""


class Store:
    """A history of job boards in a database; opened by `Store.open`.

    Attributes:
        url: Where the store is, as an SQLAlchemy URL.
    """

    def __init__(self, engine: Engine) -> None:
        self.url: URL = engine.url
        self._engine = engine
        if engine.dialect.name == "sqlite":
            self._reader = engine.execution_options(rolemix_begin="BEGIN")
        else:
            # A report runs several queries, all of which must see the same snapshot.
            self._reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._writer = engine

    @classmethod
    def open(cls, location: str | Path) -> Self:
        """Open the store at a location, creating it or migrating its layout as needed.

        Args:
            location: A path to an SQLite file, or an SQLAlchemy URL (``sqlite:///…``,
                ``postgresql+psycopg://user@host/database``).

        Raises:
            NewerStoreError: A newer version of rolemix wrote this store.
            StoreError: The location cannot be reached, read or written, or holds something else.
        """
        url = _parse(location)
        try:
            store = cls(_engine(url))
        except ModuleNotFoundError as error:
            raise StoreError(f"PostgreSQL needs the {error.name} package: install rolemix[postgresql]") from error
        try:
            store._migrate()
        except BaseException:
            store.close()
            raise
        return store

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Return a connection whose queries all see the store as it is at the first of them.

        Raises:
            StoreError: The database fails.
        """
        with self._store_errors(), self._reader.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """Return a connection in a transaction, which is rolled back when the block raises.

        A second writer waits. Only `postings.store.history`, `continuing`, `tags`, `facts`, `rereading` and `boards`
        write.

        Raises:
            StoreError: The database fails, or another writer locks it for more than `BUSY_SECONDS`.
        """
        with self._store_errors(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _name(self) -> str:
        if self.url.get_backend_name() == "sqlite":
            return str(self.url.database)
        return self.url.render_as_string(hide_password=True)

    @contextlib.contextmanager
    def _store_errors(self) -> Iterator[None]:
        """Turn the driver's errors about the database itself into a `StoreError`; errors of this program stay."""
        try:
            yield
        except exc.DatabaseError as error:
            own_error = isinstance(error, exc.IntegrityError | exc.DataError | exc.ProgrammingError)
            if own_error and getattr(error.orig, "sqlstate", None) != _INSUFFICIENT_PRIVILEGE:
                raise
            raise StoreError(_message(self._name, error)) from error

    def _migrate(self) -> None:
        """Migrate the layout to the newest revision, in one transaction."""
        known = _revisions()
        with self.read() as connection:
            if self._revision(connection, known) == known[0]:
                return
        with self.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            # Read again under the lock: another process may have migrated in between.
            revision = self._revision(connection, known)
            if revision is None and inspect(connection).get_table_names():
                raise StoreError(f"{self._name} holds tables of another program: use a separate database for the store")
            config = migration_config()
            config.attributes["connection"] = connection
            with _ONE_MIGRATION:
                command.upgrade(config, "head")

    def _revision(self, connection: Connection, known: Sequence[str]) -> str | None:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        revision = context.get_current_revision()
        if revision is not None and revision not in known:
            raise NewerStoreError(
                f"{self._name} was written by a newer version of rolemix (layout {revision}): upgrade rolemix to use it"
            )
        return revision


def insert_new(connection: Connection, table: Table[Any]) -> Insert:
    """Return an INSERT that skips rows which the table has already."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


@functools.cache
def _revisions() -> tuple[str, ...]:
    """Return the revisions that this version knows, the newest first; Alembic runs every migration's file for them."""
    script = ScriptDirectory.from_config(migration_config())
    return tuple(known.revision for known in script.walk_revisions())


def migration_config() -> Config:
    """Return Alembic's configuration for the migrations inside this package."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _parse(location: str | Path) -> URL:
    """Turn a path or a URL into the URL of a database that can hold a store."""
    if isinstance(location, Path) or "://" not in location:
        return _checked_file(URL.create("sqlite", database=str(location)))
    try:
        url = make_url(location)
    except exc.ArgumentError as error:
        raise StoreError(
            "the store's location is neither a path nor a URL such as postgresql+psycopg://user@host/database"
        ) from error
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername == "postgresql+psycopg":
        return url
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return _checked_file(url)
    raise StoreError(f"a store cannot be kept in {url.drivername}: use a path, sqlite:/// or postgresql+psycopg://")


def _checked_file(url: URL) -> URL:
    """Refuse locations where SQLite cannot keep a file, with clearer messages than its own."""
    if url.database in (None, "", ":memory:"):
        raise StoreError("a store cannot be kept in memory: give the path of a file")
    path = Path(str(url.database))
    if path.is_dir():
        raise StoreError(f"{path} is a folder: give the path of a file in it")
    if not path.parent.is_dir():
        raise StoreError(f"there is no folder {path.parent} to keep the store in: create it first")
    return url


def _engine(url: URL) -> Engine:
    on_sqlite = url.get_backend_name() == "sqlite"
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS} if on_sqlite else {"connect_timeout": CONNECT_SECONDS},
        json_serializer=lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    )
    if on_sqlite:
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transactions begin as readers and become writers later, which fails instead of waiting;
    # None leaves BEGIN to `_begin_sqlite`.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")  # NORMAL may lose the last commits in a power failure
    _write_ahead(connection)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn on the write-ahead log, with which readers and a writer do not block each other.

    The file keeps the setting, so that only the first users of a new file compete here. SQLite does not wait for a
    lock in this case, as it does otherwise.
    """
    for _ in range(int(BUSY_SECONDS / _RETRY_SECONDS)):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("rolemix_begin", "BEGIN IMMEDIATE"))


def _message(name: str, error: exc.DatabaseError) -> str:
    """Return one sentence that states what is wrong with the database and what to do."""
    lines = str(error.orig).strip().splitlines()
    problem = lines[0] if lines else type(error).__name__
    advice = {
        "not a database": f"{name} is not an SQLite database: give another path",
        "database is locked": f"{name} is being written by another program: try again when it has finished",
        "unable to open database file": f"{name} cannot be opened: check the permissions of its folder",
        "readonly database": f"{name} cannot be written: check the permissions of the file and its folder",
    }
    for phrase, message in advice.items():
        if phrase in problem:
            return message
    return f"the store at {name} cannot be used: {problem.rstrip('.')}"
