"""iCIMS: a portal's list as numbered HTML pages without a total, its postings' pages with JSON-LD."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from parsel import Selector
from scrapy import Request
from scrapy.http import Response

from crawler.bases.board_spider import BoardSpider, CallbackOutput
from crawler.boards import Board, Cursor
from crawler.captures.recordings import Recording
from crawler.manifest import Manifest
from crawler.parsing import schema_org
from crawler.parsing.responses import (
    BoardBlocked,
    BoardUnknown,
    Page,
    PostingGone,
    ResponseError,
    UnexpectedResponse,
    html_of,
    identifier_of,
    title_of,
    unexpected,
)
from postings import JobPosting, Place, Verdict
from postings.facts.employment import employment_types, kind_in_title, most_specific
from postings.facts.places import place_words, split_places, work_model
from postings.facts.salary import parse_salary
from postings.text import one_line, resolved, web_address, words

_JOB = re.compile(r"/jobs/(\d+)(?:/[^/?#]*)?/job(?=[/?#]|$)")
_PAGE_OF = re.compile(r"(?<!\d)(\d{1,6})(?!\d)\D{1,20}(\d{1,6})(?!\d)")
_KIND, _MODEL, _PAY = "type|schedule", "remote|telecommut|telework|work model", r"salary|\bpay\b|compensation"


class IcimsSpider(BoardSpider):
    """Boards of iCIMS' classic portals, requested in the form that a company's site embeds.

    The list reports no total. Each page states its number and the number of pages; a portal can return a neighbouring
    page, or the last one again after the end, so the number is compared with the requested one.
    """

    name = "icims"
    vendor = "iCIMS"
    proof = (
        "every page states the requested number of an unchanging number of pages, no two share a posting, and the "
        "first is unchanged at the end; no total is reported"
    )
    example = "https://careers-buspatrol.icims.com/jobs/search"
    url_patterns = (
        re.compile(
            r"https?://(?P<host>(?!(?:www|api|app|help|support|login|community|developer)\.)[a-z\d][a-z\d-]*\.icims\.com)"
            r"(?:/(?:jobs(?:/[^?#]*)?)?)?(?=[?#]|$)"
        ),
    )

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        host = match["host"]
        return Board(
            url=f"https://{host}/jobs/search", system=cls.name, organization=host.partition(".")[0], instance=host
        )

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        found = _JOB.search(recording.url)
        return found[1] if found else super().posting_of(recording)

    @classmethod
    def is_filtered(cls, recording: Recording) -> bool:
        return any(key.startswith("search") and any(values) for key, values in recording.query.items())

    def list_request(self, board: Board, at: Cursor) -> Request:
        return Request(f"{board.url}?ss=1&in_iframe=1&pr={at.page}")

    def needs_detail(self, posting: JobPosting) -> bool:
        return not posting.description

    def detail_request(self, board: Board, posting: JobPosting) -> Request:
        return Request(f"{posting.url}?in_iframe=1")

    def on_list(self, response: Response, manifest: Manifest, at: Cursor, empty: int) -> CallbackOutput:
        page = self.page(response, manifest.board)
        listing = manifest.listing(at.part)
        here, pages = position(response.body) or (1, 1)
        if here != at.page + 1:
            raise UnexpectedResponse(f"requested page {at.page + 1}, got page {here} of {pages}")
        if at.token and at.token != str(pages):
            raise UnexpectedResponse(f"the number of pages changed: {at.token} → {pages}")
        if at.page and page.identifiers & listing.known:
            manifest.fail(Verdict.INCOMPLETE, f"the list changed while it was read: page {here} repeats postings")
        # Only here is it known that the pages before were read; a saved last page alone proves nothing.
        listing.ended = here == pages
        yield from super().on_list(response, manifest, at=at, empty=empty)

    @classmethod
    def status_error(cls, status: int, headers: Mapping[str, str], body: bytes) -> ResponseError | None:
        if status == 410:
            # The body is the list of open postings, which was not requested.
            return PostingGone("job gone (HTTP 410)")
        return BoardBlocked(f"HTTP {status}: an access check") if status in (202, 405) else None

    @classmethod
    def date_in(cls, raw: str) -> datetime | date | None:
        return schema_org.moment(raw)

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        page = html_of(body)
        if (page.css("title::text").get() or "").strip().startswith("gone:"):
            raise BoardUnknown("unknown portal (Site Not Found)")
        if page.css(".iCIMS_ListingsPage"):
            return _listing(page, board)
        if postings := schema_org.job_postings(body):
            return Page.of_records([{"page": page, "ld": ld} for ld in postings], _detail, detail=True)
        raise unexpected(body, "a list of jobs or a job")


def position(body: bytes) -> tuple[int, int] | None:
    """Return the number of a list's page and the number of pages; None if the page does not state them."""
    return _position(html_of(body))


def _position(page: Selector) -> tuple[int, int] | None:
    found = _PAGE_OF.search(" ".join(page.css(".iCIMS_SubHeader_Jobs ::text").getall()))
    return (int(found[1]), int(found[2])) if found else None


def _listing(page: Selector, board: Board | None) -> Page:
    heading = one_line(" ".join(page.css("h1.iCIMS_Header ::text").getall()))
    if "requested job could not be found" in heading:
        raise PostingGone(f"job gone ({heading})")
    cards = [card for link in page.css("a.iCIMS_Anchor[href*='/jobs/']") if (card := _card(link, board))]
    at = _position(page)
    if not cards:
        message = one_line(" ".join(page.css(".iCIMS_ErrorMessage.iCIMS_GenericMessage ::text").getall()))
        if "no jobs were found" in message:
            return Page(reported_total=0, more=False)
        if not at:
            raise UnexpectedResponse(f"the list is empty but does not say so ({message[:80]!r})")
    # A portal with a single page can omit the number; with links to other pages that would prove nothing.
    further = any(map(int, re.findall(r"[?&]pr=(\d+)", " ".join(page.css("a::attr(href)").getall()))))
    here, pages = at or (1, 0 if further else 1)
    return Page.of_records(
        cards,
        _listed,
        next=str(pages) if here < pages else None,
        more=True if here < pages else False if pages == 1 else None,
        whole=pages == 1,
    )


def _card(link: Selector, board: Board | None) -> dict[str, Any] | None:
    """Return the values on a job's card; None for another kind of link, or one to another host."""
    address = resolved(board.url if board else "", link.attrib["href"])
    parts, job = urlsplit(address), _JOB.search(address)
    host = parts.hostname or ""
    if not (host == board.instance if board else host.endswith(".icims.com")):
        return None
    if not job and not link.xpath("ancestor::*[contains(@class, 'iCIMS_JobCardItem')]"):
        return None
    title = link.css("h3 ::text").getall() or link.css("*:not(.field-label)::text").getall()
    # The query holds values of the session, such as ``hashed``.
    card = link.xpath("ancestor::*[self::li or contains(concat(' ', @class, ' '), ' row ')][1]")
    return {
        "id": job and job[1],
        "title": " ".join(title),
        "url": f"https://{host}{parts.path}",
        "fields": _fields(card),
    }


def _fields(part: Selector | Any) -> dict[str, str]:
    """Return the values of a card or a job's page by label; each portal has its own labels."""
    labels = [(label, "following-sibling::span[1]") for label in part.css("span.field-label")]
    labels += [(label, "following-sibling::dd[1]") for label in part.css("dt.iCIMS_JobHeaderField")]
    named = {_text(label, "."): _text(label, value) for label, value in labels}
    return {name: value for name, value in named.items() if value}


def _text(part: Selector, path: str) -> str:
    """Return the text at a path, on one line; parsel would make a selector of each of its pieces."""
    return one_line(" ".join(part.root.xpath(f"{path}/descendant-or-self::text()")))


def _field(fields: Mapping[str, str], name: str) -> str | None:
    return next((value for label, value in fields.items() if re.search(name, label, re.IGNORECASE)), None)


def _listed(card: Mapping[str, Any]) -> JobPosting:
    fields = card["fields"]
    kind = _field(fields, _KIND)
    return JobPosting(
        identifier=identifier_of(card),
        title=title_of(card),
        url=web_address(card["url"]),
        job_location=tuple(dict.fromkeys(map(_coded, split_places(_field(fields, "location"))))),
        job_location_type=_location_type(fields),
        job_location_raw=place_words(_field(fields, "location")),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        occupational_category=_field(fields, "category"),
    )


def _detail(record: Mapping[str, Any]) -> JobPosting:
    """Map a posting's page: its JSON-LD, and values that only the portal's own fields hold."""
    page, ld = record["page"], record["ld"]
    fields = _fields(page)
    address = web_address(ld.get("url")) or page.css("link[rel=canonical]::attr(href)").get() or ""
    job = _JOB.search(address)
    identifier = identifier_of({"id": job[1] if job else None})
    posting = schema_org.posting(ld, identifier=identifier, url=address.partition("?")[0])
    # The portal's own field identifies interns whose markup states OTHER.
    kind = most_specific(_field(fields, _KIND), words(ld.get("employmentType")), kind_in_title(posting.title))
    pay = _field(fields, _PAY)
    shown = None if posting.base_salary else parse_salary(pay, yuan=False, places=posting.job_location)
    return dataclasses.replace(
        posting,
        job_location_type=posting.job_location_type or _location_type(fields),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        base_salary=posting.base_salary or shown,
        base_salary_raw=pay if shown else posting.base_salary_raw,
        occupational_category=posting.occupational_category or _field(fields, "category"),
    )


def _location_type(fields: Mapping[str, str]) -> str | None:
    model = _field(fields, _MODEL) or ""
    return "TELECOMMUTE" if model.lower() == "yes" else work_model(model)


def _coded(name: str) -> Place:
    """Read a place as portals write it: ``US-TX-Austin``."""
    country, *rest = name.split("-", 2)
    if not re.fullmatch("[A-Z]{2}", country):
        return Place(name=name)
    region, city = rest if len(rest) == 2 else (None, None)
    return Place(name=name, address_locality=city, address_region=region, address_country=country)
