"""Workable: the widget's API returns a whole board in one response; the site's own API is read from saved responses."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from scrapy import Request

from crawler.bases.board_spider import BoardSpider, json_get
from crawler.boards import Board, Cursor
from crawler.parsing.responses import (
    BoardUnknown,
    Page,
    PostingGone,
    UnexpectedResponse,
    expect,
    identifier_of,
    load_json,
    title_of,
)
from postings import JobPosting, Place
from postings.facts.dates import iso
from postings.facts.employment import employment_types, kind_in_title
from postings.facts.places import place_in
from postings.text import joined, plain_text, web_address, words

_KEY = r"(?P<account>(?!(?:api|j|jobs)(?:[/?#]|$))\w[\w-]*)(?=[/?#]|$)"
_HOUSE = "apply|www|jobs|api|app|blog|careers|developers?|get|go|help|id|info|resources|start|status|support|try"
_KINDS = {"full": "Full-time", "part": "Part-time"}
"""The site API's codes that need a translation; other values are parsed as they are."""


class WorkableSpider(BoardSpider):
    """Boards of Workable, read through the widget: one request per board.

    The site's own API, with ten postings per page and another request for each description, is throttled per account
    for hours (429), while the widget's API stays available.
    """

    name = "workable"
    vendor = "Workable"
    proof = "one response holds the whole board"
    note = "A posting that is open in several places is one posting with several places."
    example = "https://apply.workable.com/blueground"
    conditional = True
    filters = frozenset({"query", "location", "department", "remote", "workplace", "worktype"})
    url_patterns = tuple(
        re.compile(rf"https?://{form}", re.ASCII)
        for form in (
            rf"apply\.workable\.com/api/v\d/(?:widget/)?accounts/{_KEY}",
            rf"www\.workable\.com/api/accounts/{_KEY}",
            rf"apply\.workable\.com/{_KEY}",
            rf"(?P<account>(?!(?:{_HOUSE})\.)[a-z0-9][a-z0-9-]*)\.workable\.com(?:/|/(?:j|jobs)/\w[\w/-]*)?(?=[?#]|$)",
        )
    )

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        account = match["account"]
        return Board(url=f"https://apply.workable.com/{account}", system=cls.name, organization=account)

    def list_request(self, board: Board, at: Cursor) -> Request:
        # Without details there are no descriptions.
        return json_get(f"https://apply.workable.com/api/v1/widget/accounts/{board.organization}?details=true")

    @classmethod
    def employment_in(cls, raw: str) -> tuple[str, ...]:
        return employment_types(_KINDS.get(raw, raw))

    @classmethod
    def date_in(cls, raw: str) -> datetime | date | None:
        # A date: the site's own API writes it as midnight of that day.
        return iso(raw[:10])

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        match body.strip():
            case b"Not Found":
                raise BoardUnknown("unknown account (Not Found)")
            case b"Job not found":
                raise PostingGone("unknown posting (Job not found)")
        payload = expect(load_json(body), dict, "the response")
        if "Not allowed" in payload.values():
            refused = ", ".join(key for key, value in payload.items() if value == "Not allowed")
            raise UnexpectedResponse(f"the request is not allowed ({refused})")
        if "shortcode" in payload:
            return Page.of_records([payload], posting, detail=True)
        if "jobs" in payload:
            rows = expect(payload["jobs"], list, "jobs")
            page = Page.of_records(merge_places(rows), posting, whole=True, organization=words(payload.get("name")))
            return dataclasses.replace(page, rows=len(rows))
        token = words(payload.get("nextPage"))
        return Page.of_records(
            expect(payload.get("results"), list, "results"),
            posting,
            listed=lambda record: record.get("state") in (None, "published") and record.get("isInternal") is not True,
            reported_total=expect(payload.get("total"), int, "total"),
            next=token,
            more=token is not None,
        )


def merge_places(rows: Sequence[Any]) -> list[Any]:
    """Merge the widget's rows, one per place, into one per posting with all its places."""
    folded: dict[str, dict[str, Any]] = {}
    others = []
    for row in rows:
        code = row.get("shortcode") if isinstance(row, dict) else None
        if not isinstance(code, str):
            others.append(row)
        elif code in folded:
            folded[code]["locations"] += _locations(row)
        else:
            folded[code] = {**row, "locations": _locations(row)}
    return [*folded.values(), *others]


def posting(record: Mapping[str, Any]) -> JobPosting:
    """Map a record of the widget, or of the list or the details of the site's own API."""
    code, title = identifier_of(record, "shortcode"), title_of(record)
    stated = words(record.get("type")) or words(record.get("employment_type"))
    # Employers list interns under any kind, so the title is more reliable.
    kind = kind_in_title(title) or stated
    posted = words(record.get("published")) or words(record.get("published_on"))
    model = words(record.get("workplace")) or words(record.get("workplace_type"))
    remote = model == "remote" if model else record.get("telecommuting") is True or record.get("remote") is True
    units = record.get("department")
    texts = (record.get(key) or "" for key in ("description", "requirements", "benefits"))
    return JobPosting(
        identifier=code,
        title=title,
        url=web_address(record.get("url")) or f"https://apply.workable.com/j/{code}",
        description=plain_text("".join(f"<div>{text}</div>" for text in texts if text)),
        job_location=tuple(dict.fromkeys(filter(None, map(_place, _locations(record))))),
        job_location_type="TELECOMMUTE" if remote else None,
        employment_type=WorkableSpider.employment_in(kind or ""),
        employment_type_raw=kind,
        date_posted=WorkableSpider.date_in(posted) if posted else None,
        date_posted_raw=posted,
        employment_unit=joined(*(units if isinstance(units, list) else [units])),
        occupational_category=words(record.get("function")),
        education_requirements=words(record.get("education")),
    )


def _locations(record: Mapping[str, Any]) -> list[Any]:
    """Return a record's locations or, if they are empty, its own fields of a place."""
    stated = record.get("locations") or [record.get("location")]
    stated = stated if isinstance(stated, list) else [stated]
    if any(isinstance(item, str) or (item and (item.get("country") or item.get("city"))) for item in stated):
        return list(stated)
    return [{"country": record.get("country"), "region": record.get("state"), "city": record.get("city")}]


def _place(location: Mapping[str, Any]) -> Place | None:
    city, region, country, code = (words(location.get(key)) for key in ("city", "region", "country", "countryCode"))
    if location.get("hidden") is True:
        city = None  # the employer's wish
    return place_in(city, region, country, code=code)
