"""Oracle Recruiting Cloud: a REST collection whose "finder" holds the search, behind a career site's page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from parsel import Selector
from scrapy import Request
from scrapy.http import Response

from crawler.bases.board_spider import BoardSpider, CallbackOutput
from crawler.boards import ANY_HOST, Board, Cursor
from crawler.captures.recordings import Recording
from crawler.manifest import Manifest
from crawler.parsing.responses import (
    Page,
    PostingGone,
    UnexpectedResponse,
    expect,
    html_of,
    identifier_of,
    load_json,
    title_of,
    unexpected,
)
from postings import JobPosting, Place, Salary
from postings.facts.dates import iso
from postings.facts.employment import employment_types, kind_in_title, most_specific
from postings.facts.places import place_words, split_places, work_model
from postings.facts.salary import parse_salary
from postings.text import joined, plain_text, resolved, words

PAGE_SIZE = 200
WINDOW = 10_000
"""Offsets from this one on return no rows, whatever the total."""

_DETAILS = "recruitingCEJobRequisitionDetails"
_SITE = r"/(?P<lang>[A-Za-z]{2}(?:-[A-Za-z]{2,4})?)/sites/(?P<site>\w[\w-]*)(?=[/?#]|$)"
_PAGE = rf"/hcmUI/CandidateExperience{_SITE}"
# Many other sites have paths like that, so that only the page shows whose it is.
_OWN_PAGE = rf"(?P<own>){_SITE}"
_API = r"/hcmRestApi/resources/[\w.]+/recruitingCEJobRequisition(?:s|Details)\?[^#]*?\bsiteNumber(?:=|%3D)(?P<site>\w+)"
_NUMBER = re.compile(r"\w[\w-]*", re.ASCII)
_POSTING = re.compile(r'\bId="?([^",;]+)')
_FILTER = re.compile(r"[;,](?:keyword|location\w*|latitude|longitude|radius|selected\w+|lastSelectedFacet)=")
_TEXTS = (
    "ExternalDescriptionStr",
    "ExternalResponsibilitiesStr",
    "ExternalQualificationsStr",
    "OrganizationDescriptionStr",
    "CorporateDescriptionStr",
)
_KINDS = ("JobSchedule", "ContractType", "JobType")
_PAY_FIELD = re.compile(r"salary|\bpay\b|compensation", re.IGNORECASE)
# "Less than 7 days" lies within "less than 30 days", so only the last two of that facet's values are disjoint.
_FACETS = {"organizationsFacet": (), "categoriesFacet": (), "titlesFacet": (), "postingDatesFacet": (7,)}


class Site(NamedTuple):
    """Where a site's API is, as its page states.

    Attributes:
        api: Origin of the REST service; on a vanity host it differs from the page's.
        number: The finder's identifier of the site. It is not the name in the address, although it may look like one:
            the site at ``/sites/CX_1`` can have the number ``CX_1001``.
    """

    api: str
    number: str


class OracleSpider(BoardSpider):
    """Boards of Oracle Recruiting Cloud; the site's page comes first, because only it states the site's number."""

    name = "oracle"
    vendor = "Oracle Recruiting Cloud"
    proof = "the reported total equals the number of distinct postings, and the first page is unchanged at the end"
    note = (
        "Any host with the path /hcmUI/CandidateExperience/. A site at /LANGUAGE/sites/NAME on the company's own host "
        "is found from its page, or marked with `oracle+`. A list of 10,000 or more is read in parts if its facets "
        "divide it."
    )
    example = "https://eeho.fa.us2.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_45001"
    window = WINDOW
    # A pod sometimes returns 302 without a Location; a lasting one is reported.
    custom_settings = {"RETRY_HTTP_CODES": [302, 429, 500, 502, 503, 504, 522, 524, 408]}  # noqa: RUF012  # Scrapy's contract
    url_patterns = (
        re.compile(rf"https?://(?P<host>[\w.-]+\.oraclecloud\.com)(?::443)?{_API}", re.ASCII),
        re.compile(rf"oracle\+https?://{ANY_HOST}{_OWN_PAGE}", re.ASCII),
    )
    path_patterns = (re.compile(rf"https?://{ANY_HOST}{_PAGE}", re.ASCII),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sites: dict[str, Site] = {}

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        host, site = match["host"], match["site"]
        language = match.groupdict().get("lang") or "en"
        own = match.groupdict().get("own") is not None
        url = f"https://{host}{'' if own else '/hcmUI/CandidateExperience'}/{language}/sites/{site}"
        url = f"oracle+{url}" if own else url
        return Board(url=url, system=cls.name, organization=host, site=site, instance=host)

    @classmethod
    def board_of(cls, recording: Recording) -> Board | None:
        return cls.match(f"{recording.url}?finder={_finder(recording)}")

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        found = _POSTING.search(_finder(recording))
        return found[1] if found else super().posting_of(recording)

    @classmethod
    def is_filtered(cls, recording: Recording) -> bool:
        return bool(_FILTER.search(_finder(recording)))

    @classmethod
    def boards_on_page(cls, page: Selector, url: str) -> Iterator[tuple[Board, str]]:
        for base in page.css("base[data-sitenumber][href*='/sites/']"):
            if not _oracles_own(base.attrib.get("data-apibaseurl", "")):
                continue
            address = resolved(url, base.attrib["href"])
            if board := cls.match(address) or cls.match(f"oracle+{address}"):
                yield board, f"site number {base.attrib['data-sitenumber']}"

    def first_requests(self, manifest: Manifest) -> Iterator[Request]:
        board = manifest.board
        # On a company's own host the site's address without a page can redirect.
        address = f"{_address(board)}/jobs" if board.url.startswith("oracle+") else board.url
        yield self.board_request(manifest, Request(address), self._on_page)

    def _on_page(self, response: Response, manifest: Manifest) -> CallbackOutput:
        if response.status != 200:
            self.page(response, manifest.board)  # raises what such a response means
        self._sites[manifest.board.url] = site_of(response.body, manifest.board)
        yield self.list_page(manifest)

    def list_request(self, board: Board, at: Cursor) -> Request:
        return self._find(board, at.part, facetsList="NONE", limit=PAGE_SIZE, offset=at.offset)

    def division_request(self, board: Board, at: Cursor) -> Request | None:
        if at.part:
            return None
        lists = "ORGANIZATIONS;CATEGORIES;TITLES;POSTING_DATES"
        return self._find(board, "", facetsList=lists, limit=1, offset=0)

    def _find(self, board: Board, part: str, **how: Any) -> Request:
        # Paging works inside the finder only. Without sorting, the order differs from page to page.
        site = self._site(board)
        terms = {"siteNumber": site.number, **how, "sortBy": "POSTING_DATES_DESC"}
        finder = ",".join(filter(None, (*(f"{key}={value}" for key, value in terms.items()), part)))
        return self._api_request(
            board, f"recruitingCEJobRequisitions?onlyData=true&expand=requisitionList.secondaryLocations"
            f"&finder=findReqs;{finder}"
        )  # fmt: skip

    def needs_detail(self, posting: JobPosting) -> bool:
        return not posting.description

    def detail_request(self, board: Board, posting: JobPosting) -> Request:
        finder = f'ById;Id="{posting.identifier}",siteNumber={self._site(board).number}'
        return self._api_request(board, f"{_DETAILS}?onlyData=true&expand=all&finder={finder}")

    def _api_request(self, board: Board, what: str) -> Request:
        language = _address(board).rpartition("/sites/")[0].rpartition("/")[2]
        headers = {"Accept": "application/json", "Accept-Language": language, "Ora-Irc-Language": language}
        return Request(f"{self._site(board).api}/hcmRestApi/resources/latest/{what}", headers=headers)

    def _site(self, board: Board) -> Site:
        return self._sites.get(board.url) or Site(f"https://{board.instance}", board.site or "")

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        payload = expect(load_json(body), dict, "the response")
        items = expect(payload.get("items"), list, "items")
        if not items and any(link.get("name") == _DETAILS for link in payload.get("links") or ()):
            raise PostingGone("no such posting (items is empty)")
        if len(items) != 1:
            raise UnexpectedResponse(f"expected one search or one posting, got {len(items)} items")
        item = expect(items[0], dict, "the item")
        if "requisitionList" not in item:
            return Page.of_records([item], lambda record: posting(record, board), detail=True)
        total = expect(item.get("TotalJobsCount"), int, "TotalJobsCount")
        return Page.of_records(
            expect(item["requisitionList"], list, "requisitionList"),
            lambda record: posting(record, board),
            reported_total=total,
            parts=_parts(item, total),
        )


def site_of(body: bytes, board: Board) -> Site:
    """Read a career site's page: its ``<base>`` states the service and the site's number.

    Older themes state neither; the number is then the name in the address.

    Raises:
        ResponseError: It is not a career site's page.
    """
    page = html_of(body)
    base = page.css("base[href*='/CandidateExperience/'], base[data-sitenumber][href*='/sites/']")
    if not base:
        raise unexpected(body, "a career site's page")
    number = base.attrib.get("data-sitenumber", "").strip() or board.site or ""
    if not _NUMBER.fullmatch(number):
        raise UnexpectedResponse(f"the page has the invalid site number {number!r}")
    # Only Oracle's own hosts are trusted.
    host = _oracles_own(base.attrib.get("data-apibaseurl", ""))
    return Site(f"https://{host or board.instance}", number)


def _oracles_own(address: str) -> str | None:
    """Return the host of an address if it is one of Oracle's own."""
    try:
        api = urlsplit(address)
        return api.hostname if api.scheme == "https" and (api.hostname or "").endswith(".oraclecloud.com") else None
    except ValueError:
        return None


def _address(board: Board) -> str:
    return board.url.removeprefix("oracle+")


def posting(record: Mapping[str, Any], board: Board | None = None) -> JobPosting:
    """Map a record of the list or of a detail response."""
    identifier = identifier_of(record, "Id")
    title = title_of(record, "Title")
    kind = most_specific(joined(*map(record.get, _KINDS)), kind_in_title(title))
    posted = words(record.get("ExternalPostedStartDate")) or words(record.get("PostedDate"))
    places = _places(record)
    pay, pay_raw = _salary(record, places)
    return JobPosting(
        identifier=identifier,
        title=title,
        url=f"{_address(board)}/job/{identifier}" if board else "",
        description=plain_text("".join(f"<div>{record[key]}</div>" for key in _TEXTS if record.get(key))),
        job_location=places,
        job_location_type=_location_type(record),
        job_location_raw=place_words(words(record.get("PrimaryLocation")), model=_model(record)),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        base_salary=pay,
        base_salary_raw=pay_raw,
        date_posted=iso(posted),
        date_posted_raw=posted,
        valid_through=iso(record.get("ExternalPostedEndDate")) or iso(record.get("PostingEndDate")),
        employment_unit=words(record.get("Department")) or words(record.get("Organization")),
        occupational_category=words(record.get("Category")) or words(record.get("JobFunction")),
        education_requirements=words(record.get("StudyLevel")),
    )


def _finder(recording: Recording) -> str:
    return unquote((recording.query.get("finder") or ("",))[0])


def _parts(search: Mapping[str, Any], total: int) -> tuple[str, ...]:
    """Return finder terms that divide the list: of the first facet whose values add up to the list's total.

    A facet shows its ten largest values only; if they add up to the total, there are no others, and no posting has
    two of them.
    """
    for name, within in _FACETS.items():
        values = [value for value in search.get(name) or () if value.get("Id") not in within]
        if len(values) > 1 and sum(value.get("TotalCount") or 0 for value in values) == total:
            selected = f"selected{name[0].upper()}{name[1:]}"
            return tuple(f"{selected}={value['Id']}" for value in values)
    return ()


def _places(record: Mapping[str, Any]) -> tuple[Place, ...]:
    primary = _place(words(record.get("PrimaryLocation")), words(record.get("PrimaryLocationCountry")))
    others = (
        _place(words(other.get("Name")), words(other.get("CountryCode")))
        for other in record.get("secondaryLocations") or ()
    )
    return tuple(dict.fromkeys(filter(None, (primary, *others))))


def _place(name: str | None, country: str | None) -> Place | None:
    """Parse ``Phoenix, AZ, United States``: names of places go up to the country."""
    name = next(iter(split_places(name)), None)
    if not name:
        return None
    parts = [part.strip() for part in name.split(",")]
    return Place(
        name=name,
        # "MN, United States" is a state and "Kabul, Afghanistan" a city: two parts are ambiguous.
        address_locality=parts[0] if len(parts) > 2 else None,
        address_region=parts[-2] if len(parts) > 2 else None,
        address_country=country or (parts[-1] if len(parts) > 1 else None),
    )


def _location_type(record: Mapping[str, Any]) -> str | None:
    """Return TELECOMMUTE by the workplace type if the board has one, else by the location."""
    return work_model(_model(record) or words(record.get("PrimaryLocation")))


def _model(record: Mapping[str, Any]) -> str | None:
    model = words(record.get("WorkplaceTypeCode")) or words(record.get("WorkplaceType"))
    return model.replace("_", " ") if model else None


def _salary(record: Mapping[str, Any], places: Sequence[Place]) -> tuple[Salary | None, str | None]:
    """Parse the employer's own field about pay; Oracle has no standard one."""
    for field in record.get("requisitionFlexFields") or ():
        prompt, value = words(field.get("Prompt")), words(field.get("Value"))
        if value and _PAY_FIELD.search(prompt or "") and (pay := parse_salary(value, yuan=False, places=places)):
            return pay, f"{prompt}: {value}"
    return None, None
