"""robots.txt: read first, obeyed, and where it cannot be read everything is forbidden."""

from __future__ import annotations

from werkzeug import wrappers

from postings import Verdict
from simulator.server import Simulator
from simulator.world import World
from tests.crawler.crawls import board_of, crawled


def test_robots_txt_is_read_first_and_obeyed(simulator: Simulator) -> None:
    # Moka's robots.txt names two boards that are not to be read.
    url = "https://app.mokahr.com/social-recruitment/shopee/74378"
    run, _ = crawled(simulator, url)[url]
    assert simulator.log[0].path == "/robots.txt"
    assert run.verdict is Verdict.BLOCKED
    assert "robots.txt" in run.reason
    assert not [hit for hit in simulator.log if "shopee" in hit.path]


def test_robots_txt_that_the_host_fails_to_give_forbids_everything(world: World) -> None:
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
