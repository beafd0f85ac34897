"""The mix: right on boards of a known mix, wide where it must be, and the same each time."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import sklearn

from classifier.evaluation.mixes import SIZES, MixEvaluation, evaluate_mix
from classifier.model.tagger import Tagger
from classifier.quantification.estimator import (
    FEWEST,
    WIDE,
    Calibration,
    Constants,
    MixError,
    Scored,
    compare,
    draw,
    estimate,
    likelihoods,
    prevalence,
)
from classifier.quantification.fitting import calibrate
from classifier.quantification.protocols import HeldOut, company_boards, shifted_boards
from classifier.taxonomy import Taxonomy
from classifier.training.cross_validation import folds_by_company, out_of_fold
from classifier.training.examples import Examples
from tests.classifier.world import small_corpus

ROLES = ("compute", "training-data", "product-management", "model-research", "software")
"""One of each focus."""
PRIOR = np.array([0.1, 0.05, 0.05, 0.1, 0.7])
"""The balance that the tagger of these tests was trained on."""
TAXONOMY = Taxonomy.load()

_Indices = npt.NDArray[np.intp]


def constants(**changes: object) -> Constants:
    values = {
        "sharpness": 1.0,
        "prior": dict(zip(ROLES, PRIOR.tolist(), strict=True)),
        "dispersion": 0.0,
        "least_confidence": 0.0,
        "most_unknown": 1.0,
    }
    return Constants(**(values | changes))  # type: ignore[arg-type]


def calibration(**changes: object) -> Calibration:
    return Calibration(constants(**changes), constants(**changes))


def said(truth: _Indices, random: np.random.Generator, shift: float = 0.0) -> Scored:
    """What a perfectly calibrated tagger says: the posterior under `PRIOR` of a noisy look at each posting.

    A shift makes what it sees of all these postings lean towards the first role, as a company's own words may.
    """
    seen = np.eye(len(ROLES))[truth] * 2 + random.normal(size=(len(truth), len(ROLES)))
    seen[:, 0] += shift
    weights = PRIOR * np.exp(2 * seen)
    probabilities = weights / weights.sum(axis=1, keepdims=True)
    return Scored(ROLES, probabilities, np.ones(len(truth), dtype=bool))


def board(shares: list[float], size: int, seed: int = 0) -> tuple[Scored, _Indices]:
    random = np.random.default_rng(seed)
    truth = random.choice(len(ROLES), size, p=shares)
    return said(truth, random), truth


SHIFTED = [0.3, 0.2, 0.2, 0.2, 0.1]


def test_a_shifted_mix_is_found_where_counting_is_far_off() -> None:
    scored, truth = board(SHIFTED, 2000)
    true = np.bincount(truth) / len(truth)
    counted = np.bincount(scored.probabilities.argmax(axis=1), minlength=len(ROLES)) / len(truth)
    mix = estimate(scored, calibration(), TAXONOMY)
    found = np.array([mix.roles[role].share for role in ROLES])
    assert np.abs(found - true).max() < 0.03
    assert np.abs(counted - true).max() > 0.1


def test_lines_fit_together() -> None:
    scored, _ = board(SHIFTED, 60)
    mix = estimate(scored, calibration(dispersion=0.01), TAXONOMY)
    assert list(mix.focuses) == list(TAXONOMY.focus_names)
    assert sum(line.share for line in mix.focuses.values()) == pytest.approx(1)
    for line in mix.lines:
        assert 0 <= line.low <= line.share <= line.high <= 1
        assert line.count == pytest.approx(60 * line.share)
        assert line.low == 0 or line.low * 60 >= 0.5
        if line.role is not None:
            assert TAXONOMY.focus_by_role[line.role] == line.focus
    for focus, line in mix.focuses.items():
        roles = [role.share for role in mix.roles.values() if role.focus == focus]
        assert line.share == pytest.approx(sum(roles))


def test_the_same_postings_give_the_same_mix() -> None:
    scored, _ = board(SHIFTED, 60)
    assert estimate(scored, calibration(), TAXONOMY) == estimate(scored, calibration(), TAXONOMY)


@pytest.mark.parametrize("size", [50, 300])
def test_intervals_hold_the_truth_as_often_as_they_promise(size: int) -> None:
    random = np.random.default_rng(3)
    holds = []
    for _ in range(120):
        shares = random.dirichlet(np.ones(len(ROLES)))
        mix = estimate(said(random.choice(len(ROLES), size, p=shares), random), calibration(), TAXONOMY)
        holds += [
            mix.roles[role].low <= share <= mix.roles[role].high for role, share in zip(ROLES, shares, strict=True)
        ]
    assert 0.92 <= np.mean(holds) <= 0.98


def test_a_small_board_is_wide_and_says_so() -> None:
    small, _ = board(SHIFTED, 18)
    large, _ = board(SHIFTED, 2000)
    mixes = [estimate(scored, calibration(dispersion=0.01), TAXONOMY) for scored in (small, large)]
    widths = [max(line.high - line.low for line in mix.focuses.values()) for mix in mixes]
    assert widths[0] > WIDE > widths[1]
    assert "The intervals are wide: 18 postings say little" in mixes[0].notes[0]
    assert mixes[1].notes == ()


def test_no_number_of_postings_outweighs_the_dispersion() -> None:
    scored, _ = board(SHIFTED, 5000)
    widths = [
        estimate(scored, calibration(dispersion=much), TAXONOMY).focuses["infrastructure"] for much in (0.0, 0.01)
    ]
    without, having = (line.high - line.low for line in widths)
    assert without < 0.06
    # 5000 postings count as 98: a share of 0.3 is known to about 0.18.
    assert 0.14 < having < 0.24


def test_out_of_its_depth_is_said() -> None:
    scored, _ = board(SHIFTED, 400)
    confidence = scored.probabilities.max(axis=1).mean()
    unsure = estimate(scored, calibration(least_confidence=confidence + 0.01), TAXONOMY)
    assert "mean confidence is" in unsure.notes[-1]
    foreign = dataclasses.replace(scored, unknown=np.full(400, 0.5))
    assert "does not know 50% of the words" in estimate(foreign, calibration(most_unknown=0.4), TAXONOMY).notes[-1]
    assert estimate(foreign, calibration(least_confidence=confidence - 0.01), TAXONOMY).notes == ()
    few = foreign.part(np.arange(FEWEST - 1))
    notes = estimate(few, calibration(most_unknown=0.4, least_confidence=1.0), TAXONOMY).notes
    assert not any("out of its depth" in note for note in notes)


def test_no_postings_have_no_mix() -> None:
    none = board(SHIFTED, 5)[0].part(np.zeros(5, dtype=bool))
    with pytest.raises(MixError, match="no postings"):
        estimate(none, calibration(), TAXONOMY)
    with pytest.raises(MixError, match="no postings"):
        compare(none, board(SHIFTED, 5)[0], ([], [False] * 5), calibration(), TAXONOMY)


def test_each_kind_of_posting_has_its_own_constants() -> None:
    scored, _ = board(SHIFTED, 50)
    other = Calibration(constants(), constants(prior=dict.fromkeys(ROLES, 0.2)))
    bare = dataclasses.replace(scored, described=np.zeros(50, dtype=bool))
    assert np.allclose(likelihoods(scored, other), scored.probabilities / PRIOR)
    assert np.allclose(likelihoods(bare, other), scored.probabilities / 0.2)


def test_sharpness_is_a_power_of_the_probabilities() -> None:
    scored, _ = board(SHIFTED, 50)
    raised = scored.probabilities**1.5
    expected = raised / raised.sum(axis=1, keepdims=True) / PRIOR
    assert np.allclose(likelihoods(scored, calibration(sharpness=1.5)), expected)


def test_regrouping_moves_a_role_and_its_interval() -> None:
    scored, _ = board(SHIFTED, 50)
    shipped = estimate(scored, calibration(), TAXONOMY)
    regrouped = estimate(scored, calibration(), TAXONOMY.regrouped({"compute": "chips"}))
    line, role = regrouped.focuses["chips"], shipped.roles["compute"]
    assert (line.share, line.low, line.high) == pytest.approx((role.share, role.low, role.high))


def test_draws_centre_on_the_estimate() -> None:
    scored, _ = board(SHIFTED, 500)
    evidence = likelihoods(scored, calibration())
    draws = draw(evidence, 0.0, draws=2000)
    assert draws.shape == (2000, len(ROLES))
    assert np.allclose(draws.sum(axis=1), 1)
    assert np.abs(draws.mean(axis=0) - prevalence(evidence)).max() < 0.01


# Changes


def changes(before: _Indices, now: _Indices, stayed: int, seed: int = 0) -> list[bool]:
    """Whether each focus moved beyond the noise, where the first so many of both are the same postings."""
    random = np.random.default_rng(seed)
    kept = said(before[:stayed], random).probabilities
    sides = [
        dataclasses.replace(
            rest, probabilities=np.concatenate([kept, rest.probabilities]), described=np.ones(size, bool)
        )
        for rest, size in ((said(side[stayed:], random), len(side)) for side in (before, now))
    ]
    flags = ([number < stayed for number in range(len(side))] for side in (before, now))
    found = compare(sides[0], sides[1], tuple(flags), calibration(dispersion=0.01), TAXONOMY)  # type: ignore[arg-type]
    return [change.beyond_noise for (_, role), change in found.items() if role is None]


def test_nothing_opened_and_nothing_closed_is_no_change() -> None:
    truth = np.array([0, 1, 2, 3, 4] * 8)
    assert not any(changes(truth, truth, len(truth)))


def test_one_posting_is_noise_and_many_are_not() -> None:
    before = np.array([4] * 20)
    assert not any(changes(before, np.append(before, 2), 20))
    assert changes(before, np.append(before, [2] * 20), 20) == [False, False, True, False, True]


def test_chance_alone_seldom_looks_like_a_change() -> None:
    random = np.random.default_rng(5)
    alarms: list[bool] = []
    for seed in range(60):
        shares = random.dirichlet(np.ones(len(ROLES)))
        before, now = random.choice(len(ROLES), (2, 50), p=shares)
        alarms += changes(before, np.concatenate([before[:40], now[40:]]), 40, seed)
    assert np.mean(alarms) <= 0.05


# Constants


def held_out(shift: float) -> HeldOut:
    """Postings of 30 companies in three folds, of which each leans its own way."""
    random = np.random.default_rng(7)
    truth = random.choice(len(ROLES), (30, 40), p=PRIOR)
    said_of = [
        said(own, random, lean).probabilities for own, lean in zip(truth, random.normal(size=30) * shift, strict=True)
    ]
    return HeldOut(
        ROLES,
        np.concatenate(said_of),
        truth.ravel(),
        np.repeat(np.arange(30) % 3, 40),
        np.repeat([f"Firma {number}" for number in range(30)], 40),
        np.repeat(np.arange(30) / 100, 40),
    )


@pytest.fixture(scope="module")
def found_for() -> dict[float, Constants]:
    """The constants of companies alike and of companies that lean."""
    kinds = calibrate(held_out(0), held_out(1.5), TAXONOMY)
    return {0: kinds.described, 1.5: kinds.bare}


def test_companies_of_their_own_words_need_a_larger_dispersion(found_for: dict[float, Constants]) -> None:
    assert found_for[1.5].dispersion > 2 * found_for[0].dispersion


def test_probabilities_that_are_right_are_not_sharpened(found_for: dict[float, Constants]) -> None:
    assert found_for[0].sharpness == 1


def test_constants_are_those_of_the_companies(found_for: dict[float, Constants]) -> None:
    held, found = held_out(0), found_for[0]
    assert found.prior == pytest.approx(dict(zip(ROLES, held.probabilities.mean(axis=0), strict=True)), abs=1e-6)
    assert found.most_unknown == pytest.approx(np.quantile(np.arange(30) / 100, 0.95), abs=1e-3)
    assert 0 < found.least_confidence < held.probabilities.max(axis=1).mean()


def test_a_calibration_survives_json() -> None:
    own = calibration(dispersion=0.0123)
    assert Calibration.from_dict(json.loads(json.dumps(own.to_dict()))) == own


def test_shifted_boards_are_drawn_from_their_mix() -> None:
    truth = np.repeat([0, 1, 3], [5, 50, 500])
    random = np.random.default_rng(0)
    boards = list(shifted_boards(truth, 3000, 4, random))
    for drawn in boards:
        assert drawn.prevalence[2] == 0
        assert np.abs(np.bincount(truth[drawn.postings], minlength=4) / 3000 - drawn.prevalence).max() < 0.05
    assert len({tuple(drawn.prevalence) for drawn in boards}) == 4


def test_a_companys_boards_are_its_own() -> None:
    held = held_out(0)
    small = held.part((held.company != "Firma 3") | (np.arange(len(held.truth)) % 40 < 10))
    boards = list(company_boards(small, 1, np.random.default_rng(0)))
    assert len(boards) == 29
    for drawn in boards:
        assert len(set(small.company[drawn.postings])) == 1


def test_postings_of_several_directions_count_for_each_as_much_as_they_are_of_it() -> None:
    probabilities = np.zeros((60, len(ROLES)))
    probabilities[:, ROLES.index("compute")] = 0.75
    probabilities[:, ROLES.index("product-management")] = 0.25
    every = np.ones(60, dtype=bool)
    doubtful = estimate(Scored(ROLES, probabilities, every), calibration(), TAXONOMY)
    shared = estimate(Scored(ROLES, probabilities, every, shared=every), calibration(), TAXONOMY)
    # The same doubt sixty times over is most likely one role; sixty shared postings are of both.
    assert doubtful.roles["compute"].share > 0.9
    assert shared.roles["compute"].share == pytest.approx(0.75)
    assert shared.roles["product-management"].share == pytest.approx(0.25)
    assert shared.roles["product-management"].low < 0.25 < shared.roles["product-management"].high


# The tagger


def test_taggers_mix_is_that_of_its_tags() -> None:
    tagger = Tagger.load()
    assert tagger.calibration is not None
    shared = {"title": "工程师", "description": "招聘方向：产品经理方向、运维方向"}
    rows = [{"title": "运维工程师", "description": "负责服务器监控"}, {"title": "Data Engineer"}, shared] * 6
    stored = Scored.of(
        ((tag.roles, "description" in row, row is shared) for tag, row in zip(tagger.tag(rows), rows, strict=True)),
        TAXONOMY.role_names,
    )
    assert tagger.mix(rows).lines == estimate(stored, tagger.calibration, TAXONOMY).lines
    assert tagger.mix(rows, batch=5) == tagger.mix(iter(rows))


def test_a_board_in_another_tongue_is_out_of_the_taggers_depth() -> None:
    rows = [{"title": title} for title in ("エンジニア", "مهندس", "Inženýr", "инженер", "μηχανικός") * 4]
    assert any("out of its depth" in note for note in Tagger.load().mix(rows).notes)


def test_a_tagger_that_was_not_calibrated_says_so(tmp_path: Path) -> None:
    corpus = small_corpus()
    tagger = Tagger().fit(corpus.labelled, [row["role"] for row in corpus.labelled])
    for one in (tagger, Tagger.load(tagger.save(tmp_path))):
        with pytest.raises(MixError, match="rolemix train"):
            one.mix([{"title": "SRE"}])


def test_a_calibration_is_saved_with_the_model(tmp_path: Path) -> None:
    corpus = small_corpus()
    own = calibration(dispersion=0.0123)
    tagger = Tagger(calibration=own).fit(corpus.labelled, [row["role"] for row in corpus.labelled])
    assert Tagger.load(tagger.save(tmp_path)).calibration == own
    assert sklearn.clone(tagger).calibration == own


# The evaluation


@pytest.fixture(scope="module")
def evaluation() -> MixEvaluation:
    examples = Examples.of(small_corpus().labelled)
    return evaluate_mix(out_of_fold(Tagger(), examples, folds_by_company(examples, 2)), examples, TAXONOMY, boards=3)


def test_evaluation_has_every_method_and_size(evaluation: MixEvaluation) -> None:
    shifted = evaluation.errors[evaluation.errors["boards"] == "shifted, one fold"]
    assert set(shifted["postings"]) == set(map(str, SIZES))
    assert set(shifted["kind"]) == {"description", "title only"}
    errors = shifted.set_index(["kind", "postings", "method"])
    for kind in ("description", "title only"):
        assert errors.loc[(kind, "1000", "true roles"), "focus_error"] == 0
        # These taggers are hardly ever wrong: only the luck of the draw is left.
        assert errors.loc[(kind, "1000", "rolemix"), "focus_error"] < 2
        assert errors.loc[(kind, "1000", "rolemix"), "focus_error_of_mix"] > 0


def test_evaluation_tells_how_often_intervals_hold(evaluation: MixEvaluation) -> None:
    intervals = evaluation.intervals
    assert intervals["focus_coverage"].between(0, 1).all()
    chosen = intervals[(intervals["kind"] == "description") & (intervals["boards"] == "shifted, one fold")]
    widths = chosen.set_index(["interval", "postings"])["focus_width"]
    assert widths["as shipped", "20"] > widths["as shipped", "1000"] > widths["dispersion 0", "1000"]
    said = evaluation.changes.groupby("replaced_by")["beyond_noise"].mean()
    assert said["the same mix"] < 0.1 < 0.5 < said["another mix"]
