"""Metrics: calibration error, intervals by company, and the most frequent mistakes."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.evaluation.metrics import Predictions, bootstrap, calibration_error, confusions, coverage, macro_f1
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


def predictions(truth: list[str], predicted: list[str], margins: list[float] | None = None) -> Predictions:
    """Predictions in Chinese and English in turn."""
    rows = [posting(number, "corporate", number) | {"role": role} for number, role in enumerate(truth)]
    confidence = np.full(len(rows), 0.5)
    margin = confidence if margins is None else np.array(margins)
    return Predictions(tuple(rows), np.array(predicted), confidence, margin)


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


def test_coverage_is_of_tags_with_the_least_margin() -> None:
    found = coverage(
        predictions(["storage"] * 4, ["storage"] * 3 + ["security"], [0.9, 0.5, 0.1, 0.0]), Taxonomy.load()
    )
    rows = found[found["language"] == "all"].set_index("least_margin")
    assert rows["coverage"].to_dict() == {0.0: 1, 0.1: 0.75, 0.2: 0.5, 0.4: 0.5, 0.6: 0.25, 0.8: 0.25}
    assert rows.loc[0.0, "role_accuracy"] == 0.75
    assert rows.loc[0.1, "role_accuracy"] == 1


def test_predictions_have_the_margin_over_the_next_role() -> None:
    rows = [posting(0, "corporate", 0), posting(1, "reliability", 0)]
    probabilities = np.array([[0.75, 0.25], [0.5, 0.5]])
    found = Predictions.of(rows, probabilities, ("corporate", "reliability"), Taxonomy.load())
    assert found.predicted[0] == "corporate"
    assert found.confidence.tolist() == [0.75, 0.5]
    assert found.margin.tolist() == [0.5, 0.0]
    assert found.truth.tolist() == ["corporate", "reliability"]
    assert found.part(np.array([False, True])).postings == (rows[1],)
