"""Where each fictional company is heading: the plans from which its boards grow."""

from __future__ import annotations

import dataclasses
import importlib.resources
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle, islice
from typing import Any

from simulator.places import CITIES
from simulator.system import System
from simulator.systems import systems
from simulator.texts import roles

SIGNS = {
    "en": 'Signs mean what they are: R&D, List<T>, a < b && b > c, "quoted", and in HTML &amp; or &lt;b&gt;.',
    "zh": '符号照写：R&D、List<T>、a < b && b > c、"引号"，HTML 里的 &amp; 与 &lt;b&gt;；',
}
"""What the postings of a uniform world end with, in each language: whoever escapes or decodes once too often, or not
at all, changes it."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A fictional employer.

    Attributes:
        name: Its name as its boards print it.
        name_en: Its name in English.
        language: Language of its postings, ``zh`` or ``en``.
        about: The paragraph with which its postings open.
        site: Its own page about working there; empty where it has none.
        shows: How that page shows its boards: by a ``link`` to each, by what their systems give to ``embed``, or
            by a ``redirect`` to the first.
        title_ends: What all its titles end with.
        text_ends: A requirement that all its postings end with; empty where there is none.
    """

    name: str
    name_en: str
    language: str
    about: str
    site: str = ""
    shows: str = "link"
    title_ends: str = ""
    text_ends: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One board, and the plan of what happens on it.

    Attributes:
        url: Its address in canonical form.
        company: Who hires.
        mix: For each role, postings listed on day 0 and on the last day.
        places: Keys of the cities in which it hires.
        turn: First and last day of the change from the first mix to the second.
        pays: Share of postings that state pay.
        text_in_list: Whether the list holds the descriptions (Moka only: else only the detail does).
        categories: Whether postings have a category (Moka only).
    """

    url: str
    company: Company
    mix: Mapping[str, tuple[int, int]]
    places: tuple[str, ...]
    turn: tuple[int, int]
    pays: float = 0.0
    text_in_list: bool = True
    categories: bool = True

    @property
    def system(self) -> System:
        """The recruiting system."""
        return self._address[0]

    @property
    def host(self) -> str:
        """Host of the board's address."""
        return self.url.split("/")[2]

    @property
    def token(self) -> str:
        """The name by which the system knows the company."""
        return self._address[1]["token"]

    @property
    def site(self) -> str | None:
        """The site's number, where a company may have several sites (Moka)."""
        return self._address[1].groupdict().get("site")

    @property
    def campus(self) -> bool:
        """Whether it hires students only."""
        return "/campus-recruitment/" in self.url

    @property
    def _address(self) -> tuple[System, re.Match[str]]:
        for system in systems().values():
            if match := re.fullmatch(system.url, self.url):
                return system, match
        raise ValueError(f"not a board address that the simulator serves: {self.url}")


def default_story() -> tuple[Board, ...]:
    """Return the boards of the default world, as ``story.toml`` tells it."""
    text = (importlib.resources.files("simulator") / "story.toml").read_text(encoding="utf-8")
    return tuple(_read_board(entry, plan) for entry in tomllib.loads(text)["company"] for plan in entry["board"])


def _read_board(entry: Mapping[str, Any], plan: Mapping[str, Any]) -> Board:
    company = Company(**{key: value for key, value in entry.items() if key != "board"})
    mix = {role: (start, end) for role, (start, end) in plan["mix"].items()}
    fixed = {"mix": mix, "places": tuple(plan["places"]), "turn": tuple(plan["turn"]), "company": company}
    board = Board(**{**plan, **fixed})
    unknown = (set(mix) - set(roles())) | (set(board.places) - set(CITIES))
    if unknown:
        raise ValueError(f"story.toml: {board.url} names unknown roles or places: {sorted(unknown)}")
    return board


def sized_story(boards: int, postings: int, names: Sequence[str]) -> tuple[Board, ...]:
    """Return uniform boards for tests and benchmarks, spread evenly over some systems.

    Args:
        boards: How many boards.
        postings: How many postings each lists on day 0, all roles alike.
        names: The systems; where all of them are single companies' there are no more boards than systems.
    """
    chosen = [systems()[name] for name in names]
    share, rest = divmod(postings, len(roles()))
    counts = {role: share + (place < rest) for place, role in enumerate(roles())}
    mix = {role: (count, count) for role, count in counts.items()}
    return tuple(
        Board(
            url=system.specimen.format(number),
            company=_specimen(number, system.language),
            mix=mix,
            places=("haidian", "yuhang") if system.language == "zh" else ("seattle", "berlin", "london"),
            turn=(5, 22),
            pays=0.5,
        )
        for number, system in enumerate(islice(_in_turn(chosen), boards), start=1)
    )


def _in_turn(chosen: Sequence[System]) -> Iterator[System]:
    """Yield systems in turn; one that is a single company's, and so has one board only, comes once."""
    yield from chosen
    yield from cycle(system for system in chosen if "{0" in system.specimen)


def _specimen(number: int, language: str) -> Company:
    about = "一家虚构的公司，用来测量。" if language == "zh" else "A fictional company, made to be measured."
    name = f"样本公司{number:03}" if language == "zh" else f"Specimen {number:03}"
    return Company(
        name=name,
        name_en=f"Specimen {number:03}",
        language=language,
        about=about,
        title_ends=" (R&D)",
        text_ends=SIGNS[language],
    )
