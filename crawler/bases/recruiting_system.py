"""What a recruiting system's module says: whose its addresses are, how its lists are asked, what its answers hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from parsel import Selector
from scrapy import Request

from crawler.boards import Board, Cursor, NotABoard
from crawler.captures.recordings import Recording
from crawler.manifest import Manifest
from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, PostingGone, ResponseError, UnexpectedResponse
from postings import JobPosting

_NOTHING: tuple[Any, ...] = (None, "", ("",), [], {})
"""What a filter says that narrows nothing."""


class RecruitingSystem:
    """What is written of one recruiting system, and read the same way whether its answers are live or saved.

    A system's module sets `name`, `vendor`, `proof`, `example` and `url_patterns`, and writes three functions: `canonical`
    (which board an address means), `list_request` (where its postings are) and `read` (what an answer holds). Systems
    whose list lacks the texts also write `needs_detail` and `detail_request`. All else has a default.
    """

    name: str
    """The system's name here, which is also its spider's and its module's."""
    vendor: ClassVar[str]
    """The system's name as its maker writes it."""
    proof: ClassVar[str]
    """What proves that a whole board was seen, in a few words for `docs/boards.md`."""
    note: ClassVar[str] = ""
    """What a user should know of its boards, in a sentence for `docs/boards.md`."""
    example: ClassVar[str]
    """A board's address, shown where the user gave none that fits."""
    url_patterns: ClassVar[tuple[re.Pattern[str], ...]]
    """Addresses on the system's own hosts; the named groups go to `canonical`."""
    path_patterns: ClassVar[tuple[re.Pattern[str], ...]] = ()
    """Addresses on any host, of which the path tells the system; other systems' own hosts go before them."""
    embed_patterns: ClassVar[tuple[re.Pattern[str], ...]] = ()
    """What a company's own page says in its scripts where it shows a board of this system without its address; the
    named groups go to `canonical`."""
    page_markers: ClassVar[tuple[str, ...]] = ()
    """Words in a page's markup that betray this system without naming the board."""
    crawlable: ClassVar[bool] = True
    """Whether its boards may be crawled; where robots.txt or terms forbid it, saved pages are ingested."""
    generic: ClassVar[bool] = False
    """Whether it reads any site's pages, so that a page's own system goes before it."""
    unprovable: ClassVar[str] = ""
    """Why no answer of the system can prove that a whole board was seen, where none can: every run says so."""
    conditional: ClassVar[bool] = False
    """Whether one answer is the whole board and its ETag therefore speaks for all of it."""
    window: ClassVar[int | None] = None
    """How many rows of one list the system serves or counts at most; longer lists are asked in parts."""
    later_totals: ClassVar[bool] = True
    """Whether pages after a list's first state its total rightly."""
    filters: ClassVar[frozenset[str]] = frozenset()
    """Keys of a request that narrow the list to a part of the board; such an answer's total is that part's."""

    # Addresses -----------------------------------------------------------------------------------------

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        """Return the board that an address of one of `url_patterns` or `path_patterns` means."""
        raise NotImplementedError

    @classmethod
    def match(cls, url: str) -> Board | None:
        """Return the board that an address means, or None when it is not this system's."""
        url = url.strip()
        try:
            parts = urlsplit(url if "://" in url else f"https://{url}")
        except ValueError:
            return None
        path = unquote(parts.path)
        if {".", ".."} & set(re.split(r"[/\\]", path)) or not (url + path).isprintable():
            return None  # it would lead elsewhere on the system's host
        address = parts._replace(netloc=parts.netloc.lower()).geturl()
        for form in (*cls.url_patterns, *cls.path_patterns):
            if found := form.match(address):
                return cls.canonical(found)
        return None

    @classmethod
    def board(cls, url: str) -> Board:
        """Return the board that an address means.

        Raises:
            NotABoard: The address is not this system's.
        """
        board = cls.match(url)
        if board is None:
            given = f"{url!r} is not a {cls.name} board" if url else f"{cls.name} needs a board"
            raise NotABoard(f"{given}: give its address, for example -a board={cls.example}")
        return board

    @classmethod
    def boards_on_page(cls, page: Selector, url: str) -> Iterator[tuple[Board, str]]:
        """Yield the boards that a company's own page shows in a way that neither addresses nor `embed_patterns` tell.

        With each come the words of the page that tell.
        """
        yield from ()

    # Requests ------------------------------------------------------------------------------------------

    @classmethod
    def parts(cls, board: Board) -> Sequence[str]:
        """Return the parts in which the system always lists such a board; one nameless part is the whole."""
        return ("",)

    def list_request(self, board: Board, at: Cursor) -> Request:
        """Return the request for the page of the list that begins there."""
        raise NotImplementedError

    def division_request(self, board: Board, at: Cursor) -> Request | None:
        """Return the request that tells the parts of a list beyond the `window`, where the list itself does not."""
        return None

    def needs_detail(self, posting: JobPosting) -> bool:
        """Whether the posting's own page must be read because the list left something out."""
        return False

    @classmethod
    def reads_details(cls) -> bool:
        """Whether the system's postings have pages of their own that are read."""
        return cls.needs_detail is not RecruitingSystem.needs_detail

    def detail_request(self, board: Board, posting: JobPosting) -> Request:
        """Return the request for one posting's own page."""
        raise NotImplementedError

    # Answers -------------------------------------------------------------------------------------------

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        """Read any answer of the system: list, detail or error; live and saved answers alike.

        Raises:
            ResponseError: The answer holds no postings; the subclass says why.
        """
        raise NotImplementedError

    def read_detail(self, page: Page, listed: JobPosting) -> JobPosting:
        """Return what a posting's own page says of it.

        Raises:
            ResponseError: The page is not that posting's, or says that it is gone.
        """
        if [detail.identifier for detail in page.postings] != [listed.identifier]:
            raise UnexpectedResponse(f"it is not the page of posting {listed.identifier}")
        return page.postings[0]

    @classmethod
    def status_error(cls, status: int, headers: Mapping[str, str], body: bytes) -> ResponseError | None:
        """Return what an answer with another status than 200 means, where the system has a meaning of its own.

        Args:
            status: The HTTP status; redirects are not followed.
            headers: By name in lower case.
            body: The answer's body.
        """
        return None

    @classmethod
    def read_response(cls, status: int, headers: Mapping[str, str], body: bytes, board: Board | None) -> Page:
        """Read an answer by its status and its body.

        Raises:
            ResponseError: It holds no postings; the subclass says why.
        """
        if status != 200 and (status_error := cls.status_error(status, headers, body)):
            raise status_error
        wait = headers.get("retry-after")
        if status in (401, 403, 407, 429, 451, 999) or (status == 503 and wait):
            raise BoardBlocked(f"HTTP {status}" + (f", Retry-After {wait}" if wait else ""))
        if status not in (200, 404, 410):
            to = f" to {headers['location']}" if "location" in headers else ""
            raise UnexpectedResponse(f"HTTP {status}{to}")
        try:
            page = cls.read(body, board)
        except (BoardUnknown, BoardBlocked, PostingGone):
            raise
        except ResponseError:
            if status == 200:
                raise
            raise BoardUnknown(f"HTTP {status}, as for a board that is not there") from None
        if status != 200:
            raise UnexpectedResponse(f"HTTP {status} with postings in it")
        return page

    @classmethod
    def manifest(cls, board: Board) -> Manifest:
        """Return what a run over the board begins with."""
        return Manifest(board, cls.unprovable, window=cls.window, parts=cls.parts(board))

    # Recorded requests, of saved answers ---------------------------------------------------------------

    @classmethod
    def board_of(cls, recording: Recording) -> Board | None:
        """Return the board that a recorded request asked, if it is one of this system's."""
        return cls.match(recording.url)

    @classmethod
    def responds_to(cls, recording: Recording) -> bool:
        """Whether a recorded request asked this system for something that it can read."""
        return cls.board_of(recording) is not None

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        """Return the identifier of the posting that a recorded request for one posting asked."""
        return urlsplit(recording.url).path.rpartition("/")[2]

    @classmethod
    def part_of(cls, recording: Recording) -> str:
        """Return which of a board's `parts` a recorded request asked; "" where it does not tell."""
        return ""

    @classmethod
    def is_filtered(cls, recording: Recording) -> bool:
        """Whether a recorded request asked for a part of the board only, so that its answer's total is that part's."""
        # Sites send their filters empty too; those numbered, as custom_field.3, go by their first part.
        asked = [key for key, value in [*recording.query.items(), *recording.fields.items()] if value not in _NOTHING]
        return bool(cls.filters & {name for key in asked for name in (key, key.partition(".")[0])})
