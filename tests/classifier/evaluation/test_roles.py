"""Evaluation of roles on a small corpus, in every view."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.evaluation.card import markdown_table
from classifier.evaluation.metrics import confusions
from classifier.evaluation.roles import (
    Evaluation,
    label_issues,
    predict_by_year,
    predict_out_of_fold,
    second_reader,
)
from classifier.model.tag import SURE
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.training.corpus import Corpus
from classifier.training.cross_validation import WHOLE, folds_by_company, out_of_fold
from classifier.training.examples import Examples
from tests.classifier.world import posting


def test_evaluation_has_every_view_and_language(evaluation: Evaluation) -> None:
    scores = evaluation.scores.set_index(["view", "language"])
    assert set(scores.index.get_level_values("view")) == {
        "out of fold",
        "out of fold, described, title alone",
        "out of fold, described, title and a stub",
        "out of fold, described, first 40 characters",
        "out of fold, described, first 300 characters",
        "gold",
        "gold, companies not trained on",
        "gold, its second reader",
    }
    assert scores.loc[("out of fold", "all"), "postings"] == 80
    assert scores.loc[("out of fold, described, title and a stub", "all"), "postings"] == 80
    assert scores.loc[("gold, companies not trained on", "all"), "postings"] == 8
    assert (scores["role_accuracy"].drop("gold, its second reader", level="view") > 0.9).all()


def test_evaluation_counts_what_was_trained_on(evaluation: Evaluation) -> None:
    assert evaluation.data["trained on"].sum() == 80
    assert evaluation.data["gold"].sum() == 8
    assert set(evaluation.data["year"]) == {"2025"}


def test_years_are_predicted_by_taggers_of_other_years(corpus: Corpus, examples: Examples) -> None:
    rows = [
        row | {"posted_at": f"{2024 + number % 2}-03-01" if number % 10 else None, "id": f"{row['id']}-{turn}"}
        for turn in range(4)
        for number, row in enumerate(corpus.labelled)
    ]
    predictions = predict_by_year(Tagger(), rows, Examples.of(rows), Taxonomy.load())
    assert predictions is not None
    assert len(predictions.postings) == sum(row["posted_at"] is not None for row in rows)
    # All recruiters and reliability engineers are of one year, so that the other year's tagger was trained on neither.
    roles = {year: {row["role"] for row in rows if str(row["posted_at"]).startswith(year)} for year in ("2024", "2025")}
    assert not roles["2024"] & roles["2025"]
    assert not any(
        predicted == row["role"] for predicted, row in zip(predictions.predicted, predictions.postings, strict=True)
    )
    assert predict_by_year(Tagger(), corpus.labelled, examples, Taxonomy.load()) is None


def test_classes_are_scored_in_each_language(evaluation: Evaluation) -> None:
    roles = evaluation.roles.set_index("role")
    assert roles.loc["corporate", ["f1_zh", "f1_en"]].between(0.9, 1).all()
    assert roles.loc["storage", ["f1_zh", "f1_en"]].isna().all()
    assert "| storage | 0.000 | 0.000 | 0.000 | 0 | – | – |" in markdown_table(evaluation.roles)


def test_coverage_falls_with_the_least_probability_of_the_focus(evaluation: Evaluation) -> None:
    assert set(evaluation.coverage["language"]) == {"all", "zh", "en"}
    # How right the gold set's tags are says less: most of its companies were trained on.
    assert set(evaluation.coverage["view"]) == {
        view for view in evaluation.scores["view"] if view.startswith("out of fold")
    }
    for _, rows in evaluation.coverage.groupby(["view", "language"]):
        coverage = rows.set_index("least_focus_probability")
        assert coverage["coverage"].iloc[0] == 1
        assert coverage["coverage"].is_monotonic_decreasing
        assert SURE in coverage.index


def test_wrong_label_is_the_first_issue(corpus: Corpus) -> None:
    wrong = tuple(row | {"role": "corporate"} if row["id"] == "s4" else row for row in corpus.labelled)
    found = label_issues(Corpus(wrong, corpus.gold), Tagger(), folds=3)
    assert found.iloc[0][["id", "role", "predicted"]].tolist() == ["s4", "corporate", corpus.labelled[4]["role"]]
    assert found["probability"].is_monotonic_increasing


@pytest.mark.filterwarnings("ignore:The least populated class")
def test_confusions_name_the_mistakes() -> None:
    rows = [posting(n, ("corporate", "reliability")[n % 2], n // 2) for n in range(60)]
    wrong = [row | {"role": "storage"} if row["id"] == "s2" else row for row in rows]
    examples = Examples.of(wrong)
    held_out = out_of_fold(Tagger(), examples, folds_by_company(examples, 3))
    found = confusions(predict_out_of_fold(wrong, held_out, Taxonomy.load())[WHOLE])
    # The only posting of its role: held out, no tagger knows the role.
    mistake = {"role": "storage", "predicted": "corporate", "postings": 1, "share": 1.0}
    for language in ("all", wrong[2]["lang"]):
        assert {"language": language, **mistake} in found.to_dict(orient="records")


def test_second_reader_is_a_view_of_its_own(evaluation: Evaluation, corpus: Corpus) -> None:
    row = evaluation.scores.set_index(["view", "language"]).loc[("gold, its second reader", "all")]
    assert row["role_accuracy"] == 1 - 1 / len(corpus.gold)
    assert np.isnan(row["calibration_error"])
    # The shared corpus has no second reader, and one that read some postings only is none.
    assert second_reader(corpus.gold) is None
    assert second_reader([corpus.gold[0] | {"reader_2": "storage"}, *corpus.gold[1:]]) is None
