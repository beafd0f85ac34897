"""The library: what a command does is one call here, and ``import rolemix`` gives them all.

Results are records (frozen dataclasses) or pandas frames: tidy, one row an observation, nullable types, times in UTC.
Functions import what they need when they are called, so that ``import rolemix`` and the command's help are quick.

Below this module time is an input. Here, a time of observation that is not given is the clock's.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from classifier.quantification.estimand import Estimand
from postings.errors import RolemixError
from postings.unit import Unit

if TYPE_CHECKING:
    import pandas as pd

    from classifier.model.explanation import Explanation
    from classifier.model.tag import Postings, Row, Tag
    from classifier.model.tagger import Tagger
    from classifier.quantification.mix import Mix
    from crawler.boards import Board
    from postings.store import Store
    from rolemix.analysis.breakdown import Breakdown
    from rolemix.analysis.changes import Event
    from rolemix.analysis.claims import Answer, Claim
    from rolemix.analysis.differences import CompanyDifference
    from rolemix.analysis.pay_bands import PayIn
    from rolemix.analysis.report_records import Report
    from rolemix.analysis.series import Series
    from rolemix.analysis.shifts import CompanyShifts
    from rolemix.collecting.collected import Collected
    from rolemix.collecting.histories import RecordedHistory
    from rolemix.collecting.ingesting import Ingested
    from rolemix.collecting.parsing import ParsedResponse
    from rolemix.collecting.rereading import Reread
    from rolemix.collecting.simulated import SimulatedDay
    from rolemix.collecting.watchlist import Watched
    from rolemix.publishing.json_feed import FeedAddresses
    from rolemix.tagging.retag import RetagResult

    Model = Tagger | Path | str | None
    """A tagger, or the folder or file of a trained model; None for the model that comes with rolemix."""

DEFAULT_STORE = "rolemix.db"
DEFAULT_WATCHLIST = Path("watchlist.toml")
WEEK = timedelta(days=7)


def now() -> datetime:
    """Return the clock's time in UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def latest() -> datetime:
    """Return the latest time that anything can have been observed at; today ends late in the west.

    A run dated in the future would make every later one stale.
    """
    return now() + timedelta(days=2)


# The store


def open_store(location: str | Path = DEFAULT_STORE, *, existing: bool = False) -> Store:
    """Open a store, creating it or bringing its layout up to date as needed.

    Args:
        location: A path to an SQLite file, or an SQLAlchemy URL of SQLite or PostgreSQL.
        existing: Whether to refuse to create one.

    Returns:
        The store. Use it in a ``with`` block, or close it.

    Raises:
        RolemixError: The store cannot be opened, or there is none though it should be ``existing``.
    """
    from postings.store import Store, queries

    if existing and "://" not in str(location) and not Path(location).exists():
        raise RolemixError(f"there is no store at {location}: name another with --db, or fill one with `rolemix crawl`")
    store = Store.open(location)
    try:
        with store.read() as connection:
            undescribed = queries.fetch_undescribed(connection)
        if undescribed:
            _describe(store, undescribed)
    except BaseException:
        store.close()
        raise
    return store


def _describe(store: Store, urls: Iterable[str]) -> None:
    """Store keys of boards, read from their addresses, that an earlier version did not record."""
    from crawler.systems import UnknownSystem, find_board
    from postings.store.boards import describe

    found = {}
    for url in urls:
        try:
            board = find_board(url)
        except UnknownSystem:  # a system that this version no longer reads
            continue
        found[url] = board.organization, board.several_employers
    describe(store, found)


def boards(store: Store) -> pd.DataFrame:
    """Return a row for each board: its newest run, when it was last seen whole, and what it has open now."""
    from rolemix.analysis import frames

    return frames.boards(store)


def runs(store: Store) -> pd.DataFrame:
    """Return a row for each run over each board: its verdict, the numbers behind it, and what it changed."""
    from rolemix.analysis import frames

    return frames.runs(store)


# Collecting


def crawl_settings(gateway: str = "", delay: float | None = None) -> dict[str, Any]:
    """Return Scrapy settings for `crawl`.

    Args:
        gateway: Send requests for ``https://host/path`` to ``gateway/host/path``: a simulator, a replay, an archive.
        delay: Seconds between requests to one host; None for 1. With a gateway and 0, requests are not throttled.

    Raises:
        RolemixError: The gateway is not an address.
    """
    if gateway and not _is_web_address(gateway):
        raise RolemixError(f"the gateway {gateway!r} is not an address: write it like http://127.0.0.1:8000")

    from crawler.runs.live import UNTHROTTLED

    # Verdicts say what went wrong; Scrapy's own log stays silent.
    settings: dict[str, Any] = {"ROLEMIX_GATEWAY": gateway.rstrip("/"), "LOG_LEVEL": "CRITICAL"}
    if delay == 0 and gateway:
        settings |= UNTHROTTLED
    elif delay is not None:
        settings |= {"DOWNLOAD_DELAY": delay, "AUTOTHROTTLE_START_DELAY": delay}
    return settings


def crawl(
    store: Store,
    boards: Iterable[str | Board | Watched],
    *,
    observed_at: datetime | None = None,
    settings: Mapping[str, Any] | None = None,
    progress: Callable[[Collected], None] = lambda collected: None,
) -> list[Collected]:
    """Crawl boards into a store, each as soon as it is finished.

    Postings are tagged when they are first reported on, see `tag`.

    Args:
        store: The store.
        boards: Addresses of boards, or entries of a watchlist (see `load_watchlist`).
        observed_at: The time of observation, with zone; None for now.
        settings: Scrapy settings over the project's own, see `crawl_settings`.
        progress: Called after each board.

    Returns:
        A record for each board, in the given order: the run with its verdict, and what it changed.

    Raises:
        RolemixError: An address is not a known board's, or the store cannot be written.
    """
    from rolemix.collecting.crawling import collect

    return collect(
        store,
        [_watched(board) for board in boards],
        observed_at=observed_at or now(),
        settings=crawl_settings() | dict(settings or {}),
        progress=progress,
    )


def ingest(
    store: Store,
    files: Iterable[str | Path],
    *,
    observed_at: datetime | None = None,
    board: str | None = None,
    company: str | None = None,
) -> Ingested:
    """Read saved responses of boards into a store, as one run a board, judged by the same proofs as a crawl.

    Args:
        store: The store.
        files: Pages (HTML, MHTML), JSON, sessions (HAR), and folders of them.
        observed_at: When they were saved, with zone; None where they show it themselves.
        board: The address of the board that they are from; None where they show it themselves.
        company: The company's name for reports; it then counts for all postings.

    Returns:
        A record for each board, and what was skipped.

    Raises:
        RolemixError: A file cannot be read, its board or its date is unknown, no response is of a known board, a
            company is named for several boards, or the store does not take the run of the only board.
    """
    from crawler.runs.saved import Stated
    from crawler.systems import find_board
    from rolemix.collecting import ingesting

    stated = Stated(board=find_board(board) if board else None, observed_at=observed_at, latest=latest())
    return ingesting.ingest(store, list(map(Path, files)), stated, company=company)


def ingest_history(
    store: Store,
    path: str | Path,
    *,
    company: str | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> list[RecordedHistory]:
    """Read a history that somebody recorded into a store: each snapshot is a run at its own date.

    Args:
        store: The store.
        path: JSON Lines or CSV with a row for each open posting and day, a folder with a file for each day, or a git
            repository of which each commit is a snapshot; see `crawler.captures.snapshots`.
        company: The company's name, in place of the one that the file gives; for a file of one company.
        progress: Called after each snapshot with the number of them so far.

    Returns:
        A record for each company.

    Raises:
        RolemixError: Nothing can be read, a row lacks its date, id or title, or the dates are not in order.
    """
    from rolemix.collecting.histories import ingest_history

    return ingest_history(store, Path(path), company=company, latest=latest(), progress=progress)


def parse(files: Iterable[str | Path], system: str, board: str | None = None) -> Iterator[ParsedResponse]:
    """Yield the postings in each saved response of a recruiting system, and what could not be read; uses no store.

    Args:
        files: Saved responses: lists, pages of single postings, sessions.
        system: The recruiting system that they are from, e.g. ``moka``.
        board: The board's address, where they do not show it.

    Raises:
        RolemixError: There is no such system, or the address is not one of its boards.
    """
    from rolemix.collecting import parsing

    return parsing.parse(map(Path, files), system, board)


def load_watchlist(path: str | Path = DEFAULT_WATCHLIST) -> list[Watched]:
    """Return the entries of a watchlist, for `crawl`; `rolemix.collecting.watchlist` edits such a file.

    Raises:
        WatchlistError: The file is missing, or it is not a watchlist.
    """
    from rolemix.collecting import watchlist

    return watchlist.load(Path(path))


def load_group(name: str, path: str | Path | None = None) -> list[str]:
    """Return the names of the companies in a group of a watchlist, for `series` and others.

    Args:
        name: The group's name, in the watchlist's ``[groups]`` table.
        path: The watchlist; None for ``watchlist.toml`` where there is one, else for the one that comes with rolemix.

    Raises:
        WatchlistError: The file is malformed, or has no such group.
    """
    from rolemix.collecting import watchlist

    if path is None:
        path = DEFAULT_WATCHLIST if DEFAULT_WATCHLIST.exists() else watchlist.shipped()
    return watchlist.load_group(Path(path), name)


def _watched(board: str | Board | Watched) -> Watched:
    from crawler.boards import Board
    from crawler.systems import find_board
    from rolemix.collecting.watchlist import Watched

    if isinstance(board, str):
        return Watched(find_board(board))
    return Watched(board) if isinstance(board, Board) else board


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def systems() -> pd.DataFrame:
    """Return a row for each recruiting system that can be read: how, and what proves that a board was seen whole."""
    from crawler.systems import described
    from rolemix.analysis.frames import frame

    rows = described()
    return frame(rows, dict.fromkeys(rows[0], "string"))


def demo(
    out: str | Path = "demo-out",
    days: int = 14,
    seed: int = 0,
    progress: Callable[[SimulatedDay], None] = lambda day: None,
) -> Store:
    """Crawl fictional boards, served by a simulator on this machine, over simulated days; needs no network.

    Args:
        out: The folder for the new store, ``rolemix.db``; it replaces the store of an earlier demonstration.
        days: How many days to simulate after the first.
        seed: Another seed makes another world.
        progress: Called after each day.

    Returns:
        The store. Use it in a ``with`` block, or close it.

    Raises:
        RolemixError: The folder cannot be written, or its store is of other boards.
    """
    from rolemix.collecting.simulated import simulate

    return simulate(Path(out), days=days, seed=seed, progress=progress)


# Tagging


def load_tagger(model: Model = None) -> Tagger:
    """Return a tagger.

    Args:
        model: The folder or file of a trained model; None for the model that comes with rolemix, which is read once. A
            tagger is returned as it is.

    Raises:
        ModelError: There is no model, or it cannot be used.
    """
    from classifier.model.tagger import Tagger

    if isinstance(model, Tagger):
        return model
    return _shipped_tagger() if model is None else Tagger.load(model)


@cache
def _shipped_tagger() -> Tagger:
    from classifier.model.tagger import Tagger

    return Tagger.load()


def tag(store: Store, model: Model = None, progress: Callable[[int], None] = lambda done: None) -> Tagger:
    """Tag every version of every posting that this model has not tagged yet; `report` and others do so themselves.

    Args:
        store: The store.
        model: See `load_tagger`; tags of other models stay beside its own.
        progress: Called after each batch with the number tagged so far.

    Returns:
        The tagger.
    """
    from rolemix.tagging.retag import tag_new

    tagger = load_tagger(model)
    tag_new(store, tagger, progress)
    return tagger


def retag(
    store: Store, model: Model = None, progress: Callable[[int, int], None] = lambda done, total: None
) -> RetagResult:
    """Tag as `tag` does, and compare with the tags of other models in the store.

    Args:
        store: The store.
        model: See `load_tagger`.
        progress: Called after each batch with the number tagged so far and the number to tag.
    """
    from rolemix.tagging import retag as retagging

    return retagging.retag(store, load_tagger(model), progress)


def classify(rows: Postings, model: Model = None) -> Iterator[Tag]:
    """Yield the tag of each posting.

    Args:
        rows: Postings with a ``title`` and, where there is one, a ``description``; or titles; or a pandas DataFrame.
        model: See `load_tagger`.

    Raises:
        RowError: A row cannot be tagged.
    """
    return load_tagger(model).tag(rows)


def estimate_mix(rows: Postings, model: Model = None, *, estimand: str = Estimand.HIRING) -> Mix:
    """Estimate the mix of roles of a board's postings, which need not be in a store.

    Args:
        rows: The board's postings, as for `classify`.
        model: See `load_tagger`.
        estimand: What the shares are shares of: the postings on the "board", or what the company tends to hire
            ("hiring"), of which the board is a sample.

    Raises:
        RowError: A row cannot be tagged.
        MixError: There is no row, or the model cannot estimate a mix.
    """
    return load_tagger(model).mix(rows, Estimand(estimand))


def explain(row: Row, model: Model = None, *, rival: str | None = None) -> Explanation:
    """Return which terms support a posting's role, and which the role that it is compared with.

    Args:
        row: A posting, as for `classify`.
        model: See `load_tagger`.
        rival: The role to compare with; None for the next most probable one.

    Raises:
        RowError: The row cannot be tagged.
        ExplanationError: The rival is not a role, or the posting's own.
    """
    from classifier.model import explanation

    return explanation.explain(load_tagger(model), row, rival=rival)


def train(
    out: str | Path,
    corpora: str | Path | None = None,
    *,
    amendments: str | Path | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Tagger:
    """Train a tagger and write it into a folder, with the counts of terms that it was trained on.

    Args:
        out: The folder, created where it is missing.
        corpora: The folder of labelled postings; None for the counts that come with rolemix, which give the shipped
            model again.
        amendments: A folder with labels and corrections to apply to the corpora; None for the project's own.
        progress: Called after each step with its description.

    Raises:
        RolemixError: The folder cannot be written, or the corpora cannot be read.
    """
    from classifier.model.tagger import shipped
    from classifier.training import train as training
    from classifier.training.corpus import read_corpus
    from classifier.training.examples import FILE, Examples

    folder = Path(out)
    if corpora is None:
        examples = Examples.load(shipped())
    else:
        corpus = read_corpus(Path(corpora), amendments=Path(amendments or shipped()), progress=progress)
        examples = Examples.of(corpus.labelled, gold=corpus.gold)
    try:
        folder.mkdir(parents=True, exist_ok=True)  # before the work, so that an error is reported at once
    except OSError as error:
        raise RolemixError(f"cannot write to {folder}: {error.strerror}; name another folder with --out") from error
    tagger = training.train(examples, progress=progress)
    tagger.save(folder)
    if corpora is None and folder.resolve() != shipped().resolve():
        shutil.copyfile(shipped() / FILE, folder / FILE)  # compressing the same counts again takes long
    elif corpora is not None:
        examples.save(folder)
    return tagger


def read_facts(store: Store, progress: Callable[[int], None] = lambda done: None) -> int:
    """Read the facts of every version that the present readers have not read; `breakdown` and `feed` do so themselves.

    Args:
        store: The store.
        progress: Called after each batch with the number of versions read so far.

    Returns:
        The number of versions read.
    """
    from rolemix.tagging.facts import read_new

    return read_new(store, progress)


def reread(store: Store, progress: Callable[[int], None] = lambda done: None) -> Reread:
    """Read all of history again with the present readers, from the raw words and texts that it keeps.

    Args:
        store: The store.
        progress: Called after each batch with the number of versions read so far.

    Returns:
        How many versions got other values, and of which attributes.
    """
    from rolemix.collecting.rereading import reread_all

    return reread_all(store, progress)


# Results


def report(  # noqa: PLR0913  # a report's settings
    store: Store,
    companies: Collection[str] = (),
    *,
    at: datetime | None = None,
    against: datetime | timedelta = WEEK,
    estimand: str = Estimand.HIRING,
    unit: str = Unit.POSTINGS,
    model: Model = None,
) -> Report:
    """Return what companies hire for, now and against an earlier moment, after tagging what is new.

    `Report.focuses`, `Report.roles` and `Report.boards` return frames.

    Args:
        store: The store.
        companies: Only these, matched by name without regard to case; none for all.
        at: The moment, with zone; None for the newest run over any board.
        against: The earlier moment, with zone; or how many days earlier, which stands for the end of that day (UTC).
        estimand: As for `estimate_mix`. Changes of shares are always of what companies tend to hire.
        unit: What is counted: "postings", "requisitions" (jobs, once however many boards and places list them),
            "places" or "headcount". Shares are of postings, or with any other unit of jobs.
        model: See `load_tagger`.

    Raises:
        NothingToReport: There is no run yet, no such company, or the earlier moment is not earlier.
    """
    from rolemix.analysis.report import role_mix

    info = tag(store, model).info
    return role_mix(store, info, companies, at=at, against=against, estimand=Estimand(estimand), unit=Unit(unit))


def breakdown(  # noqa: PLR0913  # a report's settings
    store: Store,
    companies: Collection[str] = (),
    *,
    by: str,
    at: datetime | None = None,
    against: datetime | timedelta = WEEK,
    pay: PayIn | None = None,
    unit: str = Unit.POSTINGS,
    model: Model = None,
) -> Breakdown:
    """Return what companies' open postings state, now and at an earlier moment, after reading and tagging what is new.

    `Breakdown.frame` returns a frame.

    Args:
        store: The store.
        companies: Only these, matched by name without regard to case; none for all.
        by: The kind of fact, one of `postings.facts.FACT_KINDS`: ``"country"``, ``"technology"``, ``"pay"`` …
        at: The moment, with zone; None for the newest run over any board.
        against: The earlier moment, with zone; or how many days earlier, which stands for the end of that day (UTC).
        pay: For ``by="pay"``: the currency that yearly pay is converted to, and the rates; None for US dollars.
        unit: What is counted, as for `report`.
        model: See `load_tagger`.

    Raises:
        NothingToReport: There is no run yet, no such company, or the earlier moment is not earlier.
        RolemixError: There is no such kind of fact, or no rate of the currency.
    """
    from rolemix.analysis.breakdown import break_down

    read_facts(store)
    info = tag(store, model).info
    return break_down(store, info, companies, by=by, at=at, against=against, pay=pay, unit=Unit(unit))


def series(  # noqa: PLR0913  # a report's settings
    store: Store,
    companies: Collection[str] = (),
    *,
    groups: Mapping[str, Collection[str]] | None = None,
    by: str,
    of: str = "role",
    since: datetime | None = None,
    until: datetime | None = None,
    estimand: str = Estimand.HIRING,
    model: Model = None,
) -> Series:
    """Return what companies had open at the end of each period, and what opened and closed in it.

    `Series.frame` returns a frame, a row for each line of each company and period.

    Args:
        store: The store.
        companies: Only these, matched by name without regard to case; none for all.
        groups: Groups of companies, by name, each counted as one; without ``companies``, only groups.
        by: The length of a period: "day", "week", "month" or "quarter".
        of: "role", or a kind of fact, one of `postings.facts.FACT_KINDS`.
        since: From the period of this moment on; None for the first run over any of a company's boards.
        until: Up to the period of this moment; None for the newest run over any board.
        estimand: As for `estimate_mix`.
        model: See `load_tagger`.

    Raises:
        NothingToReport: There is no run yet, no such company, or ``since`` is after ``until``.
        RolemixError: There is no such kind of fact.
    """
    from postings.period import Period
    from rolemix.analysis.series import read_series

    if of != "role":
        read_facts(store)
    info = tag(store, model).info
    return read_series(
        store,
        info,
        companies,
        groups=groups,
        by=Period(by),
        of=of,
        since=since,
        until=until,
        estimand=Estimand(estimand),
    )


def shifts(  # noqa: PLR0913  # a report's settings
    store: Store,
    companies: Collection[str] = (),
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    weekly: bool = False,
    model: Model = None,
) -> list[CompanyShifts]:
    """Return what moved at companies between two dates, and what is not known, after reading and tagging what is new.

    Args:
        store: The store.
        companies: Only these, matched by name without regard to case; none for all.
        since: The first date, with zone; None for a quarter before the second.
        until: The second date; None for the newest run over any board.
        weekly: Whether this is one of a year's weekly looks, which share one chance of a false alarm.
        model: See `load_tagger`; the same on both dates.

    Raises:
        NothingToReport: There is no run yet, no such company, or the first date is not before the second.
    """
    from classifier.quantification.shifts import LEVEL, spent_level
    from rolemix.analysis.shifts import company_shifts

    read_facts(store)
    level = spent_level(WEEK.days) if weekly else LEVEL
    return company_shifts(store, tag(store, model).info, companies, since=since, until=until, level=level)


def differences(
    store: Store,
    companies: Collection[str],
    others: Mapping[str, Collection[str]],
    *,
    at: datetime | None = None,
    model: Model = None,
) -> list[CompanyDifference]:
    """Return how the mixes of companies differ from those of others at a moment, by the tests of `shifts`.

    Args:
        store: The store.
        companies: The companies, matched by name without regard to case.
        others: What each is compared with: groups of companies (`load_group`), or single ones, by name.
        at: The moment, with zone; None for the newest run over any board.
        model: See `load_tagger`.

    Raises:
        NothingToReport: There is no run yet, no such company, or a company would be compared with itself.
    """
    from rolemix.analysis.differences import company_differences

    read_facts(store)
    return company_differences(store, tag(store, model).info, companies, others, at=at)


def changes(
    store: Store,
    companies: Collection[str] = (),
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    model: Model = None,
) -> list[Event]:
    """Return what happened to the postings of companies, newest first, after tagging what is new.

    Args:
        store: The store.
        companies: Only these, matched by name without regard to case; none for all.
        since: After this moment, with zone; None for a week before ``until``.
        until: Up to this moment; None for the newest run over any board.
        model: See `load_tagger`.

    Raises:
        NothingToReport: There is no run yet, no such company, or ``since`` is not before ``until``.
    """
    from rolemix.analysis.changes import read_changes

    return read_changes(store, tag(store, model).info, companies, since=since, until=until)


def check(store: Store, claims: str | Path | Sequence[Claim], model: Model = None) -> list[Answer]:
    """Answer claims about hiring from the boards, after reading and tagging what is new.

    Args:
        store: The store.
        claims: A file of claims (TOML), or claims that `rolemix.analysis.claims.load_claims` loaded.
        model: See `load_tagger`.

    Returns:
        An answer for each claim, in their order.

    Raises:
        ClaimError: The file cannot be read, or a claim cannot be expressed.
    """
    from rolemix.analysis import claim_answers
    from rolemix.analysis import claims as claiming

    loaded = claiming.load_claims(Path(claims)) if isinstance(claims, str | Path) else claims
    read_facts(store)
    return claim_answers.check(store, tag(store, model).info, loaded)


def find_postings(
    store: Store,
    companies: Collection[str] = (),
    *,
    where: Mapping[str, Any],
    closed: bool = False,
    model: Model = None,
) -> list[dict[str, Any]]:
    """Return the postings of companies that fit filters, newest first, after reading and tagging what is new.

    Args:
        store: The store.
        companies: Only these, found by name or its beginning; none for all.
        where: By name: words of the "title" or "text", a "role", a "focus", or a fact of `postings.facts.FACT_KINDS`;
            a value, or a list of which one must fit.
        closed: Whether to include those that closed.
        model: See `load_tagger`.

    Returns:
        JSON-ready rows.

    Raises:
        FilterError: There is no such role or focus.
        NothingToReport: There is no run yet, or no such company.
    """
    from rolemix.analysis import finding

    read_facts(store)
    return finding.find_postings(store, tag(store, model).info, companies, where=where, closed=closed)


def same_jobs(store: Store, companies: Collection[str] = ()) -> pd.DataFrame:
    """Return a row for each pair of postings that are the same job, with the evidence.

    ``relation`` is ``mirror`` (on two boards), ``places`` (one requisition in several places) or ``repost`` (closed,
    and opened again under a new id: ``other`` is the new one).

    Args:
        store: The store.
        companies: Only these, matched by name without regard to case; none for all.

    Raises:
        NothingToReport: There is no run yet, or no such company.
    """
    from rolemix.analysis import same_jobs as found

    return found.frame(found.company_links(store, companies))


def mix(
    store: Store,
    company: str,
    *,
    at: datetime | None = None,
    estimand: str = Estimand.HIRING,
    model: Model = None,
) -> Mix:
    """Estimate the mix of roles of a company's open postings, after tagging what is new.

    Args:
        store: The store.
        company: The company, matched by name without regard to case.
        at: The moment, with zone; None for the newest run over any board.
        estimand: As for `estimate_mix`.
        model: See `load_tagger`.

    Raises:
        NothingToReport: There is no such company.
        MixError: It has no open posting, or the model cannot estimate a mix.
    """
    from rolemix.analysis.report import company_mix

    return company_mix(store, tag(store, model).info, company, at, Estimand(estimand))


def postings(store: Store, model: Model = None) -> pd.DataFrame:
    """Return a row for each posting, open or closed, with its role, after tagging what is new.

    Args:
        store: The store.
        model: See `load_tagger`.
    """
    from rolemix.analysis import frames

    return frames.postings(store, tag(store, model).info)


def feed(store: Store, path: str | Path, addresses: FeedAddresses | None = None, model: Model = None) -> int:
    """Write every posting, open or closed, and each company's mix as a JSON Feed 1.1 file, after tagging what is new.

    Args:
        store: The store.
        path: The file, which is replaced at once.
        addresses: Where the feed is published.
        model: See `load_tagger`.

    Returns:
        The number of postings in the feed.

    Raises:
        RolemixError: The file cannot be written.
    """
    from rolemix.publishing.json_feed import write_feed

    read_facts(store)
    return write_feed(store, Path(path), tag(store, model).info, addresses)
