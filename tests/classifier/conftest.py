"""Taggers that several test modules share; tests must not change them."""

from __future__ import annotations

import pytest

from classifier.model.tagger import Tagger
from classifier.training.corpus import Corpus
from tests.classifier.world import small_corpus


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
    """A tagger fitted to the small corpus, without temperatures and calibration."""
    return Tagger().fit(corpus.labelled, [posting["role"] for posting in corpus.labelled])
