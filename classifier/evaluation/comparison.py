"""Comparison of two models: which postings get another role, whether rightly, and which words decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from classifier.model.explanation import ExplanationError, explain
from classifier.model.tag import Row
from classifier.model.tagger import Tagger

WORDS = 5
"""How many decisive words are listed for a prediction."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """A model's prediction for a posting; the role is None where it abstained."""

    role: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class ComparedPosting:
    """A posting with the predictions of two models.

    Attributes:
        row: The posting; of one whose role changed only ``id``, ``company`` and ``title`` are kept.
        before: The old model's prediction.
        after: The new model's prediction.
        label: The true role; None where it is not known.
    """

    row: Row
    before: Prediction
    after: Prediction
    label: str | None = None

    @property
    def outcome(self) -> str:
        """``fixed``, ``regressed`` or ``still wrong`` for a changed role with a label, else ``unlabelled``."""
        if self.label is None:
            return "unlabelled"
        if self.after.role == self.label:
            return "fixed"
        return "regressed" if self.before.role == self.label else "still wrong"


@dataclass(frozen=True, slots=True)
class RoleChange:
    """A posting whose role changed.

    Attributes:
        posting: The posting and both predictions.
        decided_before: The words that counted most for the old role against the new one, in the old model; none where
            its file is not available.
        decided_after: The words that count most for the new role against the old one, in the new model.
    """

    posting: ComparedPosting
    decided_before: tuple[str, ...]
    decided_after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models compared on one set of postings.

    Attributes:
        part: Names the postings.
        in_sample: Whether the models may have been trained on them, in words.
        postings: The number of postings.
        labelled: The number of them that have a label.
        right_before: The number of labelled ones that the old model has right.
        right_after: The number that the new model has right.
        changes: The postings whose role changed: regressed ones first, then fixed, still wrong and unlabelled ones,
            the new model's most confident first.
    """

    part: str
    in_sample: str
    postings: int
    labelled: int
    right_before: int
    right_after: int
    changes: tuple[RoleChange, ...]

    def summary(self) -> dict[str, Any]:
        """Return the counts."""
        outcomes = Counter(change.posting.outcome for change in self.changes)
        return {
            "part": self.part,
            "in_sample": self.in_sample,
            "postings": self.postings,
            "changed": len(self.changes),
            "labelled": self.labelled,
            "right_before": self.right_before,
            "right_after": self.right_after,
            "fixed": outcomes["fixed"],
            "regressed": outcomes["regressed"],
        }

    def transitions(self) -> list[dict[str, Any]]:
        """Return how many postings changed from which role to which, most frequent first."""
        pairs: dict[tuple[str, str], Counter[str]] = {}
        for change in self.changes:
            pair = change.posting.before.role or "", change.posting.after.role or ""
            pairs.setdefault(pair, Counter())[change.posting.outcome] += 1
        return [
            {
                "part": self.part,
                "before": before,
                "after": after,
                "postings": outcomes.total(),
                "fixed": outcomes["fixed"],
                "regressed": outcomes["regressed"],
            }
            for (before, after), outcomes in sorted(pairs.items(), key=lambda item: (-item[1].total(), item[0]))
        ]

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each change."""
        return [
            {
                "part": self.part,
                "id": change.posting.row.get("id"),
                "company": change.posting.row.get("company") or None,
                "title": change.posting.row["title"],
                "before": change.posting.before.role,
                "confidence_before": round(change.posting.before.confidence, 4),
                "after": change.posting.after.role,
                "confidence_after": round(change.posting.after.confidence, 4),
                "label": change.posting.label,
                "outcome": change.posting.outcome,
                "decided_before": ", ".join(change.decided_before),
                "decided_after": ", ".join(change.decided_after),
            }
            for change in self.changes
        ]


_ORDER = ("regressed", "fixed", "still wrong", "unlabelled")


def compare(
    part: str, postings: Iterable[ComparedPosting], old: Tagger | None, new: Tagger, *, in_sample: str = ""
) -> Comparison:
    """Find the postings whose role changed, and the words that decided.

    Args:
        part: Names the postings.
        postings: The postings with both predictions; only those that changed are kept in memory.
        old: The old model, for its words; None where only its tags are available.
        new: The new model.
        in_sample: Whether the models may have been trained on these postings, in words.
    """
    total = labelled = right_before = right_after = 0
    changes = []
    for posting in postings:
        before, after = posting.before.role, posting.after.role
        total += 1
        labelled += posting.label is not None
        right_before += posting.label is not None and before == posting.label
        right_after += posting.label is not None and after == posting.label
        if before != after:
            # Without its text, because there can be many.
            light = {name: posting.row.get(name) for name in ("id", "company", "title")}
            words = _words(old, posting.row, before, after), _words(new, posting.row, after, before)
            changes.append(RoleChange(replace(posting, row=light), *words))
    changes.sort(key=lambda change: (_ORDER.index(change.posting.outcome), -change.posting.after.confidence))
    return Comparison(part, in_sample, total, labelled, right_before, right_after, tuple(changes))


def predict_both(rows: Sequence[Mapping[str, Any]], old: Tagger, new: Tagger) -> Iterator[ComparedPosting]:
    """Yield labelled postings with the predictions of two models.

    Args:
        rows: Postings, each with its true ``role``.
        old: The old model.
        new: The new model.
    """
    for row, before, after in zip(rows, old.tag(rows), new.tag(rows), strict=True):
        yield ComparedPosting(
            row, Prediction(before.role, before.confidence), Prediction(after.role, after.confidence), row["role"]
        )


def _words(tagger: Tagger | None, row: Row, role: str | None, rival: str | None) -> tuple[str, ...]:
    if tagger is None or role is None or rival is None:
        return ()
    try:
        explanation = explain(tagger, row, role=role, rival=rival)
    except ExplanationError:  # the model does not have one of the roles
        return ()
    return tuple(dict.fromkeys(contribution.term for contribution in explanation.supporting()))[:WORDS]
