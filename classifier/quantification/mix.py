"""What goes into a quantifier and what comes out: scored postings, and mixes and changes with credible intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from classifier.arrays import Flags, Floats, Indices
from classifier.quantification.estimand import Estimand
from classifier.taxonomy import Taxonomy
from postings.errors import RolemixError

if TYPE_CHECKING:
    import pandas as pd


class MixError(RolemixError):
    """A mix that cannot be estimated; the message says why."""


@dataclass(frozen=True)
class ScoredPostings:
    """A board's postings as a tagger scored them.

    Attributes:
        roles: The roles of the columns.
        probabilities: The probability of each role for each posting; shape (postings, roles).
        unknown: The share of each posting's words that the tagger does not know; shape (postings,); None where it
            was not kept.
        several_tracks: Whether each posting advertises several jobs, so that its probabilities are the shares of
            these and no doubt about a single role; shape (postings,); None where no posting does.
    """

    roles: tuple[str, ...]
    probabilities: Floats
    unknown: Floats | None = None
    several_tracks: Flags | None = None

    @classmethod
    def of(cls, tags: Iterable[tuple[Mapping[str, float], bool]], roles: Sequence[str]) -> Self:
        """Gather stored tags.

        Args:
            tags: For each posting the probability of each role, and whether it advertises several jobs.
            roles: The roles that the probabilities are of.
        """
        rows = list(tags)
        values = [[probabilities[role] for role in roles] for probabilities, _ in rows]
        return cls(
            tuple(roles),
            np.array(values, dtype=np.float64).reshape(len(rows), len(roles)),
            several_tracks=np.array([several_tracks for _, several_tracks in rows], dtype=bool),
        )

    def __len__(self) -> int:
        return len(self.probabilities)

    def part(self, chosen: Flags | Indices) -> ScoredPostings:
        """Return some of the postings, chosen by a mask or by indices."""
        unknown = None if self.unknown is None else self.unknown[chosen]
        several_tracks = None if self.several_tracks is None else self.several_tracks[chosen]
        return ScoredPostings(self.roles, self.probabilities[chosen], unknown, several_tracks)

    @property
    def of_one_role(self) -> ScoredPostings:
        """The postings that advertise one job each."""
        return self if self.several_tracks is None else self.part(~self.several_tracks)

    @property
    def known_counts(self) -> Floats:
        """The postings that advertise several jobs, counted by role in fractions; shape (roles,)."""
        chosen = np.zeros(len(self), dtype=bool) if self.several_tracks is None else self.several_tracks
        return np.asarray(self.probabilities[chosen].sum(axis=0))


@dataclass(frozen=True, slots=True)
class MixLine:
    """One line of a mix: the total of a focus, or one of its roles.

    Attributes:
        focus: The focus.
        role: The role; None for the total of the focus.
        share: The estimated share, from 0 to 1.
        low: The lower end of its 95 % credible interval.
        high: The upper end.
        count: The estimated number of postings: the share times all postings. It is whole, except where postings
            advertise several jobs.
    """

    focus: str
    role: str | None
    share: float
    low: float
    high: float
    count: float


@dataclass(frozen=True, slots=True)
class Mix:
    """A board's estimated mix.

    Attributes:
        estimand: What its shares are shares of.
        postings: The number of postings that it is estimated from.
        lines: Each focus in the taxonomy's order, followed by its roles.
        notes: What to know before reading it: how wide the intervals are, and whether the tagger is out of its depth.
    """

    estimand: Estimand
    postings: int
    lines: tuple[MixLine, ...]
    notes: tuple[str, ...]

    @property
    def by_focus(self) -> dict[str, MixLine]:
        """The lines of the focuses' totals, by focus."""
        return {line.focus: line for line in self.lines if line.role is None}

    @property
    def by_role(self) -> dict[str, MixLine]:
        """The lines of roles, by role."""
        return {line.role: line for line in self.lines if line.role is not None}

    def focuses(self) -> pd.DataFrame:
        """Return a row for each focus: its share, from 0 to 1, with its interval, and the expected count."""
        return _frame(self.by_focus.values(), {"focus": "string"})

    def roles(self) -> pd.DataFrame:
        """Return a row for each role, with the columns of `focuses` and the role."""
        return _frame(self.by_role.values(), {"focus": "string", "role": "string"})

    def __str__(self) -> str:
        width = max((len(focus) for focus in self.by_focus), default=0)
        shares = [
            f"{focus:<{width}}  {line.share:4.0%}  ({line.low:.0%} to {line.high:.0%})"
            for focus, line in self.by_focus.items()
        ]
        postings = "1 posting" if self.postings == 1 else f"{self.postings} postings"
        return "\n".join([postings, *shares, *self.notes])


def _frame(lines: Iterable[MixLine], names: Mapping[str, str]) -> pd.DataFrame:
    import pandas as pd  # here, because it takes half a second, and only a notebook needs it

    types = {**names, **dict.fromkeys(("share", "low", "high", "count"), "Float64")}
    return pd.DataFrame(list(map(asdict, lines)), columns=list(types)).astype(types)


@dataclass(frozen=True, slots=True)
class ShareChange:
    """The change of a share from one day to another.

    Attributes:
        low: The lower end of its 95 % credible interval, in shares from -1 to 1.
        high: The upper end.
    """

    low: float
    high: float

    @property
    def beyond_noise(self) -> bool:
        """Whether the interval excludes zero: chance and the tagger's errors alone seldom move a share so far."""
        return self.low > 0 or self.high < 0


class Lines:
    """The lines of a mix: each focus, followed by its roles.

    Args:
        roles: The roles of the columns.
        taxonomy: Groups them into focuses.

    Attributes:
        names: Focus and role of each line; the role is None for the total of the focus.
    """

    def __init__(self, roles: Sequence[str], taxonomy: Taxonomy) -> None:
        self.names: list[tuple[str, str | None]] = []
        for focus in taxonomy.focus_names:
            of_focus = [role for role in taxonomy.role_names if taxonomy.focus_by_role[role] == focus and role in roles]
            self.names += [(focus, None), *((focus, role) for role in of_focus)]
        self._roles = tuple(roles)
        self._focuses = [taxonomy.focus_by_role[role] for role in roles]

    @property
    def are_focuses(self) -> Flags:
        """Which lines are totals of a focus; shape (lines,)."""
        return np.array([role is None for _, role in self.names])

    @cached_property
    def membership(self) -> Floats:
        """Which role counts towards which line, 0 or 1; shape (roles, lines)."""
        return np.array(
            [
                [role == own if role is not None else focus == own_focus for focus, role in self.names]
                for own, own_focus in zip(self._roles, self._focuses, strict=True)
            ],
            dtype=np.float64,
        )
