"""The wire formats of the Chinese companies' own sites, over HTTP: what a reader could trip over is there."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest

from simulator.server import Simulator
from simulator.world import World
from tests.simulator.client import Response, fetch

TENCENT = "https://careers.tencent.com/tencentcareer/api/post"
BAIDU = "https://talent.baidu.com/httservice/getPostListNew"
MEITUAN = "https://zhaopin.meituan.com/api/official/job/getJobList"
HOLDING = "https://talent-holding.alibaba.com"
ALIYUN = "https://careers.aliyun.com"


@contextmanager
def serving(name: str, postings: int, url: str = "") -> Iterator[Simulator]:
    (board,) = World.sized(1, postings, systems=[name]).boards
    with Simulator(World(boards=[dataclasses.replace(board, url=url or board.url)])) as simulator:
        yield simulator


# Tencent ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tencent() -> Iterator[Simulator]:
    with serving("tencent", 30) as simulator:
        yield simulator


def test_tencents_posts_are_null_past_the_end(tencent: Simulator) -> None:
    first = fetch(tencent, f"{TENCENT}/Query?pageIndex=1&pageSize=100").json["Data"]
    beyond = fetch(tencent, f"{TENCENT}/Query?pageIndex=2&pageSize=100").json["Data"]
    assert len(first["Posts"]) == first["Count"] == 30
    assert beyond == {"Count": 30, "Posts": None}


def test_tencents_identifiers_are_longer_than_floats_hold(tencent: Simulator) -> None:
    posts = fetch(tencent, f"{TENCENT}/Query?pageIndex=1&pageSize=100").json["Data"]["Posts"]
    assert all(isinstance(post["PostId"], str) and len(post["PostId"]) == 19 for post in posts)
    assert {post["Id"] for post in posts} == {0}


def test_only_tencents_detail_has_the_requirements(tencent: Simulator) -> None:
    post = fetch(tencent, f"{TENCENT}/Query?pageIndex=1&pageSize=1").json["Data"]["Posts"][0]
    detail = fetch(tencent, f"{TENCENT}/ByPostId?postId={post['PostId']}").json["Data"]
    assert "Requirement" not in post
    assert detail["Requirement"]


def test_tencents_offline_posts_and_robots(tencent: Simulator) -> None:
    gone = fetch(tencent, f"{TENCENT}/ByPostId?postId=1")
    assert (gone.status, gone.json["Code"], gone.json["Message"]) == (500, 500, "E1005")
    robots = fetch(tencent, "https://careers.tencent.com/robots.txt")
    assert (robots.status, fetch(tencent, robots.headers["Location"]).text[:9]) == (302, "<!doctype")


# Alibaba ----------------------------------------------------------------------------------------------


def alibaba(simulator: Simulator, origin: str, page: int, **changes: str) -> Response:
    """Open a session as the portal's page does, and request the list; changes alter one of the token's three copies."""
    cookies = fetch(simulator, f"{origin}/off-campus/position-list?lang=zh").headers.get_all("Set-Cookie") or []
    token = next(cookie.split(";")[0].removeprefix("XSRF-TOKEN=") for cookie in cookies if "XSRF" in cookie)
    copies = {"cookie": token, "header": token, "address": token, **changes}
    return fetch(
        simulator,
        f"{origin}/position/search?_csrf={copies['address']}",
        {"pageIndex": page, "pageSize": 100},
        headers={
            "Cookie": f"XSRF-TOKEN={copies['cookie']}",
            "X-XSRF-TOKEN": copies["header"],
            "Content-Type": "application/json",
        },
    )


def test_alibabas_list_needs_the_token_three_times() -> None:
    with serving("alibaba", 5) as simulator:
        assert alibaba(simulator, HOLDING, 1).status == 200
        assert [alibaba(simulator, HOLDING, 1, **{copy: "x"}).status for copy in ("cookie", "header", "address")] == [
            403
        ] * 3


def test_alibabas_total_is_zero_past_the_end_and_tracking_ids_change() -> None:
    with serving("alibaba", 5) as simulator:
        first, again, beyond = (alibaba(simulator, HOLDING, page).json["content"] for page in (1, 1, 2))
    assert (first["totalCount"], beyond["totalCount"], beyond["datas"]) == (5, 0, [])
    assert {row["id"] for row in first["datas"]} == {row["id"] for row in again["datas"]}
    assert {row["positionUrl"] for row in first["datas"]}.isdisjoint(row["positionUrl"] for row in again["datas"])


def test_aliyun_serves_500_counts_all_and_repeats_its_metadata() -> None:
    with serving("alibaba", 520, ALIYUN) as simulator:
        fifth, sixth = (alibaba(simulator, ALIYUN, page).json["content"] for page in (5, 6))
    assert (len(fifth["datas"]), len(sixth["datas"])) == (100, 0)
    for content in (fifth, sixth):
        assert (content["totalCount"], content["pageSize"], content["currentPage"]) == (520, 500, 1)


# Baidu ------------------------------------------------------------------------------------------------


def baidu(simulator: Simulator, kind: str = "SOCIAL", size: int = 20, page: int = 1, referer: str = "x") -> Response:
    form = urlencode({"recruitType": kind, "pageSize": size, "curPage": page}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"} | ({"Referer": referer} if referer else {})
    return fetch(simulator, BAIDU, form, headers=headers)


def test_baidus_pages_start_over_beyond_the_last() -> None:
    with serving("baidu", 30) as simulator:
        first, beyond = (baidu(simulator, page=page).json["data"] for page in (1, 9))
    assert first["list"] == beyond["list"] != []
    assert (first["pageNum"], beyond["pageNum"]) == (1, 1)
    assert isinstance(first["total"], str)


def test_baidus_lists_together_are_the_board() -> None:
    with serving("baidu", 30) as simulator:
        totals = [int(baidu(simulator, kind).json["data"]["total"]) for kind in ("SOCIAL", "GRADUATE", "INTERN")]
    assert sum(totals) == 30
    assert totals[2] > 0


def test_baidu_refuses_long_pages_json_and_requests_without_referer() -> None:
    with serving("baidu", 3) as simulator:
        assert baidu(simulator, size=21).json["status"] == "fail"
        json_body: Any = {"recruitType": "SOCIAL", "pageSize": 20, "curPage": 1}
        assert fetch(simulator, BAIDU, json_body, headers={"Referer": "x"}).status == 400
        assert baidu(simulator, referer="").status == 400


# Meituan ----------------------------------------------------------------------------------------------


def meituan(simulator: Simulator, number: int = 1, size: int = 10, **more: Any) -> Any:
    body = {"page": {"pageNo": number, "pageSize": size}, "jobType": [{"code": "3", "subCode": []}], **more}
    return fetch(simulator, MEITUAN, body, headers={"Content-Type": "application/json"}).json["data"]


def test_middle_page_of_meituan_is_empty_when_first_requested() -> None:
    with serving("meituan", 60) as simulator:
        first, again = meituan(simulator, 2), meituan(simulator, 2)
        simulator.day = 1
        next_day = meituan(simulator, 2)
    assert (first["list"], next_day["list"], len(again["list"])) == ([], [], 10)
    assert first["page"]["totalCount"] == again["page"]["totalCount"] > 40


def test_each_of_meituans_lists_moves_after_its_own_first_page() -> None:
    with serving("meituan", 60) as simulator:
        lists = {kind: {"jobType": [{"code": kind, "subCode": []}]} for kind in "32"}
        (url,) = (board.url for board in simulator.world.boards)
        before = {kind: meituan(simulator, 1, 100, **query)["list"] for kind, query in lists.items()}
        simulator.fault(url, "swapping")
        for kind, query in lists.items():
            shown, moved = (
                [job["jobUnionId"] for job in meituan(simulator, 1, 100, **query)["list"]] for _ in range(2)
            )
            assert shown == [job["jobUnionId"] for job in before[kind]]
            assert (len(moved), shown[0] in moved, moved[:-1]) == (len(shown), False, shown[1:])


def test_meituan_ignores_a_page_number_beside_page() -> None:
    with serving("meituan", 60) as simulator:
        assert meituan(simulator, pageNo=3) == meituan(simulator)


def test_some_of_meituans_jobs_have_their_texts_in_the_detail_alone() -> None:
    with serving("meituan", 60) as simulator:
        jobs = meituan(simulator, size=100)["list"]
        bare = next(job for job in jobs if not job["jobDuty"])
        detail = fetch(
            simulator,
            "https://zhaopin.meituan.com/api/official/job/getJobDetail",
            {"jobUnionId": bare["jobUnionId"], "jobShareType": "1"},
            headers={"Content-Type": "application/json"},
        ).json["data"]
    assert detail["jobDuty"]
