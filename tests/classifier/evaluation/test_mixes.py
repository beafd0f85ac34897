"""Mixes are measured by every method, in every size, on boards of held-out companies."""

from __future__ import annotations

import pytest

from classifier.evaluation.mixes import SIZES, MixEvaluation, coverage_by_language, evaluate_mix
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.training.cross_validation import folds_by_company, out_of_fold
from classifier.training.examples import Examples


@pytest.fixture(scope="module")
def measured(examples: Examples) -> MixEvaluation:
    """Measured with quantifiers fitted as for the shipped model, because these tests are about them."""
    held_out = out_of_fold(Tagger(), examples, folds_by_company(examples, 2))
    return evaluate_mix(held_out, examples, Taxonomy.load(), boards=3)


def test_evaluation_has_every_method_and_size(measured: MixEvaluation) -> None:
    shifted = measured.errors[measured.errors["boards"] == "shifted, one fold"]
    assert set(shifted["postings"]) == set(map(str, SIZES))
    assert set(shifted["kind"]) == {"description", "title only"}
    errors = shifted.set_index(["kind", "postings", "method"])
    for kind in ("description", "title only"):
        assert errors.loc[(kind, "1000", "true roles"), "focus_error"] == 0
        # These taggers are hardly ever wrong: only the luck of the draw is left.
        assert errors.loc[(kind, "1000", "rolemix"), "focus_error"] < 2
        assert errors.loc[(kind, "1000", "rolemix"), "focus_error_of_mix"] > 0


def test_evaluation_measures_how_often_intervals_hold(measured: MixEvaluation) -> None:
    intervals = measured.intervals
    assert intervals["focus_coverage"].between(0, 1).all()
    chosen = intervals[(intervals["kind"] == "description") & (intervals["boards"] == "shifted, one fold")]
    widths = chosen.set_index(["estimand", "postings"])["focus_width"]
    assert widths["hiring", "20"] > widths["hiring", "1000"] > 0
    assert widths["hiring", "20"] > widths["board", "20"]
    found = measured.changes.groupby("replaced_by")["beyond_noise"].mean()
    assert found["the same mix"] < 0.1 < 0.5 < found["another mix"]


def test_coverage_is_measured_by_language_and_size(examples: Examples) -> None:
    held_out = out_of_fold(Tagger(), examples, folds_by_company(examples, 2))
    found = coverage_by_language(held_out, examples, Taxonomy.load(), sizes=(20, 200), boards=2)
    assert set(found["language"]) == set(examples.languages.tolist())
    assert set(found["postings"]) == {"20", "200"}
    rows = found.set_index(["language", "boards", "postings", "estimand"])
    language = found["language"][0]
    assert rows.loc[(language, "all folds", "20", "hiring"), "number"] == 2
    assert found["focus_coverage"].between(0, 1).all()
    widths = rows["focus_width"]
    assert widths[language, "all folds", "20", "hiring"] > widths[language, "all folds", "200", "hiring"] > 0
    assert widths[language, "all folds", "20", "hiring"] > widths[language, "all folds", "20", "board"]
