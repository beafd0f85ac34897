"""Zhaopin's responses, one quirk per test, on small inputs of fictional companies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.parsing.responses import BoardBlocked, UnexpectedResponse
from crawler.spiders.zhaopin import ZhaopinSpider
from crawler.systems import UnknownSystem, find_board
from postings import JobPosting, Place, Salary

SEARCH = "https://sou.zhaopin.com/?kw=%E7%81%AF%E5%A1%94&jl=538"


def record(**changes: Any) -> dict[str, Any]:
    return {
        "number": "CC000000001J00000000001",
        "jobType": {"items": [], "display": "软件,算法"},
        "company": {"number": "CZ000000010", "name": "雾港灯具", "size": {"code": "2", "name": "20-99人"}},
        "positionURL": "https://jobs.zhaopin.com/CC000000001J00000000001.htm?preactionid=changes",
        "eduLevel": {"code": "4", "name": "本科"},
        "salary": "9K-16K",
        "emplType": "全职",
        "jobName": " 守灯人\xa0",
        "recruitCount": 3,
        "city": {
            "items": [{"code": "538", "name": "上海"}, {"code": "1", "name": "浦东新区"}],
            "display": "上海-浦东新区",
        },
        "createDate": "2026-02-20 10:38:30",
        "endDate": "2026-03-20 10:38:30",
        "feedbackRation": 0.6,
        **changes,
    }


def response(*records: dict[str, Any], total: Any = None) -> bytes:
    found = len(records) if total is None else total
    return json.dumps({"code": 200, "data": {"numFound": found, "results": list(records)}}).encode()


def read(**changes: Any) -> JobPosting:
    (posting,) = ZhaopinSpider.read(response(record(**changes))).postings
    return posting


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://sou.zhaopin.com/?jl=538&kw=%E7%81%AF%E5%A1%94&p=3", SEARCH),
        ("https://www.zhaopin.com/sou/jl538/kw%E7%81%AF%E5%A1%94/p2", SEARCH),
        (
            "https://fe-api.zhaopin.com/c/i/sou?start=90&pageSize=90&cityId=538&workExperience=-1&kw=%E7%81%AF%E5%A1%94&kt=3",
            SEARCH,
        ),
        ("https://company.zhaopin.com/CZ000000010.htm?x=y", "https://company.zhaopin.com/CZ000000010.htm"),
    ],
)
def test_addresses(url: str, canonical: str) -> None:
    assert find_board(url).url == canonical
    assert find_board(canonical).url == canonical


@pytest.mark.parametrize(
    "url",
    [
        "https://jobs.zhaopin.com/CC000000001J00000000001.htm",
        "https://fe-api.zhaopin.com/c/i/sou?kw=&cityId=-1",
        "https://sou.zhaopin.com/?p=2",
        "https://passport.zhaopin.com/login",
    ],
)
def test_other_addresses_are_not_boards(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


def test_record() -> None:
    posting = read()
    assert (posting.identifier, posting.title, posting.hiring_organization) == (
        "CC000000001J00000000001",
        "守灯人",
        "雾港灯具",
    )
    assert posting.job_location == (Place(name="上海-浦东新区", address_locality="上海"),)
    assert posting.base_salary == Salary(currency="CNY", min_value=9_000, max_value=16_000, unit_text="MONTH")
    assert (posting.education_requirements, posting.total_job_openings) == ("本科", 3)
    assert posting.description == ""


def test_naive_times_are_beijings() -> None:
    posting = read()
    assert posting.date_posted is not None
    assert posting.valid_through is not None
    assert posting.date_posted.isoformat() == "2026-02-20T10:38:30+08:00"
    assert posting.valid_through.isoformat() == "2026-03-20T10:38:30+08:00"


def test_sentinel_is_not_a_deadline() -> None:
    assert read(endDate="0001-01-03 00:00:00").valid_through is None


@pytest.mark.parametrize("payload", ["薪资面议", "校招", ""])
def test_text_without_numbers_is_not_pay(payload: str) -> None:
    assert read(salary=payload).base_salary is None
    assert read(salary=payload).base_salary_raw == (payload or None)


def test_zero_openings_is_not_a_count() -> None:
    assert read(recruitCount=0).total_job_openings is None


def test_record_without_its_parts_is_read() -> None:
    posting = read(company=None, city=None, jobType=None, eduLevel=None, positionURL="javascript:x")
    assert (posting.hiring_organization, posting.job_location) == (None, ())
    assert posting.url == "https://jobs.zhaopin.com/CC000000001J00000000001.htm"


def test_total_and_pages() -> None:
    assert ZhaopinSpider.read(response(record(), total=400)).reported_total == 400
    spider = ZhaopinSpider(board=SEARCH)
    assert (
        "start=90&pageSize=90&kw=%E7%81%AF%E5%A1%94&cityId=538"
        in spider.list_request(spider.boards[0], Cursor(offset=90, page=1)).url
    )


@pytest.mark.parametrize("code", [401, 403, 429])
def test_refusal_by_code_is_a_block(code: int) -> None:
    with pytest.raises(BoardBlocked):
        ZhaopinSpider.read(json.dumps({"code": code, "message": "x"}).encode())


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{}", UnexpectedResponse),
        (b'{"code": 200, "data": {"results": []}}', UnexpectedResponse),
        (b'{"code": 200, "data": {"numFound": "4", "results": []}}', UnexpectedResponse),
        (b"let arr = [{,}]", UnexpectedResponse),
        (b"<html><div class='geetest_panel'></div></html>", BoardBlocked),
        (b"<html><script>location='https://passport.zhaopin.com/login?x'</script></html>", BoardBlocked),
        (b"<html>news</html>", UnexpectedResponse),
    ],
)
def test_not_a_list_is_not_an_empty_list(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        ZhaopinSpider.read(body)


def test_list_in_a_script_is_read() -> None:
    script = f"let arr =[{json.dumps(record(), ensure_ascii=False)}]\nconsole.log(arr)\n"
    page = ZhaopinSpider.read(script.encode())
    assert ([posting.title for posting in page.postings], page.reported_total) == (["守灯人"], None)


@pytest.mark.parametrize(
    ("address", "identifier"),
    [
        ("https://jobs.zhaopin.com/CC000000001J00000000001.htm", "CC000000001J00000000001"),
        ("http://jobs.zhaopin.com/000000001250030.htm?refcode=1", "CC000000001J90250030000"),
        ("https://xiaoyuan.zhaopin.com/job/CC000000001J90000000001", "CC000000001J90000000001"),
    ],
)
def test_jobs_page_is_identified_by_the_lists_number(address: str, identifier: str) -> None:
    page = ZhaopinSpider.read(
        f"""<!-- saved from url=(0060){address} --><html><h3 class="summary-plane__title">守灯人</h3>
        <span class="summary-plane__salary">9千-1.6万</span><a class="company__title">雾港灯具</a>
        <div class="describtion__detail-content"><p>修剪灯芯。</p></div></html>""".encode()
    )
    (posting,) = page.postings
    assert page.detail
    assert (posting.identifier, posting.title, posting.description) == (identifier, "守灯人", "修剪灯芯。")
    assert posting.base_salary == Salary(currency="CNY", min_value=9_000, max_value=16_000, unit_text="MONTH")
