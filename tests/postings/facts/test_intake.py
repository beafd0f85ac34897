"""Whom a posting is for: students, new graduates, people with experience."""

from __future__ import annotations

import pytest

from postings.facts.intake import Intake, intakes
from tests.postings.hostile import assert_linear_time


@pytest.mark.parametrize(
    ("title", "kind", "description", "kinds"),
    [
        ("算法实习生", None, "", ["in-school"]),
        ("暑期實習", None, "", ["in-school"]),
        ("Working Student Data", None, "", ["in-school"]),
        ("Werkstudent Vertrieb", None, "", ["in-school"]),
        ("后端开发（2031届）", "校招", "", ["campus"]),
        ("2031届转正实习", None, "", ["campus", "in-school"]),
        ("Software Engineer, New Grad", None, "", ["campus"]),
        ("Engineer", "社招", "", ["experienced"]),
        ("Engineer", "Full-time", "", []),
        ("Head of Internships", None, "", []),
        ("实习生招聘主管", None, "", []),
        ("Student Success Manager", None, "", []),
        ("研究员", None, "面向应届毕业生，也欢迎在校生投递。", ["campus", "in-school"]),
        ("研究员", None, "本岗位不接受应届生。", []),
        ("研究员", None, "应届生勿投", []),
        ("Researcher", None, "You are currently enrolled in a PhD programme.", ["in-school"]),
        ("Researcher", None, "You will mentor students and interns.", []),
        ("Entwickler", None, "Du bist immatrikuliert.", ["in-school"]),
        ("Entwickler", None, "Auch Hochschulabsolventen sind willkommen.", ["campus"]),
    ],
)
def test_intake(title: str, kind: str | None, description: str, kinds: list[str]) -> None:
    assert [intake.kind for intake in intakes(title, kind=kind, description=description)] == kinds


def test_the_words_that_say_so_are_kept() -> None:
    assert intakes("研究员", description="硕士在读优先") == (Intake("in-school", "硕士在读"),)


@pytest.mark.parametrize("unit", ["应届", "在校", "enrolled in a ", "intern ", "praktik", "每周", "2031", " "])
def test_hostile_text_is_read_in_linear_time(unit: str) -> None:
    assert_linear_time(unit, lambda text: intakes(text, description=text))
