"""A small HTTP client for the simulator's tests, on the standard library alone."""

from __future__ import annotations

import http.client
import json
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from simulator.serving import GatewayServer
from simulator.systems.moka import decrypt

MOKA_API = "https://app.mokahr.com/api/outer/ats-apply/website"


class Response(NamedTuple):
    """A response, read to its end."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def opened(self) -> Any:
        """The JSON inside Moka's envelope."""
        return json.loads(decrypt(self.json["data"], self.json["necromancer"]))


def fetch(
    server: GatewayServer,
    url: str,
    body: object = None,
    *,
    method: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Send the request for an https address through the gateway; redirects are not followed."""
    parts = urlsplit(server.gateway(url))
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method or ("GET" if data is None else "POST"), target, data, headers or {})
        response = connection.getresponse()
        return Response(response.status, response.headers, response.read())
    finally:
        connection.close()


def moka(server: GatewayServer, org: str, site: str, call: str = "jobs/v2", **body: object) -> Any:
    """Query Moka's API on the Chinese cluster, and open the envelope."""
    return fetch(server, f"{MOKA_API}/{call}", {"orgId": org, "siteId": site, **body}).opened


def moka_pages(server: GatewayServer, org: str, site: str, limit: int) -> tuple[list[str], int]:
    """Return the ids of all rows of a Moka board, page after page, and the last total."""
    identifiers: list[str] = []
    offset = 0
    while True:
        data = moka(server, org, site, limit=limit, offset=offset, needStat=True)["data"]
        identifiers += [job["id"] for job in data["jobs"]]
        offset += limit
        if offset >= data["jobStats"]["total"]:
            return identifiers, data["jobStats"]["total"]
