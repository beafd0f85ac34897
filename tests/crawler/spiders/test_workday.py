"""Workday: addresses, wrong totals, and the contents of rows and details; a fictional company."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from scrapy.utils.test import get_crawler

from crawler.bases.board_spider import Known
from crawler.boards import Board, Cursor
from crawler.captures.recordings import Recording
from crawler.manifest import Manifest
from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, PostingGone, ResponseError, UnexpectedResponse
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.spiders.workday import WorkdaySpider, division
from crawler.systems import find_board
from postings import BoardRun, JobPosting, Place, Verdict
from simulator.faults import Fault, FaultKind
from simulator.server import Simulator
from simulator.story import sized_story
from simulator.world import World

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
LONG = 2_000
HOST = "https://potters.wd5.myworkdayjobs.com"
BOARD = WorkdaySpider.board(f"{HOST}/Careers")


@pytest.mark.parametrize(
    "url",
    [
        f"{HOST}/Careers", f"{HOST}/Careers/", f"{HOST}/Careers?q=kiln", f"{HOST}/en-US/Careers", f"{HOST}/de/Careers",
        f"{HOST}/Careers/job/Oslo/Kiln-Engineer_JR1-1", f"{HOST}/zh-CN/Careers/job/Kiln-Engineer_JR1/apply",
        f"{HOST}/en-US/Careers/details/Kiln-Engineer_JR1?q=kiln", f"{HOST}/wday/cxs/potters/Careers/jobs",
        f"{HOST}/wday/cxs/potters/Careers/job/Oslo/Kiln-Engineer_JR1", f"{HOST}/wday/cxs/potters/Careers",
        "POTTERS.wd5.MyWorkdayJobs.com/Careers",
    ],
)  # fmt: skip
def test_addresses_of_a_board(url: str) -> None:
    assert WorkdaySpider.match(url) == BOARD


@pytest.mark.parametrize(
    "url",
    [
        "https://wd3.myworkdaysite.com/recruiting/potters/Careers",
        "https://wd3.myworkdaysite.com/en-US/recruiting/potters/Careers/job/Oslo/Kiln-Engineer_JR1",
        "https://wd3.myworkdaysite.com/wday/cxs/potters/Careers/jobs",
    ],
)
def test_site_on_the_shared_host_has_its_tenant_in_the_path(url: str) -> None:
    assert WorkdaySpider.match(url) == Board(
        url="https://wd3.myworkdaysite.com/recruiting/potters/Careers",
        system="workday",
        organization="potters",
        site="Careers",
        instance="wd3.myworkdaysite.com",
    )


@pytest.mark.parametrize(
    ("url", "tenant", "site"),
    [
        (f"{HOST}/careers", "potters", "careers"),
        (f"{HOST}/wday/cxs/Potters/Careers/jobs", "Potters", "Careers"),
        ("https://pot-ters.wd1.myworkdayjobs.com/wday/cxs/pot_ters/Careers", "pot_ters", "Careers"),
        ("https://wd3.myworkdaysite.com/recruiting/PotTers/Careers", "PotTers", "Careers"),
        ("https://pot_ters.wd1.myworkdayjobs.com/Careers", "pot_ters", "Careers"),
    ],
)
def test_tenant_and_site_keep_their_case(url: str, tenant: str, site: str) -> None:
    board = WorkdaySpider.board(url)
    assert (board.organization, board.site) == (tenant, site)
    assert WorkdaySpider.board(board.url) == board


@pytest.mark.parametrize(
    "url",
    [
        HOST, f"{HOST}/", f"{HOST}/en-US", f"{HOST}/en-US/", f"{HOST}/robots.txt", f"{HOST}/job/Oslo/Kiln_JR1",
        f"{HOST}/wday/cxs/potters", f"{HOST}/wday/authgwy/potters", f"{HOST}/Care%20ers", f"{HOST}/../x",
        "https://wd3.myworkdaysite.com/Careers", "https://wd3.myworkdaysite.com/recruiting/potters",
        "https://potters.myworkdayjobs.com/Careers", "https://potters.wd5.myworkdayjobs.com.evil.example/Careers",
        "https://evil.example/potters.wd5.myworkdayjobs.com/Careers", "https://a.b.wd5.myworkdayjobs.com/Careers",
    ],
)  # fmt: skip
def test_addresses_that_are_not_boards(url: str) -> None:
    assert WorkdaySpider.match(url) is None


def spider(board: Board = BOARD) -> WorkdaySpider:
    return WorkdaySpider(boards=[board])


@pytest.mark.parametrize(
    ("at", "applied", "offset"),
    [(Cursor(), {}, 0), (Cursor(offset=40, page=2), {}, 40), (Cursor(part="family=0c40f6"), {"family": ["0c40f6"]}, 0)],
)
def test_page_is_requested_with_all_four_keys(at: Cursor, applied: dict[str, Any], offset: int) -> None:
    request = spider().list_request(BOARD, at)
    assert (request.method, request.url) == ("POST", f"{HOST}/wday/cxs/potters/Careers/jobs")
    assert request.headers["Content-Type"] == b"application/json"
    requested = {"appliedFacets": applied, "limit": 20, "offset": offset, "searchText": ""}
    assert json.loads(request.body) == requested


@pytest.mark.parametrize(
    "url",
    [f"{HOST}/Careers", "https://wd3.myworkdaysite.com/recruiting/potters/Careers", f"{HOST}/wday/cxs/Potters/Careers"],
)
def test_detail_is_requested_at_the_api(url: str) -> None:
    board = WorkdaySpider.board(url)
    (posting,) = page(row(), board=board).postings
    request = spider(board).detail_request(board, posting)
    path = "/job/Oslo/Kiln-Engineer_JR1"
    assert request.url == f"https://{board.instance}/wday/cxs/{board.organization}/Careers{path}"
    assert not posting.url.startswith(f"https://{board.instance}/wday")


def row(**changes: Any) -> dict[str, Any]:
    values = {
        "title": "Kiln Engineer ",
        "externalPath": "/job/Oslo/Kiln-Engineer_JR1",
        "locationsText": "Norway, Oslo",
        "postedOn": "Posted 3 Days Ago",
        "bulletFields": ["JR1"],
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def page(*rows: Any, total: Any = ..., board: Board | None = BOARD, **more: Any) -> Page:
    payload = {"total": len(rows) if total is ... else total, "jobPostings": list(rows), **more}
    return WorkdaySpider.read(json.dumps(payload).encode(), board)


def test_row() -> None:
    assert page(row()).postings == (
        JobPosting(
            identifier="JR1",
            title="Kiln Engineer",
            url=f"{HOST}/Careers/job/Oslo/Kiln-Engineer_JR1",
            job_location=(Place(name="Norway, Oslo"),),
        ),
    )


def test_age_of_a_row_does_not_change_the_row() -> None:
    first, later = (page(row(postedOn=payload)) for payload in ("Posted Today", "Posted 30+ Days Ago"))
    assert (first.postings[0].content_hash, first.stamps) == (later.postings[0].content_hash, later.stamps)


@pytest.mark.parametrize(
    ("path", "identifier"),
    [
        ("/job/Oslo/Kiln-Engineer_JR1", "JR1"),
        ("/job/Oslo/Senior-Kiln-Engineer_JR1", "JR1"),
        ("/job/Kiln-Engineer_JR1-2", "JR1-2"),
        ("/job/Oslo/XMLNAME--Kiln-_R_000123", "R_000123"),
        ("/job/Oslo/Kiln_43041-JOB-1", "43041-JOB-1"),
        ("/job/Oslo/JR1", "JR1"),
    ],
)
def test_requisition_is_the_identifier_whatever_the_title(path: str, identifier: str) -> None:
    assert page(row(externalPath=path)).postings[0].identifier == identifier


@pytest.mark.parametrize("payload", ["2 Locations", "12 Standorte", "3 个地点", "2 か所", "", None, ...])
def test_number_of_places_is_not_a_place(payload: Any) -> None:
    assert page(row(locationsText=payload)).postings[0].job_location == ()


def test_place_may_begin_with_a_number() -> None:
    found = page(row(locationsText="275 E Clay Ave")).postings[0]
    assert [place.name for place in found.job_location] == ["275 E Clay Ave"]


def test_one_place_more_requests_the_detail_again() -> None:
    assert page(row(locationsText="2 Locations")).stamps != page(row(locationsText="3 Locations")).stamps


@pytest.mark.parametrize("name", ["locationsText", "postedOn", "bulletFields", "timeType", "remoteType", "startDate"])
@pytest.mark.parametrize("value", [None, ...])
def test_some_tenants_leave_fields_out(name: str, value: Any) -> None:
    assert page(row(**{name: value})).postings[0].identifier == "JR1"


def test_row_of_bullets_alone_is_reported_and_others_are_read() -> None:
    found = page(row(), {"bulletFields": ["JR2"]})
    assert [posting.identifier for posting in found.postings] == ["JR1"]
    assert "['JR2'] has no externalPath" in found.unreadable[0]


def test_page_of_bullets_alone_is_not_the_systems() -> None:
    with pytest.raises(UnexpectedResponse, match="none of 2 records"):
        page({"bulletFields": ["JR1"]}, {"bulletFields": ["JR2"]})


@pytest.mark.parametrize("total", [0, None, ...])
def test_later_pages_total_for_its_rows_alone_is_ignored(total: Any) -> None:
    payload = {"total": total, "jobPostings": [row()]}
    body = json.dumps({key: value for key, value in payload.items() if value is not ...}).encode()
    assert WorkdaySpider.read(body, BOARD).reported_total is None


def test_empty_board() -> None:
    assert page() == Page(reported_total=0)


@pytest.mark.parametrize(
    "payload",
    [
        {}, [], None, {"total": None, "jobPostings": []}, {"jobPostings": []}, {"total": 0}, {"total": 0, "jobs": []},
        {"total": "1", "jobPostings": [row()]}, {"total": True, "jobPostings": []}, {"errorCode": "HTTP_500"},
        {"total": 0, "jobPostings": None}, {"jobPostingInfo": None}, {"jobPostingInfo": {"title": "Kiln Engineer"}},
    ],
    ids=str,
)  # fmt: skip
def test_any_other_format_raises(payload: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        WorkdaySpider.read(json.dumps(payload).encode(), BOARD)


def error(code: str, message: str = "") -> bytes:
    return json.dumps({"errorCode": code, "errorCaseId": "0", "message": message}).encode()


@pytest.mark.parametrize(
    ("status", "body", "error", "verdict"),
    [
        (422, error("HTTP_422"), BoardUnknown, Verdict.GONE),
        (401, error("HTTP_401"), BoardUnknown, Verdict.GONE),
        (404, error("HTTP_404"), PostingGone, Verdict.GONE),
        (404, b"<html>Not Found</html>", BoardUnknown, Verdict.GONE),
        (403, error("S22", "permission denied"), PostingGone, Verdict.FAILED),
        (403, error("S21"), BoardBlocked, Verdict.BLOCKED),
        (403, b"<html>Forbidden</html>", BoardBlocked, Verdict.BLOCKED),
        (401, b"Unauthorized", BoardBlocked, Verdict.BLOCKED),
        (422, b"", UnexpectedResponse, Verdict.FAILED),
        (400, error("HTTP_400"), UnexpectedResponse, Verdict.FAILED),
        (303, b"", UnexpectedResponse, Verdict.FAILED),
        (500, b"<html>oops</html>", UnexpectedResponse, Verdict.FAILED),
        (200, b"<html>Workday is down for maintenance</html>", UnexpectedResponse, Verdict.FAILED),
    ],
)
def test_error_responses(status: int, body: bytes, error: type[ResponseError], verdict: Verdict) -> None:
    with pytest.raises(error) as caught:
        WorkdaySpider.read_response(status, {}, body, BOARD)
    assert caught.value.verdict is verdict


def info(**changes: Any) -> dict[str, Any]:
    values = {
        "id": "e0",
        "title": "Kiln Engineer",
        "jobDescription": '<p style="text-align:inherit"></p><p>Fire pots &#43; bowls,&nbsp;it&#39;s hot.</p>',
        "location": "Norway, Oslo",
        "additionalLocations": ["Germany, Bonn"],
        "postedOn": "Posted 30+ Days Ago",
        "startDate": "2026-04-24",
        "timeType": "Full time",
        "jobReqId": "JR1",
        "jobPostingId": "Kiln-Engineer_JR1",
        "country": {"descriptor": "Norway", "id": "n"},
        "jobRequisitionLocation": {"descriptor": "Norway, Oslo", "country": {"id": "n", "alpha2Code": "NO"}},
        "externalUrl": f"{HOST}/Careers/job/Oslo/Kiln-Engineer_JR1",
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def opened(**changes: Any) -> Page:
    payload = {"jobPostingInfo": info(**changes), "hiringOrganization": {"name": "NO01 Potters AS", "url": ""}}
    return WorkdaySpider.read(json.dumps({**payload, "similarJobs": [row()]}).encode(), BOARD)


def detail(**changes: Any) -> JobPosting:
    (posting,) = opened(**changes).postings
    return posting


def test_detail() -> None:
    assert detail() == JobPosting(
        identifier="JR1",
        title="Kiln Engineer",
        url=f"{HOST}/Careers/job/Oslo/Kiln-Engineer_JR1",
        description="Fire pots + bowls, it's hot.",
        hiring_organization="NO01 Potters AS",
        job_location=(Place(name="Norway, Oslo", address_country="NO"), Place(name="Germany, Bonn")),
        employment_type=("FULL_TIME",),
        employment_type_raw="Full time",
        date_posted=detail().date_posted,
        date_posted_raw="2026-04-24",
    )
    assert str(detail().date_posted) == "2026-04-24"


@pytest.mark.parametrize(
    ("changes", "country"),
    [
        ({"jobRequisitionLocation": {"country": {"id": "g", "alpha2Code": "DE"}}}, "Norway"),
        ({"jobRequisitionLocation": None}, "Norway"),
        ({"jobRequisitionLocation": None, "country": None}, None),
    ],
)
def test_country_is_that_of_the_posting_and_not_of_its_requisition(changes: Any, country: str | None) -> None:
    assert detail(**changes).job_location[0].address_country == country


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"timeType": "Part time"}, ["PART_TIME"]),
        ({"title": "Kiln Intern"}, ["INTERN"]),
        ({"title": "Kiln Engineer (Contract)"}, ["CONTRACTOR"]),
        ({"title": "Contract Manager"}, ["FULL_TIME"]),
        ({"timeType": None}, []),
    ],
)
def test_kind_of_employment(changes: dict[str, Any], kinds: list[str]) -> None:
    assert list(detail(**changes).employment_type) == kinds


@pytest.mark.parametrize(
    ("changes", "remote"),
    [
        ({"remoteType": "Remote"}, True), ({"remoteType": "Fully Remote"}, True), ({"remoteType": "Hybrid"}, False),
        ({"remoteType": "Flexible", "location": "Norway, Remote"}, False), ({"location": "Norway, Remote"}, True),
        ({"additionalLocations": ["Remote"]}, True), ({}, False),
    ],
    ids=str,
)  # fmt: skip
def test_work_from_home(changes: dict[str, Any], remote: bool) -> None:
    assert (detail(**changes).job_location_type == "TELECOMMUTE") is remote


def test_deadline() -> None:
    assert str(detail(endDate="2026-05-31").valid_through) == "2026-05-31"


@pytest.mark.parametrize("name", sorted(set(info()) - {"title", "jobPostingId"}))
@pytest.mark.parametrize("value", [None, ...])
def test_every_other_field_of_a_detail_may_be_null_or_missing(name: str, value: Any) -> None:
    assert detail(**{name: value}).identifier == "JR1"


def test_detail_without_id_is_identified_by_its_address() -> None:
    assert detail(jobPostingId=...).identifier == "JR1"


@pytest.mark.parametrize(("path", "own"), [("JR1-1", "JR1"), ("JR1", "JR1-2"), ("JR1-1", "JR1-1")])
def test_suffix_of_a_site_may_differ_on_the_postings_own_page(path: str, own: str) -> None:
    (listed,) = page(row(externalPath=f"/job/Oslo/Kiln-Engineer_{path}")).postings
    found = spider().read_detail(opened(jobPostingId=f"Kiln-Engineer_{own}"), listed)
    assert (found.identifier, found.url) == (listed.identifier, listed.url)


def test_page_of_another_requisition_is_not_taken() -> None:
    (listed,) = page(row()).postings
    with pytest.raises(UnexpectedResponse, match="not the page of posting JR1"):
        spider().read_detail(opened(jobPostingId="Kiln-Engineer_JR12"), listed)


def test_recorded_request_identifies_its_posting() -> None:
    url = f"{HOST}/wday/cxs/potters/Careers/job/Oslo/Kiln-Engineer_JR1-1"
    recording = Recording(method="GET", url=url, path=Path("x"), content_type="application/json")
    assert (WorkdaySpider.board_of(recording), WorkdaySpider.posting_of(recording)) == (BOARD, "JR1-1")


def run_after(*responses: dict[str, Any]) -> tuple[BoardRun, int]:
    """Give a spider that remembers all details the responses in turn; return the run, and how many it took."""
    asking = WorkdaySpider.from_crawler(get_crawler(WorkdaySpider), boards=[BOARD], known=Known(recall=remembered))
    manifest, left = Manifest(BOARD), list(responses)
    request: Request | None = asking.list_page(manifest)
    while request and left:
        response = TextResponse(request.url, body=json.dumps(left.pop(0)).encode(), request=request)
        found = list(request.callback(response, **request.cb_kwargs))
        request = next((one for one in found if isinstance(one, Request)), None)
    assert request is None, "it requests more"
    return manifest.run(NOW), len(responses) - len(left)


def rows(start: int, end: int) -> list[dict[str, Any]]:
    return [row(externalPath=f"/job/Potter_JR{number}") for number in range(start, end)]


FULL_PAGE, NOTHING = {"total": 20, "jobPostings": rows(0, 20)}, {"total": 0, "jobPostings": []}


def test_list_is_requested_beyond_its_total_and_must_have_ended() -> None:
    run, requested = run_after(FULL_PAGE, NOTHING, FULL_PAGE)
    assert (run.verdict, requested) == (Verdict.COMPLETE, 3)


def test_list_that_goes_on_beyond_its_total_is_not_complete() -> None:
    run, _ = run_after(FULL_PAGE, {"total": 0, "jobPostings": rows(20, 25)})
    assert (run.verdict, "20 reported, 25 seen" in run.reason) == (Verdict.INCOMPLETE, True)


def test_list_that_ends_before_its_total_is_requested_again_and_then_not_complete() -> None:
    run, requested = run_after({**FULL_PAGE, "total": 40}, NOTHING, NOTHING, NOTHING)
    assert (run.verdict, "40 reported, 20 seen" in run.reason, requested) == (Verdict.INCOMPLETE, True, 4)


def test_same_row_on_two_pages_does_not_replace_another() -> None:
    run, _ = run_after({**FULL_PAGE, "total": 25}, {"total": 0, "jobPostings": rows(19, 24)})
    assert (run.verdict, run.unique) == (Verdict.INCOMPLETE, 24)


# Lists that are longer than they are counted ----------------------------------------------------------


def facet(name: str, *counts: int) -> dict[str, Any]:
    values = [{"descriptor": f"{name} {n}", "id": f"{name}{n}", "count": count} for n, count in enumerate(counts)]
    return {"facetParameter": name, "values": values}


FULL, KIND = facet("time", 2_499, 1), facet("kind", 2_100, 400)


@pytest.mark.parametrize(
    ("facets", "size", "parts"),
    [
        ([FULL, KIND, facet("family", 1_500, 1_000)], 2_500, ["family=family0", "family=family1"]),
        ([FULL, KIND, facet("family", 1_500, 900), facet("place", 1_900, 700)], 2_500,
         ["place=place0", "place=place1"]),
        ([FULL, KIND, facet("family", 1_500, 900)], 2_500, ["family=family0", "family=family1"]),
        ([FULL, facet("family", 1_500, 1_000, 0)], 2_500, ["family=family0", "family=family1"]),
        ([facet("a", 1, 1_999, 500), facet("b", 1_000, 1_500)], 2_500, ["b=b0", "b=b1"]),
        ([{"facetParameter": "group", "values": [facet("family", 1_500, 1_000), FULL]}], 2_500,
         ["family=family0", "family=family1"]),
        ([FULL, KIND], 0, []),
        ([facet("family", 1_500, 1_000)], 0, []),
        ([facet("family", 1_500, 1_000), facet("place", 1_900, 700)], 0, []),
        ([], 0, []),
        ([{"facetParameter": "empty", "values": []}, {"facetParameter": "null", "values": None}], 0, []),
        ([FULL, {"facetParameter": "odd", "values": [{"id": "x", "count": None}]}], 0, []),
    ],
    ids=["agreed", "over", "short", "zero", "fewest", "group", "long", "one", "differ", "none", "empty", "uncounted"],
)  # fmt: skip
def test_long_board_is_divided_by_a_facet_whose_values_are_short(facets: Any, size: int, parts: list[str]) -> None:
    assert division(facets) == (size, tuple(parts))


@pytest.mark.parametrize(("total", "reported"), [(1_999, 1_999), (2_000, 2_500), (7_000, 7_000)])
def test_only_a_total_at_the_cap_is_corrected(total: int, reported: int) -> None:
    facets = [FULL, facet("family", 1_500, 1_000)]
    assert page(row(), total=total, facets=facets).reported_total == reported


def remembered(board: str, identifier: str, listed: str) -> JobPosting:
    return JobPosting(identifier=identifier, title="t", url="https://u.example", description="x")


def run_of(site: str, postings: int, fault: FaultKind | None = None, times: int | None = None) -> tuple[BoardRun, int]:
    """Crawl the list of a board whose site's name selects its faults; return the run, and the size of the board."""
    (board,) = sized_story(1, postings, ["workday"])
    board = dataclasses.replace(board, url=board.url.replace("/Careers", f"/{site}"))
    runs: list[BoardRun] = []
    with Simulator(World(boards=[board])) as simulator:
        if fault:
            simulator.fault(board.url, Fault(fault, times=times))
        settings = {**UNTHROTTLED, "LOG_LEVEL": "CRITICAL", "ROLEMIX_GATEWAY": simulator.url}
        crawl(
            [find_board(board.url)],
            observed_at=NOW,
            on_run=lambda run, _: runs.append(run),
            known=Known(recall=remembered) if postings > LONG else Known(),
            settings=settings,
        )
        size = len(simulator.world.identifiers(board.url, 0))
    (run,) = runs
    return run, size


@pytest.mark.parametrize(
    "habits",
    ["", "-strict", "-continuing", "-counting", "-lasting", "-nested", "-overlapping", "-unplaced", "-omitting"],
)
def test_board_beyond_the_cap_is_read_completely(habits: str) -> None:
    run, size = run_of(f"Careers{habits}", 2_300)
    assert (run.verdict, run.unique) == (Verdict.COMPLETE, size), run.reason


@pytest.mark.parametrize(
    ("habits", "unique", "reason"),
    [
        ("-unplaced-omitting", range(2_001, 2_300), "but the undivided list counts 2300"),
        ("-lone", range(2_000, 2_001), "the list ends at 2000"),
        ("-lone-continuing", range(2_300, 2_301), "2000 reported, 2300 seen"),
    ],
)
def test_board_beyond_the_cap_that_cannot_be_proven_complete_reports_how_far_it_was_read(
    habits: str, unique: range, reason: str
) -> None:
    run, _ = run_of(f"Careers{habits}", 2_300)
    assert run.verdict is Verdict.INCOMPLETE
    assert run.unique in unique
    assert reason in run.reason


def test_total_that_counts_beyond_the_cap_is_proof_without_facets() -> None:
    run, size = run_of("Careers-lone-counting", 2_300)
    assert (run.verdict, run.unique) == (Verdict.COMPLETE, size), run.reason


def test_rows_of_bullets_alone_make_the_run_incomplete() -> None:
    run, size = run_of("Careers-bare", 30)
    assert (run.verdict, 0 < run.unique < size) == (Verdict.INCOMPLETE, True)
    assert "has no externalPath" in run.reason


def test_303_without_location_is_requested_again() -> None:
    run, size = run_of("Careers", 30, FaultKind.DEAD_END, times=2)
    assert (run.verdict, run.unique) == (Verdict.COMPLETE, size), run.reason


def test_303_that_stays_is_a_failure() -> None:
    run, _ = run_of("Careers", 30, FaultKind.DEAD_END)
    assert (run.verdict, "HTTP 303" in run.reason) == (Verdict.FAILED, True)


def test_closed_postings_403_is_not_a_block() -> None:
    run, size = run_of("Careers", 30, FaultKind.VANISHING)
    assert (run.verdict, run.unique, len(run.gone_identifiers)) == (Verdict.COMPLETE, size - 1, 1), run.reason


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("/Careers", "/careers"),
        ("/Careers", "/Jobs"),
        ("specimen-001.wd5.myworkdayjobs.com/", "specimen-001.wd5.myworkdayjobs.com/wday/cxs/Specimen-001/"),
        ("specimen-001.wd5", "specimen-001.wd1"),
    ],
)
def test_wrong_tenant_site_or_case_is_an_unknown_board(right: str, wrong: str) -> None:
    (board,) = sized_story(1, 3, ["workday"])
    runs: list[BoardRun] = []
    with Simulator(World(boards=[board])) as simulator:
        settings = {**UNTHROTTLED, "LOG_LEVEL": "CRITICAL", "ROLEMIX_GATEWAY": simulator.url}
        requested = find_board(board.url.replace(right, wrong))
        crawl([requested], observed_at=NOW, on_run=lambda run, _: runs.append(run), settings=settings)
    assert [run.verdict for run in runs] == [Verdict.GONE], runs[0].reason


@pytest.mark.parametrize(
    "url",
    [
        "https://wd3.myworkdaysite.com/recruiting/Potters/Careers",
        "https://pot-ters.wd1.myworkdayjobs.com/wday/cxs/pot_ters/Careers",
    ],
)
def test_both_families_of_hosts_are_read_completely(url: str) -> None:
    (board,) = sized_story(1, 25, ["workday"])
    board = dataclasses.replace(board, url=url)
    found: list[tuple[BoardRun, list[JobPosting]]] = []
    with Simulator(World(boards=[board])) as simulator:
        settings = {**UNTHROTTLED, "LOG_LEVEL": "CRITICAL", "ROLEMIX_GATEWAY": simulator.url}
        crawl(
            [find_board(url)],
            observed_at=NOW,
            on_run=lambda run, all_: found.append((run, list(all_))),
            settings=settings,
        )
    ((run, postings),) = found
    assert (run.verdict, len(postings)) == (Verdict.COMPLETE, 25), run.reason
    assert all(posting.description and "/wday/" not in posting.url for posting in postings)
