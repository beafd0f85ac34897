"""Writing history: everything that one run over one board changes, in one transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    Table,
    TypedColumns,
    bindparam,
    case,
    exists,
    func,
    insert,
    select,
    update,
)

from postings.errors import RolemixError
from postings.facts.job_tracks import find_job_tracks
from postings.facts.no_opening import no_opening
from postings.posting import JobPosting, utc
from postings.store.batches import batches
from postings.store.database import Store, insert_new
from postings.store.guards import reason_to_hold
from postings.store.schema import ClosedReason, boards, openings, runs, version_at, versions
from postings.store.schema import postings as postings_table
from postings.verdict import GOOD_RUNS, BoardRun, Verdict

# A day ends last twelve hours behind UTC.
_DAY_OVER_EVERYWHERE = timedelta(days=1, hours=12)


class RunError(RolemixError):
    """The run cannot be recorded; nothing of it was."""


class StaleRunError(RunError):
    """The run is older than the newest one of its board; runs are recorded in the order of their time."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a run changed.

    Attributes:
        opened: Postings seen for the first time.
        closed: Openings that ended.
        reopened: Postings that had been closed and are listed again.
        changed: Known postings whose content changed.
        held: Why closings were withheld, with the numbers; None when none were.
        already_recorded: True where the run had been recorded before, so that nothing was written.
    """

    opened: int = 0
    closed: int = 0
    reopened: int = 0
    changed: int = 0
    held: str | None = None
    already_recorded: bool = False


def record(store: Store, run: BoardRun, postings: Iterable[JobPosting], *, company: str | None = None) -> Changes:
    """Write a run, and what it proves about the postings of its board, into history.

    All of it is one transaction. Recording a run again changes nothing.

    Args:
        store: The store to write to.
        run: The evidence. Only a `complete` run proves anything about postings that are not in it.
        postings: The postings seen, in any order, read once and never held in memory all together. Of two with the same
            identifier the first one counts. Those of a run whose verdict is neither `complete` nor `incomplete` are
            not read.
        company: The user's name for the employer; None keeps the one that the board has.

    Returns:
        What changed; for a run recorded before, what it changed then.

    Raises:
        StaleRunError: The board has a newer run.
        RunError: The run contradicts itself or the runs before it.
        StoreError: The store cannot be written.
    """
    observed_at = utc(run.observed_at)
    with store.write() as connection:
        board_id = _lock_board(connection, run)
        before = connection.execute(
            select(runs.c.opened, runs.c.closed, runs.c.reopened, runs.c.changed, runs.c.held).where(
                runs.c.board_id == board_id, runs.c.observed_at == observed_at
            )
        ).one_or_none()
        if before is not None:
            return Changes(**before._asdict(), already_recorded=True)
        _refuse_misfits(connection, board_id, run, observed_at)
        recording = _Recording(connection, board_id, observed_at)
        recording.close_gone(run.gone_identifiers)
        if run.verdict.saw_postings:
            recording.see(postings, besides=frozenset(run.gone_identifiers))
            _refuse_short(run, recording.seen)
            recording.close_absent(run.verdict)
            recording.note_details(run.read_in_detail)
        changes = recording.changes()
        _insert_run(connection, board_id, run, recording.seen, changes)
        _update_board(connection, board_id, run, company)
    return changes


class _SeenColumns(TypedColumns):
    posting_id: Column[int] = Column(Integer, primary_key=True, autoincrement=False)


# What a run has seen is kept in the database, so that memory does not grow with the board.
_seen = Table("seen_in_this_run", MetaData(), _SeenColumns, prefixes=["TEMPORARY"])


class _Recording:
    """One run that is being recorded, within its transaction.

    Attributes:
        seen: How many distinct postings the run held.
    """

    def __init__(self, connection: Connection, board_id: int, observed_at: datetime) -> None:
        self._connection = connection
        self._board_id = board_id
        self._observed_at = observed_at
        self._covered_at = connection.scalar(
            select(func.max(runs.c.observed_at)).where(
                runs.c.board_id == board_id, runs.c.verdict.in_([Verdict.COMPLETE, Verdict.UNCHANGED])
            )
        )
        self.seen = 0
        self._opened = self._closed = self._reopened = self._changed = self._still_open = 0
        self._held: str | None = None

    def changes(self) -> Changes:
        return Changes(
            opened=self._opened,
            closed=self._closed,
            reopened=self._reopened,
            changed=self._changed,
            held=self._held,
        )

    def close_gone(self, identifiers: Iterable[str]) -> None:
        """Close the postings whose own pages reported that they no longer exist."""
        for batch in batches(identifiers):
            here = select(postings_table.c.id).where(
                postings_table.c.board_id == self._board_id, postings_table.c.identifier.in_(batch)
            )
            self._close(openings.c.posting_id.in_(here), ClosedReason.GONE)

    def see(self, stream: Iterable[JobPosting], *, besides: frozenset[str]) -> None:
        """Open, reopen and update the postings of the run, except those known to be gone.

        A board may list a posting longer than the posting's page exists. Were it opened here, every run would write a
        new opening of it and close that again.
        """
        _seen.create(self._connection)
        for batch in batches(stream):
            distinct: dict[str, JobPosting] = {}
            for posting in batch:
                if posting.identifier not in besides:
                    distinct.setdefault(posting.identifier, posting)
            if distinct:
                self._see_batch(distinct)

    def close_absent(self, verdict: Verdict) -> None:
        """Close the openings that the run proves closed, or mark them as missing until a second run confirms it."""
        listed = exists().where(_seen.c.posting_id == openings.c.posting_id)
        here = select(postings_table.c.id).where(postings_table.c.board_id == self._board_id)
        absent = openings.c.posting_id.in_(here) & ~listed
        self._close(absent & self._expired(), ClosedReason.EXPIRED)
        if verdict is Verdict.COMPLETE:
            # Missing before and missing again: this is the second complete run, which confirms the first.
            self._close(absent & openings.c.missing_since.is_not(None), ClosedReason.UNLISTED)
            self._close_or_hold(absent)
        _seen.drop(self._connection)

    def note_details(self, read_in_detail: Mapping[str, str]) -> None:
        """Store which postings' own pages were read, and the hashes of their records in the list."""
        if read_in_detail:
            noted = (
                update(postings_table)
                .where(
                    postings_table.c.board_id == self._board_id,
                    postings_table.c.identifier == bindparam("of_identifier"),
                )
                .values(listed_hash=bindparam("hash"), detail_read_at=self._observed_at)
            )
            values = [{"of_identifier": identifier, "hash": hash_} for identifier, hash_ in read_in_detail.items()]
            self._connection.execute(noted, values)

    def _see_batch(self, batch: dict[str, JobPosting]) -> None:
        """Open, reopen and update some distinct postings."""
        hashes = {identifier: posting.content_hash for identifier, posting in batch.items()}
        known = {row.identifier: row for row in self._connection.execute(self._lookup(list(batch)))}
        first_seen = [identifier for identifier in batch if identifier not in known]
        ids = self._insert_postings(first_seen)
        again = [row for row in known.values() if row.seen_id is None]
        changed = [row for row in again if row.content_hash != hashes[row.identifier]]
        closed = [row.id for row in again if row.opening_id is None]
        touched = [row.opening_id for row in again if row.missing_since is not None]
        touched += [row.opening_id for row in changed if row.opening_id and row.missing_since is None]
        ids |= {row.identifier: row.id for row in again}

        self._insert_versions(
            (ids[identifier], batch[identifier], hashes[identifier])
            for identifier in [*first_seen, *(row.identifier for row in changed)]
        )
        self._insert_openings([*(ids[identifier] for identifier in first_seen), *closed])
        if touched:
            self._connection.execute(
                update(openings)
                .where(openings.c.id.in_(touched))
                .values(missing_since=None, last_seen_at=self._observed_at)
            )
        if ids:
            self._connection.execute(insert(_seen), [{"posting_id": id_} for id_ in ids.values()])
        self.seen += len(ids)
        self._opened += len(first_seen)
        self._changed += len(changed)
        self._reopened += len(closed)
        self._still_open += len(again) - len(closed)

    def _lookup(self, identifiers: list[str]) -> Select[*tuple[Any, ...]]:
        """Select what is known of some postings: newest content, current opening, whether seen in this run already."""
        return (
            select(
                postings_table.c.id,
                postings_table.c.identifier,
                versions.c.content_hash,
                openings.c.id.label("opening_id"),
                openings.c.missing_since,
                _seen.c.posting_id.label("seen_id"),
            )
            .select_from(postings_table)
            .join(versions, version_at())
            .outerjoin(openings, (openings.c.posting_id == postings_table.c.id) & openings.c.closed_at.is_(None))
            .outerjoin(_seen, _seen.c.posting_id == postings_table.c.id)
            .where(postings_table.c.board_id == self._board_id, postings_table.c.identifier.in_(identifiers))
        )

    def _insert_postings(self, identifiers: list[str]) -> dict[str, int]:
        if not identifiers:
            return {}
        rows = self._connection.execute(
            insert(postings_table).returning(postings_table.c.identifier, postings_table.c.id),
            [
                {"board_id": self._board_id, "identifier": identifier, "first_seen": self._observed_at}
                for identifier in identifiers
            ],
        )
        return {row.identifier: row.id for row in rows}

    def _insert_versions(self, contents: Iterable[tuple[int, JobPosting, str]]) -> None:
        rows = [
            {
                "posting_id": posting_id,
                "observed_at": self._observed_at,
                "content_hash": content_hash,
                **version_values(posting),
            }
            for posting_id, posting, content_hash in contents
        ]
        if rows:
            self._connection.execute(insert(versions), rows)

    def _insert_openings(self, posting_ids: list[int]) -> None:
        if posting_ids:
            self._connection.execute(
                insert(openings),
                [
                    {
                        "posting_id": posting_id,
                        "opened_at": self._observed_at,
                        "last_seen_at": self._observed_at,
                    }
                    for posting_id in posting_ids
                ],
            )

    def _expired(self) -> ColumnElement[bool]:
        """Return the condition that the deadline stated by an opening's posting has passed."""
        return openings.c.posting_id.in_(
            select(postings_table.c.id)
            .select_from(postings_table)
            .join(versions, version_at())
            .where(postings_table.c.board_id == self._board_id, versions.c.valid_through < self._observed_at)
        )

    def _close_or_hold(self, absent: ColumnElement[bool]) -> None:
        """Close what is absent for the first time, unless a guard holds that back."""
        unlisted = absent & openings.c.closed_at.is_(None)
        count = self._connection.scalar(select(func.count()).select_from(openings).where(unlisted)) or 0
        self._held = reason_to_hold(self.seen, self._usual(), self._still_open, count)
        if self._held is None:
            self._close(absent, ClosedReason.UNLISTED)
            return
        self._connection.execute(
            update(openings).where(unlisted).values(missing_since=self._observed_at, last_seen_at=self._last_seen())
        )

    def _usual(self) -> Sequence[int]:
        """Return the sizes of the last complete runs.

        Runs that were held count as well. One or two of them cannot shift the median of five; without them a board that
        really shrank would be compared with its former size forever, and each of its closings would come a run late.
        """
        sizes = (
            select(runs.c.seen)
            .where(runs.c.board_id == self._board_id, runs.c.verdict == Verdict.COMPLETE)
            .order_by(runs.c.observed_at.desc())
            .limit(GOOD_RUNS)
        )
        return self._connection.scalars(sizes).all()

    def _close(self, which: ColumnElement[bool], reason: ClosedReason) -> None:
        """Close those of these openings that are open, as of the first complete run that lacked them."""
        result = self._connection.execute(
            update(openings)
            .where(openings.c.closed_at.is_(None), which)
            .values(
                closed_at=func.coalesce(openings.c.missing_since, self._observed_at),
                last_seen_at=self._last_seen(),
                missing_since=None,
                closed_reason=reason.value,
            )
        )
        self._closed += result.rowcount

    def _last_seen(self) -> ColumnElement[datetime]:
        """Return when openings that are not in this run were last seen: see `OpeningColumns`."""
        stored = openings.c.last_seen_at
        if self._covered_at is None:
            return stored
        return case((openings.c.missing_since.is_(None) & (stored < self._covered_at), self._covered_at), else_=stored)


def version_values(posting: JobPosting) -> dict[str, Any]:
    """Return the columns of a version that its content decides, but for the hash."""
    reason = no_opening(posting.title, posting.description)
    return {
        "content": posting.to_dict(),
        "redirects": posting.redirects_to is not None,
        "valid_through": _deadline(posting.valid_through),
        "described": bool(posting.description),
        "several_tracks": bool(find_job_tracks(posting.description).names),
        "hiring_organization": posting.hiring_organization,
        "no_opening": reason.kind if reason else None,
    }


def _lock_board(connection: Connection, run: BoardRun) -> int:
    """Return the board's id, and make other writers of this board wait until the transaction ends."""
    # On SQLite the transaction has locked the whole store already, and SQLAlchemy omits FOR UPDATE.
    this_board = select(boards.c.id).where(boards.c.url == run.board_url).with_for_update()
    board_id = connection.scalar(this_board)
    if board_id is None:
        connection.execute(insert_new(connection, boards).values(url=run.board_url, system=run.system))
        board_id = connection.scalars(this_board).one()
    return int(board_id)


def _refuse_misfits(connection: Connection, board_id: int, run: BoardRun, observed_at: datetime) -> None:
    """Refuse a run that contradicts the runs of its board before it."""
    newest, complete = connection.execute(
        select(
            func.max(runs.c.observed_at),
            func.count().filter(runs.c.verdict == Verdict.COMPLETE),
        ).where(runs.c.board_id == board_id)
    ).one()
    if newest is not None and observed_at < newest:
        raise StaleRunError(
            f"the run over {run.board_url} at {observed_at.isoformat()} is older than the newest one "
            f"recorded ({newest.isoformat()}): record runs in the order of their time"
        )
    if run.verdict is Verdict.UNCHANGED and not complete:
        raise RunError(
            f"the run over {run.board_url} found nothing changed, but no complete run of it is recorded: "
            "request the board without its etag"
        )


def _refuse_short(run: BoardRun, seen: int) -> None:
    """Refuse a run that is complete by its own count, of which not all postings arrived."""
    if run.verdict is Verdict.COMPLETE and seen + len(run.gone_identifiers) < run.unique:
        raise RunError(
            f"the run over {run.board_url} claims to be complete with {run.unique:,} distinct postings, "
            f"but {seen:,} arrived: pass all of them, or record it as incomplete"
        )


def _insert_run(connection: Connection, board_id: int, run: BoardRun, seen: int, changes: Changes) -> None:
    connection.execute(
        insert(runs).values(
            board_id=board_id,
            observed_at=run.observed_at,
            verdict=run.verdict.value,
            reason=run.reason,
            reported_total=run.reported_total,
            pages=run.pages,
            rows=run.rows,
            unique=run.unique,
            etag=run.etag,
            coverage=dict(run.coverage),
            seen=seen,
            opened=changes.opened,
            closed=changes.closed,
            reopened=changes.reopened,
            changed=changes.changed,
            held=changes.held,
            readers=run.readers,
        )
    )


def _update_board(connection: Connection, board_id: int, run: BoardRun, company: str | None) -> None:
    """Store what the newest run states about the board itself; what it does not state stays as it was."""
    stated: dict[str, Any] = {"system": run.system, "organization": run.organization, "company": company}
    if run.board_key:
        stated |= {"key": run.board_key, "several_employers": run.several_employers}
    connection.execute(
        update(boards)
        .where(boards.c.id == board_id)
        .values({name: value for name, value in stated.items() if value is not None})
    )


def _deadline(valid_through: datetime | date | None) -> datetime | None:
    """Return the first moment at which the deadline has passed everywhere; None for no deadline.

    A date outside the calendar, which some systems write for "none", is no deadline.
    """
    if valid_through is None:
        return None
    try:
        if isinstance(valid_through, datetime):
            return utc(valid_through)
        return datetime.combine(valid_through, time.min, UTC) + _DAY_OVER_EVERYWHERE
    except OverflowError:
        return None
