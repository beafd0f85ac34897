"""A posting as schema.org's JobPosting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from lxml.html import fragment_fromstring

from postings import JobPosting, Place, Salary
from postings.facts import fact_rows, posting_facts
from rolemix.publishing.job_posting import as_html, job_posting

LAMP = JobPosting(identifier="7", title="Lamp Keeper", url="https://jobs.lever.co/quillmoth/7")


def test_a_full_job_posting() -> None:
    posting = JobPosting(
        identifier="7",
        title="Lamp Keeper",
        url="https://jobs.lever.co/quillmoth/7",
        job_location=(Place(name="Tromsø", address_country="NO"),),
        job_location_type="TELECOMMUTE",
        employment_type=("FULL_TIME",),
        base_salary=Salary(currency="NOK", min_value=40_000, unit_text="MONTH"),
        date_posted=datetime.fromisoformat("2026-03-01T08:00+01:00"),
        total_job_openings=2,
        occupational_category="Lamps",
    )
    assert job_posting(posting, "Quillmoth") == {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": "Lamp Keeper",
        "description": "<p>Lamp Keeper</p>",
        "identifier": {"@type": "PropertyValue", "name": "Quillmoth", "value": "7"},
        "url": "https://jobs.lever.co/quillmoth/7",
        "datePosted": "2026-03-01T08:00:00+01:00",
        "hiringOrganization": {"@type": "Organization", "name": "Quillmoth"},
        "jobLocation": [
            {
                "@type": "Place",
                "name": "Tromsø",
                "address": {
                    "@type": "PostalAddress",
                    "addressLocality": "Tromsø",
                    "addressRegion": "Troms",
                    "addressCountry": "NO",
                },
            }
        ],
        "jobLocationType": "TELECOMMUTE",
        "employmentType": ["FULL_TIME"],
        "baseSalary": {
            "@type": "MonetaryAmount",
            "currency": "NOK",
            "value": {"@type": "QuantitativeValue", "minValue": 40_000, "unitText": "MONTH"},
        },
        "totalJobOpenings": 2,
        "occupationalCategory": "Lamps",
    }


def properties(posting: JobPosting, closed_at: datetime | None = None) -> dict[str, object]:
    return job_posting(posting, "Quillmoth", fact_rows(posting_facts(posting)), closed_at)


@pytest.mark.parametrize(
    ("words", "text", "limits"),
    [
        ("Remote (US)", "", [{"@type": "Country", "name": "US"}]),
        ("Remote - Germany or Austria", "", [{"@type": "Country", "name": name} for name in ("DE", "AT")]),
        ("Remote (EMEA)", "", [{"@type": "AdministrativeArea", "name": "EMEA"}]),
        ("Remote", "", None),
    ],
)
def test_remote_work_is_limited_to_what_its_words_say(words: str, text: str, limits: list[object] | None) -> None:
    found = properties(replace(LAMP, job_location=(Place(name=words),), description=text))
    assert found["jobLocationType"] == "TELECOMMUTE"
    assert found.get("applicantLocationRequirements") == limits


def test_a_text_that_denies_remote_work_outranks_a_place_called_remote() -> None:
    remote = replace(LAMP, job_location=(Place(name="US, TX, Remote"),), job_location_type="TELECOMMUTE")
    assert properties(remote)["jobLocationType"] == "TELECOMMUTE"
    denied = replace(remote, description="This position is fully on-site at our lighthouse.")
    assert "jobLocationType" not in properties(denied)


@pytest.mark.parametrize(
    ("stated", "closed", "expected"),
    [
        (None, None, None),
        (date(2026, 4, 1), None, "2026-04-01"),
        (None, datetime(2026, 3, 2, tzinfo=UTC), "2026-03-02T00:00:00+00:00"),
        (date(2026, 4, 1), datetime(2026, 3, 2, tzinfo=UTC), "2026-03-02T00:00:00+00:00"),
        (date(2026, 2, 1), datetime(2026, 3, 2, tzinfo=UTC), "2026-02-01"),
        (datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC), "2026-03-02T00:00:00+00:00"),
    ],
)
def test_a_posting_is_valid_until_its_deadline_or_until_it_closed(
    stated: date | None, closed: datetime | None, expected: str | None
) -> None:
    assert properties(replace(LAMP, valid_through=stated), closed).get("validThrough") == expected


def test_a_country_is_its_code_in_any_language() -> None:
    for name in ("德国", "Deutschland", "Germany", "DE"):
        (place,) = job_posting(replace(LAMP, job_location=(Place(name="x", address_country=name),)), "Q")["jobLocation"]
        assert place["address"]["addressCountry"] == "DE", name


def test_a_description_is_html_that_shows_the_text() -> None:
    text = "You will\n- tend <b>lamps</b> & buoys\n• read maps\n\n任职要求：\n1. 不怕黑\n<script>alert(1)</script>"
    html = as_html(text)
    shown = fragment_fromstring(html, create_parent="div")
    assert [element.tag for element in shown.iter()] == ["div", "p", "ul", "li", "li", "p", "br", "br"]
    assert [item.text for item in shown.iter("li")] == ["tend <b>lamps</b> & buoys", "read maps"]
    assert "<script>alert(1)</script>" in shown.text_content()
