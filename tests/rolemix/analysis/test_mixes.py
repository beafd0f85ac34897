"""Mixes from stored tags: the same as from the texts, and none where there is nothing to estimate."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from postings.store import Store, queries
from postings.store.records import OpenTag
from rolemix.analysis import mixes
from rolemix.tagging.retag import as_row
from simulator.world import World
from tests.rolemix.conftest import TWO_BOARDS, History


@pytest.fixture(scope="module")
def store(history: History) -> Iterator[Store]:
    with Store.open(history.path) as opened:
        yield opened


def tags(store: Store, tagger: Tagger, day: int) -> list[OpenTag]:
    with store.read() as connection:
        return list(queries.stream_open_tags(connection, tagger.model, World.date(day), board_urls=TWO_BOARDS))


def test_a_mix_from_tags_equals_one_from_texts(store: Store, tagger: Tagger) -> None:
    mix = mixes.estimate(tags(store, tagger, 6), tagger.info)
    assert mix is not None
    with store.read() as connection:
        rows = [as_row(found.posting) for found in queries.stream_open_postings(connection, board_urls=TWO_BOARDS)]
    expected = tagger.mix(rows)
    assert mix.postings == expected.postings == len(rows)
    for line, other in zip(mix.lines, expected.lines, strict=True):
        assert (line.focus, line.role) == (other.focus, other.role)
        assert (line.share, line.low, line.high) == pytest.approx((other.share, other.low, other.high), abs=1e-9)


def test_nothing_is_estimated_without_postings_or_a_quantifier(store: Store, tagger: Tagger) -> None:
    found = tags(store, tagger, 6)
    without = dataclasses.replace(tagger.info, quantifier=None)
    assert mixes.estimate([], tagger.info) is None
    assert mixes.estimate(found, without) is None
    assert mixes.changes(found, found, without) == {}
    assert mixes.changes([], found, tagger.info) == mixes.changes(found, [], tagger.info) == {}


def test_changes_are_of_focuses(store: Store, tagger: Tagger, taxonomy: Taxonomy) -> None:
    found = mixes.changes(tags(store, tagger, 0), tags(store, tagger, 6), tagger.info)
    assert list(found) == list(taxonomy.focus_names)
    assert all(-1 <= change.low <= change.high <= 1 for change in found.values())


def test_the_same_postings_have_not_changed(store: Store, tagger: Tagger) -> None:
    found = tags(store, tagger, 6)
    assert all((change.low, change.high) == (0, 0) for change in mixes.changes(found, found, tagger.info).values())


def test_lines_are_focuses_followed_by_their_roles(taxonomy: Taxonomy) -> None:
    lines = mixes.lines(taxonomy)
    assert [focus for focus, role in lines if role is None] == list(taxonomy.focus_names)
    assert [(role and taxonomy.focus_by_role[role]) or focus for focus, role in lines] == [focus for focus, _ in lines]
    assert sorted(role for _, role in lines if role) == sorted(taxonomy.role_names)


def test_rows_are_rounded(store: Store, tagger: Tagger) -> None:
    mix = mixes.estimate(tags(store, tagger, 6), tagger.info)
    assert mix is not None
    record = mixes.as_record(mix)
    assert record["postings"] == mix.postings
    for row, line in zip(record["mix"], mix.lines, strict=True):
        assert tuple(row) == mixes.COLUMNS
        assert row["share"] == round(line.share, 4)
        assert row["count"] == round(line.count, 2)
