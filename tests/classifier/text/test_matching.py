"""Words of a vocabulary are found in texts as a search one text, word and character at a time finds them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text import matching
from classifier.text.matching import WordMatcher
from classifier.text.tokens import fold

_HAN = "㐀-䶿一-鿿"
_SINGLE = "数据库分布式存储"

_texts = st.lists(
    st.one_of(
        st.text(st.sampled_from(f"{_SINGLE}㐀鿿䷀𠀀abcß9_+#.·é\u0301\n ２ａ"), max_size=30),
        st.text(max_size=15),
    ).map(fold),
    max_size=6,
)
_words = st.lists(
    st.one_of(
        st.text(st.sampled_from(_SINGLE), min_size=1, max_size=9),
        st.text(st.sampled_from("abcß9é𠀀"), min_size=1, max_size=4),
        st.sampled_from(["c++", "c#", "a+", "b 数", "数a", "_", "", "+"]),
    ),
    unique=True,
    max_size=25,
)


def search(words: Sequence[str], text: str) -> tuple[list[tuple[int, int]], int, int]:
    """Return the start and the column of each match, the number of words, and how many a match covers."""
    columns = {word: column for column, word in enumerate(words)}
    found, count, covered = [], 0, 0
    for run in re.finditer(rf"[{_HAN}]+|[^\W_{_HAN}]+[+#]*", text):
        start, stop = run.span()
        if not re.match(f"[{_HAN}]", run[0]):
            count += 1
            if run[0] in columns:
                covered += 1
                found.append((start, columns[run[0]]))
            continue
        count += len(run[0])
        reached, inside = 0, set()
        for first in range(start, stop):
            ends = [end for end in range(first + 2, stop + 1) if text[first:end] in columns]
            if ends and ends[-1] > reached:
                reached = ends[-1]
                inside |= set(range(first, reached))
                found.append((first, columns[text[first:reached]]))
        covered += len(inside)
    return found, count, covered


def check(words: Sequence[str], texts: Sequence[str]) -> None:
    matches = WordMatcher(words).find(texts)
    found = list(zip(matches.row.tolist(), matches.start.tolist(), matches.column.tolist(), strict=True))
    expected = [search(words, text) for text in texts]
    assert found == [(row, *match) for row, (each, _, _) in enumerate(expected) for match in each]
    assert matches.words.tolist() == [count for _, count, _ in expected]
    assert matches.matched.tolist() == [covered for _, _, covered in expected]


@given(_words, _texts)
def test_matches_are_those_of_a_plain_search(words: list[str], texts: list[str]) -> None:
    check(words, texts)


@given(_words, st.lists(st.text(st.sampled_from(f"{_SINGLE}ab c"), max_size=9), min_size=3, max_size=9))
def test_matches_do_not_depend_on_how_many_texts_are_searched_at_once(words: list[str], texts: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_CHARACTERS_AT_ONCE", 8)
        check(words, texts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("分布式数据库存储", ["分布式", "数据库", "库存"]),  # 库存 overlaps, 数据 lies inside
        ("c c++ c# c+++", ["c", "c++", "c#"]),
        ("数据_数 据c++数据", ["数据", "c++", "数据"]),
        ("cc", []),
        ("", []),
    ],
)
def test_examples(text: str, expected: list[str]) -> None:
    words = ["数据", "数据库", "库存", "分布式", "布式", "数", "c", "c++", "c#"]
    matches = WordMatcher(words).find([text])
    assert [words[column] for column in matches.column] == expected


def test_a_long_word_and_a_long_text_are_found() -> None:
    word = "分布式数据库管理系统内核研发工程师"
    matches = WordMatcher([word, word[:-1], "a" * 300]).find(["分" * 200_000 + word, "a" * 300])
    assert (matches.column.tolist(), matches.start.tolist()) == ([0, 2], [200_000, 0])


def test_nothing_is_found_without_words_or_texts() -> None:
    assert len(WordMatcher([]).find(["数据 c++", ""]).row) == 0
    assert WordMatcher([]).find(["数据 c++", ""]).words.tolist() == [3, 0]
    assert len(WordMatcher(["数据"]).find([]).words) == 0


@pytest.mark.parametrize("words", [["a", "b", "a"], ["数据", "数据"]])
def test_a_repeated_word_is_refused(words: list[str]) -> None:
    with pytest.raises(ValueError, match="repeats a word"):
        WordMatcher(words)
