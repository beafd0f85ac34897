"""Reading the facts of every version of every posting, once by each state of the readers."""

from __future__ import annotations

from collections.abc import Callable

from postings.facts import FACTS_VERSION, fact_rows, posting_facts
from postings.store import Store, facts, queries


def read_new(store: Store, progress: Callable[[int], None] = lambda done: None) -> int:
    """Read the facts of every version that the present readers have not read yet, and keep them in the store.

    An interrupted run continues where it stopped, and a second run changes nothing.

    Args:
        store: The store to read postings from and write facts to.
        progress: Called after each batch with the number of versions read so far.

    Returns:
        The number of versions read.
    """
    done = 0
    with store.read() as connection:
        for batch in queries.stream_unread(connection, FACTS_VERSION):
            read = [
                (version, tuple(fact_rows(posting_facts(version.posting, seen=version.observed_at.date()))))
                for version in batch
            ]
            done += facts.record(store, FACTS_VERSION, read)
            progress(done)
    return done
