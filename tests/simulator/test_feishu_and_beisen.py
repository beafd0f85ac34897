"""Feishu's, ByteDance's and Beisen's wire formats beyond what a crawl of a whole board meets, over HTTP."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.server import Simulator
from simulator.story import sized_story
from simulator.systems import feishu_records
from simulator.world import World
from tests.simulator.client import Response, fetch

FEISHU = "https://specimen-001.jobs.feishu.cn"
BYTEDANCE = "https://jobs.bytedance.com"
BEISEN = "https://specimen-003.zhiye.com"
TIKTOK = "https://lifeattiktok.com"


@pytest.fixture(scope="module")
def boards() -> Iterator[Simulator]:
    urls = {"feishu": f"{FEISHU}/index", "bytedance": BYTEDANCE, "beisen": BEISEN, "tiktok": TIKTOK}
    stories = sized_story(len(urls), 300, list(urls))
    world = World(boards=[dataclasses.replace(board, url=urls[board.system.name]) for board in stories])
    with Simulator(world) as simulator:
        yield simulator


def search(simulator: Simulator, origin: str, channel: str | None, **query: Any) -> Response:
    headers = {"website-path": channel} if channel else {}
    return fetch(simulator, f"{origin}/api/v1/search/job/posts", {"limit": 100, "offset": 0, **query}, headers=headers)


@pytest.mark.parametrize("channel", ["campus", None])
def test_feishu_identifies_a_channel_by_its_header_only(boards: Simulator, channel: str | None) -> None:
    response = search(boards, FEISHU, channel)
    assert (response.status, response.json["code"], response.json["message"]) == (200, -9000003, "site not exist")


def test_feishus_unknown_tenant_is_an_empty_400(boards: Simulator) -> None:
    response = search(boards, "https://nobody.jobs.feishu.cn", "index")
    assert (response.status, response.body) == (400, b"")


@pytest.mark.parametrize("query", [{"limit": "10"}, {"offset": -1}, {"offset": None}])
def test_feishu_refuses_invalid_counts(boards: Simulator, query: dict[str, Any]) -> None:
    assert search(boards, FEISHU, "index", **query).json["code"] == -9000002


def test_feishu_ignores_page_numbers(boards: Simulator) -> None:
    first = search(boards, FEISHU, "index", page_index=2, page_size=5).json["data"]["job_post_list"]
    assert first == search(boards, FEISHU, "index").json["data"]["job_post_list"]


def test_posting_of_feishu_has_an_address_of_its_own(boards: Simulator) -> None:
    (listed,) = search(boards, FEISHU, "index", limit=1).json["data"]["job_post_list"]
    address = f"{FEISHU}/api/v1/job/posts/{listed['id']}?portal_type=6&with_recommend=false"
    detail = fetch(boards, address, headers={"website-path": "index"}).json["data"]["job_post_detail"]
    assert (detail["id"], detail["description"], detail["channel_online_status"]) == (
        listed["id"],
        listed["description"],
        1,
    )
    assert detail["job_id"] != detail["id"]


def test_feishu_issues_tokens(boards: Simulator) -> None:
    response = fetch(boards, f"{FEISHU}/api/v1/csrf/token", {"portal_entrance": 1})
    assert response.json["data"]["token"] in response.headers["Set-Cookie"]


def test_feishus_ids_exceed_the_precision_of_a_double(boards: Simulator) -> None:
    identifiers = [row["id"] for row in search(boards, FEISHU, "index").json["data"]["job_post_list"]]
    assert {len(identifier) for identifier in identifiers} == {19}
    assert any(int(float(identifier)) != int(identifier) for identifier in identifiers)


def test_bytedances_pools_are_not_named_as_their_pages(boards: Simulator) -> None:
    assert search(boards, BYTEDANCE, "experienced").json["code"] == -9000003
    counts = [search(boards, BYTEDANCE, pool).json["data"]["count"] for pool in ("society", "campus")]
    rows = boards.world.rows(BYTEDANCE, 0)
    assert sum(counts) == 300 + sum(len(feishu_records.pools(row)) == 2 for row in rows)


def test_bytedances_mobile_list_is_refused(boards: Simulator) -> None:
    assert search(boards, BYTEDANCE, "campus", portal_entrance=2).status == 405


def test_branch_of_the_categories_holds_its_leaves(boards: Simulator) -> None:
    headers = {"website-path": "society"}
    tree = fetch(boards, f"{BYTEDANCE}/api/v1/config/job/filters/2", headers=headers).json["data"]["job_type_list"]
    for branch in tree:
        leaves = [child["id"] for child in branch["children"]]
        whole = search(boards, BYTEDANCE, "society", job_category_id_list=[branch["id"]]).json["data"]["count"]
        parts = search(boards, BYTEDANCE, "society", job_category_id_list=leaves).json["data"]["count"]
        assert whole == parts > 0


def test_bytedances_robots_txt_disallows_referrals(boards: Simulator) -> None:
    assert "Disallow: /referral" in fetch(boards, f"{BYTEDANCE}/robots.txt").text


def test_window_serves_nothing_beyond_its_end(boards: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.systems.bytedance.WINDOW", 120)
    found = {
        (offset, limit): search(boards, BYTEDANCE, "society", offset=offset, limit=limit).json["data"]
        for offset, limit in [(0, 100), (100, 20), (100, 21), (120, 1)]
    }
    assert [len(data["job_post_list"]) for data in found.values()] == [100, 20, 0, 0]
    assert {data["count"] for data in found.values()} == {120}


def test_tiktok_without_its_header_is_refused(boards: Simulator) -> None:
    address = "https://api.lifeattiktok.com/api/v1/public/supplier/search/job/posts"
    assert fetch(boards, address, {"limit": 10, "offset": 0}).status == 400
    (row,) = fetch(boards, address, {"limit": 1, "offset": 0}, headers={"website-path": "tiktok"}).json["data"][
        "job_post_list"
    ]
    assert row["publish_time"] is None
    assert row["city_info"]["parent"]["en_name"]


def beisen(simulator: Simulator, *fields: str, **query: Any) -> Any:
    body = {"PageIndex": 0, "PageSize": 100, "DisplayFields": list(fields), **query}
    return fetch(simulator, f"{BEISEN}/api/Jobad/GetJobAdPageList", body).json


def test_beisen_fills_only_the_requested_fields(boards: Simulator) -> None:
    bare, full = beisen(boards)["Data"], beisen(boards, "PostDate", "LocId", "Kind", "Category", "Salary")["Data"]
    assert {(row["PostDate"], row["Kind"], row["Salary"], *row["LocNames"]) for row in bare} == {
        ("0001-01-01T00:00:00", None, None)
    }
    assert all(row["Duty"] for row in bare)
    assert any(row["Salary"] and row["Kind"] and row["LocNames"] for row in full)


def test_beisens_categories_make_up_the_portal(boards: Simulator) -> None:
    counts = [beisen(boards, Category=[number])["Count"] for number in "1234"]
    assert (sum(counts), beisen(boards)["Count"], beisen(boards)["Total"]) == (300, 300, 0)


def test_beisen_past_the_end_keeps_its_count(boards: Simulator) -> None:
    assert (beisen(boards, PageIndex=9)["Data"], beisen(boards, PageIndex=9)["Count"]) == ([], 300)


def test_posting_of_beisen_is_found_by_its_guid(boards: Simulator) -> None:
    listed = beisen(boards)["Data"][0]
    address = f"{BEISEN}/api/JobAd/GetJobAdInfo"
    found = fetch(boards, f'{address}?jobAdId={listed["Id"]}&displayFields=["Kind"]').json
    assert (found["Code"], found["Data"]["Id"], found["TipType"]) == (200, listed["Id"], None)
    assert fetch(boards, f"{address}?jobAdId={listed['JobAdId']}").json["Code"] == 500


@pytest.mark.parametrize("query", [{"PageSize": "20"}, {"PageIndex": -1}])
def test_beisen_refuses_invalid_counts(boards: Simulator, query: dict[str, Any]) -> None:
    assert beisen(boards, **query)["Code"] == 500
