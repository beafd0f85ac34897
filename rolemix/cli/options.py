"""Options that several commands share, so that they read and behave the same everywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from postings.errors import RolemixError
from rolemix.publishing.render import Format

if TYPE_CHECKING:
    from postings.store import Store

Database = Annotated[
    str,
    typer.Option(
        "--db",
        envvar="ROLEMIX_DB",
        metavar="URL",
        help="The store: a file, or an SQLAlchemy URL of SQLite or PostgreSQL.",
    ),
]
DEFAULT_DATABASE = "rolemix.db"

Form = Annotated[Format, typer.Option("--format", help="How to print the result.")]

ModelPath = Annotated[
    Path | None,
    typer.Option("--model", help="A trained model's folder or file; the shipped one if not given.", show_default=False),
]

Watchlist = Annotated[Path, typer.Option(envvar="ROLEMIX_WATCHLIST", help="The file that lists the boards to follow.")]
DEFAULT_WATCHLIST = Path("watchlist.toml")

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


MOST_DAYS = 36_500
"""A century: how far back a comparison may reach."""


def open_store(location: str, *, existing: bool = False) -> Store:
    """Open the store that ``--db`` names.

    Raises:
        RolemixError: It cannot be opened, or is not there though it should be ``existing``.
    """
    from postings.store import Store

    if existing and "://" not in location and not Path(location).exists():
        raise RolemixError(f"there is no store at {location}: name one with --db, or fill it with `rolemix crawl`")
    return Store.open(location)


def moment(text: str, *, option: str, end_of_day: bool = False) -> datetime | None:
    """Read a day or a time, both UTC where no zone is given; None when the text is empty.

    Args:
        text: What the user wrote, in ISO 8601.
        option: Where they wrote it.
        end_of_day: Whether a day stands for its last second, and not its first.

    Raises:
        RolemixError: It is neither a day nor a time, or lies in the future.
    """
    if not text:
        return None
    found = _read_moment(text, option, end_of_day)
    if found > latest():
        raise RolemixError(f"{option} {text!r} lies in the future: check the year")
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
        raise RolemixError(f"{option} {text!r} is no date: write 2026-07-28 or 2026-07-28T09:30+08:00") from None


def now() -> datetime:
    """Return the clock's time in whole seconds; nothing below the command line reads the clock."""
    return datetime.now(UTC).replace(microsecond=0)


def latest() -> datetime:
    """Return the latest time that anything can have been observed at; today ends late in the west.

    A run dated in the future would make every later one stale.
    """
    return now() + timedelta(days=2)


def scrapy_settings(gateway: str, delay: float | None) -> dict[str, Any]:
    """Return the Scrapy settings that the options of a crawl stand for."""
    if gateway and not _is_web_address(gateway):
        raise RolemixError(f"--gateway {gateway!r} is no address: write http://127.0.0.1:8000")

    from crawler.runs.live import UNTHROTTLED

    # Verdicts say what went wrong; Scrapy's own log stays silent.
    settings: dict[str, Any] = {"ROLEMIX_GATEWAY": gateway.rstrip("/"), "LOG_LEVEL": "CRITICAL"}
    if delay == 0 and gateway:
        settings |= UNTHROTTLED
    elif delay is not None:
        settings |= {"DOWNLOAD_DELAY": delay, "AUTOTHROTTLE_START_DELAY": delay}
    return settings


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
