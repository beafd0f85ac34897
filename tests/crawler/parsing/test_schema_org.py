"""JobPostings in pages, in every syntax, on small pages of a fictional company."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest

from crawler.parsing.responses import UnexpectedResponse, html_of
from crawler.parsing.schema_org import job_postings, moment, page_address, posting, stated_identifier
from postings import JobPosting, Place, Salary

DATA: dict[str, Any] = {
    "@context": "https://schema.org/",
    "@type": "JobPosting",
    "title": "Kiln Engineer",
    "description": "<p>Fire pots &amp; bowls.</p>",
    "identifier": {"@type": "PropertyValue", "name": "Potters", "value": 7},
    "datePosted": "2026-07-10",
}
TEXT = json.dumps(DATA)


def page(*scripts: str, kind: str = ' type="application/ld+json"') -> bytes:
    blocks = "".join(f"<script{kind}>{script}</script>" for script in scripts)
    return f"<!doctype html><html><head><meta charset='utf-8'>{blocks}</head><body><p>Hi</p></body></html>".encode()


def titles(body: bytes) -> list[Any]:
    return [data.get("title") for data in job_postings(body)]


def read(**changes: Any) -> Any:
    return posting({key: value for key, value in {**DATA, **changes}.items() if value is not ...})


@pytest.mark.parametrize(
    "kind",
    [
        " type='application/ld+json'",
        " type=application/ld+json",
        ' nonce="abc" type="application/ld+json"',
        ' type="application/ld+json; charset=utf-8"',
        ' type="Application/LD+JSON" data-next-head=""',
    ],
)
def test_script_is_identified_by_its_type_in_any_spelling(kind: str) -> None:
    assert titles(page(TEXT, kind=kind)) == ["Kiln Engineer"]


@pytest.mark.parametrize(
    "script",
    [
        f"[{TEXT}]",
        json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, DATA]}),
        json.dumps({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": DATA}]}),
        json.dumps({"@type": "WebPage", "mainEntity": DATA}),
        json.dumps({**DATA, "@type": ["JobPosting", "Thing"]}),
        json.dumps({**DATA, "@type": "http://schema.org/JobPosting"}),
        json.dumps({**DATA, "@type": "schema:JobPosting"}),
        json.dumps({"@type": "JobPosting", "Title": "Kiln Engineer"}),
        json.dumps({"@type": "JobPosting", "https://schema.org/title": "Kiln Engineer"}),
        json.dumps({"type": "JobPosting", "title": "Kiln Engineer"}),
        f"//<![CDATA[\n{TEXT}\n//]]>",
        f"/*<![CDATA[*/{TEXT}/*]]>*/",
        f"<!-- {TEXT} -->",
        f"{TEXT};",
        html.escape(TEXT),
        TEXT.replace('", "', '",\n"').replace('"2026-07-10"', '"2026-07-10",'),
        TEXT.replace('"identifier"', '"baseSalary": "\\$5 an hour", "identifier"'),
        TEXT.replace('}, "datePosted"', '} "datePosted"'),
        TEXT.replace("Fire pots", "Fire\npots\t\x01"),
    ],
    ids=[
        "list",
        "graph",
        "item list",
        "main entity",
        "two types",
        "type as an address",
        "type with a prefix",
        "capital keys",
        "keys as addresses",
        "type without @",
        "CDATA",
        "CDATA in comments",
        "HTML comment",
        "semicolon",
        "escaped as a whole",
        "comma too many",
        "bad escape",
        "comma too few",
        "control characters",
    ],
)
def test_posting_is_found_however_its_script_is_written(script: str) -> None:
    assert titles(page(script)) == ["Kiln Engineer"]


@pytest.mark.parametrize(
    "scripts",
    [
        [],
        [""],
        ["  "],
        ['{"@type": "WebSite", "name": "JobPosting"}'],
        ["{"],
        ["null"],
        ["JobPosting"],
        ['{"@type": "JobPostingList"}'],
        ['{"@type": 5, "a": "JobPosting"}'],
    ],
    ids=["none", "empty", "blank", "a website", "cut", "null", "a word", "another type", "no type"],
)
def test_page_without_postings_has_none(scripts: list[str]) -> None:
    assert job_postings(page(*scripts)) == []


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"{}", b"<html>", b"<script type='application/ld+json'>"])
def test_body_that_is_not_a_page_has_no_postings(body: bytes) -> None:
    assert job_postings(body) == []


def test_malformed_script_does_not_lose_others() -> None:
    assert "Kiln Engineer" in titles(page('{"@type": "JobPosting"' + "\\" * 9, TEXT))


def test_same_posting_twice_is_one() -> None:
    assert titles(page(TEXT, f"[{TEXT}]")) == ["Kiln Engineer"]


def test_reference_to_another_node_is_replaced_by_it() -> None:
    graph = [{"@type": "Organization", "@id": "#us", "name": "Potters"}, {**DATA, "hiringOrganization": {"@id": "#us"}}]
    (data,) = job_postings(page(json.dumps({"@graph": graph})))
    assert posting(data).hiring_organization == "Potters"


def test_reference_to_nowhere_is_not_a_name() -> None:
    (data,) = job_postings(page(json.dumps({**DATA, "hiringOrganization": {"@id": "#them"}})))
    assert posting(data).hiring_organization is None


def test_page_is_decoded_by_its_stated_encoding() -> None:
    text = (
        '<meta charset="iso-8859-1"><script type="application/ld+json">{"@type":"JobPosting","title":"Töpfer"}</script>'
    )
    assert titles(text.encode("iso-8859-1")) == ["Töpfer"]


MICRODATA = b"""
<div itemscope="itemscope" itemtype="http://schema.org/JobPosting">
  <h1><span itemprop="title">Kiln <b>Engineer</b></span></h1>
  <meta itemprop="datePosted" content="Mon Jul 13 00:00:00 UTC 2026">
  <meta itemprop="hiringOrganization" content="Potters">
  <span itemprop="jobLocation" itemscope itemtype="http://schema.org/Place">
    <span itemprop="address" itemscope itemtype="http://schema.org/PostalAddress">
      <meta itemprop="streetAddress" content="Oslo, NO, 0150"></span></span>
  <span itemprop="description"><span class="jobdescription"><p>Fire pots.</p><ul><li>Bowls</li></ul></span></span>
  <p>Aside: <a itemprop="url" href="https://potters.example/job/7/">Kiln Engineer</a></p>
</div>
"""


def test_microdata_is_read_with_its_texts_as_html() -> None:
    (data,) = job_postings(MICRODATA)
    found = posting(data, identifier="7")
    assert (found.title, found.hiring_organization, found.url) == (
        "Kiln Engineer",
        "Potters",
        "https://potters.example/job/7/",
    )
    assert found.description == "Fire pots.\n\n• Bowls"
    assert found.job_location == (Place(name="Oslo, NO, 0150"),)
    assert found.date_posted.isoformat() == "2026-07-13"  # type: ignore[union-attr]


def test_microdata_of_several_values_is_a_list() -> None:
    (data,) = job_postings(
        b'<p itemscope itemtype="https://schema.org/JobPosting"><i itemprop="title">Potter</i>'
        b'<i itemprop="employmentType">FULL_TIME</i><i itemprop="employmentType">INTERN</i>'
    )
    assert posting(data, identifier="7").employment_type == ("FULL_TIME", "INTERN")


def test_json_ld_outranks_microdata() -> None:
    assert titles(page(TEXT.replace("Kiln", "Glaze")) + MICRODATA) == ["Glaze Engineer"]


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ("<link rel=canonical href=https://potters.example/job/7>", "https://potters.example/job/7"),
        ('<link href="https://potters.example/job/7" rel="Canonical">', "https://potters.example/job/7"),
        ('<meta content="https://potters.example/job/7" property="og:url">', "https://potters.example/job/7"),
        ('<link rel="canonical" href="/job/7">', ""),
        ('<link rel="canonical" href="javascript:alert(1)">', ""),
        ('<link rel="canonical" href="http://[">', ""),
        ("<p>", ""),
    ],
)
def test_address_that_a_page_states(markup: str, address: str) -> None:
    assert page_address(html_of(markup.encode())) == address


@pytest.mark.parametrize(
    ("title", "read_as"),
    [
        (" Kiln\u00a0Engineer ", "Kiln Engineer"),
        ("Sales &amp; Kilns", "Sales & Kilns"),
        ("Sales &amp;amp; Kilns", "Sales & Kilns"),
        (5, "5"),
    ],
)
def test_title(title: Any, read_as: str) -> None:
    assert read(title=title).title == read_as


def test_name_replaces_a_missing_title() -> None:
    assert read(title=None, name="Potter").title == "Potter"


@pytest.mark.parametrize("title", [None, "", " ", [], {}, ...])
def test_posting_without_a_title_is_rejected(title: Any) -> None:
    with pytest.raises(UnexpectedResponse, match="no title"):
        read(title=title)


@pytest.mark.parametrize(
    ("identifier", "read_as"),
    [
        ({"@type": "PropertyValue", "value": 7}, "7"),
        ({"value": " R-7 "}, "R-7"),
        ("16567", "16567"),
        (16567, "16567"),
        ([{"value": "a"}, {"value": "b"}], "a"),
        ({"name": "Potters"}, None),
        ("", None),
        (None, None),
        ([], None),
        (True, None),
        ({"value": {"x": 1}}, None),
        ("N/A", None),
    ],
    ids=str,
)
def test_stated_identifier(identifier: Any, read_as: str | None) -> None:
    assert stated_identifier({"identifier": identifier}) == read_as


def test_posting_without_an_identifier_requires_one() -> None:
    with pytest.raises(UnexpectedResponse, match="no identifier"):
        read(identifier=None)
    assert posting({**DATA, "identifier": None}, identifier="/job/7").identifier == "/job/7"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"description": "<p>Fire <b>pots</b>.</p>"}, "Fire pots."),
        ({"description": "Fire pots.\nAnd bowls."}, "Fire pots.\nAnd bowls."),
        ({"description": "&lt;p&gt;Fire pots &amp;amp; bowls.&lt;/p&gt;"}, "Fire pots & bowls."),
        ({"description": "&amp;lt;p&amp;gt;Fire pots.&amp;lt;/p&amp;gt;"}, "Fire pots."),
        ({"description": "<p>Write &lt;b&gt;</p>"}, "Write <b>"),
        ({"description": ["<p>One.</p>", "<p>Two.</p>"]}, "One.\n\nTwo."),
        ({"description": {"@value": "x"}}, ""),
        ({"description": None}, ""),
        ({"description": ...}, ""),
        ({"description": "Fire.", "responsibilities": "<p>Stoke.</p>"}, "Fire.\n\nStoke."),
        ({"description": "<p>Fire.</p><p>Stoke it.</p>", "responsibilities": "Stoke it."}, "Fire.\n\nStoke it."),
        ({"description": None, "qualifications": ["Hands.", "Eyes."]}, "Hands.\nEyes."),
    ],
    ids=str,
)
def test_description(changes: dict[str, Any], text: str) -> None:
    assert read(**changes).description == text


@pytest.mark.parametrize(
    ("organization", "name"),
    [
        ({"@type": "Organization", "name": "Potters", "sameAs": ["https://potters.example"]}, "Potters"),
        ({"type": "Organization", "name": "Potters"}, "Potters"),
        ("Potters", "Potters"),
        ([{"name": "Potters"}], "Potters"),
        ({"name": ""}, None),
        ({}, None),
        (None, None),
        (5, "5"),
        ({"name": "UNAVAILABLE"}, None),
    ],
    ids=str,
)
def test_employer(organization: Any, name: str | None) -> None:
    assert read(hiringOrganization=organization).hiring_organization == name


def place(name: str | None = None, **address: Any) -> dict[str, Any]:
    return {"@type": "Place", "name": name, "address": {"@type": "PostalAddress", **address}}


OSLO = Place(name="Oslo, NO", address_locality="Oslo", address_country="NO")


@pytest.mark.parametrize(
    ("location", "places"),
    [
        (place(addressLocality="Oslo", addressCountry="NO"), (OSLO,)),
        ([place(addressLocality="Oslo", addressCountry="NO")] * 3, (OSLO,)),
        (place(addressLocality="Oslo", addressRegion="", addressCountry="NO", postalCode=""), (OSLO,)),
        (place(addressLocality="Oslo", addressRegion="UNAVAILABLE", addressCountry="NO"), (OSLO,)),
        (place(addressLocality="Oslo", addressRegion=None, addressCountry={"name": "NO"}), (OSLO,)),
        (place(addressLocality="Oslo", addressCountry={"@type": "Country", "name": ["NO"] * 10}), (OSLO,)),
        (
            place(addressLocality="Oslo", addressCountry={"name": ["NO", "DE"]}),
            (Place(name="Oslo", address_locality="Oslo"),),
        ),
        (place("Potters' Hall", addressLocality="Oslo", addressCountry="NO"), (OSLO,)),
        (
            place(addressLocality="Bonn", addressRegion="NRW", addressCountry="DE"),
            (Place(name="Bonn, NRW, DE", address_locality="Bonn", address_region="NRW", address_country="DE"),),
        ),
        (
            place(addressLocality="Singapore", addressCountry="Singapore"),
            (Place(name="Singapore", address_locality="Singapore", address_country="Singapore"),),
        ),
        (place(streetAddress="Oslo, NO, 0150"), (Place(name="Oslo, NO, 0150"),)),
        (place("Oslo"), (Place(name="Oslo"),)),
        ({"@type": "Place", "address": "Oslo, Norway"}, (Place(name="Oslo, Norway"),)),
        ({"@type": "Place", "addressLocality": "Oslo", "addressCountry": "NO"}, (OSLO,)),
        ("Oslo", (Place(name="Oslo"),)),
        (["Oslo", "Bonn"], (Place(name="Oslo"), Place(name="Bonn"))),
        (place(), ()),
        ({}, ()),
        (None, ()),
        ([], ()),
        (5, ()),
        (place(addressLocality="N/A"), ()),
    ],
    ids=str,
)
def test_places_of_work(location: Any, places: tuple[Place, ...]) -> None:
    assert read(jobLocation=location).job_location == places


@pytest.mark.parametrize(
    ("kind", "requirements", "remote", "places", "required"),
    [
        ("TELECOMMUTE", {"@type": "Country", "name": "Deutschland"}, True, ["Deutschland"], ("DE",)),
        (["TELECOMMUTE"], [{"name": "NO"}, {"name": "DE"}], True, ["NO", "DE"], ("DE", "NO")),
        ("TELECOMMUTE", {"name": "Europe"}, True, ["Europe"], ("Europe",)),
        ("telecommute", {"@type": "Country", "name": "Anywhere"}, True, [], ()),
        (None, {"@type": "Country", "name": "Deutschland"}, False, [], ("DE",)),
        ("ONSITE", None, False, [], ()),
    ],
)
def test_work_from_home(
    kind: Any, requirements: Any, remote: bool, places: list[str], required: tuple[str, ...]
) -> None:
    found = read(jobLocationType=kind, applicantLocationRequirements=requirements)
    assert (found.job_location_type == "TELECOMMUTE") is remote
    assert [one.name for one in found.job_location] == places
    assert found.applicant_location_requirements == required


def test_office_outranks_where_applicants_may_live() -> None:
    requirements = {"@type": "Country", "name": "Norway"}
    found = read(jobLocationType="TELECOMMUTE", applicantLocationRequirements=requirements, jobLocation="Oslo")
    assert found.job_location == (Place(name="Oslo"),)


@pytest.mark.parametrize(
    ("kind", "kinds", "raw"),
    [
        ("FULL_TIME", ("FULL_TIME",), "FULL_TIME"),
        (["FULL_TIME", "INTERN"], ("FULL_TIME", "INTERN"), "FULL_TIME, INTERN"),
        ("Full-time", ("FULL_TIME",), "Full-time"),
        ("CONTRACTOR", ("CONTRACTOR",), "CONTRACTOR"),
        (["正職"], ("FULL_TIME",), "正職"),
        (["若干"], (), "若干"),
        (None, (), None),
        ([], (), None),
        ({}, (), None),
    ],
    ids=str,
)
def test_kind_of_employment(kind: Any, kinds: tuple[str, ...], raw: str | None) -> None:
    found = read(employmentType=kind)
    assert (found.employment_type, found.employment_type_raw) == (kinds, raw)


def test_title_states_the_kind_where_the_field_does_not() -> None:
    assert read(employmentType=None, title="Kiln Intern").employment_type == ("INTERN",)


def pay(low: float | None, high: float | None, currency: str = "USD", unit: str | None = "YEAR") -> Salary:
    return Salary(currency=currency, min_value=low, max_value=high, unit_text=unit)


def money(currency: Any = "USD", unit: Any = None, **value: Any) -> dict[str, Any]:
    amount = {"@type": "QuantitativeValue", **value}
    return {"@type": "MonetaryAmount", "currency": currency, "value": amount, **({"unitText": unit} if unit else {})}


@pytest.mark.parametrize(
    ("salary", "read_as"),
    [
        (money(minValue=150000.0, maxValue=250000.0, unitText="YEAR"), pay(150_000, 250_000)),
        (money(minValue="150,000", maxValue="250,000", unitText="Yearly"), pay(150_000, 250_000)),
        (money(minValue="150.000", maxValue="250.000,00", unitText="Jahr"), pay(150_000, 250_000)),
        (money(minValue="150k", maxValue="250k", unitText="YEAR"), None),
        (money(minValue="$150k", maxValue="$250k/year", unitText="YEAR"), pay(150_000, 250_000)),
        (money(minValue="150000", maxValue="25O,OOO", unitText="YEAR"), None),
        (money("JPY", minValue="3600000", unitText="YEAR"), pay(3_600_000, None, "JPY")),
        (money(maxValue=90000, unitText="YEAR"), pay(None, 90_000)),
        (money(value=25.5, unitText="HOUR"), pay(25.5, 25.5, unit="HOUR")),
        (money(unit="MONTH", value="4200"), pay(4_200, 4_200, unit="MONTH")),
        ({"currency": "USD", "value": 90000, "unitText": "YEAR"}, pay(90_000, 90_000)),
        ({"currency": "USD", "minValue": 1, "maxValue": 2, "unitText": "HOUR"}, pay(1, 2, unit="HOUR")),
        ([money(currency=""), money(value=9, unitText="HOUR")], pay(9, 9, unit="HOUR")),
        ("$180,000 - $250,000 a year", pay(180_000, 250_000)),
        (money(currency="", unitText=""), None),
        (money(minValue=0, maxValue=0, unitText="YEAR"), None),
        (money(minValue=9, maxValue=3, unitText="YEAR"), None),
        (money(value="competitive"), None),
        ({}, None),
        (None, None),
        ([], None),
        ("competitive", None),
        (90000, None),
    ],
    ids=str,
)
def test_pay(salary: Any, read_as: Salary | None) -> None:
    assert read(baseSalary=salary).base_salary == read_as


def test_bare_number_is_in_the_currency_beside_it() -> None:
    assert read(baseSalary=90000, salaryCurrency="USD").base_salary == pay(90_000, 90_000, unit=None)


def test_pay_can_be_text_in_the_currency_field() -> None:
    found = read(salaryCurrency="USD $190,000.00 - USD $200,000.00 /Yr.")
    assert (found.base_salary, found.base_salary_raw) == (
        pay(190_000, 200_000),
        "USD $190,000.00 - USD $200,000.00 /Yr.",
    )


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("2026-07-10", "2026-07-10"),
        ("2026-4-1", "2026-04-01"),
        ("2026/4/1", "2026-04-01"),
        ("2025-12-05T05:00:00.000Z", "2025-12-05T05:00:00+00:00"),
        ("2026-05-25T15:10:59+09:00", "2026-05-25T15:10:59+09:00"),
        ("2026-05-25T15:10:59", "2026-05-25"),
        ("2026-05-25 15:10", "2026-05-25"),
        ("Mon Jul 13 00:00:00 UTC 2026", "2026-07-13"),
        ("Mon Jul 13 00:00:00 CEST 2026", "2026-07-13"),
        ("Mon, 13 Jul 2026 09:00:00 +0200", "2026-07-13T09:00:00+02:00"),
        ("Mon Foo 13 00:00:00 UTC 2026", None),
        ("0001-01-01", None),
        ("2026-13-45", None),
        ("13.07.2026", "2026-07-13"),
        ("07/13/2026", "2026-07-13"),
        ("07/06/2026", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_dates(text: str | None, read_as: str | None) -> None:
    found = moment(text)
    assert (found.isoformat() if found else None) == read_as


@pytest.mark.parametrize(
    ("until", "read_as"),
    [
        ("2026-08-25", "2026-08-25"),
        ("2027-07-11", "2027-07-11"),
        ("2036-07-10", None),
        ("2026-07-09", None),
        (None, None),
    ],
)
def test_default_deadline_is_none(until: str | None, read_as: str | None) -> None:
    found = read(validThrough=until).valid_through
    assert (found.isoformat() if found else None) == read_as


@pytest.mark.parametrize(
    ("key", "value", "attribute", "read_as"),
    [
        ("totalJobOpenings", "3", "total_job_openings", 3),
        ("totalJobOpenings", "many", "total_job_openings", None),
        ("employmentUnit", {"name": "Clay"}, "employment_unit", "Clay"),
        ("occupationalCategory", ["Clay", "Kilns"], "occupational_category", "Clay / Kilns"),
        ("occupationalCategory", {"name": "Potters"}, "occupational_category", "Potters"),
        (
            "educationRequirements",
            {"credentialCategory": "bachelor degree"},
            "education_requirements",
            "bachelor degree",
        ),
        ("educationRequirements", "<p>A degree</p>", "education_requirements", "A degree"),
        ("datePosted", None, "date_posted", None),
        ("url", "javascript:alert(1)", "url", ""),
    ],
)
def test_other_fields(key: str, value: Any, attribute: str, read_as: Any) -> None:
    assert getattr(read(**{key: value}), attribute) == read_as


def test_contact_is_not_kept() -> None:
    found = read(applicationContact={"name": "Ann Potter", "email": "ann@potters.example"})
    assert "Ann" not in json.dumps(found.to_dict())


def at(*places: Any) -> JobPosting:
    located = [{"@type": "Place", "address": address} if isinstance(address, dict) else address for address in places]
    return posting({"title": "Potter", "jobLocation": located}, identifier="1")


@pytest.mark.parametrize(
    ("places", "names", "remote"),
    [
        ([{"addressLocality": "Remote"}, {"addressLocality": "Oslo", "addressCountry": "NO"}], ["Oslo, NO"], True),
        ([{"addressLocality": "Oslo | Ulm"}], ["Oslo", "Ulm"], False),
        ([{"addressLocality": "Oslo; Ulm", "addressRegion": "x", "addressCountry": "N"}], ["Oslo, N", "Ulm, N"], False),
        ([{"addressRegion": "Remote", "addressCountry": "DE"}], ["DE"], True),
        (["Oslo; Ulm", "Remote"], ["Oslo", "Ulm"], True),
        ([{"addressLocality": "Oslo", "addressRegion": "Viken", "addressCountry": "NO"}], ["Oslo, Viken, NO"], False),
    ],
)  # fmt: skip
def test_places_are_read_as_those_of_any_board(places: list[Any], names: list[str], remote: bool) -> None:
    found = at(*places)
    assert [place.name for place in found.job_location] == names
    assert found.job_location_type == ("TELECOMMUTE" if remote else None)
