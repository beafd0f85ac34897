"""The role-mix report: what each company hires for, now and against an earlier day, and what that rests on."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from classifier.quantification.estimator import ESTIMAND, Calibration, Change, Lines
from classifier.taxonomy import Taxonomy
from postings.errors import RolemixError
from postings.store import Store, queries
from postings.store.records import OpenCount, OpenTag, RecordedBoard
from rolemix.analysis import mixes
from rolemix.companies import company_name, employer_name, of_several_employers

COUNTS = (
    "Open postings, each counted once under the role that the tagger gives it; "
    "postings that only redirect to another one are left out."
)
"""What the report counts, said wherever its numbers are shown."""


class NothingToReport(RolemixError):
    """The store holds nothing of what was asked for."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One line of a mix: a focus as a whole, or one role of it.

    Shares are estimates with intervals (see `classifier.quantification.estimator`), from 0 to 1; None when there is no open posting, or
    when the model was not calibrated for mixes.

    Attributes:
        focus: The focus.
        role: The role; None for the focus as a whole.
        count: Open postings that are tagged so now.
        share: The estimated share now.
        low: Where its interval begins.
        high: Where it ends.
        count_before: Open postings tagged so at the earlier day; None when the company was not known whole then.
        share_before: The estimated share at that day.
        share_change: How far chance and errors leave open that the share moved; None for a role, because among
            many roles some always seem to move, and where there is nothing to compare.
    """

    focus: str
    role: str | None
    count: int
    share: float | None
    low: float | None
    high: float | None
    count_before: int | None
    share_before: float | None
    share_change: Change | None

    @property
    def change(self) -> int | None:
        """How many postings more than before."""
        return None if self.count_before is None else self.count - self.count_before


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BoardEvidence:
    """How well one board is known.

    Attributes:
        url: The board.
        seen_whole: When the whole board was last known; None when it never was.
        seen_whole_before: The same at the earlier day.
        verdict: Of the newest run.
        reason: The numbers behind that verdict.
        held: Why closings were withheld in the newest run, if they were.
        open: Open postings now; of a search on a job site, those of the company.
        redirects: Postings now that only redirect to another one, not counted.
    """

    url: str
    seen_whole: datetime | None
    seen_whole_before: datetime | None
    verdict: str
    reason: str
    held: str | None
    open: int
    redirects: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CompanyMix:
    """What one company hires for.

    Attributes:
        company: Its name: the user's, else the board's, else its key on the recruiting system; of postings that a
            search on a job site found, the employer's and the site's.
        open: Open postings now, over all its boards.
        open_before: The same at the earlier day; None when some board was not known whole then.
        boards: The evidence, a record a board.
        mix: Focuses in the taxonomy's order, each followed by those of its roles that occur.
        notes: What to know before the shares are read: how wide intervals are, whether the tagger is out of its depth.
    """

    company: str
    open: int
    open_before: int | None
    boards: tuple[BoardEvidence, ...]
    mix: tuple[Share, ...]
    notes: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The role mix of companies at a moment, against an earlier one.

    Attributes:
        at: The moment.
        before: The earlier moment.
        model: The tagger's name.
        taxonomy: The taxonomy's version.
        companies: By name.
    """

    at: datetime
    before: datetime
    model: str
    taxonomy: str
    companies: tuple[CompanyMix, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON-ready values."""
        return {
            "at": self.at.isoformat(),
            "before": self.before.isoformat(),
            "counts": COUNTS,
            "estimates": ESTIMAND,
            "model": self.model,
            "taxonomy": self.taxonomy,
            "companies": [_company_dict(company) for company in self.companies],
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one flat row a line of each company's mix, for CSV and Markdown."""
        days = {"at": self.at.isoformat(), "before": self.before.isoformat()}
        return [
            {"company": company.company, **days, **_share_dict(share)}
            for company in self.companies
            for share in company.mix
        ]


MIX_COLUMNS = (
    *("focus", "role", "count", "share", "low", "high", "count_before", "share_before", "change"),
    *("share_change_low", "share_change_high", "beyond_noise"),
)
"""The columns of one company's mix; a row without a role is its focus as a whole."""

ROW_COLUMNS = ("company", "at", "before", *MIX_COLUMNS)
"""The columns of `Report.rows`."""


def role_mix(
    store: Store,
    *,
    model: str,
    taxonomy: Taxonomy,
    calibration: Calibration | None = None,
    at: datetime | None = None,
    before: datetime | None = None,
    days: int = 7,
    companies: Collection[str] = (),
) -> Report:
    """Count open postings by focus and role.

    Args:
        store: Tagged with this model throughout (see `rolemix.tagging.retag.tag_new`).
        model: The tagger's name.
        taxonomy: How roles make up focuses.
        calibration: The tagger's, with which shares are estimated; None leaves them out.
        at: The moment; None for the newest run over any board.
        before: The earlier moment; None for the end of the day (UTC) so many ``days`` earlier, because crawls do not
            begin at the same second every day.
        days: See ``before``.
        companies: Only these, matched by name without regard to case; none for all.

    Raises:
        NothingToReport: There is no run yet, no such company, or the earlier moment is not earlier.
    """
    with store.read() as connection:
        moment = at or queries.fetch_now(connection)
        if moment is None:
            raise NothingToReport("nothing has been collected yet: run `rolemix crawl` or `rolemix ingest` first")
        before = before or _end_of_day(moment, days)
        if before >= moment:
            raise NothingToReport(
                f"{before:%Y-%m-%d %H:%M} UTC is not before {moment:%Y-%m-%d %H:%M} UTC: "
                "compare with an earlier day (--against, --days)"
            )
        boards = [board for board in queries.fetch_boards(connection, moment) if board.last_run is not None]
        searches = [board for board in boards if of_several_employers(board.company, board.url)]
        found = _found_by_searches(connection, searches, model, taxonomy, calibration, moment)
        own = [board for board in boards if board not in searches]
        by_company, found = _wanted(_by_company(own), found, companies)
        if not by_company and not found:
            raise NothingToReport(f"nothing had been collected by {moment:%Y-%m-%d %H:%M} UTC: name a later day (--at)")
        known_before = {board.url: board for board in queries.fetch_boards(connection, before)}
        counts = {count.board_url: count for count in queries.count_open(connection, moment)}
        return Report(
            at=moment,
            before=before,
            model=model,
            taxonomy=taxonomy.version,
            companies=tuple(
                found.get(name)
                or _company_mix(
                    connection,
                    name,
                    by_company[name],
                    known_before,
                    counts,
                    model,
                    taxonomy,
                    calibration,
                    moment,
                    before,
                )
                for name in sorted({*by_company, *found})
            ),
        )


def _end_of_day(moment: datetime, days: int) -> datetime:
    try:
        return datetime.combine((moment - timedelta(days=days)).date(), time(23, 59, 59), UTC)
    except OverflowError:
        raise NothingToReport(f"there is no day {days} days before {moment:%Y-%m-%d}: name a later one") from None


def _by_company(boards: Iterable[RecordedBoard]) -> dict[str, list[RecordedBoard]]:
    by_company: dict[str, list[RecordedBoard]] = defaultdict(list)
    for board in boards:
        by_company[company_name(board.company, board.organization, board.url)].append(board)
    return by_company


def _wanted(
    by_company: dict[str, list[RecordedBoard]], found: dict[str, CompanyMix], wanted: Collection[str]
) -> tuple[dict[str, list[RecordedBoard]], dict[str, CompanyMix]]:
    """Return only the companies that are asked for; all where none is."""
    if not wanted:
        return by_company, found
    there = {name.casefold() for name in (*by_company, *found)}
    if missing := [name for name in wanted if name.casefold() not in there]:
        known = ", ".join(sorted({*by_company, *found})) or "nothing"
        raise NothingToReport(f"nothing is known of {', '.join(missing)}: the store has {known}")
    chosen = {name.casefold() for name in wanted}
    return (
        {name: boards for name, boards in by_company.items() if name.casefold() in chosen},
        {name: mix for name, mix in found.items() if name.casefold() in chosen},
    )


def _found_by_searches(
    connection: Connection,
    searches: Collection[RecordedBoard],
    model: str,
    taxonomy: Taxonomy,
    calibration: Calibration | None,
    at: datetime,
) -> dict[str, CompanyMix]:
    """Return what searches on job sites show of each employer: never compared, as no search is ever whole.

    A posting that several searches of one site show is one posting.
    """
    tags: dict[str, dict[str, OpenTag]] = defaultdict(dict)
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    by_url = {board.url: board for board in searches}
    if not by_url:
        return {}
    tagged = {(row.board_url, row.identifier): row for row in _tags(connection, model, at, list(by_url))}
    for posting in queries.stream_open_postings(connection, at, board_urls=by_url):
        name = employer_name(posting.posting.hiring_organization, posting.board_url)
        identifier = posting.posting.identifier
        tags[name][identifier] = tagged[posting.board_url, identifier]
        parts[name][posting.board_url] += 1
    return {
        name: CompanyMix(
            company=name,
            open=len(found),
            open_before=None,
            boards=tuple(
                _evidence(by_url[url], None, OpenCount(board_url=url, open=count, redirects=0))
                for url, count in sorted(parts[name].items())
            ),
            **_mix(list(found.values()), None, taxonomy, calibration),
        )
        for name, found in tags.items()
    }


def _company_mix(
    connection: Connection,
    name: str,
    boards: list[RecordedBoard],
    known_before: dict[str, RecordedBoard],
    counts: dict[str, OpenCount],
    model: str,
    taxonomy: Taxonomy,
    calibration: Calibration | None,
    at: datetime,
    before: datetime,
) -> CompanyMix:
    urls = [board.url for board in boards]
    now = _tags(connection, model, at, urls)
    # A board that was not known whole at the earlier day makes that day a gap, not a zero.
    whole_before = {url: known_before[url].last_seen_whole for url in urls}
    then = _tags(connection, model, before, urls) if all(whole_before.values()) else None
    return CompanyMix(
        company=name,
        open=len(now),
        open_before=None if then is None else len(then),
        boards=tuple(_evidence(board, whole_before[board.url], counts[board.url]) for board in boards),
        **_mix(now, then, taxonomy, calibration),
    )


def _tags(connection: Connection, model: str, at: datetime, urls: list[str]) -> list[OpenTag]:
    found = list(queries.stream_open_tags(connection, model, at, board_urls=urls))
    for row in found:
        if row.tag is None or row.tag.role is None:
            raise NothingToReport(f"{row.board_url} has untagged postings: `rolemix report` tags them first")
    return found


def _mix(
    now: list[OpenTag], then: list[OpenTag] | None, taxonomy: Taxonomy, calibration: Calibration | None
) -> dict[str, Any]:
    """Return the mix and the notes of a company."""
    mix = mix_before = None
    changes: Mapping[str, Change] = {}
    if calibration is not None:
        mix = mixes.estimated(now, calibration, taxonomy)
        mix_before = mixes.estimated(then or [], calibration, taxonomy)
        changes = mixes.changed(then or [], now, calibration, taxonomy)
    counts, counts_before = _counts(now, taxonomy), None if then is None else _counts(then, taxonomy)
    estimates = {(line.focus, line.role): line for line in mix.lines} if mix else {}
    estimates_before = {(line.focus, line.role): line for line in mix_before.lines} if mix_before else {}
    shares = []
    for line in Lines(taxonomy.role_names, taxonomy).names:
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
    return {"mix": tuple(shares), "notes": mix.notes if mix else ()}


def _counts(tags: list[OpenTag], taxonomy: Taxonomy) -> Counter[tuple[str, str | None]]:
    """Count tags by focus and role, and by focus alone."""
    found: Counter[tuple[str, str | None]] = Counter()
    for row in tags:
        if row.tag is not None and row.tag.role is not None:
            focus = taxonomy.focus_by_role[row.tag.role]
            found.update([(focus, None), (focus, row.tag.role)])
    return found


def _evidence(board: RecordedBoard, whole_before: datetime | None, count: OpenCount) -> BoardEvidence:
    run = board.last_run
    assert run is not None  # noqa: S101  # boards without a run are left out
    return BoardEvidence(
        url=board.url,
        seen_whole=board.last_seen_whole,
        seen_whole_before=whole_before,
        verdict=str(run.verdict),
        reason=run.reason,
        held=run.held,
        open=count.open,
        redirects=count.redirects,
    )


def _company_dict(company: CompanyMix) -> dict[str, Any]:
    return {
        "company": company.company,
        "open": company.open,
        "open_before": company.open_before,
        "boards": [
            {
                name: value.isoformat() if isinstance(value, datetime) else value
                for name, value in dataclasses.asdict(board).items()
            }
            for board in company.boards
        ],
        "mix": [_share_dict(share) for share in company.mix],
        "notes": list(company.notes),
    }


def _share_dict(share: Share) -> dict[str, Any]:
    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 4)

    change = share.share_change
    return {
        "focus": share.focus,
        "role": share.role,
        "count": share.count,
        "share": rounded(share.share),
        "low": rounded(share.low),
        "high": rounded(share.high),
        "count_before": share.count_before,
        "share_before": rounded(share.share_before),
        "change": share.change,
        "share_change_low": rounded(change.low if change else None),
        "share_change_high": rounded(change.high if change else None),
        "beyond_noise": change.beyond_noise if change else None,
    }
