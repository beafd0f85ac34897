"""What changed from one model to another is counted, sorted, and explained by the words of both."""

from __future__ import annotations

import pytest

from classifier.evaluation.comparison import ComparedPosting, Comparison, Prediction, compare, predict_both
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
def old(fitted: Tagger) -> Tagger:
    return fitted


@pytest.fixture(scope="module")
def new() -> Tagger:
    titles = ["nurse on the ward"] * 3 + ["sales manager of lamps"] * 3
    return Tagger().fit(
        [{"title": title, "description": title} for title in titles], ["elsewhere"] * 3 + ["go-to-market"] * 3
    )


def predicted(role: str | None, confidence: float = 0.5) -> Prediction:
    return Prediction(role, confidence)


def postings() -> list[ComparedPosting]:
    row = {"title": "Nurse", "description": "words", "id": 1}
    return [
        ComparedPosting(row, predicted("elsewhere"), predicted("elsewhere"), "elsewhere"),
        ComparedPosting(row, predicted("elsewhere"), predicted("corporate", 0.9), "elsewhere"),
        ComparedPosting(row, predicted("corporate"), predicted("elsewhere", 0.7), "elsewhere"),
        ComparedPosting(row, predicted("corporate"), predicted("elsewhere", 0.8), "elsewhere"),
        ComparedPosting(row, predicted("software"), predicted("corporate"), "elsewhere"),
        ComparedPosting(row, predicted("software"), predicted(None)),
    ]


@pytest.fixture(scope="module")
def found(old: Tagger, new: Tagger) -> Comparison:
    return compare("some", postings(), old, new, in_sample="no")


def test_changes_are_counted(found: Comparison) -> None:
    assert found.summary() == {
        "part": "some",
        "in_sample": "no",
        "postings": 6,
        "changed": 5,
        "labelled": 5,
        "right_before": 2,
        "right_after": 3,
        "fixed": 2,
        "regressed": 1,
    }


def test_regressions_come_first_and_the_most_confident_before_others(found: Comparison) -> None:
    assert [(change.posting.outcome, change.posting.after.confidence) for change in found.changes] == [
        ("regressed", 0.9),
        ("fixed", 0.8),
        ("fixed", 0.7),
        ("still wrong", 0.5),
        ("unlabelled", 0.5),
    ]
    assert all("description" not in change.posting.row for change in found.changes)


def test_transitions_are_counted_by_pair_of_roles(found: Comparison) -> None:
    first, *others = found.transitions()
    assert first == {
        "part": "some",
        "before": "corporate",
        "after": "elsewhere",
        "postings": 2,
        "fixed": 2,
        "regressed": 0,
    }
    assert [(row["before"], row["after"]) for row in others] == [
        ("elsewhere", "corporate"),
        ("software", ""),
        ("software", "corporate"),
    ]


def test_words_need_a_model_with_both_roles(old: Tagger, new: Tagger) -> None:
    result = compare("own", predict_both(ROWS, old, new), old, new)
    assert result.postings == 4
    assert {change.posting.row["id"] for change in result.changes} == {"n", "s", "r", "x"}
    for change in result.changes:
        (row,) = [row for row in ROWS if row["id"] == change.posting.row["id"]]
        # Neither model has both roles, so that no words tell them apart.
        assert change.decided_before == change.decided_after == ()
        assert change.posting.label == row["role"]


def test_words_are_those_of_each_model(old: Tagger) -> None:
    row = {"id": "r", "title": "Site Reliability Recruiter", "description": "monitoring"}
    posting = ComparedPosting(row, predicted("corporate"), predicted("reliability"))
    (change,) = compare("own", [posting], old, old).changes
    expected = explain(old, row, role="reliability", rival="corporate")
    assert change.decided_after == tuple(dict.fromkeys(term.term for term in expected.supporting()))[:5]
    assert change.decided_before == tuple(dict.fromkeys(term.term for term in expected.opposing()))[:5]
    assert "recruiter" in change.decided_before
    assert "reliability" in change.decided_after
    (without,) = compare("own", [posting], None, old).changes
    assert without.decided_before == ()
    assert without.decided_after == change.decided_after


def test_the_same_model_changes_nothing(old: Tagger) -> None:
    result = compare("own", predict_both(small_corpus().gold, old, old), old, old)
    assert (result.changes, result.postings, result.right_before) == ((), 8, result.right_after)
    assert result.rows() == result.transitions() == []
