"""schema.org's JobPosting: found in a page in any of its syntaxes, and mapped to a posting.

JSON-LD is read by the standard library, and by ``json-repair`` where that fails: a missing comma, a stray escape, a
CDATA guard. extruct would add 15 MB (rdflib, html5lib …) for the easy part of the work, and drops a whole page for one
malformed script. Microdata is read here, because its texts are needed as HTML.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import chain
from typing import Any

import json_repair
from parsel import Selector

from crawler.parsing.responses import BoardBlocked, UnexpectedResponse, html_of
from postings import JobPosting, Place, Salary
from postings.facts.dates import iso
from postings.facts.employment import employment_types, kind_in_title, most_specific
from postings.facts.places import country_code, place_in, place_words, split_places, work_model
from postings.facts.salary import amount, count_of, parse_salary, pay_range, period_of
from postings.text import one_line, plain_text, resolved, web_address, words

_SCRIPTS = "//script[contains(translate(@type, 'LDJSON', 'ldjson'), 'ld+json')]"
_JOB_POSTING = re.compile(r"(?:^|[/#:])JobPosting$", re.IGNORECASE)
_NAMESPACE = re.compile(r"^(?:https?://schema\.org/|schema:)")
_REPAIRABLE = 100_000
"""Characters of the longest script that is repaired: the time of the repair grows faster than the text."""

_TAG = re.compile(r"<[A-Za-z/!]")
_ESCAPED_TAG = re.compile(r"&(?:amp;)?lt;[A-Za-z/!]")
_MARKUP = ("description", "responsibilities", "qualifications", "skills", "jobBenefits", "experienceRequirements")
"""Properties whose microdata is kept as HTML."""
_FURTHER_TEXTS = ("responsibilities", "qualifications")
"""Parts of the description that some sites state separately, and many repeat in it."""

_WALL = re.compile(
    "captcha|just a moment|attention required|access denied|are you a robot|are you human|verify you are human"
    "|pardon our interruption|验证码|安全验证|访问验证",
    re.IGNORECASE,
)

_PLACEHOLDERS = {"unavailable", "n/a", "na", "null", "none", "undefined", "-", "--", "tbd", "not specified"}
_EVERYWHERE = {"anywhere", "worldwide", "anywhere in the world", "global", "earth"}
_JAVA_DATE = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\w{3}) (\d{1,2}) [\d:]{8} \w{3,5} (\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_MAX_OPEN = timedelta(days=366)
"""A later deadline is a default of the site's software (ten years, five years from now), not a choice."""


def job_postings(page: bytes | Selector) -> list[dict[str, Any]]:
    """Return every JobPosting of a page as plain data, from JSON-LD or else from microdata.

    Keys and types have no namespace and a lower-case first letter (``Title`` is ``title``); a value that is only a
    reference (``@id``) to another node of the same script is replaced by that node.

    Raises:
        UnexpectedResponse: The page has a JobPosting, but none can be read.
    """
    markup = html_of(page) if isinstance(page, bytes) else page
    found: list[dict[str, Any]] = []
    broken = None
    for text in markup.xpath(_SCRIPTS).xpath("string()").getall():
        try:
            for data in list(_in_script(text)):
                if data not in found:
                    found.append(data)
        except (ValueError, RecursionError):
            broken = "cannot parse the script with the JobPosting: it is malformed or nested too deeply"
    try:
        found = found or list(_in_microdata(markup))
    except RecursionError:
        broken = "the JobPosting's markup is nested too deeply"
    if broken and not found:
        raise UnexpectedResponse(broken)
    return found


def page_address(markup: Selector, base: str = "") -> str:
    """Return the address that a page states: its canonical link or Open Graph address; "" without one."""
    stated = (
        markup.xpath("//link[translate(@rel, 'CANONIL', 'canonil') = 'canonical']/@href").get()
        or markup.xpath("//meta[@property = 'og:url']/@content").get()
        or ""
    )
    return resolved(base, stated)


def reject_access_check(page: bytes | Selector) -> None:
    """Raise if a page's title or headline is that of an access check; many contact forms contain the word captcha.

    Raises:
        BoardBlocked: It is a captcha or an access check.
    """
    markup = html_of(page) if isinstance(page, bytes) else page
    for headline in markup.xpath("//title | //h1").xpath("string()").getall():
        if _WALL.search(headline):
            raise BoardBlocked(f"a captcha or an access check ({one_line(headline)[:60]!r})")


def posting(data: Mapping[str, Any], *, identifier: str | None = None, url: str = "") -> JobPosting:
    """Map a JobPosting's data.

    Args:
        data: An element of the result of `job_postings`.
        identifier: The posting's identifier; by default the one that the data states.
        url: The address of its page; by default the one that the data states.

    Raises:
        UnexpectedResponse: It has no title, or no identifier where none is given.
    """
    title = words(html.unescape(_text(data.get("title")) or _text(data.get("name")) or ""))
    if not title:
        raise UnexpectedResponse("the JobPosting has no title")
    known = identifier or stated_identifier(data)
    if not known:
        raise UnexpectedResponse("the JobPosting has no identifier")
    kind = ", ".join(filter(None, map(_text, _listed(data.get("employmentType"))))) or None
    kind = most_specific(kind, kind_in_title(title))
    places = _places(data)
    pay, pay_raw = _salary(data, places)
    posted_raw = _text(data.get("datePosted"))
    posted = moment(posted_raw)
    return JobPosting(
        identifier=known,
        title=title,
        url=url or web_address(data.get("url")),
        description=_description(data),
        hiring_organization=_name(data.get("hiringOrganization")),
        job_location=places,
        job_location_raw=place_words(*_place_names(data)),
        job_location_type="TELECOMMUTE" if _remote(data) else None,
        applicant_location_requirements=_requirements(data),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        base_salary=pay,
        base_salary_raw=pay_raw,
        date_posted=posted,
        date_posted_raw=posted_raw,
        valid_through=_deadline(moment(_text(data.get("validThrough"))), posted),
        total_job_openings=count_of(_text(data.get("totalJobOpenings"))),
        employment_unit=_name(data.get("employmentUnit")),
        occupational_category=_names(data.get("occupationalCategory")),
        education_requirements=_names(data.get("educationRequirements")),
    )


def stated_identifier(data: Mapping[str, Any]) -> str | None:
    """Return the identifier that a JobPosting states: a PropertyValue, a number or a string.

    It usually is the employer's requisition number, which several pages (one per place) can share.
    """
    stated = next(iter(_listed(data.get("identifier"))), None)
    return words(_text(stated.get("value") if isinstance(stated, Mapping) else stated))


def moment(text: str | None) -> datetime | date | None:
    """Parse a date as pages write it: ISO 8601 with or without zeros, RFC 822, or the format of Java's Date.

    Of a time without a zone only the date is kept.
    """
    value = (text or "").strip()
    if exact := iso(value):
        return exact
    if java := _JAVA_DATE.match(value):
        # Midnight in the server's zone: the calendar day counts.
        try:
            return iso(datetime.strptime(" ".join(java.groups()), "%b %d %Y").date().isoformat())  # noqa: DTZ007
        except ValueError:
            return None
    if parts := _YEAR_FIRST.match(value):
        year, month, day = parts.groups()
        return iso(f"{year}-{month:0>2}-{day:0>2}")
    try:
        mailed = parsedate_to_datetime(value)
    except ValueError:
        return None
    return iso(mailed.isoformat()) or iso(mailed.date().isoformat())


def _in_script(text: str) -> Iterator[dict[str, Any]]:
    """Yield the JobPostings of a script, at any depth."""
    if "jobposting" not in text.lower():
        return
    nodes = list(_nodes(_parsed(text)))
    named = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    for node in nodes:
        if _is_job_posting(node):
            yield {key: _referred(value, named) for key, value in node.items()}


def _parsed(text: str) -> Any:
    """Return the script's JSON, with keys without namespace and lower-case first letter.

    Raises:
        ValueError: It is broken, and too long to be repaired.
    """
    text = text.strip()
    for _ in range(2):
        if '"' not in text and "quot;" in text:
            text = html.unescape(text)  # the whole block was escaped like text
    try:
        data = json.loads(text, strict=False)  # strings may contain line breaks
    except ValueError:
        if len(text) > _REPAIRABLE:
            raise
        data = json_repair.loads(text, skip_json_loads=True)
    return _plain(data)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {_key(key): _plain(item) for key, item in value.items()}
    return value


def _key(key: str) -> str:
    bare = _NAMESPACE.sub("", key)
    return bare[:1].lower() + bare[1:]


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of the data, outer ones first."""
    if isinstance(value, list):
        yield from chain.from_iterable(map(_nodes, value))
    elif isinstance(value, dict):
        yield value
        yield from chain.from_iterable(map(_nodes, value.values()))


def _is_job_posting(node: Mapping[str, Any]) -> bool:
    kinds = _listed(node.get("@type") or node.get("type"))
    return any(isinstance(kind, str) and _JOB_POSTING.search(kind.strip()) for kind in kinds)


def _referred(value: Any, named: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_referred(item, named) for item in value]
    if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
        return named.get(str(value.get("@id")), value)
    return value


def _in_microdata(markup: Selector) -> Iterator[dict[str, Any]]:
    for item in markup.xpath("//*[@itemscope][contains(@itemtype, 'JobPosting')]"):
        if _JOB_POSTING.search((item.root.get("itemtype") or "").split()[0]):
            yield _item(item.root)


def _item(element: Any) -> dict[str, Any]:
    """Return a microdata item's properties; several values of one become a list."""
    properties: dict[str, list[Any]] = {}
    inner = list(element)[::-1]
    while inner:
        child = inner.pop()
        for name in (child.get("itemprop") or "").split():
            properties.setdefault(name, []).append(_property(child, name))
        if child.get("itemscope") is None:
            inner.extend(list(child)[::-1])
    return {name: values[0] if len(values) == 1 else values for name, values in properties.items()}


def _property(element: Any, name: str) -> Any:
    if element.get("itemscope") is not None and len(element):
        return _item(element)
    stated = next(filter(None, (element.get(key) for key in ("content", "datetime", "href", "value"))), None)
    if stated is not None:
        return stated
    if name in _MARKUP:
        return Selector(root=element, type="html").get()
    return " ".join("".join(map(str, element.itertext())).split())


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str | None:
    """Return a string or a number as text; None for anything else, and for placeholders."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    return text if text and text.lower() not in _PLACEHOLDERS else None


def _name(value: Any) -> str | None:
    """Return the name of a thing that is an object, a list or a name."""
    for item in _listed(value):
        named = item.get("name") if isinstance(item, Mapping) else item
        for name in _listed(named):
            if found := words(_text(name)):
                return found
    return None


def _country(value: Any) -> str | None:
    """Return the country of one place; some sites list the countries of all places with each."""
    stated = [item.get("name") if isinstance(item, Mapping) else item for item in _listed(value)]
    names = {words(_text(name)) for item in stated for name in _listed(item)} - {None}
    return names.pop() if len(names) == 1 else None


def _names(value: Any) -> str | None:
    """Return the names of one or several categories or educations."""
    names = []
    for item in _listed(value):
        if isinstance(item, Mapping):
            item = item.get("name") or item.get("credentialCategory") or item.get("codeValue")
        names += [words(plain_text(_text(name))) for name in _listed(item)]
    return " / ".join(dict.fromkeys(filter(None, names))) or None


def _description(data: Mapping[str, Any]) -> str:
    text = prose(data.get("description"))
    for name in _FURTHER_TEXTS:
        further = prose(data.get(name))
        if further and "".join(further.split()) not in "".join(text.split()):
            text = f"{text}\n\n{further}".strip()
    return text


def prose(value: Any) -> str:
    """Return the plain text of HTML, of text, or of HTML that was escaped once or twice too often."""
    text = "\n".join(item for item in _listed(value) if isinstance(item, str))
    for _ in range(2):
        if _TAG.search(text) or not _ESCAPED_TAG.search(text):
            break
        text = html.unescape(text)
    return plain_text(text)


def _remote(data: Mapping[str, Any]) -> bool:
    """Whether the data states remote work, in its own field or in the place of a place."""
    stated = map(_text, _listed(data.get("jobLocationType")))
    return any("TELECOMMUTE" in kind.upper() for kind in stated if kind) or any(map(work_model, _place_names(data)))


def _place_names(data: Mapping[str, Any]) -> Iterator[str | None]:
    for place in _listed(data.get("jobLocation")):
        if isinstance(place, Mapping):
            address = next(iter(_listed(place.get("address"))), None)
            parts = address if isinstance(address, Mapping) else place
            yield from (_name(parts.get(key)) for key in ("addressLocality", "addressRegion"))
        else:
            yield _text(place)


def _places(data: Mapping[str, Any]) -> tuple[Place, ...]:
    places = [place for item in _listed(data.get("jobLocation")) for place in _places_of(item)]
    if not places and _remote(data):
        # The place of a remote job is where applicants must live.
        lives = [_name(item) for item in _listed(data.get("applicantLocationRequirements"))]
        places = [Place(name=name, address_country=name) for name in lives if name and name.lower() not in _EVERYWHERE]
    return tuple(dict.fromkeys(places))


def _requirements(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return where applicants for remote work must live: countries by their codes, other areas as they are written."""
    named = filter(None, map(_name, _listed(data.get("applicantLocationRequirements"))))
    return tuple(sorted({country_code(name) or name for name in named if name.lower() not in _EVERYWHERE}))


def _places_of(value: Any) -> Iterator[Place]:
    """Yield the places of one jobLocation: any part of an address can name several, or a way of working instead."""
    if not isinstance(value, Mapping):
        yield from (Place(name=name) for name in split_places(words(_text(value))))
        return
    address = next(iter(_listed(value.get("address"))), None)
    if not isinstance(address, Mapping):
        address = {"streetAddress": address} if address else value
    locality, region = (_name(address.get(key)) for key in ("addressLocality", "addressRegion"))
    localities = split_places(locality)
    regions = [region] if region and region.isdigit() else split_places(region)  # codes of regions are digits, too
    country = _country(address.get("addressCountry"))
    country = country if split_places(country) else None
    if not (localities or regions or country):
        # A Place's name is that of a venue or the employer; it counts only without an address.
        name = _name(address.get("streetAddress")) or _name(value.get("name"))
        yield from (Place(name=name) for name in split_places(name))
        return
    # Of several places in one field nothing tells which of them the region is of.
    region = regions[0] if len(regions) == 1 and len(localities) < 2 else None
    for locality in localities or (None,):
        if place := place_in(locality, region, country):
            yield place


def known_by(data: Mapping[str, Any]) -> str:
    """Return what a posting can be known by where nothing identifies it: its title, its employer and its places.

    The title alone would make one posting of several.
    """
    title, employer = _name(data.get("title")) or _name(data.get("name")), _name(data.get("hiringOrganization"))
    return " · ".join(filter(None, (title, employer, *(place.name for place in _places(data)))))


def _salary(data: Mapping[str, Any], places: Sequence[Place]) -> tuple[Salary | None, str | None]:
    raws = []
    for stated in _listed(data.get("baseSalary")):
        pay, raw = _pay(stated, _text(data.get("salaryCurrency")), places)
        if pay:
            return pay, raw
        raws.append(raw)
    # iCIMS: the whole range as text in place of the currency.
    text = _text(data.get("salaryCurrency"))
    if text and (pay := parse_salary(text, yuan=False, places=places)):
        return pay, text
    return None, next(filter(None, raws), None)


def _pay(stated: Any, currency: str | None, places: Sequence[Place]) -> tuple[Salary | None, str | None]:
    """Parse a MonetaryAmount, with numbers or strings and its unit inside or outside, or pay as text."""
    if not isinstance(stated, Mapping):
        text = _text(stated)
        number = amount(text)
        in_words = parse_salary(text, yuan=False, places=places)
        pay = pay_range(number, number, currency=currency, unit_text=None) if number else in_words
        return pay, " ".join(filter(None, (text, currency if number else None))) or None
    value = next(iter(_listed(stated.get("value"))), None)
    amounts = value if isinstance(value, Mapping) else {**stated, "value": value}
    low, high = (_text(amounts.get(key)) or _text(amounts.get("value")) for key in ("minValue", "maxValue"))
    if amounts.get("minValue") and not amounts.get("maxValue"):
        high = None
    unit = _text(amounts.get("unitText")) or _text(stated.get("unitText"))
    currency = _text(stated.get("currency")) or _text(amounts.get("currency")) or currency
    raw = " ".join(filter(None, ("-".join(filter(None, dict.fromkeys((low, high)))), currency, unit))) or None
    pay = pay_range(low, high, currency=currency, unit_text=period_of(unit))
    if not pay and low and not amount(low):
        pay = parse_salary(" - ".join(dict.fromkeys(filter(None, (low, high)))), yuan=False, places=places)
    return pay, raw


def _deadline(until: datetime | date | None, posted: datetime | date | None) -> datetime | date | None:
    """Return the deadline, unless it is before the posting's date or too late to be a choice."""
    if until and posted and not timedelta(0) <= _day(until) - _day(posted) <= _MAX_OPEN:
        return None
    return until


def _day(when: datetime | date) -> date:
    return when.date() if isinstance(when, datetime) else when
