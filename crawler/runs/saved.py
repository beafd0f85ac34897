"""Saved responses into runs: a run a board, each response read once by the functions that read live ones."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from crawler.bases.board_spider import BoardSpider, merged
from crawler.boards import Board
from crawler.captures.files import SavedResponse, files_in, read_responses
from crawler.parsing.dates import dated
from crawler.parsing.encodings import in_utf8
from crawler.parsing.responses import Page, PostingGone, ResponseError, UnexpectedResponse
from crawler.systems import system, systems, systems_in_order
from postings import BoardRun, JobPosting, Verdict
from postings.errors import RolemixError
from postings.text import counted

_MISREAD = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError)
"""What a reader may raise on a response of another system."""

# What is skipped, a noun first so that it can be counted.
_ELSEWHERE = "request to another address"
_OTHER_BOARD = "file of another board, or of none"
_NO_SYSTEM = "file of no recognised system (name its board with --board)"
_NO_BOARD = "response from {} whose board is unknown (name it with --board)"
_NO_POSTINGS = "response with neither a list nor a posting"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What the user states about saved responses that do not show it themselves.

    Attributes:
        board: The board of every file that is named itself, and of responses that show their system alone.
        observed_at: When the responses were saved, with zone; None to take each board's newest response.
        latest: The latest time at which a response can have been saved; None for no limit.
    """

    board: Board | None = None
    observed_at: datetime | None = None
    latest: datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SavedRun:
    """One board's saved responses as one run.

    Attributes:
        run: The evidence.
        postings: The postings, each once.
        partial: Identifiers of postings of which only a list without the text, or only the own page was saved.
    """

    run: BoardRun
    postings: tuple[JobPosting, ...]
    partial: frozenset[str]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SavedRuns:
    """What saved responses hold.

    Attributes:
        runs: A run a board, in the order in which the boards are first met.
        skipped: How many responses of each kind were skipped.
    """

    runs: tuple[SavedRun, ...]
    skipped: Counter[str]

    @property
    def skipped_in_words(self) -> str:
        """What was skipped, as ``2 requests to another address``; empty when nothing was."""
        kinds = ((count, *kind.partition(" ")) for kind, count in sorted(self.skipped.items()) if count)
        return ", ".join(f"{counted(count, noun)} {rest}" for count, noun, _, rest in kinds)


def read_runs(paths: Sequence[Path], stated: Stated = Stated()) -> SavedRuns:
    """Read saved files, those in folders and the responses of sessions, as one run a board.

    A response's board is the one that its request asked: in the archive, in a file beside it, or at the address that
    the browser wrote into the page. Without a request the response itself must show its board: only one system can
    read it, or its postings' addresses are on one board. A response that shows its system alone goes to the one board
    of that system.

    A response is read as soon as its board is known, and only its postings are kept.

    Args:
        paths: Files and folders.
        stated: What the user states about them.

    Raises:
        RolemixError: A file cannot be read, or its board or its date is unknown.
    """
    reading = _Reading(stated)
    for path, named in files_in(paths):
        for saved in read_responses(path):
            reading.take(saved, named=named)
    return reading.finish()


def read_saved(spider: type[BoardSpider], path: Path, board: Board | None = None) -> Page:
    """Read one saved response of a system.

    Where its request was recorded beside it (see `crawler.captures.recordings`), that request gives the board, and
    whether the response covers only a part of it.

    Raises:
        ResponseError: The response holds no postings; the message says why.
        RolemixError: The file cannot be read, or holds a session of many responses.
    """
    responses = list(read_responses(path))
    if len(responses) != 1 or responses[0].archived:
        raise RolemixError(f"{path} holds the responses of a whole session: read it with `rolemix ingest`")
    return read_saved_response(spider, responses[0], board)


def read_saved_response(spider: type[BoardSpider], saved: SavedResponse, board: Board | None = None) -> Page:
    """Read one saved response of a system, see `read_saved`.

    Raises:
        ResponseError: The response holds no postings; the message says why.
    """
    recording = saved.recording
    if recording:
        board = board or spider.board_of(recording)
        board = board and dataclasses.replace(board, part=spider.part_of(recording))
    try:
        body = in_utf8(saved.body, recording.content_type if recording else "")
        page = spider.read_response(recording.status if recording else 200, {}, body, board)
    except PostingGone as error:
        if recording and error.identifier is None:
            error.identifier = spider.posting_of(recording)
        raise
    except _MISREAD as error:
        # Valid JSON with a record that is no posting: the file is of another system, or cut short.
        raise UnexpectedResponse(
            f"a record that is not {spider.name}'s ({type(error).__name__}: {error}); is it of another system?"
        ) from error
    if recording and spider.is_filtered(recording):
        return dataclasses.replace(page, reported_total=None, whole=False, more=page.more or None)
    return page


class SavedBoard:
    """Collects one board's saved responses, list pages and details together, into one run."""

    def __init__(self, board: Board, stated: Stated) -> None:
        self.board = board
        self.responses = 0
        self.skipped = 0
        self._stated = stated
        self._spider = system(board.system)
        self._parts = self._spider.parts(board)
        self._manifest = self._spider.manifest(board)
        self._newest: datetime | None = stated.observed_at
        self._listed: dict[str, JobPosting] = {}
        self._details: dict[str, JobPosting] = {}

    def add(self, saved: SavedResponse, page: Page | None = None) -> None:
        """Add a response.

        Args:
            saved: The response.
            page: What it holds, where it was read already.

        Raises:
            RolemixError: It does not show when it was saved and the user did not state it, or it is from the future.
        """
        seen = self._time_of(saved)
        self.responses += 1
        try:
            page = page or read_saved_response(self._spider, saved, self.board)
        except ResponseError as error:
            self._refuse(saved, error)
            return
        if page.detail:
            self._details.update((posting.identifier, dated(posting, seen)) for posting in page.postings)
            for reason in page.unreadable:
                self._manifest.fail(Verdict.FAILED, reason)
            return
        if saved.recording is None:
            # That it is the last page ends a list only where the request shows that none came before it.
            page = dataclasses.replace(page, more=page.more or None)
        new = self._manifest.add(page, self._part_of(saved))
        self._listed.update((posting.identifier, dated(posting, seen)) for posting in new)

    def run(self) -> SavedRun:
        """Return the run; what a detail holds goes over what the list holds.

        Raises:
            RolemixError: No time is known at which it was observed.
        """
        if self._newest is None:
            raise RolemixError(f"nothing was saved of {self.board.url}")
        postings = dict(self._listed)
        for identifier, detail in self._details.items():
            listed = postings.get(identifier)
            self._manifest.seen.add(identifier)
            postings[identifier] = merged(listed, detail) if listed else detail
        for posting in postings.values():
            self._manifest.keep(posting)
        without_text = {identifier for identifier, posting in self._listed.items() if not posting.description}
        return SavedRun(
            run=self._manifest.run(self._newest),
            postings=tuple(postings.values()),
            partial=frozenset((self._details.keys() - self._listed.keys()) | (without_text - self._details.keys())),
        )

    def _time_of(self, saved: SavedResponse) -> datetime:
        """Return when a response was saved, and note the newest time where the user stated none for the run."""
        if self._stated.observed_at:
            return saved.saved_at or self._stated.observed_at
        if saved.saved_at is None:
            raise RolemixError(
                f"{saved.name} does not show when it was saved: give the date with --observed-at, e.g. 2026-07-28"
            )
        newest = saved.saved_at.astimezone(UTC).replace(microsecond=0)
        if self._stated.latest and newest > self._stated.latest:
            raise RolemixError(
                f"{saved.name} was saved on {newest:%Y-%m-%d}, which is in the future: set it with --observed-at"
            )
        self._newest = max(self._newest or newest, newest)
        return saved.saved_at

    def _refuse(self, saved: SavedResponse, error: ResponseError) -> None:
        if isinstance(error, PostingGone) and error.identifier:
            self._manifest.gone.add(error.identifier)
        elif saved.archived and isinstance(error, UnexpectedResponse):
            # A browser asks a board for more than its list: what proves the list complete is in the other responses.
            self.skipped += 1
        else:
            self._manifest.refuse(error, Path(saved.name).name)

    def _part_of(self, saved: SavedResponse) -> str:
        """Return which of the board's lists a response is of: the only one, or the one that its request asked."""
        part = self._spider.part_of(saved.recording) if saved.recording and any(self._parts) else ""
        part = part or (self._parts[0] if len(self._parts) == 1 else "")
        if part not in self._parts:
            lists = ", ".join(self._parts)
            reason = f"{Path(saved.name).name}: nothing shows which list it is of ({lists})"
            self._manifest.fail(Verdict.INCOMPLETE, reason)
        return part


class _Origin(NamedTuple):
    """Where a response is from, as far as it shows.

    Attributes:
        system: The system's name; empty where it is unknown.
        board: The board.
        page: What the response holds, where it was read to find its board.
    """

    system: str = ""
    board: Board | None = None
    page: Page | None = None


class _Reading:
    """Saved responses that are read, board by board; those whose board is unknown wait until all others are."""

    def __init__(self, stated: Stated) -> None:
        self._stated = stated
        self._boards: dict[Board, SavedBoard] = {}
        self._waiting: list[tuple[SavedResponse, str, bool]] = []
        self._skipped: Counter[str] = Counter()

    def take(self, saved: SavedResponse, *, named: bool) -> None:
        """Read a response, or let it wait, or skip it.

        Args:
            saved: The response.
            named: Whether the user named its file, and not a folder.
        """
        stated = self._stated.board
        if stated and named and not saved.archived:
            self._add(stated, saved)
            return
        origin = _origin_of(saved)
        board = origin.board
        if stated:
            board = stated if board is None and origin.system == stated.system else board
            if board != stated:
                self._skipped[_ELSEWHERE if saved.archived else _OTHER_BOARD] += 1
                return
        if board:
            self._add(board, saved, origin.page)
        elif saved.archived and not origin.system:
            self._skipped[_ELSEWHERE] += 1
        else:
            self._waiting.append((saved, origin.system, named))

    def finish(self) -> SavedRuns:
        """Return the runs.

        Raises:
            RolemixError: The board of a file that the user named is unknown.
        """
        for saved, name, named in self._waiting:
            possible = [board for board in self._boards if board.system == (name or board.system)]
            if len(possible) == 1 and (name or named):
                self._add(possible[0], saved)
            elif named and not saved.archived:
                raise RolemixError(_unknown_board(saved, name, possible))
            else:
                self._skipped[_NO_BOARD.format(name) if name else _NO_SYSTEM] += 1
        self._skipped[_NO_POSTINGS] += sum(board.skipped for board in self._boards.values())
        runs = tuple(board.run() for board in self._boards.values() if board.skipped < board.responses)
        return SavedRuns(runs=runs, skipped=self._skipped)

    def _add(self, board: Board, saved: SavedResponse, page: Page | None = None) -> None:
        if board not in self._boards:
            self._boards[board] = SavedBoard(board, self._stated)
        self._boards[board].add(saved, page)


def _origin_of(saved: SavedResponse) -> _Origin:
    if (recording := saved.recording) is not None:
        for spider in systems_in_order():
            if board := spider.board_of(recording):
                return _Origin(spider.name, board)
        for spider in systems_in_order():
            if spider.responds_to(recording):
                return _Origin(spider.name, spider.match(recording.headers.get("referer", "")))
        if saved.archived:
            return _Origin()
    return _recognise(saved)


def _recognise(saved: SavedResponse) -> _Origin:
    """Recognise a response by its content: only one system can read it, or its postings' addresses are on one board."""
    pages = {name: page for name, spider in systems().items() if (page := _read_by(spider, saved))}
    boards = {
        board: page
        for name, page in pages.items()
        for posting in page.postings
        if (board := system(name).match(posting.url))
    }
    if len(boards) == 1:
        ((board, page),) = boards.items()
        return _Origin(board.system, board, page)
    # Without its board a page lacks what the system makes of the board, as its postings' addresses.
    return _Origin(next(iter(pages))) if len(pages) == 1 else _Origin()


def _read_by(spider: type[BoardSpider], saved: SavedResponse) -> Page | None:
    try:
        page = read_saved_response(spider, saved)
    except ResponseError:
        return None
    return page if page.postings and not page.unreadable else None


def _unknown_board(saved: SavedResponse, name: str, possible: Sequence[Board]) -> str:
    """Return the sentence about a file whose board is unknown: what was looked for, and what to do."""
    if name:
        several = f" (it can be any of {', '.join(sorted(board.url for board in possible))})" if possible else ""
        return (
            f"{saved.name} is from {name}, but nothing in it or beside it shows from which board{several}: "
            f"name the board with --board, e.g. {system(name).example}"
        )
    return (
        f"nothing shows which board {saved.name} is from (no request beside it, no address in it, no list or posting "
        "of only one known system): name the board with --board"
    )
