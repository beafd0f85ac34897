"""What happened at companies between two moments: openings, closings, reposts, changes, each with its posting."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from classifier.model.info import ModelInfo
from postings.facts.no_opening import no_opening
from postings.identity import Job, find_reposts, job_of
from postings.store import Store, queries
from postings.store.records import Spell, TaggedVersion
from postings.text import web_address
from rolemix.analysis.openings import NothingToReport, boards_at, chosen, moment_of

WEEK = timedelta(days=7)

COLUMNS = ("at", "event", "company", "focus", "role", "title", "url", "board", "posting", "other")
"""The columns of events."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a posting.

    Attributes:
        at: When it was seen.
        event: ``opened``, ``reopened`` (under its own id), ``reposted`` (under a new id), ``changed`` or ``closed``.
        company: The company.
        focus: The focus of the posting then; None where it is not tagged.
        role: Its role.
        title: Its title then.
        url: Where a person reads it; None where its address is not safe to open.
        board: The board.
        posting: The board's own id.
        other: For a repost the id that had closed.
    """

    at: datetime
    event: str
    company: str
    focus: str | None
    role: str | None
    title: str
    url: str | None
    board: str
    posting: str
    other: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values by `COLUMNS`."""
        return dataclasses.asdict(self) | {"at": self.at.isoformat()}


@dataclasses.dataclass(frozen=True, slots=True)
class _Reposts:
    """Postings that closed and appeared again.

    Attributes:
        closed_as: For each that appeared the one that had closed, by their names.
        closings: When each of the latter closed, which is no closing then.
    """

    closed_as: Mapping[str, str]
    closings: Mapping[str, datetime | None]


def read_changes(
    store: Store,
    model: ModelInfo,
    companies: Collection[str] = (),
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Event]:
    """Return what happened to the postings of companies, newest first.

    What a board held when it was first seen had not opened then. A posting that closed and appeared under a new id is
    one repost, and not a closing and an opening.

    Args:
        store: Tagged with this model throughout.
        model: The model whose tags the postings get.
        companies: Only these, matched by name without regard to case; none for all.
        since: After this moment; None for a week before ``until``.
        until: Up to this moment; None for the newest run over any board.

    Raises:
        NothingToReport: There is no run yet, no such company, or ``since`` is not before ``until``.
    """
    with store.read() as connection:
        end = moment_of(connection, until)
        start = end - WEEK if since is None else since
        if start >= end:
            raise NothingToReport(f"{start:%Y-%m-%d} is not before {end:%Y-%m-%d}: begin earlier (--since)")
        boards = [board for board in boards_at(connection, end) if not board.is_search]
        found: list[Event] = []
        for company in sorted(chosen({board.name for board in boards}, companies, boards)):
            urls = [board.url for board in boards if board.name == company]
            whole = {url: runs[0] for url, runs in queries.fetch_whole_runs(connection, urls).items() if runs}
            reposts = _reposts(connection, urls)
            for spell in queries.stream_spells(connection, model.name, board_urls=urls):
                found += _of_spell(spell, company, model, whole, reposts)
    chosen_events = [event for event in found if start < event.at <= end]
    return sorted(chosen_events, key=lambda one: (-one.at.timestamp(), one.company, one.event, one.board, one.posting))


def _of_spell(
    spell: Spell,
    company: str,
    model: ModelInfo,
    whole: Mapping[str, datetime],
    reposts: _Reposts,
) -> Iterator[Event]:
    key = f"{spell.board_url}#{spell.identifier}"
    first = spell.versions[0].observed_at
    if spell.board_url in whole and spell.opened_at > whole[spell.board_url]:
        if spell.opened_at > first:
            yield from _event("reopened", spell.opened_at, spell, company, model)
        elif key in reposts.closed_as:
            other = reposts.closed_as[key].rpartition("#")[2]
            yield from _event("reposted", spell.opened_at, spell, company, model, other=other)
        else:
            yield from _event("opened", spell.opened_at, spell, company, model)
    for version in spell.versions:
        if version.observed_at > spell.opened_at and (spell.closed_at is None or version.observed_at < spell.closed_at):
            yield from _event("changed", version.observed_at, spell, company, model)
    if spell.closed_at and reposts.closings.get(key) != spell.closed_at:
        yield from _event("closed", spell.closed_at, spell, company, model)


def _event(  # noqa: PLR0913  # an event's parts
    event: str, at: datetime, spell: Spell, company: str, model: ModelInfo, *, other: str | None = None
) -> Iterator[Event]:
    version: TaggedVersion = spell.version_at(at)
    if not version.counted:
        return
    role = version.tag.tag.role if version.tag.tag else None
    yield Event(
        at=at,
        event=event,
        company=company,
        focus=model.taxonomy.focus_by_role[role] if role else None,
        role=role,
        title=version.title,
        url=web_address(version.url) or None,
        board=spell.board_url,
        posting=spell.identifier,
        other=other,
    )


def _reposts(connection: Connection, board_urls: Collection[str]) -> _Reposts:
    jobs: list[Job] = [
        job_of(one.posting, one.board_url, opened=one.opened_at, closed=one.closed_at, last_seen=one.last_seen)
        for one in queries.stream_histories(connection, board_urls=board_urls)
        if not no_opening(one.posting.title, one.posting.description)
    ]
    links = find_reposts(jobs)
    closed_at = {job.key: job.closed for job in jobs}
    return _Reposts({link.second: link.first for link in links}, {link.first: closed_at[link.first] for link in links})
