"""Alibaba's responses, one quirk per test, on small inputs of a fictional company, and its portals over HTTP."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from crawler.boards import Board, Cursor
from crawler.manifest import Manifest
from crawler.parsing.responses import BoardBlocked, Page, UnexpectedResponse
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.spiders.alibaba import AlibabaSpider, posting
from postings import BoardRun, JobPosting, Place, Verdict
from simulator.server import Simulator
from simulator.world import World

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
BOARD = AlibabaSpider.board("https://talent-holding.alibaba.com")
AIDC = AlibabaSpider.board("https://aidc-jobs.alibaba.com")
PAGE = "https://talent-holding.alibaba.com/off-campus/position-detail"
TOKEN = "0b9e4a52-0000-4000-8000-000000000001"


def record(**changes: Any) -> dict[str, Any]:
    """A list record; a change to ... removes the key."""
    values = {
        "id": 100009980051,
        "name": "窑炉工程师-杭州",
        "description": "烧陶；\n修窑 <1 米。",
        "requirement": "会烧陶。",
        "workLocations": ["杭州", "北京"],
        "categories": ["技术类"],
        "categoryName": None,
        "experience": {"from": 3, "to": None},
        "degree": "bachelor",
        "department": "陶艺事业部",
        "publishTime": 1772000000000,
        "modifyTime": 1772100000000,
        "trackId": "SSP1",
        "positionUrl": f"{PAGE}?positionId=100009980051&track_id=SSP1",
        "status": None,
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def content(*records: Any, total: Any = ..., **more: Any) -> dict[str, Any]:
    total = len(records) if total is ... else total
    return {"success": True, "content": {"datas": list(records), "totalCount": total, **more}}


def read(payload: Any) -> Page:
    return AlibabaSpider.read(json.dumps(payload).encode(), BOARD)


# Addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "canonical", "organization"),
    [
        ("https://talent.alibaba.com/", "https://talent.alibaba.com", "alibaba"),
        (f"{PAGE}?lang=zh&positionId=1", "https://talent-holding.alibaba.com", "alibaba-holding"),
        ("https://careers.aliyun.com/off-campus/position-list?lang=zh", "https://careers.aliyun.com", "aliyun"),
        ("https://aidc-jobs.alibaba.com/", "https://aidc-jobs.alibaba.com/zh", "aidc"),
        ("https://aidc-jobs.alibaba.com/zh/off-campus", "https://aidc-jobs.alibaba.com/zh", "aidc"),
        ("talent.quark.cn/position/search?_csrf=x", "https://talent.quark.cn", "quark"),
    ],
)
def test_each_portal_is_a_board(url: str, canonical: str, organization: str) -> None:
    board = AlibabaSpider.match(url)
    assert board is not None
    assert (board.url, board.organization) == (canonical, organization)


@pytest.mark.parametrize(
    "url",
    [
        "https://talent-holding.alibaba.com/campus/position-list", "https://aidc-jobs.alibaba.com/zh/campus",
        "https://campus-talent.alibaba.com/", "https://alibaba.com/", "https://evil-talent.alibaba.com/",
        "https://talent.alibaba.com.evil.example/", "https://talentxalibaba.com/",
    ],
)  # fmt: skip
def test_other_address_means_no_board(url: str) -> None:
    assert AlibabaSpider.match(url) is None


# The record -------------------------------------------------------------------------------------------


def test_record() -> None:
    assert posting(record(), BOARD) == JobPosting(
        identifier="100009980051",
        title="窑炉工程师-杭州",
        url=f"{PAGE}?positionId=100009980051",
        description="烧陶；\n修窑 <1 米。\n\n会烧陶。",
        job_location=(Place(name="杭州", address_locality="杭州"), Place(name="北京", address_locality="北京")),
        date_posted=datetime(2026, 2, 25, 6, 13, 20, tzinfo=UTC),
        date_posted_raw="1772000000000",
        employment_unit="陶艺事业部",
        occupational_category="技术类",
        education_requirements="bachelor",
    )


def test_tracking_ids_do_not_create_new_versions() -> None:
    again = record(trackId="SSP2", positionUrl=f"{PAGE}?positionId=100009980051&track_id=SSP2")
    assert posting(again, BOARD).content_hash == posting(record(), BOARD).content_hash


def test_modification_is_neither_a_new_version_nor_the_posting_date() -> None:
    later = posting(record(modifyTime=1772900000000), BOARD)
    assert later.content_hash == posting(record(), BOARD).content_hash
    assert posting(record(publishTime=None), BOARD).date_posted is None


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("/off-campus/position-detail?positionId=7&track_id=x", f"{PAGE}?positionId=7"),
        (f"{PAGE}?lang=zh&track_id=x&positionId=7", f"{PAGE}?lang=zh&positionId=7"),
        (
            "https://talent.quark.cn/off-campus/position-detail?positionId=7&track_id=x",
            "https://talent.quark.cn/off-campus/position-detail?positionId=7",
        ),
        (None, f"{PAGE}?positionId=100009980051"),
        ("", f"{PAGE}?positionId=100009980051"),
        ("javascript:alert(1)", f"{PAGE}?positionId=100009980051"),
    ],
)
def test_address_for_readers(given: Any, url: str) -> None:
    assert posting(record(positionUrl=given), BOARD).url == url


def test_portal_below_a_path_has_its_pages_there() -> None:
    found = posting(record(positionUrl=None), AIDC)
    assert found.url == "https://aidc-jobs.alibaba.com/zh/off-campus/position-detail?positionId=100009980051"


@pytest.mark.parametrize(("categories", "named"), [([], None), (None, None), (["技术", "产品", "技术"], "技术 / 产品")])
def test_categories(categories: Any, named: str | None) -> None:
    assert posting(record(categories=categories)).occupational_category == named


def test_title_identifies_an_intern() -> None:
    assert posting(record(name="资金核算实习生")).employment_type == ("INTERN",)


@pytest.mark.parametrize("name", sorted(set(record()) - {"id", "name"}))
@pytest.mark.parametrize("value", [None, ...], ids=["null", "missing"])
def test_every_other_field_may_be_null_or_missing(name: str, value: Any) -> None:
    assert posting(record(**{name: value})).identifier == "100009980051"


# Responses --------------------------------------------------------------------------------------------


def test_total_is_read_and_not_the_repeated_metadata() -> None:
    found = read(content(record(), total=677, pageSize=500, currentPage=1))
    assert (found.rows, found.reported_total, found.more) == (1, 677, None)


def test_past_the_end_the_total_is_zero() -> None:
    assert read(content(total=0)) == Page(reported_total=0)


def test_detail() -> None:
    found = read({"success": True, "content": record()})
    assert (found.detail, found.rows) == (True, 1)


@pytest.mark.parametrize(
    "payload",
    [
        {}, [], None, {"success": False, "errorMsg": "x"}, {"success": True, "content": None},
        {"success": True, "content": {}}, {"success": "true", "content": {"datas": [], "totalCount": 0}},
        content(total=None), content(total="677"), content(total=True), content(1), content(record(id=None)),
        content(record(name="")), {"success": True, "content": {"datas": None, "totalCount": 0}},
    ],
    ids=str,
)  # fmt: skip
def test_any_other_format_raises(payload: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        read(payload)


def test_unreadable_record_is_reported_and_others_are_read() -> None:
    found = read(content(record(), record(id=8, workLocations=5)))
    assert len(found.postings) == 1
    assert found.unreadable[0].startswith("record 8 cannot be read")


# The token --------------------------------------------------------------------------------------------


def portal_page(body: bytes, *cookies: str, status: int = 200) -> tuple[Manifest, list[Request]]:
    """Respond with the portal's page; return the next requests."""
    spider = AlibabaSpider.from_crawler(get_crawler(AlibabaSpider), boards=[BOARD])
    manifest = Manifest(BOARD)
    (requested,) = spider.first_requests(manifest)
    headers = {"Set-Cookie": list(cookies)}
    response = HtmlResponse(requested.url, status=status, headers=headers, body=body, request=requested)
    return manifest, list(requested.callback(response, **requested.cb_kwargs))


@pytest.mark.parametrize(
    ("body", "cookies", "sent"),
    [
        (b"<html>", [f"XSRF-TOKEN={TOKEN}; Path=/", "SESSION=abc; HttpOnly"], f"XSRF-TOKEN={TOKEN}; SESSION=abc"),
        (
            f'<script>window.__sysconfig={{"__token__":"{TOKEN}"}}</script>'.encode(),
            ["SESSION=abc"],
            f"SESSION=abc; XSRF-TOKEN={TOKEN}",
        ),
        (f"<script>window.__sysconfig.__token__ = '{TOKEN}'</script>".encode(), [], f"XSRF-TOKEN={TOKEN}"),
    ],
    ids=["cookie", "page and session", "page"],
)
def test_token_is_repeated_in_cookie_header_and_address(body: bytes, cookies: list[str], sent: str) -> None:
    _, (request,) = portal_page(body, *cookies)
    assert request.url == f"https://talent-holding.alibaba.com/position/search?_csrf={TOKEN}"
    assert request.headers["X-XSRF-TOKEN"] == TOKEN.encode()
    assert request.headers["Cookie"] == sent.encode()


@pytest.mark.parametrize(
    ("body", "status", "verdict"),
    [
        (b"<html>no token</html>", 200, Verdict.FAILED),
        (b"<html>captcha</html>", 200, Verdict.BLOCKED),
        (b"", 200, Verdict.FAILED),
        (json.dumps(content(record())).encode(), 200, Verdict.FAILED),
        (b"", 403, Verdict.BLOCKED),
        (b"", 404, Verdict.GONE),
        (b"", 302, Verdict.FAILED),
    ],
)
def test_page_without_a_token_is_reported(body: bytes, status: int, verdict: Verdict) -> None:
    manifest, requested = portal_page(body, status=status)
    assert requested == []
    assert manifest.run(NOW).verdict is verdict


def test_captcha_in_place_of_the_list_is_a_block() -> None:
    with pytest.raises(BoardBlocked):
        AlibabaSpider.read("<html>请完成安全验证</html>".encode(), BOARD)


def test_pages_are_counted_from_one() -> None:
    body = json.loads(AlibabaSpider(boards=[BOARD]).list_request(BOARD, Cursor(page=2)).body)
    assert (body["pageIndex"], body["pageSize"], body["channel"]) == (3, 100, "group_official_site")


# Portals over HTTP ------------------------------------------------------------------------------------


def crawled(board: Board, postings: int, times: int = 1) -> list[tuple[BoardRun, list[JobPosting]]]:
    (pattern,) = World.sized(1, postings, systems=["alibaba"]).boards
    found: list[tuple[BoardRun, list[JobPosting]]] = []
    with Simulator(World(boards=[dataclasses.replace(pattern, url=board.url)])) as simulator:
        for _ in range(times):
            crawl(
                [board],
                observed_at=NOW,
                on_run=lambda run, postings: found.append((run, list(postings))),
                settings={**UNTHROTTLED, "ROLEMIX_GATEWAY": simulator.url, "LOG_LEVEL": "CRITICAL"},
            )
    return found


def test_portal_capped_at_500_is_never_complete_beyond() -> None:
    ((run, postings),) = crawled(AlibabaSpider.board("https://careers.aliyun.com"), 640)
    assert (run.verdict, run.reported_total, len(postings)) == (Verdict.INCOMPLETE, 640, 500)


def test_portal_capped_at_500_is_complete_below() -> None:
    ((run, _),) = crawled(AlibabaSpider.board("https://careers.aliyun.com"), 320)
    assert run.verdict is Verdict.COMPLETE, run.reason


def test_portal_below_a_path_is_read() -> None:
    ((run, _),) = crawled(AIDC, 5)
    assert (run.verdict, run.unique) == (Verdict.COMPLETE, 5)


def test_second_crawl_of_an_unchanged_board_finds_the_same() -> None:
    (_, first), (_, second) = crawled(BOARD, 30, times=2)
    assert {one.content_hash for one in first} == {one.content_hash for one in second}
