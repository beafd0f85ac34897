"""A posting as a schema.org JobPosting (https://schema.org/JobPosting), JSON-ready."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from functools import lru_cache
from html import escape
from typing import Any

from postings import JobPosting, Place, Salary
from postings.facts import Fact
from postings.facts.places import ResolvedPlace, resolve_places

_BULLET = re.compile(r"\s*[-–•·*●▪■◦]\s+")


def job_posting(
    posting: JobPosting, company: str, facts: Iterable[Fact] = (), closed_at: datetime | None = None
) -> dict[str, Any]:
    """Return a posting as a schema.org JobPosting; properties without a value are left out.

    Args:
        posting: The posting.
        company: The employer's name where the posting does not state one.
        facts: The posting's facts; none where they have not been read.
        closed_at: When it closed, after which it is not valid; None while it is open.
    """
    stated = list(facts)
    work_models = {fact.value for fact in stated if fact.kind == "work_model"}
    remote = "REMOTE" in work_models or (posting.job_location_type == "TELECOMMUTE" and not work_models)
    limits = [fact.value for fact in stated if fact.kind == "remote_limit"] if remote else []
    employer = posting.hiring_organization or posting.hiring_organization_raw or company
    return without_missing(
        {
            "@context": "https://schema.org/",
            "@type": "JobPosting",
            "title": posting.title,
            "description": as_html(posting.description or posting.title),
            "identifier": {
                "@type": "PropertyValue",
                "name": employer,
                "value": posting.identifier,
            },
            "url": web_address(posting.url),
            "datePosted": iso_date(posting.date_posted),
            "validThrough": iso_date(_valid_through(posting.valid_through, closed_at)),
            "hiringOrganization": {"@type": "Organization", "name": employer},
            "jobLocation": [_place(place) for place in posting.job_location],
            "jobLocationType": "TELECOMMUTE" if remote else None,
            "applicantLocationRequirements": [_limit(name) for name in limits],
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


def as_html(text: str) -> str:
    r"""Return plain text as HTML: paragraphs, lists where lines begin with a bullet, every special character escaped.

    >>> as_html("You will\n- tend lamps\n- read <maps>\n\nApply!")
    '<p>You will</p><ul><li>tend lamps</li><li>read &lt;maps&gt;</li></ul><p>Apply!</p>'
    """
    parts: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        plain: list[str] = []
        items: list[str] = []
        for line in [*paragraph.split("\n"), None]:
            bullet = line is not None and _BULLET.match(line)
            if plain and (bullet or line is None):
                parts.append(f"<p>{'<br>'.join(plain)}</p>")
                plain = []
            if items and not bullet:
                parts.append(f"<ul>{''.join(items)}</ul>")
                items = []
            if bullet and line:
                items.append(f"<li>{escape(line[bullet.end() :].strip())}</li>")
            elif line:
                plain.append(escape(line.strip()))
    return "".join(parts)


def _valid_through(stated: datetime | date | None, closed_at: datetime | None) -> datetime | date | None:
    """Return when the posting ends: at its deadline, or when it closed, if that was earlier."""
    if stated is None or closed_at is None:
        return stated or closed_at
    by = stated if isinstance(stated, datetime) else datetime.combine(stated, time.max, UTC)
    return min(by, closed_at) if by > closed_at else stated


def _limit(name: str) -> dict[str, str]:
    kind = "Country" if re.fullmatch("[A-Z]{2}", name) else "AdministrativeArea"
    return {"@type": kind, "name": name}


@lru_cache(maxsize=50_000)
def _resolved(place: Place) -> ResolvedPlace | None:
    """Return what a place means, where that is one place; boards repeat few places very often."""
    found = resolve_places([place])
    return found[0] if len(found) == 1 else None


def _place(place: Place) -> dict[str, Any]:
    resolved = _resolved(place)
    address = without_missing(
        {
            "addressLocality": place.address_locality or (resolved and resolved.city),
            "addressRegion": place.address_region or (resolved and resolved.region),
            # Google wants the ISO code, which is the same in every language.
            "addressCountry": (resolved and resolved.country) or place.address_country,
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
