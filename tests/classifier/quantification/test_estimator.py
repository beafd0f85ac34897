"""Mixes are right on boards of a known mix, wide where they must be, and the same each time."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import sklearn
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError

from classifier.arrays import Floats
from classifier.decision import decide
from classifier.model.tagger import Tagger
from classifier.quantification.estimand import Estimand
from classifier.quantification.estimator import MOVED, WIDE, MixQuantifier
from classifier.quantification.fitting import FEWEST
from classifier.quantification.mix import MixError, ScoredPostings
from classifier.taxonomy import Taxonomy
from classifier.training.corpus import Corpus
from tests.classifier.quantification.synthetic import (
    PRIOR,
    ROLES,
    SHIFTED,
    board,
    certain,
    held_out,
    quantifier_with,
    score,
)
from tests.classifier.world import CHECKS_WITHOUT_DATA

TAXONOMY = Taxonomy.load()


def counted(scored: ScoredPostings) -> Floats:
    return np.bincount(decide(scored.probabilities, ROLES, TAXONOMY), minlength=len(ROLES)) / len(scored)


def test_shifted_mix_is_found_better_than_by_counting() -> None:
    for seed in range(10):
        scored, truth = board(SHIFTED, 400, seed)
        true = np.bincount(truth) / len(truth)
        errors = [np.abs(found - true).sum() for found in (quantifier_with().shares(scored), counted(scored))]
        assert errors[0] < errors[1]


@pytest.mark.parametrize("size", [20, 40, 400])
def test_no_share_is_far_from_the_count_of_tags(size: int) -> None:
    for seed in range(10):
        scored, _ = board(SHIFTED, size, seed)
        difference = quantifier_with().shares(scored) - counted(scored)
        assert np.abs(difference).sum() / 2 <= MOVED + 1e-9
        assert difference * size == pytest.approx(np.round(difference * size))


@pytest.mark.parametrize("size", [1, 5, 19])
def test_the_tags_of_very_few_postings_are_counted(size: int) -> None:
    for seed in range(10):
        scored, _ = board(SHIFTED, size, seed)
        assert quantifier_with().shares(scored) == pytest.approx(counted(scored))


def test_doubt_on_every_posting_is_no_evidence_of_a_rare_role() -> None:
    rare = np.array([0.0, 0.4, 0.0, 0.0, 0.6])
    for size in (1, 30):
        mix = quantifier_with().estimate(ScoredPostings(ROLES, np.tile(rare, (size, 1))))
        assert mix.by_role["software"].share >= 1 - MOVED
        # Whether they are of the rare role after all is what the interval tells.
        assert mix.by_role["training-data"].high > 0.4


def test_more_certain_postings_of_a_role_never_lower_its_share() -> None:
    scored, _ = board(SHIFTED, 60)
    shares = []
    for more in range(0, 60, 5):
        probabilities = scored.probabilities.copy()
        probabilities[:more] = np.eye(len(ROLES))[0]
        shares.append(quantifier_with().shares(ScoredPostings(ROLES, probabilities))[0])
    assert (np.diff(shares) >= 0).all()


def test_certain_tags_are_counted() -> None:
    truth = np.array([0, 1, 1, 2, 4, 4, 4, 4])
    counts = np.bincount(truth, minlength=len(ROLES))
    on_board, hired = (quantifier_with(spread=1.0).estimate(certain(truth), estimand) for estimand in Estimand)
    for role, count in zip(ROLES, counts.tolist(), strict=True):
        line = on_board.by_role[role]
        assert (line.low, line.share, line.high) == pytest.approx((count / 8,) * 3)
        line = hired.by_role[role]
        assert line.low < line.high
        assert line.share == pytest.approx(count / 8)


def test_what_is_hired_is_less_certain_than_what_is_on_the_board() -> None:
    for size in (20, 200):
        scored, _ = board(SHIFTED, size)
        widths = [
            sum(line.high - line.low for line in quantifier_with(spread=0.5).estimate(scored, estimand).lines)
            for estimand in Estimand
        ]
        assert widths[0] < widths[1]


def test_lines_fit_together() -> None:
    scored, _ = board(SHIFTED, 60)
    mix = quantifier_with(spread=0.5).estimate(scored)
    assert list(mix.by_focus) == list(TAXONOMY.focus_names)
    assert sum(line.share for line in mix.by_focus.values()) == pytest.approx(1)
    for line in mix.lines:
        assert 0 <= line.low <= line.share <= line.high <= 1
        assert line.count == pytest.approx(60 * line.share)
        assert line.low == 0 or line.low * 60 >= 0.5
        if line.role is not None:
            assert TAXONOMY.focus_by_role[line.role] == line.focus
    for focus, line in mix.by_focus.items():
        roles = [role.share for role in mix.by_role.values() if role.focus == focus]
        assert line.share == pytest.approx(sum(roles))


def test_the_same_postings_give_the_same_mix() -> None:
    scored, _ = board(SHIFTED, 60)
    assert quantifier_with().estimate(scored) == quantifier_with().estimate(scored)


@pytest.fixture(scope="module")
def leaning() -> MixQuantifier:
    """Fitted on companies that lean."""
    return MixQuantifier().fit(held_out(0.5))


@pytest.mark.parametrize("size", [20, 50, 200])
def test_intervals_hold_the_truth_as_often_as_they_promise(leaning: MixQuantifier, size: int) -> None:
    random = np.random.default_rng(3)
    holds: dict[Estimand, list[bool]] = {estimand: [] for estimand in Estimand}
    for _ in range(60):
        shares = (random.dirichlet(np.ones(len(ROLES))) + PRIOR) / 2
        truth = random.choice(len(ROLES), size, p=shares)
        scored = score(truth, random, 0.5 * random.normal())
        own = np.bincount(truth, minlength=len(ROLES)) / size
        for estimand, true in ((Estimand.BOARD, own), (Estimand.HIRING, shares)):
            mix = leaning.estimate(scored, estimand)
            lines = [(mix.by_role[role], share) for role, share in zip(ROLES, true.tolist(), strict=True)]
            holds[estimand] += [line.low - 1e-9 <= share <= line.high + 1e-9 for line, share in lines]
    assert [0.93 <= np.mean(held) <= 0.99 for held in holds.values()] == [True, True]


def test_small_board_has_wide_intervals_and_a_note() -> None:
    small, _ = board(SHIFTED, 18)
    large, _ = board(SHIFTED, 2000)
    mixes = [quantifier_with(spread=0.2).estimate(scored) for scored in (small, large)]
    widths = [max(line.high - line.low for line in mix.by_focus.values()) for mix in mixes]
    assert widths[0] > WIDE > widths[1]
    assert "The intervals are wide: 18 postings tell little" in mixes[0].notes[0]
    assert mixes[1].notes == ()


def test_unusual_postings_get_a_warning() -> None:
    scored, _ = board(SHIFTED, 400)
    confidence = scored.probabilities.max(axis=1).mean()
    unsure = quantifier_with(least_confidence=confidence + 0.01).estimate(scored)
    assert "mean confidence is" in unsure.notes[-1]
    foreign = dataclasses.replace(scored, unknown=np.full(400, 0.5))
    assert "does not know 50% of the words" in quantifier_with(most_unknown=0.4).estimate(foreign).notes[-1]
    assert quantifier_with(least_confidence=confidence - 0.01).estimate(foreign).notes == ()
    few = foreign.part(np.arange(FEWEST - 1))
    notes = quantifier_with(most_unknown=0.4, least_confidence=1.0).estimate(few).notes
    assert not any("out of its depth" in note for note in notes)


def test_no_postings_have_no_mix() -> None:
    none = board(SHIFTED, 5)[0].part(np.zeros(5, dtype=bool))
    with pytest.raises(MixError, match="no postings"):
        quantifier_with().estimate(none)


def test_regrouping_moves_a_role_and_its_interval() -> None:
    scored, _ = board(SHIFTED, 50)
    shipped = quantifier_with().estimate(scored)
    other = quantifier_with().set_params(taxonomy=TAXONOMY.regrouped({"compute": "chips"}))
    regrouped = other.estimate(scored)
    line, role = regrouped.by_focus["chips"], shipped.by_role["compute"]
    assert (line.share, line.low, line.high) == pytest.approx((role.share, role.low, role.high))


def test_postings_of_several_tracks_count_for_each_in_fractions() -> None:
    probabilities = np.zeros((60, len(ROLES)))
    probabilities[:, ROLES.index("compute")] = 0.75
    probabilities[:, ROLES.index("product-management")] = 0.25
    doubtful = quantifier_with().estimate(ScoredPostings(ROLES, probabilities))
    shared = quantifier_with().estimate(ScoredPostings(ROLES, probabilities, several_tracks=np.ones(60, dtype=bool)))
    # Sixty postings of which the role is in doubt are most likely of one role; sixty of both are of both.
    assert doubtful.by_role["compute"].share > 0.9
    assert shared.by_role["compute"].share == pytest.approx(0.75)
    assert shared.by_role["product-management"].share == pytest.approx(0.25)
    assert shared.by_role["product-management"].low < 0.25 < shared.by_role["product-management"].high


# The tagger


def test_mix_of_a_tagger_is_that_of_its_tags(tagger: Tagger) -> None:
    assert tagger.quantifier_ is not None
    shared = {"title": "工程师", "description": "招聘方向：产品经理方向、运维方向"}
    rows = [{"title": "运维工程师", "description": "负责服务器监控"}, {"title": "Data Engineer"}, shared] * 6
    stored = ScoredPostings.of(
        ((tag.roles, row is shared) for tag, row in zip(tagger.tag(rows), rows, strict=True)),
        TAXONOMY.role_names,
    )
    assert tagger.mix(rows).lines == tagger.quantifier_.estimate(stored).lines
    assert tagger.mix(rows, batch=5) == tagger.mix(iter(rows))


def test_board_in_an_unknown_language_gets_a_warning(tagger: Tagger) -> None:
    rows = [{"title": title} for title in ("エンジニア", "مهندس", "Inženýr", "инженер", "μηχανικός") * 4]
    assert any("out of its depth" in note for note in tagger.mix(rows).notes)


def test_tagger_without_a_quantifier_has_no_mix(fitted: Tagger, tmp_path: Path) -> None:
    for tagger in (fitted, Tagger.load(fitted.save(tmp_path))):
        assert tagger.quantifier_ is None
        with pytest.raises(MixError, match="rolemix train"):
            tagger.mix([{"title": "SRE"}])


def test_quantifier_is_saved_with_the_model(corpus: Corpus, tmp_path: Path) -> None:
    own = quantifier_with(spread=0.0123)
    tagger = Tagger().fit(corpus.labelled, [row["role"] for row in corpus.labelled])
    without = tagger.model
    assert tagger.attach_quantifier(own).model != without
    read = Tagger.load(tagger.save(tmp_path))
    assert read.quantifier_ is not None
    assert (read.model, read.quantifier_.to_dict()) == (tagger.model, own.to_dict())
    # It is fitted, like coefficients: neither a clone nor a tagger fitted anew has it.
    assert not hasattr(sklearn.clone(tagger), "quantifier_")
    refitted = tagger.fit(corpus.labelled, [row["role"] for row in corpus.labelled])
    assert (refitted.quantifier_, refitted.model) == (None, without)


def test_quantifier_of_a_tagger_uses_its_taxonomy(tagger: Tagger) -> None:
    regrouped = Tagger.load(taxonomy=TAXONOMY.regrouped({"software": "product"}))
    rows = [{"title": "Software Engineer"}] * 3
    assert tagger.mix(rows).by_role["software"].focus == TAXONOMY.focus_by_role["software"] != "product"
    assert regrouped.mix(rows).by_role["software"].focus == "product"


# scikit-learn's contract


@pytest.mark.parametrize(
    "check",
    CHECKS_WITHOUT_DATA,
)
def test_checks_without_data_pass(check: Callable[[str, BaseEstimator], None]) -> None:
    check("MixQuantifier", MixQuantifier())


def test_clone_keeps_the_taxonomy_and_is_not_fitted() -> None:
    taxonomy = TAXONOMY.regrouped({"compute": "chips"})
    clone = sklearn.clone(quantifier_with().set_params(taxonomy=taxonomy))
    assert clone.get_params() == {"taxonomy": taxonomy}
    some, _ = board(SHIFTED, 5)
    with pytest.raises(NotFittedError):
        clone.estimate(some)
    with pytest.raises(NotFittedError):
        clone.change(some, some, ([True] * 5, [True] * 5))


def test_constants_survive_json() -> None:
    own = quantifier_with(spread=0.0123)
    read = MixQuantifier.from_dict(json.loads(json.dumps(own.to_dict())))
    assert read.to_dict() == own.to_dict()
    assert read.constants_ == own.constants_
    with pytest.raises(TypeError):
        MixQuantifier.from_dict({"described": {}, "bare": {}})


def test_roles_are_those_it_was_fitted_on_in_the_order_of_the_taxonomy() -> None:
    assert quantifier_with().roles == [role for role in TAXONOMY.role_names if role in ROLES]
