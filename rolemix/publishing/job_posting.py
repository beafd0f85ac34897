"""A posting as a schema.org JobPosting (https://schema.org/JobPosting), JSON-ready."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from postings import JobPosting, Place, Salary


def job_posting(posting: JobPosting, company: str) -> dict[str, Any]:
    """Return a posting as a schema.org JobPosting; properties without a value are left out.

    Args:
        posting: The posting.
        company: The employer's name where the posting does not state one.
    """
    employer = posting.hiring_organization or posting.hiring_organization_raw or company
    return without_missing(
        {
            "@context": "https://schema.org/",
            "@type": "JobPosting",
            "title": posting.title,
            "description": posting.description or posting.title,
            "identifier": {
                "@type": "PropertyValue",
                "name": employer,
                "value": posting.identifier,
            },
            "url": web_address(posting.url),
            "datePosted": iso_date(posting.date_posted),
            "validThrough": iso_date(posting.valid_through),
            "hiringOrganization": {"@type": "Organization", "name": employer},
            "jobLocation": [_place(place) for place in posting.job_location],
            "jobLocationType": posting.job_location_type,
            "employmentType": list(posting.employment_type),
            "baseSalary": _salary(posting.base_salary) if posting.base_salary else None,
            "totalJobOpenings": posting.total_job_openings,
            "employmentUnit": posting.employment_unit,
            "occupationalCategory": posting.occupational_category,
            "educationRequirements": posting.education_requirements,
        }
    )


def web_address(url: str | None) -> str | None:
    """Return an address if it is safe to open: a board's text must not become a script in somebody's page."""
    return url if url and url.startswith(("https://", "http://")) else None


def iso_date(moment: datetime | date | None) -> str | None:
    """Return a day or a time in ISO 8601; None for None."""
    return None if moment is None else moment.isoformat()


def without_missing(values: dict[str, Any]) -> dict[str, Any]:
    """Return the entries that have a value: neither None nor an empty list."""
    return {name: value for name, value in values.items() if value is not None and value != []}


def _place(place: Place) -> dict[str, Any]:
    address = without_missing(
        {
            "addressLocality": place.address_locality,
            "addressRegion": place.address_region,
            "addressCountry": place.address_country,
        }
    )
    postal_address = {"@type": "PostalAddress", **address} if address else None
    return without_missing({"@type": "Place", "name": place.name, "address": postal_address})


def _salary(salary: Salary) -> dict[str, Any]:
    value = {"minValue": salary.min_value, "maxValue": salary.max_value, "unitText": salary.unit_text}
    return {
        "@type": "MonetaryAmount",
        "currency": salary.currency,
        "value": {"@type": "QuantitativeValue", **without_missing(value)},
    }
