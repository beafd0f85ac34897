"""Groups of keys that links join."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from postings.identity.records import Link


class Groups:
    """Disjoint groups of keys, each key alone at first (union-find)."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._parent = {key: key for key in keys}

    def join(self, one: str, other: str) -> None:
        """Make one group of those of two keys."""
        first, second = sorted((self.root(one), self.root(other)))
        self._parent[second] = first

    def all(self) -> list[tuple[str, ...]]:
        """Return the groups, keys and groups sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for key in self._parent:
            found[self.root(key)].append(key)
        return sorted(tuple(sorted(group)) for group in found.values())

    def root(self, key: str) -> str:
        """Return the key that stands for a key's group."""
        while self._parent[key] != key:
            self._parent[key] = key = self._parent[self._parent[key]]
        return key


def groups(keys: Iterable[str], links: Iterable[Link]) -> list[tuple[str, ...]]:
    """Return which keys are one job by these links: each key in one group, groups and keys sorted.

    Leaving a link out undoes its merge. Keys that only links name join those on both their sides, and are left out: a
    requisition's places stay one job when the posting that they are all linked to closes.
    """
    known = set(keys)
    joining = list(links)
    found = Groups(sorted(known.union(*((link.first, link.second) for link in joining))))
    for link in joining:
        found.join(link.first, link.second)
    kept = (tuple(key for key in group if key in known) for group in found.all())
    return sorted(group for group in kept if group)
