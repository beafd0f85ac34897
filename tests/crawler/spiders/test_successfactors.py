"""SuccessFactors' pages and responses in their three variants, one quirk per test, on small inputs."""

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
from crawler.spiders.successfactors import SuccessFactorsSpider, java_date
from crawler.systems import find_board
from postings import BoardRun, JobPosting, Place, Verdict
from simulator.faults import FaultKind
from simulator.server import Simulator
from simulator.world import World

HOST = "https://jobs.potters.example"
URL = f"{HOST}/search/?q=&locationsearch="
BOARD = SuccessFactorsSpider.board(URL)
MARK = '<script src="/platform/js/j2w/j2w.core.js"></script>'


def html(body: str, lang: str = "en-US") -> bytes:
    return f'<!DOCTYPE html><html lang="{lang}"><head>{MARK}</head><body>{body}</body></html>'.encode()


def row(job: int = 1414343333, title: str = "Kiln Engineer", place: str = "Oslo, NO, 0150", path: str = "") -> str:
    path = path or f"/job/Oslo-Kiln-Engineer-0150/{job}/"
    link = f'<a href="{path}" class="jobTitle-link">{title}</a>'
    where = f'<span class="jobLocation">\n {place}\n</span>'
    return (
        f'<tr class="data-row"><td><span class="jobTitle hidden-phone">{link}</span><div class="visible-phone">{link}'
        f'<span class="jobLocation visible-phone">{where}</span></div></td><td class="colLocation">{where}</td></tr>'
    )


def results(*rows: str, label: str = "Results <b>1 – 25</b> of <b>633</b>") -> bytes:
    return html(f'<span class="paginationLabel">{label}</span><table id="searchresults">{"".join(rows)}</table>')


def tile(job: int) -> str:
    link = f'<a class="jobTitle-link" href="/job/Kiln/{job}/">Kiln Engineer</a>'
    where = f'<div id="job-{job}-desktop-section-location"><span>Location</span><div>Oslo, NO, 0150</div></div>'
    return f'<li class="job-tile job-id-{job}" data-url="/job/Kiln/{job}/">{link}{where}</li>'


def unified(*records: dict[str, Any], total: Any = ...) -> bytes:
    found = [{"response": record} for record in records]
    return json.dumps({"jobSearchResult": found, "totalJobs": len(found) if total is ... else total}).encode()


def record(**changes: Any) -> dict[str, Any]:
    values = {
        "id": 101,
        "unifiedStandardTitle": "Kiln Engineer ",
        "unifiedUrlTitle": "Kiln-Engineer-%28m%29",
        "jobLocationShort": ["Oslo, NOR, 0150<br/>"],
        "unifiedStandardStart": "6/18/26",
        "supportedLocales": ["de_DE", "en_US"],
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def detail(head: str = "", body: str = "", title: str = "Kiln Engineer") -> bytes:
    return html(
        f'<link rel="canonical" href="{HOST}/job/Oslo-Kiln-Engineer-0150/1414343333/"/>{head}'
        f'<h1><span itemprop="title" data-careersite-propertyid="title">{title}\n</span></h1>{body}'
        '<span itemprop="description"><span class="jobdescription"><p>Fire pots.</p></span></span>'
    )


def read(body: bytes) -> Page:
    return SuccessFactorsSpider.read(body, BOARD)


def one(body: bytes) -> JobPosting:
    (found,) = read(body).postings
    return found


def recording(path: str, body: Any = None, **query: str) -> Recording:
    values = {key: (value,) for key, value in query.items()}
    return Recording(
        method="GET", url=f"{HOST}{path}", query=values, body=body, path=Path("x"), content_type="text/html"
    )


def crawled(number: int, postings: int, fault: FaultKind | None = None) -> tuple[BoardRun, list[JobPosting], set[str]]:
    """Crawl the n-th board of a simulated world: 1 is classic, 2 has tiles, 3 is unified."""
    world = World.sized(boards=3, postings=postings, systems=["successfactors"])
    board = world.boards[number - 1]
    found: list[tuple[BoardRun, list[JobPosting]]] = []
    with Simulator(world) as simulator:
        if fault:
            simulator.fault(board.url, fault)
        crawl(
            [find_board(board.url)],
            observed_at=datetime(2026, 3, 2, 6, tzinfo=UTC),
            on_run=lambda run, postings: found.append((run, list(postings))),
            settings={**UNTHROTTLED, "RETRY_TIMES": 0, "LOG_LEVEL": "CRITICAL", "ROLEMIX_GATEWAY": simulator.url},
        )
    ((run, read_),) = found
    return run, read_, set(world.identifiers(board.url, 0))


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (URL, URL),
        (f"{HOST}/search?locationsearch=Oslo&q=kiln", URL),
        (f"{HOST}/search/?createNewAlert=false&q=", URL),
        (f"{HOST}/search/?q=&startrow=25#searchresults", URL),
        (f"{HOST}/search/?q=&optionsFacetsDD_country=NO", URL),
        (f"{HOST}/tile-search-results/?startrow=15", URL),
        (f"{HOST}/job/Oslo-Kiln-Engineer-%28mfd%29-0150/1414343333/", URL),
        (f"{HOST}/job/Kiln-Engineer/101-en_US", URL),
        (f"{HOST}/talentcommunity/apply/1414343333/?locale=en_US", URL),
        (f"{HOST}/go/Kilns/506974/", URL),
        (f"{HOST}/services/recruiting/v1/jobs", URL),
        (f"{HOST}/brand/search/?locationsearch=", f"{HOST}/brand/search/?q=&locationsearch="),
        (f"{HOST}/brand/job/Kiln/1414343333/", f"{HOST}/brand/search/?q=&locationsearch="),
        (f"successfactors+{HOST}", URL),
        (f"successfactors+{HOST}/brand/", f"{HOST}/brand/search/?q=&locationsearch="),
        ("https://potters.jobs.hr.cloud.sap", "https://potters.jobs.hr.cloud.sap/search/?q=&locationsearch="),
        ("https://potters.jobs2web.com/", "https://potters.jobs2web.com/search/?q=&locationsearch="),
    ],
)
def test_addresses_that_mean_a_board(address: str, url: str) -> None:
    assert SuccessFactorsSpider.board(address).url == url


@pytest.mark.parametrize(
    "address",
    [
        HOST,
        f"{HOST}/search/",
        f"{HOST}/search/?q=kiln",
        "https://127.0.0.1/search/?locationsearch=",
        "https://evil@jobs.potters.example/search/?locationsearch=",
        "successfactors+https://localhost",
        f"{HOST}/search/?xstartrow=25",
        f"{HOST}/job/kiln-engineer",
        f"{HOST}/job/kiln-engineer/1234/",
        f"{HOST}/jobs/1977/kiln-engineer/job",
        f"{HOST}/jobs/kiln/1414343333/",
        "https://career5.successfactors.eu/career?company=potters",
        "https://jobs.hr.cloud.sap.example/",
    ],
)
def test_addresses_that_mean_no_board(address: str) -> None:
    assert SuccessFactorsSpider.match(address) is None


def test_list_is_requested_newest_first() -> None:
    url = SuccessFactorsSpider(boards=[BOARD]).list_request(BOARD, Cursor(offset=25, page=1)).url
    assert url == f"{HOST}/search/?q=&locationsearch=&sortColumn=referencedate&sortDirection=desc&startrow=25"


def test_brands_list_is_requested_on_its_path() -> None:
    board = SuccessFactorsSpider.board(f"{HOST}/brand/search/?locationsearch=")
    assert SuccessFactorsSpider(boards=[board]).list_request(board, Cursor()).url.startswith(f"{HOST}/brand/search/?")


def test_service_is_requested_by_language_and_page() -> None:
    request = SuccessFactorsSpider(boards=[BOARD]).list_request(BOARD, Cursor(part="de_DE", page=3))
    requested = json.loads(request.body)
    assert (request.url, requested["locale"], requested["pageNumber"]) == (
        f"{HOST}/services/recruiting/v1/jobs",
        "de_DE",
        3,
    )


def test_row_is_one_posting_though_its_link_is_there_twice() -> None:
    found = read(results(row()))
    assert (found.rows, found.reported_total) == (1, 633)
    assert found.postings == (
        JobPosting(
            identifier="1414343333",
            title="Kiln Engineer",
            url=f"{HOST}/job/Oslo-Kiln-Engineer-0150/1414343333/",
            job_location=(Place(name="Oslo, NO, 0150", address_locality="Oslo", address_country="NO"),),
        ),
    )


@pytest.mark.parametrize(
    ("label", "total"),
    [
        ("Results <b>1 – 25</b> of <b>633</b>", 633),
        ("Ergebnisse <b>1 – 25</b> von <b>1.331</b>", 1331),
        ("Results <b>1 – 25</b> of <b>1,331</b>", 1331),
        ("Résultats <b>1 – 25</b> sur <b>1 331</b>", 1331),
    ],
)
def test_total_in_any_language(label: str, total: int) -> None:
    assert read(results(row(), label=label)).reported_total == total


def test_row_that_links_to_another_host_is_read_on_the_boards() -> None:
    assert one(results(row(path="https://evil.example/job/x/1414343333/"))).url == f"{HOST}/job/x/1414343333/"


@pytest.mark.parametrize("bad", [row(path="/elsewhere/"), row(title=""), '<tr class="data-row"></tr>'])
def test_unreadable_row_is_reported_and_others_are_read(bad: str) -> None:
    found = read(results(row(7), bad))
    assert ([posting.identifier for posting in found.postings], len(found.unreadable)) == (["7"], 1)


def test_board_that_states_that_it_is_empty() -> None:
    assert read(html('<div id="noresults">There are currently no open positions.</div>')) == Page(reported_total=0)


def test_jobs_listed_for_convenience_are_not_results() -> None:
    body = html(f'<div id="noresults">There are currently no open positions.</div><table>{row()}</table>')
    assert read(body) == Page(reported_total=0)


def test_first_page_of_tiles_states_the_total() -> None:
    init = 'j2w.SearchResults.init({apiEndpoint: "tile-search-results", jobRecordsFound: parseInt("26")});'
    config = f"<script>{init}</script>"
    found = read(html(f"<ul>{tile(1)}{tile(2)}</ul>{config}"))
    assert (found.rows, found.reported_total) == (2, 26)


def test_later_tiles_state_no_total() -> None:
    found = read(f"{tile(1)}{tile(2)}".encode())
    assert (found.rows, found.reported_total) == (2, None)
    assert found.postings[0].job_location[0].address_country == "NO"


def test_search_page_without_results_states_the_languages_of_its_lists() -> None:
    links = "".join(f'<a href="/search/?q=&amp;locale={locale}">x</a>' for locale in ("de_DE", "en_US", "de_DE"))
    assert read(html(links)) == Page(parts=("de_DE", "en_US"))


def test_site_with_one_language_is_requested_in_it() -> None:
    assert read(html("", lang="en-GB")).parts == ("en_GB",)


def test_list_of_the_service() -> None:
    found = read(unified(record(), record(id=102), total=601))
    assert (found.rows, found.reported_total) == (2, 601)
    assert found.postings[0] == JobPosting(
        identifier="101",
        title="Kiln Engineer",
        url=f"{HOST}/job/Kiln-Engineer-%28m%29/101-en_US",
        job_location=(Place(name="Oslo, NOR, 0150", address_locality="Oslo", address_country="NOR"),),
    )


@pytest.mark.parametrize(
    ("locales", "locale"),
    [(["de_DE"], "de_DE"), (["fr_FR", "de_DE"], "de_DE"), ([], "en_US"), (None, "en_US"), (..., "en_US")],
)
def test_postings_page_is_requested_in_one_language_whichever_list_it_is_on(locales: Any, locale: str) -> None:
    assert one(unified(record(supportedLocales=locales))).url.endswith(f"/101-{locale}")


def test_date_in_the_lists_language_is_left_to_the_postings_page() -> None:
    assert one(unified(record())).date_posted is None


@pytest.mark.parametrize("body", [unified(total=0)])
def test_language_without_postings(body: bytes) -> None:
    assert read(body) == Page(reported_total=0)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b"<!DOCTYPE html>\n", b"<html><body>Hello</body></html>", b'{"facets": {"map": {}}}',
        unified(total=None), unified(total="3"), json.dumps({"jobSearchResult": None, "totalJobs": 0}).encode(),
        json.dumps({"jobSearchResult": [1], "totalJobs": 1}).encode(), unified({"id": None}),
    ],
    ids=lambda body: body[:40].decode(),
)  # fmt: skip
def test_any_other_format_raises(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse):
        read(body)


def test_wall() -> None:
    with pytest.raises(BoardBlocked):
        read(b"<html><h1>Access Denied</h1></html>")


def test_posting_that_is_gone_is_redirected_to_the_error_page() -> None:
    with pytest.raises(PostingGone):
        SuccessFactorsSpider.read_response(302, {"location": f"{HOST}/errorpage/?errortype=Exception"}, b"", BOARD)


@pytest.mark.parametrize(
    "body",
    [
        html(f'<a href="{HOST}/errorpage/?errortype=Exception&amp;locale=de_DE">Deutsch</a>'),
        html("<strong>Sorry, this job posting has ended.</strong>"),
    ],
)
def test_posting_that_is_gone_according_to_its_page(body: bytes) -> None:
    with pytest.raises(PostingGone):
        read(body)


def test_any_other_redirect_is_unexpected() -> None:
    with pytest.raises(UnexpectedResponse, match="HTTP 302"):
        SuccessFactorsSpider.read_response(302, {"location": f"{HOST}/login"}, b"", BOARD)


def test_site_that_is_not_there() -> None:
    with pytest.raises(BoardUnknown):
        SuccessFactorsSpider.read_response(404, {}, b"<html><title>Not Found</title></html>", BOARD)


def test_service_that_the_company_closed_is_a_block() -> None:
    with pytest.raises(BoardBlocked):
        SuccessFactorsSpider.read_response(401, {}, b"", BOARD)


def test_postings_page() -> None:
    head = (
        '<meta itemprop="streetAddress" content="Bellevue, WA, US, 98004">'
        '<meta itemprop="hiringOrganization" content="Potters">'
        '<meta itemprop="datePosted" content="Mon Jul 13 00:00:00 UTC 2026">'
        '<meta itemprop="validThrough" content="Fri Jul 17 18:30:00 UTC 2026">'
    )
    fields = (
        '<i data-careersite-propertyid="department">Clay</i><i data-careersite-propertyid="shifttype">Part Time\n</i>'
    )
    assert one(detail(head, fields)) == JobPosting(
        identifier="1414343333",
        title="Kiln Engineer",
        url=f"{HOST}/job/Oslo-Kiln-Engineer-0150/1414343333/",
        description="Fire pots.",
        hiring_organization="Potters",
        job_location=(
            Place(
                name="Bellevue, WA, US, 98004",
                address_locality="Bellevue",
                address_region="WA",
                address_country="US",
            ),
        ),
        employment_type=("PART_TIME",),
        employment_type_raw="Part Time",
        date_posted=date(2026, 7, 13),
        date_posted_raw="Mon Jul 13 00:00:00 UTC 2026",
        valid_through=datetime(2026, 7, 17, 18, 30, tzinfo=UTC),
        employment_unit="Clay",
    )


def test_only_title_and_text_of_a_page_are_required() -> None:
    found = read(detail())
    assert (found.detail, found.postings[0].job_location, found.postings[0].date_posted) == (True, (), None)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ('<meta itemprop="addressLocality" content="Oslo"><meta itemprop="addressCountry" content="NOR">', "Oslo, NOR"),
        ('<meta itemprop="streetAddress" content=" "><p class="jobGeoLocation">Oslo, NO, 0150\n</p>', "Oslo, NO, 0150"),
    ],
)
def test_places_parts_are_elsewhere_on_some_sites(address: str, place: str) -> None:
    assert [place.name for place in one(detail(address)).job_location] == [place]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Oslo, NO, 0150", ("Oslo", None, "NO")),
        ("Bellevue, WA, US, 98004", ("Bellevue", "WA", "US")),
        ("London, GBR, UB8 1DH", ("London", None, "GBR")),
        ("Bangalore, KA, IN", ("Bangalore", "KA", "IN")),
        ("Munich, DEU", ("Munich", None, "DEU")),
        ("Tempe, AZ", (None, None, None)),
        ("FIN", (None, None, None)),
    ],
)
def test_parts_of_a_place(name: str, parts: tuple[str | None, ...]) -> None:
    (place,) = one(results(row(place=name))).job_location
    assert (place.address_locality, place.address_region, place.address_country) == parts


def test_title_states_the_kind_where_no_field_does() -> None:
    assert one(detail(title="Kiln Intern")).employment_type == ("INTERN",)


def test_another_postings_page_is_not_taken_for_the_listed_ones() -> None:
    listed = one(results(row(7)))
    with pytest.raises(UnexpectedResponse, match="not the page of posting 7"):
        SuccessFactorsSpider(boards=[BOARD]).read_detail(read(detail()), listed)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Mon Jul 13 00:00:00 UTC 2026", date(2026, 7, 13)),
        ("Fri Jul 17 18:30:00 GMT 2026", datetime(2026, 7, 17, 18, 30, tzinfo=UTC)),
        ("Mon Jul 13 00:00:00 PDT 2026", None),
        ("2026-07-13", None),
        (None, None),
    ],
)
def test_java_date(text: str | None, moment: date | None) -> None:
    assert java_date(text) == moment


@pytest.mark.parametrize(
    ("requested", "narrowed"),
    [
        (recording("/search/", q="", locationsearch="", startrow="25"), False),
        (recording("/search/", q="kiln"), True),
        (recording("/search/", q="", optionsFacetsDD_country="NO"), True),
        (recording("/services/recruiting/v1/jobs", {"keywords": "", "locale": "de_DE", "pageNumber": 2}), True),
        (recording("/services/recruiting/v1/jobs", {"facetFilters": {"country": ["NO"]}}), True),
    ],
)
def test_recorded_request_that_narrows_the_list(requested: Recording, narrowed: bool) -> None:
    assert SuccessFactorsSpider.is_filtered(requested) is narrowed


def test_recorded_request_identifies_its_board_and_posting() -> None:
    requested = recording("/job/Oslo-Kiln-Engineer-0150/1414343333/")
    assert (SuccessFactorsSpider.board_of(requested), SuccessFactorsSpider.posting_of(requested)) == (
        BOARD,
        "1414343333",
    )


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("postings", [0, 1, 67])
def test_site_of_each_variant_is_read_completely(number: int, postings: int) -> None:
    run, found, identifiers = crawled(number, postings)
    assert (run.verdict, {posting.identifier for posting in found}) == (Verdict.COMPLETE, identifiers), run.reason
    assert all(posting.description and posting.date_posted for posting in found)


@pytest.mark.parametrize("number", [2, 3])
@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (FaultKind.EMPTY200, Verdict.FAILED),
        (FaultKind.SHAPELESS, Verdict.FAILED),
        (FaultKind.HTML, Verdict.BLOCKED),
        (FaultKind.RETIRED, Verdict.GONE),
        (FaultKind.TRUNCATED, Verdict.INCOMPLETE),
        (FaultKind.LYING_TOTAL, Verdict.INCOMPLETE),
        (FaultKind.REPEATED_PAGE, Verdict.INCOMPLETE),
        (FaultKind.SHIFTING, Verdict.INCOMPLETE),
        (FaultKind.SWAPPING, Verdict.INCOMPLETE),
    ],
)
def test_every_variant_needs_the_same_proof(number: int, fault: FaultKind, verdict: Verdict) -> None:
    run, *_ = crawled(number, 67, fault)
    assert run.verdict is verdict, run.reason
