"""Google's own careers: the sitemap of its jobs, and job pages with their data in a script, as positional arrays."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from scrapy import Request

from crawler.bases.sitemap_spider import NoPosting, SitemapSpider
from crawler.boards import Board
from crawler.parsing import schema_org
from crawler.parsing.responses import BoardBlocked, Page, UnexpectedResponse, expect, title_of
from postings import JobPosting, Place
from postings.facts.dates import epoch_ms
from postings.facts.employment import employment_types, kind_in_title
from postings.facts.places import work_model
from postings.text import words

_SITE = "https://www.google.com/about/careers/applications"
_JOB = re.compile(r"https://(?:careers\.google\.com|www\.google\.com/about/careers/applications)/jobs/results/(\d+)")
_CALLBACK = re.compile(r"AF_initDataCallback\(\{\s?key:\s?'(ds:\d+)'[^{}]{0,200}?\bdata:")

_IDENTIFIER, _TITLE, _RESPONSIBILITIES, _QUALIFICATIONS, _COMPANY, _PLACES, _ABOUT, _CREATED, _NOTE = (
    0, 1, 3, 4, 7, 9, 10, 12, 18,
)  # fmt: skip
_PLACE_NAME, _CITY, _REGION, _COUNTRY = 0, 2, 4, 5


class GoogleSpider(SitemapSpider):
    """Google, YouTube and DeepMind.

    robots.txt disallows the paged list (``?page=``) and allows the sitemap of jobs, so that every job is read from its
    own page: some 4,000 pages of a megabyte at first, afterwards those that have changed according to the
    sitemap. A saved page of the list is read as well.
    """

    name = "google"
    vendor = "Google Careers"
    proof = "the sitemap of all jobs and every job's page were read"
    note = (
        "One board for Google, YouTube and DeepMind. robots.txt disallows the paged list, so every job's page is read: "
        "the first crawl takes an hour or two, later ones read only what changed."
    )
    example = f"{_SITE}/jobs/results"
    filters = frozenset(
        {"q", "location", "has_remote", "target_level", "skills", "degree", "employment_type", "company"}
    )
    url_patterns = (
        re.compile(r"https?://(?:www\.)?google\.com/about/careers/applications(?:/jobs(?:/results)?)?(?=[/?#]|$)"),
        re.compile(r"https?://careers\.google\.com(?:/jobs(?:/results)?)?(?=/?(?:[?#]|$)|/\d|/sitemap)"),
    )

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        return Board(url=cls.example, system=cls.name, organization="Google")

    def sitemaps(self, board: Board) -> Sequence[str]:
        return (f"{_SITE}/jobs/sitemap.xml",)

    @classmethod
    def identifier_at(cls, url: str, board: Board | None) -> str | None:
        found = _JOB.match(url)
        return found[1] if found else None

    def detail_request(self, board: Board, posting: JobPosting) -> Request:
        # The sitemap names an old host that redirects here.
        return Request(_address(posting.identifier))

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        data = _data(body)
        # On a job's page the first array is the job and the second similar jobs; on a list's page the first is the
        # companies and the second the jobs.
        first = data.get("ds:0")
        if isinstance(first, list) and len(first) == 1 and _is_job(first[0]):
            return Page.of_records([{"job": first[0]}], _posting, detail=True)
        listed = data.get("ds:1")
        if not isinstance(listed, list) or len(listed) < 4 or not isinstance(listed[3], int):
            raise NoPosting("no job on the page")
        jobs = [{"job": job} for job in expect(listed[0] or [], list, "the list of jobs")]
        return Page.of_records(jobs, _posting, reported_total=expect(listed[2], int, "the total"))


def _data(body: bytes) -> dict[str, Any]:
    """Return the data of a page's callbacks, by key.

    Raises:
        BoardBlocked: It is Google's page about consent or unusual traffic.
        UnexpectedResponse: It has no callback, or data that is not JSON.
    """
    text = body.decode("utf-8", "replace")
    found = {}
    for callback in _CALLBACK.finditer(text):
        if callback[1] in ("ds:0", "ds:1"):
            try:
                found[callback[1]], _ = json.JSONDecoder(strict=False).raw_decode(text, callback.end())
            except (ValueError, RecursionError) as error:
                raise UnexpectedResponse(f"the data of {callback[1]} is not JSON ({error})") from error
    if found:
        return found
    if not text.lstrip().startswith("<"):
        raise UnexpectedResponse("an empty body" if not text.strip() else "expected a page of jobs")
    if "consent.google" in text or "/sorry/" in text:
        raise BoardBlocked("Google asks for consent or reports unusual traffic")
    schema_org.reject_access_check(body)
    raise UnexpectedResponse("no AF_initDataCallback on the page")


def _is_job(value: Any) -> bool:
    return isinstance(value, list) and len(value) > _ABOUT and isinstance(value[0], str) and value[0].isdigit()


def _posting(record: Mapping[str, Any]) -> JobPosting:
    job = record["job"]
    if not _is_job(job):
        raise UnexpectedResponse("the job's first value is not its number: the layout of its data has changed")
    title = title_of({"title": job[_TITLE]})
    kind = kind_in_title(title)
    places = [_place(place) for place in expect(job[_PLACES] or [], list, "the places")]
    created = _at(job, _CREATED)
    seconds = created[0] if isinstance(created, list) and created else None
    return JobPosting(
        identifier=job[_IDENTIFIER],
        title=title,
        url=_address(job[_IDENTIFIER]),
        description="\n\n".join(
            filter(None, (_markup(job, part) for part in (_NOTE, _ABOUT, _QUALIFICATIONS, _RESPONSIBILITIES)))
        ),
        hiring_organization=words(_at(job, _COMPANY)),
        job_location=tuple(dict.fromkeys(place for place in places if place.name)),
        job_location_type=next(filter(None, (work_model(place.name) for place in places)), None),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        # Of three timestamps the first stays the same when a job is edited.
        date_posted=epoch_ms(seconds * 1000) if isinstance(seconds, int) else None,
        date_posted_raw=str(seconds) if seconds else None,
    )


def _address(identifier: str) -> str:
    return f"{_SITE}/jobs/results/{identifier}"


def _at(values: Any, place: int) -> Any:
    return values[place] if isinstance(values, list) and len(values) > place else None


def _markup(job: list[Any], place: int) -> str:
    return schema_org.prose(_at(_at(job, place), 1))


def _place(value: Any) -> Place:
    name, city, region, country = (words(_at(value, part)) for part in (_PLACE_NAME, _CITY, _REGION, _COUNTRY))
    return Place(name=name or "", address_locality=city, address_region=region, address_country=country)
