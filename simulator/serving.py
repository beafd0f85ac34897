"""A gateway server on loopback: ``http://127.0.0.1:PORT/host/path`` stands for ``https://host/path``."""

from __future__ import annotations

import abc
import io
import itertools
import socket
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, Self

from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


_POLL_SECONDS = 0.01
"""How long `GatewayServer.stop` may wait for the server's loop to notice."""


class Hit(NamedTuple):
    """One request in a server's log.

    Attributes:
        at: When it came, in seconds of the server's clock.
        host: The host requested, as the first segment of the path names it.
        method: HTTP method.
        path: Path on that host.
        query: Query string, without the question mark.
        status: Status of the response.
        user_agent: What the client called itself.
    """

    at: float
    host: str
    method: str
    path: str
    query: str
    status: int
    user_agent: str


class _Handler(WSGIRequestHandler):
    """Werkzeug's handler, with connections that stay open and without a line on the terminal for each request.

    Werkzeug closes every connection, because an application may leave a request's body unread. Here the body is read
    before the application is called, and a response is sent when it is complete.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        """Respond to one request; the connection is closed where the body is not as long as its header states."""
        self.environ = environ = self.make_environ()
        environ["wsgi.input"] = io.BytesIO(self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0)))
        parts, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        body = b"".join(parts)
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        stated = headers.get("Content-Length")
        if stated is None and body:
            self.send_header("Content-Length", str(len(body)))
        elif stated is not None and int(stated) != len(body):
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Do nothing: `GatewayServer.log` records the request."""


class GatewayServer(abc.ABC):
    """An HTTP server on 127.0.0.1, run in a thread of its own; usable as a context manager.

    Attributes:
        log: Every request served, in order of their ends.
    """

    def __init__(self, port: int = 0, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepare a server; it listens from `start` on.

        Args:
            port: The port; 0 picks a free one.
            clock: Gives the log's times, in seconds.
        """
        self.log: list[Hit] = []
        self._port = port
        self._clock = clock
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None
        self._numbers = itertools.count()

    @property
    def url(self) -> str:
        """Address of the running server, without a slash at its end.

        Raises:
            RuntimeError: The server is not running.
        """
        if self._server is None:
            raise RuntimeError("the server is not running; call start() first")
        return f"http://127.0.0.1:{self._server.port}"

    def gateway(self, url: str) -> str:
        """Return where on this server the request for an ``https://`` address goes."""
        return f"{self.url}/{url.removeprefix('https://')}"

    def start(self) -> Self:
        """Listen, and respond in a thread.

        Raises:
            OSError: The port is taken.
        """
        self._listen()
        assert self._server is not None  # noqa: S101 - for the type checker
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()
        return self

    def serve_forever(self, ready: Callable[[str], None] = lambda url: None) -> None:
        """Listen and respond in this thread until interrupted.

        Args:
            ready: Called with the server's address once it listens.

        Raises:
            OSError: The port is taken.
        """
        self._listen()
        ready(self.url)
        assert self._server is not None  # noqa: S101 - for the type checker
        self._server.serve_forever()

    def stop(self) -> None:
        """Stop listening; does nothing when the server is not running."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        if self._thread is not None:
            self._thread.join()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def counts(self) -> dict[str, int]:
        """Return how many requests each host was sent."""
        return dict(sorted(Counter(hit.host for hit in self.log).items()))

    @abc.abstractmethod
    def respond(self, host: str, path: str, request: Request, number: int) -> Response:
        """Respond to one request.

        Args:
            host: The host that it is meant for.
            path: The path on that host, with its leading slash.
            request: The request as it came, the host still in its path.
            number: How many requests came before it.

        Raises:
            HTTPException: Stands for the response.
        """

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Respond as a WSGI application."""
        at = self._clock()
        request = Request(environ)
        host, _, rest = request.path.lstrip("/").partition("/")
        try:
            response = self.respond(host, f"/{rest}", request, next(self._numbers))
        except HTTPException as error:
            response = Response.force_type(error.get_response(environ), environ)
        except Exception:
            # A defect of the server's own, which its client sees as one.
            traceback.print_exc()
            response = Response("Internal Server Error", status=500, content_type="text/plain")
        query = request.query_string.decode("latin-1")
        agent = request.headers.get("User-Agent", "")
        self.log.append(Hit(at, host, request.method, f"/{rest}", query, response.status_code, agent))
        return response(environ, start_response)

    def _listen(self) -> None:
        if self._server is not None:
            raise RuntimeError("the server is already running")
        # A socket of our own: where the port is taken, Werkzeug's ends the program instead of raising OSError.
        with socket.create_server(("127.0.0.1", self._port), backlog=128) as listening:
            host, port = listening.getsockname()
            self._server = make_server(
                host,
                port,
                self.wsgi,
                threaded=True,
                request_handler=_Handler,
                fd=listening.fileno(),
            )
