"""Reading all of history again with the present readers, from the raw words and texts that it keeps."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from crawler.parsing.rereading import reread
from crawler.systems import systems
from postings import JobPosting
from postings.store import Store
from postings.store import rereading as store_rereading
from postings.store.records import VersionOfSystem
from rolemix.tagging.facts import read_new


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What reading history again changed.

    Attributes:
        versions: How many versions there are.
        rewritten: How many of them have another content now.
        attributes: How many have another value of each attribute that changed.
        facts: How many versions' facts were read, because their content or the readers of facts changed.
    """

    versions: int
    rewritten: int
    attributes: dict[str, int]
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
    count = rewritten = 0
    attributes: Counter[str] = Counter()

    def changed(batch: list[VersionOfSystem]) -> Iterator[tuple[int, JobPosting]]:
        for version in batch:
            if version.system not in known:  # a history without a system, or one that this version no longer reads
                continue
            posting = reread(version.posting, known[version.system])
            if posting != version.posting:
                attributes.update(_differing(version.posting, posting))
                yield version.version_id, posting

    with store.read() as connection:
        for batch in store_rereading.stream_versions(connection):
            if found := list(changed(batch)):
                rewritten += store_rereading.rewrite(store, found)
            count += len(batch)
            progress(count)
    return Reread(
        versions=count, rewritten=rewritten, attributes=dict(sorted(attributes.items())), facts=read_new(store)
    )


def _differing(before: JobPosting, after: JobPosting) -> Iterator[str]:
    for field in dataclasses.fields(JobPosting):
        if getattr(before, field.name) != getattr(after, field.name):
            yield field.name
