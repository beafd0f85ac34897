"""The duties are found by the headings around them, in three languages, and a split loses no text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.sections import LONGEST, SHORTEST, split
from classifier.text.tokens import fold

DUTIES = "build pipelines for data. " * 10


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We are great. Responsibilities", "Requirements: SQL"),
        ("We are great. What you'll do", "Who you are: curious"),
        ("公司介绍。岗位职责", "任职要求：熟悉 SQL"),
        ("公司介绍。工作内容", "任职资格：本科"),
        ("Wir sind toll. Deine Aufgaben", "Profil: Neugier"),
        ("Wir sind toll. Das erwartet dich", "Qualifikation: Studium"),
    ],
)
def test_duties_stand_between_headings(before: str, after: str) -> None:
    found = split(fold(f"{before} {DUTIES}{after}"))
    assert found.before == fold(before)
    assert DUTIES.strip() in found.duties
    assert found.duties.strip().startswith("build")
    assert not set(fold(after).split()) & set(found.duties.split())


def test_duties_begin_the_text_without_a_heading() -> None:
    assert split("sell cars").duties == "sell cars"
    assert split("").duties == ""


def test_heading_too_early_does_not_end_the_duties() -> None:
    early = "responsibilities: requirements of users, "
    assert split(early + DUTIES + "qualifications: sql").duties.startswith(": requirements of users")


def test_duties_are_cut_off() -> None:
    found = split("responsibilities:" + "x" * (LONGEST + SHORTEST))
    assert (len(found.duties), len(found.after)) == (LONGEST, SHORTEST + 1)


@given(
    st.text(),
    st.sampled_from(["", "responsibilities", "岗位职责"]),
    st.text(),
    st.sampled_from(["", "要求:", "profil"]),
)
def test_parts_are_the_complete_text(before: str, start: str, duties: str, end: str) -> None:
    text = fold(f"{before}{start}{duties}{end}")
    assert "".join(split(text)) == text
