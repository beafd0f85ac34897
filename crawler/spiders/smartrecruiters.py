"""SmartRecruiters: the posting API, a hundred rows per page; descriptions and pay are in a response per posting."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scrapy import Request

from crawler.bases.board_spider import BoardSpider, json_get
from crawler.boards import Board, Cursor
from crawler.parsing.responses import BoardUnknown, Page, PostingGone, expect, identifier_of, load_json, title_of
from postings import JobPosting, Place, Salary
from postings.facts.dates import iso
from postings.facts.employment import employment_types, kind_in_title
from postings.facts.places import place_in, place_words, split_places
from postings.facts.salary import pay_range, period_of
from postings.text import plain_text, web_address, words

PAGE_SIZE = 100
"""The largest page size of the API."""

_KEY = r"(?P<company>(?!(?:oneclick-ui|external-referrals|sr-jobs|ni)(?:[/?#]|$))\w[\w-]*)(?=[/?#]|$)"
_SECTIONS = ("companyDescription", "jobDescription", "qualifications", "additionalInformation")
_EMPLOYMENT_FIELD = re.compile(
    r"(?:position|employment|job|contract|worker) type|type of (?:employment|contract|job)", re.IGNORECASE
)


class SmartRecruitersSpider(BoardSpider):
    """Boards of SmartRecruiters. A company without postings looks like one that does not exist."""

    name = "smartrecruiters"
    vendor = "SmartRecruiters"
    proof = "the reported total equals the number of distinct ads, and the first page is unchanged at the end"
    note = (
        "robots.txt of the API's host forbids crawling. Further ads of a job, in other languages for example, do not "
        "count."
    )
    example = "https://jobs.smartrecruiters.com/equinox"
    crawlable = False
    filters = frozenset(
        {"q", "country", "region", "city", "department", "language", "releasedAfter", "locationType", "custom_field"}
    )
    url_patterns = tuple(
        re.compile(rf"https?://{form}", re.ASCII)
        for form in (
            rf"(?:jobs|careers)\.smartrecruiters\.com/{_KEY}",
            rf"jobs\.smartrecruiters\.com/(?:oneclick-ui|external-referrals)/company/{_KEY}(?=/publication/)",
            rf"www\.smartrecruiters\.com/{_KEY}(?=/\d{{6}})",
            rf"api\.smartrecruiters\.com/v1/companies/{_KEY}",
        )
    )

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        company = match["company"].lower()
        return Board(url=f"https://jobs.smartrecruiters.com/{company}", system=cls.name, organization=company)

    def list_request(self, board: Board, at: Cursor) -> Request:
        return json_get(f"{_api(board)}?limit={PAGE_SIZE}&offset={at.offset}")

    def needs_detail(self, posting: JobPosting) -> bool:
        return not posting.description

    def detail_request(self, board: Board, posting: JobPosting) -> Request:
        return json_get(f"{_api(board)}/{posting.identifier}")

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        payload = expect(load_json(body), dict, "the response")
        if payload.get("code") == "RESOURCE_NOT_FOUND":
            raise PostingGone("unknown posting (RESOURCE_NOT_FOUND)")
        if "jobAd" in payload:
            if payload.get("active") is False:
                raise PostingGone("the posting is marked as not active")
            return Page.of_records([payload], posting, detail=True)
        records = expect(payload.get("content"), list, "content")
        total = expect(payload.get("totalFound"), int, "totalFound")
        if not total and not records:
            raise BoardUnknown("no postings, or no such company: the system does not distinguish them")
        names = (words((record.get("company") or {}).get("name")) for record in records if isinstance(record, dict))
        return Page.of_records(
            records,
            posting,
            # Another ad of a job that is listed already, in another language or for another place.
            listed=lambda record: record.get("defaultJobAd") is not False and record.get("visibility") != "INTERNAL",
            reported_total=total,
            organization=next(filter(None, names), None),
        )


def posting(record: Mapping[str, Any]) -> JobPosting:
    """Map an ad of the list or a detail response."""
    identifier, title = identifier_of(record), title_of(record, "name")
    company = record.get("company") or {}
    location = record.get("location") or {}
    kind = _kind(record, title)
    pay, pay_raw = _salary(record.get("compensation") or {})
    released = words(record.get("releasedDate"))
    page = f"https://jobs.smartrecruiters.com/{words(company.get('identifier')) or ''}/{identifier}"
    return JobPosting(
        identifier=identifier,
        title=title,
        url=web_address(record.get("postingUrl")) or page,
        description=_description(record),
        hiring_organization=words(company.get("name")),
        job_location=_places(location),
        job_location_type="TELECOMMUTE" if location.get("remote") is True else None,
        job_location_raw=place_words(words(location.get("fullLocation"))),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        base_salary=pay,
        base_salary_raw=pay_raw,
        date_posted=iso(released),
        date_posted_raw=released,
        employment_unit=_label(record, "department"),
        occupational_category=_label(record, "function"),
    )


def _api(board: Board) -> str:
    return f"https://api.smartrecruiters.com/v1/companies/{board.organization}/postings"


def _label(record: Mapping[str, Any], key: str) -> str | None:
    # Its id is a string in the list and a number in the detail response.
    return words((record.get(key) or {}).get("label"))


def _kind(record: Mapping[str, Any], title: str) -> str | None:
    """Return the kind of employment; the system's own field is "permanent" for interns too."""
    fields = (
        (words(field.get("fieldLabel")), words(field.get("valueLabel"))) for field in record.get("customField") or ()
    )
    own = (value for name, value in fields if name and _EMPLOYMENT_FIELD.search(name) and employment_types(value))
    intern = _label(record, "experienceLevel")
    return (
        next(own, None)
        or kind_in_title(title)
        or (intern if "INTERN" in employment_types(intern) else None)
        or _label(record, "typeOfEmployment")
    )


def _description(record: Mapping[str, Any]) -> str:
    sections = (record.get("jobAd") or {}).get("sections") or {}
    return plain_text("".join(_markup(sections)))


def _markup(sections: Mapping[str, Any]) -> Iterator[str]:
    for name in _SECTIONS:
        section = sections.get(name) or {}
        if section.get("text"):
            yield f"<h3>{section.get('title') or ''}</h3><div>{section['text']}</div>"


def _places(location: Mapping[str, Any]) -> tuple[Place, ...]:
    """Return the place, without empty fields and "Remote" as a region."""
    parts = [part.strip() for part in (words(location.get("fullLocation")) or "").split(",")]
    name = ", ".join(part for part in parts if split_places(part))
    city, region, country = (words(location.get(key)) for key in ("city", "region", "country"))
    city, region = (part if split_places(part) else None for part in (city, region))
    country = country.upper() if country else None
    place = place_in(city, region, country, name=name)
    return (place,) if place else ()


def _salary(stated: Mapping[str, Any]) -> tuple[Salary | None, str | None]:
    low, high, currency, period = (stated.get(key) for key in ("min", "max", "currency", "period"))
    pay = pay_range(low, high, currency=currency, unit_text=period_of(words(period)))
    return pay, f"{low}-{high} {currency} {period or ''}".strip() if pay else None
