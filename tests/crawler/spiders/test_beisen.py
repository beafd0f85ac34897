"""Beisen's responses, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, PostingGone, ResponseError, UnexpectedResponse
from crawler.runs.saved import read_saved
from crawler.spiders.beisen import PAGE_SIZE, BeisenSpider, posting
from crawler.systems import UnknownSystem, find_board
from postings import JobPosting, Place, Salary

TENANT = "https://yunfan.zhiye.com"
BOARD = BeisenSpider.board(TENANT)
ID = "5125a51b-110c-437b-8449-304a7b6c6db1"
OTHER = "1b990887-69db-4772-837b-dc88a55127e4"
NEVER = "0001-01-01T00:00:00"


def record(**changes: Any) -> dict[str, Any]:
    """A list record; a change to ... removes the key."""
    values = {
        "Id": ID,
        "JobAdId": 511066612,
        "JobAdName": "关节电机工程师(J13390)",
        "PostDate": "2025-09-11T18:05:28",
        "PostDateInt": 1757585128000,
        "ChangeDate": "2025-10-01T00:00:00",
        "EndTime": NEVER,
        "LocNames": ["浙江省·杭州市·滨江区"],
        "Salary": "25K-50K 元/月",
        "Category": "社会招聘",
        "CategoryId": "1",
        "Org": "电机组",
        "ClassificationOne": "研发类",
        "Duty": "1、画图纸&nbsp;；\n2、写 List<T>。",
        "Require": "会画图。",
        "Kind": "全职",
        "HeadCount": 2,
        "Degree": "本科",
        "Channel4IsHot": True,
        "Status": 1,
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def read(**changes: Any) -> JobPosting:
    return posting(record(**changes), BOARD)


def page_of(data: Any, code: Any = 200, count: Any = ..., message: str = "operation success") -> Page:
    number = (len(data) if isinstance(data, list) else 0) if count is ... else count
    payload = {"Code": code, "Message": message, "TipType": "Success", "Count": number, "Data": data, "Total": 0}
    return BeisenSpider.read(json.dumps(payload).encode(), BOARD)


# Addresses and requests -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        TENANT,
        f"{TENANT}/",
        f"{TENANT}/social/jobs",
        f"{TENANT}/campus/detail?jobAdId={ID}",
        f"{TENANT}/4/jobs",
        f"{TENANT}/custom/zwxq?jobAdId={ID}",
        f"{TENANT}/api/Jobad/GetJobAdPageList",
        f"{TENANT}/api/JobAd/GetJobAdInfo?jobAdId={ID}&category=2",
        "http://YunFan.zhiye.com/jobs#top",
        "yunfan.zhiye.com",
    ],
)
def test_every_form_of_address_means_the_whole_portal(url: str) -> None:
    # The categories have other numbers and names with every tenant; the list without one is of them all.
    board = find_board(url)
    assert (board.system, board.url, board.organization) == ("beisen", TENANT, "yunfan")
    assert find_board(board.url) == board


@pytest.mark.parametrize(
    "url",
    [
        "https://zhiye.com/",
        "https://www.zhiye.com/about",
        "https://a.b.zhiye.com",
        "https://yunfan.zhiye.com.evil.example/jobs",
        "https://yunfan.zhiye.com:8080/jobs",
        "https://yunfan@other.zhiye.com/jobs",
        "https://-.zhiye.com",
        "https://evil.example/yunfan.zhiye.com",
    ],
)
def test_any_other_address_is_rejected(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


def test_pages_count_from_zero_and_name_their_fields() -> None:
    request = BeisenSpider(boards=[BOARD]).list_request(BOARD, Cursor(page=2, offset=200))
    requested = json.loads(request.body)
    assert (request.method, request.url) == ("POST", f"{TENANT}/api/Jobad/GetJobAdPageList")
    assert (requested["PageIndex"], requested["PageSize"], requested["KeyWords"]) == (2, PAGE_SIZE, "")
    # Left out, they come back empty; a recruiter's QR code is not requested.
    assert {"PostDate", "LocId", "Salary", "Kind", "Category"} <= set(requested["DisplayFields"])
    assert "WorkWeChatQrCode" not in requested["DisplayFields"]
    assert "Category" not in requested


# Error responses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "message"), [(500, "参数错误"), (400, "parameter exception"), (None, ""), ("200", "")]
)
def test_codes(code: Any, message: str) -> None:
    with pytest.raises(UnexpectedResponse, match=f"Beisen returned code {code} {message}"):
        page_of(None, code=code, message=message)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, b"Not Found", BoardUnknown),
        (403, b"", BoardBlocked),
        (200, b"<html>captcha</html>", BoardBlocked),
        (200, b"<html>portal</html>", UnexpectedResponse),
        (302, b"", UnexpectedResponse),
    ],
)
def test_statuses(status: int, body: bytes, error: type[ResponseError]) -> None:
    with pytest.raises(error) as caught:
        BeisenSpider.read_response(status, {}, body, BOARD)
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("data", "count"),
    [(None, 0), ({}, 0), ([], None), ([], "3"), ([], True), ([1], 1), ([{"Id": ID}], 1), ([{"JobAdName": "t"}], 1)],
    ids=str,
)
def test_another_format_is_never_an_empty_board(data: Any, count: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        page_of(data, count=count)


def test_portal_without_openings_is_empty() -> None:
    assert (page_of([]).rows, page_of([]).reported_total) == (0, 0)


def test_total_is_the_count_and_not_the_total() -> None:
    page = page_of([record(), record(Id=OTHER)], count=35)
    assert (page.rows, page.reported_total, page.whole) == (2, 35, False)


def test_stopped_posting_is_listed_but_not_open() -> None:
    page = page_of([record(), record(Id=OTHER, Status=2)], count=2)
    assert ([one.identifier for one in page.postings], page.unlisted) == ([ID], (OTHER,))


def test_stopped_postings_own_page_states_that_it_is_gone() -> None:
    with pytest.raises(PostingGone) as caught:
        page_of(record(Status=2))
    assert caught.value.identifier == ID


@pytest.mark.parametrize("status", [1, 7, None, ...])
def test_no_other_mark_closes_a_posting(status: Any) -> None:
    assert page_of(record(Status=status)).detail


# The record -------------------------------------------------------------------------------------------


def test_record() -> None:
    assert read() == JobPosting(
        identifier=ID,
        title="关节电机工程师(J13390)",
        url=f"{TENANT}/social/detail?jobAdId={ID}",
        description="1、画图纸 ；\n2、写 List<T>。\n\n会画图。",
        job_location=(Place(name="浙江省·杭州市·滨江区", address_region="浙江省", address_locality="滨江区"),),
        employment_type=("FULL_TIME",),
        employment_type_raw="社会招聘 / 全职",
        base_salary=Salary(currency="CNY", min_value=25_000, max_value=50_000, unit_text="MONTH"),
        base_salary_raw="25K-50K 元/月",
        date_posted=read().date_posted,
        date_posted_raw="2025-09-11T18:05:28",
        total_job_openings=2,
        employment_unit="电机组",
        occupational_category="研发类",
        education_requirements="本科",
    )


def test_times_are_beijings() -> None:
    assert read().date_posted == datetime(2025, 9, 11, 10, 5, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "number", "moment"),
    [
        ("2025-09-11T18:05:28.1234567", 0, datetime(2025, 9, 11, 10, 5, 28, 123_456, tzinfo=UTC)),
        ("2025-09-11", 0, date(2025, 9, 11)),
        (NEVER, 1757585128000, datetime(2025, 9, 11, 10, 5, 28, tzinfo=UTC)),
        # Never published is not published today.
        (NEVER, 0, None),
        (None, None, None),
        (..., ..., None),
    ],
)
def test_times_of_publication(written: Any, number: Any, moment: Any) -> None:
    assert read(PostDate=written, PostDateInt=number).date_posted == moment


@pytest.mark.parametrize(
    ("end", "moment"), [(NEVER, None), ("2026-12-31T23:59:59", datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC))]
)
def test_deadline_in_the_year_one_is_none(end: str, moment: Any) -> None:
    assert read(EndTime=end).valid_through == moment


@pytest.mark.parametrize(
    ("number", "channel"),
    [("1", "social"), ("2", "campus"), ("3", "intern"), ("7", "7"), (4, "4"), (None, "social"), ("", "social")],
)
def test_posting_is_read_under_its_category(number: Any, channel: str) -> None:
    assert read(CategoryId=number).url == f"{TENANT}/{channel}/detail?jobAdId={ID}"


@pytest.mark.parametrize(
    ("category", "kind", "title", "employment", "raw"),
    [
        ("校园招聘", "实习", "t", ("INTERN",), "校园招聘 / 实习"),
        ("实习生招聘", "", "t", ("INTERN",), "实习生招聘"),
        ("实习生招聘", "全职", "t", ("FULL_TIME",), "实习生招聘 / 全职"),
        ("社会招聘", "", "测试实习生", ("INTERN",), "社会招聘 / 实习"),
        ("社会招聘", "", "t", (), "社会招聘"),
        (None, "兼职", "t", ("PART_TIME",), "兼职"),
        (None, None, "t", (), None),
    ],
)
def test_kinds_of_employment(
    category: Any, kind: Any, title: str, employment: tuple[str, ...], raw: str | None
) -> None:
    found = read(Category=category, Kind=kind, JobAdName=title)
    assert (found.employment_type, found.employment_type_raw) == (employment, raw)


@pytest.mark.parametrize(
    ("salary", "pay"),
    [
        ("12K-20K 元/月", (12_000, 20_000, "MONTH")),
        ("12K-20K元/月", (12_000, 20_000, "MONTH")),
        ("200-250 元/天", (200, 250, "DAY")),
        ("面议", None),
        ("", None),
        (None, None),
    ],
)
def test_pay_is_a_text_and_monthly_pay_stays_monthly(salary: Any, pay: Any) -> None:
    found = read(Salary=salary).base_salary
    assert (found and (found.min_value, found.max_value, found.unit_text)) == pay


@pytest.mark.parametrize(
    ("names", "places"),
    [
        (["浙江省·杭州市"], [("浙江省·杭州市", "浙江省", "杭州市")]),
        (["北京市·海淀区", "北京市·海淀区"], [("北京市·海淀区", "北京市", "海淀区")]),
        (["内蒙古自治区·乌兰察布市"], [("内蒙古自治区·乌兰察布市", "内蒙古自治区", "乌兰察布市")]),
        (["德国·慕尼黑"], [("德国·慕尼黑", None, None)]),
        (["全国"], [("全国", None, None)]),
        (["北京市，上海市"], [("北京市", None, None), ("上海市", None, None)]),
        ([None, ""], []),
        (None, []),
        (..., []),
    ],
)
def test_places(names: Any, places: list[tuple[str, str | None, str | None]]) -> None:
    found = read(LocNames=names).job_location
    assert [(place.name, place.address_region, place.address_locality) for place in found] == places


@pytest.mark.parametrize(("count", "openings"), [(3, 3), (0, None), (None, None), (..., None)])
def test_no_head_count_is_not_zero(count: Any, openings: int | None) -> None:
    assert read(HeadCount=count).total_job_openings == openings


@pytest.mark.parametrize(
    ("duty", "require", "text"), [("做", None, "做"), (None, "会", "会"), (None, None, ""), (..., ..., "")]
)
def test_either_text_may_be_missing(duty: Any, require: Any, text: str) -> None:
    assert read(Duty=duty, Require=require).description == text


def test_unreadable_record_makes_the_run_incomplete_and_does_not_lose_others() -> None:
    page = page_of([record(), record(Id=None)], count=2)
    assert (len(page.postings), len(page.unreadable)) == (1, 1)


# Recorded responses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("requested", "total"),
    [
        ({"PageIndex": 0, "PageSize": 50, "KeyWords": ""}, 35),
        ({"PageIndex": 0, "PageSize": 50, "KeyWords": "", "Category": ["1"]}, None),
    ],
)
def test_recorded_list_of_one_category_proves_nothing_about_the_rest(
    requested: dict[str, Any], total: int | None, tmp_path: Path
) -> None:
    payload = {"Code": 200, "Message": "operation success", "Count": 35, "Data": [record()]}
    (tmp_path / "list_rsp.json").write_text(json.dumps(payload))
    (tmp_path / "list_req.hurl").write_text(
        f"POST {TENANT}/api/Jobad/GetJobAdPageList\n{json.dumps(requested)}\nHTTP 200\n"
    )
    assert read_saved(BeisenSpider, tmp_path / "list_rsp.json").reported_total == total


def test_recorded_page_of_one_posting_identifies_which_is_gone(tmp_path: Path) -> None:
    (tmp_path / "one_rsp.json").write_text(json.dumps({"Code": 200, "Data": record(Status=2)}))
    (tmp_path / "one_req.hurl").write_text(f"GET {TENANT}/api/JobAd/GetJobAdInfo?jobAdId={ID}&category=2\nHTTP 200\n")
    with pytest.raises(PostingGone) as caught:
        read_saved(BeisenSpider, tmp_path / "one_rsp.json")
    assert caught.value.identifier == ID
