"""Eightfold's responses by both APIs, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.captures.recordings import Recording
from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, PostingGone, UnexpectedResponse
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.spiders.eightfold import EightfoldSpider, domain_of, posting
from crawler.systems import find_board
from postings import BoardRun, JobPosting, Place, Verdict
from simulator.faults import FaultKind
from simulator.server import Simulator
from simulator.systems import eightfold as simulated
from simulator.world import World

HOST = "https://potters.eightfold.ai"
URL = f"{HOST}/careers?domain=potters.example"
BOARD = EightfoldSpider.board(URL)
OFF = b'{"message": "PCSX is not enabled for this user."}'


def record(**changes: Any) -> dict[str, Any]:
    """A position of the newer API; a change to ... removes the key."""
    values = {
        "id": 549798858854,
        "displayJobId": "JR-1",
        "name": "Kiln Engineer ",
        "locations": ["Oslo, Oslo, Norway"],
        "standardizedLocations": ["Oslo, OS, NO"],
        "postedTs": 1783900800,
        "creationTs": 1783555200,
        "department": "Clay",
        "workLocationOption": "onsite",
        "positionUrl": "/careers/job/549798858854",
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def older(**changes: Any) -> dict[str, Any]:
    """A position of the older API."""
    return {
        "id": 549798858854,
        "name": "Kiln Engineer",
        "location": "Oslo, Norway",
        "locations": ["Oslo, Norway"],
        "department": "Clay",
        "business_unit": "Works",
        "t_create": 1783555200,
        "t_update": 1783900800,
        "work_location_option": "remote",
        "canonicalPositionUrl": "https://careers.potters.example/careers/job/549798858854",
        "job_description": "",
        **changes,
    }


def read(**changes: Any) -> JobPosting:
    return posting(record(**changes), BOARD)


def page_of(response: Any, status: int = 200) -> Page:
    return EightfoldSpider.read_response(status, {}, json.dumps(response).encode(), BOARD)


def search(*positions: Any, **changes: Any) -> dict[str, Any]:
    return {"status": 200, "error": {"message": ""}, "data": {"positions": list(positions), "count": 7, **changes}}


def recording(path: str, **query: str) -> Recording:
    values = {key: (value,) for key, value in query.items()}
    return Recording(method="GET", url=f"{HOST}{path}", query=values, path=Path("x"), content_type="application/json")


def crawled(world: World, url: str, fault: FaultKind | None = None) -> tuple[BoardRun, list[str]]:
    """Crawl one address of a simulated world; return the run and the requested paths."""
    runs: list[BoardRun] = []
    with Simulator(world) as simulator:
        if fault:
            simulator.fault(world.boards[-1].url, fault)
        crawl(
            [find_board(url)],
            observed_at=datetime(2026, 3, 2, 6, tzinfo=UTC),
            on_run=lambda run, _: runs.append(run),
            settings={**UNTHROTTLED, "RETRY_TIMES": 0, "LOG_LEVEL": "CRITICAL", "ROLEMIX_GATEWAY": simulator.url},
        )
        paths = [hit.path for hit in simulator.log]
    (run,) = runs
    return run, paths


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (URL, URL),
        (f"{HOST}/careers?query=clay&domain=potters.example&sort_by=relevance#x", URL),
        (f"{HOST}/careers/job/549798858854-kiln-engineer-oslo?domain=potters.example", URL),
        (f"{HOST}/careers?pid=549798858854&domain=Potters.example", URL),
        (f"{HOST}/api/pcsx/search?domain=potters.example&query=&location=&start=0", URL),
        (f"{HOST}/api/apply/v2/jobs/549798858854?domain=potters.example", URL),
        (f"{HOST}/careers", f"{HOST}/careers"),
        (f"{HOST}/careers/job/549798858854", f"{HOST}/careers"),
        ("potters.eightfold.ai", f"{HOST}/careers"),
        (
            "https://careers.potters.example/careers/job/549798858854?domain=potters.example",
            "https://careers.potters.example/careers?domain=potters.example",
        ),
    ],
)
def test_addresses_that_mean_a_board(address: str, url: str) -> None:
    assert EightfoldSpider.board(address).url == url


@pytest.mark.parametrize(
    "address",
    [
        "https://eightfold.ai/careers",
        "https://www.eightfold.ai/careers",
        "https://app.eightfold.ai/login",
        "https://potters.eightfold.ai/10",
        "https://potters.eightfold.ai.example/careers",
        "https://careers.potters.example/careers",
        "https://127.0.0.1/careers?domain=potters.example",
        "https://evil@careers.potters.example/careers?domain=potters.example",
        "https://careers.potters.example/careers/job/549798858854",
        "https://careers.potters.example/careers?domain=",
        "https://careers.potters.example/careers?subdomain=potters.example",
        "https://careers.potters.example/jobs?domain=potters.example",
        "https://careers.potters.example/careers?domain=potters%20example",
    ],
)
def test_addresses_that_mean_no_board(address: str) -> None:
    assert EightfoldSpider.match(address) is None


@pytest.mark.parametrize(
    ("body", "domain"),
    [
        (b'<html><script>window._EF_GROUP_ID = "potters.example";</script>', "potters.example"),
        (b"<html><script>_EF_GROUP_ID='Potters.example'</script>", "potters.example"),
    ],
)
def test_careers_page_states_the_domain(body: bytes, domain: str) -> None:
    assert domain_of(body) == domain


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", UnexpectedResponse),
        (b"{}", UnexpectedResponse),
        (b"<html></html>", UnexpectedResponse),
        (b"<html><title>Access Denied</title></html>", BoardBlocked),
        (b"<html><h1>Group ID not found</h1></html>", BoardUnknown),
        (b'<html><script>window._EF_GROUP_ID = "volkscience.com";</script>', BoardUnknown),
    ],
)
def test_page_that_states_no_domain(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        domain_of(body)


def test_list_is_requested_everywhere() -> None:
    url = EightfoldSpider(boards=[BOARD]).list_request(BOARD, Cursor(offset=20)).url
    assert url == f"{HOST}/api/pcsx/search?domain=potters.example&query=&location=&start=20"


def test_position() -> None:
    assert read() == JobPosting(
        identifier="549798858854",
        title="Kiln Engineer",
        url=f"{HOST}/careers/job/549798858854",
        job_location=(
            Place(name="Oslo, Oslo, Norway", address_locality="Oslo", address_region="OS", address_country="NO"),
        ),
        job_location_raw="Oslo, Oslo, Norway; onsite",
        date_posted=date(2026, 7, 13),
        date_posted_raw="1783900800",
        employment_unit="Clay",
    )


def test_position_of_the_older_api() -> None:
    found = posting(older(job_description="<p>Fire pots.</p>"), BOARD)
    assert (found.description, found.url, found.employment_unit, found.job_location_type) == (
        "Fire pots.",
        "https://careers.potters.example/careers/job/549798858854",
        "Works / Clay",
        "TELECOMMUTE",
    )


def test_older_api_states_the_creation() -> None:
    assert posting(older(), BOARD).date_posted == date(2026, 7, 9)


@pytest.mark.parametrize("value", [0, 0.0, None, ..., 1783900800000])
def test_date_that_is_unknown_or_not_in_seconds(value: Any) -> None:
    assert read(postedTs=value).date_posted is None


@pytest.mark.parametrize("value", [17, "17", None, ...])
def test_employers_own_number_may_be_anything(value: Any) -> None:
    assert read(displayJobId=value).identifier == "549798858854"


@pytest.mark.parametrize(
    ("forms", "place"),
    [
        (["Oslo, OS, NO"], Place(name="Oslo", address_locality="Oslo", address_region="OS", address_country="NO")),
        (["Oslo, NO"], Place(name="Oslo", address_country="NO")),
        (["Oslo,NO"], Place(name="Oslo", address_country="NO")),
        (["NO"], Place(name="Oslo", address_country="NO")),
        ('["Oslo, NO"]', Place(name="Oslo", address_country="NO")),
        ("Oslo, NO", Place(name="Oslo")),
        (["Oslo, Norway"], Place(name="Oslo")),
        (["Oslo, NO", "Bonn, DE"], Place(name="Oslo")),
        ([None], Place(name="Oslo")),
        (None, Place(name="Oslo")),
    ],
    ids=str,
)
def test_standard_forms_state_the_country(forms: Any, place: Place) -> None:
    assert read(locations=["Oslo"], standardizedLocations=forms).job_location == (place,)


@pytest.mark.parametrize(
    ("option", "locations", "remote"),
    [
        ("remote", ["Oslo"], True),
        ("remote_local", ["Oslo"], True),
        ("hybrid", ["Remote"], False),
        (None, ["Remote"], True),
        (None, ["Oslo"], False),
    ],
)
def test_work_model(option: str | None, locations: list[str], remote: bool) -> None:
    found = read(workLocationOption=option, locations=locations)
    assert (found.job_location_type == "TELECOMMUTE") is remote


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"efcustomTextTextTimeType": ["Full time"]}, ["FULL_TIME"]),
        ({"efcustomTextWorkerType": "Contractor"}, ["CONTRACTOR"]),
        ({"efcustomTextTextTimeType": ["unsaid"], "name": "Kiln Intern"}, ["INTERN"]),
        ({"efcustomTextTextTimeType": None}, []),
        ({}, []),
    ],
)
def test_kind_is_in_an_employers_own_field(changes: dict[str, Any], kinds: list[str]) -> None:
    assert list(read(**changes).employment_type) == kinds


@pytest.mark.parametrize("name", sorted(set(record()) - {"id", "name"}))
@pytest.mark.parametrize("value", [None, ...], ids=["null", "missing"])
def test_every_other_field_may_be_null_or_missing(name: str, value: Any) -> None:
    assert read(**{name: value}).identifier == "549798858854"


@pytest.mark.parametrize(
    "payload", [search(record()), {"positions": [older()], "count": 7, "domain": "potters.example"}]
)
def test_list_of_either_api(payload: dict[str, Any]) -> None:
    found = page_of(payload)
    assert (found.rows, found.reported_total, found.detail) == (1, 7, False)


@pytest.mark.parametrize("payload", [{"status": 200, "data": record(jobDescription="<p>x</p>")}, older()])
def test_detail_of_either_api(payload: dict[str, Any]) -> None:
    assert page_of(payload).detail


def test_older_api_states_when_a_position_changed() -> None:
    assert page_of({"positions": [older()], "count": 1}).stamps == {"549798858854": "1783900800"}


def test_board_that_states_that_it_is_empty() -> None:
    assert page_of(search(count=0)) == Page(reported_total=0)


@pytest.mark.parametrize(
    "payload",
    [
        {"status": 404, "error": {"message": "Position not found"}, "data": {}, "metadata": None},
        {"message": "Job with ID 1 not found"},
    ],
)
@pytest.mark.parametrize("status", [200, 404])
def test_position_that_is_gone(payload: Any, status: int) -> None:
    with pytest.raises(PostingGone):
        page_of(payload, status)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, OFF), (403, b"<html>Forbidden</html>"), (405, b""), (200, b'{"message": "Not authorized for PCSX"}'),
        (200, b"<html><h1>Verify you are human</h1></html>"),
    ],
)  # fmt: skip
def test_block(status: int, body: bytes) -> None:
    with pytest.raises(BoardBlocked):
        EightfoldSpider.read_response(status, {}, body, BOARD)


def test_unknown_domain() -> None:
    with pytest.raises(BoardUnknown, match="Group ID not found"):
        EightfoldSpider.read_response(404, {}, b"<html><h1>Group ID not found</h1></html>", BOARD)


@pytest.mark.parametrize(
    "payload",
    [
        {}, [], None, {"data": None}, {"data": {}}, {"data": []}, search(count=None), search(count="7"),
        search(positions=None), {"positions": [], "totalJobs": 4}, {"message": "Something else"},
    ],
    ids=str,
)  # fmt: skip
def test_any_other_format_raises(payload: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        page_of(payload)


def test_another_domains_page_is_not_an_empty_board() -> None:
    with pytest.raises(UnexpectedResponse, match="HTML"):
        EightfoldSpider.read_response(
            200, {}, b'<!doctype html><script>window._EF_GROUP_ID="x.example"</script>', BOARD
        )


@pytest.mark.parametrize(
    "bad", [{"id": None}, {"id": True}, {"name": " "}, {"positionUrl": ["x"], "id": None}], ids=str
)
def test_unreadable_record_is_reported_and_others_are_read(bad: dict[str, Any]) -> None:
    found = page_of(search(record(id=2), record(**bad)))
    assert ([one.identifier for one in found.postings], len(found.unreadable)) == (["2"], 1)


def smart(name: str, *values: str, kind: str = "multi_select") -> dict[str, Any]:
    return {"type": kind, "filterName": name, "options": [{"label": value, "value": value} for value in values]}


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        (
            {"filterDef": {"smartFilters": [smart("kind", "full"), smart("city", "Oslo", "Bad Ems")]}},
            ["filter_city=Oslo", "filter_city=Bad+Ems"],
        ),
        ({"filterDef": {"smartFilters": [smart("skills", "a", "b", kind="multi_select_suggest")]}}, []),
        ({"filterDef": {"smartFilters": [smart("city", "Oslo")]}, "appliedFilters": {"city": ["Oslo"]}}, []),
        ({"filterDef": None}, []),
        ({}, []),
    ],
)
def test_long_list_is_divided_by_its_longest_filter_and_only_once(data: dict[str, Any], parts: list[str]) -> None:
    assert list(page_of(search(record(), **data)).parts) == parts


@pytest.mark.parametrize(
    ("query", "narrowed"),
    [
        ({"domain": "potters.example", "query": "", "location": "", "start": "0"}, False),
        ({"domain": "potters.example", "query": "kiln"}, True),
        ({"domain": "potters.example", "location": "Oslo"}, True),
        ({"domain": "potters.example", "filter_city": "Oslo"}, True),
    ],
)
def test_recorded_request_that_narrows_the_list(query: dict[str, str], narrowed: bool) -> None:
    assert EightfoldSpider.is_filtered(recording("/api/pcsx/search", **query)) is narrowed


@pytest.mark.parametrize(
    "requested",
    [
        recording("/api/pcsx/position_details", position_id="17", domain="potters.example"),
        recording("/api/apply/v2/jobs/17", domain="potters.example"),
    ],
)
def test_recorded_request_identifies_its_board_and_posting(requested: Recording) -> None:
    assert (EightfoldSpider.board_of(requested), EightfoldSpider.posting_of(requested)) == (BOARD, "17")


def test_domain_is_read_from_the_page_where_the_address_has_none() -> None:
    world = World.sized(boards=1, postings=12, systems=["eightfold"])
    run, _ = crawled(world, world.boards[0].url.partition("?")[0])
    assert (run.verdict, run.unique) == (Verdict.COMPLETE, 12), run.reason


def test_wrong_domain_raises() -> None:
    world = World.sized(boards=1, postings=12, systems=["eightfold"])
    run, _ = crawled(world, world.boards[0].url.replace("domain=specimen", "domain=elsewhere"))
    assert run.verdict is Verdict.FAILED, run.reason


def test_company_without_the_newer_api_is_read_by_the_older() -> None:
    world = World.sized(boards=2, postings=23, systems=["eightfold"])
    run, paths = crawled(world, world.boards[1].url)
    assert (run.verdict, run.unique) == (Verdict.COMPLETE, 23), run.reason
    assert sum("pcsx" in path for path in paths) == 1


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (FaultKind.BLOCKED, Verdict.BLOCKED),
        (FaultKind.LYING_TOTAL, Verdict.INCOMPLETE),
        (FaultKind.REPEATED_PAGE, Verdict.INCOMPLETE),
        (FaultKind.TRUNCATED, Verdict.INCOMPLETE),
        (FaultKind.EMPTIED, Verdict.COMPLETE),
        (FaultKind.RETIRED, Verdict.GONE),
    ],
)
def test_older_api_needs_the_same_proof(fault: FaultKind, verdict: Verdict) -> None:
    world = World.sized(boards=2, postings=23, systems=["eightfold"])
    run, _ = crawled(world, world.boards[1].url, fault)
    assert run.verdict is verdict, run.reason


def test_older_apis_window_is_not_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EightfoldSpider, "window", 20)
    monkeypatch.setattr(simulated, "WINDOW", 20)
    world = World.sized(boards=2, postings=23, systems=["eightfold"])
    run, _ = crawled(world, world.boards[1].url)
    assert run.verdict is Verdict.INCOMPLETE
    assert "the list ends at 20" in run.reason
