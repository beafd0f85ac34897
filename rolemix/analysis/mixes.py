"""Mixes from stored tags: all that a mix needs of each posting is in the store beside its tag, so no text is read."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from classifier.model.info import ModelInfo
from classifier.quantification.estimand import Estimand
from classifier.quantification.estimator import MixQuantifier
from classifier.quantification.mix import Lines, Mix, ScoredPostings, ShareChange
from classifier.taxonomy import Taxonomy
from postings.store.records import OpenTag

COLUMNS = ("focus", "role", "share", "low", "high", "count")
"""The columns of a mix; a row without a role is the total of its focus."""


def estimate(tags: Collection[OpenTag], model: ModelInfo, estimand: Estimand = Estimand.HIRING) -> Mix | None:
    """Estimate the mix of open postings; None where there is no posting, or the model cannot estimate mixes.

    Args:
        tags: Of this model, none missing.
        model: The model.
        estimand: What the shares are shares of.
    """
    if model.quantifier is None or not tags:
        return None
    return model.quantifier.estimate(_scored(tags, model.quantifier), estimand)


def changes(before: Collection[OpenTag], now: Collection[OpenTag], model: ModelInfo) -> dict[str, ShareChange]:
    """Return the interval of each focus's change in share between two moments, by focus.

    Empty where one of the moments has no posting, or the model cannot estimate mixes. A posting that was only reworded
    counts as the same posting; one whose role changed does not.

    Args:
        before: The tags of the earlier moment.
        now: Those of the later one.
        model: The model that gave them.
    """
    if model.quantifier is None or not before or not now:
        return {}
    keys = [[(tag.board_url, tag.identifier, tag.tag and tag.tag.role) for tag in tags] for tags in (before, now)]
    both = set(keys[0]) & set(keys[1])
    found = model.quantifier.change(
        _scored(before, model.quantifier),
        _scored(now, model.quantifier),
        ([key in both for key in keys[0]], [key in both for key in keys[1]]),
    )
    return {focus: change for (focus, role), change in found.items() if role is None}


def lines(taxonomy: Taxonomy) -> list[tuple[str, str | None]]:
    """Return the lines of a mix in order: each focus (with role None), followed by its roles."""
    return Lines(taxonomy.role_names, taxonomy).names


def as_record(mix: Mix) -> dict[str, Any]:
    """Return a mix as JSON-ready values: shares to four places, counts to two."""
    return {"postings": mix.postings, "notes": list(mix.notes), "mix": as_rows(mix)}


def as_rows(mix: Mix) -> list[dict[str, Any]]:
    """Return the lines of a mix as records with the keys `COLUMNS`."""
    return [
        {
            "focus": line.focus,
            "role": line.role,
            "share": round(line.share, 4),
            "low": round(line.low, 4),
            "high": round(line.high, 4),
            "count": round(line.count, 2),
        }
        for line in mix.lines
    ]


def _scored(tags: Collection[OpenTag], quantifier: MixQuantifier) -> ScoredPostings:
    rows = ((row.tag.roles, row.several_tracks) for row in tags if row.tag is not None)
    return ScoredPostings.of(rows, quantifier.roles)
