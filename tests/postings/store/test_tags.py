"""Tags: written once by each model, read beside the versions that they belong to."""

from __future__ import annotations

from postings.store import Store, queries, tags
from tests.postings.store.examples import posting, see, some, tag, tag_all


def test_versions_are_tagged_once_by_each_model(store: Store) -> None:
    see(store, 0, some(*range(25)))
    assert tag_all(store, "m1") == 25
    assert tag_all(store, "m1") == 0
    see(store, 1, [posting(0, title="other"), *some(*range(1, 25))])
    assert tag_all(store, "m1") == 1
    assert tag_all(store, "m2", role=None) == 26
    with store.read() as connection:
        assert list(queries.stream_untagged(connection, "m2")) == []


def test_a_tag_comes_back_as_it_went_in(store: Store) -> None:
    see(store, 0, some("a", "b"))
    with store.read() as connection:
        [[first, second]] = queries.stream_untagged(connection, "m1")
    assert tags.record(store, [(first.version_id, tag()), (second.version_id, tag(role=None))]) == 2
    with store.read() as connection:
        for read in (queries.stream_open_postings, queries.stream_histories):
            assert [p.tag for p in read(connection, model="m1")] == [tag(), tag(role=None)]
            assert [p.tag for p in read(connection, model="m2")] == [None, None]
            assert [p.tag for p in read(connection)] == [None, None]


def test_tags_are_not_overwritten(store: Store) -> None:
    see(store, 0, some("a"))
    tag_all(store, "m1")
    with store.read() as connection:
        [[version]] = queries.stream_untagged(connection, "m2")
    assert tags.record(store, [(version.version_id, tag(role="compute"))]) == 0
    with store.read() as connection:
        assert [t.tag for t in queries.stream_open_tags(connection, "m1")] == [tag()]
