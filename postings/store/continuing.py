"""Joining a recorded history to the live board that goes on from it: the live board gets the history as its past."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)

from postings.store.database import Store
from postings.store.queries._select import WHOLE
from postings.store.schema import ClosedReason, boards, openings, readings, runs, tags, version_at, versions
from postings.store.schema import postings as postings_table
from postings.verdict import Verdict


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Continuation:
    """A recorded history and the live board that goes on from it.

    Attributes:
        history_url: The address of the history.
        board_url: The address of the live board.
        at: When the live board was first read: what happened before is the history's.
        shared: How many ids both list.
        copied: Runs that the live board got from the history.
        uncounted: Runs of the history that are not earlier: they are kept, and not counted.
    """

    history_url: str
    board_url: str
    at: datetime
    shared: int
    copied: int
    uncounted: int


def continue_history(store: Store, history_url: str, board_urls: Collection[str]) -> Continuation | None:
    """Give a live board the history that somebody recorded of it as its past, where their ids agree.

    Before the live board was first read the history counts, from then on the live board. So the history's runs,
    postings, versions and openings up to then are copied to the live board; an opening that lasted into it goes on; one
    that its first complete run lacks closed at that run. The history itself is kept as it is, and no query counts it
    any more. All of it is one transaction. Doing it again changes nothing, unless the history has grown before that
    moment; it is then copied anew.

    Ids agree where at least one is in both, and at least half of those stand under the same title.

    Args:
        store: The store to write to.
        history_url: The address of the history.
        board_urls: The addresses of the company's live boards. The one that goes on from the history already does so
            again, else the one with most ids in common.

    Returns:
        What was joined; None where no live board was ever seen whole, the history is not older, or ids do not agree.

    Raises:
        StoreError: The store cannot be written.
    """
    with store.write() as connection:
        history = connection.execute(select(boards).where(boards.c.url == history_url)).one_or_none()
        if history is None:
            return None
        wanted = [history.continued_by] if history.continued_by else sorted(board_urls)
        found = connection.execute(select(boards).where(boards.c.url.in_(wanted)).with_for_update())
        candidates = [_Joining(connection, history.id, board) for board in found]
        best = max((one for one in candidates if one.shared), key=lambda one: (one.shared, one.url), default=None)
        if best is None or not best.earlier:
            return None
        if best.earlier != best.copied():
            best.undo()
            best.copy()
        connection.execute(update(boards).where(boards.c.id == history.id).values(continued_by=best.url))
        connection.execute(update(boards).where(boards.c.url == best.url).values(continues_at=best.at))
        return Continuation(
            history_url=history_url,
            board_url=best.url,
            at=best.at,
            shared=best.shared,
            copied=best.earlier,
            uncounted=best.later,
        )


class _Joining:
    """One history and one live board, within a transaction.

    Attributes:
        url: The address of the live board.
        at: When the live board was first read.
        complete_at: When it was first complete.
        shared: How many ids both list; 0 where less than half of those stand under the same title, or where the live
            board was never complete.
        earlier: How many runs of the history are earlier.
        later: How many are not.
    """

    def __init__(self, connection: Connection, history: int, board: Row[Any]) -> None:
        self._connection = connection
        self._history = history
        self._board = board.id
        self.url: str = board.url
        own = select(func.min(runs.c.observed_at)).where(runs.c.board_id == board.id)
        if board.continues_at is not None:
            own = own.where(runs.c.observed_at >= board.continues_at)
        self.complete_at: datetime | None = connection.scalar(own.where(runs.c.verdict == Verdict.COMPLETE))
        read = own.where(runs.c.verdict.in_([Verdict.COMPLETE, Verdict.INCOMPLETE]))
        self.at: datetime = connection.scalar(read) or datetime.max.replace(tzinfo=UTC)
        self.shared = self._count_shared() if self.complete_at else 0
        of_history = select(func.count()).where(runs.c.board_id == history, runs.c.verdict.in_(WHOLE))
        self.earlier = connection.scalar(of_history.where(runs.c.observed_at < self.at)) or 0
        self.later = connection.scalar(of_history.where(runs.c.observed_at >= self.at)) or 0

    def _count_shared(self) -> int:
        titles = versions.c.content["title"].as_string().label("title")
        history, board = (
            select(postings_table.c.identifier, titles)
            .select_from(postings_table)
            .join(versions, version_at(at))
            .where(postings_table.c.board_id == board, since)
            .subquery()
            for board, at, since in (
                (self._history, self.at, versions.c.observed_at < self.at),
                (self._board, None, versions.c.observed_at >= self.at),
            )
        )
        pairs = self._connection.execute(
            select(history.c.title, board.c.title)
            .select_from(history)
            .join(board, history.c.identifier == board.c.identifier)
        ).all()
        same = sum(first.casefold().split() == second.casefold().split() for first, second in pairs)
        return len(pairs) if same * 2 >= len(pairs) else 0

    def copied(self) -> int:
        """Return how many runs the live board has from before it was first read, all of them copies."""
        query = select(func.count()).where(runs.c.board_id == self._board, runs.c.observed_at < self.at)
        return self._connection.scalar(query.where(runs.c.verdict.in_(WHOLE))) or 0

    def undo(self) -> None:
        """Take back what was copied before: the live board is as it was without a past."""
        here = select(postings_table.c.id).where(postings_table.c.board_id == self._board)
        own = select(versions.c.posting_id, func.min(versions.c.observed_at).label("at"))
        own = own.where(versions.c.posting_id.in_(here), versions.c.observed_at >= self.at)
        first = own.group_by(versions.c.posting_id).subquery()
        first_at = select(first.c.at).where(first.c.posting_id == openings.c.posting_id).scalar_subquery()
        ended = or_(first_at.is_(None), and_(openings.c.closed_at.is_not(None), openings.c.closed_at <= first_at))
        before = and_(openings.c.posting_id.in_(here), openings.c.opened_at < self.at)
        self._connection.execute(delete(openings).where(before, ended))
        self._connection.execute(update(openings).where(before).values(opened_at=first_at))
        old = select(versions.c.id).where(versions.c.posting_id.in_(here), versions.c.observed_at < self.at)
        for table in (tags, readings):
            self._connection.execute(delete(table).where(table.c.version_id.in_(old)))
        self._connection.execute(delete(versions).where(versions.c.id.in_(old)))
        seen = exists().where(versions.c.posting_id == postings_table.c.id)
        self._connection.execute(delete(postings_table).where(postings_table.c.board_id == self._board, ~seen))
        self._connection.execute(
            update(postings_table)
            .where(postings_table.c.board_id == self._board, postings_table.c.first_seen < self.at)
            .values(
                first_seen=select(func.min(versions.c.observed_at))
                .where(versions.c.posting_id == postings_table.c.id)
                .scalar_subquery()
            )
        )
        copies = and_(runs.c.board_id == self._board, runs.c.observed_at < self.at, runs.c.verdict.in_(WHOLE))
        self._connection.execute(delete(runs).where(copies))

    def copy(self) -> None:
        """Copy the history up to the moment at which the live board was first read."""
        other = runs.alias()
        taken = exists().where(other.c.board_id == self._board, other.c.observed_at == runs.c.observed_at)
        of_history = and_(runs.c.board_id == self._history, runs.c.observed_at < self.at)
        self._copy(runs, of_history, ~taken, board_id=literal(self._board))
        pairs = self._copy_postings()
        of_pair = versions.c.posting_id == pairs.c.history
        self._copy(versions, of_pair, versions.c.observed_at < self.at, pairs=pairs, posting_id=pairs.c.board)
        self._copy_openings(pairs)

    def _copy_postings(self) -> Any:
        """Make the postings that the live board does not have; return the ids of each posting on both boards."""
        ours = postings_table.alias("ours")
        known = exists().where(ours.c.board_id == self._board, ours.c.identifier == postings_table.c.identifier)
        self._copy(
            postings_table,
            postings_table.c.board_id == self._history,
            postings_table.c.first_seen < self.at,
            ~known,
            board_id=literal(self._board),
        )
        theirs = postings_table.alias("theirs")
        first_seen = select(theirs.c.first_seen).where(
            theirs.c.board_id == self._history,
            theirs.c.identifier == postings_table.c.identifier,
            theirs.c.first_seen < self.at,
        )
        self._connection.execute(
            update(postings_table)
            .where(postings_table.c.board_id == self._board)
            .values(first_seen=func.coalesce(first_seen.scalar_subquery(), postings_table.c.first_seen))
        )
        return (
            select(theirs.c.id.label("history"), ours.c.id.label("board"))
            .select_from(theirs)
            .join(ours, ours.c.identifier == theirs.c.identifier)
            .where(theirs.c.board_id == self._history, ours.c.board_id == self._board)
            .subquery("pairs")
        )

    def _copy_openings(self, pairs: Any) -> None:
        """Copy the openings that began before the live board was first read; those that it goes on with are one."""
        last_whole = (
            select(func.max(runs.c.observed_at))
            .where(runs.c.board_id == self._history, runs.c.observed_at < self.at, runs.c.verdict.in_(WHOLE))
            .scalar_subquery()
        )
        began = and_(openings.c.posting_id == pairs.c.history, openings.c.opened_at < self.at)
        ended = and_(openings.c.closed_at.is_not(None), openings.c.closed_at < self.at)
        live = openings.alias("live")
        goes_on = exists().where(
            live.c.posting_id == pairs.c.board, live.c.opened_at >= self.at, live.c.opened_at <= self.complete_at
        )
        missing = case((openings.c.missing_since < self.at, openings.c.missing_since))
        self._copy(openings, began, ended, pairs=pairs, posting_id=pairs.c.board)
        self._copy(
            openings,
            began,
            ~ended,
            ~goes_on,
            pairs=pairs,
            posting_id=pairs.c.board,
            closed_at=func.coalesce(missing, literal(self.complete_at, openings.c.closed_at.type)),
            last_seen_at=case((missing.is_not(None), openings.c.last_seen_at), else_=last_whole),
            missing_since=null(),
            closed_reason=literal(ClosedReason.UNLISTED.value),
        )
        theirs = openings.alias("theirs")
        began_then = (
            select(theirs.c.opened_at)
            .select_from(theirs)
            .join(pairs, pairs.c.history == theirs.c.posting_id)
            .where(
                pairs.c.board == openings.c.posting_id,
                theirs.c.opened_at < self.at,
                or_(theirs.c.closed_at.is_(None), theirs.c.closed_at >= self.at),
            )
            .scalar_subquery()
        )
        here = select(postings_table.c.id).where(postings_table.c.board_id == self._board)
        self._connection.execute(
            update(openings)
            .where(openings.c.posting_id.in_(here), openings.c.opened_at.between(self.at, self.complete_at))
            .values(opened_at=func.coalesce(began_then, openings.c.opened_at))
        )

    def _copy(self, table: Table[Any], *conditions: ColumnElement[bool], pairs: Any = None, **values: Any) -> None:
        """Copy rows of a table but for its key, with other values in some columns."""
        columns = [column for column in table.columns if column.name != "id"]
        query = select(*(values.get(column.name, column) for column in columns))
        if pairs is not None:
            query = query.select_from(table.join(pairs, conditions[0]))
        self._connection.execute(insert(table).from_select(columns, query.where(*conditions)))
