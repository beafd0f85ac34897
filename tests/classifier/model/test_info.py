"""What reports and feeds need of a model travels in one object."""

from __future__ import annotations

from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy


def test_info_of_the_shipped_model(tagger: Tagger) -> None:
    info = tagger.info
    assert info.name == tagger.model
    assert info.taxonomy == Taxonomy.load()
    assert info.quantifier is not None


def test_info_has_the_taxonomy_in_use(tagger: Tagger) -> None:
    taxonomy = Taxonomy.load().regrouped({"software": "product"})
    info = Tagger.load(taxonomy=taxonomy).info
    assert info.name == tagger.model
    assert info.taxonomy is taxonomy


def test_tagger_without_calibration_has_no_quantifier(fitted: Tagger) -> None:
    assert fitted.info.quantifier is None
