"""Employment types from fields, from a line in Chinese texts, and from titles."""

from __future__ import annotations

import pytest

from postings.facts.employment import employment_types, kind_in_title, kind_line, most_specific
from tests.postings.hostile import assert_linear_time


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
        ("Festanstellung", ["FULL_TIME"]), ("Feste Anstellung in Teilzeit", ["PART_TIME"]), ("正式员工", ["FULL_TIME"]),
        ("正職", ["FULL_TIME"]), ("全職", ["FULL_TIME"]), ("兼職", ["PART_TIME"]), ("暑期實習", ["INTERN"]),
        ("工讀生", ["PART_TIME"]), ("非全日制", ["PART_TIME"]), ("应届毕业生", ["FULL_TIME"]),
        ("Voll-/Teilzeit", ["FULL_TIME", "PART_TIME"]),
        ("Full/Part time", ["FULL_TIME", "PART_TIME"]), ("part-/full-time", ["FULL_TIME", "PART_TIME"]),
        ("Volontariat", ["INTERN"]), ("Pflichtpraktikum", ["INTERN"]), ("Zeitarbeit", ["TEMPORARY"]),
        ("keine Zeitarbeit", []), ("非外包", []), ("freiberuflich", ["CONTRACTOR"]), ("Freelancerin", ["CONTRACTOR"]),
        ("契約社員", ["TEMPORARY"]), ("業務委託", ["CONTRACTOR"]), ("Ausbildung", []), ("Duales Studium", []),
        ("unbefristet", ["FULL_TIME"]), ("International", []), ("Internal", []), ("", []), (None, []),
    ],
)  # fmt: skip
def test_types_named_in_a_field(words: str | None, kinds: list[str]) -> None:
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
def test_type_in_a_line_of_the_text(description: str, words: str | None) -> None:
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
        ("Head of Internships", None),
        ("Director, Internship Programmes", None),
        ("Summer Intern Programme Coordinator", None),
        ("Internship Coordinator", None),
        ("Recruiter Praktikanten und Werkstudenten", None),
        ("Praktikantenbetreuung (m/w/d)", None),
        ("实习生管理主管", None),
        ("校招经理", None),
        ("Part-Time MBA Advisor", None),
        ("Product Manager Intern", "Intern"),
        ("Recruiting Intern", "Intern"),
        ("Intern, Programme Manager", "Intern"),
        ("Internship Programme 2030", "Internship"),
        ("招聘实习生", "实习"),
        ("Entwickler (m/w/d) in Teilzeit", "Teilzeit"),
        ("Technical Writer, Contract", "Contract"),
        ("Contractor Relations Manager", None),
        ("后端工程师（非外包）", None),
        ("门店正職夥伴", "正職"),
        ("会计（应届生也可）", None),
        ("Engineer", None),
        ("", None),
    ],
)
def test_type_in_a_title(title: str, words: str | None) -> None:
    assert kind_in_title(title) == words


@pytest.mark.parametrize(
    "unit",
    [
        "岗位类别",
        "岗位类别 ",
        "contract ",
        "(",
        "(a",
        "permanent",
        "招聘方向【a",
        " ",
        "praktik",
        "head of ",
        "intern program ",
        "实习生",
        "recruiter ",
    ],
)
def test_hostile_text_is_read_in_linear_time(unit: str) -> None:
    assert_linear_time(unit, employment_types, kind_line, kind_in_title)


@pytest.mark.parametrize(
    ("texts", "words"),
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
def test_the_most_specific_text_is_chosen(texts: tuple[str | None, ...], words: str | None) -> None:
    assert most_specific(*texts) == words
