"""The download handler: requests leave for public addresses or through the gateway, at their host's pace."""

from __future__ import annotations

from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.misc import build_from_crawler, load_object

from crawler.politeness.address_guard import refuse_private
from crawler.politeness.pauses import Pauses


class BoardDownloadHandler(BaseDownloadHandler):
    """Wraps Scrapy's own handler.

    With the setting ``ROLEMIX_GATEWAY`` a request for ``https://host/path`` is sent to ``<gateway>/host/path``, and the
    response is returned under the original address. Delays, robots.txt and redirects therefore apply to the board's
    host, not to the gateway. Without a gateway the request must go to a public address, see `refuse_private`.

    Each host's pauses are kept, see `Pauses`. Crawlers with the same ``ROLEMIX_PAUSES`` keep them together.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.gateway = (crawler.settings.get("ROLEMIX_GATEWAY") or "").rstrip("/")
        self._gap = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._pauses: Pauses = crawler.settings.get("ROLEMIX_PAUSES") or Pauses.from_settings(crawler.settings)
        scrapys_own = crawler.settings["DOWNLOAD_HANDLERS_BASE"]["https"]
        self._handler: Any = build_from_crawler(load_object(scrapys_own), crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the handler of a crawler."""
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """Send one request, after its host's pause.

        Raises:
            RateLimited: The host asked for a longer pause than a run waits, or refused too often.
            HostFailing: The host failed too often.
            PrivateAddress: The address is not public.
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
        if not self.gateway:
            await refuse_private(urlsplit(request.url).hostname or "")
            response: Response = await self._handler.download_request(request)
            return response
        through = request.replace(url=f"{self.gateway}/{request.url.split('://', 1)[1]}")
        response = await self._handler.download_request(through)
        return response.replace(url=request.url)

    async def close(self) -> None:
        """Close the wrapped handler."""
        await self._handler.close()
