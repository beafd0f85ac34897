"""Lagou's responses, one quirk per test, on small inputs of fictional companies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.captures.recordings import requested
from crawler.parsing.responses import BoardBlocked, UnexpectedResponse
from crawler.spiders.lagou import LagouSpider
from crawler.systems import UnknownSystem, find_board
from postings import JobPosting, Place, Salary

SEARCH = "https://www.lagou.com/wn/jobs?kd=%E7%81%AF%E5%A1%94&city=%E4%B8%8A%E6%B5%B7"


def record(**changes: Any) -> dict[str, Any]:
    return {
        "positionId": 3000001,
        "positionName": "守灯人",
        "companyFullName": "雾港灯具有限公司",
        "companyShortName": "雾港灯具",
        "city": "上海",
        "district": "浦东新区",
        "salary": "10k-20k",
        "education": "本科",
        "jobNature": "全职",
        "createTime": "2026-02-20 10:38:30",
        **changes,
    }


def response(*records: dict[str, Any], **result: Any) -> bytes:
    found = {"totalCount": len(records), "result": list(records), **result}
    return json.dumps({"success": True, "code": 0, "content": {"positionResult": found}}).encode()


def read(**changes: Any) -> JobPosting:
    (posting,) = LagouSpider.read(response(record(**changes))).postings
    return posting


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (f"{SEARCH}&pn=3&fromSearch=true", SEARCH),
        ("https://www.lagou.com/jobs/list_%E7%81%AF%E5%A1%94?city=%E4%B8%8A%E6%B5%B7&cl=false", SEARCH),
        ("https://www.lagou.com/jobs/list_%E7%81%AF%E5%A1%94", "https://www.lagou.com/wn/jobs?kd=%E7%81%AF%E5%A1%94"),
        ("https://www.lagou.com/gongsi/j77.html", "https://www.lagou.com/gongsi/77.html"),
    ],
)
def test_addresses(url: str, canonical: str) -> None:
    assert find_board(url).url == canonical
    assert find_board(canonical).url == canonical


@pytest.mark.parametrize(
    "url",
    ["https://www.lagou.com/jobs/3000001.html", "https://www.lagou.com/wn/jobs", "https://passport.lagou.com/login"],
)
def test_other_addresses_are_not_boards(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


def test_posted_search_is_its_board(tmp_path: Path) -> None:
    recording = requested(
        "POST",
        "https://www.lagou.com/jobs/positionAjax.json?city=%E4%B8%8A%E6%B5%B7&needAddtionalResult=false",
        body={"first": "true", "pn": "1", "kd": "灯塔"},
        path=tmp_path,
        content_type="application/json",
    )
    assert LagouSpider.board_of(recording) == find_board(SEARCH)


def test_request_of_a_page() -> None:
    spider = LagouSpider(board=SEARCH)
    request = spider.list_request(spider.boards[0], Cursor(offset=15, page=1))
    assert (request.method, request.body) == ("POST", b"first=false&pn=2&kd=%E7%81%AF%E5%A1%94")
    assert "city=%E4%B8%8A%E6%B5%B7" in request.url


def test_record() -> None:
    posting = read()
    assert (posting.identifier, posting.url) == ("3000001", "https://www.lagou.com/jobs/3000001.html")
    assert posting.hiring_organization == "雾港灯具"
    assert posting.job_location == (Place(name="上海 浦东新区", address_locality="上海"),)
    assert (posting.employment_type, posting.education_requirements) == (("FULL_TIME",), "本科")
    assert posting.date_posted is not None
    assert posting.date_posted.isoformat() == "2026-02-20T10:38:30+08:00"


@pytest.mark.parametrize("payload", ["20K-35K", "20k-35k", "20k-35K"])
def test_pay_in_any_case(payload: str) -> None:
    assert read(salary=payload).base_salary == Salary(
        currency="CNY", min_value=20_000, max_value=35_000, unit_text="MONTH"
    )


def test_relative_date_stays_raw_until_its_day_is_known() -> None:
    posting = read(createTime="今天 09:15")
    assert (posting.date_posted, posting.date_posted_raw) == (None, "今天 09:15")


def test_mobile_pages_names() -> None:
    mobile = record(companyShortName=None, companyName="雾港", district=None)
    (posting,) = LagouSpider.read(json.dumps([mobile]).encode()).postings
    assert (posting.hiring_organization, posting.job_location[0].name) == ("雾港", "上海")


def test_rendered_page_carries_its_list() -> None:
    data = {"props": {"pageProps": {"initData": json.loads(response(record(), totalCount=40))}}}
    markup = f'<html><body><script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script></body></html>'
    page = LagouSpider.read(markup.encode())
    assert ([posting.identifier for posting in page.postings], page.reported_total) == (["3000001"], 40)


@pytest.mark.parametrize(
    "payload",
    [
        {"status": False, "msg": "您操作太频繁,请稍后再访问", "clientIp": "127.0.0.1", "state": 2402},
        {"success": False, "code": 3, "msg": None},
    ],
)
def test_rate_limit_is_a_block(payload: dict[str, Any]) -> None:
    with pytest.raises(BoardBlocked):
        LagouSpider.read(json.dumps(payload).encode())


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{}", UnexpectedResponse),
        (b'{"content": {"positionResult": {"result": []}}}', UnexpectedResponse),
        (b'{"content": {"positionResult": {"totalCount": 1, "result": null}}}', UnexpectedResponse),
        ("<html>滑动验证</html>".encode(), BoardBlocked),
        (b"<html>news</html>", UnexpectedResponse),
        (b"", UnexpectedResponse),
    ],
)
def test_not_a_list_is_not_an_empty_list(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        LagouSpider.read(body)


def test_jobs_page() -> None:
    page = LagouSpider.read(
        """<!-- saved from url=(0039)https://www.lagou.com/jobs/3000001.html --><html>
        <div class="job-name"><h1 class="name">守灯人</h1></div>
        <dl id="job_detail"><dd class="job_bt"><h3>职位描述：</h3>
        <div class="job-detail">修剪灯芯。</div></dd></dl></html>""".encode()
    )
    (posting,) = page.postings
    assert (posting.identifier, posting.title, posting.description) == ("3000001", "守灯人", "修剪灯芯。")
