"""Career pages: addresses of boards, contents of pages, and hostile sites."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from typing import Any

import pytest

from crawler.bases.board_spider import Known
from crawler.bases.sitemap_spider import NoPosting, read_sitemap
from crawler.parsing.responses import BoardBlocked, Page, UnexpectedResponse
from crawler.spiders.careers import CareersSpider
from crawler.systems import UnknownSystem, find_board
from postings import JobPosting, Verdict
from tests.crawler.site import Site, read_site

BOARD = "careers+https://potters.example/jobs"
HOME = "https://potters.example"
HOSTILE = "<html><head><title>Just a moment...</title></head><body>captcha</body></html>"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (BOARD, BOARD),
        (f" {BOARD}/ ", BOARD),
        (f"{BOARD}?utm_source=x#top", BOARD),
        ("CAREERS+HTTPS://Potters.Example/jobs", BOARD),
        ("careers+http://potters.example/jobs", "careers+http://potters.example/jobs"),
        ("careers+https://potters.example", "careers+https://potters.example"),
        ("careers+https://potters.example/", "careers+https://potters.example"),
        ("careers+https://potters.example/en/jobs/", "careers+https://potters.example/en/jobs"),
        ("careers+https://potters.example/%E8%81%8C%E4%BD%8D", "careers+https://potters.example/%E8%81%8C%E4%BD%8D"),
        ("careers+https://potters.example/jobs/sitemap.xml", "careers+https://potters.example/jobs/sitemap.xml"),
    ],
)
def test_address_marked_as_a_career_page(url: str, canonical: str) -> None:
    board = find_board(url)
    assert (board.system, board.url) == ("careers", canonical)
    assert find_board(board.url) == board


@pytest.mark.parametrize(
    "url",
    [
        "https://potters.example/jobs",
        "potters.example/jobs",
        "careers+potters.example/jobs",
        "careers+ftp://potters.example",
        "careers+https://",
        "careers+https://potters",
        "careers+https://potters.example:8080/jobs",
        "careers+https://ann@potters.example/jobs",
        "careers+https://potters.example/../jobs",
        "careers+https://potters.example/%2e%2e/jobs",
        "careers+https://potters.example/a b",
        "careers+careers+https://potters.example",
        "careers+file:///etc/passwd",
    ],
)
def test_any_other_address_is_not_a_career_page(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


def test_address_of_another_system_belongs_to_that_system() -> None:
    assert find_board("https://jobs.lever.co/potters").system == "lever"


def job(title: str = "Potter", head: str = "", **data: Any) -> str:
    text = json.dumps({"@type": "JobPosting", "title": title, "description": "Throw pots.", **data})
    return f'<html><head>{head}<script type="application/ld+json">{text}</script></head><body>.</body></html>'


def canonical(path: str) -> str:
    return f'<link rel="canonical" href="{HOME}{path}">'


def article(title: str = "About us") -> str:
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"


def urlset(paths: Iterable[str], changed: str = "") -> str:
    lastmod = f"<lastmod>{changed}</lastmod>" if changed else ""
    entries = "".join(f"<url><loc>{HOME if path[0] == '/' else ''}{path}</loc>{lastmod}</url>" for path in paths)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def index(*addresses: str) -> str:
    entries = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f'<sitemapindex xmlns="https://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'


def read(body: str, board: str = BOARD) -> Page:
    return CareersSpider.read(body.encode(), find_board(board))


def one(body: str, board: str = BOARD) -> JobPosting:
    (found,) = read(body, board).postings
    return found


def site(**paths: Any) -> dict[str, Any]:
    """A site whose robots.txt names one sitemap of two jobs, and any other paths."""
    usual = {
        "/robots.txt": f"User-agent: *\nSitemap: {HOME}/s.xml\n",
        "/s.xml": urlset(["/jobs/1", "/jobs/2"]),
        "/jobs/1": job("Potter"),
        "/jobs/2": job("Glazer"),
    }
    return {f"{HOME}{path}": payload for path, payload in {**usual, **paths}.items() if payload is not ...}


def crawled(board: str = BOARD, **paths: Any) -> tuple[Verdict, str, dict[str, str], Site]:
    run, postings, server = read_site(board, site(**paths))
    assert run.verdict is not Verdict.COMPLETE or run.unique == len(postings)
    return run.verdict, run.reason, {posting.identifier: posting.title for posting in postings}, server


# Pages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "data", "identifier", "url"),
    [
        (canonical("/jobs/1"), {}, "/jobs/1", f"{HOME}/jobs/1"),
        (canonical("/jobs/1?utm_source=x&id=7#top"), {}, "/jobs/1?id=7", f"{HOME}/jobs/1?utm_source=x&id=7#top"),
        (canonical("/jobs/1"), {"url": f"{HOME}/jobs/9", "identifier": "R-7"}, "/jobs/1", f"{HOME}/jobs/1"),
        ("", {"url": f"{HOME}/jobs/9"}, "/jobs/9", f"{HOME}/jobs/9"),
        ("", {"url": "https://other.example/jobs/9"}, "https://other.example/jobs/9", "https://other.example/jobs/9"),
        ("", {"identifier": {"value": 7}}, "7", ""),
        ("", {}, "Potter", ""),
    ],
    ids=["canonical", "tracked", "canonical outranks", "own url", "another host", "number", "title"],
)
def test_saved_page_identifies_which_posting_it_is(head: str, data: dict[str, Any], identifier: str, url: str) -> None:
    found = one(job(head=head, **data))
    assert (found.identifier, found.url) == (identifier, url)


def test_without_a_board_the_identity_is_the_whole_address() -> None:
    (found,) = CareersSpider.read(job(head=canonical("/jobs/1")).encode()).postings
    assert found.identifier == f"{HOME}/jobs/1"


def test_page_of_several_postings_is_a_list_of_them() -> None:
    scripts = job("Potter", url="/jobs/1", head=canonical("/jobs")) + job("Glazer", identifier="R-2")
    page = read(scripts)
    assert [found.identifier for found in page.postings] == ["/jobs/1", "R-2"]
    assert not page.detail


def test_posting_without_a_title_is_rejected() -> None:
    with pytest.raises(UnexpectedResponse, match="no title"):
        read(job(""))


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        (article(), NoPosting, "no JobPosting on the page"),
        ('<html><script type="application/ld+json"></script></html>', NoPosting, "no JobPosting on the page"),
        (HOSTILE, BoardBlocked, "a captcha or an access check"),
        ("<html><title>Contact</title><script src='recaptcha.js'></script></html>", NoPosting, "no JobPosting"),
        ("", UnexpectedResponse, "expected a job page, got an empty body"),
        ("{}", UnexpectedResponse, "expected a job page, got no HTML page"),
        (urlset(["/jobs/1"]), UnexpectedResponse, "expected a job page, got no HTML page"),
    ],
)
def test_not_a_job_page(body: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read(body)


# Sitemaps ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        urlset(["/a"]).encode(),
        b"\xef\xbb\xbf" + urlset(["/a"]).encode(),
        gzip.compress(urlset(["/a"]).encode()),
        urlset(["/a"]).replace("urlset", "s:urlset").replace("xmlns=", "xmlns:s=").encode(),
        urlset(["/a"]).replace("http://www.sitemaps.org", "https://www.sitemaps.org").encode(),
        (urlset(["/a"]) + "\n<!-- made by hand -->\n").encode(),
        urlset([" /a"]).replace(" /a", f"\n{HOME}/a\n").encode(),
    ],
    ids=["plain", "BOM", "packed", "prefixed", "another namespace", "comment at the end", "white space"],
)
def test_sitemap(body: bytes) -> None:
    assert list(read_sitemap(body).pages) == [f"{HOME}/a"]


def test_sitemap_states_when_a_page_changed() -> None:
    assert read_sitemap(urlset(["/a"], changed="2026-07-01").encode()).pages == {f"{HOME}/a": "2026-07-01"}


def test_sitemap_without_a_page() -> None:
    assert read_sitemap(b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>').pages == {}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "an empty body"),
        (b"  \n", "an empty body"),
        (b"{}", "expected a sitemap, got '{}'"),
        (b"<html><body>Hi</body></html>", "a document <html>"),
        (b"<!doctype html><html></html>", "expected a sitemap, got a page"),
        (b"<rss><channel/></rss>", "a document <rss>"),
        (urlset(["/a", "/b"]).encode()[:-40], "the sitemap is truncated"),
        (urlset(["/a"]).encode()[:-9], "the sitemap is truncated"),
        (gzip.compress(urlset(["/a", "/b"] * 500).encode())[:-30], "the sitemap is truncated"),
        (gzip.compress(b"x", mtime=0)[:8], "cannot decompress the sitemap"),
        (urlset(["javascript:alert(1)"]).encode(), "not a web address in the sitemap"),
        (urlset([" "]).encode(), "not a web address in the sitemap"),
    ],
)
def test_not_a_sitemap_or_truncated(body: bytes, message: str) -> None:
    with pytest.raises(UnexpectedResponse, match=message):
        read_sitemap(body)


def test_sitemap_behind_a_wall() -> None:
    with pytest.raises(BoardBlocked):
        read_sitemap(HOSTILE.encode())


# Runs -------------------------------------------------------------------------------------------------


def test_every_page_of_every_sitemap_is_read() -> None:
    verdict, reason, postings, _ = crawled()
    assert (verdict, postings) == (Verdict.COMPLETE, {"/jobs/1": "Potter", "/jobs/2": "Glazer"}), reason


def test_employer_is_the_one_that_every_page_names() -> None:
    responses = site(**{"/jobs/1": job(hiringOrganization="Potters")})  # the other page names none
    run, *_ = read_site(BOARD, responses)
    assert run.organization == "Potters"


def test_board_of_many_employers_has_no_employer() -> None:
    run, *_ = read_site(BOARD, site(**{f"/jobs/{n}": job(hiringOrganization=f"Potters {n}") for n in (1, 2)}))
    assert run.organization is None


def test_only_pages_below_the_boards_address_are_requested() -> None:
    paths = ["/", "/about", "/jobs-in-oslo", "/jobs/1", "/news/jobs/2", "https://other.example/jobs/3"]
    verdict, reason, postings, server = crawled(**{"/s.xml": urlset(paths)})
    assert (verdict, list(postings)) == (Verdict.COMPLETE, ["/jobs/1"]), reason
    assert server.requested == [f"{HOME}/s.xml", f"{HOME}/jobs/1"]


def test_page_without_a_posting_is_counted_as_unlisted() -> None:
    paths = ["/jobs", "/jobs/1", "/jobs/life"]
    payload = {"/s.xml": urlset(paths), "/jobs": article(), "/jobs/life": article()}
    verdict, reason, postings, _ = crawled(**payload)
    assert (verdict, list(postings)) == (Verdict.COMPLETE, ["/jobs/1"])
    assert "1 seen, 3 rows on 1 page, 2 unlisted" in reason


@pytest.mark.parametrize("status", [404, 410])
def test_page_that_is_not_there_is_a_posting_gone(status: int) -> None:
    run, postings, _ = read_site(BOARD, site(**{"/jobs/2": status}))
    assert (run.verdict, [one.title for one in postings]) == (Verdict.COMPLETE, ["Potter"])
    assert run.gone_identifiers == ("/jobs/2",)


@pytest.mark.parametrize(("status", "message"), [(500, "HTTP 500"), (403, "HTTP 403"), (202, "HTTP 202"), (429, "429")])
def test_page_that_does_not_respond_makes_the_run_incomplete(status: int, message: str) -> None:
    verdict, reason, postings, _ = crawled(**{"/jobs/2": status})
    assert (verdict, list(postings)) == (Verdict.INCOMPLETE, ["/jobs/1"])
    assert message in reason


@pytest.mark.parametrize(
    ("response", "message"),
    [
        (500, "HTTP 500"), (403, "HTTP 403"), (202, "HTTP 202"), (404, "no such sitemap"),
        (article(), "expected a sitemap, got "), (HOSTILE, "a captcha or an access check"), ("", "an empty body"),
        (urlset(["/jobs/2"])[:-20], "the sitemap is truncated"),
    ],
    ids=["500", "403", "202", "404", "page", "wall", "empty", "half"],
)  # fmt: skip
def test_child_sitemap_that_fails_makes_the_run_incomplete(response: Any, message: str) -> None:
    payload = {"/s.xml": index(f"{HOME}/a.xml", f"{HOME}/b.xml"), "/a.xml": urlset(["/jobs/1"]), "/b.xml": response}
    verdict, reason, postings, _ = crawled(**payload)
    assert (verdict, list(postings)) == (Verdict.INCOMPLETE, ["/jobs/1"])
    assert message in reason


def test_indexes_that_name_each_other_are_read_once() -> None:
    payload = {
        "/s.xml": index(f"{HOME}/a.xml.gz", f"{HOME}/b.xml", f"{HOME}/a.xml.gz"),
        "/a.xml.gz": gzip.compress(urlset(["/jobs/1"]).encode()),
        "/b.xml": index(f"{HOME}/s.xml", f"{HOME}/c.xml"),
        "/c.xml": urlset(["/jobs/1", "/jobs/2"]),
    }
    verdict, reason, postings, server = crawled(**payload)
    assert (verdict, sorted(postings)) == (Verdict.COMPLETE, ["/jobs/1", "/jobs/2"]), reason
    assert len(server.requested) == len(set(server.requested)) == 6


def test_each_sitemap_in_robots_txt_must_respond() -> None:
    robots = f"Sitemap: {HOME}/s.xml\nsitemap: /t.xml\n"
    verdict, reason, *_ = crawled(**{"/robots.txt": robots, "/t.xml": 503})
    assert verdict is Verdict.INCOMPLETE
    assert "/t.xml: HTTP 503" in reason


def test_without_robots_txt_the_usual_sitemap_addresses_are_tried() -> None:
    verdict, reason, postings, server = crawled(
        **{"/robots.txt": 404, "/s.xml": ..., "/sitemap.xml": article(), "/sitemap_index.xml": urlset(["/jobs/1"])}
    )
    assert (verdict, list(postings)) == (Verdict.COMPLETE, ["/jobs/1"]), reason
    assert server.requested[:3] == [f"{HOME}/jobs/sitemap.xml", f"{HOME}/sitemap.xml", f"{HOME}/sitemap_index.xml"]


@pytest.mark.parametrize(
    ("response", "verdict"),
    [(403, Verdict.BLOCKED), (HOSTILE, Verdict.BLOCKED), (500, Verdict.FAILED), ("", Verdict.FAILED)],
)
def test_usual_place_that_refuses_is_not_skipped(response: Any, verdict: Verdict) -> None:
    found, *_ = crawled(**{"/robots.txt": 404, "/jobs/sitemap.xml": response, "/sitemap.xml": urlset(["/jobs/1"])})
    assert found is verdict


LINKS = (
    '<a href="/jobs/1">Potter</a> <a href="2#apply">x</a> <a href="/about">y</a> <a href="http://[">z</a> <a>w</a>'
    '<a href="https://potters.example:99999/jobs/1">v</a>'
)


def test_without_a_sitemap_the_pages_links_are_read_and_nothing_is_proven() -> None:
    page = f'<html><head><base href="/jobs/"></head><body>{LINKS.replace("2#", "/jobs/2#")}</body></html>'
    verdict, reason, postings, _ = crawled(**{"/robots.txt": 404, "/s.xml": ..., "/jobs": page})
    assert (verdict, sorted(postings)) == (Verdict.INCOMPLETE, ["/jobs/1", "/jobs/2"])
    assert "no sitemap" in reason


def test_postings_on_the_career_page_itself_are_read() -> None:
    page = job("Potter", url=f"{HOME}/jobs#1") + job("Glazer", url=f"{HOME}/jobs?id=2")
    verdict, _, postings, _ = crawled(**{"/robots.txt": 404, "/s.xml": ..., "/jobs": page})
    assert (verdict, postings) == (Verdict.INCOMPLETE, {"/jobs": "Potter", "/jobs?id=2": "Glazer"})


@pytest.mark.parametrize(
    ("page", "verdict"),
    [
        (404, Verdict.GONE), (410, Verdict.GONE), (403, Verdict.BLOCKED), (HOSTILE, Verdict.BLOCKED),
        (article(), Verdict.FAILED), ("{}", Verdict.FAILED), (500, Verdict.FAILED),
    ],
    ids=["404", "410", "403", "wall", "article", "json", "500"],
)  # fmt: skip
def test_career_page_without_anything(page: Any, verdict: Verdict) -> None:
    found, reason, *_ = crawled(**{"/robots.txt": 404, "/s.xml": ..., "/jobs": page})
    assert found is verdict, reason


def test_robots_txt_is_obeyed() -> None:
    robots = f"User-agent: *\nDisallow: /jobs/2\nSitemap: {HOME}/s.xml\n"
    verdict, reason, postings, server = crawled(**{"/robots.txt": robots})
    assert (verdict, list(postings)) == (Verdict.INCOMPLETE, ["/jobs/1"])
    assert "robots.txt" in reason
    assert f"{HOME}/jobs/2" not in server.requested


def test_board_is_empty_if_its_sitemap_names_only_its_own_page() -> None:
    verdict, reason, *_ = crawled(**{"/s.xml": urlset(["/", "/about", "/jobs/"]), "/jobs/": article()})
    assert verdict is Verdict.COMPLETE, reason


@pytest.mark.parametrize(
    ("sitemap", "message"),
    [
        (urlset(["/", "/about"]), "name 2 pages, and none of them is the board's"),
        (urlset(["https://www.potters.example/jobs/1"]), "none of them is the board's"),
        (urlset([]), "the sitemaps name no pages"),
        (urlset(["/jobs/life"]), "none of the 1 pages that were read contains a posting"),
        (urlset(["/jobs", "/jobs/life"]), "none of the 2 pages that were read contains a posting"),
    ],
)
def test_empty_board_requires_the_same_proof(sitemap: str, message: str) -> None:
    pages = {"/jobs": article(), "/jobs/life": article()}
    verdict, reason, *_ = crawled(**{"/s.xml": sitemap, **pages})
    assert verdict is Verdict.INCOMPLETE
    assert message in reason


def test_redirects_of_sitemaps_and_pages_are_followed() -> None:
    payload = {
        "/robots.txt": "-> /robots/",
        "/robots/": f"Sitemap: {HOME}/old.xml",
        "/old.xml": f"-> {HOME}/s.xml",
        "/jobs/2": "-> /jobs/2/glazer",
        "/jobs/2/glazer": job("Glazer"),
    }
    verdict, reason, postings, _ = crawled(**payload)
    assert (verdict, postings) == (Verdict.COMPLETE, {"/jobs/1": "Potter", "/jobs/2": "Glazer"}), reason


def test_job_that_redirects_to_the_list_is_not_a_posting() -> None:
    verdict, reason, postings, _ = crawled(**{"/jobs/2": "-> /jobs", "/jobs": article()})
    assert (verdict, list(postings)) == (Verdict.COMPLETE, ["/jobs/1"]), reason


def test_redirect_loop_ends() -> None:
    verdict, reason, *_ = crawled(**{"/jobs/2": "-> /jobs/2"})
    assert verdict is Verdict.INCOMPLETE
    assert "HTTP 301 to /jobs/2" in reason


def test_second_address_of_a_listed_page_is_not_a_second_posting() -> None:
    payload = {"/jobs/1": job(head=canonical("/jobs/2")), "/jobs/2": job("Glazer", head=canonical("/jobs/2"))}
    verdict, reason, postings, _ = crawled(**payload)
    assert (verdict, postings) == (Verdict.COMPLETE, {"/jobs/2": "Glazer"}), reason


def test_two_pages_that_name_each_other_as_canonical_are_not_both_lost() -> None:
    payload = {
        "/s.xml": urlset(["/jobs/1", "/jobs/2", "/jobs/3"]),
        "/jobs/1": job(head=canonical("/jobs/2")),
        "/jobs/2": job(head=canonical("/jobs/1")),
        "/jobs/3": job("Kilner"),
    }
    verdict, reason, *_ = crawled(**payload)
    assert verdict is Verdict.INCOMPLETE
    assert re.search("/jobs/[12] contains no posting, although another page names it as canonical", reason)


@pytest.mark.parametrize("everywhere", ["/", "/jobs", "/elsewhere"])
def test_canonical_link_that_is_the_same_on_every_page_is_ignored(everywhere: str) -> None:
    payload = {f"/jobs/{n}": job(head=canonical(everywhere)) for n in (1, 2)}
    verdict, reason, postings, _ = crawled(**payload, **{"/s.xml": urlset(["/", "/jobs", "/jobs/1", "/jobs/2"])})
    assert (verdict, sorted(postings)) == (Verdict.COMPLETE, ["/jobs/1", "/jobs/2"]), reason


def test_postings_of_a_listed_list_are_read_unless_they_have_pages_of_their_own() -> None:
    both = job("Potter", url=f"{HOME}/jobs/1") + job("Kilner", url=f"{HOME}/jobs/all#3", identifier="3")
    payload = {"/s.xml": urlset(["/jobs/1", "/jobs/2", "/jobs/all"]), "/jobs/all": both}
    verdict, reason, postings, _ = crawled(**payload)
    assert verdict is Verdict.COMPLETE, reason
    assert postings == {"/jobs/1": "Potter", "/jobs/2": "Glazer", "/jobs/all": "Kilner"}


def test_similar_jobs_are_not_the_pages_job() -> None:
    page = job("Glazer", url=f"{HOME}/jobs/2") + job("Potter", url=f"{HOME}/jobs/1")
    verdict, reason, postings, _ = crawled(**{"/jobs/2": page})
    assert (verdict, postings) == (Verdict.COMPLETE, {"/jobs/1": "Potter", "/jobs/2": "Glazer"}), reason


def test_page_is_not_read_again_before_its_sitemap_states_a_change() -> None:
    known: dict[tuple[str, str], JobPosting] = {}
    responses = site(**{"/s.xml": urlset(["/jobs/1"], changed="2026-07-01")})
    run, (posting,), _ = read_site(BOARD, responses)
    known["/jobs/1", run.read_in_detail["/jobs/1"]] = posting

    def recall(board: str, identifier: str, listed: str) -> JobPosting | None:
        return known.get((identifier, listed))

    again, postings, server = read_site(BOARD, responses, Known(recall=recall))
    assert (again.verdict, postings, server.requested) == (Verdict.COMPLETE, [posting], [f"{HOME}/s.xml"])
    responses[f"{HOME}/s.xml"] = urlset(["/jobs/1"], changed="2026-07-02")
    *_, server = read_site(BOARD, responses, Known(recall=recall))
    assert f"{HOME}/jobs/1" in server.requested


def test_address_of_a_sitemap_is_read_alone_and_completely() -> None:
    pages = urlset(["/about/1", "https://jobs.example/2"])
    responses = {**site(**{"/only.xml": pages, "/about/1": job()}), "https://jobs.example/2": job("Glazer")}
    run, postings, server = read_site("careers+https://potters.example/only.xml", responses)
    found = {posting.identifier: posting.title for posting in postings}
    assert (run.verdict, found) == (Verdict.COMPLETE, {"/about/1": "Potter", "https://jobs.example/2": "Glazer"})
    assert f"{HOME}/s.xml" not in server.requested


# Several postings on one page ---------------------------------------------------------------------------


def of_one_page(*data: dict[str, Any], head: str = "") -> list[str]:
    body = head + "".join(job(**{"title": "Potter", **one}) for one in data)
    found = [posting.identifier for posting in read(body).postings]
    assert found == [posting.identifier for posting in read(body).postings]
    return found


def place(city: str) -> dict[str, Any]:
    return {"jobLocation": {"address": {"addressLocality": city}}}


def test_what_follows_the_hash_tells_postings_of_one_page_apart() -> None:
    links = [{"url": f"{HOME}/jobs#{name}"} for name in ("potter", "glazer")]
    for head in ("", canonical("/jobs")):
        assert of_one_page(*links, head=head) == ["/jobs#potter", "/jobs#glazer"]


def test_postings_of_one_address_are_known_by_their_numbers_or_by_what_they_say() -> None:
    same = {"url": f"{HOME}/jobs"}
    assert of_one_page({**same, "identifier": "R-1"}, {**same, "identifier": "R-2"}) == ["R-1", "R-2"]
    word = {"identifier": "careers"}
    assert of_one_page(word | place("Ulm"), word | place("Oslo")) == ["Potter · Ulm", "Potter · Oslo"]
    assert len(set(of_one_page({"description": "Throw pots."}, {"description": "Throw plates."}))) == 2


@pytest.mark.parametrize("sitemap", [None, ["/jobs"], ["/jobs#potter", "/jobs#glazer"]])
def test_every_posting_of_one_page_is_crawled(sitemap: list[str] | None) -> None:
    both = "".join(
        job(title, url=f"{HOME}/jobs#{title.lower()}", head=canonical("/jobs")) for title in ("Potter", "Glazer")
    )
    paths = {"/s.xml": urlset(sitemap)} if sitemap else {"/robots.txt": 404, "/s.xml": ...}
    verdict, reason, postings, _ = crawled(**paths, **{"/jobs": both})
    assert postings == {"/jobs#potter": "Potter", "/jobs#glazer": "Glazer"}
    assert verdict is (Verdict.COMPLETE if sitemap else Verdict.INCOMPLETE), reason


def test_last_posting_of_a_page_keeps_its_identifier() -> None:
    page = job("Potter", url=f"{HOME}/jobs#potter", head=canonical("/jobs"))
    verdict, reason, postings, _ = crawled(**{"/s.xml": urlset(["/jobs"]), "/jobs": page})
    assert (verdict, postings) == (Verdict.COMPLETE, {"/jobs#potter": "Potter"}), reason
