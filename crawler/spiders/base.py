"""What all boards share: asking page by page, details where needed, and a verdict at the end of each board."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from parsel import Selector
from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from scrapy.http import JsonRequest, Response
from twisted.python.failure import Failure

from crawler.answers import AnswerError, BoardBlocked, BoardUnknown, Page, PostingGone, UnexpectedAnswer
from crawler.boards import Board, Cursor, NotABoard
from crawler.manifest import Manifest
from crawler.recordings import Recording
from postings import JobPosting, Verdict
from postings.coverage import Usual

board_finished = object()
"""Scrapy signal: sent with ``manifest`` when nothing of a board is outstanding any more."""

Found = Iterator[Request | dict[str, Any]]

Recall = Callable[[str, str, str], JobPosting | None]
"""Given a board's address, a posting's identifier and a hash of what the list says of it now: the posting as last read
from its own page, where that still stands."""

_NOTHING: tuple[Any, ...] = (None, "", ("",), [], {})
"""What a filter says that narrows nothing."""

_EMPTY_PAGES = 2
"""How often an empty page in the middle of a list is asked for again: some systems answer one now and then."""


class BoardSpider(Spider):
    """Reads whole boards of one recruiting system.

    A system's module sets `name`, `url_forms` and `example`, and writes three functions: `canonical` (which
    board an address means), `list_request` (where its postings are) and `read` (what an answer holds). Systems
    whose list lacks the texts also write `needs_detail` and `detail_request`.

    Run by hand: ``scrapy crawl <system> -a board=URL -O postings.jsonl``.
    """

    url_forms: ClassVar[tuple[re.Pattern[str], ...]]
    """Addresses that belong to this system; the named groups go to `canonical`."""
    example: ClassVar[str]
    """A board's address, shown where the user gave none that fits."""
    embed_forms: ClassVar[tuple[re.Pattern[str], ...]] = ()
    """What a company's own page says in its scripts where it shows a board of this system without its address; the
    named groups go to `canonical`."""
    traces: ClassVar[tuple[str, ...]] = ()
    """Words in a page's markup that betray this system without naming the board."""
    vendor: ClassVar[str]
    """The system's name as its maker writes it."""
    proof: ClassVar[str]
    """What proves that a whole board was seen, in a few words for `docs/boards.md`."""
    note: ClassVar[str] = ""
    """What a user should know of its boards, in a sentence for `docs/boards.md`."""
    crawled: ClassVar[bool] = True
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

    def __init__(
        self,
        board: str | None = None,
        boards: Sequence[Board] = (),
        etags: Mapping[str, str] | None = None,
        recall: Recall = lambda board, identifier, listed: None,
        permitted: Collection[str] = (),
        usual: Mapping[str, Usual] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.boards = tuple(boards) or (self.board(board or ""),)
        self.etags = etags or {}
        self.recall = recall
        self.permitted = permitted
        self.usual = usual or {}
        self._outstanding: Counter[Manifest] = Counter()

    # What a system writes ------------------------------------------------------------------------------

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        """Return the board that an address of one of `url_forms` means."""
        raise NotImplementedError

    @classmethod
    def shown_on(cls, page: Selector, url: str) -> Iterator[tuple[Board, str]]:
        """Yield the boards that a company's own page shows in a way that neither addresses nor `embed_forms` tell.

        With each come the words of the page that tell.
        """
        yield from ()

    @classmethod
    def board_of(cls, recording: Recording) -> Board | None:
        """Return the board that a recorded request asked, if it is one of this system's."""
        return cls.match(recording.url)

    @classmethod
    def answers(cls, recording: Recording) -> bool:
        """Whether a recorded request asked this system for something that it can read."""
        return cls.board_of(recording) is not None

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        """Return the identifier of the posting that a recorded request for one posting asked."""
        return urlsplit(recording.url).path.rpartition("/")[2]

    @classmethod
    def narrowed(cls, recording: Recording) -> bool:
        """Whether a recorded request asked for a part of the board only, so that its answer's total is that part's."""
        body = recording.body if isinstance(recording.body, dict) else {}
        # Sites send their filters empty too; those numbered, as custom_field.3, go by their first part.
        asked = [key for key, value in [*recording.query.items(), *body.items()] if value not in _NOTHING]
        return bool(cls.filters & {name for key in asked for name in (key, key.partition(".")[0])})

    def parts(self, board: Board) -> Sequence[str]:
        """Return the parts in which the system always lists such a board; one nameless part is the whole."""
        return ("",)

    def list_request(self, board: Board, at: Cursor) -> Request:
        """Return the request for the page of the list that begins there."""
        raise NotImplementedError

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        """Read any answer of the system: list, detail or error; live and saved answers alike.

        Raises:
            AnswerError: The answer holds no postings; the subclass says why.
        """
        raise NotImplementedError

    @classmethod
    def refusal(cls, status: int, headers: Mapping[str, str], body: bytes) -> AnswerError | None:
        """Return what an answer with another status than 200 means, where the system has a meaning of its own.

        Args:
            status: The HTTP status; redirects are not followed.
            headers: By name in lower case.
            body: The answer's body.
        """
        return None

    def first_requests(self, manifest: Manifest) -> Iterator[Request]:
        """Yield the first requests to a board: its lists, unless a system asks something before."""
        for part in self.parts(manifest.board):
            yield self.list_page(manifest, Cursor(part=part))

    def division_request(self, board: Board, at: Cursor) -> Request | None:
        """Return the request that tells the parts of a list beyond the `window`, where the list itself does not."""
        return None

    def needs_detail(self, posting: JobPosting) -> bool:
        """Whether the posting's own page must be read because the list left something out."""
        return False

    @classmethod
    def reads_details(cls) -> bool:
        """Whether the system's postings have pages of their own that are read."""
        return cls.needs_detail is not BoardSpider.needs_detail

    def detail_request(self, board: Board, posting: JobPosting) -> Request:
        """Return the request for one posting's own page."""
        raise NotImplementedError

    def conclude(self, manifest: Manifest) -> None:
        """Note on the manifest what only a board's last answer shows; called when nothing of it is outstanding."""

    # The machinery -------------------------------------------------------------------------------------

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
        for form in cls.url_forms:
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

    async def start(self) -> AsyncIterator[Any]:
        """Ask every board for its first page."""
        for board in self.boards:
            for request in self.first_requests(Manifest(board, self.unprovable)):
                yield request

    def ask(self, manifest: Manifest, request: Request, then: Callable[..., Found], **kwargs: Any) -> Request:
        """Send a request on a board's behalf; the board is not finished before it is answered."""
        self._outstanding[manifest] += 1
        meta = {**request.meta, "handle_httpstatus_all": True}
        if manifest.board.url in self.permitted:
            meta["dont_obey_robotstxt"] = True
        return request.replace(
            callback=self._answered,
            errback=self._unreachable,
            cb_kwargs={"manifest": manifest, "then": then, **kwargs},
            meta=meta,
            dont_filter=True,
        )

    def list_page(self, manifest: Manifest, at: Cursor = Cursor(), empty: int = 0) -> Request:  # noqa: B008 - frozen
        """Ask for the page of the list that begins there, after so many empty answers to the same."""
        request = self.list_request(manifest.board, at)
        etag = self.etags.get(manifest.board.url)
        if self.conditional and etag:
            request.headers["If-None-Match"] = etag
        return self.ask(manifest, request, self._list_answered, at=at, empty=empty)

    def _list_answered(self, response: Response, manifest: Manifest, at: Cursor, empty: int) -> Found:
        if response.status == 304 and response.request and "If-None-Match" in response.request.headers:
            manifest.unchanged = True
            return
        page = self._page(response, manifest.board)
        if at.page and not self.later_totals:
            page = dataclasses.replace(page, reported_total=None)
        listing = manifest.listing(at.part)
        if not at.page:
            listing.first_page = page.identifiers
        if self.conditional and (etag := response.headers.get("ETag")):
            manifest.etag = etag.decode("latin-1")
        known = len(listing.known)
        for posting in manifest.add(page, at.part):
            yield from self._listed(posting, page.stamps.get(posting.identifier, ""), manifest)
        total = listing.total or 0
        if self.window is not None and not at.page and total >= self.window:
            # A part that is too long itself stays so: were it divided, a system that ignores parts would go round.
            if page.parts and not listing.part_of_longer:
                yield from self._divide(manifest, at, page.parts)
                return
            division = None if listing.part_of_longer else self.division_request(manifest.board, at)
            if division:
                yield self.ask(manifest, division, self._division_answered, at=at)
                return
            listing.capped = self.window
        following = at.after(page.rows, page.next)
        more = page.more if page.more is not None else bool(page.next) or following.offset < total
        if more and not page.rows and not page.whole and empty < _EMPTY_PAGES:
            yield self.list_page(manifest, at, empty + 1)
        # A page without anything new is a list stuck at one place, and would be for ever.
        elif more and not page.whole and len(listing.known) > known:
            yield self.list_page(manifest, following)
        elif at.page and listing.doubts() is None:
            again = Cursor(part=at.part)
            yield self.ask(manifest, self.list_request(manifest.board, again), self._first_page_again, at=again)

    def _divide(self, manifest: Manifest, at: Cursor, parts: Sequence[str]) -> Found:
        manifest.listing(at.part).divided = True
        for part in parts:
            manifest.listing(part).part_of_longer = True
            yield self.list_page(manifest, Cursor(part=part))

    def _division_answered(self, response: Response, manifest: Manifest, at: Cursor) -> Found:
        page = self._page(response, manifest.board)
        if not page.parts:
            raise UnexpectedAnswer("it names no parts to ask a list for that is longer than the system serves")
        yield from self._divide(manifest, at, page.parts)

    def _first_page_again(self, response: Response, manifest: Manifest, at: Cursor) -> Found:
        # A posting that closes on an early page while another opens at the end moves the rest up by one: a posting
        # between two pages is then never seen, although the total is met. The first page shows the move.
        if self._page(response, manifest.board).identifiers != manifest.listing(at.part).first_page:
            manifest.fail(Verdict.INCOMPLETE, "the list moved while it was read: its first page is another now")
        return iter(())

    def _listed(self, posting: JobPosting, stamp: str, manifest: Manifest) -> Found:
        """Hand on a posting of the list, with what its own page says where that is needed: new or changed ones."""
        if not self.needs_detail(posting):
            yield self._hand_on(posting, manifest)
            return
        listed = f"{posting.content_hash} {stamp}".strip()
        if remembered := self.recall(manifest.board.url, posting.identifier, listed):
            manifest.remembered.add(posting.identifier)
            yield self._hand_on(remembered, manifest)
            return
        request = self.detail_request(manifest.board, posting)
        yield self.ask(manifest, request, self._detail_answered, posting=posting, listed=listed)

    def _detail_answered(self, response: Response, manifest: Manifest, posting: JobPosting, listed: str) -> Found:
        try:
            detail = self.read_detail(self._page(response, manifest.board), posting)
        except PostingGone:
            # Listed, but its own page says that it is closed: that page is the better witness.
            manifest.gone.add(posting.identifier)
            return
        manifest.read_in_detail[posting.identifier] = listed
        yield self._hand_on(merged(posting, detail), manifest)

    def read_detail(self, page: Page, listed: JobPosting) -> JobPosting:
        """Return what a posting's own page says of it.

        Raises:
            AnswerError: The page is not that posting's, or says that it is gone.
        """
        if [detail.identifier for detail in page.postings] != [listed.identifier]:
            raise UnexpectedAnswer(f"it is not the page of posting {listed.identifier}")
        return page.postings[0]

    def _page(self, response: Response, board: Board) -> Page:
        headers = {
            name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
            for name, values in response.headers.items()
        }
        return self.answered(response.status, headers, response.body, board)

    @classmethod
    def answered(cls, status: int, headers: Mapping[str, str], body: bytes, board: Board | None) -> Page:
        """Read an answer by its status and its body.

        Raises:
            AnswerError: It holds no postings; the subclass says why.
        """
        if status != 200 and (refusal := cls.refusal(status, headers, body)):
            raise refusal
        wait = headers.get("retry-after")
        if status in (401, 403, 407, 429, 451, 999) or (status == 503 and wait):
            raise BoardBlocked(f"HTTP {status}" + (f", Retry-After {wait}" if wait else ""))
        if status not in (200, 404, 410):
            to = f" to {headers['location']}" if "location" in headers else ""
            raise UnexpectedAnswer(f"HTTP {status}{to}")
        try:
            page = cls.read(body, board)
        except (BoardUnknown, BoardBlocked, PostingGone):
            raise
        except AnswerError:
            if status == 200:
                raise
            raise BoardUnknown(f"HTTP {status}, as for a board that is not there") from None
        if status != 200:
            raise UnexpectedAnswer(f"HTTP {status} with postings in it")
        return page

    def _hand_on(self, posting: JobPosting, manifest: Manifest) -> dict[str, Any]:
        manifest.keep(posting)
        return posting.to_dict()

    def _answered(self, response: Response, manifest: Manifest, then: Callable[..., Found], **kwargs: Any) -> Found:
        try:
            yield from then(response, manifest, **kwargs)
        except AnswerError as error:
            manifest.refuse(error, _where(response.request))
        except Exception as error:
            # A record that the reader cannot handle must cost the verdict, not the process.
            self.logger.exception("cannot read an answer of %s", manifest.board.url)
            manifest.fail(Verdict.FAILED, f"{_where(response.request)}: {type(error).__name__}: {error}")
        finally:
            self._settle(manifest)

    def _unreachable(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy's contract for errbacks
        manifest: Manifest = request.cb_kwargs["manifest"]
        if failure.check(IgnoreRequest):  # type: ignore[no-untyped-call]
            manifest.fail(Verdict.BLOCKED, f"{_where(request)}: {failure.getErrorMessage()}")
        else:
            kind = failure.type.__name__ if failure.type else "error"
            broken = failure.check(ResponseDataLossError)  # type: ignore[no-untyped-call]  # it says nothing itself
            said = "the answer broke off before its end" if broken else failure.getErrorMessage()
            manifest.fail(Verdict.FAILED, f"{_where(request)}: {kind}: {said}")
        self._settle(manifest)

    def _settle(self, manifest: Manifest) -> None:
        self._outstanding[manifest] -= 1
        if not self._outstanding[manifest]:
            self.conclude(manifest)
            del self._outstanding[manifest]
            self.crawler.signals.send_catch_log(board_finished, spider=self, manifest=manifest)


def merged(listed: JobPosting, detail: JobPosting) -> JobPosting:
    """Return the posting with what its own page says over what the list says, where the page says anything."""
    said = {field.name: getattr(detail, field.name) for field in dataclasses.fields(detail)}
    return dataclasses.replace(
        listed, **{name: value for name, value in said.items() if value not in (None, "", (), False)}
    )


def json_post(url: str, data: Mapping[str, Any]) -> Request:
    """Return a POST of JSON that asks for JSON."""
    return JsonRequest(url, method="POST", data=dict(data))


def json_get(url: str) -> Request:
    """Return a GET that asks for JSON, as some systems answer a browser's headers with a page."""
    return Request(url, headers={"Accept": "application/json"})


def _where(request: Request | None) -> str:
    return f"{request.method} {request.url}" if request else ""
