"""What each company had open at two moments, over all its boards, and how well these are known."""

from __future__ import annotations

import contextlib
import dataclasses
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection

from classifier.model.info import ModelInfo
from postings.errors import RolemixError
from postings.store import Store, queries
from postings.store.records import OpenCount, OpenTag, RecordedBoard
from postings.unit import Unit
from rolemix.analysis.report_records import BoardEvidence
from rolemix.analysis.units import one_for_each_job
from rolemix.companies import employer_name

WEEK = timedelta(days=7)


class NothingToReport(RolemixError):
    """The store has nothing to report on; the message states why."""


@dataclasses.dataclass(frozen=True, slots=True)
class Moments:
    """The moment of a report, and the earlier one that it is compared with.

    Attributes:
        at: The moment.
        before: The earlier moment.
    """

    at: datetime
    before: datetime

    @classmethod
    def of(cls, connection: Connection, at: datetime | None, against: datetime | timedelta) -> Moments:
        """Return the two moments of a report.

        Args:
            connection: Of `Store.read`.
            at: The moment, with zone; None for the newest run over any board.
            against: The earlier moment, with zone; or how many days earlier, which stands for the end of that day
                (UTC), because crawls do not begin at the same second every day.

        Raises:
            NothingToReport: There is no run yet, or the earlier moment is not earlier.
        """
        moment = moment_of(connection, at)
        before = _end_of_day(moment, against) if isinstance(against, timedelta) else against
        if before >= moment:
            raise NothingToReport(
                f"{before:%Y-%m-%d %H:%M} UTC is not before {moment:%Y-%m-%d %H:%M} UTC: "
                "compare with an earlier day (--against, --days)"
            )
        return cls(moment, before)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CompanyOpenings:
    """What a company had open.

    Attributes:
        company: Its name; for postings found by a search on a job site, the employer's name and the site's.
        now: The postings open at the moment.
        before: Those open at the earlier moment, or at ``known_from``; None when the company's boards had never all
            been seen whole before the report's moment.
        known_from: When all of the company's boards had first been seen whole, where that is later than the earlier
            moment; None where it is not.
        boards: How well each board is known.
        weights: How many of the unit that is counted each posting stands for, by its version id; 1 where it is not
            there.
    """

    company: str
    now: Collection[OpenTag]
    before: Collection[OpenTag] | None
    boards: tuple[BoardEvidence, ...]
    known_from: datetime | None = None
    weights: Mapping[int, int] = dataclasses.field(default_factory=dict)

    def count(self, tags: Iterable[OpenTag]) -> int:
        """Return how many of the unit that is counted some of the postings are."""
        return sum(self.weights.get(tag.version_id, 1) for tag in tags)


@dataclasses.dataclass(frozen=True, slots=True)
class Openings:
    """Reads what companies had open at two moments.

    Attributes:
        connection: Of `Store.read`.
        model: The model whose tags are read; it has tagged the store throughout.
        moments: The two moments.
        facts: Whether the postings come with their facts, which have been read throughout the store.
        unit: What is counted: with any other unit than postings, one posting stands for each job.
    """

    connection: Connection
    model: ModelInfo
    moments: Moments
    facts: bool = False
    unit: Unit = Unit.POSTINGS

    def by_company(self, companies: Collection[str]) -> list[CompanyOpenings]:
        """Return what the given companies had open, by name; all companies where none is given.

        Raises:
            NothingToReport: One of the companies is unknown, or nothing had been collected by the moment.
        """
        boards = boards_at(self.connection, self.moments.at)
        searches = [board for board in boards if board.is_search]
        own: dict[str, list[RecordedBoard]] = defaultdict(list)
        for board in boards:
            if not board.is_search:
                own[board.name].append(board)
        found = self._tags_by_employer(searches)
        known_before = {board.url: board for board in queries.fetch_boards(self.connection, self.moments.before)}
        counts = {count.board_url: count for count in queries.count_open(self.connection, self.moments.at)}
        names = chosen({*own, *found}, companies, boards)
        if not names:
            raise NothingToReport(
                f"nothing had been collected by {self.moments.at:%Y-%m-%d %H:%M} UTC: use a later day (--at)"
            )
        return [
            self._of_employer(name, found[name], searches)
            if name in found
            else self._of_company(name, own[name], known_before, counts)
            for name in sorted(names)
        ]

    def _of_company(
        self,
        name: str,
        boards: Iterable[RecordedBoard],
        known_before: Mapping[str, RecordedBoard],
        counts: Mapping[str, OpenCount],
    ) -> CompanyOpenings:
        """Return what a company had open on its own boards."""
        # A board that had not been seen whole by the earlier moment makes that moment a gap, not a zero.
        seen_before = {board.url: known_before[board.url].last_seen_whole for board in boards}
        then: datetime | None = self.moments.before
        if not all(seen_before.values()):
            # The oldest day that is known stands in its place, where there is one.
            whole = queries.fetch_whole_runs(self.connection, seen_before)
            first = [runs[0] for runs in whole.values() if runs]
            then = max(first) if len(first) == len(whole) and max(first) < self.moments.at else None
        now, weights = self._in_units(self._fetch(self.moments.at, seen_before), self.moments.at)
        before = None
        if then is not None:
            before, weights_before = self._in_units(self._fetch(then, seen_before), then)
            weights = {**weights_before, **weights}
        return CompanyOpenings(
            company=name,
            now=now,
            before=before,
            known_from=then if then != self.moments.before else None,
            weights=weights,
            boards=tuple(_evidence(board, counts[board.url], seen_before[board.url]) for board in boards),
        )

    def _of_employer(self, name: str, tags: Collection[OpenTag], searches: Iterable[RecordedBoard]) -> CompanyOpenings:
        """Return what searches on a job site found of an employer.

        It is never compared, as no search ever shows all of an employer's postings. A posting that several searches of
        one site found is one posting.
        """
        count = Counter(tag.board_url for tag in tags)
        now, weights = self._in_units(list({tag.identifier: tag for tag in tags}.values()), self.moments.at)
        return CompanyOpenings(
            company=name,
            now=now,
            before=None,
            weights=weights,
            boards=tuple(
                _evidence(board, OpenCount(board_url=board.url, open=count[board.url], redirects=0))
                for board in searches
                if board.url in count
            ),
        )

    def _tags_by_employer(self, searches: Iterable[RecordedBoard]) -> dict[str, list[OpenTag]]:
        """Return what searches on job sites found, by the name under which each employer is shown."""
        by_url = {board.url: board for board in searches}
        found: dict[str, list[OpenTag]] = defaultdict(list)
        if by_url:
            for tag in self._fetch(self.moments.at, by_url):
                found[employer_name(tag.hiring_organization, by_url[tag.board_url].system)].append(tag)
        return found

    def _in_units(self, tags: list[OpenTag], at: datetime) -> tuple[list[OpenTag], Mapping[int, int]]:
        return one_for_each_job(self.connection, tags, at, self.unit)

    def _fetch(self, at: datetime, board_urls: Collection[str]) -> list[OpenTag]:
        return fetch_tags(self.connection, self.model, at, board_urls, facts=self.facts)


def moment_of(connection: Connection, at: datetime | None) -> datetime:
    """Return the moment of a report, the newest run's for None.

    Raises:
        NothingToReport: There is no run yet.
    """
    moment = at or queries.fetch_now(connection)
    if moment is None:
        raise NothingToReport("nothing has been collected yet: run `rolemix crawl` or `rolemix ingest` first")
    return moment


def boards_at(connection: Connection, at: datetime) -> list[RecordedBoard]:
    """Return the boards that had been looked at by a moment, without histories that a live board goes on from."""
    boards = queries.fetch_boards(connection, at)
    return [board for board in boards if board.last_run is not None and board.continued_by is None]


def fetch_tags(
    connection: Connection, model: ModelInfo, at: datetime, board_urls: Collection[str], *, facts: bool = False
) -> list[OpenTag]:
    """Return the tags of the postings that some boards had open at a moment.

    Raises:
        NothingToReport: The model has not tagged one of them.
    """
    found = list(queries.stream_open_tags(connection, model.name, at, board_urls=board_urls, facts=facts))
    for row in found:
        if row.tag is None or row.tag.role is None:
            raise NothingToReport(f"{row.board_url} has untagged postings: tag the store first")
    return found


def chosen(names: Collection[str], wanted: Collection[str], boards: Iterable[RecordedBoard] = ()) -> Collection[str]:
    """Return the names that are wanted; all where none is.

    A company is found by its name, by a name that one of its boards gives it, or by the beginning of either, without
    regard to case.

    Args:
        names: Of the companies that there are.
        wanted: What the user wrote.
        boards: Of these companies, for the names that boards give.

    Raises:
        NothingToReport: One of the wanted is not there, or is the beginning of several.
    """
    if not wanted:
        return names
    known: dict[str, set[str]] = defaultdict(set)
    for name in names:
        known[name.casefold()].add(name)
    for board in boards:
        for alias in filter(None, (board.organization, board.key)):
            known[alias.casefold()].add(board.name)
    found: set[str] = set()
    missing = []
    for name in wanted:
        start = name.strip().casefold()
        fitting = known.get(start, set())
        if not fitting and start:
            fitting = set().union(*(known[one] for one in known if one.startswith(start)))
        if len(fitting) > 1 and start not in known:
            raise NothingToReport(f"{name} can be {' or '.join(sorted(fitting))}: write more of the name")
        found |= fitting
        missing += [] if fitting else [name]
    if missing:
        there = ", ".join(sorted(names)) or "no company"
        raise NothingToReport(f"the store has no company {', '.join(missing)}: it has {there}")
    return [name for name in names if name in found]


def members(group: str, companies: Collection[str], boards: Collection[RecordedBoard]) -> list[str]:
    """Return the names of the companies in a group, without those that the store does not have.

    Args:
        group: The group's name.
        companies: Its companies, as the user wrote them.
        boards: Of all companies in the store.

    Raises:
        NothingToReport: The store has none of them.
    """
    names = {board.name for board in boards}
    found: set[str] = set()
    for company in companies:
        with contextlib.suppress(NothingToReport):
            found.update(chosen(names, [company], boards))
    if not found:
        raise NothingToReport(f"the store has no company of the group {group} ({', '.join(companies)})")
    return sorted(found)


def require_companies(
    store: Store, companies: Collection[str], groups: Mapping[str, Collection[str]] | None = None
) -> list[str]:
    """Fail unless the store has these companies; quick, so that a misspelt name is told before a model is loaded.

    Args:
        store: The store.
        companies: The companies that are wanted; none for all.
        groups: Groups of companies that are wanted besides, by name.

    Returns:
        The companies, and those of the groups that the store has.

    Raises:
        NothingToReport: There is no run yet, or no such company. Employers that only searches found are not looked for.
    """
    if not companies and not groups:
        return []
    with store.read() as connection:
        boards = boards_at(connection, moment_of(connection, None))
    if companies and not any(board.is_search for board in boards):
        chosen({board.name for board in boards}, companies, boards)
    return [*companies, *(name for group, of_it in (groups or {}).items() for name in members(group, of_it, boards))]


def _end_of_day(moment: datetime, back: timedelta) -> datetime:
    """Return the end of the day (UTC) that lies so far back."""
    try:
        return datetime.combine((moment - back).date(), time(23, 59, 59), UTC)
    except OverflowError:
        raise NothingToReport(
            f"there is no day {back.days} days before {moment:%Y-%m-%d}: choose a smaller number (--days)"
        ) from None


def _evidence(board: RecordedBoard, count: OpenCount, seen_before: datetime | None = None) -> BoardEvidence:
    run = board.last_run
    assert run is not None  # noqa: S101  # boards without a run are left out
    return BoardEvidence(
        url=board.url,
        seen_whole=board.last_seen_whole,
        seen_whole_before=seen_before,
        verdict=str(run.verdict),
        reason=run.reason,
        held=run.held,
        open=count.open,
        redirects=count.redirects,
        no_openings=count.no_openings,
    )
