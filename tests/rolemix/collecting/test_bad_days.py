"""What partial, broken and empty readings do to the history: what has gone wrong in other readers, on every system."""

from __future__ import annotations

import dataclasses

import pytest

from crawler.systems import find_board
from postings.store import Store, queries
from rolemix.collecting.crawling import collect
from rolemix.collecting.watchlist import Watched
from simulator.faults import FaultKind
from simulator.posting import observed_at
from simulator.systems import systems
from tests.crawler.all_systems import EVERY, PROVABLE, SETTINGS, Boards, known, the_world

DAYS = {
    0: None,
    1: FaultKind.TRUNCATED,
    2: FaultKind.EMPTY200,
    3: FaultKind.HTML,
    4: FaultKind.BLOCKED,
    5: FaultKind.CAPPED,
    6: FaultKind.EMPTIED,
    23: None,
    24: None,
}
LAST = max(DAYS)


@dataclasses.dataclass
class Course:
    """What days of crawling brought.

    Attributes:
        opened: What was open after each day, by system.
        titles: The newest title of every posting ever seen, by system and identifier.
    """

    opened: dict[int, dict[str, set[str]]] = dataclasses.field(default_factory=dict)
    titles: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Crawl every system's board on good days and bad ones."""
    world, found = the_world(), Course()
    urls = {board.system.name: board.url for board in world.boards}
    watched = [Watched(find_board(url), permission="a test") for url in urls.values()]
    with Boards(world) as simulator, Store.open(tmp_path_factory.mktemp("peers") / "rolemix.db") as store:
        for day, kind in DAYS.items():
            simulator.day = day
            simulator.clear_fault()
            for name, url in urls.items() if kind else ():
                simulator.fault(url, kind if kind is not FaultKind.CAPPED or systems()[name].total else "truncated")
            settings = {**SETTINGS, "ROLEMIX_GATEWAY": simulator.url}
            collect(store, watched, observed_at=observed_at(day), settings=settings)
            with store.read() as connection:
                found.opened[day] = {
                    name: {
                        history.posting.identifier
                        for history in queries.stream_histories(connection, board_urls=[url])
                        if history.closed_at is None
                    }
                    for name, url in urls.items()
                }
        with store.read() as connection:
            for name, url in urls.items():
                newest = (history.posting for history in queries.stream_histories(connection, board_urls=[url]))
                found.titles[name] = {posting.identifier: posting.title for posting in newest}
    return found


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("day", [day for day, kind in DAYS.items() if kind])
def test_bad_day_closes_nothing(course: Course, name: str, day: int) -> None:
    """A partial run closed 50,993 postings at once, a truncated one 872 in six hours, an empty response all."""
    assert course.opened[0][name] <= course.opened[day][name]


@pytest.mark.parametrize("name", PROVABLE)
def test_next_good_days_close_what_is_gone(course: Course, name: str) -> None:
    """The opposite error: 235,313 postings stayed open although their boards were read again."""
    assert course.opened[LAST][name] == set(known(name, LAST))


@pytest.mark.parametrize("name", PROVABLE)
def test_retitled_posting_stays_the_one_it_was(course: Course, name: str) -> None:
    """Ids made from titles: a new title closed a posting and opened another."""
    world = the_world()
    (url,) = (board.url for board in world.boards if board.system.name == name)
    assert set(course.titles[name]) <= {posting.identifier for posting in world.postings(url)}
    for identifier, posting in known(name, LAST).items():
        assert posting.wording(LAST).title in course.titles[name][identifier]


def test_boards_retitle_and_close_postings_in_these_days() -> None:
    def titles(name: str, day: int) -> list[str]:
        return [posting.wording(day).title for posting in known(name).values()]

    assert all(titles(name, 0) != titles(name, LAST) for name in PROVABLE)
    assert sum(not known(name).keys() <= known(name, LAST).keys() for name in EVERY) > 0.9 * len(EVERY)
