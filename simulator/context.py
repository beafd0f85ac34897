"""One request to a simulated system: the board that it is about, seen through that board's fault."""

from __future__ import annotations

import dataclasses
import json
import re
import uuid
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, NamedTuple

from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Request, Response

from simulator.board import Board
from simulator.faults import Fault, FaultKind
from simulator.posting import Posting

SHORT_PAGE = 10
"""Postings on a page of `FaultKind.SHORT_PAGES` and `FaultKind.STUCK`."""

_CAPTCHA = """<!doctype html><html><head><title>Just a moment...</title></head>
<body><h1>Verify you are human</h1><form id="captcha"><input type="checkbox"></form></body></html>"""


class Page(NamedTuple):
    """A stretch of a board's list.

    Attributes:
        rows: The postings on it.
        total: How many postings the board states that it has.
    """

    rows: Sequence[Posting]
    total: int


class Listing:
    """A board on a day, as its responses show it.

    Attributes:
        board: The board.
        day: The simulated day.
        rows: What its list holds, newest first.
    """

    def __init__(self, board: Board, day: int, rows: Sequence[Posting], fault: Fault | None) -> None:
        """Look at a board through a fault."""
        self.board = board
        self.day = day
        self._fault = fault
        self._before = () if fault and fault.kind is FaultKind.EMPTIED else rows
        self.rows = self._moved(self._before) if fault and fault.pages else self._before

    @property
    def faulty(self) -> bool:
        """Whether a fault is at work, so that no response may be kept."""
        return self._fault is not None

    @property
    def closed_api(self) -> bool:
        """Whether the system denies the board to programs, and shows it to people."""
        return self._fault is not None and self._fault.kind is FaultKind.CLOSED_API

    def _moved(self, rows: Sequence[Posting]) -> Sequence[Posting]:
        """Return a list as it is after its first page was served."""
        match self._fault.kind if self._fault and rows else None:
            case FaultKind.SHIFTING:
                return [_newcomer(self.board, rows[0]), *rows]
            case FaultKind.SHRINKING:
                return rows[1:]
            case FaultKind.SWAPPING:
                return [*rows[1:], _newcomer(self.board, rows[0])]
        return rows

    def renamed(self, body: bytes) -> bytes:
        """Return JSON with its keys as the board writes them on that day."""
        if self._fault is None or self._fault.kind is not FaultKind.RENAMED:
            return body
        for key in self._fault.keys:
            body = re.sub(rb'"%s"(?=\s*:)' % re.escape(key.encode()), b'"%sV2"' % key.encode(), body)
        return body

    def find(self, identifier: str) -> Posting | None:
        """Return a listed posting by its id, or None."""
        vanishing = self._fault is not None and self._fault.kind is FaultKind.VANISHING
        rows = self.rows[1:] if vanishing else self.rows
        newcomers = (_newcomer(self.board, row) for row in self._before if self._fault and self._fault.pages)
        return next((posting for posting in chain(rows, newcomers) if posting.identifier == identifier), None)

    def page(
        self,
        offset: int = 0,
        limit: int | None = None,
        keep: Callable[[Posting], bool] | None = None,
        part: str = "",
    ) -> Page:
        """Return a stretch of the list.

        Args:
            offset: Rows to skip.
            limit: At most so many rows; None for all.
            keep: Only rows for which this holds; the total counts them alone.
            part: Which of the board's lists it is; each moves after its own first page.

        Raises:
            InternalServerError: More than the first page of a truncated board was requested.
        """
        rows: Sequence[Posting] = [posting for posting in self._before if keep is None or keep(posting)]
        if self._fault and self._fault.pages[part]:
            rows = self._moved(rows)
        end = len(rows) if limit is None else offset + limit
        page = Page(rows[offset:end], len(rows))
        if self._fault is None:
            return page
        self._fault.pages[part] += 1
        match self._fault.kind:
            case FaultKind.LYING_TOTAL:
                return Page(page.rows, page.total + 7)
            case FaultKind.REPEATED_PAGE:
                return Page(rows[: end - offset], page.total)
            case FaultKind.SHORT_PAGES:
                return Page(page.rows[:SHORT_PAGE], page.total)
            case FaultKind.STUCK:
                return Page(rows[:SHORT_PAGE], page.total)
            case FaultKind.CAPPED:
                return Page(rows[: len(rows) * 2 // 3][offset:end], page.total)
            case FaultKind.FIRST_TOTAL if self._fault.pages[part] > 1:
                return Page(page.rows, 0)
            case FaultKind.TRUNCATED if offset:
                raise InternalServerError
            case FaultKind.TRUNCATED if end >= len(rows):
                return Page(page.rows[: len(page.rows) // 2], page.total)
        return page


def _newcomer(board: Board, pattern: Posting) -> Posting:
    """Return a posting that the world does not know, made after another one."""
    identifier = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{board.url}#after-{pattern.identifier}"))
    return dataclasses.replace(pattern, identifier=identifier, redirects_to=None, redirects_from=None)


@dataclasses.dataclass(slots=True)
class Context:
    """What a system needs to respond to one request.

    Attributes:
        request: The request, its path without the leading host.
        host: The host requested.
        day: The simulated day.
        nonce: 16 hexadecimal digits, new for each request and the same in each run.
        boards: All boards, by host of the board's address, token and site.
        rows: Returns what a board's list holds on a day.
        fault: Returns the fault that affects this request to a board.
        remember: Returns a body under a key, made by a function when it is not yet known.
        sleep: Waits for some seconds.
        cut: Whether the body must break off in the middle.
        retired: Whether the system no longer knows the board.
        rewritten: The fault by which the text of the response must be rewritten.
    """

    request: Request
    host: str
    day: int
    nonce: str
    boards: dict[tuple[str, str, str | None], Board]
    rows: Callable[[str, int], Sequence[Posting]]
    fault: Callable[[Board, int], Fault | None]
    remember: Callable[[tuple[Any, ...], Callable[[], bytes]], bytes]
    sleep: Callable[[float], object]
    cut: bool = False
    retired: bool = False
    rewritten: Fault | None = None

    def listing(self, host: str, token: str, site: str | None = None) -> Listing | None:
        """Return the board that is requested, or None when the system does not know it.

        Args:
            host: Host of the board's address.
            token: The company's name with the system.
            site: Number of the site, where the system has several.

        Raises:
            HTTPException: The board's fault responds in its place.
        """
        board = self.boards.get((host, token, site))
        if board is None:
            return None
        fault = self.fault(board, self.day)
        if fault is not None:
            self._apply(fault, board)
        if self.retired:
            return None
        return Listing(board, self.day, self.rows(board.url, self.day), fault)

    def _apply(self, fault: Fault, board: Board) -> None:
        """Respond in the board's place where the fault concerns every response."""
        match fault.kind:
            case FaultKind.SLOW:
                self.sleep(fault.seconds)
            case FaultKind.ENCODED | FaultKind.UNDECLARED | FaultKind.ESCAPED:
                self.rewritten = fault
            case FaultKind.RETIRED:
                self.retired = True
            case FaultKind.TRUNCATED:
                self.cut = not board.system.total
            case FaultKind.EMPTY200:
                raise _instead(b"", content_type="application/json")
            case FaultKind.SHAPELESS:
                raise _instead(b"{}", content_type="application/json")
            case FaultKind.HTML:
                raise _instead(_CAPTCHA, content_type="text/html; charset=utf-8")
            case FaultKind.BLOCKED:
                raise _instead("Forbidden", status=403, content_type="text/plain")
            case FaultKind.DEAD_END:
                raise _instead(b"", status=303)
            case FaultKind.THROTTLED:
                retry = {"Retry-After": "1"}
                raise _instead("Too Many Requests", status=429, content_type="text/plain", headers=retry)

    def body(self, listing: Listing, key: tuple[Any, ...], build: Callable[[], Any]) -> bytes:
        """Return JSON for a board's response, made once a day unless a fault is at work.

        Args:
            listing: The board as seen.
            key: What sets this response apart from the board's others on that day.
            build: Makes the JSON-ready value.
        """
        if listing.faulty:
            return listing.renamed(to_json(build()))
        return self.remember((listing.board.url, listing.day, *key), lambda: to_json(build()))


def _instead(body: str | bytes, **how: Any) -> HTTPException:
    return HTTPException(response=Response(body, **how))


def to_json(value: Any) -> bytes:
    """Return compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def json_response(value: Any, status: int = 200) -> Response:
    """Return a value, or JSON bytes that are ready, as an ``application/json`` response."""
    body = value if isinstance(value, bytes) else to_json(value)
    return Response(body, status=status, content_type="application/json; charset=utf-8")


def text_response(text: str, status: int = 200) -> Response:
    """Return text as a ``text/plain`` response."""
    return Response(text, status=status, content_type="text/plain; charset=utf-8")
