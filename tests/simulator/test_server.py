"""The server: control, log, and the same responses in every process."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import NoReturn

import pytest

from simulator.server import Simulator
from simulator.serving import GatewayServer
from simulator.world import World
from tests.simulator.client import MOKA_API, Response, fetch, moka

BOARD = "https://jobs.ashbyhq.com/marrowlight"
CONTROL = "https://_simulator"
URLS = (
    "https://boards-api.greenhouse.io/v1/boards/fenwrightlabs/jobs?content=true",
    "https://api.eu.lever.co/v0/postings/brightfjord?mode=json",
    "https://api.ashbyhq.com/posting-api/job-board/marrowlight?includeCompensation=true",
    "https://app.mokahr.com/social-recruitment/luyingu/210034",
)


class Elsewhere(GatewayServer):
    """Stands for a server in another process, of which only the address is known."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    @property
    def url(self) -> str:
        return self._url

    def respond(self, *_: object) -> None:  # type: ignore[override]
        raise NotImplementedError


@contextlib.contextmanager
def process(*arguments: str) -> Iterator[Elsewhere]:
    command = [sys.executable, "-m", "simulator.server", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        yield Elsewhere(running.stdout.readline().strip())
        running.terminate()


def fingerprint(server: GatewayServer) -> str:
    bodies = [fetch(server, url).body for url in URLS]
    opened = moka(server, "luyingu", "210034", limit=50, needStat=True)
    return hashlib.sha256(b"".join(bodies) + json.dumps(opened).encode()).hexdigest()


def control(simulator: GatewayServer, path: str, body: object = None, method: str | None = None) -> Response:
    return fetch(simulator, f"{CONTROL}/{path}", body, method=method, headers={"Content-Type": "application/json"})


def test_same_seed_and_day_same_responses_in_two_processes(simulator: Simulator) -> None:
    simulator.day = 12
    here = fingerprint(simulator)
    with process("--seed", "7", "--day", "12") as there:
        assert fingerprint(there) == here
        control(there, "day", {"day": 13})
        assert fingerprint(there) != here
    with Simulator(World(seed=8), day=12) as other:
        assert fingerprint(other) != here


def test_control_over_http(simulator: Simulator) -> None:
    assert control(simulator, "").json["boards"][BOARD] == "Marrowlight"
    assert control(simulator, "day", {"day": 5}).json["date"] == "2026-03-07T06:00:00+00:00"
    assert simulator.day == 5
    response = control(simulator, "fault", {"board": BOARD, "kind": "blocked", "days": [5], "times": 3})
    assert response.json["faults"] == {BOARD: "blocked"}
    assert fetch(simulator, URLS[2]).status == 403
    assert control(simulator, f"fault?board={BOARD}", method="DELETE").json["faults"] == {}
    assert fetch(simulator, URLS[2]).status == 200
    simulator.fault(BOARD, "blocked")
    assert control(simulator, "fault", method="DELETE").json["faults"] == {}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("day", {"day": "five"}),
        ("day", {"day": True}),
        ("day", [5]),
        ("fault", {"board": BOARD, "kind": "typo"}),
        ("fault", {"board": "https://jobs.lever.co/nobody", "kind": "blocked"}),
        ("fault", {"board": BOARD, "kind": "blocked", "typo": 1}),
        ("fault", {}),
    ],
)
def test_invalid_control_is_refused(simulator: Simulator, path: str, body: object) -> None:
    assert control(simulator, path, body).status == 400
    assert simulator.day == 0


def test_unknown_fault_lists_the_choices(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="no fault is called 'typo': there are truncated, empty200, "):
        simulator.fault(BOARD, "typo")


def test_log_counts_hosts_and_keeps_times(simulator: Simulator) -> None:
    fetch(simulator, URLS[2], headers={"User-Agent": "a reader"})
    fetch(simulator, URLS[2])
    fetch(simulator, "https://app.mokahr.com/robots.txt")
    assert simulator.counts() == {"api.ashbyhq.com": 2, "app.mokahr.com": 1}
    first, second, third = simulator.log
    assert first.at <= second.at <= third.at
    assert (first.host, first.path) == ("api.ashbyhq.com", "/posting-api/job-board/marrowlight")
    assert (first.method, first.query, first.status) == ("GET", "includeCompensation=true", 200)
    assert first.user_agent == "a reader"
    log = control(simulator, "log").json
    assert log["counts"]["api.ashbyhq.com"] == 2
    assert log["hits"][0]["path"] == first.path
    assert control(simulator, "log", method="DELETE").json["hits"] == []


def test_log_takes_its_times_from_the_clock_given() -> None:
    ticks = iter(range(100))
    with Simulator(World(), clock=lambda: next(ticks)) as simulator:
        for _ in range(3):
            fetch(simulator, URLS[2])
        assert [hit.at for hit in simulator.log] == [0, 1, 2]


def test_unknown_host_and_path_are_not_found(simulator: Simulator) -> None:
    assert fetch(simulator, "https://nobody.example/robots.txt").status == 404
    assert fetch(simulator, "https://api.ashbyhq.com/typo").status == 404
    assert fetch(simulator, URLS[0], {}).status == 405


def test_server_starts_and_stops() -> None:
    simulator = Simulator(World())
    with pytest.raises(RuntimeError, match="not running"):
        _ = simulator.url
    simulator.start()
    with pytest.raises(RuntimeError, match="already running"):
        simulator.start()
    assert simulator.url.startswith("http://127.0.0.1:")
    simulator.stop()
    simulator.stop()
    with simulator:
        assert fetch(simulator, URLS[2]).status == 200


def test_sized_worlds_are_served_on_all_systems() -> None:
    world = World.sized(boards=4, postings=60)
    with Simulator(world) as simulator:
        greenhouse = fetch(simulator, "https://boards-api.greenhouse.io/v1/boards/specimen-002/jobs").json
        lever = fetch(simulator, "https://api.lever.co/v0/postings/specimen-003?mode=json").json
        ashby = fetch(simulator, "https://api.ashbyhq.com/posting-api/job-board/specimen-004").json
        data = moka(simulator, "specimen-001", "1", limit=50, needStat=True)["data"]
    assert data["jobStats"]["total"] == 60
    assert [len(greenhouse["jobs"]), len(lever), len(ashby["jobs"])] == [60, 60, 60]


def test_connection_stays_open_between_requests(simulator: Simulator) -> None:
    connection = http.client.HTTPConnection(simulator.url.removeprefix("http://"), timeout=10)
    address = f"/{MOKA_API.removeprefix('https://')}/jobs/v2"
    with contextlib.closing(connection):
        for _ in range(2):
            connection.request("POST", address, b'{"orgId": "luyingu", "siteId": "210034"}')
            response = connection.getresponse()
            assert (response.status, response.will_close, len(response.read()) > 1000) == (200, False, True)
            assert connection.sock


def test_connection_closes_after_a_body_that_is_cut_short(simulator: Simulator) -> None:
    simulator.fault("https://jobs.lever.co/cinderquay", "truncated")
    connection = http.client.HTTPConnection(simulator.url.removeprefix("http://"), timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", "/api.lever.co/v0/postings/cinderquay?mode=json")
        response = connection.getresponse()
        with pytest.raises(http.client.IncompleteRead):
            response.read()


class Defective(GatewayServer):
    """A server with a defect."""

    def respond(self, *_: object) -> NoReturn:
        raise ZeroDivisionError


def test_defect_is_a_response_and_a_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    with Defective() as server:
        assert fetch(server, "https://a.example/").status == 500
        assert [hit.status for hit in server.log] == [500]
    assert "ZeroDivisionError" in capfd.readouterr().err
