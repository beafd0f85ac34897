"""What changed from one model to another: counted, sorted, and told in the words of both."""

from __future__ import annotations

import pytest

from classifier.evaluation.comparison import Comparison, Judged, Said, compare, judge_both
from classifier.model.explanation import explain
from classifier.model.tagger import Tagger
from tests.classifier.world import small_corpus

ROWS = [
    {"id": "n", "title": "Nurse on the Ward", "company": "Clinic", "description": "night", "role": "elsewhere"},
    {"id": "s", "title": "Sales Manager of Lamps", "role": "go-to-market"},
    {"id": "r", "title": "运维工程师", "description": "负责线上系统的监控", "role": "reliability"},
    {"id": "x", "title": "Lamp Nurse", "role": "storage"},
]


@pytest.fixture(scope="module")
def old() -> Tagger:
    corpus = small_corpus()
    return Tagger().fit(corpus.labelled, [row["role"] for row in corpus.labelled])


@pytest.fixture(scope="module")
def new() -> Tagger:
    titles = ["nurse on the ward"] * 3 + ["sales manager of lamps"] * 3
    return Tagger().fit(
        [{"title": title, "description": title} for title in titles], ["elsewhere"] * 3 + ["go-to-market"] * 3
    )


def said(role: str | None, confidence: float = 0.5) -> Said:
    return Said(role, confidence)


def judged() -> list[Judged]:
    row = {"title": "Nurse", "description": "words", "id": 1}
    return [
        Judged(row, said("elsewhere"), said("elsewhere"), "elsewhere"),
        Judged(row, said("elsewhere"), said("corporate", 0.9), "elsewhere"),
        Judged(row, said("corporate"), said("elsewhere", 0.7), "elsewhere"),
        Judged(row, said("corporate"), said("elsewhere", 0.8), "elsewhere"),
        Judged(row, said("software"), said("corporate"), "elsewhere"),
        Judged(row, said("software"), said(None)),
    ]


@pytest.fixture(scope="module")
def found(old: Tagger, new: Tagger) -> Comparison:
    return compare("some", judged(), old, new, in_sample="no")


def test_what_changed_is_counted(found: Comparison) -> None:
    assert found.summary() == {
        "part": "some",
        "in_sample": "no",
        "postings": 6,
        "changed": 5,
        "labelled": 5,
        "right_before": 2,
        "right_after": 3,
        "mended": 2,
        "broken": 1,
    }


def test_what_is_broken_comes_first_and_the_surest_before_others(found: Comparison) -> None:
    assert [(change.outcome, change.judged.after.confidence) for change in found.changes] == [
        ("broken", 0.9),
        ("mended", 0.8),
        ("mended", 0.7),
        ("still wrong", 0.5),
        ("unlabelled", 0.5),
    ]
    assert all("description" not in change.judged.row for change in found.changes)


def test_moves_are_counted_by_pair(found: Comparison) -> None:
    first, *others = found.moves()
    assert first == {
        "part": "some",
        "before": "corporate",
        "after": "elsewhere",
        "postings": 2,
        "mended": 2,
        "broken": 0,
    }
    assert [(move["before"], move["after"]) for move in others] == [
        ("elsewhere", "corporate"),
        ("software", ""),
        ("software", "corporate"),
    ]


def test_the_words_are_those_of_each_model(old: Tagger, new: Tagger) -> None:
    result = compare("own", judge_both(ROWS, old, new), old, new)
    assert result.postings == 4
    assert {change.judged.row["id"] for change in result.changes} == {"n", "s", "r", "x"}
    for change in result.changes:
        (row,) = [row for row in ROWS if row["id"] == change.judged.row["id"]]
        # Neither model knows both roles, so that there is nothing to compare by.
        assert change.decided_before == change.decided_after == ()
        assert change.judged.label == row["role"]


def test_words_of_a_change_between_known_roles(old: Tagger) -> None:
    row = {"id": "r", "title": "Site Reliability Recruiter", "description": "monitoring"}
    one = Judged(row, said("corporate"), said("reliability"))
    (change,) = compare("own", [one], old, old).changes
    expected = explain(old, row, role="reliability", rival="corporate")
    assert change.decided_after == tuple(dict.fromkeys(term.term for term in expected.speaking_for()))[:5]
    assert change.decided_before == tuple(dict.fromkeys(term.term for term in expected.speaking_against()))[:5]
    assert "recruiter" in change.decided_before
    assert "reliability" in change.decided_after
    (without,) = compare("own", [one], None, old).changes
    assert without.decided_before == ()
    assert without.decided_after == change.decided_after


def test_the_same_model_changes_nothing(old: Tagger) -> None:
    result = compare("own", judge_both(small_corpus().gold, old, old), old, old)
    assert (result.changes, result.postings, result.right_before) == ((), 8, result.right_after)
    assert result.rows() == result.moves() == []
