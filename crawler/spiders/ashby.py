"""Ashby: the public posting API gives a whole board in one answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

from scrapy import Request

from crawler.answers import BoardUnknown, Page, UnexpectedAnswer, expect, load_json
from crawler.boards import Board
from crawler.spiders.base import BoardSpider, json_get
from postings import JobPosting, Place, Salary
from postings.facts.dates import iso
from postings.facts.employment import employment_types
from postings.facts.places import split_places, work_model
from postings.facts.salary import period_of
from postings.text import one_line, plain_text


class AshbySpider(BoardSpider):
    """Boards of Ashby; rows with ``isListed`` false are in the feed but not on the board."""

    name = "ashby"
    example = "https://jobs.ashbyhq.com/openai"
    conditional = True
    # An answer takes ten seconds and more whatever the board's size, and repeats are soon throttled.
    custom_settings = {"DOWNLOAD_TIMEOUT": 120, "RETRY_TIMES": 1}  # noqa: RUF012  # Scrapy's contract
    url_forms = (
        re.compile(r"https?://jobs\.ashbyhq\.com/(?P<name>[\w.%+ -]+)(?=[/?#]|$)"),
        re.compile(r"https?://api\.ashbyhq\.com/posting-api/job-board/(?P<name>[\w.%+ -]+)(?=[/?#]|$)"),
    )

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        name = unquote(match["name"])
        return Board(url=f"https://jobs.ashbyhq.com/{quote(name)}", system=cls.name, organization=name)

    def list_request(self, board: Board, offset: int) -> Request:
        base = f"https://api.ashbyhq.com/posting-api/job-board/{quote(board.organization)}"
        return json_get(f"{base}?includeCompensation=true")

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        if body.strip() == b"Not Found":
            raise BoardUnknown("unknown board (Not Found)")
        answer = expect(load_json(body), dict, "the answer")
        jobs = expect(answer.get("jobs"), list, "jobs")
        listed = [job for job in jobs if job.get("isListed", True)]
        return Page(
            postings=tuple(posting(job) for job in listed),
            rows=len(jobs),
            unlisted=len(jobs) - len(listed),
            whole=True,
        )


def posting(record: Mapping[str, Any]) -> JobPosting:
    """Map one job of the board."""
    if "id" not in record:
        raise UnexpectedAnswer("a job without an id")
    kind = record.get("employmentType") or None
    units = (one_line(record.get(key)) for key in ("department", "team"))
    pay, pay_raw = _salary(record)
    return JobPosting(
        identifier=str(record["id"]),
        title=one_line(record.get("title")),
        url=str(record.get("jobUrl") or ""),
        description=plain_text(record.get("descriptionHtml") or record.get("descriptionPlain")),
        job_location=tuple(dict.fromkeys(_places(record))),
        job_location_type=_location_type(record),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        base_salary=pay,
        base_salary_raw=pay_raw,
        date_posted=iso(record.get("publishedAt")),
        date_posted_raw=record.get("publishedAt"),
        employment_unit=" / ".join(dict.fromkeys(filter(None, units))) or None,
    )


def _location_type(record: Mapping[str, Any]) -> str | None:
    """Remote by ``workplaceType``, which outranks ``isRemote``: a hybrid job can carry isRemote true."""
    model = record.get("workplaceType")
    if model:
        return work_model(model)
    return "TELECOMMUTE" if record.get("isRemote") else work_model(record.get("location"))


def _places(record: Mapping[str, Any]) -> Iterator[Place]:
    for entry in (record, *(record.get("secondaryLocations") or ())):
        address = (entry.get("address") or {}).get("postalAddress") or {}
        for name in split_places(entry.get("location")):
            yield Place(
                name=name,
                address_locality=address.get("addressLocality") or None,
                address_region=address.get("addressRegion") or None,
                address_country=address.get("addressCountry") or None,
            )


def _salary(record: Mapping[str, Any]) -> tuple[Salary | None, str | None]:
    """Read the salary component of the summary; pay that the board does not display is not kept."""
    compensation = record.get("compensation") or {}
    if not compensation or record.get("shouldDisplayCompensationOnJobPostings") is False:
        return None, None
    raw = compensation.get("scrapeableCompensationSalarySummary") or compensation.get("compensationTierSummary")
    for part in compensation.get("summaryComponents") or ():
        values = (part.get("minValue"), part.get("maxValue"))
        if part.get("compensationType") == "Salary" and part.get("currencyCode") and any(values):
            low, high = (float(value) if value is not None else None for value in values)
            unit = period_of(part.get("interval"))
            return Salary(currency=part["currencyCode"], min_value=low, max_value=high, unit_text=unit), raw
    return None, raw
