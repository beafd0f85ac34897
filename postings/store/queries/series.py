"""Reading how boards went over time: every opening with the versions that stood while it lasted, and the good runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from postings.store.queries._select import WHOLE, select_postings, stream, tagged_version, with_facts, with_version
from postings.store.records import Spell, TaggedVersion
from postings.store.schema import boards as boards_table
from postings.store.schema import openings, versions
from postings.store.schema import postings as postings_table
from postings.store.schema import runs as runs_table


def stream_spells(
    connection: Connection, model: str, *, board_urls: Collection[str], facts: bool = False, texts: bool = False
) -> Iterator[Spell]:
    """Yield every opening of some boards, by board, identifier and time, with the versions of its posting.

    Args:
        connection: Of `Store.read`.
        model: The model whose tags come with the versions.
        board_urls: The boards.
        facts: Whether facts come with them.
        texts: Whether descriptions do.
    """
    found = _versions(connection, model, board_urls, facts=facts, texts=texts)
    query = (
        select_postings(board_urls)
        .join(openings, openings.c.posting_id == postings_table.c.id)
        .add_columns(postings_table.c.id.label("posting_id"), openings.c.opened_at, openings.c.closed_at)
        .add_columns(openings.c.last_seen_at)
        .order_by(openings.c.opened_at)
    )
    for row in stream(connection, query):
        yield Spell(
            board_url=row["board_url"],
            identifier=row["identifier"],
            opened_at=row["opened_at"],
            closed_at=row["closed_at"],
            last_seen_at=row["last_seen_at"],
            versions=tuple(found[row["posting_id"]]),
        )


def fetch_whole_runs(connection: Connection, board_urls: Collection[str]) -> dict[str, list[datetime]]:
    """Return when each of some boards was seen whole, by its address, oldest first."""
    query = (
        select(boards_table.c.url, runs_table.c.observed_at)
        .join(runs_table, runs_table.c.board_id == boards_table.c.id)
        .where(boards_table.c.url.in_(sorted(board_urls)), runs_table.c.verdict.in_(WHOLE))
        .order_by(boards_table.c.url, runs_table.c.observed_at)
    )
    found: dict[str, list[datetime]] = {url: [] for url in board_urls}
    for url, at in connection.execute(query):
        found[url].append(at)
    return found


def _versions(
    connection: Connection, model: str, board_urls: Collection[str], *, facts: bool, texts: bool
) -> dict[int, list[TaggedVersion]]:
    query = (
        select_postings(board_urls)
        .join(versions, versions.c.posting_id == postings_table.c.id)
        .add_columns(postings_table.c.id.label("posting_id"))
        .order_by(versions.c.observed_at)
    )
    query = with_version(query, model)
    if texts:
        query = query.add_columns(versions.c.content["description"].as_string().label("text"))
    found: dict[int, list[TaggedVersion]] = defaultdict(list)
    for row in stream(connection, with_facts(query) if facts else query):
        found[row["posting_id"]].append(tagged_version(row, facts=facts, texts=texts))
    return found
