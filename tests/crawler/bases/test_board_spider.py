"""What all spiders make of an answer that is not what was asked for; no network, Scrapy's own response objects."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from scrapy.utils.test import get_crawler

from crawler.bases import board_spider as base
from crawler.bases.board_spider import BoardSpider, Known, merged
from crawler.manifest import Manifest
from crawler.spiders.beisen import BeisenSpider
from crawler.spiders.lever import LeverSpider
from crawler.spiders.moka import MokaSpider
from crawler.spiders.workday import WorkdaySpider
from postings import JobPosting, Salary, Verdict

MOKA = MokaSpider.board(MokaSpider.example)
LEVER = LeverSpider.board(LeverSpider.example)
BEISEN = BeisenSpider.board(BeisenSpider.example)
WORKDAY = WorkdaySpider.board(WorkdaySpider.example)
POTTER = JobPosting(identifier="1", title="Potter", url="", description="x")
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
LEVER_API = "https://api.lever.co/v0/postings/leverdemo?mode=json"


def spider(kind: type[BoardSpider], **arguments: Any) -> BoardSpider:
    return kind.from_crawler(get_crawler(kind), **arguments)


def answered(request: Request, said: Any, status: int = 200) -> list[Any]:
    """Give a request its answer; return what the spider makes of it."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    response = TextResponse(request.url, status=status, body=body, request=request)
    return list(request.callback(response, **request.cb_kwargs))


def jobs(*identifiers: str, total: int, **fields: Any) -> dict[str, Any]:
    records = [{"id": identifier, "title": "t", **fields} for identifier in identifiers]
    return {"code": 0, "data": {"jobs": records, "jobStats": {"total": total}}}


def test_the_page_of_another_posting_is_not_taken_for_the_one_asked_for() -> None:
    manifest = Manifest(MOKA)
    (asked,) = answered(spider(MokaSpider, boards=[MOKA]).list_page(manifest), jobs("a", total=1))
    detail = {"code": 0, "data": {"id": "b", "title": "t", "jobDescription": "x"}}
    assert answered(asked, detail) == []
    assert manifest.failures == [f"POST {asked.url}: not the page of posting a"]


@pytest.mark.parametrize("said", [jobs(total=1), jobs("a", "b", total=2)])
def test_a_list_is_not_taken_for_a_postings_page(said: dict[str, Any]) -> None:
    manifest = Manifest(MOKA)
    (asked,) = answered(spider(MokaSpider, boards=[MOKA]).list_page(manifest), jobs("a", total=1))
    assert answered(asked, said) == []
    assert len(manifest.failures) == 1


def test_a_list_that_repeats_itself_is_not_followed_for_ever() -> None:
    manifest = Manifest(MOKA)
    said = jobs("a", total=1_000_000, jobDescription="x")
    (detail, following) = answered(spider(MokaSpider, boards=[MOKA]).list_page(manifest), said)
    assert json.loads(detail.body)["jobId"] == "a"
    assert answered(following, said) == []


def test_a_page_of_paused_jobs_only_is_followed() -> None:
    manifest = Manifest(MOKA)
    (following,) = answered(spider(MokaSpider, boards=[MOKA]).list_page(manifest), jobs("a", total=2, status="pause"))
    assert json.loads(following.body)["offset"] == 1


def test_not_modified_counts_only_where_it_was_asked() -> None:
    asked = Manifest(LEVER)
    answered(
        spider(LeverSpider, boards=[LEVER], known=Known(etags={LEVER.url: '"1"'})).list_page(asked), b"", status=304
    )
    unasked = Manifest(LEVER)
    answered(spider(LeverSpider, boards=[LEVER]).list_page(unasked), b"", status=304)
    assert (asked.unchanged, asked.failures) == (True, [])
    assert (unasked.unchanged, unasked.failures) == (False, [f"GET {LEVER_API}: HTTP 304"])


def test_a_part_that_is_too_long_itself_is_not_divided_again() -> None:
    manifest = WorkdaySpider.manifest(WORKDAY)
    facets = [
        {"facetParameter": name, "values": [{"id": key, "count": 1_500} for key in keys]}
        for name, keys in (("family", "ab"), ("kind", "cd"))
    ]
    rows = [{"title": "t", "externalPath": "/job/t_1"}]
    said = {"total": 2_000, "jobPostings": rows, "facets": facets}
    listed = spider(WorkdaySpider, boards=[WORKDAY], known=Known(recall=lambda *known: POTTER))
    (_, first, second) = answered(listed.list_page(manifest), said)
    (_, following) = answered(first, {**said, "jobPostings": [{"title": "t", "externalPath": "/job/t_2"}]})
    assert json.loads(following.body)["appliedFacets"] == {"family": ["a"]}
    answered(second, {"total": 0, "jobPostings": []})
    assert "part family=a (3000 reported, 1 seen): the list ends at 2000" in manifest.run(NOW).reason


def test_a_list_without_end_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "LONGEST", 5)
    manifest = BeisenSpider.manifest(BEISEN)
    following = [spider(BeisenSpider, boards=[BEISEN]).list_page(manifest)]
    pages = 0
    while following and pages < 9:
        records = [{"Id": f"{pages}-{row}", "JobAdName": "Potter"} for row in range(2)]
        found = answered(following[0], {"Code": 200, "Count": 10**9, "Data": records})
        following = [one for one in found if isinstance(one, Request)]
        pages += 1
    assert (pages, manifest.run(NOW).verdict) == (3, Verdict.INCOMPLETE)


def test_a_captcha_with_status_404_is_a_block_and_not_the_end_of_the_board() -> None:
    manifest = Manifest(LEVER)
    answered(spider(LeverSpider, boards=[LEVER]).list_page(manifest), b"<html>captcha</html>", status=404)
    assert "a captcha or an access check" in manifest.failures[0]


def test_what_a_page_says_is_laid_over_what_the_list_says() -> None:
    pay = Salary(currency="CNY", min_value=1.0)
    listed = JobPosting(identifier="a", title="old", url="u", employment_type=("INTERN",), base_salary=pay, urgent=True)
    detail = JobPosting(identifier="a", title="new", url="", description="x")
    assert merged(listed, detail) == JobPosting(
        identifier="a",
        title="new",
        url="u",
        description="x",
        employment_type=("INTERN",),
        base_salary=pay,
        urgent=True,
    )
