"""The glossary translates German and Chinese terms of titles, and leaves other titles alone."""

from __future__ import annotations

import re

import pytest

from classifier.text.glossary import Glossary
from classifier.text.tokens import fold


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return Glossary.load()


@pytest.mark.parametrize(
    ("title", "english"),
    [
        ("高级算法工程师（推荐）", ["algorithm", "machine", "learning", "recommendation"]),
        ("Produktmanagerin KI (m/w/d)", ["product", "manager", "ai"]),
        ("Product Manager", []),
        ("", []),
    ],
)
def test_terms_are_translated_in_order(glossary: Glossary, title: str, english: list[str]) -> None:
    assert glossary.english(fold(title)) == english


def test_whole_words_are_not_found_inside_words() -> None:
    glossary = Glossary(parts={"算法": "algorithm"}, words={"ki": "ai"})
    assert glossary.english("ki und kita, loki, 算法ki") == ["ai", "algorithm"]


def test_longest_term_wins() -> None:
    glossary = Glossary(parts={"数据": "data", "数据库": "database"}, words={})
    assert glossary.english("数据库与数据") == ["database", "data"]


def test_every_term_is_folded_and_translates_to_words(glossary: Glossary) -> None:
    for term, english in {**glossary.parts, **glossary.words}.items():
        assert term == fold(term)
        assert english.split()
        assert english == fold(english)


def test_it_is_loaded_once() -> None:
    assert Glossary.load() is Glossary.load()


def test_every_term_is_one_run_of_letters() -> None:
    glossary = Glossary.load()
    assert all(re.fullmatch(r"\w+", term) for term in (*glossary.parts, *glossary.words))
