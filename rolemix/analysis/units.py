"""One posting to stand for each job, and how many of the unit that is counted it stands for."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from postings.identity import count, find_mirrors, find_requisitions, groups, job_of
from postings.store import queries
from postings.store.records import OpenTag
from postings.unit import Unit


def one_for_each_job(
    connection: Connection, tags: Collection[OpenTag], at: datetime, unit: Unit
) -> tuple[list[OpenTag], Mapping[int, int]]:
    """Return the tag of one posting of each job that was open at a moment, and how many each counts for.

    Args:
        connection: Of `Store.read`.
        tags: What a company had open.
        at: The moment.
        unit: What is counted.

    Returns:
        The tags with the facts of all postings of their job, and by version id how many of the unit it stands for; 1
        where it is not there.
    """
    if unit is Unit.POSTINGS:
        return list(tags), {}
    by_key = {f"{tag.board_url}#{tag.identifier}": tag for tag in tags}
    contents = queries.stream_open_postings(connection, at, board_urls={tag.board_url for tag in tags})
    jobs = [job_of(one.posting, one.board_url, opened=one.opened_at) for one in contents]
    jobs = [job for job in jobs if job.key in by_key]
    links = [*find_mirrors(jobs), *find_requisitions(jobs)]
    by_job = {job.key: job for job in jobs}
    merged = groups(by_job, links)
    weights = {by_key[group[0]].version_id: count([by_job[key] for key in group], links, unit) for group in merged}
    return [_with_all_facts([by_key[key] for key in group]) for group in merged], weights


def _with_all_facts(tags: Sequence[OpenTag]) -> OpenTag:
    """Return the first of a job's tags with the facts of all its postings: each names its own place."""
    facts = {fact[:2]: fact for tag in reversed(tags) for fact in tag.facts}
    return dataclasses.replace(tags[0], facts=tuple(facts.values()))
