"""What Scrapy's robots.txt middleware leaves open: a robots.txt that the host fails to give, and terms of use."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached


class UnreadRobotsForbid:
    """Reads a robots.txt that is answered with a server error as one that forbids everything (RFC 9309, 2.3.1.4).

    Scrapy would read the error page for rules, find none, and go on.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        """Put the rule in the place of the error."""
        if response.status >= 500 and urlparse_cached(request).path == "/robots.txt":
            return response.replace(status=200, body=b"User-agent: *\nDisallow: /\n")
        return response


class TermsForbid:
    """Refuses requests to a system whose rules forbid crawling, whatever its robots.txt says at the moment.

    Only for a board that the user stated to be entitled to (see `crawler.spiders.base.BoardSpider.ask`) one is sent.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one for a crawler, whose spider knows whether it may crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let a request pass.

        Raises:
            IgnoreRequest: The system's rules forbid crawling, and the user stated no right to.
        """
        forbidden = not getattr(self._crawler.spider, "crawled", True)
        if forbidden and not request.meta.get("dont_obey_robotstxt") and urlparse_cached(request).path != "/robots.txt":
            raise IgnoreRequest("Forbidden by the site's terms: save its pages in a browser instead")
