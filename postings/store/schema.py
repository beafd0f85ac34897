"""The tables of the store: boards, their runs, and each posting's versions, openings, tags and facts."""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypedColumns,
    TypeDecorator,
    UniqueConstraint,
    func,
    select,
)

from postings.posting import utc


class ClosedReason(enum.StrEnum):
    """The proof on which an opening was closed."""

    UNLISTED = "unlisted"
    """A complete run of its board no longer held it."""
    EXPIRED = "expired"
    """It was not seen, and its stated deadline had passed."""
    GONE = "gone"
    """Its own page reported that it no longer exists."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, in UTC in the database and in Python.

    SQLite stores text without a zone: with every moment in UTC, comparing the texts compares the moments.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC, as the database keeps it."""
        if value is None:
            return None
        moment = utc(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its zone, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


# Sorted by code point in both databases, so that the same history is read in the same order.
SORTED_TEXT = Text().with_variant(Text(collation="C"), "postgresql")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class BoardColumns(TypedColumns):
    """A board: its canonical address, and the names of the organization that it belongs to.

    ``organization`` is the name that the board gives, ``company`` the one that the user gives, ``key`` the
    organization's key on the recruiting system. ``several_employers`` marks a search over a job site. Both are null on
    a board whose runs were all recorded before they were kept, until `postings.store.boards.describe` states them.
    ``continued_by`` marks a recorded history that no query counts, because the live board of that address has it as its
    past (`postings.store.continuing`); ``continues_at`` is on that board, when it was first read itself.
    """

    id: Column[int] = Column(Integer, primary_key=True)
    url: Column[str] = Column(SORTED_TEXT, nullable=False, unique=True)
    system: Column[str] = Column(Text, nullable=False)
    organization: Column[str | None] = Column(Text)
    company: Column[str | None] = Column(Text)
    key: Column[str | None] = Column(Text)
    several_employers: Column[bool | None] = Column(Boolean)
    continued_by: Column[str | None] = Column(Text)
    continues_at: Column[datetime | None] = Column(UtcDateTime)


class RunColumns(TypedColumns):
    """A run: the evidence of `postings.verdict.BoardRun`, and what it changed.

    ``seen`` counts the postings that reached the store, the number that the guards use; ``unique`` is the run's own
    count. ``held`` is the reason why closings were withheld; null when none were. ``readers`` is the state of the
    readers that read the responses; null where it is not known.
    """

    id: Column[int] = Column(Integer, primary_key=True)
    board_id: Column[int] = Column(ForeignKey("boards.id"), nullable=False)
    observed_at: Column[datetime] = Column(UtcDateTime, nullable=False)
    verdict: Column[str] = Column(Text, nullable=False)
    reason: Column[str] = Column(Text, nullable=False)
    reported_total: Column[int | None] = Column(Integer)
    pages: Column[int] = Column(Integer, nullable=False)
    rows: Column[int] = Column(Integer, nullable=False)
    unique: Column[int] = Column(Integer, nullable=False)
    etag: Column[str | None] = Column(Text)
    coverage: Column[dict[str, int]] = Column(JSON, nullable=False)
    seen: Column[int] = Column(Integer, nullable=False)
    opened: Column[int] = Column(Integer, nullable=False)
    closed: Column[int] = Column(Integer, nullable=False)
    reopened: Column[int] = Column(Integer, nullable=False)
    changed: Column[int] = Column(Integer, nullable=False)
    held: Column[str | None] = Column(Text)
    readers: Column[str | None] = Column(Text)


class PostingColumns(TypedColumns):
    """A posting: what stays the same while its content changes and while it closes and reopens.

    ``detail_read_at`` is when its own page was last read, ``listed_hash`` the state of the
    readers and the hash of its record in the list then; both are null where the list holds everything.
    """

    id: Column[int] = Column(Integer, primary_key=True)
    board_id: Column[int] = Column(ForeignKey("boards.id"), nullable=False)
    identifier: Column[str] = Column(SORTED_TEXT, nullable=False)
    first_seen: Column[datetime] = Column(UtcDateTime, nullable=False)
    detail_read_at: Column[datetime | None] = Column(UtcDateTime)
    listed_hash: Column[str | None] = Column(Text)


class VersionColumns(TypedColumns):
    """A version: the content of a posting from ``observed_at`` until its next version.

    ``content`` is `JobPosting.to_dict`. The columns after it repeat what queries select by and mixes are estimated
    from, so that neither reads the content: whether the posting only redirects to another one, its deadline, whether
    it has a description, whether that advertises several jobs (`postings.facts.job_tracks`), the employer, and why it
    offers no opening (`postings.facts.no_opening`; null where it offers one).
    """

    id: Column[int] = Column(Integer, primary_key=True)
    posting_id: Column[int] = Column(ForeignKey("postings.id"), nullable=False)
    observed_at: Column[datetime] = Column(UtcDateTime, nullable=False)
    content_hash: Column[str] = Column(Text, nullable=False)
    content: Column[dict[str, Any]] = Column(JSON, nullable=False)
    redirects: Column[bool] = Column(Boolean, nullable=False)
    valid_through: Column[datetime | None] = Column(UtcDateTime)
    described: Column[bool] = Column(Boolean, nullable=False)
    several_tracks: Column[bool] = Column(Boolean, nullable=False)
    hiring_organization: Column[str | None] = Column(Text)
    no_opening: Column[str | None] = Column(Text)


class OpeningColumns(TypedColumns):
    """An opening: one spell during which a posting was open, from ``opened_at`` to before ``closed_at``.

    ``last_seen_at`` is exact for an opening that is closed or missing. For any other it is a lower bound: the board's
    last complete run covered it too, without a write here.
    ``missing_since`` is the first complete run that lacked it, while closing is withheld.
    """

    id: Column[int] = Column(Integer, primary_key=True)
    posting_id: Column[int] = Column(ForeignKey("postings.id"), nullable=False)
    opened_at: Column[datetime] = Column(UtcDateTime, nullable=False)
    closed_at: Column[datetime | None] = Column(UtcDateTime)
    last_seen_at: Column[datetime] = Column(UtcDateTime, nullable=False)
    missing_since: Column[datetime | None] = Column(UtcDateTime)
    closed_reason: Column[str | None] = Column(Text)


class ModelColumns(TypedColumns):
    """A model whose tags are in the store. The one with the highest id was used first most recently."""

    id: Column[int] = Column(Integer, primary_key=True)
    name: Column[str] = Column(Text, nullable=False, unique=True)


class TagColumns(TypedColumns):
    """A tag: what one model predicts for one version. ``role`` is null where the model abstains.

    ``focus`` is the role's; null where the model abstains, and on tags that an earlier version of rolemix wrote.
    """

    version_id: Column[int] = Column(ForeignKey("versions.id"), primary_key=True)
    model: Column[str] = Column(Text, primary_key=True)
    taxonomy: Column[str] = Column(Text, nullable=False)
    role: Column[str | None] = Column(Text)
    focus: Column[str | None] = Column(Text)
    confidence: Column[float] = Column(Float(53), nullable=False)
    roles: Column[dict[str, float]] = Column(JSON, nullable=False)


class ReadingColumns(TypedColumns):
    """A reading: the facts of one version, a list of `postings.facts.Fact`, as one state of the readers reads them.

    ``reader`` is the `postings.facts.FACTS_VERSION` that read them; a version is read again where it is not the present
    one.
    """

    version_id: Column[int] = Column(ForeignKey("versions.id"), primary_key=True)
    reader: Column[str] = Column(Text, nullable=False)
    facts: Column[list[list[Any]]] = Column(JSON, nullable=False)


boards = Table("boards", metadata, BoardColumns)
runs = Table("runs", metadata, RunColumns, UniqueConstraint("board_id", "observed_at"))
postings = Table("postings", metadata, PostingColumns, UniqueConstraint("board_id", "identifier"))
versions = Table("versions", metadata, VersionColumns, UniqueConstraint("posting_id", "observed_at"))
openings = Table("openings", metadata, OpeningColumns, UniqueConstraint("posting_id", "opened_at"))
models = Table("models", metadata, ModelColumns)
tags = Table("tags", metadata, TagColumns)
readings = Table("readings", metadata, ReadingColumns)

# The database itself refuses a second current opening of one posting.
Index(
    "uq_openings_open",
    openings.c.posting_id,
    unique=True,
    sqlite_where=openings.c.closed_at.is_(None),
    postgresql_where=openings.c.closed_at.is_(None),
)


def is_counted() -> ColumnElement[bool]:
    """Return the condition that a version's posting counts: it neither only redirects nor offers no opening."""
    return versions.c.redirects.is_(False) & versions.c.no_opening.is_(None)


def version_at(at: datetime | None = None) -> ColumnElement[bool]:
    """Return the condition that joins each posting to its one version as of a moment (None: the newest)."""
    other = versions.alias()
    newest = select(func.max(other.c.observed_at)).where(other.c.posting_id == postings.c.id)
    if at is not None:
        newest = newest.where(other.c.observed_at <= at)
    is_newest = versions.c.observed_at == newest.correlate(postings).scalar_subquery()
    return (versions.c.posting_id == postings.c.id) & is_newest
