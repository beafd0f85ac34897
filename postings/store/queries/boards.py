"""Reading boards and their runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import (
    Connection,
    RowMapping,
    and_,
    func,
    select,
)

from postings.store.queries._select import WHOLE, stream
from postings.store.records import (
    RecordedBoard,
    RecordedRun,
)
from postings.store.schema import (
    boards as boards_table,
)
from postings.store.schema import (
    runs as runs_table,
)
from postings.verdict import Verdict


def fetch_boards(connection: Connection, at: datetime | None = None) -> list[RecordedBoard]:
    """Return all boards as they were known at a moment, by address.

    Args:
        connection: Of `Store.read`.
        at: The moment; None for now. A board that was first crawled later is returned without runs.
    """
    last_run = _newest_runs(connection, at)
    last_complete = _newest_runs(connection, at, Verdict.COMPLETE)
    last_whole = _newest_runs(connection, at, *WHOLE)
    return [
        RecordedBoard(
            url=row.url,
            system=row.system,
            organization=row.organization,
            company=row.company,
            key=row.key,
            several_employers=bool(row.several_employers),
            continued_by=row.continued_by,
            last_run=last_run.get(row.id),
            last_complete=last_complete.get(row.id),
            last_seen_whole=last_whole[row.id].observed_at if row.id in last_whole else None,
        )
        for row in connection.execute(select(boards_table).order_by(boards_table.c.url))
    ]


def fetch_undescribed(connection: Connection) -> list[str]:
    """Return the addresses of boards whose key is not recorded yet, sorted: see `postings.store.boards.describe`."""
    query = select(boards_table.c.url).where(boards_table.c.key.is_(None)).order_by(boards_table.c.url)
    return list(connection.scalars(query))


def fetch_addresses(connection: Connection, system: str) -> list[str]:
    """Return the addresses of a recruiting system's boards, sorted."""
    query = select(boards_table.c.url).where(boards_table.c.system == system).order_by(boards_table.c.url)
    return list(connection.scalars(query))


def stream_runs(connection: Connection, board_url: str) -> Iterator[RecordedRun]:
    """Yield a board's runs, oldest first; none for an unknown board."""
    query = (
        select(runs_table)
        .join(boards_table, boards_table.c.id == runs_table.c.board_id)
        .where(boards_table.c.url == board_url)
        .order_by(runs_table.c.observed_at)
    )
    return (_run(row) for row in stream(connection, query))


def fetch_complete_runs(connection: Connection, board_url: str, count: int) -> list[RecordedRun]:
    """Return a board's last ``count`` complete runs, the newest first; none for an unknown board."""
    query = (
        select(runs_table)
        .join(boards_table, boards_table.c.id == runs_table.c.board_id)
        .where(boards_table.c.url == board_url, runs_table.c.verdict == Verdict.COMPLETE)
        .order_by(runs_table.c.observed_at.desc())
        .limit(count)
    )
    return [_run(row) for row in connection.execute(query).mappings()]


def fetch_etag(connection: Connection, board_url: str, readers: str | None = None) -> str | None:
    """Return the etag for a conditional request: has the board changed since its last complete run?

    None where that run's closings were withheld: only a second complete response can confirm them, and "unchanged"
    would put it off forever. None also where an incomplete run came later: what that run opened and changed is not what
    the etag stands for, so that "unchanged" would confirm something else. None also where other readers read it: what
    they read is to be read again.

    Args:
        connection: Of `Store.read`.
        board_url: The board.
        readers: The state of the readers that ask; None for any.
    """
    query = (
        select(runs_table.c.verdict, runs_table.c.etag, runs_table.c.held, runs_table.c.readers)
        .join(boards_table, boards_table.c.id == runs_table.c.board_id)
        .where(boards_table.c.url == board_url, runs_table.c.verdict.in_([Verdict.COMPLETE, Verdict.INCOMPLETE]))
        .order_by(runs_table.c.observed_at.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None or row.verdict != Verdict.COMPLETE or row.held is not None:
        return None
    return row.etag if readers is None or row.readers == readers else None


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
