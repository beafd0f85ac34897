"""What is left to tag, and how two models differ."""

from __future__ import annotations

from postings.store import Store, queries, tags
from tests.postings.store.examples import posting, see, some, tag, tag_all


def test_untagged_versions_come_in_batches_while_tags_are_written(store: Store) -> None:
    see(store, 0, some(*range(25)))
    sizes, seen = [], []
    with store.read() as connection:
        for batch in queries.stream_untagged(connection, "m1", size=10):
            tags.record(store, [(version.version_id, tag()) for version in batch])
            sizes.append(len(batch))
            seen += [version.version_id for version in batch]
    assert sizes == [10, 10, 5]
    assert seen == sorted(set(seen))


def test_role_changes_are_counted_by_pairs_of_roles(store: Store) -> None:
    see(store, 0, some("a", "b", "c"))
    tag_all(store, "m1")
    with store.read() as connection:
        [[first, second, third]] = queries.stream_untagged(connection, "m2")
        assert queries.count_untagged(connection, "m1") == 0
        assert queries.count_untagged(connection, "m2") == 3
    predicted = [(first, "compute"), (second, "compute"), (third, None)]
    tags.record(store, [(version.version_id, tag("m2", role)) for version, role in predicted])
    see(store, 1, [posting("a", title="other"), *some("b", "c")])
    tag_all(store, "m1")
    with store.read() as connection:
        assert [(tagged.model, tagged.versions) for tagged in queries.fetch_models(connection)] == [
            ("m1", 4),
            ("m2", 3),
        ]
        changes = [(c.before, c.after, c.versions) for c in queries.count_role_changes(connection, "m1", "m2")]
        assert changes == [("storage", "compute", 2), ("storage", None, 1)]
        same = [(c.before, c.after, c.versions) for c in queries.count_role_changes(connection, "m1", "m1")]
        assert same == [("storage", "storage", 4)]
        assert queries.count_role_changes(connection, "m1", "m3") == []
        assert queries.count_untagged(connection, "m2") == 1
