"""Career pages: any site whose job pages carry schema.org's JobPosting, found through its sitemaps or its links."""

from __future__ import annotations

import codecs
import contextlib
import dataclasses
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from parsel import Selector
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.sitemap import sitemap_urls_from_robots
from w3lib.url import canonicalize_url

from crawler.bases.board_spider import CallbackOutput, merged
from crawler.bases.sitemap_spider import NoPosting, SitemapSpider, redirect_request
from crawler.boards import Board
from crawler.manifest import Manifest
from crawler.parsing import schema_org
from crawler.parsing.responses import Page, ResponseError, UnexpectedResponse, html_of, told_apart
from postings import JobPosting, Verdict
from postings.text import resolved, web_address, words

_TRACKING = re.compile(r"utm_\w+|gclid|fbclid|msclkid|mc_[ce]id", re.IGNORECASE)
_FEED = re.compile(rb"<(?:urlset|sitemapindex|rss|feed)\b")
_NO_SITEMAP = "the site has no sitemap, and one page need not link to every posting"


class CareersSpider(SitemapSpider):
    """Career pages of any company, below one address.

    The address is the board: ``careers+https://acme.example/jobs`` is every page below ``/jobs`` of that host, so that
    the user defines which pages are job pages. An address that ends in ``.xml`` is the sitemap to read. A bare web
    address is not a board, because every mistyped address would be one.

    A posting's identity is the path and query of its page on the board's host, as in the sitemap. The identifier in
    JSON-LD is the employer's requisition number, which several pages can share, and which some sites fill with the
    same word on every page.
    """

    name = "careers"
    vendor = "Career pages"
    proof = "every sitemap of the site, and every page in them below the address, was read"
    note = (
        "Any site whose job pages carry schema.org's JobPosting: give the address that all of them begin with, "
        "with `careers+` before it. Without a sitemap, the links of the career page are read and no run is complete."
    )
    example = "careers+https://careers.synopsys.com/job"
    generic = True
    url_patterns = (
        re.compile(
            r"careers\+(?P<scheme>https?)://(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)"
            r"(?P<path>(?:/(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)*)/?(?=[?#]|$)",
            re.ASCII,
        ),
    )

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        url = f"careers+{match['scheme']}://{match['host']}{match['path']}"
        return Board(url=url, system=cls.name, organization=match["host"], site=match["path"] or None)

    @classmethod
    def boards_on_page(cls, page: Selector, url: str) -> Iterator[tuple[Board, str]]:
        found = []
        with contextlib.suppress(ResponseError):
            found = schema_org.job_postings(page)
        # The siblings of a job's page are the pages of other jobs.
        if found and (board := cls.match(f"careers+{urljoin(url, '.')}")):
            yield board, f"schema.org JobPosting {words(found[0].get('title'))}"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._employers: defaultdict[Manifest, set[str]] = defaultdict(set)
        self._aliases: defaultdict[Manifest, set[str]] = defaultdict(set)

    def first_requests(self, manifest: Manifest) -> Iterator[Request]:
        address = _address(manifest.board)
        if _names_sitemap(manifest.board):
            yield self.sitemap(manifest, address)
        else:
            yield self.board_request(manifest, Request(urljoin(address, "/robots.txt")), self._on_robots)

    def _on_robots(self, response: Response, manifest: Manifest, redirects: int = 0) -> CallbackOutput:
        if request := redirect_request(response, redirects):
            yield self.board_request(manifest, request, self._on_robots, redirects=redirects + 1)
            return
        named: list[str] = []
        if response.status == 200:
            found = map(web_address, sitemap_urls_from_robots(response.body, response.url))
            named = [url for url in dict.fromkeys(found) if url and url != response.url]
        elif not 400 <= response.status < 500 or response.status == 429:
            self.page(response, manifest.board)  # raises what the status means
        if named:
            for address in named:
                yield self.sitemap(manifest, address)
            return
        address = _address(manifest.board)
        usual = [f"{address}/sitemap.xml", *(urljoin(address, path) for path in ("/sitemap.xml", "/sitemap_index.xml"))]
        yield self._try_sitemap(manifest, list(dict.fromkeys(usual)))

    def _try_sitemap(self, manifest: Manifest, usual: list[str]) -> Request:
        """Return the request for the first of the usual addresses of sitemaps, or for the career page itself."""
        if not usual:
            return self.board_request(manifest, Request(_address(manifest.board)), self._on_links)
        return self.board_request(manifest, Request(usual[0]), self._on_tried_sitemap, address=usual[0], rest=usual[1:])

    def _on_tried_sitemap(
        self, response: Response, manifest: Manifest, address: str, rest: list[str], redirects: int = 0
    ) -> CallbackOutput:
        if request := redirect_request(response, redirects):
            then = self._on_tried_sitemap
            yield self.board_request(manifest, request, then, address=address, rest=rest, redirects=redirects + 1)
            return
        # The address is a guess: that nothing is there, or a page that the site shows for any address, is no failure.
        if response.status in (404, 410) or (response.status == 200 and _is_page(response.body)):
            schema_org.reject_access_check(response.body)
            yield self._try_sitemap(manifest, rest)
            return
        yield from self.follow(self.sitemap_of(response, manifest.board), manifest, address)

    def _on_links(self, response: Response, manifest: Manifest, redirects: int = 0) -> CallbackOutput:
        if request := redirect_request(response, redirects):
            yield self.board_request(manifest, request, self._on_links, redirects=redirects + 1)
            return
        try:
            own = self.page(response, manifest.board).postings
        except NoPosting:
            own = ()
        stubs: dict[str, JobPosting] = {}
        for href in html_of(response.body).xpath("//a/@href").getall():
            url = resolved(response.url, href)
            identifier = self.identifier_at(url, manifest.board) if url else None
            if identifier and identifier != _own_page(manifest.board):
                stubs.setdefault(identifier, JobPosting(identifier=identifier, title="", url=url))
        if not own and not stubs:
            raise UnexpectedResponse("no sitemap, no posting on the page, and no link to a page below it")
        manifest.fail(Verdict.INCOMPLETE, _NO_SITEMAP)
        for posting in manifest.add(Page(postings=own, rows=len(own))):
            yield self.to_item(posting, manifest)
        for stub in manifest.add(Page(postings=tuple(stubs.values()), rows=len(stubs))):
            yield from self.on_listed(stub, "", manifest)

    @classmethod
    def identifier_at(cls, url: str, board: Board | None) -> str | None:
        identifier = _identifier(url, board)
        if board is None or _names_sitemap(board):
            return identifier
        if urlsplit(url).hostname != board.organization:
            return None
        parts, top = urlsplit(identifier), board.site or ""
        if parts.path.rstrip("/") == top and not parts.query:
            return _own_page(board)
        return identifier if parts.path.startswith(f"{top}/") or parts.path == top else None

    @classmethod
    def date_in(cls, raw: str) -> datetime | date | None:
        return schema_org.moment(raw)

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        if not _is_page(body):
            what = "an empty body" if not body.strip() else "no HTML page"
            raise UnexpectedResponse(f"expected a job page, got {what}")
        markup = html_of(body)
        found = schema_org.job_postings(markup)
        if not found:
            schema_org.reject_access_check(markup)
            raise NoPosting("no JobPosting on the page")
        address = schema_org.page_address(markup)
        links = [resolved(address, str(data["url"])) if data.get("url") else "" for data in found]
        alone = len(found) == 1 and not _is_on_a_list(links[0], address, board)
        if alone:
            links = [address or links[0]]
        identifiers = _identifiers(found, links, board, alone=alone)
        known = {id(data): (name, link or address) for data, name, link in zip(found, identifiers, links, strict=True)}

        def mapped(data: Mapping[str, Any]) -> JobPosting:
            identifier, url = known[id(data)]
            return schema_org.posting(data, identifier=identifier, url=url)

        return Page.of_records(found, mapped, detail=alone)

    def on_page(self, page: Page, manifest: Manifest, posting: JobPosting, listed: str) -> CallbackOutput:
        for reason in page.unreadable:
            manifest.fail(Verdict.FAILED, f"{posting.url}: {reason}")
        if not page.detail:
            yield from self._several(page, manifest, posting)
            return
        detail = page.postings[0]
        other = detail.identifier
        if other not in (posting.identifier, _own_page(manifest.board)) and _is_listed(other, manifest):
            # A second address of a page that is listed as well.
            self._aliases[manifest].add(other)
            self.count_unlisted(manifest, posting)
            return
        manifest.read_in_detail[posting.identifier] = listed
        detail = dataclasses.replace(detail, identifier=posting.identifier, url=posting.url)
        yield self.to_item(merged(posting, detail), manifest)

    def _several(self, page: Page, manifest: Manifest, posting: JobPosting) -> CallbackOutput:
        """Yield the postings of a page with several: its own or, if it is a list, those without a page."""
        own = next((found for found in page.postings if found.identifier == posting.identifier), None)
        if own:
            yield self.to_item(merged(posting, own), manifest)
            return
        self.count_unlisted(manifest, posting)
        for one in manifest.add(Page(postings=page.postings, rows=len(page.postings), whole=True), posting.url):
            yield self.to_item(one, manifest)

    def to_item(self, posting: JobPosting, manifest: Manifest) -> dict[str, Any]:
        if posting.hiring_organization:
            self._employers[manifest].add(posting.hiring_organization)
        return super().to_item(posting, manifest)

    def conclude(self, manifest: Manifest) -> None:
        employers = self._employers.pop(manifest, set())
        if len(employers) == 1:
            manifest.organization = employers.pop()
        if lost := self._aliases.pop(manifest, set()) - manifest.seen:
            page = min(lost)
            manifest.fail(
                Verdict.INCOMPLETE, f"{page} contains no posting, although another page names it as canonical"
            )
        others = self.others[manifest]
        super().conclude(manifest)
        if manifest.failures or manifest.seen:
            return
        if not (manifest.unlisted or others):
            manifest.fail(Verdict.INCOMPLETE, "the sitemaps name no pages")

    def proves_absence(self, manifest: Manifest) -> bool:
        return manifest.unlisted == {_own_page(manifest.board)} and not _names_sitemap(manifest.board)


def _address(board: Board) -> str:
    return board.url.removeprefix("careers+")


def _names_sitemap(board: Board) -> bool:
    return (board.site or "").endswith((".xml", ".xml.gz"))


def _own_page(board: Board) -> str:
    """Return the identifier of the career page itself."""
    return board.site or "/"


def _is_listed(identifier: str, manifest: Manifest) -> bool:
    return any(identifier in listing.known for listing in manifest.listings.values())


def _is_page(body: bytes) -> bool:
    start = body.removeprefix(codecs.BOM_UTF8).lstrip()[:1000]
    return start.startswith(b"<") and not _FEED.search(start)


def _identifiers(
    found: Sequence[Mapping[str, Any]], links: Sequence[str], board: Board | None, *, alone: bool
) -> list[str]:
    """Return the identifier of each posting on a page: by its address, by what follows a ``#`` in it, by its number."""
    # The last posting on a list keeps the identifier that it had among others.
    pages = [_identifier(link, board) if link and (alone or len(links) > 1) else None for link in links]
    within = [None if alone or "#" not in link else _identifier(link, board, fragment=True) for link in links]
    names = [schema_org.known_by(data) for data in found]
    known = told_apart(names, pages, within, [schema_org.stated_identifier(data) for data in found])
    shared = {name for name, count in Counter(known).items() if count > 1} & set(names)
    texts = (hashlib.sha256(schema_org.prose(data.get("description")).encode()).hexdigest()[:8] for data in found)
    return [f"{name} · {text}" if name in shared else name for name, text in zip(known, texts, strict=True)]


def _is_on_a_list(link: str, address: str, board: Board | None) -> bool:
    """Whether a page's only posting is a part of the board's own page, on which there may be others tomorrow."""
    page, hash_sign, _ = link.partition("#")
    if not hash_sign or board is None or _identifier(page, board).rstrip("/") != (board.site or ""):
        return False
    return not address or _identifier(address, board) == _identifier(page, board)


def _identifier(url: str, board: Board | None, *, fragment: bool = False) -> str:
    """Return a page's address without tracking parameters, and without the host if it is the board's.

    Args:
        url: The address.
        board: The board.
        fragment: Whether the part of the page that the address names belongs to it.
    """
    with contextlib.suppress(ValueError):  # an invalid port: the request will fail
        url = canonicalize_url(url, keep_fragments=fragment)
    parts = urlsplit(url)
    query = [
        (key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(key)
    ]
    bare = parts._replace(query=urlencode(query))
    if board and parts.hostname == board.organization:
        bare = bare._replace(scheme="", netloc="")
    return bare.geturl()
