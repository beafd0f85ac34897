"""The completeness manifest: what has been seen of one board so far, and what that proves."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from crawler.boards import Board
from crawler.parsing.rereading import READERS_VERSION
from crawler.parsing.responses import Page, ResponseError
from postings import BoardRun, JobPosting, Verdict
from postings.text import counted


class Listing:
    """What has been seen of one list: the whole board's, or one part's.

    Attributes:
        totals: The totals that its pages state, in the order in which they were read.
        known: The identifiers on it, of openings or not, each once even where it changed between pages.
        first_page: Those on its first page.
        whole: Whether one response was the whole list by the system's design.
        ended: Whether its last page stated that it is the last.
        divided: Whether it is read in parts instead.
        part_of_longer: Whether it is such a part, which is not divided again.
    """

    def __init__(self, window: int | None = None) -> None:
        """Begin with nothing seen.

        Args:
            window: How many rows of the list the system serves or counts at most; None for no limit.
        """
        self.window = window
        self.totals: list[int] = []
        self.known: set[str] = set()
        self.first_page: frozenset[str] = frozenset()
        self.whole = False
        self.ended = False
        self.divided = False
        self.part_of_longer = False

    @property
    def total(self) -> int | None:
        """The total that the latest page states; None where none does."""
        return self.totals[-1] if self.totals else None

    def doubts(self) -> str | None:
        """Return why the list is not proven to be seen whole; None where it is."""
        if len(set(self.totals)) > 1:
            return f"the total changed during the run: {_arrow(self.totals)}"
        # A list that has gone on beyond the window is judged by its total like any other.
        if self.window is not None and (self.total or 0) >= self.window >= len(self.known):
            return f"the list ends at {self.window}, and the board may have more"
        if self.total is None and not self.whole and not self.ended:
            return "no response states the total"
        if self.total is not None and len(self.known) != self.total:
            return "that is not the whole board"
        return None


class Manifest:
    """Collects what a board's responses hold and what failed, and judges the run.

    It holds identifiers and counts, not postings, so that it needs a few bytes per posting.
    """

    def __init__(
        self, board: Board, unprovable: str = "", *, window: int | None = None, parts: Sequence[str] = ()
    ) -> None:
        """Begin with nothing seen.

        Args:
            board: The board.
            unprovable: Why no response of its system can prove that it was seen whole, where none can.
            window: How many rows of one list its system serves or counts at most.
            parts: The lists that it always consists of; a single list has no name.
        """
        self.board = board
        self.unprovable = unprovable
        self.organization: str | None = None
        self.pages = 0
        self.rows = 0
        self.window = window
        self.listings: dict[str, Listing] = {part: Listing(window) for part in parts if part}
        self.seen: set[str] = set()
        self.unlisted: set[str] = set()
        self.gone: set[str] = set()
        self.remembered: set[str] = set()
        self.handed_on = 0
        self.failures: list[str] = []
        self.notes: list[str] = []
        self.unchanged = False
        self.etag: str | None = None
        self.read_in_detail: dict[str, str] = {}
        self._verdict_of_failures = Verdict.COMPLETE
        self._fresh = 0
        self._coverage: Counter[str] = Counter()
        self._fresh_coverage: Counter[str] = Counter()

    def listing(self, part: str = "") -> Listing:
        """Return what has been seen of one part's list."""
        return self.listings.setdefault(part, Listing(self.window))

    @property
    def reported_total(self) -> int | None:
        """The total that the board reports: of its list, or of its parts, a posting on two of them counted once."""
        leaves = self._leaves()
        totals = [listing.total for listing in leaves.values() if listing.total is not None]
        if not totals or len(totals) < len(leaves):
            return None
        known = [listing.known for listing in leaves.values()]
        return sum(totals) - (sum(map(len, known)) - len(set().union(*known)))

    def add(self, page: Page, part: str = "") -> list[JobPosting]:
        """Count a page of a list and return the postings on it that were not seen before."""
        listing = self.listing(part)
        self.pages += 1
        self.rows += page.rows
        self.unlisted.update(page.unlisted)
        for reason in page.unreadable:
            self.fail(Verdict.FAILED, reason)
        listing.known |= page.identifiers
        listing.whole = listing.whole or page.whole
        listing.ended = listing.ended or page.more is False
        self.organization = self.organization or page.organization
        if page.reported_total is not None:
            listing.totals.append(page.reported_total)
        new = []
        for posting in page.postings:
            if posting.identifier not in self.seen:
                self.seen.add(posting.identifier)
                new.append(posting)
        return new

    def keep(self, posting: JobPosting) -> None:
        """Count a posting that is handed on, and the fields that it carries; a remembered one is not fresh."""
        self.handed_on += 1
        carried = [
            field.name
            for field in dataclasses.fields(posting)
            if getattr(posting, field.name) not in (None, "", (), False)
        ]
        self._coverage.update(carried)
        if posting.identifier not in self.remembered:
            self._fresh += 1
            self._fresh_coverage.update(carried)

    def fail(self, verdict: Verdict, reason: str) -> None:
        """Note that a part of the board could not be read, and why; the first cause leads the reason."""
        self.failures.append(reason)
        if len(self.failures) == 1:
            self._verdict_of_failures = verdict

    def note(self, text: str) -> None:
        """Note what the user should know about the board whatever the verdict; notes end the reason."""
        self.notes.append(text)

    def refuse(self, error: ResponseError, where: str) -> None:
        """Note a response without postings."""
        self.fail(error.verdict, f"{where}: {error}" if where else str(error))

    def run(self, observed_at: datetime) -> BoardRun:
        """Return the run: its verdict and the evidence for it."""
        verdict, reason = self._judge()
        return BoardRun(
            board_url=self.board.url,
            system=self.board.system,
            board_key=self.board.organization,
            several_employers=self.board.several_employers,
            observed_at=observed_at,
            verdict=verdict,
            reason="; ".join((reason, *self.notes)),
            organization=self.organization,
            reported_total=self.reported_total,
            pages=self.pages,
            rows=self.rows,
            unique=len(self.seen - self.gone),
            gone_identifiers=() if self._gone_in_doubt else tuple(sorted(self.gone)),
            etag=self.etag if verdict is Verdict.COMPLETE else None,
            coverage=dict(sorted(self._coverage.items())),
            fresh=self._fresh,
            fresh_coverage=dict(sorted(self._fresh_coverage.items())),
            read_in_detail=self.read_in_detail,
            readers=READERS_VERSION,
        )

    @property
    def _gone_in_doubt(self) -> bool:
        """Whether more than half of what the list holds seems gone, which rather means that the detail pages are."""
        gone = len(self.gone & self.seen)
        return bool(self.pages) and gone > 1 and 2 * gone > len(self.seen)

    def _leaves(self) -> dict[str, Listing]:
        """Return the lists that were read themselves and not in parts."""
        return {part: listing for part, listing in self.listings.items() if not listing.divided}

    def _judge(self) -> tuple[Verdict, str]:
        numbers = self._numbers()
        if self.unchanged and not self.pages and not self.failures:
            return Verdict.UNCHANGED, "nothing changed since the last complete run (HTTP 304)"
        if self.failures:
            more = f" (and {counted(len(self.failures) - 1, 'more failure')})" if len(self.failures) > 1 else ""
            if not (self.pages or self.seen):
                return self._verdict_of_failures, f"{self.failures[0]}{more}"
            return Verdict.INCOMPLETE, f"{numbers}; {self.failures[0]}{more}"
        if not (self.pages or self.seen or self.gone):
            return Verdict.FAILED, "no response holds a list of postings"
        if not self.pages:
            singles = f"{counted(len(self.seen), 'single posting')} seen, {len(self.gone)} gone"
            return Verdict.INCOMPLETE, f"no response holds a list of postings; {singles}"
        if self._gone_in_doubt:
            return Verdict.INCOMPLETE, f"{numbers}; more than half of the listed postings cannot have closed at once"
        if doubts := self._doubts():
            return Verdict.INCOMPLETE, f"{numbers}; {doubts}"
        return Verdict.COMPLETE, numbers

    def _doubts(self) -> str | None:
        """Return why the board is not proven to be seen whole; None where it is."""
        if self.unprovable:
            return self.unprovable
        for part, listing in self._leaves().items():
            if doubts := listing.doubts():
                counts = f" ({_reported(listing.total)}, {len(listing.known)} seen)" if part else ""
                return f"part {part}{counts}: {doubts}" if part else doubts
        known = len(self.seen | self.unlisted)
        in_parts = set[str]().union(*(listing.known for listing in self._leaves().values()))
        for listing in self.listings.values():
            # Where the list counts no further than its cap, that is the least that its parts must hold together.
            if listing.divided and listing.total is not None and known < listing.total:
                return f"its parts hold {known} postings together, but the undivided list counts {listing.total}"
            # The parts may leave something out, such as what has no category.
            if listing.divided and (missed := listing.known - in_parts):
                return f"its parts lack {counted(len(missed), 'posting')} of the undivided list"
        return None

    def _numbers(self) -> str:
        unlisted = f", {len(self.unlisted)} unlisted" if self.unlisted else ""
        gone = f", {len(self.gone)} gone when opened" if self.gone else ""
        leaves = len(self._leaves())
        parts = f" of {leaves} parts" if leaves > 1 else ""
        rows = f"{counted(self.rows, 'row')} on {counted(self.pages, 'page')}{parts}"
        return f"{_reported(self.reported_total)}, {len(self.seen)} seen, {rows}{unlisted}{gone}"


def _reported(total: int | None) -> str:
    return "no total stated" if total is None else f"{total} reported"


def _arrow(totals: list[int]) -> str:
    """Return a series of totals without repeats, e.g. ``35 → 36``."""
    return " → ".join(str(total) for n, total in enumerate(totals) if n == 0 or totals[n - 1] != total)
