"""Fictional postings of one company: many different roles that share titles' words and the company's boilerplate."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta

from postings.identity import Job

OWN, VENDOR = "https://lanternfish.example/jobs", "https://lanternfish.vendor.example"
START = datetime(2026, 3, 1, tzinfo=UTC)
CITIES = ("Oslo", "Hamburg", "Lyon", "Toronto", "Austin", "Osaka", "Leeds", "Bergen", "Zürich", "Porto")

_RANKS = ("", "Senior ", "Junior ", "Staff ", "Principal ")
_FIELDS = (
    *("Lamp", "Harbour", "Signal", "Tide", "Buoy", "Data", "Data Center", "Payments", "Search", "Maps"),
    *("Storage", "Billing", "Fleet", "Weather", "Radio", "Cable", "Optics", "Robotics", "Safety", "Energy"),
)
_JOBS = ("Engineer", "Analyst", "Manager", "Designer", "Technician", "Planner", "Researcher", "Architect", "Operator")
_LEVELS = ("", " I", " II", " III")
_VERBS = ("tend", "measure", "draw", "repair", "plan", "test", "describe", "sort", "weigh", "paint", "count", "mend")
_THINGS = (
    *(
        "lanterns",
        "moorings",
        "charts",
        "ledgers",
        "engines",
        "lenses",
        "nets",
        "ropes",
        "pumps",
        "sensors",
        "antennas",
    ),
    *("invoices", "models", "pipelines", "clusters", "schedules", "contracts", "drills", "samples", "boats", "masts"),
)
_WHERE = ("in the north", "by night", "with two colleagues", "for the fleet", "at sea", "from the office", "in winter")
ABOUT = """Lanternfish lights the harbours of the northern seas. Since 1871 our people have kept ships off the rocks,
and everyone who is curious, careful and kind can do the same."""
OFFER = """We offer thirty days of holiday, a pension, a boat ticket home, and lunch with a view.
We welcome applications from everyone, whatever their age, origin, faith, gender or disability.
Please send us your application with a short letter. We answer within two weeks."""


def different_roles(count: int, seed: int = 0) -> list[tuple[str, str]]:
    """Different titles, each with its own text among the company's own words."""
    dice = random.Random(seed)
    titles = [
        f"{rank}{field} {job}{level}" for rank, field, job, level in itertools.product(_RANKS, _FIELDS, _JOBS, _LEVELS)
    ]
    return [(title, text_of(dice)) for title in dice.sample(titles, count)]


def text_of(dice: random.Random, sentences: int = 7) -> str:
    duties = [
        f"- You {dice.choice(_VERBS)} {dice.choice(_THINGS)} and {dice.choice(_VERBS)} {dice.choice(_THINGS)} "
        f"{dice.choice(_WHERE)}."
        for _ in range(sentences)
    ]
    return "\n".join([ABOUT, "", "Your work:", *duties, "", OFFER])


def job(identifier: object, title: str = "Lamp Engineer", text: str = "", **values: object) -> Job:
    board = str(values.pop("board", OWN))
    return Job(
        **{
            "key": f"{board}#{identifier}",
            "board": board,
            "identifier": str(identifier),
            "title": title,
            "text": text,
            "url": f"{board}/{identifier}",
            "places": ("Oslo",),
            "opened": START,
        }
        | values  # type: ignore[arg-type]
    )


def on(day: float) -> datetime:
    return START + timedelta(days=day)
