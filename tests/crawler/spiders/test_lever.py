"""Lever's responses, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.parsing.responses import BoardUnknown, Page, UnexpectedResponse
from crawler.spiders.lever import LeverSpider, posting
from postings import JobPosting, Place, Salary

ID = "0a1b2c3d-0000-4000-8000-000000000001"


def record(**changes: Any) -> dict[str, Any]:
    values = {
        "id": ID,
        "text": "Kiln Engineer ",
        "createdAt": 1774000000000,
        "categories": {
            "commitment": "Full-time",
            "department": "Clay",
            "team": "Kilns",
            "location": "Oslo, Norway",
            "allLocations": ["Oslo, Norway"],
        },
        "country": "NO",
        "workplaceType": "unspecified",
        "opening": "<div>About us.</div>",
        "openingPlain": "About us.",
        "descriptionBody": "<div>Fire pots.</div>",
        "description": "<div>About us.</div><div>Fire pots.</div>",
        "descriptionPlain": "About us.\nFire pots.",
        "lists": [{"text": "You will: ", "content": "<li>stoke</li><li>wait</li>"}],
        "additional": "<div>Free mugs &amp; bowls.</div>",
        "additionalPlain": "Free mugs & bowls.",
        "hostedUrl": f"https://jobs.lever.co/potters/{ID}",
        "applyUrl": f"https://jobs.lever.co/potters/{ID}/apply",
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def read(**changes: Any) -> JobPosting:
    return posting(record(**changes))


def places(**categories: Any) -> list[tuple[str, str | None]]:
    return [(place.name, place.address_country) for place in read(categories=categories).job_location]


def page(payload: Any) -> Page:
    return LeverSpider.read(json.dumps(payload).encode())


def test_record() -> None:
    assert read() == JobPosting(
        identifier=ID,
        title="Kiln Engineer",
        url=f"https://jobs.lever.co/potters/{ID}",
        description="About us.\nFire pots.\n\nYou will:\n\n• stoke\n• wait\nFree mugs & bowls.",
        job_location=(Place(name="Oslo, Norway", address_country="NO"),),
        employment_type=("FULL_TIME",),
        employment_type_raw="Full-time",
        date_posted=read().date_posted,
        date_posted_raw="1774000000000",
        employment_unit="Clay / Kilns",
    )


def test_created_at_is_milliseconds() -> None:
    assert read().date_posted.isoformat() == "2026-03-20T09:46:40+00:00"  # type: ignore[union-attr]


@pytest.mark.parametrize("value", [None, ..., 0, True, "x", 10**30])
def test_no_date(value: Any) -> None:
    assert read(createdAt=value).date_posted is None


def test_array_is_the_whole_board() -> None:
    found = page([record(), record(id="b")])
    assert (found.rows, found.whole, found.reported_total, found.detail) == (2, True, None, False)


def test_empty_array_is_a_live_board_without_postings() -> None:
    assert page([]) == Page(whole=True)


def test_detail() -> None:
    assert (page(record()).detail, page(record()).whole) == (True, False)


def test_unknown_site() -> None:
    with pytest.raises(BoardUnknown, match=r"unknown board or job \(Document not found\); .* jobs\.eu\.lever\.co"):
        page({"ok": False, "error": "Document not found"})


@pytest.mark.parametrize(
    "payload",
    [{"ok": False, "error": "Too many requests"}, {}, None, "x", 5, [1], [{"title": "Clay", "postings": []}]],
    ids=str,
)
def test_any_other_format_raises(payload: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        page(payload)


def test_widget_instead_of_json_raises() -> None:
    with pytest.raises(UnexpectedResponse, match="HTML page"):
        LeverSpider.read(b"<!DOCTYPE html><ul><li>Kiln Engineer</li></ul>")


@pytest.mark.parametrize(
    ("changes", "description"),
    [
        ({"lists": []}, "About us.\nFire pots.\nFree mugs & bowls."),
        (
            {"lists": [{"text": "", "content": "<div><li>a</li></div>"}], "additional": ""},
            "About us.\nFire pots.\n\n• a",
        ),
        ({"descriptionPlain": "", "lists": None, "additional": None}, "About us.\nFire pots."),
        (
            {"description": "", "descriptionPlain": "R&D\n\n2 < 3", "lists": [], "additional": ...},
            "R&D\n\n2 < 3\n\nFree mugs & bowls.",
        ),
        ({"description": ..., "descriptionPlain": ..., "lists": ..., "additional": ..., "additionalPlain": ...}, ""),
        (
            {"description": "", "descriptionPlain": "a", "lists": [], "additional": "<p>b</p>", "additionalPlain": ""},
            "a\n\nb",
        ),
    ],
    ids=["no lists", "list in a div", "only HTML", "only plain", "nothing", "mixed"],
)
def test_text(changes: dict[str, Any], description: str) -> None:
    assert read(**changes).description == description


def test_opening_and_body_are_not_repeated() -> None:
    assert read().description.count("About us.") == 1
    assert read().description.count("Fire pots.") == 1


def test_all_locations_count() -> None:
    assert places(location="Oslo", allLocations=["Oslo", "Rome", "Remote"]) == [("Oslo", "NO"), ("Rome", None)]


def test_primary_location_is_used_if_the_list_lacks_it() -> None:
    assert places(location="Oslo", allLocations=["Rome"]) == [("Oslo", "NO"), ("Rome", None)]


@pytest.mark.parametrize(
    "categories", [{}, {"location": None}, {"location": "", "allLocations": None}, {"allLocations": [None]}]
)
def test_any_category_may_be_absent(categories: dict[str, Any]) -> None:
    assert places(**categories) == []


@pytest.mark.parametrize(
    ("model", "locations", "remote"),
    [
        ("remote", ["Oslo"], True), ("hybrid", ["Remote"], False), ("on-site", ["Remote"], False),
        ("onsite", ["Oslo"], False), ("unspecified", ["Oslo", "Remote"], True), (None, ["Remote - Norway"], True),
        (None, ["Oslo"], False), (..., [], False),
    ],
)  # fmt: skip
def test_work_model(model: Any, locations: list[str], remote: bool) -> None:
    found = read(workplaceType=model, categories={"allLocations": locations})
    assert (found.job_location_type == "TELECOMMUTE") is remote


@pytest.mark.parametrize(
    ("salary", "read_as", "raw"),
    [
        (
            {"min": 70000, "max": 110000, "currency": "USD", "interval": "per-year-salary"},
            Salary(currency="USD", min_value=70_000.0, max_value=110_000.0, unit_text="YEAR"),
            "70000-110000 USD per-year-salary",
        ),
        (
            {"min": 25.5, "max": 30, "currency": "EUR", "interval": "per-hour-wage"},
            Salary(currency="EUR", min_value=25.5, max_value=30.0, unit_text="HOUR"),
            "25.5-30 EUR per-hour-wage",
        ),
        (
            {"min": 900, "max": None, "currency": "usd", "interval": "bi-week-salary"},
            Salary(currency="USD", min_value=900.0),
            "900-None usd bi-week-salary",
        ),
        ({"min": 70000, "max": 110000, "currency": None}, None, None),
        ({"min": 0, "max": 0, "currency": "USD"}, None, None),
        ({"min": 110000, "max": 70000, "currency": "USD"}, None, None),
        (None, None, None),
        ("70000", None, None),
    ],
    ids=str,
)
def test_salary_range(salary: Any, read_as: Salary | None, raw: str | None) -> None:
    found = read(salaryRange=salary)
    assert (found.base_salary, found.base_salary_raw) == (read_as, raw)


def test_salary_description_is_the_fallback_for_the_range() -> None:
    found = read(salaryDescription="<p>The range is $100,000 &ndash; $120,000 a year.</p>")
    assert found.base_salary == Salary(currency="USD", min_value=100_000.0, max_value=120_000.0, unit_text="YEAR")


def test_bare_thousands_are_not_taken_for_yuan() -> None:
    found = read(salaryDescriptionPlain="100k-120k")
    assert (found.base_salary, found.base_salary_raw) == (None, "100k-120k")


def test_address_that_is_not_a_link_is_not_kept() -> None:
    assert read(hostedUrl="javascript:alert(1)").url == ""


@pytest.mark.parametrize(
    "bad",
    [{"id": ...}, {"id": ""}, {"text": ...}, {"text": None}, {"categories": "x"}, {"lists": [1]}, {"lists": 5},
     {"description": ["x"]}, {"additional": {"x": 1}}],
    ids=str,
)  # fmt: skip
def test_unreadable_record_is_reported_and_others_are_read(bad: dict[str, Any]) -> None:
    found = page([record(id="good"), record(**bad)])
    assert [one.identifier for one in found.postings] == ["good"]
    assert len(found.unreadable) == 1


@pytest.mark.parametrize("field", sorted(set(record()) - {"id", "text"}))
@pytest.mark.parametrize("value", [None, ...], ids=["null", "missing"])
def test_every_other_field_may_be_null_or_missing(field: str, value: Any) -> None:
    assert read(**{field: value}).identifier == ID


@pytest.mark.parametrize(
    ("board", "requested"),
    [
        ("https://jobs.lever.co/potters", "https://api.lever.co/v0/postings/potters?mode=json"),
        ("https://jobs.eu.lever.co/potters", "https://api.eu.lever.co/v0/postings/potters?mode=json"),
    ],
)
def test_each_instance_is_requested_as_json(board: str, requested: str) -> None:
    found = LeverSpider.board(board)
    request = LeverSpider(boards=[found]).list_request(found, Cursor())
    assert (request.url, request.headers["Accept"]) == (requested, b"application/json")
