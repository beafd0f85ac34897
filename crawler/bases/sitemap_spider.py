"""Base of boards whose list is a site's sitemaps: every page in them is requested, and every response counts."""

from __future__ import annotations

import codecs
import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response
from scrapy.utils.gz import gunzip
from scrapy.utils.sitemap import Sitemap as SitemapReader

from crawler.bases.board_spider import BoardSpider, CallbackOutput, merged
from crawler.boards import Board
from crawler.manifest import Manifest
from crawler.parsing.responses import BoardUnknown, Page, UnexpectedResponse
from crawler.parsing.schema_org import reject_access_check
from postings import JobPosting, Verdict
from postings.text import resolved

MAX_SIZE = 64 * 1024 * 1024
"""The maximum size of a sitemap, unpacked, in bytes; the protocol allows 50 MB."""

MAX_SITEMAPS = 1_000
"""The maximum of sitemaps read for one board, because an index can name further indexes without end."""

_REDIRECTS = {301, 302, 303, 307, 308}
_ABSENT = {404, 410}
_MAX_REDIRECTS = 3
"""The maximum of redirects that are followed to a response."""


class NoPosting(UnexpectedResponse):
    """A valid page without a posting: an article, a list, or what a site shows in place of a closed job."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """One sitemap.

    Attributes:
        pages: When each page last changed according to the sitemap ("" if it states none), by address.
        children: Addresses of further sitemaps, if it is an index.
    """

    pages: Mapping[str, str] = dataclasses.field(default_factory=dict)
    children: tuple[str, ...] = ()


def read_sitemap(body: bytes, address: str = "") -> Sitemap:
    """Read a sitemap or an index of sitemaps, packed or not.

    Args:
        body: The response.
        address: Where it came from; addresses in it are absolute by the protocol, not always in fact.

    Raises:
        BoardBlocked: It is a captcha or an access check.
        UnexpectedResponse: It is not a sitemap, or it is truncated.
    """
    if body.startswith(b"\x1f\x8b"):
        try:
            body = gunzip(body, max_size=MAX_SIZE)
        except (OSError, EOFError, ValueError) as error:
            raise UnexpectedResponse(f"cannot decompress the sitemap ({error})") from error
    text = body.removeprefix(codecs.BOM_UTF8).strip()
    if text[:1] != b"<":
        what = repr(text[:60].decode("utf-8", "replace")) if text else "an empty body"
        raise UnexpectedResponse(f"expected a sitemap, got {what}")
    try:
        reader = SitemapReader(text)
    except (SyntaxError, StopIteration) as error:  # lxml's XMLSyntaxError is a SyntaxError
        reject_access_check(text)
        raise UnexpectedResponse("expected a sitemap, got a page") from error
    if reader.type not in ("urlset", "sitemapindex"):
        reject_access_check(text)
        raise UnexpectedResponse(f"expected a sitemap, got a document <{reader.type}>")
    # The parser repairs truncated documents; here that would lose postings silently.
    end = text.rstrip()[-len(reader.type) - 64 :]
    if not re.search(rf"(?:</(?:\w+:)?{reader.type}\s*>|/>)\s*(?:<!--.*-->\s*)?$".encode(), end, re.DOTALL):
        raise UnexpectedResponse("the sitemap is truncated")
    found: dict[str, str] = {}
    for entry in reader:
        url = resolved(address, entry["loc"])
        if not url:
            raise UnexpectedResponse(f"not a web address in the sitemap: {entry['loc'][:60]!r}")
        found[url] = entry.get("lastmod", "")
    return Sitemap(children=tuple(found)) if reader.type == "sitemapindex" else Sitemap(pages=found)


class SitemapSpider(BoardSpider):
    """Reads a board whose list is sitemaps, and whose postings' pages hold everything else.

    The run is complete when every sitemap and every page has responded. A page that holds no posting is counted as
    unlisted; one that returns 404 or 410 is gone. If no page holds a posting, nothing is proven, because the pages may
    be built by a script, which is not run.
    """

    proof: ClassVar[str] = "every sitemap and every page in them was read"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others: Counter[Manifest] = Counter()
        """The number of pages in the sitemaps that are not the board's."""

    # What a system defines -----------------------------------------------------------------------------

    def sitemaps(self, board: Board) -> Sequence[str]:
        """Return the addresses of the board's sitemaps."""
        raise NotImplementedError

    @classmethod
    def identifier_at(cls, url: str, board: Board | None) -> str | None:
        """Return the identifier of the posting at an address in a sitemap; None for another kind of page."""
        raise NotImplementedError

    # Crawling ------------------------------------------------------------------------------------------

    def first_requests(self, manifest: Manifest) -> Iterator[Request]:
        """Yield the requests for the board's sitemaps."""
        for address in self.sitemaps(manifest.board):
            yield self.sitemap(manifest, address)

    def sitemap(self, manifest: Manifest, address: str) -> Request:
        """Return the request for a sitemap."""
        manifest.listing(address)
        return self.board_request(manifest, sitemap_request(address), self._on_sitemap, address=address)

    def _on_sitemap(self, response: Response, manifest: Manifest, address: str, redirects: int = 0) -> CallbackOutput:
        if request := redirect_request(response, redirects):
            yield self.board_request(manifest, request, self._on_sitemap, address=address, redirects=redirects + 1)
            return
        yield from self.follow(self.sitemap_of(response, manifest.board), manifest, address)

    def sitemap_of(self, response: Response, board: Board) -> Sitemap:
        """Read the response for a sitemap.

        Raises:
            ResponseError: It is not a sitemap.
        """
        if response.status in _ABSENT:
            raise BoardUnknown(f"HTTP {response.status}: no such sitemap")
        if response.status != 200:
            self.page(response, board)  # raises what the status means
        return read_sitemap(response.body, response.url)

    def follow(self, sitemap: Sitemap, manifest: Manifest, address: str) -> CallbackOutput:
        """Request the sitemaps and the pages that a sitemap names."""
        listing = manifest.listing(address)
        if sitemap.children:
            listing.divided = True
            for child in sitemap.children:
                if len(manifest.listings) >= MAX_SITEMAPS:
                    manifest.fail(Verdict.INCOMPLETE, f"the site names more than {MAX_SITEMAPS} sitemaps")
                    return
                if child not in manifest.listings:
                    yield self.sitemap(manifest, child)
            return
        stubs, stamps = [], {}
        for url, changed in sitemap.pages.items():
            if identifier := self.identifier_at(url, manifest.board):
                stubs.append(JobPosting(identifier=identifier, title="", url=url))
                stamps[identifier] = changed
        self.others[manifest] += len(sitemap.pages) - len(stubs)
        page = Page(postings=tuple(stubs), rows=len(stubs), stamps=stamps, whole=True)
        for posting in manifest.add(page, address):
            yield from self.on_listed(posting, stamps.get(posting.identifier, ""), manifest)

    def needs_detail(self, posting: JobPosting) -> bool:
        """Every page in the sitemaps must be read."""
        return True

    def detail_request(self, board: Board, posting: JobPosting) -> Request:
        """Return the request for a page in a sitemap."""
        return Request(posting.url)

    def on_detail(
        self, response: Response, manifest: Manifest, posting: JobPosting, listed: str, redirects: int = 0
    ) -> CallbackOutput:
        """Handle a page, following redirects."""
        if request := redirect_request(response, redirects):
            then = self.on_detail
            yield self.board_request(manifest, request, then, posting=posting, listed=listed, redirects=redirects + 1)
            return
        if response.status in _ABSENT:
            manifest.gone.add(posting.identifier)
            return
        try:
            page = self.page(response, manifest.board)
        except NoPosting:
            self.count_unlisted(manifest, posting)
            return
        yield from self.on_page(page, manifest, posting, listed)

    def on_page(self, page: Page, manifest: Manifest, posting: JobPosting, listed: str) -> CallbackOutput:
        """Yield the posting on a page."""
        detail = self.read_detail(page, posting)
        manifest.read_in_detail[posting.identifier] = listed
        yield self.to_item(merged(posting, detail), manifest)

    def count_unlisted(self, manifest: Manifest, posting: JobPosting) -> None:
        """Count a page in a sitemap that holds no posting."""
        manifest.seen.discard(posting.identifier)
        manifest.unlisted.add(posting.identifier)

    def proves_absence(self, manifest: Manifest) -> bool:
        """Whether pages without a posting prove that the board has none."""
        return False

    def conclude(self, manifest: Manifest) -> None:
        """Note on the manifest if nothing proves that the board has no postings."""
        others = self.others.pop(manifest, 0)
        if manifest.failures or manifest.seen or self.proves_absence(manifest):
            return
        if count := len(manifest.unlisted):
            manifest.fail(Verdict.INCOMPLETE, f"none of the {count} pages that were read contains a posting")
        elif others:
            manifest.fail(Verdict.INCOMPLETE, f"the sitemaps name {others} pages, and none of them is the board's")


def sitemap_request(address: str) -> Request:
    """Return the request for a sitemap; some hosts refuse a request that accepts HTML."""
    return Request(address, headers={"Accept": "application/xml, text/xml;q=0.9, */*;q=0.5"})


def redirect_request(response: Response, redirects: int) -> Request | None:
    """Return the request for the target of a redirect; None without one, or after too many redirects.

    Unlike a system's API, a site moves its pages: to another host name, with a slash, to a new slug.
    """
    location = response.headers.get("Location")
    if response.status not in _REDIRECTS or not location or redirects >= _MAX_REDIRECTS or not response.request:
        return None
    url = resolved(response.url, location.decode("utf-8", "replace"))
    return Request(url, headers=response.request.headers) if url else None
