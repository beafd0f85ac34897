"""BambooHR: a list without descriptions in one response, and a response for each opening."""

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
    BoardUnknown,
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
from postings.facts.dates import iso
from postings.facts.employment import employment_types, kind_in_title, most_specific
from postings.facts.places import place_in, work_model
from postings.facts.salary import parse_salary
from postings.text import plain_text, web_address, words

_MARKETING = re.compile(r"https?://(?:www\.)?bamboohr\.com(?=[/?#]|$)", re.IGNORECASE)
_OPENING = re.compile(r"/careers/(\d+)(?=[/?#]|$)")
_REMOTE = "1"
"""A ``locationType``; the others are 0 (on site) and 2 (hybrid)."""


class BambooHRSpider(BoardSpider):
    """Boards of BambooHR; ``meta.totalCount`` must equal the number of openings.

    A "talent community" is an opening like any other, without a mark that would identify it, and is kept: filtering
    by title is left to the analyst.
    """

    name = "bamboohr"
    vendor = "BambooHR"
    proof = "the reported total equals the number of openings"
    note = "Calls to join a talent community are listed and counted as openings."
    example = "https://giatecscientific.bamboohr.com/careers"
    url_patterns = (
        re.compile(
            r"https?://(?!(?:api|app|help|marketplace|static|www)\.)(?P<company>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)"
            r"\.bamboohr\.com(?:/(?:careers|jobs)(?=[/?#]|$)|/js/embed\.js(?=[?#]|$)|/?(?=[?#]|$))"
        ),
    )

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        company = match["company"]
        return Board(url=f"https://{company}.bamboohr.com/careers", system=cls.name, organization=company)

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        return urlsplit(recording.url).path.removesuffix("/detail").rpartition("/")[2]

    def list_request(self, board: Board, at: Cursor) -> Request:
        return json_get(f"{board.url}/list")

    def needs_detail(self, posting: JobPosting) -> bool:
        return not posting.description

    def detail_request(self, board: Board, posting: JobPosting) -> Request:
        return json_get(f"{board.url}/{posting.identifier}/detail")

    @classmethod
    def status_error(cls, status: int, headers: Mapping[str, str], body: bytes) -> ResponseError | None:
        if 300 <= status < 400 and _MARKETING.match(headers.get("location", "")):
            return BoardUnknown(f"unknown company: HTTP {status} to {headers['location']}")
        return None

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        payload = expect(load_json(body), dict, "the response")
        if payload.get("type") == "not_found":
            raise PostingGone(f"job gone ({payload.get('title')})")
        result = payload.get("result")
        if isinstance(result, dict) and "jobOpening" in result:
            opening = expect(result["jobOpening"], dict, "jobOpening")
            return Page.of_records([opening], detail, detail=True)
        total = expect(expect(payload.get("meta"), dict, "meta").get("totalCount"), int, "meta.totalCount")
        rows = expect(result, list, "result")
        return Page.of_records(rows, lambda record: listed(record, board), reported_total=total, whole=True)


def listed(record: Mapping[str, Any], board: Board | None = None) -> JobPosting:
    """Map one row of the list."""
    identifier = identifier_of(record)
    return _posting(record, identifier, f"{board.url}/{identifier}" if board else "")


def detail(record: Mapping[str, Any]) -> JobPosting:
    """Map an opening's own response, which states its identifier only in its address.

    Raises:
        UnexpectedResponse: The address contains none.
    """
    url = web_address(record.get("jobOpeningShareUrl"))
    found = _OPENING.search(url)
    if not found:
        raise UnexpectedResponse(f"its address contains no identifier ({url!r})")
    return _posting(record, found[1], url)


def _posting(record: Mapping[str, Any], identifier: str, url: str) -> JobPosting:
    title = title_of(record, "jobOpeningName")
    status = words(record.get("employmentStatusLabel"))
    kind = most_specific(status, kind_in_title(title))
    posted, pay = words(record.get("datePosted")), words(record.get("compensation"))
    places = _places(record)
    return JobPosting(
        identifier=identifier,
        title=title,
        url=url,
        description=plain_text(record.get("description")),
        job_location=places,
        job_location_type="TELECOMMUTE" if _is_remote(record) else None,
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        base_salary=parse_salary(pay, yuan=False, places=places),
        base_salary_raw=pay,
        date_posted=iso(posted),
        date_posted_raw=posted,
        employment_unit=words(record.get("departmentLabel")),
    )


def _is_remote(record: Mapping[str, Any]) -> bool:
    if record.get("locationType") is not None:
        return str(record["locationType"]) == _REMOTE
    return record.get("isRemote") is True


def _places(record: Mapping[str, Any]) -> tuple[Place, ...]:
    """Return the office's place, or the region of residence for a remote opening."""
    for location in (record.get("location") or {}, record.get("atsLocation") or {}):
        city, country = words(location.get("city")), words(location.get("addressCountry") or location.get("country"))
        region = words(location.get("state") or location.get("province"))
        # "Remote" as a city is not a place.
        city = None if work_model(city) else city
        if place := place_in(city, region, country, name=", ".join(filter(None, (city, region)))):
            return (place,)
    return ()
