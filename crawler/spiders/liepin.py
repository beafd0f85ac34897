"""Liepin, read from saved responses: the JSON of a search, and a job's page."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from parsel import Selector
from scrapy import Request

from crawler.bases.board_spider import json_post
from crawler.bases.job_site_spider import JobSiteSpider, PageSelectors, Stated, text_at, total_of, without_query
from crawler.boards import Board, Cursor
from crawler.captures.recordings import Recording
from crawler.parsing.responses import BoardBlocked, Page, UnexpectedResponse, expect, identifier_of, title_of
from postings import JobPosting, Place
from postings.text import words

PAGE_SIZE = 40

_SEARCH = "https://api-c.liepin.com/api/com.liepin.searchfront4c.pc-search-job"
_TOO_FAST = {"20000", "40001", "60001"}


class LiepinSpider(JobSiteSpider):
    """Searches and companies on Liepin, where headhunters post much. Their names are never read."""

    name = "liepin"
    vendor = "Liepin"
    unprovable = "a Liepin search is ranked and limited in pages, so postings that it does not show may still be open"
    example = "https://www.liepin.com/zhaopin/?key=NLP&city=410"
    search_page = "https://www.liepin.com/zhaopin/"
    company_page = "https://www.liepin.com/company/{}/"
    query_keys = (
        *("key", "city", "compId", "pubTime", "workYearCode", "compScale", "industry", "salaryCode", "jobKind"),
        "eduLevel",
    )
    aliases = MappingProxyType({"dq": "city"})
    url_patterns = (
        re.compile(
            r"https?://www\.liepin\.com/zhaopin/?\?(?=(?:[^#]*&)?(?:key|city|dq|compId)=[^&#])(?P<query_string>[^#]*)"
        ),
        re.compile(r"https?://www\.liepin\.com/company/(?P<company>\d+)/?(?=[?#]|$)"),
    )
    posting_pattern = re.compile(r"https?://www\.liepin\.com/(?:job|a|lptjob)/(?P<id>\d+)(?:\.shtml)?(?=[?#]|$)")
    selectors = PageSelectors(
        title=".job-apply-content .name, .name-box .name",
        description="dd[data-selector=job-intro-content], .job-intro-container dd",
        organization=".company-info-container .name, .company-card .company-name, content .title-box span a",
        salary=".job-apply-content .salary, .name-box .salary",
        place=".job-apply-content .job-properties span, .job-properties span",
    )
    wall_pattern = re.compile(r"safe\.liepin\.com|扫码登录|登录后查看")

    @classmethod
    def board_of(cls, recording: Recording) -> Board | None:
        if not recording.url.startswith(_SEARCH):
            return super().board_of(recording)
        data = recording.fields.get("data")
        form = data.get("mainSearchPcConditionForm") if isinstance(data, dict) else None
        return cls.search(form) if isinstance(form, dict) and (form.get("key") or form.get("city")) else None

    def search_request(self, query: dict[str, str], at: Cursor) -> Request:
        form = {**query, "dq": query.get("city", ""), "currentPage": at.page, "pageSize": PAGE_SIZE}
        return json_post(_SEARCH, {"data": {"mainSearchPcConditionForm": form, "passThroughForm": {"scene": "init"}}})

    @classmethod
    def read_data(cls, value: Any, board: Board | None) -> Page:
        payload = expect(value, dict, "the response")
        if payload.get("flag") != 1:
            code = str(payload.get("errorCode") or payload.get("code"))
            if code in _TOO_FAST:
                raise BoardBlocked(f"errorCode {code}: rate-limited, or without the token of a visit")
            raise UnexpectedResponse(f"Liepin returned flag {payload.get('flag')!r}, errorCode {code}")
        data = expect(payload.get("data"), dict, "data")
        pages = data.get("pagination") or {}
        inner = data.get("data", data)  # older responses have one level less
        cards = expect(expect(inner, dict, "data.data").get("jobCardList"), list, "jobCardList")
        return Page.of_records(cards, posting, reported_total=total_of(pages, "totalCounts"))

    @classmethod
    def with_page_fields(cls, posting: JobPosting, page: Selector) -> JobPosting:
        return dataclasses.replace(posting, job_location=_places(text_at(page, cls.selectors.place)))

    @classmethod
    def posting_url(cls, identifier: str) -> str:
        return f"https://www.liepin.com/job/{identifier}.shtml"


def posting(record: Mapping[str, Any]) -> JobPosting:
    """Map a card of a list."""
    job, company = expect(record.get("job"), dict, "job"), record.get("comp") or {}
    identifier = identifier_of(job, "jobId")
    return LiepinSpider.to_posting(
        identifier,
        title_of(job),
        Stated(
            employer=words(company.get("compName")),
            salary=words(job.get("salary")),
            kind=words(job.get("campusJobKind")),
        ),
        url=without_query(job.get("link")) or LiepinSpider.posting_url(identifier),
        job_location=_places(words(job.get("dq"))),
        education_requirements=words(job.get("requireEduLevel")),
    )


def _places(district: str | None) -> tuple[Place, ...]:
    return (Place(name=district, address_locality=district.partition("-")[0]),) if district else ()
