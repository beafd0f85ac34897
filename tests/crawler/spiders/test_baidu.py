"""Baidu's responses, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from scrapy.utils.test import get_crawler

from crawler.boards import Cursor
from crawler.manifest import Manifest
from crawler.parsing.responses import BoardBlocked, Page, UnexpectedResponse
from crawler.runs.saved import read_saved
from crawler.spiders.baidu import KINDS, PAGE_SIZE, BaiduSpider, posting
from postings import JobPosting, Place
from postings.facts.dates import BEIJING

BOARD = BaiduSpider.board("https://talent.baidu.com")
POST = "505473ed-0000-4000-8000-64ff86c510f3"


def record(**changes: Any) -> dict[str, Any]:
    """A list record; a change to ... removes the key."""
    values = {
        "postId": POST,
        "jobId": "0a1b2c3d-0000-4000-8000-000000000001",
        "name": "窑炉工程师（J72652）",
        "orgName": "陶艺云",
        "bgShortName": "ACG",
        "postType": "产品",
        "publishDate": "2024-05-27",
        "updateDate": "2026-07-21",
        "recruitNum": "3",
        "workContent": "烧陶；\n修窑。",
        "serviceCondition": "会烧陶。<br>会画。",
        "workPlace": "北京市,上海市",
        "workYears": "",
        "education": "",
        "projectType": "",
        "hotFlag": "0",
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def listed(*records: Any, total: Any = ..., **more: Any) -> dict[str, Any]:
    total = str(len(records)) if total is ... else total
    return {"status": "ok", "data": {"total": total, "list": list(records), **more}}


def read(payload: Any) -> Page:
    return BaiduSpider.read(json.dumps(payload).encode(), BOARD)


@pytest.mark.parametrize(
    "url",
    [
        "https://talent.baidu.com/",
        "http://talent.baidu.com/jobs/social-list?search=x",
        f"talent.baidu.com/jobs/detail/INTERN/{POST}",
        "https://talent.baidu.com/httservice/getPostListNew",
    ],
)
def test_every_address_of_the_site_means_the_one_board(url: str) -> None:
    assert BaiduSpider.match(url) == BOARD


@pytest.mark.parametrize(
    "url", ["https://baidu.com/", "https://talent.baidu.com.evil.example/", "https://talent-baidu.com/"]
)
def test_other_address_means_no_board(url: str) -> None:
    assert BaiduSpider.match(url) is None


def test_record() -> None:
    assert posting(record(), "SOCIAL") == JobPosting(
        identifier=POST,
        title="窑炉工程师（J72652）",
        url=f"https://talent.baidu.com/jobs/detail/SOCIAL/{POST}",
        description="烧陶；\n修窑。\n\n会烧陶。\n会画。",
        job_location=(Place(name="北京市", address_locality="北京市"), Place(name="上海市", address_locality="上海市")),
        employment_type=("FULL_TIME",),
        employment_type_raw="社招",
        date_posted=date(2024, 5, 27),
        date_posted_raw="2024-05-27",
        total_job_openings=3,
        employment_unit="ACG / 陶艺云",
        occupational_category="产品",
    )


def test_posts_of_one_job_are_separate_postings() -> None:
    found = read(listed(record(), record(postId="other")))
    assert [one.identifier for one in found.postings] == [POST, "other"]


@pytest.mark.parametrize(
    ("kind", "name", "kinds"),
    [
        ("SOCIAL", "窑炉工程师", ("FULL_TIME",)), ("GRADUATE", "窑炉工程师", ("FULL_TIME",)),
        ("INTERN", "窑炉工程师", ("INTERN",)), ("SOCIAL", "窑炉实习生", ("INTERN",)), (None, "窑炉工程师", ()),
        ("OTHER", "窑炉工程师", ()),
    ],
)  # fmt: skip
def test_list_states_the_kind_unless_the_title_does(kind: str | None, name: str, kinds: tuple[str, ...]) -> None:
    assert posting(record(name=name), kind).employment_type == kinds


@pytest.mark.parametrize(
    ("places", "names"),
    [
        ("北京市", ["北京市"]), ("北京市，上海市", ["北京市", "上海市"]), ("北京市,北京市", ["北京市"]),
        ("", []), (None, []), (" , ", []),
    ],
)  # fmt: skip
def test_places(places: Any, names: list[str]) -> None:
    assert [place.name for place in posting(record(workPlace=places)).job_location] == names


@pytest.mark.parametrize(("number", "openings"), [("3", 3), (3, 3), ("若干", None), ("0", None), ("", None)])
def test_head_count(number: Any, openings: int | None) -> None:
    assert posting(record(recruitNum=number)).total_job_openings == openings


@pytest.mark.parametrize(("total", "read_as"), [("1641", 1641), (1641, 1641), ("0", 0)])
def test_total_is_a_text(total: Any, read_as: int) -> None:
    assert read(listed(record(), total=total)).reported_total == read_as


@pytest.mark.parametrize(
    "payload",
    [
        {}, [], None, {"status": "fail", "message": "pageSize"}, {"status": "ok"}, {"status": "ok", "data": None},
        {"status": "ok", "data": {"total": "0"}}, {"status": "ok", "data": {"total": "0", "list": None}},
        listed(total=None), listed(total=""), listed(total="many"), listed(total="-1"), listed(total="1.5"),
        listed(total=True), listed(total="٣"), listed(1), listed(record(postId=None)), listed(record(name="")),
        {"status": 200, "data": {"total": "0", "list": []}},
    ],
    ids=str,
)  # fmt: skip
def test_any_other_format_raises(payload: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        read(payload)


@pytest.mark.parametrize("status", ["no-auth", "need-login"])
def test_login_wall_is_a_block(status: str) -> None:
    with pytest.raises(BoardBlocked, match="requires a login"):
        read({"status": status})


def test_detail() -> None:
    found = read({"status": "ok", "data": record()})
    assert (found.detail, found.rows, found.reported_total) == (True, 1, None)


def test_unreadable_record_is_reported_and_others_are_read() -> None:
    found = read(listed(record(), record(postId="7", workPlace=5)))
    assert len(found.postings) == 1
    assert found.unreadable[0].startswith("record '7' cannot be read")


@pytest.mark.parametrize("name", sorted(set(record()) - {"postId", "name"}))
@pytest.mark.parametrize("value", [None, ...], ids=["null", "missing"])
def test_every_other_field_may_be_null_or_missing(name: str, value: Any) -> None:
    assert posting(record(**{name: value})).identifier == POST


# Requests ---------------------------------------------------------------------------------------------


def spider() -> BaiduSpider:
    made: BaiduSpider = BaiduSpider.from_crawler(get_crawler(BaiduSpider), boards=[BOARD])
    return made


def test_list_is_requested_by_form_with_its_referer() -> None:
    request = spider().list_request(BOARD, Cursor(part="INTERN", page=1, offset=PAGE_SIZE))
    assert dict(parse_qsl(request.body.decode(), keep_blank_values=True)) == {
        "recruitType": "INTERN",
        "pageSize": "20",
        "curPage": "2",
        "keyWord": "",
        "projectType": "",
    }
    assert request.headers["Content-Type"] == b"application/x-www-form-urlencoded"
    assert request.headers["Referer"] == b"https://talent.baidu.com/jobs/list"


def callback_output(request: Request, payload: dict[str, Any]) -> list[Any]:
    response = TextResponse(request.url, body=json.dumps(payload).encode(), request=request)
    return list(request.callback(response, **request.cb_kwargs))


def test_each_kind_of_recruiting_is_a_list_and_each_posting_links_to_its_own() -> None:
    requests = list(spider().first_requests(Manifest(BOARD)))
    responses = (listed(record(postId=f"post{number}")) for number in range(3))
    links = [callback_output(request, payload)[0]["url"] for request, payload in zip(requests, responses, strict=True)]
    assert links == [f"https://talent.baidu.com/jobs/detail/{kind}/post{n}" for n, kind in enumerate(KINDS)]


def test_posting_on_two_of_the_lists_counts_once() -> None:
    manifest = Manifest(BOARD)
    found = [
        item for request in spider().first_requests(manifest) for item in callback_output(request, listed(record()))
    ]
    assert (len(found), manifest.reported_total) == (1, 1)


def test_page_1_again_beyond_the_last_page_ends_the_list() -> None:
    first, *_ = spider().first_requests(Manifest(BOARD))
    (_, second) = callback_output(first, listed(record(), total="2"))
    assert callback_output(second, listed(record(), total="2")) == []


def saved(folder: Path, form: str) -> Path:
    (folder / "list_req.hurl").write_text(
        f"POST https://talent.baidu.com/httservice/getPostListNew\n[Form]\nrecruitType: INTERN\n{form}\nHTTP 200\n",
        encoding="utf-8",
    )
    path = folder / "list_rsp.json"
    path.write_text(json.dumps(listed(record(), total="9")), encoding="utf-8")
    return path


def test_saved_response_knows_its_list_from_the_request_beside_it(tmp_path: Path) -> None:
    path = saved(tmp_path, "keyWord:")
    for board in (None, BOARD):
        page = read_saved(BaiduSpider, path, board)
        assert page.postings[0].url == f"https://talent.baidu.com/jobs/detail/INTERN/{POST}"


@pytest.mark.parametrize(("form", "total"), [("keyWord:\nprojectType:", 9), ("keyWord: AI", None)])
def test_only_a_filter_with_a_value_narrows_the_list(tmp_path: Path, form: str, total: int | None) -> None:
    assert read_saved(BaiduSpider, saved(tmp_path, form)).reported_total == total


def test_time_without_a_zone_is_beijings() -> None:
    (stated,) = read(listed(record(publishDate="2024-05-27 10:00:00"))).postings
    assert stated.date_posted == datetime(2024, 5, 27, 10, tzinfo=BEIJING)
