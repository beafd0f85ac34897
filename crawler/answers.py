"""What one answer of a board holds, and the ways in which an answer says no."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

from postings import JobPosting
from postings.errors import RolemixError


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was read from one answer of a board: live, saved or recorded, it is the same.

    Attributes:
        postings: The postings in it, in the board's order.
        rows: How many records it held, unlisted ones included.
        unlisted: How many of them are no openings by the board's own mark (unlisted, paused).
        reported_total: The size of the whole board that the answer states; None where it states none.
        organization: The employer's name, where the answer gives it.
        whole: True where one such answer is the whole board by the system's design.
        detail: True where the answer is one posting's own page.
    """

    postings: tuple[JobPosting, ...] = ()
    rows: int = 0
    unlisted: int = 0
    reported_total: int | None = None
    organization: str | None = None
    whole: bool = False
    detail: bool = False


class AnswerError(RolemixError):
    """An answer that holds no postings; the message says what it is, in one sentence."""


class UnexpectedAnswer(AnswerError):
    """The answer does not have the system's shape. It never counts as an empty board."""


class BoardUnknown(AnswerError):
    """The system says that it has no such board, or that the board is closed down."""


class PostingGone(AnswerError):
    """The system says that this one posting no longer exists.

    Attributes:
        identifier: Which posting, where that is known.
    """

    identifier: str | None = None


class BoardBlocked(AnswerError):
    """A captcha, login wall or refusal stands where the answer should be."""


_WALL = re.compile(
    "captcha|cf-challenge|access denied|are you a robot|verify you are human|验证码|安全验证|访问验证", re.IGNORECASE
)


def load_json(body: bytes) -> Any:
    """Parse an answer that should be JSON.

    Raises:
        BoardBlocked: It is a page that asks for a human.
        UnexpectedAnswer: It is empty or anything else that is not JSON.
    """
    try:
        return json.loads(body)
    except ValueError:
        pass
    if not body.strip():
        raise UnexpectedAnswer("an empty body where JSON should be")
    if body.lstrip()[:1] == b"<":
        if _WALL.search(body.decode("utf-8", "replace")):
            raise BoardBlocked("a page that asks for a human (captcha or access check) where JSON should be")
        raise UnexpectedAnswer("an HTML page where JSON should be")
    raise UnexpectedAnswer(f"not JSON: {body[:60].decode('utf-8', 'replace')!r}")


def expect(value: Any, kind: type[Any], what: str) -> Any:
    """Return the value if it has the expected type, so that a changed shape fails loudly.

    Raises:
        UnexpectedAnswer: It has another type.
    """
    if not isinstance(value, kind):
        raise UnexpectedAnswer(f"{what} is {type(value).__name__}, not {kind.__name__}")
    return value
