"""Which postings fit: by words of the title or the text, by role, focus and facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.taxonomy import Taxonomy
from postings.errors import RolemixError
from postings.facts import FACT_KINDS
from postings.store.records import TaggedVersion

FILTERS = frozenset(["title", "text", "role", "focus", *FACT_KINDS])
"""What postings can be chosen by."""


class FilterError(RolemixError):
    """A filter names a role or focus that does not exist; the message lists those that do."""


def require_known(where: Mapping[str, Any], taxonomy: Taxonomy) -> None:
    """Raise `FilterError` unless all roles and focuses of filters exist: a misspelt one would fit no posting."""
    for name, known in (("role", taxonomy.role_names), ("focus", taxonomy.focus_names)):
        for option in _options(where.get(name, ())):
            if option not in known:
                raise FilterError(f"there is no {name} {option!r}: write one of {', '.join(known)}")


def fits(version: TaggedVersion, where: Mapping[str, Any], taxonomy: Taxonomy) -> bool:
    """Return whether a posting fits all filters.

    Args:
        version: The posting as it was then, with its facts and its text as far as the filters ask for them.
        where: By `FILTERS`: a value, or a list of which one must fit. Words are looked for, and facts compared, without
            regard to case; ``"*"`` fits any value of a fact.
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
            return any(str(option).casefold() in version.title.casefold() for option in options)
        case "text":
            whole = f"{version.title}\n{version.text}".casefold()
            return any(str(option).casefold() in whole for option in options)
        case "role":
            return role in options
        case "focus":
            return focus in options
    stated = {fact.value.casefold() for fact in version.tag.facts if fact.kind == name}
    return bool(stated) if options == ["*"] else any(str(option).casefold() in stated for option in options)
