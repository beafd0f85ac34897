"""51job, read from saved responses: the JSON of a search, older pages in GBK that contain it, and a job's page."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlencode

from parsel import Selector
from scrapy import Request

from crawler.bases.job_site_spider import JobSiteSpider, PageSelectors, Stated, total_of, without_query
from crawler.boards import Board, Cursor
from crawler.parsing.responses import Page, UnexpectedResponse, expect, identifier_of, title_of
from postings import JobPosting, Place
from postings.facts.dates import BEIJING, iso
from postings.text import clean_text, words


class Job51Spider(JobSiteSpider):
    """Searches and companies on 51job. Recruiters' names (``hrName``) are never read."""

    name = "job51"
    vendor = "51job"
    unprovable = "a 51job search is ranked and limited in pages, so postings that it does not show may still be open"
    example = "https://we.51job.com/pc/search?keyword=NLP&jobArea=010000"
    search_page = "https://we.51job.com/pc/search"
    company_page = "https://jobs.51job.com/all/{}.html"
    query_keys = (
        *("keyword", "jobArea", "function", "industry", "salary", "workYear", "degree", "companyType"),
        "companySize",
    )
    url_patterns = (
        re.compile(
            r"https?://we\.51job\.com/(?:pc/search|api/job/search-pc)/?"
            r"\?(?=(?:[^#]*&)?(?:keyword|jobArea)=[^&#])(?P<query_string>[^#]*)"
        ),
        # The older search: a place, eleven fields, the keywords (encoded twice), the order, the page.
        re.compile(
            r"https?://search\.51job\.com/list/(?P<jobArea>\d{6}),(?:[^,/]*,){5}(?P<keyword>[^,/]+),\d+,\d+\.html(?=[?#]|$)"
        ),
        re.compile(r"https?://jobs\.51job\.com/all/(?P<company>co\w+)\.html(?=[?#]|$)", re.ASCII),
    )
    posting_pattern = re.compile(r"https?://jobs\.51job\.com/[\w-]+/(?P<id>\d+)\.html(?=[?#]|$)", re.ASCII)
    list_script = re.compile(r"window\.__SEARCH_RESULT__\s*=\s*(?=\{)")
    selectors = PageSelectors(
        title=".tHjob .cn h1",
        description="div.bmsg.job_msg",
        organization="p.cname a",
        salary=".tHjob .cn strong",
    )
    wall_pattern = re.compile(r"login\.51job\.com|滑动验证|aliyun_waf|acw_sc__v2")

    @classmethod
    def search(cls, query: Mapping[str, Any]) -> Board:
        # 000000 and 99 mean "any".
        narrowing = {key: unquote(str(value)) for key, value in query.items() if str(value) not in ("000000", "99")}
        return super().search(narrowing)

    def search_request(self, query: dict[str, str], at: Cursor) -> Request:
        query_string = urlencode({**query, "pageNum": at.page + 1, "pageSize": 20})
        return Request(f"https://we.51job.com/api/job/search-pc?{query_string}")

    @classmethod
    def read_data(cls, value: Any, board: Board | None) -> Page:
        payload = expect(value, dict, "the response")
        if "engine_search_result" in payload:
            return Page.of_records(expect(payload["engine_search_result"], list, "engine_search_result"), _older)
        body = payload.get("resultbody")
        if not isinstance(body, dict):
            raise UnexpectedResponse(f"51job returned status {payload.get('status')!r} {payload.get('message')}")
        job = expect(body.get("job"), dict, "resultbody.job")
        return Page.of_records(
            expect(job.get("items"), list, "resultbody.job.items"),
            posting,
            stamp=lambda record: record.get("updateDateTime"),
            reported_total=total_of(job, "totalCount", "totalcount"),
        )

    @classmethod
    def with_page_fields(cls, posting: JobPosting, page: Selector) -> JobPosting:
        # "上海-浦东新区 | 3-4年经验 | 本科 | 招1人 | 05-20发布"
        line = words(page.css("p.msg.ltype::attr(title)").get()) or ""
        return dataclasses.replace(posting, job_location=_places(line.partition("|")[0].strip()))

    @classmethod
    def posting_url(cls, identifier: str) -> str:
        return f"https://jobs.51job.com/all/{identifier}.html"


def posting(record: Mapping[str, Any]) -> JobPosting:
    """Map a record of the search's JSON."""
    issued = words(record.get("issueDateString"))
    identifier = identifier_of(record, "jobId")
    return Job51Spider.to_posting(
        identifier,
        title_of(record, "jobName"),
        Stated(
            employer=words(record.get("fullCompanyName")),
            salary=words(record.get("provideSalaryString")),
            kind=words(record.get("termStr")),
        ),
        url=without_query(record.get("jobHref")) or Job51Spider.posting_url(identifier),
        description=clean_text(record.get("jobDescribe")),
        job_location=_places(words(record.get("jobAreaString"))),
        date_posted=iso(issued, zone=BEIJING),
        date_posted_raw=issued,
        education_requirements=words(record.get("degreeString")),
    )


def _older(record: Mapping[str, Any]) -> JobPosting:
    """Map a record of the older page."""
    issued = words(record.get("issuedate"))
    identifier = identifier_of(record, "jobid")
    return Job51Spider.to_posting(
        identifier,
        title_of(record, "job_name"),
        Stated(employer=words(record.get("company_name")), salary=words(record.get("providesalary_text"))),
        url=without_query(record.get("job_href")) or Job51Spider.posting_url(identifier),
        job_location=_places(words(record.get("workarea_text"))),
        date_posted=iso(issued, zone=BEIJING),
        date_posted_raw=issued,
    )


def _places(area: str | None) -> tuple[Place, ...]:
    return (Place(name=area, address_locality=re.split("[·-]", area)[0]),) if area else ()
