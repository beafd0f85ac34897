"""iCIMS' pages, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from crawler.boards import Cursor
from crawler.captures.recordings import Recording, recording_of
from crawler.manifest import Manifest
from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, PostingGone, UnexpectedResponse
from crawler.runs.saved import read_saved
from crawler.spiders.icims import IcimsSpider
from postings import JobPosting, Place, Salary

HOST = "https://careers-potters.icims.com"
URL = f"{HOST}/jobs/search"
BOARD = IcimsSpider.board(URL)
NONE = '<div class="iCIMS_Message iCIMS_ErrorMessage iCIMS_GenericMessage">Sorry, no jobs were found that match.</div>'
HIDDEN = '<div class="iCIMS_Message iCIMS_ErrorMessage iCIMS_NoDisplay">The system cannot access your location</div>'


def card(job: int = 1977, title: str = "Kiln Engineer", address: str = "", **fields: str) -> str:
    address = address or f"{HOST}/jobs/{job}/kiln-engineer/job?in_iframe=1&amp;hashed=-33555"
    header = {"Position Type": "Full-Time", **{name.replace("_", " "): value for name, value in fields.items()}}
    place = header.pop("Location", "NO-03-Oslo")
    return (
        '<li class="iCIMS_JobCardItem"><div class="row"><div class="header left"><span class="sr-only field-label">'
        f'Location</span><span >\n{place}</span></div><div class="title"><a href="{address}" class="iCIMS_Anchor">'
        f'<span class="sr-only field-label">Title</span><h3 >\n{title}</h3></a></div>'
        f'<div class="description">Teaser</div>{groups(header)}</div></li>'
    )


def groups(fields: dict[str, str]) -> str:
    pairs = (
        f'<dt class="iCIMS_JobHeaderField">{name}</dt><dd class="iCIMS_JobHeaderData"><span >\n{value}</span></dd>'
        for name, value in fields.items()
    )
    return "".join(f'<dl><div class="iCIMS_JobHeaderTag">{pair}</div></dl>' for pair in pairs)


def listing(*cards: str, at: str = "Page 1 of 1", more: str = "") -> bytes:
    heading = f'<h2 class="iCIMS_SubHeader iCIMS_SubHeader_Jobs">\nSearch Results\n{at} \n</h2>' if at else ""
    return (
        '<html><div class="iCIMS_MainWrapper iCIMS_ListingsPage"><h1 class="iCIMS_Header">Job Listings</h1>'
        '<p class="iCIMS_SubHeader iCIMS_SubHeader_Jobs">Use this form to perform another job search</p>'
        f"{HIDDEN}{heading}<ul>{''.join(cards)}</ul>{more}</div></html>"
    ).encode()


def ld(**changes: Any) -> dict[str, Any]:
    """The JSON-LD of a job; a change to ... removes the key."""
    address = {"addressCountry": "NO", "streetAddress": "UNAVAILABLE", "addressLocality": "Oslo", "addressRegion": "03"}
    values = {
        "validThrough": "2027-12-05T05:00:00.000Z",
        "employmentType": "FULL_TIME",
        "@type": "JobPosting",
        "salaryCurrency": "USD $190,000.00 - USD $200,000.00 /Yr.",
        "description": "<h2>Overview</h2>\n<p>Fire pots &amp; bowls.</p>",
        "title": "Kiln Engineer ",
        "url": f"{HOST}/jobs/1977/kiln-engineer/job",
        "hiringOrganization": {"@type": "Organization", "name": "Potters"},
        "jobLocation": [{"address": address, "@type": "Place"}],
        "datePosted": "2025-12-05T05:00:00.000Z",
        "occupationalCategory": "Clay",
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def script(data: Any) -> str:
    return (
        f'<script nonce="x" type="application/ld+json">{data if isinstance(data, str) else json.dumps(data)}</script>'
    )


def detail(header: dict[str, str] | None = None, **changes: Any) -> bytes:
    return f"<html><body>{groups(header or {})}{script(ld(**changes))}</body></html>".encode()


def read(body: bytes) -> Page:
    return IcimsSpider.read(body, BOARD)


def one(body: bytes) -> JobPosting:
    (found,) = read(body).postings
    return found


@pytest.mark.parametrize(
    "address",
    [
        URL,
        HOST,
        f"{HOST}/",
        f"{HOST}/jobs",
        f"{HOST}/jobs/search?ss=1&searchKeyword=kiln&in_iframe=1",
        f"{HOST}/jobs/1977/kiln-engineer/job?in_iframe=1",
        f"{HOST}/jobs/1977/login",
        f"{HOST}/jobs/intro#top",
        "careers-potters.icims.com",
    ],
)
def test_addresses_that_mean_a_board(address: str) -> None:
    assert IcimsSpider.board(address) == BOARD


@pytest.mark.parametrize(
    "address",
    [
        "https://icims.com/jobs",
        "https://www.icims.com/jobs",
        "https://api.icims.com/customers/1/search/jobs",
        "https://careers-potters.icims.com.example/jobs",
        "https://careers-potters.icims.com/connect?back=intro",
        "https://careers-potters.icims.com/jobsearch",
        "https://careers.potters.example/jobs/1977/kiln-engineer/job",
    ],
)
def test_addresses_that_mean_no_board(address: str) -> None:
    assert IcimsSpider.match(address) is None


def test_page_is_requested_by_its_number_within_the_frame() -> None:
    assert IcimsSpider(boards=[BOARD]).list_request(BOARD, Cursor(page=2)).url == f"{URL}?ss=1&in_iframe=1&pr=2"


def test_card() -> None:
    assert one(listing(card(Category="Clay"))) == JobPosting(
        identifier="1977",
        title="Kiln Engineer",
        url=f"{HOST}/jobs/1977/kiln-engineer/job",
        job_location=(Place(name="NO-03-Oslo", address_locality="Oslo", address_region="03", address_country="NO"),),
        employment_type=("FULL_TIME",),
        employment_type_raw="Full-Time",
        occupational_category="Clay",
    )


@pytest.mark.parametrize(
    ("name", "city", "region", "country"),
    [
        ("US-TX-Austin", "Austin", "TX", "US"),
        ("US-NC-Winston-Salem", "Winston-Salem", "NC", "US"),
        ("US-TX", None, None, "US"),
        ("US", None, None, "US"),
        ("Oslo", None, None, None),
    ],
)
def test_places_code(name: str, city: str | None, region: str | None, country: str | None) -> None:
    place = Place(name=name, address_locality=city, address_region=region, address_country=country)
    assert one(listing(card(Location=name))).job_location == (place,)


def test_card_names_several_places() -> None:
    found = one(listing(card(Location="US-TX-Austin | NO-03-Oslo")))
    assert [place.name for place in found.job_location] == ["US-TX-Austin", "NO-03-Oslo"]


@pytest.mark.parametrize(
    ("fields", "remote"),
    [
        ({"Remote": "Yes"}, True),
        ({"Remote": "No"}, False),
        ({"Remote": "Hybrid"}, False),
        ({"Telecommute_Options": "No remote/telework allowed"}, False),
        ({"Telecommute_Options": "Fully remote"}, True),
        ({}, False),
    ],
)
def test_work_model(fields: dict[str, str], remote: bool) -> None:
    assert (one(listing(card(**fields))).job_location_type == "TELECOMMUTE") is remote


def test_how_long_ago_a_job_was_posted_is_not_kept() -> None:
    assert one(listing(card(Posted_Date="3 weeks ago"))) == one(listing(card(Posted_Date="4 weeks ago")))


def test_card_that_links_to_another_host_is_not_the_portals() -> None:
    body = listing(card(7), card(8, address="https://evil.example/jobs/8/phish/job"))
    assert [posting.identifier for posting in read(body).postings] == ["7"]


@pytest.mark.parametrize("bad", [{"title": " "}, {"address": f"{HOST}/jobs//potter/job"}])
def test_unreadable_card_is_reported_and_others_are_read(bad: dict[str, str]) -> None:
    found = read(listing(card(7), card(8, **bad)))
    assert ([posting.identifier for posting in found.postings], len(found.unreadable)) == (["7"], 1)


@pytest.mark.parametrize(
    ("at", "links", "more", "token"),
    [
        ("Page 1 of 1", "", False, None),
        ("Page 1 of 31", "", True, "31"),
        ("Page 30 of 31", "", True, "31"),
        ("Page 31 of 31", "", None, None),
        ("Seite 1 von 3", "", True, "3"),
        ("", "", False, None),
        ("", '<a href="?pr=0">1</a>', False, None),
        ("", '<a href="?pr=0">1</a><a href="?pr=1&amp;in_iframe=1">2</a>', None, None),
    ],
)
def test_page_number_and_number_of_pages(at: str, links: str, more: bool | None, token: str | None) -> None:
    found = read(listing(card(), at=at, more=links))
    assert (found.more, found.next, found.reported_total) == (more, token, None)
    assert found.whole is (more is False)


def test_portal_that_states_that_it_is_empty() -> None:
    assert read(listing(NONE, at="")) == Page(reported_total=0, more=False)


def test_list_without_cards_is_not_empty_unless_it_states_so() -> None:
    with pytest.raises(UnexpectedResponse, match="the list is empty but does not say so"):
        read(listing(at=""))


def callback_output(body: bytes, at: Cursor, manifest: Manifest) -> list[Any]:
    """Give a spider the response to its request for a page."""
    spider = IcimsSpider(boards=[BOARD])
    response = HtmlResponse(URL, body=body, request=Request(URL))
    return list(spider.on_list(response, manifest, at=at, empty=0))


def test_neighbouring_page_is_not_taken_for_the_requested_one() -> None:
    with pytest.raises(UnexpectedResponse, match="requested page 2, got page 3 of 3"):
        callback_output(listing(card(), at="Page 3 of 3"), Cursor(page=1, offset=20, token="3"), Manifest(BOARD))


def test_list_that_grows_by_a_page_has_moved() -> None:
    with pytest.raises(UnexpectedResponse, match="3 → 4"):
        callback_output(listing(card(), at="Page 2 of 4"), Cursor(page=1, offset=20, token="3"), Manifest(BOARD))


def test_posting_on_two_pages_shows_that_the_list_has_moved() -> None:
    manifest = Manifest(BOARD)
    manifest.add(read(listing(card(7), card(8), at="Page 1 of 2")))
    callback_output(listing(card(8), card(9), at="Page 2 of 2"), Cursor(page=1, offset=2, token="2"), manifest)
    assert any("repeats postings" in failure for failure in manifest.failures)


def test_last_page_saved_by_itself_is_not_complete() -> None:
    manifest = Manifest(BOARD)
    manifest.add(read(listing(card(), at="Page 3 of 3")))
    assert manifest.listing().doubts() == "no response states the total"


def test_page() -> None:
    assert one(detail({"Position Type": "Full-Time"})) == JobPosting(
        identifier="1977",
        title="Kiln Engineer",
        url=f"{HOST}/jobs/1977/kiln-engineer/job",
        description="Overview\n\nFire pots & bowls.",
        hiring_organization="Potters",
        job_location=(Place(name="Oslo, 03, NO", address_locality="Oslo", address_region="03", address_country="NO"),),
        employment_type=("FULL_TIME",),
        employment_type_raw="Full-Time",
        base_salary=Salary(currency="USD", min_value=190_000, max_value=200_000, unit_text="YEAR"),
        base_salary_raw="USD $190,000.00 - USD $200,000.00 /Yr.",
        date_posted=datetime(2025, 12, 5, 5, tzinfo=UTC),
        date_posted_raw="2025-12-05T05:00:00.000Z",
        occupational_category="Clay",
    )


@pytest.mark.parametrize(
    ("until", "read_as"),
    [
        ("2027-12-05T05:00:00.000Z", None),
        ("2026-01-31T05:00:00.000Z", datetime(2026, 1, 31, 5, tzinfo=UTC)),
        (None, None),
    ],
)
def test_deadline_of_two_years_is_the_makers_default(until: str | None, read_as: datetime | None) -> None:
    assert one(detail(validThrough=until)).valid_through == read_as


@pytest.mark.parametrize(
    ("locations", "names"),
    [
        ([{"address": {"addressLocality": "UNAVAILABLE", "addressCountry": "NO"}}], ["NO"]),
        ([{"address": {"addressLocality": "UNAVAILABLE", "addressCountry": "UNAVAILABLE"}}], []),
        ({"address": {"addressLocality": "Oslo"}}, ["Oslo"]),
        ([{"address": "Oslo"}, {}, None], ["Oslo"]),
        (None, []),
        (..., []),
    ],
)  # fmt: skip
def test_unavailable_location_is_not_a_place(locations: Any, names: list[str]) -> None:
    assert [place.name for place in one(detail(jobLocation=locations)).job_location] == names


@pytest.mark.parametrize(("kind", "read_as"), [("TELECOMMUTE", "TELECOMMUTE"), ("ON_SITE", None), (None, None)])
def test_only_work_from_home_is_a_kind_of_place(kind: str | None, read_as: str | None) -> None:
    assert one(detail(jobLocationType=kind)).job_location_type == read_as


@pytest.mark.parametrize(
    ("currency", "shown", "pay"),
    [
        ("USD $21.50 - USD $24.00 /Hr.", "", Salary(currency="USD", min_value=21.5, max_value=24, unit_text="HOUR")),
        ("USD", "CAD $80.00 - CAD $90.00 /Hr.", Salary(currency="CAD", min_value=80, max_value=90, unit_text="HOUR")),
        ("USD", "", None),
        (None, "", None),
    ],
)
def test_pay_is_in_the_currency_field(currency: str | None, shown: str, pay: Salary | None) -> None:
    assert one(detail({"Posted Salary Range": shown}, salaryCurrency=currency)).base_salary == pay


@pytest.mark.parametrize(
    ("header", "changes", "kinds"),
    [
        ({"Position Type": "Intern"}, {"employmentType": "OTHER"}, ["INTERN"]),
        ({"Position Type": "Pipeline Req"}, {"employmentType": "PART_TIME"}, ["PART_TIME"]),
        ({}, {"employmentType": "OTHER", "title": "Kiln Intern"}, ["INTERN"]),
        ({}, {"employmentType": "OTHER"}, ["OTHER"]),
        ({}, {"employmentType": ...}, []),
    ],
)
def test_portals_own_fields_outrank_the_markup(
    header: dict[str, str], changes: dict[str, Any], kinds: list[str]
) -> None:
    assert list(one(detail(header, **changes)).employment_type) == kinds


@pytest.mark.parametrize("name", sorted(set(ld()) - {"@type", "title", "url"}))
@pytest.mark.parametrize("value", [None, ...], ids=["null", "missing"])
def test_every_other_property_may_be_null_or_missing(name: str, value: Any) -> None:
    assert one(detail(**{name: value})).identifier == "1977"


def test_canonical_address_identifies_the_job_where_the_markup_does_not() -> None:
    link = f'<link rel="canonical" href="{HOST}/jobs/1977/kiln-engineer/job" />'
    assert one(f"<html>{link}{script(ld(url=...))}</html>".encode()).identifier == "1977"


def test_job_that_is_gone_is_returned_as_the_list_of_the_others() -> None:
    with pytest.raises(PostingGone):
        IcimsSpider.read_response(410, {}, listing(card()), BOARD)


def test_saved_page_of_a_job_that_is_gone() -> None:
    heading = b"Error: The requested job could not be found."
    with pytest.raises(PostingGone):
        read(listing(card()).replace(b"Job Listings", heading))


def test_unknown_portal() -> None:
    body = b"<html><head><title>gone: careers-x.icims.com : dc409</title></head><p>Site Not Found</p></html>"
    with pytest.raises(BoardUnknown, match="Site Not Found"):
        IcimsSpider.read_response(404, {}, body, BOARD)


@pytest.mark.parametrize("status", [202, 403, 405])
def test_challenge_is_a_block(status: int) -> None:
    with pytest.raises(BoardBlocked):
        IcimsSpider.read_response(status, {}, b"<html></html>", BOARD)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<html><iframe src='/jobs/search?in_iframe=1'></iframe></html>",
        b"<html>" + script({"@type": "WebSite"}).encode(),
        detail(url="https://careers-potters.icims.com/"),
        detail(title=None),
    ],
)
def test_any_other_page_raises(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse):
        read(body)


def test_wall() -> None:
    with pytest.raises(BoardBlocked):
        read(b"<html><h1>Verify you are human</h1></html>")


@pytest.mark.parametrize(
    ("query", "narrowed"),
    [
        ({"ss": ("1",), "pr": ("0",), "in_iframe": ("1",)}, False),
        ({"searchKeyword": ("",), "ss": ("1",)}, False),
        ({"searchKeyword": ("kiln",)}, True),
        ({"searchLocation": ("12781-12827-Austin",)}, True),
    ],
)
def test_recorded_request_that_narrows_the_list(query: dict[str, tuple[str, ...]], narrowed: bool) -> None:
    requested = Recording(method="GET", url=URL, query=query, path=Path("x"), content_type="text/html")
    assert IcimsSpider.is_filtered(requested) is narrowed


def test_saved_filtered_list_proves_nothing_about_the_rest(tmp_path: Path) -> None:
    (tmp_path / "kilns_req.hurl").write_text(f"GET {URL}?ss=1&pr=0&searchKeyword=kiln\nHTTP 200\n")
    path = tmp_path / "kilns_rsp.html"
    path.write_bytes(listing(card()))
    assert recording_of(path) is not None
    assert read_saved(IcimsSpider, path).more is None


def test_recorded_request_identifies_its_posting() -> None:
    requested = Recording(method="GET", url=f"{HOST}/jobs/1977/kiln/job", path=Path("x"), content_type="text/html")
    assert (IcimsSpider.board_of(requested), IcimsSpider.posting_of(requested)) == (BOARD, "1977")
