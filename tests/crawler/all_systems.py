"""One simulated board of every system, crawled at once; what came of it is looked at system by system."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from xml.etree.ElementTree import tostring

from defusedxml.ElementTree import fromstring
from werkzeug import Request, Response

from crawler.bases.board_spider import BoardSpider, Known
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.systems import find_board
from crawler.systems import systems as spiders
from postings import BoardRun, JobPosting, Verdict
from simulator.board import Board
from simulator.faults import Fault, FaultKind
from simulator.posting import Posting, observed_at
from simulator.server import Simulator
from simulator.serving import Hit
from simulator.story import sized_story
from simulator.system import System
from simulator.systems import systems
from simulator.world import World

SETTINGS: dict[str, Any] = {**UNTHROTTLED, "RETRY_TIMES": 0, "LOG_LEVEL": "CRITICAL"}
WHOLE = (Verdict.COMPLETE, Verdict.UNCHANGED)


def named(test: Callable[[System, type[BoardSpider]], object] = lambda system, spider: True) -> list[str]:
    """Return the names of the systems for which something holds."""
    return [name for name, system in systems().items() if test(system, spiders()[name])]


EVERY = named()
PROVABLE = named(lambda system, spider: system.provable)

Read = dict[str, tuple[BoardRun, list[JobPosting]]]
Instead = Callable[[str, str, Request], Response | None]


class Boards(Simulator):
    """A simulator that takes each visitor for a browser that is logged in, as that of a user who saves pages is.

    Attributes:
        instead: Answers in a system's place, where it returns anything.
        after: Changes a system's response.
    """

    def __init__(
        self,
        world: World,
        *,
        day: int = 0,
        instead: Instead = lambda host, path, request: None,
        after: Callable[[Response], object] = lambda response: None,
    ) -> None:
        super().__init__(world, day=day)
        self.instead = instead
        self.after = after

    def respond(self, host: str, path: str, request: Request, number: int) -> Response:
        """Answer one request."""
        browser = {"HTTP_COOKIE": "__zp_stoken__=x; wt2=x", "HTTP_SIGN": "x", "HTTP_X_XSRF_TOKEN": "x"}
        request.environ.update({name: value for name, value in browser.items() if name not in request.environ})
        if replacement := self.instead(host, path, request):
            return replacement
        response = super().respond(host, path, request, number)
        self.after(response)
        return response


def boards(*, pages: bool = False, **company: Any) -> tuple[Board, ...]:
    """Return a board of every system, with postings of which many share a title.

    Args:
        pages: Whether each has more than a page of them; else it has 23.
        company: What is other than with the companies of a uniform world.
    """
    found = []
    for name, system in systems().items():
        (board,) = sized_story(1, 1, [name])
        size = max((pages and system.page) or 0, 20) + 3
        mix = {"corporate": (size - 12, size - 12), "model-research": (12, 12)}
        found.append(dataclasses.replace(board, mix=mix, company=dataclasses.replace(board.company, **company)))
    return tuple(found)


@cache
def the_world(*, pages: bool = False) -> World:
    """Return the world of those boards as it is."""
    return World(boards=boards(pages=pages))


def crawled(
    world: World | None = None,
    *,
    names: Sequence[str] = (),
    fault: FaultKind | Fault | None = None,
    permitted: bool = True,
    settings: Mapping[str, Any] | None = None,
    **simulated: Any,
) -> tuple[Read, list[Hit]]:
    """Crawl a world's boards; return what came of each system's, and the requests.

    Args:
        world: The world; by default `the_world`.
        names: Only these systems; by default every one.
        fault: What is wrong with each board.
        permitted: Whether the user states to be entitled to crawl.
        settings: Scrapy settings over `SETTINGS`.
        simulated: For `Boards`.
    """
    world = world or the_world()
    urls = [board.url for board in world.boards if board.system.name in (names or EVERY)]
    found: Read = {}
    with Boards(world, **simulated) as simulator:
        for url in urls if fault else ():
            simulator.fault(url, fault or "")
        crawl(
            [find_board(url) for url in urls],
            observed_at=observed_at(simulator.day),
            on_run=lambda run, postings: found.__setitem__(run.system, (run, list(postings))),
            known=Known(permitted=urls if permitted else []),
            settings={**SETTINGS, "ROLEMIX_GATEWAY": simulator.url, **(settings or {})},
        )
        return found, list(simulator.log)


@cache
def on_day(day: int) -> Read:
    """Return what is read of `the_world` on a day."""
    return crawled(day=day)[0]


@cache
def known(name: str, day: int = 0, *, pages: bool = False) -> Mapping[str, Posting]:
    """Return what `the_world` knows of the postings that a system's board lists on a day, by identifier."""
    world = the_world(pages=pages)
    (url,) = (board.url for board in world.boards if board.system.name == name)
    listed = world.identifiers(url, day) - world.paused(url, day)
    return {identifier: world.posting(url, identifier) for identifier in listed}


def listed_in(response: Response) -> list[str]:
    """Return the identifiers of `the_world` that a response holds, in alphabetical order."""
    text = response.get_data(as_text=True)
    return sorted(identifier for name in EVERY for identifier in known(name) if identifier in text)


def break_one_record(response: Response) -> None:
    """Break a list's second record: null in JSON, empty in XML, without its identifier in HTML."""
    if response.mimetype.endswith("gzip") or len(listed := listed_in(response)) < 3:
        return
    text = response.get_data(as_text=True)
    if response.mimetype.endswith("json"):
        value = json.loads(text)
        _remove_second(value, listed)
        text = json.dumps(value)
    elif response.mimetype.endswith("xml"):
        root = fromstring(text)
        [record for record in root.iter() if record.tag in ("item", "position")][1].clear()
        text = tostring(root, encoding="unicode")
    else:
        text = text.replace(listed[1], "")
    response.set_data(text)


def _remove_second(value: Any, listed: Sequence[str]) -> bool:
    """Put null in the place of the second record of the outermost list of records."""
    if isinstance(value, dict):
        return any(_remove_second(item, listed) for item in value.values())
    if not isinstance(value, list):
        return False
    records = sum(isinstance(item, dict) and any(one in json.dumps(item) for one in listed) for item in value)
    if records >= 3:
        value[1] = None
        return True
    return any(_remove_second(item, listed) for item in value)
