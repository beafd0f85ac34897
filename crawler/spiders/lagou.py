"""Lagou, read from saved responses: the JSON of a search on the web or the mobile page, and a job's page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from scrapy import FormRequest, Request

from crawler.bases.job_site_spider import JobSiteSpider, PageSelectors, Stated
from crawler.boards import Board, Cursor
from crawler.parsing.responses import BoardBlocked, Page, UnexpectedResponse, expect, identifier_of, title_of
from postings import JobPosting, Place
from postings.facts.dates import BEIJING, iso
from postings.text import words


class LagouSpider(JobSiteSpider):
    """Searches and companies on Lagou. Its dates may be relative ("今天 09:15"), so only the raw value is kept."""

    name = "lagou"
    vendor = "Lagou"
    unprovable = "a Lagou search is ranked and limited in pages, so postings that it does not show may still be open"
    example = "https://www.lagou.com/wn/jobs?kd=NLP&city=%E5%8C%97%E4%BA%AC"
    search_page = "https://www.lagou.com/wn/jobs"
    company_page = "https://www.lagou.com/gongsi/{}.html"
    query_keys = ("kd", "city", "district", "gj", "xl", "jd", "hy", "yx", "gx", "isSchoolJob")
    url_patterns = (
        re.compile(
            r"https?://www\.lagou\.com/(?:wn/(?:jobs|zhaopin)|jobs/positionAjax\.json|jobs/v2/positionAjax\.json)/?"
            r"\?(?=(?:[^#]*&)?(?:kd|city)=[^&#])(?P<query_string>[^#]*)"
        ),
        re.compile(r"https?://www\.lagou\.com/jobs/list_(?P<kd>[^/?#]+)/?(?:\?(?P<query_string>[^#]*))?(?=#|$)"),
        re.compile(r"https?://www\.lagou\.com/(?:wn/)?gongsi/j?(?P<company>\d+)\.html(?=[?#]|$)"),
    )
    posting_pattern = re.compile(r"https?://(?:www|m)\.lagou\.com/(?:wn/)?jobs/(?P<id>\d+)\.html(?=[?#]|$)")
    list_script = re.compile(r"""<script\sid="__NEXT_DATA__"[^<>]*>\s*(?=\{)""")
    selectors = PageSelectors(
        title=".position-head .position-head-wrap-position-name, .job-name .name, .job-name h1",
        description="dd.job_bt .job-detail, dd.job_bt, #job_detail .job-detail",
        organization="#job_company .fl-cn, .job_company em",
        salary=".job_request .salary, .position-head .salary",
    )
    wall_pattern = re.compile(r"passport\.lagou\.com/login|操作太频繁|滑动验证")

    def search_request(self, query: dict[str, str], at: Cursor) -> Request:
        keyword = query.pop("kd", "")
        query_string = urlencode({**query, "needAddtionalResult": "false"})
        form = {"first": str(not at.page).lower(), "pn": str(at.page + 1), "kd": keyword}
        return FormRequest(f"https://www.lagou.com/jobs/positionAjax.json?{query_string}", formdata=form)

    @classmethod
    def read_data(cls, value: Any, board: Board | None) -> Page:
        if isinstance(value, list):
            return Page.of_records(value, posting)
        payload = expect(value, dict, "the response")
        message = words(payload.get("msg")) or words(payload.get("message"))
        if "频繁" in (message or "") or payload.get("code") == 3 or payload.get("state") == 3:
            raise BoardBlocked(f"rate-limited, or without the cookies of a visit ({message})")
        found = _position_result(payload)
        total = expect(found.get("totalCount"), int, "totalCount")
        return Page.of_records(expect(found.get("result"), list, "result"), posting, reported_total=total)

    @classmethod
    def posting_url(cls, identifier: str) -> str:
        return f"https://www.lagou.com/jobs/{identifier}.html"


def posting(record: Mapping[str, Any]) -> JobPosting:
    """Map a record of a list, with the fields of the web or the mobile page."""
    created = words(record.get("createTime"))
    city, district = words(record.get("city")), words(record.get("district"))
    return LagouSpider.to_posting(
        identifier_of(record, "positionId"),
        title_of(record, "positionName"),
        Stated(
            employer=next(filter(None, (words(record.get(key)) for key in _EMPLOYERS)), None),
            salary=words(record.get("salary")),
            kind=words(record.get("jobNature")),
        ),
        job_location=(Place(name=" ".join(filter(None, (city, district))), address_locality=city),) if city else (),
        date_posted=iso(created, zone=BEIJING),
        date_posted_raw=created,
        occupational_category=words(record.get("firstType")),
        education_requirements=words(record.get("education")),
    )


_EMPLOYERS = ("companyShortName", "companyName", "companyFullName")


def _position_result(payload: Any) -> Mapping[str, Any]:
    """Return the list of the API's response, or of the data of a rendered page, where its place varies."""
    waiting = [payload]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(found := value.get("positionResult"), dict):
                return found
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    raise UnexpectedResponse("no positionResult in the response")
