"""Liepin's responses, one quirk per test, on small inputs of fictional companies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.captures.recordings import requested
from crawler.parsing.responses import BoardBlocked, UnexpectedResponse
from crawler.spiders.liepin import LiepinSpider
from crawler.systems import UnknownSystem, find_board
from postings import JobPosting, Place, Salary

SEARCH = "https://www.liepin.com/zhaopin/?key=%E7%81%AF%E5%A1%94&city=020"


def card(**changes: Any) -> dict[str, Any]:
    job = {
        "jobId": "1900000001",
        "title": "守灯人",
        "dq": "上海-浦东新区",
        "salary": "30-50k·16薪",
        "requireEduLevel": "本科",
        "link": "https://www.liepin.com/job/1900000001.shtml?ckId=changes",
        "refreshTime": "20260301104745",
        **changes.pop("job", {}),
    }
    return {
        "comp": {"compId": 7, "compName": "雾港灯具"},
        "dataParams": '{"recruiterName":"林女士"}',
        "job": job,
        "recruiter": {"recruiterName": "林女士", "recruiterTitle": "猎头顾问"},
        **changes,
    }


def response(*cards: dict[str, Any], total: Any = 1) -> bytes:
    data = {"data": {"jobCardList": list(cards)}, "pagination": {"currentPage": 0, "totalCounts": total}}
    return json.dumps({"flag": 1, "data": data}).encode()


def read(**changes: Any) -> JobPosting:
    (posting,) = LiepinSpider.read(response(card(**changes))).postings
    return posting


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (f"{SEARCH}&dq=020&currentPage=2&scene=input&ckId=x", SEARCH),
        ("https://www.liepin.com/zhaopin?dq=020&key=%E7%81%AF%E5%A1%94", SEARCH),
        ("https://www.liepin.com/company/7/?x=y", "https://www.liepin.com/company/7/"),
    ],
)
def test_addresses(url: str, canonical: str) -> None:
    assert find_board(url).url == canonical
    assert find_board(canonical).url == canonical


@pytest.mark.parametrize(
    "url",
    ["https://www.liepin.com/job/1900000001.shtml", "https://www.liepin.com/zhaopin/", "https://safe.liepin.com/x"],
)
def test_other_addresses_are_not_boards(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


def test_request_of_a_page_identifies_its_board(tmp_path: Path) -> None:
    spider = LiepinSpider(board=SEARCH)
    request = spider.list_request(spider.boards[0], Cursor(offset=40, page=1))
    body = json.loads(request.body)
    assert body["data"]["mainSearchPcConditionForm"]["currentPage"] == 1
    query = requested("POST", request.url, body=body, path=tmp_path, content_type="application/json")
    assert LiepinSpider.board_of(query) == spider.boards[0]


@pytest.mark.parametrize("body", [None, "x", {"data": "x"}, {"data": {"mainSearchPcConditionForm": {"key": ""}}}])
def test_request_without_a_search_identifies_no_board(tmp_path: Path, body: Any) -> None:
    url = "https://api-c.liepin.com/api/com.liepin.searchfront4c.pc-search-job"
    assert LiepinSpider.board_of(requested("POST", url, body=body, path=tmp_path, content_type="x")) is None


def test_card() -> None:
    assert read() == JobPosting(
        identifier="1900000001",
        title="守灯人",
        url="https://www.liepin.com/job/1900000001.shtml",
        hiring_organization="雾港灯具",
        job_location=(Place(name="上海-浦东新区", address_locality="上海"),),
        base_salary=Salary(currency="CNY", min_value=30_000, max_value=50_000, unit_text="MONTH", months_per_year=16),
        base_salary_raw="30-50k·16薪",
        education_requirements="本科",
    )


def test_recruiter_is_not_kept() -> None:
    assert "林女士" not in str(read().to_dict())


def test_refreshed_card_is_the_same_content() -> None:
    assert read(job={"refreshTime": "20260302104745"}) == read()


def test_kind_of_employer_is_not_a_name() -> None:
    posting = read(comp={"compName": "某上海知名公司"})
    assert (posting.hiring_organization, posting.hiring_organization_raw) == (None, "某上海知名公司")


def test_older_responses_have_one_level_less() -> None:
    payload = json.dumps({"flag": 1, "data": {"jobCardList": [card()], "pagination": {"totalCounts": 9}}}).encode()
    page = LiepinSpider.read(payload)
    assert (len(page.postings), page.reported_total) == (1, 9)


@pytest.mark.parametrize("code", ["20000", "40001", "60001", 20000])
def test_rate_limit_is_a_block(code: Any) -> None:
    with pytest.raises(BoardBlocked):
        LiepinSpider.read(json.dumps({"flag": 0, "errorCode": code}).encode())


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{}", UnexpectedResponse),
        (b'{"flag": 0, "errorCode": "5"}', UnexpectedResponse),
        (b'{"flag": 1, "data": {"data": {}}}', UnexpectedResponse),
        (b"[]", UnexpectedResponse),
        (b"<html><script>location='https://safe.liepin.com/page/x'</script></html>", BoardBlocked),
        (b"<html>news</html>", UnexpectedResponse),
    ],
)
def test_not_a_list_is_not_an_empty_list(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        LiepinSpider.read(body)


def test_jobs_page() -> None:
    page = LiepinSpider.read(
        """<html><head><link rel="canonical" href="https://www.liepin.com/job/1900000001.shtml"></head>
        <div class="job-apply-content"><span class="name">守灯人</span><span class="salary">30-50k·16薪</span>
        <div class="job-properties"><span>上海-浦东新区</span><span>3-5年</span></div></div>
        <section class="job-intro-container"><dl><dd data-selector="job-intro-content">修剪灯芯。</dd></dl></section>
        <div class="recruiter-container"><span class="name">林女士</span></div></html>""".encode()
    )
    (posting,) = page.postings
    assert (posting.identifier, posting.title, posting.description) == ("1900000001", "守灯人", "修剪灯芯。")
    assert (posting.job_location[0].name, posting.base_salary_raw) == ("上海-浦东新区", "30-50k·16薪")
    assert "林女士" not in str(posting.to_dict())
