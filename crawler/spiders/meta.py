"""Meta's own careers: the sitemap that its robots.txt names, and job pages with JobPosting."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from crawler.bases.sitemap_spider import NoPosting, SitemapSpider
from crawler.boards import Board
from crawler.captures.recordings import Recording
from crawler.parsing import schema_org
from crawler.parsing.responses import (
    Page,
    PostingGone,
    UnexpectedResponse,
    expect,
    html_of,
    identifier_of,
    load_json,
    title_of,
)
from postings import JobPosting, Place, Salary
from postings.facts.employment import employment_types, kind_in_title
from postings.facts.places import place_words, split_places, work_model
from postings.facts.salary import parse_salary
from postings.text import joined, words

_SITE = "https://www.metacareers.com"
_JOB = re.compile(r"https://www\.metacareers\.com/(?:profile/job_details|v2/jobs|jobs)/(\d+)")
_SEARCH, _DETAIL = "job_search_with_featured_jobs", "xcp_requisition_job_description"


class MetaSpider(SitemapSpider):
    """Meta. Its sitemap and its job pages respond to an honest user agent.

    The site's own API (``/graphql``) is not crawled: it requires a browser's headers and query identifiers that change
    with every release. Saved responses are read; they do not state their filters.
    """

    name = "meta"
    vendor = "Meta Careers"
    proof = "the sitemap of all jobs and every job's page were read"
    note = "Read through the sitemap that Meta's robots.txt names, never through the site's API."
    example = f"{_SITE}/jobsearch"
    url_patterns = (
        re.compile(
            r"https?://(?:www\.)?metacareers\.com"
            r"(?:/?(?=[?#]|$)|/(?:jobsearch|jobs|v2/jobs|profile/job_details|graphql)(?=[/?#]|$))"
        ),
    )

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        return Board(url=cls.example, system=cls.name, organization="Meta")

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        try:
            return str(json.loads(recording.fields["variables"])["requisitionID"])
        except (TypeError, LookupError, ValueError):
            return super().posting_of(recording)

    def sitemaps(self, board: Board) -> Sequence[str]:
        return (f"{_SITE}/jobsearch/sitemap.xml",)

    @classmethod
    def identifier_at(cls, url: str, board: Board | None) -> str | None:
        found = _JOB.match(url)
        return found[1] if found else None

    @classmethod
    def date_in(cls, raw: str) -> datetime | date | None:
        return schema_org.moment(raw)

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        if body.lstrip()[:1] == b"<":
            return _page(body)
        payload = expect(load_json(body), dict, "the response")
        data = payload.get("data")
        if not isinstance(data, dict) or not {_SEARCH, _DETAIL} & set(data):
            if errors := payload.get("errors") or payload.get("errorSummary"):
                raise UnexpectedResponse(f"Meta returned {json.dumps(errors, ensure_ascii=False)[:120]}")
            raise UnexpectedResponse("neither a list of jobs nor a job")
        if _DETAIL in data:
            if data[_DETAIL] is None:
                raise PostingGone("job gone (its description is null)")
            return Page.of_records([data[_DETAIL]], _detail, detail=True)
        found = expect(data[_SEARCH], dict, _SEARCH)
        # A featured job need not be among all jobs.
        jobs = [*expect(found.get("all_jobs"), list, "all_jobs"), *(found.get("featured_jobs") or ())]
        return Page.of_records(jobs, _listed)

    def read_detail(self, page: Page, listed: JobPosting) -> JobPosting:
        (detail,) = page.postings or (None,)
        # A page without its number is the requested one.
        if detail and not detail.identifier.isdigit():
            page = dataclasses.replace(page, postings=(dataclasses.replace(detail, identifier=listed.identifier),))
        return dataclasses.replace(super().read_detail(page, listed), url=listed.url)


def _page(body: bytes) -> Page:
    markup = html_of(body)
    found = schema_org.job_postings(markup)[:1]
    if not found:
        schema_org.reject_access_check(markup)
        raise NoPosting("no JobPosting on the page")
    address = schema_org.page_address(markup)

    def mapped(data: Mapping[str, Any]) -> JobPosting:
        found = _JOB.match(address) or _JOB.match(str(data.get("url")))
        identifier = found[1] if found else schema_org.stated_identifier(data) or schema_org.known_by(data)
        return schema_org.posting(data, identifier=identifier, url=_address(identifier) if found else address)

    return Page.of_records(found, mapped, detail=True)


def _listed(record: Mapping[str, Any]) -> JobPosting:
    return _posting(record, record.get("teams"), record.get("sub_teams"))


def _detail(record: Mapping[str, Any]) -> JobPosting:
    parts = [_unfolded(record.get("description"))]
    for name in ("responsibilities", "minimum_qualifications", "preferred_qualifications"):
        parts.append("\n".join(filter(None, (words(item.get("item")) for item in record.get(name) or ()))))
    pay, pay_raw = _salary(record.get("public_compensation") or ())
    return dataclasses.replace(
        _posting(record, record.get("departments"), record.get("internal_departments")),
        description="\n\n".join(filter(None, parts)),
        base_salary=pay,
        base_salary_raw=pay_raw,
    )


def _posting(record: Mapping[str, Any], *units: Any) -> JobPosting:
    identifier, title = identifier_of(record), title_of(record)
    kind = kind_in_title(title)
    places = [name for name in map(words, record.get("locations") or ()) if name]
    return JobPosting(
        identifier=identifier,
        title=title,
        url=_address(identifier),
        hiring_organization="Meta",
        job_location=tuple(Place(name=name) for place in places for name in split_places(place)),
        job_location_type=next(filter(None, map(work_model, places)), None),
        job_location_raw=place_words(*places),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        employment_unit=joined(*(name for unit in units for name in unit or ())),
    )


def _address(identifier: str) -> str:
    return f"{_SITE}/profile/job_details/{identifier}"


def _unfolded(value: Any) -> str:
    """Return the text of a field whose value is a JSON string: ``{"__html": …}``."""
    if isinstance(value, str) and value.startswith("{"):
        value = expect(load_json(value.encode()), dict, "the description").get("__html")
    return schema_org.prose(value)


def _salary(stated: Sequence[Mapping[str, Any]]) -> tuple[Salary | None, str | None]:
    """Parse the first range; ``$`` alone is the dollar of its country."""
    for one in stated:
        ends = [words(one.get(f"compensation_amount_{end}")) or "" for end in ("minimum", "maximum")]
        raw = " - ".join(filter(None, ends))
        sign = "CAD " if one.get("country_code") == "CA" else ""
        low, high = (parse_salary(f"{sign}{end}", yuan=False) for end in ends)
        if low and high and (low.currency, low.unit_text) == (high.currency, high.unit_text):
            return dataclasses.replace(low, max_value=high.max_value), raw
        if raw:
            return None, raw
    return None, None
