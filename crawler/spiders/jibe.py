"""Jibe (iCIMS' newer career sites): a JSON list with descriptions, paged by number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from scrapy import Request

from crawler.bases.board_spider import BoardSpider, json_get
from crawler.boards import ANY_HOST, Board, Cursor
from crawler.captures.recordings import Recording
from crawler.parsing.responses import Page, UnexpectedResponse, expect, identifier_of, load_json, title_of
from postings import JobPosting, Place
from postings.facts.dates import iso
from postings.facts.employment import employment_types, kind_in_title, most_specific
from postings.facts.places import place_in, place_words, work_model
from postings.text import joined, plain_text, web_address, words

PAGE_SIZE = 100

_TEXTS = ("description", "responsibilities", "qualifications")
_UNFILTERED = {"page", "limit", "sortBy", "descending", "internal", "lang", "domain"}


class JibeSpider(BoardSpider):
    """Boards of Jibe, on jibeapply.com or on a company's own host, recognized by the path."""

    name = "jibe"
    vendor = "iCIMS Jibe"
    proof = "the reported total equals the number of distinct postings, and the first page is unchanged at the end"
    note = "A site that lists and counts a posting once per language is never complete."
    example = "https://rivian.jibeapply.com/jobs"
    url_patterns = (re.compile(r"https?://(?P<host>(?!www\.)[a-z\d][a-z\d-]*\.jibeapply\.com)(?=[/?#]|$)"),)
    path_patterns = (re.compile(rf"https?://{ANY_HOST}(?P<home>/careers-home)(?=[/?#]|$)", re.ASCII),)

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        host = match["host"]
        url = f"https://{host}{match.groupdict().get('home') or ''}/jobs"
        return Board(url=url, system=cls.name, organization=host.partition(".jibeapply.com")[0], instance=host)

    @classmethod
    def is_filtered(cls, recording: Recording) -> bool:
        return any(any(values) for key, values in recording.query.items() if key not in _UNFILTERED)

    def list_request(self, board: Board, at: Cursor) -> Request:
        # Sorting by date would be more stable, but some sites cannot.
        query = {"page": at.page + 1, "limit": PAGE_SIZE, "sortBy": "relevance", "descending": "false"}
        return json_get(f"https://{board.instance}/api/jobs?{urlencode({**query, 'internal': 'false'})}")

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        payload = expect(load_json(body), dict, "the response")
        if "jobs" not in payload:
            raise UnexpectedResponse("the JSON is not a list of jobs")
        jobs = expect(payload["jobs"], list, "jobs")
        return Page.of_records(
            [job.get("data") if isinstance(job, dict) else job for job in jobs],
            lambda record: posting(record, board),
            reported_total=expect(payload.get("totalCount"), int, "totalCount"),
        )


def posting(record: Mapping[str, Any], board: Board | None = None) -> JobPosting:
    """Map one job of the list."""
    identifier = identifier_of(record, "slug" if record.get("slug") else "req_id")
    title = title_of(record)
    kind = most_specific(words(record.get("employment_type")), kind_in_title(title))
    categories = [item.get("name") for item in record.get("categories") or () if isinstance(item, dict)]
    where = words(record.get("location_name")) or words(record.get("full_location"))
    return JobPosting(
        identifier=identifier,
        title=title,
        url=web_address((record.get("meta_data") or {}).get("canonical_url"))
        or (f"{board.url}/{identifier}" if board else ""),
        description=plain_text("".join(f"<div>{record[key]}</div>" for key in _TEXTS if record.get(key))),
        hiring_organization=words(record.get("hiring_organization")),
        job_location=_places(record),
        job_location_type=work_model(where),
        job_location_raw=place_words(where),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        date_posted=iso(record.get("posted_date")),
        date_posted_raw=words(record.get("posted_date")),
        occupational_category=joined(*categories),
    )


def _places(record: Mapping[str, Any]) -> tuple[Place, ...]:
    locations = (record, *(record.get("additional_locations") or ()))
    return tuple(dict.fromkeys(filter(None, map(_place, locations))))


def _place(location: Mapping[str, Any]) -> Place | None:
    city, region, country, code = (words(location.get(key)) for key in ("city", "state", "country", "country_code"))
    return place_in(city, region, country, code=code)
