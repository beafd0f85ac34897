"""Reading the store: boards and runs, postings open at a moment, histories, and what is left to tag.

Every function takes the connection of `Store.read`, so that a report which asks several questions gets
answers that fit together; iterators must be used up inside that block. Rows come in the order that each
docstring states, texts by code point, the same from either database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
)

from postings.facts.directions import directions
from postings.posting import JobPosting, utc
from postings.run import Verdict
from postings.store.batches import BATCH
from postings.store.records import (
    Board,
    DetailRead,
    KnownPosting,
    OpenCount,
    OpenPosting,
    OpenTag,
    PostingHistory,
    RecordedRun,
    RoleMove,
    Tag,
    TaggedBy,
    UntaggedVersion,
)
from postings.store.schema import (
    ClosedReason,
    openings,
    tags,
    version_at,
    versions,
)
from postings.store.schema import (
    boards as boards_table,
)
from postings.store.schema import (
    postings as postings_table,
)
from postings.store.schema import (
    runs as runs_table,
)

_WHOLE = (Verdict.COMPLETE, Verdict.UNCHANGED)
"""The verdicts of runs that speak about every posting of their board."""


def now(connection: Connection) -> datetime | None:
    """Return the time of the newest run over any board, which is "now" for every query; None before it."""
    return connection.scalar(select(func.max(runs_table.c.observed_at)))


def boards(connection: Connection, at: datetime | None = None) -> list[Board]:
    """Return all boards as they were known at a moment, by address.

    Args:
        connection: Of `Store.read`.
        at: The moment; None for now. A board that was first looked at later has no runs then.
    """
    last_run = _newest_runs(connection, at)
    last_complete = _newest_runs(connection, at, Verdict.COMPLETE)
    last_whole = _newest_runs(connection, at, *_WHOLE)
    return [
        Board(
            url=row.url,
            system=row.system,
            organization=row.organization,
            company=row.company,
            last_run=last_run.get(row.id),
            last_complete=last_complete.get(row.id),
            last_seen_whole=last_whole[row.id].observed_at if row.id in last_whole else None,
        )
        for row in connection.execute(select(boards_table).order_by(boards_table.c.url))
    ]


def runs(connection: Connection, board_url: str) -> Iterator[RecordedRun]:
    """Yield a board's runs, oldest first; none for an unknown board."""
    query = (
        select(runs_table)
        .join(boards_table, boards_table.c.id == runs_table.c.board_id)
        .where(boards_table.c.url == board_url)
        .order_by(runs_table.c.observed_at)
    )
    return (_run(row) for row in _stream(connection, query))


def complete_runs(connection: Connection, board_url: str, count: int) -> list[RecordedRun]:
    """Return a board's last complete runs, the newest first, at most so many; none for an unknown board."""
    query = (
        select(runs_table)
        .join(boards_table, boards_table.c.id == runs_table.c.board_id)
        .where(boards_table.c.url == board_url, runs_table.c.verdict == Verdict.COMPLETE)
        .order_by(runs_table.c.observed_at.desc())
        .limit(count)
    )
    return [_run(row) for row in connection.execute(query).mappings()]


def etag(connection: Connection, board_url: str) -> str | None:
    """Return what to ask the board with, to hear whether it changed since the last complete run.

    None also where that run's closings were withheld: only a second whole answer can confirm them, and
    "unchanged" would keep it away for ever. And None where an incomplete run came after it: what that one
    opened and changed is not what the etag stands for, so "unchanged" would vouch for something else.
    """
    query = (
        select(runs_table.c.verdict, runs_table.c.etag, runs_table.c.held)
        .join(boards_table, boards_table.c.id == runs_table.c.board_id)
        .where(boards_table.c.url == board_url, runs_table.c.verdict.in_([Verdict.COMPLETE, Verdict.INCOMPLETE]))
        .order_by(runs_table.c.observed_at.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return row.etag if row is not None and row.verdict == Verdict.COMPLETE and row.held is None else None


def known(connection: Connection, board_url: str) -> Iterator[KnownPosting]:
    """Yield every posting ever seen on a board, open or not, by identifier."""
    open_now = and_(openings.c.posting_id == postings_table.c.id, openings.c.closed_at.is_(None))
    query = (
        _placed([board_url])
        .join(versions, version_at())
        .outerjoin(openings, open_now)
        .with_only_columns(
            postings_table.c.identifier,
            versions.c.content_hash,
            openings.c.id.is_not(None).label("is_open"),
        )
    )
    return (KnownPosting(**row) for row in _stream(connection, query))


def newest(connection: Connection, board_url: str, identifier: str) -> JobPosting | None:
    """Return what is last recorded of a posting, open or not; None where it was never seen."""
    query = (
        _placed([board_url])
        .join(versions, version_at())
        .where(postings_table.c.identifier == identifier)
        .with_only_columns(versions.c.content)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else JobPosting.from_dict(row.content)


def detail_read(connection: Connection, board_url: str, identifier: str) -> DetailRead | None:
    """Return a posting whose own page was read, as last recorded; None where it was not."""
    query = (
        _placed([board_url])
        .join(versions, version_at())
        .where(postings_table.c.identifier == identifier, postings_table.c.listed_hash.is_not(None))
        .with_only_columns(versions.c.content, postings_table.c.listed_hash, postings_table.c.detail_read_at)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return DetailRead(
        posting=JobPosting.from_dict(row.content), listed_hash=row.listed_hash, read_at=row.detail_read_at
    )


def open_postings(
    connection: Connection,
    at: datetime | None = None,
    *,
    board_urls: Collection[str] | None = None,
    model: str | None = None,
    moved: bool = False,
) -> Iterator[OpenPosting]:
    """Yield the postings open at a moment, as they were then, by board and identifier.

    What later runs proved counts: a posting that a held run lacked, and the next complete run too, was
    closed from the first of them on.

    Args:
        connection: Of `Store.read`.
        at: The moment; None for `now`.
        board_urls: Only these boards; None for all.
        model: The model whose tags come with the postings; None for no tags.
        moved: Whether to include postings that only redirect to another one.
    """
    moment = _moment(connection, at)
    if moment is None:
        return
    whole = _last_whole(moment)
    query = (
        _open_at(moment, board_urls, moved=moved)
        .add_columns(
            versions.c.content,
            postings_table.c.first_seen,
            openings.c.opened_at,
            _last_seen_at(moment, whole).label("last_seen"),
            case((openings.c.missing_since <= moment, openings.c.missing_since)).label("missing_since"),
        )
        .outerjoin(whole, whole.c.board_id == boards_table.c.id)
    )
    for row in _stream(connection, _with_tag(query, model)):
        yield OpenPosting(
            board_url=row["board_url"],
            version_id=row["version_id"],
            posting=JobPosting.from_dict(row["content"]),
            first_seen=row["first_seen"],
            opened_at=row["opened_at"],
            last_seen=row["last_seen"],
            missing_since=row["missing_since"],
            tag=_tag(row),
        )


def open_tags(
    connection: Connection,
    model: str,
    at: datetime | None = None,
    *,
    board_urls: Collection[str] | None = None,
) -> Iterator[OpenTag]:
    """Yield the tags of the postings open at a moment, by board and identifier; moved ones left out.

    The same postings as `open_postings`, without their texts, for counting many of them and estimating their mix.

    Args:
        connection: Of `Store.read`.
        model: The model whose tags to read; a posting that it has not tagged comes with tag None.
        at: The moment; None for `now`.
        board_urls: Only these boards; None for all.
    """
    moment = _moment(connection, at)
    if moment is None:
        return
    query = _with_tag(_open_at(moment, board_urls, moved=False).add_columns(versions.c.content), model)
    for row in _stream(connection, query):
        description = row["content"].get("description") or ""
        yield OpenTag(
            board_url=row["board_url"],
            identifier=row["identifier"],
            version_id=row["version_id"],
            described=bool(description),
            shared=bool(directions(description).names),
            tag=_tag(row),
        )


def open_counts(connection: Connection, at: datetime | None = None) -> list[OpenCount]:
    """Return how many postings each board had open at a moment, by address.

    A board without an open posting has a row of zeros; whether that is a fact or a gap, its
    `Board.last_seen_whole` says.

    Args:
        connection: Of `Store.read`.
        at: The moment; None for `now`.
    """
    moment = _moment(connection, at)
    if moment is None:
        return []
    listed = _open_at(moment, None, moved=True).order_by(None).add_columns(versions.c.moved).subquery()
    moved = func.coalesce(func.sum(case((listed.c.moved, 1), else_=0)), 0)
    query = (
        select(
            boards_table.c.url.label("board_url"),
            (func.count(listed.c.version_id) - moved).label("open"),
            moved.label("moved"),
        )
        .outerjoin(listed, listed.c.board_url == boards_table.c.url)
        .group_by(boards_table.c.url)
        .order_by(boards_table.c.url)
    )
    return [OpenCount(**row) for row in connection.execute(query).mappings()]


def histories(
    connection: Connection,
    *,
    board_urls: Collection[str] | None = None,
    named: str | None = None,
    model: str | None = None,
    newest_first: bool = False,
) -> Iterator[PostingHistory]:
    """Yield every posting ever seen, open, closed or moved, in its newest version and opening.

    Args:
        connection: Of `Store.read`.
        board_urls: Only these boards; None for all.
        named: Only postings of this name: the board's own id, the board's address and that id with a ``#``
            between them, or the address where a person reads the posting; None for all.
        model: The model whose tags come with the postings; None for no tags.
        newest_first: Order by when a posting was first seen, newest first, then by board and identifier;
            otherwise by board and identifier alone.
    """
    whole = _last_whole(None)
    other = openings.alias()
    newest_opening = (
        select(func.max(other.c.opened_at))
        .where(other.c.posting_id == postings_table.c.id)
        .correlate(postings_table)
        .scalar_subquery()
    )
    exact = openings.c.closed_at.is_not(None) | openings.c.missing_since.is_not(None)
    noted = openings.c.last_seen_at
    query = (
        _placed(board_urls)
        .join(versions, version_at())
        .join(
            openings,
            and_(openings.c.posting_id == postings_table.c.id, openings.c.opened_at == newest_opening),
        )
        .outerjoin(whole, whole.c.board_id == boards_table.c.id)
        .add_columns(
            versions.c.id.label("version_id"),
            versions.c.content,
            versions.c.observed_at.label("changed_at"),
            postings_table.c.first_seen,
            openings.c.opened_at,
            case((exact, noted), (whole.c.at > noted, whole.c.at), else_=noted).label("last_seen"),
            openings.c.closed_at,
            openings.c.closed_reason,
        )
    )
    if named is not None:
        whole_name = boards_table.c.url + "#" + postings_table.c.identifier
        address = versions.c.content["url"].as_string()
        query = query.where(or_(postings_table.c.identifier == named, whole_name == named, address == named))
    if newest_first:
        query = query.order_by(None).order_by(
            postings_table.c.first_seen.desc(), boards_table.c.url, postings_table.c.identifier
        )
    for row in _stream(connection, _with_tag(query, model)):
        yield PostingHistory(
            board_url=row["board_url"],
            version_id=row["version_id"],
            posting=JobPosting.from_dict(row["content"]),
            first_seen=row["first_seen"],
            changed_at=row["changed_at"],
            opened_at=row["opened_at"],
            last_seen=row["last_seen"],
            closed_at=row["closed_at"],
            closed_reason=None if row["closed_reason"] is None else ClosedReason(row["closed_reason"]),
            tag=_tag(row),
        )


def content(connection: Connection, version_id: int) -> JobPosting:
    """Return a posting as it was in one version.

    Raises:
        LookupError: There is no such version.
    """
    found = connection.scalar(select(versions.c.content).where(versions.c.id == version_id))
    if found is None:
        raise LookupError(f"no version {version_id}")
    return JobPosting.from_dict(found)


def untagged(connection: Connection, model: str, size: int = BATCH) -> Iterator[list[UntaggedVersion]]:
    """Yield the versions that a model has not tagged, oldest first, in lists of at most ``size``.

    Tags may be written (see `postings.store.tags.record`) between one list and the next.
    """
    after = 0
    while True:
        query = (
            select(versions.c.id, versions.c.content)
            .outerjoin(tags, and_(tags.c.version_id == versions.c.id, tags.c.model == model))
            .where(tags.c.version_id.is_(None), versions.c.id > after)
            .order_by(versions.c.id)
            .limit(size)
        )
        rows = connection.execute(query).all()
        if not rows:
            return
        yield [UntaggedVersion(version_id=row.id, posting=JobPosting.from_dict(row.content)) for row in rows]
        after = rows[-1].id


def untagged_count(connection: Connection, model: str) -> int:
    """Return how many versions a model has not tagged."""
    tagged = select(tags.c.version_id).where(tags.c.version_id == versions.c.id, tags.c.model == model)
    return connection.scalar(select(func.count()).select_from(versions).where(~tagged.exists())) or 0


def tagged_by(connection: Connection) -> list[TaggedBy]:
    """Return the models whose tags are in the store, by name."""
    query = select(tags.c.model, func.count().label("versions")).group_by(tags.c.model)
    return sorted((TaggedBy(**row) for row in connection.execute(query).mappings()), key=lambda one: one.model)


def role_moves(connection: Connection, before: str, after: str) -> list[RoleMove]:
    """Return how the versions that two models have both tagged are spread over pairs of their roles.

    Args:
        connection: Of `Store.read`.
        before: The one model.
        after: The other.

    Returns:
        A record for each pair that occurs, pairs of the same role included; most versions first, then by roles.
    """
    old, new = tags.alias(), tags.alias()
    query = (
        select(old.c.role.label("before"), new.c.role.label("after"), func.count().label("versions"))
        .join(new, new.c.version_id == old.c.version_id)
        .where(old.c.model == before, new.c.model == after)
        .group_by(old.c.role, new.c.role)
    )
    found = [RoleMove(**row) for row in connection.execute(query).mappings()]
    return sorted(found, key=lambda one: (-one.versions, one.before or "", one.after or ""))


def _stream(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[RowMapping]:
    """Run a query without holding its whole result."""
    return iter(connection.execute(query, execution_options={"yield_per": BATCH}).mappings())


def _moment(connection: Connection, at: datetime | None) -> datetime | None:
    return now(connection) if at is None else utc(at)


def _newest_runs(connection: Connection, at: datetime | None, *verdicts: Verdict) -> dict[int, RecordedRun]:
    """Return each board's newest run up to a moment, of these verdicts if any, by the board's id."""
    newest = select(runs_table.c.board_id, func.max(runs_table.c.observed_at).label("at"))
    if verdicts:
        newest = newest.where(runs_table.c.verdict.in_(verdicts))
    if at is not None:
        newest = newest.where(runs_table.c.observed_at <= at)
    chosen = newest.group_by(runs_table.c.board_id).subquery()
    query = select(runs_table).join(
        chosen, and_(chosen.c.board_id == runs_table.c.board_id, chosen.c.at == runs_table.c.observed_at)
    )
    return {row["board_id"]: _run(row) for row in connection.execute(query).mappings()}


def _run(row: RowMapping) -> RecordedRun:
    values = {name: value for name, value in row.items() if name not in ("id", "board_id")}
    return RecordedRun(**values | {"verdict": Verdict(row["verdict"])})


def _placed(board_urls: Collection[str] | None) -> Select[*tuple[Any, ...]]:
    """Begin a query for postings of some boards, by board and identifier."""
    query = (
        select(boards_table.c.url.label("board_url"), postings_table.c.identifier)
        .select_from(boards_table)
        .join(postings_table, postings_table.c.board_id == boards_table.c.id)
        .order_by(boards_table.c.url, postings_table.c.identifier)
    )
    return query if board_urls is None else query.where(boards_table.c.url.in_(sorted(board_urls)))


def _open_at(moment: datetime, board_urls: Collection[str] | None, *, moved: bool) -> Select[*tuple[Any, ...]]:
    """Begin a query for the postings open at a moment, in the versions of that moment."""
    return (
        _placed(board_urls)
        .join(openings, openings.c.posting_id == postings_table.c.id)
        .join(versions, version_at(moment))
        .where(
            openings.c.opened_at <= moment,
            openings.c.closed_at.is_(None) | (openings.c.closed_at > moment),
            true() if moved else versions.c.moved.is_(False),
        )
        .add_columns(versions.c.id.label("version_id"))
    )


def _last_whole(moment: datetime | None) -> Subquery:
    """Return, by board, the newest run up to a moment that spoke about the whole board."""
    query = select(runs_table.c.board_id, func.max(runs_table.c.observed_at).label("at")).where(
        runs_table.c.verdict.in_(_WHOLE)
    )
    if moment is not None:
        query = query.where(runs_table.c.observed_at <= moment)
    return query.group_by(runs_table.c.board_id).subquery()


def _last_seen_at(moment: datetime, whole: FromClause) -> ColumnElement[datetime]:
    """Return when an opening that spans a moment was last seen up to it: see `OpeningColumns`."""
    noted = openings.c.last_seen_at
    # What is noted may be later than the moment asked about; the opening's beginning never is.
    by_then = case((noted <= moment, noted), else_=openings.c.opened_at)
    return case(
        (openings.c.missing_since <= moment, noted),
        (whole.c.at > by_then, whole.c.at),
        else_=by_then,
    )


def _with_tag(query: Select[*tuple[Any, ...]], model: str | None) -> Select[*tuple[Any, ...]]:
    """Add a model's tag of each row's version, where there is one."""
    if model is None:
        return query.add_columns(literal(None).label("model"))
    return query.outerjoin(tags, and_(tags.c.version_id == versions.c.id, tags.c.model == model)).add_columns(
        tags.c.model, tags.c.taxonomy, tags.c.role, tags.c.confidence, tags.c.roles
    )


def _tag(row: RowMapping) -> Tag | None:
    if row["model"] is None:
        return None
    return Tag(
        model=row["model"],
        taxonomy=row["taxonomy"],
        role=row["role"],
        confidence=row["confidence"],
        roles=row["roles"],
    )
