"""The taxonomy: roles, grouped into focuses, read from a TOML file that users may replace."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self, TypeVar

from postings.errors import RolemixError

SHIPPED = Path(__file__).with_name("taxonomy.toml")


class TaxonomyError(RolemixError):
    """A taxonomy that cannot be used; the message gives the place and the reason."""


@dataclass(frozen=True, slots=True)
class Focus:
    """A group of roles.

    Attributes:
        name: The key used in data.
        en: The name to show in English.
        zh: The name to show in Chinese.
        description_en: One English sentence on what belongs here.
        description_zh: The same in Chinese.
    """

    name: str
    en: str
    zh: str
    description_en: str
    description_zh: str


@dataclass(frozen=True, slots=True)
class Role:
    """A role: what the person hired will mostly do.

    Attributes:
        name: The key used in data.
        focus: The name of the one focus that the role belongs to.
        en: The name to show in English.
        zh: The name to show in Chinese.
        description_en: One English sentence on what belongs here.
        description_zh: The same in Chinese.
    """

    name: str
    focus: str
    en: str
    zh: str
    description_en: str
    description_zh: str


_Entry = TypeVar("_Entry", Focus, Role)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Roles in order, each in one focus.

    Attributes:
        version: Changes whenever the roles or their grouping change.
        focuses: All focuses, in display order.
        roles: All roles, in display order.
    """

    version: str
    focuses: tuple[Focus, ...]
    roles: tuple[Role, ...]

    def __post_init__(self) -> None:
        """Check that names are unique, that every role has a listed focus, and that every focus has a role.

        Raises:
            TaxonomyError: One of these does not hold.
        """
        for kind, names in (("focus", self.focus_names), ("role", self.role_names)):
            repeated = sorted({name for name in names if names.count(name) > 1})
            if repeated:
                raise TaxonomyError(f"the taxonomy names the {kind} {repeated[0]!r} twice")
        for role in self.roles:
            if role.focus not in self.focus_names:
                raise TaxonomyError(
                    f"the role {role.name!r} has the focus {role.focus!r}, which the taxonomy does not list"
                )
        for name in self.focus_names:
            if all(role.focus != name for role in self.roles):
                raise TaxonomyError(f"the focus {name!r} has no role")

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read a taxonomy.

        Args:
            path: A TOML file laid out like the shipped one; None for the shipped one.

        Raises:
            TaxonomyError: The file cannot be read or is not a taxonomy.
        """
        path = path or SHIPPED
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise TaxonomyError(f"cannot read the taxonomy {path}: {error.strerror}") from error
        except ValueError as error:
            raise TaxonomyError(f"the taxonomy {path} is not TOML in UTF-8: {error}") from error
        version = data.get("version")
        if not isinstance(version, str) or not version:
            raise TaxonomyError(f"the taxonomy {path} needs a version, as a string")
        return cls(version, tuple(_entries(data, "focus", Focus)), tuple(_entries(data, "role", Role)))

    @property
    def role_names(self) -> tuple[str, ...]:
        """The keys of all roles, in order."""
        return tuple(role.name for role in self.roles)

    @property
    def focus_names(self) -> tuple[str, ...]:
        """The keys of all focuses, in order."""
        return tuple(focus.name for focus in self.focuses)

    @property
    def focus_by_role(self) -> dict[str, str]:
        """The focus of each role, by key."""
        return {role.name: role.focus for role in self.roles}

    def regrouped(self, focus_by_role: Mapping[str, str]) -> Taxonomy:
        """Return the same roles under other focuses; the model need not be retrained.

        A focus without roles is dropped; a new one is added at the end. The version gets a suffix that identifies the
        grouping, so that tags of two groupings are not mixed.

        Args:
            focus_by_role: The new focus of each role that changes; other roles keep theirs.

        Raises:
            TaxonomyError: A role is unknown.
        """
        unknown = sorted(set(focus_by_role) - set(self.role_names))
        if unknown:
            raise TaxonomyError(f"unknown role {unknown[0]!r}: the roles are {', '.join(self.role_names)}")
        roles = tuple(replace(role, focus=focus_by_role.get(role.name, role.focus)) for role in self.roles)
        if roles == self.roles:
            return self
        used = list(dict.fromkeys(role.focus for role in roles))
        kept = [focus for focus in self.focuses if focus.name in used]
        new = [Focus(name, name, name, "", "") for name in used if name not in self.focus_names]
        grouping = "\n".join(f"{role.name}\t{role.focus}" for role in sorted(roles, key=lambda role: role.name))
        digest = hashlib.sha256(grouping.encode()).hexdigest()[:6]
        return Taxonomy(f"{self.version.partition('+')[0]}+{digest}", (*kept, *new), roles)


def _entries(data: Mapping[str, Any], key: str, kind: type[_Entry]) -> list[_Entry]:
    """Read the tables under a key, each of which must have exactly the fields of its kind, all strings."""
    tables = data.get(key)
    if not isinstance(tables, list) or not tables:
        raise TaxonomyError(f"the taxonomy needs at least one [[{key}]]")
    wanted = {field.name for field in fields(kind)}
    for number, table in enumerate(tables, 1):
        if not isinstance(table, dict) or set(table) != wanted:
            raise TaxonomyError(f"[[{key}]] number {number} must have exactly {', '.join(sorted(wanted))}")
        if not all(isinstance(value, str) and value for value in table.values()):
            raise TaxonomyError(f"[[{key}]] number {number} has a value that is not a string, or is empty")
    return [kind(**table) for table in tables]
