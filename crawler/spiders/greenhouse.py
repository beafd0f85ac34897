"""Greenhouse: the public board API returns a whole board in one response."""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from scrapy import Request

from crawler.bases.board_spider import BoardSpider, json_get
from crawler.boards import Board, Cursor
from crawler.parsing.responses import BoardUnknown, Page, expect, html_of, identifier_of, load_json, title_of
from postings import JobPosting, Place, Salary
from postings.facts.dates import iso
from postings.facts.employment import employment_types, kind_in_title
from postings.facts.places import place_words, split_places, work_model
from postings.facts.salary import amount, parse_salary, pay_range, period_of
from postings.text import joined, one_line, plain_text, web_address, words

_PAGES = r"(?:boards|job-boards)\.(?P<eu>eu\.)?greenhouse\.io"
_KEY = r"(?P<token>\w[\w.-]*)"
_EMPLOYMENT_FIELD = re.compile(r"employment|time type|commitment|contract type", re.IGNORECASE)
_CENTS = re.compile(r"(?:(?P<title>.*) )?(?P<low>\d+|None)-(?P<high>\d+|None) cents (?P<currency>\w+)", re.DOTALL)
_WORK_MODEL_FIELD = re.compile(r"workplace|location type|remote|work model", re.IGNORECASE)


class GreenhouseSpider(BoardSpider):
    """Boards of Greenhouse; ``meta.total`` must equal the number of jobs."""

    name = "greenhouse"
    vendor = "Greenhouse"
    proof = "one response holds the whole board, and its total equals the number of its postings"
    example = "https://job-boards.greenhouse.io/anthropic"
    conditional = True
    url_patterns = tuple(
        re.compile(rf"https?://{form}", re.ASCII)
        for form in (
            rf"{_PAGES}/embed/job_(?:board|app)(?:/js)?\?(?:[^#]*&)?for={_KEY}(?=[&#]|$)",
            rf"{_PAGES}/(?!embed(?:/|$)){_KEY}(?=[/?#]|$)",
            rf"(?:boards-)?api\.(?P<eu>eu\.)?greenhouse\.io/v1/boards/{_KEY}(?=[/?#]|$)",
        )
    )

    page_markers = ("gh_jid=", "gh_src=", "grnhse_app", "//grnh.se/")

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        token = match["token"].lower()
        url = f"https://job-boards.{match['eu'] or ''}greenhouse.io/{token}"
        return Board(url=url, system=cls.name, organization=token, instance="eu" if match["eu"] else None)

    def list_request(self, board: Board, at: Cursor) -> Request:
        # European boards are read through the same API host.
        base = f"https://boards-api.greenhouse.io/v1/boards/{board.organization}/jobs"
        return json_get(f"{base}?content=true&pay_transparency=true")

    @classmethod
    def pay_in(cls, raw: str, posting: JobPosting) -> Salary | None:
        return _whole_range(_noted_pay(noted, posting) for noted in raw.split("; "))

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        payload = expect(load_json(body), dict, "the response")
        if payload.get("status", 404) == 404 and "not found" in str(payload.get("error")).lower():
            raise BoardUnknown(f"unknown board or job ({payload['error']})")
        if "jobs" not in payload and "title" in payload:
            return Page.of_records([payload], posting, detail=True)
        jobs = expect(payload.get("jobs"), list, "jobs")
        total = expect(expect(payload.get("meta"), dict, "meta").get("total"), int, "meta.total")
        page = Page.of_records(jobs, posting, reported_total=total, whole=True)
        names = (posting.hiring_organization for posting in page.postings)
        return dataclasses.replace(page, organization=next(filter(None, names), None))


def posting(record: Mapping[str, Any]) -> JobPosting:
    """Map a job of the list or of a detail response."""
    # The content is HTML with entity-encoded tags: decoded once here; the HTML parser decodes the entities of its text.
    content = html.unescape(record.get("content") or "")
    fields = {str(item.get("name")): item.get("value") for item in record.get("metadata") or ()}
    title = title_of(record)
    kind = _field(fields, _EMPLOYMENT_FIELD)
    kind = kind if employment_types(kind) else kind_in_title(title)
    location = words((record.get("location") or {}).get("name"))
    places = _places(location, record.get("offices") or ())
    pay, pay_raw = _salary(record, content, places)
    return JobPosting(
        identifier=identifier_of(record),
        title=title,
        url=web_address(record.get("absolute_url")),
        description=plain_text(content),
        hiring_organization=words(record.get("company_name")),
        job_location=places,
        job_location_type=_location_type(_field(fields, _WORK_MODEL_FIELD), location),
        job_location_raw=place_words(location, model=_field(fields, _WORK_MODEL_FIELD)),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        base_salary=pay,
        base_salary_raw=pay_raw,
        # updated_at changes on every edit, so it is not the date of posting.
        date_posted=iso(record.get("first_published")),
        date_posted_raw=words(record.get("first_published")),
        valid_through=iso(record.get("application_deadline")),
        employment_unit=joined(*(unit.get("name") for unit in record.get("departments") or ())),
    )


def _field(fields: Mapping[str, Any], name: re.Pattern[str]) -> str | None:
    """Return a custom field as text; its value may be a string, a list, a number, a boolean or null."""
    for key, value in fields.items():
        if name.search(key) and isinstance(value, str | list):
            return joined(*(value if isinstance(value, list) else [value]))
    return None


def _location_type(model: str | None, location: str | None) -> str | None:
    """Return TELECOMMUTE by the custom field if the board has one, else by the location."""
    return work_model(model) if model else work_model(location)


def _places(location: str | None, offices: Sequence[Mapping[str, Any]]) -> tuple[Place, ...]:
    addresses = {words(office.get("name")): words(office.get("location")) for office in offices}
    # A work model in the location field ("Remote", "Hybrid") replaces the city, which the offices state.
    names = split_places(location) or [name for office in addresses for name in split_places(office)]
    return tuple(_place(name, addresses.get(name)) for name in dict.fromkeys(names))


def _place(name: str, address: str | None) -> Place:
    parts = [part.strip() for part in (address or "").split(",")]
    if len(parts) < 2:
        return Place(name=name)
    region = parts[-2] if len(parts) > 2 else None
    return Place(name=name, address_locality=parts[0], address_region=region, address_country=parts[-1])


def _salary(record: Mapping[str, Any], content: str, places: Sequence[Place]) -> tuple[Salary | None, str | None]:
    """Parse the pay ranges from ``pay_input_ranges``, or else from the blocks in the text.

    Several ranges of one currency and period, for example one per region, become one from the lowest to the highest.
    """
    stated = [_stated_pay(item) for item in record.get("pay_input_ranges") or ()] or list(_shown_pay(content, places))
    return _whole_range(pay for pay, _ in stated), "; ".join(filter(None, (text for _, text in stated))) or None


def _whole_range(stated: Iterable[Salary | None]) -> Salary | None:
    """Return one range from the lowest to the highest; None where currencies or periods differ."""
    ranges = [pay for pay in stated if pay]
    if not ranges or len({(pay.currency, pay.unit_text) for pay in ranges}) > 1:
        return None
    low = min((pay.min_value for pay in ranges if pay.min_value), default=None)
    high = max((pay.max_value for pay in ranges if pay.max_value), default=None)
    return dataclasses.replace(ranges[0], min_value=low, max_value=high)


def _noted_pay(noted: str, posting: JobPosting) -> Salary | None:
    """Read what `_salary` noted of one range again; a blurb, which may have named the period, is not noted."""
    before = posting.base_salary.unit_text if posting.base_salary else None
    if cents := _CENTS.fullmatch(noted):
        unit = period_of(cents["title"]) or before
        low, high = (_units(end) for end in (cents["low"], cents["high"]))
        return pay_range(low, high, currency=cents["currency"], unit_text=unit)
    return parse_salary(noted, period=before, yuan=False, places=posting.job_location)


def _stated_pay(item: Mapping[str, Any]) -> tuple[Salary | None, str]:
    low, high, currency = item.get("min_cents"), item.get("max_cents"), item.get("currency_type")
    title = words(item.get("title")) or ""
    # The title states the period; the blurb is text, which may mention other periods.
    unit = period_of(title) or period_of(plain_text(item.get("blurb")))
    pay = pay_range(_units(low), _units(high), currency=currency, unit_text=unit)
    return pay, f"{title} {low}-{high} cents {currency}".strip()


def _units(cents: Any) -> float | None:
    value = amount(cents)
    return value / 100 if value else None


def _shown_pay(content: str, places: Sequence[Place]) -> Iterator[tuple[Salary | None, str]]:
    if "pay-range" not in content:
        return
    for block in html_of(content).css(".pay-input"):
        title, blurb, shown = (
            one_line(" ".join(block.css(f".{name} ::text").getall())) for name in ("title", "description", "pay-range")
        )
        period = period_of(title) or period_of(blurb)
        yield parse_salary(shown, period=period, yuan=False, places=places), f"{title} {shown}".strip()
