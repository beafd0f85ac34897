"""The words of the fictional postings: bilingual titles, duties and requirements for each role."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from typing import NamedTuple


class RoleText(NamedTuple):
    """What postings of one role state in one language.

    Attributes:
        unit: The department that hires.
        titles: Titles to choose from.
        duties: Sentences, each one duty.
        requirements: Sentences, each one thing asked of the applicant.
    """

    unit: str
    titles: tuple[str, ...]
    duties: tuple[str, ...]
    requirements: tuple[str, ...]


class Language(NamedTuple):
    """All postings' words in one language.

    Attributes:
        general: Requirements that fit any role, the noise in every real posting.
        roles: The words of each role, by the taxonomy's role id.
    """

    general: tuple[str, ...]
    roles: dict[str, RoleText]


@functools.cache
def language(code: str) -> Language:
    """Return the words of a language.

    Args:
        code: ``zh`` or ``en``.

    Raises:
        ValueError: There are no words in that language.
    """
    file = importlib.resources.files(__package__) / f"{code}.toml"
    if not file.is_file():
        raise ValueError(f"no demonstration texts in language {code!r}; there are zh and en")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    roles = {
        role: RoleText(entry["unit"], tuple(entry["titles"]), tuple(entry["duties"]), tuple(entry["requirements"]))
        for role, entry in table["role"].items()
    }
    return Language(tuple(table["general"]), roles)


def roles() -> tuple[str, ...]:
    """Return the ids of the taxonomy's roles, in its order."""
    return tuple(language("en").roles)
