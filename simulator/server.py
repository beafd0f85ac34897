"""The simulator: a fictional world behind a gateway, steered from the same process or over HTTP."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from werkzeug.exceptions import BadRequest
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from simulator.context import Context, json_response
from simulator.faults import Fault, FaultKind, Faults
from simulator.rewriting import rewrite
from simulator.serving import GatewayServer
from simulator.sites import SitePage, pages
from simulator.systems import systems, url_map
from simulator.world import FIRST_SYSTEMS, World

CONTROL = "_simulator"
"""First segment of the paths that steer the simulator; no host has this name."""

_REMEMBERED = 128
"""Responses kept ready; a day of a world with some twenty boards."""


class Simulator(GatewayServer):
    """Responds as the recruiting systems of a world's companies do.

    Attributes:
        world: The world.
        day: The simulated day; may be set at any time.
        pages: The companies' own pages, by address; may be changed at any time.
        own_hosts: The system's host that answers under a company's own one, by the latter; may be changed at any time.
    """

    def __init__(
        self,
        world: World,
        port: int = 0,
        *,
        day: int = 0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Prepare a server over a world.

        Args:
            world: The world to serve.
            port: The port; 0 picks a free one.
            day: The day to begin with.
            clock: Gives the log's times, in seconds.
            sleep: Makes slow boards late by so many seconds.
        """
        super().__init__(port, clock=clock)
        self._sleep = sleep
        self.world = world
        self.day = day
        self.pages: dict[str, SitePage] = pages(world.boards)
        self.own_hosts: dict[str, str] = {}
        self._boards = {(board.host, board.token, board.site): board for board in world.boards}
        self._faults = Faults()
        self._controls = Map(
            [
                Rule("/", endpoint=self._show, methods=["GET"]),
                Rule("/day", endpoint=self._set_day, methods=["POST"]),
                Rule("/fault", endpoint=self._set_fault, methods=["POST"]),
                Rule("/fault", endpoint=self._clear_fault, methods=["DELETE"]),
                Rule("/log", endpoint=self._show_log, methods=["GET"]),
                Rule("/log", endpoint=self._clear_log, methods=["DELETE"]),
            ]
        )
        self._ready: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def fault(self, board: str, fault: Fault | FaultKind | str) -> None:
        """Let a board misbehave, in place of any fault that it had.

        Args:
            board: The board's address.
            fault: What goes wrong; a kind alone concerns every request.

        Raises:
            LookupError: The world has no such board.
            ValueError: There is no such kind, or the board's system cannot have it.
        """
        self._faults.set(self.world.board(board), fault if isinstance(fault, Fault) else Fault(FaultKind(fault)))

    def clear_fault(self, board: str | None = None) -> None:
        """Let one board behave again, or all of them.

        Raises:
            LookupError: The world has no such board.
        """
        self._faults.clear(None if board is None else self.world.board(board))

    def respond(self, host: str, path: str, request: Request, number: int) -> Response:
        """Respond to one request, see `GatewayServer.respond`."""
        if host == CONTROL:
            handler, _ = self._controls.bind("localhost").match(path, request.method)
            controlled: Response = handler(request)
            return controlled
        if page := self.pages.get(f"https://{host}{path}"):
            return page.response()
        host = self.own_hosts.get(host, host)
        handler, parts = url_map().bind(host).match(path, request.method)
        context = Context(
            request=request,
            host=host,
            day=self.day,
            nonce=hashlib.sha256(f"{self.world.seed} {number}".encode()).hexdigest()[:16],
            boards=self._boards,
            rows=self.world.rows,
            fault=self._faults.take,
            remember=self._remember,
            sleep=self._sleep,
        )
        response: Response = handler(context, **parts)
        if context.rewritten:
            rewrite(response, context.rewritten)
        return _cut_short(response) if context.cut and response.status_code == 200 else response

    def _remember(self, key: tuple[Any, ...], build: Callable[[], bytes]) -> bytes:
        """Return the response under a key, building it when it is not among the recent ones."""
        with self._lock:
            if (known := self._ready.get(key)) is not None:
                self._ready.move_to_end(key)
                return known
        body = build()
        with self._lock:
            self._ready[key] = body
            while len(self._ready) > _REMEMBERED:
                self._ready.popitem(last=False)
        return body

    def _show(self, request: Request) -> Response:
        boards = {board.url: board.company.name for board in self.world.boards}
        faults = self._faults.in_force()
        date = self.world.date(self.day).isoformat()
        return json_response({"day": self.day, "date": date, "boards": boards, "faults": faults})

    def _set_day(self, request: Request) -> Response:
        day = _values(request).get("day")
        if not isinstance(day, int) or isinstance(day, bool):
            raise BadRequest('send {"day": NUMBER}')
        self.day = day
        return self._show(request)

    def _set_fault(self, request: Request) -> Response:
        values = _values(request)
        try:
            self.fault(values.pop("board", ""), Fault(FaultKind(values.pop("kind", "")), **values))
        except (LookupError, TypeError, ValueError) as error:
            raise BadRequest(str(error)) from error
        return self._show(request)

    def _clear_fault(self, request: Request) -> Response:
        try:
            self.clear_fault(request.args.get("board"))
        except LookupError as error:
            raise BadRequest(str(error)) from error
        return self._show(request)

    def _show_log(self, request: Request) -> Response:
        return json_response({"counts": self.counts(), "hits": [hit._asdict() for hit in list(self.log)]})

    def _clear_log(self, request: Request) -> Response:
        self.log.clear()
        return self._show_log(request)


def _values(request: Request) -> dict[str, Any]:
    values = request.get_json()
    if not isinstance(values, dict):
        raise BadRequest("send a JSON object")
    return values


def _cut_short(response: Response) -> Response:
    """Return a response that promises its whole body and sends half."""
    body = response.get_data()
    response.set_data(body[: len(body) // 2])
    response.headers["Content-Length"] = str(len(body))
    return response


def serve(world: World, port: int = 0, day: int = 0, ready: Callable[[str], None] = lambda url: None) -> None:
    """Run a simulator in the foreground until interrupted.

    Args:
        world: The world to serve.
        port: The port; 0 picks a free one.
        day: The simulated day to begin with.
        ready: Called with the server's address once it listens.

    Raises:
        OSError: The port is taken.
    """
    with contextlib.suppress(KeyboardInterrupt):
        Simulator(world, port, day=day).serve_forever(ready)


def main(arguments: list[str] | None = None) -> None:
    """Run the simulator as ``python -m simulator.server``."""
    parser = argparse.ArgumentParser(prog="simulator.server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--day", type=int, default=0, help="simulated day to begin with")
    parser.add_argument("--seed", type=int, default=0, help="seed of the world")
    parser.add_argument("--boards", type=int, help="serve so many uniform boards instead of the story")
    parser.add_argument("--postings", type=int, default=500, help="postings a uniform board lists")
    parser.add_argument("--systems", nargs="+", choices=systems(), default=FIRST_SYSTEMS, help="of uniform boards")
    chosen = parser.parse_args(arguments)
    size, seed = chosen.boards, chosen.seed
    world = World.sized(size, chosen.postings, seed, chosen.systems) if size else World(seed)

    def ready(url: str) -> None:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()

    serve(world, chosen.port, chosen.day, ready)


if __name__ == "__main__":
    main()
