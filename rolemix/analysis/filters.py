"""Which postings fit: by words of the title or the text, by role, focus and facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from classifier.taxonomy import Taxonomy
from postings.errors import RolemixError
from postings.facts import FACT_KINDS
from postings.facts.intake import CAMPUS, EXPERIENCED, IN_SCHOOL
from postings.facts.requirements import EDUCATION
from postings.facts.seniority import LEVELS
from postings.store.records import TaggedVersion

FILTERS = frozenset(["title", "text", "role", "focus", *FACT_KINDS])
"""What postings can be chosen by."""


_CLOSED = {
    "seniority": LEVELS,
    "education": EDUCATION,
    "intake": (IN_SCHOOL, CAMPUS, EXPERIENCED),
    "urgent": ("yes",),
    "publications": ("yes",),
}
"""The facts whose values are known beforehand."""


class FilterError(RolemixError):
    """A filter names a value that does not exist; the message lists those that do."""


def require_known(where: Mapping[str, Any], taxonomy: Taxonomy) -> None:
    """Raise `FilterError` unless all values of filters exist: a misspelt one would fit no posting."""
    closed = {"role": taxonomy.role_names, "focus": taxonomy.focus_names, **_CLOSED}
    for name, known in closed.items():
        for option in _options(where.get(name, ())):
            if option not in known and (name not in _CLOSED or str(option).casefold() not in (*known, "*")):
                raise FilterError(f"there is no {name} {option!r}: write one of {', '.join(known)}")


def fits(version: TaggedVersion, where: Mapping[str, Any], taxonomy: Taxonomy) -> bool:
    """Return whether a posting fits all filters.

    Args:
        version: The posting as it was then, with its facts and its text as far as the filters ask for them.
        where: By `FILTERS`: a value, or a list of which one must fit. Words are looked for, and facts compared, without
            regard to case, Latin words from their beginning; ``"*"`` fits any value of a fact.
        taxonomy: For the focus of a role.
    """
    role = version.tag.tag.role if version.tag.tag else None
    focus = taxonomy.focus_by_role[role] if role else None
    return all(_fits(version, name, _options(wanted), role, focus) for name, wanted in where.items())


def _options(wanted: Any) -> list[Any]:
    return list(wanted) if isinstance(wanted, list | tuple) else [wanted]


def _fits(version: TaggedVersion, name: str, options: list[Any], role: str | None, focus: str | None) -> bool:
    match name:
        case "title":
            return any(_has(version.title, str(option)) for option in options)
        case "text":
            return any(_has(f"{version.title}\n{version.text}", str(option)) for option in options)
        case "role":
            return role in options
        case "focus":
            return focus in options
    stated = {fact.value.casefold() for fact in version.tag.facts if fact.kind == name}
    return bool(stated) if options == ["*"] else any(str(option).casefold() in stated for option in options)


def _has(text: str, words: str) -> bool:
    """Return whether a text has some words; Latin ones where a word begins: "HR" is in "HRBP", not in "threat"."""
    begins = r"(?<![a-z0-9])" if words[:1].isascii() and words[:1].isalnum() else ""
    return re.search(begins + re.escape(words.casefold()), text.casefold()) is not None
