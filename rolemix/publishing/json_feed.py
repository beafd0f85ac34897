"""The JSON feed of postings (JSON Feed 1.1): each with its schema.org JobPosting, its tag and its history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from classifier.model.tag import SURE, margin
from classifier.quantification.estimator import ESTIMAND, Calibration
from classifier.taxonomy import Taxonomy
from postings import JobPosting, Place, Salary
from postings.errors import RolemixError
from postings.store import Store, queries
from postings.store.records import OpenTag, PostingHistory
from rolemix.analysis import mixes
from rolemix.analysis.mixes import as_record
from rolemix.companies import company_name, employer_name, of_several_employers
from rolemix.files import replacing
from rolemix.publishing.render import as_json

VERSION = "https://jsonfeed.org/version/1.1"
TITLE = "rolemix: what companies hire for"


def write_feed(
    store: Store,
    path: Path,
    *,
    model: str,
    taxonomy: Taxonomy,
    calibration: Calibration | None = None,
    home_page_url: str | None = None,
    feed_url: str | None = None,
) -> int:
    """Write the feed of every posting in the store, newest first; the same store gives the same bytes.

    Args:
        store: Tagged with this model throughout.
        path: The file; it is replaced whole, so that a reader never meets half a feed.
        model: The tagger's name.
        taxonomy: How roles make up focuses.
        calibration: The tagger's, with which each company's mix is estimated; None leaves the mixes out.
        home_page_url: Where people read about the feed, if anywhere.
        feed_url: Where the feed is published, if it is.

    Returns:
        How many postings it holds.

    Raises:
        RolemixError: The file cannot be written.
    """
    head: dict[str, Any] = {
        "version": VERSION,
        "title": TITLE,
        "home_page_url": home_page_url,
        "feed_url": feed_url,
        "_rolemix": None if calibration is None else company_mixes(store, model, taxonomy, calibration),
    }
    try:
        # A lone surrogate becomes a backslash escape, which in JSON is the escape that it was read from.
        with replacing(path, errors="backslashreplace") as out:
            return _write(out, _filled(head), items(store, model, taxonomy))
    except OSError as error:
        raise RolemixError(f"cannot write the feed {path}: {error.strerror}; give another place with -o") from error


def items(store: Store, model: str, taxonomy: Taxonomy) -> Iterator[dict[str, Any]]:
    """Yield every posting as a feed item, newest first."""
    with store.read() as connection:
        boards = queries.fetch_boards(connection)
        names = {board.url: company_name(board.company, board.organization, board.url) for board in boards}
        searches = {board.url for board in boards if of_several_employers(board.company, board.url)}
        for found in queries.stream_histories(connection, model=model, newest_first=True):
            company = names[found.board_url]
            if found.board_url in searches:
                company = employer_name(found.posting.hiring_organization, found.board_url)
            yield _item(found, company, taxonomy)


def company_mixes(store: Store, model: str, taxonomy: Taxonomy, calibration: Calibration) -> dict[str, Any] | None:
    """Return the mix of each company's open postings as of the newest run, JSON-ready; None before any run.

    Args:
        store: Tagged with this model throughout.
        model: The tagger's name.
        taxonomy: How roles make up focuses.
        calibration: The tagger's.
    """
    tags: dict[str, list[OpenTag]] = defaultdict(list)
    with store.read() as connection:
        boards = queries.fetch_boards(connection)
        names = {board.url: company_name(board.company, board.organization, board.url) for board in boards}
        searches = {board.url for board in boards if of_several_employers(board.company, board.url)}
        for row in queries.stream_open_tags(connection, model):
            if row.board_url not in searches:  # what a search shows is never the whole of a company
                tags[names[row.board_url]].append(row)
        at = queries.fetch_now(connection)
    if at is None:
        return None
    companies = [
        {"company": company} | as_record(mix)
        for company, rows in sorted(tags.items())
        if (mix := mixes.estimated(rows, calibration, taxonomy)) is not None
    ]
    about = {"at": _date(at), "model": model, "taxonomy": taxonomy.version, "estimates": ESTIMAND}
    return about | {"companies": companies}


def _write(out: TextIO, head: dict[str, Any], entries: Iterator[dict[str, Any]]) -> int:
    """Write item by item, because a store can hold more postings than memory should."""
    count = 0
    out.write(as_json(head, indent=1).removesuffix("\n}\n") + ',\n "items": [')
    for count, entry in enumerate(entries, start=1):
        out.write((",\n" if count > 1 else "\n") + as_json(entry, indent=1).rstrip("\n"))
    out.write("\n ]\n}\n")
    return count


def _item(found: PostingHistory, company: str, taxonomy: Taxonomy) -> dict[str, Any]:
    posting, tag = found.posting, found.tag
    role = tag.role if tag else None
    focus = taxonomy.focus_by_role[role] if role else None
    closed = found.closed_at
    return _filled(
        {
            # Never reused and never changed: the board's own id under the board's address.
            "id": f"{found.board_url}#{posting.identifier}",
            "url": _web(posting.url),
            "title": f"{posting.title} – {company}",
            "content_text": posting.description or posting.title,
            "date_published": _date(found.first_seen),
            "date_modified": _date(max(found.changed_at, found.opened_at, closed or found.opened_at)),
            "tags": [tag for tag in (focus, role, "closed" if closed else "open") if tag],
            "_jobposting": job_posting(posting, company),
            "_rolemix": {
                "company": company,
                "board": found.board_url,
                "role": role,
                "focus": focus,
                "confidence": round(tag.confidence, 4) if tag else None,
                "sure": margin(tag.roles, role) >= SURE if tag and role else None,
                "model": tag.model if tag else None,
                "taxonomy": tag.taxonomy if tag else None,
                "first_seen": _date(found.first_seen),
                "last_seen": _date(found.last_seen),
                "opened": _date(found.opened_at),
                "closed": _date(closed),
                "closed_reason": found.closed_reason,
                "redirects_to": _web(posting.redirects_to),
                "urgent": posting.urgent,
            },
        }
    )


def job_posting(posting: JobPosting, company: str) -> dict[str, Any]:
    """Return a posting as a schema.org JobPosting."""
    employer = posting.hiring_organization or posting.hiring_organization_raw or company
    return _filled(
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
            "url": _web(posting.url),
            "datePosted": _date(posting.date_posted),
            "validThrough": _date(posting.valid_through),
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


def _place(place: Place) -> dict[str, Any]:
    address = {
        "addressLocality": place.address_locality,
        "addressRegion": place.address_region,
        "addressCountry": place.address_country,
    }
    filled = _filled(address)
    return _filled(
        {"@type": "Place", "name": place.name, "address": {"@type": "PostalAddress", **filled} if filled else None}
    )


def _salary(salary: Salary) -> dict[str, Any]:
    value = {"minValue": salary.min_value, "maxValue": salary.max_value, "unitText": salary.unit_text}
    return {
        "@type": "MonetaryAmount",
        "currency": salary.currency,
        "value": {"@type": "QuantitativeValue", **_filled(value)},
    }


def _web(url: str | None) -> str | None:
    """Return an address that a reader may open: a board's text must not become a script in somebody's page."""
    return url if url and url.startswith(("https://", "http://")) else None


def _date(moment: datetime | date | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known. `_rolemix` does not pass here and keeps its nulls: programs find every key."""
    return {name: value for name, value in values.items() if value is not None and value != []}
