"""An explanation is exact, term by term, and its terms are words of the posting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.model.explanation import GLOSSARY, ExplanationError, explain
from classifier.model.tag import Row, RowError
from classifier.model.tagger import Tagger
from classifier.text.tokens import fold

ROWS = [
    {"title": "AI产品经理（法律方向）", "description": "负责产品的需求分析与产品设计，跟进数据标注。"},
    {"title": "Senior Research Engineer,\tTraining Infrastructure", "description": "Distributed training, NCCL."},
    {"title": "Data Center Design Recruiter"},
    {"title": "ＤＡＴＡ　Engineer (m/w/d)", "description": ""},
    {"title": "???", "description": "!!!"},
]


def score(tagger: Tagger, row: Row, role: str) -> float:
    return float(tagger.decision_function([row])[0, tagger.classes_.tolist().index(role)])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["title"])
def test_contributions_add_up_to_the_difference_of_scores(tagger: Tagger, row: Row) -> None:
    found = explain(tagger, row)
    assert found.margin == pytest.approx(score(tagger, row, found.role) - score(tagger, row, found.rival), abs=1e-4)
    assert found.margin == pytest.approx(np.log(found.tag.roles[found.role] / found.tag.roles[found.rival]), abs=1e-4)


@given(title=st.text(min_size=1).filter(str.strip), description=st.text())
def test_contributions_add_up_for_any_text(tagger: Tagger, title: str, description: str) -> None:
    row = {"title": title, "description": description}
    found = explain(tagger, row)
    assert found.margin == pytest.approx(score(tagger, row, found.role) - score(tagger, row, found.rival), abs=1e-4)


def test_defaults_are_the_predicted_role_and_the_next_probable(tagger: Tagger) -> None:
    found = explain(tagger, ROWS[0])
    (tag,) = tagger.tag([ROWS[0]])
    first, second = sorted(tag.roles, key=lambda role: -tag.roles[role])[:2]
    assert (found.tag, found.role, found.rival) == (tag, first, second)
    assert found.role == "product-management"


def test_exchanging_role_and_rival_reverses_every_value(tagger: Tagger) -> None:
    there = explain(tagger, ROWS[2], role="data-centre", rival="product-design")
    back = explain(tagger, ROWS[2], role="product-design", rival="data-centre")
    assert back.prior == pytest.approx(-there.prior)
    assert {(one.block, one.term): -one.value for one in back.contributions} == pytest.approx(
        {(one.block, one.term): one.value for one in there.contributions}
    )
    assert [one.term for one in there.opposing()] == [one.term for one in back.supporting()]


def test_strongest_contributions_come_first(tagger: Tagger) -> None:
    found = explain(tagger, ROWS[1])
    sizes = [abs(one.value) for one in found.contributions]
    assert sizes == sorted(sizes, reverse=True)
    assert len(found.supporting(2)) == 2
    assert found.supporting(2) == found.supporting()[:2]


@pytest.mark.parametrize("row", ROWS[:4], ids=lambda row: row["title"])
def test_character_n_grams_are_attributed_to_words(tagger: Tagger, row: dict[str, str]) -> None:
    told = {one.term for one in explain(tagger, row).contributions if one.block == "title_characters"}
    assert told
    words = fold(row["title"])
    assert all(term in words for term in told)
    assert not any(" " in term for term in told)
    assert {"产品", "经理"} <= told or {"data"} <= told or {"research", "training"} <= told


def test_pairs_of_chinese_words_have_no_space(tagger: Tagger) -> None:
    terms = {one.term for one in explain(tagger, ROWS[0]).contributions if one.block == "title_words"}
    assert "产品经理" in terms


@pytest.mark.parametrize(("row", "title_only"), [(ROWS[0], False), (ROWS[2], True), (ROWS[4], True)])
def test_title_only_means_no_known_word_of_a_description(tagger: Tagger, row: Row, title_only: bool) -> None:
    found = explain(tagger, row)
    assert found.title_only is title_only
    if title_only:
        assert not [one for one in found.contributions if one.block == "description_words"]


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        ({"role": "wizard"}, "does not have the role 'wizard'"),
        ({"rival": "wizard"}, "does not have the role 'wizard'"),
        ({"role": "software", "rival": "software"}, "software cannot be compared with itself"),
    ],
)
def test_invalid_roles_are_reported(tagger: Tagger, roles: dict[str, str], sentence: str) -> None:
    with pytest.raises(ExplanationError, match=sentence):
        explain(tagger, ROWS[0], **roles)


def test_posting_without_a_title_is_refused(tagger: Tagger) -> None:
    with pytest.raises(RowError, match="has no title"):
        explain(tagger, {"description": "words"})


def test_of_several_job_tracks_the_most_probable_is_explained(tagger: Tagger) -> None:
    line = "招聘方向【全职】：分布式存储方向、产品经理方向"
    text = f"{line}\n分布式存储方向\n研发存储引擎\n产品经理方向\n撰写需求文档，规划产品"
    row = {"title": "工程师", "description": text}
    for role, title in (("storage", "工程师 (分布式存储方向)"), ("product-management", "工程师 (产品经理方向)")):
        found = explain(tagger, row, role=role, rival="corporate")
        assert (found.job_tracks, found.title) == (2, title)
    assert explain(tagger, ROWS[0]).job_tracks == 1


def test_words_of_the_glossary_have_their_own_block(tagger: Tagger) -> None:
    found = explain(tagger, ROWS[0])
    translated = {one.term for one in found.contributions if one.block == GLOSSARY}
    assert "product" in translated
    assert all(one.term != "product" for one in found.contributions if one.block == "title_words")
    assert not [one for one in explain(tagger, ROWS[1]).contributions if one.block == GLOSSARY]
