"""Crawling over HTTP: whole boards, every way in which a board says no, and how politely it is asked."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from werkzeug import wrappers

from crawler import settings
from crawler.bases.board_spider import Known
from crawler.politeness.download_handler import PrivateAddress, refuse_private
from crawler.politeness.pauses import retry_after
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.systems import find_board, systems
from postings import BoardRun, JobPosting, Verdict
from simulator.faults import FaultKind
from simulator.server import Simulator
from simulator.world import World

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
FAST: dict[str, Any] = {**UNTHROTTLED, "RETRY_TIMES": 1, "LOG_LEVEL": "CRITICAL"}


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=3)


@pytest.fixture(scope="module")
def large() -> World:
    """A board of more than one page."""
    return World.sized(boards=4, postings=120)


@pytest.fixture
def simulator(world: World) -> Iterator[Simulator]:
    with Simulator(world) as running:
        yield running


@pytest.fixture
def paged(large: World) -> Iterator[Simulator]:
    with Simulator(large) as running:
        yield running


def crawled(
    simulator: Simulator, *urls: str, etags: dict[str, str] | None = None, **settings: Any
) -> dict[str, tuple[BoardRun, list[JobPosting]]]:
    """Crawl boards of a simulator; each one's run and postings."""
    found: dict[str, tuple[BoardRun, list[JobPosting]]] = {}
    crawl(
        [find_board(url) for url in urls],
        observed_at=NOW,
        on_run=lambda run, postings: found.__setitem__(run.board_url, (run, list(postings))),
        known=Known(etags=etags or {}),
        settings={**FAST, "ROLEMIX_GATEWAY": simulator.url, **settings},
    )
    return found


def board_of(world: World, system: str) -> str:
    return next(board.url for board in world.boards if board.system.name == system)


def test_every_board_is_read_whole(simulator: Simulator, world: World) -> None:
    found = crawled(simulator, *(board.url for board in world.boards))
    for board in world.boards:
        run, postings = found[board.url]
        assert run.verdict is Verdict.COMPLETE, run.reason
        identifiers = [posting.identifier for posting in postings]
        assert len(identifiers) == len(set(identifiers)) == run.unique
        assert set(identifiers) == world.identifiers(board.url, 0) - world.paused(board.url, 0)
        moved = {posting.identifier for posting in postings if posting.redirects_to}
        assert moved == set(world.redirecting(board.url, 0))
        assert all(posting.title and posting.url for posting in postings)


def test_texts_come_from_the_details_where_the_list_has_none(simulator: Simulator, world: World) -> None:
    board = next(board for board in world.boards if board.system.name == "moka" and not board.text_in_list)
    run, postings = crawled(simulator, board.url)[board.url]
    assert run.verdict is Verdict.COMPLETE
    assert all(posting.description for posting in postings)


def test_mokas_own_page_of_a_posting_tells_what_the_list_leaves_out(simulator: Simulator, world: World) -> None:
    for url in (board.url for board in world.boards if board.host == "app.mokahr.com"):
        _, postings = crawled(simulator, url)[url]
        stated = {posting.identifier for posting in postings if posting.base_salary}
        offered = {posting.identifier for posting in world.rows(url, 0) if posting.pay}
        assert stated == offered & {posting.identifier for posting in postings}
        assert any(posting.total_job_openings for posting in postings)
        assert any(posting.education_requirements for posting in postings)


def test_moka_on_an_employers_own_domain(world: World) -> None:
    pattern = world.board(board_of(world, "moka"))
    own = dataclasses.replace(pattern, url="https://hr.quillfern.example/social-recruitment/quillfern/7")
    with Simulator(World(boards=[own])) as simulator:
        run, postings = crawled(simulator, own.url)[own.url]
        assert run.verdict is Verdict.COMPLETE, run.reason
        assert {hit.host for hit in simulator.log} == {"hr.quillfern.example"}
    assert len(postings) == run.reported_total != 0


def test_a_tenants_address_without_a_site_is_read_as_one_of_its_sites(simulator: Simulator, world: World) -> None:
    url = "https://app.mokahr.com/social-recruitment/luyingu"
    run, postings = crawled(simulator, url)[url]
    (site,) = {posting.url.split("#")[0] for posting in postings}
    assert {posting.identifier for posting in postings} == world.identifiers(site, 0) - world.paused(site, 0)
    assert run.verdict is Verdict.INCOMPLETE
    assert f"leads to {site} now, one of the sites of luyingu, each a board of its own" in run.reason
    others = {board.url for board in world.boards if "/luyingu/" in board.url} - {site}
    assert others
    assert all(other in run.reason for other in others)


def test_pages_make_a_whole(paged: Simulator, large: World) -> None:
    board = board_of(large, "moka")
    run, postings = crawled(paged, board)[board]
    assert run.verdict is Verdict.COMPLETE, run.reason
    assert run.pages == 3
    assert {posting.identifier for posting in postings} == large.identifiers(board, 0) - large.paused(board, 0)


@pytest.mark.parametrize(
    "url",
    [
        "https://app.mokahr.com/social-recruitment/nobody/1",
        "https://job-boards.greenhouse.io/nobody",
        "https://jobs.lever.co/nobody",
        "https://jobs.eu.lever.co/nobody",
        "https://jobs.ashbyhq.com/nobody",
    ],
)
def test_an_unknown_board_is_gone_not_empty(simulator: Simulator, url: str) -> None:
    run, postings = crawled(simulator, url)[url]
    assert run.verdict is Verdict.GONE, run.reason
    assert "unknown" in run.reason
    assert postings == []


def test_one_bad_board_does_not_spoil_the_others(simulator: Simulator, world: World) -> None:
    simulator.fault(board_of(world, "moka"), FaultKind.BLOCKED)
    found = crawled(simulator, *(board.url for board in world.boards))
    verdicts = [run.verdict for run, _ in found.values()]
    assert verdicts.count(Verdict.BLOCKED) == 1
    assert verdicts.count(Verdict.COMPLETE) == len(world.boards) - 1


def test_an_answer_that_breaks_off_is_said_in_words(simulator: Simulator, world: World) -> None:
    board = board_of(world, "lever")
    simulator.fault(board, FaultKind.TRUNCATED)
    run, _ = crawled(simulator, board)[board]
    assert run.reason.endswith("ResponseDataLossError: the answer broke off before its end")


def test_an_unchanged_board_says_so(simulator: Simulator, world: World) -> None:
    board = board_of(world, "greenhouse")
    first, _ = crawled(simulator, board)[board]
    assert first.etag
    again, postings = crawled(simulator, board, etags={board: first.etag})[board]
    assert again.verdict is Verdict.UNCHANGED
    assert postings == []


def test_a_busy_host_is_waited_for(simulator: Simulator, world: World) -> None:
    board = board_of(world, "lever")
    simulator.fault(board, FaultKind.THROTTLED, times=1)
    run, _ = crawled(simulator, board)[board]
    assert run.verdict is Verdict.COMPLETE, run.reason
    throttled, answered = [hit.at for hit in simulator.log if "postings" in hit.path]
    assert answered - throttled >= 1.0, "Retry-After: 1 was not waited for"


def test_a_host_that_asks_for_too_long_is_reported(simulator: Simulator, world: World) -> None:
    board = board_of(world, "lever")
    simulator.fault(board, FaultKind.THROTTLED)
    run, _ = crawled(simulator, board, ROLEMIX_RETRY_AFTER_MAX=0)[board]
    assert run.verdict is Verdict.BLOCKED
    assert "429" in run.reason
    assert len([hit for hit in simulator.log if "postings" in hit.path]) == 1


def test_a_refusal_that_names_no_pause_makes_longer_ones(world: World) -> None:
    class Refusing(Simulator):
        def respond(self, host: str, path: str, request: wrappers.Request, number: int) -> wrappers.Response:
            return wrappers.Response(status=429) if 0 < number < 3 else super().respond(host, path, request, number)

    url = board_of(world, "lever")
    with Refusing(world) as refusing:
        run, _ = crawled(refusing, url, DOWNLOAD_DELAY=0.2, RETRY_TIMES=2)[url]
        _, first, second, third = [hit.at for hit in refusing.log]
    assert run.verdict is Verdict.COMPLETE, run.reason
    assert (second - first > 0.3, third - second > 0.6) == (True, True), "twice the gap, then four times"


def three_boards_of_one_host(world: World) -> list[str]:
    return [board.url for board in world.boards if board.host == "app.mokahr.com"]


@pytest.fixture
def small() -> Iterator[Simulator]:
    """Three boards of one host, of few postings: each posting's own page is a request, which takes its time."""
    with Simulator(World.sized(boards=3, postings=4, systems=["moka"])) as running:
        yield running


def test_a_pause_holds_for_what_was_waiting_already(small: Simulator) -> None:
    simulator, boards = small, three_boards_of_one_host(small.world)
    assert len(boards) == 3
    simulator.fault(boards[0], FaultKind.THROTTLED, times=1)
    found = crawled(simulator, *boards, CONCURRENT_REQUESTS_PER_DOMAIN=1, DOWNLOAD_DELAY=0.1)
    assert {run.verdict for run, _ in found.values()} == {Verdict.COMPLETE}
    hits = list(simulator.log)
    (throttled,) = [hit for hit in hits if hit.status == 429]
    after = [hit.at for hit in hits if hit.at > throttled.at]
    assert after[0] - throttled.at >= 1.0, "another request to the host went out during its pause"
    # Over all of them, because a loaded machine answers one late and the next at once.
    assert after[-1] - after[0] > 0.1 * (len(after) - 1) / 2, "they all went out at once afterwards"


def test_a_host_that_asks_for_too_long_is_left_alone_by_all_boards(simulator: Simulator, world: World) -> None:
    boards = three_boards_of_one_host(world)
    simulator.fault(boards[0], FaultKind.THROTTLED)
    found = crawled(simulator, *boards, CONCURRENT_REQUESTS_PER_DOMAIN=1, DOWNLOAD_DELAY=0.1, ROLEMIX_RETRY_AFTER_MAX=0)
    assert {run.verdict for run, _ in found.values()} == {Verdict.BLOCKED}
    assert "asked not to be asked for 1 seconds" in found[boards[1]][0].reason
    assert [hit.status for hit in simulator.log] == [200, 429], "robots.txt, the refusal, and nothing after it"


def test_one_request_a_second_and_host_by_default(small: Simulator) -> None:
    board = board_of(small.world, "moka")
    slow = {"DOWNLOAD_DELAY": 1.0, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "AUTOTHROTTLE_ENABLED": True}
    crawled(small, board, **slow)
    times = [hit.at for hit in small.log]
    assert len(times) >= 3, "robots.txt, the board's page and its list"
    # The simulator notes when an answer ended, and a loaded machine ends one late: the whole course tells the rate.
    assert times[-1] - times[0] > len(times) - 1 - 0.5


@pytest.fixture
def asks_for_two_seconds(world: World) -> Iterator[Simulator]:
    class Reserved(Simulator):
        def respond(self, host: str, path: str, request: wrappers.Request, number: int) -> wrappers.Response:
            if path == "/robots.txt":
                return wrappers.Response("User-agent: *\nCrawl-delay: 2\n")
            return super().respond(host, path, request, number)

    with Reserved(world) as running:
        yield running


def test_a_longer_gap_that_robots_txt_asks_for_is_kept(asks_for_two_seconds: Simulator, world: World) -> None:
    found = crawled(asks_for_two_seconds, board_of(world, "lever"), DOWNLOAD_DELAY=0.1)
    assert [run.verdict for run, _ in found.values()] == [Verdict.COMPLETE]
    robots, listed = [hit.at for hit in asks_for_two_seconds.log]
    assert listed - robots > 1.5, "the gap is counted from when the request left, the log from when it was answered"


def test_a_gap_longer_than_any_pause_is_not_waited_for(asks_for_two_seconds: Simulator, world: World) -> None:
    url = board_of(world, "lever")
    run, _ = crawled(asks_for_two_seconds, url, DOWNLOAD_DELAY=0.1, ROLEMIX_RETRY_AFTER_MAX=1)[url]
    assert (run.verdict, "2 seconds between requests" in run.reason) == (Verdict.BLOCKED, True)


def test_the_crawler_names_itself(simulator: Simulator, world: World) -> None:
    crawled(simulator, board_of(world, "ashby"))
    assert {hit.user_agent.split("/")[0] for hit in simulator.log} == {"rolemix"}


def test_robots_txt_is_read_first_and_obeyed(simulator: Simulator) -> None:
    # Moka's robots.txt names two boards that are not to be read.
    url = "https://app.mokahr.com/social-recruitment/shopee/74378"
    run, _ = crawled(simulator, url)[url]
    assert simulator.log[0].path == "/robots.txt"
    assert run.verdict is Verdict.BLOCKED
    assert "robots.txt" in run.reason
    assert not [hit for hit in simulator.log if "shopee" in hit.path]


def test_a_robots_txt_that_the_host_fails_to_give_forbids_everything(world: World) -> None:
    class Failing(Simulator):
        def respond(self, host: str, path: str, request: wrappers.Request, number: int) -> wrappers.Response:
            if path == "/robots.txt":
                return wrappers.Response(status=503)
            return super().respond(host, path, request, number)

    url = board_of(world, "lever")
    with Failing(world) as failing:
        run, _ = crawled(failing, url)[url]
        asked = [hit.path for hit in failing.log]
    assert run.verdict is Verdict.BLOCKED
    assert set(asked) == {"/robots.txt"}


def test_nobody_listens() -> None:
    with Simulator(World()) as stopped:
        url = stopped.url
    found: list[BoardRun] = []
    crawl(
        [find_board("https://jobs.lever.co/nobody")],
        observed_at=NOW,
        on_run=lambda run, postings: found.append(run),
        settings={**FAST, "ROLEMIX_GATEWAY": url},
    )
    assert [run.verdict for run in found] == [Verdict.FAILED]


def test_what_the_store_raises_reaches_the_caller(simulator: Simulator, world: World) -> None:
    class FullDisk(Exception):
        pass

    def refuse(run: BoardRun, postings: Iterator[JobPosting]) -> None:
        raise FullDisk

    with pytest.raises(FullDisk):
        crawl(
            [find_board(board.url) for board in world.boards],
            observed_at=NOW,
            on_run=refuse,
            settings={**FAST, "ROLEMIX_GATEWAY": simulator.url},
        )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.1.2.3", "169.254.169.254", "::1", "192.168.0.1"])
def test_private_addresses_are_refused(host: str) -> None:
    with pytest.raises(PrivateAddress, match="not a public address"):
        asyncio.run(refuse_private(host))


def test_no_request_reaches_a_private_address(simulator: Simulator) -> None:
    done = scrapy("fetch", "--headers", f"{simulator.url}/robots.txt")
    assert "127.0.0.1 is not a public address" in done.stderr
    assert simulator.log == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Mon, 02 Mar 2026 06:00:30 GMT", "Date": "Mon, 02 Mar 2026 06:00:00 GMT"}, 30),
        ({"Retry-After": "Mon, 02 Mar 2026 05:00:00 GMT", "Date": "Mon, 02 Mar 2026 06:00:00 GMT"}, 0),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    response = TextResponse("https://example.com", status=429, headers=headers, request=Request("https://example.com"))
    assert retry_after(response) == seconds


def scrapy(*arguments: str, gateway: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "ROLEMIX_GATEWAY": gateway},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_scrapy_lists_a_spider_per_system() -> None:
    assert scrapy("list").stdout.split() == list(systems())


def test_scrapy_crawl_works_alone(simulator: Simulator, world: World, tmp_path: Path) -> None:
    board = board_of(world, "moka")
    out = tmp_path / "out.jsonl"
    hurried = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")
    done = scrapy("crawl", "moka", "-a", f"board={board}", "-O", str(out), *hurried, gateway=simulator.url)
    assert done.returncode == 0, done.stderr
    assert f"{board}: complete:" in done.stderr
    postings = [JobPosting.from_dict(json.loads(line)) for line in out.read_text("utf-8").splitlines()]
    assert {posting.identifier for posting in postings} == world.identifiers(board, 0) - world.paused(board, 0)


def test_scrapy_crawl_says_what_it_needs() -> None:
    assert "give its address, for example -a board=https://app.mokahr.com/" in scrapy("crawl", "moka").stderr


def test_scrapys_unsafe_defaults_are_off() -> None:
    assert settings.ROBOTSTXT_OBEY
    assert settings.DOWNLOAD_VERIFY_CERTIFICATES
    assert not settings.TELNETCONSOLE_ENABLED
    assert not settings.REMOTE_CONTROL_ENABLED
    assert settings.DOWNLOAD_DELAY >= 1
    assert settings.DOWNLOAD_MAXSIZE <= 128 * 1024 * 1024
    assert all(settings.DOWNLOAD_HANDLERS[scheme] is None for scheme in ("file", "ftp", "data", "s3"))


def test_a_crawl_that_ends_early_says_which_boards_it_did_not_read(paged: Simulator, large: World) -> None:
    board = board_of(large, "moka")
    run, postings = crawled(paged, board, CLOSESPIDER_PAGECOUNT=2)[board]
    assert (run.verdict, run.reason) == (Verdict.FAILED, "the crawl ended before the board was read")
    assert postings == []
