"""Google's careers: addresses, positional arrays, and pages that are not a job's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.bases.sitemap_spider import NoPosting
from crawler.parsing.responses import BoardBlocked, Page, UnexpectedResponse
from crawler.spiders.google import GoogleSpider
from crawler.systems import UnknownSystem, find_board
from postings import JobPosting, Place, Verdict
from tests.crawler.site import read_site

SITE = "https://www.google.com/about/careers/applications"
BOARD = f"{SITE}/jobs/results"


@pytest.mark.parametrize(
    "url",
    [
        BOARD,
        f"{BOARD}/",
        f"{BOARD}?q=potter&page=2",
        f"{BOARD}/106863362666570438-potter?q=x",
        f"{SITE}/jobs",
        f"{SITE}/jobs/sitemap.xml",
        SITE,
        "https://careers.google.com",
        "https://careers.google.com/",
        "https://careers.google.com/jobs/results/",
        "https://careers.google.com/jobs/results/106863362666570438-potter/",
        "careers.google.com/jobs",
    ],
)
def test_every_address_of_the_site_means_the_one_board(url: str) -> None:
    board = find_board(url)
    assert (board.system, board.url, board.organization) == ("google", BOARD, "Google")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/search?q=jobs",
        "https://www.google.com/about/careers",
        "https://www.google.com/about/careers/applicationsx",
        "https://careers.google.com/locations/austin",
        "https://careers.google.com.evil.example/jobs",
        "https://google.example/about/careers/applications",
    ],
)
def test_any_other_address_of_google_is_not_a_board(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


def job(identifier: Any = "82975510480462534", title: Any = "Potter, Clay", **places: Any) -> list[Any]:
    row: list[Any] = [
        identifier,
        title,
        f"{SITE}/signin?jobId=x",
        [None, "<ul><li>Throw pots.</li></ul>"],
        [None, "<h3>Minimum qualifications:</h3><ul><li>Hands.</li></ul>"],
        "projects/x/companies/1",
        None,
        "YouTube",
        "en-US",
        [["Zhubei, Taiwan", ["Main Street 1"], "Zhubei", "302", "Hsinchu County", "TW"]],
        [None, "<p>We make \\u003d pots.</p>"],
        [2, 3],
        [1780310290, 245000000],
        [1782477652, 11000000],
        [1782477652, 389000000],
        [None, ""],
        None,
        None,
        [None, "Note: say where."],
        [None, ""],
        2,
    ]
    for place, value in places.items():
        row[int(place.removeprefix("at"))] = value
    return row


def page(**data: Any) -> str:
    calls = "".join(
        f"<script>AF_initDataCallback({{key: '{key.replace('_', ':')}', hash: '1', data:{json.dumps(value)}, "
        "sideChannel: {}});</script>"
        for key, value in data.items()
    )
    return f"<!doctype html><html><body>{calls}</body></html>"


def read(text: str) -> Page:
    return GoogleSpider.read(text.encode())


def detail(**places: Any) -> JobPosting:
    (found,) = read(page(ds_0=[job(**places)], ds_1=[[job("7" * 17)], None, 1, 20])).postings
    return found


def test_jobs_page_has_the_job_in_the_first_place_and_others_in_the_second() -> None:
    found = detail()
    assert found == JobPosting(
        identifier="82975510480462534",
        title="Potter, Clay",
        url=f"{BOARD}/82975510480462534",
        description="Note: say where.\n\nWe make \\u003d pots.\n\nMinimum qualifications:\n\n• Hands.\n\n• Throw pots.",
        hiring_organization="YouTube",
        job_location=(
            Place(
                name="Zhubei, Taiwan",
                address_locality="Zhubei",
                address_region="Hsinchu County",
                address_country="TW",
            ),
        ),
        date_posted=found.date_posted,
        date_posted_raw="1780310290",
    )
    assert found.date_posted.isoformat() == "2026-06-01T10:38:10+00:00"  # type: ignore[union-attr]


def test_page_of_the_list_has_the_jobs_in_the_second_place_with_their_total() -> None:
    found = read(page(ds_0=[[["projects/x", "YouTube", "youtube"]]], ds_1=[[job("1"), job("2")], None, 86, 20]))
    assert ([one.identifier for one in found.postings], found.reported_total) == (["1", "2"], 86)
    assert (found.whole, found.detail) == (False, False)


def test_list_without_jobs() -> None:
    assert read(page(ds_1=[None, None, 0, 20])).reported_total == 0


def test_row_may_end_early() -> None:
    row = job()[:15]
    (found,) = read(page(ds_0=[row])).postings
    assert found.title == "Potter, Clay"


@pytest.mark.parametrize(
    ("places", "attribute", "value"),
    [
        ({"at9": None}, "job_location", ()),
        ({"at9": [["Remote, Taiwan", [], None, None, None, "TW"]]}, "job_location_type", "TELECOMMUTE"),
        ({"at3": None}, "hiring_organization", "YouTube"),
        ({"at7": None}, "hiring_organization", None),
        ({"at12": None}, "date_posted", None),
        ({"at12": ["x"]}, "date_posted", None),
        ({"title": "Student Intern, Clay"}, "employment_type", ("INTERN",)),
    ],
)
def test_place_may_be_empty(places: dict[str, Any], attribute: str, value: Any) -> None:
    assert getattr(detail(**places), attribute) == value


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": None}, "has no title"),
        ({"at9": "Taiwan"}, "the places is str"),
        ({"identifier": 5}, "no job on the page"),
        ({"identifier": "potter"}, "no job on the page"),
    ],
)
def test_changed_array_layout_raises(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UnexpectedResponse, match=message):
        read(page(ds_0=[job(**changes)]))


def test_unreadable_row_is_reported_and_others_are_read() -> None:
    found = read(page(ds_1=[[job("1"), job(5), ["2"]], None, 3, 20]))
    assert ([one.identifier for one in found.postings], len(found.unreadable)) == (["1"], 2)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", UnexpectedResponse),
        ("{}", UnexpectedResponse),
        ("<html><body>Hi</body></html>", UnexpectedResponse),
        (page(ds_0=None), NoPosting),
        (page(ds_0=[]), NoPosting),
        (page(ds_1=[[], None, "0", 20]), UnexpectedResponse),
        ("<script>AF_initDataCallback({key: 'ds:0', hash: '1', data:[[1,", UnexpectedResponse),
        ('<html><form action="https://consent.google.com/save"></form></html>', BoardBlocked),
        ("<html><title>Are you a robot?</title></html>", BoardBlocked),
    ],
)
def test_not_a_page_of_jobs(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(text)


# Runs -------------------------------------------------------------------------------------------------


def sitemap(*addresses: str) -> str:
    return "<urlset>" + "".join(f"<url><loc>{address}</loc></url>" for address in addresses) + "</urlset>"


def run(responses: dict[str, Any]) -> tuple[Verdict, str, list[str], list[str]]:
    payload = {f"{SITE}/jobs/sitemap.xml": sitemap("https://careers.google.com/jobs/results/1-potter/"), **responses}
    found, postings, site = read_site(BOARD, payload)
    return found.verdict, found.reason, [posting.identifier for posting in postings], site.requested


def test_job_is_requested_at_its_new_address() -> None:
    verdict, reason, found, requested = run({f"{BOARD}/1": page(ds_0=[job("1")])})
    assert (verdict, found) == (Verdict.COMPLETE, ["1"]), reason
    assert requested == [f"{SITE}/jobs/sitemap.xml", f"{BOARD}/1"]


def test_page_of_another_job_is_not_taken_for_the_requested_one() -> None:
    verdict, reason, found, _ = run({f"{BOARD}/1": page(ds_0=[job("2")])})
    assert (verdict, found) == (Verdict.INCOMPLETE, [])
    assert "not the page of posting 1" in reason


def test_sitemap_without_a_job_among_its_pages_proves_nothing() -> None:
    responses = {f"{SITE}/jobs/sitemap.xml": sitemap("https://careers.google.com/jobs/en/1")}
    verdict, reason, *_ = run(responses)
    assert (verdict, "none of them is the board's" in reason) == (Verdict.INCOMPLETE, True)


def test_robots_txt_decides_whether_jobs_are_read() -> None:
    robots = "User-agent: *\nDisallow: /about/careers/applications/jobs/results\n"
    verdict, reason, found, _ = run({"https://www.google.com/robots.txt": robots})
    assert (verdict, found) == (Verdict.INCOMPLETE, [])
    assert "robots.txt" in reason
