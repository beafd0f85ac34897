"""Places and work models in boards' free-text locations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postings import JobPosting, Place
from postings.facts.places import (
    country_code,
    country_name,
    distinct_places,
    place_in,
    posting_work_model,
    read_places,
    read_work_model,
    resolve_places,
    split_places,
    work_model,
)
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


@pytest.mark.parametrize(
    ("text", "places", "model"),
    [
        ("Austin, TX & Reno, NV", ["Austin, TX", "Reno, NV"], None),
        ("Hamburg/Bremen", ["Hamburg", "Bremen"], None),
        ("Wien und Graz", ["Wien", "Graz"], None),
        ("Oslo oder Remote", ["Oslo"], "TELECOMMUTE"),
        ("Seattle, Denver, Chicago", ["Seattle", "Denver", "Chicago"], None),
        ("成都/武汉/西安", ["成都", "武汉", "西安"], None),
        ("成都,武汉", ["成都", "武汉"], None),
        ("厦门 福州 泉州", ["厦门", "福州", "泉州"], None),
        ("Trinidad and Tobago", ["Trinidad and Tobago"], None),
        ("Austria (Remote), Poland (Remote)", ["Austria", "Poland"], "TELECOMMUTE"),
        ("Kent, Kent", ["Kent"], None),
        ("Building 7, Oslo", ["Building 7, Oslo"], None),
        ("不限", [], None),
        ("全国", [], None),
        ("多地可选", [], None),
        ("7 Locations", [], None),
        ("Various locations", [], None),
        ("Worldwide", [], None),
        ("bundesweit", [], None),
        ("Anywhere", [], "TELECOMMUTE"),
        ("Homeoffice", [], "TELECOMMUTE"),
        ("Home Office / Bonn", ["Bonn"], "TELECOMMUTE"),
        ("WFH - Kenya", ["Kenya"], "TELECOMMUTE"),
        ("Remote OR Hybrid", [], "TELECOMMUTE"),
        ("Hybrid Remote, Reno, NV", ["Reno, NV"], None),
        ("Remote Hybrid", [], None),
        ("Hybrid (3 days remote), Bath", ["Bath"], None),
        ("Semi-remote", [], None),
        ("Teilweise remote, Bonn", ["Bonn"], None),
        ("Bath (2 days per week in office)", ["Bath"], None),
        ("Remote (2 days in office)", [], None),
        ("No remote/telework allowed", ["allowed"], None),
        ("kein Homeoffice", [], None),
        ("不接受远程", [], None),
        ("不支持居家办公", [], None),
        ("成都（支持远程）", ["成都"], "TELECOMMUTE"),
        ("部分远程", [], None),
        ("台北（可遠端）", ["台北"], "TELECOMMUTE"),
    ],
)
def test_a_location_field_of_several_places_or_none(text: str, places: list[str], model: str | None) -> None:
    assert split_places(text) == places
    assert work_model(text) == model


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("US, CO, Boulder", [("Boulder", "Colorado", "US")]),
        ("USA.TX.Plano", [("Plano", "Texas", "US")]),
        ("US-NY-New York", [("New York City", "New York", "US")]),
        ("Toronto, ON, CA", [("Toronto", "Ontario", "CA")]),
        ("San Diego, CA", [("San Diego", "California", "US")]),
        ("Jena, TH, DE", [("Jena", "Thuringia", "DE")]),
        ("Köln, NORDRHEIN_WESTFALEN", [("Köln", "North Rhine-Westphalia", "DE")]),
        ("Nuernberg", [("Nuremberg", "Bavaria", "DE")]),
        ("Wien", [("Vienna", "Vienna", "AT")]),
        ("Paris, Texas", [("Paris", "Texas", "US")]),
        ("Washington, DC", [("Washington", "District of Columbia", "US")]),
        ("4100 Elm St, Ames,IA 50010-1234", [("Ames", "Iowa", "US")]),
        ("1240 Broadway, San Diego, CA", [("San Diego", "California", "US")]),
        ("United States", [(None, None, "US")]),
        ("U.S.", [(None, None, "US")]),
        ("USA", [(None, None, "US")]),
        ("Vereinigte Staaten", [(None, None, "US")]),
        ("Kenya,Ghana,United States", [(None, None, "KE"), (None, None, "GH"), (None, None, "US")]),
        ("Jamaica,United States", [(None, None, "JM"), (None, None, "US")]),
        ("New York", [("New York City", "New York", "US")]),
        ("Quebec", [(None, "Quebec", "CA")]),
        ("Singapore", [("Singapore", None, "SG")]),
        ("Luxembourg", [(None, None, "LU")]),
        # One of several: left open as far as they differ.
        ("Cambridge", [(None, None, None)]),
        ("Georgia", [(None, None, None)]),
        ("Atlanta, Georgia", [("Atlanta", "Georgia", "US")]),
        ("Tbilisi, Georgia", [("Tbilisi", None, "GE")]),
        ("CA", [(None, None, None)]),
        ("Springfield", [(None, None, "US")]),
        ("朝阳区", [(None, None, "CN")]),
        ("朝阳", [(None, None, "CN")]),
        # Chinese places, to the county.
        ("集宁区", [("Ulanqab", "Inner Mongolia", "CN")]),
        ("內蒙古·烏蘭察布", [("Ulanqab", "Inner Mongolia", "CN")]),
        ("雄安新区", [("Xiong'an New Area", "Hebei", "CN")]),
        ("北京上海", [("Beijing", "Beijing", "CN"), ("Shanghai", "Shanghai", "CN")]),
        ("成都市武侯区天府大道1号", [("Chengdu", "Sichuan", "CN")]),
        ("日本-大阪", [("Osaka", "Ōsaka", "JP")]),
        ("臺北市信義區", [("Taipei", None, "TW")]),
        ("四川大学", [(None, None, None)]),
        ("APAC", [(None, None, None)]),
        ("全国", []),
        ("Washington", [(None, None, "US")]),
        ("Moscow", [("Moscow", "Moscow", "RU")]),
        ("Chaoyang", [(None, None, "CN")]),
        ("Zhongshan District", [(None, None, None)]),
    ],
)
def test_places_are_resolved_as_far_as_they_are_certain(
    text: str, resolved: list[tuple[str | None, str | None, str | None]]
) -> None:
    found = [(place.city, place.region, place.country) for place in read_places(text)]
    assert [place[0] for place in found] == [place[0] for place in resolved]
    assert [place[2] for place in found] == [place[2] for place in resolved]
    assert [place[1] for place in found if place[2] in ("US", "CA", "DE", "CN")] == [
        place[1] for place in resolved if place[2] in ("US", "CA", "DE", "CN")
    ]


@pytest.mark.parametrize(
    ("text", "county"),
    [
        ("察哈尔右翼前旗", "察哈尔右翼前旗"),
        ("北京朝阳", "朝阳区"),
        ("杭州-西湖区", "西湖区"),
        ("海淀", "海淀区"),
        ("杭州", None),
        ("Horqin Left Rear Banner, Inner Mongolia", "科尔沁左翼后旗"),
        ("Yuhang District, Hangzhou", "余杭区"),
        ("Chaoyang, Beijing", "朝阳区"),
        ("Kunshan", "昆山市"),
    ],
)
def test_chinese_places_are_resolved_to_the_county(text: str, county: str | None) -> None:
    [place] = read_places(text)
    assert place.county == county


def test_a_country_stated_apart_decides_between_places_of_one_name() -> None:
    assert [place.country for place in read_places("Cambridge", country="United Kingdom")] == ["GB"]
    assert [place.region for place in read_places("Georgia", country="US")] == ["Georgia"]


@pytest.mark.parametrize("words", ["Germany", "Deutschland", "DE", "DEU", "德国", "德國", "de"])
def test_a_country_has_one_code(words: str) -> None:
    assert country_code(words) == "DE"
    assert country_name("DE") == "Germany"


def test_places_in_parts_are_resolved_by_their_parts() -> None:
    head_office = Place(name="Head office", address_locality="Bonn", address_country="DE")
    assert [(place.words, place.city) for place in resolve_places([head_office, head_office])] == [
        ("Head office", "Bonn")
    ]


def test_places_that_a_board_lists_are_places() -> None:
    listed = [
        Place(name="全国", address_locality="全国"),
        Place(name="北京/成都", address_locality="北京/成都"),
        Place(name="Remote", address_locality="Remote"),
        Place(name="Oslo, Norway", address_locality="Oslo", address_country="NO"),
    ]
    assert distinct_places(listed) == (
        Place(name="北京", address_locality="北京"),
        Place(name="成都", address_locality="成都"),
        Place(name="Oslo, Norway", address_locality="Oslo", address_country="NO"),
    )


@pytest.mark.parametrize(
    ("field", "text", "model", "countries"),
    [
        ("Remote (US)", "", "REMOTE", ("US",)),
        ("Remote - Kenya; Nairobi", "", "REMOTE", ("KE",)),
        ("Remote in US & Canada", "", "REMOTE", ("US", "CA")),
        ("Austria (Remote), Poland (Remote)", "", "REMOTE", ("AT", "PL")),
        ("Bonn or Remote", "", "REMOTE", ()),
        ("Remote", "You may work remotely from anywhere in the United States.", "REMOTE", ("US",)),
        ("US, TX, Remote", "This role is fully on-site; remote work is not offered.", "ON_SITE", ()),
        ("Remote", "Remote work is not available for this position.", "ON_SITE", ()),
        ("远程", "该岗位不支持远程办公。", "ON_SITE", ()),
        ("Remote", "Diese Stelle: kein Homeoffice.", "ON_SITE", ()),
        ("Remote", "Our perk: work from anywhere for a month.", "REMOTE", ()),
        ("Bath", "Our perk: work from anywhere for a month.", None, None),
        ("Bath", "A hybrid role.", "HYBRID", ()),
        (None, "We are fully remote, in office or hybrid working.", "REMOTE", ()),
        (None, "通过远程方式解决问题", None, None),
        ("Remote", "Not eligible for remote work from Canada.", "REMOTE", ()),
        ("Remote", "A flexible policy (not fully remote).", "HYBRID", ()),
        ("Bath", "You meet there when not working from home.", None, None),
        ("Bath", "We do not offer remote support to customers.", None, None),
        ("杭州", "你不是远程敲命令，你站在客户面前。", None, None),
        ("杭州", "不支持远程桌面连接的系统", None, None),
    ],
)
def test_work_models(field: str | None, text: str, model: str | None, countries: tuple[str, ...] | None) -> None:
    found = read_work_model(field, text)
    assert (found.model if found else None) == model
    assert (found.countries if found else None) == countries
    assert not found or found.words in f"{field} {text}"


@pytest.mark.parametrize(
    "denial",
    [
        "This role is not remote",
        "This role can't be done remotely",
        "This role is not eligible for remote work",
        "We don’t do remote",
        "We are unable to support remote work",
        "Remote: No",
        "Remote work: not available",
        "Remote work is not an option",
        "Remote work isn't possible",
        "Remote candidates will not be considered",
        "Diese Stelle ist nicht remote",
        "Keine Remote-Arbeit möglich",
        "Homeoffice ist leider nicht möglich",
        "Remote-Arbeit wird nicht angeboten",
        "Remote-Arbeit ist ausgeschlossen",
        "Mobiles Arbeiten ist nicht möglich",
        "Homeoffice: nein",
        "本岗位不支持远程",
        "不考虑远程办公",
        "该岗位不是远程岗位",
        "远程办公：否",
        "远程办公暂不支持",
        "居家办公勿扰",
        "無法遠端工作",
        "不開放遠端",
    ],
)
def test_denied_remote_work_is_not_remote_wherever_it_is_denied(denial: str) -> None:
    for field, text in ((denial, ""), ("Bath", f"Apply soon.\n{denial}.\nWe look forward to it."), ("Remote", denial)):
        found = read_work_model(field, text)
        assert (found.model if found else None) == ("ON_SITE" if text else None)
    assert work_model(denial) is None


@pytest.mark.parametrize(
    "words", ["Not only remote", "Not just remote", "Remote, no restrictions", "Remote: Yes", "不限远程"]
)
def test_what_sounds_like_a_denial(words: str) -> None:
    assert work_model(words) == "TELECOMMUTE"


def test_areas_wider_than_a_country_are_kept_as_written() -> None:
    found = read_work_model("Remote, EMEA")
    assert found
    assert (found.countries, found.areas) == ((), ("EMEA",))


def test_a_posting_of_remote_work_is_limited_to_the_countries_that_it_names() -> None:
    posting = JobPosting(
        identifier="1",
        title="Potter",
        url="https://jobs.example/1",
        job_location=(Place(name="United States"), Place(name="Canada")),
        job_location_type="TELECOMMUTE",
    )
    found = posting_work_model(posting)
    assert found
    assert found.countries == ("US", "CA")


@pytest.mark.parametrize(
    "unit", ["1", "北京", "\u200f", "Paris, ", "a-", "3 days ", " & ", "朝阳 ", "([", "remote in A ", "K."]
)
def test_hostile_places_and_texts_are_read_in_linear_time(unit: str) -> None:
    assert_linear_time(unit, read_places, country_code, read_work_model, lambda text: read_work_model(None, text))
