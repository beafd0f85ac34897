"""Base of every spider: pages of the list, details where needed, and a verdict at the end of each board."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from scrapy.http import JsonRequest, Response
from twisted.python.failure import Failure

from crawler.bases.recruiting_system import RecruitingSystem
from crawler.boards import Board, Cursor
from crawler.manifest import Manifest
from crawler.parsing.encodings import response_in_utf8
from crawler.parsing.rereading import READERS_VERSION
from crawler.parsing.responses import (
    Page,
    PostingGone,
    ResponseError,
    UnexpectedResponse,
    without_denied_remote,
)
from postings import JobPosting, Verdict
from postings.coverage import Usual

MAX_POSTINGS = 200_000
"""The maximum of postings read from one list: no board has so many, and a hostile one may have no end."""

board_finished = object()
"""Scrapy signal: sent with ``manifest`` when no request of a board is outstanding any more."""

CallbackOutput = Iterator[Request | dict[str, Any]]

Recall = Callable[[str, str, str], JobPosting | None]
"""Given a board's address, a posting's identifier and a hash of its record in the list: the posting as last read from
its own page, if that is still valid."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of boards before they are crawled, by their addresses.

    Attributes:
        etags: Of boards whose last run was complete: the validator for a conditional request.
        recall: Returns a posting as last read from its own page, if that page need not be read again.
        permitted: Boards that the user states to have permission to crawl, whatever robots.txt says.
        usual: Which fields a board's postings usually carry, for the crawl's stats.
    """

    etags: Mapping[str, str] = dataclasses.field(default_factory=dict)
    recall: Recall = lambda board, identifier, listed: None
    permitted: Collection[str] = ()
    usual: Mapping[str, Usual] = dataclasses.field(default_factory=dict)


_WITH_RAW_WORDS = ("employment_type", "base_salary", "date_posted")

_EMPTY_PAGES = 2
"""How often an empty page in the middle of a list is requested again: some systems return one now and then."""


class BoardSpider(RecruitingSystem, Spider):
    """Reads whole boards of one recruiting system, as `crawler.bases.recruiting_system` describes it.

    A system may override `first_requests` and `conclude`, for the start and end of a board; few need to override
    `page`, `divide`, `on_list`, `on_detail` or `to_item`.

    Run by hand: ``scrapy crawl <system> -a board=URL -O postings.jsonl``.
    """

    def __init__(
        self,
        board: str | None = None,
        boards: Sequence[Board] = (),
        known: Known = Known(),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.boards = tuple(boards) or (self.board(board or ""),)
        self.known = known
        self._outstanding: Counter[Manifest] = Counter()

    # Hooks of a system ---------------------------------------------------------------------------------

    def first_requests(self, manifest: Manifest) -> Iterator[Request]:
        """Yield the first requests for a board: its lists, unless a system needs something first."""
        for part in self.parts(manifest.board):
            yield self.list_page(manifest, Cursor(part=part))

    def conclude(self, manifest: Manifest) -> None:
        """Note on the manifest what only the last response shows; called when no request is outstanding."""

    # Requests ------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        """Yield the first requests for every board."""
        for board in self.boards:
            for request in self.first_requests(self.manifest(board)):
                yield request

    def board_request(
        self, manifest: Manifest, request: Request, then: Callable[..., CallbackOutput], **kwargs: Any
    ) -> Request:
        """Make a request one that a board waits for: the board is finished when all of them have their responses."""
        self._outstanding[manifest] += 1
        request.meta["handle_httpstatus_all"] = True
        if manifest.board.url in self.known.permitted:
            request.meta["dont_obey_robotstxt"] = True
        request.callback = self._on_response
        request.errback = self._unreachable
        request.cb_kwargs.update({"manifest": manifest, "then": then, **kwargs})
        request.dont_filter = True
        return request

    def list_page(self, manifest: Manifest, at: Cursor = Cursor(), empty: int = 0) -> Request:  # noqa: B008 - frozen
        """Return the request for the page at a cursor, after a number of empty responses to the same request."""
        request = self.list_request(manifest.board, at)
        etag = self.known.etags.get(manifest.board.url)
        if self.conditional and etag:
            request.headers["If-None-Match"] = etag
        return self.board_request(manifest, request, self.on_list, at=at, empty=empty)

    def on_list(self, response: Response, manifest: Manifest, at: Cursor, empty: int) -> CallbackOutput:
        """Handle a page of the list: request the next one, the list in parts, or the first page again."""
        if response.status == 304 and response.request and "If-None-Match" in response.request.headers:
            manifest.unchanged = True
            return
        page = self.page(response, dataclasses.replace(manifest.board, part=at.part))
        if at.page and not self.later_totals:
            page = dataclasses.replace(page, reported_total=None)
        listing = manifest.listing(at.part)
        if not at.page:
            listing.first_page = page.identifiers
        if self.conditional and (etag := response.headers.get("ETag")):
            manifest.etag = etag.decode("latin-1")
        known = len(listing.known)
        for posting in manifest.add(page, at.part):
            yield from self.on_listed(posting, page.stamps.get(posting.identifier, ""), manifest)
        total = listing.total or 0
        if self.window is not None and not at.page and total >= self.window:
            # A part that is itself too long is not divided: a system that ignores parts would never end.
            if page.parts and not listing.part_of_longer:
                yield from self.divide(manifest, at, page.parts)
                return
            division = None if listing.part_of_longer else self.division_request(manifest.board, at)
            if division:
                yield self.board_request(manifest, division, self._on_division, at=at)
                return
        following = at.after(page.rows, page.next)
        more = page.more if page.more is not None else bool(page.next) or following.offset < total
        if more and not page.rows and not page.whole and empty < _EMPTY_PAGES:
            yield self.list_page(manifest, at, empty + 1)
        # A page without anything new means that the list does not advance, and never will.
        elif more and not page.whole and known < len(listing.known) < MAX_POSTINGS:
            yield self.list_page(manifest, following)
        elif at.page and listing.doubts() is None:
            again = Cursor(part=at.part)
            yield self.board_request(
                manifest, self.list_request(manifest.board, again), self._first_page_again, at=again
            )

    def divide(self, manifest: Manifest, at: Cursor, parts: Sequence[str]) -> CallbackOutput:
        """Request a list that is longer than the system serves in parts."""
        manifest.listing(at.part).divided = True
        for part in parts:
            manifest.listing(part).part_of_longer = True
            yield self.list_page(manifest, Cursor(part=part))

    def _on_division(self, response: Response, manifest: Manifest, at: Cursor) -> CallbackOutput:
        page = self.page(response, manifest.board)
        if not page.parts:
            raise UnexpectedResponse("the list is longer than the system serves and cannot be split into parts")
        yield from self.divide(manifest, at, page.parts)

    def _first_page_again(self, response: Response, manifest: Manifest, at: Cursor) -> CallbackOutput:
        # A posting that closes on an early page while another opens at the end moves the rest up by one: a posting
        # between two pages is then never seen, although the total is met. The first page shows the move.
        if self.page(response, manifest.board).identifiers != manifest.listing(at.part).first_page:
            manifest.fail(
                Verdict.INCOMPLETE, "the list changed while it was read: its first page is no longer the same"
            )
        return iter(())

    def on_listed(self, posting: JobPosting, stamp: str, manifest: Manifest) -> CallbackOutput:
        """Handle a posting of the list: yield it, or request its own page for what the list lacks."""
        if not self.needs_detail(posting):
            yield self.to_item(posting, manifest)
            return
        # What other readers read from the posting's own page is read again.
        listed = f"{READERS_VERSION} {posting.content_hash} {stamp}".strip()
        if remembered := self.known.recall(manifest.board.url, posting.identifier, listed):
            manifest.remembered.add(posting.identifier)
            yield self.to_item(remembered, manifest)
            return
        request = self.detail_request(manifest.board, posting)
        yield self.board_request(manifest, request, self.on_detail, posting=posting, listed=listed)

    def on_detail(self, response: Response, manifest: Manifest, posting: JobPosting, listed: str) -> CallbackOutput:
        """Handle a posting's own page."""
        try:
            detail = self.read_detail(self.page(response, manifest.board), posting)
        except PostingGone:
            # Listed, but closed on its own page, which is more up to date.
            manifest.gone.add(posting.identifier)
            return
        manifest.read_in_detail[posting.identifier] = listed
        yield self.to_item(merged(posting, detail), manifest)

    def page(self, response: Response, board: Board) -> Page:
        """Read a response; a system overrides this if reading needs earlier responses, for a key for example.

        Raises:
            ResponseError: It holds no postings.
        """
        headers = {
            name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
            for name, values in response.headers.items()
        }
        return self.read_response(response.status, headers, response.body, board)

    def to_item(self, posting: JobPosting, manifest: Manifest) -> dict[str, Any]:
        """Return a posting as a Scrapy item, and count it."""
        manifest.keep(posting)
        return posting.to_dict()

    def _on_response(
        self, response: Response, manifest: Manifest, then: Callable[..., CallbackOutput], **kwargs: Any
    ) -> CallbackOutput:
        try:
            yield from then(response_in_utf8(response), manifest, **kwargs)
        except ResponseError as error:
            manifest.refuse(error, _where(response.request))
        except Exception as error:
            # A record that the reader cannot handle must cost the verdict, not the process.
            self.logger.exception("cannot read a response of %s", manifest.board.url)
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
            broken = failure.check(ResponseDataLossError)  # type: ignore[no-untyped-call]  # its message is empty
            reason = "the response broke off before its end" if broken else failure.getErrorMessage()
            manifest.fail(Verdict.FAILED, f"{_where(request)}: {kind}: {reason}")
        self._settle(manifest)

    def _settle(self, manifest: Manifest) -> None:
        self._outstanding[manifest] -= 1
        if not self._outstanding[manifest]:
            self.conclude(manifest)
            del self._outstanding[manifest]
            self.crawler.signals.send_catch_log(board_finished, spider=self, manifest=manifest)


def merged(listed: JobPosting, detail: JobPosting) -> JobPosting:
    """Return the posting of the list, with every value that its own page states instead of the list's.

    A value and the raw words that it was read from are of the same page.
    """
    stated = {
        field.name: value
        for field in dataclasses.fields(detail)
        if (value := getattr(detail, field.name)) not in (None, "", (), False)
    }
    for name in _WITH_RAW_WORDS:
        if name in stated:
            stated[f"{name}_raw"] = getattr(detail, f"{name}_raw")
        elif getattr(listed, name):
            stated.pop(f"{name}_raw", None)
    return without_denied_remote(dataclasses.replace(listed, **stated))


def json_post(url: str, data: Mapping[str, Any]) -> Request:
    """Return a POST of JSON that accepts JSON."""
    return JsonRequest(url, method="POST", data=dict(data))


def json_get(url: str) -> Request:
    """Return a GET that accepts JSON only, because some systems return a page for a browser's headers."""
    return Request(url, headers={"Accept": "application/json"})


def _where(request: Request | None) -> str:
    return f"{request.method} {request.url}" if request else ""
