"""Estimators follow scikit-learn's protocol, and tagging does without scikit-learn."""

from __future__ import annotations

import subprocess
import sys

import pytest

from classifier.estimators import Estimator
from classifier.model.tagger import Tagger
from classifier.model.vectorizer import PostingVectorizer


def test_parameters_are_set_by_name() -> None:
    tagger = Tagger().set_params(vectorizer__min_postings=3, vectorizer=PostingVectorizer(), C=2)
    assert tagger.get_params()["vectorizer__min_postings"] == 3
    assert tagger.get_params(deep=False).keys() < tagger.get_params().keys()
    assert repr(tagger) == "Tagger(vectorizer=PostingVectorizer(min_postings=3), C=2)"


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(ValueError, match="PostingVectorizer has no parameter 'depth': it has description_characters"):
        PostingVectorizer().set_params(depth=3)


def test_an_estimator_without_parameters_has_none() -> None:
    assert (Estimator().get_params(), repr(Estimator())) == ({}, "Estimator()")


def test_tagging_imports_no_library_that_it_does_not_need() -> None:
    code = (
        "import sys\n"
        "from classifier.model.tagger import Tagger\n"
        "[tag] = Tagger.load().tag([{'title': 'SRE'}])\n"
        "print(tag.role, *sorted({'pandas', 'sklearn', 'scipy.stats'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "reliability\n"
