"""Cross-validation: no tagger scores a company that it was trained on, and blends calibrate scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from scipy import special

from classifier.arrays import Floats
from classifier.model.blend import Blend
from classifier.model.linear import log_probabilities
from classifier.model.tagger import Tagger, shipped
from classifier.training.corpus import Corpus, company_groups, read_corpus
from classifier.training.cross_validation import (
    TITLE,
    UNTRAINED,
    WHOLE,
    Blends,
    OutOfFold,
    Texts,
    fit_blends,
    folds_by_company,
    held_out_kinds,
    out_of_fold,
    probabilities_out_of_fold,
    unblended,
)
from classifier.training.examples import Examples
from classifier.training.short_texts import short_copies
from tests.classifier.world import posting


def test_no_company_is_in_two_folds(corpus: Corpus, examples: Examples) -> None:
    fold = folds_by_company(examples, 3)
    groups = company_groups(corpus.labelled)
    assert set(fold) == {0, 1, 2}
    for group in set(groups):
        assert len({number for number, own in zip(fold, groups, strict=True) if own == group}) == 1


def test_out_of_fold_scores_come_from_other_companies(corpus: Corpus, held_out: OutOfFold) -> None:
    number = 1
    inside = [item for item, own in zip(corpus.labelled, held_out.fold, strict=True) if own != number]
    outside = [item for item, own in zip(corpus.labelled, held_out.fold, strict=True) if own == number]
    again = Tagger().fit(inside, [item["role"] for item in inside])
    columns = [held_out.roles.index(role) for role in again.classes_]
    own = held_out.fold == number
    assert held_out.views() == ("title", "stub", "40", "300", "whole")
    for view in held_out.views():
        rows = [item | {"description": ""} for item in outside] if view == TITLE else outside
        if view in held_out.texts and view != WHOLE:
            rows = list(short_copies(outside)[view])
        scores = held_out.scores(view, again.blends, own)[:, columns]
        assert scores == pytest.approx(again.decision_function(rows), abs=1e-4), view
    assert np.array_equal(held_out.scores(WHOLE, again.blends, own)[:, columns], again.decision_function(outside))
    assert np.array_equal(held_out.chinese, np.array([item["lang"] == "zh" for item in corpus.labelled]))


def test_role_that_was_not_trained_on_has_no_probability() -> None:
    rows = [posting(n, ("corporate", "reliability")[n % 2], n // 2) for n in range(40)]
    rows.append(posting(40, "model-research", 0) | {"company": "The Only One"})
    examples = Examples.of(rows)
    fold = np.arange(41) // 2 % 2
    held_out = out_of_fold(Tagger(), examples, fold)
    number = held_out.roles.index("model-research")
    untrained = fold == fold[40]
    assert (held_out.title_margins[untrained, number] == UNTRAINED).all()
    assert all((text.margins[untrained, number] == UNTRAINED).all() for text in held_out.texts.values())
    for probabilities in probabilities_out_of_fold(held_out, examples.roles).values():
        assert probabilities.sum(axis=1) == pytest.approx(1)
        assert (probabilities[untrained, number] < 1e-6).all()


def test_taggers_with_a_codebook_know_its_words(corpus: Corpus, examples: Examples, held_out: OutOfFold) -> None:
    tagger = Tagger(codebook=True)
    found = out_of_fold(tagger, examples, held_out.fold)
    inside = np.flatnonzero(held_out.fold != 0)
    again = tagger.fit_counts(examples.counts.rows(inside), examples.roles[inside].tolist())
    bare = [{"title": item["title"]} for item in np.array(corpus.labelled)[held_out.fold == 0]]
    columns = [found.roles.index(role) for role in again.classes_]
    # Words that only one posting has are not counted in examples, so that the two differ a little.
    scores = found.scores(TITLE, again.blends, held_out.fold == 0)[:, columns]
    assert np.array_equal(scores.argmax(axis=1), again.decision_function(bare).argmax(axis=1))
    assert np.corrcoef(scores.ravel(), again.decision_function(bare).ravel())[0, 1] > 0.98


def test_too_few_companies_are_refused() -> None:
    rows = [posting(number, "corporate", 0) | {"company": "Acme"} for number in range(9)]
    with pytest.raises(ValueError, match="cannot split 1 companies into 2 folds"):
        folds_by_company(Examples.of(rows), 2)


def test_unblended_tagger_keeps_the_other_settings() -> None:
    tagger = Tagger(C=0.3, blend=Blend(halfway=2.0), chinese_blend=Blend(temperature=2.0), codebook=True)
    fresh = unblended(tagger)
    assert fresh.blends == (Blend(), Blend())
    assert (fresh.C, fresh.codebook) == (0.3, True)
    assert tagger.blend == Blend(halfway=2.0)


ROLES = ("a", "b", "c")


def synthetic(blends: Blends, postings: int = 3000, seed: int = 1) -> tuple[OutOfFold, npt.NDArray[np.str_]]:
    """Margins of postings whose roles are drawn with the probabilities that blends give them."""
    random = np.random.default_rng(seed)
    chinese = np.arange(postings) % 2 == 1
    shape = postings, len(ROLES)
    best = random.integers(0, len(ROLES), postings)

    def margins(noise: float) -> Floats:
        drawn = random.normal(-1, noise, shape)
        drawn[np.arange(postings), best] += 0.8
        return drawn

    title = margins(0.4)
    texts = {
        name: Texts(margins(0.4), random.uniform(low, high, postings), np.zeros(postings))
        for name, low, high in (("40", 1.0, 10.0), (WHOLE, 20.0, 60.0))
    }
    found = OutOfFold(ROLES, np.arange(postings) % 3, chinese, title, np.zeros(postings), texts)
    probabilities = special.softmax(found.scores(WHOLE, blends), axis=1)
    truth = (probabilities.cumsum(axis=1) < random.random((postings, 1))).sum(axis=1)
    return found, np.array(ROLES)[truth]


def only(held_out: OutOfFold, view: str) -> OutOfFold:
    texts = {} if view == TITLE else {view: held_out.texts[view]}
    return OutOfFold(
        held_out.roles, held_out.fold, held_out.chinese, held_out.title_margins, held_out.title_unknown, texts
    )


def test_title_temperature_calibrates_overconfident_titles() -> None:
    random = np.random.default_rng(1)
    margins = random.normal(-1.2, 0.5, (6000, 3))
    for temperature in (1.0, 2.5):
        shares = special.softmax(log_probabilities(margins) / temperature, axis=1)
        truth = (shares.cumsum(axis=1) < random.random((6000, 1))).sum(axis=1)
        chinese = np.arange(6000) % 2 == 0
        titles = OutOfFold(ROLES, np.zeros(6000, dtype=np.intp), chinese, margins, np.zeros(6000), {})
        for blend in fit_blends(titles, np.array(ROLES)[truth]):
            assert blend.title_temperature == pytest.approx(temperature, rel=0.12)


def test_temperatures_of_descriptions_are_recovered_for_each_language() -> None:
    blends = Blend(4.0, 1.0, 2.0), Blend(4.0, 1.0, 0.7)
    held_out, roles = synthetic(blends, 8000)
    found = fit_blends(only(held_out, WHOLE), roles)
    for blend, true in zip(found, blends, strict=True):
        # Long descriptions say little of how short ones are blended: their scores count, not each number.
        amounts = np.array([40.0])
        (temperature,) = blend.temperatures(blend.weights(amounts))
        (expected,) = true.temperatures(true.weights(amounts))
        assert temperature == pytest.approx(expected, rel=0.25)
    assert found[0].temperature > 1.4 * found[1].temperature


def test_blend_weighs_the_part_that_tells() -> None:
    held_out, _ = synthetic((Blend(), Blend()))
    random = np.random.default_rng(3)
    truth = held_out.texts[WHOLE].margins.argmax(axis=1)
    roles = np.array(ROLES)[truth]
    noise = random.normal(-1, 0.4, held_out.title_margins.shape)
    useless_title = OutOfFold(ROLES, held_out.fold, held_out.chinese, noise, held_out.title_unknown, held_out.texts)
    text = Texts(noise, held_out.texts[WHOLE].amounts, held_out.texts[WHOLE].unknown)
    useless_text = OutOfFold(
        ROLES,
        held_out.fold,
        held_out.chinese,
        held_out.texts[WHOLE].margins,
        held_out.title_unknown,
        {WHOLE: text},
    )
    by_text, by_title = fit_blends(only(useless_title, WHOLE), roles)[0], fit_blends(useless_text, roles)[0]
    assert by_text.halfway < 5 < 20 < by_title.halfway


def test_roles_that_were_not_trained_on_do_not_change_a_blend() -> None:
    held_out, roles = synthetic((Blend(temperature=2.0), Blend()), 1500)
    chosen = np.arange(1500) % 5 != 0
    expected = fit_blends(held_out, roles, chosen)
    title, texts = held_out.title_margins.copy(), {}
    for number in np.flatnonzero(~chosen):
        title[number, ROLES.index(roles[number])] = UNTRAINED
    for name, text in held_out.texts.items():
        margins = np.where(title == UNTRAINED, UNTRAINED, text.margins)
        texts[name] = Texts(margins, text.amounts, text.unknown)
    found = OutOfFold(ROLES, held_out.fold, held_out.chinese, title, held_out.title_unknown, texts)
    assert fit_blends(found, roles) == expected


def test_language_without_postings_has_the_default_blend() -> None:
    held_out, roles = synthetic((Blend(), Blend()), 400)
    assert fit_blends(held_out, roles, ~held_out.chinese)[1] == Blend()
    assert fit_blends(held_out, roles, ~held_out.chinese)[0] == fit_blends(held_out, roles)[0] != Blend()


def test_probabilities_of_a_fold_do_not_depend_on_its_roles() -> None:
    held_out, roles = synthetic((Blend(), Blend()), 600)
    before = probabilities_out_of_fold(held_out, roles)
    own = held_out.fold == 0
    others = np.where(own, np.roll(roles, 1), roles)
    after = probabilities_out_of_fold(held_out, others)
    assert list(before) == list(held_out.views())
    for view, probabilities in before.items():
        assert probabilities.sum(axis=1) == pytest.approx(1)
        assert np.array_equal(after[view][own], probabilities[own])
    assert not np.array_equal(after[WHOLE][~own], before[WHOLE][~own])


def test_quantifier_is_fitted_on_both_kinds_of_posting(examples: Examples, held_out: OutOfFold) -> None:
    blends = fit_blends(held_out, examples.roles)
    described, bare = held_out_kinds(held_out, examples, blends)
    for kind, view in ((described, WHOLE), (bare, TITLE)):
        assert kind.probabilities == pytest.approx(special.softmax(held_out.scores(view, blends), axis=1))
        assert [kind.roles[number] for number in kind.truth] == examples.roles.tolist()
    assert np.array_equal(bare.unknown, held_out.title_unknown)


@pytest.mark.shared
def test_no_company_of_the_real_corpus_is_in_two_folds(shared: Path) -> None:
    labelled = read_corpus(shared / "corpora", amendments=shipped()).labelled
    groups = company_groups(labelled)
    fold = folds_by_company(Examples.of(labelled), 5)
    assert len(set(zip(groups, fold.tolist(), strict=True))) == len(set(groups))
