"""From histories that others recorded to ours: each snapshot is a run at its own date."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from crawler.captures.snapshots import Snapshot, company_key, read_snapshots
from postings import BoardRun, Verdict
from postings.errors import RolemixError
from postings.store import Store, queries
from postings.store.continuing import Continuation, continue_history
from postings.store.history import RunError
from postings.text import counted
from rolemix.collecting.collected import Collected, record, refused

SYSTEM = "history"
"""The name that stands in place of a recruiting system."""


def address_of(company: str) -> str:
    """Return the address of a company's recorded history, which is a board of its own.

    >>> address_of("Scale AI"), address_of("深度求索")
    ('history+scale-ai', 'history+深度求索')
    """
    return "history+" + company_key(company)


@dataclasses.dataclass(slots=True, kw_only=True)
class RecordedHistory:
    """What the snapshots of one company brought, all together.

    Attributes:
        company: The company.
        board: The address of its recorded history.
        snapshots: How many there were.
        first: The moment of the first.
        last: That of the last.
        postings: How many postings the last one held.
        opened: Postings seen for the first time.
        closed: Openings that ended.
        changed: Known postings whose content changed.
        reopened: Postings listed again after they had closed.
        held: Snapshots far smaller than usual, which closed nothing by themselves.
        known: Snapshots that were recorded before.
        refused: Snapshots that history did not take, because newer ones are there.
        imputed: Postings that the recorder filled in, over all snapshots.
        continued_by: The live board that has it as its past; None where there is none.
        uncounted: Snapshots that are not earlier than that board's first run, and do not count.
    """

    company: str
    board: str
    snapshots: int = 0
    first: datetime | None = None
    last: datetime | None = None
    postings: int = 0
    opened: int = 0
    closed: int = 0
    changed: int = 0
    reopened: int = 0
    held: int = 0
    known: int = 0
    refused: int = 0
    imputed: int = 0
    continued_by: str | None = None
    uncounted: int = 0

    def add(self, snapshot: Snapshot, one: Collected) -> None:
        """Count one more snapshot."""
        self.snapshots += 1
        self.first = self.first or snapshot.observed_at
        self.last, self.postings = snapshot.observed_at, len(snapshot.postings)
        self.imputed += snapshot.imputed
        if one.changes.already_recorded:
            self.known += 1
            return
        self.opened += one.changes.opened
        self.closed += one.changes.closed
        self.changed += one.changes.changed
        self.reopened += one.changes.reopened
        self.held += one.changes.held is not None
        self.refused += one.refused is not None


def ingest_history(
    store: Store,
    path: Path,
    *,
    company: str | None = None,
    latest: datetime | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> list[RecordedHistory]:
    """Write the snapshots of a file, a folder or a repository into history.

    A snapshot counts as the whole board of its day, as its recorder states; one far smaller than usual closes nothing
    until the next one confirms it (`postings.store.guards`). A snapshot that is there already changes nothing, so that
    a file that has grown can be read again. A day without a snapshot stays a gap.

    Args:
        store: Where the history is.
        path: See `crawler.captures.snapshots`.
        company: The company's name, in place of the one that the file gives; for a file of one company.
        latest: The latest time at which a snapshot can have been made; None for no limit.
        progress: Called after each snapshot with the number of them so far.

    Returns:
        A record for each company, by its name.

    Raises:
        RolemixError: Nothing can be read, or a snapshot is in the future.
    """
    proved: set[str] = set()
    found: dict[str, RecordedHistory] = {}
    for done, snapshot in enumerate(read_snapshots(path, company), start=1):
        if latest and snapshot.observed_at > latest:
            raise RolemixError(
                f"{path} has a snapshot of {snapshot.observed_at:%Y-%m-%d}, in the future: check its year"
            )
        board = address_of(snapshot.company)
        name = company or snapshot.company
        of_company = found.setdefault(board, RecordedHistory(company=name, board=board))
        if company and len(found) > 1:
            raise RolemixError(f"--company names one company, but {path} is of several ({', '.join(sorted(found))})")
        of_company.add(snapshot, _record(store, snapshot, name, proved))
        progress(done)
    if not found:
        raise RolemixError(f"{path} holds no snapshot: expected a row for each open posting and day")
    for joined in join_histories(store):
        if joined.history_url in found:
            joined_one = found[joined.history_url]
            joined_one.continued_by, joined_one.uncounted = joined.board_url, joined.uncounted
    return sorted(found.values(), key=lambda one: (one.company, one.board))


def join_histories(store: Store) -> list[Continuation]:
    """Give live boards the recorded histories of their companies as their past, where the ids agree.

    See `postings.store.continuing`. Names of companies are compared by their words alone.

    Args:
        store: The store.

    Returns:
        A record for each history that was joined, now or before.
    """
    with store.read() as connection:
        if not queries.fetch_addresses(connection, SYSTEM):
            return []
        boards = [board for board in queries.fetch_boards(connection) if not board.is_search]
    live: dict[str, list[str]] = defaultdict(list)
    for board in boards:
        if board.system != SYSTEM:
            live[company_key(board.name)].append(board.url)
    histories = [board for board in boards if board.system == SYSTEM]
    joined = (continue_history(store, board.url, live[company_key(board.name)]) for board in histories)
    return [one for one in joined if one]


def _record(store: Store, snapshot: Snapshot, company: str, proved: set[str]) -> Collected:
    """Write a snapshot into history.

    Args:
        store: Where the history is.
        snapshot: The snapshot.
        company: The company's name.
        proved: The boards whose last snapshot history took as it is; brought up to date.
    """
    board = address_of(snapshot.company)
    unchanged = snapshot.same and board in proved
    run = _run(board, snapshot, unchanged=unchanged)
    proved.discard(board)
    try:
        one = record(store, run, () if unchanged else snapshot.postings, company)
    except RunError as error:
        return refused(run, company, error)
    # A snapshot whose closings were withheld must be confirmed by all of the next one.
    if not (one.changes.held or one.changes.already_recorded):
        proved.add(board)
    return one


def _run(board: str, snapshot: Snapshot, *, unchanged: bool) -> BoardRun:
    count = len(snapshot.postings)
    filled_in = f", {snapshot.imputed} of them filled in by its recorder" if snapshot.imputed else ""
    same = ", the same as in the one before" if unchanged else ""
    return BoardRun(
        board_url=board,
        system=SYSTEM,
        board_key=board.removeprefix("history+"),
        observed_at=snapshot.observed_at,
        verdict=Verdict.UNCHANGED if unchanged else Verdict.COMPLETE,
        reason=f"a snapshot of {counted(count, 'posting')}{filled_in}{same}",
        pages=0 if unchanged else 1,
        rows=0 if unchanged else count,
        unique=0 if unchanged else count,
    )
