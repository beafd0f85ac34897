"""A fictional company and its boards: what the story plans for each, and how the recruiting system knows it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from simulator.system import System


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A fictional employer.

    Attributes:
        name: Its name as its boards print it.
        name_en: Its name in English.
        language: Language of its postings, ``zh`` or ``en``.
        about: The paragraph with which its postings open.
        site: Its own careers page; empty where it has none.
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
        system: The recruiting system that serves it.
        company: Who hires.
        mix: For each role, postings listed on day 0 and on the last day.
        places: Keys of the cities in which it hires.
        turn: First and last day of the change from the first mix to the second.
        pays: Share of postings that state pay.
        text_in_list: Whether the list holds the descriptions (Moka only: else only the detail does).
        categories: Whether postings have a category (Moka only).
    """

    url: str
    system: System
    company: Company
    mix: Mapping[str, tuple[int, int]]
    places: tuple[str, ...]
    turn: tuple[int, int]
    pays: float = 0.0
    text_in_list: bool = True
    categories: bool = True

    @property
    def host(self) -> str:
        """Host of the board's address."""
        return self.url.split("/")[2]

    @property
    def token(self) -> str:
        """The name by which the system knows the company."""
        return self._match["token"]

    @property
    def site(self) -> str | None:
        """The site's number, where a company may have several sites (Moka)."""
        return self._match.groupdict().get("site")

    @property
    def campus(self) -> bool:
        """Whether it hires students only."""
        return "/campus-recruitment/" in self.url

    @property
    def _match(self) -> re.Match[str]:
        match = re.fullmatch(self.system.url, self.url)
        if match is None:
            raise ValueError(f"not the address of a {self.system.name} board: {self.url}")
        return match
