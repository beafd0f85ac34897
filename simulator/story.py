"""Where each fictional company is heading: the plans from which its boards grow."""

from __future__ import annotations

import importlib.resources
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle, islice
from typing import Any

from simulator.board import Board, Company
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


def default_story() -> tuple[Board, ...]:
    """Return the boards of the default world, as ``story.toml`` has them."""
    text = (importlib.resources.files("simulator") / "story.toml").read_text(encoding="utf-8")
    return tuple(_read_board(entry, plan) for entry in tomllib.loads(text)["company"] for plan in entry["board"])


def _read_board(entry: Mapping[str, Any], plan: Mapping[str, Any]) -> Board:
    company = Company(**{key: value for key, value in entry.items() if key != "board"})
    mix = {role: (start, end) for role, (start, end) in plan["mix"].items()}
    fixed = {"mix": mix, "places": tuple(plan["places"]), "turn": tuple(plan["turn"])}
    board = Board(**{**plan, **fixed}, system=_system_of(plan["url"]), company=company)
    unknown = (set(mix) - set(roles())) | (set(board.places) - set(CITIES))
    if unknown:
        raise ValueError(f"story.toml: {board.url} names unknown roles or places: {sorted(unknown)}")
    return board


def _system_of(url: str) -> System:
    for system in systems().values():
        if re.fullmatch(system.url, url):
            return system
    raise ValueError(f"story.toml: no simulated system serves {url}")


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
            system=system,
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
