"""Doing as a busy host asks: Retry-After is waited for, up to a bound."""

from __future__ import annotations

import asyncio
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached


class HostAskedForPeace(IgnoreRequest):
    """A request was not sent, because its host asked for a longer pause than a run waits."""


class Pauses:
    """Which hosts asked by a 429 or 503 to be left alone, and until when.

    It is kept where requests leave, and not in a middleware: a host's other requests have passed the middlewares
    already and wait in the downloader's queue when the answer comes that asks for a pause.
    """

    def __init__(self, longest: float, gap: float) -> None:
        """Begin without a pause.

        Args:
            longest: The longest pause that is waited for, in seconds; a host that asks for more is not asked again.
            gap: Seconds between the requests that a pause held back.
        """
        self._longest = longest
        self._gap = gap
        self._not_before: dict[str, float] = {}
        self._refused: dict[str, float] = {}

    async def keep(self, request: Request) -> None:
        """Hold a request back while its host is paused.

        Raises:
            HostAskedForPeace: The host asked for a longer pause than is waited for.
        """
        host, clock = urlparse_cached(request).netloc, asyncio.get_running_loop().time
        held = False
        while (wait := self._not_before.get(host, 0) - clock()) > 0:
            held = True
            await asyncio.sleep(wait)
        if host in self._refused:
            raise HostAskedForPeace(f"{host} asked not to be asked for {self._refused[host]:.0f} seconds")
        if held:
            self._not_before[host] = clock() + self._gap

    def note(self, request: Request, response: Response) -> None:
        """Note how long the host wants to be left alone."""
        wait = retry_after(response) if response.status in (429, 503) else None
        if wait is None:
            return
        host = urlparse_cached(request).netloc
        if wait > self._longest:
            self._refused[host] = wait
            request.meta["dont_retry"] = True
        else:
            self._not_before[host] = asyncio.get_running_loop().time() + wait


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
