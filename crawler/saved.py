"""Saved and recorded answers: read from files by the same functions that read live ones."""

from __future__ import annotations

from pathlib import Path

from crawler.answers import Page, UnexpectedAnswer
from crawler.boards import Board
from crawler.spiders.base import BoardSpider
from postings.errors import RolemixError


def read_saved(spider: type[BoardSpider], path: Path, board: Board | None = None) -> Page:
    """Read one saved answer of a system.

    Raises:
        AnswerError: The answer holds no postings; the message says why.
        RolemixError: The file cannot be read.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise RolemixError(f"cannot read {path}: {error.strerror}") from error
    try:
        return spider.read(body, board)
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        # Right JSON with a record that is no posting: the file is of another system, or cut short.
        raise UnexpectedAnswer(
            f"a record that is not {spider.name}'s ({type(error).__name__}: {error}); is it of another system?"
        ) from error
