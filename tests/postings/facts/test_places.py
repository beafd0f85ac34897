"""Places and work models in boards' free-text locations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postings import Place
from postings.facts.places import place_in, split_places
from postings.facts.work_model import work_model
from tests.postings.hostile import assert_linear_time


@pytest.mark.parametrize(
    ("text", "places", "model"),
    [
        ("San Francisco, CA | New York City, NY", ["San Francisco, CA", "New York City, NY"], None),
        ("NYC; SF", ["NYC", "SF"], None),
        ("Berlin, Germany ", ["Berlin, Germany"], None),
        ("Berlin / Munich", ["Berlin", "Munich"], None),
        ("Paris • London", ["Paris", "London"], None),
        ("北京市、上海市", ["北京市", "上海市"], None),
        ("Berlin; Berlin", ["Berlin"], None),
        ("Portland, OR", ["Portland, OR"], None),
        ("Portland, OR | Salem, OR", ["Portland, OR", "Salem, OR"], None),
        ("Germany or Austria", ["Germany", "Austria"], None),
        ("San Francisco (HQ)", ["San Francisco (HQ)"], None),
        ("London (Hybrid)", ["London"], None),
        ("Remote", [], "TELECOMMUTE"),
        ("100% Remote", [], "TELECOMMUTE"),
        ("Remote (US)", ["US"], "TELECOMMUTE"),
        ("Remote in Canada", ["Canada"], "TELECOMMUTE"),
        ("Remote - European Union", ["European Union"], "TELECOMMUTE"),
        ("Distributed; Hybrid", [], "TELECOMMUTE"),
        ("Remote-Friendly (Travel-Required) | Oslo", ["Oslo"], "TELECOMMUTE"),
        ("远程", [], "TELECOMMUTE"),
        ("Hybrid", [], None),
        ("On-site", [], None),
        ("Not remote", [], None),
        ("non-remote", [], None),
        ("", [], None),
        (None, [], None),
    ],
)
def test_a_location_field(text: str | None, places: list[str], model: str | None) -> None:
    assert split_places(text) == places
    assert work_model(text) == model


@given(st.text())
def test_places_are_distinct_names_on_one_line(text: str) -> None:
    places = split_places(text)
    assert len(places) == len(set(places))
    assert all(place and place == " ".join(place.split()) for place in places)


@given(st.lists(st.sampled_from(["Oslo", "Rome, Italy", "北京"]), unique=True))
def test_every_place_named_is_found(names: list[str]) -> None:
    assert split_places(" | ".join(names)) == names


@pytest.mark.parametrize("unit", [" ", "remote ", "(", "( ", ";", "not ", " or ", "100% ", "(a"])
def test_hostile_text_is_read_in_linear_time(unit: str) -> None:
    assert_linear_time(unit, split_places, work_model)


def test_parts_of_a_place_are_joined_once_each() -> None:
    assert place_in("Singapore", None, "Singapore", code="SG") == Place(
        name="Singapore", address_locality="Singapore", address_country="SG"
    )
    assert place_in("Oslo", "Oslo", "Norway", name="Head office") == Place(
        name="Head office", address_locality="Oslo", address_region="Oslo", address_country="Norway"
    )


def test_a_place_without_a_part_is_none() -> None:
    assert place_in(None, "", None, code="NO") is None
