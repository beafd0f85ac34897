"""Meituan's responses, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from scrapy.http import TextResponse
from scrapy.utils.test import get_crawler

from crawler.boards import Cursor
from crawler.manifest import Manifest
from crawler.parsing.responses import Page, UnexpectedResponse
from crawler.spiders.meituan import KINDS, PAGE_SIZE, MeituanSpider, posting
from postings import JobPosting, Place, Verdict

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
BOARD = MeituanSpider.board("https://zhaopin.meituan.com")


def record(**changes: Any) -> dict[str, Any]:
    """A list record; a change to ... removes the key."""
    values = {
        "jobUnionId": "3904012345",
        "name": "窑炉工程师",
        "jobType": "3",
        "jobStatus": "1",
        "jobFamily": "技术类",
        "jobFamilyGroup": "研发",
        "cityList": [{"code": "001001", "name": "北京市"}, {"code": "001009", "name": "上海市"}],
        "workYear": "3年",
        "department": [{"name": "陶艺平台"}],
        "jobDuty": "烧陶；\n修窑。",
        "jobRequirement": "会烧陶。",
        "highLight": None,
        "precedence": "会画。",
        "otherInfo": None,
        "departmentIntro": "我们烧陶。",
        "firstPostTime": 1772000000000,
        "refreshTime": 1772100000000,
        "expiredTime": None,
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def jobs(*records: Any, total: Any = ..., number: int = 1) -> dict[str, Any]:
    total = len(records) if total is ... else total
    page = {"pageNo": number, "pageSize": PAGE_SIZE, "totalPage": 1, "totalCount": total}
    return {"status": 1, "message": "成功", "data": {"list": list(records), "page": page}}


def read(payload: Any) -> Page:
    return MeituanSpider.read(json.dumps(payload).encode(), BOARD)


@pytest.mark.parametrize(
    "url",
    [
        "https://zhaopin.meituan.com/",
        "http://zhaopin.meituan.com/web/campus",
        "zhaopin.meituan.com/web/position/detail?jobUnionId=3904012345&highlightType=social",
        "https://zhaopin.meituan.com/api/official/job/getJobList",
    ],
)
def test_every_address_of_the_site_means_the_one_board(url: str) -> None:
    assert MeituanSpider.match(url) == BOARD


@pytest.mark.parametrize(
    "url", ["https://meituan.com/", "https://zhaopin.meituan.com.evil.example/", "https://zhaopinxmeituan.com/"]
)
def test_other_address_means_no_board(url: str) -> None:
    assert MeituanSpider.match(url) is None


def test_record() -> None:
    assert posting(record()) == JobPosting(
        identifier="3904012345",
        title="窑炉工程师",
        url="https://zhaopin.meituan.com/web/position/detail?jobUnionId=3904012345",
        description="我们烧陶。\n\n烧陶；\n修窑。\n\n会烧陶。\n\n会画。",
        job_location=(Place(name="北京市", address_locality="北京市"), Place(name="上海市", address_locality="上海市")),
        employment_type=("FULL_TIME",),
        employment_type_raw="社招",
        date_posted=datetime(2026, 2, 25, 6, 13, 20, tzinfo=UTC),
        date_posted_raw="1772000000000",
        employment_unit="陶艺平台",
        occupational_category="技术类",
    )


def test_refreshing_is_not_the_date_of_posting_but_states_a_change() -> None:
    found = read(jobs(record(firstPostTime=None)))
    assert found.postings[0].date_posted is None
    assert found.stamps == {"3904012345": "1772100000000"}


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"jobType": "1"}, ("FULL_TIME",)), ({"jobType": 2}, ("INTERN",)), ({"jobType": None}, ()),
        ({"jobType": "3", "name": "窑炉实习生"}, ("INTERN",)), ({"jobType": "9"}, ()),
    ],
    ids=str,
)  # fmt: skip
def test_kind_of_employment(changes: dict[str, Any], kinds: tuple[str, ...]) -> None:
    assert posting(record(**changes)).employment_type == kinds


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({}, False), ({"jobDuty": None}, False), ({"jobDuty": None, "jobRequirement": ""}, True),
        ({"jobDuty": ..., "jobRequirement": ...}, True),
    ],
    ids=str,
)  # fmt: skip
def test_only_a_job_without_its_texts_needs_the_detail(changes: dict[str, Any], needed: bool) -> None:
    assert MeituanSpider(boards=[BOARD]).needs_detail(posting(record(**changes))) is needed


@pytest.mark.parametrize(
    ("cities", "names"), [([], []), (None, []), ([{"name": None}], []), ([{"name": "北京市"}] * 2, ["北京市"])]
)
def test_places(cities: Any, names: list[str]) -> None:
    assert [place.name for place in posting(record(cityList=cities)).job_location] == names


def test_detail() -> None:
    found = read({"status": 1, "message": "成功", "data": record()})
    assert (found.detail, found.rows, found.reported_total) == (True, 1, None)


def test_empty_board() -> None:
    assert read(jobs()) == Page(reported_total=0)


@pytest.mark.parametrize("total", [0, 205])
def test_empty_page_in_the_middle_does_not_state_the_length(total: int) -> None:
    assert read(jobs(total=total, number=2)) == Page()


@pytest.mark.parametrize(
    "payload",
    [
        {}, [], None, {"status": 0, "message": "x", "data": None}, {"status": 1}, {"status": 1, "data": None},
        {"status": 1, "data": {"list": []}}, {"status": 1, "data": {"list": [], "page": {}}},
        {"status": 1, "data": {"list": None, "page": {"totalCount": 0}}}, jobs(total=None), jobs(total="5"),
        jobs(total=True), jobs(1), jobs(record(jobUnionId=None)), jobs(record(name="")), {"status": "1", "data": {}},
    ],
    ids=str,
)  # fmt: skip
def test_any_other_format_raises(payload: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        read(payload)


def test_unreadable_record_is_reported_and_others_are_read() -> None:
    found = read(jobs(record(), record(jobUnionId=8, cityList=[5])))
    assert len(found.postings) == 1
    assert found.unreadable[0].startswith("record 8 cannot be read")


@pytest.mark.parametrize("name", sorted(set(record()) - {"jobUnionId", "name"}))
@pytest.mark.parametrize("value", [None, ...], ids=["null", "missing"])
def test_every_other_field_may_be_null_or_missing(name: str, value: Any) -> None:
    assert posting(record(**{name: value})).identifier == "3904012345"


# Requests ---------------------------------------------------------------------------------------------


def spider() -> MeituanSpider:
    made: MeituanSpider = MeituanSpider.from_crawler(get_crawler(MeituanSpider), boards=[BOARD])
    return made


def callback_output(request: Any, payload: dict[str, Any]) -> list[Any]:
    response = TextResponse(request.url, body=json.dumps(payload).encode(), request=request)
    return list(request.callback(response, **request.cb_kwargs))


def test_page_number_is_in_page_and_nowhere_else() -> None:
    body = json.loads(spider().list_request(BOARD, Cursor(part="2", page=3, offset=300)).body)
    assert body["page"] == {"pageNo": 4, "pageSize": 100}
    assert "pageNo" not in body
    assert body["jobType"] == [{"code": "2", "subCode": []}]


def test_each_kind_of_recruiting_is_a_list() -> None:
    requested = [json.loads(request.body)["jobType"][0]["code"] for request in spider().first_requests(Manifest(BOARD))]
    assert requested == list(KINDS)


@pytest.mark.parametrize("total", [0, 2])
def test_empty_page_in_the_middle_is_requested_again(total: int) -> None:
    manifest = Manifest(BOARD)
    first, *_ = spider().first_requests(manifest)
    (_, second) = callback_output(first, jobs(record(), total=2))
    (again,) = callback_output(second, jobs(total=total, number=2))
    assert again.body == second.body
    (item, once_more) = callback_output(again, jobs(record(jobUnionId="2"), total=2, number=2))
    assert item["identifier"] == "2"
    assert once_more.body == first.body, "the first page is requested again at the end"
    assert manifest.listing("3").doubts() is None


def test_page_that_stays_empty_is_not_taken_for_the_end() -> None:
    manifest = Manifest(BOARD)
    first, *_ = spider().first_requests(manifest)
    (_, requested) = callback_output(first, jobs(record(), total=2))
    for _ in range(2):
        (requested,) = callback_output(requested, jobs(total=0, number=2))
    assert callback_output(requested, jobs(total=0, number=2)) == []
    run = manifest.run(NOW)
    assert run.verdict is Verdict.INCOMPLETE
    assert "(2 reported, 1 seen): that is not the whole board" in run.reason


def test_server_with_shorter_pages_than_requested_is_read_to_the_end() -> None:
    first, *_ = spider().first_requests(Manifest(BOARD))
    *_, second = callback_output(first, jobs(*(record(jobUnionId=str(n)) for n in range(20)), total=45))
    assert json.loads(second.body)["page"]["pageNo"] == 2
