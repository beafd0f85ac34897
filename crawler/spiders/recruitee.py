"""Recruitee: the careers site API returns a company's whole board, descriptions included, in one response."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from scrapy import Request

from crawler.bases.board_spider import BoardSpider, json_get
from crawler.boards import Board, Cursor
from crawler.parsing.rereading import named_values
from crawler.parsing.responses import (
    BoardBlocked,
    BoardUnknown,
    Page,
    ResponseError,
    expect,
    identifier_of,
    load_json,
    title_of,
)
from postings import JobPosting, Place, Salary
from postings.facts.dates import iso
from postings.facts.employment import employment_types, kind_in_title, most_specific
from postings.facts.salary import pay_range, period_of
from postings.text import plain_text, web_address, words

_LEAST_MONTHLY = 100
"""Pay below this per month or year, in any currency seen, is hourly pay with the wrong period."""


class RecruiteeSpider(BoardSpider):
    """Boards of Recruitee, always requested on their recruitee.com host, which also serves a company's own domain.

    A company's own domain is not recognized, because nothing in such an address identifies Recruitee; its pages name
    the recruitee.com host in their source. Postings keep the address that the board states, own domain or not.
    """

    name = "recruitee"
    vendor = "Recruitee"
    proof = "one response holds the whole board"
    note = (
        "A company on a domain of its own is given by its recruitee.com address. "
        "From 10 February 2027 Recruitee requires a token; boards without one are then blocked."
    )
    example = "https://bunq.recruitee.com"
    conditional = True
    filters = frozenset({"department", "tag"})
    url_patterns = (
        re.compile(
            r"https?://(?!(?:api|app|docs|help|status|support|www)\.)(?P<company>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)"
            r"\.recruitee\.com(?=[/?#]|$)",
        ),
    )

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        company = match["company"]
        return Board(url=f"https://{company}.recruitee.com", system=cls.name, organization=company)

    def list_request(self, board: Board, at: Cursor) -> Request:
        return json_get(f"{board.url}/api/offers/")

    @classmethod
    def status_error(cls, status: int, headers: Mapping[str, str], body: bytes) -> ResponseError | None:
        if status == 401:
            return BoardBlocked("HTTP 401: Recruitee requires a token for this board")
        return None

    @classmethod
    def pay_in(cls, raw: str, posting: JobPosting) -> Salary | None:
        return _pay(named_values(raw))

    @classmethod
    def date_in(cls, raw: str) -> datetime | date | None:
        return _moment(raw)

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        payload = expect(load_json(body), dict, "the response")
        if "offers" not in payload and payload.get("error") == "Not Found":
            raise BoardUnknown("unknown board or job (Not Found)")
        if isinstance(payload.get("offer"), dict):
            return Page.of_records([payload["offer"]], posting, detail=True)
        offers = expect(payload.get("offers"), list, "offers")
        # Published offers only, according to the documentation; status identifies drafts, internal and closed ones.
        page = Page.of_records(
            offers, posting, listed=lambda record: record.get("status") in ("published", None), whole=True
        )
        names = (posting.hiring_organization for posting in page.postings)
        return dataclasses.replace(page, organization=next(filter(None, names), None))


def posting(record: Mapping[str, Any]) -> JobPosting:
    """Map an offer, without its application form (mailbox and questions)."""
    texts = _texts(record)
    title = title_of(texts)
    kind = most_specific(words(record.get("employment_type_code")), kind_in_title(title))
    pay, pay_raw = _salary(record)
    return JobPosting(
        identifier=identifier_of(record),
        title=title,
        url=web_address(record.get("careers_url")),
        description=plain_text(
            "".join(f"<div>{texts.get(key) or ''}</div>" for key in ("description", "requirements"))
        ),
        hiring_organization=words(record.get("company_name")),
        job_location=tuple(dict.fromkeys(_places(record))),
        # The three work models are not exclusive: an offer that may be remote is remote, whatever else it may be.
        job_location_type="TELECOMMUTE" if record.get("remote") is True else None,
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        base_salary=pay,
        base_salary_raw=pay_raw,
        date_posted=_moment(record.get("published_at")),
        date_posted_raw=words(record.get("published_at")),
        valid_through=_moment(record.get("close_at")),
        employment_unit=words(record.get("department")),
        occupational_category=words(record.get("category_code")),
        education_requirements=words(record.get("education_code")),
    )


def _texts(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the record if it has a title and a description, or else its first translation that has both."""
    translations = (record.get("translations") or {}).values()
    complete = (texts for texts in (record, *translations) if texts.get("title") and texts.get("description"))
    return next(complete, record)


def _places(record: Mapping[str, Any]) -> Iterator[Place]:
    for location in record.get("locations") or ():
        yield _place(location, words(location.get("name")), words(location.get("state")))
    if not record.get("locations") and (record.get("city") or record.get("country")):
        yield _place(record, words(record.get("location")), words(record.get("state_name")))


def _place(record: Mapping[str, Any], name: str | None, region: str | None) -> Place:
    city, country, code = (words(record.get(key)) for key in ("city", "country", "country_code"))
    return Place(
        name=name or city or country or "",
        address_locality=city,
        address_region=region,
        # The country's name is in the board's language; its code is the same everywhere.
        address_country=code or country,
    )


def _salary(record: Mapping[str, Any]) -> tuple[Salary | None, str | None]:
    """Parse min and max, which are strings of digits; one board states an hourly 18.50 as monthly pay."""
    salary = record.get("salary") or {}
    if not (salary.get("min") or salary.get("max")):
        return None, None
    raw = " ".join(f"{key}={salary[key]}" for key in ("min", "max", "currency", "period") if salary.get(key))
    return _pay(salary), raw


def _pay(salary: Mapping[str, Any]) -> Salary | None:
    low, high, currency, period = (salary.get(key) for key in ("min", "max", "currency", "period"))
    pay = pay_range(low, high, currency=currency, unit_text=period_of(period))
    too_low = pay and pay.unit_text in ("MONTH", "YEAR") and (pay.max_value or pay.min_value or 0) < _LEAST_MONTHLY
    return None if too_low else pay


def _moment(value: Any) -> datetime | date | None:
    """Parse ``2026-07-13 13:42:26 UTC``, which is not quite ISO 8601."""
    return iso(value.replace(" UTC", "+00:00")) if isinstance(value, str) else None
