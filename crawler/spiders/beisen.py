"""Beisen: a tenant's iTalent portal lists all its postings as JSON with full descriptions, paged by number."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from scrapy import Request

from crawler.bases.board_spider import BoardSpider, json_post
from crawler.boards import Board, Cursor
from crawler.captures.recordings import Recording
from crawler.parsing.responses import Page, PostingGone, UnexpectedResponse, expect, identifier_of, load_json, title_of
from postings import JobPosting, Place
from postings.facts.dates import BEIJING, epoch_ms, iso
from postings.facts.employment import employment_types, kind_in_title
from postings.facts.places import work_model
from postings.facts.salary import count_of, parse_salary
from postings.text import clean_text, joined, words

PAGE_SIZE = 100
"""Postings per request; the portal's own pages request 20."""

# Fields not named here come back empty. The recruiter's QR code, which the pages request too, is personal data.
_FIELDS = ("Category", "Kind", "LocId", "PostDate", "Salary", "Org", "HeadCount", "Degree", "ClassificationOne")
_CHANNELS = {"1": "social", "2": "campus", "3": "intern"}
_STOPPED = 2


class BeisenSpider(BoardSpider):
    """Portals of Beisen's iTalent; without a category the list contains all of them."""

    name = "beisen"
    vendor = "Beisen"
    proof = "the reported count equals the number of distinct postings, and the first page is unchanged at the end"
    note = (
        "Chinese; a board is the whole portal: social, campus and every programme. "
        "Older portals (with pages such as /zpdetail or /job_show) are not read."
    )
    example = "https://unitree.zhiye.com"
    filters = frozenset({"Category", "KeyWords", "LocId", "Kind", "ClassificationOne", "ClassificationTwo"})
    url_patterns = (re.compile(r"https?://(?P<tenant>(?!www\.)[a-z0-9][a-z0-9-]*)\.zhiye\.com(?=[/?#]|$)", re.ASCII),)

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        tenant = match["tenant"]
        return Board(url=f"https://{tenant}.zhiye.com", system=cls.name, organization=tenant)

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        query = {key.lower(): values for key, values in recording.query.items()}
        return next(iter(query.get("jobadid", ())), "")

    def list_request(self, board: Board, at: Cursor) -> Request:
        body = {
            "PageIndex": at.page,
            "PageSize": PAGE_SIZE,
            "KeyWords": "",
            "SpecialType": 0,
            "PortalId": "",
            "DisplayFields": list(_FIELDS),
        }
        return json_post(f"{board.url}/api/Jobad/GetJobAdPageList", body)

    yuan = True
    zone = BEIJING

    @classmethod
    def employment_in(cls, raw: str) -> tuple[str, ...]:
        return next(filter(None, map(employment_types, reversed(raw.split(" / ")))), ())  # category / kind

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        payload = expect(load_json(body), dict, "the response")
        if payload.get("Code") != 200:
            raise UnexpectedResponse(f"Beisen returned code {payload.get('Code')} {payload.get('Message')}")
        data = payload.get("Data")
        if isinstance(data, dict) and "JobAdName" in data:
            return _own_page(data, board)
        return Page.of_records(
            expect(data, list, "Data"),
            lambda record: posting(record, board),
            key="Id",
            listed=lambda record: record.get("Status") != _STOPPED,
            # Total is always 0.
            reported_total=expect(payload.get("Count"), int, "Count"),
        )


def posting(record: Mapping[str, Any], board: Board | None = None) -> JobPosting:
    """Map a record of the list or of a posting's own page; ``JobAdId`` is not part of any address."""
    identifier = identifier_of(record, "Id")
    title = title_of(record, "JobAdName")
    category, kind = words(record.get("Category")), words(record.get("Kind"))
    kind_raw = next(filter(employment_types, (kind, category, kind_in_title(title))), None)
    places = _places(record)
    salary = words(record.get("Salary"))
    posted = words(record.get("PostDate"))
    number = record.get("PostDateInt")
    date_posted = iso(posted, zone=BEIJING) or epoch_ms(number)
    channel = _CHANNELS.get(str(record.get("CategoryId")), words(str(record.get("CategoryId") or "")) or "social")
    return JobPosting(
        identifier=identifier,
        title=title,
        url=f"{board.url}/{channel}/detail?jobAdId={identifier}" if board else "",
        # Plain text with HTML entities.
        description="\n\n".join(filter(None, (_text(record.get(key)) for key in ("Duty", "Require")))),
        job_location=places,
        job_location_type=next(filter(None, (work_model(place.name) for place in places)), None),
        employment_type=employment_types(kind_raw),
        employment_type_raw=joined(category, kind, kind_raw),
        base_salary=parse_salary(salary),
        base_salary_raw=salary,
        date_posted=date_posted,
        date_posted_raw=(posted if iso(posted, zone=BEIJING) else str(number)) if date_posted else None,
        valid_through=iso(record.get("EndTime"), zone=BEIJING),
        total_job_openings=count_of(record.get("HeadCount")),
        employment_unit=words(record.get("Org")),
        occupational_category=words(record.get("ClassificationOne")),
        education_requirements=words(record.get("Degree")),
    )


def _own_page(data: Mapping[str, Any], board: Board | None) -> Page:
    if data.get("Status") == _STOPPED:
        gone = PostingGone("the posting is closed (Status 2)")
        gone.identifier = identifier_of(data, "Id")
        raise gone
    return Page.of_records([data], lambda record: posting(record, board), detail=True)


def _text(value: Any) -> str:
    return clean_text(html.unescape(value)) if isinstance(value, str) else ""


def _places(record: Mapping[str, Any]) -> tuple[Place, ...]:
    names = expect(record.get("LocNames") or [], list, "LocNames")
    several = (name for value in names for name in re.split(r"[,，;；、]", words(value) or ""))
    return tuple(_place(name) for name in dict.fromkeys(map(str.strip, several)) if name)


def _place(name: str) -> Place:
    """Parse ``浙江省·杭州市·滨江区``, from the province down; other values may start with a country."""
    first, *below = (part.strip() for part in name.split("·"))
    if below and first.endswith(("省", "市", "区")):
        return Place(name=name, address_region=first, address_locality=below[-1])
    return Place(name=name)
