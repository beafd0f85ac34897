"""What can go wrong with a board, switched on per board and day."""

from __future__ import annotations

import dataclasses
import enum
import threading
from collections import Counter
from collections.abc import Collection

from simulator.board import Board


class FaultKind(enum.StrEnum):
    """A way in which a board misbehaves."""

    TRUNCATED = "truncated"
    """Part of the board is missing: a later page is a 500, a single response has fewer rows than its
    total, or (where there is no total) the connection breaks off in the middle of the body."""
    EMPTY200 = "empty200"
    """HTTP 200 with an empty body."""
    SHAPELESS = "shapeless"
    """HTTP 200 with ``{}``."""
    EMPTIED = "emptied"
    """A well-formed response of a board without postings."""
    BLOCKED = "blocked"
    """HTTP 403."""
    THROTTLED = "throttled"
    """HTTP 429 with Retry-After: 1."""
    LYING_TOTAL = "lying_total"
    """The total is seven more than there are rows."""
    REPEATED_PAGE = "repeated_page"
    """Every page is the first page again."""
    SHIFTING = "shifting"
    """After the first page a posting appears at the head, so that the offsets of all others move up."""
    SHRINKING = "shrinking"
    """After the first page its first posting closes, so that the offsets of all others move down."""
    VANISHING = "vanishing"
    """The newest posting is listed, but its own address responds that it does not exist."""
    SWAPPING = "swapping"
    """After the first page its first posting closes and another opens at the end: the offsets move, the total
    does not."""
    SHORT_PAGES = "short_pages"
    """Pages hold ten postings at most, whatever was requested, and begin where they should."""
    STUCK = "stuck"
    """Every page is the first ten postings, whatever was requested, beside the right total."""
    CAPPED = "capped"
    """The list ends after two thirds of its postings, and counts all of them."""
    FIRST_TOTAL = "first_total"
    """Pages after the first state a total of nothing."""
    SLOW = "slow"
    """Every response is late by `Fault.seconds`."""
    HTML = "html"
    """HTTP 200 with a page that asks for a captcha."""
    DEAD_END = "dead_end"
    """HTTP 303 without a Location to go to."""
    RETIRED = "retired"
    """The system no longer knows the board."""
    RENAMED = "renamed"
    """The format changed: the keys `Fault.keys` have other names in every record, as JSON has them."""

    CLOSED_API = "closed_api"
    """The system's API denies the board, its page shows it."""
    ENCODED = "encoded"
    """Text is in the encoding `Fault.charset`, which stands in the HTTP header only."""
    UNDECLARED = "undeclared"
    """Text is in the encoding `Fault.charset`, which stands nowhere."""
    ESCAPED = "escaped"
    """Character references are escaped once more, tags are not."""

    @classmethod
    def _missing_(cls, value: object) -> FaultKind:
        raise ValueError(f"no fault is called {value!r}: there are {', '.join(cls)}")


_NEED_PAGES = {
    FaultKind.REPEATED_PAGE,
    FaultKind.SHIFTING,
    FaultKind.SHRINKING,
    FaultKind.SWAPPING,
    FaultKind.SHORT_PAGES,
    FaultKind.STUCK,
    FaultKind.FIRST_TOTAL,
}
_NEED_DETAIL = {FaultKind.VANISHING}
_NEED_TOTAL = {FaultKind.LYING_TOTAL, FaultKind.CAPPED, FaultKind.FIRST_TOTAL}


@dataclasses.dataclass(slots=True)
class Fault:
    """One fault of one board.

    Attributes:
        kind: What goes wrong.
        days: The days on which it does; None for every day.
        times: How many requests it still affects; None for all.
        seconds: Delay of each response, for `FaultKind.SLOW`.
        keys: The keys that `FaultKind.RENAMED` renames.
        charset: The encoding of `FaultKind.ENCODED` and `FaultKind.UNDECLARED`.
        pages: Pages of each of the board's lists served since the fault was set; moves them on `SHIFTING`,
            `SHRINKING`, `SWAPPING` and `FIRST_TOTAL`.
    """

    kind: FaultKind
    days: Collection[int] | None = None
    times: int | None = None
    seconds: float = 1.0
    keys: Collection[str] = ()
    charset: str = "windows-1252"
    pages: Counter[str] = dataclasses.field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Keep days and keys as they are now."""
        self.days = None if self.days is None else frozenset(self.days)
        self.keys = tuple(self.keys)


class Faults:
    """The faults in force, at most one a board; safe to change while requests are served."""

    def __init__(self) -> None:
        """Start with boards that all behave."""
        self._by_board: dict[str, Fault] = {}
        self._lock = threading.Lock()

    def set(self, board: Board, fault: Fault) -> None:
        """Let a board misbehave, in place of any fault that it had.

        Raises:
            ValueError: The board's system cannot have the fault.
        """
        kind, system = fault.kind, board.system
        if kind in _NEED_PAGES and not system.page:
            raise ValueError(f"{kind}: {system.name} serves a whole board in one response, there are no pages")
        if kind in _NEED_TOTAL and not system.total:
            raise ValueError(f"{kind}: {system.name} states no total")
        if kind in _NEED_DETAIL and not system.detail:
            raise ValueError(f"{kind}: {system.name} has no address for a single posting")
        if kind is FaultKind.CLOSED_API and not system.closable:
            raise ValueError(f"{kind}: {system.name} has no API that a company can switch off")
        if kind is FaultKind.RENAMED and not fault.keys:
            raise ValueError(f"{kind}: name the keys that are renamed")
        with self._lock:
            self._by_board[board.url] = dataclasses.replace(fault, pages=Counter())

    def clear(self, board: Board | None = None) -> None:
        """Let one board behave again, or all of them."""
        with self._lock:
            if board is None:
                self._by_board.clear()
            else:
                self._by_board.pop(board.url, None)

    def take(self, board: Board, day: int) -> Fault | None:
        """Return the fault that affects the request now being served, counting it."""
        with self._lock:
            fault = self._by_board.get(board.url)
            if fault is None or (fault.days is not None and day not in fault.days):
                return None
            if fault.times is not None:
                if fault.times <= 0:
                    return None
                fault.times -= 1
            return fault

    def in_force(self) -> dict[str, str]:
        """Return the kind of each fault that is set, by board."""
        with self._lock:
            return {url: fault.kind.value for url, fault in sorted(self._by_board.items())}
