"""Lever: the public postings API gives a whole site in one array, on a global and a European instance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from scrapy import Request

from crawler.answers import BoardUnknown, Page, UnexpectedAnswer, expect, load_json
from crawler.boards import Board
from crawler.spiders.base import BoardSpider, json_get
from postings import JobPosting, Place, Salary
from postings.facts.dates import epoch_ms
from postings.facts.employment import employment_types
from postings.facts.places import split_places, work_model
from postings.facts.salary import parse_salary, period_of
from postings.text import one_line, plain_text


class LeverSpider(BoardSpider):
    """Boards of Lever. Without ``limit`` the array is the whole site; pages would shift under skip."""

    name = "lever"
    example = "https://jobs.lever.co/leverdemo"
    conditional = True
    filters = frozenset({"limit", "skip", "location", "commitment", "team", "department", "level"})
    url_forms = (
        re.compile(r"https?://jobs\.(?P<eu>eu\.)?lever\.co/(?P<site>[\w.-]+)(?=[/?#]|$)"),
        re.compile(r"https?://api\.(?P<eu>eu\.)?lever\.co/v0/postings/(?P<site>[\w.-]+)(?=[/?#]|$)"),
    )

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        url = f"https://jobs.{match['eu'] or ''}lever.co/{match['site']}"
        return Board(url=url, system=cls.name, organization=match["site"], instance="eu" if match["eu"] else None)

    def list_request(self, board: Board, offset: int) -> Request:
        host = "api.eu.lever.co" if board.instance == "eu" else "api.lever.co"
        return json_get(f"https://{host}/v0/postings/{board.organization}?mode=json")

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        answer = load_json(body)
        if isinstance(answer, dict) and answer.get("ok") is False:
            raise BoardUnknown(
                f"unknown board or job ({answer.get('error')}); a European company is on jobs.eu.lever.co"
            )
        if isinstance(answer, dict) and "text" in answer:
            return Page(postings=(posting(answer),), rows=1, detail=True)
        rows = expect(answer, list, "the answer")
        return Page(postings=tuple(posting(row) for row in rows), rows=len(rows), whole=True)


def posting(record: Mapping[str, Any]) -> JobPosting:
    """Map one posting; the title is ``text``, the work's text is spread over three fields."""
    if "id" not in record or "text" not in record:
        raise UnexpectedAnswer("a posting without id or text")
    categories = record.get("categories") or {}
    commitment = one_line(categories.get("commitment")) or None
    units = (one_line(categories.get(key)) for key in ("department", "team"))
    pay, pay_raw = _salary(record)
    remote = "TELECOMMUTE" if record.get("workplaceType") == "remote" else None
    return JobPosting(
        identifier=str(record["id"]),
        title=one_line(record["text"]),
        url=str(record.get("hostedUrl") or ""),
        description=_description(record),
        job_location=_places(categories, record.get("country")),
        job_location_type=remote or work_model(categories.get("location")),
        employment_type=employment_types(commitment),
        employment_type_raw=commitment,
        base_salary=pay,
        base_salary_raw=pay_raw,
        # The creation of the posting: Lever states no date of publication.
        date_posted=epoch_ms(record.get("createdAt")),
        date_posted_raw=str(record["createdAt"]) if record.get("createdAt") else None,
        employment_unit=" / ".join(dict.fromkeys(filter(None, units))) or None,
    )


def _description(record: Mapping[str, Any]) -> str:
    # description already is opening + body; the list items come without their <ul>.
    lists = "".join(
        f"<h3>{item.get('text') or ''}</h3><ul>{item.get('content') or ''}</ul>" for item in record.get("lists") or ()
    )
    if record.get("description"):
        return plain_text(f"{record['description']}{lists}<div>{record.get('additional') or ''}</div>")
    texts = (record.get("descriptionPlain"), plain_text(lists), record.get("additionalPlain"))
    return plain_text("\n\n".join(filter(None, texts)))


def _places(categories: Mapping[str, Any], country: str | None) -> tuple[Place, ...]:
    named = categories.get("allLocations") or [categories.get("location")]
    names = dict.fromkeys(name for words in named for name in split_places(words))
    return tuple(Place(name=name, address_country=country or None) for name in names)


def _salary(record: Mapping[str, Any]) -> tuple[Salary | None, str | None]:
    pay = record.get("salaryRange")
    if isinstance(pay, dict) and pay.get("currency") and (pay.get("min") or pay.get("max")):
        raw = f"{pay.get('min')}-{pay.get('max')} {pay['currency']} {pay.get('interval') or ''}".strip()
        return Salary(
            currency=pay["currency"],
            min_value=float(pay["min"]) if pay.get("min") else None,
            max_value=float(pay["max"]) if pay.get("max") else None,
            unit_text=period_of(pay.get("interval")),
        ), raw
    words = record.get("salaryDescriptionPlain") or plain_text(record.get("salaryDescription"))
    return parse_salary(words), words or None
