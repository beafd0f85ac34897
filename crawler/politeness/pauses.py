"""How often a host is asked: the gap between requests, the pauses it asks for, and when it is given up in a run."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from email.utils import parsedate_to_datetime

from protego import Protego
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

_REFUSALS, _FAILURES = 5, 20
"""So many refusals (429) or failures of a host in a row, and it is not asked again in the run: each further posting's
page would be asked for in vain, and again and again."""


class RateLimited(IgnoreRequest):
    """A request was not sent, because its host asked for a longer pause than a run waits, or refused too often."""


class HostFailing(Exception):
    """A request was not sent, because its host failed too often in a row."""


class Pauses:
    """Until when each host is left alone.

    It is kept where requests leave, and not in a middleware: a host's other requests have passed the middlewares
    already and wait in the downloader's queue when the answer comes that asks for a pause. And it is shared by the
    crawlers of a run: two systems can be on one host, and each crawler knows its own requests only.
    """

    def __init__(self, longest: float, user_agent: str) -> None:
        """Begin without a pause.

        Args:
            longest: The longest pause that is waited for, in seconds; a host that asks for more is not asked again.
            user_agent: The name by which a robots.txt may ask for a longer gap (Crawl-delay).
        """
        self._longest = longest
        self._user_agent = user_agent
        self._crawl_delay: dict[str, float] = defaultdict(float)
        self._not_before: dict[str, float] = defaultdict(float)
        self._given_up: dict[str, Exception] = {}
        self._failed: dict[str, int] = defaultdict(int)

    async def keep(self, request: Request, gap: float) -> None:
        """Hold a request back while its host is to be left alone.

        Args:
            request: The request.
            gap: Seconds from one request to the next; 0 for a server that wants no politeness.

        Raises:
            RateLimited: The host asked for a longer pause than is waited for, or refused too often.
            HostFailing: The host failed too often.
        """
        host, clock = urlparse_cached(request).netloc, asyncio.get_running_loop().time
        while (wait := self._not_before[host] - clock()) > 0:
            await asyncio.sleep(wait)
        if why := self._given_up.get(host):
            raise type(why)(*why.args)
        if gap:
            asked = self._crawl_delay[host]
            if asked > self._longest:
                raise RateLimited(f"{host} asks in its robots.txt for {asked:.0f} seconds between requests")
            self._not_before[host] = clock() + max(gap, asked)

    def note(self, request: Request, response: Response, gap: float) -> None:
        """Note how long the host wants to be left alone, now or from one request to the next."""
        host, now = urlparse_cached(request).netloc, asyncio.get_running_loop().time()
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
            # It does not say how long: each pause is twice the one before.
            wait = min(gap * 2 ** self._failed[host], self._longest)
        if wait is None:
            return
        if wait > self._longest:
            self._given_up[host] = RateLimited(f"{host} asked not to be asked for {wait:.0f} seconds")
            request.meta["dont_retry"] = True
        else:
            self._not_before[host] = max(self._not_before[host], now + wait)

    def note_failure(self, request: Request, what: str, *, refused: bool = False) -> None:
        """Note that a host did not answer, or with an error; see `_FAILURES`."""
        host = urlparse_cached(request).netloc
        self._failed[host] += 1
        if self._failed[host] >= (_REFUSALS if refused else _FAILURES):
            kind = RateLimited if refused else HostFailing
            said = f"{host} is not asked again in this run: {self._failed[host]} failures in a row, the last {what}"
            self._given_up.setdefault(host, kind(said))
            request.meta["dont_retry"] = True


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
