"""Claims about hiring as typed queries: the kinds that there are, how a file states them, and what an answer is."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Any

from postings.errors import RolemixError
from rolemix.analysis.filters import FILTERS
from rolemix.analysis.shifts import Evidence

_COMMON = {"id", "text", "company", "kind", "where", "since", "until", "note", "board"}
KINDS = {
    "existence": ({"at_least", "each"}, "postings that fit `where`, and each of `each`, were listed"),
    "count": ({"at_least", "at_most"}, "so many postings that fit `where` were open at `until`"),
    "share": ({"at_least", "at_most", "of"}, "postings that fit `where` are such a share of those that fit `of`"),
    "growth": ({"factor"}, "open postings that fit `where` grew by a factor between `since` and `until`"),
    "teams": ({"factor", "at_least"}, 'the openings of so many teams, or `"all"`, grew by a factor from `since` on'),
    "pace": ({"factor"}, "postings that fit `where` opened faster by a factor after `since` than before"),
    "first": (set(), "no posting that fits `where` was listed before `since`, and one was after"),
    "shift": ({"direction"}, "the share of a focus or role moved up or down between `since` and `until`"),
    "only": ({"fact", "values"}, "every open posting states one of `values`, and no other"),
    "highest": ({"currency", "at_least", "rates", "earned"}, "the highest pay stated, by the year, reaches an amount"),
    "more": ({"than", "direction"}, "the share of postings that fit `where` is larger than at each of `than`"),
    "rank": ({"at_most"}, "a focus or role is among the largest of the company's open postings"),
    "overlap": (
        {"than", "at_least"},
        "the company's mix of roles and that of each of `than` have such a part in common",
    ),
    "same": (
        {"at_least"},
        "such a share of the postings of each of the company's boards, but the largest, is on another too",
    ),
    "not-in-postings": ({"reason", "needed"}, "postings cannot tell; `reason` says why"),
}
_OPTIONAL = {"at_least", "at_most", "of", "factor", "each", "rates", "earned", "needed"}
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
        board: Words in the address of the only boards that it is about; None for all of the company's.
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
    board: str | None = None


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
    each = entry.get("each", [])
    if not isinstance(each, list):
        raise ClaimError(f"{where}: each is a list of tables, such as [{{ role = 'storage' }}]")
    for name, value in (("where", fits), ("of", entry.get("of", {})), *(("each", one) for one in each)):
        if not isinstance(value, dict):
            raise ClaimError(f"{where}: {name} is a table, such as {{ role = 'data-centre' }}")
        if wrong := sorted(set(value) - FILTERS):
            raise ClaimError(f"{where}: {name} takes no {', '.join(wrong)}, only {', '.join(sorted(FILTERS))}")
    for name in sorted(keys - _OPTIONAL - ({"direction"} if kind == "more" else set())):
        if name not in entry:
            raise ClaimError(f"{where}: a claim of {kind} needs {name}")
    if kind == "shift" and (
        set(fits) - {"focus", "role"} or len(fits) != 1 or entry["direction"] not in ("up", "down")
    ):
        raise ClaimError(f"{where}: a shift needs one focus or role in where, and a direction, up or down")
    if kind == "rank" and (set(fits) - {"focus", "role"} or len(fits) != 1 or "at_most" not in entry):
        raise ClaimError(f"{where}: a rank needs one focus or role in where, and at_most")
    if kind in ("highest", "overlap", "same") and "at_least" not in entry:
        raise ClaimError(f"{where}: a claim of {kind} needs at_least")
    if kind in ("share", "count") and not {"at_least", "at_most"} & set(entry):
        raise ClaimError(f"{where}: a claim of {kind} needs at_least or at_most")
    if kind in ("growth", "teams", "pace", "first") and "since" not in entry:
        raise ClaimError(f"{where}: a claim of {kind} needs since")
    if "board" in entry and (kind in ("shift", "same") or not isinstance(entry["board"], str)):
        raise ClaimError(f"{where}: board is words of an address, and a claim of {kind} may be of all boards alone")
    if kind != "teams" and "at_least" in entry and not isinstance(entry["at_least"], int | float):
        raise ClaimError(f"{where}: at_least is a number")
    if "direction" in entry and entry["direction"] not in ("up", "down"):
        raise ClaimError(f"{where}: direction is up or down")
    if kind == "highest" and set(entry.get("rates", {})) and "on" not in entry["rates"]:
        raise ClaimError(f"{where}: rates need the day that they are of, such as {{ on = 2026-06-26, CNY = 7.2 }}")
    since, until = _moment(entry.get("since"), where), _moment(entry.get("until"), where)
    if since and until and since >= until:
        raise ClaimError(f"{where}: since is not before until")
    return Claim(
        id=str(entry.get("id", where.partition(" (")[0])),
        text=entry["text"],
        company=entry["company"],
        kind=kind,
        where=fits,
        since=since,
        until=until,
        more={name: entry[name] for name in keys if name in entry},
        note=entry.get("note"),
        board=entry.get("board"),
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
