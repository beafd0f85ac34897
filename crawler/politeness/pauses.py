"""Pauses: the gap between two requests to a host, the longer pauses it asks for, and when a run gives it up."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from typing import Any, Self

from protego import Protego
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached

from postings.text import counted

_REFUSALS, _FAILURES = 5, 20
"""After so many refusals (429) or failures of a host in a row a run gives it up: the page of each further posting would
be requested in vain."""


class RateLimited(IgnoreRequest):
    """A request was not sent, because its host asked for a longer pause than a run waits, or refused too often."""


class HostFailing(Exception):
    """A request was not sent, because its host failed too often in a row."""


class Pauses:
    """Until when no request goes to each host.

    They are kept where requests leave, and not in a middleware: when the response comes that asks for a pause, other
    requests to the host have passed the middlewares already and wait in the downloader's queue. The crawlers of a run
    share them, because two systems can be on one host and each crawler knows only its own requests.
    """

    def __init__(
        self,
        longest: float,
        user_agent: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Begin without a pause.

        Args:
            longest: The longest pause that is waited for, in seconds; a host that asks for more is given up.
            user_agent: The name by which a robots.txt may ask for a longer gap (Crawl-delay).
            clock: Returns the time in seconds, which never goes backwards.
            sleep: Waits for so many seconds of that clock.
        """
        self._longest = longest
        self._user_agent = user_agent
        self._clock = clock
        self._sleep = sleep
        self._crawl_delay: dict[str, float] = defaultdict(float)
        self._not_before: dict[str, float] = defaultdict(float)
        self._given_up: dict[str, Exception] = {}
        self._failed: dict[str, int] = defaultdict(int)

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Return the pauses of a run that begins, bounded as its settings state."""
        return cls(settings.getfloat("ROLEMIX_RETRY_AFTER_MAX"), settings["ROBOTSTXT_USER_AGENT"])

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return the same: each crawler copies its run's settings, and the pauses in them hold for all of the run."""
        return self

    async def keep(self, request: Request, gap: float) -> None:
        """Hold a request back until its host's pause is over.

        Args:
            request: The request.
            gap: Seconds from one request to the next; 0 for a server that needs no politeness.

        Raises:
            RateLimited: The host asked for a longer pause than is waited for, or refused too often.
            HostFailing: The host failed too often.
        """
        host = urlparse_cached(request).netloc
        while (wait := self._not_before[host] - self._clock()) > 0:
            await self._sleep(wait)
        if error := self._given_up.get(host):
            raise type(error)(*error.args)
        if gap:
            delay = self._crawl_delay[host]
            if delay > self._longest:
                raise RateLimited(
                    f"the robots.txt of {host} asks for {counted(round(delay), 'second')} between requests"
                )
            self._not_before[host] = self._clock() + max(gap, delay)

    def note(self, request: Request, response: Response, gap: float) -> None:
        """Note the pause that a response asks for, now or from one request to the next.

        Args:
            request: The request.
            response: Its response.
            gap: Seconds from one request to the next, as for `keep`.
        """
        host, now = urlparse_cached(request).netloc, self._clock()
        if response.status == 200 and urlparse_cached(request).path == "/robots.txt":
            rules = Protego.parse(response.body.decode("utf-8", "replace"))
            self._crawl_delay[host] = rules.crawl_delay(self._user_agent) or 0.0
            if gap:
                self._not_before[host] = max(self._not_before[host], now + self._crawl_delay[host])
        wait = retry_after(response) if response.status in (429, 503) else None
        if response.status == 429 or response.status >= 500:
            self.note_failure(request, f"HTTP {response.status}", refused=response.status == 429)
        else:
            self._failed[host] = 0
        if response.status == 429 and wait is None:
            # It does not state how long: each pause is twice the one before.
            wait = min(gap * 2 ** self._failed[host], self._longest)
        if wait is None:
            return
        if wait > self._longest:
            self._given_up[host] = RateLimited(f"{host} asks for a pause of {counted(round(wait), 'second')}")
            request.meta["dont_retry"] = True
        else:
            self._not_before[host] = max(self._not_before[host], now + wait)

    def note_failure(self, request: Request, what: str, *, refused: bool = False) -> None:
        """Note that a request failed; after `_REFUSALS` or `_FAILURES` in a row the host is given up.

        Args:
            request: The request.
            what: The status or the error, in a few words.
            refused: Whether the host refused it as one too many (429).
        """
        host = urlparse_cached(request).netloc
        self._failed[host] += 1
        if self._failed[host] >= (_REFUSALS if refused else _FAILURES):
            kind = RateLimited if refused else HostFailing
            reason = f"{host} is given up for this run after {self._failed[host]} failures in a row, the last {what}"
            self._given_up.setdefault(host, kind(reason))
            request.meta["dont_retry"] = True


def retry_after(response: Response) -> float | None:
    """Return the seconds in a response's ``Retry-After`` header, a number or a date; None without a valid one.

    A date is counted from the response's own Date header, so that a wrong clock here does no harm.
    """
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdigit():
        return float(value)
    try:
        sent = parsedate_to_datetime((response.headers.get("Date") or b"").decode("latin-1"))
        return max(0.0, (parsedate_to_datetime(value) - sent).total_seconds())
    except (TypeError, ValueError):
        return None
