"""Workable's responses, of the widget and of its site's own API, on small inputs of a fictional company."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from crawler.boards import Board, Cursor
from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, PostingGone, ResponseError, UnexpectedResponse
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.spiders.workable import WorkableSpider, posting
from crawler.systems import find_board
from postings import BoardRun, JobPosting, Place, Verdict
from simulator.server import Simulator
from simulator.story import sized_story
from simulator.world import World

APPLY = "https://apply.workable.com"
BOARD = Board(url=f"{APPLY}/potters-2", system="workable", organization="potters-2")


@pytest.mark.parametrize(
    "url",
    [
        f"{APPLY}/potters-2", f"{APPLY}/potters-2/", f"{APPLY}/potters-2/?lng=en#jobs",
        f"{APPLY}/potters-2/j/F4C096B22E/",
        f"{APPLY}/potters-2/j/F4C096B22E/apply/", f"{APPLY}/potters-2/jobs.md",
        f"{APPLY}/potters-2/jobs/view/F4C096B22E.md",
        f"{APPLY}/api/v1/widget/accounts/potters-2?details=true", f"{APPLY}/api/v3/accounts/potters-2/jobs",
        f"{APPLY}/api/v3/accounts/potters-2/jobs/filters", f"{APPLY}/api/v2/accounts/potters-2/jobs/F4C096B22E",
        "https://www.workable.com/api/accounts/potters-2?details=true", "https://potters-2.workable.com",
        "https://potters-2.workable.com/", "https://potters-2.workable.com/j/F4C096B22E",
        "https://Potters-2.workable.com/jobs/123?x=1",
    ],
)  # fmt: skip
def test_addresses_of_a_board(url: str) -> None:
    assert WorkableSpider.match(url) == BOARD


@pytest.mark.parametrize(
    "url",
    [
        APPLY, f"{APPLY}/", f"{APPLY}/j/F4C096B22E", f"{APPLY}/api/v1/widget", f"{APPLY}/robots.txt", f"{APPLY}/a%20b",
        "https://www.workable.com/", "https://www.workable.com/jobs/123", "https://jobs.workable.com/view/x",
        "https://help.workable.com/", "https://resources.workable.com/j/1", "https://workable.com/potters",
        "https://potters.workable.com/blog", "https://a.b.workable.com/", f"{APPLY}.evil.example/potters",
        "https://evil.example/apply.workable.com/potters",
    ],
)  # fmt: skip
def test_addresses_that_identify_no_board(url: str) -> None:
    assert WorkableSpider.match(url) is None


def test_widget_is_requested_with_descriptions() -> None:
    request = WorkableSpider(boards=[BOARD]).list_request(BOARD, Cursor())
    assert (request.method, request.url) == ("GET", f"{APPLY}/api/v1/widget/accounts/potters-2?details=true")


def location(**changes: Any) -> dict[str, Any]:
    return {"country": "Norway", "countryCode": "NO", "city": "Oslo", "region": "", "hidden": False, **changes}


BONN = location(country="Germany", countryCode="DE", city="Bonn", region="North Rhine")


def row(**changes: Any) -> dict[str, Any]:
    values = {
        "title": "Kiln Engineer ",
        "shortcode": "F4C096B22E",
        "code": "",
        "employment_type": "Full-time",
        "telecommuting": False,
        "department": "Clay",
        "url": f"{APPLY}/j/F4C096B22E",
        "application_url": f"{APPLY}/j/F4C096B22E/apply",
        "published_on": "2026-07-30",
        "created_at": "2026-07-01",
        "country": "Norway",
        "state": "",
        "city": "Oslo",
        "education": "",
        "experience": "Mid-Senior level",
        "function": "Engineering",
        "industry": "",
        "locations": [location()],
        "description": "<p>Fire pots &amp; bowls.</p>",
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def summary(**changes: Any) -> dict[str, Any]:
    values = {
        "id": 5957327,
        "shortcode": "F4C096B22E",
        "title": "Kiln Engineer",
        "remote": False,
        "location": {**location(), "display": "Oslo, Norway"},
        "locations": [location()],
        "state": "published",
        "isInternal": False,
        "code": None,
        "published": "2026-07-30T00:00:00.000Z",
        "type": "full",
        "department": ["Clay"],
        "workplace": "on_site",
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def page_of(payload: Any) -> Page:
    return WorkableSpider.read(json.dumps(payload).encode())


def widget(*rows: Any) -> Page:
    return page_of({"name": "Potters", "description": None, "jobs": list(rows)})


def names(found: JobPosting) -> list[str]:
    return [place.name for place in found.job_location]


def test_row() -> None:
    assert posting(row()) == JobPosting(
        identifier="F4C096B22E",
        title="Kiln Engineer",
        url=f"{APPLY}/j/F4C096B22E",
        description="Fire pots & bowls.",
        job_location=(Place(name="Oslo, Norway", address_locality="Oslo", address_country="NO"),),
        employment_type=("FULL_TIME",),
        employment_type_raw="Full-time",
        date_posted=date(2026, 7, 30),
        date_posted_raw="2026-07-30",
        employment_unit="Clay",
        occupational_category="Engineering",
    )


def test_sites_own_api_states_the_same() -> None:
    fields = ("identifier", "title", "url", "job_location", "employment_type", "date_posted", "employment_unit")
    listed, shown = posting(summary()), posting(row())
    assert {name: getattr(listed, name) for name in fields} == {name: getattr(shown, name) for name in fields}


def test_one_response_holds_the_whole_board() -> None:
    found = widget(row(), row(shortcode="A"))
    assert (found.rows, found.whole, found.organization, len(found.postings)) == (2, True, "Potters", 2)


def test_live_account_without_jobs() -> None:
    assert widget() == Page(whole=True, organization="Potters")


def test_posting_in_several_places_is_one_posting() -> None:
    rows = [row(), row(shortcode="A"), row(city="Bonn", country="Germany", locations=[BONN]), row()]
    found = widget(*rows)
    assert (found.rows, [one.identifier for one in found.postings]) == (4, ["F4C096B22E", "A"])
    assert names(found.postings[0]) == ["Oslo, Norway", "Bonn, North Rhine, Germany"]


def test_rows_without_locations_are_merged_by_their_own_places() -> None:
    rows = [row(locations=None), row(locations=[], city="Bonn", state="North Rhine", country="Germany")]
    (found,) = widget(*rows).postings
    assert names(found) == ["Oslo, Norway", "Bonn, North Rhine, Germany"]


@pytest.mark.parametrize("value", [None, [], [{}], [{"countryCode": "NO", "hidden": True}], ...])
def test_locations_without_values_leave_the_rows_own_fields(value: Any) -> None:
    assert names(posting(row(locations=value))) == ["Oslo, Norway"]


@pytest.mark.parametrize("record", [row, summary])
def test_city_that_the_employer_hides_stays_hidden(record: Any) -> None:
    found = posting(record(locations=[location(hidden=True, region="Viken")]))
    assert found.job_location == (Place(name="Viken, Norway", address_region="Viken", address_country="NO"),)
    assert "Oslo" not in json.dumps(found.to_dict())


def test_city_that_is_its_own_region_is_named_once() -> None:
    found = posting(row(locations=[location(city="Vienna", region="Vienna", country="Austria")]))
    assert names(found) == ["Vienna, Austria"]


@pytest.mark.parametrize(
    ("record", "remote"),
    [
        (row(), False), (row(telecommuting=True), True), (row(telecommuting=None), False),
        (row(workplace_type="remote"), True), (row(telecommuting=True, workplace_type="hybrid"), False),
        (summary(workplace="remote"), True), (summary(workplace="hybrid", remote=True), False),
        (summary(workplace=..., remote=True), True),
    ],
)  # fmt: skip
def test_work_from_home(record: dict[str, Any], remote: bool) -> None:
    assert (posting(record).job_location_type == "TELECOMMUTE") is remote


@pytest.mark.parametrize(
    ("record", "kinds"),
    [
        (row(employment_type="Part-time"), ["PART_TIME"]), (row(employment_type="Contract"), ["CONTRACTOR"]),
        (row(employment_type="Temporary"), ["TEMPORARY"]), (row(employment_type=""), []),
        (summary(type="part"), ["PART_TIME"]), (summary(type="contract"), ["CONTRACTOR"]),
        (summary(type="internship"), ["INTERN"]), (summary(type="other"), ["OTHER"]), (summary(type=...), []),
        (summary(type="volunteer"), []), (summary(type="temporary", title="Kiln Internship"), ["INTERN"]),
        (row(employment_type="Full-time", title="Full-Stack Potter"), ["FULL_TIME"]),
    ],
)  # fmt: skip
def test_kind_of_employment(record: dict[str, Any], kinds: list[str]) -> None:
    assert list(posting(record).employment_type) == kinds


def test_day_of_publication_is_not_that_of_creation() -> None:
    assert posting(row(published_on=None)).date_posted is None


def test_page_of_the_sites_own_list() -> None:
    found = page_of({"total": 29, "results": [summary()], "nextPage": "WzEsMl0="})
    assert (found.reported_total, found.next, found.more, found.whole) == (29, "WzEsMl0=", True, False)


def test_last_page() -> None:
    found = page_of({"total": 1, "results": [summary()]})
    assert (found.next, found.more) == (None, False)


@pytest.mark.parametrize("changes", [{"isInternal": True}, {"state": "archived"}])
def test_unpublished_posting_is_not_open(changes: dict[str, Any]) -> None:
    found = page_of({"total": 2, "results": [summary(), summary(shortcode="A", **changes)]})
    assert (len(found.postings), len(found.unlisted)) == (1, 1)


def test_detail_of_the_sites_own_api_has_its_text_in_three_fields() -> None:
    found = page_of(summary(description="<p>Fire.</p>", requirements="<ul><li>Care.</li></ul>", benefits=""))
    assert found.detail
    assert found.postings[0].description == "Fire.\n\n• Care."


@pytest.mark.parametrize(
    ("status", "headers", "body", "error"),
    [
        (404, {}, b"Not Found", BoardUnknown),
        (404, {}, b"Job not found", PostingGone),
        (200, {}, b"Not Found", BoardUnknown),
        (404, {}, b"<html>Not Found</html>", BoardUnknown),
        (400, {}, b'{"limit":"Not allowed"}', UnexpectedResponse),
        (200, {}, b'{"limit":"Not allowed"}', UnexpectedResponse),
        (429, {"retry-after": "14400"}, b"Too Many Requests", BoardBlocked),
        (403, {}, b"<html>Cloudflare</html>", BoardBlocked),
        (302, {"location": f"{APPLY}/oops"}, b"", UnexpectedResponse),
        (500, {}, b"", UnexpectedResponse),
    ],
)
def test_error_responses(status: int, headers: dict[str, str], body: bytes, error: type[ResponseError]) -> None:
    with pytest.raises(error):
        WorkableSpider.read_response(status, headers, body, BOARD)


def test_disallowed_request_is_reported() -> None:
    with pytest.raises(UnexpectedResponse, match=r"not allowed \(limit\)"):
        page_of({"limit": "Not allowed"})


@pytest.mark.parametrize(
    "payload",
    [
        {}, [], None, {"jobs": None}, {"jobs": {}}, {"results": []}, {"total": 0}, {"total": "1", "results": []},
        {"name": "Potters"}, {"shortcode": "A"}, {"jobs": [1, 2]}, {"locations": [], "departments": []},
    ],
    ids=str,
)  # fmt: skip
def test_any_other_format_raises(payload: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        page_of(payload)


@pytest.mark.parametrize(
    "bad", [{"shortcode": ...}, {"shortcode": 5, "title": ""}, {"title": None}, {"locations": "x"}]
)
def test_unreadable_row_is_reported_and_others_are_read(bad: dict[str, Any]) -> None:
    found = widget(row(shortcode="A"), row(**bad))
    assert [one.identifier for one in found.postings] == ["A"]
    assert (len(found.unreadable), found.rows) == (1, 2)


@pytest.mark.parametrize("record", [row, summary])
@pytest.mark.parametrize("value", [None, ...], ids=["null", "missing"])
def test_every_other_field_may_be_null_or_missing(record: Any, value: Any) -> None:
    for name in set(record()) - {"shortcode", "title"}:
        assert posting(record(**{name: value})).identifier == "F4C096B22E"


def test_posting_without_an_address_has_the_short_one() -> None:
    assert posting(row(url="javascript:alert(1)")).url == f"{APPLY}/j/F4C096B22E"


def run_of(account: str) -> tuple[BoardRun, list[JobPosting], set[str], list[str]]:
    """Crawl a simulated account; return the run, what was read, the account's postings and the requested paths."""
    (board,) = sized_story(1, 40, ["workable"])
    board = dataclasses.replace(board, url=f"{APPLY}/{account}")
    found: list[tuple[BoardRun, list[JobPosting]]] = []
    with Simulator(World(boards=[board])) as simulator:
        crawl(
            [find_board(board.url)],
            observed_at=datetime(2026, 3, 2, 6, tzinfo=UTC),
            on_run=lambda run, postings: found.append((run, list(postings))),
            settings={**UNTHROTTLED, "LOG_LEVEL": "CRITICAL", "ROLEMIX_GATEWAY": simulator.url},
        )
        paths = [hit.path for hit in simulator.log if hit.path != "/robots.txt"]
        ((run, postings),) = found
        return run, postings, set(simulator.world.identifiers(board.url, 0)), paths


@pytest.mark.parametrize("account", ["potters", "potters-throttled"])
def test_widget_reads_a_board_while_the_sites_own_api_is_throttled(account: str) -> None:
    run, postings, known, paths = run_of(account)
    assert (run.verdict, {one.identifier for one in postings}) == (Verdict.COMPLETE, known), run.reason
    assert paths == [f"/api/v1/widget/accounts/{account}"]


def test_rows_of_one_posting_are_merged_with_all_places() -> None:
    run, postings, known, _ = run_of("potters")
    assert run.rows > run.unique == len(known)
    assert sum(len(one.job_location) for one in postings) == run.rows
