"""What has gone wrong in other readers of job boards, tried on every system that could fail alike."""

from __future__ import annotations

import dataclasses
import html
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from werkzeug import Request, Response

from crawler.bases.job_site_spider import JobSiteSpider
from crawler.captures.recordings import Recording
from crawler.spiders import bamboohr, lever
from crawler.systems import system
from postings import Verdict
from simulator.board import Board
from simulator.faults import Fault, FaultKind
from simulator.posting import Posting
from simulator.story import SIGNS, sized_story
from simulator.systems import systems
from simulator.world import World
from tests.crawler.all_systems import (
    EVERY,
    WHOLE,
    Read,
    boards,
    break_one_record,
    crawled,
    known,
    named,
    on_day,
    the_world,
)

WITHOUT_TEXTS = {"boss", "lagou", "liepin", "linkedin", "zhaopin"}
"""Systems whose lists hold no texts; their postings' own pages come from what users save."""


def readings(read: Read, name: str) -> tuple[Verdict, list[str]]:
    run, postings = read[name]
    return run.verdict, sorted(posting.identifier for posting in postings)


def always(response: Callable[[], Response]) -> Callable[[str, str, Request], Response | None]:
    """Respond to everything but robots.txt with the same."""

    def respond(host: str, path: str, request: Request) -> Response | None:
        if path == "/robots.txt":
            return Response("User-agent: *\nAllow: /\n", content_type="text/plain")
        return response()

    return respond


# Lists: what is passed over, cut off or miscounted ---------------------------------------------------------

PAGED = named(lambda system, spider: bool(system.provable and system.page and not spider.conditional))
COUNTED = named(lambda system, spider: system.provable and system.total)


@cache
def faulty(kind: FaultKind) -> Read:
    names = {FaultKind.CAPPED: COUNTED, FaultKind.FIRST_TOTAL: [name for name in PAGED if name in COUNTED]}
    return crawled(the_world(pages=True), names=names.get(kind, PAGED), fault=kind)[0]


@pytest.mark.parametrize("name", sorted(set(PAGED) - {"icims"}))
def test_pages_shorter_than_requested_skip_nothing(name: str) -> None:
    """Ten cards a page, requested in steps of 25: 139 of 2,422 were read and taken for all."""
    verdict, read = readings(faulty(FaultKind.SHORT_PAGES), name)
    assert verdict is Verdict.INCOMPLETE or (verdict is Verdict.COMPLETE and read == sorted(known(name, pages=True)))


@pytest.mark.parametrize("name", PAGED)
def test_first_page_again_and_again_is_not_the_board(name: str) -> None:
    """A board ignored the page: 45 rows, three times the same 15, matched its total."""
    verdict, read = readings(faulty(FaultKind.STUCK), name)
    assert verdict is Verdict.INCOMPLETE
    assert set(read) < set(known(name, pages=True))


def test_portal_of_shorter_pages_has_more_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """iCIMS numbers its pages itself, so that the same has another face there."""
    monkeypatch.setattr("simulator.systems.icims.PAGE", 10)
    assert readings(crawled(names=["icims"])[0], "icims") == (Verdict.COMPLETE, sorted(known("icims")))


def test_ten_cards_a_page_are_all_read() -> None:
    """The same site's pages, requested by the sum of their starts (0, 10, 30, 60), end after 14 pages."""
    world = World(boards=sized_story(1, 85, ["linkedin"]))
    read, hits = crawled(world)
    assert readings(read, "linkedin")[1] == sorted(world.identifiers(world.boards[0].url, 0))
    starts = [int(found[1]) for hit in hits if (found := re.search(r"\bstart=(\d+)", hit.query))]
    assert starts[:9] == list(range(0, 90, 10))


@pytest.mark.parametrize("name", COUNTED)
def test_silent_cap_is_detected_by_the_total(name: str) -> None:
    """A reader stopped at 500 of 1,400 and reported success; live postings were closed."""
    verdict, read = readings(faulty(FaultKind.CAPPED), name)
    assert (verdict, set(read) < set(known(name, pages=True))) == (Verdict.INCOMPLETE, True)


@pytest.mark.parametrize("name", sorted(set(PAGED) & set(COUNTED)))
def test_total_that_is_right_only_on_the_first_page(name: str) -> None:
    """Later pages stated 0, and the reader stopped, or took the board for empty."""
    verdict, read = readings(faulty(FaultKind.FIRST_TOTAL), name)
    assert verdict is Verdict.INCOMPLETE or (verdict is Verdict.COMPLETE and read == sorted(known(name, pages=True)))


KEYWORDS = {
    "alibaba": {"key": "AI"},
    "baidu": {"keyWord": "AI"},
    "beisen": {"KeyWords": "AI"},
    "bytedance": {"keyword": "AI"},
    "eightfold": {"query": "AI"},
    "feed": {"tag": "AI"},
    "feishu": {"keyword": "AI"},
    "google": {"q": "AI"},
    "icims": {"searchKeyword": "AI"},
    "jibe": {"keywords": "AI"},
    "lever": {"team": "AI"},
    "meituan": {"keywords": "AI"},
    "moka": {"keyword": "AI"},
    "oracle": {"finder": "findReqs;siteNumber=CX_1,keyword=AI"},
    "recruitee": {"department": "AI"},
    "smartrecruiters": {"q": "AI"},
    "successfactors": {"q": "AI"},
    "tencent": {"keyword": "AI"},
    "tiktok": {"keyword": "AI"},
    "workable": {"query": "AI"},
    "workday": {"searchText": "AI"},
}


ONE_LIST = {"ashby", "bamboohr", "careers", "greenhouse", "meta", "personio", "teamtailor"}
"""Systems whose responses hold the whole board, whatever is requested."""


def test_every_system_that_can_be_searched_is_tried() -> None:
    assert set(KEYWORDS) | ONE_LIST == set(named(lambda system, spider: not issubclass(spider, JobSiteSpider)))


@pytest.mark.parametrize("name", KEYWORDS)
def test_keyword_search_is_not_taken_for_the_board(name: str) -> None:
    """A saved response to a search states a total too: the search's."""
    path = Path("search_rsp.json")
    query = {key: (value,) for key, value in KEYWORDS[name].items()}
    searched = Recording(method="GET", url="https://x.example/", query=query, path=path, content_type="")
    posted = dataclasses.replace(searched, method="POST", query={}, body=KEYWORDS[name])
    assert system(name).is_filtered(searched) or system(name).is_filtered(posted)


# Responses: what is not a board is not an empty board -----------------------------------------------------------------

MARKETING = (
    "<!doctype html><html><head><title>Careers</title></head><body><h1>Build the future with us</h1>"
    "<p>We have no open roles that we could show here. We are remote-friendly!</p></body></html>"
)
NO_BOARDS: dict[str, Callable[[], Response]] = {
    "a marketing page": lambda: Response(MARKETING, content_type="text/html"),
    "a redirect to it": lambda: Response("", 302, {"Location": "https://www.example.com/careers"}),
    "a lasting redirect to it": lambda: Response("", 308, {"Location": "https://www.example.com/careers"}),
    "an error in words": lambda: Response('{"error": "internal error"}', content_type="application/json"),
    "an error by number": lambda: Response('{"code": 500, "data": null}', content_type="application/json"),
    "null": lambda: Response("null", content_type="application/json"),
    "an empty list": lambda: Response("[]", content_type="application/json"),
    "no data": lambda: Response('{"data": {}}', content_type="application/json"),
    "other XML": lambda: Response('<?xml version="1.0"?><error/>', content_type="application/xml"),
    **{
        f"HTTP {status}": lambda status=status: Response("[]", status, content_type="application/json")
        for status in (400, 401, 403, 404, 410, 418, 429, 500, 503, 999)
    },
}


@pytest.mark.parametrize("case", NO_BOARDS)
def test_response_that_is_not_a_board_is_not_an_empty_board(case: str) -> None:
    """An outage, a block or a page of advertisement looked like a company that stopped hiring."""
    read, _ = crawled(instead=always(NO_BOARDS[case]))
    believed = {name for name, (run, postings) in read.items() if run.verdict in WHOLE or postings}
    # An empty list is Lever's word for an empty board.
    assert believed == ({"lever"} if case == "an empty list" else set())


@cache
def with_a_broken_record() -> Read:
    return crawled(after=break_one_record)[0]


# Moka's list is sealed, and those of the other three are sitemaps, whose pages fail one by one anyway.
LISTS = sorted(set(EVERY) - {"moka", "careers", "google", "meta"})


@pytest.mark.parametrize("name", LISTS)
def test_unreadable_record_makes_the_run_incomplete_and_loses_no_other(name: str) -> None:
    """A record without its place, or null, lost the page that it was on, or the board."""
    run, postings = with_a_broken_record()[name]
    assert run.verdict is Verdict.INCOMPLETE
    assert "cannot be read" in run.reason
    assert len(postings) >= len(known(name)) - run.pages


@pytest.mark.parametrize("whole", [True, False])
def test_robots_txt_that_disallows_all_or_is_cut_short_is_obeyed(whole: bool) -> None:
    """Of several first requests at once only two were held to it, and what could not be read was taken for leave."""

    def robots(host: str, path: str, request: Request) -> Response | None:
        response = Response("User-agent: *\nDisallow: /\n" if whole else "User-agent: *\n", content_type="text/plain")
        if not whole:
            response.headers["Content-Length"] = "1000"  # and the connection ends before
        return response if path == "/robots.txt" else None

    read, hits = crawled(instead=robots, permitted=False)
    forbidden = {Verdict.BLOCKED} if whole else {Verdict.BLOCKED, Verdict.FAILED}
    assert {name: run.reason for name, (run, _) in read.items() if run.verdict not in forbidden} == {}
    assert {hit.path for hit in hits} == {"/robots.txt"}


@pytest.mark.parametrize(("status", "most"), [(500, 20), (429, 5)])
def test_failing_host_is_not_flooded(status: int, most: int) -> None:
    """Each of a board's thousands of postings was requested three times, from a host that was down or had refused."""
    answered: Counter[str] = Counter()

    def failing(host: str, path: str, request: Request) -> Response | None:
        answered[host] += path != "/robots.txt"
        return Response(status=status) if answered[host] > 2 else None

    # Without any gap Scrapy would send all that wait at once.
    settings = {"RETRY_TIMES": 2, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0.001}
    _, hits = crawled(instead=failing, settings=settings)
    requests = Counter(hit.host for hit in hits if hit.status == status)
    assert {host: times for host, times in requests.items() if times > most} == {}
    assert most in requests.values(), "no board had more to request"


# Records: what a posting is known by, and what it says ---------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_identifiers_are_the_systems_own_texts(name: str) -> None:
    """Ids made from titles made one posting of several; a record a place made several of one."""
    _, postings = on_day(0)[name]
    assert {type(posting.identifier) for posting in postings} == {str}
    assert sorted(posting.identifier for posting in postings) == sorted(known(name))


NUMBERED = [name for name in EVERY if all(identifier.isdigit() for identifier in known(name))]


def with_long_numbers(board: Board) -> Board:
    """Return the board with identifiers of 19 digits, all odd."""
    numbered = dataclasses.replace(board.system, identifier=lambda dice: str(10**18 + 2 * dice.randrange(10**15) + 1))
    return dataclasses.replace(board, system=numbered)


def test_numbers_beyond_the_reach_of_floats_keep_their_digits() -> None:
    """1524644586897547265 became 1524644586897547300."""
    world = World(boards=[with_long_numbers(board) for board in boards() if board.system.name in NUMBERED])
    read, _ = crawled(world)
    for board in world.boards:
        listed = world.identifiers(board.url, 0)
        assert all(len(identifier) == 19 for identifier in listed)
        assert readings(read, board.system.name)[1] == sorted(listed - world.paused(board.url, 0))


ZONES = (UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"))
DATELESS = {"boss", "feed", "liepin", "tencent", "tiktok"}
"""Systems that state no date of posting."""


def moments(posting: Posting, day: int) -> tuple[datetime, ...]:
    return posting.published(day), posting.created()


@pytest.mark.parametrize("name", EVERY)
def test_dates_are_the_boards_own_with_their_zone(name: str) -> None:
    """Milliseconds read as seconds, Beijing's clock as UTC's, the crawl's time, or a bare date as a midnight."""
    _, postings = on_day(0)[name]
    for posting in postings:
        stated = moments(known(name)[posting.identifier], 0)
        if isinstance(posted := posting.date_posted, datetime):
            assert posted.utcoffset() is not None
            assert min(abs(posted - moment) for moment in stated) < timedelta(minutes=1)
        elif isinstance(posted, date):
            assert posted in {moment.astimezone(zone).date() for moment in stated for zone in ZONES}
        until = posting.valid_through
        assert not isinstance(until, datetime) or until.utcoffset() is not None
    assert any(posting.date_posted for posting in postings) == (name not in DATELESS)


READ_ONCE = {"meituan", "meta", "tencent"}
"""Systems of plain texts in which an entity is read as one: nothing tells whether their pages show it as it stands."""


@pytest.mark.parametrize("name", EVERY)
def test_texts_are_unescaped_once(name: str) -> None:
    """R&amp;D was left, &lt;b&gt; became a tag, and List<T> lost its T."""
    language = systems()[name].language
    signs = html.unescape(SIGNS[language]) if name in READ_ONCE else SIGNS[language]
    _, postings = on_day(0)[name]
    texts = [" ".join(posting.description.split()) for posting in postings]
    shown = [text for text in texts if signs[:6] in text]
    assert all(signs in text for text in shown)
    assert bool(shown) == (name not in WITHOUT_TEXTS)


ABROAD = {
    "windows-1252": "You’ll edit “texts” for the café in Zürich – part of Éditions Mühle & Söhne, for 5 €.",
    "gb18030": "熟悉大模型训练与数据标注流程，能独立完成产品设计；有跨团队协作经验。",
    "cp932": "データ基盤の設計と運用を担当し、研究者と協力して評価を行います。",
}


@cache
def encoded(kind: FaultKind | None, charset: str) -> Read:
    fault = Fault(kind, charset=charset) if kind else None
    return crawled(World(boards=boards(text_ends=ABROAD[charset], about=ABROAD[charset])), fault=fault)[0]


def in_charset(charset: str) -> list[str]:
    """Return the systems whose boards can be in an encoding: a Chinese board is not in a Japanese one."""
    japanese = charset == "cp932"
    return [name for name in EVERY if not japanese or (systems()[name].language == "en" and name not in WITHOUT_TEXTS)]


@pytest.mark.parametrize(("charset", "name"), [(charset, name) for charset in ABROAD for name in in_charset(charset)])
@pytest.mark.parametrize("kind", [FaultKind.ENCODED, FaultKind.UNDECLARED])
def test_text_in_any_encoding_is_read(name: str, kind: FaultKind, charset: str) -> None:
    """The header alone stated the encoding, or nothing did: letters were lost, or the whole board."""
    (run, plain), (changed, read) = (encoded(one, charset)[name] for one in (None, kind))
    texts = [posting.description for posting in plain]
    assert any(ABROAD[charset][:20] in " ".join(text.split()) for text in texts) == (name not in WITHOUT_TEXTS)
    assert changed.verdict is run.verdict, changed.reason
    assert {posting.identifier: posting for posting in read} == {posting.identifier: posting for posting in plain}


WITH_MARKUP = sorted(
    set(EVERY) - WITHOUT_TEXTS - READ_ONCE - {"alibaba", "beisen", "bytedance", "feishu", "job51", "tiktok"}
)
"""Systems whose texts are markup."""


@cache
def escaped_again() -> Read:
    return crawled(the_world(), names=WITH_MARKUP, fault=FaultKind.ESCAPED)[0]


@pytest.mark.parametrize("name", WITH_MARKUP)
def test_text_that_was_escaped_twice_beside_real_tags_is_read_as_it_was_meant(name: str) -> None:
    """Descriptions showed R&amp;D and &#xa;, because their tags were real."""
    plain, twice = ({posting.identifier: posting for posting in read[name][1]} for read in (on_day(0), escaped_again()))
    assert {key: one.description for key, one in twice.items()} == {key: one.description for key, one in plain.items()}
    assert any("R&D" in posting.description for posting in twice.values())


@pytest.mark.parametrize("name", EVERY)
def test_titles_are_unescaped(name: str) -> None:
    _, postings = on_day(0)[name]
    for posting in postings:
        title = known(name)[posting.identifier].wording(0).title
        assert "R&D" in title
        assert title in posting.title


@pytest.mark.parametrize("name", EVERY)
def test_nothing_volatile_is_kept(name: str) -> None:
    """Relative dates, tracking numbers and view counts made each posting a new one on each day."""
    earlier, later = ({posting.identifier: posting for posting in on_day(day)[name][1]} for day in (0, 1))
    unchanged = [
        identifier
        for identifier, posting in known(name).items()
        if identifier in later
        and (posting.wording(0), posting.spell(0), posting.redirects(0))
        == (posting.wording(1), posting.spell(1), posting.redirects(1))
    ]
    assert unchanged
    for identifier in unchanged:
        assert earlier[identifier] == later[identifier]


ADVERTISEMENT = (
    "Ask Jane Roe, jane.roe@example.com, +49 30 9876543 or WeChat: jane_roe88. We raised $1.5 - $2 billion, are a "
    "remote-friendly team of interns and contractors, pay freelancers $45 - $60 an hour, and posted this 3 days ago. "
    "急招，面议，远程办公，电话13800138000。"
)
PERSONAL = re.compile(r"jane\.roe|9876543|jane_roe88|13800138000|某女士|招聘者")


@cache
def advertised(text: str) -> Read:
    return crawled(World(boards=boards(text_ends=text)))[0]


@pytest.mark.parametrize("name", EVERY)
def test_company_description_changes_no_fact_of_the_posting(name: str) -> None:
    """Capital became pay ($1-2 an hour), a way of living a place of work, and an "intern" in the text the kind."""
    plain, praised = (
        {posting.identifier: posting for posting in advertised(text)[name][1]} for text in ("", ADVERTISEMENT)
    )
    assert plain.keys() == praised.keys() == known(name).keys()
    for identifier, posting in praised.items():
        assert dataclasses.replace(posting, description="") == dataclasses.replace(plain[identifier], description="")


@pytest.mark.parametrize("name", EVERY)
def test_no_personal_data_is_kept(name: str) -> None:
    """Addresses, numbers and names of recruiters went into tables and feeds."""
    _, postings = advertised(ADVERTISEMENT)[name]
    assert not [found[0] for posting in postings if (found := PERSONAL.search(str(posting.to_dict())))]
    assert any("[e-mail]" in posting.description for posting in postings) == (name not in WITHOUT_TEXTS)


@pytest.mark.parametrize(
    ("country", "currency"), [("CA", "CAD"), ("AU", "AUD"), ("SG", "SGD"), ("US", "USD"), (None, "USD")]
)
def test_dollar_is_that_of_the_country(country: str | None, currency: str) -> None:
    """Every $ was an American one."""
    pay_text = "$80,000 - $95,000 per year"
    record = {
        "id": "1",
        "text": "Potter",
        "categories": {"location": "Kiln Street"},
        "country": country,
        "salaryDescriptionPlain": pay_text,
    }
    where = {"city": "Kiln Street", "country": country}
    opening = {"id": "1", "jobOpeningName": "Potter", "compensation": pay_text, "atsLocation": where}
    found = [lever.posting(record).base_salary, bamboohr.listed(opening).base_salary]
    assert [(pay.currency, pay.unit_text) for pay in found if pay] == [(currency, "YEAR")] * 2


def test_boards_have_postings_of_one_title_and_of_several_places() -> None:
    titles = {name: [posting.wording(0).title for posting in known(name).values()] for name in EVERY}
    assert all(len(set(several)) < len(several) for several in titles.values())
    places = {name for name in EVERY for posting in known(name).values() if len(posting.places) > 1}
    assert len(places) > 0.9 * len(EVERY)
