"""Greenhouse's responses, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import html
import json
from datetime import date
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.parsing.responses import BoardUnknown, Page, UnexpectedResponse
from crawler.spiders.greenhouse import GreenhouseSpider, posting
from postings import JobPosting, Place, Salary


def record(**changes: Any) -> dict[str, Any]:
    values = {
        "id": 5183053008,
        "internal_job_id": 4000001,
        "title": "Kiln Engineer ",
        "updated_at": "2026-06-08T20:49:32-04:00",
        "first_published": "2026-01-09T14:59:08-05:00",
        "application_deadline": None,
        "requisition_id": "ONE",
        "location": {"name": "Oslo, Norway"},
        "absolute_url": "https://job-boards.greenhouse.io/potters/jobs/5183053008",
        "company_name": "Potters",
        "language": "en",
        "metadata": None,
        "content": html.escape("<p>Fire pots &amp; bowls&nbsp;&lt; 10 kg.</p>"),
        "departments": [{"id": 1, "name": "Clay", "parent_id": None, "child_ids": []}],
        "offices": [{"id": 2, "name": "Oslo, Norway", "location": "Oslo, Oslo, Norway", "child_ids": []}],
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def read(**changes: Any) -> JobPosting:
    return posting(record(**changes))


def page(*records: Any, total: Any = ...) -> Page:
    response = {"jobs": list(records), "meta": {"total": len(records) if total is ... else total}}
    return GreenhouseSpider.read(json.dumps(response).encode())


def field(name: str, value: Any) -> list[dict[str, Any]]:
    return [{"id": 1, "name": name, "value": value, "value_type": "single_select"}]


def test_record() -> None:
    assert read() == JobPosting(
        identifier="5183053008",
        title="Kiln Engineer",
        url="https://job-boards.greenhouse.io/potters/jobs/5183053008",
        description="Fire pots & bowls < 10 kg.",
        hiring_organization="Potters",
        job_location=(
            Place(name="Oslo, Norway", address_locality="Oslo", address_region="Oslo", address_country="Norway"),
        ),
        date_posted=read().date_posted,
        date_posted_raw="2026-01-09T14:59:08-05:00",
        employment_unit="Clay",
    )


def test_first_publication_is_the_posting_date_with_its_zone() -> None:
    assert read().date_posted.isoformat() == "2026-01-09T14:59:08-05:00"  # type: ignore[union-attr]


def test_edit_is_not_the_date_of_posting() -> None:
    assert read(first_published=None).date_posted is None


@pytest.mark.parametrize(
    ("value", "read_as"),
    [("2026-12-31T23:59:00-05:00", "2026-12-31T23:59:00-05:00"), ("2026-12-31", "2026-12-31")],
)
def test_deadline(value: str, read_as: str) -> None:
    assert read(application_deadline=value).valid_through.isoformat() == read_as  # type: ignore[union-attr]


def test_bare_deadline_is_a_date() -> None:
    assert type(read(application_deadline="2026-12-31").valid_through) is date


def test_one_response_holds_the_whole_board() -> None:
    found = page(record(), record(id=2))
    assert (found.rows, found.reported_total, found.whole, found.organization) == (2, 2, True, "Potters")


def test_live_board_without_jobs() -> None:
    assert page() == Page(reported_total=0, whole=True)


def test_total_that_is_not_the_number_of_jobs_is_returned_unchanged() -> None:
    assert page(record(), total=9).reported_total == 9


def test_unknown_token() -> None:
    with pytest.raises(BoardUnknown, match=r"unknown board or job \(Job not found\)"):
        GreenhouseSpider.read(b'{"status": 404, "error": "Job not found"}')


@pytest.mark.parametrize("payload", [b'{"error": "internal error"}', b'{"status": 500, "error": "Not found"}'])
def test_another_error_does_not_concern_the_board(payload: bytes) -> None:
    with pytest.raises(UnexpectedResponse):
        GreenhouseSpider.read(payload)


@pytest.mark.parametrize(
    "payload",
    [
        {}, [], None, 5, {"jobs": None, "meta": {"total": 0}}, {"jobs": []}, {"jobs": [], "meta": None},
        {"jobs": [], "meta": {}}, {"jobs": [], "meta": {"total": "0"}}, {"jobs": [], "meta": {"total": True}},
        {"jobs": [1], "meta": {"total": 1}}, {"name": "Potters", "content": ""}, {"status": 500, "error": "Oops"},
    ],
    ids=str,
)  # fmt: skip
def test_any_other_format_raises(payload: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        GreenhouseSpider.read(json.dumps(payload).encode())


def test_detail() -> None:
    found = GreenhouseSpider.read(json.dumps(record(questions=[], compliance=[])).encode())
    assert (found.detail, found.rows, found.whole) == (True, 1, False)


@pytest.mark.parametrize("content", [None, ...])
def test_content_may_be_missing(content: Any) -> None:
    assert read(content=content).description == ""


def test_content_is_decoded_once_and_not_twice() -> None:
    assert read(content=html.escape("<p>write &amp;lt;b&amp;gt;</p>")).description == "write &lt;b&gt;"


def test_pages_wrapped_in_divs_are_one_text() -> None:
    content = '<div class="content-intro"><p>We.</p></div><p>You.</p><div class="content-conclusion"><p>EEO.</p></div>'
    assert read(content=html.escape(content)).description == "We.\n\nYou.\n\nEEO."


def test_link_to_the_companys_own_site_stays() -> None:
    assert read(absolute_url="https://potters.example/jobs?gh_jid=1").url == "https://potters.example/jobs?gh_jid=1"


def test_script_is_not_a_link() -> None:
    assert read(absolute_url="javascript:alert(1)").url == ""


@pytest.mark.parametrize(
    ("location", "offices", "names", "remote"),
    [
        ("Oslo | Bonn, Germany", [], ["Oslo", "Bonn, Germany"], False),
        ("NYC; SF", [], ["NYC", "SF"], False),
        ("Portland, OR", [], ["Portland, OR"], False),
        ("Remote", [{"name": "Oslo"}, {"name": "Bonn", "location": None}], ["Oslo", "Bonn"], True),
        ("Hybrid", [{"name": "Oslo"}], ["Oslo"], False),
        ("Distributed; Hybrid", [], [], True),
        (None, [{"name": None}], [], False),
        ("", None, [], False),
    ],
)
def test_locations(location: str | None, offices: Any, names: list[str], remote: bool) -> None:
    found = read(location={"name": location}, offices=offices)
    assert [place.name for place in found.job_location] == names
    assert (found.job_location_type == "TELECOMMUTE") is remote


@pytest.mark.parametrize("location", [None, ..., {}])
def test_location_may_be_missing(location: Any) -> None:
    assert read(location=location, offices=[]).job_location == ()


@pytest.mark.parametrize(
    ("value", "remote"),
    [("Remote", True), (["Remote", "Office"], True), ("Hybrid", False), ("Not remote", False), ([], False), (5, False)],
)
def test_work_model_is_in_a_custom_field(value: Any, remote: bool) -> None:
    found = read(metadata=field("Workplace Type", value))
    assert (found.job_location_type == "TELECOMMUTE") is remote


def test_custom_field_outranks_the_location() -> None:
    found = read(metadata=field("Location Type", "On-Site"), location={"name": "Remote - Norway"})
    assert found.job_location_type is None


@pytest.mark.parametrize(
    ("changes", "kinds", "raw"),
    [
        ({"metadata": field("Employment Type", "Full-time")}, ["FULL_TIME"], "Full-time"),
        (
            {"metadata": field("Time Type", ["Part time", "Contract"])},
            ["CONTRACTOR", "PART_TIME"],
            "Part time / Contract",
        ),
        ({"metadata": field("Employment Type", True)}, [], None),
        ({"metadata": field("Employment Type", None)}, [], None),
        ({"metadata": field(None, "Intern")}, [], None),  # type: ignore[arg-type]
        ({"metadata": []}, [], None),
        ({"title": "Kiln Intern, Summer"}, ["INTERN"], "Intern"),
        ({"title": "Contract Manager"}, [], None),
        ({"title": "Kiln Intern", "metadata": field("Employment Type", "unsaid")}, ["INTERN"], "Intern"),
    ],
    ids=str,
)
def test_kind_of_employment(changes: dict[str, Any], kinds: list[str], raw: str | None) -> None:
    found = read(**changes)
    assert (list(found.employment_type), found.employment_type_raw) == (kinds, raw)


@pytest.mark.parametrize(
    ("departments", "unit"),
    [
        ([{"name": "Clay"}, {"name": "Kilns "}], "Clay / Kilns"), ([{"name": "Clay"}, {"name": "Clay"}], "Clay"),
        ([{"name": None}], None), ([{}], None), ([], None), (None, None), (..., None),
    ],
)  # fmt: skip
def test_departments(departments: Any, unit: str | None) -> None:
    assert read(departments=departments).employment_unit == unit


def cents(low: Any = 6100000, high: Any = 7200000, currency: Any = "EUR", **changes: Any) -> dict[str, Any]:
    return {"min_cents": low, "max_cents": high, "currency_type": currency, "title": "Annual Salary:", **changes}


def pay(low: float | None, high: float | None, currency: str = "EUR", unit: str | None = "YEAR") -> Salary:
    return Salary(currency=currency, min_value=low, max_value=high, unit_text=unit)


@pytest.mark.parametrize(
    ("ranges", "salary"),
    [
        ([cents()], pay(61_000, 72_000)),
        ([cents(2550, 3000, title="Pay", blurb="<p>paid by the&nbsp;hour</p>")], pay(25.5, 30, unit="HOUR")),
        ([cents(2550, 3000, title="Hourly rate")], pay(25.5, 30, unit="HOUR")),
        ([cents(title=None, blurb="<p>The annual base for a week of 40 hours.</p>")], pay(61_000, 72_000)),
        ([cents(), cents(5000000, 9000000)], pay(50_000, 90_000)),
        ([cents(high=None)], pay(61_000, None)),
        ([cents(), cents(currency="USD")], None),
        ([cents(), cents(title="Hourly")], None),
        ([cents(currency=None)], None),
        ([cents(0, 0)], None),
        ([cents(None, None)], None),
        ([cents(7200000, 6100000)], None),
        ([cents(True, "x")], None),
        ([], None),
        (None, None),
    ],
    ids=str,
)
def test_pay_ranges_are_in_cents(ranges: Any, salary: Salary | None) -> None:
    assert read(pay_input_ranges=ranges).base_salary == salary


def block(shown: str, title: str = "Annual Salary:", blurb: str = "") -> str:
    return (
        f'<div class="content-pay-transparency"><div class="pay-input"><div class="description">{blurb}</div>'
        f'<div class="title">{title}</div><div class="pay-range">{shown}</div></div></div>'
    )


RANGE = "<span>€61.000</span><span class='divider'>&mdash;</span><span>€72.000 EUR</span>"


@pytest.mark.parametrize(
    ("content", "salary", "raw"),
    [
        (block(RANGE), pay(61_000, 72_000), "Annual Salary: €61.000 — €72.000 EUR"),
        (block("<span>$25.50</span>", title="Hourly"), pay(25.5, 25.5, "USD", "HOUR"), "Hourly $25.50"),
        (
            block(RANGE) + block("<span>€50,000 — €90,000</span>"),
            pay(50_000, 90_000),
            "Annual Salary: €61.000 — €72.000 EUR; Annual Salary: €50,000 — €90,000",
        ),
        (block("<span>competitive</span>"), None, "Annual Salary: competitive"),
        (block("<span>100k-120k</span>"), None, "Annual Salary: 100k-120k"),
        ("<p>We raised $20 million and pay $100,000.</p>", None, None),
    ],
    ids=["range", "hourly", "two", "words", "no currency", "text"],
)
def test_pay_shown_in_the_text(content: str, salary: Salary | None, raw: str | None) -> None:
    found = read(content=html.escape(content))
    assert (found.base_salary, found.base_salary_raw) == (salary, raw)


def test_stated_and_shown_pay_agree() -> None:
    shown = html.escape(block(RANGE) + block("<span>€50,000 — €90,000</span>"))
    stated = [cents(), cents(5000000, 9000000)]
    assert read(content=shown).base_salary == read(content=shown, pay_input_ranges=stated).base_salary


@pytest.mark.parametrize(
    "bad",
    [{"id": ...}, {"id": None}, {"id": True}, {"title": None}, {"title": 5}, {"content": ["x"]}, {"offices": [1]},
     {"metadata": [1]}, {"departments": ["Clay"]}, {"location": "Oslo"}, {"pay_input_ranges": [1]}],
    ids=str,
)  # fmt: skip
def test_unreadable_record_is_reported_and_others_are_read(bad: dict[str, Any]) -> None:
    found = page(record(id=2), record(**bad))
    assert [one.identifier for one in found.postings] == ["2"]
    assert len(found.unreadable) == 1


@pytest.mark.parametrize("name", sorted(set(record()) - {"id", "title"}))
@pytest.mark.parametrize("value", [None, ...], ids=["null", "missing"])
def test_every_other_field_may_be_null_or_missing(name: str, value: Any) -> None:
    assert read(**{name: value}).identifier == "5183053008"


def test_european_board_is_requested_on_the_same_host() -> None:
    board = GreenhouseSpider.board("https://job-boards.eu.greenhouse.io/potters")
    request = GreenhouseSpider(boards=[board]).list_request(board, Cursor())
    base = "https://boards-api.greenhouse.io/v1/boards/potters/jobs"
    assert request.url == f"{base}?content=true&pay_transparency=true"
