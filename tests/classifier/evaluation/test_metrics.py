"""Metrics: calibration error, intervals by company, and the most frequent mistakes."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.evaluation.metrics import Predictions, bootstrap, calibration_error, confusions, coverage, macro_f1
from classifier.model.tag import SURE
from classifier.taxonomy import Taxonomy
from tests.classifier.world import posting


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    confidence = np.array([0.9, 0.9, 0.5, 0.5])
    assert calibration_error(confidence, np.array([True, True, True, False])) == pytest.approx(0.05)
    assert calibration_error(np.ones(4), np.zeros(4, dtype=bool)) == 1


def test_interval_is_by_the_bootstrap_over_companies() -> None:
    truth = np.array(["storage", "security"] * 50)
    half_wrong = np.where(np.arange(100) < 50, truth, "software")
    one_company_each, two_companies = [str(number) for number in range(100)], ["right"] * 50 + ["wrong"] * 50
    assert bootstrap(truth, truth, one_company_each) == (1, 1)
    low, high = bootstrap(truth, half_wrong, one_company_each)
    assert 0.5 < low < 2 / 3 < high < 0.8
    # Companies that are right or wrong as a whole inform less than as many single postings.
    assert bootstrap(truth, half_wrong, two_companies) == (0, 1)
    # A class that is not drawn does not count as wrong.
    assert bootstrap(
        np.array(["storage"] * 20 + ["security"]),
        np.array(["storage"] * 20 + ["security"]),
        list("abcdefghijklmnopqrstu"),
    ) == (1, 1)
    assert bootstrap(truth, half_wrong, two_companies) == bootstrap(truth, half_wrong, two_companies)


def predictions(truth: list[str], predicted: list[str], of_focus: list[float] | None = None) -> Predictions:
    """Predictions in Chinese and English in turn."""
    rows = [posting(number, "corporate", number) | {"role": role} for number, role in enumerate(truth)]
    confidence = np.full(len(rows), 0.5)
    focus_confidence = confidence if of_focus is None else np.array(of_focus)
    return Predictions(tuple(rows), np.array(predicted), confidence, focus_confidence)


def test_confusions_are_counted_by_language_and_the_most_frequent_come_first() -> None:
    truth = ["storage"] * 4 + ["software"] * 6
    found = confusions(predictions(truth, ["security"] * 3 + ["storage"] + ["software"] * 5 + ["storage"]))
    assert found[found["language"] == "all"].to_dict(orient="records") == [
        {"language": "all", "role": "storage", "predicted": "security", "postings": 3, "share": 0.75},
        {"language": "all", "role": "software", "predicted": "storage", "postings": 1, "share": 1 / 6},
    ]
    assert found[found["language"] == "zh"]["postings"].tolist() == [2]


def test_macro_f1_is_over_the_classes_that_occur() -> None:
    truth, predicted = np.array(["storage"] * 2), np.array(["storage", "security"])
    assert macro_f1(truth, predicted) == pytest.approx(2 / 3)


def test_coverage_is_of_tags_with_the_least_probability_of_the_focus() -> None:
    tags = predictions(["storage"] * 4, ["storage"] * 3 + ["product-design"], [1.0, SURE, 0.7, 0.69])
    found = coverage({"with all": tags, "the sure ones": tags.part(tags.focus_confidence >= SURE)}, Taxonomy.load())
    assert list(found["view"].unique()) == ["with all", "the sure ones"]
    everywhere = found[found["language"] == "all"].set_index("view")
    rows = everywhere.loc["with all"].set_index("least_focus_probability")
    assert rows["coverage"].to_dict() == {0.0: 1, 0.7: 0.75, SURE: 0.5, 0.95: 0.25}
    accuracies = rows[["focus_accuracy", "role_accuracy"]].to_numpy().tolist()
    assert accuracies[:2] == [[0.75, 0.75], [1, 1]]
    other = everywhere.loc["the sure ones"].set_index("least_focus_probability")
    assert other["coverage"].to_dict() == {0.0: 1, 0.7: 1, SURE: 1, 0.95: 0.5}


def test_accuracy_of_focuses_and_of_roles_differ_in_coverage() -> None:
    found = coverage({"view": predictions(["storage"] * 2, ["storage", "compute"])}, Taxonomy.load())
    rows = found[(found["language"] == "all") & (found["least_focus_probability"] == 0)]
    assert rows[["focus_accuracy", "role_accuracy"]].to_numpy().tolist() == [[1, 0.5]]


def test_nothing_covered_has_no_accuracy() -> None:
    found = coverage({"view": predictions(["storage"], ["storage"], [0.5])}, Taxonomy.load())
    row = found[found["language"] == "all"].set_index("least_focus_probability").loc[SURE]
    assert row["coverage"] == 0
    assert np.isnan(row["role_accuracy"])


def test_predictions_have_the_probability_of_their_focus() -> None:
    rows = [posting(0, "corporate", 0), posting(1, "reliability", 0)]
    probabilities = np.array([[0.75, 0.25, 0.0], [0.3, 0.5, 0.2]])
    found = Predictions.of(rows, probabilities, ("corporate", "reliability", "storage"), Taxonomy.load())
    assert found.predicted.tolist() == ["corporate", "reliability"]
    assert found.confidence.tolist() == [0.75, 0.5]
    assert found.focus_confidence.tolist() == [0.75, 0.7]
    assert found.truth.tolist() == ["corporate", "reliability"]
    part = found.part(np.array([False, True]))
    assert (part.postings, part.focus_confidence.tolist()) == ((rows[1],), [0.7])
