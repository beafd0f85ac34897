"""What the tests of the top floor share: one simulated week in a store, and the command in this process or its own."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.claims import collect_twins
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from crawler.systems import find_board
from postings.store import Store
from rolemix import api
from rolemix.cli import main
from rolemix.collecting.collected import Collected
from rolemix.collecting.crawling import collect
from rolemix.collecting.watchlist import Watched
from rolemix.tagging.retag import tag_new
from simulator.faults import Fault, FaultKind
from simulator.server import Simulator
from simulator.world import World

ROOT = Path(__file__).parents[2]

TWO_BOARDS = (
    "https://app.mokahr.com/campus-recruitment/luyingu/210035",
    "https://app.mokahr.com/social-recruitment/luyingu/210034",
)
"""One company's boards."""
PARTIAL_AT_FIRST = "https://app.mokahr.com/social-recruitment/jinridge/318820"
JOINED_LATER = "https://jobs.ashbyhq.com/marrowlight"
FAILED_AT_LAST = "https://jobs.lever.co/cinderquay"
DAYS = (0, 2, 4, 6)


@dataclasses.dataclass(frozen=True)
class History:
    """A store of a simulated week, to read only, and the world that it is of."""

    path: Path
    world: World
    collected: dict[int, list[Collected]]

    def truth(self, board: str, day: int) -> frozenset[str]:
        """What a reader of the board could count on a day: paused and moved postings and prospects are left out."""
        world = self.world
        uncounted = world.paused(board, day) | world.prospects(board, day) | set(world.redirecting(board, day))
        return world.identifiers(board, day) - uncounted


@dataclasses.dataclass(frozen=True)
class Result:
    """What a command printed, and its exit status."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one sentence on standard error."""
        (line,) = self.err.strip().splitlines()
        return line


Rolemix = Callable[..., Result]


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return Tagger.load()


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return Taxonomy.load()


def small_model() -> Tagger:
    """A model of two roles only, to stand beside the shipped one."""
    titles = ["nurse on the ward"] * 3 + ["sales manager of lamps"] * 3
    roles = ["elsewhere"] * 3 + ["go-to-market"] * 3
    return Tagger().fit([{"title": title, "description": title} for title in titles], roles)


def crawl_week(path: Path) -> History:
    """Crawl some days of a small world, with a board that fails, one that joins later, one partial at first."""
    world = World(seed=7)
    collected = {}
    with Simulator(world) as simulator, Store.open(path) as store:
        simulator.fault(PARTIAL_AT_FIRST, Fault(FaultKind.TRUNCATED, days=[0]))
        simulator.fault(FAILED_AT_LAST, Fault(FaultKind.EMPTY200, days=[6]))
        for day in DAYS:
            simulator.day = day
            watched = [
                Watched(find_board(board.url), board.company.name)
                for board in world.boards
                if day > 0 or board.url != JOINED_LATER
            ]
            settings = api.crawl_settings(simulator.url, 0) | {"RETRY_TIMES": 0}
            collected[day] = collect(store, watched, observed_at=world.date(day), settings=settings)
    return History(path, world, collected)


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory, tagger: Tagger) -> History:
    made = crawl_week(tmp_path_factory.mktemp("history") / "rolemix.db")
    with Store.open(made.path) as store:
        tag_new(store, tagger)
    return made


@pytest.fixture(scope="session")
def labs(tmp_path_factory: pytest.TempPathFactory, tagger: Tagger) -> Path:
    """A store of the labs of which the truth is known, to read only."""
    path = tmp_path_factory.mktemp("labs") / "rolemix.db"
    with Store.open(path) as store:
        collect_twins(store, tagger)
    return path


@pytest.fixture(scope="session")
def running() -> Iterator[Simulator]:
    with Simulator(World(seed=7)) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    running.day = 0
    running.clear_fault()
    return running


@pytest.fixture
def rolemix(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Result]:
    """The command, run in this process and in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Result:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["rolemix", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Result(int(ended.value.code or 0), out, err)

    return run


def command(*arguments: object) -> list[str]:
    """The command as a process of its own."""
    return [sys.executable, "-m", "rolemix", *map(str, arguments)]


def environment(**more: str) -> dict[str, str]:
    """The environment of such a process."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def process(*arguments: object, given: bytes = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process of its own, for exit codes and streams."""
    return subprocess.run(command(*arguments), input=given, capture_output=True, env=environment(**more), check=False)


@pytest.fixture
def save_response(tmp_path: Path) -> Callable[..., Path]:
    """Save a response of a fictional Lever board; postings are given as id and title."""

    def save(name: str, *postings: tuple[str, str], **more: Any) -> Path:
        rows = [
            {
                "id": identifier,
                "text": title,
                "hostedUrl": f"https://jobs.lever.co/quillmoth/{identifier}",
                "descriptionPlain": "We tend the lamps of the northern harbours and write down what we see.",
                "createdAt": 1_771_000_000_000,
                "categories": {"location": "Tromsø", "commitment": "Full-time"},
                **more,
            }
            for identifier, title in postings
        ]
        path = tmp_path / name
        path.write_text(json.dumps(rows), encoding="utf-8")
        return path

    return save


QUILLMOTH = "https://jobs.lever.co/quillmoth"
"""The fictional board whose responses `save_response` saves."""
