"""Job feeds: RSS and Atom, JSON Feed, and the JSON of two job boards that is used as a feed."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import feedparser

from crawler.parsing import schema_org
from crawler.parsing.responses import (
    BoardUnknown,
    Page,
    UnexpectedResponse,
    expect,
    identifier_of,
    load_json,
    title_of,
    told_apart,
)
from postings import JobPosting, Place, Salary
from postings.facts.employment import employment_types, kind_in_title
from postings.facts.places import place_words, split_places
from postings.facts.salary import amount, parse_salary, pay_range, period_of
from postings.text import joined, web_address, words

_WORLDWIDE = re.compile(r"(?:anywhere(?: in the world)?|worldwide|global|remote)$", re.IGNORECASE)
_AND = re.compile(r"\s*,?(?:\s*\band)?$")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>\s*(?:<!--.*-->\s*)?$", re.IGNORECASE | re.DOTALL)
# "Please mention the word **JOY** and tag RNDku… when applying": the word and the tag differ per reader.
_WATERMARK = "Please mention the word **"
_LIKE_CAREERS = {"careers", "jobs", "career", "karriere"}


def read_feed(body: bytes) -> Page:
    """Read a feed.

    A feed shows the newest postings only, so that its page is not `whole`; only the export for Google's jobs search
    (``xmlns:g``) is meant to hold the whole board.

    Raises:
        BoardBlocked: It is a captcha or an access check.
        BoardUnknown: The feed was switched off or does not exist.
        UnexpectedResponse: It is not a job feed, or it is truncated.
    """
    start = body.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if start in (b"{", b"["):
        return _json(load_json(body))
    if start == b"<":
        return _xml(body)
    text = words(body[:200].decode("utf-8", "replace"))
    if text and "disabled" in text.lower():
        raise BoardUnknown(f"the feed was switched off ({text[:60]!r})")
    raise UnexpectedResponse(f"expected a feed, got {text[:60]!r}" if text else "expected a feed, got an empty body")


# RSS and Atom --------------------------------------------------------------------------------------------


def _xml(body: bytes) -> Page:
    # A stream, because feedparser would take a string for a URL or a file name.
    feed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    if not feed.version:
        schema_org.reject_access_check(body)
        raise UnexpectedResponse("expected a feed, got a page: was the feed switched off?")
    if not _END.search(body[-500:]):
        raise UnexpectedResponse("the feed is truncated")
    export = "http://base.google.com/ns/1.0" in feed.namespaces.values()
    remote = _host(feed.feed.get("link")) == "weworkremotely.com"
    read: Callable[[Mapping[str, Any]], JobPosting] = _we_work_remotely if remote else _entry
    return Page.of_records(_identified(feed.entries), read, whole=export)


def _identified(entries: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the items, each with an ``id``: its own, or its address, which some feeds repeat with each item."""
    own = [words(entry.get("g_id")) or words(entry.get("id")) for entry in entries]
    links = [web_address(entry.get("link")) or None for entry in entries]
    names = [
        joined(link, entry.get("title"), _first_of(entry, "g_location", "job_listing_location", "location")) or ""
        for entry, link in zip(entries, links, strict=True)
    ]
    return [{**entry, "id": known} for entry, known in zip(entries, told_apart(names, own, links), strict=True)]


def _entry(entry: Mapping[str, Any]) -> JobPosting:
    """Map an item, with the fields of Google's (``g:``) or WP Job Manager's extension, if there are any."""
    url = web_address(entry.get("link"))
    title = title_of(entry)
    place = _first_of(entry, "g_location", "job_listing_location", "location")
    # "Hardware Engineer (Walldorf, DE, 69190)": the title repeats the place.
    title = title.removesuffix(f"({place})").strip() or title
    employer = _first_of(entry, "g_employer", "job_listing_company", "company")
    kind = _first_of(entry, "g_job_type", "job_listing_job_type", "type")
    kind = kind if employment_types(kind) else kind_in_title(title)
    pay = _first_of(entry, "g_salary", "job_listing_salary")
    places = tuple(map(_place, split_places(place)))
    function = _first_of(entry, "g_job_function", "g_job_industry")
    return JobPosting(
        identifier=identifier_of(entry),
        title=title,
        url=url,
        description=_text(entry),
        hiring_organization=None if employer and employer.lower() in _LIKE_CAREERS else employer,
        job_location=places,
        job_location_raw=place_words(place),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        base_salary=parse_salary(pay, yuan=False, places=places),
        base_salary_raw=pay,
        date_posted=schema_org.moment(_first_of(entry, "published", "g_publish_date")),
        date_posted_raw=_first_of(entry, "published", "g_publish_date"),
        valid_through=schema_org.moment(_first_of(entry, "g_expiration_date")),
        # ATS_WEBFORM is a way to apply, not a function.
        occupational_category=_tags(entry) or (function if function != "ATS_WEBFORM" else None),
    )


def _we_work_remotely(entry: Mapping[str, Any]) -> JobPosting:
    """Map an item of We Work Remotely: ``Company: Title``, places with flags; ``state`` is the employer's seat."""
    employer, colon, title = title_of(entry).partition(": ")
    kind, url = words(entry.get("type")), web_address(entry.get("link"))
    countries = [_AND.sub("", name.strip()) for name in _FLAG.split(entry.get("country") or "")]
    places = [name for name in countries if name] or [words(entry.get("region")) or ""]
    return JobPosting(
        identifier=identifier_of(entry),
        title=title.strip() if colon else employer,
        url=url,
        description=_text(entry),
        hiring_organization=employer.strip() if colon else None,
        job_location=tuple(Place(name=name) for name in places if name and not _WORLDWIDE.match(name)),
        job_location_type="TELECOMMUTE",
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        date_posted=schema_org.moment(entry.get("published")),
        date_posted_raw=words(entry.get("published")),
        valid_through=schema_org.moment(entry.get("expires_at")),
        occupational_category=_tags(entry),
    )


def _first_of(entry: Mapping[str, Any], *names: str) -> str | None:
    return next(filter(None, (words(entry.get(name)) for name in names)), None)


def _text(entry: Mapping[str, Any]) -> str:
    bodies = [content.get("value") for content in entry.get("content") or ()]
    return schema_org.prose(max((*bodies, entry.get("summary")), key=lambda text: len(text or "")))


def _tags(entry: Mapping[str, Any]) -> str | None:
    return joined(*(tag.get("term") for tag in entry.get("tags") or ()))


def _place(name: str) -> Place:
    """Return the place of ``Locality, Region, Country, postal code``, without the code."""
    return Place(name=re.sub(r",\s*[\d][\d\s-]*$", "", name))


def _host(address: Any) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.") if isinstance(address, str) else ""


# JSON ----------------------------------------------------------------------------------------------------


def _json(payload: Any) -> Page:
    if isinstance(payload, list):
        # Remote OK: the first element holds its terms.
        if not (payload and isinstance(payload[0], dict) and "legal" in payload[0]):
            raise UnexpectedResponse("the JSON list is not a job feed")
        return Page.of_records(payload[1:], _remote_ok)
    if not isinstance(payload, dict):
        raise UnexpectedResponse(f"expected a job feed, got {type(payload).__name__}")
    if str(payload.get("version")).startswith("https://jsonfeed.org/version/"):
        return Page.of_records(expect(payload.get("items"), list, "items"), _item)
    if "jobs" in payload and "apiVersion" in payload:
        return Page.of_records(expect(payload["jobs"], list, "jobs"), _jobicy)
    if payload.get("success") is False and payload.get("error"):
        raise BoardUnknown(f"no such feed ({words(payload['error'])})")
    raise UnexpectedResponse("the JSON is not a job feed")


def _item(item: Mapping[str, Any]) -> JobPosting:
    """Map an item of a JSON Feed; an extension with schema.org's JobPosting (``_jobposting``) holds the rest."""
    identifier, url = identifier_of(item), web_address(item.get("url"))
    text = item.get("content_html") or item.get("content_text")
    extension = next((value for key, value in item.items() if key.startswith("_") and "job" in key.lower()), None)
    data = {**(extension if isinstance(extension, dict) else {}), "title": item.get("title")}
    data.setdefault("datePosted", item.get("date_published"))
    data["description"] = text or data.get("description")
    return schema_org.posting(data, identifier=identifier, url=url)


def _remote_ok(record: Mapping[str, Any]) -> JobPosting:
    title = title_of(record, "position")
    low, high = amount(record.get("salary_min")), amount(record.get("salary_max"))
    kind = kind_in_title(title)  # tags are guesses: a museum's specialist has golang, full time, part time
    place = (words(record.get("location")) or "").strip(" ,")
    return JobPosting(
        identifier=identifier_of(record),
        title=title,
        url=web_address(record.get("url")),
        description=schema_org.prose((record.get("description") or "").partition(_WATERMARK)[0]),
        hiring_organization=words(record.get("company")),
        job_location=tuple(Place(name=name) for name in split_places(place) if not _WORLDWIDE.match(name)),
        job_location_type="TELECOMMUTE",
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        # The numbers have no currency.
        base_salary_raw=f"{low or ''}-{high or ''}" if low or high else None,
        date_posted=schema_org.moment(record.get("date")),
        date_posted_raw=words(record.get("date")),
    )


def _jobicy(record: Mapping[str, Any]) -> JobPosting:
    kinds = ", ".join(filter(None, map(words, record.get("jobType") or ()))) or None
    places = filter(None, (name.strip() for name in (words(record.get("jobGeo")) or "").split(",")))
    pay, pay_raw = _jobicy_pay(record)
    return JobPosting(
        identifier=identifier_of(record),
        title=title_of(record, "jobTitle"),
        url=web_address(record.get("url")),
        description=schema_org.prose(record.get("jobDescription")),
        hiring_organization=words(record.get("companyName")),
        job_location=tuple(Place(name=name) for name in places if not _WORLDWIDE.match(name)),
        job_location_type="TELECOMMUTE",
        employment_type=employment_types(kinds),
        employment_type_raw=kinds,
        base_salary=pay,
        base_salary_raw=pay_raw,
        date_posted=schema_org.moment(record.get("pubDate")),
        date_posted_raw=words(record.get("pubDate")),
        occupational_category=joined(*(record.get("jobIndustry") or ())),
    )


def _jobicy_pay(record: Mapping[str, Any]) -> tuple[Salary | None, str | None]:
    low, high, currency, period = (record.get(f"salary{key}") for key in ("Min", "Max", "Currency", "Period"))
    if not (amount(low) or amount(high)):
        return None, None
    pay = pay_range(low, high, currency=currency, unit_text=period_of(words(period)))
    return pay, f"{low}-{high} {currency} {period or ''}".strip()
