"""Doing as a busy host asks: Retry-After is waited for, up to a bound."""

from __future__ import annotations

import asyncio
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached


class RetryAfterMiddleware:
    """Pauses a whole host for as long as its 429 or 503 asks, before Scrapy's own retry goes out.

    A host that asks for more than ``ROLEMIX_RETRY_AFTER_MAX`` seconds is not asked again in this run.
    """

    def __init__(self, longest: float) -> None:
        self.longest = longest
        self._not_before: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getfloat("ROLEMIX_RETRY_AFTER_MAX"))

    async def process_request(self, request: Request) -> None:
        """Hold a request back while its host is paused."""
        host = urlparse_cached(request).netloc
        while (wait := self._not_before.get(host, 0) - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(wait)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Note how long the host wants to be left alone."""
        if response.status not in (429, 503):
            return response
        wait = retry_after(response)
        if wait is None:
            return response
        if wait > self.longest:
            request.meta["dont_retry"] = True
        else:
            host = urlparse_cached(request).netloc
            self._not_before[host] = asyncio.get_running_loop().time() + wait
        return response


def retry_after(response: Response) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, given as seconds or as a date; None when it is absent.

    A date is counted from the answer's own Date header, so that a wrong clock here does no harm.
    """
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdigit():
        return float(value)
    try:
        sent = parsedate_to_datetime((response.headers.get("Date") or b"").decode("latin-1"))
        return max(0.0, (parsedate_to_datetime(value) - sent).total_seconds())
    except (TypeError, ValueError):
        return None
