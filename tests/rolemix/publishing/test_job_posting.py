"""A posting as schema.org's JobPosting."""

from __future__ import annotations

from datetime import datetime

from postings import JobPosting, Place, Salary
from rolemix.publishing.job_posting import job_posting


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
        "description": "Lamp Keeper",
        "identifier": {"@type": "PropertyValue", "name": "Quillmoth", "value": "7"},
        "url": "https://jobs.lever.co/quillmoth/7",
        "datePosted": "2026-03-01T08:00:00+01:00",
        "hiringOrganization": {"@type": "Organization", "name": "Quillmoth"},
        "jobLocation": [
            {"@type": "Place", "name": "Tromsø", "address": {"@type": "PostalAddress", "addressCountry": "NO"}}
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
