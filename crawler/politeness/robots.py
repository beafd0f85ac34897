"""robots.txt and terms of use: requests go only where the host's rules are known and the site's terms allow them."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached


class RobotsUnreadable(Exception):
    """A request was not sent, because its host's robots.txt could not be read."""


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's own, but every request waits for its host's rules, and none is sent where they cannot be read.

    Of several requests that wait for one robots.txt, Scrapy 2.19 gives the rules to the first two and None to the
    others, because a Deferred that was awaited once no longer holds its result. None forbids nothing. It also stands
    for a robots.txt that could not be fetched, in which case RFC 9309 (2.3.1.4) forbids everything.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._errors: dict[str, Exception] = {}

    async def robot_parser(self, request: Request) -> RobotParser:
        """Return the rules of a request's host.

        Raises:
            RobotsUnreadable: They could not be fetched.
            IgnoreRequest: The request for them was not sent, for the reason in the message.
        """
        await super().robot_parser(request)
        host = urlparse_cached(request).netloc
        rules = self._parsers[host]
        if isinstance(rules, RobotParser):
            return rules
        error = self._errors[host]
        if isinstance(error, IgnoreRequest):
            raise IgnoreRequest(str(error)) from error
        raise RobotsUnreadable(f"its robots.txt could not be read ({type(error).__name__}: {error})") from error

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._errors[netloc] = exc
        super()._robots_error(exc, netloc)


class RobotsServerErrorMiddleware:
    """Reads a robots.txt that comes with a server error as one that forbids everything (RFC 9309, 2.3.1.4).

    Scrapy would look for rules in the error page, find none, and go on.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        """Replace the error by a rule that forbids everything."""
        if response.status >= 500 and urlparse_cached(request).path == "/robots.txt":
            return response.replace(status=200, body=b"User-agent: *\nDisallow: /\n")
        return response


class TermsMiddleware:
    """Refuses requests to a system whose terms forbid crawling, whatever its robots.txt allows.

    Sent are only requests to boards that the user states to be entitled to crawl (see
    `crawler.bases.board_spider.BoardSpider.board_request`), and those for robots.txt.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawler, whose spider states whether its system may be crawled."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let a request pass.

        Raises:
            IgnoreRequest: The system's terms forbid crawling, and the user did not state a right to it.
        """
        forbidden = not getattr(self._crawler.spider, "crawlable", True)
        if forbidden and not request.meta.get("dont_obey_robotstxt") and urlparse_cached(request).path != "/robots.txt":
            raise IgnoreRequest("Forbidden by the site's terms: save its pages in a browser instead")
