"""From saved responses of one recruiting system to postings, without a store."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path

from crawler.bases.board_spider import BoardSpider
from crawler.boards import Board
from crawler.captures.files import SavedResponse, read_responses
from crawler.parsing.responses import ResponseError
from crawler.runs.saved import read_saved_response
from crawler.systems import system
from postings import JobPosting
from postings.errors import RolemixError


@dataclasses.dataclass(frozen=True, slots=True)
class ParsedResponse:
    """What one saved response holds.

    Attributes:
        postings: The postings that could be read.
        errors: A sentence for each reason why something could not be read, with the file's name; empty when all could.
    """

    postings: tuple[JobPosting, ...] = ()
    errors: tuple[str, ...] = ()


def parse(files: Iterable[Path], system_name: str, board_url: str | None = None) -> Iterator[ParsedResponse]:
    """Yield what each saved response of a recruiting system holds; an error in one does not stop the others.

    Args:
        files: Saved responses: lists, pages of single postings, sessions, of which requests to other systems are
            skipped.
        system_name: The recruiting system, e.g. ``moka``.
        board_url: The board's address, where the responses do not show it.

    Raises:
        UnknownSystem: There is no such system.
        RolemixError: The address is not one of the system's boards.
    """
    spider = system(system_name)
    board = spider.match(board_url) if board_url else None
    if board_url and board is None:
        raise RolemixError(f"{board_url!r} is not a {spider.name} board: its address looks like {spider.example}")
    return (parsed for path in files for parsed in _parse_file(path, spider, board))


def _parse_file(path: Path, spider: type[BoardSpider], board: Board | None) -> Iterator[ParsedResponse]:
    try:
        responses = [saved for saved in read_responses(path) if _is_of(saved, spider)]
    except RolemixError as error:
        yield ParsedResponse(errors=(str(error),))
        return
    for saved in responses:
        try:
            page = read_saved_response(spider, saved, board)
        except ResponseError as error:
            yield ParsedResponse(errors=(f"{saved.name}: {error}",))
        else:
            yield ParsedResponse(tuple(page.postings), tuple(f"{saved.name}: {reason}" for reason in page.unreadable))


def _is_of(saved: SavedResponse, spider: type[BoardSpider]) -> bool:
    """Return whether a response can be the system's; only in a session its request decides."""
    return saved.recording is None or not saved.archived or spider.responds_to(saved.recording)
