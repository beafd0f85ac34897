"""Saved and recorded answers: sorted by the boards that gave them, and read by the functions that read live ones."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from crawler.bases.board_spider import BoardSpider
from crawler.boards import Board
from crawler.captures.files import SavedResponse, files_in, read_responses
from crawler.parsing.responses import Page, PostingGone, ResponseError, UnexpectedResponse
from crawler.systems import system, systems, systems_in_order
from postings.errors import RolemixError

_MISREAD = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError)
"""What a reader may raise on an answer of another system."""

_ELSEWHERE = "request of a session to another address"
_NO_SYSTEM = "file of no system that tells itself (give its board with --board)"


def read_saved(spider: type[BoardSpider], path: Path, board: Board | None = None) -> Page:
    """Read one saved answer of a system.

    Where the request that it answered was recorded beside it (see `crawler.captures.recordings`), that request tells the
    board, and whether the answer is of a part of the board only.

    Raises:
        ResponseError: The answer holds no postings; the message says why.
        RolemixError: The file cannot be read, or holds a session's many answers.
    """
    answers = list(read_responses(path))
    if len(answers) != 1 or answers[0].archived:
        raise RolemixError(f"{path} holds the answers of a whole session: read it with `rolemix ingest`")
    return read_saved_response(spider, answers[0], board)


def read_saved_response(spider: type[BoardSpider], saved: SavedResponse, board: Board | None = None) -> Page:
    """Read one saved answer of a system, see `read_saved`.

    Raises:
        ResponseError: The answer holds no postings; the message says why.
    """
    recording = saved.recording
    if recording:
        board = board or spider.board_of(recording)
        board = board and dataclasses.replace(board, part=spider.part_of(recording))
    try:
        page = spider.read_response(recording.status if recording else 200, {}, saved.body, board)
    except PostingGone as error:
        if recording and error.identifier is None:
            error.identifier = spider.posting_of(recording)
        raise
    except _MISREAD as error:
        # Right JSON with a record that is no posting: the file is of another system, or cut short.
        raise UnexpectedResponse(
            f"a record that is not {spider.name}'s ({type(error).__name__}: {error}); is it of another system?"
        ) from error
    if recording and spider.is_filtered(recording):
        return dataclasses.replace(page, reported_total=None, whole=False, more=page.more or None)
    return page


@dataclasses.dataclass(frozen=True, slots=True)
class Sorting:
    """Saved answers by the boards that gave them.

    Attributes:
        boards: The answers of each board, boards in the order in which they are first met.
        left: Of what was left aside: how many of each sort, which is named for one of it, its noun first.
    """

    boards: dict[Board, list[SavedResponse]]
    left: Counter[str]


def sort(paths: Sequence[Path], board: Board | None = None) -> Sorting:
    """Sort saved files, those of folders and the answers in sessions by the board that gave each.

    What tells a board is the request that was answered: in the archive, beside the file, or the address that the
    browser wrote into the page; else what the answer itself says, where it can be of one system only and its postings
    are addressed on one board. An answer that tells its system alone goes to the one board of that system.

    Args:
        paths: Files and folders.
        board: The board of all files that are named themselves, and of what tells only its system.

    Raises:
        RolemixError: A file cannot be read, or nothing tells the board of one that was named.
    """
    told: dict[Board, list[SavedResponse]] = {}
    waiting: list[tuple[SavedResponse, str, bool]] = []
    left: Counter[str] = Counter()
    for path, named in files_in(paths):
        for saved in read_responses(path):
            name, its_board = _told(saved)
            if board and (saved.archived or not named):
                its_board = board if name == board.system and its_board is None else its_board
                if its_board != board:
                    left[_ELSEWHERE if saved.archived else "file of another board, or of none"] += 1
                    continue
            elif board:
                its_board = board
            if its_board:
                told.setdefault(its_board, []).append(saved)
            elif saved.archived and not name:
                left[_ELSEWHERE] += 1
            else:
                waiting.append((saved, name, named))
    for saved, name, named in waiting:
        possible = [one for one in told if one.system == (name or one.system)]
        if len(possible) == 1 and (name or named):
            told[possible[0]].append(saved)
        elif named and not saved.archived:
            raise RolemixError(_unsorted(saved, name, possible))
        else:
            left[f"answer of {name} without its board (give it with --board)" if name else _NO_SYSTEM] += 1
    return Sorting(told, left)


def _told(saved: SavedResponse) -> tuple[str, Board | None]:
    """Return the name of the system that gave an answer ("" where nothing tells) and the board, where that is told."""
    if (recording := saved.recording) is not None:
        for spider in systems_in_order():
            if board := spider.board_of(recording):
                return spider.name, board
        for spider in systems_in_order():
            if spider.responds_to(recording):
                return spider.name, spider.match(recording.headers.get("referer", ""))
        if saved.archived:
            return "", None
    return _recognised(saved)


def _recognised(saved: SavedResponse) -> tuple[str, Board | None]:
    """Recognise an answer by itself: only one system can read it, or its postings are addressed on that system."""
    readers = {name: page for name, spider in systems().items() if (page := _read_by(spider, saved))}
    boards = {
        board
        for name, page in readers.items()
        for posting in page.postings
        if (board := system(name).match(posting.url))
    }
    if len(boards) == 1:
        (board,) = boards
        return board.system, board
    return (next(iter(readers)), None) if len(readers) == 1 else ("", None)


def _read_by(spider: type[BoardSpider], saved: SavedResponse) -> Page | None:
    try:
        page = spider.read_response(200, {}, saved.body, None)
    except (ResponseError, *_MISREAD):
        return None
    return page if page.postings and not page.unreadable else None


def _unsorted(saved: SavedResponse, name: str, possible: Sequence[Board]) -> str:
    """Say what was looked for in a file that told no board."""
    if name:
        several = f" ({', '.join(sorted(board.url for board in possible))} are given too)" if possible else ""
        example = system(name).example
        return (
            f"{saved.name} is of {name}, and nothing in it or beside it tells which board gave it{several}: "
            f"say so with --board URL, for example {example}"
        )
    return (
        f"nothing tells which board gave {saved.name} (no request beside it, no address in it, no list or posting that "
        "only one known system gives): say so with --board URL"
    )
