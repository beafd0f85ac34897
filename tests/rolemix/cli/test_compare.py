"""``rolemix evaluate --compare``: an old model by its file or by its tags, on all postings that there are."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.training.labels import LabelFile
from crawler.systems import find_board
from postings.store import Store, queries
from rolemix import api
from rolemix.collecting.crawling import collect
from rolemix.collecting.watchlist import Watched
from rolemix.tagging.retag import tag_new
from simulator.server import Simulator
from tests.classifier.training.test_labels import label
from tests.classifier.world import small_corpus, write_corpus
from tests.rolemix.conftest import TWO_BOARDS, History, Rolemix, small_model


@pytest.fixture(scope="module")
def two_boards(tmp_path_factory: pytest.TempPathFactory, running: Simulator, tagger: Tagger) -> Path:
    """A store of one company's boards, with postings that redirect, tagged with the shipped model."""
    path = tmp_path_factory.mktemp("two-boards") / "rolemix.db"
    running.day = 6
    with Store.open(path) as store:
        watched = [Watched(find_board(url), "鹿吟谷智能") for url in TWO_BOARDS]
        collect(store, watched, observed_at=running.world.date(6), settings=api.crawl_settings(running.url, 0))
        tag_new(store, tagger)
    return path


@pytest.fixture
def store(tmp_path: Path, two_boards: Path) -> Path:
    with sqlite3.connect(two_boards) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "rolemix.db"),))
    return tmp_path / "rolemix.db"


def compared(rolemix: Rolemix, *arguments: object) -> dict[str, Any]:
    result = rolemix("evaluate", "--compare", *arguments, "--format", "json")
    assert result.code == 0, result.err
    tables = json.loads(result.out)
    return {one["part"]: one for one in tables["compared"]} | {"tables": tables}


def test_labelled_postings_are_compared_and_gold_was_not_trained_on(rolemix: Rolemix, tmp_path: Path) -> None:
    small_model().save(tmp_path / "old")
    corpus = small_corpus()
    write_corpus(tmp_path, corpus)
    found = compared(rolemix, "old", "--corpora", tmp_path)
    assert (found["gold"]["in_sample"], found["labelled"]["in_sample"]) == ("no", "yes")
    assert (found["gold"]["postings"], found["labelled"]["postings"]) == (8, 80)
    gold = found["gold"]
    truth = [row["role"] for row in corpus.gold]
    old, new = (list(tagger.tag(corpus.gold)) for tagger in (small_model(), Tagger.load()))
    assert gold["right_before"] == sum(tag.role == role for tag, role in zip(old, truth, strict=True))
    assert gold["right_after"] == sum(tag.role == role for tag, role in zip(new, truth, strict=True))
    assert gold["changed"] == sum(one.role != other.role for one, other in zip(old, new, strict=True)) > 0
    assert gold["fixed"] - gold["regressed"] == gold["right_after"] - gold["right_before"]
    changes = [row for row in found["tables"]["changes"] if row["part"] == "gold"]
    assert len(changes) == gold["changed"]
    assert all(row["decided_after"] and row["label"] for row in changes)
    assert "store" not in found


@pytest.mark.parametrize("by", ["name", "folder"])
def test_store_is_compared_by_tags_or_by_file(rolemix: Rolemix, tmp_path: Path, store: Path, by: str) -> None:
    small = small_model()
    small.save(tmp_path / "old")
    if by == "name":
        with Store.open(store) as opened:
            tag_new(opened, small)
    found = compared(rolemix, small.model if by == "name" else "old")
    new = Tagger.load()
    with Store.open(store) as opened, opened.read() as connection:
        there = [one for one in queries.stream_histories(connection, model=new.model) if not one.posting.redirects_to]
        models = {one.model for one in queries.fetch_models(connection)}
    rows = [{"title": one.posting.title, "description": one.posting.description} for one in there]
    differ = [tag.role != one.tag.role for tag, one in zip(small.tag(rows), there, strict=True) if one.tag]
    assert (found["store"]["postings"], found["store"]["changed"]) == (len(there), sum(differ))
    assert found["store"]["labelled"] == 0
    assert sum(row["postings"] for row in found["tables"]["transitions"]) == sum(differ)
    assert models == ({new.model, small.model} if by == "name" else {new.model})
    # The new model has the small one's roles, but not the other way round.
    words = [bool(change["decided_after"]) for change in found["tables"]["changes"]]
    assert all(words)
    assert all(change["company"] for change in found["tables"]["changes"])
    if by == "name":
        assert not any(change["decided_before"] for change in found["tables"]["changes"])


def test_own_labels_decide_what_is_right(rolemix: Rolemix, tmp_path: Path, store: Path) -> None:
    small = small_model()
    small.save(tmp_path / "old")
    changes = compared(rolemix, "old")["tables"]["changes"]
    file = LabelFile(tmp_path / "mine.jsonl", Taxonomy.load())
    with Store.open(store) as opened, opened.read() as connection:
        for change, role in zip(changes[:2], ("after", "before"), strict=True):
            (found,) = queries.stream_histories(connection, named=change["id"])
            file.add(label(found.posting.title, description=found.posting.description, role=change[role]))
    found = compared(rolemix, "old", "--labels", "mine.jsonl")
    own = found["your labels"]
    assert (own["postings"], own["labelled"], own["in_sample"]) == (2, 2, "if trained with them")
    assert (own["right_before"], own["right_after"], own["fixed"], own["regressed"]) == (1, 1, 1, 1)
    in_store = found["store"]
    assert in_store["labelled"] >= 2
    assert in_store["fixed"] >= 1
    assert in_store["regressed"] >= 1
    assert next(row["outcome"] for row in found["tables"]["changes"] if row["part"] == "store") == "regressed"


def test_tables_come_with_a_note(rolemix: Rolemix, tmp_path: Path, store: Path) -> None:
    small_model().save(tmp_path / "old")
    result = rolemix("evaluate", "--compare", "old")
    assert result.code == 0
    for word in ("in_sample", "fixed", "decided_after", "unlabelled", "every change: --format json"):
        assert word in result.out
    assert "table,part," in rolemix("evaluate", "--compare", "old", "--format", "csv").out
    assert "### Transitions" in rolemix("evaluate", "--compare", "old", "--format", "md").out


def test_labelled_postings_are_skipped_without_the_old_model_file(
    rolemix: Rolemix, tmp_path: Path, store: Path
) -> None:
    result = rolemix("evaluate", "--compare", Tagger.load().model, "--corpora", tmp_path, "--format", "json")
    assert result.code == 0
    assert "skipped the labelled postings" in result.err
    (one,) = json.loads(result.out)["compared"]
    assert (one["part"], one["changed"]) == ("store", 0)


def test_reason_for_not_comparing_is_one_sentence(rolemix: Rolemix, tmp_path: Path, history: History) -> None:
    refused = {
        ("abc",): "there is no model at abc, and no store at rolemix.db",
        ("abc", "--db", history.path): "the store has no tags of a model with that name: it has ",
        ("old",): "there is nothing to compare on",
        ("old", "--labels", "none.jsonl"): "there are no labels at none.jsonl",
        ("old", "--write-card", "card.md"): "--write-card cannot be combined with --compare",
        ("empty",): "no model at empty",
    }
    small_model().save(tmp_path / "old")
    (tmp_path / "empty").mkdir()
    for arguments, sentence in refused.items():
        result = rolemix("evaluate", "--compare", *arguments)
        assert (result.code, result.out) == (1, "")
        assert sentence in result.sentence
