"""A city in a title, where nothing else says where the work is."""

from __future__ import annotations

import pytest

from postings import JobPosting, Place
from postings.facts import posting_facts
from postings.facts.places import places_in_title


@pytest.mark.parametrize(
    ("title", "cities"),
    [
        ("灯塔工程师-青岛", ["Qingdao"]),
        ("灯塔工程师（重庆）", ["Chongqing"]),
        ("AI 产品经理（北京/上海）", ["Beijing", "Shanghai"]),
        ("数据中心运维（乌兰察布）", ["Ulanqab"]),
        ("售前工程师-黔西南州", ["Qianxinan"]),
        ("Data Engineer (m/w/d) - Hamburg", ["Hamburg"]),
        ("Werkstudent Licht – München", ["Munich"]),
        ("Lamp Engineer, Paris", ["Paris"]),
        ("Lamp Engineer | New York, NY", ["New York City"]),
        ("Keeper (Portland, OR)", ["Portland"]),
    ],
)
def test_a_city_at_the_end(title: str, cities: list[str]) -> None:
    assert [place.city for place in places_in_title(title)] == cities


@pytest.mark.parametrize(
    "title",
    [
        *(
            "",
            "Lamp Engineer",
            "大客户销售经理（阿里）",
            "北京银行客户经理",
            "灯塔工程师（华北）",
            "灯塔工程师（急聘）",
        ),
        *("Nurse - Mobile", "Engineer - Java", "Backend Engineer (Go)", "Account Executive - DACH", "Diver (Remote)"),
        *("Head of Product - Payments", "Keeper (m/f/d)", "Manager - Orange", "Paris Hilton Fan Club Manager"),
    ],
)
def test_what_could_be_another_word(title: str) -> None:
    assert places_in_title(title) == ()


def test_a_field_outranks_the_title() -> None:
    def cities(*places: Place) -> list[str | None]:
        posting = JobPosting(identifier="1", title="Keeper - Hamburg", url="", job_location=places)
        return [place.city for place in posting_facts(posting).places]

    assert cities() == ["Hamburg"]
    assert cities(Place(name="Oslo")) == ["Oslo"]
