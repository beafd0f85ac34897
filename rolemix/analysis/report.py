"""The role-mix report: what each company hires for, now and against an earlier moment, and what that rests on."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection

from classifier.model.info import ModelInfo
from classifier.model.tagger import NO_QUANTIFIER
from classifier.quantification.estimand import Estimand
from classifier.quantification.mix import Mix, MixError
from postings.errors import RolemixError
from postings.store import Store, queries
from postings.store.records import OpenCount, OpenTag, RecordedBoard
from rolemix.analysis import mixes
from rolemix.analysis.report_records import BoardEvidence, CompanyMix, Report, Share
from rolemix.companies import employer_name

WEEK = timedelta(days=7)


class NothingToReport(RolemixError):
    """The store has nothing to report on; the message states why."""


def role_mix(  # noqa: PLR0913  # a report's settings
    store: Store,
    model: ModelInfo,
    companies: Collection[str] = (),
    *,
    at: datetime | None = None,
    against: datetime | timedelta = WEEK,
    estimand: Estimand = Estimand.HIRING,
) -> Report:
    """Count open postings by focus and role, and estimate their shares where the model can.

    Args:
        store: Tagged with this model throughout (see `rolemix.tagging.retag.tag_new`).
        model: The model whose tags are counted.
        companies: Only these, matched by name without regard to case; none for all.
        at: The moment, with zone; None for the newest run over any board.
        against: The earlier moment, with zone; or how many days earlier, which stands for the end of that day (UTC),
            because crawls do not begin at the same second every day.
        estimand: What the shares are shares of; their changes are always those of what companies tend to hire.

    Raises:
        NothingToReport: There is no run yet, no such company, or the earlier moment is not earlier.
    """
    with store.read() as connection:
        moment = _moment(connection, at)
        before = _end_of_day(moment, against) if isinstance(against, timedelta) else against
        if before >= moment:
            raise NothingToReport(
                f"{before:%Y-%m-%d %H:%M} UTC is not before {moment:%Y-%m-%d %H:%M} UTC: "
                "compare with an earlier day (--against, --days)"
            )
        found = _Comparison(connection, model, moment, before, estimand).mixes(companies)
        if not found:
            raise NothingToReport(f"nothing had been collected by {moment:%Y-%m-%d %H:%M} UTC: use a later day (--at)")
        return Report(
            at=moment,
            before=before,
            estimand=estimand,
            model=model.name,
            taxonomy=model.taxonomy.version,
            companies=tuple(found[name] for name in sorted(found)),
        )


def company_mix(
    store: Store,
    model: ModelInfo,
    company: str,
    at: datetime | None = None,
    estimand: Estimand = Estimand.HIRING,
) -> Mix:
    """Estimate the mix of a company's open postings, on its own boards.

    Args:
        store: Tagged with this model throughout.
        model: The model whose tags are read.
        company: The company, matched by name without regard to case.
        at: The moment, with zone; None for the newest run over any board.
        estimand: What the shares are shares of.

    Raises:
        NothingToReport: There is no run yet, or no such company, or it has no open posting.
        MixError: The model cannot estimate a mix.
    """
    if model.quantifier is None:
        raise MixError(NO_QUANTIFIER)
    with store.read() as connection:
        moment = _moment(connection, at)
        boards = [board for board in _boards(connection, moment) if not board.is_search]
        names = _chosen({board.name for board in boards}, [company])
        urls = [board.url for board in boards if board.name in names]
        mix = mixes.estimate(_fetch_tags(connection, model, moment, urls), model, estimand)
    if mix is None:
        raise NothingToReport(f"{company} had no open posting on {moment:%Y-%m-%d %H:%M} UTC")
    return mix


@dataclasses.dataclass(frozen=True, slots=True)
class _Comparison:
    """Makes companies' mixes at one moment against an earlier one.

    Attributes:
        connection: Of `Store.read`.
        model: The model whose tags are counted.
        at: The moment.
        before: The earlier moment.
        estimand: What the shares are shares of.
    """

    connection: Connection
    model: ModelInfo
    at: datetime
    before: datetime
    estimand: Estimand

    def mixes(self, companies: Collection[str]) -> dict[str, CompanyMix]:
        """Return the mixes of the given companies by name, of all where none is given.

        Raises:
            NothingToReport: One of the companies is unknown.
        """
        boards = _boards(self.connection, self.at)
        searches = [board for board in boards if board.is_search]
        own: dict[str, list[RecordedBoard]] = defaultdict(list)
        for board in boards:
            if not board.is_search:
                own[board.name].append(board)
        found = self._tags_by_employer(searches)
        known_before = {board.url: board for board in queries.fetch_boards(self.connection, self.before)}
        counts = {count.board_url: count for count in queries.count_open(self.connection, self.at)}
        return {
            name: self._of_employer(name, found[name], searches)
            if name in found
            else self._of_company(name, own[name], known_before, counts)
            for name in _chosen({*own, *found}, companies)
        }

    def _of_company(
        self,
        name: str,
        boards: Iterable[RecordedBoard],
        known_before: Mapping[str, RecordedBoard],
        counts: Mapping[str, OpenCount],
    ) -> CompanyMix:
        """Return the mix of a company over its own boards."""
        # A board that had not been seen whole by the earlier moment makes that moment a gap, not a zero.
        seen_before = {board.url: known_before[board.url].last_seen_whole for board in boards}
        now = _fetch_tags(self.connection, self.model, self.at, seen_before)
        known = all(seen_before.values())
        then = _fetch_tags(self.connection, self.model, self.before, seen_before) if known else None
        mix, notes = self._estimate(now, then)
        return CompanyMix(
            company=name,
            open=len(now),
            open_before=None if then is None else len(then),
            boards=tuple(_evidence(board, counts[board.url], seen_before[board.url]) for board in boards),
            mix=mix,
            notes=notes,
        )

    def _of_employer(self, name: str, tags: Collection[OpenTag], searches: Iterable[RecordedBoard]) -> CompanyMix:
        """Return the mix of what searches on a job site found of an employer.

        It is never compared, as no search ever shows all of an employer's postings. A posting that several searches of
        one site found is one posting.
        """
        count = Counter(tag.board_url for tag in tags)
        distinct = list({tag.identifier: tag for tag in tags}.values())
        mix, notes = self._estimate(distinct, None)
        return CompanyMix(
            company=name,
            open=len(distinct),
            open_before=None,
            boards=tuple(
                _evidence(board, OpenCount(board_url=board.url, open=count[board.url], redirects=0))
                for board in searches
                if board.url in count
            ),
            mix=mix,
            notes=notes,
        )

    def _tags_by_employer(self, searches: Iterable[RecordedBoard]) -> dict[str, list[OpenTag]]:
        """Return what searches on job sites found, by the name under which each employer is shown."""
        by_url = {board.url: board for board in searches}
        found: dict[str, list[OpenTag]] = defaultdict(list)
        if by_url:
            for tag in _fetch_tags(self.connection, self.model, self.at, by_url):
                found[employer_name(tag.hiring_organization, by_url[tag.board_url].system)].append(tag)
        return found

    def _estimate(
        self, now: Collection[OpenTag], then: Collection[OpenTag] | None
    ) -> tuple[tuple[Share, ...], tuple[str, ...]]:
        """Return the lines of a company's mix, and the notes on them."""
        mix, mix_before = (mixes.estimate(tags, self.model, self.estimand) for tags in (now, then or []))
        changes = mixes.changes(then or [], now, self.model)
        estimates = {(line.focus, line.role): line for line in mix.lines} if mix else {}
        estimates_before = {(line.focus, line.role): line for line in mix_before.lines} if mix_before else {}
        counts = self._counts(now)
        counts_before = None if then is None else self._counts(then)
        shares = []
        for line in mixes.lines(self.model.taxonomy):
            focus, role = line
            if role is not None and not counts[line] and not (counts_before and counts_before[line]):
                continue
            estimate, before = estimates.get(line), estimates_before.get(line)
            shares.append(
                Share(
                    focus=focus,
                    role=role,
                    count=counts[line],
                    share=estimate.share if estimate else None,
                    low=estimate.low if estimate else None,
                    high=estimate.high if estimate else None,
                    count_before=None if counts_before is None else counts_before[line],
                    share_before=before.share if before else None,
                    share_change=changes.get(focus) if role is None else None,
                )
            )
        return tuple(shares), mix.notes if mix else ()

    def _counts(self, tags: Iterable[OpenTag]) -> Counter[tuple[str, str | None]]:
        """Count tags by focus and role, and by focus alone."""
        focus_by_role = self.model.taxonomy.focus_by_role
        found: Counter[tuple[str, str | None]] = Counter()
        for row in tags:
            if row.tag is not None and row.tag.role is not None:
                focus = focus_by_role[row.tag.role]
                found.update([(focus, None), (focus, row.tag.role)])
        return found


def _moment(connection: Connection, at: datetime | None) -> datetime:
    moment = at or queries.fetch_now(connection)
    if moment is None:
        raise NothingToReport("nothing has been collected yet: run `rolemix crawl` or `rolemix ingest` first")
    return moment


def _boards(connection: Connection, at: datetime) -> list[RecordedBoard]:
    """Return the boards that had been looked at by a moment."""
    return [board for board in queries.fetch_boards(connection, at) if board.last_run is not None]


def _fetch_tags(connection: Connection, model: ModelInfo, at: datetime, board_urls: Collection[str]) -> list[OpenTag]:
    """Return the tags of the postings that some boards had open at a moment.

    Raises:
        NothingToReport: The model has not tagged one of them.
    """
    found = list(queries.stream_open_tags(connection, model.name, at, board_urls=board_urls))
    for row in found:
        if row.tag is None or row.tag.role is None:
            raise NothingToReport(f"{row.board_url} has untagged postings: tag the store first")
    return found


def _end_of_day(moment: datetime, back: timedelta) -> datetime:
    """Return the end of the day (UTC) that lies so far back."""
    try:
        return datetime.combine((moment - back).date(), time(23, 59, 59), UTC)
    except OverflowError:
        raise NothingToReport(
            f"there is no day {back.days} days before {moment:%Y-%m-%d}: choose a smaller number (--days)"
        ) from None


def _chosen(names: Collection[str], wanted: Collection[str]) -> Collection[str]:
    """Return the names that are wanted, without regard to case; all where none is."""
    if not wanted:
        return names
    known = {name.casefold() for name in names}
    if missing := [name for name in wanted if name.casefold() not in known]:
        there = ", ".join(sorted(names)) or "no company"
        raise NothingToReport(f"the store has no company {', '.join(missing)}: it has {there}")
    chosen = {name.casefold() for name in wanted}
    return [name for name in names if name.casefold() in chosen]


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
    )
