"""Job feeds (RSS, Atom, JSON): one request for the newest postings."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from parsel import Selector
from scrapy import Request

from crawler.bases.board_spider import BoardSpider
from crawler.boards import Board, Cursor
from crawler.manifest import Manifest
from crawler.parsing import schema_org
from crawler.parsing.feeds import read_feed
from crawler.parsing.responses import BoardUnknown, Page, ResponseError
from crawler.spiders.teamtailor import TeamtailorSpider, is_teamtailors
from postings import Verdict
from postings.text import resolved

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.9"
)
_OF_JOBS = re.compile(r"jobs?\b|careers?\b|vacanc|stellen|karriere|招聘|职位", re.IGNORECASE)
_WINDOW = "a feed shows the newest postings only, so postings that left it may still be open"


class FeedSpider(BoardSpider):
    """Job feeds of any company or job board.

    ``feed+https://…`` marks the address of a feed; those of three well-known job boards need no mark. Postings in a
    feed are open; those that left it have either closed or been displaced by newer ones, so that a run is incomplete
    and closes nothing: a posting closes when the deadline that the feed states has passed. The export for Google's
    jobs search (SAP SuccessFactors' ``googlefeed.xml``) holds the whole board, and proves it.
    """

    generic = True
    name = "feed"
    vendor = "RSS, Atom and JSON feeds"
    proof = "never, since a feed shows the newest postings only; a Google jobs export holds the whole board"
    note = (
        "Give any feed's address with `feed+` before it; We Work Remotely, Remote OK and Jobicy need no prefix. "
        "A feed opens postings, and closes them only at their deadline."
    )
    example = "feed+https://weworkremotely.com/categories/remote-design-jobs.rss"
    conditional = True
    filters = frozenset({"count", "geo", "industry", "tag", "tags", "page", "offset", "per_page"})
    url_patterns = (
        re.compile(
            r"feed\+(?P<scheme>https?)://(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)"
            r"(?P<path>/[\w.~!$&'()*+,;=:@%/-]*(?:\?[\w.~!$&'()*+,;=:@%/?\[\]-]*)?)(?=#|$)",
            re.ASCII,
        ),
        *(
            re.compile(rf"(?P<scheme>https?)://(?:www\.)?(?P<host>{host})(?P<path>{path})(?=#|$)", re.ASCII)
            for host, path in (
                (r"weworkremotely\.com", r"/(?:categories/[\w-]+|remote-jobs)\.rss"),
                (r"remoteok\.com", r"/api(?:\?tags?=[\w,+%-]+)?"),
                (r"jobicy\.com", r"/api/v2/remote-jobs(?:\?[\w=&+%-]*)?"),
            )
        ),
    )

    @classmethod
    def boards_on_page(cls, page: Selector, url: str) -> Iterator[tuple[Board, str]]:
        for link in page.xpath("//link[@rel='alternate'][contains(@type, 'rss') or contains(@type, 'feed')]"):
            address, title = resolved(url, link.attrib.get("href", "")), link.attrib.get("title", "")
            if _OF_JOBS.search(f"{address} {title}") and (board := cls.match(f"feed+{address}")):
                yield board, f"feed {title or address}"

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        url = f"feed+{match['scheme']}://{match['host']}{match['path']}"
        return Board(url=url, system=cls.name, organization=match["host"], site=match["path"])

    def list_request(self, board: Board, at: Cursor) -> Request:
        return Request(board.url.removeprefix("feed+"), headers={"Accept": _ACCEPT})

    @classmethod
    def date_in(cls, raw: str) -> datetime | date | None:
        return schema_org.moment(raw)

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        # Its own format states more than RSS has words for.
        if is_teamtailors(body):
            return dataclasses.replace(TeamtailorSpider.read(body, board), more=None)
        return read_feed(body)

    @classmethod
    def status_error(cls, status: int, headers: Mapping[str, str], body: bytes) -> ResponseError | None:
        # We Work Remotely redirects unknown categories without a Location.
        if status in (301, 302) and not headers.get("location"):
            return BoardUnknown(f"HTTP {status} without a Location: no such feed")
        return None

    def conclude(self, manifest: Manifest) -> None:
        if manifest.pages and not manifest.failures and not manifest.listing().whole:
            manifest.fail(Verdict.INCOMPLETE, _WINDOW)
