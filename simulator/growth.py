"""How a board's plan grows into postings: who opens, closes, is reworded, and stands out, and when."""

from __future__ import annotations

import dataclasses
import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from math import ceil

from simulator.board import Board, Company
from simulator.posting import Pay, Posting, Spell, Wording, observed_at
from simulator.texts import language

_REPLACED = 0.15
"""Share of lasting postings that close and make room for another one of the same role."""

_MARKS: dict[str, tuple[float, set[str] | None]] = {
    "reworded": (0.12, None),
    "retitled": (0.05, None),
    "reopened": (0.05, None),
    "urgent": (0.06, {"moka"}),
    "paused": (0.03, {"moka"}),
    "redirecting": (0.05, {"moka"}),
    "hidden": (0.05, {"ashby", "smartrecruiters"}),
    "prospect": (0.02, {"greenhouse"}),
}
"""What sets single postings apart: its share of the lasting postings, and the systems that know of it (None: all)."""

_YEARLY_USD = {
    "annotation": (45, 80),
    "elsewhere": (40, 60),
    "data-centre": (70, 130),
    "product-operations": (80, 130),
    "corporate": (80, 150),
    "analytics": (100, 160),
    "model-research": (250, 450),
    "training-inference": (220, 420),
}
"""Pay in thousand dollars a year, by role; invented. Other roles earn `_USUAL_USD`."""

_USUAL_USD = (140, 260)

_CURRENCY = {"berlin": "EUR", "munich": "EUR", "amsterdam": "EUR", "london": "GBP", "toronto": "CAD"}


def grow(board: Board, seed: str, days: int) -> tuple[Posting, ...]:
    """Write every posting that a board ever lists.

    Args:
        board: The board and its plan.
        seed: Seeds the dice; the same seed gives the same postings.
        days: Length of the story; nothing happens from that day on.

    Returns:
        The postings by serial number.
    """
    dice = random.Random(f"{seed} {board.url}")  # noqa: S311 - a story, not a secret
    lives = [(role, life) for role in sorted(board.mix) for life in _lives(*board.mix[role], board.turn, days, dice)]
    dice.shuffle(lives)
    postings = [_write(board, serial, role, life, dice) for serial, (role, life) in enumerate(lives)]
    lasting = [posting for posting in postings if posting.spells[0].opened == 0 and not posting.spells[0].closed]
    dice.shuffle(lasting)
    marks = [
        mark
        for mark, (share, systems) in _MARKS.items()
        if systems is None or board.system.name in systems
        for _ in range(ceil(share * len(lasting)))
    ]
    for mark, posting in zip(marks, lasting, strict=False):
        day = dice.randrange(2, days - 6)
        if mark == "redirecting":
            there = lasting[-1].identifier
            postings[posting.serial] = dataclasses.replace(posting, redirects_to=there, redirects_from=day // 2)
        else:
            postings[posting.serial] = _set_apart(mark, posting, day, board.company.language, dice)
    return tuple(_ended(posting, board.company) for posting in postings)


def _ended(posting: Posting, company: Company) -> Posting:
    """Return the posting with what all of its company's titles and texts end with."""
    more = (company.text_ends,) if company.text_ends else ()
    wordings = tuple(
        dataclasses.replace(one, title=one.title + company.title_ends, requirements=(*one.requirements, *more))
        for one in posting.wordings
    )
    return dataclasses.replace(posting, wordings=wordings)


def _lives(
    start: int, end: int, turn: tuple[int, int], days: int, dice: random.Random
) -> Iterator[tuple[int, int | None]]:
    """Yield the day opened and the day closed of each posting of one role."""
    for _ in range(min(start, end)):
        if dice.random() < _REPLACED:
            closed = dice.randrange(1, days - 4)
            yield 0, closed
            yield closed + dice.randrange(4), None
        else:
            yield 0, None
    for _ in range(start - end):
        yield 0, dice.randint(*turn)
    for _ in range(end - start):
        yield dice.randint(*turn), None


def _write(board: Board, serial: int, role: str, life: tuple[int, int | None], dice: random.Random) -> Posting:
    opened, closed = life
    published = _shortly_before(opened, dice)
    if opened == 0:
        published -= timedelta(days=dice.randrange(2, 240))
    code = board.company.language
    text = language(code).roles[role]
    kind = "graduate" if board.campus else dice.choices(["full-time", "intern", "either"], [80, 10, 10])[0]
    places = tuple(dice.sample(board.places, dice.choices([1, 2], [75, 25])[0]))
    identifier = str(uuid.UUID(int=dice.getrandbits(128), version=4))
    if board.system.identifier is not None:
        identifier = board.system.identifier(dice)
    return Posting(
        identifier=identifier,
        serial=serial,
        role=role,
        kind=kind,
        places=places,
        unit=text.unit,
        spells=(Spell(opened, closed, published),),
        wordings=(Wording(0, published, dice.choice(text.titles), *_sentences(code, role, dice)),),
        pay=_pay(role, kind, board.company.language, places[0], dice) if dice.random() < board.pays else None,
    )


def _sentences(code: str, role: str, dice: random.Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return some duties and some requirements of a role, with one that fits any role."""
    text = language(code).roles[role]
    requirements = [*dice.sample(text.requirements, 3), dice.choice(language(code).general)]
    return tuple(dice.sample(text.duties, dice.choice([4, 5]))), tuple(requirements)


def _pay(role: str, kind: str, code: str, place: str, dice: random.Random) -> Pay:
    low, high = _YEARLY_USD.get(role, _USUAL_USD)
    low, high = low + dice.randrange(0, 20, 5), high + dice.randrange(0, 40, 5)
    if code == "zh" and kind == "intern":
        return Pay("CNY", low + 100, high + 50, "DAY")
    if code == "zh":
        return Pay("CNY", low // 6 * 1000, high // 5 * 1000, "MONTH", dice.choice([None, 13, 14, 15, 16]))
    currency = _CURRENCY.get(place, "SGD" if place in ("singapore", "jakarta") else "USD")
    if kind == "intern":
        return Pay(currency, low // 4, high // 4, "HOUR")
    return Pay(currency, low * 1000, high * 1000, "YEAR")


def _shortly_before(day: int, dice: random.Random) -> datetime:
    """Return a moment in the 20 hours before a day is looked at."""
    return observed_at(day) - timedelta(seconds=dice.randrange(600, 72_000))


def _set_apart(mark: str, posting: Posting, day: int, code: str, dice: random.Random) -> Posting:
    """Return the posting with what makes it special, from a day on."""
    first = posting.wordings[0]
    match mark:
        case "reworded":
            duties, requirements = _sentences(code, posting.role, dice)
            later = Wording(day, _shortly_before(day, dice), first.title, duties, requirements)
            return dataclasses.replace(posting, wordings=(first, later))
        case "retitled":
            title = dice.choice([t for t in language(code).roles[posting.role].titles if t != first.title])
            later = dataclasses.replace(first, day=day, edited=_shortly_before(day, dice), title=title)
            return dataclasses.replace(posting, wordings=(first, later))
        case "reopened":
            back = day + dice.randrange(2, 6)
            before = dataclasses.replace(posting.spells[0], closed=day)
            return dataclasses.replace(posting, spells=(before, Spell(back, None, _shortly_before(back, dice))))
        case "paused":
            return dataclasses.replace(posting, paused_from=day // 2)
        case "prospect":
            pool = dataclasses.replace(first, title=f"Talent Community: {first.title}")
            return dataclasses.replace(posting, wordings=(pool,), prospect=True)
        case "urgent":
            return dataclasses.replace(posting, urgent=True)
        case "hidden":
            return dataclasses.replace(posting, hidden=True)
    raise ValueError(f"unknown mark: {mark}")
