"""Workday: the JSON API of its career sites, twenty rows per page, with a count that stops at two thousand."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.settings.default_settings import RETRY_HTTP_CODES

from crawler.bases.board_spider import BoardSpider, json_get, json_post
from crawler.boards import Board, Cursor
from crawler.captures.recordings import Recording
from crawler.parsing.responses import (
    BoardUnknown,
    Page,
    PostingGone,
    ResponseError,
    UnexpectedResponse,
    expect,
    load_json,
    title_of,
)
from postings import JobPosting, Place, Verdict
from postings.facts.dates import iso
from postings.facts.employment import employment_types, kind_in_title
from postings.facts.places import place_words, split_places, work_model
from postings.text import plain_text, web_address, words

PAGE_SIZE = 20
"""The largest page size of every tenant: above it some return 400, and others an empty list."""

WINDOW = 2_000
"""The count at which many tenants stop; rows beyond it are served, repeated or left out."""

_POD = r"wd\d{1,3}"
_JOBS_HOST = rf"(?P<host>(?P<label>[a-z0-9][a-z0-9_-]*)\.{_POD}\.myworkdayjobs\.com)"
_SITE_HOST = rf"(?P<host>{_POD}\.myworkdaysite\.com)"
_LOCALE = r"(?:[a-z]{2}(?:-[A-Z]{2})?/)?"
# A site can be called what paths are made of, "jobs" or "job"; without their site, these are no addresses of a site.
_NO_SITE = (
    r"(?!(?:wday|recruiting|login|userHome|[a-z]{2}-[A-Z]{2})(?:[/?#]|$)"
    r"|(?:job|details)/(?!(?:job|jobs|details)(?:[/?#]|$)))"
)
_SITE = rf"(?P<site>{_NO_SITE}\w[\w-]*)(?=[/?#]|$)"
_TENANT = r"(?P<tenant>\w[\w-]*)"
# "2 Locations", in any language.
_COUNT_OF_PLACES = re.compile(r"\d+\s?[^\W\d_]+")


class _NotThere(PostingGone):
    """A 404: the posting whose page was requested, or else the site, does not exist."""

    verdict = Verdict.GONE


class WorkdaySpider(BoardSpider):
    """Career sites of Workday; tenant, data centre and site, all case-sensitive, identify a board."""

    name = "workday"
    vendor = "Workday"
    proof = (
        "the first page's total, or beyond 2,000 the size that two facets agree on, equals the number of distinct "
        "postings"
    )
    note = "Where a tenant's name is not that of its host, give the address of its API (…/wday/cxs/TENANT/SITE)."
    example = "https://nvidia.wd5.myworkdayjobs.com/NVIDIAExternalCareerSite"
    window = WINDOW
    later_totals = False
    filters = frozenset({"appliedFacets", "searchText"})
    # Now and then a tenant returns 303 without a Location for a moment; repeating the request helps.
    custom_settings = {"RETRY_HTTP_CODES": [*RETRY_HTTP_CODES, 303]}  # noqa: RUF012 - Scrapy's own declaration
    url_patterns = tuple(
        re.compile(rf"https?://{form}", re.ASCII)
        for form in (
            rf"{_JOBS_HOST}/wday/cxs/{_TENANT}/{_SITE}",
            rf"{_JOBS_HOST}/{_LOCALE}{_SITE}",
            rf"{_SITE_HOST}/{_LOCALE}(?:recruiting|wday/cxs)/{_TENANT}/{_SITE}",
        )
    )

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        found = match.groupdict()
        host, site, label = found["host"], found["site"], found.get("label")
        tenant = found.get("tenant") or str(label)
        if label is None:
            url = f"https://{host}/recruiting/{tenant}/{site}"
        elif tenant == label:
            url = f"https://{host}/{site}"
        else:
            # A host name has no capitals or underscores, so only the path can name such a tenant.
            url = f"https://{host}/wday/cxs/{tenant}/{site}"
        return Board(url=url, system=cls.name, organization=tenant, site=site, instance=host)

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        return _identifier(urlsplit(recording.url).path)

    def list_request(self, board: Board, at: Cursor) -> Request:
        facet, _, value = at.part.partition("=")
        applied = {facet: [value]} if value else {}
        data = {"appliedFacets": applied, "limit": PAGE_SIZE, "offset": at.offset, "searchText": ""}
        return json_post(f"{_api(board)}/jobs", data)

    def needs_detail(self, posting: JobPosting) -> bool:
        return not posting.description

    def detail_request(self, board: Board, posting: JobPosting) -> Request:
        return json_get(_api(board) + posting.url.removeprefix(_pages(board)))

    def read_detail(self, page: Page, listed: JobPosting) -> JobPosting:
        # A requisition on several sites has a suffix on each, which its own page need not repeat.
        if [_requisition(detail.identifier) for detail in page.postings] != [_requisition(listed.identifier)]:
            raise UnexpectedResponse(f"not the page of posting {listed.identifier}")
        return dataclasses.replace(page.postings[0], identifier=listed.identifier, url=listed.url)

    @classmethod
    def status_error(cls, status: int, headers: Mapping[str, str], body: bytes) -> ResponseError | None:
        try:
            payload = load_json(body)
        except ResponseError:
            return None
        code = payload.get("errorCode") if isinstance(payload, dict) else None
        if status == 403 and code == "S22":
            return PostingGone("posting closed (S22)")
        if status in (401, 422) and code:
            return BoardUnknown(f"unknown tenant or site ({code}); both are case-sensitive")
        if status == 404 and code:
            return _NotThere(f"no such posting or site ({code})")
        return None

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        payload = expect(load_json(body), dict, "the response")
        if "jobPostingInfo" in payload:
            return Page.of_records([payload], lambda record: detailed(record, board), detail=True)
        rows = expect(payload.get("jobPostings"), list, "jobPostings")
        # Pages after the first may state a total of 0; a limit that is too large returns no total.
        total = expect(payload.get("total"), int, "total") if payload.get("total") or not rows else None
        parts: tuple[str, ...] = ()
        if total is not None and total >= WINDOW:
            size, parts = division(payload.get("facets") or ())
            total = max(total, size)
        return Page.of_records(
            rows,
            lambda record: posting(record, board),
            # "3 Locations" is not a place, but it changes when a place is added.
            stamp=lambda record: record.get("locationsText"),
            reported_total=total,
            parts=parts,
            # A list that is longer than its total goes on after it.
            more=True if len(rows) >= PAGE_SIZE else None,
        )


def posting(record: Mapping[str, Any], board: Board | None = None) -> JobPosting:
    """Map a row of the list, without its age, which changes every day."""
    path = record.get("externalPath")
    if not isinstance(path, str) or not path.startswith("/"):
        raise UnexpectedResponse(f"the row {record.get('bulletFields')} has no externalPath")
    location = words(record.get("locationsText"))
    return JobPosting(
        identifier=_identifier(path),
        url=web_address(_pages(board) + path) if board else "",
        **_shared(record, () if _COUNT_OF_PLACES.fullmatch(location or "") else (location,)),
    )


def detailed(payload: Mapping[str, Any], board: Board | None = None) -> JobPosting:
    """Map the response for a posting."""
    record = expect(payload["jobPostingInfo"], dict, "jobPostingInfo")
    link = web_address(record.get("externalUrl"))
    locations = [record.get("location"), *(record.get("additionalLocations") or ())]
    return JobPosting(
        identifier=_identifier(words(record.get("jobPostingId")) or urlsplit(link).path),
        url=link,
        description=plain_text(record.get("jobDescription")),
        hiring_organization=words((payload.get("hiringOrganization") or {}).get("name")),
        valid_through=iso(record.get("endDate")),
        **_shared(record, list(map(words, locations)), _country(record)),
    )


def division(facets: Sequence[Mapping[str, Any]]) -> tuple[int, tuple[str, ...]]:
    """Return the size of a board whose total is capped, and the parts to request it in.

    A facet with exactly one value per job adds up to the size, and so does every other such facet; one that omits
    jobs or counts them twice has a sum of its own. Only a facet whose values are all below the cap is used, preferably
    one that adds up to the size.

    Returns:
        Zero and no parts if no two facets agree, or if none has only values below the cap.
    """
    counts = {name: values for facet in facets for name, values in _leaves(facet)}
    sums = {name: sum(values.values()) for name, values in counts.items()}
    agreed = [(agreeing, size) for size, agreeing in Counter(sums.values()).items() if agreeing > 1]
    if not agreed:
        return 0, ()
    _, size = max(agreed)
    short = [name for name, values in counts.items() if max(values.values()) < WINDOW]
    if not short:
        return 0, ()
    best = min(short, key=lambda name: (sums[name] != size, sums[name] < size, len(counts[name])))
    return size, tuple(f"{best}={value}" for value in counts[best])


def _leaves(facet: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield each facet's name and its counts by value, including facets in groups."""
    values = expect(facet.get("values") or [], list, "a facet's values")
    for value in values:
        if value.get("values"):
            yield from _leaves(value)
    counts = {value.get("id"): value.get("count") for value in values if not value.get("values")}
    counted = all(isinstance(key, str) and isinstance(count, int) for key, count in counts.items())
    if facet.get("facetParameter") and counted and any(counts.values()):
        yield str(facet["facetParameter"]), {key: count for key, count in counts.items() if count}


def _api(board: Board) -> str:
    return f"https://{board.instance}/wday/cxs/{board.organization}/{board.site}"


def _pages(board: Board) -> str:
    """Return the address of the career site."""
    if str(board.instance).endswith(".myworkdaysite.com"):
        return f"https://{board.instance}/recruiting/{board.organization}/{board.site}"
    return f"https://{board.instance}/{board.site}"


def _identifier(path: str) -> str:
    """Return the requisition's number with its suffix, which follows the title in a posting's path but does not change.

    Raises:
        UnexpectedResponse: The path is empty.
    """
    name = path.rpartition("/")[2]
    if not name:
        raise UnexpectedResponse(f"no posting in the path {path!r}")
    return name.partition("_")[2] or name


def _requisition(identifier: str) -> str:
    return re.sub(r"(?<=\d)-\d{1,2}$", "", identifier)


def _shared(record: Mapping[str, Any], locations: Sequence[str | None], country: str | None = None) -> dict[str, Any]:
    """Return the fields that rows and details share; the country is that of the first location."""
    title, model = title_of(record), words(record.get("remoteType"))
    # Interns and contractors can be full-time too, so the title is more reliable.
    kind = kind_in_title(title) or words(record.get("timeType"))
    posted = words(record.get("startDate"))
    models = [model] if model else locations
    first = split_places(locations[0]) if locations else []
    names = dict.fromkeys(name for location in locations for name in split_places(location))
    return {
        "title": title,
        "job_location": tuple(Place(name=name, address_country=country if name in first else None) for name in names),
        "job_location_type": next(filter(None, map(work_model, models)), None),
        "job_location_raw": place_words(*locations, model=model),
        "employment_type": employment_types(kind),
        "employment_type_raw": kind,
        "date_posted": iso(posted),
        "date_posted_raw": posted,
    }


def _country(record: Mapping[str, Any]) -> str | None:
    named = record.get("country") or {}
    requisition = (record.get("jobRequisitionLocation") or {}).get("country") or {}
    # The requisition's place may differ; its country code applies only in the same country.
    code = requisition.get("alpha2Code") if requisition.get("id") == named.get("id") else None
    return words(code) or words(named.get("descriptor"))
