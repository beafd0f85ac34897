"""Alibaba's portals, one per business: a list paged by number that requires a token in cookie, header and address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.bases.board_spider import BoardSpider, CallbackOutput, json_post
from crawler.boards import Board, Cursor
from crawler.manifest import Manifest
from crawler.parsing.responses import Page, UnexpectedResponse, expect, identifier_of, load_json, title_of
from postings import JobPosting, Place
from postings.facts.dates import epoch_ms
from postings.facts.employment import employment_types, kind_in_title
from postings.text import clean_text, joined, resolved, words

PAGE_SIZE = 100

_PORTALS = {
    "talent.alibaba.com": "alibaba",
    "talent-holding.alibaba.com": "alibaba-holding",
    "careers.aliyun.com": "aliyun",
    "aidc-jobs.alibaba.com": "aidc",
    "careers-tongyi.alibaba.com": "tongyi",
    "talent.quark.cn": "quark",
    "talent.taotian.com": "taotian",
    "talent.amap.com": "amap",
    "talent.dingtalk.com": "dingtalk",
    "talent.ele.me": "eleme",
    "cn-jobs.cainiao.com": "cainiao",
    "hire.freshippo.com": "freshippo",
    "jobs.hujing-dme.com": "hujing",
}
"""The business of each portal, by host."""
_PATHS = {"aidc-jobs.alibaba.com": "/zh"}
_TOKEN_IN_PAGE = re.compile(rb"""__token__["']?\s{0,9}[:=]\s{0,9}["']([\w-]{8,64})["']""")
_TRACKING = {"track_id", "trackid"}


class AlibabaSpider(BoardSpider):
    """Portals of the Alibaba group for experienced hires; the list includes the full descriptions."""

    name = "alibaba"
    vendor = "Alibaba"
    proof = "the reported total equals the number of distinct postings, and the first page is unchanged at the end"
    note = (
        "Each business has a portal of its own (Qwen: careers-tongyi.alibaba.com); experienced hires only. "
        "careers.aliyun.com serves at most 500 postings, so a longer list there is never complete."
    )
    example = "https://careers-tongyi.alibaba.com"
    filters = frozenset({"key", "categories", "subCategories", "regions", "deptCodes", "batchId"})
    url_patterns = (
        # A portal's campus pages are another list, filtered by recruiting season.
        re.compile(
            rf"https?://(?P<host>{'|'.join(map(re.escape, _PORTALS))})(?!/(?:zh/|en/)?campus(?:[/?#]|$))(?=[/?#]|$)"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sessions: dict[str, tuple[str, str]] = {}

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        host = match["host"]
        url = f"https://{host}{_PATHS.get(host, '')}"
        return Board(url=url, system=cls.name, organization=_PORTALS[host], instance=host)

    def first_requests(self, manifest: Manifest) -> Iterator[Request]:
        page = f"{manifest.board.url}/off-campus/position-list?lang=zh"
        yield self.board_request(manifest, Request(page), self._on_portal_page)

    def _on_portal_page(self, response: Response, manifest: Manifest) -> CallbackOutput:
        """Store the session that the portal's page opens: the list requires its token."""
        cookies = _cookies(response)
        found = _TOKEN_IN_PAGE.search(response.body)
        token = cookies.get("XSRF-TOKEN") or (found[1].decode() if found else "")
        if response.status != 200 or not token:
            self.page(response, manifest.board)  # raises the specific error, if there is one
            raise UnexpectedResponse("the portal's page sets no token, which the list requires")
        cookies["XSRF-TOKEN"] = token
        self._sessions[manifest.board.url] = token, "; ".join(f"{name}={value}" for name, value in cookies.items())
        yield self.list_page(manifest)

    def list_request(self, board: Board, at: Cursor) -> Request:
        token, cookies = self._sessions.get(board.url, ("", ""))
        data = {
            "channel": "group_official_site",
            "language": "zh",
            "batchId": "",
            "categories": "",
            "deptCodes": [],
            "key": "",
            "pageIndex": at.page + 1,
            "pageSize": PAGE_SIZE,
            "regions": "",
            "subCategories": "",
        }
        request = json_post(f"{board.url}/position/search?{urlencode({'_csrf': token})}", data)
        request.headers.update({"Cookie": cookies, "X-XSRF-TOKEN": token})
        return request

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        payload = expect(load_json(body), dict, "the response")
        if payload.get("success") is not True:
            raise UnexpectedResponse(f"Alibaba reported a failure ({words(payload.get('errorMsg'))})")
        content = expect(payload.get("content"), dict, "content")
        if "datas" not in content and "name" in content:
            return Page.of_records([content], lambda record: posting(record, board), detail=True)
        return Page.of_records(
            # pageSize and currentPage are unreliable: careers.aliyun.com always returns 500 and 1.
            expect(content.get("datas"), list, "datas"),
            lambda record: posting(record, board),
            reported_total=expect(content.get("totalCount"), int, "totalCount"),
        )


def posting(record: Mapping[str, Any], board: Board | None = None) -> JobPosting:
    """Map a position of the list or of a detail response; its texts are plain text."""
    identifier = identifier_of(record)
    title = title_of(record, "name")
    kind = kind_in_title(title)
    places = dict.fromkeys(filter(None, map(words, record.get("workLocations") or ())))
    published = record.get("publishTime")
    return JobPosting(
        identifier=identifier,
        title=title,
        url=_address(record, identifier, board),
        description="\n\n".join(filter(None, (clean_text(record.get(key)) for key in ("description", "requirement")))),
        job_location=tuple(Place(name=name, address_locality=name) for name in places),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        # modifyTime changes on every edit, so it is not the date of posting.
        date_posted=epoch_ms(published),
        date_posted_raw=str(published) if published else None,
        employment_unit=words(record.get("department")),
        occupational_category=joined(*(record.get("categories") or ())),
        education_requirements=words(record.get("degree")),
    )


def _address(record: Mapping[str, Any], identifier: str, board: Board | None) -> str:
    """Return the address of the position's page without its tracking id, which differs in every response."""
    base = board.url if board else "https://talent.alibaba.com"
    page = f"{base}/off-campus/position-detail?positionId={identifier}"
    given = words(record.get("positionUrl"))
    if not given or not (found := resolved(page, given)):
        return page
    parts = urlsplit(found)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in _TRACKING]
    return parts._replace(query=urlencode(kept)).geturl()


def _cookies(response: Response) -> dict[str, str]:
    """Return the cookies that a response sets."""
    cookies: dict[str, str] = {}
    for header in response.headers.getlist("Set-Cookie"):
        try:
            cookies |= {name: morsel.coded_value for name, morsel in SimpleCookie(header.decode("latin-1")).items()}
        except CookieError:
            continue
    return cookies
