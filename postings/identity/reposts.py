"""Which postings that closed appeared again under a new id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from postings.identity.candidates import FAR
from postings.identity.comparison import Comparison
from postings.identity.records import Job, Link


def reposts(compared: Comparison, gap: timedelta) -> list[Link]:
    """Return the links of postings that closed and those that appeared again within the gap, sorted."""
    closed: set[str] = set()
    opened: set[str] = set()
    found = []
    for groups in (compared.by_number(), compared.by_title_and_place()):
        for group in groups:
            boards: dict[str, list[_Event]] = defaultdict(list)
            for job in group:
                boards[job.board] += [event for event in _events(job) if job.key not in (opened, closed)[event.is_end]]
            for events in boards.values():
                for link in _matched(compared, sorted(events, key=_in_time), gap):
                    closed.add(link.first)
                    opened.add(link.second)
                    found.append(link)
    return sorted(found)


class _Event(NamedTuple):
    """That a posting opened, or that it ended: from when it was not seen, and when it was found closed."""

    since: datetime
    at: datetime
    is_end: bool
    is_after: bool
    """Whether it ended after `since`, when it was last seen, and not at it."""
    job: Job


def _events(job: Job) -> Iterator[_Event]:
    if job.opened:
        yield _Event(job.opened, job.opened, False, False, job)
    if job.closed:
        yield _Event(job.last_seen or job.closed, job.closed, True, job.last_seen is not None, job)


def _in_time(event: _Event) -> tuple[object, ...]:
    """At one moment, what was found closed ended before another opened; what was still seen ended after it."""
    return event.since, (event.is_after, not event.is_end), event.job.key


def _matched(compared: Comparison, events: Sequence[_Event], gap: timedelta) -> Iterator[Link]:
    """Yield the link of each posting that opened, in order of time, to the one before it that fits best."""
    # What ended so far, by its smallest hashes, the latest last, so that similar texts are compared first.
    pools: dict[int | None, list[_Event]] = defaultdict(list)
    taken: set[str] = set()
    for event in events:
        hashes: list[int | None] = [*compared.texts.sketch(event.job.key), None]
        if event.is_end:
            for value in hashes:
                pools[value].append(event)
            continue
        candidates: dict[str, _Event] = {}
        for value in hashes:
            pool = pools[value]
            while pool and pool[-1].job.key in taken:
                pool.pop()
            candidates.update((ended.job.key, ended) for ended in pool[-FAR:] if ended.job.key not in taken)
        # A closing can be noticed after the opening that follows it.
        between = {key: max(timedelta(), event.at - ended.at) for key, ended in candidates.items()}
        links = [
            (-link.score, between[key], link)
            for key, ended in candidates.items()
            if between[key] <= gap and (link := compared.repost(ended.job, event.job))
        ]
        if links:
            *_, best = min(links)
            taken.add(best.first)
            yield best
