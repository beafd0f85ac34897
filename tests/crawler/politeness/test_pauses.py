"""Pauses: how long no request goes to a host, and when a run gives it up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from scrapy.settings import Settings
from werkzeug import wrappers

from crawler.politeness.pauses import Pauses, retry_after
from postings import Verdict
from simulator.faults import Fault, FaultKind
from simulator.server import Simulator
from simulator.world import World
from tests.crawler.clock import Clock
from tests.crawler.crawls import board_of, crawled
from tests.crawler.site import Site


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def simulator(world: World, clock: Clock) -> Iterator[Simulator]:
    """A simulator whose log has the clock's times."""
    with Simulator(world, clock=clock) as running:
        yield running


def kept(clock: Clock, longest: float = 120) -> dict[str, Any]:
    """Return the setting by which a crawl keeps its pauses on a clock."""
    return {"ROLEMIX_PAUSES": Pauses(longest, "rolemix", clock=clock, sleep=clock.sleep)}


def test_busy_host_is_waited_for(simulator: Simulator, world: World, clock: Clock) -> None:
    board = board_of(world, "lever")
    simulator.fault(board, Fault(FaultKind.THROTTLED, times=1))
    run, _ = crawled(simulator, board, **kept(clock))[board]
    assert run.verdict is Verdict.COMPLETE, run.reason
    throttled, answered = [hit.at for hit in simulator.log if "postings" in hit.path]
    assert answered - throttled >= 1.0, "Retry-After: 1 was not waited for"


def test_host_that_asks_for_too_long_a_pause_is_reported(simulator: Simulator, world: World) -> None:
    board = board_of(world, "lever")
    simulator.fault(board, FaultKind.THROTTLED)
    run, _ = crawled(simulator, board, ROLEMIX_RETRY_AFTER_MAX=0)[board]
    assert run.verdict is Verdict.BLOCKED
    assert "429" in run.reason
    assert len([hit for hit in simulator.log if "postings" in hit.path]) == 1


def test_refusals_without_retry_after_make_longer_pauses(world: World, clock: Clock) -> None:
    class Refusing(Simulator):
        def respond(self, host: str, path: str, request: wrappers.Request, number: int) -> wrappers.Response:
            if path == "/robots.txt":
                return wrappers.Response("User-agent: *\n")  # the board's own asks for a longer gap
            return wrappers.Response(status=429) if number < 3 else super().respond(host, path, request, number)

    url = board_of(world, "lever")
    with Refusing(world, clock=clock) as refusing:
        run, _ = crawled(refusing, url, DOWNLOAD_DELAY=0.02, RETRY_TIMES=2, **kept(clock))[url]
        _, first, second, third = [hit.at for hit in refusing.log]
    assert run.verdict is Verdict.COMPLETE, run.reason
    assert [second - first, third - second] == pytest.approx([0.04, 0.08]), "twice the gap, then four times"


def three_boards_of_one_host(world: World) -> list[str]:
    return [board.url for board in world.boards if board.host == "app.mokahr.com"]


def test_pause_holds_for_requests_that_were_waiting_already(simulator: Simulator, world: World, clock: Clock) -> None:
    boards = three_boards_of_one_host(world)
    assert len(boards) == 3
    simulator.fault(boards[0], Fault(FaultKind.THROTTLED, times=1))
    slow = {"CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0.01}
    found = crawled(simulator, *boards, **slow, **kept(clock))
    assert {run.verdict for run, _ in found.values()} == {Verdict.COMPLETE}
    hits = list(simulator.log)
    (throttled,) = [hit for hit in hits if hit.status == 429]
    after = [hit.at for hit in hits if hit.at > throttled.at]
    assert len(after) == len(hits) - hits.index(throttled) - 1, "one went out without a gap"
    assert after[0] - throttled.at >= 1.0, "another request to the host went out during its pause"
    assert after[-1] - after[0] > 0.01 * (len(after) - 1.5), "they all went out at once afterwards"


def test_host_that_asks_for_too_long_a_pause_is_given_up_by_all_boards(simulator: Simulator, world: World) -> None:
    boards = three_boards_of_one_host(world)
    simulator.fault(boards[0], FaultKind.THROTTLED)
    found = crawled(
        simulator, *boards, CONCURRENT_REQUESTS_PER_DOMAIN=1, DOWNLOAD_DELAY=0.01, ROLEMIX_RETRY_AFTER_MAX=0
    )
    assert {run.verdict for run, _ in found.values()} == {Verdict.BLOCKED}
    assert "asks for a pause of 1 second" in found[boards[1]][0].reason
    assert [hit.status for hit in simulator.log] == [200, 429], "robots.txt, the refusal, and nothing after it"


def test_crawlers_copy_the_settings_and_not_the_pauses(clock: Clock) -> None:
    settings = Settings(kept(clock))
    assert settings.copy()["ROLEMIX_PAUSES"] is settings["ROLEMIX_PAUSES"]


@pytest.mark.parametrize("handed_over", [True, False])
def test_crawlers_of_two_systems_keep_one_gap_on_one_host(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, handed_over: bool
) -> None:
    pauses = kept(clock)
    if not handed_over:  # the run makes its own
        made = iter(pauses.values())
        monkeypatch.setattr(Pauses, "from_settings", lambda settings: next(made))
        pauses = {}
    feed = '<rss version="2.0"><channel><title>Jobs</title></channel></rss>'
    urlset = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>'
    site = "https://fogport.example"
    answers = {f"{site}/jobs.rss": feed, f"{site}/sitemap.xml": urlset}
    with Site(answers) as server:
        crawled(server, f"feed+{site}/jobs.rss", f"careers+{site}/jobs", DOWNLOAD_DELAY=0.01, **pauses)
        count = len(server.log)
    assert {f"{site}/jobs.rss", f"{site}/sitemap.xml"} <= set(server.requested)
    assert clock() >= 0.01 * (count - 1) - 1e-9, "two requests went out in one gap"


def test_one_request_a_second_and_host_by_default() -> None:
    world = World.sized(boards=1, postings=1, systems=["moka"])
    slow = {"DOWNLOAD_DELAY": 1.0, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "AUTOTHROTTLE_ENABLED": True}
    with Simulator(world) as simulator:
        crawled(simulator, world.boards[0].url, **slow)
        times = [hit.at for hit in simulator.log]
    assert len(times) >= 3, "robots.txt, the board's page and its list"
    # The simulator notes when a response ended, and a loaded machine ends one late: the whole course shows the rate.
    assert times[-1] - times[0] > len(times) - 1 - 0.5


@pytest.fixture
def asks_for_two_seconds(world: World, clock: Clock) -> Iterator[Simulator]:
    class Reserved(Simulator):
        def respond(self, host: str, path: str, request: wrappers.Request, number: int) -> wrappers.Response:
            if path == "/robots.txt":
                return wrappers.Response("User-agent: *\nCrawl-delay: 2\n")
            return super().respond(host, path, request, number)

    with Reserved(world, clock=clock) as running:
        yield running


def test_longer_gap_that_robots_txt_asks_for_is_kept(
    asks_for_two_seconds: Simulator, world: World, clock: Clock
) -> None:
    found = crawled(asks_for_two_seconds, board_of(world, "lever"), DOWNLOAD_DELAY=0.01, **kept(clock))
    assert [run.verdict for run, _ in found.values()] == [Verdict.COMPLETE]
    robots, listed = [hit.at for hit in asks_for_two_seconds.log]
    assert listed - robots >= 2


def test_gap_longer_than_any_pause_is_not_waited_for(
    asks_for_two_seconds: Simulator, world: World, clock: Clock
) -> None:
    url = board_of(world, "lever")
    run, _ = crawled(asks_for_two_seconds, url, DOWNLOAD_DELAY=0.01, **kept(clock, longest=1))[url]
    assert (run.verdict, "2 seconds between requests" in run.reason) == (Verdict.BLOCKED, True)


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
