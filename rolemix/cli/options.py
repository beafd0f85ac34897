"""Options that several commands share, so that they read and behave the same everywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from classifier.quantification.estimand import Estimand
from postings.errors import RolemixError
from rolemix import api
from rolemix.publishing.render import Format

Database = Annotated[
    str,
    typer.Option(
        "--db",
        envvar="ROLEMIX_DB",
        metavar="URL",
        help="The store: a file, or an SQLAlchemy URL of SQLite or PostgreSQL.",
    ),
]
DEFAULT_DATABASE = api.DEFAULT_STORE

Form = Annotated[Format, typer.Option("--format", help="How to print the result.")]

ModelPath = Annotated[
    Path | None,
    typer.Option("--model", help="A trained model's folder or file; the shipped one if not given.", show_default=False),
]

EstimandOption = Annotated[
    Estimand,
    typer.Option(help="What shares are of: the postings on the board, or what the company tends to hire."),
]

Watchlist = Annotated[Path, typer.Option(envvar="ROLEMIX_WATCHLIST", help="The file that lists the boards to follow.")]
DEFAULT_WATCHLIST = api.DEFAULT_WATCHLIST
Group = Annotated[
    list[str] | None,
    typer.Option(
        help="The companies of a group in watchlist.toml, or in the shipped one if there is none.", show_default=False
    ),
]

Gateway = Annotated[
    str,
    typer.Option(
        envvar="ROLEMIX_GATEWAY",
        metavar="URL",
        help="Send requests for https://host/path to URL/host/path: a simulator, a replay, an archive.",
    ),
]
Delay = Annotated[
    float | None,
    typer.Option(min=0, max=3600, help="Seconds between requests to one host; 1 if not given.", show_default=False),
]


Language = Annotated[str, typer.Option("--lang", help="The language of sentences and names: en or zh.")]

MOST_DAYS = 36_500
"""A century: how far back a comparison may reach."""


def language(text: str) -> str:
    """Return a language.

    Raises:
        RolemixError: There are no words in that language.
    """
    if text not in ("en", "zh"):
        raise RolemixError(f"there is no language {text!r}: choose en or zh")
    return text


def moment(text: str, *, option: str, end_of_day: bool = False) -> datetime | None:
    """Read a day or a time, both UTC where no zone is given; None when the text is empty.

    Args:
        text: What the user wrote, in ISO 8601.
        option: Where they wrote it.
        end_of_day: Whether a day stands for its last second, and not its first.

    Raises:
        RolemixError: It is neither a day nor a time, or is in the future.
    """
    if not text:
        return None
    found = _read_moment(text, option, end_of_day)
    if found > api.latest():
        raise RolemixError(f"{option} {text!r} is in the future: check the year")
    return found


def _read_moment(text: str, option: str, end_of_day: bool) -> datetime:
    try:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            found = datetime.fromisoformat(text)
        else:
            found = datetime.combine(day, time(23, 59, 59) if end_of_day else time.min)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise RolemixError(f"{option} {text!r} is not a date: write 2026-07-28 or 2026-07-28T09:30+08:00") from None
