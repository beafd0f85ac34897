"""Kinds of employment, from fields, from Chinese kind lines and from titles."""

from __future__ import annotations

import pytest

from postings.facts.employment import employment_types, kind_in_title, kind_line, most_specific


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("FullTime", ["FULL_TIME"]), ("PartTime", ["PART_TIME"]), ("Intern", ["INTERN"]),
        ("Contract", ["CONTRACTOR"]), ("Temporary", ["TEMPORARY"]), ("full-time", ["FULL_TIME"]),
        ("FULL_TIME", ["FULL_TIME"]), ("Regular Full Time (Salary)", ["FULL_TIME"]),
        ("全职", ["FULL_TIME"]), ("兼职", ["PART_TIME"]), ("实习", ["INTERN"]), ("实习生", ["INTERN"]),
        ("其它", ["OTHER"]), ("其他", ["OTHER"]), ("实习/全职", ["FULL_TIME", "INTERN"]),
        ("Praktikum", ["INTERN"]), ("Werkstudentin", ["INTERN"]), ("Teilzeit", ["PART_TIME"]),
        ("Fixed-term contract", ["TEMPORARY"]), ("Permanent", ["FULL_TIME"]), ("Permanent part-time", ["PART_TIME"]),
        ("Traineeship", ["INTERN"]), ("working_student", ["INTERN"]), ("Part-time Co-op", ["INTERN", "PART_TIME"]),
        ("full-or-part-time", ["FULL_TIME", "PART_TIME"]), ("Full- or part-time", ["FULL_TIME", "PART_TIME"]),
        ("Cooperation", []), ("Full of time", []),
        ("unbefristet", ["FULL_TIME"]), ("International", []), ("Internal", []), ("", []), (None, []),
    ],
)  # fmt: skip
def test_a_fields_words(words: str | None, kinds: list[str]) -> None:
    assert list(employment_types(words)) == kinds


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ("【岗位类别】：实习/全职\n\n职责", "实习/全职"),
        ("【岗位类别】:\n全职", "全职"),
        ("岗位类型：兼职。其余", "兼职"),
        ("招聘方向【全职】：训练方向、推理方向", "全职"),
        ("招聘方向【实习/全职】：甲方向", "实习/全职"),
        ("我们有多种岗位类别，届时确认", None),
        ("招聘方向【训练】", None),
        ("工作性质：长期出差", None),
        ("", None),
    ],
)
def test_a_kind_line(description: str, words: str | None) -> None:
    assert kind_line(description) == words


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("测试研究员（实习/全职）", "实习/全职"),
        ("算法实习生", "实习"),
        ("Research Intern, Summer", "Intern"),
        ("Part-time Tutor", "Part-time"),
        ("Working Student Glazing", "Working Student"),
        ("Editor (Contract)", "Contract"),
        ("Contract Manager", None),
        ("Temporary Structures Engineer", None),
        ("International Counsel (Asia)", None),
        ("Engineer", None),
        ("", None),
    ],
)
def test_a_title(title: str, words: str | None) -> None:
    assert kind_in_title(title) == words


@pytest.mark.parametrize("unit", ["岗位类别", "岗位类别 ", "contract ", "(", "(a", "permanent", "招聘方向【a", " "])
def test_a_lot_of_hostile_text_is_read_in_linear_time(unit: str) -> None:
    text = unit * (300_000 // len(unit))
    employment_types(text)
    kind_line(text)
    kind_in_title(text)


@pytest.mark.parametrize(
    ("witnesses", "words"),
    [
        (("Full time", "Intern"), "Full time"),
        (("Band 7", "Intern"), "Intern"),
        (("Other", "Intern"), "Intern"),
        (("Band 7", "Other"), "Other"),
        (("Band 7", None), "Band 7"),
        ((None, ""), None),
        ((), None),
    ],
)
def test_the_first_witness_that_tells_anything_is_heard(witnesses: tuple[str | None, ...], words: str | None) -> None:
    assert most_specific(*witnesses) == words
