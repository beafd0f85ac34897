"""Answers to claims from the boards: supported, refuted or not decidable, with figures and what would decide."""

from __future__ import annotations

import contextlib
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from classifier.model.info import ModelInfo
from postings.identity import coverage
from postings.store import Store, queries
from rolemix.analysis.breakdown import jeffreys
from rolemix.analysis.claims import Answer, Claim, Verdict
from rolemix.analysis.company_book import EVER, Book, Opening, Sighting
from rolemix.analysis.filters import fits, require_known
from rolemix.analysis.flows import batch_of
from rolemix.analysis.openings import WEEK, NothingToReport, boards_at, chosen, moment_of
from rolemix.analysis.same_jobs import company_links
from rolemix.analysis.shifts import SHORTEST_LOOK_BACK, Evidence, company_shifts, evidence_of, p_in_words, ratio_of

MOST_UNSTATED = 0.05
"""The share of postings that may leave a fact unstated where a claim is of all of them."""
_DRAWS = 2000
_NO_BOARD = "a board of the company, seen whole: `rolemix watch add`, `rolemix crawl`"
_HEADS = "openings are not head-count"


def check(store: Store, model: ModelInfo, claims: Sequence[Claim]) -> list[Answer]:
    """Answer claims from a store, in their order.

    Args:
        store: Tagged with this model, and its facts read, throughout.
        model: The model whose tags are used.
        claims: The claims.

    Raises:
        FilterError: A claim asks for a role, focus or fact that does not exist.
    """
    for claim in claims:
        for where in (claim.where, claim.more.get("of", {}), *claim.more.get("each", ())):
            require_known(where, model.taxonomy)
    with store.read() as connection:
        now = moment_of(connection, None)
        boards = [board for board in boards_at(connection, now) if not board.is_search]
        names = {board.name for board in boards}
        books: dict[str, Book | None] = {}

        def book_of(company: str) -> Book | None:
            """Return what is known of a company, found as everywhere by its name, an alias or the beginning of one."""
            if company not in books:
                books[company] = None
                with contextlib.suppress(NothingToReport):
                    found = chosen(names, [company], boards)
                    own = [board for board in boards if board.name in found]
                    urls = [board.url for board in own]
                    spells = list(
                        queries.stream_spells(connection, model.name, board_urls=urls, facts=True, texts=True)
                    )
                    books[company] = Book(own, spells, queries.fetch_whole_runs(connection, urls), model, now)
            return books[company]

        answers = [_answer(claim, book_of) for claim in claims]
    # These two are read by themselves, in snapshots of their own.
    apart = {"shift": _shifted, "same": _same}
    return [
        apart[claim.kind](store, model, claim) if one is None else one
        for claim, one in zip(claims, answers, strict=True)
    ]


def _supported(claim: Claim, figures: str, found: Iterable[Opening] = ()) -> Answer:
    return Answer(claim=claim, verdict=Verdict.SUPPORTED, figures=figures, evidence=evidence_of(found))


def _refuted(claim: Claim, figures: str, found: Iterable[Opening] = ()) -> Answer:
    return Answer(claim=claim, verdict=Verdict.REFUTED, figures=figures, evidence=evidence_of(found))


def _open(claim: Claim, figures: str, needed: str, found: Iterable[Opening] = ()) -> Answer:
    return Answer(claim=claim, verdict=Verdict.UNDECIDABLE, figures=figures, needed=needed, evidence=evidence_of(found))


def _answer(claim: Claim, book_of: Callable[[str], Book | None]) -> Answer | None:
    """Return the answer to a claim; None for what is read apart, of a company that is known."""
    if claim.kind == "not-in-postings":
        return _open(claim, claim.more["reason"], claim.more.get("needed", "other sources than postings"))
    book = book_of(claim.company)
    if book is None:
        return _open(claim, f"no board of {claim.company} is in the store", _NO_BOARD)
    if claim.board:
        book = book.on(claim.board)
        if not book.boards:
            figures = f"no board of {claim.company} with {claim.board!r} in its address is in the store"
            return _open(claim, figures, "that board, seen whole")
    if claim.kind in _AGAINST:
        return _AGAINST[claim.kind](claim, book, book_of)
    return _ANSWERS[claim.kind](claim, book) if claim.kind in _ANSWERS else None


def _existence(claim: Claim, book: Book) -> Answer:
    since, until = claim.since or EVER, claim.until or book.now
    parts: list[str] = []
    missing: list[str] = []
    found: list[Evidence] = []
    for extra in claim.more.get("each", [{}]):
        fitting = book.sightings({**claim.where, **extra}, since, until)
        count = len({one.key for one in fitting})
        said = f"{_in_words(extra)}: " if extra else ""
        parts.append(f"{said}{_times(fitting, count, book)}")
        if count < claim.more.get("at_least", 1):
            missing.append(_in_words(extra) or "enough")
        found += evidence_of((one.spell, one.version) for one in fitting)[: 1 if extra else None]
    listed = book.sightings({}, since, until)
    start = max(since, min((one.first for one in listed), default=until))
    number = len({one.key for one in listed})
    figures = f"{'; '.join(parts)}; of {number} postings listed from {start:%Y-%m-%d} to {until:%Y-%m-%d}"
    evidence = tuple(dict.fromkeys(found))
    if not missing:
        return Answer(claim=claim, verdict=Verdict.SUPPORTED, figures=figures, evidence=evidence)
    if gap := book.gap(claim.since, until):
        return Answer(
            claim=claim,
            verdict=Verdict.UNDECIDABLE,
            figures=f"{figures}; more may have been listed unseen: {gap}",
            needed="complete runs over all of the company's boards, at least one a week throughout",
            evidence=evidence,
        )
    said = f"{figures}, each board seen whole at least once a week"
    return Answer(claim=claim, verdict=Verdict.REFUTED, figures=said, evidence=evidence)


def _in_words(where: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {' or '.join(map(str, value)) if isinstance(value, list) else value}" for name, value in where.items()
    )


def _times(found: Sequence[Sighting], count: int, book: Book) -> str:
    """Return how many postings fitted, when, and of what roles."""
    if not found:
        return "none fits"
    first = min(one.first for one in found)
    last = None if any(one.last is None for one in found) else max(one.last for one in found if one.last)
    until = "still listed" if last is None else f"none after {last:%Y-%m-%d}"
    return f"{count}, first seen {first:%Y-%m-%d}, {until} ({book.roles(one.version for one in found)})"


def _count(claim: Claim, book: Book) -> Answer:
    at = claim.until or book.now
    found = book.fitting(claim.where, at)
    if not book.known_at(at):
        return _unknown(claim, at, found)
    holds = claim.more.get("at_least", 0) <= len(found) <= claim.more.get("at_most", math.inf)
    figures = f"{len(found)} open on {at:%Y-%m-%d} ({book.roles(version for _, version in found)})"
    return (_supported if holds else _refuted)(claim, figures, found)


def _independent(found: Sequence[Opening]) -> float:
    """Return how many independent openings some are worth: those of one batch are of one kind (Kish 1965)."""
    batches = Counter(batch_of(spell) for spell, _ in found)
    return len(found) ** 2 / sum(size * size for size in batches.values()) if found else 0.0


def _interval(count: int, of: Sequence[Opening], tail: float = 0.025) -> tuple[float, float]:
    """Return the 95 % Jeffreys interval of a share of some openings, by batches."""
    if not of:
        return 0.0, 1.0
    size = _independent(of)
    return jeffreys(count * size / len(of), size, tail)


def _share(claim: Claim, book: Book) -> Answer:
    at = claim.until or book.now
    of = book.fitting(claim.more.get("of", {}), at)
    found = [one for one in of if fits(one[1], claim.where, book.model.taxonomy)]
    if not book.known_at(at):
        return _unknown(claim, at, found)
    if not of:
        asked = _in_words(claim.more.get("of", {})) or "any posting"
        return _open(claim, f"none open on {at:%Y-%m-%d} of {asked}", f"open postings of {asked}")
    low, high = _interval(len(found), of)
    least, most = claim.more.get("at_least", 0.0), claim.more.get("at_most", 1.0)
    share = len(found) / len(of)
    figures = f"{len(found)} of {len(of)} open on {at:%Y-%m-%d}: {share:.0%} (95 % interval {low:.0%} to {high:.0%})"
    if low >= least and high <= most:
        return _supported(claim, figures, found)
    if high < least or low > most:
        return _refuted(claim, figures, found)
    bound = min((one for one in (least, most) if low <= one <= high), key=lambda one: abs(share - one))
    wide = share - low if bound < share else high - share
    needed = _larger(wide, share - bound, len(of), "open postings of different batches")
    return _open(claim, f"{figures}; {bound:.0%} lies within the interval", needed, found)


def _larger(wide: float, away: float, number: int, what: str) -> str:
    """Return how many of something would decide: intervals narrow with the square root of their number.

    Args:
        wide: How far the interval reaches from what was found.
        away: How far the bound is from it, in the same unit.
        number: Of how many it was found.
        what: What they are.
    """
    times = (wide / away) ** 2 if away else math.inf
    if times > 100:  # what was found is all but the bound itself
        return f"no number of {what} is likely to decide: what was found is too near the bound"
    return f"about {math.ceil(max(times, 1.0) * number) + 1:,} {what}, if they are as these are"


def _growth(claim: Claim, book: Book) -> Answer:
    since, until = claim.since or book.now, claim.until or book.now
    if not (book.known_at(since) and book.known_at(until)):
        return _unknown(claim, since if not book.known_at(since) else until, book.fitting(claim.where, until))
    before, now = (book.fitting(claim.where, at) for at in (since, until))
    ratio, low, high = ratio_of(before, now)
    factor = claim.more.get("factor", 2)
    figures = f"{len(before)} open on {since:%Y-%m-%d}, {len(now)} on {until:%Y-%m-%d}"
    if ratio is None or low is None:
        return (_supported if now else _refuted)(claim, f"{figures}; {_HEADS}", now)
    upper = high if high is not None else ratio
    shown = f"{figures}: × {ratio:.2f} (95 % interval {low:.2f} to {upper:.2f}); {_HEADS}"
    if low >= factor:
        return _supported(claim, shown, now)
    if upper < factor:
        return _refuted(claim, shown, now)
    end = low if ratio >= factor else upper
    needed = (
        _larger(math.log(end / ratio), math.log(ratio / factor), len(now), "openings") if ratio else "more openings"
    )
    return _open(claim, shown, f"{needed}; × {factor} lies within the interval", now)


def _teams(claim: Claim, book: Book) -> Answer:
    since, until = claim.since or book.now, claim.until or book.now
    if not (book.known_at(since) and book.known_at(until)):
        return _unknown(claim, since if not book.known_at(since) else until, [])
    factor = claim.more.get("factor", 2)
    sides = [_by_unit(book.fitting(claim.where, at)) for at in (since, until)]
    if not sides[0]:
        figures = f"no posting open on {since:%Y-%m-%d} names its team"
        return _open(claim, figures, "a board that names the teams of its postings")
    surely, could, shown, enough = [], [], [], []
    for unit in sorted(sides[0]):
        before, now = sides[0][unit], sides[1].get(unit, [])
        ratio, low, high = ratio_of(before, now)
        if ratio is None or low is None:
            continue
        if low >= factor:
            surely.append(unit)
        elif ratio >= factor or (high is not None and high >= factor):
            could.append(unit)
            end = low if ratio >= factor else high or ratio
            enough.append(_larger(math.log(end / ratio), math.log(ratio / factor), len(now), f"openings in {unit}"))
        shown.append(f"{unit} {len(before)} → {len(now)}")
    least = len(sides[0]) if claim.more.get("at_least") == "all" else int(claim.more.get("at_least", 1))
    new = sorted(sides[1].keys() - sides[0].keys())
    figures = (
        f"openings of {len(surely)} of {len(sides[0])} teams grew × {factor} or more beyond the noise, those "
        f"of {len(could)} more perhaps ({', '.join(shown)})"
        + (f"; without openings before: {', '.join(new)}" if new else "")
        + f"; {_HEADS}"
    )
    grown = [one for unit in surely for one in sides[1][unit] if one[0].opened_at > since]
    if len(surely) >= least:
        return _supported(claim, figures, grown)
    if len(surely) + len(could) < least:
        return _refuted(claim, figures, grown)
    needed = f"{least} teams that grew beyond the noise: {'; '.join(enough)}"
    return _open(claim, figures, needed, grown)


def _by_unit(found: Iterable[Opening]) -> dict[str, list[Opening]]:
    units: dict[str, list[Opening]] = defaultdict(list)
    for one in found:
        for fact in one[1].tag.facts:
            if fact.kind == "unit":
                units[fact.value].append(one)
    return units


def _pace(claim: Claim, book: Book) -> Answer:
    """Answer whether openings came faster, by the ratio of two Poisson rates of batches (a binomial share)."""
    since, until = claim.since or book.now, claim.until or book.now
    begun = book.watched_since()
    look_back = None if begun is None else since - begun
    gap = book.gap(begun, until)
    if begun is None or look_back is None or look_back < SHORTEST_LOOK_BACK or gap:
        days = 0 if look_back is None else max(0, look_back.days)
        figures = f"the boards had been watched for {days} days by {since:%Y-%m-%d}" + (f"; {gap}" if gap else "")
        return _open(claim, figures, f"weekly complete runs, from {SHORTEST_LOOK_BACK.days} days before on")
    opened = [
        (one.spell, one.version)
        for one in book.sightings(claim.where, begun, until)
        if begun < one.spell.opened_at <= until
    ]
    sides = [[one for one in opened if (one[0].opened_at > since) is later] for later in (False, True)]
    weeks = look_back / WEEK, (until - since) / WEEK
    if weeks[1] <= 0:
        return _open(claim, f"nothing is known after {since:%Y-%m-%d}", "runs after that day")
    batches = [len({batch_of(spell) for spell, _ in side}) for side in sides]
    low, high = jeffreys(batches[1], sum(batches)) if sum(batches) else (0.0, 1.0)
    scale = weeks[0] / weeks[1]
    ends = low / (1 - low) * scale if low < 1 else math.inf, high / (1 - high) * scale if high < 1 else math.inf
    factor = claim.more.get("factor", 2)
    before, after = (f"{len(side) / span:.1f} a week" for side, span in zip(sides, weeks, strict=True))
    figures = (
        f"{len(sides[0])} opened in the {weeks[0]:.1f} weeks to {since:%Y-%m-%d} ({before}), "
        f"{len(sides[1])} in the {weeks[1]:.1f} weeks since ({after}); of batches {batches[0]} and {batches[1]}, "
        f"{_factor(ends[0])} {f'to {_factor(ends[1])}' if ends[1] < math.inf else 'or more'} times as fast "
        "(95 % interval)"
    )
    if ends[0] >= factor:
        return _supported(claim, figures, sides[1])
    if ends[1] < factor:
        return _refuted(claim, figures, sides[1])
    return _open(claim, figures, f"more weeks after {since:%Y-%m-%d}: × {factor} lies within the interval", sides[1])


def _factor(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def _first(claim: Claim, book: Book) -> Answer:
    since, until = claim.since or book.now, claim.until or book.now
    found = book.sightings(claim.where, EVER, until)
    before = [one for one in found if one.first <= since]
    if before:
        figures = f"{len(before)} fitted by {since:%Y-%m-%d}, the first on {min(one.first for one in before):%Y-%m-%d}"
        return _refuted(claim, figures, [(one.spell, one.version) for one in before])
    watched, gap = book.watched_since(), book.gap(book.watched_since(), until)
    after = [(one.spell, one.version) for one in found]
    if not found:
        if gap or (watched and watched > since):
            figures = f"no posting fits; {gap or f'the boards were not watched before {watched:%Y-%m-%d}'}"
            return _open(claim, figures, "complete runs over all boards, at least one a week throughout")
        return _refuted(claim, f"no posting fits, before {since:%Y-%m-%d} or after")
    opened = min(one.first for one in found)
    needed = f"weekly complete runs from at least {SHORTEST_LOOK_BACK.days} days before {since:%Y-%m-%d}"
    if watched is None or watched > since:
        figures = f"first seen {opened:%Y-%m-%d}, but the boards were not watched before {since:%Y-%m-%d}"
        return _open(claim, figures, needed, after)
    figures = f"first seen {opened:%Y-%m-%d}, after {(opened - watched).days} days of watching"
    if gap or opened - watched < SHORTEST_LOOK_BACK:
        return _open(claim, f"{figures}; {gap or 'too few to call it the first'}", needed, after)
    seen = len({one.key for one in book.sightings({}, EVER, since)})
    return _supported(claim, f"{figures}; {seen} postings before had none", after)


def _only(claim: Claim, book: Book) -> Answer:
    at = claim.until or book.now
    kind, values = claim.more["fact"], set(map(str, claim.more["values"]))
    of = book.fitting(claim.where, at)
    stated = [{fact.value for fact in version.tag.facts if fact.kind == kind} for _, version in of]
    stating = [one for one, found in zip(of, stated, strict=True) if found]
    others = [one for one, found in zip(of, stated, strict=True) if found - values]
    counts = Counter(value for found in stated for value in found)
    shown = ", ".join(f"{value} {count}" for value, count in counts.most_common(8))
    silent = len(of) - len(stating)
    figures = f"{len(of)} open on {at:%Y-%m-%d}: {shown or 'none states it'}; {silent} state no {kind}"
    if others:
        return _refuted(claim, f"{figures}; {len(others)} state another", others)
    if not of or not book.known_at(at):
        return _unknown(claim, at, stating)
    if silent > MOST_UNSTATED * len(of):
        return _open(claim, figures, f"the {kind} of the {silent} that state none", stating)
    return _supported(claim, figures, stating)


def _highest(claim: Claim, book: Book) -> Answer:
    currency, least = claim.more["currency"], claim.more["at_least"]
    rates = {name: float(rate) for name, rate in claim.more.get("rates", {}).items() if name != "on"}
    since, until = claim.since or EVER, claim.until or book.now
    of = book.sightings(claim.where, since, until)
    amounts = [
        (fact.number / rates.get(fact.value, 1.0), fact, one)
        for one in of
        for fact in one.version.tag.facts
        if fact.kind == "pay_max" and fact.number and (fact.value == currency or fact.value in rates)
    ]
    dated = f" at the rates of {claim.more['rates']['on']}" if rates else ""
    if not amounts:
        figures = f"none of {len(of)} postings states pay in {' or '.join([currency, *rates])}"
        return _open(claim, figures, "postings that state pay")
    top, fact, best = max(amounts, key=lambda one: one[0])
    stated = "" if fact.value == currency else f" ({fact.number:,.0f} {fact.value}{dated})"
    words = f", stated as {' '.join(fact.words.split()).lstrip('•- ')[:80]!r}" if fact.words else ""
    figures = (
        f"{len(amounts)} of {len(of)} postings state pay; the highest is {top:,.0f} {currency} a year{stated}{words}"
    )
    found = [(best.spell, best.version)]
    if top >= least:
        return _supported(claim, figures, found)
    if claim.more.get("earned", False):
        return _open(claim, f"{figures}; what is posted does not show what is paid", "what employees earn", found)
    if gap := book.gap(claim.since, until):
        return _open(claim, f"{figures}; {gap}", "complete runs over all boards, at least one a week throughout", found)
    return _refuted(claim, figures, found)


def _more(claim: Claim, book: Book, book_of: Callable[[str], Book | None]) -> Answer:
    at = claim.until or book.now
    sign = -1 if claim.more.get("direction") == "down" else 1
    found, of = book.fitting(claim.where, at), book.fitting({}, at)
    others = len(claim.more["than"])
    parts, held, failed, enough = [f"{claim.company} {_of(found, of)}"], 0, 0, []
    unknown = [] if book.known_at(at) else [claim.company]
    for name in claim.more["than"]:
        other = book_of(name)
        if other is None or not other.known_at(at):
            unknown.append(name)
            continue
        its, of_its = other.fitting(claim.where, at), other.fitting({}, at)
        low, high = _newcombe(len(found), of, len(its), of_its)
        parts.append(f"{name} {_of(its, of_its)}, difference {100 * low:+.0f} to {100 * high:+.0f} points")
        if low <= 0 <= high and of and of_its:
            difference = len(found) / len(of) - len(its) / len(of_its)
            wide = difference - low if difference > 0 else high - difference
            boards = f"open postings on the smaller board, of {claim.company} or {name}"
            enough.append(_larger(wide, difference, min(len(of), len(of_its)), boards))
        held += min(sign * low, sign * high) > 0
        # To be larger than each, all must hold at once; to fail, any one of several chances is enough.
        low, high = _newcombe(len(found), of, len(its), of_its, 0.025 / others)
        failed += max(sign * low, sign * high) < 0
    figures = f"open on {at:%Y-%m-%d}: " + "; ".join(parts)
    if unknown:
        figures += f"; not known whole in the week before: {', '.join(unknown)}"
    if claim.company not in unknown:
        if held == others:
            return _supported(claim, figures, found)
        if failed:
            return _refuted(claim, figures, found)
    needed = f"complete runs over the boards of {', '.join(unknown)}" if unknown else "; ".join(enough)
    return _open(claim, figures, needed, found)


def _of(found: Sequence[Opening], of: Sequence[Opening]) -> str:
    return f"{len(found)} of {len(of)} ({len(found) / len(of):.0%})" if of else "0 of 0"


def _rank(claim: Claim, book: Book) -> Answer:
    """Answer whether a role or focus is among the largest, by the difference of two counts of one multinomial."""
    at = claim.until or book.now
    [(level, name)] = claim.where.items()
    of = book.fitting({}, at)
    if not of or not book.known_at(at):
        return _unknown(claim, at, book.fitting(claim.where, at))
    taxonomy = book.model.taxonomy
    names = taxonomy.role_names if level == "role" else taxonomy.focus_names
    counts = {one: len(book.fitting({level: one}, at)) for one in names}
    deflate = math.sqrt(_independent(of) / len(of))
    scores = {
        one: (counts[one] - counts[name]) * deflate / math.sqrt(counts[one] + counts[name])
        for one in names
        if one != name and counts[one] + counts[name]
    }
    best = 1 + sum(score > 1.96 for score in scores.values())
    worst = 1 + sum(score > -1.96 for score in scores.values())
    order = sorted(names, key=lambda one: -counts[one])
    shown = ", ".join(f"{one} {counts[one]}" for one in order[:5])
    figures = (
        f"{name} is number {1 + sum(counts[one] > counts[name] for one in names)} of {len(names)} "
        f"with {counts[name]} of {len(of)} open on {at:%Y-%m-%d}, 95 % interval {best} to {worst} ({shown})"
    )
    found = book.fitting(claim.where, at)
    if worst <= claim.more["at_most"]:
        return _supported(claim, figures, found)
    if best > claim.more["at_most"]:
        return _refuted(claim, figures, found)
    # The one that must surely be smaller, or surely larger, for the rank to be decided.
    decisive = sorted(scores.values(), reverse=True)[int(claim.more["at_most"]) - 1]
    needed = _larger(1.96, decisive, len(of), "open postings")
    return _open(claim, figures, f"{needed}; the order is within the noise", found)


def _overlap(claim: Claim, book: Book, book_of: Callable[[str], Book | None]) -> Answer:
    """Answer how much of two mixes of roles is common: the sum of the smaller shares, batches drawn again."""
    at, least = claim.until or book.now, claim.more["at_least"]
    parts, held, failed, enough = [], 0, 0, []
    unknown = [] if book.known_at(at) else [claim.company]
    for name in claim.more["than"]:
        other = book_of(name)
        if other is None or not other.known_at(at):
            unknown.append(name)
            continue
        mine, its = book.fitting(claim.where, at), other.fitting(claim.where, at)
        if not mine or not its:
            unknown.append(name)
            continue
        common, low, high = _common_part(mine, its)
        parts.append(f"with {name} {common:.0%} (95 % interval {low:.0%} to {high:.0%})")
        if low < least <= high:
            wide = common - low if common > least else high - common
            boards = f"open postings on the smaller board, of {claim.company} or {name}"
            enough.append(_larger(wide, common - least, min(len(mine), len(its)), boards))
        held += low >= least
        failed += high < least
    figures = f"part of the mix of roles in common on {at:%Y-%m-%d}: " + ("; ".join(parts) or "not known")
    if unknown:
        figures += f"; not known whole in the week before: {', '.join(unknown)}"
    if claim.company not in unknown:
        if held == len(claim.more["than"]):
            return _supported(claim, figures)
        if failed:
            return _refuted(claim, figures)
    needed = f"complete runs over the boards of {', '.join(unknown)}" if unknown else "; ".join(enough)
    return _open(claim, figures, needed)


def _common_part(one: Sequence[Opening], other: Sequence[Opening]) -> tuple[float, float, float]:
    """Return the common part of two mixes of roles, and the ends of its interval (percentile bootstrap of batches)."""
    roles = sorted({version.tag.tag.role for _, version in (*one, *other) if version.tag.tag and version.tag.tag.role})
    place = {role: number for number, role in enumerate(roles)}
    dice = np.random.default_rng(0)
    shares, drawn = [], []
    for side in (one, other):
        batches: dict[str, Counter[int]] = defaultdict(Counter)
        for spell, version in side:
            if version.tag.tag and version.tag.tag.role:
                batches[batch_of(spell)][place[version.tag.tag.role]] += 1
        counts = np.array([[batch[number] for number in range(len(roles))] for _, batch in sorted(batches.items())])
        weights = dice.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=_DRAWS)
        totals = weights @ counts
        drawn.append(totals / totals.sum(axis=1, keepdims=True))
        shares.append(counts.sum(axis=0) / counts.sum())
    low, high = np.quantile(np.minimum(*drawn).sum(axis=1), [0.025, 0.975])
    return float(np.minimum(*shares).sum()), float(low), float(high)


def _same(store: Store, model: ModelInfo, claim: Claim) -> Answer:
    """Answer whether the company's boards list the same jobs, by the links of `postings.identity`."""
    [links] = company_links(store, [claim.company])
    jobs = [job for job in links.jobs if job.closed is None]
    boards = sorted({job.board for job in jobs})
    if len(boards) < 2:  # two are compared
        figures = f"{len(boards)} board of the company has open postings in the store"
        return _open(claim, figures, "its other boards; of a site that forbids crawling, pages that a person saved")
    still = {job.key for job in jobs}
    found = coverage(jobs, [one for one in links.links if {one.first, one.second} <= still])
    known = {(one.board, one.other): one.found for one in found}
    sizes = Counter(job.board for job in jobs)
    least, shares, parts = claim.more["at_least"], [], []
    for board in sorted(boards, key=lambda one: sizes[one])[:-1]:  # the largest must have more than the others
        most, other = max((known.get((board, other), 0), other) for other in boards if other != board)
        shares.append(jeffreys(most, sizes[board]))
        parts.append(f"{most} of {sizes[board]} open on {board} are on {other} too ({sizes[other]} open)")
    figures = "; ".join(parts)
    with store.read() as connection:
        now = moment_of(connection, None)
        whole = queries.fetch_whole_runs(connection, boards)
    unseen = [board for board in boards if not any(now - WEEK <= at <= now for at in whole[board])]
    if all(low >= least for low, _ in shares):
        return _supported(claim, figures)
    if unseen:
        return _open(
            claim, f"{figures}; not seen whole in the last week: {', '.join(unseen)}", "complete runs over them"
        )
    if any(high < least for _, high in shares):
        return _refuted(claim, figures)
    return _open(claim, figures, f"more postings a board: {least:.0%} lies within an interval")


def _shifted(store: Store, model: ModelInfo, claim: Claim) -> Answer:
    """Answer whether a share moved, by the tests of `rolemix.analysis.shifts`."""
    try:
        [found] = company_shifts(store, model, [claim.company], since=claim.since, until=claim.until)
    except NothingToReport as error:
        return _open(claim, str(error), "runs after the first date")
    [(level, name)] = claim.where.items()
    shift = next((one for one in found.shifts if (one.level, one.name) == (level, name)), None)
    if shift is None:
        figures = f"no posting of {name} on either date" if found.shifts else "; ".join(one.en for one in found.unknown)
        return _open(claim, figures, "complete runs on both dates")
    figures = (
        f"{shift.before:.0%} of {found.open_before} on {found.since:%Y-%m-%d}, {shift.now:.0%} of {found.open} on "
        f"{found.until:%Y-%m-%d} (95 % interval {100 * shift.low:+.0f} to {100 * shift.high:+.0f} points)"
    )
    if claim.since and found.since > claim.since:
        figures += f"; not known on {claim.since:%Y-%m-%d}"
    wanted = 1 if claim.more["direction"] == "up" else -1
    if shift.moved:
        verdict = Verdict.SUPPORTED if (shift.now - shift.before) * wanted > 0 else Verdict.REFUTED
        said = f"{figures}, {p_in_words(shift.p)}"
        return Answer(claim=claim, verdict=verdict, figures=said, evidence=shift.evidence)
    if shift.needed is None:
        needed = f"more than the {found.clusters} batches that came or went"
    else:
        needed = f"about {shift.needed:,} postings; here a 10-point move is found {100 * shift.power:.0f} times in 100"
    return Answer(
        claim=claim,
        verdict=Verdict.UNDECIDABLE,
        figures=f"{figures}: no move beyond the noise",
        needed=needed,
        evidence=shift.evidence,
    )


_ANSWERS: dict[str, Callable[[Claim, Book], Answer]] = {
    "existence": _existence,
    "count": _count,
    "share": _share,
    "growth": _growth,
    "teams": _teams,
    "pace": _pace,
    "first": _first,
    "only": _only,
    "highest": _highest,
    "rank": _rank,
}
_AGAINST: dict[str, Callable[[Claim, Book, Callable[[str], Book | None]], Answer]] = {
    "more": _more,
    "overlap": _overlap,
}


def _unknown(claim: Claim, at: datetime, found: Collection[Opening]) -> Answer:
    return _open(
        claim,
        f"not all boards were seen whole in the week before {at:%Y-%m-%d}; {len(found)} known postings fit",
        f"a complete run over each board within a week before {at:%Y-%m-%d}",
        found,
    )


def _newcombe(
    one: int, of_one: Sequence[Opening], other: int, of_other: Sequence[Opening], tail: float = 0.025
) -> tuple[float, float]:
    """Return the 95 % interval of a difference of two shares (Newcombe 1998, method 10, with Jeffreys' intervals)."""
    if not of_one or not of_other:
        return -1.0, 1.0
    (low_1, high_1), (low_2, high_2) = _interval(one, of_one, tail), _interval(other, of_other, tail)
    first, second = one / len(of_one), other / len(of_other)
    difference = first - second
    return (
        difference - math.hypot(first - low_1, high_2 - second),
        difference + math.hypot(high_1 - first, second - low_2),
    )
