"""The download handler: where requests go."""

from __future__ import annotations

from simulator.server import Simulator
from tests.crawler.crawls import scrapy


def test_no_request_reaches_a_private_address(simulator: Simulator) -> None:
    done = scrapy("fetch", "--headers", f"{simulator.url}/robots.txt")
    assert "127.0.0.1 is not a public address" in done.stderr
    assert simulator.log == []
