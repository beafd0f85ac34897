"""51job's responses, one quirk per test, on small inputs of fictional companies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.parsing.responses import BoardBlocked, UnexpectedResponse
from crawler.spiders.job51 import Job51Spider
from crawler.systems import UnknownSystem, find_board
from postings import JobPosting, Place, Salary
from simulator.server import Simulator
from simulator.world import World
from tests.simulator.client import fetch

SEARCH = "https://we.51job.com/pc/search?keyword=%E7%81%AF%E5%A1%94&jobArea=020000"


def item(**changes: Any) -> dict[str, Any]:
    return {
        "jobId": "150000001",
        "jobName": "守灯人",
        "provideSalaryString": "1-1.5万·13薪",
        "jobAreaString": "上海·浦东新区",
        "degreeString": "本科",
        "issueDateString": "2026-02-20 10:38:30",
        "updateDateTime": "2026-03-01 08:00:00",
        "fullCompanyName": "雾港灯具有限公司",
        "jobDescribe": "修剪灯芯。\r\n记录所见。",
        "jobHref": "https://jobs.51job.com/shanghai/150000001.html?s=sou&t=0_0&req=changes",
        "termStr": "全职",
        "hrName": "林女士",
        **changes,
    }


def response(*items: dict[str, Any], **job: Any) -> bytes:
    payload = {"totalCount": len(items), "items": list(items), **job}
    return json.dumps({"status": "1", "resultbody": {"job": payload}}).encode()


def read(**changes: Any) -> JobPosting:
    (posting,) = Job51Spider.read(response(item(**changes))).postings
    return posting


def older(**changes: Any) -> bytes:
    record = {
        "jobid": "120000001",
        "job_name": "守灯人",
        "job_href": "https://jobs.51job.com/shanghai/120000001.html?s=01&t=0",
        "company_name": "雾港灯具",
        "providesalary_text": "1-1.5万/月",
        "workarea_text": "上海-浦东新区",
        "issuedate": "2021-02-20 10:38:30",
        **changes,
    }
    data = json.dumps({"engine_search_result": [record], "jobid_count": "1"}, ensure_ascii=False)
    page = f'<html><head><meta charset="gbk"></head><script>\nwindow.__SEARCH_RESULT__ = {data}</script></html>'
    return page.encode("gbk")


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (f"{SEARCH}&searchType=2&pageNum=3", SEARCH),
        (
            "https://we.51job.com/api/job/search-pc?api_key=51job&keyword=%E7%81%AF%E5%A1%94&jobArea=020000&pageNum=1",
            SEARCH,
        ),
        (
            "https://search.51job.com/list/020000,000000,0000,00,9,99,%25E7%2581%25AF%25E5%25A1%2594,2,3.html?lang=c",
            SEARCH,
        ),
        (
            "https://search.51job.com/list/000000,000000,0000,00,9,99,python,2,1.html",
            "https://we.51job.com/pc/search?keyword=python",
        ),
        ("https://jobs.51job.com/all/co77.html#syzw", "https://jobs.51job.com/all/co77.html"),
    ],
)
def test_addresses(url: str, canonical: str) -> None:
    assert find_board(url).url == canonical
    assert find_board(canonical).url == canonical


@pytest.mark.parametrize(
    "url",
    [
        "https://jobs.51job.com/shanghai/150000001.html",
        "https://we.51job.com/pc/search?keyword=&jobArea=000000",
        "https://we.51job.com/pc/search",
        "https://login.51job.com/login.php",
    ],
)
def test_other_addresses_are_not_boards(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


def test_item() -> None:
    posting = read()
    assert (posting.identifier, posting.url) == ("150000001", "https://jobs.51job.com/shanghai/150000001.html")
    assert (posting.title, posting.description) == ("守灯人", "修剪灯芯。\n记录所见。")
    assert posting.job_location == (Place(name="上海·浦东新区", address_locality="上海"),)
    assert posting.base_salary == Salary(
        currency="CNY", min_value=10_000, max_value=15_000, unit_text="MONTH", months_per_year=13
    )
    assert (posting.employment_type, posting.hiring_organization) == (("FULL_TIME",), "雾港灯具有限公司")
    assert posting.date_posted is not None
    assert posting.date_posted.isoformat() == "2026-02-20T10:38:30+08:00"


def test_employer_is_not_kept() -> None:
    assert "林女士" not in str(read().to_dict())


def test_refreshed_item_is_the_same_content() -> None:
    later = read(updateDateTime="2026-03-02 08:00:00", jobHref="https://jobs.51job.com/shanghai/150000001.html?req=z")
    assert later == read()


@pytest.mark.parametrize("payload", ["", None, "面议"])
def test_no_pay(payload: str | None) -> None:
    assert read(provideSalaryString=payload).base_salary is None


def test_total_and_pages() -> None:
    assert Job51Spider.read(response(item(), totalCount=400)).reported_total == 400
    spider = Job51Spider(board=SEARCH)
    assert "pageNum=3&pageSize=20" in spider.list_request(spider.boards[0], Cursor(offset=40, page=2)).url


def test_older_page_is_gbk() -> None:
    (posting,) = Job51Spider.read(older()).postings
    assert (posting.identifier, posting.title, posting.hiring_organization) == ("120000001", "守灯人", "雾港灯具")
    assert posting.url == "https://jobs.51job.com/shanghai/120000001.html"
    assert posting.base_salary == Salary(currency="CNY", min_value=10_000, max_value=15_000, unit_text="MONTH")


def test_simulators_older_page_is_read() -> None:
    world = World.sized(boards=1, postings=12, systems=["job51"])
    with Simulator(world) as simulator:
        url = "https://search.51job.com/list/020000,000000,0000,00,9,99,specimen-001,2,1.html"
        page = Job51Spider.read(fetch(simulator, url).body)
    assert page.identifiers == world.identifiers(world.boards[0].url, 0)


def test_jobs_page_in_gbk() -> None:
    page = Job51Spider.read(
        """<!-- saved from url=(0047)https://jobs.51job.com/shanghai/120000001.html --><html><meta charset="gbk">
        <div class="tHjob"><div class="cn"><h1 title="守灯人">守灯人<input></h1><strong>1-1.5万/月</strong>
        <p class="cname"><a title="雾港灯具" href="#">雾港灯具<em></em></a></p>
        <p class="msg ltype" title="上海-浦东新区 | 3-4年经验 | 本科 | 招1人 | 05-20发布">x</p></div></div>
        <div class="bmsg job_msg inbox"><p>修剪灯芯。</p></div></html>""".encode("gbk")
    )
    (posting,) = page.postings
    assert (posting.identifier, posting.title, posting.description) == ("120000001", "守灯人", "修剪灯芯。")
    assert (posting.hiring_organization, posting.job_location[0].name) == ("雾港灯具", "上海-浦东新区")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("<html><title>滑动验证页面</title></html>".encode(), BoardBlocked),
        ("<html><title>滑动验证页面</title></html>".encode("gbk"), BoardBlocked),
        (b"<html><script>var arg1='x'; acw_sc__v2</script></html>", BoardBlocked),
        (b"<html>news</html>", UnexpectedResponse),
        (b"<html><script>window.__SEARCH_RESULT__ = {cut", UnexpectedResponse),
        (b"{}", UnexpectedResponse),
        (b'{"status": "0", "message": "x", "resultbody": null}', UnexpectedResponse),
        (b'{"resultbody": {"job": {"items": {}}}}', UnexpectedResponse),
        (b"", UnexpectedResponse),
    ],
)
def test_not_a_list_is_not_an_empty_list(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        Job51Spider.read(body)
