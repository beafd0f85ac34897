"""Personio's feed, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from scrapy.utils.test import get_crawler

from crawler.boards import Cursor
from crawler.manifest import Manifest
from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, UnexpectedResponse
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.spiders.personio import PersonioSpider
from crawler.systems import UnknownSystem, find_board
from postings import BoardRun, JobPosting, Place, Verdict
from simulator.server import Simulator
from simulator.world import World

DE = "https://potters.jobs.personio.de"
COM = "https://potters.jobs.personio.com"
BOARD = find_board(DE)


def position(text: str | None = "<p>Fire pots &amp; bowls.</p>", **changes: Any) -> str:
    fields = {
        "id": "2001",
        "subcompany": "Potters GmbH",
        "office": "Delft",
        "department": "Clay",
        "recruitingCategory": "Permanent Employee",
        "name": "Kiln Engineer (d/f/m)",
        "employmentType": "permanent",
        "seniority": "experienced",
        "schedule": "full-time",
        "keywords": "Kiln,Fire",
        "occupation": "ceramics",
        "occupationCategory": "manufacturing",
        "createdAt": "2026-01-27T11:06:05+00:00",
        **changes,
    }
    stated = "".join(
        f"<{name}>{html.escape(value)}</{name}>" for name, value in fields.items() if isinstance(value, str)
    )
    section = f"<jobDescription><name>What you do</name><value><![CDATA[{text}]]></value></jobDescription>"
    return f"<position>{stated}<jobDescriptions>{section if text is not None else ''}</jobDescriptions></position>"


def feed(*positions: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<workzag-jobs>{"".join(positions)}</workzag-jobs>'.encode()


def page(*positions: str) -> Page:
    return PersonioSpider.read(feed(*positions), BOARD)


def read(text: str | None = "<p>Fire pots &amp; bowls.</p>", **changes: Any) -> JobPosting:
    (posting,) = page(position(text, **changes)).postings
    return posting


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (DE, DE), (f"{DE}/", DE), (f"{DE}/xml?language=en", DE), (f"{DE}/job/2001", DE), (f"{DE}/job/2001#apply", DE),
        (f"{DE}/?language=de&department=Clay", DE), (f"{DE}/search.json", DE), ("potters.jobs.personio.de", DE),
        ("https://potters-jobs.personio.de/job/2001", DE), (COM, COM), (f"{COM}/job/2001?display=en", COM),
    ],
)  # fmt: skip
def test_every_form_of_address_means_the_board(url: str, canonical: str) -> None:
    board = find_board(url)
    assert (board.system, board.url, board.organization) == ("personio", canonical, "potters")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.personio.de", "https://jobs.personio.de", "https://www.jobs.personio.de",
        "https://potters.personio.de", "https://a.b.jobs.personio.de", "https://-x.jobs.personio.de",
        "https://potters.jobs.personio.fr", "https://potters.jobs.personio.de.evil.example",
        "https://potters.jobs.personio.de:81", "https://www-jobs.personio.de",
        "https://potters.jobs.personio.de/%2e%2e/x",
    ],
)  # fmt: skip
def test_any_other_address_is_rejected(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


@pytest.mark.parametrize("url", [DE, COM])
def test_each_domain_has_its_own_feed(url: str) -> None:
    assert PersonioSpider(url).list_request(find_board(url), Cursor()).url == f"{url}/xml"


def test_position() -> None:
    assert read() == JobPosting(
        identifier="2001",
        title="Kiln Engineer (d/f/m)",
        url="https://potters.jobs.personio.de/job/2001",
        description="What you do\n\nFire pots & bowls.",
        hiring_organization="Potters GmbH",
        job_location=(Place(name="Delft"),),
        employment_type=("FULL_TIME",),
        employment_type_raw="permanent / full-time",
        date_posted=datetime(2026, 1, 27, 11, 6, 5, tzinfo=UTC),
        date_posted_raw="2026-01-27T11:06:05+00:00",
        employment_unit="Clay",
        occupational_category="manufacturing / ceramics",
    )


def test_position_with_nothing_but_its_id_and_name() -> None:
    payload = feed("<position><id>7</id><name>Firer</name></position>")
    assert PersonioSpider.read(payload).postings == (JobPosting(identifier="7", title="Firer", url=""),)


def test_escaped_names_are_read_once_and_twice_escaped_ones_too() -> None:
    payload = feed("<position><id>7</id><name>Firer&#039;s &amp;amp; Potter&amp;#039;s mate</name></position>")
    assert PersonioSpider.read(payload).postings[0].title == "Firer's & Potter's mate"


def test_end_tags_in_a_description_are_text() -> None:
    found = page(position("<p>We parse &lt;/position&gt;</p><!-- </position></workzag-jobs> -->"), position(id="2002"))
    assert [posting.identifier for posting in found.postings] == ["2001", "2002"]
    assert found.postings[0].description == "What you do\n\nWe parse </position>"


def test_sections_name_is_not_the_positions() -> None:
    payload = position().replace("<name>Kiln Engineer (d/f/m)</name>", "")
    with pytest.raises(UnexpectedResponse, match="it has no name"):
        page(payload)


def test_heading_without_a_text_is_not_a_text() -> None:
    assert read(" \n ").description == ""


def test_other_offices_count_too() -> None:
    more = "</department><additionalOffices><office>Gouda</office><office>Delft</office></additionalOffices>"
    found = page(position().replace("</department>", more)).postings[0]
    assert [place.name for place in found.job_location] == ["Delft", "Gouda"]


@pytest.mark.parametrize(
    ("office", "places", "kind"),
    [
        ("Remote", [], "TELECOMMUTE"),
        ("Delft (Remote)", ["Delft"], "TELECOMMUTE"),
        ("Hybrid", [], None),
        (None, [], None),
    ],
)
def test_office_can_be_a_work_model(office: str | None, places: list[str], kind: str | None) -> None:
    found = read(office=office)
    assert ([place.name for place in found.job_location], found.job_location_type) == (places, kind)


@pytest.mark.parametrize(
    ("kind", "schedule", "types"),
    [
        ("intern", "part-time", ("INTERN", "PART_TIME")), ("trainee", None, ("INTERN",)),
        ("working_student", "part-time", ("INTERN", "PART_TIME")), ("freelance", None, ("CONTRACTOR",)),
        ("temporary", "full-time", ("FULL_TIME", "TEMPORARY")), ("permanent", "part-time", ("PART_TIME",)),
        ("permanent", "full-or-part-time", ("FULL_TIME", "PART_TIME")), (None, None, ()),
    ],
)  # fmt: skip
def test_employment(kind: str | None, schedule: str | None, types: tuple[str, ...]) -> None:
    assert read(employmentType=kind, schedule=schedule).employment_type == types


def test_feed_is_the_whole_board() -> None:
    found = page(position(), position(id="2002"))
    assert (found.rows, found.reported_total, found.whole) == (2, None, True)


@pytest.mark.parametrize(
    "payload", [b"<workzag-jobs></workzag-jobs>", b"<?xml version='1.0'?><workzag-jobs/>", feed("\n\n")]
)
def test_live_board_without_positions(payload: bytes) -> None:
    assert PersonioSpider.read(payload) == Page(whole=True)


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"{}", b"<!DOCTYPE html><title>HR software</title>", b"<jobs/>", b"<workzag-jobs><position>",
        b"<workzag-jobs><error>busy</error></workzag-jobs>", b"<!DOCTYPE workzag-jobs><workzag-jobs/>",
        feed("<position><id>1</id></position>"),
    ],
)  # fmt: skip
def test_any_other_format_raises(payload: bytes) -> None:
    with pytest.raises(UnexpectedResponse):
        PersonioSpider.read(payload)


@pytest.mark.parametrize("to", ["https://www.personio.com/", "https://www.personio.de", "http://personio.com/?from=x"])
@pytest.mark.parametrize("status", [301, 302])
def test_redirect_to_the_vendors_front_page_is_an_unknown_board(status: int, to: str) -> None:
    with pytest.raises(BoardUnknown, match="unknown company"):
        PersonioSpider.read_response(status, {"location": to}, b"", BOARD)


@pytest.mark.parametrize("to", [f"{COM}/xml", "https://www.personio.com.evil.example/", "http://["])
def test_any_other_redirect_does_not_concern_the_board(to: str) -> None:
    with pytest.raises(UnexpectedResponse, match="HTTP 302 to "):
        PersonioSpider.read_response(302, {"location": to}, b"", BOARD)


def test_no_feed_is_not_a_board() -> None:
    with pytest.raises(BoardUnknown, match="HTTP 404"):
        PersonioSpider.read_response(404, {}, b"<!DOCTYPE html><title>Page not found</title>", BOARD)


def test_429_with_a_page_in_it_is_a_block() -> None:
    with pytest.raises(BoardBlocked, match="HTTP 429"):
        PersonioSpider.read_response(429, {}, b"<!DOCTYPE html><title>HR software</title>", BOARD)


def callback_output(request: Request, body: bytes, status: int = 200) -> list[Any]:
    """Pass a response to a request's callback; return its output."""
    response = TextResponse(request.url, status=status, body=body, request=request)
    return list(request.callback(response, **request.cb_kwargs))


def requested(manifest: Manifest) -> Request:
    spider = PersonioSpider.from_crawler(get_crawler(PersonioSpider), boards=[BOARD])
    (request,) = spider.first_requests(manifest)
    return request


def test_feed_with_all_its_texts_is_requested_once() -> None:
    (item,) = callback_output(requested(Manifest(BOARD)), feed(position()))
    assert item["identifier"] == "2001"


def test_only_positions_without_text_are_requested_in_further_languages() -> None:
    manifest = Manifest(BOARD)
    item, english = callback_output(
        requested(manifest), feed(position(), position(None, id="2002"), position(None, id="2003"))
    )
    assert (item["identifier"], english.url) == ("2001", f"{DE}/xml?language=en")
    item, german = callback_output(
        english, feed(position("<p>Another text</p>"), position("<p>Fire!</p>", id="2003", name="Firer"))
    )
    assert (item["identifier"], item["title"], item["description"]) == ("2003", "Firer", "What you do\n\nFire!")
    assert german.url == f"{DE}/xml?language=de"
    (item,) = callback_output(german, feed(position("<p>Brenne!</p>", id="2002", name="Brenner")))
    assert (item["identifier"], item["title"]) == ("2002", "Brenner")
    assert manifest.run(datetime(2026, 3, 2, tzinfo=UTC)).verdict is Verdict.COMPLETE


def test_language_that_the_board_does_not_have_is_skipped() -> None:
    manifest = Manifest(BOARD)
    (english,) = callback_output(requested(manifest), feed(position(None)))
    (german,) = callback_output(english, b"Not Found", status=404)
    (item,) = callback_output(german, feed(position("<p>Brenne!</p>")))
    assert (item["description"], manifest.failures) == ("What you do\n\nBrenne!", [])


def test_language_that_fails_makes_the_run_incomplete() -> None:
    # Else the posting would lose its text for a day, and history would hold a change that never was.
    manifest = Manifest(BOARD)
    (english,) = callback_output(requested(manifest), feed(position(None)))
    assert callback_output(english, b"", status=500) == []
    assert manifest.run(datetime(2026, 3, 2, tzinfo=UTC)).verdict is Verdict.INCOMPLETE


def test_position_without_a_text_in_any_language_is_kept() -> None:
    found = callback_output(requested(Manifest(BOARD)), feed(position(None)))
    while isinstance(found[0], Request):
        found = callback_output(found[0], feed(position(None)))
    assert [(item["identifier"], item["description"]) for item in found] == [("2001", "")]


def test_simulated_board_is_requested_in_as_many_languages_as_needed() -> None:
    world = World.sized(boards=1, postings=60, systems=["personio"])
    runs: list[tuple[BoardRun, list[JobPosting]]] = []
    with Simulator(world) as simulator:
        crawl(
            [find_board(board.url) for board in world.boards],
            observed_at=World.date(0),
            on_run=lambda run, postings: runs.append((run, list(postings))),
            settings={**UNTHROTTLED, "LOG_LEVEL": "CRITICAL", "ROLEMIX_GATEWAY": simulator.url},
        )
        requested = [hit.query for hit in simulator.log if hit.path == "/xml"]
    assert requested == ["", "language=en", "language=de", "language=fr"]
    ((run, postings),) = runs
    assert run.verdict is Verdict.COMPLETE
    assert all(posting.description for posting in postings)
