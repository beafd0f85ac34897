"""Estimated mixes from stored tags: the probabilities are in the store, so that no text is read again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from classifier.quantification.estimator import Calibration, Change, Mix, Scored, compare, estimate
from classifier.taxonomy import Taxonomy
from postings.store.records import OpenTag

COLUMNS = ("focus", "role", "share", "low", "high", "count")
"""The columns of a mix; a row without a role is its focus as a whole."""


def estimated(tags: Sequence[OpenTag], calibration: Calibration, taxonomy: Taxonomy) -> Mix | None:
    """Estimate the mix of open postings; None where there is none.

    Args:
        tags: Of one model, none missing.
        calibration: Of that model.
        taxonomy: Groups roles into focuses.
    """
    return estimate(_scored(tags, calibration, taxonomy), calibration, taxonomy) if tags else None


def changed(
    before: Sequence[OpenTag], now: Sequence[OpenTag], calibration: Calibration, taxonomy: Taxonomy
) -> dict[str, Change]:
    """Say how far the share of each focus moved between two days; nothing where one of them had no posting.

    A posting that was only reworded stayed; one whose role became another did not.

    Args:
        before: The tags of the earlier day.
        now: Those of the later one.
        calibration: Of the model that gave them.
        taxonomy: Groups roles into focuses.
    """
    if not before or not now:
        return {}
    keys = [[(tag.board_url, tag.identifier, tag.tag and tag.tag.role) for tag in tags] for tags in (before, now)]
    both = set(keys[0]) & set(keys[1])
    changes = compare(
        _scored(before, calibration, taxonomy),
        _scored(now, calibration, taxonomy),
        ([key in both for key in keys[0]], [key in both for key in keys[1]]),
        calibration,
        taxonomy,
    )
    return {focus: change for (focus, role), change in changes.items() if role is None}


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


def _scored(tags: Sequence[OpenTag], calibration: Calibration, taxonomy: Taxonomy) -> Scored:
    roles = [role for role in taxonomy.role_names if role in calibration.described.prior]
    return Scored.of(((row.tag.roles, row.described, row.several_tracks) for row in tags if row.tag is not None), roles)
