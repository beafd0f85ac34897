"""Tagger and PostingVectorizer are scikit-learn estimators: they clone, and work in pipelines and cross-validation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
import pytest
import sklearn
from sklearn.base import BaseEstimator, TransformerMixin, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_predict, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.validation import check_is_fitted

from classifier.model.blend import Blend
from classifier.model.tag import Row
from classifier.model.tagger import Tagger
from classifier.model.vectorizer import PostingVectorizer
from classifier.taxonomy import Taxonomy
from classifier.training.corpus import Corpus, company_groups
from tests.classifier.world import CHECKS_WITHOUT_DATA


class TitlesOnly(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A step before the tagger: it selects what the tagger may read of each row."""

    def __init__(self, *, keep: bool = False) -> None:
        self.keep = keep

    def fit(self, rows: Sequence[Row], roles: object = None) -> Self:
        return self

    def transform(self, rows: Sequence[Row]) -> list[Row]:
        return [row if self.keep else {"title": row["title"]} for row in rows]


@pytest.fixture(scope="module")
def roles(corpus: Corpus) -> list[str]:
    return [posting["role"] for posting in corpus.labelled]


# check_estimator passes arrays of numbers to `fit`, and the rows of these estimators are mappings with text. The tags
# tell scikit-learn so. These are its checks that need no data.
@pytest.mark.parametrize("estimator", [Tagger(), PostingVectorizer(), Tagger(vectorizer=PostingVectorizer())], ids=repr)
@pytest.mark.parametrize(
    "check",
    CHECKS_WITHOUT_DATA,
)
def test_checks_without_data_pass(check: Callable[[str, BaseEstimator], None], estimator: BaseEstimator) -> None:
    check(type(estimator).__name__, estimator)


def test_tags_say_that_rows_are_mappings() -> None:
    for estimator in (Tagger(), PostingVectorizer()):
        tags = sklearn.utils.get_tags(estimator)
        assert not tags.input_tags.two_d_array
        assert tags.input_tags.dict
        assert tags.target_tags.required
    assert is_classifier(Tagger())


def test_clone_keeps_the_settings_and_is_not_fitted(fitted: Tagger) -> None:
    tagger = sklearn.clone(fitted).set_params(C=0.3, blend=Blend(halfway=3.0), taxonomy=Taxonomy.load())
    tagger.set_params(vectorizer=PostingVectorizer(min_postings=3), vectorizer__title_weight=0.5)
    clone = sklearn.clone(tagger)
    assert {name: str(value) for name, value in clone.get_params().items()} == {
        name: str(value) for name, value in tagger.get_params().items()
    }
    assert (clone.C, clone.vectorizer.min_postings, clone.vectorizer.title_weight) == (0.3, 3, 0.5)
    assert clone.blends == (Blend(halfway=3.0), Blend())
    assert clone.vectorizer is not tagger.vectorizer
    check_is_fitted(fitted)
    for method in (clone.predict, clone.predict_proba, clone.decision_function):
        with pytest.raises(NotFittedError):
            method([{"title": "SRE"}])


def test_clone_of_the_shipped_model_keeps_its_settings(tagger: Tagger) -> None:
    clone = sklearn.clone(tagger)
    for name in ("blend", "chinese_blend", "codebook"):
        assert clone.get_params(deep=False)[name] == getattr(tagger, name)
    assert not hasattr(clone, "classes_")


def test_fitting_does_not_change_the_settings(corpus: Corpus, roles: list[str]) -> None:
    tagger = Tagger(vectorizer=PostingVectorizer(min_postings=3))
    before = {name: str(value) for name, value in tagger.get_params().items()}
    assert tagger.fit(corpus.labelled, roles) is tagger
    assert {name: str(value) for name, value in tagger.get_params().items()} == before
    assert not hasattr(tagger.vectorizer, "terms_")


def test_predictions_agree_with_each_other(fitted: Tagger, corpus: Corpus, roles: list[str]) -> None:
    rows = corpus.labelled
    probabilities, scores = fitted.predict_proba(rows), fitted.decision_function(rows)
    assert probabilities.shape == scores.shape == (len(rows), len(fitted.classes_))
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(len(rows)))
    assert np.array_equal(probabilities.argmax(axis=1), scores.argmax(axis=1))
    # Each focus of this corpus has one role, so that the most probable role is also the one predicted.
    assert np.array_equal(fitted.predict(rows), fitted.classes_[probabilities.argmax(axis=1)])
    assert set(fitted.predict(rows)) <= set(fitted.classes_) == set(roles)
    assert fitted.score(rows, roles) == np.mean(fitted.predict(rows) == np.array(roles)) > 0.9


def test_tagger_is_the_last_step_of_a_pipeline(fitted: Tagger, corpus: Corpus, roles: list[str]) -> None:
    pipeline = Pipeline([("select", TitlesOnly()), ("tag", Tagger(C=1.0))]).fit(corpus.labelled, roles)
    bare = [{"title": posting["title"]} for posting in corpus.labelled]
    alone = Tagger().fit(bare, roles)
    assert np.array_equal(pipeline.predict_proba(corpus.labelled), alone.predict_proba(bare))
    assert pipeline.classes_.tolist() == alone.classes_.tolist()
    assert pipeline.score(corpus.labelled, roles) == alone.score(bare, roles)
    pipeline.set_params(select__keep=True, tag__balance=0.5)
    clone = sklearn.clone(pipeline)
    with pytest.raises(NotFittedError):
        clone.predict(corpus.labelled)
    assert np.array_equal(
        clone.fit(corpus.labelled, roles).predict_proba(corpus.labelled), fitted.predict_proba(corpus.labelled)
    )


def test_pipeline_passes_weights_on(corpus: Corpus, roles: list[str]) -> None:
    weights = np.where(np.array(roles) == "corporate", 0.2, 1.0)
    pipeline = make_pipeline(TitlesOnly(keep=True), Tagger())
    pipeline.fit(corpus.labelled, roles, tagger__sample_weight=weights)
    alone = Tagger().fit(corpus.labelled, roles, weights)
    assert np.array_equal(pipeline.predict_proba(corpus.labelled), alone.predict_proba(corpus.labelled))
    assert alone.model != Tagger().fit(corpus.labelled, roles).model


def test_vectorizer_is_a_step_before_another_classifier(corpus: Corpus, roles: list[str]) -> None:
    pipeline = make_pipeline(PostingVectorizer(), LogisticRegression()).fit(corpus.labelled, roles)
    assert pipeline.score(corpus.labelled, roles) > 0.9
    vectorizer = PostingVectorizer()
    matrix = vectorizer.fit_transform(corpus.labelled, roles)
    assert (matrix != vectorizer.transform(corpus.labelled)).nnz == 0


def test_cross_validation_by_company(corpus: Corpus, roles: list[str]) -> None:
    how: dict[str, Any] = {"cv": GroupKFold(3), "groups": company_groups(corpus.labelled)}
    predicted = cross_val_predict(Tagger(), list(corpus.labelled), roles, **how)
    assert np.mean(predicted == np.array(roles)) > 0.9
    scores = cross_val_score(make_pipeline(TitlesOnly(), Tagger()), list(corpus.labelled), roles, **how)
    assert scores.shape == (3,)
    assert scores.min() > 0.8


def test_settings_can_be_searched(corpus: Corpus, roles: list[str]) -> None:
    search = GridSearchCV(
        Tagger(vectorizer=PostingVectorizer()), {"C": [0.1, 0.6], "vectorizer__min_postings": [2]}, cv=2
    )
    search.fit(list(corpus.labelled), roles)
    assert search.best_params_["C"] in (0.1, 0.6)
    assert search.best_estimator_.predict([{"title": "Recruiter"}]).tolist() == ["corporate"]
