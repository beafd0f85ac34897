"""The tagger's input and output: rows, which are checked, and tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from postings.errors import RolemixError

_Item = TypeVar("_Item")

Row = Mapping[str, Any]
"""A posting as the classifier reads it: ``title`` and, where there is one, ``description``, both strings."""

Postings = Iterable[Row | str]
"""What can be tagged: rows, titles, or a pandas DataFrame with a column ``title`` and perhaps ``description``."""

SURE = 0.87
"""The probability of a focus from which on a tag is sure of it; the model card shows how often such tags are right."""


class RowError(RolemixError):
    """A row that cannot be tagged; the message names it and gives the reason."""


@dataclass(frozen=True, slots=True)
class Tag:
    """The role and the focus that the tagger predicts for a posting.

    The focus is the one whose roles' probabilities have the largest sum, and the role is the most probable one *within
    that focus*, so that the role never contradicts the focus. In rare cases a single role of another focus is more
    probable, and the roles of the predicted focus outweigh it only together.

    Attributes:
        role: The role's key in the taxonomy.
        focus: The key of the focus that the taxonomy gives the role.
        confidence: The role's probability.
        focus_confidence: The focus's probability.
        roles: The probability of each role, in the taxonomy's order; they sum to 1.
    """

    role: str
    focus: str
    confidence: float
    focus_confidence: float
    roles: Mapping[str, float]

    @property
    def margin(self) -> float:
        """How much more probable the role is than any other."""
        return margin(self.roles, self.role)

    @property
    def sure(self) -> bool:
        """Whether the focus's probability is at least `SURE`; if it is not, treat the focus as unknown."""
        return self.focus_confidence >= SURE


def margin(roles: Mapping[str, float], role: str) -> float:
    """Return how much more probable a role is than any other; negative where another is more probable.

    >>> margin({"storage": 0.625, "compute": 0.25, "security": 0.125}, "storage")
    0.375
    """
    *_, second, first = 0.0, *sorted(roles.values())
    return roles[role] - (second if roles[role] == first else first)


def focus_confidence(roles: Mapping[str, float], focus: str, focus_by_role: Mapping[str, str]) -> float:
    """Return the probability of a focus: the sum over its roles.

    >>> focus_confidence({"storage": 0.625, "compute": 0.25, "security": 0.125}, "infrastructure",
    ...                  {"storage": "infrastructure", "compute": "infrastructure", "security": "other"})
    0.875
    """
    return sum(share for role, share in roles.items() if focus_by_role[role] == focus)


def as_rows(postings: Postings) -> Iterator[Row]:
    """Return rows, checked one after the other: each as it is, a title alone, or the rows of a DataFrame.

    Missing values of a DataFrame are None, and of its columns only ``id``, ``title`` and ``description`` are read.

    Raises:
        RowError: There is a single posting and not several; or, once it is reached, a row cannot be tagged.
    """
    if isinstance(postings, str | bytes | Mapping):
        raise RowError("a single posting: pass a list, even of one")
    if hasattr(postings, "columns"):  # pandas is not imported for this
        postings = _records(postings)
    return (checked({"title": posting} if isinstance(posting, str) else posting) for posting in postings)


def _records(frame: Any) -> list[Row]:
    read = frame[[name for name in ("id", "title", "description") if name in frame.columns]].astype(object)
    records: list[Row] = read.where(read.notna(), None).to_dict("records")
    return records


def checked(row: object) -> Row:
    """Return the row if it can be tagged.

    Raises:
        RowError: It is not a mapping, has no title, or its title or description is not a string.
    """
    if not isinstance(row, Mapping):
        raise RowError("a posting must be a mapping (in JSON, an object) with a title")
    name = "the posting" if row.get("id") is None else f"the posting {row['id']!r}"
    title, description = row.get("title"), row.get("description")
    if not isinstance(title, str) or not title.strip():
        raise RowError(f"{name} has no title: give every posting a title, as a string")
    if description is not None and not isinstance(description, str):
        raise RowError(f"{name} has a description that is not a string")
    return row


def batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Split items into lists of the given size; items read before a `RowError` are yielded before it is raised."""
    batch: list[_Item] = []
    try:
        for item in items:
            batch.append(item)
            if len(batch) == size:
                yield batch
                batch = []
    except RowError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
