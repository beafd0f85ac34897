"""The record of one job posting, named after schema.org's JobPosting."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the work is done (schema.org Place with a PostalAddress).

    Attributes:
        name: The place as the board writes it, e.g. ``"San Francisco, CA"`` or ``"北京市 海淀区"``.
        address_locality: City or district, where the board gives it separately.
        address_region: Province or state, where the board gives it separately.
        address_country: Country, as the board gives it (a name or an ISO 3166 code).
    """

    name: str
    address_locality: str | None = None
    address_region: str | None = None
    address_country: str | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Salary:
    """Base pay (schema.org MonetaryAmount, its QuantitativeValue folded in).

    Attributes:
        currency: ISO 4217 code.
        min_value: Lower end in units of ``currency``; None when the board gives only an upper end.
        max_value: Upper end in units of ``currency``; None when the board gives only a lower end.
        unit_text: The period that the pay is for: ``HOUR``, ``DAY``, ``WEEK``, ``MONTH`` or ``YEAR``.
        months_per_year: How many monthly salaries are paid a year (``15`` for ``15薪``); None when not stated.
    """

    currency: str
    min_value: float | None = None
    max_value: float | None = None
    unit_text: str | None = None
    months_per_year: float | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class JobPosting:
    """One posting as its board shows it; beside each parsed value stands its raw text, named ``…_raw``.

    Attributes:
        identifier: The board's own id for the posting, stable when the title changes.
        title: The title, surrounding white space removed.
        url: The page on which a person reads the posting.
        description: The full text as plain text, contact data masked.
        hiring_organization: The employer's name, as the board gives it.
        hiring_organization_raw: What the board gives instead of an employer's name: "a large internet company", or
            the name of an agency that recruits for others.
        job_location: Every place named, without repeats; the order has no meaning.
        job_location_raw: What the board writes about where the work is done, where its places alone lose some of it:
            "Remote (US)", "Hybrid", "53 Locations".
        job_location_type: ``TELECOMMUTE`` where the work may be done entirely from home.
        applicant_location_requirements: Where remote work is limited to, as a field of the board states it: ISO 3166-1
            codes of countries, or the board's words for other areas; sorted.
        employment_type: Any of ``FULL_TIME``, ``PART_TIME``, ``CONTRACTOR``, ``TEMPORARY``, ``INTERN``, ``OTHER``.
        employment_type_raw: The words that ``employment_type`` was read from.
        base_salary: Pay, when the board publishes it.
        base_salary_raw: The words or numbers that ``base_salary`` was read from.
        date_posted: When it was published according to the board, with zone; a bare date where it gives only that.
        date_posted_raw: The value that ``date_posted`` was read from.
        valid_through: The deadline that the board states, with zone. A future one does not prove that it is open.
        total_job_openings: The number of people to be hired, when stated.
        employment_unit: The department or team, as the board names it.
        occupational_category: The category of the work, as the board names it.
        education_requirements: The education required, as the board writes it.
        urgent: True where the board marks the posting as urgent.
        redirects_to: The address of another posting, where this one only redirects to it. Such a posting is stored,
            but not counted as open.
    """

    identifier: str
    title: str
    url: str
    description: str = ""
    hiring_organization: str | None = None
    hiring_organization_raw: str | None = None
    job_location: tuple[Place, ...] = ()
    job_location_raw: str | None = None
    job_location_type: str | None = None
    applicant_location_requirements: tuple[str, ...] = ()
    employment_type: tuple[str, ...] = ()
    employment_type_raw: str | None = None
    base_salary: Salary | None = None
    base_salary_raw: str | None = None
    date_posted: datetime | date | None = None
    date_posted_raw: str | None = None
    valid_through: datetime | date | None = None
    total_job_openings: int | None = None
    employment_unit: str | None = None
    occupational_category: str | None = None
    education_requirements: str | None = None
    urgent: bool = False
    redirects_to: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the record as JSON-ready values: every attribute, dates in ISO 8601."""
        # Not dataclasses.asdict, because it copies deeply, and this runs several times for every posting.
        values: dict[str, Any] = {name: getattr(self, name) for name in _NAMES}
        values["job_location"] = [dataclasses.asdict(place) for place in self.job_location]
        values["employment_type"] = list(self.employment_type)
        values["applicant_location_requirements"] = list(self.applicant_location_requirements)
        values["base_salary"] = dataclasses.asdict(self.base_salary) if self.base_salary else None
        for name in _DATES:
            if (moment := values[name]) is not None:
                values[name] = moment.isoformat()
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> JobPosting:
        """Rebuild a record from `to_dict`'s output.

        Raises:
            TypeError: A required attribute is missing, or an unknown one is present.
            ValueError: A date is not in ISO 8601.
        """
        record = dict(values)
        record["job_location"] = tuple(Place(**place) for place in record.get("job_location") or ())
        record["employment_type"] = tuple(record.get("employment_type") or ())
        record["applicant_location_requirements"] = tuple(record.get("applicant_location_requirements") or ())
        if record.get("base_salary") is not None:
            record["base_salary"] = Salary(**record["base_salary"])
        for name in _DATES:
            if record.get(name) is not None:
                record[name] = _date_or_datetime(record[name])
        return cls(**record)

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of what a reader sees; equal hashes mean that nothing worth storing changed.

        Places are sorted first, because boards do not keep their order. Attributes without a value are left out, so
        that an attribute added to this class later gives no posting a new version until a board states it.
        """
        content = {name: value for name, value in self.to_dict().items() if value not in (None, "", [], False)}
        for name, key in (("job_location", json.dumps), ("employment_type", str)):
            if name in content:
                content[name] = sorted(content[name], key=key)
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


_NAMES = tuple(field.name for field in dataclasses.fields(JobPosting))
_DATES = ("date_posted", "valid_through")


def _date_or_datetime(text: str) -> date:
    """Parse ISO 8601, keeping a bare date a date."""
    return date.fromisoformat(text) if len(text) == len("2026-01-31") else datetime.fromisoformat(text)


def utc(moment: datetime) -> datetime:
    """Return the moment in UTC.

    Raises:
        ValueError: The moment has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"time without a zone: {moment.isoformat()}")
    return moment.astimezone(UTC)
