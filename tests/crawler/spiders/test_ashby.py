"""Ashby's responses, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.parsing.responses import BoardUnknown, Page, UnexpectedResponse
from crawler.spiders.ashby import AshbySpider, posting
from postings import JobPosting, Place, Salary, Verdict
from simulator.faults import FaultKind
from simulator.server import Simulator
from simulator.world import World
from tests.crawler.crawls import crawled
from tests.crawler.site import read_site

ID = "0a1b2c3d-0000-4000-8000-000000000001"
OSLO = {"postalAddress": {"addressLocality": "Oslo", "addressRegion": "", "addressCountry": "Norway"}}
YEARLY = {
    "compensationType": "Salary",
    "interval": "1 YEAR",
    "currencyCode": "NOK",
    "minValue": 700000,
    "maxValue": 900000,
}


def record(**changes: Any) -> dict[str, Any]:
    values = {
        "id": ID,
        "title": " Glaze Chemist ",
        "department": "Clay",
        "team": "Glazes",
        "employmentType": "FullTime",
        "location": "Oslo",
        "secondaryLocations": [],
        "address": OSLO,
        "isRemote": False,
        "workplaceType": "OnSite",
        "isListed": True,
        "publishedAt": "2026-08-25T20:13:34.942+00:00",
        "jobUrl": f"https://jobs.ashbyhq.com/potters/{ID}",
        "applyUrl": f"https://jobs.ashbyhq.com/potters/{ID}/application",
        "descriptionHtml": "<h2>The role</h2><p>Mix R&amp;D glazes.</p>",
        "descriptionPlain": "THE ROLE\nMix R&D glazes.",
        "shouldDisplayCompensationOnJobPostings": True,
        "compensation": {
            "compensationTierSummary": "NOK 700K – NOK 900K • Offers Equity",
            "scrapeableCompensationSalarySummary": "NOK 700K - NOK 900K",
            "compensationTiers": [],
            "summaryComponents": [YEARLY],
        },
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def read(**changes: Any) -> JobPosting:
    return posting(record(**changes))


def page(*records: Any) -> Page:
    return AshbySpider.read(json.dumps({"apiVersion": "1", "jobs": list(records)}).encode())


def test_record() -> None:
    assert read() == JobPosting(
        identifier=ID,
        title="Glaze Chemist",
        url=f"https://jobs.ashbyhq.com/potters/{ID}",
        description="The role\n\nMix R&D glazes.",
        job_location=(Place(name="Oslo", address_locality="Oslo", address_country="Norway"),),
        job_location_raw="Oslo; OnSite",
        employment_type=("FULL_TIME",),
        employment_type_raw="FullTime",
        base_salary=Salary(currency="NOK", min_value=700_000.0, max_value=900_000.0, unit_text="YEAR"),
        base_salary_raw="NOK 700K - NOK 900K",
        date_posted=read().date_posted,
        date_posted_raw="2026-08-25T20:13:34.942+00:00",
        employment_unit="Clay / Glazes",
    )


def test_one_response_holds_the_whole_board() -> None:
    found = page(record(), record(id="b"))
    assert (found.rows, found.whole, found.reported_total) == (2, True, None)


def test_live_board_without_jobs() -> None:
    assert page() == Page(whole=True)


def test_unknown_name_is_text_not_json() -> None:
    with pytest.raises(BoardUnknown, match="Not Found"):
        AshbySpider.read(b"Not Found\n")


@pytest.mark.parametrize(
    "body", [b"Unauthorized", b"{}", b"[]", b'{"jobs": null}', b'{"jobs": {}}', b'{"jobs": [1]}', b"<p>"]
)
def test_any_other_format_raises(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse):
        AshbySpider.read(body)


@pytest.mark.parametrize(("value", "listed"), [(True, 1), (False, 0), (None, 1), (..., 1)])
def test_unlisted_rows_are_in_the_feed_but_not_on_the_board(value: Any, listed: int) -> None:
    found = page(record(isListed=value), record(id="b"))
    assert (len(found.postings), found.rows, len(found.unlisted)) == (1 + listed, 2, 1 - listed)


@pytest.mark.parametrize(
    ("value", "kind"),
    [("PartTime", "PART_TIME"), ("Intern", "INTERN"), ("Contract", "CONTRACTOR"), ("Temporary", "TEMPORARY")],
)
def test_employment_types(value: str, kind: str) -> None:
    assert read(employmentType=value).employment_type == (kind,)


def test_unknown_employment_type_keeps_its_raw_value() -> None:
    assert (read(employmentType="Volunteer").employment_type, read(employmentType="Volunteer").employment_type_raw) == (
        (),
        "Volunteer",
    )


@pytest.mark.parametrize(
    ("department", "team", "unit"),
    [("Clay", "Clay", "Clay"), ("Clay", None, "Clay"), (..., "Kilns", "Kilns"), (None, "", None), (..., ..., None)],
)
def test_department_and_team(department: Any, team: Any, unit: str | None) -> None:
    assert read(department=department, team=team).employment_unit == unit


def test_secondary_locations_count() -> None:
    rome = {"postalAddress": {"addressLocality": "Rome", "addressCountry": "Italy"}}
    found = read(secondaryLocations=[{"location": "Rome", "address": rome}, {"location": "Bonn", "address": None}])
    assert found.job_location[1:] == (
        Place(name="Rome", address_locality="Rome", address_country="Italy"),
        Place(name="Bonn"),
    )


@pytest.mark.parametrize(
    "address", [..., None, {}, {"postalAddress": None}, {"postalAddress": {"addressLocality": {}}}]
)
def test_address_may_be_empty(address: Any) -> None:
    assert read(address=address).job_location == (Place(name="Oslo"),)


def test_remote_hides_the_place_but_the_address_has_it() -> None:
    found = read(location="Remote", address={"postalAddress": {"addressCountry": "Norway"}}, workplaceType="Remote")
    assert found.job_location == (Place(name="Norway", address_country="Norway"),)
    assert found.job_location_type == "TELECOMMUTE"


def test_several_places_in_one_field_do_not_share_its_address() -> None:
    assert read(location="Oslo | Bonn").job_location == (Place(name="Oslo"), Place(name="Bonn"))


@pytest.mark.parametrize(
    ("model", "is_remote", "location", "remote"),
    [
        ("Remote", True, "Oslo", True), ("Remote", False, "Oslo", True), ("Hybrid", True, "Oslo", False),
        ("OnSite", True, "Remote", False), (None, True, "Oslo", True), (None, None, "Remote - Norway", True),
        (None, None, "Oslo", False), (..., ..., "Oslo", False), (None, False, "Oslo", False),
    ],
)  # fmt: skip
def test_workplace_type_outranks_the_remote_flag(model: Any, is_remote: Any, location: str, remote: bool) -> None:
    found = read(workplaceType=model, isRemote=is_remote, location=location)
    assert (found.job_location_type == "TELECOMMUTE") is remote


def pay(*components: Any, **changes: Any) -> tuple[Salary | None, str | None]:
    found = read(compensation={"summaryComponents": list(components), "compensationTierSummary": "summary"}, **changes)
    return found.base_salary, found.base_salary_raw


@pytest.mark.parametrize("display", [False, None, ...])
def test_pay_that_is_not_displayed_is_not_kept(display: Any) -> None:
    assert pay(YEARLY, shouldDisplayCompensationOnJobPostings=display) == (None, None)


@pytest.mark.parametrize("compensation", [..., None, {}])
def test_pay_may_be_absent(compensation: Any) -> None:
    assert read(compensation=compensation).base_salary is None


def test_salary_is_found_behind_other_components() -> None:
    equity = {"compensationType": "EquityPercentage", "interval": "NONE", "currencyCode": None, "minValue": None}
    salary, raw = pay({**YEARLY, "compensationType": "Commission"}, equity, YEARLY)
    assert salary == Salary(currency="NOK", min_value=700_000.0, max_value=900_000.0, unit_text="YEAR")
    assert raw == "summary"


@pytest.mark.parametrize(
    ("change", "salary"),
    [
        ({"interval": "1 HOUR", "minValue": 45.5, "maxValue": 60}, ("NOK", 45.5, 60.0, "HOUR")),
        ({"interval": "1 MONTH"}, ("NOK", 700_000.0, 900_000.0, "MONTH")),
        ({"interval": "NONE"}, ("NOK", 700_000.0, 900_000.0, None)),
        ({"interval": "1 DAY"}, ("NOK", 700_000.0, 900_000.0, "DAY")),
        ({"interval": "0.5 MONTH"}, ("NOK", 700_000.0, 900_000.0, None)),
        ({"interval": "2 WEEK"}, ("NOK", 700_000.0, 900_000.0, None)),
        ({"interval": "3 MONTH"}, ("NOK", 700_000.0, 900_000.0, None)),
        ({"minValue": None}, ("NOK", None, 900_000.0, "YEAR")),
        ({"maxValue": None}, ("NOK", 700_000.0, None, "YEAR")),
        ({"currencyCode": None}, None),
        ({"minValue": None, "maxValue": None}, None),
        ({"minValue": 0, "maxValue": 0}, None),
        ({"minValue": 900001}, None),
        ({"minValue": True, "maxValue": "x"}, None),
        ({"compensationType": "Bonus"}, None),
    ],
    ids=str,
)
def test_salary_components(change: dict[str, Any], salary: tuple[Any, ...] | None) -> None:
    found, _ = pay({**YEARLY, **change})
    assert (found and (found.currency, found.min_value, found.max_value, found.unit_text)) == salary


@pytest.mark.parametrize(("markup", "plain"), [("", "R&D\n\nGlazes"), (None, "R&D\n\nGlazes"), (..., "R&D\n\nGlazes")])
def test_plain_text_is_the_fallback_for_the_html(markup: Any, plain: str) -> None:
    assert read(descriptionHtml=markup, descriptionPlain=plain).description == plain


def test_real_html_is_decoded_once() -> None:
    assert read(descriptionHtml="<p>a &amp;lt; b&nbsp;c</p>").description == "a &lt; b c"


@pytest.mark.parametrize(
    "bad",
    [{"id": ...}, {"id": None}, {"title": ...}, {"title": ""}, {"secondaryLocations": [1]}, {"address": "Oslo"},
     {"compensation": "a lot"}, {"descriptionHtml": ["x"]}],
    ids=str,
)  # fmt: skip
def test_unreadable_record_is_reported_and_others_are_read(bad: dict[str, Any]) -> None:
    found = page(record(id="good"), record(**bad))
    assert [one.identifier for one in found.postings] == ["good"]
    assert len(found.unreadable) == 1


@pytest.mark.parametrize("field", sorted(set(record()) - {"id", "title"}))
@pytest.mark.parametrize("value", [None, ...], ids=["null", "missing"])
def test_every_other_field_may_be_null_or_missing(field: str, value: Any) -> None:
    assert read(**{field: value}).identifier == ID


def test_name_is_requested_encoded_and_with_its_pay() -> None:
    board = AshbySpider.board("https://jobs.ashbyhq.com/Acme%20Pots%2FBowls")
    request = AshbySpider(boards=[board]).list_request(board, Cursor())
    base = "https://api.ashbyhq.com/posting-api/job-board"
    assert request.url == f"{base}/Acme%20Pots%2FBowls?includeCompensation=true"


@pytest.mark.parametrize(
    ("interval", "unit"),
    [("1 YEAR", "YEAR"), ("1 DAY", "DAY"), ("0.5 MONTH", None), ("2 WEEK", None), ("3 MONTH", None), ("NONE", None)],
)
def test_interval_of_several_units_has_no_unit(interval: str, unit: str | None) -> None:
    part = {"compensationType": "Salary", "interval": interval, "currencyCode": "EUR", "minValue": 10, "maxValue": 20}
    stated = {"shouldDisplayCompensationOnJobPostings": True, "compensation": {"summaryComponents": [part]}}
    pay = posting({"id": "1", "title": "Potter", **stated}).base_salary
    assert pay is not None
    assert (pay.min_value, pay.max_value, pay.unit_text) == (10, 20, unit)


API = "https://api.ashbyhq.com/posting-api/job-board/acme?includeCompensation=true"


@pytest.mark.parametrize(
    ("page", "verdict"),
    [
        ('<script>window.__appData = {"organization":{"name":"Acme"},"jobBoard":{}};</script>', Verdict.BLOCKED),
        ('<script>window.__appData = {"organization":null,"jobBoard":null};</script>', Verdict.GONE),
        (404, Verdict.GONE),
        ("<html>a new design</html>", Verdict.FAILED),
        (500, Verdict.FAILED),
        (403, Verdict.BLOCKED),
    ],
)
def test_board_whose_api_is_switched_off_is_not_gone(page: Any, verdict: Verdict) -> None:
    run, postings, _ = read_site("https://jobs.ashbyhq.com/acme", {API: 404, "https://jobs.ashbyhq.com/acme": page})
    assert (run.verdict, postings) == (verdict, [])


def test_simulated_board_whose_api_is_switched_off() -> None:
    world = World.sized(boards=1, postings=3, systems=["ashby"])
    (board,) = world.boards
    with Simulator(world) as simulator:
        simulator.fault(board.url, FaultKind.CLOSED_API)
        ((run, postings),) = crawled(simulator, board.url).values()
    assert (run.verdict, postings) == (Verdict.BLOCKED, [])
    assert board.company.name in run.reason
