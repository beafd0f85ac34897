"""Oracle Recruiting Cloud's responses, one quirk per test, on small inputs of a fictional company."""

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
from crawler.spiders.oracle import OracleSpider, posting, site_of
from crawler.systems import find_board
from postings import BoardRun, JobPosting, Place, Salary, Verdict
from simulator.server import Simulator
from simulator.world import World

HOST = "https://abcd.fa.us2.oraclecloud.com"
URL = f"{HOST}/hcmUI/CandidateExperience/en/sites/CX_1"
BOARD = OracleSpider.board(URL)


def record(**changes: Any) -> dict[str, Any]:
    """A record with what lists and details hold; one to ... removes the key."""
    values = {
        "Id": "30412",
        "Title": "Kiln Engineer ",
        "PostedDate": "2026-07-14",
        "PrimaryLocation": "Oslo, Oslo, Norway",
        "PrimaryLocationCountry": "NO",
        "WorkplaceType": "",
        "WorkplaceTypeCode": None,
        "secondaryLocations": [],
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def read(**changes: Any) -> JobPosting:
    return posting(record(**changes), BOARD)


def search(*rows: Any, total: Any = ..., **changes: Any) -> dict[str, Any]:
    found = {"TotalJobsCount": len(rows) if total is ... else total, "requisitionList": list(rows), **changes}
    return collection("recruitingCEJobRequisitions", found)


def collection(name: str, *items: Any) -> dict[str, Any]:
    return {"items": list(items), "count": len(items), "hasMore": False, "links": [{"rel": "self", "name": name}]}


def page_of(response: Any) -> Page:
    return OracleSpider.read(json.dumps(response).encode(), BOARD)


def recording(name: str, finder: str) -> Recording:
    url = f"{HOST}/hcmRestApi/resources/latest/{name}"
    return Recording(
        method="GET", url=url, query={"finder": (finder,)}, path=Path("x"), content_type="application/json"
    )


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (URL, URL),
        (f"{URL}/", URL),
        (f"{URL}/requisitions?keyword=clay", URL),
        (f"{URL}/job/30412/?utm_medium=jobshare", URL),
        (f"{URL}/requisitions/preview/30412", URL),
        (f"{URL}#en/sites/CX_1/requisitions", URL),
        (URL.replace("/en/", "/pt-BR/"), URL.replace("/en/", "/pt-BR/")),
        (URL.replace("CX_1", "Potters-US"), URL.replace("CX_1", "Potters-US")),
        (
            URL.replace("abcd.fa.us2", "FA-ABCD-saasfaprod1.fa.ocs"),
            URL.replace("abcd.fa.us2", "fa-abcd-saasfaprod1.fa.ocs"),
        ),
        (
            "https://careers.potters.example/hcmUI/CandidateExperience/en/sites/CX/jobs",
            "https://careers.potters.example/hcmUI/CandidateExperience/en/sites/CX",
        ),
        (
            f"{HOST}/hcmRestApi/resources/latest/recruitingCEJobRequisitions?onlyData=true&finder=findReqs;siteNumber=CX_2,limit=5",
            URL.replace("CX_1", "CX_2"),
        ),
        (
            f"{HOST}:443/hcmRestApi/resources/11.13.18.05/recruitingCEJobRequisitionDetails?finder=ById;Id=%221%22,siteNumber%3DCX",
            URL.replace("CX_1", "CX"),
        ),
    ],
)
def test_addresses_that_mean_a_board(address: str, url: str) -> None:
    assert OracleSpider.board(address).url == url


@pytest.mark.parametrize(
    "address",
    [
        HOST,
        f"{HOST}/hcmUI/CandidateExperience/en",
        "https://localhost/hcmUI/CandidateExperience/en/sites/CX_1",
        "https://127.0.0.1/hcmUI/CandidateExperience/en/sites/CX_1",
        "https://evil@abcd.fa.us2.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_1",
        "https://abcd.fa.us2.oraclecloud.com:8443/hcmUI/CandidateExperience/en/sites/CX_1",
        f"{HOST}/hcmUI/CandidateExperience/en/sites/",
        f"{HOST}/hcmUI/CandidateExperience/en/sites/CX_1,limit=1",
        f"{HOST}/hcmUI/CandidateExperience/en/sites/CX%221",
        f"{HOST}/hcmUI/CandidateExperience/english/sites/CX_1",
        f"{HOST}/hcmUI/CandidateExperience/en/sites/../sites/CX_1",
        f"{HOST}/hcmRestApi/resources/latest/recruitingCEJobRequisitions?finder=findReqs;limit=5",
        "https://potters.example/hcmRestApi/resources/latest/recruitingCEJobRequisitions?finder=findReqs;siteNumber=CX_1",
    ],
)
def test_addresses_that_mean_no_board(address: str) -> None:
    assert OracleSpider.match(address) is None


def page(base: str) -> bytes:
    return f"<!DOCTYPE html><html><head>{base}</head></html>".encode()


BASE = '<base href="/hcmUI/CandidateExperience/en/sites/CX_1" data-apibaseurl="{api}" data-sitenumber="{number}"/>'


@pytest.mark.parametrize(
    ("base", "site"),
    [
        (BASE.format(api=f"{HOST}:443", number="CX_1001"), (HOST, "CX_1001")),
        (
            BASE.format(api="https://wxyz.fa.em2.oraclecloud.com:443", number="CX"),
            ("https://wxyz.fa.em2.oraclecloud.com", "CX"),
        ),
        (BASE.format(api="https://elsewhere.example", number="CX_1"), (HOST, "CX_1")),
        (BASE.format(api="http://wxyz.fa.em2.oraclecloud.com", number="CX_1"), (HOST, "CX_1")),
        (BASE.format(api="https://oraclecloud.com.example", number="CX_1"), (HOST, "CX_1")),
        ('<base href="/hcmUI/CandidateExperience/en/sites/CX_1">', (HOST, "CX_1")),
    ],
)
def test_page_states_the_service_and_the_sites_number(base: str, site: tuple[str, str]) -> None:
    assert site_of(page(base), BOARD) == site


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", UnexpectedResponse),
        (b"{}", UnexpectedResponse),
        (page(""), UnexpectedResponse),
        (page('<base href="/elsewhere">'), UnexpectedResponse),
        (page(BASE.format(api=HOST, number="CX_1,limit=1")), UnexpectedResponse),
        (page("<title>Access Denied</title>"), BoardBlocked),
    ],
)
def test_another_page_is_not_a_site(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        site_of(body, BOARD)


def test_paging_is_requested_inside_the_finder() -> None:
    url = OracleSpider(boards=[BOARD]).list_request(BOARD, Cursor(offset=400)).url
    assert url.endswith(
        "&finder=findReqs;siteNumber=CX_1,facetsList=NONE,limit=200,offset=400,sortBy=POSTING_DATES_DESC"
    )


def test_part_is_requested_inside_the_finder() -> None:
    url = OracleSpider(boards=[BOARD]).list_request(BOARD, Cursor(part="selectedTitlesFacet=CLAY")).url
    assert url.endswith(",sortBy=POSTING_DATES_DESC,selectedTitlesFacet=CLAY")


def test_texts_are_requested_in_the_pages_language() -> None:
    board = OracleSpider.board(URL.replace("/en/", "/de/"))
    request = OracleSpider(boards=[board]).detail_request(board, read())
    assert request.headers["Ora-Irc-Language"] == b"de"


def test_record() -> None:
    assert read() == JobPosting(
        identifier="30412",
        title="Kiln Engineer",
        url=f"{URL}/job/30412",
        job_location=(
            Place(name="Oslo, Oslo, Norway", address_locality="Oslo", address_region="Oslo", address_country="NO"),
        ),
        date_posted=date(2026, 7, 14),
        date_posted_raw="2026-07-14",
    )


def test_identifier_need_not_be_a_number() -> None:
    assert read(Id="REQ-0001-A").identifier == "REQ-0001-A"


def test_details_date_has_its_time() -> None:
    found = read(ExternalPostedStartDate="2026-07-14T14:00:09+00:00")
    assert found.date_posted == datetime(2026, 7, 14, 14, 0, 9, tzinfo=UTC)


@pytest.mark.parametrize("name", ["ExternalPostedEndDate", "PostingEndDate"])
def test_deadline(name: str) -> None:
    assert read(**{name: "2026-12-31"}).valid_through == date(2026, 12, 31)


def test_text_is_spread_over_fields() -> None:
    found = read(
        ExternalDescriptionStr="<p>Fire pots.</p>",
        ExternalResponsibilitiesStr="",
        ExternalQualificationsStr="<ul><li>Two hands</li></ul>",
        CorporateDescriptionStr="We &amp; you.",
        ShortDescriptionStr="A teaser.",
    )
    assert [line for line in found.description.splitlines() if line] == ["Fire pots.", "• Two hands", "We & you."]


@pytest.mark.parametrize(
    ("name", "country", "place"),
    [
        (
            "Oslo, Oslo, Norway",
            None,
            Place(name="Oslo, Oslo, Norway", address_locality="Oslo", address_region="Oslo", address_country="Norway"),
        ),
        ("MN, United States", None, Place(name="MN, United States", address_country="United States")),
        ("Norway", "NO", Place(name="Norway", address_country="NO")),
        ("Norway", None, Place(name="Norway")),
    ],
)
def test_places_name_is_written_up_to_the_country(name: str, country: str | None, place: Place) -> None:
    assert read(PrimaryLocation=name, PrimaryLocationCountry=country).job_location == (place,)


def test_secondary_locations_are_places_too() -> None:
    others = [
        {"Name": "Bonn, Germany", "CountryCode": "DE"},
        {"Name": None},
        {"Name": "Oslo, Oslo, Norway", "CountryCode": "NO"},
    ]
    assert [place.name for place in read(secondaryLocations=others).job_location] == [
        "Oslo, Oslo, Norway",
        "Bonn, Germany",
    ]


@pytest.mark.parametrize(
    ("changes", "remote"),
    [
        ({"WorkplaceTypeCode": "ORA_REMOTE"}, True),
        ({"WorkplaceTypeCode": "ORA_HYBRID", "WorkplaceType": "Remote"}, False),
        ({"WorkplaceTypeCode": None, "WorkplaceType": "Remote"}, True),
        ({"WorkplaceTypeCode": "ORA_ON_SITE", "PrimaryLocation": "Remote, Norway"}, False),
        ({"WorkplaceTypeCode": None, "WorkplaceType": "", "PrimaryLocation": "Remote, Norway"}, True),
    ],
)
def test_work_model(changes: dict[str, Any], remote: bool) -> None:
    assert (read(**changes).job_location_type == "TELECOMMUTE") is remote


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"JobSchedule": "Full time"}, ["FULL_TIME"]),
        ({"JobSchedule": "Part time", "ContractType": "Fixed term"}, ["PART_TIME", "TEMPORARY"]),
        ({"Title": "Kiln Intern", "JobSchedule": "unsaid"}, ["INTERN"]),
        ({"JobSchedule": None}, []),
    ],
)
def test_kind_of_employment(changes: dict[str, Any], kinds: list[str]) -> None:
    assert list(read(**changes).employment_type) == kinds


@pytest.mark.parametrize(
    ("fields", "pay"),
    [
        (
            [{"Prompt": "Salary Range", "Value": "$65,500 - $81,000 annually + bonus"}],
            Salary(currency="USD", min_value=65_500, max_value=81_000, unit_text="YEAR"),
        ),
        (
            [
                {"Prompt": "Hours / Pay Period", "Value": "80"},
                {"Prompt": "Compensation Detail", "Value": "$31.20 / hour"},
            ],
            Salary(currency="USD", min_value=31.2, max_value=31.2, unit_text="HOUR"),
        ),
        ([{"Prompt": "Sign-on", "Value": "$5,000"}], None),
        ([{"Prompt": None, "Value": "$65,500"}], None),
        (None, None),
    ],
)
def test_pay_is_in_an_employers_own_field(fields: Any, pay: Salary | None) -> None:
    assert read(requisitionFlexFields=fields).base_salary == pay


@pytest.mark.parametrize("name", sorted(set(record()) - {"Id", "Title"}))
@pytest.mark.parametrize("value", [None, ...], ids=["null", "missing"])
def test_every_other_field_may_be_null_or_missing(name: str, value: Any) -> None:
    assert read(**{name: value}).identifier == "30412"


def test_list() -> None:
    found = page_of(search(record(), record(Id="2"), total=1330))
    assert (found.rows, found.reported_total, found.whole, found.more) == (2, 1330, False, None)


def test_outer_collections_count_is_not_a_total() -> None:
    assert page_of(search(record(), record(Id="2"), record(Id="3"))).reported_total == 3


def test_board_that_states_that_it_is_empty() -> None:
    assert page_of(search()) == Page(reported_total=0)


def test_detail() -> None:
    found = page_of(collection("recruitingCEJobRequisitionDetails", record()))
    assert (found.detail, found.reported_total) == (True, None)


def test_posting_that_is_not_there() -> None:
    with pytest.raises(PostingGone):
        page_of(collection("recruitingCEJobRequisitionDetails"))


@pytest.mark.parametrize(
    "payload",
    [
        {}, [], None, {"items": None}, {"items": []}, collection("recruitingCEJobRequisitions"), {"items": ["x"]},
        search(total=None), search(total="12"), search(total=True), search(requisitionList=None),
        collection("recruitingCEJobRequisitions", {"requisitionList": []}, {"requisitionList": []}),
    ],
    ids=str,
)  # fmt: skip
def test_any_other_format_raises(payload: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        page_of(payload)


@pytest.mark.parametrize("bad", [{"Id": None}, {"Title": ""}, {"secondaryLocations": ["Oslo"]}], ids=str)
def test_unreadable_record_is_reported_and_others_are_read(bad: dict[str, Any]) -> None:
    found = page_of(search(record(Id="2"), record(**bad)))
    assert ([one.identifier for one in found.postings], len(found.unreadable)) == (["2"], 1)


def test_redirect_to_nowhere_is_not_an_empty_board() -> None:
    with pytest.raises(UnexpectedResponse, match="HTTP 302"):
        OracleSpider.read_response(302, {"location": ""}, b"", BOARD)


def test_page_that_is_not_there_is_an_unknown_board() -> None:
    with pytest.raises(BoardUnknown):
        OracleSpider.read_response(404, {}, page("<title>Not Found</title>"), BOARD)


def facet(*values: tuple[Any, int]) -> list[dict[str, Any]]:
    return [{"Id": identifier, "Name": str(identifier), "TotalCount": count} for identifier, count in values]


@pytest.mark.parametrize(
    ("facets", "parts"),
    [
        ({"categoriesFacet": facet((7, 4), (8, 6))}, ["selectedCategoriesFacet=7", "selectedCategoriesFacet=8"]),
        (
            {"categoriesFacet": facet((7, 4), (8, 5)), "titlesFacet": facet(("CLAY", 9), ("SALES", 1))},
            ["selectedTitlesFacet=CLAY", "selectedTitlesFacet=SALES"],
        ),
        (
            {"organizationsFacet": facet((1, 10)), "postingDatesFacet": facet((7, 2), (30, 4), (31, 6))},
            ["selectedPostingDatesFacet=30", "selectedPostingDatesFacet=31"],
        ),
        ({"categoriesFacet": facet((7, 4), (8, 5))}, []),
        ({"categoriesFacet": []}, []),
    ],
)
def test_long_list_is_divided_by_a_facet_that_covers_it(facets: dict[str, Any], parts: list[str]) -> None:
    assert list(page_of(search(record(), total=10, **facets)).parts) == parts


@pytest.mark.parametrize(
    ("finder", "narrowed"),
    [
        ("findReqs;siteNumber=CX_1,facetsList=NONE,limit=3,offset=0", False),
        ('findReqs;siteNumber=CX_1,limit=3,offset=0,keyword="kiln"', True),
        ("findReqs;siteNumber=CX_1,limit=3,selectedTitlesFacet=CLAY", True),
        ("findReqs;siteNumber=CX_1,limit=3,location=Oslo", True),
    ],
)
def test_recorded_request_that_narrows_the_list(finder: str, narrowed: bool) -> None:
    assert OracleSpider.is_filtered(recording("recruitingCEJobRequisitions", finder)) is narrowed


def test_recorded_request_identifies_its_board_and_posting() -> None:
    requested = recording("recruitingCEJobRequisitionDetails", 'ById;Id="30412",siteNumber=CX_1')
    assert (OracleSpider.board_of(requested), OracleSpider.posting_of(requested)) == (BOARD, "30412")


def test_list_beyond_the_window_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OracleSpider, "window", 300)
    world = World.sized(boards=1, postings=450, systems=["oracle"])
    (board,) = world.boards
    runs: list[BoardRun] = []
    with Simulator(world) as simulator:
        crawl(
            [find_board(board.url)],
            observed_at=datetime(2026, 3, 2, 6, tzinfo=UTC),
            on_run=lambda run, _: runs.append(run),
            settings={**UNTHROTTLED, "LOG_LEVEL": "CRITICAL", "ROLEMIX_GATEWAY": simulator.url},
        )
    (run,) = runs
    assert (run.verdict, run.unique) == (Verdict.COMPLETE, 450), run.reason
    assert "parts" in run.reason
