"""Titles and places: what is the same under other words, and what is not."""

from __future__ import annotations

import pytest

from postings.identity.names import may_be_one_place, place_labels, title_key, title_keys
from tests.postings.identity.examples import OWN, VENDOR, job


@pytest.mark.parametrize(
    "title",
    [
        "Taucher (m/w/d)",
        "Taucher:in",
        "Taucher*in",
        "Taucher_in",
        "Taucher/in",
        "Taucher/-in",
        "TaucherIn",
        "Taucher (gn)",
        "Taucher m/w/d",
        "Taucher - m/f/d",
        "Taucher (w/m/divers)",
        "Taucher (männlich/weiblich/divers)",
        "Taucher (m|w|d)",
        "Taucher (f/m/div.)",
        "Taucher (mwd)",
        "Taucher (M/F)",
        "Taucher (H/F)",
        "Taucher (all genders)",
        "Taucher (alle Geschlechter)",
        "TAUCHER（ｍ／ｗ／ｄ）",
        "Taucher (JR-12345)",
        "Taucher - R0012345",
        "Taucher (m/w/d) – Hamburg",
    ],
)
def test_what_says_nothing_about_the_job_is_left_out(title: str) -> None:
    assert title_key(title, ["Hamburg, Deutschland"]) == "taucher"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("H/W Engineer", "Engineer"),
        ("F/W Engineer", "Engineer"),
        ("Engineer (F/W)", "Engineer"),
        ("Engineer I", "Engineer II"),
        ("C++ Engineer", "C Engineer"),
        ("C# Engineer", "C Engineer"),
        ("Data Engineer", "Data Center Engineer"),
        ("Engineer 2026", "Engineer"),
        ("灯塔工程师", "灯塔工程师（实习）"),
    ],
)
def test_what_says_something_stays(one: str, other: str) -> None:
    assert title_key(one) != title_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("軟體工程師（臺北）", "软体工程师（台北）"), ("Sr. Diver", "Senior Diver"), ("Jr Diver", "junior diver")],
)
def test_one_title_in_two_spellings(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


def test_the_frame_that_a_board_puts_around_titles_is_left_out() -> None:
    names = ("Diver", "Cook", "Keeper", "Painter", "Rower")
    own = [job(name, name) for name in names]
    framed = [job(f"v{name}", f"Lanternfish: {name} | Now hiring", board=VENDOR) for name in names]
    keys = title_keys([*own, *framed])
    assert [keys[one.key] for one in framed] == [keys[one.key] for one in own] == [name.lower() for name in names]


def test_what_titles_share_with_another_board_is_no_frame() -> None:
    own = [job(team, f"Engineer, {team}", board=OWN) for team in ("Sea", "Land", "Air", "Fire", "Ice")]
    vendors = [job(f"v{team}", f"Engineer, {team}", board=VENDOR) for team in ("Sea", "Land")]
    keys = title_keys([*own, *vendors])
    assert keys[own[0].key] == keys[vendors[0].key] == "engineer sea"


@pytest.mark.parametrize(
    ("places", "labels"),
    [
        (("München", "Munich, Germany"), {"DE/Bavaria/Munich"}),
        (("Oslo | Hamburg",), {"NO/Oslo/Oslo", "DE/Hamburg/Hamburg"}),
        (("北京市", "北京"), {"CN/Beijing/Beijing"}),
        (("53 Locations",), {"53 locations"}),
        (("Lampwick Pier", "Oslo"), {"lampwick pier", "NO/Oslo/Oslo"}),
        ((), set()),
    ],
)
def test_places_are_told_apart_by_what_they_mean(places: tuple[str, ...], labels: set[str]) -> None:
    assert place_labels(places) == labels


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        ("Norway", "Oslo", True),
        ("53 Locations", "Oslo", True),
        ("Multiple locations", "Oslo", True),
        ("全国", "上海", True),
        ("Lampwick 12", "Lampwick 12, pier side", True),
        ("Lampwick 1", "Lampwick 12", False),
        ("York", "New York", False),
        ("Oslo", "Bergen", False),
        ("US", "Austin, TX", True),
    ],
)
def test_words_that_may_mean_one_place(one: str, other: str, may: bool) -> None:
    assert may_be_one_place(one, other) is may_be_one_place(other, one) is may
