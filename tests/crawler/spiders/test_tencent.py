"""Tencent's responses, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.parsing.responses import Page, PostingGone, UnexpectedResponse
from crawler.spiders.tencent import PAGE_SIZE, TencentSpider, posting
from postings import JobPosting, Place

BOARD = TencentSpider.board("https://careers.tencent.com")
POST = "1524644586897547264"


def record(**changes: Any) -> dict[str, Any]:
    """A list record; a change to ... removes the key."""
    values = {
        "Id": 0,
        "PostId": POST,
        "RecruitPostId": 90747,
        "RecruitPostName": "窑炉工程师",
        "CountryName": "中国",
        "LocationName": "重庆",
        "BGName": "CSIG",
        "ProductName": "",
        "CategoryName": "技术",
        "Responsibility": "烧陶；\r\n修窑。",
        "LastUpdateTime": "2026年01月04日",
        "PostURL": f"http://careers.tencent.com/jobdesc.html?postId={POST}",
        "SourceID": 1,
        "RequireWorkYearsName": "三年以上工作经验",
        "IsCollect": False,
        "IsValid": True,
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def read(payload: Any) -> Page:
    return TencentSpider.read(json.dumps(payload).encode(), BOARD)


def posts(*records: Any, count: Any = ...) -> dict[str, Any]:
    return {"Code": 200, "Data": {"Count": len(records) if count is ... else count, "Posts": list(records) or None}}


@pytest.mark.parametrize(
    "url",
    [
        "https://careers.tencent.com/",
        "http://careers.tencent.com/search.html?keyword=x",
        f"careers.tencent.com/jobdesc.html?postId={POST}",
        "https://careers.tencent.com/en-us/search.html",
        f"https://careers.tencent.com/tencentcareer/api/post/ByPostId?postId={POST}",
    ],
)
def test_every_address_of_the_site_means_the_one_board(url: str) -> None:
    assert TencentSpider.match(url) == BOARD


@pytest.mark.parametrize(
    "url",
    [
        "https://join.qq.com/post.html", "https://careers.tencent.com.evil.example/", "https://tencent.com/",
        "https://careers.tencent.com:8080/", "https://tencent.wd1.myworkdayjobs.com/x",
    ],
)  # fmt: skip
def test_other_address_means_no_board(url: str) -> None:
    assert TencentSpider.match(url) is None


def test_record() -> None:
    assert posting(record()) == JobPosting(
        identifier=POST,
        title="窑炉工程师",
        url=f"https://careers.tencent.com/jobdesc.html?postId={POST}",
        description="烧陶；\n修窑。",
        job_location=(Place(name="重庆", address_locality="重庆", address_country="中国"),),
        employment_unit="CSIG",
        occupational_category="技术",
    )


def test_identifier_too_large_for_a_float_keeps_its_digits() -> None:
    found = read(posts(record(PostId="2066702542833893376"), record(PostId="2066702542833893377")))
    assert [one.identifier for one in found.postings] == ["2066702542833893376", "2066702542833893377"]


def test_date_of_an_edit_is_not_the_date_of_posting_but_states_a_change() -> None:
    found = read(posts(record()))
    assert found.postings[0].date_posted is None
    assert found.stamps == {POST: "2026年01月04日"}


def test_detail_adds_the_requirements() -> None:
    found = read({"Code": 200, "Data": record(Requirement="会烧陶。", ImportantItem="会画。")})
    assert found.detail
    assert found.postings[0].description == "烧陶；\n修窑。\n\n会烧陶。\n\n会画。"


@pytest.mark.parametrize(
    ("address", "url", "detail"),
    [
        ("https://tencent.wd1.myworkdayjobs.com/x/1", "https://tencent.wd1.myworkdayjobs.com/x/1", False),
        ("https:////careers.tencent.com/jobdesc.html", f"https://careers.tencent.com/jobdesc.html?postId={POST}", True),
        ("javascript:alert(1)", f"https://careers.tencent.com/jobdesc.html?postId={POST}", True),
        (None, f"https://careers.tencent.com/jobdesc.html?postId={POST}", True),
    ],
)
def test_post_on_another_system_has_its_page_there(address: Any, url: str, detail: bool) -> None:
    found = posting(record(PostURL=address))
    assert (found.url, TencentSpider(boards=[BOARD]).needs_detail(found)) == (url, detail)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, ["重庆"]), ({"LocationName": ""}, ["中国"]), ({"LocationName": None, "CountryName": None}, []),
    ],
)  # fmt: skip
def test_places(changes: dict[str, Any], names: list[str]) -> None:
    assert [place.name for place in posting(record(**changes)).job_location] == names


def test_title_identifies_an_intern() -> None:
    assert posting(record(RecruitPostName="窑炉实习生")).employment_type == ("INTERN",)


def test_product_is_beside_the_business_group() -> None:
    assert posting(record(ProductName="陶云")).employment_unit == "CSIG / 陶云"


def test_invalid_post_is_not_an_opening() -> None:
    found = read(posts(record(PostId="1"), record(PostId="2", IsValid=False)))
    assert (found.rows, found.unlisted, len(found.postings)) == (2, ("2",), 1)


@pytest.mark.parametrize("count", [0, 2300])
def test_posts_may_be_null(count: int) -> None:
    # On an empty board, and past the end of a full one, which the total shows.
    assert read(posts(count=count)) == Page(reported_total=count)


@pytest.mark.parametrize(
    "payload",
    [
        {}, [], None, {"Code": 500, "Data": None}, {"Code": 200, "Data": None}, {"Code": 200, "Data": []},
        posts(record(), count=None), posts(record(), count="1"), posts(record(), count=True),
        {"Code": 200, "Data": {"Count": 1, "Posts": {}}}, {"Code": 200, "Data": {"Count": 1}},
        posts(record(PostId=...)), posts(record(RecruitPostName=None)), posts(1),
    ],
    ids=str,
)  # fmt: skip
def test_any_other_format_raises(payload: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        read(payload)


def test_unreadable_record_is_reported_and_others_are_read() -> None:
    found = read(posts(record(), record(PostId="7", RecruitPostName="")))
    assert [one.identifier for one in found.postings] == [POST]
    assert found.unreadable[0].startswith("record '7' cannot be read")


@pytest.mark.parametrize("status", [200, 500])
def test_post_that_went_offline_is_gone(status: int) -> None:
    with pytest.raises(PostingGone):
        TencentSpider.read_response(status, {}, b'{"Code":500,"Data":null,"Message":"E1005"}', BOARD)


@pytest.mark.parametrize("body", [b"", b"<html>Internal Server Error</html>", b'{"Code":500}'])
def test_another_server_error_is_not_a_sign_of_closing(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse, match="HTTP 500"):
        TencentSpider.read_response(500, {}, body, BOARD)


def test_pages_are_counted_from_one() -> None:
    spider = TencentSpider(boards=[BOARD])
    request = spider.list_request(BOARD, Cursor(page=2, offset=2 * PAGE_SIZE))
    query = "pageIndex=3&pageSize=100&language=zh-cn&area=cn"
    assert request.url == f"https://careers.tencent.com/tencentcareer/api/post/Query?{query}"


def test_requests_do_not_change_from_day_to_day() -> None:
    spider = TencentSpider(boards=[BOARD])
    assert "timestamp" not in spider.list_request(BOARD, Cursor()).url
    assert spider.detail_request(BOARD, posting(record())).url.endswith(f"ByPostId?postId={POST}&language=zh-cn")


@pytest.mark.parametrize("name", sorted(set(record()) - {"PostId", "RecruitPostName"}))
@pytest.mark.parametrize("value", [None, ...], ids=["null", "missing"])
def test_every_other_field_may_be_null_or_missing(name: str, value: Any) -> None:
    assert posting(record(**{name: value})).identifier == POST
