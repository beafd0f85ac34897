"""The head of a title in English, German and Chinese, whatever stands around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.heads import head_terms
from classifier.text.tokens import fold


def heads(title: str) -> list[str]:
    return head_terms(fold(title))


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("Data Center Recruiter, GPU Infrastructure", "^recruiter"),
        ("Recruiter (Data Center)", "^recruiter"),
        ("[Remote] Software Engineer", "^engineer"),
        ("Software Engineer [Platform]", "^engineer"),
        ("Senior Staff Software Engineer II", "^engineer"),
        ("Account Executive - Data Cloud", "^executive"),
        ("Product Manager – Infrastructure", "^manager"),
        ("Data Scientist / Machine Learning", "^scientist"),
        ("Counsel for AI Research", "^counsel"),
        ("Engineer at a Bank", "^engineer"),
        ("Paralegal AI Research", "^paralegal"),
        ("Recruiter Data Center", "^recruiter"),  # center ends in -er, and is no function
        ("Storage Engineers", "^engineers"),
        ("Ingenieurin im Rechenzentrum", "^ingenieurin"),
        ("Rechenzentrumstechniker (m/w/d)", "^rechenzentrumstechniker"),
        ("Softwareentwickler:in (w/m/d)", "^softwareentwickler"),
        ("高级算法工程师", "^工程师"),
        ("产品经理（AI方向）", "^经理"),
        ("【校招】后端工程师", "^工程师"),
        ("产品经理-数据平台", "^经理"),
    ],
)
def test_head_is_the_first_term(title: str, head: str) -> None:
    assert heads(title)[0] == head


@pytest.mark.parametrize(
    ("title", "terms"),
    [
        ("Head of Product", {"^head", "^product head", "^product"}),
        ("VP of Engineering", {"^vp", "^engineering vp", "^engineering"}),
        ("Director, Data Platform", {"^director", "^platform director", "^platform"}),
        ("Manager, Site Reliability", {"^manager", "^reliability manager", "^reliability"}),
        ("Product Manager", {"^manager", "^product manager", "^product"}),
        ("Machine Learning Intern", {"^intern", "^learning intern", "^learning"}),
        ("Werkstudent (m/w/d) Datenannotation", {"^werkstudent", "^datenannotation werkstudent", "^datenannotation"}),
        ("Leiterin für Produktmanagement", {"^leiterin", "^produktmanagement leiterin", "^produktmanagement"}),
        ("算法招聘专家", {"^专家", "^招聘 专家", "^招聘"}),
        ("数据中心运维经理", {"^经理", "^运维 经理", "^运维"}),
    ],
)
def test_rank_is_followed_by_what_it_is_of(title: str, terms: set[str]) -> None:
    assert terms <= set(heads(title))


@pytest.mark.parametrize(
    ("title", "english"),
    [
        ("Rechenzentrumstechniker (m/w/d)", {"^technician", "^center technician"}),
        ("Softwareentwickler:in (w/m/d)", {"^developer", "^software developer"}),
        ("算法招聘专家", {"^recruiter"}),
        ("后端工程师", {"^backend developer"}),
        ("数据标注员", {"^labeling"}),
        ("产品经理（AI方向）", {"^manager", "^product manager"}),
    ],
)
def test_glossary_adds_the_english_head(title: str, english: set[str]) -> None:
    assert english <= set(heads(title))


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("軟體工程師（後端）", "软件工程师（后端）"),
        ("數據標註員", "数据标注员"),
        ("演算法招聘專家", "算法招聘专家"),
        ("產品經理", "产品经理"),
        ("Softwareentwickler (m/w/d)", "Softwareentwickler"),
        ("Senior Data Engineer (m/f/d)", "Data Engineer"),
        ("Staff Data Engineer III, Remote", "Data Engineer"),
        ("高级后端工程师", "后端工程师"),
        ("Recruiter (Data Center)", "Recruiter, GPU Infrastructure"),
        ("Counsel for AI Research", "Counsel of Data Centers"),
        ("ＤＡＴＡ Engineer", "data engineer"),
    ],
)
def test_head_is_the_same_whatever_is_beside_it(title: str, other: str) -> None:
    assert heads(title) == heads(other)


@pytest.mark.parametrize("title", ["", "???", "(m/w/d)", "Senior", "高级"])
def test_title_of_nothing_else_has_no_head(title: str) -> None:
    assert heads(title) == []


@given(st.text())
def test_terms_are_marked_and_none_is_repeated(title: str) -> None:
    found = heads(title)
    assert len(found) == len(set(found))
    assert all(term.startswith("^") and len(term) > 1 and len(term.split(" ")) <= 2 for term in found)
