"""Mixes are measured by every method, in every size, on boards of held-out companies."""

from __future__ import annotations

from classifier.evaluation.mixes import SIZES
from classifier.evaluation.roles import Evaluation


def test_evaluation_has_every_method_and_size(evaluation: Evaluation) -> None:
    shifted = evaluation.mix.errors[evaluation.mix.errors["boards"] == "shifted, one fold"]
    assert set(shifted["postings"]) == set(map(str, SIZES))
    assert set(shifted["kind"]) == {"description", "title only"}
    errors = shifted.set_index(["kind", "postings", "method"])
    for kind in ("description", "title only"):
        assert errors.loc[(kind, "1000", "true roles"), "focus_error"] == 0
        # These taggers are hardly ever wrong: only the luck of the draw is left.
        assert errors.loc[(kind, "1000", "rolemix"), "focus_error"] < 2
        assert errors.loc[(kind, "1000", "rolemix"), "focus_error_of_mix"] > 0


def test_evaluation_measures_how_often_intervals_hold(evaluation: Evaluation) -> None:
    intervals = evaluation.mix.intervals
    assert intervals["focus_coverage"].between(0, 1).all()
    chosen = intervals[(intervals["kind"] == "description") & (intervals["boards"] == "shifted, one fold")]
    widths = chosen.set_index(["interval", "postings"])["focus_width"]
    assert widths["as shipped", "20"] > widths["as shipped", "1000"] > widths["dispersion 0", "1000"]
    found = evaluation.mix.changes.groupby("replaced_by")["beyond_noise"].mean()
    assert found["the same mix"] < 0.1 < 0.5 < found["another mix"]
