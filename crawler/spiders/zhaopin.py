"""Zhaopin, read from saved responses: the JSON of a search, and a job's page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from scrapy import Request

from crawler.bases.job_site_spider import JobSiteSpider, PageSelectors, Stated, without_query
from crawler.boards import Board, Cursor
from crawler.parsing.responses import BoardBlocked, Page, UnexpectedResponse, expect, identifier_of, title_of
from postings import JobPosting, Place
from postings.facts.dates import BEIJING, iso
from postings.facts.salary import count_of
from postings.text import words

PAGE_SIZE = 90

_OLD_NUMBER = re.compile(r"(\d{9})(\d{6})")


class ZhaopinSpider(JobSiteSpider):
    """Searches and companies on Zhaopin. Its list has no descriptions; they are on the jobs' pages."""

    name = "zhaopin"
    vendor = "Zhaopin"
    unprovable = "a Zhaopin search is ranked and limited in pages, so postings that it does not show may still be open"
    example = "https://sou.zhaopin.com/?kw=NLP&jl=530"
    search_page = "https://sou.zhaopin.com/"
    company_page = "https://company.zhaopin.com/{}.htm"
    query_keys = ("kw", "jl", "workExperience", "education", "companyType", "employmentType", "jobWelfareTag", "salary")
    aliases = MappingProxyType({"cityId": "jl"})
    url_patterns = (
        re.compile(
            r"https?://(?:sou\.zhaopin\.com/|fe-api\.zhaopin\.com/c/i/sou/?)"
            r"\?(?=(?:[^#]*&)?(?:kw|jl|cityId)=[^&#])(?P<query_string>[^#]*)"
        ),
        re.compile(r"https?://www\.zhaopin\.com/sou/jl(?P<jl>\d+)(?:/kw(?P<kw>[^/?#]+))?(?:/p\d+)?/?(?=[?#]|$)"),
        re.compile(r"https?://company\.zhaopin\.com/(?P<company>C[A-Z]L?\d+)\.htm(?=[?#]|$)", re.ASCII),
    )
    posting_pattern = re.compile(
        r"https?://(?:jobs\.zhaopin\.com|xiaoyuan\.zhaopin\.com/job)/(?P<id>\w+)(?:\.htm)?(?=[?#]|$)", re.ASCII
    )
    selectors = PageSelectors(
        title=".summary-plane__title, .summary-planes__title",
        description=".describtion__detail-content, .describtion-card__detail-content",
        organization=".company__title, .company-info__name",
        salary=".summary-plane__salary, .summary-planes__salary",
    )
    wall_pattern = re.compile(r"passport\.zhaopin\.com/login|geetest")

    @classmethod
    def search(cls, query: Mapping[str, Any]) -> Board:
        # -1 means "any" in the API's filters.
        return super().search({key: value for key, value in query.items() if str(value) != "-1"})

    def search_request(self, query: dict[str, str], at: Cursor) -> Request:
        query = {("cityId" if key == "jl" else key): value for key, value in query.items()}
        query_string = urlencode({"start": at.offset, "pageSize": PAGE_SIZE, **query, "kt": 3})
        return Request(f"https://fe-api.zhaopin.com/c/i/sou?{query_string}")

    @classmethod
    def read_data(cls, value: Any, board: Board | None) -> Page:
        if isinstance(value, list):
            return Page.of_records(value, posting)
        payload = expect(value, dict, "the response")
        code = payload.get("code")
        if code in (401, 403, 429):
            raise BoardBlocked(f"code {code} ({payload.get('message')})")
        if code != 200:
            raise UnexpectedResponse(f"Zhaopin returned code {code!r} {payload.get('message')}")
        data = expect(payload.get("data"), dict, "data")
        total = expect(data.get("numFound"), int, "numFound")
        return Page.of_records(expect(data.get("results"), list, "results"), posting, reported_total=total)

    @classmethod
    def identifier_on_page(cls, text: str) -> str | None:
        # Until the end of 2018 the address had only the digits of the number in lists.
        identifier = super().identifier_on_page(text)
        old = _OLD_NUMBER.fullmatch(identifier or "")
        return f"CC{old[1]}J90{old[2]}000" if old else identifier

    @classmethod
    def posting_url(cls, identifier: str) -> str:
        return f"https://jobs.zhaopin.com/{identifier}.htm"


def posting(record: Mapping[str, Any]) -> JobPosting:
    """Map a record of a list; campus postings without pay have 校招 in its place."""
    company = expect(record.get("company") or {}, dict, "company")
    identifier = identifier_of(record, "number")
    created = words(record.get("createDate"))
    return ZhaopinSpider.to_posting(
        identifier,
        title_of(record, "jobName"),
        Stated(
            employer=words(company.get("name")), salary=words(record.get("salary")), kind=words(record.get("emplType"))
        ),
        url=without_query(record.get("positionURL")) or ZhaopinSpider.posting_url(identifier),
        job_location=_places(record.get("city") or {}),
        date_posted=iso(created, zone=BEIJING),
        date_posted_raw=created,
        valid_through=iso(words(record.get("endDate")), zone=BEIJING),
        total_job_openings=count_of(record.get("recruitCount")),
        occupational_category=words((record.get("jobType") or {}).get("display")),
        education_requirements=words((record.get("eduLevel") or {}).get("name")),
    )


def _places(city: Mapping[str, Any]) -> tuple[Place, ...]:
    name = words(city.get("display"))
    items = [words(item.get("name")) for item in city.get("items") or ()]
    return (Place(name=name, address_locality=items[0] if items else name),) if name else ()
