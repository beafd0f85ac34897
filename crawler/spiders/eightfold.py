"""Eightfold: JSON lists of ten postings per page, by the newer API (PCSX) or, where that is off, by the older one."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from parsel import Selector
from scrapy import Request
from scrapy.http import Response

from crawler.bases.board_spider import BoardSpider, CallbackOutput, json_get
from crawler.boards import ANY_HOST, Board, Cursor
from crawler.captures.recordings import Recording
from crawler.manifest import Manifest
from crawler.parsing.responses import (
    BoardBlocked,
    BoardUnknown,
    Page,
    PostingGone,
    ResponseError,
    UnexpectedResponse,
    expect,
    identifier_of,
    load_json,
    title_of,
    unexpected,
)
from postings import JobPosting, Place
from postings.facts.dates import day, epoch_ms
from postings.facts.employment import employment_types, kind_in_title
from postings.facts.places import place_words, split_places, work_model
from postings.text import joined, plain_text, web_address, words

WINDOW = 2_000
"""Offsets from this one on return no rows."""

_DOMAIN = r"domain=(?P<domain>[\w.-]+)(?=[&#]|$)"
_PATHS = r"(?:/careers(?:/[^?#]*)?|/api/(?:pcsx|apply/v2)/[^?#]*)"
_GROUP = re.compile(rb"""_EF_GROUP_ID\s*=\s*["']([\w.-]+)["']""")
_OWN_GROUPS = {"volkscience.com", "eightfold.ai"}
"""Eightfold's own domains, which the page of a host without a board can name."""

_NO_GROUP = b"Group ID not found"
_JOB_GONE = re.compile(r"position not found|job with id .{1,80} not found", re.IGNORECASE)
_KIND_FIELD = re.compile(r"time_?type|employment_?type|worker_?type|contract_?type", re.IGNORECASE)


class EightfoldSpider(BoardSpider):
    """Boards of Eightfold, on eightfold.ai or a company's own host; ``domain`` identifies the company."""

    name = "eightfold"
    vendor = "Eightfold"
    proof = "the reported total equals the number of distinct postings, and the first page is unchanged at the end"
    note = (
        "A list of 2,000 or more is read by its longest filter, and is complete if the filter's values hold as many "
        "postings together; with the older API it stays incomplete."
    )
    example = "https://morganstanley.eightfold.ai/careers?domain=morganstanley.com"
    window = WINDOW
    url_patterns = (
        re.compile(
            r"https?://(?P<host>(?!(?:www|app|api|static)\.)[a-z\d][a-z\d-]*\.eightfold\.ai)"
            rf"(?:{_PATHS}|/?)(?=[?#]|$)(?:\?(?:[^#]*&)?{_DOMAIN})?",
            re.ASCII,
        ),
    )
    path_patterns = (re.compile(rf"https?://{ANY_HOST}{_PATHS}\?(?:[^#]*&)?{_DOMAIN}", re.ASCII),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._domains: dict[str, str] = {}
        self._older: set[str] = set()

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        host, domain = match["host"], (match["domain"] or "").lower()
        url = f"https://{host}/careers" + (f"?domain={domain}" if domain else "")
        organization = domain or host.partition(".")[0]
        return Board(url=url, system=cls.name, organization=organization, site=domain or None, instance=host)

    @classmethod
    def boards_on_page(cls, page: Selector, url: str) -> Iterator[tuple[Board, str]]:
        # The address of a company's own host identifies it with the domain only, which the page states.
        script = "\n".join(page.xpath("//script/text()").getall())
        found = _GROUP.search(script.encode())
        if found and (domain := found[1].decode().lower()) not in _OWN_GROUPS:
            host = urlsplit(url).hostname or ""
            if board := cls.match(f"https://{host}/careers?{urlencode({'domain': domain})}"):
                yield board, found[0].decode()

    @classmethod
    def board_of(cls, recording: Recording) -> Board | None:
        return cls.match(f"{recording.url}?{urlencode({'domain': (recording.query.get('domain') or ('',))[0]})}")

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        return (recording.query.get("position_id") or (super().posting_of(recording),))[0]

    @classmethod
    def is_filtered(cls, recording: Recording) -> bool:
        return any(
            any(values)
            for key, values in recording.query.items()
            if key in ("query", "location") or key.startswith("filter_")
        )

    def first_requests(self, manifest: Manifest) -> Iterator[Request]:
        if manifest.board.site:
            yield self._first_page(manifest)
        else:
            yield self.board_request(manifest, Request(manifest.board.url), self._on_page)

    def _on_page(self, response: Response, manifest: Manifest) -> CallbackOutput:
        if response.status != 200:
            self.page(response, manifest.board)  # raises what such a response means
        self._domains[manifest.board.url] = domain_of(response.body)
        yield self._first_page(manifest)

    def _first_page(self, manifest: Manifest) -> Request:
        return self.board_request(manifest, self.list_request(manifest.board, Cursor()), self._on_first_page)

    def _on_first_page(self, response: Response, manifest: Manifest) -> CallbackOutput:
        # The message states which of the two APIs the company has; any other 403 is a block.
        if response.status == 403 and "pcsx" in _message(response.body).lower():
            self._older.add(manifest.board.url)
            yield self.list_page(manifest)
        else:
            yield from self.on_list(response, manifest, at=Cursor(), empty=0)

    def list_request(self, board: Board, at: Cursor) -> Request:
        if board.url in self._older:
            return self._api(board, "apply/v2/jobs", start=at.offset, num=10)
        # Without a location it would be guessed from where the request comes from.
        request = self._api(board, "pcsx/search", query="", location="", start=at.offset)
        return request.replace(url=f"{request.url}&{at.part}") if at.part else request

    def needs_detail(self, posting: JobPosting) -> bool:
        return not posting.description

    def detail_request(self, board: Board, posting: JobPosting) -> Request:
        if board.url in self._older:
            return self._api(board, f"apply/v2/jobs/{posting.identifier}")
        return self._api(board, "pcsx/position_details", position_id=posting.identifier, hl="en")

    def _api(self, board: Board, path: str, **how: Any) -> Request:
        domain = board.site or self._domains.get(board.url, "")
        return json_get(f"https://{board.instance}/api/{path}?{urlencode({'domain': domain, **how})}")

    @classmethod
    def status_error(cls, status: int, headers: Mapping[str, str], body: bytes) -> ResponseError | None:
        if status == 405:
            return BoardBlocked("HTTP 405, a permanent block by Eightfold")
        return BoardBlocked(f"HTTP 403: {message}") if status == 403 and (message := _message(body)) else None

    @classmethod
    def date_in(cls, raw: str) -> datetime | date | None:
        try:
            return day(epoch_ms(round(float(raw) * 1000)))  # seconds, not milliseconds
        except (ValueError, OverflowError):
            return None

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        if _NO_GROUP in body:
            raise BoardUnknown("unknown board (Group ID not found)")
        payload = expect(load_json(body), dict, "the response")
        data = expect(payload.get("data", payload), dict, "data")
        if "positions" in data:
            return Page.of_records(
                expect(data["positions"], list, "positions"),
                lambda record: posting(record, board),
                stamp=lambda record: record.get("t_update"),
                reported_total=expect(data.get("count"), int, "count"),
                parts=_parts(data),
            )
        if "id" in data and "name" in data:
            return Page.of_records([data], lambda record: posting(record, board), detail=True)
        message = _message(body)
        if _JOB_GONE.search(message):
            raise PostingGone(f"job gone ({message})")
        if "PCSX" in message:
            raise BoardBlocked(f"the API is not public ({message})")
        raise UnexpectedResponse(f"neither a list of positions nor a position ({message or 'no message'})")


def domain_of(body: bytes) -> str:
    """Return the ``domain`` that a careers page names; the host does not contain it (aexp.eightfold.ai is aexp.com's).

    Raises:
        ResponseError: The page names none, or Eightfold's own, as on a host without a board.
    """
    found = _GROUP.search(body)
    if not found:
        if _NO_GROUP in body:
            raise BoardUnknown("unknown board (Group ID not found)")
        raise unexpected(body, "a careers page that names its domain")
    domain = found[1].decode().lower()
    if domain in _OWN_GROUPS:
        raise BoardUnknown(f"not a customer's host: its page names {domain}, which is Eightfold itself")
    return domain


def posting(record: Mapping[str, Any], board: Board | None = None) -> JobPosting:
    """Map a position of either API; they have different names for the same fields."""
    title = title_of(record, "name")
    posted = record.get("postedTs") or record.get("t_create")
    kind = _kind(record) or kind_in_title(title)
    locations = [name for name in record.get("locations") or [record.get("location")] if isinstance(name, str)]
    model = words(record.get("workLocationOption")) or words(record.get("work_location_option"))
    model = model.replace("_", " ") if model else None
    return JobPosting(
        identifier=identifier_of(record),
        title=title,
        url=_url(record, board),
        description=plain_text(record.get("jobDescription") or record.get("job_description")),
        job_location=_places(locations, record.get("standardizedLocations")),
        job_location_type=work_model(model or "; ".join(locations)),
        job_location_raw=place_words(*locations, model=model),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        # 0 if not known.
        date_posted=EightfoldSpider.date_in(str(posted)) if posted else None,
        date_posted_raw=str(posted) if posted else None,
        employment_unit=joined(record.get("business_unit"), record.get("department")),
    )


def _message(body: bytes) -> str:
    """Return the error message of a response; "" without one."""
    with contextlib.suppress(ValueError):
        payload = json.loads(body)
        if isinstance(payload, dict):
            error = payload.get("error")
            return words(payload.get("message")) or words(error.get("message") if isinstance(error, dict) else "") or ""
    return ""


def _parts(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the values of the longest filter; none if the list is filtered already."""
    definition = data.get("filterDef")
    if data.get("appliedFilters") or not isinstance(definition, dict):
        return ()
    filters = {
        item["filterName"]: [option["value"] for option in item.get("options") or ()]
        for item in definition.get("smartFilters") or ()
        if item.get("type") == "multi_select"
    }
    name = max(filters, key=lambda name: len(filters[name]), default="")
    return tuple(urlencode({f"filter_{name}": value}) for value in filters.get(name, ()))


def _url(record: Mapping[str, Any], board: Board | None) -> str:
    path = words(record.get("positionUrl"))
    if board and path and path.startswith("/"):
        return f"https://{board.instance}{path}"
    return web_address(record.get("publicUrl")) or web_address(record.get("canonicalPositionUrl"))


def _kind(record: Mapping[str, Any]) -> str | None:
    """Return the kind of employment from an employer's own field, e.g. ``efcustomTextTextTimeType: ["Full time"]``."""
    for key, value in record.items():
        if _KIND_FIELD.search(key):
            value_raw = joined(*(value if isinstance(value, list) else [value]))
            if employment_types(value_raw):
                return value_raw
    return None


def _places(locations: list[str], standard: Any) -> tuple[Place, ...]:
    """Return the places, with their standard forms ("Bengaluru, KA, IN") if there are as many of both.

    Some employers' standard forms are JSON within the JSON.
    """
    if isinstance(standard, str):
        with contextlib.suppress(ValueError):
            standard = json.loads(standard)
    if not isinstance(standard, list) or len(standard) != len(locations):
        standard = [None] * len(locations)
    return tuple(
        dict.fromkeys(
            _place(name, words(form))
            for location, form in zip(locations, standard, strict=True)
            for name in split_places(location)
        )
    )


def _place(name: str, form: str | None) -> Place:
    parts = [part.strip() for part in (form or "").split(",")]
    if not re.fullmatch("[A-Z]{2}", parts[-1]):
        return Place(name=name)
    city, region = parts[:2] if len(parts) == 3 else (None, None)
    return Place(name=name, address_locality=city, address_region=region, address_country=parts[-1])
