"""Character n-grams are found as scikit-learn counts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from classifier.text.ngrams import NgramMatcher

_texts = st.lists(
    st.one_of(st.text(st.sampled_from("ab数据𠀀 \t\n\x1c\u3000+"), max_size=12), st.text(max_size=12)),
    max_size=6,
)
_analyze = CountVectorizer(analyzer="char_wb", ngram_range=(2, 4), lowercase=False).build_analyzer()


@given(_texts, st.data())
def test_ngrams_are_those_of_scikit_learn(texts: list[str], data: st.DataObject) -> None:
    every = sorted({term for text in texts for term in _analyze(text)})
    known = sorted(data.draw(st.sets(st.sampled_from(every))) if every else [])
    row, column = NgramMatcher(known).find(texts)
    assert sorted(zip(row.tolist(), column.tolist(), strict=True)) == sorted(
        (number, known.index(term)) for number, text in enumerate(texts) for term in _analyze(text) if term in known
    )


@pytest.mark.parametrize(("known", "texts"), [([], ["ab"]), (["ab"], []), (["ab"], ["", "\0", "b a"])])
def test_nothing_is_found(known: list[str], texts: list[str]) -> None:
    row, column = NgramMatcher(known).find(texts)
    assert len(row) == len(column) == 0


def test_a_repeated_ngram_is_refused() -> None:
    with pytest.raises(ValueError, match="repeats a word"):
        NgramMatcher([" a", "ab", " a"])
