"""What changes from one model to another: which postings get another role, rightly or wrongly, and by which words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from classifier.model.explanation import ExplanationError, explain
from classifier.model.tag import Row
from classifier.model.tagger import Tagger

WORDS = 5
"""How many words are told for a decision."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a model said about a posting; the role is None where it abstained."""

    role: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A posting that two models have seen.

    Attributes:
        row: The posting; of one whose role changed only ``id``, ``company`` and ``title`` are kept.
        before: What the old model says.
        after: What the new model says.
        label: The true role; None where nobody has said.
    """

    row: Row
    before: Said
    after: Said
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A posting whose role changed.

    Attributes:
        judged: The posting and what was said of it.
        decided_before: The words that spoke most for the old role against the new one, in the old model; none where
            its file is not at hand.
        decided_after: The words that speak most for the new role against the old one, in the new model.
    """

    judged: Judged
    decided_before: tuple[str, ...]
    decided_after: tuple[str, ...]

    @property
    def outcome(self) -> str:
        """``mended``, ``broken`` or ``still wrong`` where there is a label, else ``unlabelled``."""
        return _outcome(self.judged)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models over one lot of postings.

    Attributes:
        part: Which postings.
        in_sample: Whether the models may have been trained on them, in words.
        postings: How many.
        labelled: How many of them have a label.
        right_before: Of those with a label, how many the old model has right.
        right_after: How many the new model has right.
        changes: The postings whose role changed: those broken first, then mended, still wrong and unlabelled, the new
            model's surest first.
    """

    part: str
    in_sample: str
    postings: int
    labelled: int
    right_before: int
    right_after: int
    changes: tuple[Change, ...]

    def summary(self) -> dict[str, Any]:
        """Return the counts."""
        outcomes = Counter(change.outcome for change in self.changes)
        return {
            "part": self.part,
            "in_sample": self.in_sample,
            "postings": self.postings,
            "changed": len(self.changes),
            "labelled": self.labelled,
            "right_before": self.right_before,
            "right_after": self.right_after,
            "mended": outcomes["mended"],
            "broken": outcomes["broken"],
        }

    def moves(self) -> list[dict[str, Any]]:
        """Return how many changed from which role to which, most first."""
        pairs: dict[tuple[str, str], Counter[str]] = {}
        for change in self.changes:
            pair = change.judged.before.role or "", change.judged.after.role or ""
            pairs.setdefault(pair, Counter())[change.outcome] += 1
        return [
            {
                "part": self.part,
                "before": before,
                "after": after,
                "postings": outcomes.total(),
                "mended": outcomes["mended"],
                "broken": outcomes["broken"],
            }
            for (before, after), outcomes in sorted(pairs.items(), key=lambda item: (-item[1].total(), item[0]))
        ]

    def rows(self) -> list[dict[str, Any]]:
        """Return a row a change."""
        return [
            {
                "part": self.part,
                "id": change.judged.row.get("id"),
                "company": change.judged.row.get("company") or None,
                "title": change.judged.row["title"],
                "before": change.judged.before.role,
                "confidence_before": round(change.judged.before.confidence, 4),
                "after": change.judged.after.role,
                "confidence_after": round(change.judged.after.confidence, 4),
                "label": change.judged.label,
                "outcome": change.outcome,
                "decided_before": ", ".join(change.decided_before),
                "decided_after": ", ".join(change.decided_after),
            }
            for change in self.changes
        ]


_ORDER = ("broken", "mended", "still wrong", "unlabelled")


def compare(part: str, judged: Iterable[Judged], old: Tagger | None, new: Tagger, *, in_sample: str = "") -> Comparison:
    """Find what changed and by which words.

    Args:
        part: Names the postings.
        judged: The postings and what both models say; only those that changed are kept.
        old: The old model, for its words; None where only its tags are at hand.
        new: The new model.
        in_sample: Whether the models may have been trained on these postings, in words.
    """
    postings = labelled = right_before = right_after = 0
    changes = []
    for one in judged:
        postings += 1
        labelled += one.label is not None
        right_before += one.label is not None and one.before.role == one.label
        right_after += one.label is not None and one.after.role == one.label
        if one.before.role != one.after.role:
            # Without its text, because there can be many.
            light = {name: one.row.get(name) for name in ("id", "company", "title")}
            changes.append(
                Change(
                    replace(one, row=light),
                    _words(old, one.row, one.before.role, one.after.role),
                    _words(new, one.row, one.after.role, one.before.role),
                )
            )
    changes.sort(key=lambda change: (_ORDER.index(change.outcome), -change.judged.after.confidence))
    return Comparison(part, in_sample, postings, labelled, right_before, right_after, tuple(changes))


def judge_both(rows: Sequence[Mapping[str, Any]], old: Tagger, new: Tagger) -> Iterable[Judged]:
    """Yield what two models say about labelled postings.

    Args:
        rows: Postings, each with its true ``role``.
        old: The old model.
        new: The new model.
    """
    for row, before, after in zip(rows, old.tag(rows), new.tag(rows), strict=True):
        yield Judged(row, Said(before.role, before.confidence), Said(after.role, after.confidence), row["role"])


def _outcome(one: Judged) -> str:
    if one.label is None:
        return "unlabelled"
    if one.after.role == one.label:
        return "mended"
    return "broken" if one.before.role == one.label else "still wrong"


def _words(tagger: Tagger | None, row: Row, role: str | None, rival: str | None) -> tuple[str, ...]:
    if tagger is None or role is None or rival is None:
        return ()
    try:
        found = explain(tagger, row, role=role, rival=rival)
    except ExplanationError:  # one of the roles is not known to this model
        return ()
    return tuple(dict.fromkeys(one.term for one in found.supporting()))[:WORDS]
