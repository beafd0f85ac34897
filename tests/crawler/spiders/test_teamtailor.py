"""Teamtailor's two feeds, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import dataclasses
import html
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from werkzeug.wrappers import Request, Response

from crawler.boards import Cursor
from crawler.parsing.responses import BoardUnknown, Page, UnexpectedResponse
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.runs.saved import read_saved
from crawler.spiders.teamtailor import PAGE_SIZE, TeamtailorSpider
from crawler.systems import UnknownSystem, find_board
from postings import BoardRun, JobPosting, Place, Salary, Verdict
from simulator.server import Simulator
from simulator.world import World

EU = "https://potters.teamtailor.com"
NA = "https://potters.na.teamtailor.com"
LINK = "https://careers.potters.example/jobs/2001-kiln-engineer"
PLACE = (
    "<tt:location><tt:name>Pottery</tt:name><tt:city>Delft</tt:city><tt:country>Netherlands</tt:country></tt:location>"
)


def item(places: str | None = PLACE, **changes: Any) -> str:
    fields = {
        "title": "Kiln Engineer",
        "description": "<p>Fire pots &amp; bowls&nbsp;here.</p>",
        "pubDate": "Mon, 06 Jul 2026 08:58:57 +0200",
        "link": LINK,
        "remoteStatus": "hybrid",
        "guid": "0a1b2c3d-0000-4000-8000-000000000001",
        "tt:department": "Clay",
        "tt:role": "Engineer",
        "tt:division": "",
        **changes,
    }
    elements = "".join(f"<{name}>{html.escape(value)}</{name}>" for name, value in fields.items() if value is not None)
    return f"<item>{elements}{'' if places is None else f'<tt:locations>{places}</tt:locations>'}</item>"


def rss(*items: str) -> bytes:
    head = '<?xml version="1.0"?><rss version="2.0" xmlns:tt="https://teamtailor.com/locations"><channel>'
    return f"{head}<title>Potters</title>{''.join(items)}</channel></rss>".encode()


def read(places: str | None = PLACE, **changes: Any) -> JobPosting:
    (posting,) = TeamtailorSpider.read(rss(item(places, **changes))).postings
    return posting


def entry(listed: Any = (), **changes: Any) -> dict[str, Any]:
    address = {"addressLocality": "Delft", "addressCountry": "NL", "addressRegion": "C&S", "postalCode": None}
    posting = {
        "@type": "JobPosting",
        "identifier": {"@type": "PropertyValue", "value": 2001},
        "hiringOrganization": {"@type": "Organization", "name": "Potters"},
        "jobLocation": [{"@type": "Place", "address": address}],
        **dict(listed),
    }
    return {
        "id": "0a1b2c3d-0000-4000-8000-000000000001",
        "title": "Kiln Engineer",
        "url": LINK,
        "date_published": "2026-07-06T08:58:57+02:00",
        "content_html": "<p>Fire pots &amp; bowls.</p>",
        "_jobposting": {key: value for key, value in posting.items() if value is not ...},
        **changes,
    }


def feed(*entries: Any, **changes: Any) -> bytes:
    payload = {"version": "https://jsonfeed.org/version/1.1", "title": "Potters", "items": list(entries), **changes}
    return json.dumps(payload).encode()


def read_json(listed: Any = (), **changes: Any) -> JobPosting:
    (posting,) = TeamtailorSpider.read(feed(entry(listed, **changes))).postings
    return posting


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (EU, EU), (f"{EU}/jobs", EU), (f"{EU}/jobs/2001-kiln-engineer", EU), (f"{EU}/jobs.json", EU),
        (f"{EU}/jobs.rss?offset=100&per_page=100", EU), ("potters.teamtailor.com", EU), (f"{EU}/en-GB/jobs?x=1", EU),
        (NA, NA), (f"{NA}/jobs/2001-kiln-engineer", NA),
        ("https://career.teamtailor.com/jobs", "https://career.teamtailor.com"),
        ("https://potters-1671530238.teamtailor.com", "https://potters-1671530238.teamtailor.com"),
    ],
)  # fmt: skip
def test_every_form_of_address_means_the_board(url: str, canonical: str) -> None:
    board = find_board(url)
    assert (board.system, board.url) == ("teamtailor", canonical)


@pytest.mark.parametrize(("url", "instance"), [(EU, None), (NA, "na")])
def test_american_host_is_a_separate_instance(url: str, instance: str | None) -> None:
    board = find_board(url)
    assert (board.organization, board.instance) == ("potters", instance)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.teamtailor.com", "https://teamtailor.com", "https://api.teamtailor.com/v1/jobs",
        "https://app.teamtailor.com/companies/1", "https://na.teamtailor.com", "https://app.na.teamtailor.com",
        "https://a.b.teamtailor.com", "https://-x.teamtailor.com", "https://potters.teamtailor.com.evil.example",
        "https://potters.teamtailor.com:81", LINK, "https://careers.potters.example/jobs.rss",
    ],
)  # fmt: skip
def test_any_other_address_is_rejected(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


def test_rss_is_requested_by_offset() -> None:
    request = TeamtailorSpider(NA).list_request(find_board(NA), Cursor(offset=200, page=2))
    assert request.url == f"{NA}/jobs.rss?offset=200&per_page=100"


def test_rss_item() -> None:
    assert read() == JobPosting(
        identifier="2001",
        title="Kiln Engineer",
        url=LINK,
        description="Fire pots & bowls here.",
        job_location=(Place(name="Pottery", address_locality="Delft", address_country="Netherlands"),),
        date_posted=datetime.fromisoformat("2026-07-06T08:58:57+02:00"),
        date_posted_raw="Mon, 06 Jul 2026 08:58:57 +0200",
        employment_unit="Clay",
        occupational_category="Engineer",
    )


def test_json_entry() -> None:
    assert read_json() == JobPosting(
        identifier="2001",
        title="Kiln Engineer",
        url=LINK,
        description="Fire pots & bowls.",
        hiring_organization="Potters",
        job_location=(Place(name="Delft", address_locality="Delft", address_country="NL"),),
        date_posted=datetime.fromisoformat("2026-07-06T08:58:57+02:00"),
        date_posted_raw="2026-07-06T08:58:57+02:00",
    )


@pytest.mark.parametrize(
    "link", [f"{EU}/jobs/7", f"{EU}/jobs/7-a-b?x=9", "https://careers.potters.example/en/jobs/7-2-x"]
)
def test_both_forms_know_a_posting_by_the_number_in_its_address(link: str) -> None:
    assert (read(link=link).identifier, read_json(url=link).identifier) == ("7", "7")


def test_without_a_number_the_feeds_own_id_counts() -> None:
    assert read(link="https://careers.potters.example/kiln").identifier == "0a1b2c3d-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("status", "kind"), [("fully", "TELECOMMUTE"), ("hybrid", None), ("temporary", None), ("none", None), (None, None)]
)
def test_work_from_home(status: str | None, kind: str | None) -> None:
    assert read(remoteStatus=status).job_location_type == kind


@pytest.mark.parametrize("places", [None, "", "<tt:location></tt:location>"])
def test_item_without_a_place(places: str | None) -> None:
    assert read(places).job_location == ()


@pytest.mark.parametrize(
    "listed", [{"jobLocation": ...}, {"jobLocation": None}, {"jobLocation": [{"address": None}]}], ids=str
)
def test_entry_without_a_place_does_not_lose_the_feed(listed: dict[str, Any]) -> None:
    assert read_json(listed).job_location == ()


def test_every_place_of_an_item_counts_once() -> None:
    other = "<tt:location><tt:name/><tt:city>Gouda</tt:city></tt:location>"
    assert [place.name for place in read(PLACE + other + PLACE).job_location] == ["Pottery", "Gouda"]


def test_division_precedes_its_department() -> None:
    assert read(**{"tt:division": "Works"}).employment_unit == "Works / Clay"


def test_title_alone_states_the_employment() -> None:
    assert read(title="Kiln Intern").employment_type == ("INTERN",)


@pytest.mark.parametrize(
    ("value", "pay"),
    [
        ({"minValue": 30000, "maxValue": "35000", "unitText": "MONTH"}, (30000, 35000, "MONTH")),
        ({"value": 210, "unitText": "HOUR"}, (210, 210, "HOUR")),
        ({"minValue": 30000}, (30000, None, None)),
    ],
)  # fmt: skip
def test_pay_in_the_json_feed(value: dict[str, Any], pay: tuple[Any, ...]) -> None:
    low, high, unit = pay
    stated = {"@type": "MonetaryAmount", "currency": "SEK", "value": value}
    found = read_json({"baseSalary": stated}).base_salary
    assert found == Salary(currency="SEK", min_value=low, max_value=high, unit_text=unit)


@pytest.mark.parametrize(
    "stated", [None, {}, "30000 kr", {"currency": "SEK", "value": {}}, {"currency": "SEK", "value": 3}]
)
def test_no_pay_in_the_json_feed(stated: Any) -> None:
    assert read_json({"baseSalary": stated}).base_salary is None


@pytest.mark.parametrize(("rows", "more"), [(0, False), (1, True), (PAGE_SIZE, True)])
def test_only_an_empty_page_is_the_last(rows: int, more: bool) -> None:
    found = TeamtailorSpider.read(rss(*(item(link=f"{EU}/jobs/{n}") for n in range(rows))))
    assert (found.rows, found.more, found.whole, found.organization) == (rows, more, False, "Potters")


@pytest.mark.parametrize(("rows", "whole"), [(0, True), (99, True), (100, False), (101, True)])
def test_json_feed_as_long_as_a_page_is_not_the_whole_board(rows: int, whole: bool) -> None:
    assert TeamtailorSpider.read(feed(*(entry(url=f"{EU}/jobs/{n}") for n in range(rows)))).whole is whole


def test_saved_empty_page_proves_nothing_about_those_before_it(tmp_path: Path) -> None:
    (tmp_path / "page_rsp.xml").write_bytes(rss())
    (tmp_path / "page_req.hurl").write_text(f"GET {EU}/jobs.rss?offset=100\nHTTP 200\n")
    found = read_saved(TeamtailorSpider, tmp_path / "page_rsp.xml")
    assert (found.rows, found.more, found.whole) == (0, None, False)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", feed(items=None), feed(version=None), b'{"items": []}', b"<rss/>", b"<feed/>",
        feed({"id": "x"}), rss("<item><title>x</title></item>"), b"<!doctype html><div id='app'></div>",
        b"<rss><channel><item>",
    ],
)  # fmt: skip
def test_any_other_format_raises(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse):
        TeamtailorSpider.read(body)


@pytest.mark.parametrize("body", [rss(), b"<rss><channel><title>Potters</title></channel></rss>"])
def test_live_board_without_postings(body: bytes) -> None:
    assert TeamtailorSpider.read(body) == Page(more=False, organization="Potters")


def test_404_without_a_body_is_an_unknown_company() -> None:
    with pytest.raises(BoardUnknown, match="HTTP 404"):
        TeamtailorSpider.read_response(404, {"content-type": "application/json"}, b"", None)


def crawled(simulator: Simulator, url: str) -> tuple[BoardRun, list[JobPosting]]:
    found: list[tuple[BoardRun, list[JobPosting]]] = []
    crawl(
        [find_board(url)],
        observed_at=World.date(0),
        on_run=lambda run, postings: found.append((run, list(postings))),
        settings={**UNTHROTTLED, "RETRY_TIMES": 1, "LOG_LEVEL": "CRITICAL", "ROLEMIX_GATEWAY": simulator.url},
    )
    ((run, postings),) = found
    return run, postings


def test_both_feeds_of_a_board_on_the_american_host_hold_the_same_postings() -> None:
    (pattern,) = World.sized(boards=1, postings=130, systems=["teamtailor"]).boards
    with Simulator(World(boards=[dataclasses.replace(pattern, url=NA)])) as simulator:
        run, postings = crawled(simulator, NA)
        with urlopen(simulator.gateway(f"{NA}/jobs.json")) as response:
            in_json = TeamtailorSpider.read(response.read())
    assert run.verdict is Verdict.COMPLETE, run.reason
    assert in_json.whole
    titles = {posting.identifier: (posting.title, posting.description, posting.date_posted) for posting in postings}
    assert {one.identifier: (one.title, one.description, one.date_posted) for one in in_json.postings} == titles


class OnceBad(Simulator):
    """Responds to the first request for a feed with 400."""

    def respond(self, host: str, path: str, request: Request, number: int) -> Response:
        if path == "/jobs.rss" and not any(hit.path == path for hit in self.log):
            return Response("Bad Request", status=400)
        return super().respond(host, path, request, number)


def test_400_is_requested_again() -> None:
    world = World.sized(boards=1, postings=3, systems=["teamtailor"])
    with OnceBad(world) as simulator:
        run, _ = crawled(simulator, world.boards[0].url)
    assert run.verdict is Verdict.COMPLETE, run.reason
