"""Counting how companies went over time, in the database: what was open, opened and closed, by role and period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Date,
    Integer,
    RowMapping,
    and_,
    case,
    cast,
    collate,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from postings.period import Period
from postings.store.queries._select import WHOLE, moment_of, stream
from postings.store.records import PeriodCount
from postings.store.schema import boards as boards_table
from postings.store.schema import is_counted, openings, tags, versions
from postings.store.schema import postings as postings_table
from postings.store.schema import runs as runs_table


def stream_counts(  # noqa: PLR0913  # what is counted
    connection: Connection,
    model: str,
    *,
    by: Period,
    board_urls: Collection[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[PeriodCount]:
    """Yield what each company had open at the end of each period, and what opened and closed in it, by role.

    The database counts and Python adds up: one company is in memory at a time, and none of its postings. Companies are
    in the order of their names, periods in that of time, none left out between a company's first whole run and the
    last period.

    Args:
        connection: Of `Store.read`.
        model: The model whose tags name the roles; postings that it has not tagged, or abstains on, have role None.
        by: The length of a period.
        board_urls: Only these boards; None for all but searches on job sites, which never show all of a company.
        since: From the period of this moment on; None for each company's first whole run.
        until: What was known by this moment; None for `fetch_now`.
    """
    end = moment_of(connection, until)
    if end is None:
        return
    query = _Query(connection.dialect.name, by, end)
    begin = None if since is None else by.first(since.astimezone(UTC).date())
    last = by.first(end.date())
    rows = stream(connection, query.select(model, board_urls))
    for company, of_company in groupby(rows, key=lambda row: str(row["company"])):
        yield from _add_up(company, of_company, by, begin, last)


def _add_up(
    company: str, rows: Iterator[RowMapping], by: Period, begin: date | None, last: date
) -> Iterator[PeriodCount]:
    """Yield the periods of one company from its rows, which are in the order of time."""
    open_now: Counter[str | None] = Counter()
    following: date | None = None
    for first, of_period in groupby(rows, key=lambda row: row["first"]):
        if following is not None:
            yield from _gaps(company, by, max(following, begin or following), first)
        opened: Counter[str | None] = Counter()
        closed: Counter[str | None] = Counter()
        at, late = None, Counter[str | None]()
        for row in of_period:
            at = row["whole_at"] or at
            (late if row["late"] else open_now)[row["role"]] += row["step"]
            opened[row["role"]] += row["opened"]
            closed[row["role"]] += row["closed"]
        if at is not None or following is not None:
            following = by.after(first)
            if begin is None or first >= begin:
                yield PeriodCount(
                    company=company,
                    first=first,
                    at=at,
                    open={} if at is None else +open_now,
                    opened=+opened,
                    closed=+closed,
                )
        open_now.update(late)
    if following is not None:
        yield from _gaps(company, by, max(following, begin or following), by.after(last))


def _gaps(company: str, by: Period, first: date, before: date) -> Iterator[PeriodCount]:
    while first < before:
        yield PeriodCount(company=company, first=first, at=None, open={}, opened={}, closed={})
        first = by.after(first)


class _Query:
    """The one query, put together from its parts.

    A posting counts from one step to the next: +1 under its role where it opens, -1 and +1 where a new version changes
    its role, -1 where it closes. What is open is the sum of the steps up to then.
    """

    def __init__(self, dialect: str, by: Period, until: datetime) -> None:
        self._dialect = dialect
        self._by = by
        self._until = until

    def select(self, model: str, board_urls: Collection[str] | None) -> Any:
        """Return the query: a row for each company, period, role, and side of the moment that counts in it."""
        boards = self._boards(board_urls)
        whole = self._whole(boards)
        known = (
            select(whole.c.board_id, whole.c.company, func.min(whole.c.first).label("first"))
            .add_columns(func.min(whole.c.earliest).label("at"))
            .group_by(whole.c.board_id, whole.c.company)
            .cte("known")
        )
        moments = self._moments(whole, known)
        steps = union_all(*self._steps(model, boards, known), self._marks(moments)).subquery("steps")
        first = self._first_day(steps.c.at)
        dated = select(steps, first.label("first")).where(steps.c.at <= self._until).subquery("dated")
        late = case((dated.c.at > moments.c.at, 1), else_=0)
        columns = (dated.c.company, dated.c.first, dated.c.role, late.label("late"), moments.c.at.label("whole_at"))
        sums = (func.sum(dated.c[name]).label(name) for name in ("step", "opened", "closed"))
        return (
            select(*columns, *sums)
            .outerjoin_from(
                dated, moments, and_(moments.c.company == dated.c.company, moments.c.first == dated.c.first)
            )
            .group_by(dated.c.company, dated.c.first, dated.c.role, late, moments.c.at)
            .order_by(dated.c.company, dated.c.first)
        )

    def _boards(self, board_urls: Collection[str] | None) -> CTE:
        """Select the boards with the names of their companies (see `RecordedBoard.name`)."""
        table = boards_table.c
        names = (func.nullif(column, "") for column in (table.company, table.organization, table.key))
        binary = "C" if self._dialect == "postgresql" else "BINARY"
        company = collate(func.coalesce(*names, table.url), binary)
        query = select(table.id, company.label("company")).where(table.continued_by.is_(None))
        if board_urls is None:
            named = func.coalesce(table.company, "") != ""
            query = query.where(or_(table.several_employers.is_not(True), named))
        else:
            query = query.where(table.url.in_(sorted(board_urls)))
        return query.cte("own")

    def _whole(self, boards: CTE) -> CTE:
        """Select, for each board and period in which it was seen whole, the last time of that."""
        first = self._first_day(runs_table.c.observed_at)
        return (
            select(
                boards.c.id.label("board_id"),
                boards.c.company,
                first.label("first"),
                func.max(runs_table.c.observed_at).label("at"),
                func.min(runs_table.c.observed_at).label("earliest"),
            )
            .join(runs_table, runs_table.c.board_id == boards.c.id)
            .where(runs_table.c.verdict.in_(WHOLE), runs_table.c.observed_at <= self._until)
            .group_by(boards.c.id, boards.c.company, first)
            .cte("whole")
        )

    def _moments(self, whole: CTE, known: CTE) -> CTE:
        """Select the moment that counts in each period: when the last of the boards known by then was seen whole."""
        so_far = (
            select(func.count())
            .select_from(known)
            .where(known.c.company == whole.c.company, known.c.first <= whole.c.first)
            .correlate(whole)
            .scalar_subquery()
        )
        return (
            select(whole.c.company, whole.c.first, func.max(whole.c.at).label("at"))
            .group_by(whole.c.company, whole.c.first)
            .having(func.count() == so_far)
            .cte("moments")
        )

    def _steps(self, model: str, boards: CTE, known: CTE) -> tuple[Any, Any]:
        """Select where each posting begins and ceases to count under a role."""
        version = (
            select(versions.c.id, versions.c.posting_id, versions.c.observed_at, is_counted().label("counted"))
            .add_columns(
                func.lead(versions.c.observed_at)
                .over(partition_by=versions.c.posting_id, order_by=versions.c.observed_at)
                .label("next_at")
            )
            .where(
                versions.c.posting_id.in_(
                    select(postings_table.c.id).where(postings_table.c.board_id.in_(select(boards.c.id)))
                )
            )
            .subquery("version")
        )
        opened_at, closed_at, next_at = openings.c.opened_at, openings.c.closed_at, version.c.next_at
        begins = version.c.observed_at <= opened_at
        ends = and_(closed_at.is_not(None), or_(next_at.is_(None), next_at >= closed_at))
        span = (
            select(
                boards.c.company,
                tags.c.role,
                case((begins, opened_at), else_=version.c.observed_at).label("start"),
                case((ends, closed_at), else_=next_at).label("stop"),
                case((and_(begins, opened_at > known.c.at), 1), else_=0).label("opened"),
                case((ends, 1), else_=0).label("closed"),
            )
            .select_from(openings)
            .join(version, version.c.posting_id == openings.c.posting_id)
            .join(postings_table, postings_table.c.id == openings.c.posting_id)
            .join(boards, boards.c.id == postings_table.c.board_id)
            .outerjoin(known, known.c.board_id == boards.c.id)
            .outerjoin(tags, and_(tags.c.version_id == version.c.id, tags.c.model == model))
            .where(
                version.c.counted,
                or_(closed_at.is_(None), version.c.observed_at < closed_at),
                or_(next_at.is_(None), next_at > opened_at),
            )
            .cte("span")
        )
        none = literal(0).label("none")
        up = select(span.c.company, span.c.role, span.c.start.label("at"), literal(1).label("step")).add_columns(
            span.c.opened.label("opened"), none.label("closed")
        )
        down = select(span.c.company, span.c.role, span.c.stop.label("at"), literal(-1).label("step")).add_columns(
            none.label("opened"), span.c.closed.label("closed")
        )
        return up, down.where(span.c.stop.is_not(None))

    @staticmethod
    def _marks(moments: CTE) -> Any:
        """Select a step of nothing at each moment that counts, so that a period without any other has its row."""
        zeros = (literal(0).label(name) for name in ("step", "opened", "closed"))
        return select(moments.c.company, cast(null(), tags.c.role.type).label("role"), moments.c.at, *zeros)

    def _first_day(self, moment: ColumnElement[datetime]) -> ColumnElement[date]:
        """Return the first day, in UTC, of the period that a moment is in."""
        if self._dialect == "postgresql":
            return cast(func.date_trunc(self._by.value, func.timezone("UTC", moment)), Date)
        month = cast(func.strftime("%m", moment), Integer)
        steps: dict[Period, tuple[Any, ...]] = {
            Period.DAY: (),
            Period.WEEK: ("weekday 0", "-6 days"),
            Period.MONTH: ("start of month",),
            Period.QUARTER: ("start of month", func.printf("-%d months", (month - 1) % 3)),
        }
        return func.date(moment, *steps[self._by], type_=Date)
