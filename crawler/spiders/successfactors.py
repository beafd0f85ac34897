"""SAP SuccessFactors: career sites on the company's own host, in three variants that the search page identifies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from parsel import Selector
from scrapy import Request
from scrapy.http import Response

from crawler.bases.board_spider import BoardSpider, CallbackOutput, json_post
from crawler.boards import ANY_HOST, Board, Cursor
from crawler.captures.recordings import Recording
from crawler.manifest import Manifest
from crawler.parsing.responses import (
    Page,
    PostingGone,
    ResponseError,
    UnexpectedResponse,
    expect,
    html_of,
    identifier_of,
    load_json,
    title_of,
    unexpected,
)
from postings import JobPosting, Place
from postings.facts.dates import day
from postings.facts.employment import employment_types, kind_in_title, most_specific
from postings.facts.places import place_words, split_places, work_model
from postings.text import one_line, plain_text, resolved, web_address, words

_JOB = re.compile(
    r"/job/[^/?#]+/(?P<job>\d+)(?:-[a-z]{2}_[A-Z]{2})?/?(?=[?#]|$)|/talentcommunity/apply/(?P<applied>\d+)"
)
_ENDED = re.compile(rb"this job posting has ended", re.IGNORECASE)
_TILE_TOTAL = re.compile(r"""jobRecordsFound\s*:\s*(?:parseInt\()?\s*["']?(\d+)""")
_LOCALE = re.compile(r"[?&]locale=([a-z]{2}_[A-Z]{2})(?=[&#]|$)")
_MARKS = (b"successfactors.", b"jobs2web", b"j2w.")
_JAVA_DATE = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2} \d{2} \d{2}:\d{2}:\d{2}) (?:UTC|GMT) (\d{4})")
_UNFILTERED = {"startrow", "pageNumber", "sortBy", "sortColumn", "sortDirection", "locale", "createNewAlert"}

# The host does not identify the system, so the rest of the address must: paths of its pages, searches and services.
_PLATFORM = re.compile(
    r"^/platform/(?:js|css)/(?:j2w|csb)/|^(?:https?:)?//(?:rmkcdn|performancemanager\w*)\.(?:successfactors|sapsf|jobs2web)\."
)
_BRAND = r"(?P<brand>/(?!job/|jobs/|search/|go/|services/|talentcommunity/)[\w-]+)?"
_SEARCH_FORM = re.compile(rf"{_BRAND}/search/?$")
_SEARCH = r"/search/?\?(?:[^#]*&)?(?:locationsearch|startrow|createNewAlert|optionsFacetsDD_\w+)="
_PAGES = (
    rf"{_SEARCH}|/tile-search-results(?=[/?#]|$)|/job/[^/?#]+/(?:\d{{8,10}}|\d+-[a-z]{{2}}_[A-Z]{{2}})/?(?=[?#]|$)"
    r"|/talentcommunity/apply/\d+|/go/[^/?#]+/\d{5,}|/services/(?:recruiting/v1/jobs|jobs/options/facetValues)"
)


class SuccessFactorsSpider(BoardSpider):
    """Boards of SuccessFactors: a table of results ("classic"), tiles, or a JSON service ("unified").

    Classic and tiles are one list with a total. The service has one list per language of the site; a posting on
    several of them is one. A posting's page is the same in all three, with microdata.
    """

    name = "successfactors"
    vendor = "SAP SuccessFactors"
    proof = (
        "the reported total (of each of the site's languages, if its lists are by language) equals the number of "
        "distinct postings, and the first page is unchanged at the end"
    )
    note = (
        "On the company's own host: give the address of a search with locationsearch= or startrow=, of a posting, or "
        "of any page there, or the site's with `successfactors+` before it. Legacy sites (/career?company=) are not "
        "read."
    )
    example = "https://jobs.sap.com/search/?q=&locationsearch="
    url_patterns = (
        re.compile(r"https?://(?P<host>[a-z\d-]+\.(?:jobs\.hr\.cloud\.sap|jobs2web\.com))(?=[/?#]|$)"),
        re.compile(rf"successfactors\+https?://{ANY_HOST}{_BRAND}/?(?=[?#]|$)", re.ASCII),
    )
    path_patterns = (re.compile(rf"https?://{ANY_HOST}{_BRAND}(?:{_PAGES})", re.ASCII),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._tiled: set[str] = set()

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        host, brand = match["host"], match.groupdict().get("brand") or ""
        url = f"https://{host}{brand}/search/?q=&locationsearch="
        return Board(url=url, system=cls.name, organization=host, site=brand.strip("/") or None, instance=host)

    @classmethod
    def boards_on_page(cls, page: Selector, url: str) -> Iterator[tuple[Board, str]]:
        # What such a page is made of; one elsewhere may link to a site of SuccessFactors, but has none of it.
        parts = page.xpath("//script/@src | //link[@rel='stylesheet']/@href").getall()
        served = next(filter(_PLATFORM.search, parts), None)
        forms = (urlsplit(resolved(url, action)).path for action in page.css("form::attr(action)").getall())
        brand = next((found["brand"] for path in forms if (found := _SEARCH_FORM.match(path))), None)
        if served and (board := cls.match(f"successfactors+https://{urlsplit(url).hostname}{brand or ''}")):
            yield board, served

    @classmethod
    def board_of(cls, recording: Recording) -> Board | None:
        return cls.match(f"{recording.url}?{urlencode(recording.query, doseq=True)}")

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        return _job_of(recording.url) or super().posting_of(recording)

    @classmethod
    def is_filtered(cls, recording: Recording) -> bool:
        # The service returns the list of one language at a time.
        return bool(recording.fields) or any(
            any(values) for key, values in recording.query.items() if key not in _UNFILTERED
        )

    def first_requests(self, manifest: Manifest) -> Iterator[Request]:
        yield self.board_request(manifest, self.list_request(manifest.board, Cursor()), self._on_search)

    def _on_search(self, response: Response, manifest: Manifest) -> CallbackOutput:
        page = self.page(response, manifest.board)
        if page.parts:
            for locale in page.parts:
                yield self.list_page(manifest, Cursor(part=locale))
            return
        if b"tile-search-results" in response.body:
            self._tiled.add(manifest.board.url)
        yield from self.on_list(response, manifest, at=Cursor(), empty=0)

    def list_request(self, board: Board, at: Cursor) -> Request:
        if at.part:
            query = {"keywords": "", "locale": at.part, "location": "", "pageNumber": at.page, "sortBy": "recent"}
            return json_post(f"https://{board.instance}/services/recruiting/v1/jobs", query)
        path = "tile-search-results" if at.page and board.url in self._tiled else "search"
        query = {"q": "", "locationsearch": "", "sortColumn": "referencedate", "sortDirection": "desc"}
        return Request(f"{_base(board)}/{path}/?{urlencode({**query, 'startrow': at.offset})}")

    def needs_detail(self, posting: JobPosting) -> bool:
        return not posting.description

    def detail_request(self, board: Board, posting: JobPosting) -> Request:
        return Request(posting.url)

    @classmethod
    def status_error(cls, status: int, headers: Mapping[str, str], body: bytes) -> ResponseError | None:
        gone = status == 302 and ("/errorpage/" in headers.get("location", "") or _errorpage(body))
        return PostingGone("no such posting (redirected to the error page)") if gone else None

    @classmethod
    def date_in(cls, raw: str) -> datetime | date | None:
        return java_date(raw)

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        if body.lstrip()[:1] == b"{":
            return _unified(expect(load_json(body), dict, "the response"), board)
        if _errorpage(body) or _ENDED.search(body):
            raise PostingGone("no such posting (the error page, or a notice that it has ended)")
        page = html_of(body)
        if page.css('[itemprop="title"]') and page.css('[itemprop="description"]'):
            return Page.of_records([{"id": _id_of_page(page), "page": page}], _detail, detail=True)
        rows = page.css("tr.data-row, li.job-tile")
        total = _total(page)
        if page.css("#noresults"):
            # Below this text the site may list other jobs "for your convenience".
            return Page(reported_total=0)
        if rows or total is not None:
            return Page.of_records([_row(row) for row in rows], lambda row: _listed(row, board), reported_total=total)
        if any(mark in body for mark in _MARKS) and page.css("script"):
            # A search page without results fetches them with a script: a list for each of its languages.
            links = page.css("a[href*='locale=']::attr(href)").getall()
            locales = [found[1] for link in links if (found := _LOCALE.search(link))]
            own = (page.css("html::attr(lang)").get() or "en-US").replace("-", "_")
            return Page(parts=tuple(dict.fromkeys(locales or [own])))
        raise unexpected(body, "a page of search results or a posting's")


def java_date(text: str | None) -> datetime | date | None:
    """Parse the format of Java's Date, e.g. ``Mon Jul 13 00:00:00 UTC 2026``; None for zones other than UTC."""
    found = _JAVA_DATE.fullmatch((text or "").strip())
    return day(datetime.strptime(f"{found[1]} {found[2]}", "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)) if found else None


def _base(board: Board) -> str:
    return f"https://{board.instance}" + (f"/{board.site}" if board.site else "")


def _errorpage(body: bytes) -> bool:
    """Whether a page is the error page, by its own address in the links to other languages."""
    return b"/errorpage/?errortype=" in body


def _job_of(address: str | None) -> str | None:
    found = _JOB.search(address or "")
    return found["job"] or found["applied"] if found else None


def _total(page: Selector) -> int | None:
    """Return the reported total: the last number of ``Results 1 – 25 of 633``, or that of the tiles."""
    numbers = page.css("span.paginationLabel b::text").getall()
    if numbers and (digits := re.sub(r"\D", "", numbers[-1])):
        return int(digits)
    found = _TILE_TOTAL.search(" ".join(page.css("script::text").getall()))
    return int(found[1]) if found else None


def _row(row: Selector) -> dict[str, Any]:
    # A row contains the link twice, for wide screens and for phones.
    link = row.css("a.jobTitle-link")
    address = link.css("::attr(href)").get() or row.attrib.get("data-url", "")
    places = row.css("span.jobLocation:not(:has(span)), [id$='-desktop-section-location'] div")
    title = one_line(" ".join(link[:1].css("::text").getall()))
    return {"id": _job_of(address), "title": title, "address": address, "places": places[:1]}


def _listed(row: Mapping[str, Any], board: Board | None) -> JobPosting:
    return JobPosting(
        identifier=identifier_of(row),
        title=title_of(row),
        url=_on(board, row["address"]),
        job_location=_places(" ".join(place.css("::text").getall()) for place in row["places"]),
    )


def _on(board: Board | None, address: str) -> str:
    """Return the address on the board's own host, whatever host the row states."""
    return urljoin(board.url, urlsplit(address).path) if board else web_address(address)


def _unified(payload: Mapping[str, Any], board: Board | None) -> Page:
    if "jobSearchResult" not in payload:
        raise UnexpectedResponse("the JSON is not a list of jobs")
    results = expect(payload["jobSearchResult"], list, "jobSearchResult")
    records = [expect(result, dict, "a result").get("response") for result in results]
    total = expect(payload.get("totalJobs"), int, "totalJobs")
    return Page.of_records(records, lambda record: _unified_posting(record, board), reported_total=total)


def _unified_posting(record: Mapping[str, Any], board: Board | None) -> JobPosting:
    identifier = identifier_of(record)
    # The page is requested in one language, whichever list the posting was found on first.
    locales = [locale for locale in record.get("supportedLocales") or () if isinstance(locale, str)]
    locale = min(locales, key=lambda locale: (locale != "en_US", locale), default="en_US")
    slug = words(record.get("unifiedUrlTitle")) or identifier
    return JobPosting(
        identifier=identifier,
        title=title_of(record, "unifiedStandardTitle"),
        url=_on(board, f"/job/{slug}/{identifier}-{locale}"),
        job_location=_places(plain_text(place) for place in record.get("jobLocationShort") or ()),
    )


def _id_of_page(page: Selector) -> str | None:
    links = page.css("link[rel=canonical]::attr(href), a[href*='/talentcommunity/apply/']::attr(href)").getall()
    return next(filter(None, map(_job_of, links)), None)


def _detail(record: Mapping[str, Any]) -> JobPosting:
    """Map a posting's page; all parts but the title and the description are optional."""
    page: Selector = record["page"]
    title = one_line(" ".join(page.css('[itemprop="title"]')[0].css("::text").getall()))
    posted = page.css('meta[itemprop="datePosted"]::attr(content)').get()
    kind = most_specific(_field(page, "shifttype"), kind_in_title(title))
    places = _places(_addresses(page))
    return JobPosting(
        identifier=identifier_of(record),
        title=title_of({"title": title}),
        url=web_address(page.css("link[rel=canonical]::attr(href)").get()),
        description=plain_text("".join(page.css('[itemprop="description"]').getall())),
        hiring_organization=words(page.css('meta[itemprop="hiringOrganization"]::attr(content)').get()),
        job_location=places,
        job_location_type=next(filter(None, map(work_model, _addresses(page))), None),
        job_location_raw=place_words(*_addresses(page)),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        date_posted=java_date(posted),
        date_posted_raw=words(posted),
        valid_through=java_date(page.css('meta[itemprop="validThrough"]::attr(content)').get()),
        employment_unit=_field(page, "department"),
    )


def _field(page: Selector, name: str) -> str | None:
    """Return the first of the site's own fields with that name; a page can contain it twice."""
    return words(" ".join(page.css(f'[data-careersite-propertyid="{name}"]')[:1].css("::text").getall()))


def _addresses(page: Selector) -> list[str]:
    streets = page.css('meta[itemprop="streetAddress"]::attr(content)').getall()
    if any(map(str.strip, streets)):
        return streets
    parts = (
        page.css(f'meta[itemprop="{name}"]::attr(content)').get() or ""
        for name in ("addressLocality", "addressRegion", "addressCountry")
    )
    joined = ", ".join(part.strip() for part in parts if part.strip())
    return [joined] if joined else page.css(".jobGeoLocation::text").getall()


def _places(names: Sequence[str] | Iterator[str]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(_place(name) for text in names for name in split_places(one_line(text))))


def _place(name: str) -> Place:
    """Parse ``Bellevue, WA, US, 98004``: city, optional region, country, optional postcode."""
    parts = [part.strip() for part in name.split(",")]
    coded = len(parts) > 1 and any(map(str.isdigit, parts[-1]))
    parts = parts[:-1] if coded else parts
    # "Tempe, AZ" may be a state: of two parts the second is a country only with a postcode or three letters.
    if not (len(parts) > 2 or (len(parts) == 2 and (coded or re.fullmatch("[A-Z]{3}", parts[-1])))):
        return Place(name=name)
    region = parts[-2] if len(parts) > 2 else None
    return Place(name=name, address_locality=parts[0], address_region=region, address_country=parts[-1])
