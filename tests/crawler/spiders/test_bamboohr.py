"""BambooHR's responses, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, PostingGone, UnexpectedResponse
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.runs.saved import read_saved
from crawler.spiders.bamboohr import BambooHRSpider, detail, listed
from crawler.systems import UnknownSystem, find_board
from postings import BoardRun, JobPosting, Place, Salary, Verdict
from simulator.faults import FaultKind
from simulator.server import Simulator
from simulator.world import World

URL = "https://potters.bamboohr.com/careers"
BOARD = find_board(URL)
NOWHERE = {"country": None, "state": None, "province": None, "city": None}


def row(**changes: Any) -> dict[str, Any]:
    values = {
        "id": "201",
        "jobOpeningName": "Kiln Engineer ",
        "departmentId": "18418",
        "departmentLabel": "Clay",
        "employmentStatusLabel": "Full-Time",
        "location": {"city": "Delft", "state": "South Holland"},
        "atsLocation": NOWHERE,
        "isRemote": None,
        "locationType": "0",
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def opening(**changes: Any) -> dict[str, Any]:
    return row(
        **{
            "id": ...,
            "jobOpeningShareUrl": f"{URL}/201",
            "jobOpeningStatus": "Open",
            "location": {
                "city": "Delft", "state": "South Holland", "postalCode": None, "addressCountry": "Netherlands",
            },
            "description": "<p>Fire pots &amp; bowls.</p>",
            "compensation": None,
            "datePosted": "2026-07-06",
            "minimumExperience": "Experienced",
            **changes,
        }
    )  # fmt: skip


def response(*rows: Any, total: Any = ...) -> bytes:
    return json.dumps({"meta": {"totalCount": len(rows) if total is ... else total}, "result": list(rows)}).encode()


def detailed(**changes: Any) -> bytes:
    form = {"firstName": {"isRequired": True, "value": "", "label": "First Name"}}
    return json.dumps({"meta": {}, "result": {"jobOpening": opening(**changes), "formFields": form}}).encode()


@pytest.mark.parametrize(
    "url",
    [
        URL, f"{URL}/", f"{URL}/list", f"{URL}/201", f"{URL}/201?source=x", f"{URL}/201/detail",
        "http://Potters.BambooHR.com", "potters.bamboohr.com/careers", "https://potters.bamboohr.com/",
        "https://potters.bamboohr.com/jobs/view.php?id=201", "https://potters.bamboohr.com/jobs/", "https://potters.bamboohr.com/jobs/embed2.php?departmentId=0",
        "https://potters.bamboohr.com/js/embed.js",
    ],
)  # fmt: skip
def test_every_form_of_address_means_the_board(url: str) -> None:
    board = find_board(url)
    assert (board.system, board.url, board.organization) == ("bamboohr", URL, "potters")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.bamboohr.com", "https://bamboohr.com/careers", "https://www.bamboohr.com/careers/",
        "https://api.bamboohr.com/careers", "https://a.b.bamboohr.com/careers", "https://-x.bamboohr.com/careers",
        "https://potters.bamboohr.com/login.php", "https://potters.bamboohr.com/careersx",
        "https://potters.bamboohr.com.evil.example/careers", "https://potters.bamboohr.com:81/careers",
        "https://potters.bamboohr.com/careers/../login.php",
    ],
)  # fmt: skip
def test_any_other_address_is_rejected(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


def test_requests() -> None:
    spider = BambooHRSpider(URL)
    posting = listed(row(), BOARD)
    assert spider.needs_detail(posting)
    requested = [spider.list_request(BOARD, Cursor()), spider.detail_request(BOARD, posting)]
    assert [request.url for request in requested] == [f"{URL}/list", f"{URL}/201/detail"]
    assert {request.headers["Accept"] for request in requested} == {b"application/json"}


def test_row_of_the_list() -> None:
    assert listed(row(), BOARD) == JobPosting(
        identifier="201",
        title="Kiln Engineer",
        url=f"{URL}/201",
        job_location=(Place(name="Delft, South Holland", address_locality="Delft", address_region="South Holland"),),
        employment_type=("FULL_TIME",),
        employment_type_raw="Full-Time",
        employment_unit="Clay",
    )


def test_response_for_one_opening() -> None:
    assert detail(opening()) == JobPosting(
        identifier="201",
        title="Kiln Engineer",
        url=f"{URL}/201",
        description="Fire pots & bowls.",
        job_location=(
            Place(
                name="Delft, South Holland",
                address_locality="Delft",
                address_region="South Holland",
                address_country="Netherlands",
            ),
        ),
        employment_type=("FULL_TIME",),
        employment_type_raw="Full-Time",
        date_posted=date(2026, 7, 6),
        date_posted_raw="2026-07-06",
        employment_unit="Clay",
    )


def test_nulls_and_blanks_are_missing_values() -> None:
    found = detail(opening(departmentLabel="", compensation=None, datePosted=None, location=None, atsLocation=None))
    assert (found.employment_unit, found.base_salary, found.date_posted, found.job_location) == (None, None, None, ())


def test_response_without_its_identifier() -> None:
    with pytest.raises(UnexpectedResponse, match="its address contains no identifier"):
        BambooHRSpider.read(detailed(jobOpeningShareUrl="https://potters.bamboohr.com/"))


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        ({"locationType": "1"}, "TELECOMMUTE"), ({"locationType": 1}, "TELECOMMUTE"), ({"locationType": "0"}, None),
        ({"locationType": "2"}, None), ({"locationType": None, "isRemote": True}, "TELECOMMUTE"),
        ({"locationType": "2", "isRemote": True}, None), ({"locationType": ..., "isRemote": ...}, None),
    ],
    ids=str,
)  # fmt: skip
def test_work_from_home(payload: dict[str, Any], kind: str | None) -> None:
    assert listed(row(**payload)).job_location_type == kind


@pytest.mark.parametrize(
    ("location", "remote_from", "names"),
    [
        ({"city": "Delft", "state": None}, NOWHERE, ["Delft"]),
        ({"city": None, "state": None}, {**NOWHERE, "country": "Netherlands"}, ["Netherlands"]),
        ({"city": None, "state": None}, {**NOWHERE, "province": "Ontario", "country": "Canada"}, ["Ontario"]),
        ({"city": "Remote", "state": None}, {**NOWHERE, "country": "Canada"}, ["Canada"]),
        ({"city": "Remote", "state": "Ohio"}, NOWHERE, ["Ohio"]),
        ({"city": "Delft", "state": None}, {**NOWHERE, "country": "Canada"}, ["Delft"]),
        ({"city": None, "state": None}, NOWHERE, []),
    ],
    ids=str,
)  # fmt: skip
def test_places(location: dict[str, Any], remote_from: dict[str, Any], names: list[str]) -> None:
    assert [place.name for place in listed(row(location=location, atsLocation=remote_from)).job_location] == names


@pytest.mark.parametrize(
    ("words", "pay"),
    [
        ("$300 - $425/Day ($21.43 - $30.35 per hour)", ("USD", 300, 425, "DAY")),
        ("$80,000 - $100,000 per year", ("USD", 80_000, 100_000, "YEAR")),
        ("€61.000", ("EUR", 61_000, 61_000, None)),
        ("Competitive, with 4 weeks off", None),
        (None, None),
    ],
)
def test_pay_in_free_text(words: str | None, pay: tuple[Any, ...] | None) -> None:
    found = detail(opening(compensation=words))
    keys = ("currency", "min_value", "max_value", "unit_text")
    assert found.base_salary == (Salary(**dict(zip(keys, pay, strict=True))) if pay else None)
    assert found.base_salary_raw == words


@pytest.mark.parametrize(
    ("status", "title", "kinds"),
    [
        ("Part-time Co-op", "Firer", ("INTERN", "PART_TIME")), ("Contractor", "Firer", ("CONTRACTOR",)),
        ("Regular", "Kiln Intern", ("INTERN",)), ("Regular", "Firer", ()), (None, "Firer", ()),
    ],
)  # fmt: skip
def test_employment(status: str | None, title: str, kinds: tuple[str, ...]) -> None:
    assert listed(row(employmentStatusLabel=status, jobOpeningName=title)).employment_type == kinds


def test_talent_community_is_an_opening_like_any_other() -> None:
    found = BambooHRSpider.read(response(row(), row(id="7", jobOpeningName="Talent Community", departmentId=None)))
    assert ([one.identifier for one in found.postings], found.unlisted) == (["201", "7"], ())


def test_list_is_the_whole_board_and_states_its_total() -> None:
    found = BambooHRSpider.read(response(row(), row(id=202)), BOARD)
    assert (found.rows, found.reported_total, found.whole) == (2, 2, True)


def test_live_board_without_openings() -> None:
    assert BambooHRSpider.read(b'{"meta":{"totalCount":0},"result":[]}') == Page(reported_total=0, whole=True)


@pytest.mark.parametrize("to", ["https://www.bamboohr.com", "https://www.bamboohr.com/?x=1", "http://bamboohr.com/"])
@pytest.mark.parametrize("status", [301, 302])
def test_redirect_to_the_vendors_front_page_is_an_unknown_board(status: int, to: str) -> None:
    with pytest.raises(BoardUnknown, match="unknown company"):
        BambooHRSpider.read_response(status, {"location": to}, b"", BOARD)


@pytest.mark.parametrize("to", ["https://potters.bamboohr.com/login.php", "https://www.bamboohr.com.evil.example/", ""])
def test_any_other_redirect_does_not_concern_the_board(to: str) -> None:
    with pytest.raises(UnexpectedResponse, match="HTTP 302"):
        BambooHRSpider.read_response(302, {"location": to}, b"", BOARD)


GONE = b'{"type":"not_found","title":"Resource not found.","details":"","meta":[]}'


def test_opening_that_is_gone() -> None:
    with pytest.raises(PostingGone, match="Resource not found"):
        BambooHRSpider.read_response(404, {}, GONE, BOARD)


def test_saved_response_identifies_which_opening_is_gone(tmp_path: Path) -> None:
    (tmp_path / "detail_rsp.json").write_bytes(GONE)
    (tmp_path / "detail_req.hurl").write_text(f"GET {URL}/201/detail\nHTTP 404\n")
    with pytest.raises(PostingGone) as caught:
        read_saved(BambooHRSpider, tmp_path / "detail_rsp.json")
    assert caught.value.identifier == "201"


@pytest.mark.parametrize("status", [401, 403, 429])
def test_refusal_is_a_block(status: int) -> None:
    with pytest.raises(BoardBlocked):
        BambooHRSpider.read_response(status, {}, b"", BOARD)


@pytest.mark.parametrize(
    "payload",
    [
        {}, [], None, {"result": []}, {"meta": {}, "result": []}, {"meta": {"totalCount": "0"}, "result": []},
        {"meta": {"totalCount": 0}, "result": None}, {"meta": {"totalCount": 0}, "result": {}},
        {"meta": {"totalCount": 1}, "result": [{"id": "1"}]}, {"meta": {}, "result": {"jobOpening": None}},
    ],
    ids=str,
)  # fmt: skip
def test_any_other_format_raises(payload: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        BambooHRSpider.read(json.dumps(payload).encode())


def test_opening_listed_but_gone_is_omitted_from_a_complete_run() -> None:
    world = World.sized(boards=1, postings=4, systems=["bamboohr"])
    (board,) = world.boards
    found: list[tuple[BoardRun, list[JobPosting]]] = []
    with Simulator(world) as simulator:
        simulator.fault(board.url, FaultKind.VANISHING)
        crawl(
            [find_board(board.url)],
            observed_at=World.date(0),
            on_run=lambda run, postings: found.append((run, list(postings))),
            settings={**UNTHROTTLED, "LOG_LEVEL": "CRITICAL", "ROLEMIX_GATEWAY": simulator.url},
        )
    ((run, postings),) = found
    newest = world.rows(board.url, 0)[0].identifier
    assert (run.verdict, run.gone_identifiers, len(postings)) == (Verdict.COMPLETE, (newest,), 3)
