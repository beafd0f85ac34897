"""The second mode: a server that responds with recorded responses, each to the request most like its own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from werkzeug.wrappers import Request, Response

from simulator.context import text_response
from simulator.serving import GatewayServer

# These state how a response is shown, not what it is about: a recording may serve though they differ.
PRESENTATION = frozenset(
    {"limit", "size", "pageSize", "per_page", "results_per_page"}
    | {"locale", "lang", "hl", "site", "mode", "in_iframe", "onlyData"}
    | {"content", "questions", "details", "pay_transparency", "includeCompensation", "needStat"}
)

# Where a response begins. Left out, it is the beginning, so that page two never gets page one's recording.
BEGINNINGS = {"offset": "0", "skip": "0", "start": "0", "startrow": "0", "pr": "0", "page": "1"}


class Recording(Protocol):
    """A response in a file, and the request that it belongs to; `crawler.captures.recordings` reads such."""

    @property
    def method(self) -> str:
        """HTTP method."""

    @property
    def url(self) -> str:
        """Address without its query."""

    @property
    def query(self) -> Mapping[str, tuple[str, ...]]:
        """Values of each key of the query."""

    @property
    def body(self) -> Any:
        """Body of the request: JSON, a form or text; None where it has none."""

    @property
    def status(self) -> int:
        """HTTP status."""

    @property
    def path(self) -> Path:
        """File of the response's body."""

    @property
    def content_type(self) -> str:
        """Content type of the response."""


class Replay(GatewayServer):
    """Serves recorded responses through the gateway.

    Attributes:
        recordings: What it can respond with.
    """

    def __init__(
        self, recordings: Iterable[Recording], port: int = 0, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take the recordings, which are handed in: an oracle shares no code with what it judges.

        Args:
            recordings: Of equally good ones the first is served.
            port: The port; 0 picks a free one.
            clock: Gives the log's times, in seconds.
        """
        super().__init__(port, clock=clock)
        self.recordings = tuple(recordings)

    def respond(self, host: str, path: str, request: Request, number: int) -> Response:
        """Respond to one request, see `GatewayServer.respond`; 404 when no recording fits."""
        url = f"https://{host}{path}"
        wanted = _keys(
            {key: tuple(request.args.getlist(key)) for key in request.args},
            dict(request.form) or _json_or_text(request.get_data()),
        )
        scored = [
            (score, recording)
            for recording in self.recordings
            if (recording.method, recording.url.rstrip("/")) == (request.method, url.rstrip("/"))
            and (score := _agreement(_keys(recording.query, recording.body), wanted)) is not None
        ]
        if not scored:
            return text_response(f"no recording fits {request.method} {url} {wanted or ''}\n", 404)
        # max() keeps the first of equals, and recordings are sorted by path.
        best = max(scored, key=lambda pair: pair[0])[1]
        return Response(best.path.read_bytes(), status=best.status, content_type=best.content_type)


def _json_or_text(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")


def _keys(query: Mapping[str, tuple[str, ...]], body: Any) -> dict[str, str]:
    """Return what a request is for as flat text; empty values are left out."""
    flat = {f"query {key}": values[0] if len(values) == 1 else _text(values) for key, values in query.items()}
    if isinstance(body, dict):
        flat |= {f"body {key}": _text(value) for key, value in body.items() if value not in ({}, [], "", None)}
    elif body is not None:
        flat["body"] = _text(body)
    return {key: value for key, value in flat.items() if value}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _agreement(recorded: Mapping[str, str], wanted: Mapping[str, str]) -> tuple[int, int, int] | None:
    """Return how well a recording's request fits a live one, more being better; None when it cannot serve.

    Keys that both have must be equal, unless they are `PRESENTATION`; keys that one side lacks count
    against it, those of presentation last.
    """
    missing, shown_alike, shown_missing = 0, 0, 0
    for key in recorded.keys() | wanted.keys():
        name = key.rpartition(" ")[2]
        here, there = (side.get(key, BEGINNINGS.get(name)) for side in (recorded, wanted))
        if name in PRESENTATION:
            shown_alike += here == there
            shown_missing += here is None or there is None
        elif here is None or there is None:
            missing += 1
        elif here != there:
            return None
    return -missing, shown_alike, -shown_missing
