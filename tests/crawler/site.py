"""A web site of a few fixed responses, for what no simulated board does: redirects, odd statuses, broken sitemaps."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from crawler.bases.board_spider import Known
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.systems import find_board
from postings import BoardRun, JobPosting
from simulator.serving import GatewayServer

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
SETTINGS = {**UNTHROTTLED, "RETRY_TIMES": 0, "LOG_LEVEL": "CRITICAL"}


class Site(GatewayServer):
    """Serves fixed responses by address: a text, bytes, a status, or a redirect (``-> address``)."""

    def __init__(self, responses: dict[str, Any]) -> None:
        super().__init__()
        self.responses = responses

    def respond(self, host: str, path: str, request: Request, number: int) -> Response:
        """Respond to a request; other addresses are not found."""
        query = request.query_string.decode()
        response = self.responses.get(f"https://{host}{path}{'?' if query else ''}{query}", 404)
        if isinstance(response, int):
            return Response(f"status {response}", status=response, content_type="text/plain")
        if isinstance(response, str) and response.startswith("-> "):
            return Response("", status=301, headers={"Location": response.removeprefix("-> ")})
        return Response(response, content_type="text/html; charset=utf-8")

    @property
    def requested(self) -> list[str]:
        """The requested addresses, without robots.txt."""
        return [f"https://{hit.host}{hit.path}" for hit in self.log if hit.path != "/robots.txt"]


def read_site(
    board: str, responses: dict[str, Any], known: Known | None = None
) -> tuple[BoardRun, list[JobPosting], Site]:
    """Crawl one board of a site."""
    found: list[tuple[BoardRun, list[JobPosting]]] = []
    with Site(responses) as site:
        crawl(
            [find_board(board)],
            observed_at=NOW,
            on_run=lambda run, postings: found.append((run, list(postings))),
            known=known or Known(),
            settings={**SETTINGS, "ROLEMIX_GATEWAY": site.url},
        )
    ((run, postings),) = found
    return run, postings, site
