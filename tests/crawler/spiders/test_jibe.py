"""Jibe's responses, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.captures.recordings import Recording
from crawler.manifest import Manifest
from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, UnexpectedResponse
from crawler.spiders.jibe import JibeSpider, posting
from postings import JobPosting, Place

URL = "https://potters.jibeapply.com/jobs"
BOARD = JibeSpider.board(URL)


def record(**changes: Any) -> dict[str, Any]:
    """A job of the list; a change to ... removes the key."""
    values = {
        "slug": "6504",
        "req_id": "6504",
        "language": "en-us",
        "title": "Kiln Engineer ",
        "description": "<p>Fire pots.</p>",
        "responsibilities": "<ul><li>Clay</li></ul>",
        "qualifications": "",
        "city": "Oslo",
        "state": None,
        "country": "Norway",
        "country_code": "NO",
        "additional_locations": [{"city": "Bonn", "country": "Germany"}],
        "location_name": "Oslo",
        "employment_type": "FULL_TIME",
        "hiring_organization": "Potters",
        "categories": [{"name": "Engineering"}],
        "posted_date": "2026-07-18T15:54:00+0000",
        "update_date": "2026-07-19T12:00:00+0000",
        "meta_data": {"canonical_url": "https://careers.potters.example/jobs/6504?lang=en-us"},
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def page_of(*jobs: Any, total: Any = ...) -> Page:
    response = {"jobs": [{"data": job} for job in jobs], "totalCount": len(jobs) if total is ... else total}
    return JibeSpider.read(json.dumps(response).encode(), BOARD)


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (URL, URL),
        ("https://potters.jibeapply.com", URL),
        ("https://potters.jibeapply.com/jobs/6504?lang=en-us", URL),
        ("https://potters.jibeapply.com/api/jobs?page=2", URL),
        ("https://careers.potters.example/careers-home/jobs/6504", "https://careers.potters.example/careers-home/jobs"),
    ],
)
def test_addresses_that_mean_a_board(address: str, url: str) -> None:
    assert JibeSpider.board(address).url == url


@pytest.mark.parametrize(
    "address",
    [
        "https://jibeapply.com/jobs",
        "https://www.jibeapply.com/",
        "https://potters.jibeapply.com.example/jobs",
        "https://careers.potters.example/jobs/6504",
        "https://127.0.0.1/careers-home/jobs",
        "https://careers.potters.example/careers-homes/jobs",
    ],
)
def test_addresses_that_mean_no_board(address: str) -> None:
    assert JibeSpider.match(address) is None


def test_pages_are_numbered_from_one() -> None:
    url = JibeSpider(boards=[BOARD]).list_request(BOARD, Cursor(page=1, offset=100)).url
    assert url.startswith("https://potters.jibeapply.com/api/jobs?page=2&limit=100&")


def test_record() -> None:
    assert posting(record(), BOARD) == JobPosting(
        identifier="6504",
        title="Kiln Engineer",
        url="https://careers.potters.example/jobs/6504?lang=en-us",
        description="Fire pots.\n\n• Clay",
        hiring_organization="Potters",
        job_location=(
            Place(name="Oslo, Norway", address_locality="Oslo", address_country="NO"),
            Place(name="Bonn, Germany", address_locality="Bonn", address_country="Germany"),
        ),
        employment_type=("FULL_TIME",),
        employment_type_raw="FULL_TIME",
        date_posted=datetime(2026, 7, 18, 15, 54, tzinfo=UTC),
        date_posted_raw="2026-07-18T15:54:00+0000",
        occupational_category="Engineering",
    )


def test_edit_does_not_change_the_content() -> None:
    assert posting(record(update_date="2026-08-01T00:00:00+0000")) == posting(record())


def test_without_a_canonical_address_the_boards_address_is_used() -> None:
    assert posting(record(meta_data=None), BOARD).url == f"{URL}/6504"


def test_requisitions_number_is_the_fallback_for_the_slug() -> None:
    assert posting(record(slug=...)).identifier == "6504"


@pytest.mark.parametrize(("name", "remote"), [("United States (Remote)", True), ("Oslo", False), (None, False)])
def test_work_model_is_in_the_locations_name(name: str | None, remote: bool) -> None:
    assert (posting(record(location_name=name)).job_location_type == "TELECOMMUTE") is remote


def test_title_identifies_the_kind_that_other_hides() -> None:
    assert posting(record(employment_type="OTHER", title="Kiln Intern")).employment_type == ("INTERN",)


@pytest.mark.parametrize("name", sorted(set(record()) - {"title", "slug"}))
@pytest.mark.parametrize("value", [None, ...], ids=["null", "missing"])
def test_every_other_field_may_be_null_or_missing(name: str, value: Any) -> None:
    assert posting(record(**{name: value})).identifier == "6504"


def test_board_that_states_that_it_is_empty() -> None:
    assert page_of() == Page(reported_total=0)


def test_job_listed_once_a_language_and_counted_so_is_not_complete() -> None:
    manifest = Manifest(BOARD)
    manifest.add(page_of(record(), record(language="fr-fr", title="Ingénieur")))
    assert manifest.listing().doubts() == "that is not the whole board"


@pytest.mark.parametrize(
    "payload",
    [
        {}, [], {"jobs": None, "totalCount": 0}, {"jobs": []}, {"jobs": [], "totalCount": "0"},
        {"jobs": [1], "totalCount": 1}, {"jobs": [{}], "totalCount": 1}, {"message": "Oops"},
    ],
    ids=str,
)  # fmt: skip
def test_any_other_format_raises(payload: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        JibeSpider.read(json.dumps(payload).encode())


def test_invalid_job_does_not_lose_others() -> None:
    found = JibeSpider.read(json.dumps({"jobs": [None, {"data": record(slug="2")}], "totalCount": 2}).encode())
    assert ([one.identifier for one in found.postings], len(found.unreadable)) == (["2"], 1)


def test_unreadable_record_is_reported_and_others_are_read() -> None:
    found = page_of(record(slug="2"), record(title=None))
    assert ([one.identifier for one in found.postings], len(found.unreadable)) == (["2"], 1)


def test_wall() -> None:
    with pytest.raises(BoardBlocked):
        JibeSpider.read(b"<html><h1>Access Denied</h1></html>")


def test_unknown_client() -> None:
    with pytest.raises(BoardUnknown):
        JibeSpider.read_response(404, {}, b'{"message": "Not Found"}', BOARD)


@pytest.mark.parametrize(
    ("query", "narrowed"),
    [({"page": ("1",), "limit": ("100",)}, False), ({"keywords": ("",)}, False), ({"keywords": ("kiln",)}, True)],
)
def test_recorded_request_that_narrows_the_list(query: dict[str, tuple[str, ...]], narrowed: bool) -> None:
    url = "https://potters.jibeapply.com/api/jobs"
    requested = Recording(method="GET", url=url, query=query, path=Path("x"), content_type="application/json")
    assert (JibeSpider.board_of(requested), JibeSpider.is_filtered(requested)) == (BOARD, narrowed)
