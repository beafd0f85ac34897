"""Job feeds: their formats, what a feed proves, and error responses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, UnexpectedResponse
from crawler.runs.live import crawl
from crawler.spiders.feed import FeedSpider
from crawler.systems import UnknownSystem, find_board
from postings import BoardRun, JobPosting, Place, Salary, Verdict
from simulator.server import Simulator
from simulator.world import World
from tests.crawler.site import NOW, SETTINGS, read_site

WWR = "feed+https://weworkremotely.com/categories/remote-design-jobs.rss"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (WWR, WWR),
        ("https://weworkremotely.com/categories/remote-design-jobs.rss", WWR),
        ("weworkremotely.com/categories/remote-design-jobs.rss", WWR),
        ("https://www.weworkremotely.com/remote-jobs.rss", "feed+https://weworkremotely.com/remote-jobs.rss"),
        ("https://remoteok.com/api", "feed+https://remoteok.com/api"),
        ("https://remoteok.com/api?tags=dev", "feed+https://remoteok.com/api?tags=dev"),
        ("https://jobicy.com/api/v2/remote-jobs?count=50", "feed+https://jobicy.com/api/v2/remote-jobs?count=50"),
        ("feed+https://Potters.Example/jobs.rss#new", "feed+https://potters.example/jobs.rss"),
        ("feed+http://potters.example/?feed=job_feed&a=b", "feed+http://potters.example/?feed=job_feed&a=b"),
    ],
)
def test_address_of_a_feed(url: str, canonical: str) -> None:
    board = find_board(url)
    assert (board.system, board.url) == ("feed", canonical)
    assert find_board(board.url) == board


@pytest.mark.parametrize(
    "url",
    [
        "https://potters.example/jobs.rss",
        "https://potters.teamtailor.example/jobs.rss",
        "https://weworkremotely.com/remote-jobs/a-potter",
        "https://remoteok.com/remote-jobs/1",
        "feed+https://potters.example",
        "feed+ftp://potters.example/jobs.rss",
        "feed+https://potters.example:8080/jobs.rss",
        "feed+https://ann@potters.example/jobs.rss",
        "feed+https://potters.example/a b",
        "feed:https://potters.example/jobs.rss",
    ],
)
def test_any_other_address_is_not_a_feed(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


def rss(*items: str, channel: str = "", more: str = "") -> bytes:
    text = f'<?xml version="1.0"?><rss version="2.0"{more}><channel>{channel}{"".join(items)}</channel></rss>'
    return text.encode()


def item(**fields: str) -> str:
    usual = {
        "title": "Potter",
        "link": "https://potters.example/job/1",
        "guid": "https://potters.example/job/1",
        "description": "&lt;p&gt;Throw &lt;b&gt;pots&lt;/b&gt;.&lt;/p&gt;",
        "pubDate": "Mon, 13 Jul 2026 13:41:15 +0000",
    }
    parts = {name.replace("__", ":"): value for name, value in {**usual, **fields}.items() if value}
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in parts.items()) + "</item>"


def one(body: bytes) -> JobPosting:
    (found,) = FeedSpider.read(body).postings
    return found


def page_of(payload: Any) -> Page:
    return FeedSpider.read(json.dumps(payload).encode())


# RSS and Atom -----------------------------------------------------------------------------------------


def test_item_of_any_feed() -> None:
    found = one(rss(item(category="Clay")))
    assert found == JobPosting(
        identifier="https://potters.example/job/1",
        title="Potter",
        url="https://potters.example/job/1",
        description="Throw pots.",
        date_posted=found.date_posted,
        date_posted_raw="Mon, 13 Jul 2026 13:41:15 +0000",
        occupational_category="Clay",
    )
    assert found.date_posted.isoformat() == "2026-07-13T13:41:15+00:00"  # type: ignore[union-attr]


def test_entry_of_an_atom_feed() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Jobs</title><entry><id>tag:potters.example,2026:1</id>
      <title>Potter</title><link href="https://potters.example/job/1"/><published>2026-07-13T13:41:15+02:00</published>
      <summary>Pots.</summary><content type="html">&lt;p&gt;Throw pots all day.&lt;/p&gt;</content></entry></feed>"""
    found = one(body)
    assert (found.identifier, found.title, found.url) == (
        "tag:potters.example,2026:1",
        "Potter",
        "https://potters.example/job/1",
    )
    assert found.description == "Throw pots all day."
    assert found.date_posted.isoformat() == "2026-07-13T13:41:15+02:00"  # type: ignore[union-attr]


def test_item_without_guid_is_identified_by_its_link() -> None:
    assert one(rss(item(guid=""))).identifier == "https://potters.example/job/1"


def test_feed_is_not_the_whole_board() -> None:
    page = FeedSpider.read(rss(item(), item(guid="2")))
    assert (page.rows, page.whole, page.reported_total) == (2, False, None)


def test_live_feed_without_jobs() -> None:
    assert FeedSpider.read(rss()).rows == 0


def test_unreadable_item_is_reported_and_others_are_read() -> None:
    page = FeedSpider.read(rss(item(), item(title="", guid="2")))
    assert ([found.title for found in page.postings], len(page.unreadable)) == (["Potter"], 1)


def test_undeclared_entity_does_not_lose_the_feed() -> None:
    assert one(rss(item(title="Potter&nbsp;&amp; Glazer"))).title == "Potter & Glazer"


@pytest.mark.parametrize("cut", [-6, -20, -60], ids=["before the last tag", "before the channel's end", "in an item"])
def test_feed_that_is_truncated_is_rejected(cut: int) -> None:
    with pytest.raises(UnexpectedResponse, match="the feed is truncated"):
        FeedSpider.read(rss(item(), item(guid="2"))[:cut])


def test_entity_that_grows_is_not_unfolded() -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    body = rss(item(title="&b;" * 3)).replace(b"<rss", bomb.encode() + b"<rss")
    assert len(FeedSpider.read(body).postings[0].title) < 300


GOOGLE = ' xmlns:g="http://base.google.com/ns/1.0"'


def exported(**fields: str) -> JobPosting:
    usual = {"g__id": "7", "g__employer": "Potters", "g__location": "Oslo, NO, 0150", "pubDate": ""}
    return one(rss(item(**{**usual, **fields}), more=GOOGLE))


def test_googles_export_is_the_whole_board() -> None:
    assert FeedSpider.read(rss(item(g__id="7"), more=GOOGLE)).whole


@pytest.mark.parametrize(
    ("fields", "attribute", "value"),
    [
        ({}, "identifier", "7"),
        ({}, "job_location", (Place(name="Oslo, NO"),)),
        ({"title": "Potter (Oslo, NO, 0150)"}, "title", "Potter"),
        ({"title": "Potter (m/f)"}, "title", "Potter (m/f)"),
        ({"title": "(Oslo, NO, 0150)"}, "title", "(Oslo, NO, 0150)"),
        ({}, "hiring_organization", "Potters"),
        ({"g__employer": "Careers"}, "hiring_organization", None),
        ({"g__job_function": "Clay"}, "occupational_category", "Clay"),
        ({"g__job_function": "ATS_WEBFORM"}, "occupational_category", None),
        ({"g__job_type": "Full-time"}, "employment_type", ("FULL_TIME",)),
        ({"g__salary": "$50,000 - $60,000 a year"}, "base_salary", Salary(
            currency="USD", min_value=50_000, max_value=60_000, unit_text="YEAR")),
        ({"description": "<![CDATA[&lt;p&gt;Throw &amp;amp; fire.&lt;/p&gt;]]>"}, "description", "Throw & fire."),
        ({"description": "Potter"}, "description", "Potter"),
        ({"link": "https://potters.example/job/1?a=1&amp;b=2"}, "url", "https://potters.example/job/1?a=1&b=2"),
    ],
)  # fmt: skip
def test_item_of_googles_export(fields: dict[str, str], attribute: str, value: Any) -> None:
    assert getattr(exported(**fields), attribute) == value


def test_googles_export_states_the_deadline() -> None:
    assert exported(g__expiration_date="2026-10-24").valid_through.isoformat() == "2026-10-24"  # type: ignore[union-attr]


CHANNEL = "<title>We Work Remotely: Clay Jobs</title><link>https://weworkremotely.com/categories/clay.rss</link>"


def remote(**fields: str) -> JobPosting:
    usual = {"title": "Potters: Glazer", "region": "Anywhere in the World", "type": "Full-Time", "state": "Alabama"}
    return one(rss(item(**{**usual, **fields}), channel=CHANNEL))


@pytest.mark.parametrize(
    ("title", "employer", "read_as"),
    [
        ("Potters: Glazer", "Potters", "Glazer"),
        ("Potters : Glazer", "Potters", "Glazer"),
        ("Potters: Lead: Glaze", "Potters", "Lead: Glaze"),
        ("Potters.io: Glazer (m/f)", "Potters.io", "Glazer (m/f)"),
        ("Glazer", None, "Glazer"),
    ],
)
def test_we_work_remotely_puts_the_company_before_the_title(title: str, employer: str | None, read_as: str) -> None:
    found = remote(title=title)
    assert (found.hiring_organization, found.title) == (employer, read_as)


@pytest.mark.parametrize(
    ("fields", "places"),
    [
        ({}, []),
        ({"region": "California"}, ["California"]),
        ({"country": "🇳🇴 Norway"}, ["Norway"]),
        ({"country": "🇨🇦 Canada and 🇺🇸 United States of America"}, ["Canada", "United States of America"]),
        (
            {"country": "🇧🇴 Bolivia (Plurinational State of), 🇧🇦 Bosnia and Herzegovina, and 🇿🇦 South Africa"},
            ["Bolivia (Plurinational State of)", "Bosnia and Herzegovina", "South Africa"],
        ),
        ({"region": ""}, []),
    ],
)
def test_we_work_remotely_states_where_applicants_may_live(fields: dict[str, str], places: list[str]) -> None:
    found = remote(**fields)
    assert ([place.name for place in found.job_location], found.job_location_type) == (places, "TELECOMMUTE")


def test_we_work_remotely_states_when_a_posting_expires() -> None:
    found = remote(expires_at="Wed, 12 Aug 2026 13:41:15 +0000")
    assert found.valid_through.isoformat() == "2026-08-12T13:41:15+00:00"  # type: ignore[union-attr]


# JSON -------------------------------------------------------------------------------------------------


LEGAL = {"last_updated": 1784395677, "legal": "Please link back."}


def remote_ok(**fields: Any) -> JobPosting:
    record = {"id": "1", "position": "Potter ", "company": "Potters", "date": "2026-07-17T18:07:48+00:00", **fields}
    (found,) = page_of([LEGAL, record]).postings
    return found


def test_legal_notice_of_remote_ok_is_not_a_job() -> None:
    assert (page_of([LEGAL]).rows, remote_ok().title) == (0, "Potter")


@pytest.mark.parametrize(
    "mark",
    [
        "<br/><br/>Please mention the word **JOY** and tag abc= when applying (#abc=). This is a beta feature.",
        "Please mention the word **SOOTHINGLY** and tag x when\napplying.",
    ],
)
def test_mark_that_names_the_reader_is_not_part_of_the_text(mark: str) -> None:
    assert remote_ok(description=f"<p>Throw pots.</p>{mark}") == remote_ok(description="<p>Throw pots.</p>")


@pytest.mark.parametrize(
    ("fields", "attribute", "value"),
    [
        ({"location": "Media, "}, "job_location", (Place(name="Media"),)),
        ({"location": ""}, "job_location", ()),
        ({"location": "Worldwide"}, "job_location", ()),
        ({"salary_min": 50000, "salary_max": 70000}, "base_salary", None),
        ({"salary_min": 50000, "salary_max": 70000}, "base_salary_raw", "50000.0-70000.0"),
        ({"salary_min": 0, "salary_max": 0}, "base_salary_raw", None),
        ({"tags": ["golang", "part time"]}, "employment_type", ()),
        ({"position": "Kiln Intern"}, "employment_type", ("INTERN",)),
        ({"url": "javascript:alert(1)"}, "url", ""),
        ({"description": None}, "description", ""),
    ],
)
def test_record_of_remote_ok(fields: dict[str, Any], attribute: str, value: Any) -> None:
    assert getattr(remote_ok(**fields), attribute) == value


def jobicy(**fields: Any) -> JobPosting:
    record = {"id": 7, "url": "https://jobicy.com/jobs/7", "jobTitle": "Potter &amp; Glazer", **fields}
    (found,) = page_of({"apiVersion": "2.2", "jobCount": 1, "jobs": [record], "success": True}).postings
    return found


@pytest.mark.parametrize(
    ("fields", "attribute", "value"),
    [
        ({}, "identifier", "7"),
        ({}, "title", "Potter & Glazer"),
        ({"jobGeo": "USA,  Canada"}, "job_location", (Place(name="USA"), Place(name="Canada"))),
        ({"jobGeo": "Anywhere"}, "job_location", ()),
        ({"jobType": ["Full-Time", "Contract"]}, "employment_type", ("CONTRACTOR", "FULL_TIME")),
        ({"jobIndustry": ["Clay &amp; Kilns"]}, "occupational_category", "Clay & Kilns"),
        ({"salaryMin": 1, "salaryMax": 2, "salaryCurrency": "USD", "salaryPeriod": "yearly"}, "base_salary", Salary(
            currency="USD", min_value=1, max_value=2, unit_text="YEAR")),
        ({"salaryMin": None}, "base_salary_raw", None),
    ],
)  # fmt: skip
def test_record_of_jobicy(fields: dict[str, Any], attribute: str, value: Any) -> None:
    assert getattr(jobicy(**fields), attribute) == value


def test_jobicy_without_a_job() -> None:
    payload = {
        "apiVersion": "2.2",
        "jobCount": 0,
        "jobs": [],
        "statusCode": 404,
        "success": False,
        "message": "Nothing",
    }
    assert page_of(payload).rows == 0


def test_unknown_industry_is_a_feed_that_is_not_there() -> None:
    with pytest.raises(BoardUnknown, match="Invalid 'industry' value"):
        page_of({"success": False, "error": "Invalid 'industry' value."})


def feed_item(**fields: Any) -> JobPosting:
    record = {"id": 7, "url": "https://potters.example/7", "title": "Potter", "content_html": "<p>Pots.</p>", **fields}
    (found,) = page_of({"version": "https://jsonfeed.org/version/1.1", "items": [record]}).postings
    return found


@pytest.mark.parametrize(
    ("fields", "attribute", "value"),
    [
        ({}, "identifier", "7"),
        ({}, "description", "Pots."),
        ({"content_html": None, "content_text": "Throw pots."}, "description", "Throw pots."),
        ({"_jobposting": {"jobLocation": "Oslo"}}, "job_location", (Place(name="Oslo"),)),
        ({"_jobposting": {"hiringOrganization": {"name": "Potters"}}}, "hiring_organization", "Potters"),
        ({"_jobposting": {"title": "Other"}}, "title", "Potter"),
        ({"_jobposting": "x"}, "title", "Potter"),
        ({"date_published": "2026-06-11T08:19:40+02:00"}, "date_posted_raw", "2026-06-11T08:19:40+02:00"),
    ],
)
def test_item_of_a_json_feed(fields: dict[str, Any], attribute: str, value: Any) -> None:
    assert getattr(feed_item(**fields), attribute) == value


# Error responses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        ("", UnexpectedResponse, "an empty body"),
        ("Message - This feed is disabled", BoardUnknown, "was switched off"),
        ("Hello", UnexpectedResponse, "expected a feed, got 'Hello'"),
        (
            "<!doctype html><html><head><title>Jobs</title></head></html>",
            UnexpectedResponse,
            "was the feed switched off",
        ),
        ("<html><head><title>Just a moment...</title></head></html>", BoardBlocked, "a captcha or an access check"),
        ("<urlset></urlset>", UnexpectedResponse, "expected a feed, got a page"),
        ("{}", UnexpectedResponse, "not a job feed"),
        ("[]", UnexpectedResponse, "not a job feed"),
        ('[{"id": 1}]', UnexpectedResponse, "not a job feed"),
        ('{"version": "https://jsonfeed.org/version/1"}', UnexpectedResponse, "items is NoneType"),
        ('{"apiVersion": 1, "jobs": {}}', UnexpectedResponse, "jobs is dict"),
        ('{"success": false}', UnexpectedResponse, "not a job feed"),
        ('{"a": ', UnexpectedResponse, "expected JSON, got "),
    ],
)
def test_not_a_feed(body: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        FeedSpider.read(body.encode())


def test_redirect_without_location_is_an_unknown_feed() -> None:
    assert isinstance(FeedSpider.status_error(301, {}, b""), BoardUnknown)
    assert FeedSpider.status_error(301, {"location": "https://potters.example/"}, b"") is None


# Runs -------------------------------------------------------------------------------------------------


def crawled(path: str, postings: int = 150) -> tuple[BoardRun, list[JobPosting], World]:
    """Read one of the feeds of a simulated company."""
    world = World.sized(boards=1, postings=postings, systems=["feed"])
    found: list[tuple[BoardRun, list[JobPosting]]] = []
    with Simulator(world) as simulator:
        crawl(
            [find_board(f"feed+https://jobs.specimen-001.example{path}")],
            observed_at=NOW,
            on_run=lambda run, postings: found.append((run, list(postings))),
            settings={**SETTINGS, "ROLEMIX_GATEWAY": simulator.url},
        )
    return *found[0], world


@pytest.mark.parametrize("path", ["/jobs.rss", "/feed.json", "/api"])
def test_window_proves_nothing_about_older_postings(path: str) -> None:
    run, postings, world = crawled(path)
    assert (run.verdict, len(postings)) == (Verdict.INCOMPLETE, 100)
    assert "a feed shows the newest postings only" in run.reason
    newest = {posting.identifier for posting in world.rows(world.boards[0].url, 0)[:100]}
    assert {posting.identifier.rpartition("/")[2] for posting in postings} == newest


def test_window_that_is_not_full_proves_nothing_either() -> None:
    run, postings, _ = crawled("/jobs.rss", postings=3)
    assert (run.verdict, len(postings)) == (Verdict.INCOMPLETE, 3)


def test_feed_that_was_switched_off() -> None:
    run, *_ = crawled("/old.rss")
    assert (run.verdict, run.pages) == (Verdict.GONE, 0)


@pytest.mark.parametrize(
    ("payload", "verdict"),
    [
        (404, Verdict.GONE), (410, Verdict.GONE), (403, Verdict.BLOCKED), (429, Verdict.BLOCKED), (500, Verdict.FAILED),
        ("-> https://potters.example/careers", Verdict.FAILED), ("<html></html>", Verdict.FAILED), ("", Verdict.FAILED),
        (rss(item())[:-30], Verdict.FAILED), (rss(item()), Verdict.INCOMPLETE),
        (rss(item(), more=GOOGLE), Verdict.COMPLETE), (rss(more=GOOGLE), Verdict.COMPLETE),
    ],
)  # fmt: skip
def test_verdict_for_a_response(payload: Any, verdict: Verdict) -> None:
    run, *_ = read_site("feed+https://potters.example/jobs.rss", {"https://potters.example/jobs.rss": payload})
    assert run.verdict is verdict, run.reason


def identifiers(*items: str) -> list[str]:
    return [posting.identifier for posting in FeedSpider.read(rss(*items)).postings]


def test_items_without_an_id_are_told_apart() -> None:
    """Feeds whose items have no id, and the address of the career page, were one posting."""
    page = "https://potters.example/jobs"
    assert identifiers(item(guid="", link=f"{page}#1"), item(guid="", link=f"{page}#2")) == [f"{page}#1", f"{page}#2"]
    same = [item(guid="", link=page, title=title) for title in ("Potter", "Glazer")]
    assert identifiers(*same) == [f"{page} / Potter", f"{page} / Glazer"]
    assert identifiers(item(guid=""), item(guid="")) == ["https://potters.example/job/1"] * 2


def test_feed_of_teamtailor_is_read_with_what_only_it_states() -> None:
    more = ' xmlns:tt="https://teamtailor.com/locations"'
    place = "<tt:locations><tt:location><tt:name>Kiln</tt:name><tt:city>Oslo</tt:city></tt:location></tt:locations>"
    entry = (
        "<item><title>Potter</title><link>https://career.potters.example/jobs/8000002-potter</link><guid>x</guid>"
        f"<remoteStatus>fully</remoteStatus>{place}<tt:department>Clay</tt:department></item>"
    )
    run, (found,), site = read_site(
        "feed+https://career.potters.example/jobs.rss",
        {"https://career.potters.example/jobs.rss": rss(entry, more=more)},
    )
    assert (found.identifier, found.job_location_type, found.employment_unit) == ("8000002", "TELECOMMUTE", "Clay")
    assert found.job_location == (Place(name="Kiln", address_locality="Oslo"),)
    assert (run.verdict, len(site.requested)) == (Verdict.INCOMPLETE, 1)
