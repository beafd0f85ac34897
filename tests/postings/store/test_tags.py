"""Tags: written once by each model, read beside what they tag."""

from __future__ import annotations

from sqlalchemy import event

from postings.store import Store, queries, tags
from postings.store.history import record
from postings.store.records import StoredTag
from tests.postings.examples import BOARD, day, posting, run, see, some

OTHER = f"{BOARD}/other"


def tag(model: str = "m1", role: str | None = "storage") -> StoredTag:
    return StoredTag(model=model, taxonomy="1", role=role, confidence=0.75, roles={"storage": 0.75, "compute": 0.25})


def tag_all(store: Store, model: str, role: str | None = "storage") -> int:
    with store.read() as connection:
        return sum(
            tags.record(store, [(version.version_id, tag(model, role)) for version in batch])
            for batch in queries.stream_untagged(connection, model)
        )


def test_versions_are_tagged_once_by_each_model(store: Store) -> None:
    see(store, 0, some(*range(25)))
    assert tag_all(store, "m1") == 25
    assert tag_all(store, "m1") == 0
    see(store, 1, [posting(0, title="other"), *some(*range(1, 25))])
    assert tag_all(store, "m1") == 1
    assert tag_all(store, "m2", role=None) == 26
    with store.read() as connection:
        assert list(queries.stream_untagged(connection, "m2")) == []


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


def test_what_a_model_said_is_not_overwritten(store: Store) -> None:
    see(store, 0, some("a"))
    tag_all(store, "m1")
    with store.read() as connection:
        [[version]] = queries.stream_untagged(connection, "m2")
    assert tags.record(store, [(version.version_id, tag(role="compute"))]) == 0
    with store.read() as connection:
        assert [t.tag for t in queries.stream_open_tags(connection, "m1")] == [tag()]


def test_open_tags_are_those_of_the_open_postings(store: Store) -> None:
    see(store, 0, some("a", "b", "c"))
    tag_all(store, "m1")
    see(store, 1, [posting("a", title="other"), posting("b", redirects_to=OTHER), posting("d")])
    record(store, run(1, board_url=OTHER), some("z"))

    def found(at: float | None = None, **arguments: list[str]) -> list[tuple[str, str | None]]:
        with store.read() as connection:
            moment = None if at is None else day(at)
            read = queries.stream_open_tags(connection, "m1", moment, **arguments)  # type: ignore[arg-type]
            return [(t.identifier, t.tag and t.tag.role) for t in read]

    assert found() == [("a", None), ("d", None), ("z", None)]
    assert found(0) == [("a", "storage"), ("b", "storage"), ("c", "storage")]
    assert found(board_urls=[OTHER]) == [("z", None)]


def test_what_two_models_say_is_counted_by_pairs_of_roles(store: Store) -> None:
    see(store, 0, some("a", "b", "c"))
    tag_all(store, "m1")
    with store.read() as connection:
        [[first, second, third]] = queries.stream_untagged(connection, "m2")
        assert queries.count_untagged(connection, "m1") == 0
        assert queries.count_untagged(connection, "m2") == 3
    said = [(first, "compute"), (second, "compute"), (third, None)]
    tags.record(store, [(version.version_id, tag("m2", role)) for version, role in said])
    see(store, 1, [posting("a", title="other"), *some("b", "c")])
    tag_all(store, "m1")
    with store.read() as connection:
        assert [(one.model, one.versions) for one in queries.fetch_models(connection)] == [("m1", 4), ("m2", 3)]
        moves = [(one.before, one.after, one.versions) for one in queries.count_role_changes(connection, "m1", "m2")]
        assert moves == [("storage", "compute", 2), ("storage", None, 1)]
        same = [(one.before, one.after, one.versions) for one in queries.count_role_changes(connection, "m1", "m1")]
        assert same == [("storage", "storage", 4)]
        assert queries.count_role_changes(connection, "m1", "m3") == []
        assert queries.count_untagged(connection, "m2") == 1


def test_open_tags_tell_bare_titles_from_postings_with_a_description(store: Store) -> None:
    texts = {"a": "", "b": "点灯", "c": 'a null \0 and "quotes"', "d": "null", "e": " "}
    see(store, 0, [*some("z"), *(posting(identifier, description=text) for identifier, text in texts.items())])
    tag_all(store, "m1")
    with store.read() as connection:
        described = {found.identifier: found.described for found in queries.stream_open_tags(connection, "m1")}
    assert described == {"a": False, "b": True, "c": True, "d": True, "e": True, "z": False}


def test_open_tags_tell_postings_that_advertise_several_jobs(store: Store) -> None:
    texts = {"a": "招聘方向：存储方向、网络方向", "b": "招聘方向：存储方向", "c": ""}
    see(store, 0, [posting(identifier, description=text) for identifier, text in texts.items()])
    see(store, 1, [posting("a", description=texts["a"]), posting("b", description=texts["a"]), posting("c")])
    with store.read() as connection:
        found = {
            at: {tag.identifier: tag.several_tracks for tag in queries.stream_open_tags(connection, "m1", day(at))}
            for at in (0, 1)
        }
    assert found == {0: {"a": True, "b": False, "c": False}, 1: {"a": True, "b": True, "c": False}}


def test_open_tags_are_read_without_contents(store: Store) -> None:
    see(store, 0, some("a", "b"))
    statements: list[str] = []
    with store.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
        assert len(list(queries.stream_open_tags(connection, "m1"))) == 2
    assert statements
    assert not [statement for statement in statements if "content" in statement]
