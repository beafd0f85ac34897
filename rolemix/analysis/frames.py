"""Tidy pandas frames of what a store holds: one row an observation, columns of nullable types, times in UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from classifier.model.info import ModelInfo
from classifier.model.tag import SURE, focus_confidence
from postings.store import Store, queries
from postings.store.records import PostingHistory, RecordedBoard
from rolemix.companies import company_of

TIME = "datetime64[ns, UTC]"

POSTINGS: Mapping[str, str] = {
    **dict.fromkeys(("company", "board", "identifier", "title", "role", "focus"), "string"),
    "confidence": "Float64",
    "sure": "boolean",
    **dict.fromkeys(("first_seen", "opened", "last_seen", "closed"), TIME),
    "closed_reason": "string",
    "date_posted": TIME,
    **dict.fromkeys(("location", "employment_type"), "string"),
    "urgent": "boolean",
    **dict.fromkeys(("url", "redirects_to", "description"), "string"),
}
"""The columns of `postings` and their types."""

BOARDS: Mapping[str, str] = {
    **dict.fromkeys(("company", "board", "system"), "string"),
    **dict.fromkeys(("open", "redirects", "no_openings"), "Int64"),
    **dict.fromkeys(("last_run", "seen_whole"), TIME),
    **dict.fromkeys(("verdict", "reason", "held"), "string"),
}
"""The columns of `boards` and their types."""

RUNS: Mapping[str, str] = {
    **dict.fromkeys(("company", "board"), "string"),
    "observed_at": TIME,
    **dict.fromkeys(("verdict", "reason", "held"), "string"),
    **dict.fromkeys(("reported_total", "pages", "rows", "unique", "seen"), "Int64"),
    **dict.fromkeys(("opened", "closed", "reopened", "changed"), "Int64"),
}
"""The columns of `runs` and their types."""


def frame(rows: Iterable[Mapping[str, Any]], types: Mapping[str, str]) -> pd.DataFrame:
    """Return rows as a frame with these columns, in this order, even where there is no row.

    Args:
        rows: By column; None where there is no value.
        types: The type of each column.
    """
    return pd.DataFrame(list(rows), columns=list(types)).astype(dict(types))


def postings(store: Store, model: ModelInfo) -> pd.DataFrame:
    """Return a row for each posting ever seen, open, closed or redirecting, in its newest version, newest first.

    ``closed`` is missing while a posting is open. A bare date in ``date_posted`` stands for its midnight.

    Args:
        store: Tagged with this model throughout.
        model: The model whose tags the postings get.
    """
    with store.read() as connection:
        boards_by_url = {board.url: board for board in queries.fetch_boards(connection)}
        histories = queries.stream_histories(connection, model=model.name, newest_first=True)
        return frame((_posting(found, boards_by_url[found.board_url], model) for found in histories), POSTINGS)


def boards(store: Store) -> pd.DataFrame:
    """Return a row for each board, by address: how well it is known, and how many postings it has open now.

    Recorded histories that a live board goes on from are left out: that board has them as its past. ``open`` leaves out
    postings that only redirect to another one, which ``redirects`` counts, and those that offer no
    opening, which ``no_openings`` counts.
    """
    with store.read() as connection:
        counts = {count.board_url: count for count in queries.count_open(connection)}
        return frame(
            (
                {
                    "company": board.name,
                    "board": board.url,
                    "system": board.system,
                    "open": counts[board.url].open,
                    "redirects": counts[board.url].redirects,
                    "no_openings": counts[board.url].no_openings,
                    "last_run": board.last_run.observed_at,
                    "seen_whole": board.last_seen_whole,
                    "verdict": str(board.last_run.verdict),
                    "reason": board.last_run.reason,
                    "held": board.last_run.held,
                }
                for board in queries.fetch_boards(connection)
                if board.last_run is not None and board.continued_by is None
            ),
            BOARDS,
        )


def runs(store: Store) -> pd.DataFrame:
    """Return a row for each run over each board, by the board's address, then oldest first."""
    with store.read() as connection:
        return frame(_runs(connection), RUNS)


def _runs(connection: Connection) -> Iterator[dict[str, Any]]:
    for board in queries.fetch_boards(connection):
        for run in queries.stream_runs(connection, board.url):
            values = {name: getattr(run, name) for name in RUNS if hasattr(run, name)}
            yield {"company": board.name, "board": board.url, **values, "verdict": str(run.verdict)}


def _posting(found: PostingHistory, board: RecordedBoard, model: ModelInfo) -> dict[str, Any]:
    posting, tag = found.posting, found.tag
    role, focus_by_role = tag.role if tag else None, model.taxonomy.focus_by_role
    focus = focus_by_role[role] if role else None
    return {
        "company": company_of(found, board),
        "board": found.board_url,
        "identifier": posting.identifier,
        "title": posting.title,
        "role": role,
        "focus": focus,
        "confidence": tag.confidence if tag else None,
        "sure": focus_confidence(tag.roles, focus, focus_by_role) >= SURE if tag and focus else None,
        "first_seen": found.first_seen,
        "opened": found.opened_at,
        "last_seen": found.last_seen,
        "closed": found.closed_at,
        "closed_reason": found.closed_reason,
        "date_posted": _time(posting.date_posted),
        "location": "; ".join(place.name for place in posting.job_location) or None,
        "employment_type": ", ".join(posting.employment_type) or None,
        "urgent": posting.urgent,
        "url": posting.url,
        "redirects_to": posting.redirects_to,
        "description": posting.description or None,
    }


def _time(moment: datetime | date | None) -> datetime | None:
    # A board can state any year, and pandas cannot hold every one.
    if moment is None or not pd.Timestamp.min.year < moment.year < pd.Timestamp.max.year:
        return None
    return moment.astimezone(UTC) if isinstance(moment, datetime) else datetime.combine(moment, time.min, UTC)
