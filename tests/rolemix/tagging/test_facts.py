"""Reading the facts of a store: each version once, and again when the readers change."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from postings import JobPosting
from postings.facts import FACTS_VERSION, fact_rows, posting_facts
from postings.store import Store, queries
from rolemix.tagging import facts
from simulator.world import World
from tests.postings.facts.test_rows import FULL
from tests.postings.store.examples import posting, see


def read(store: Store, posting_id: str) -> dict[str, str]:
    with store.read() as connection:
        [found] = queries.stream_histories(connection, named=posting_id)
    return {fact.kind: fact.value for fact in found.facts}


def test_a_better_reader_reads_history_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(tmp_path / "rolemix.db") as store:
        see(store, 0, [posting("a", title="Senior Go Engineer"), posting("b", title="Talent pool")])
        seen: list[int] = []
        assert facts.read_new(store, seen.append) == 2
        assert seen == [2]
        assert facts.read_new(store) == 0
        assert read(store, "a")["seniority"] == "senior"
        monkeypatch.setattr(facts, "FACTS_VERSION", "better")
        monkeypatch.setattr(facts, "posting_facts", lambda posting, seen: posting_facts(FULL, seen=seen))
        assert facts.read_new(store) == 2
        assert read(store, "a")["domain"] == "law"
        assert facts.read_new(store) == 0


def test_a_deadline_without_a_year_is_the_next_after_the_version_was_seen(tmp_path: Path) -> None:
    with Store.open(tmp_path / "rolemix.db") as store:
        see(store, 0, [posting("a", description="Please apply by 15 February.")])
        facts.read_new(store)
        assert read(store, "a")["deadline"] == "2027-02-15"


def test_the_version_is_raised_when_facts_change() -> None:
    """Stored facts are read again only when `FACTS_VERSION` changes.

    Where this fails because a reader gives other values than before: raise the version, and state the new digest.
    """
    world = World(seed=0)
    digest = hashlib.sha256()
    sample = [FULL]
    for board in world.boards:
        for listed in world.rows(board.url, 0):
            first = listed.wordings[0]
            text = "\n".join([*first.duties, *first.requirements])
            sample.append(JobPosting(identifier="1", title=first.title, url="", description=text))
    for one in sample:
        digest.update(json.dumps(list(fact_rows(posting_facts(one))), ensure_ascii=False).encode())
    assert (FACTS_VERSION, digest.hexdigest()[:12]) == ("1", "05275919c513")
