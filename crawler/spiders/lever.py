"""Lever: the public postings API returns a whole site in one array, on a global and a European instance."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from scrapy import Request

from crawler.bases.board_spider import BoardSpider, json_get
from crawler.boards import Board, Cursor
from crawler.parsing.responses import BoardUnknown, Page, expect, identifier_of, load_json, title_of
from postings import JobPosting, Place, Salary
from postings.facts.dates import epoch_ms
from postings.facts.employment import employment_types
from postings.facts.places import place_words, split_places, work_model
from postings.facts.salary import parse_salary, pay_range, period_of
from postings.text import clean_text, joined, plain_text, web_address, words


class LeverSpider(BoardSpider):
    """Boards of Lever. Without ``limit`` the array is the whole site; with ``skip``, pages could shift."""

    name = "lever"
    vendor = "Lever"
    proof = "one response holds the whole board"
    note = "A European company is on jobs.eu.lever.co."
    example = "https://jobs.lever.co/leverdemo"
    conditional = True
    filters = frozenset({"limit", "skip", "location", "commitment", "team", "department", "level"})
    url_patterns = (
        re.compile(r"https?://jobs\.(?P<eu>eu\.)?lever\.co/(?P<site>\w[\w.-]*)(?=[/?#]|$)", re.ASCII),
        re.compile(r"https?://api\.(?P<eu>eu\.)?lever\.co/v0/postings/(?P<site>\w[\w.-]*)(?=[/?#]|$)", re.ASCII),
    )

    embed_patterns = (
        re.compile(
            r"leverJobsOptions\s*=\s*\{[^{}]*?\baccountName\s*:\s*(['\"])(?P<eu>)(?P<site>\w[\w.-]*)\1", re.ASCII
        ),
    )
    page_markers = ("lever-jobs-container", "lever-source", "lever-origin")

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        url = f"https://jobs.{match['eu'] or ''}lever.co/{match['site']}"
        return Board(url=url, system=cls.name, organization=match["site"], instance="eu" if match["eu"] else None)

    def list_request(self, board: Board, at: Cursor) -> Request:
        host = "api.eu.lever.co" if board.instance == "eu" else "api.lever.co"
        return json_get(f"https://{host}/v0/postings/{board.organization}?mode=json")

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        payload = load_json(body)
        if isinstance(payload, dict) and payload.get("error") == "Document not found":
            raise BoardUnknown("unknown board or job (Document not found); a European company is on jobs.eu.lever.co")
        if isinstance(payload, dict) and "text" in payload:
            return Page.of_records([payload], posting, detail=True)
        return Page.of_records(expect(payload, list, "the response"), posting, whole=True)


def posting(record: Mapping[str, Any]) -> JobPosting:
    """Map a posting; the title is ``text``, and three fields hold the description."""
    categories = record.get("categories") or {}
    commitment = words(categories.get("commitment"))
    locations = list(filter(None, map(words, (categories.get("location"), *(categories.get("allLocations") or ())))))
    places = _places(locations, words(record.get("country")))
    pay, pay_raw = _salary(record, places)
    return JobPosting(
        identifier=identifier_of(record),
        title=title_of(record, "text"),
        url=web_address(record.get("hostedUrl")),
        description=_description(record),
        job_location=places,
        job_location_type=_location_type(words(record.get("workplaceType")), locations),
        job_location_raw=place_words(*locations, model=words(record.get("workplaceType"))),
        employment_type=employment_types(commitment),
        employment_type_raw=commitment,
        base_salary=pay,
        base_salary_raw=pay_raw,
        # The creation of the posting: Lever has no date of publication.
        date_posted=epoch_ms(record.get("createdAt")),
        date_posted_raw=str(record["createdAt"]) if record.get("createdAt") else None,
        employment_unit=joined(categories.get("department"), categories.get("team")),
    )


def _description(record: Mapping[str, Any]) -> str:
    # description is opening + body already; the list items have no <ul>.
    lists = "".join(
        "".join(("<h3>", item.get("text") or "", "</h3><ul>", item.get("content") or "", "</ul>"))
        for item in record.get("lists") or ()
    )
    if record.get("description"):
        return plain_text("".join((record["description"], lists, "<div>", record.get("additional") or "", "</div>")))
    closing = clean_text(record.get("additionalPlain")) or plain_text(record.get("additional"))
    return "\n\n".join(filter(None, (clean_text(record.get("descriptionPlain")), plain_text(lists), closing)))


def _location_type(model: str | None, locations: Sequence[str]) -> str | None:
    """Return TELECOMMUTE by ``workplaceType`` if stated; hybrid jobs can have "Remote" among their places."""
    if model and model != "unspecified":
        return work_model(model)
    return next(filter(None, map(work_model, locations)), None)


def _places(locations: Sequence[str], country: str | None) -> tuple[Place, ...]:
    # The country is that of the first location; the others may be in other countries.
    primary = split_places(locations[0]) if locations else []
    names = dict.fromkeys(name for location in locations for name in split_places(location))
    return tuple(Place(name=name, address_country=country if name in primary else None) for name in names)


def _salary(record: Mapping[str, Any], places: Sequence[Place]) -> tuple[Salary | None, str | None]:
    stated = record.get("salaryRange")
    if isinstance(stated, dict):
        low, high, currency, interval = (stated.get(key) for key in ("min", "max", "currency", "interval"))
        pay = pay_range(low, high, currency=currency, unit_text=period_of(words(interval)))
        if pay:
            return pay, f"{low}-{high} {currency} {interval or ''}".strip()
    described = clean_text(record.get("salaryDescriptionPlain")) or plain_text(record.get("salaryDescription"))
    return parse_salary(described, yuan=False, places=places), described or None
