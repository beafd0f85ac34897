"""How all spiders handle unexpected responses; without a network, on Scrapy's own response objects."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
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


def callback_output(request: Request, payload: Any, status: int = 200) -> list[Any]:
    """Pass a response to a request's callback; return its output."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    response = TextResponse(request.url, status=status, body=body, request=request)
    return list(request.callback(response, **request.cb_kwargs))


def jobs(*identifiers: str, total: int, **fields: Any) -> dict[str, Any]:
    records = [{"id": identifier, "title": "t", **fields} for identifier in identifiers]
    return {"code": 0, "data": {"jobs": records, "jobStats": {"total": total}}}


def test_page_of_another_posting_is_not_taken_for_the_requested_one() -> None:
    manifest = Manifest(MOKA)
    (requested,) = callback_output(spider(MokaSpider, boards=[MOKA]).list_page(manifest), jobs("a", total=1))
    detail = {"code": 0, "data": {"id": "b", "title": "t", "jobDescription": "x"}}
    assert callback_output(requested, detail) == []
    assert manifest.failures == [f"POST {requested.url}: not the page of posting a"]


@pytest.mark.parametrize("payload", [jobs(total=1), jobs("a", "b", total=2)])
def test_list_is_not_taken_for_a_postings_page(payload: dict[str, Any]) -> None:
    manifest = Manifest(MOKA)
    (requested,) = callback_output(spider(MokaSpider, boards=[MOKA]).list_page(manifest), jobs("a", total=1))
    assert callback_output(requested, payload) == []
    assert len(manifest.failures) == 1


def test_list_that_repeats_itself_is_not_followed_forever() -> None:
    manifest = Manifest(MOKA)
    payload = jobs("a", total=1_000_000, jobDescription="x")
    (detail, following) = callback_output(spider(MokaSpider, boards=[MOKA]).list_page(manifest), payload)
    assert json.loads(detail.body)["jobId"] == "a"
    assert callback_output(following, payload) == []


def test_page_of_paused_jobs_only_is_followed() -> None:
    manifest = Manifest(MOKA)
    (following,) = callback_output(
        spider(MokaSpider, boards=[MOKA]).list_page(manifest), jobs("a", total=2, status="pause")
    )
    assert json.loads(following.body)["offset"] == 1


def test_not_modified_counts_only_after_a_conditional_request() -> None:
    requested = Manifest(LEVER)
    callback_output(
        spider(LeverSpider, boards=[LEVER], known=Known(etags={LEVER.url: '"1"'})).list_page(requested), b"", status=304
    )
    unasked = Manifest(LEVER)
    callback_output(spider(LeverSpider, boards=[LEVER]).list_page(unasked), b"", status=304)
    assert (requested.unchanged, requested.failures) == (True, [])
    assert (unasked.unchanged, unasked.failures) == (False, [f"GET {LEVER_API}: HTTP 304"])


def test_part_that_is_too_long_itself_is_not_divided_again() -> None:
    manifest = WorkdaySpider.manifest(WORKDAY)
    facets = [
        {"facetParameter": name, "values": [{"id": key, "count": 1_500} for key in keys]}
        for name, keys in (("family", "ab"), ("kind", "cd"))
    ]
    rows = [{"title": "t", "externalPath": "/job/t_1"}]
    payload = {"total": 2_000, "jobPostings": rows, "facets": facets}
    listed = spider(WorkdaySpider, boards=[WORKDAY], known=Known(recall=lambda *known: POTTER))
    (_, first, second) = callback_output(listed.list_page(manifest), payload)
    (_, following) = callback_output(first, {**payload, "jobPostings": [{"title": "t", "externalPath": "/job/t_2"}]})
    assert json.loads(following.body)["appliedFacets"] == {"family": ["a"]}
    callback_output(second, {"total": 0, "jobPostings": []})
    assert "part family=a (3000 reported, 1 seen): the list ends at 2000" in manifest.run(NOW).reason


def test_endless_list_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MAX_POSTINGS", 5)
    manifest = BeisenSpider.manifest(BEISEN)
    following = [spider(BeisenSpider, boards=[BEISEN]).list_page(manifest)]
    pages = 0
    while following and pages < 9:
        records = [{"Id": f"{pages}-{row}", "JobAdName": "Potter"} for row in range(2)]
        found = callback_output(following[0], {"Code": 200, "Count": 10**9, "Data": records})
        following = [one for one in found if isinstance(one, Request)]
        pages += 1
    assert (pages, manifest.run(NOW).verdict) == (3, Verdict.INCOMPLETE)


def test_captcha_with_status_404_is_a_block_and_not_an_unknown_board() -> None:
    manifest = Manifest(LEVER)
    callback_output(spider(LeverSpider, boards=[LEVER]).list_page(manifest), b"<html>captcha</html>", status=404)
    assert "a captcha or an access check" in manifest.failures[0]


def test_a_value_and_its_raw_words_are_of_the_same_page() -> None:
    listed = JobPosting(
        identifier="a",
        title="Diver",
        url="u",
        employment_type=("INTERN",),
        employment_type_raw="Intern",
        date_posted_raw="yesterday",
        base_salary_raw="competitive",
    )
    detail = JobPosting(
        identifier="a",
        title="Diver",
        url="u",
        employment_type_raw="Band 7",
        date_posted=date(2026, 3, 1),
        base_salary_raw="attractive",
    )
    both = merged(listed, detail)
    assert (both.employment_type, both.employment_type_raw) == (("INTERN",), "Intern")
    assert (both.date_posted, both.date_posted_raw) == (date(2026, 3, 1), None)
    assert (both.base_salary, both.base_salary_raw) == (None, "attractive")


def test_values_of_a_page_replace_those_of_the_list() -> None:
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
