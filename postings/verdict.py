"""One run over one board: what was seen, and the verdict, which states what that proves."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from datetime import datetime

GOOD_RUNS = 5
"""How many of the last complete runs define what is usual for a board."""

MIN_GOOD_RUNS = 3
"""With fewer complete runs than this, nothing counts as usual yet."""


class Verdict(enum.StrEnum):
    """What a run over a board proves.

    Only `COMPLETE` (and `UNCHANGED`, which confirms the last complete run) proves anything about postings that were
    not seen; under every other verdict they stay as they are.
    """

    COMPLETE = "complete"
    """Every posting of the board was seen, and the numbers agree."""
    UNCHANGED = "unchanged"
    """The board reported that nothing changed since the last complete run (HTTP 304)."""
    INCOMPLETE = "incomplete"
    """A part of the board was seen, or its numbers contradict each other."""
    BLOCKED = "blocked"
    """The board refused: robots.txt, 401, 403, 429, a captcha or a login wall."""
    FAILED = "failed"
    """No usable response: network error, 5xx, or a format that is not the system's."""
    GONE = "gone"
    """The system reports that it has no such board: unknown, retired or closed down."""

    @property
    def saw_postings(self) -> bool:
        """Whether such a run read postings, some or all; other runs know no number of postings, not even zero."""
        return self in (Verdict.COMPLETE, Verdict.INCOMPLETE)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BoardRun:
    """The evidence of one run over one board.

    Attributes:
        board_url: The board's address, canonical form.
        system: The recruiting system, e.g. ``"moka"``.
        board_key: The organization's key on that system (slug, token, tenant); empty where the run does not state it.
        several_employers: Whether the board is a search over a job site, whose postings are of many employers; it
            counts only beside a ``board_key``.
        observed_at: When the board was looked at, with zone. An input: a replayed snapshot has its own day.
        verdict: What the run proves.
        reason: One sentence with the numbers behind the verdict.
        organization: The employer's name as the board gives it, if it does.
        reported_total: The total that the board reports; None when it reports none.
        pages: Responses read that held a list of postings.
        rows: Records read from them, repeats and unlisted ones included.
        unique: Distinct openings among them, without those whose own page reported them as gone.
        gone_identifiers: Postings whose own page reported that they no longer exist, which alone proves them closed.
        etag: The validator of the response that held the whole board, for the next conditional request; None when there
            is none.
        coverage: How many of the unique postings carry each field, by field name.
        fresh: How many of them this run read itself; the others are remembered from earlier runs.
        fresh_coverage: How many of the fresh ones carry each field.
        read_in_detail: For each posting whose own page was read, by identifier: the hash of its record in the list,
            which shows the next run whether the page must be read again.
        readers: The state of the readers; None where it is not known.
    """

    board_url: str
    system: str
    observed_at: datetime
    verdict: Verdict
    reason: str
    board_key: str = ""
    several_employers: bool = False
    organization: str | None = None
    reported_total: int | None = None
    pages: int = 0
    rows: int = 0
    unique: int = 0
    gone_identifiers: tuple[str, ...] = ()
    etag: str | None = None
    coverage: Mapping[str, int] = dataclasses.field(default_factory=dict)
    fresh: int = 0
    fresh_coverage: Mapping[str, int] = dataclasses.field(default_factory=dict)
    read_in_detail: Mapping[str, str] = dataclasses.field(default_factory=dict)
    readers: str | None = None
