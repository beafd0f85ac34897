"""SmartRecruiters' responses, one quirk per test, on small inputs of a fictional company; and its robots.txt."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.bases.board_spider import Known
from crawler.boards import Board, Cursor
from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, PostingGone, ResponseError, UnexpectedResponse
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.spiders.smartrecruiters import SmartRecruitersSpider, posting
from crawler.systems import find_board
from postings import BoardRun, JobPosting, Place, Salary, Verdict
from simulator.faults import FaultKind
from simulator.server import Simulator
from simulator.world import World

JOBS = "https://jobs.smartrecruiters.com"
BOARD = Board(url=f"{JOBS}/potters-2", system="smartrecruiters", organization="potters-2")


@pytest.mark.parametrize(
    "url",
    [
        f"{JOBS}/Potters-2", f"{JOBS}/potters-2/", f"{JOBS}/Potters-2/744000137225639-kiln-engineer?oga=true",
        "https://careers.smartrecruiters.com/Potters-2", "https://careers.smartrecruiters.com/Potters-2/jobs?x=1",
        "https://www.smartrecruiters.com/Potters-2/743999712591770-kiln-engineer",
        f"{JOBS}/oneclick-ui/company/Potters-2/publication/38d71eff-cbfa-4681-ba34-cea9c1450c99?dcr_ci=Potters-2",
        f"{JOBS}/external-referrals/company/Potters-2/publication/38d71eff-cbfa-4681-ba34-cea9c1450c99",
        "https://api.smartrecruiters.com/v1/companies/POTTERS-2/postings?limit=100",
        "https://api.smartrecruiters.com/v1/companies/potters-2/postings/744000137225639",
        "https://api.smartrecruiters.com/v1/companies/potters-2/departments",
    ],
)  # fmt: skip
def test_addresses_that_differ_in_case_mean_one_board(url: str) -> None:
    assert SmartRecruitersSpider.match(url) == BOARD


@pytest.mark.parametrize(
    "url",
    [
        JOBS, f"{JOBS}/", f"{JOBS}/robots.txt", f"{JOBS}/sr-jobs/search", f"{JOBS}/oneclick-ui/company/1/job/2",
        f"{JOBS}/Pot%20ters", f"{JOBS}/ni/Potters-2/38d71eff", "https://www.smartrecruiters.com/pricing",
        "https://www.smartrecruiters.com/resources/2026-guide", "https://api.smartrecruiters.com/v1/companies",
        "https://evil.example/jobs.smartrecruiters.com/potters", f"{JOBS}.evil.example/potters",
    ],
)  # fmt: skip
def test_addresses_that_are_not_boards(url: str) -> None:
    assert SmartRecruitersSpider.match(url) is None


def test_requests() -> None:
    spider = SmartRecruitersSpider(boards=[BOARD])
    base = "https://api.smartrecruiters.com/v1/companies/potters-2/postings"
    assert spider.list_request(BOARD, Cursor(offset=200, page=2)).url == f"{base}?limit=100&offset=200"
    # "/postings/" stands in the API's address only: with it the public page is not found.
    assert spider.detail_request(BOARD, read()).url == f"{base}/744000137225639"
    assert read().url == f"{JOBS}/Potters-2/744000137225639"


def record(**changes: Any) -> dict[str, Any]:
    values = {
        "id": "744000137225639",
        "name": "Kiln Engineer ",
        "uuid": "38d71eff",
        "jobAdId": "2771f04c",
        "defaultJobAd": True,
        "refNumber": "REF3410P",
        "company": {"identifier": "Potters-2", "name": "Potters"},
        "releasedDate": "2026-07-10T23:49:03.072Z",
        "location": {
            "city": "Oslo", "region": "Oslo", "country": "no", "remote": False, "hybrid": False,
            "latitude": "59.9", "fullLocation": "Oslo, Oslo, Norway",
        },
        "department": {"id": "660916", "label": "Clay"},
        "function": {"id": "other", "label": "Other"},
        "typeOfEmployment": {"id": "permanent", "label": "Full-time"},
        "experienceLevel": {"id": "associate", "label": "Associate"},
        "customField": [{"fieldId": "COUNTRY", "fieldLabel": "Country/Region", "valueLabel": "Norway"}],
        "visibility": "PUBLIC",
        "language": {"code": "en"},
        **changes,
    }  # fmt: skip
    return {key: value for key, value in values.items() if value is not ...}


def opened(**changes: Any) -> dict[str, Any]:
    sections = {
        "jobDescription": {"title": "Stellenbeschreibung", "text": "<p>Fire&#xa0;pots &amp; bowls.</p>"},
        "companyDescription": {"title": "Company", "text": "<p>Clay since 1900.</p>"},
        "qualifications": {"title": "Qualifications", "text": ""},
        "videos": {"title": "Videos", "urls": ["https://v.example"]},
    }
    department = {"id": 660916, "label": "Clay"}
    page = f"{JOBS}/Potters-2/744000137225639-kiln-engineer"
    return record(**{"jobAd": {"sections": sections}, "department": department, "postingUrl": page, **changes})


def read(**changes: Any) -> JobPosting:
    return posting(record(**changes))


def page(*records: Any, total: Any = ...) -> Page:
    response = {"offset": 0, "limit": 100, "totalFound": len(records) if total is ... else total, "content": records}
    return SmartRecruitersSpider.read(json.dumps(response).encode())


def test_record() -> None:
    assert read() == JobPosting(
        identifier="744000137225639",
        title="Kiln Engineer",
        url=f"{JOBS}/Potters-2/744000137225639",
        hiring_organization="Potters",
        job_location=(
            Place(name="Oslo, Oslo, Norway", address_locality="Oslo", address_region="Oslo", address_country="NO"),
        ),
        employment_type=("FULL_TIME",),
        employment_type_raw="Full-time",
        date_posted=datetime(2026, 7, 10, 23, 49, 3, 72_000, tzinfo=UTC),
        date_posted_raw="2026-07-10T23:49:03.072Z",
        employment_unit="Clay",
        occupational_category="Other",
    )


def test_detail_has_the_texts_in_the_order_of_the_page() -> None:
    found = SmartRecruitersSpider.read(json.dumps(opened()).encode())
    assert found.detail
    assert found.postings[0].url == f"{JOBS}/Potters-2/744000137225639-kiln-engineer"
    text = found.postings[0].description
    assert text == "Company\n\nClay since 1900.\n\nStellenbeschreibung\n\nFire pots & bowls."


def test_departments_id_may_be_a_number_or_a_text() -> None:
    assert posting(opened()).employment_unit == read().employment_unit == "Clay"


@pytest.mark.parametrize("nothing", [{}, None, ...])
def test_department_may_be_missing(nothing: Any) -> None:
    assert read(department=nothing).employment_unit is None


def test_page() -> None:
    found = page(record(), record(id="2"), total=662)
    assert (found.rows, found.reported_total, found.organization, found.whole) == (2, 662, "Potters", False)


def test_empty_board_looks_like_an_unknown_one() -> None:
    with pytest.raises(BoardUnknown, match="the system does not distinguish them"):
        page()


def test_empty_page_of_a_longer_list_is_not_an_empty_board() -> None:
    assert page(total=150) == Page(reported_total=150)


@pytest.mark.parametrize("changes", [{"defaultJobAd": False, "language": {"code": "de"}}, {"visibility": "INTERNAL"}])
def test_further_ad_of_a_job_counts_in_the_list_and_is_not_an_opening(changes: dict[str, Any]) -> None:
    found = page(record(), record(id="2", **changes))
    assert ([one.identifier for one in found.postings], found.unlisted, found.rows) == (["744000137225639"], ("2",), 2)


def test_ad_that_was_requested_by_itself_is_read_whatever_it_is() -> None:
    found = SmartRecruitersSpider.read(json.dumps(opened(defaultJobAd=False)).encode())
    assert len(found.postings) == 1


@pytest.mark.parametrize(
    ("status", "payload", "error"),
    [
        (404, {"id": "2e8d", "httpCode": 404, "code": "RESOURCE_NOT_FOUND", "message": "[MDC: ppa]"}, PostingGone),
        (200, opened(active=False), PostingGone),
        (404, {"message": "no Route matched"}, BoardUnknown),
        (403, {}, BoardBlocked),
        (429, {}, BoardBlocked),
        (500, {}, UnexpectedResponse),
        (302, {}, UnexpectedResponse),
    ],
)
def test_error_responses(status: int, payload: Any, error: type[ResponseError]) -> None:
    with pytest.raises(error):
        SmartRecruitersSpider.read_response(status, {}, json.dumps(payload).encode(), BOARD)


@pytest.mark.parametrize(
    "payload",
    [
        {}, [], None, {"content": []}, {"totalFound": 0}, {"totalFound": 1, "content": None},
        {"totalFound": "1", "content": []}, {"totalFound": 1, "content": [{"id": 5, "label": "Clay"}]}, {"jobAd": {}},
    ],
    ids=str,
)  # fmt: skip
def test_any_other_format_raises(payload: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        SmartRecruitersSpider.read(json.dumps(payload).encode())


@pytest.mark.parametrize("name", sorted(set(record()) - {"id", "name"}))
@pytest.mark.parametrize("value", [None, ...], ids=["null", "missing"])
def test_every_other_field_may_be_null_or_missing(name: str, value: Any) -> None:
    assert read(**{name: value}).identifier == "744000137225639"


def field(label: str, value: str) -> dict[str, Any]:
    return {"customField": [{"fieldId": "5d9f", "fieldLabel": label, "valueId": "1", "valueLabel": value}]}


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, ["FULL_TIME"]),
        (field("Position type", "Intern"), ["INTERN"]),
        (field("Employment Type", "Contract"), ["CONTRACTOR"]),
        (field("Employment Type", "Regular"), ["FULL_TIME"]),
        (field("Location", "Part-time Alley"), ["FULL_TIME"]),
        ({"name": "Kiln Intern"}, ["INTERN"]),
        ({"experienceLevel": {"id": "internship", "label": "Internship"}}, ["INTERN"]),
        ({"typeOfEmployment": {"id": "part-time", "label": "Part-time"}}, ["PART_TIME"]),
        ({"typeOfEmployment": None}, []),
        ({"typeOfEmployment": {}, "customField": None}, []),
    ],
    ids=str,
)
def test_companys_own_field_outranks_the_kind_of_employment(changes: Any, kinds: list[str]) -> None:
    assert list(read(**changes).employment_type) == kinds


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ({"city": "Poland", "region": "REMOTE", "country": "pl", "fullLocation": "Poland, REMOTE, Poland"},
         Place(name="Poland, Poland", address_locality="Poland", address_country="PL")),
        ({"country": "ae", "fullLocation": "Dubai, , United Arab Emirates"},
         Place(name="Dubai, United Arab Emirates", address_country="AE")),
        ({"city": "Oslo", "country": "no"}, Place(name="Oslo, NO", address_locality="Oslo", address_country="NO")),
    ],
)  # fmt: skip
def test_place_without_values_is_none(location: dict[str, Any], place: Place) -> None:
    assert read(location=location).job_location == (place,)


@pytest.mark.parametrize(("location", "remote"), [({"remote": True}, True), ({"hybrid": True}, False), ({}, False)])
def test_work_from_home(location: dict[str, Any], remote: bool) -> None:
    found = read(location=location)
    assert (found.job_location_type == "TELECOMMUTE") is remote
    assert found.job_location == ()


@pytest.mark.parametrize(
    ("stated", "pay"),
    [
        ({"min": 50, "max": 60, "currency": "EUR", "period": "HOURLY"}, ("EUR", 50, 60, "HOUR")),
        ({"min": 1, "max": 2, "currency": "usd", "period": "DAILY"}, ("USD", 1, 2, "DAY")),
        ({"min": 1, "max": 2, "currency": "USD", "period": "WEEKLY"}, ("USD", 1, 2, "WEEK")),
        ({"min": 1, "max": 2, "currency": "USD", "period": "MONTHLY"}, ("USD", 1, 2, "MONTH")),
        ({"min": "90000", "max": None, "currency": "USD", "period": "YEARLY"}, ("USD", 90_000, None, "YEAR")),
        ({"min": 0, "max": 0, "currency": "USD"}, None),
        ({"min": 1, "max": 2, "currency": None}, None),
        (None, None),
    ],
    ids=str,
)
def test_pay(stated: Any, pay: Any) -> None:
    expected = pay and Salary(currency=pay[0], min_value=pay[1], max_value=pay[2], unit_text=pay[3])
    assert read(compensation=stated).base_salary == expected


def run_of(postings: int, fault: FaultKind | None = None) -> tuple[BoardRun, list[JobPosting]]:
    world = World.sized(boards=1, postings=postings, systems=["smartrecruiters"])
    (board,) = world.boards
    found: list[tuple[BoardRun, list[JobPosting]]] = []
    with Simulator(world) as simulator:
        if fault:
            simulator.fault(board.url, fault)
        crawl(
            [find_board(board.url)],
            observed_at=datetime(2026, 3, 2, 6, tzinfo=UTC),
            on_run=lambda run, postings: found.append((run, list(postings))),
            known=Known(permitted=[board.url]),
            settings={**UNTHROTTLED, "LOG_LEVEL": "CRITICAL", "ROLEMIX_GATEWAY": simulator.url},
        )
    ((run, read_),) = found
    return run, read_


def test_further_ads_are_counted_apart_and_their_texts_not_requested() -> None:
    run, read_ = run_of(60)
    assert (run.verdict, run.rows) == (Verdict.COMPLETE, 60), run.reason
    assert 0 < len(read_) < 60
    assert f"{60 - len(read_)} unlisted" in run.reason


def test_detail_states_interns_and_pay() -> None:
    _, read_ = run_of(60)
    assert {"INTERN", "FULL_TIME"} == {kind for one in read_ for kind in one.employment_type}
    assert any(one.base_salary for one in read_)


def test_posting_that_closed_between_list_and_detail() -> None:
    run, read_ = run_of(60, FaultKind.VANISHING)
    assert (run.verdict, len(run.gone_identifiers)) == (Verdict.COMPLETE, 1), run.reason
    assert run.gone_identifiers[0] not in {one.identifier for one in read_}
