"""Feishu's responses, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, PostingGone, ResponseError, UnexpectedResponse
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.runs.saved import read_saved
from crawler.spiders.feishu import PAGE_SIZE, FeishuSpider
from crawler.systems import UnknownSystem, find_board
from postings import BoardRun, JobPosting, Place, Verdict
from simulator.server import Simulator
from simulator.story import sized_story
from simulator.systems.feishu_records import pools
from simulator.world import World

TENANT = "https://yunfan.jobs.feishu.cn"
BOARD = FeishuSpider.board(f"{TENANT}/index")
ID = "7595187765260732725"
OWN = "https://jobs.yunfan.example"


def node(key: str, name: str, en_name: str, parent: Any = None) -> dict[str, Any]:
    return {"id": key, "name": name, "en_name": en_name, "i18n_name": name, "depth": 2, "parent": parent}


SOCIAL, CAMPUS = node("1", "社招", "Experienced"), node("2", "校招", "Campus")
BEIJING = {"code": "CT_11", "name": "北京", "en_name": "Beijing", "i18n_name": "北京"}


def record(**changes: Any) -> dict[str, Any]:
    """A list record; a change to ... removes the key."""
    values = {
        "id": ID,
        "title": "编译器工程师 ",
        "sub_title": None,
        "description": "1、写编译器。\n2、读 List<T>。",
        "requirement": "懂图论。",
        "job_category": node("12", "后端", "Backend", node("11", "研发", "R&D")),
        "city_info": None,
        "recruit_type": node("101", "全职", "Full-time", SOCIAL),
        "publish_time": 1768392559043,
        "job_hot_flag": None,
        "code": "A228848",
        "department_id": None,
        "job_function": None,
        "city_list": [BEIJING, {"code": "CT_52", "name": "杭州", "en_name": "Hangzhou"}],
        "job_post_info": {"min_salary": None, "max_salary": None, "currency": None, "job_post_object_value_map": {}},
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def read(**changes: Any) -> JobPosting:
    return FeishuSpider.posting(record(**changes), BOARD)


def page_of(data: Any, code: Any = 0, message: str = "ok") -> Page:
    payload = {"code": code, "data": data, "message": message, "error": None}
    return FeishuSpider.read(json.dumps(payload).encode(), BOARD)


def listed(*records: Any, count: Any = ...) -> Page:
    return page_of({"job_post_list": list(records), "count": len(records) if count is ... else count, "extra": "{}"})


# Addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (f"{TENANT}/index", f"{TENANT}/index"),
        (f"{TENANT}/index/?keywords=&category=&current=1", f"{TENANT}/index"),
        (f"{TENANT}/379481/position/{ID}/detail?spread=x", f"{TENANT}/379481"),
        (f"{TENANT}/campus/position/list", f"{TENANT}/campus"),
        ("http://YunFan.jobs.feishu.cn/Campus#/", f"{TENANT}/Campus"),
        (TENANT, TENANT),
        (f"{TENANT}/?x=1", TENANT),
        (f"{TENANT}/api/v1/search/job/posts?portal_type=6", TENANT),
        (f"{TENANT}/api/v1/job/posts/{ID}?portal_type=6&with_recommend=false", TENANT),
        ("https://xiaomi.jobs.f.mioffice.cn", "https://xiaomi.jobs.f.mioffice.cn"),
        (
            f"https://xiaomi.jobs.f.mioffice.cn/internship/position/{ID}/detail",
            "https://xiaomi.jobs.f.mioffice.cn/internship",
        ),
        ("https://hr-jobs.sensetime.com/exp/position/list", "https://hr-jobs.sensetime.com/exp"),
        ("https://career.papegames.com/campus", "https://career.papegames.com/campus"),
        (f"{TENANT}/career,index/position/list", f"{TENANT}/career,index"),
        ("campus.duxiaoman.com/campus", "https://campus.duxiaoman.com/campus"),
        (f"{OWN}/social/position/list?current=2", f"{OWN}/social/position/list"),
        (f"{OWN}/social/position/{ID}/detail", f"{OWN}/social/position/list"),
        (f"{OWN}/social/position/{ID}", f"{OWN}/social/position/list"),
    ],
)
def test_every_form_of_address_means_the_board(url: str, canonical: str) -> None:
    board = find_board(url)
    assert (board.system, board.url) == ("feishu", canonical)
    assert find_board(canonical) == board


@pytest.mark.parametrize(
    "url",
    [
        "https://jobs.feishu.cn/index",
        "https://yunfan.jobs.feishu.cn.evil.example/index",
        "https://a.b.jobs.feishu.cn/index",
        f"{TENANT}/a;b",
        f"{TENANT}/a,",
        f"{TENANT}/,a",
        f"{TENANT}/云帆",
        f"{TENANT}//index",
        f"{OWN}/social/position",
        f"{OWN}/social/position/list2",
        f"{OWN}/social/position/123/detail",
        f"{OWN}/wt/social/position/list",
        f"{OWN}:8443/social/position/list",
        "https://localhost/social/position/list",
        "https://127.0.0.1/social/position/list",
        "https://someone@jobs.yunfan.example/social/position/list",
    ],
)
def test_any_other_address_is_rejected(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


@pytest.mark.parametrize(
    ("url", "organization", "site", "host"),
    [
        (f"{TENANT}/index", "yunfan", "index", "yunfan.jobs.feishu.cn"),
        (TENANT, "yunfan", None, "yunfan.jobs.feishu.cn"),
        ("https://hr-jobs.sensetime.com/edu", "sensetime", "edu", "hr-jobs.sensetime.com"),
        (f"{OWN}/social/position/list", "jobs.yunfan.example", "social", "jobs.yunfan.example"),
    ],
)
def test_boards_parts(url: str, organization: str, site: str | None, host: str) -> None:
    board = find_board(url)
    assert (board.organization, board.site, board.instance) == (organization, site, host)


# Requests ---------------------------------------------------------------------------------------------


def test_channel_is_requested_in_a_header() -> None:
    request = FeishuSpider(boards=[BOARD]).list_request(BOARD, Cursor(offset=200))
    requested = json.loads(request.body)
    assert (request.method, request.url) == ("POST", f"{TENANT}/api/v1/search/job/posts")
    assert (request.headers[b"website-path"], request.headers[b"Content-Type"]) == (b"index", b"application/json")
    assert (requested["limit"], requested["offset"], requested["portal_type"], requested["keyword"]) == (
        PAGE_SIZE,
        200,
        6,
        "",
    )


def test_without_a_channel_the_header_is_not_sent() -> None:
    # An empty one would be a guess: the list without it is a pool of its own.
    board = FeishuSpider.board(TENANT)
    assert b"website-path" not in FeishuSpider(boards=[board]).list_request(board, Cursor()).headers


def test_tenant_under_its_own_host_is_requested_there() -> None:
    board = FeishuSpider.board(f"{OWN}/social/position/list")
    request = FeishuSpider(boards=[board]).list_request(board, Cursor())
    assert (request.url, request.headers[b"website-path"]) == (f"{OWN}/api/v1/search/job/posts", b"social")


def crawled(url: str) -> tuple[BoardRun, list[JobPosting], World]:
    """Crawl a simulated board of 120 postings."""
    (specimen,) = sized_story(1, 120, ["feishu"])
    world = World(boards=[dataclasses.replace(specimen, url=url)])
    found: list[tuple[BoardRun, list[JobPosting]]] = []
    with Simulator(world) as simulator:
        crawl(
            [find_board(url)],
            observed_at=datetime(2026, 3, 2, 6, tzinfo=UTC),
            on_run=lambda run, postings: found.append((run, list(postings))),
            settings={**UNTHROTTLED, "LOG_LEVEL": "CRITICAL", "ROLEMIX_GATEWAY": simulator.url},
        )
    ((run, postings),) = found
    return run, postings, world


@pytest.mark.parametrize(
    ("url", "pages"),
    [
        ("https://xiaomi.jobs.f.mioffice.cn", "index"),
        (f"{TENANT}/379481", "379481"),
        (f"{TENANT}/career,campus", "career"),
    ],
)
def test_tenant_is_read_completely_with_a_channel_or_without(url: str, pages: str) -> None:
    run, postings, world = crawled(url)
    assert run.verdict is Verdict.COMPLETE, run.reason
    assert {posting.identifier for posting in postings} == world.identifiers(url, 0)
    assert {posting.url.split("/")[3] for posting in postings} == {pages}


def test_posting_on_two_channels_is_one_posting() -> None:
    run, postings, world = crawled(f"{TENANT}/career,campus")
    on_both = [row for row in world.rows(f"{TENANT}/career,campus", 0) if len(pools(row)) == 2]
    assert on_both
    assert (len(postings), run.unique, run.reported_total, run.rows) == (120, 120, 120, 120 + len(on_both))


# Error responses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "message", "error"),
    [
        (-9000003, "site not exist", BoardUnknown),
        (-9000002, "params is invalid", UnexpectedResponse),
        (-4000001, "", UnexpectedResponse),
        (None, "", UnexpectedResponse),
        ("0", "", UnexpectedResponse),
    ],
)
def test_codes(code: Any, message: str, error: type[ResponseError]) -> None:
    with pytest.raises(error, match=message or "Feishu returned code"):
        page_of(None, code, message)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, b"", BoardUnknown),
        (400, b'{"code":1,"message":"invalid request"}', UnexpectedResponse),
        (404, b"404 page", BoardUnknown),
        (405, b"", BoardBlocked),
        (403, b"", BoardBlocked),
        (302, b"", UnexpectedResponse),
        (500, b"", UnexpectedResponse),
    ],
)
def test_statuses(status: int, body: bytes, error: type[ResponseError]) -> None:
    with pytest.raises(error) as caught:
        FeishuSpider.read_response(status, {}, body, BOARD)
    assert type(caught.value) is error


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        [],
        {"job_post_list": []},
        {"job_post_list": [], "count": None},
        {"job_post_list": [], "count": "3"},
        {"job_post_list": {}, "count": 0},
        {"job_post_list": "", "count": 0},
        {"job_post_list": [], "count": True},
        {"job_post_list": {"a": 1}, "count": 1},
        {"job_post_list": [1, 2], "count": 2},
        {"job_post_list": [{"title": "without an id"}], "count": 1},
        {"job_post_detail": None},
        {"job_post_detail": []},
    ],
    ids=str,
)
def test_another_format_is_never_an_empty_board(data: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        page_of(data)


@pytest.mark.parametrize("nothing", [[], None])
def test_channel_without_openings_is_empty(nothing: Any) -> None:
    page = page_of({"job_post_list": nothing, "count": 0})
    assert (page.rows, page.reported_total) == (0, 0)


def test_page_past_the_window_still_states_its_count() -> None:
    page = page_of({"job_post_list": None, "count": 10_000})
    assert (page.rows, page.reported_total) == (0, 10_000)


def test_posting_taken_offline_is_gone() -> None:
    with pytest.raises(PostingGone) as caught:
        page_of({"job_post_detail": record(channel_online_status=0)})
    assert caught.value.identifier == ID


def test_postings_own_page_is_read() -> None:
    page = page_of({"job_post_detail": record(channel_online_status=1), "recommend_job_post_List": [record(id="1")]})
    assert (page.detail, [one.identifier for one in page.postings], page.reported_total) == (True, [ID], None)


# The record -------------------------------------------------------------------------------------------


def test_record() -> None:
    assert read() == JobPosting(
        identifier=ID,
        title="编译器工程师",
        url=f"{TENANT}/index/position/{ID}/detail",
        description="1、写编译器。\n2、读 List<T>。\n\n懂图论。",
        job_location=(Place(name="北京", address_locality="北京"), Place(name="杭州", address_locality="杭州")),
        employment_type=("FULL_TIME",),
        employment_type_raw="社招 / 全职",
        date_posted=datetime(2026, 1, 14, 12, 9, 19, 43_000, tzinfo=UTC),
        date_posted_raw="1768392559043",
        occupational_category="研发 / 后端",
    )


@pytest.mark.parametrize("identifier", [ID, int(ID), "7680029585811360001", 9_007_199_254_740_993])
def test_nineteen_digits_survive(identifier: Any) -> None:
    page = listed(record(id=identifier))
    assert page.postings[0].identifier == str(identifier)


def test_id_that_a_float_has_rounded_is_rejected() -> None:
    page = listed(record(), record(id=7.595187765260732e18))
    assert (len(page.postings), len(page.unreadable)) == (1, 1)


@pytest.mark.parametrize(
    ("description", "requirement", "text"),
    [("做事", None, "做事"), (None, "会做事", "会做事"), (None, None, ""), (..., ..., ""), ("", "会", "会")],
)
def test_either_text_may_be_missing(description: Any, requirement: Any, text: str) -> None:
    assert read(description=description, requirement=requirement).description == text


def test_custom_fields_of_a_tenant_belong_to_the_text() -> None:
    info = {"job_post_object_value_map": {"9": "<p>课题：<b>稀疏</b></p>", "1": None}}
    assert read(job_post_info=info).description.endswith("懂图论。\n\n课题：稀疏")


@pytest.mark.parametrize(
    ("recruit_type", "employment", "raw"),
    [
        (node("101", "全职", "Full-time", SOCIAL), ("FULL_TIME",), "社招 / 全职"),
        (node("101", "正式", "Regular", SOCIAL), ("FULL_TIME",), "社招 / 正式"),
        (node("201", "正式", "Regular", CAMPUS), ("FULL_TIME",), "校招 / 正式"),
        (node("202", "实习", "Intern", CAMPUS), ("INTERN",), "校招 / 实习"),
        (node("301", "实习", "Intern", SOCIAL), ("INTERN",), "社招 / 实习"),
        # One id means another thing with another tenant: the name decides.
        (node("301", "劳务", "Labor", SOCIAL), ("CONTRACTOR",), "社招 / 劳务"),
        (node("104", "外包", "Outsourcing", SOCIAL), ("CONTRACTOR",), "社招 / 外包"),
        (node("105", "顾问", "Consultant", SOCIAL), (), "社招 / 顾问"),
        ({"id": "101", "name": "全职"}, ("FULL_TIME",), "全职"),
        (None, (), None),
    ],
)
def test_kinds_of_employment(recruit_type: Any, employment: tuple[str, ...], raw: str | None) -> None:
    posting = read(recruit_type=recruit_type)
    assert (posting.employment_type, posting.employment_type_raw) == (employment, raw)


def test_title_is_used_where_the_kind_is_missing() -> None:
    posting = read(recruit_type=None, title="编译器实习生")
    assert (posting.employment_type, posting.employment_type_raw) == (("INTERN",), "实习")


@pytest.mark.parametrize(
    ("category", "function", "read_as"),
    [
        (node("1", "研发", "R&D"), None, "研发"),
        (None, node("1", "硬件研发类", "Hardware"), "硬件研发类"),
        (node("1", "算法", "A"), node("2", "技术", "T"), "算法"),
        (None, None, None),
        (..., ..., None),
    ],
)
def test_category_is_read_where_the_channel_has_it(category: Any, function: Any, read_as: str | None) -> None:
    assert read(job_category=category, job_function=function).occupational_category == read_as


@pytest.mark.parametrize(
    ("city_list", "city_info", "names"),
    [
        ([BEIJING], None, ["北京"]),
        ([BEIJING, BEIJING], None, ["北京"]),
        (None, BEIJING, ["北京"]),
        ([], BEIJING, ["北京"]),
        ([{"code": "CT_1", "name": None}], None, []),
        (None, None, []),
        (..., ..., []),
    ],
)
def test_places(city_list: Any, city_info: Any, names: list[str]) -> None:
    assert [place.name for place in read(city_list=city_list, city_info=city_info).job_location] == names


def test_city_under_its_country() -> None:
    country = {"name": "德国"}
    city = {"name": "慕尼黑", "parent": {"name": "巴伐利亚州", "parent": country}}
    assert read(city_list=[city]).job_location == (
        Place(
            name="德国 巴伐利亚州 慕尼黑",
            address_locality="慕尼黑",
            address_region="巴伐利亚州",
            address_country="德国",
        ),
    )


def test_cyclic_tree_ends() -> None:
    city: dict[str, Any] = {"name": "环"}
    city["parent"] = city
    assert FeishuSpider.posting(record(city_list=[city]), BOARD).job_location == (
        Place(name="环", address_locality="环"),
    )


@pytest.mark.parametrize(("stamp", "known"), [(1768392559043, True), (1768392559, False), (0, False), (None, False)])
def test_time_of_publication_is_in_milliseconds(stamp: Any, known: bool) -> None:
    assert (read(publish_time=stamp).date_posted is not None) == known


def test_pay_of_an_unknown_unit_is_kept_unparsed() -> None:
    posting = read(job_post_info={"min_salary": 30, "max_salary": 60, "currency": "CNY"})
    assert (posting.base_salary, posting.base_salary_raw) == (None, "min_salary=30 max_salary=60 currency=CNY")


def test_missing_pay_is_none() -> None:
    assert read().base_salary_raw is None


def test_whole_list_is_counted() -> None:
    page = listed(record(), record(id="7595187765260732726"), count=197)
    assert (page.rows, page.reported_total, page.whole, page.next) == (2, 197, False, None)


# Recorded responses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("requested", "total"),
    [
        ({"keyword": "", "job_category_id_list": [], "limit": 10, "offset": 0}, 40),
        ({"keyword": "", "job_category_id_list": ["11"], "limit": 10, "offset": 0}, None),
        ({"keyword": "编译", "job_category_id_list": [], "limit": 10, "offset": 0}, None),
    ],
)
def test_recorded_list_counts_for_the_board_unless_it_was_narrowed(
    requested: dict[str, Any], total: int | None, tmp_path: Path
) -> None:
    data = {"job_post_list": [record()], "count": 40}
    (tmp_path / "list_rsp.json").write_text(json.dumps({"code": 0, "data": data}))
    (tmp_path / "list_req.hurl").write_text(
        f"POST {TENANT}/api/v1/search/job/posts\n{json.dumps(requested)}\nHTTP 200\n"
    )
    assert read_saved(FeishuSpider, tmp_path / "list_rsp.json").reported_total == total
