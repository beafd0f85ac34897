"""Opening a store: SQLite or PostgreSQL, its transactions, and bringing its layout up to date."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterator
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
"""Where Alembic notes the layout's revision; its own name, so that no other program's is mistaken for it."""

BUSY_SECONDS = 60
"""How long a write waits for another writer's transaction before it gives up."""

CONNECT_SECONDS = 10
"""How long to wait for a PostgreSQL server to answer."""

_MIGRATIONS = Path(__file__).with_name("migrations")
_MIGRATION_LOCK = 0x726F6C65  # any constant will do: writers of this program must only agree on it

_ONE_MIGRATION = threading.Lock()  # Alembic keeps what it migrates in a global variable
_RETRY_SECONDS = 0.05
_INSUFFICIENT_PRIVILEGE = "42501"  # PostgreSQL's code for it


class StoreError(RolemixError):
    """The store cannot be opened, read or written; the message is one sentence for the user."""


class NewerStoreError(StoreError):
    """The store was written by a newer version of rolemix than this one."""


class Store:
    """A history of job boards in a database; `Store.open` makes one.

    Attributes:
        url: Where the store is, as an SQLAlchemy URL.
    """

    def __init__(self, engine: Engine) -> None:
        self.url: URL = engine.url
        self._engine = engine
        if engine.dialect.name == "sqlite":
            self._reader = engine.execution_options(rolemix_begin="BEGIN")
        else:
            # A report is read by several queries, and all of them must see the same moment.
            self._reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._writer = engine

    @classmethod
    def open(cls, location: str | Path) -> Self:
        """Open the store at a place, creating it or bringing its layout up to date as needed.

        Args:
            location: A path to an SQLite file, or an SQLAlchemy URL (``sqlite:///…``,
                ``postgresql+psycopg://user@host/database``).

        Raises:
            NewerStoreError: A newer version of rolemix wrote this store.
            StoreError: The place cannot be reached, read or written, or holds something else.
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
        """Give a connection whose queries all see the store as it is at the first of them.

        Raises:
            StoreError: The database fails meanwhile.
        """
        with self._sentences(), self._reader.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a transaction that is kept whole, or not at all when the block raises.

        A second writer waits. Only `postings.store.history`, `postings.store.tags` and `postings.store.boards` write.

        Raises:
            StoreError: The database fails meanwhile, or another writer holds it for too long.
        """
        with self._sentences(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Give up all connections."""
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
    def _sentences(self) -> Iterator[None]:
        """Turn the driver's complaint about the database itself into a sentence."""
        try:
            yield
        except exc.DatabaseError as error:
            defect_here = isinstance(error, exc.IntegrityError | exc.DataError | exc.ProgrammingError)
            if defect_here and getattr(error.orig, "sqlstate", None) != _INSUFFICIENT_PRIVILEGE:
                raise
            raise StoreError(_sentence(self._name, error)) from error

    def _migrate(self) -> None:
        """Bring the layout up to date, in one transaction."""
        script = ScriptDirectory.from_config(migration_config())
        with self.read() as connection:
            if self._revision(connection, script) == script.get_current_head():
                return
        with self.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            # Asked again under the lock: another process may have migrated in between.
            revision = self._revision(connection, script)
            if revision is None and inspect(connection).get_table_names():
                raise StoreError(f"{self._name} holds tables of another program: give the store a database of its own")
            config = migration_config()
            config.attributes["connection"] = connection
            with _ONE_MIGRATION:
                command.upgrade(config, "head")

    def _revision(self, connection: Connection, script: ScriptDirectory) -> str | None:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        revision = context.get_current_revision()
        if revision is not None and revision not in {known.revision for known in script.walk_revisions()}:
            raise NewerStoreError(
                f"{self._name} was written by a newer version of rolemix (layout {revision}): upgrade rolemix to use it"
            )
        return revision


def insert_new(connection: Connection, table: Table[Any]) -> Insert:
    """Return an INSERT that passes over rows which the table has already."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def migration_config() -> Config:
    """Return Alembic's configuration for the migrations inside this package."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _parse(location: str | Path) -> URL:
    """Turn a path or an URL into an URL of a database that can hold a store."""
    if isinstance(location, Path) or "://" not in location:
        return _checked_file(URL.create("sqlite", database=str(location)))
    try:
        url = make_url(location)
    except exc.ArgumentError as error:
        raise StoreError(
            "the store's address is neither a path nor an URL such as postgresql+psycopg://user@host/database"
        ) from error
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername == "postgresql+psycopg":
        return url
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return _checked_file(url)
    raise StoreError(f"a store cannot be kept in {url.drivername}: give a path, sqlite:/// or postgresql+psycopg://")


def _checked_file(url: URL) -> URL:
    """Refuse places where SQLite cannot keep a file, with more to say than SQLite has."""
    if url.database in (None, "", ":memory:"):
        raise StoreError("A store must outlive the program: give the path of a file.")
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
    # The driver's own transactions start late and let a reader become a writer, which fails instead of
    # waiting; None leaves BEGIN to us.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")  # NORMAL may lose the last commits with the power
    _write_ahead(connection)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn on the write-ahead log, by which readers and a writer do not disturb each other.

    The file remembers it, so only a new file's first users meet here; and SQLite does not wait for them
    by itself, as it does elsewhere.
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


def _sentence(name: str, error: exc.DatabaseError) -> str:
    """Say in one sentence what ails the database and what to do."""
    lines = str(error.orig).strip().splitlines()
    complaint = lines[0] if lines else type(error).__name__
    advice = {
        "not a database": f"{name} is not an SQLite database: give another path",
        "database is locked": f"{name} is in use by another writer: try again when it has finished",
        "unable to open database file": f"{name} cannot be opened: check the permissions of its folder",
        "readonly database": f"{name} cannot be written: check the permissions of the file and its folder",
    }
    for phrase, sentence in advice.items():
        if phrase in complaint:
            return sentence
    return f"the store at {name} cannot be used: {complaint.rstrip('.')}"
