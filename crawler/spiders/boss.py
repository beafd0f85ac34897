"""BOSS Zhipin, read from saved responses: the JSON of a search or a job, a job's page, and such pages saved as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from scrapy import Request

from crawler.bases.job_site_spider import JobSiteSpider, PageSelectors, Stated, total_of
from crawler.boards import Board, Cursor
from crawler.captures.recordings import Recording
from crawler.parsing.responses import BoardBlocked, Page, UnexpectedResponse, expect, identifier_of, title_of
from postings import JobPosting, Place
from postings.text import clean_text, words

_DETAIL = "https://www.zhipin.com/wapi/zpgeek/job/detail.json"
_REFUSED = {
    7: "not logged in",
    9: "rate-limited",
    35: "the IP address was flagged",
    36: "the account was flagged",
    37: "the browser was flagged",
    121: "a security check",
    122: "a security check",
}
_KINDS = {0: "全职", 4: "实习"}
_PAY = r"\d{1,4}-\d{1,4}(?:K(?:·\d{2}薪)?|元/[天时月])"
# The beginning of each page in files of tools that save pages as text.
_TEXT = re.compile(
    r"^Title:[ ](?P<title>[^\n]+)\n+URL[ ]Source:[ ](?P<url>\S+)\n+(?:Markdown[ ]Content:\n+)?(?P<body>.*?)"
    r"(?=^<!--[^\n]*-->\s*^Title:[ ]|\Z)",
    re.MULTILINE | re.DOTALL,
)
_TITLED = re.compile(r"「(?P<title>.{1,200})招聘」_(?P<brand>.{1,100})招聘-BOSS直聘$")


class BossSpider(JobSiteSpider):
    """Searches and companies on BOSS Zhipin. Recruiters' names are never read."""

    name = "boss"
    vendor = "BOSS Zhipin"
    note = "Headhunters' and agencies' postings name no employer; pay is missing unless the user was logged in."
    unprovable = (
        "a BOSS Zhipin search is ranked and limited to about ten pages, so postings that it does not show may still be "
        "open"
    )
    example = "https://www.zhipin.com/web/geek/jobs?query=NLP&city=100010000"
    search_page = "https://www.zhipin.com/web/geek/jobs"
    company_page = "https://www.zhipin.com/gongsi/{}.html"
    query_keys = (
        *("query", "city", "position", "jobType", "salary", "experience", "degree", "industry", "scale", "stage"),
        *("payType", "partTime", "multiBusinessDistrict", "multiSubway"),
    )
    url_patterns = (
        re.compile(
            r"https?://(?:www|m)\.zhipin\.com/(?:web/geek/jobs?|wapi/zpgeek/search/joblist\.json)/?"
            r"\?(?=(?:[^#]*&)?(?:query|position|city)=[^&#])(?P<query_string>[^#]*)"
        ),
        re.compile(r"https?://(?:www|m)\.zhipin\.com/gongsi/(?:job/)?(?P<company>[\w~-]+)\.html(?=[?#]|$)", re.ASCII),
    )
    posting_pattern = re.compile(
        r"https?://(?:www|m)\.zhipin\.com/job_detail/(?P<id>[\w~-]+)\.html(?=[?#]|$)", re.ASCII
    )
    selectors = PageSelectors(
        title=".job-banner .name h1, .job-primary .name h1",
        description=".job-sec-text",
        organization=".sider-company .company-info a[title], .sider-company .company-info a:last-of-type",
        salary=".job-banner .salary, .job-primary .salary",
        place=".job-banner .text-city, .job-primary .text-city",
    )
    wall_pattern = re.compile(r"/web/user/|security-check|您的环境存在异常|扫码登录|您暂时无法继续访问")

    @classmethod
    def responds_to(cls, recording: Recording) -> bool:
        return recording.url == _DETAIL or super().responds_to(recording)

    def search_request(self, query: dict[str, str], at: Cursor) -> Request:
        query_string = urlencode({"scene": 1, **query, "page": at.page + 1, "pageSize": 30})
        return Request(f"https://www.zhipin.com/wapi/zpgeek/search/joblist.json?{query_string}")

    @classmethod
    def is_text(cls, text: str) -> bool:
        return text.startswith("Title: ")

    @classmethod
    def read_page(cls, text: str, board: Board | None) -> Page:
        if cls.is_text(text):
            return Page.of_records([found.groupdict() for found in _TEXT.finditer(text)], _from_text, detail=True)
        return super().read_page(text, board)

    @classmethod
    def read_data(cls, value: Any, board: Board | None) -> Page:
        payload = expect(value, dict, "the response")
        code = payload.get("code")
        if code in _REFUSED:
            raise BoardBlocked(f"code {code}: {_REFUSED[code]} ({payload.get('message')})")
        if code != 0:
            raise UnexpectedResponse(f"BOSS Zhipin returned code {code!r} {payload.get('message')}")
        data = expect(payload.get("zpData"), dict, "zpData")
        if "jobInfo" in data:
            return Page.of_records([data], _detail, detail=True)
        records = expect(data.get("jobList"), list, "jobList")
        return Page.of_records(
            [record | {"id": record.get("encryptJobId")} if isinstance(record, dict) else record for record in records],
            _listed,
            listed=lambda record: record.get("jobValidStatus", 1) == 1,
            stamp=lambda record: record.get("lastModifyTime"),
            reported_total=total_of(data, "totalCount", "resCount"),
            more=expect(data.get("hasMore", False), bool, "hasMore"),
        )

    @classmethod
    def posting_url(cls, identifier: str) -> str:
        return f"https://www.zhipin.com/job_detail/{identifier}.html"


def _listed(record: Mapping[str, Any]) -> JobPosting:
    city, district, quarter = (words(record.get(key)) for key in ("cityName", "areaDistrict", "businessDistrict"))
    return BossSpider.to_posting(
        identifier_of(record),
        title_of(record, "jobName"),
        Stated(
            employer=words(record.get("brandName")),
            agency=_agency(record),
            salary=words(record.get("salaryDesc")),
            kind=_KINDS.get(record.get("jobType", -1)) or ("实习" if words(record.get("daysPerWeekDesc")) else None),
        ),
        job_location=_places(city, district, quarter),
        education_requirements=words(record.get("jobDegree")),
    )


def _detail(data: Mapping[str, Any]) -> JobPosting:
    job, company = expect(data["jobInfo"], dict, "jobInfo"), data.get("brandComInfo") or {}
    return BossSpider.to_posting(
        identifier_of(job, "encryptId"),
        title_of(job, "jobName"),
        Stated(employer=words(company.get("brandName")), agency=_agency(job), salary=words(job.get("salaryDesc"))),
        description=clean_text(job.get("postDescription")),
        job_location=_places(words(job.get("locationName"))),
        education_requirements=words(job.get("degreeName")),
    )


def _from_text(saved: Mapping[str, str]) -> JobPosting:
    """Map a page saved as text: title and address are in its head, pay is beside the title."""
    address, titled = BossSpider.posting_pattern.match(saved["url"]), _TITLED.match(saved["title"])
    if not address:
        raise UnexpectedResponse(f"{saved['url'][:80]!r} is not a job's page")
    body = saved["body"].strip()
    first = re.split(rf"\s{_PAY}", body.partition("\n")[0])[0]
    pay = re.search(rf"(?:(?<!\S)|薪资：)({_PAY})", body[:400])
    return BossSpider.to_posting(
        address["id"],
        title_of({"title": titled["title"] if titled else first}),
        Stated(employer=titled["brand"] if titled else None, salary=pay[1] if pay else None),
        description=clean_text(body),
    )


def _agency(record: Mapping[str, Any]) -> str | None:
    """Return the field that marks a posting as a headhunter's or an agency's; None if there is none."""
    return next((key for key in ("goldHunter", "proxyJob") if record.get(key) == 1), None)


def _places(city: str | None, *within: str | None) -> tuple[Place, ...]:
    return (Place(name=" ".join(filter(None, (city, *within))), address_locality=city),) if city else ()
