"""Ashby: the public posting API returns a whole board in one response."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

from scrapy import Request
from scrapy.http import Response

from crawler.bases.board_spider import BoardSpider, CallbackOutput, json_get
from crawler.boards import Board, Cursor
from crawler.manifest import Manifest
from crawler.parsing.responses import (
    BoardBlocked,
    BoardUnknown,
    Page,
    expect,
    identifier_of,
    load_json,
    title_of,
    unexpected,
)
from postings import JobPosting, Place, Salary
from postings.facts.dates import iso
from postings.facts.employment import employment_types
from postings.facts.places import place_words, split_places, work_model
from postings.facts.salary import pay_range, period_of
from postings.text import clean_text, joined, plain_text, web_address, words

_APP_DATA = b"window.__appData ="


class AshbySpider(BoardSpider):
    """Boards of Ashby; records with ``isListed`` false are in the feed, but not on the board.

    A company can switch the API off. It then says that there is no such board, which the board's own page contradicts.
    """

    name = "ashby"
    vendor = "Ashby"
    proof = "one response holds the whole board"
    note = "A board whose public API is switched off is reported as blocked."
    example = "https://jobs.ashbyhq.com/openai"
    conditional = True
    # A response takes ten seconds or more whatever the board's size, and repeated requests are soon throttled.
    custom_settings = {"DOWNLOAD_TIMEOUT": 120, "RETRY_TIMES": 1}  # noqa: RUF012  # Scrapy's contract
    url_patterns = (
        re.compile(r"https?://jobs\.ashbyhq\.com/(?!(?:api|b)/|(?:embed|robots\.txt)(?:[/?#]|$))(?P<name>[^/?#]+)"),
        re.compile(r"https?://api\.ashbyhq\.com/posting-api/job-board/(?P<name>[^/?#]+)"),
    )

    page_markers = ("ashby_jid=", "ashby_embed")

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        name = unquote(match["name"])
        return Board(url=f"https://jobs.ashbyhq.com/{quote(name, safe='')}", system=cls.name, organization=name)

    def on_list(self, response: Response, manifest: Manifest, at: Cursor, empty: int) -> CallbackOutput:
        """Handle the board; where the API knows none, look at the board's own page."""
        try:
            yield from super().on_list(response, manifest, at, empty)
        except BoardUnknown:
            yield self.board_request(manifest, Request(manifest.board.url), self._on_page)

    def _on_page(self, response: Response, manifest: Manifest) -> CallbackOutput:
        if response.status != 200:
            self.page(response, manifest.board)  # raises what such a response means
        if name := organization_on(response.body):
            manifest.organization = name
            raise BoardBlocked(f"the board of {name} is there, but its public API is switched off")
        raise BoardUnknown("unknown board: neither the API nor its page knows it")
        yield  # a generator, as every callback

    def list_request(self, board: Board, at: Cursor) -> Request:
        base = f"https://api.ashbyhq.com/posting-api/job-board/{quote(board.organization, safe='')}"
        return json_get(f"{base}?includeCompensation=true")

    @classmethod
    def pay_in(cls, raw: str, posting: JobPosting) -> Salary | None:
        return posting.base_salary or super().pay_in(raw, posting)  # its numbers and currency are fields, not words

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        if body.strip() == b"Not Found":
            raise BoardUnknown("unknown board (Not Found)")
        payload = expect(load_json(body), dict, "the response")
        jobs = expect(payload.get("jobs"), list, "jobs")
        return Page.of_records(jobs, posting, listed=lambda job: job.get("isListed") is not False, whole=True)


def organization_on(body: bytes) -> str | None:
    """Return the name of the organization that a board's page is of; None where it is of none.

    Raises:
        ResponseError: It is not a page of Ashby.
    """
    script = body.partition(_APP_DATA)[2].lstrip()
    try:
        data, _ = json.JSONDecoder().raw_decode(script.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise unexpected(body, "a board's page") from None
    organization = data.get("organization") if isinstance(data, dict) else None
    return words(organization.get("name")) if isinstance(organization, dict) else None


def posting(record: Mapping[str, Any]) -> JobPosting:
    """Map one job of the board."""
    kind = words(record.get("employmentType"))
    pay, pay_raw = _salary(record)
    return JobPosting(
        identifier=identifier_of(record),
        title=title_of(record),
        url=web_address(record.get("jobUrl")),
        description=plain_text(record.get("descriptionHtml")) or clean_text(record.get("descriptionPlain")),
        job_location=tuple(dict.fromkeys(_places(record))),
        job_location_type=_location_type(record),
        job_location_raw=place_words(
            *(words(entry.get("location")) for entry in _locations(record)), model=words(record.get("workplaceType"))
        ),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        base_salary=pay,
        base_salary_raw=pay_raw,
        date_posted=iso(record.get("publishedAt")),
        date_posted_raw=words(record.get("publishedAt")),
        employment_unit=joined(record.get("department"), record.get("team")),
    )


def _location_type(record: Mapping[str, Any]) -> str | None:
    """Return TELECOMMUTE by ``workplaceType``, which outranks ``isRemote``: hybrid jobs can have isRemote true."""
    if model := record.get("workplaceType"):
        return work_model(model)
    if record.get("isRemote"):
        return "TELECOMMUTE"
    return next(filter(None, (work_model(entry.get("location")) for entry in _locations(record))), None)


def _places(record: Mapping[str, Any]) -> Iterator[Place]:
    for entry in _locations(record):
        address = (entry.get("address") or {}).get("postalAddress") or {}
        city, region, country = (words(address.get(f"address{part}")) for part in ("Locality", "Region", "Country"))
        names = split_places(words(entry.get("location")))
        # "Remote" is not a place, but the address may still state the country.
        names = names or [", ".join(filter(None, (city, region, country)))]
        if len(names) > 1:
            city = region = country = None  # one address cannot belong to several places
        for name in filter(None, names):
            yield Place(name=name, address_locality=city, address_region=region, address_country=country)


def _locations(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield record
    yield from record.get("secondaryLocations") or ()


def _salary(record: Mapping[str, Any]) -> tuple[Salary | None, str | None]:
    """Parse the salary component of the summary; pay that the board does not display is not kept."""
    compensation = record.get("compensation")
    if not compensation or record.get("shouldDisplayCompensationOnJobPostings") is not True:
        return None, None
    raw = words(compensation.get("scrapeableCompensationSalarySummary"))
    raw = raw or words(compensation.get("compensationTierSummary"))
    for part in compensation.get("summaryComponents") or ():
        if part.get("compensationType") == "Salary":
            low, high, unit = part.get("minValue"), part.get("maxValue"), _unit(words(part.get("interval")))
            if pay := pay_range(low, high, currency=part.get("currencyCode"), unit_text=unit):
                return pay, raw
    return None, raw


def _unit(interval: str | None) -> str | None:
    """Return the unit of ``1 YEAR``; schema.org has none for ``0.5 MONTH`` or ``2 WEEK``."""
    return period_of(interval) if re.match(r"1(?:\.0+)?\s|\D", interval or "") else None
