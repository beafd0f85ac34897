"""From a pasted address to its boards: every form that people paste, on company pages served over HTTP."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from crawler import systems
from crawler.bases.board_spider import BoardSpider
from crawler.boards import Board
from crawler.discovery import page_mentions
from crawler.discovery.search import PAGES as MOST_PAGES
from crawler.discovery.search import SCRIPTS, Discovery, discover, search
from crawler.runs.live import UNTHROTTLED
from crawler.systems import UnknownSystem
from simulator.server import Simulator
from simulator.sites import SitePage
from simulator.world import World

UUID = "0a1b2c3d-0000-4000-8000-000000000001"

LUYINGU = ("moka", "luyingu", "210034")
LUYINGU_CAMPUS = ("moka", "luyingu", "210035")
JINRIDGE = ("moka", "jinridge", "318820")
ORRERY = ("moka", "orreryharbor", "100000412")
FENWRIGHT = ("greenhouse", "fenwrightlabs", None)
BRIGHTFJORD = ("lever", "brightfjord", None)
CINDERQUAY = ("lever", "cinderquay", None)
MARROWLIGHT = ("ashby", "marrowlight", None)

MOKA_LINK = "https://app.mokahr.com/social-recruitment/luyingu/210034"
INIT_DATA = {"org": {"id": "luyingu", "name": "鹿吟谷智能", "siteId": "210034", "type": "social"}, "siteId": "210034"}
JSON_LD = json.dumps({"@context": "https://schema.org", "@type": "JobPosting", "title": "Potter"})


def page(body: str, title: str = "Acme", language: str = "en") -> SitePage:
    """A page of a company's own."""
    return SitePage(
        body=f'<!doctype html><html lang="{language}"><head><title>{title}</title></head><body>{body}</body></html>'
    )


PAGES = {
    # A shell whose script holds everything, as a static copy of a board has it.
    "https://talent.acme.example/": page('<div id="root"></div><script defer src="/static/main.0a1b2c.js"></script>'),
    "https://talent.acme.example/static/main.0a1b2c.js": SitePage(
        kind="application/javascript",
        body="const d=JSON.parse('" + json.dumps({"sourceUrl": MOKA_LINK}).replace("/", r"\/") + "')",
    ),
    # The recruiting system's own page under the company's domain.
    "https://hr.acme.example/": page(
        f'<div id="app"></div><input type="hidden" id="init-data" value="{html.escape(json.dumps(INIT_DATA))}">',
        language="zh-CN",
    ),
    "https://acme.example/refresh": SitePage(
        body='<html><head><meta http-equiv="refresh" content="0; url=https://jobs.lever.co/cinderquay"></head></html>'
    ),
    "https://acme.example/old": SitePage(to="https://acme.example/older", status=301),
    "https://acme.example/older": SitePage(to="/work"),
    "https://acme.example/work": SitePage(to="https://jobs.ashbyhq.com/marrowlight?utm_source=site"),
    "https://acme.example/loop": SitePage(to="https://acme.example/loop"),
    "https://acme.example/canonical": SitePage(
        body='<html><head><link rel="canonical" href="https://jobs.lever.co/cinderquay"></head><body></body></html>'
    ),
    "https://acme.example/zhaopin": page(f'<iframe src="{MOKA_LINK}#/jobs"></iframe>', "人才招聘", "zh-CN"),
    "https://acme.example/lazy": page(f'<iframe data-src="{MOKA_LINK}"></iframe>', "招贤纳士", "zh-CN"),
    "https://acme.example/props": page(
        """<div data-props='{"jobs":"https:\\/\\/jobs.ashbyhq.com\\/marrowlight"}'></div>"""
    ),
    "https://acme.example/fetch": page(
        r'<script>fetch("https:\u002F\u002Fapi.eu.lever.co\u002Fv0\u002Fpostings\u002Fbrightfjord?mode=json")</script>'
    ),
    "https://acme.example/api": page(
        '<script>$.get("//boards-api.greenhouse.io/v1/boards/fenwrightlabs/jobs?content=true", show);</script>'
    ),
    "https://acme.example/button": page(f"""<button onclick="location.href='{MOKA_LINK}'">社会招聘</button>"""),
    "https://acme.example/text": page(f"<p>投递地址：{MOKA_LINK}，欢迎加入！</p>", "加入我们", "zh-CN"),
    "https://acme.example/counted": page(
        '<a href="https://out.example/go?to=https%3A%2F%2Fjobs.lever.co%2Fcinderquay%2F' + UUID + '">Loader</a>'
    ),
    "https://acme.example/gb": SitePage(
        body=f'<html><head><meta charset="gb18030"></head><body>招聘 <a href="{MOKA_LINK}">职位</a></body></html>',
        encoding="gb18030",
    ),
    "https://acme.example/answer.json": SitePage(
        kind="application/json", body='{"apply": "https://jobs.ashbyhq.com/marrowlight/' + UUID + '"}'
    ),
    # Pages whose boards are one link away.
    "https://werk.example/": page('<a href="/s/12">Stellenangebote</a>', "Werk", "de"),
    "https://werk.example/s/12": page('<a href="https://jobs.ashbyhq.com/marrowlight">Alle Stellen</a>', "Werk", "de"),
    "https://www.shan.example/": page('<a href="/p/7.html">关于</a><a href="/p/9.html">社会招聘</a>', "山", "zh-CN"),
    "https://www.shan.example/p/7.html": page('<a href="https://jobs.lever.co/somebody-else">Partner</a>'),
    "https://www.shan.example/p/9.html": page(f'<a href="{MOKA_LINK}">查看职位</a>', "山", "zh-CN"),
    "https://framed.example/": page('<iframe src="/widget"></iframe>'),
    "https://framed.example/widget": page(
        '<script src="https://boards.greenhouse.io/embed/job_board/js?for=fenwrightlabs"></script>'
    ),
    "https://new.example/": SitePage(to="https://www.renamed.example/"),
    "https://www.renamed.example/": page('<a href="https://jobs.renamed.example/list">Jobs</a>'),
    "https://jobs.renamed.example/list": page('<a href="https://jobs.lever.co/cinderquay">All</a>'),
    # Several boards.
    "https://both.example/careers": page(
        '<a href="https://job-boards.greenhouse.io/fenwrightlabs/jobs/4000001">Engineer</a>'
        '<a href="https://job-boards.greenhouse.io/fenwrightlabs/jobs/4000002">Designer</a>'
        '<a href="https://jobs.ashbyhq.com/marrowlight">More</a>'
    ),
    # A site of its own system: what its job pages say of themselves, or its feed.
    "https://kiln.example/jobs/7": page(f'<script type="application/ld+json">{JSON_LD}</script>'),
    "https://kiln.example/both/7": page(
        f'<script type="application/ld+json">{JSON_LD}</script><a href="https://jobs.lever.co/cinderquay">All</a>'
    ),
    "https://glaze.example/": SitePage(
        body='<html><head><link rel="alternate" type="application/rss+xml" title="Jobs" href="/jobs.rss"></head></html>'
    ),
    "https://glaze.example/blog": SitePage(
        body='<html><head><link rel="alternate" type="application/rss+xml" title="Blog" href="/b.rss"></head></html>'
    ),
    "https://feishu.example/": page(
        '<a href="https://acme.jobs.feishu.cn/index/?spread=X">社会招聘</a>', "加入我们", "zh-CN"
    ),
    "https://workday.example/": page('<a href="https://acme.wd5.myworkdayjobs.com/Careers">Open positions</a>'),
    # None.
    "https://none.example/": page('<a href="/imprint">Imprint</a><p>We build lamps.</p>', "Lamps"),
    "https://none.example/robots.txt": SitePage(body="User-agent: *\nDisallow: /closed\n", kind="text/plain"),
    "https://none.example/closed": page('<a href="https://jobs.lever.co/cinderquay">Jobs</a>'),
    "https://none.example/commented": page("<!-- <a href='https://jobs.lever.co/cinderquay'>Jobs</a> -->"),
    "https://none.example/hint": page('<a href="?gh_jid=4000001">Engineer</a><div id="grnhse_app"></div>'),
    "https://none.example/pictures": page(
        '<img src="https://jobs.lever.co/cinderquay"><p>https://jobs.ashbyhq.com/logo.png</p>'
    ),
    "https://none.example/template": page("<script>open(`https://jobs.ashbyhq.com/acme-${region}/jobs`)</script>"),
    "https://none.example/makers": page('<a href="https://www.lever.co/">Powered by Lever</a>'),
    "https://none.example/elsewhere": page('<a href="https://partner.example/careers">Careers at our partner</a>'),
    "https://partner.example/careers": page('<a href="https://jobs.lever.co/partner">Jobs</a>'),
    "https://none.example/file.pdf": SitePage(body="%PDF-1.7\0\1\2", kind="application/pdf"),
    "https://none.example/broken": SitePage(status=500, body="https://jobs.lever.co/cinderquay"),
}

PASTED = [
    # Boards, postings, embeds and programs' addresses: the form tells.
    (MOKA_LINK, [LUYINGU], "address"),
    (f"{MOKA_LINK}?locale=en-US#/job/{UUID}/apply", [LUYINGU], "address"),
    ("app.mokahr.com/m/apply/luyingu/210034#/", [LUYINGU], "address"),
    ("https://app.mokahr.com/campus_apply/luyingu/210035", [LUYINGU_CAMPUS], "address"),
    ("https://hire-r1.mokahr.com/social-recruitment/orreryharbor/100000412", [ORRERY], "address"),
    (" https://job-boards.greenhouse.io/fenwrightlabs ", [FENWRIGHT], "address"),
    ("https://boards.greenhouse.io/FenwrightLabs/jobs/4000001?gh_src=1", [FENWRIGHT], "address"),
    ("https://boards.greenhouse.io/embed/job_board?for=fenwrightlabs", [FENWRIGHT], "address"),
    ("https://boards.greenhouse.io/embed/job_board/js?for=fenwrightlabs", [FENWRIGHT], "address"),
    ("https://boards.greenhouse.io/embed/job_app?for=fenwrightlabs&token=4000001", [FENWRIGHT], "address"),
    ("https://boards-api.greenhouse.io/v1/boards/fenwrightlabs/jobs?content=true", [FENWRIGHT], "address"),
    ("https://jobs.lever.co/cinderquay", [CINDERQUAY], "address"),
    (f"https://jobs.lever.co/cinderquay/{UUID}/apply?lever-source=x", [CINDERQUAY], "address"),
    ("jobs.eu.lever.co/brightfjord", [BRIGHTFJORD], "address"),
    ("https://api.lever.co/v0/postings/cinderquay?mode=json", [CINDERQUAY], "address"),
    ("https://jobs.ashbyhq.com/marrowlight", [MARROWLIGHT], "address"),
    (f"https://jobs.ashbyhq.com/marrowlight/{UUID}/application", [MARROWLIGHT], "address"),
    ("https://jobs.ashbyhq.com/marrowlight/embed?version=2", [MARROWLIGHT], "address"),
    ("https://api.ashbyhq.com/posting-api/job-board/marrowlight", [MARROWLIGHT], "address"),
    ("https://out.example/go?to=https%3A%2F%2Fjobs.lever.co%2Fcinderquay", [CINDERQUAY], "address"),
    ("https://acme.jobs.feishu.cn/index/position/7595187765260732725/detail", [("feishu", "acme", "index")], "address"),
    ("https://xiaomi.jobs.f.mioffice.cn/internship", [("feishu", "xiaomi", "internship")], "address"),
    ("https://hr-jobs.sensetime.com/social/position/list", [("feishu", "sensetime", "social")], "address"),
    (
        "https://jobs.bytedance.com/experienced/position/7595187765260732725/detail",
        [("bytedance", "bytedance", "experienced")],
        "address",
    ),
    ("https://lifeattiktok.com/search/7595187765260732725", [("tiktok", "tiktok", None)], "address"),
    (
        "https://acme.zhiye.com/social/detail?jobAdId=9bd8a5c0-1111-4222-8333-944455556666",
        [("beisen", "acme", None)],
        "address",
    ),
    ("https://careers.tencent.com/jobdesc.html?postId=1524644586897547264", [("tencent", "tencent", None)], "address"),
    ("https://careers-tongyi.alibaba.com/off-campus/position-list?lang=zh", [("alibaba", "tongyi", None)], "address"),
    (
        "https://talent.baidu.com/jobs/detail/SOCIAL/0f1e2d3c-1111-4222-8333-944455556666",
        [("baidu", "baidu", None)],
        "address",
    ),
    ("https://zhaopin.meituan.com/web/position/detail?jobUnionId=123", [("meituan", "meituan", None)], "address"),
    (
        "https://hr.acme.example/apply/acme/26325#/job/0f1e2d3c-1111-4222-8333-944455556666",
        [("moka", "acme", "26325")],
        "address",
    ),
    (
        "https://acme.wd5.myworkdayjobs.com/en-US/Careers/job/Oslo/Engineer_JR1",
        [("workday", "acme", "Careers")],
        "address",
    ),
    ("https://apply.workable.com/acme/j/F4C096B22E/", [("workable", "acme", None)], "address"),
    ("https://jobs.smartrecruiters.com/Acme/744000137225639-engineer", [("smartrecruiters", "acme", None)], "address"),
    ("https://acme.recruitee.com/o/engineer", [("recruitee", "acme", None)], "address"),
    ("https://acme.jobs.personio.de/job/123?language=en", [("personio", "acme", None)], "address"),
    ("https://acme.teamtailor.com/jobs/123-engineer", [("teamtailor", "acme", None)], "address"),
    ("https://acme.bamboohr.com/careers/42", [("bamboohr", "acme", None)], "address"),
    (
        "https://acme.fa.us2.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_1/job/386920",
        [("oracle", "acme.fa.us2.oraclecloud.com", "CX_1")],
        "address",
    ),
    ("https://acme.eightfold.ai/careers?domain=acme.com&pid=1234", [("eightfold", "acme.com", "acme.com")], "address"),
    (
        "https://jobs.acme.com/search/?q=&locationsearch=&startrow=0",
        [("successfactors", "jobs.acme.com", None)],
        "address",
    ),
    ("https://careers-acme.icims.com/jobs/1977/engineer/job", [("icims", "careers-acme", None)], "address"),
    ("https://acme.jibeapply.com/jobs/123", [("jibe", "acme", None)], "address"),
    (
        "https://www.google.com/about/careers/applications/jobs/results/123-engineer",
        [("google", "Google", None)],
        "address",
    ),
    ("https://www.metacareers.com/jobs/123456789", [("meta", "Meta", None)], "address"),
    ("careers+https://careers.acme.com/job", [("careers", "careers.acme.com", "/job")], "address"),
    # Companies' own pages that show their boards.
    ("https://www.luyingu.example/join", [LUYINGU, LUYINGU_CAMPUS], "link"),
    ("www.luyingu.example", [LUYINGU, LUYINGU_CAMPUS], "link"),
    ("https://kiln.example/jobs/7", [("careers", "kiln.example", "/jobs")], "settings"),
    ("https://kiln.example/both/7", [CINDERQUAY], "link"),
    ("https://glaze.example", [("feed", "glaze.example", "/jobs.rss")], "settings"),
    ("https://feishu.example", [("feishu", "acme", "index")], "link"),
    ("https://workday.example", [("workday", "acme", "Careers")], "link"),
    ("https://www.jinridge.example/about/zhaopin", [JINRIDGE], "link"),
    ("https://orreryharbor.example/careers", [ORRERY], "redirect"),
    ("https://careers.fenwrightlabs.example/open-roles?gh_jid=4000001", [FENWRIGHT], "script"),
    ("https://brightfjord.example/karriere", [BRIGHTFJORD], "link"),
    ("https://www.cinderquay.example/jobs", [CINDERQUAY], "settings"),
    ("https://marrowlight.example/", [MARROWLIGHT], "script"),
    ("https://talent.acme.example", [LUYINGU], "text"),
    ("https://hr.acme.example/", [LUYINGU], "settings"),
    ("https://acme.example/refresh", [CINDERQUAY], "redirect"),
    ("https://acme.example/old", [MARROWLIGHT], "redirect"),
    ("https://acme.example/canonical", [CINDERQUAY], "canonical link"),
    ("https://acme.example/zhaopin", [LUYINGU], "frame"),
    ("https://acme.example/lazy", [LUYINGU], "frame"),
    ("https://acme.example/props", [MARROWLIGHT], "attribute"),
    ("https://acme.example/fetch", [BRIGHTFJORD], "text"),
    ("https://acme.example/api", [FENWRIGHT], "text"),
    ("https://acme.example/button", [LUYINGU], "attribute"),
    ("https://acme.example/text", [LUYINGU], "text"),
    ("https://acme.example/counted", [CINDERQUAY], "link"),
    ("https://acme.example/gb", [LUYINGU], "link"),
    ("https://acme.example/answer.json", [MARROWLIGHT], "text"),
    ("https://werk.example", [MARROWLIGHT], "link"),
    ("https://www.shan.example/", [LUYINGU], "link"),
    ("https://framed.example/", [FENWRIGHT], "script"),
    ("new.example", [CINDERQUAY], "link"),
    ("https://both.example/careers", [FENWRIGHT, MARROWLIGHT], "link"),
]

NOTHING = [
    ("https://glaze.example/blog", "saw https://glaze.example/blog"),
    ("https://none.example/", "https://none.example/ ('Lamps')"),
    ("https://none.example/not-there", "https://none.example/not-there (HTTP 404)"),
    ("https://none.example/closed", "robots.txt"),
    ("https://none.example/commented", "'Acme'"),
    (
        "https://none.example/hint",
        "greenhouse (gh_jid=) is in use, but nothing shows which of its boards",
    ),
    ("https://none.example/?ashby_jid=1", "ashby (ashby_jid=) is in use"),
    ("https://none.example/pictures", "'Acme'"),
    ("https://none.example/template", "'Acme'"),
    ("https://none.example/makers", "'Acme'"),
    ("https://none.example/elsewhere", "'Acme'"),
    ("https://none.example/file.pdf", "no text"),
    ("https://none.example/broken", "HTTP 500"),
    ("https://acme.example/loop", "redirects to https://acme.example/loop"),
    ("https://jobs.lever.co/", "HTTP 404"),
]


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator(World(seed=3)) as simulator:
        simulator.pages |= PAGES
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    running.log.clear()
    return running


def settings(simulator: Simulator) -> dict[str, Any]:
    return {**UNTHROTTLED, "RETRY_TIMES": 0, "LOG_LEVEL": "CRITICAL", "ROLEMIX_GATEWAY": simulator.url}


def found(simulator: Simulator, url: str) -> Discovery:
    return discover(url, settings(simulator))


def names(discovery: Discovery) -> list[tuple[str, str, str | None]]:
    return [(one.board.system, one.board.organization, one.board.site) for one in discovery.boards]


def test_the_table_is_long_enough() -> None:
    assert len(PASTED) + len(NOTHING) >= 40
    assert len({url for url, *_ in PASTED + NOTHING}) == len(PASTED + NOTHING)


@pytest.mark.parametrize(("url", "boards", "kind"), PASTED, ids=[url.strip() for url, *_ in PASTED])
def test_what_people_paste_leads_to_the_board(
    simulator: Simulator, url: str, boards: list[tuple[str, str, str | None]], kind: str
) -> None:
    discovery = found(simulator, url)
    assert names(discovery) == boards, discovery.sentence
    assert discovery.boards[0].mentions[0].kind == kind
    if kind == "address":
        assert simulator.log == [], "its form tells, nothing has to be asked"


@pytest.mark.parametrize(("url", "said"), NOTHING, ids=[url for url, _ in NOTHING])
def test_where_nothing_names_a_board_the_sentence_lists_what_was_read(
    simulator: Simulator, url: str, said: str
) -> None:
    discovery = found(simulator, url)
    assert discovery.boards == ()
    assert said in discovery.sentence
    assert discovery.sentence.startswith(f"no board found on {url}: looked for redirects, frames, scripts")
    assert "\n" not in discovery.sentence


@pytest.mark.parametrize(
    "url", ["", "acme", "Acme Robotics", "javascript:alert(1)", "ftp://acme.example", "a@acme.example"]
)
def test_no_address_is_refused_and_not_guessed_at(url: str) -> None:
    with pytest.raises(UnknownSystem, match="boards are not guessed from names"):
        discover(url)


def test_mention_shows_what_names_the_board_on_which_page(simulator: Simulator) -> None:
    (one,) = found(simulator, "https://marrowlight.example").boards
    assert one.page == "https://marrowlight.example/careers"
    assert str(one.mentions[0]) == (
        "script https://jobs.ashbyhq.com/marrowlight/embed?version=2 on https://marrowlight.example/careers"
    )


def test_mention_of_a_redirect_is_the_page_that_people_know(simulator: Simulator) -> None:
    discovery = found(simulator, "https://acme.example/old")
    assert discovery.boards[0].page == "https://acme.example/old"
    assert len(discovery.seen) == 3
    assert not [hit for hit in simulator.log if hit.host == "jobs.ashbyhq.com"], "the board itself is not asked"


def test_what_a_script_shows_its_page_shows(simulator: Simulator) -> None:
    assert found(simulator, "https://talent.acme.example").boards[0].page == "https://talent.acme.example"


def test_mentions_are_short(simulator: Simulator) -> None:
    links = "".join(f'<a href="https://jobs.lever.co/cinderquay/{n}?{"x" * 500}">{n}</a>' for n in range(50))
    simulator.pages["https://acme.example/long"] = page(links)
    ((one,),) = [found(simulator, "https://acme.example/long").boards]
    assert len(one.mentions) == 3
    assert max(len(piece.words) for piece in one.mentions) == page_mentions.LONGEST


def test_page_that_names_a_board_is_the_only_one_requested(simulator: Simulator) -> None:
    found(simulator, "https://brightfjord.example/karriere")
    assert [hit.path for hit in simulator.log] == ["/robots.txt", "/karriere"]


def test_robots_txt_is_obeyed_on_companies_pages(simulator: Simulator) -> None:
    found(simulator, "https://none.example/closed")
    assert [hit.path for hit in simulator.log] == ["/robots.txt"]


def test_few_pages_are_requested_however_many_are_about_hiring(simulator: Simulator) -> None:
    links = "".join(f'<a href="/careers/{n}">Careers {n}</a><script src="/{n}.js"></script>' for n in range(40))
    simulator.pages["https://many.example/"] = page(links)
    found(simulator, "https://many.example/")
    assert len(simulator.log) == 1 + 1 + MOST_PAGES + SCRIPTS, "robots.txt, the page, and a few behind it"


def test_the_plainest_words_are_followed_first(simulator: Simulator) -> None:
    posts = "".join(
        f'<a href="/blog/jobs-{n}">How number {n} of our many jobs came to be what it is</a>' for n in range(9)
    )
    simulator.pages["https://blog.example/"] = page(f'{posts}<a href="/x">Careers</a>')
    simulator.pages["https://blog.example/x"] = page('<a href="https://jobs.lever.co/cinderquay">All</a>')
    assert names(found(simulator, "https://blog.example/")) == [CINDERQUAY]


def test_no_private_address_is_requested(simulator: Simulator) -> None:
    discovery = discover(f"{simulator.url}/careers", {**UNTHROTTLED, "LOG_LEVEL": "CRITICAL"})
    assert "is not a public address" in discovery.sentence
    assert simulator.log == []


def test_pages_that_cannot_be_requested_cost_the_others_nothing(simulator: Simulator) -> None:
    broken, good = search(["no address", "https://acme.example/api"], settings=settings(simulator))
    assert (broken.boards, names(good)) == ((), [FENWRIGHT])


def test_of_a_boards_own_page_only_itself_is_read(simulator: Simulator) -> None:
    simulator.pages["https://jobs.lever.co/shut"] = page(
        '<a href="/careers">Careers</a><p>https://jobs.lever.co/lever</p>'
    )
    (discovery,) = search([], boards=["https://jobs.lever.co/shut"], settings=settings(simulator))
    assert discovery.boards == ()
    assert [hit.path for hit in simulator.log] == ["/robots.txt", "/shut"]


# Whose board it is


@pytest.mark.parametrize(
    ("stated", "organization", "contradicts"),
    [
        ("Fenwright Labs", "Fenwright Labs", False),
        ("Fenwright", "Fenwright Labs, Inc.", False),
        ("鹿吟谷智能科技有限公司", "鹿吟谷智能", False),
        ("Quillmoth", "Fenwright Labs", True),
        ("Quillmoth", None, False),
        (None, "Fenwright Labs", False),
    ],
)
def test_another_companys_board_is_noticed(stated: str | None, organization: str | None, contradicts: bool) -> None:
    discovery = Discovery(url="https://www.acme.example/careers", company=stated, titles=("Careers",))
    board = systems.find_board("https://jobs.lever.co/x1")
    assert discovery.contradicts(board, organization) is contradicts


def test_board_named_like_the_site_is_the_companys() -> None:
    discovery = Discovery(url="https://www.fenwright.example/careers", company="FWL")
    assert not discovery.contradicts(systems.find_board("https://jobs.lever.co/fenwright"), "Fenwright Labs")


# Systems that read any page


class Anywhere(BoardSpider):
    """A system without a host of its own."""

    name = "anywhere"
    vendor = "Anywhere"
    proof = "none"
    example = "https://jobs.anywhere.example/all"
    url_patterns = ()
    path_patterns = (re.compile(r"https?://(?P<rest>\S+)"),)

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        return Board(url=match[0], system=cls.name, organization=match["rest"])


@pytest.fixture
def anywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with_it = {**systems.systems(), Anywhere.name: Anywhere}
    monkeypatch.setattr(systems, "systems", lambda: with_it)
    for cached in (page_mentions.recognizable_systems, page_mentions.known_sites, page_mentions.board_at):
        cached.cache_clear()
    yield
    for cached in (page_mentions.recognizable_systems, page_mentions.known_sites, page_mentions.board_at):
        cached.cache_clear()


@pytest.mark.usefixtures("anywhere")
def test_system_that_reads_any_page_is_the_last_resort(simulator: Simulator) -> None:
    assert names(found(simulator, "https://werk.example")) == [MARROWLIGHT]
    (last,) = found(simulator, "https://none.example/").boards
    assert (last.board.system, last.page) == ("anywhere", None)
