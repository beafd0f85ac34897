"""Where requests really go: through the gateway if one is set, never to a private address or a host in a pause."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.misc import build_from_crawler, load_object

from crawler.politeness.pauses import Pauses


class PrivateAddress(Exception):
    """A request would have gone to an address that is not public."""


class BoardDownloadHandler(BaseDownloadHandler):
    """Wraps Scrapy's own handler.

    With the setting ``ROLEMIX_GATEWAY`` a request for ``https://host/path`` is sent to
    ``<gateway>/host/path`` and the answer is given back under its first address. Rates, robots.txt and
    redirects therefore hold for the board's host, not for the gateway.

    Without it an address that a user pasted, or that a redirect leads to, must be a public one: the names are
    resolved first and private, loopback and link-local addresses refused.

    A host that asks for a pause with ``Retry-After``, or with ``Crawl-delay`` in its robots.txt for a longer gap, gets
    it (see `crawler.politeness.pauses`); one that asks for more than ``ROLEMIX_RETRY_AFTER_MAX`` seconds is not asked again in
    this run. Crawlers given the same ``ROLEMIX_PAUSES`` keep one gap per host together.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.gateway = (crawler.settings.get("ROLEMIX_GATEWAY") or "").rstrip("/")
        self._gap = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._pauses: Pauses = crawler.settings.get("ROLEMIX_PAUSES") or pauses(crawler.settings)
        scrapys_own = crawler.settings["DOWNLOAD_HANDLERS_BASE"]["https"]
        self._handler: Any = build_from_crawler(load_object(scrapys_own), crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """Send one request.

        Raises:
            RateLimited: Its host asked for a longer pause than is waited for, or refused too often.
            HostFailing: Its host failed too often.
            PrivateAddress: The address is not a public one.
        """
        await self._pauses.keep(request, self._gap)
        try:
            response = await self._fetch(request)
        except Exception as error:
            self._pauses.note_failure(request, type(error).__name__)
            raise
        self._pauses.note(request, response, self._gap)
        return response

    async def _fetch(self, request: Request) -> Response:
        asked = request
        if self.gateway:
            asked = request.replace(url=f"{self.gateway}/{request.url.split('://', 1)[1]}")
        else:
            await refuse_private(urlsplit(request.url).hostname or "")
        response: Response = await self._handler.download_request(asked)
        return response.replace(url=request.url) if self.gateway else response

    async def close(self) -> None:
        """Close the wrapped handler."""
        await self._handler.close()


def pauses(settings: BaseSettings) -> Pauses:
    """Return the pauses of a run that begins, as its settings bound them."""
    return Pauses(settings.getfloat("ROLEMIX_RETRY_AFTER_MAX"), settings["ROBOTSTXT_USER_AGENT"])


async def refuse_private(host: str) -> None:
    """Refuse a host that is, or resolves to, an address that is not public.

    Raises:
        PrivateAddress: It does. A name that cannot be resolved is left to the download itself to report.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return
    for *_, address in found:
        if not ipaddress.ip_address(str(address[0]).split("%")[0]).is_global:
            raise PrivateAddress(f"{host} is not a public address ({address[0]})")
