"""Stems narrow patterns to places and lose none of their matches."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postings.facts import hiring, intake, languages, no_opening, requirements
from postings.facts.places.work_model import _IN_TEXT
from postings.facts.stems import Stems, fold, matches_at, matches_near


def test_stems_are_found_in_either_case_with_any_blank_and_over_each_other() -> None:
    stems = Stems("no degree|degree", "degreed")
    assert stems.spans("NO\nDegreed, ＤＥＧＲＥＥ") == [(0, 9), (3, 9), (3, 10), (12, 18)]
    assert stems.starts("No degree") == [0, 3]


def test_every_character_of_a_folded_text_stays_at_its_place() -> None:
    assert fold("İ Ａ B") == "İ a b"


def test_matches_near_a_stem_are_found_once_each_and_others_are_not() -> None:
    pattern, text = re.compile(r"\d"), f"1{' ' * 50}2 year 3 year 4{' ' * 50}5"
    assert [found[0] for found in matches_near(pattern, Stems("year"), text, 9)] == ["2", "3", "4"]
    assert [found[0] for found in matches_near(pattern, Stems("year"), text, 2, before=0)] == ["3", "4"]
    assert list(matches_near(pattern, Stems("month"), text)) == []


def test_matches_at_a_stem_do_not_overlap() -> None:
    assert [found[0] for found in matches_at(re.compile("aa?b?"), Stems("a"), "aab a b")] == ["aab", "a"]


WORDS = """
    BS B.S. B.Sc MS M.S. M.Sc MSc PhD Ph.D. Master's Masters Master degree degree, in of or / . ; , 2 3-5 10+ zwei
    associate bachelor college university advanced relevant high school diploma Abitur abgeschlossenes Studium
    erfolgreich abgeschlossene Ausbildung als Hochschulabschluss Promotion im 本科 及以上学历 硕士 在读 博士
    学历不限 years yrs Jahre -jährige 年 经验 experience two five 人数 : 招聘 3人 positions openings vacancies
    offene Stellen apply by before application deadline Bewerbungsfrist bis zum 截止日期 报名时间 closing date
    urgently hiring needed 急招 dringend gesucht 发表 论文 顶会 published papers strong publication record Erfahrung
    Publikationen this position is not a current opening for our future talent pool evergreen role we are currently
    this 在校生 应届生 2027届 new grad recent graduate graduating in currently enrolled at a program Absolventen
    fully remote on-site in the office hybrid days per week possible home office 远程 办公 混合办公 Location: work
    English german Deutschkenntnisse CET-4 Dutch 英语 日语 Polish polished germany
"""
NEAR = {
    "years": (requirements._YEARS, requirements._YEARS_STEMS, 12, 36),
    "publications": (requirements._PUBLICATIONS, requirements._PUBLICATION_STEMS, 120, None),
    "urgency": (hiring._URGENT, hiring._URGENT_STEMS, 40, None),
    "head-count": (hiring._HEADS, hiring._HEADS_STEMS, 30, 20),
    "deadline": (hiring._CUE, hiring._CUE_STEMS, 90, 16),
    "no opening": (no_opening._TEXT, no_opening._TEXT_STEMS, 70, 90),
    **{
        kind: (pattern, intake._TEXT_STEMS[kind], intake._AFTER, intake._BEFORE)
        for kind, pattern in intake._TEXT_PATTERNS
    },
    **{model.value: (pattern, stems, after, before) for model, pattern, stems, (before, after) in _IN_TEXT},
}
AT = {
    "education": (requirements._EDUCATION, requirements._EDUCATION_STEMS),
    "languages": languages._names(),
}
texts = st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=30).map(" ".join)


@pytest.mark.parametrize("name", NEAR)
@given(text=texts)
def test_no_match_is_lost_near_stems(name: str, text: str) -> None:
    pattern, stems, reach, before = NEAR[name]
    first = next(matches_near(pattern, stems, text, reach, before=before), None)
    expected = pattern.search(text)
    assert (first and first.span()) == (expected and expected.span())


@pytest.mark.parametrize("name", AT)
@given(text=texts)
def test_no_match_is_lost_at_stems(name: str, text: str) -> None:
    pattern, stems = AT[name]
    spans = [found.span() for found in matches_at(pattern, stems, text)]
    assert spans == [found.span() for found in pattern.finditer(text)]
