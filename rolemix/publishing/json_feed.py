"""The JSON feed of postings (JSON Feed 1.1): each with its schema.org JobPosting, its tag and its history."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, TextIO

from classifier.model.info import ModelInfo
from classifier.model.tag import SURE, focus_confidence
from classifier.quantification.estimand import Estimand
from classifier.taxonomy import Taxonomy
from postings.errors import RolemixError
from postings.store import Store, queries
from postings.store.records import OpenTag, PostingHistory
from rolemix.analysis import mixes
from rolemix.companies import company_of
from rolemix.files import replacing
from rolemix.publishing.job_posting import iso_date, job_posting, web_address, without_missing
from rolemix.publishing.render import as_json

VERSION = "https://jsonfeed.org/version/1.1"
TITLE = "rolemix: what companies hire for"
ABOUT = "https://github.com/rolemix/rolemix/blob/main/docs/usage.md"
"""Where the feed's own properties are explained."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FeedAddresses:
    """Where a feed is published.

    Attributes:
        home_page_url: A page about the feed; None for none.
        feed_url: The feed itself; None where it is not published.
    """

    home_page_url: str | None = None
    feed_url: str | None = None


def write_feed(store: Store, path: Path, model: ModelInfo, addresses: FeedAddresses | None = None) -> int:
    """Write the feed of every posting in the store, newest first; the same store gives the same bytes.

    Args:
        store: Tagged with this model, and its facts read, throughout.
        path: The file, which is replaced at once: a reader never meets half a feed.
        model: The model whose tags the postings get. Each company's mix is left out where it cannot estimate mixes.
        addresses: Where the feed is published.

    Returns:
        The number of postings in the feed.

    Raises:
        RolemixError: The file cannot be written.
    """
    head: dict[str, Any] = {
        "version": VERSION,
        "title": TITLE,
        **dataclasses.asdict(addresses or FeedAddresses()),
        "_jobposting": {"about": "https://schema.org/JobPosting"},
        "_rolemix": {"about": ABOUT} | (company_mixes(store, model) or {} if model.quantifier else {}),
    }
    try:
        # A lone surrogate becomes a backslash escape, which in JSON is the escape that it was read from.
        with replacing(path, errors="backslashreplace") as out:
            return _write(out, without_missing(head), items(store, model))
    except OSError as error:
        raise RolemixError(f"cannot write the feed to {path}: {error.strerror}; choose another file with -o") from error


def items(store: Store, model: ModelInfo) -> Iterator[dict[str, Any]]:
    """Yield every posting as a feed item, newest first."""
    with store.read() as connection:
        boards = {board.url: board for board in queries.fetch_boards(connection)}
        for found in queries.stream_histories(connection, model=model.name, newest_first=True):
            yield _item(found, company_of(found, boards[found.board_url]), model.taxonomy)


def company_mixes(store: Store, model: ModelInfo) -> dict[str, Any] | None:
    """Return the mix of each company's open postings as of the newest run, JSON-ready; None before any run.

    Args:
        store: Tagged with this model throughout.
        model: The model.
    """
    tags: dict[str, list[OpenTag]] = defaultdict(list)
    with store.read() as connection:
        boards = {board.url: board for board in queries.fetch_boards(connection)}
        for row in queries.stream_open_tags(connection, model.name):
            if not boards[row.board_url].is_search:  # a search never finds all of a company's postings
                tags[boards[row.board_url].name].append(row)
        at = queries.fetch_now(connection)
    if at is None:
        return None
    companies = [
        {"company": company} | mixes.as_record(mix)
        for company, rows in sorted(tags.items())
        if (mix := mixes.estimate(rows, model)) is not None
    ]
    about = {
        "at": iso_date(at),
        "model": model.name,
        "taxonomy": model.taxonomy.version,
        "estimates": Estimand.HIRING.meaning,
    }
    return about | {"companies": companies}


def _write(out: TextIO, head: dict[str, Any], entries: Iterator[dict[str, Any]]) -> int:
    """Write item by item, because a store can hold more postings than memory should."""
    count = 0
    out.write(as_json(head, indent=1).removesuffix("\n}\n") + ',\n "items": [')
    for count, entry in enumerate(entries, start=1):
        out.write((",\n" if count > 1 else "\n") + as_json(entry, indent=1).rstrip("\n"))
    out.write("\n ]\n}\n")
    return count


def _item(found: PostingHistory, company: str, taxonomy: Taxonomy) -> dict[str, Any]:
    posting, tag = found.posting, found.tag
    role = tag.role if tag else None
    focus = taxonomy.focus_by_role[role] if role else None
    closed = found.closed_at
    return without_missing(
        {
            # Never reused and never changed: the board's own id under the board's address.
            "id": f"{found.board_url}#{posting.identifier}",
            "url": web_address(posting.url),
            "title": f"{posting.title} – {company}",
            "content_text": posting.description or posting.title,
            "date_published": iso_date(_published(found)),
            "date_modified": iso_date(max(found.changed_at, found.opened_at, closed or found.opened_at)),
            "authors": [{"name": company}],
            "language": next((fact.value for fact in found.facts if fact.kind == "language"), None),
            "tags": [tag for tag in (focus, role, "closed" if closed else "open") if tag],
            "_jobposting": job_posting(posting, company, found.facts, closed),
            "_rolemix": {
                "company": company,
                "board": found.board_url,
                "role": role,
                "focus": focus,
                "confidence": round(tag.confidence, 4) if tag else None,
                "sure": focus_confidence(tag.roles, focus, taxonomy.focus_by_role) >= SURE if tag and focus else None,
                "model": tag.model if tag else None,
                "taxonomy": tag.taxonomy if tag else None,
                "first_seen": iso_date(found.first_seen),
                "last_seen": iso_date(found.last_seen),
                "opened": iso_date(found.opened_at),
                "closed": iso_date(closed),
                "closed_reason": found.closed_reason,
                "redirects_to": web_address(posting.redirects_to),
                "urgent": posting.urgent,
                "facts": [without_missing(fact._asdict()) for fact in found.facts],
            },
        }
    )


def _published(found: PostingHistory) -> datetime:
    """Return when the board published a posting, as far as it says so and it was there to be seen; else first seen."""
    posted = found.posting.date_posted
    if posted is None:
        return found.first_seen
    moment = posted if isinstance(posted, datetime) else datetime.combine(posted, time.min, UTC)
    return min(moment, found.first_seen)
