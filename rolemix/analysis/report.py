"""The role-mix report: what each company hires for, now and against an earlier moment, and what that rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from classifier.model.info import ModelInfo
from classifier.model.tagger import NO_QUANTIFIER
from classifier.quantification.estimand import Estimand
from classifier.quantification.mix import Mix, MixError
from postings.store import Store
from postings.store.records import OpenTag
from postings.unit import Unit
from rolemix.analysis import mixes
from rolemix.analysis.openings import (
    WEEK,
    CompanyOpenings,
    Moments,
    NothingToReport,
    Openings,
    boards_at,
    chosen,
    fetch_tags,
    moment_of,
)
from rolemix.analysis.report_records import CompanyMix, Report, Share


def role_mix(  # noqa: PLR0913  # a report's settings
    store: Store,
    model: ModelInfo,
    companies: Collection[str] = (),
    *,
    at: datetime | None = None,
    against: datetime | timedelta = WEEK,
    estimand: Estimand = Estimand.HIRING,
    unit: Unit = Unit.POSTINGS,
) -> Report:
    """Count open postings by focus and role, and estimate their shares where the model can.

    Args:
        store: Tagged with this model throughout (see `rolemix.tagging.retag.tag_new`).
        model: The model whose tags are counted.
        companies: Only these, matched by name without regard to case; none for all.
        at: The moment, with zone; None for the newest run over any board.
        against: The earlier moment, with zone; or how many days earlier, which stands for the end of that day (UTC).
        estimand: What the shares are shares of; their changes are always those of what companies tend to hire.
        unit: What is counted. Shares are of postings, or with any other unit of jobs.

    Raises:
        NothingToReport: There is no run yet, no such company, or the earlier moment is not earlier.
    """
    with store.read() as connection:
        moments = Moments.of(connection, at, against)
        found = Openings(connection, model, moments, unit=unit).by_company(companies)
        mixed = []
        for one in found:
            mix, notes = _estimate(one, model, estimand)
            mixed.append(
                CompanyMix(
                    company=one.company,
                    open=one.count(one.now),
                    open_before=None if one.before is None else one.count(one.before),
                    before=one.known_from,
                    boards=one.boards,
                    mix=mix,
                    notes=notes,
                )
            )
        return Report(
            at=moments.at,
            before=moments.before,
            estimand=estimand,
            unit=unit,
            model=model.name,
            taxonomy=model.taxonomy.version,
            companies=tuple(mixed),
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
        moment = moment_of(connection, at)
        boards = [board for board in boards_at(connection, moment) if not board.is_search]
        names = chosen({board.name for board in boards}, [company], boards)
        urls = [board.url for board in boards if board.name in names]
        mix = mixes.estimate(fetch_tags(connection, model, moment, urls), model, estimand)
    if mix is None:
        raise NothingToReport(f"{company} had no open posting on {moment:%Y-%m-%d %H:%M} UTC")
    return mix


def _estimate(
    company: CompanyOpenings, model: ModelInfo, estimand: Estimand
) -> tuple[tuple[Share, ...], tuple[str, ...]]:
    """Return the lines of a company's mix, and the notes on them."""
    now, then = company.now, company.before
    mix, mix_before = (mixes.estimate(tags, model, estimand) for tags in (now, then or []))
    changes = mixes.changes(then or [], now, model)
    estimates = {(line.focus, line.role): line for line in mix.lines} if mix else {}
    estimates_before = {(line.focus, line.role): line for line in mix_before.lines} if mix_before else {}
    counts = _counts(company, now, model)
    counts_before = None if then is None else _counts(company, then, model)
    shares = []
    for line in mixes.lines(model.taxonomy):
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


def _counts(company: CompanyOpenings, tags: Iterable[OpenTag], model: ModelInfo) -> Counter[tuple[str, str | None]]:
    """Count tags by focus and role, and by focus alone."""
    focus_by_role = model.taxonomy.focus_by_role
    found: Counter[tuple[str, str | None]] = Counter()
    for row in tags:
        if row.tag is not None and row.tag.role is not None:
            focus = focus_by_role[row.tag.role]
            for line in ((focus, None), (focus, row.tag.role)):
                found[line] += company.count([row])
    return found
