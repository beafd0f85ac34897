"""Tencent (careers.tencent.com): the group's own site, with a list paged by number and a page per posting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request

from crawler.bases.board_spider import BoardSpider, json_get
from crawler.boards import Board, Cursor
from crawler.captures.recordings import Recording
from crawler.parsing.responses import (
    Page,
    PostingGone,
    ResponseError,
    UnexpectedResponse,
    expect,
    identifier_of,
    load_json,
    title_of,
)
from postings import JobPosting, Place
from postings.facts.employment import employment_types, kind_in_title
from postings.text import joined, plain_text, web_address, words

PAGE_SIZE = 100
"""The largest page size known to work."""

_HOME = "https://careers.tencent.com"
_OFFLINE = "E1005"


class TencentSpider(BoardSpider):
    """Tencent's only board. The list lacks the requirements, so every posting's own page is read."""

    name = "tencent"
    vendor = "Tencent"
    proof = "the reported total equals the number of distinct postings, and the first page is unchanged at the end"
    note = "Experienced hires of the whole group in one list; students are on another site (join.qq.com)."
    example = _HOME
    filters = frozenset(
        {"countryId", "cityId", "bgIds", "productId", "categoryId", "parentCategoryId", "attrId", "keyword"}
    )
    url_patterns = (re.compile(r"https?://careers\.tencent\.com(?=[/?#]|$)"),)

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        return Board(url=_HOME, system=cls.name, organization="tencent")

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        return next(iter(recording.query.get("postId", ())), "")

    @classmethod
    def status_error(cls, status: int, headers: Mapping[str, str], body: bytes) -> ResponseError | None:
        # An offline posting returns HTTP 500.
        return _gone() if status == 500 and _OFFLINE.encode() in body else None

    def list_request(self, board: Board, at: Cursor) -> Request:
        query = f"pageIndex={at.page + 1}&pageSize={PAGE_SIZE}&language=zh-cn&area=cn"
        return json_get(f"{_HOME}/tencentcareer/api/post/Query?{query}")

    def needs_detail(self, posting: JobPosting) -> bool:
        # Some postings are only announced here and belong to a Workday board.
        return posting.url.startswith(_HOME)

    def detail_request(self, board: Board, posting: JobPosting) -> Request:
        query = f"postId={posting.identifier}&language=zh-cn"
        return json_get(f"{_HOME}/tencentcareer/api/post/ByPostId?{query}")

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        payload = expect(load_json(body), dict, "the response")
        if payload.get("Code") != 200:
            if _OFFLINE.encode() in body:
                raise _gone()
            raise UnexpectedResponse(f"Tencent returned Code {payload.get('Code')}")
        data = expect(payload.get("Data"), dict, "Data")
        if "Posts" not in data:
            return Page.of_records([data], posting, key="PostId", detail=True)
        return Page.of_records(
            # After the end, and on an empty board, it is null.
            expect(data["Posts"], list, "Posts") if data["Posts"] is not None else [],
            posting,
            listed=lambda record: record.get("IsValid") is not False,
            key="PostId",
            stamp=lambda record: record.get("LastUpdateTime"),
            reported_total=expect(data.get("Count"), int, "Count"),
        )


def posting(record: Mapping[str, Any]) -> JobPosting:
    """Map a post of the list or of a detail response; its only date is that of the last edit, not of posting."""
    identifier = identifier_of(record, "PostId")
    title = title_of(record, "RecruitPostName")
    kind = kind_in_title(title)
    city, country = words(record.get("LocationName")), words(record.get("CountryName"))
    place = city or country
    texts = (plain_text(record.get(key)) for key in ("Responsibility", "Requirement", "ImportantItem"))
    return JobPosting(
        identifier=identifier,
        title=title,
        url=_elsewhere(record) or f"{_HOME}/jobdesc.html?postId={identifier}",
        description="\n\n".join(filter(None, texts)),
        hiring_organization=words(record.get("ComName")),
        job_location=(Place(name=place, address_locality=city, address_country=country),) if place else (),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        employment_unit=joined(record.get("BGName"), record.get("ProductName")),
        occupational_category=words(record.get("CategoryName")),
    )


def _elsewhere(record: Mapping[str, Any]) -> str:
    """Return the address of a post on another system (``SourceID`` 4: Workday); "" for Tencent's own.

    On its own site ``PostURL`` is plain HTTP, sometimes with four slashes, and adds nothing to the identifier.
    """
    address = web_address(record.get("PostURL"))
    host = urlsplit(address).hostname or ""
    return "" if host == "careers.tencent.com" else address


def _gone() -> PostingGone:
    return PostingGone(f"posting offline ({_OFFLINE})")
