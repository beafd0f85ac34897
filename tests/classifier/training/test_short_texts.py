"""Copies of postings are cut to lengths, or have a stub; the rest of a posting stays."""

from __future__ import annotations

from classifier.text.stubs import without_stub
from classifier.training.corpus import Corpus
from classifier.training.short_texts import _STUBS, LENGTHS, STUB, short_copies


def test_copies_are_ordered_by_length(corpus: Corpus) -> None:
    assert list(short_copies(corpus.labelled)) == [STUB, *map(str, sorted(LENGTHS))]


def test_descriptions_are_cut_to_the_length(corpus: Corpus) -> None:
    copies = short_copies(corpus.labelled)
    for length in LENGTHS:
        for copy, posting in zip(copies[str(length)], corpus.labelled, strict=True):
            assert copy == posting | {"description": posting["description"][:length]}


def test_stubs_depend_on_the_id_alone(corpus: Corpus) -> None:
    stubs = short_copies(corpus.labelled)[STUB]
    assert [copy | {"description": ""} for copy in stubs] == [row | {"description": ""} for row in corpus.labelled]
    backwards = short_copies([row | {"title": "x"} for row in reversed(corpus.labelled)])[STUB]
    assert [copy["description"] for copy in stubs] == [copy["description"] for copy in reversed(backwards)]
    assert {copy["description"] for copy in stubs} <= set(_STUBS)
    assert len({copy["description"] for copy in stubs}) > len(_STUBS) / 2


def test_some_stubs_are_dropped_and_others_say_little() -> None:
    # A tagger must meet both kinds: those that are known to be stubs, and those that nothing recognises.
    dropped = [stub for stub in _STUBS if not without_stub(stub)]
    assert 5 <= len(dropped) < len(_STUBS)


def test_original_postings_are_not_changed(corpus: Corpus) -> None:
    before = [dict(row) for row in corpus.labelled]
    short_copies(corpus.labelled)
    assert list(corpus.labelled) == before


def test_empty_description_stays_empty() -> None:
    row = {"id": "1", "title": "SRE", "description": ""}
    copies = short_copies([row])
    assert [copies[str(length)][0]["description"] for length in LENGTHS] == [""] * len(LENGTHS)
