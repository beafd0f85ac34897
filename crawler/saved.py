"""Saved and recorded answers: read from files by the same functions that read live ones."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from crawler.answers import Page, PostingGone, UnexpectedAnswer
from crawler.boards import Board
from crawler.recordings import recording_of
from crawler.spiders.base import BoardSpider
from crawler.systems import systems
from postings.errors import RolemixError


def read_saved(spider: type[BoardSpider], path: Path, board: Board | None = None) -> Page:
    """Read one saved answer of a system.

    Where the request that it answered was recorded beside it (see `crawler.recordings`), that request tells the
    board, and whether the answer is of a part of the board only.

    Raises:
        AnswerError: The answer holds no postings; the message says why.
        RolemixError: The file cannot be read.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise RolemixError(f"cannot read {path}: {error.strerror}") from error
    recording = recording_of(path)
    told = spider.board_of(recording) if recording else None
    if told and (board is None or told.url == board.url):
        board = told  # which may know more of it, such as which of its lists was asked
    try:
        page = spider.answered(recording.status if recording else 200, {}, body, board)
    except PostingGone as error:
        if recording:
            error.identifier = spider.posting_of(recording)
        raise
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        # Right JSON with a record that is no posting: the file is of another system, or cut short.
        raise UnexpectedAnswer(
            f"a record that is not {spider.name}'s ({type(error).__name__}: {error}); is it of another system?"
        ) from error
    if recording and spider.narrowed(recording):
        return dataclasses.replace(page, reported_total=None, whole=False, more=page.more or None)
    return page


def board_of(path: Path) -> Board | None:
    """Return the board that a saved answer came from, where the request beside it tells."""
    recording = recording_of(path)
    if recording is None:
        return None
    return next(filter(None, (spider.board_of(recording) for spider in systems().values())), None)
