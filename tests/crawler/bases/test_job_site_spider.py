"""Job sites that are read from saved pages: responses to a plain request, and what their spiders share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.bases.board_spider import Known
from crawler.bases.job_site_spider import JobSiteSpider, decoded, employer, without_query
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.systems import find_board, system, systems
from postings import BoardRun, Verdict
from simulator.server import Simulator
from simulator.world import World

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
SITES = [name for name, spider in systems().items() if issubclass(spider, JobSiteSpider)]
FAST: dict[str, Any] = {**UNTHROTTLED, "RETRY_TIMES": 0, "LOG_LEVEL": "CRITICAL"}


def run_of(name: str, postings: int, *, permitted: bool, **settings: Any) -> tuple[BoardRun, list[str]]:
    """Crawl a site's one simulated search; return the run and the requested paths."""
    world = World.sized(boards=1, postings=postings, systems=[name])
    (board,) = world.boards
    runs: list[BoardRun] = []
    with Simulator(world) as simulator:
        crawl(
            [find_board(board.url)],
            observed_at=NOW,
            on_run=lambda run, _: runs.append(run),
            known=Known(permitted=[board.url] if permitted else []),
            settings={**FAST, "ROLEMIX_GATEWAY": simulator.url, **settings},
        )
        paths = [hit.path for hit in simulator.log]
    return runs[0], paths


def test_sites() -> None:
    assert SITES == ["boss", "job51", "lagou", "liepin", "linkedin", "zhaopin"]


@pytest.mark.parametrize("name", ["boss", "job51", "lagou", "liepin"])
def test_access_check_is_a_block_and_is_not_evaded(name: str) -> None:
    run, paths = run_of(name, 3, permitted=True)
    assert (run.verdict, run.unique) == (Verdict.BLOCKED, 0)
    assert len(paths) == 1


def test_linkedin_is_read_until_its_end() -> None:
    run, _ = run_of("linkedin", 120, permitted=True)
    assert (run.verdict, run.unique) == (Verdict.INCOMPLETE, 90)
    assert "HTTP 429" in run.reason


@pytest.mark.parametrize("name", ["linkedin", "zhaopin"])
def test_search_read_to_its_end_is_still_not_complete(name: str) -> None:
    run, _ = run_of(name, 25, permitted=True)
    assert (run.verdict, run.unique) == (Verdict.INCOMPLETE, 25)
    assert system(name).unprovable in run.reason


@pytest.mark.parametrize("name", SITES)
def test_terms_forbid_crawling_where_robots_txt_allows_it(name: str) -> None:
    run, paths = run_of(name, 3, permitted=False, ROBOTSTXT_OBEY=False)
    assert (run.verdict, paths) == (Verdict.BLOCKED, [])
    assert "Forbidden by the site's terms" in run.reason


@pytest.mark.parametrize("name", SITES)
def test_key_that_means_any_does_not_make_a_board(name: str) -> None:
    spider: Any = system(name)
    assert spider.match(spider.search_page) is None
    assert spider.match(f"{spider.search_page}?") is None
    assert spider.search({}).url.endswith("?")
    assert spider.match(spider.search({}).url) is None


@pytest.mark.parametrize("name", SITES)
def test_search_has_several_employers_and_a_companys_page_has_one(name: str) -> None:
    spider: Any = system(name)
    assert spider.board(spider.example).several_employers
    company = find_board(spider.company_page.format("co1" if name == "job51" else "CZ1" if name == "zhaopin" else "1"))
    assert (company.system, company.several_employers) == (name, False)


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("https://www.liepin.com/job/1.shtml?ckId=a&scene=init", "https://www.liepin.com/job/1.shtml"),
        ("https://jobs.zhaopin.com/CC1.htm", "https://jobs.zhaopin.com/CC1.htm"),
        ("javascript:x", ""),
        (None, ""),
    ],
)
def test_search_parameters_are_not_part_of_a_postings_address(address: Any, bare: str) -> None:
    assert without_query(address) == bare


def test_old_chinese_pages_are_gb_18030() -> None:
    assert decoded("滑动验证".encode("gbk")) == decoded("滑动验证".encode()) == "滑动验证"


@pytest.mark.parametrize(
    ("brand", "agency", "named"),
    [
        ("雾港灯具", None, ("雾港灯具", None)),
        ("某知名互联网公司", None, (None, "某知名互联网公司")),
        ("北京某大型互联网平台公司", None, (None, "北京某大型互联网平台公司")),
        ("某500强上市公司", None, (None, "某500强上市公司")),
        ("雾港文化科技有限...", None, (None, "雾港文化科技有限...")),
        ("雾港猎头", "goldHunter", (None, "雾港猎头 (goldHunter)")),
        (None, "goldHunter", (None, None)),
    ],
)
def test_only_a_name_is_an_employer(brand: str | None, agency: str | None, named: tuple[str | None, ...]) -> None:
    assert employer(brand, agency=agency) == named
