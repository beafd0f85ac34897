"""Greenhouse: the public board API gives a whole board in one answer."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from parsel import Selector
from scrapy import Request

from crawler.answers import BoardUnknown, Page, UnexpectedAnswer, expect, load_json
from crawler.boards import Board
from crawler.spiders.base import BoardSpider, json_get
from postings import JobPosting, Place, Salary
from postings.facts.dates import iso
from postings.facts.employment import employment_types
from postings.facts.places import split_places, work_model
from postings.facts.salary import parse_salary, period_of
from postings.text import one_line, plain_text

_EMPLOYMENT_FIELD = re.compile(r"employment|time type|commitment|contract type", re.IGNORECASE)
_WORK_MODEL_FIELD = re.compile(r"workplace|location type|remote|work model", re.IGNORECASE)


class GreenhouseSpider(BoardSpider):
    """Boards of Greenhouse; ``meta.total`` must equal the number of jobs."""

    name = "greenhouse"
    example = "https://job-boards.greenhouse.io/anthropic"
    conditional = True
    url_forms = (
        re.compile(r"https?://(?:boards|job-boards)\.(?P<eu>eu\.)?greenhouse\.io/embed/job_(?:board|app)\?(?:[^#]*&)?for=(?P<token>[\w.-]+)"),
        re.compile(r"https?://(?:boards|job-boards)\.(?P<eu>eu\.)?greenhouse\.io/(?!embed/)(?P<token>[\w.-]+)(?=[/?#]|$)"),
        re.compile(r"https?://boards-api\.(?P<eu>eu\.)?greenhouse\.io/v1/boards/(?P<token>[\w.-]+)(?=[/?#]|$)"),
    )  # fmt: skip

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        token = match["token"].lower()
        url = f"https://job-boards.{match['eu'] or ''}greenhouse.io/{token}"
        return Board(url=url, system=cls.name, organization=token, instance="eu" if match["eu"] else None)

    def list_request(self, board: Board, offset: int) -> Request:
        # European boards are read through the same API host.
        base = f"https://boards-api.greenhouse.io/v1/boards/{board.organization}/jobs"
        return json_get(f"{base}?content=true&pay_transparency=true")

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        answer = expect(load_json(body), dict, "the answer")
        if answer.get("error"):
            raise BoardUnknown(f"unknown board or job ({answer.get('status')} {answer['error']})")
        if "jobs" not in answer and "title" in answer:
            return Page(postings=(posting(answer),), rows=1, detail=True)
        jobs = expect(answer.get("jobs"), list, "jobs")
        total = (answer.get("meta") or {}).get("total")
        return Page(
            postings=tuple(posting(job) for job in jobs),
            rows=len(jobs),
            reported_total=expect(total, int, "meta.total"),
            organization=next((one_line(job["company_name"]) for job in jobs if job.get("company_name")), None),
            whole=True,
        )


def posting(record: Mapping[str, Any]) -> JobPosting:
    """Map one job of the list or of a detail answer."""
    if "id" not in record:
        raise UnexpectedAnswer("a job without an id")
    # The content is HTML with its tags entity-encoded: decoded once here, its text's entities by the HTML parser.
    content = html.unescape(record.get("content") or "")
    fields = {str(item.get("name")): item.get("value") for item in record.get("metadata") or ()}
    title = one_line(record.get("title"))
    kind = _field(fields, _EMPLOYMENT_FIELD) or title
    pay, pay_raw = _salary(record, content)
    places = _places(record)
    models = [(record.get("location") or {}).get("name"), _field(fields, _WORK_MODEL_FIELD)]
    return JobPosting(
        identifier=str(record["id"]),
        title=title,
        url=str(record.get("absolute_url") or ""),
        description=plain_text(content),
        hiring_organization=one_line(record.get("company_name")) or None,
        job_location=places,
        job_location_type=next(filter(None, map(work_model, models)), None),
        employment_type=employment_types(kind),
        employment_type_raw=kind if employment_types(kind) else None,
        base_salary=pay,
        base_salary_raw=pay_raw,
        # updated_at moves on any edit, so it is no posting date.
        date_posted=iso(record.get("first_published")),
        date_posted_raw=record.get("first_published"),
        valid_through=iso(record.get("application_deadline")),
        employment_unit=" / ".join(one_line(unit["name"]) for unit in record.get("departments") or ()) or None,
    )


def _field(fields: Mapping[str, Any], name: re.Pattern[str]) -> str | None:
    """Return a custom field's words; its value may be a string, a list, a number, a boolean or null."""
    for key, value in fields.items():
        if name.search(key) and isinstance(value, str | list):
            return one_line(value if isinstance(value, str) else " / ".join(map(str, value))) or None
    return None


def _places(record: Mapping[str, Any]) -> tuple[Place, ...]:
    offices = {one_line(office.get("name")): office.get("location") for office in record.get("offices") or ()}
    names = split_places((record.get("location") or {}).get("name"))
    # A work model in the location field ("Remote", "Hybrid") hides the city: the offices have it.
    names = names or [name for office in offices for name in split_places(office)]
    return tuple(_place(name, offices.get(name)) for name in names)


def _place(name: str, address: str | None) -> Place:
    parts = [part.strip() for part in (address or "").split(",")]
    if len(parts) < 2:
        return Place(name=name)
    region = parts[-2] if len(parts) > 2 else None
    return Place(name=name, address_locality=parts[0], address_region=region, address_country=parts[-1])


def _salary(record: Mapping[str, Any], content: str) -> tuple[Salary | None, str | None]:
    """Read the pay ranges: from ``pay_input_ranges`` (in cents), else from the block that the text shows."""
    ranges = [item for item in record.get("pay_input_ranges") or () if item.get("currency_type")]
    lows = [item["min_cents"] / 100 for item in ranges if item.get("min_cents")]
    highs = [item["max_cents"] / 100 for item in ranges if item.get("max_cents")]
    if lows and highs and len({item["currency_type"] for item in ranges}) == 1:
        words = " ".join(f"{item.get('title') or ''} {item.get('blurb') or ''}" for item in ranges)
        salary = Salary(
            currency=ranges[0]["currency_type"],
            min_value=min(lows),
            max_value=max(highs),
            unit_text=period_of(words),
        )
        return salary, "; ".join(_range_text(item) for item in ranges)
    return next(_shown_pay(content), (None, None))


def _range_text(item: Mapping[str, Any]) -> str:
    cents = f"{item.get('min_cents')}-{item.get('max_cents')} cents {item['currency_type']}"
    return f"{one_line(item.get('title'))} {cents}".strip()


def _shown_pay(content: str) -> Iterator[tuple[Salary, str]]:
    if "pay-range" not in content:
        return
    for block in Selector(text=content).css(".pay-input"):
        shown = one_line(" ".join(block.css(".pay-range ::text").getall()))
        words = one_line(" ".join(block.css(".title ::text, .description ::text").getall()))
        if salary := parse_salary(shown, period=period_of(words)):
            yield salary, shown
