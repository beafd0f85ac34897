"""robots.txt and terms of use: every request waits for the rules, and where they cannot be had none goes."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached


class RobotsUnread(Exception):
    """A request was not sent, because its host's robots.txt could not be read."""


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's own, but that every request to a host waits for its rules, and none goes where they cannot be had.

    Of several requests that wait for one robots.txt, Scrapy 2.19 gives the rules to the first two and None to the
    others, as a Deferred that was awaited once holds its result no more. None forbids nothing, and it is also what
    stands for a robots.txt that could not be fetched, in which case RFC 9309 (2.3.1.4) forbids everything.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unread: dict[str, Exception] = {}

    async def robot_parser(self, request: Request) -> RobotParser:
        """Return the rules of a request's host.

        Raises:
            RobotsUnread: They could not be fetched.
            IgnoreRequest: They were not asked for, see there.
        """
        await super().robot_parser(request)
        host = urlparse_cached(request).netloc
        rules = self._parsers[host]
        if isinstance(rules, RobotParser):
            return rules
        why = self._unread[host]
        if isinstance(why, IgnoreRequest):
            raise IgnoreRequest(str(why)) from why
        raise RobotsUnread(f"its robots.txt could not be read ({type(why).__name__}: {why})") from why

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._unread[netloc] = exc
        super()._robots_error(exc, netloc)


class UnreadableRobotsMiddleware:
    """Reads a robots.txt that is answered with a server error as one that forbids everything (RFC 9309, 2.3.1.4).

    Scrapy would read the error page for rules, find none, and go on.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        """Put the rule in the place of the error."""
        if response.status >= 500 and urlparse_cached(request).path == "/robots.txt":
            return response.replace(status=200, body=b"User-agent: *\nDisallow: /\n")
        return response


class TermsMiddleware:
    """Refuses requests to a system whose rules forbid crawling, whatever its robots.txt says at the moment.

    Requests for a board that the user states to be entitled to crawl are sent, see
    `crawler.bases.board_spider.BoardSpider.board_request`.
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
        forbidden = not getattr(self._crawler.spider, "crawlable", True)
        if forbidden and not request.meta.get("dont_obey_robotstxt") and urlparse_cached(request).path != "/robots.txt":
            raise IgnoreRequest("Forbidden by the site's terms: save its pages in a browser instead")
