"""LinkedIn, read from saved pages: the guests' search fragments and the guests' page of a job."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from parsel import Selector
from scrapy import Request

from crawler.bases.job_site_spider import JobSiteSpider, PageSelectors, Stated, text_at
from crawler.boards import Board, Cursor
from crawler.parsing.responses import (
    BoardBlocked,
    Page,
    PostingGone,
    ResponseError,
    UnexpectedResponse,
    html_of,
    identifier_of,
    title_of,
)
from postings import JobPosting, Place
from postings.facts.dates import iso
from postings.facts.employment import employment_types
from postings.facts.places import place_words, split_places, work_model

_HOST = r"https?://(?:[a-z]{2,3}\.)?linkedin\.com"
_LOGIN = re.compile(r"^(?:https?://[a-z]+\.linkedin\.com)?/(?:authwall|uas/login|login|signup|checkpoint)")
# The end of a search is a fragment with nothing but comments, possibly after a doctype.
_NOTHING = re.compile(r"(?:\s|<!doctype[^<>]*>|<!--(?:[^-]|-(?!->))*+-->)*+", re.IGNORECASE)


class LinkedInSpider(JobSiteSpider):
    """Searches and companies on LinkedIn as guests see them; pages saved while logged in have another structure."""

    name = "linkedin"
    vendor = "LinkedIn"
    note = "Save the pages that a guest sees: a private window, not logged in."
    unprovable = (
        "a LinkedIn search is ranked and limited to 1,000 jobs, so postings that it does not show may still be open"
    )
    example = "https://www.linkedin.com/jobs/search?keywords=data%20engineer&location=Berlin"
    search_page = "https://www.linkedin.com/jobs/search"
    company_page = "https://www.linkedin.com/company/{}"
    query_keys = ("keywords", "location", "geoId", "distance", "f_C", "f_WT", "f_JT", "f_E", "f_AL", "f_TPR")
    url_patterns = (
        re.compile(
            rf"{_HOST}/(?:jobs/search|jobs-guest/jobs/api/seeMoreJobPostings/search)/?"
            r"\?(?=(?:[^#]*&)?(?:keywords|location|geoId|f_C)=[^&#])(?P<query_string>[^#]*)"
        ),
        re.compile(rf"{_HOST}/company/(?P<company>[\w%-]+)(?=[/?#]|$)"),
    )
    posting_pattern = re.compile(
        rf"{_HOST}/(?:jobs/view/(?:[^/?#]*-)?|jobs-guest/jobs/api/jobPosting/)(?P<id>\d+)(?=[/?#]|$)"
    )
    selectors = PageSelectors(
        title=".topcard__title",
        description="div.show-more-less-html__markup",
        organization=".topcard__org-name-link",
        place=".topcard__flavor-row span.topcard__flavor--bullet",
    )
    wall_pattern = re.compile("authwall")
    yuan = False
    zone = None

    @classmethod
    def search(cls, query: Mapping[str, Any]) -> Board:
        # A search with one company's key is that company's board.
        return dataclasses.replace(super().search(query), several_employers=not str(query.get("f_C", "")).isdecimal())

    def search_request(self, query: dict[str, str], at: Cursor) -> Request:
        query_string = urlencode({**query, "start": at.offset})
        return Request(f"https://www.linkedin.com/jobs-guest/jobs/api/seeMoreJobPostings/search?{query_string}")

    @classmethod
    def status_error(cls, status: int, headers: Mapping[str, str], body: bytes) -> ResponseError | None:
        if status in (404, 410):
            return PostingGone(f"job gone (HTTP {status})")
        if _LOGIN.search(headers.get("location", "")):
            return BoardBlocked(f"HTTP {status} to a login wall")
        if status == 400:
            return UnexpectedResponse("HTTP 400: the search ends here")
        return None

    @classmethod
    def read_page(cls, text: str, board: Board | None) -> Page:
        page = html_of(text)
        if cards := page.css("div.job-search-card[data-entity-urn]"):
            # A company's page is a single page; a search ends with a fragment without cards.
            return Page.of_records([_card(card) for card in cards], _listed, more=board is None or "?" in board.url)
        if _NOTHING.fullmatch(text):
            return Page(more=False)
        if page.css("figure.closed-job"):
            gone = PostingGone("no longer accepting applications")
            gone.identifier = cls.identifier_on_page(text)
            raise gone
        return super().read_page(text, board)

    @classmethod
    def identifier_on_page(cls, text: str) -> str | None:
        stated = html_of(text).css("code#decoratedJobPostingId").re_first(r'<!--"?(\d+)"?-->')
        return stated or super().identifier_on_page(text)

    @classmethod
    def with_page_fields(cls, posting: JobPosting, page: Selector) -> JobPosting:
        criteria = {
            text_at(item, "h3"): text_at(item, ".description__job-criteria-text")
            for item in page.css("ul.description__job-criteria-list li")
        }
        kinds = [kind for kind in (criteria.get("Employment type"), posting.employment_type_raw) if kind]
        kind = next(filter(employment_types, kinds), kinds[0] if kinds else None)
        location = text_at(page, cls.selectors.place)
        return dataclasses.replace(
            posting,
            employment_type=employment_types(kind),
            employment_type_raw=kind,
            occupational_category=criteria.get("Job function"),
            # The page states the age, which changes daily; the list has the date.
            job_location=_places(location),
            job_location_type=work_model(location),
            job_location_raw=place_words(location),
        )

    @classmethod
    def posting_url(cls, identifier: str) -> str:
        # Without the slug, the country and the tracking parameters, which change.
        return f"https://www.linkedin.com/jobs/view/{identifier}"


def _card(card: Selector) -> dict[str, str | None]:
    """Return the values on a card of a list."""
    return {
        "id": (card.attrib["data-entity-urn"].rpartition(":")[2]),
        "title": text_at(card, "h3.base-search-card__title"),
        "company": text_at(card, "h4.base-search-card__subtitle"),
        "location": text_at(card, "span.job-search-card__location"),
        "date": card.css("time[class^=job-search-card__listdate]::attr(datetime)").get(),
        "salary": text_at(card, "span.job-search-card__salary-info"),
    }


def _listed(card: Mapping[str, str | None]) -> JobPosting:
    return LinkedInSpider.to_posting(
        identifier_of(card),
        title_of(card),
        Stated(employer=card["company"], salary=card["salary"]),
        job_location=_places(card["location"]),
        job_location_type=work_model(card["location"]),
        job_location_raw=place_words(card["location"]),
        date_posted=iso(card["date"]),
        date_posted_raw=card["date"],
    )


def _places(location: str | None) -> tuple[Place, ...]:
    return tuple(Place(name=name) for name in split_places(location))
