"""Reading all of history again with the present readers, from the raw words and texts that it keeps."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from typing import Any

from crawler.parsing.rereading import reread
from crawler.systems import systems
from postings import JobPosting
from postings.store import Store
from postings.store import rereading as store_rereading
from rolemix.tagging.facts import read_new


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ChangedAttribute:
    """What reading history again changed of one attribute of `JobPosting`.

    Attributes:
        versions: How many versions have another value.
        stated_before: How many versions had a value.
        stated_after: How many have one now.
    """

    versions: int
    stated_before: int
    stated_after: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What reading history again changed.

    Attributes:
        versions: How many versions there are.
        rewritten: How many of them have another content now.
        attributes: What changed, by the names of the attributes that did.
        facts: How many versions' facts were read, because their content or the readers of facts changed.
    """

    versions: int
    rewritten: int
    attributes: dict[str, ChangedAttribute]
    facts: int

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return dataclasses.asdict(self)


def reread_all(store: Store, progress: Callable[[int], None] = lambda done: None) -> Reread:
    """Read every version again: values from their raw words, and facts from all of it.

    No version is added, because no posting changed. An interrupted run continues where it stopped, and a second run
    changes nothing.

    Args:
        store: The store.
        progress: Called after each batch with the number of versions read so far.
    """
    known = systems()
    rewritten = 0
    counts = _Counts()
    with store.read() as connection:
        for batch in store_rereading.stream_versions(connection):
            found = []
            for version in batch:
                after = before = version.posting
                if version.system in known:  # not in a history of a system that this version no longer reads
                    after = reread(before, known[version.system], seen=version.observed_at)
                counts.add(before, after)
                if after != before:
                    found.append((version.version_id, after))
            if found:
                rewritten += store_rereading.rewrite(store, found)
            progress(counts.versions)
    return Reread(versions=counts.versions, rewritten=rewritten, attributes=counts.attributes(), facts=read_new(store))


class _Counts:
    """Counts the values of each attribute in versions before and after they are read again."""

    def __init__(self) -> None:
        self.versions = 0
        self._changed: Counter[str] = Counter()
        self._before: Counter[str] = Counter()
        self._after: Counter[str] = Counter()

    def add(self, before: JobPosting, after: JobPosting) -> None:
        self.versions += 1
        for name in _NAMES:
            old, new = getattr(before, name), getattr(after, name)
            self._changed[name] += old != new
            self._before[name] += old not in _EMPTY
            self._after[name] += new not in _EMPTY

    def attributes(self) -> dict[str, ChangedAttribute]:
        return {
            name: ChangedAttribute(versions=count, stated_before=self._before[name], stated_after=self._after[name])
            for name, count in sorted(self._changed.items())
            if count
        }


_NAMES = tuple(field.name for field in dataclasses.fields(JobPosting))
_EMPTY: tuple[Any, ...] = (None, "", (), False)
