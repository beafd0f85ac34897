"""The contract of a recruiting system: how its boards are addressed, requested and read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timezone
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from parsel import Selector
from scrapy import Request

from crawler.boards import Board, Cursor, NotABoard
from crawler.captures.recordings import Recording
from crawler.manifest import Manifest
from crawler.parsing.dates import date_in_words
from crawler.parsing.rereading import pay_in_words
from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, PostingGone, ResponseError, UnexpectedResponse
from postings import JobPosting, Salary
from postings.facts.employment import employment_types

_EMPTY: tuple[Any, ...] = (None, "", ("",), [], {})
"""Values of a filter that filters nothing."""


class RecruitingSystem:
    """How one recruiting system's boards are addressed, requested and read; live and saved responses are read alike.

    A module must define:

    ==================================  ================================================================
    `name`, `vendor`, `example`         the system, and the address of a board
    `proof`                             what proves that a whole board was seen
    `url_patterns`, `canonical`         which addresses are its boards', and which board each means
    `list_request`                      the request for a page of a board's list
    `read`                              the postings and totals in a response's body
    ==================================  ================================================================

    It may define:

    ==================================  ================================================================
    `note`, `unprovable`, `crawlable`   what users must know, and what limits every run
    `path_patterns`, `generic`          boards on any host
    `embed_patterns`, `page_markers`,   traces of its boards on companies' own pages
    `boards_on_page`
    `needs_detail`, `detail_request`,   descriptions on postings' own pages
    `read_detail`
    `parts`, `window`,                  boards of several lists, and lists longer than the system serves
    `division_request`
    `later_totals`, `conditional`       what the first page and an ETag hold for
    `status_error`                      statuses other than 200 with a special meaning
    `yuan`, `zone`, `pay_in`,           how raw words are read again
    `employment_in`, `date_in`
    `filters`, `is_filtered`,           recorded requests: whether they filter the list, and which board,
    `board_of`, `responds_to`,          posting or part they are for
    `posting_of`, `part_of`
    ==================================  ================================================================

    `crawler.bases.board_spider.BoardSpider` adds hooks for the first requests and the end of a board.
    """

    name: str
    """The name of the system, its spider and its module."""
    vendor: ClassVar[str]
    """The system's name as its vendor writes it."""
    proof: ClassVar[str]
    """What proves that a board was seen whole, in a few words for `docs/boards.md`."""
    note: ClassVar[str] = ""
    """What users should know about its boards, in a sentence for `docs/boards.md`."""
    example: ClassVar[str]
    """The address of a board, shown to users as an example."""
    url_patterns: ClassVar[tuple[re.Pattern[str], ...]]
    """Addresses on the system's own hosts; the named groups go to `canonical`."""
    path_patterns: ClassVar[tuple[re.Pattern[str], ...]] = ()
    """Addresses on any host, recognized by their path; other systems' own hosts are tried first."""
    embed_patterns: ClassVar[tuple[re.Pattern[str], ...]] = ()
    """Text in the scripts of a company's own page that names a board without its address; the named groups go to
    `canonical`."""
    page_markers: ClassVar[tuple[str, ...]] = ()
    """Text in a page's markup that identifies this system, but not the board."""
    crawlable: ClassVar[bool] = True
    """Whether its boards may be crawled; if robots.txt or terms forbid it, users ingest saved pages."""
    generic: ClassVar[bool] = False
    """Whether it reads pages of any site; other systems then take precedence."""
    unprovable: ClassVar[str] = ""
    """Why no response can prove that a board was seen whole, if none can; it ends the reason of every run."""
    yuan: ClassVar[bool] = False
    """Whether pay without a currency is yuan."""
    zone: ClassVar[timezone | None] = None
    """The zone of times that state none."""
    conditional: ClassVar[bool] = False
    """Whether one response holds the whole board, so that its ETag covers all of it."""
    window: ClassVar[int | None] = None
    """The maximum of rows that the system serves or counts in one list; longer lists are requested in parts."""
    later_totals: ClassVar[bool] = True
    """Whether the pages after the first state the list's total correctly."""
    filters: ClassVar[frozenset[str]] = frozenset()
    """Request keys that filter the list; the total of such a response is that of the filtered list."""

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
        for pattern in (*cls.url_patterns, *cls.path_patterns):
            if found := pattern.match(address):
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
        """Yield boards on a company's page that addresses and `embed_patterns` miss, each with the text found."""
        yield from ()

    # Requests ------------------------------------------------------------------------------------------

    @classmethod
    def parts(cls, board: Board) -> Sequence[str]:
        """Return the names of the lists that such a board always consists of; one list has the empty name."""
        return ("",)

    def list_request(self, board: Board, at: Cursor) -> Request:
        """Return the request for the page of the list at a cursor."""
        raise NotImplementedError

    def division_request(self, board: Board, at: Cursor) -> Request | None:
        """Return the request for the parts of a list longer than the `window`, unless the list itself names them."""
        return None

    @classmethod
    def pay_in(cls, raw: str, posting: JobPosting) -> Salary | None:
        """Return the pay in a posting's ``base_salary_raw``, as `read` reads it from a response."""
        return pay_in_words(raw, posting, yuan=cls.yuan)

    @classmethod
    def employment_in(cls, raw: str) -> tuple[str, ...]:
        """Return the employment types in a posting's ``employment_type_raw``, as `read` reads them; none: unknown."""
        return employment_types(raw)

    @classmethod
    def date_in(cls, raw: str) -> datetime | date | None:
        """Return the date in a posting's ``date_posted_raw``, as `read` reads it; None: unknown, or a relative one."""
        return date_in_words(raw, zone=cls.zone)

    def needs_detail(self, posting: JobPosting) -> bool:
        """Whether the posting's own page must be read, because the list lacks something."""
        return False

    @classmethod
    def reads_details(cls) -> bool:
        """Whether postings' own pages are read."""
        return cls.needs_detail is not RecruitingSystem.needs_detail

    def detail_request(self, board: Board, posting: JobPosting) -> Request:
        """Return the request for one posting's own page."""
        raise NotImplementedError

    # Responses -----------------------------------------------------------------------------------------

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        """Read a response's body: a list, a posting or an error; live and saved responses alike.

        Raises:
            ResponseError: It holds no postings; the subclass and the message state why.
        """
        raise NotImplementedError

    def read_detail(self, page: Page, listed: JobPosting) -> JobPosting:
        """Return the posting as its own page shows it.

        Raises:
            ResponseError: The page is another posting's, or states that this one is gone.
        """
        if [detail.identifier for detail in page.postings] != [listed.identifier]:
            raise UnexpectedResponse(f"not the page of posting {listed.identifier}")
        return page.postings[0]

    @classmethod
    def status_error(cls, status: int, headers: Mapping[str, str], body: bytes) -> ResponseError | None:
        """Return the error for a status other than 200 that has a special meaning on this system; None otherwise.

        Args:
            status: The HTTP status; redirects are not followed.
            headers: By name in lower case.
            body: The response's body.
        """
        return None

    @classmethod
    def read_response(cls, status: int, headers: Mapping[str, str], body: bytes, board: Board | None) -> Page:
        """Read a response by its status and its body.

        Raises:
            ResponseError: It holds no postings; the subclass and the message state why.
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
            raise BoardUnknown(f"HTTP {status}: no such board") from None
        if status != 200:
            raise UnexpectedResponse(f"HTTP {status}, although the response holds postings")
        return page

    @classmethod
    def manifest(cls, board: Board) -> Manifest:
        """Return an empty manifest for a run over the board."""
        return Manifest(board, cls.unprovable, window=cls.window, parts=cls.parts(board))

    # Recorded requests, of saved responses ---------------------------------------------------------------

    @classmethod
    def board_of(cls, recording: Recording) -> Board | None:
        """Return the board that a recorded request was for; None for another system's."""
        return cls.match(recording.url)

    @classmethod
    def responds_to(cls, recording: Recording) -> bool:
        """Whether a recorded request was for something that this system can read."""
        return cls.board_of(recording) is not None

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        """Return the identifier of the posting that a recorded request was for."""
        return urlsplit(recording.url).path.rpartition("/")[2]

    @classmethod
    def part_of(cls, recording: Recording) -> str:
        """Return which of the board's `parts` a recorded request was for; "" if it states none."""
        return ""

    @classmethod
    def is_filtered(cls, recording: Recording) -> bool:
        """Whether a recorded request filtered the list, so that the response's total is not the board's."""
        # Sites send empty filters too; a numbered one, such as custom_field.3, goes by its first part.
        given = [key for key, value in [*recording.query.items(), *recording.fields.items()] if value not in _EMPTY]
        return bool(cls.filters & {name for key in given for name in (key, key.partition(".")[0])})
