"""Cross-validation: no tagger scores a company that it was trained on, and temperatures calibrate scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classifier.model.tagger import Tagger, shipped
from classifier.training.corpus import Corpus, company_groups, read_corpus
from classifier.training.cross_validation import OutOfFold, best_temperature, folds_by_company
from classifier.training.examples import Examples
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
    assert np.array_equal(held_out.scores[held_out.fold == number][:, columns], again.decision_function(outside))


def test_too_few_companies_are_refused() -> None:
    rows = [posting(number, "corporate", 0) | {"company": "Acme"} for number in range(9)]
    with pytest.raises(ValueError, match="cannot split 1 companies into 2 folds"):
        folds_by_company(Examples.of(rows), 2)


def test_temperature_calibrates_overconfident_scores() -> None:
    random = np.random.default_rng(1)
    scores = random.normal(size=(4000, 3))
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    roles = ["abc"[random.choice(3, p=row)] for row in shares]
    assert best_temperature(scores, "abc", roles) == pytest.approx(1, abs=0.1)
    assert best_temperature(scores * 4, "abc", roles) == pytest.approx(4, abs=0.4)


@pytest.mark.shared
def test_no_company_of_the_real_corpus_is_in_two_folds(shared: Path) -> None:
    labelled = read_corpus(shared / "corpora", amendments=shipped()).labelled
    groups = company_groups(labelled)
    fold = folds_by_company(Examples.of(labelled), 5)
    assert len(set(zip(groups, fold.tolist(), strict=True))) == len(set(groups))
