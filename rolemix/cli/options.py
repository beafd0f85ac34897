"""Options that several commands share, so that they read and behave the same everywhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from postings.errors import RolemixError
from postings.store import Store
from rolemix.render import Format

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
    typer.Option(min=0, help="Seconds between requests to one host. [default: 1]", show_default=False),
]


def open_store(location: str) -> Store:
    """Open the store that ``--db`` names."""
    return Store.open(location)


def moment(text: str | None, *, option: str) -> datetime | None:
    """Read a day or a time; a day means its midnight, and a time without a zone is UTC.

    Raises:
        RolemixError: It is neither.
    """
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise RolemixError(f"{option} {text!r} is no date: write 2026-07-28 or 2026-07-28T09:30+08:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def now() -> datetime:
    """Return the clock's time in whole seconds; nothing below the command line reads the clock."""
    return datetime.now(UTC).replace(microsecond=0)


def scrapy_settings(gateway: str, delay: float | None) -> dict[str, Any]:
    """Return the Scrapy settings that the options of a crawl stand for."""
    settings: dict[str, Any] = {"ROLEMIX_GATEWAY": gateway, "LOG_LEVEL": "WARNING"}
    if gateway and not gateway.startswith(("http://", "https://")):
        raise RolemixError(f"--gateway {gateway!r} is no address: write http://127.0.0.1:8000")
    if delay is not None:
        settings |= {"DOWNLOAD_DELAY": delay, "AUTOTHROTTLE_ENABLED": delay > 0, "AUTOTHROTTLE_START_DELAY": delay}
    if delay == 0:
        settings |= {"CONCURRENT_REQUESTS_PER_DOMAIN": 8}
    return settings
