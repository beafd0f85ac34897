"""Claims about hiring as typed queries, answered from the boards: supported, refuted or not decidable, with figures."""

from __future__ import annotations

import dataclasses
import math
import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from classifier.model.info import ModelInfo
from postings.errors import RolemixError
from postings.store import Store, queries
from postings.store.records import RecordedBoard, Spell, TaggedVersion
from rolemix.analysis.breakdown import jeffreys
from rolemix.analysis.filters import FILTERS, fits, require_known
from rolemix.analysis.openings import NothingToReport, boards_at, moment_of
from rolemix.analysis.shifts import Evidence, company_shifts, evidence_of, ratio_of

_COMMON = {"id", "text", "company", "kind", "where", "since", "until", "note"}
KINDS = {
    "existence": ({"at_least"}, "postings that fit `where` were listed between `since` and `until`"),
    "count": ({"at_least", "at_most"}, "so many postings that fit `where` were open at `until`"),
    "share": ({"at_least", "at_most", "of"}, "postings that fit `where` are such a share of those that fit `of`"),
    "growth": ({"factor"}, "open postings that fit `where` grew by a factor between `since` and `until`"),
    "teams": ({"factor", "at_least"}, "so many teams' open postings grew by a factor between `since` and `until`"),
    "first": (set(), "no posting that fits `where` was listed before `since`, and one was after"),
    "shift": ({"direction"}, "the share of a focus or role moved up or down between `since` and `until`"),
    "only": ({"fact", "values"}, "every open posting that states the fact states one of `values`"),
    "highest": ({"currency", "at_least"}, "the highest pay by the year that is stated reaches an amount"),
    "more": ({"than"}, "the share of postings that fit `where` is larger than at each company of `than`"),
    "not-in-postings": ({"reason"}, "postings cannot tell; `reason` says why"),
}
"""The kinds of claims: the keys that each takes beside the common ones, and what it says."""


class ClaimError(RolemixError):
    """A claim cannot be expressed; the message says why."""


class Verdict(StrEnum):
    """What the boards say of a claim."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    UNDECIDABLE = "not decidable"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim about a company's hiring.

    Attributes:
        id: Its name in its file.
        text: The sentence that it stands for.
        company: The company.
        kind: One of `KINDS`.
        where: What postings must fit: words of the title or of the text, a role, a focus, facts by their kinds.
        since: The first date, with zone; None for all that is known.
        until: The second date; None for the newest run.
        more: The values of the kind's own keys.
        note: What an honest answer must add.
    """

    id: str
    text: str
    company: str
    kind: str
    where: Mapping[str, Any]
    since: datetime | None
    until: datetime | None
    more: Mapping[str, Any]
    note: str | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the boards say of a claim.

    Attributes:
        claim: The claim.
        verdict: Whether it is supported, refuted or not decidable.
        figures: The numbers behind that, in words.
        needed: What would decide it; None where it is decided.
        evidence: Postings that show it.
    """

    claim: Claim
    verdict: Verdict
    figures: str
    needed: str | None = None
    evidence: tuple[Evidence, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {
            "id": self.claim.id,
            "claim": self.claim.text,
            "company": self.claim.company,
            "kind": self.claim.kind,
            "verdict": str(self.verdict),
            "figures": self.figures,
            "needed": self.needed,
            "note": self.claim.note,
            "evidence": [
                {"title": one.title, "url": one.url, "opened": one.opened.isoformat()} for one in self.evidence
            ],
        }


def load_claims(path: Path) -> list[Claim]:
    """Return the claims of a file, in its order.

    Raises:
        ClaimError: The file cannot be read, or a claim cannot be expressed.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ClaimError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ClaimError(f"{path} is not TOML: {error}") from error
    entries = data.get("claim")
    if not isinstance(entries, list) or not entries:
        raise ClaimError(f"{path} has no claim: write each below a line [[claim]]")
    shared = {name: value for name, value in data.items() if name != "claim"}
    return [_claim({**shared, **entry}, f"claim {number} of {path}") for number, entry in enumerate(entries, start=1)]


def check(store: Store, model: ModelInfo, claims: Sequence[Claim]) -> list[Answer]:
    """Answer claims from a store, in their order.

    Args:
        store: Tagged with this model, and its facts read, throughout.
        model: The model whose tags are used.
        claims: The claims.

    Raises:
        FilterError: A claim asks for a role or focus that does not exist.
    """
    for claim in claims:
        for where in (claim.where, claim.more.get("of", {})):
            require_known(where, model.taxonomy)
    with store.read() as connection:
        now = moment_of(connection, None)
        boards: dict[str, list[RecordedBoard]] = defaultdict(list)
        for board in boards_at(connection, now):
            if not board.is_search:
                boards[board.name.casefold()].append(board)
        books: dict[str, _Book | None] = {}

        def book_of(company: str) -> _Book | None:
            key = company.casefold()
            if key not in books:
                own = boards.get(key)
                books[key] = None
                if own:
                    urls = [board.url for board in own]
                    spells = list(
                        queries.stream_spells(connection, model.name, board_urls=urls, facts=True, texts=True)
                    )
                    books[key] = _Book(own, spells, queries.fetch_whole_runs(connection, urls), model, now)
            return books[key]

        answers = [_answer(claim, book_of) for claim in claims]
    # Shifts are read by themselves, in a snapshot of their own.
    return [_shifted(store, model, claim) if one is None else one for claim, one in zip(claims, answers, strict=True)]


_NO_BOARD = "a board of the company, seen whole: `rolemix watch add`, `rolemix crawl`"


@dataclasses.dataclass(frozen=True, slots=True)
class _Book:
    """What is known of a company's postings."""

    boards: Sequence[RecordedBoard]
    spells: Sequence[Spell]
    whole: Mapping[str, Sequence[datetime]]
    model: ModelInfo
    now: datetime

    def fitting(
        self, where: Mapping[str, Any], *, at: datetime | None = None, since: datetime | None = None
    ) -> list[tuple[Spell, TaggedVersion]]:
        """Return postings that fit: open at a moment, or listed at any time between two."""
        until = at or self.now
        found = []
        for spell in self.spells:
            ended = spell.closed_at is not None and spell.closed_at <= (until if since is None else since)
            if spell.opened_at <= until and not ended:
                version = spell.version_at(until if spell.closed_at is None else min(until, spell.closed_at))
                if version.counted and fits(version, where, self.model.taxonomy):
                    found.append((spell, version))
        return found

    def known_at(self, at: datetime) -> bool:
        """Return whether all boards had been seen whole by a moment, not more than a week before it."""
        return all(
            any(at - timedelta(days=7) <= seen <= at for seen in runs)
            for runs in (self.whole[b.url] for b in self.boards)
        )

    def watched_since(self) -> datetime | None:
        """Return from when on all boards were known whole; None where one never was."""
        begun = [runs[0] if runs else None for runs in self.whole.values()]
        return None if None in begun else max(filter(None, begun), default=None)


def _answer(claim: Claim, book_of: Callable[[str], _Book | None]) -> Answer | None:
    """Return the answer to a claim; None for a shift of a company that is known."""
    if claim.kind == "not-in-postings":
        return Answer(
            claim=claim, verdict=Verdict.UNDECIDABLE, figures=claim.more["reason"], needed="other sources than postings"
        )
    book = book_of(claim.company)
    if book is None:
        return Answer(
            claim=claim,
            verdict=Verdict.UNDECIDABLE,
            figures=f"no board of {claim.company} is in the store",
            needed=_NO_BOARD,
        )
    if claim.kind == "more":
        return _more(claim, book, book_of)
    return None if claim.kind == "shift" else _ANSWERS[claim.kind](claim, book)


def _existence(claim: Claim, book: _Book) -> Answer:
    found = book.fitting(claim.where, at=claim.until, since=claim.since or datetime.min.replace(tzinfo=UTC))
    least = claim.more.get("at_least", 1)
    count = len({(spell.board_url, spell.identifier) for spell, _ in found})
    figures = f"{count} postings fit" if count != 1 else "1 posting fits"
    if found:
        days = sorted(spell.opened_at for spell, _ in found)
        figures += f", first seen {days[0]:%Y-%m-%d}, the newest opened {days[-1]:%Y-%m-%d}"
    if count >= least:
        return Answer(claim=claim, verdict=Verdict.SUPPORTED, figures=figures, evidence=evidence_of(found))
    if not _watched(claim, book):
        return Answer(
            claim=claim,
            verdict=Verdict.UNDECIDABLE,
            figures=f"{figures}; the boards were not seen whole throughout",
            needed="complete runs over all of the company's boards at the time",
            evidence=evidence_of(found),
        )
    return Answer(claim=claim, verdict=Verdict.REFUTED, figures=f"{figures} of {len(book.spells)} that were listed")


def _count(claim: Claim, book: _Book) -> Answer:
    at = claim.until or book.now
    found = book.fitting(claim.where, at=at)
    if not book.known_at(at):
        return _unknown(claim, at, found)
    count = len(found)
    holds = claim.more.get("at_least", 0) <= count <= claim.more.get("at_most", math.inf)
    verdict = Verdict.SUPPORTED if holds else Verdict.REFUTED
    return Answer(claim=claim, verdict=verdict, figures=f"{count} open on {at:%Y-%m-%d}", evidence=evidence_of(found))


def _share(claim: Claim, book: _Book) -> Answer:
    at = claim.until or book.now
    of = book.fitting(claim.more.get("of", {}), at=at)
    found = [one for one in of if fits(one[1], claim.where, book.model.taxonomy)]
    if not book.known_at(at):
        return _unknown(claim, at, found)
    low, high = jeffreys(len(found), len(of)) if of else (0.0, 1.0)
    least, most = claim.more.get("at_least", 0.0), claim.more.get("at_most", 1.0)
    share = len(found) / len(of) if of else 0.0
    figures = f"{len(found)} of {len(of)} open on {at:%Y-%m-%d}: {share:.0%} ({low:.0%} to {high:.0%})"
    if of and low >= least and high <= most:
        return Answer(claim=claim, verdict=Verdict.SUPPORTED, figures=figures, evidence=evidence_of(found))
    if of and (high < least or low > most):
        return Answer(claim=claim, verdict=Verdict.REFUTED, figures=figures, evidence=evidence_of(found))
    gap = min(abs(share - bound) for bound in (least, most) if 0 < bound < 1)
    needed = math.ceil(3.84 * max(0.05, share * (1 - share)) / max(0.01, gap) ** 2)
    return Answer(
        claim=claim,
        verdict=Verdict.UNDECIDABLE,
        figures=figures,
        needed=f"about {needed:,} open postings at such a share",
        evidence=evidence_of(found),
    )


def _growth(claim: Claim, book: _Book) -> Answer:
    since, until = claim.since, claim.until or book.now
    if since is None:
        raise ClaimError(f"{claim.id}: growth needs `since`")
    if not (book.known_at(since) and book.known_at(until)):
        return _unknown(claim, since if not book.known_at(since) else until, book.fitting(claim.where, at=until))
    before, now = (book.fitting(claim.where, at=at) for at in (since, until))
    ratio, low, high = ratio_of(before, now)
    factor = claim.more.get("factor", 2)
    figures = f"{len(before)} open on {since:%Y-%m-%d}, {len(now)} on {until:%Y-%m-%d}"
    if ratio is None or low is None:
        verdict = Verdict.SUPPORTED if now else Verdict.REFUTED
        return Answer(claim=claim, verdict=verdict, figures=f"{figures}; openings are not head-count")
    shown = f"{figures}: × {ratio:.2f} ({low:.2f} to {high or ratio:.2f}); openings are not head-count"
    if low >= factor:
        return Answer(claim=claim, verdict=Verdict.SUPPORTED, figures=shown, evidence=evidence_of(now))
    if high is not None and high < factor:
        return Answer(claim=claim, verdict=Verdict.REFUTED, figures=shown, evidence=evidence_of(now))
    needed = "more openings: the interval of the ratio holds the factor"
    return Answer(claim=claim, verdict=Verdict.UNDECIDABLE, figures=shown, needed=needed, evidence=evidence_of(now))


def _teams(claim: Claim, book: _Book) -> Answer:
    since, until = claim.since, claim.until or book.now
    if since is None:
        raise ClaimError(f"{claim.id}: teams needs `since`")
    if not (book.known_at(since) and book.known_at(until)):
        return _unknown(claim, since if not book.known_at(since) else until, [])
    units = sorted({fact.value for _, v in book.fitting({}, at=since) for fact in v.tag.facts if fact.kind == "unit"})
    grown = surely = 0
    for unit in units:
        ratio, low, _ = ratio_of(book.fitting({"unit": unit}, at=since), book.fitting({"unit": unit}, at=until))
        grown += ratio is not None and ratio >= claim.more.get("factor", 2)
        surely += low is not None and low >= claim.more.get("factor", 2)
    factor = claim.more.get("factor", 2)
    grew = f"openings of {grown} of {len(units)} teams grew × {factor} or more, of {surely} beyond the noise"
    figures = f"{grew}; openings are not head-count"
    least = claim.more.get("at_least", 1)
    if surely >= least:
        return Answer(claim=claim, verdict=Verdict.SUPPORTED, figures=figures)
    if grown < least:
        return Answer(claim=claim, verdict=Verdict.REFUTED, figures=figures)
    return Answer(claim=claim, verdict=Verdict.UNDECIDABLE, figures=figures, needed="more openings a team")


def _first(claim: Claim, book: _Book) -> Answer:
    if claim.since is None:
        raise ClaimError(f"{claim.id}: first needs `since`")
    found = book.fitting(claim.where, at=claim.until, since=datetime.min.replace(tzinfo=UTC))
    before = [one for one in found if one[0].opened_at <= claim.since]
    after = [one for one in found if one[0].opened_at > claim.since]
    if before:
        figures = f"one was listed on {min(one[0].opened_at for one in before):%Y-%m-%d} already"
        return Answer(claim=claim, verdict=Verdict.REFUTED, figures=figures, evidence=evidence_of(before))
    watched = book.watched_since()
    if not after:
        verdict = Verdict.REFUTED if _watched(claim, book) else Verdict.UNDECIDABLE
        return Answer(
            claim=claim, verdict=verdict, figures="no posting fits", needed=_NO_BOARD if not watched else None
        )
    opened = min(one[0].opened_at for one in after)
    if watched is None or watched > claim.since:
        return Answer(
            claim=claim,
            verdict=Verdict.UNDECIDABLE,
            figures=f"seen since {opened:%Y-%m-%d}, but the boards were not watched before",
            needed=f"complete runs from before {claim.since:%Y-%m-%d}",
            evidence=evidence_of(after),
        )
    figures = f"first seen {opened:%Y-%m-%d}, after {(opened - watched).days} days of watching"
    return Answer(claim=claim, verdict=Verdict.SUPPORTED, figures=figures, evidence=evidence_of(after))


def _only(claim: Claim, book: _Book) -> Answer:
    at = claim.until or book.now
    kind, values = claim.more["fact"], set(map(str, claim.more["values"]))
    of = book.fitting(claim.where, at=at)
    stating = [one for one in of if any(fact.kind == kind for fact in one[1].tag.facts)]
    others = [one for one in stating if {fact.value for fact in one[1].tag.facts if fact.kind == kind} - values]
    figures = f"{len(of)} open on {at:%Y-%m-%d}, {len(stating)} state {kind}, {len(others)} another one"
    if others:
        return Answer(claim=claim, verdict=Verdict.REFUTED, figures=figures, evidence=evidence_of(others))
    if not stating or not book.known_at(at):
        return _unknown(claim, at, stating)
    return Answer(claim=claim, verdict=Verdict.SUPPORTED, figures=figures, evidence=evidence_of(stating))


def _highest(claim: Claim, book: _Book) -> Answer:
    currency, least = claim.more["currency"], claim.more["at_least"]
    of = book.fitting(claim.where, at=claim.until, since=claim.since or datetime.min.replace(tzinfo=UTC))
    amounts = [
        (fact.number, one)
        for one in of
        for fact in one[1].tag.facts
        if fact.kind == "pay_max" and fact.value == currency and fact.number
    ]
    if not amounts:
        return Answer(
            claim=claim,
            verdict=Verdict.UNDECIDABLE,
            figures=f"none of {len(of)} postings states pay in {currency} by the year",
            needed="postings that state pay",
        )
    top, best = max(amounts, key=lambda one: one[0])
    figures = f"the highest of {len(amounts)} stated by the year: {top:,.0f} {currency}"
    if top >= least:
        return Answer(claim=claim, verdict=Verdict.SUPPORTED, figures=figures, evidence=evidence_of([best]))
    return Answer(
        claim=claim,
        verdict=Verdict.UNDECIDABLE,
        figures=f"{figures}; what is posted does not show what is paid",
        needed="what employees earn",
        evidence=evidence_of([best]),
    )


def _more(claim: Claim, book: _Book, book_of: Callable[[str], _Book | None]) -> Answer:
    at = claim.until or book.now
    mine, of_mine = len(book.fitting(claim.where, at=at)), len(book.fitting({}, at=at))
    parts, larger, smaller = [f"{claim.company} {mine} of {of_mine}"], 0, 0
    for name in claim.more["than"]:
        other = book_of(name)
        if other is None or not other.known_at(at):
            parts.append(f"{name}: not known")
            continue
        its, of_its = len(other.fitting(claim.where, at=at)), len(other.fitting({}, at=at))
        low, high = _newcombe(mine, of_mine, its, of_its)
        parts.append(f"{name} {its} of {of_its} (difference {100 * low:+.0f} to {100 * high:+.0f} points)")
        larger += low > 0
        smaller += high < 0
    figures = "; ".join(parts)
    evidence = evidence_of(book.fitting(claim.where, at=at))
    if book.known_at(at) and larger == len(claim.more["than"]):
        return Answer(claim=claim, verdict=Verdict.SUPPORTED, figures=figures, evidence=evidence)
    if book.known_at(at) and smaller:
        return Answer(claim=claim, verdict=Verdict.REFUTED, figures=figures, evidence=evidence)
    needed = "larger boards, or boards of those that are not known"
    return Answer(claim=claim, verdict=Verdict.UNDECIDABLE, figures=figures, needed=needed, evidence=evidence)


def _shifted(store: Store, model: ModelInfo, claim: Claim) -> Answer:
    """Answer whether a share moved, by the tests of `rolemix.analysis.shifts`."""
    try:
        [found] = company_shifts(store, model, [claim.company], since=claim.since, until=claim.until)
    except NothingToReport as error:
        needed = "runs after the first date"
        return Answer(claim=claim, verdict=Verdict.UNDECIDABLE, figures=str(error), needed=needed)
    [(level, name)] = claim.where.items()
    shift = next((one for one in found.shifts if (one.level, one.name) == (level, name)), None)
    if shift is None:
        figures = f"no posting of {name} on either date" if found.shifts else "; ".join(found.unknown)
        return Answer(claim=claim, verdict=Verdict.UNDECIDABLE, figures=figures, needed="complete runs on both dates")
    figures = (
        f"{shift.before:.0%} of {found.open_before} on {found.since:%Y-%m-%d}, {shift.now:.0%} of {found.open} on "
        f"{found.until:%Y-%m-%d} ({100 * shift.low:+.0f} to {100 * shift.high:+.0f} points)"
    )
    wanted = 1 if claim.more["direction"] == "up" else -1
    if shift.moved:
        held = (shift.now - shift.before) * wanted > 0
        verdict = Verdict.SUPPORTED if held else Verdict.REFUTED
        return Answer(claim=claim, verdict=verdict, figures=f"{figures}, p = {shift.p:.2g}", evidence=shift.evidence)
    if shift.needed is None:
        needed = f"more than {found.clusters} batches that come and go"
    else:
        needed = f"about {shift.needed:,} postings; here a 10-point move is found {100 * shift.power:.0f} times in 100"
    return Answer(claim=claim, verdict=Verdict.UNDECIDABLE, figures=figures, needed=needed, evidence=shift.evidence)


_ANSWERS: dict[str, Callable[[Claim, _Book], Answer]] = {
    "existence": _existence,
    "count": _count,
    "share": _share,
    "growth": _growth,
    "teams": _teams,
    "first": _first,
    "only": _only,
    "highest": _highest,
}


def _unknown(claim: Claim, at: datetime, found: Sequence[tuple[Spell, TaggedVersion]]) -> Answer:
    return Answer(
        claim=claim,
        verdict=Verdict.UNDECIDABLE,
        figures=f"not all boards were seen whole in the week before {at:%Y-%m-%d}; {len(found)} known postings fit",
        needed=f"a complete run over each board within a week before {at:%Y-%m-%d}",
        evidence=evidence_of(found),
    )


def _watched(claim: Claim, book: _Book) -> bool:
    """Return whether the boards were known whole from the claim's first date, or their first run, to its last."""
    begun = book.watched_since()
    if begun is None or (claim.since and begun > claim.since):
        return False
    return book.known_at(claim.until or book.now)


def _newcombe(one: int, of_one: int, other: int, of_other: int) -> tuple[float, float]:
    """Return the 95 % interval of a difference of two shares (Newcombe 1998, method 10, with Jeffreys' intervals)."""
    if not of_one or not of_other:
        return -1.0, 1.0
    (low_1, high_1), (low_2, high_2) = jeffreys(one, of_one), jeffreys(other, of_other)
    first, second = one / of_one, other / of_other
    difference = first - second
    return (
        difference - math.hypot(first - low_1, high_2 - second),
        difference + math.hypot(high_1 - first, second - low_2),
    )


def _claim(entry: Mapping[str, Any], where: str) -> Claim:
    """Return a claim of a file.

    Raises:
        ClaimError: It lacks something, or has what its kind does not take.
    """
    for name in ("text", "company", "kind"):
        if not isinstance(entry.get(name), str) or not entry[name]:
            raise ClaimError(f"{where} has no {name}")
    kind = entry["kind"]
    where = f"{where} ({entry['text'][:60]!r})"
    if kind not in KINDS:
        raise ClaimError(f"{where} is of an unknown kind {kind!r}: choose one of {', '.join(KINDS)}")
    keys, _ = KINDS[kind]
    if unknown := sorted(set(entry) - keys - _COMMON):
        raise ClaimError(
            f"{where}: a claim of {kind} takes no {', '.join(unknown)}, only {', '.join(sorted(keys | _COMMON))}"
        )
    fits = entry.get("where", {})
    for name, value in (("where", fits), ("of", entry.get("of", {}))):
        if not isinstance(value, dict):
            raise ClaimError(f"{where}: {name} is a table, such as {{ role = 'data-centre' }}")
        if wrong := sorted(set(value) - FILTERS):
            raise ClaimError(f"{where}: {name} takes no {', '.join(wrong)}, only {', '.join(sorted(FILTERS))}")
    for name in sorted(keys - {"at_least", "at_most", "of", "factor"}):
        if name not in entry:
            raise ClaimError(f"{where}: a claim of {kind} needs {name}")
    if kind == "shift" and (
        set(fits) - {"focus", "role"} or len(fits) != 1 or entry["direction"] not in ("up", "down")
    ):
        raise ClaimError(f"{where}: a shift needs one focus or role in where, and a direction, up or down")
    for name in ("growth", "teams", "first"):
        if kind == name and "since" not in entry:
            raise ClaimError(f"{where}: a claim of {kind} needs since")
    return Claim(
        id=str(entry.get("id", where.partition(" (")[0])),
        text=entry["text"],
        company=entry["company"],
        kind=kind,
        where=fits,
        since=_moment(entry.get("since"), where),
        until=_moment(entry.get("until"), where),
        more={name: entry[name] for name in keys if name in entry},
        note=entry.get("note"),
    )


def _moment(value: Any, where: str) -> datetime | None:
    """Return a date of a claim as the end of that day in UTC."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(23, 59, 59), UTC)
    raise ClaimError(f"{where}: {value!r} is no date: write since = 2026-06-26 without quotes")


def kinds_in_words() -> Iterator[tuple[str, Collection[str], str]]:
    """Yield each kind of claim, the keys that it takes, and what it says."""
    for kind, (keys, meaning) in KINDS.items():
        yield kind, sorted(keys), meaning
