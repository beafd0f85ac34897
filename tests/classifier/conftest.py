"""Taggers and an evaluation that several test modules share; tests must not change them."""

from __future__ import annotations

import pytest

from classifier.evaluation.roles import Evaluation
from classifier.model.tagger import Tagger
from classifier.training.corpus import Corpus
from classifier.training.cross_validation import OutOfFold, folds_by_company, out_of_fold
from classifier.training.examples import Examples
from tests.classifier.world import small_corpus, small_evaluation, trained_tagger


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    """The shipped model."""
    return Tagger.load()


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The small corpus of fictional companies."""
    return small_corpus()


@pytest.fixture(scope="session")
def fitted(corpus: Corpus) -> Tagger:
    """A tagger fitted to the small corpus, without fitted blends and a quantifier."""
    return Tagger().fit(corpus.labelled, [posting["role"] for posting in corpus.labelled])


@pytest.fixture(scope="session")
def examples(corpus: Corpus) -> Examples:
    """The small corpus, counted."""
    return Examples.of(corpus.labelled, gold=corpus.gold)


@pytest.fixture(scope="session")
def held_out(examples: Examples) -> OutOfFold:
    """The small corpus, scored out of fold."""
    return out_of_fold(Tagger(), examples, folds_by_company(examples, 3))


@pytest.fixture(scope="session")
def trained() -> Tagger:
    """A tagger trained on the small corpus, with blends and a quantifier."""
    return trained_tagger()


@pytest.fixture(scope="session")
def evaluation() -> Evaluation:
    """The evaluation of that tagger."""
    return small_evaluation()
