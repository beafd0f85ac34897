"""Values as a person reads them: shares in whole percent, intervals, yes and no, times to the minute."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any


def percent(share: float | None, count: int | None = 0) -> str:
    """Return a share in whole percent; one of which there are some is never 0.

    Args:
        share: From 0 to 1; None where it is not known.
        count: How many postings are counted; tags are corrected for the tagger's known errors, so that there may be
            some where the share is estimated to be 0.
    """
    if share is None:
        return "–"
    return "<1%" if count and 0 <= share < 0.005 else f"{share:.0%}"


def span(low: float | None, high: float | None) -> str:
    """Return an interval of shares in whole percent."""
    return "–" if low is None or high is None else f"{100 * low:.0f}–{high:.0%}"


def readable(
    row: Mapping[str, Any], *, shares: Mapping[str, str | None] | None = None, times: Collection[str] = ()
) -> dict[str, Any]:
    """Return a row of data for a person.

    Args:
        row: JSON-ready values.
        shares: The names of shares, from -1 to 1, each with the name of the count that it is of, if any.
        times: The names of times, in ISO 8601 and UTC.
    """
    shares = shares or {}

    def shown(name: str, value: Any) -> Any:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if value is None:
            return None
        if name in shares:
            counted = shares[name]
            return percent(value, row[counted] if counted else 0)
        return str(value)[:16].replace("T", " ") if name in times else value

    return {name: shown(name, value) for name, value in row.items()}
