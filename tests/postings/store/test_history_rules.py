"""Any course of runs, against the rules of history written out in plain Python."""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings import BoardRun, JobPosting
from postings.store import Store, queries
from postings.store.history import record
from tests.postings.store.conftest import Locate
from tests.postings.store.examples import BOARD, day, hashes, in_days, posting, row_counts, run, spells

IDENTIFIERS = "abcdefg"


@dataclasses.dataclass
class Spell:
    opened: float
    last_seen: float
    closed: float | None = None
    missing: float | None = None
    reason: str | None = None


@dataclasses.dataclass
class Known:
    versions: list[tuple[float, JobPosting]]
    spells: list[Spell]

    @property
    def open(self) -> Spell | None:
        return self.spells[-1] if self.spells[-1].closed is None else None


class Rules:
    """The history of one board, as the rules have it."""

    def __init__(self) -> None:
        self.known: dict[str, Known] = {}
        self.sizes: list[int] = []

    def record(self, at: float, run: BoardRun, seen: list[JobPosting]) -> dict[str, int]:
        opened = reopened = changed = 0
        was_open = {name for name, known in self.known.items() if known.open}
        closed = sum(self._close(at, name, "gone") for name in run.gone_identifiers)
        listed = {p.identifier: p for p in reversed(seen) if p.identifier not in run.gone_identifiers}
        if run.verdict not in ("complete", "incomplete"):
            listed = {}
        for name, content in listed.items():
            known = self.known.get(name)
            if known is None:
                self.known[name] = Known([(at, content)], [Spell(at, at)])
                opened += 1
                continue
            differs = known.versions[-1][1] != content
            changed += differs
            if differs:
                known.versions.append((at, content))
            if known.open is None:
                known.spells.append(Spell(at, at))
                reopened += 1
            elif differs or known.open.missing is not None:
                known.open.missing, known.open.last_seen = None, at
        held = False
        if run.verdict in ("complete", "incomplete"):
            closed += self._expire(at, listed)
        if run.verdict == "complete":
            for name in self._absent(listed):
                spell = self.known[name].open
                if spell is not None and spell.missing is not None:
                    closed += self._close(at, name, "unlisted")
            absent = self._absent(listed)
            stayed = len(was_open & set(listed))
            usual = self.sizes[-5:]
            small = len(usual) >= 3 and 10 * len(listed) < 7 * statistics.median(usual)
            held = bool(absent) and (small or 2 * len(absent) > stayed + len(absent))
            for name in absent:
                if held:
                    self.known[name].spells[-1].missing = at
                else:
                    closed += self._close(at, name, "unlisted")
            self.sizes.append(len(listed))
        if run.verdict in ("complete", "unchanged"):
            for known in self.known.values():
                if known.open is not None and known.open.missing is None:
                    known.open.last_seen = at
        return {"opened": opened, "closed": closed, "reopened": reopened, "changed": changed, "held": held}

    def _absent(self, listed: dict[str, JobPosting]) -> list[str]:
        return [name for name, known in self.known.items() if known.open and name not in listed]

    def _expire(self, at: float, listed: dict[str, JobPosting]) -> int:
        count = 0
        for name in self._absent(listed):
            deadline = self.known[name].versions[-1][1].valid_through
            if deadline is not None and deadline < day(at):
                count += self._close(at, name, "expired")
        return count

    def _close(self, at: float, name: str, reason: str) -> int:
        spell = self.known[name].open if name in self.known else None
        if spell is None:
            return 0
        spell.closed = at if spell.missing is None else spell.missing
        spell.missing, spell.reason = None, reason
        return 1


def contents(identifier: str) -> st.SearchStrategy[JobPosting]:
    return st.builds(
        lambda title, deadline, redirects: posting(
            identifier,
            title=title,
            valid_through=None if deadline is None else day(deadline),
            redirects_to=f"{BOARD}/elsewhere" if redirects else None,
        ),
        st.sampled_from(["one", "two"]),
        st.sampled_from([None, None, None, 3.5]),
        st.sampled_from([False, False, False, True]),
    )


listings = st.lists(st.sampled_from(IDENTIFIERS).flatmap(contents), max_size=9)
# Mostly the usual listing: only then is there anything to close, to hold and to confirm.
usual = st.just([posting(name) for name in IDENTIFIERS])
verdicts = st.sampled_from([*["complete"] * 6, *["incomplete"] * 2, "unchanged", "blocked", "failed", "gone"])
gone = st.lists(st.sampled_from(IDENTIFIERS), max_size=1).map(tuple)
courses = st.lists(
    st.tuples(verdicts, st.one_of(usual, listings), st.one_of(st.just(()), gone)), min_size=1, max_size=9
)

Course = list[tuple[str, list[JobPosting], tuple[str, ...]]]


@pytest.fixture(scope="module")
def shared_store(locate: Locate) -> Iterator[Store]:
    """One store for all courses: each has a board of its own, so boards are kept apart as well."""
    with Store.open(locate()) as store:
        yield store


def test_any_sequence_of_runs_follows_the_rules(shared_store: Store) -> None:
    # What the databases do differently shows in few courses; the rules deserve many.
    examples = 60 if shared_store.url.get_backend_name() == "sqlite" else 20

    @settings(max_examples=examples, deadline=None, derandomize=True, database=None)
    @given(course=courses)
    def check(course: Course) -> None:
        _check(shared_store, course)

    check()


def _check(store: Store, course: Course) -> None:
    """Record a course of runs on a board of its own, and compare after each of them."""
    rules = Rules()
    board = f"{BOARD}/{row_counts(store)['boards']}"
    now, before = 0, row_counts(store)
    for verdict, seen, gone_identifiers in course:
        if verdict == "unchanged" and not rules.sizes:
            continue
        evidence = run(now, verdict, board_url=board, gone_identifiers=gone_identifiers)
        changes = record(store, evidence, iter(seen))
        expected = rules.record(now, evidence, seen)
        assert (changes.held is not None) is expected.pop("held")
        assert dataclasses.asdict(changes).items() >= expected.items()
        assert record(store, evidence, seen) == dataclasses.replace(changes, already_recorded=True)
        after = row_counts(store)
        assert _growth(before, after) == {
            "boards": int(now == 0),
            "runs": 1,
            "postings": expected["opened"],
            "versions": expected["opened"] + expected["changed"],
            "openings": expected["opened"] + expected["reopened"],
            **dict.fromkeys(("tags", "models", "readings"), 0),
        }
        _compare(store, board, rules)
        now, before = now + 1, after
    if now:
        _look_back(store, board, rules, now - 1)


def _compare(store: Store, board: str, rules: Rules) -> None:
    """The store holds the same openings and versions, and reads the same last sightings from them."""
    assert spells(store, board) == {
        name: [(s.opened, s.closed, s.missing, s.reason) for s in known.spells] for name, known in rules.known.items()
    }
    assert hashes(store, board) == {
        name: [(at, content.content_hash) for at, content in known.versions] for name, known in rules.known.items()
    }
    with store.read() as connection:
        read = {
            p.posting.identifier: in_days(p.last_seen) for p in queries.stream_histories(connection, board_urls=[board])
        }
    assert read == {name: known.spells[-1].last_seen for name, known in rules.known.items()}


def _growth(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {table: after[table] - before[table] for table in after}


def _look_back(store: Store, board: str, rules: Rules, now: int) -> None:
    """At every moment so far, what was open then is read as it was then."""
    for then in range(now + 1):
        expected = {}
        for name, known in rules.known.items():
            spell = next((s for s in known.spells if s.opened <= then and (s.closed is None or s.closed > then)), None)
            if spell is not None:
                expected[name] = (spell.opened, [content for at, content in known.versions if at <= then][-1])
        with store.read() as connection:
            found = list(queries.stream_open_postings(connection, day(then), board_urls=[board], uncounted=True))
            plain = list(queries.stream_open_postings(connection, day(then), board_urls=[board]))
            [count] = [c for c in queries.count_open(connection, day(then)) if c.board_url == board]
        assert {p.posting.identifier: (in_days(p.opened_at), p.posting) for p in found} == expected
        assert [p.posting.identifier for p in found] == sorted(expected)
        assert plain == [p for p in found if p.posting.redirects_to is None]
        assert (count.open, count.redirects) == (len(plain), len(found) - len(plain))
        assert all(p.opened_at <= p.last_seen <= day(then) for p in found)
