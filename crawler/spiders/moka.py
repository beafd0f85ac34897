"""Moka (app.mokahr.com): an encrypted JSON API under a tenant's site, paged by offset."""

from __future__ import annotations

import base64
import contextlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from parsel import Selector
from scrapy import Request
from scrapy.http import Response

from crawler.bases.board_spider import BoardSpider, CallbackOutput, json_post
from crawler.boards import ANY_HOST, Board, Cursor
from crawler.captures.recordings import Recording
from crawler.manifest import Manifest
from crawler.parsing.rereading import named_values
from crawler.parsing.responses import (
    BoardBlocked,
    BoardUnknown,
    Page,
    PostingGone,
    ResponseError,
    UnexpectedResponse,
    expect,
    html_of,
    identifier_of,
    load_json,
    title_of,
)
from postings import JobPosting, Place, Salary, Verdict
from postings.facts.dates import BEIJING, iso
from postings.facts.employment import employment_types, kind_in_title, kind_line
from postings.facts.salary import amount, count_of, pay_range
from postings.text import plain_text, resolved, words

AES_IV = b"de7c21ed8d6f50fe"
"""The initialization vector if a board's page has no ``aesIv``; the same on every tenant seen."""

PAGE_SIZE = 50
"""The largest page size; 60 gets code 102."""

_UNKNOWN_SITE, _JOB_GONE = 703002, 703015
_ALIASES = {"apply": "social-recruitment", "campus_apply": "campus-recruitment"}
_CLUSTERS = {"app.mokahr.com": "app", "hire-r1.mokahr.com": "hire-r1"}
_PATH = (
    r"/(?:m/)?(?P<kind>social-recruitment|campus-recruitment|campus_apply|apply|recommendation-recruitment)"
    r"/(?P<org>\w[\w-]*)"
)
_ADDRESS = re.compile(r"https?:(?:\\?/){2}[^\s\"'<>]+")
_JOB_LINK = re.compile(
    r"""href\s?=\s?(["'])(?P<address>[^"'#]*\#/job/(?P<job>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[^"']*)\1"""
)
# A stub is a line or two; the shortest real posting on record is more than twice as long.
_STUB_LENGTH = 120


class MokaSpider(BoardSpider):
    """Boards of Moka, e.g. DeepSeek's; both clusters (app: encrypted, hire-r1: plain) and employers' own domains.

    The list lacks pay, head-count, education and the date of publication, so every posting's own page is read.
    """

    name = "moka"
    vendor = "Moka"
    proof = "the reported total equals the number of distinct postings, and the first page is unchanged at the end"
    note = (
        "Chinese; DeepSeek, Moonshot, Zhipu and StepFun are here. Each site of a tenant is a board of its own; an "
        "site on the employer's own domain is read too."
    )
    example = "https://app.mokahr.com/social-recruitment/high-flyer/140576"
    zone = BEIJING
    filters = frozenset({"keyword", "locationIds", "zhinengIds", "projectFolderIds", "commitments"})
    url_patterns = (
        re.compile(rf"https?://(?P<host>(?:app|hire-r1)\.mokahr\.com){_PATH}/(?P<site>\d+)(?=[/?#]|$)", re.ASCII),
        re.compile(rf"https?://(?P<host>(?:app|hire-r1)\.mokahr\.com){_PATH}(?P<site>)/?(?=[?#]|$)", re.ASCII),
    )
    # On an employer's own domain the address only resembles Moka's; the page proves it.
    path_patterns = (re.compile(rf"https?://(?![^/]*mokahr\.com){ANY_HOST}{_PATH}/(?P<site>\d+)(?=[/?#]|$)", re.ASCII),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sites: dict[str, Board] = {}
        self._ivs: dict[str, bytes] = {}

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        host, kind, org, site = match["host"], match["kind"], match["org"], match["site"] or None
        url = f"https://{host}/{_ALIASES.get(kind, kind)}/{org}" + (f"/{site}" if site else "")
        return Board(url=url, system=cls.name, organization=org, site=site, instance=_CLUSTERS.get(host, host))

    page_markers = ("mokahr.com",)

    @classmethod
    def boards_on_page(cls, page: Selector, url: str) -> Iterator[tuple[Board, str]]:
        # A site on the company's own domain is the same page, and states its tenant and site.
        with contextlib.suppress(ResponseError, AttributeError):
            org = _init_data(page.get().encode())["org"]
            kind = "campus" if org.get("type") == "camp" else "social"
            path = f"/{kind}-recruitment/{org.get('id')}/{org.get('siteId')}"
            if board := cls.match(urljoin(url, path)) or cls.match(f"https://app.mokahr.com{path}"):
                yield board, f"init-data org {org.get('id')} siteId {org.get('siteId')}"

    @classmethod
    def board_of(cls, recording: Recording) -> Board | None:
        fields, host = recording.fields, urlsplit(recording.url).hostname
        if not {"orgId", "siteId"} <= set(fields):
            return super().board_of(recording)
        board = cls.match(f"https://{host}/social-recruitment/{fields['orgId']}/{fields['siteId']}")
        # Only the referring page shows whether it is the social or the campus site.
        page = cls.match(recording.headers.get("referer", ""))
        same = board and page and (page.instance, page.organization, page.site) == (
            board.instance, board.organization, board.site
        )  # fmt: skip
        return page if same else board

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        return str(recording.fields.get("jobId"))

    def first_requests(self, manifest: Manifest) -> Iterator[Request]:
        yield self.board_request(manifest, Request(manifest.board.url), self._on_page)

    def _on_page(self, response: Response, manifest: Manifest) -> CallbackOutput:
        """Read the employer, whether the board is open, and how responses are encrypted, from the board's page."""
        given, board = manifest.board, self._sites.get(manifest.board.url, manifest.board)
        if not board.site and (site := self._site_of(response, board)):
            # It is one of the tenant's sites, and not always the same one, so it cannot prove the tenant's postings.
            manifest.fail(
                Verdict.INCOMPLETE,
                f"{given.url} names no site and redirects to {site.url}, one of several sites of {given.organization}: "
                "give the address of a site",
            )
            self._sites[given.url] = site
            yield self.board_request(manifest, Request(site.url), self._on_page)
            return
        if not board.site:
            raise self._page_error(
                response, board, f"the address names no site of {board.organization}, and redirects to none"
            )
        try:
            data = _init_data(response.body)
            manifest.organization = _organization(data)
        except UnexpectedResponse as error:
            # On Moka's own hosts the list's response decides; elsewhere only the page shows that the site is Moka's.
            if board.instance not in _CLUSTERS.values() and response.status == 200:
                raise self._page_error(response, board, f"not a Moka page ({error})") from error
            self.logger.info("board page of %s: %s", board.url, error)
        else:
            if (iv := str(data.get("aesIv")).encode()) and len(iv) == len(AES_IV):
                self._ivs[given.url] = iv
            if others := other_sites(html.unescape(response.body.decode("utf-8", "replace")), board):
                manifest.note(f"{board.organization} has other sites, each a board of its own: {', '.join(others)}")
        yield self.list_page(manifest)

    def _site_of(self, response: Response, board: Board) -> Board | None:
        """Return the site of an address without one, from its redirect or its page."""
        address = resolved(board.url, (response.headers.get("Location") or b"").decode("latin-1"))
        if response.status == 200:
            try:
                address = f"{board.url}/{_init_data(response.body).get('siteId')}"
            except UnexpectedResponse:
                return None
        found = self.match(address)
        return found if found and found.site and found.organization == board.organization else None

    def _page_error(self, response: Response, board: Board, message: str) -> ResponseError:
        """Return the error for a page that is not a board's: blocked, unknown, or one with the message."""
        try:
            self.page(response, board)
        except (BoardBlocked, BoardUnknown) as error:
            return error
        except ResponseError:
            pass
        return UnexpectedResponse(message)

    def page(self, response: Response, board: Board) -> Page:
        iv = self._ivs.get(board.url, AES_IV)
        if iv != AES_IV and response.status == 200:
            payload = open_envelope(expect(load_json(response.body), dict, "the response"), iv)
            response = response.replace(body=json.dumps(payload).encode())
        return super().page(response, self._sites.get(board.url, board))

    def list_request(self, board: Board, at: Cursor) -> Request:
        return self._api(board, "jobs/v2", limit=PAGE_SIZE, offset=at.offset, needStat=True)

    def needs_detail(self, posting: JobPosting) -> bool:
        return True

    def detail_request(self, board: Board, posting: JobPosting) -> Request:
        return self._api(board, "job", jobId=posting.identifier)

    def _api(self, board: Board, name: str, **body: Any) -> Request:
        board = self._sites.get(board.url, board)
        url = f"https://{urlsplit(board.url).netloc}/api/outer/ats-apply/website/{name}"
        return json_post(url, {"orgId": board.organization, "siteId": board.site, **body, "locale": "zh-CN"})

    @classmethod
    def pay_in(cls, raw: str, posting: JobPosting) -> Salary | None:
        return _salary(named_values(raw), posting.employment_type, employment_types(posting.employment_type_raw))[0]

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        if body.lstrip()[:1] == b"<" and b"init-data" in body:
            data = _init_data(body)
            return _list_page(data, board, _organization(data))
        envelope = open_envelope(expect(load_json(body), dict, "the response"))
        code = envelope.get("code")
        if code == _UNKNOWN_SITE:
            raise BoardUnknown(f"unknown board ({code} {envelope.get('msg')})")
        if code == _JOB_GONE:
            raise PostingGone(f"job gone ({code} {envelope.get('msg')})")
        if code != 0:
            raise UnexpectedResponse(f"Moka returned code {code} {envelope.get('msg')}")
        data = expect(envelope.get("data"), dict, "data")
        if "jobs" in data:
            return _list_page(data, board)
        if "id" in data and "title" in data:
            return Page.of_records([data], lambda record: posting(record, board), detail=True)
        raise UnexpectedResponse("neither a list of jobs nor a job")


def open_envelope(payload: Mapping[str, Any], iv: bytes = AES_IV) -> Mapping[str, Any]:
    """Decrypt a response: AES-128-CBC, PKCS#7, keyed by the sixteen characters of ``necromancer``.

    A response that is not encrypted (the international cluster, the facets) is returned as it is.

    Raises:
        UnexpectedResponse: The ciphertext cannot be opened with that key.
    """
    if "necromancer" not in payload or not isinstance(payload.get("data"), str):
        return payload
    try:
        decryptor = Cipher(algorithms.AES(str(payload["necromancer"]).encode()), modes.CBC(iv)).decryptor()
        padded = decryptor.update(base64.b64decode(payload["data"], validate=True)) + decryptor.finalize()
        unpadder = PKCS7(128).unpadder()
        opened = load_json(unpadder.update(padded) + unpadder.finalize())
    except (ValueError, UnexpectedResponse) as error:
        raise UnexpectedResponse(f"cannot decrypt the envelope with its own key ({error})") from error
    return dict(expect(opened, dict, "the decrypted response"))


def posting(record: Mapping[str, Any], board: Board | None = None) -> JobPosting:
    """Map one record of the list, of a detail or of a board page."""
    identifier = identifier_of(record)
    markup = record.get("jobDescription") or ""
    description = plain_text(markup)
    title = title_of(record)
    commitment = words(record.get("commitment"))
    # The text and the title are more reliable than the field, which is 全职 for nearly everything.
    kind = kind_line(description) or kind_in_title(title) or commitment
    posted = next(filter(None, (words(record.get(key)) for key in ("publishedAt", "openedAt", "createdAt"))), None)
    employment = employment_types(kind)
    pay, pay_raw = _salary(record, employment, employment_types(commitment))
    return JobPosting(
        identifier=identifier,
        title=title,
        url=f"{_board_url(record, board)}#/job/{identifier}",
        description=description,
        job_location=_places(record),
        employment_type=employment,
        employment_type_raw=kind,
        base_salary=pay,
        base_salary_raw=pay_raw,
        date_posted=iso(posted, zone=BEIJING),
        date_posted_raw=posted,
        total_job_openings=count_of(record.get("number")),
        employment_unit=words((record.get("department") or {}).get("name")),
        occupational_category=words((record.get("zhineng") or {}).get("name")),
        education_requirements=words(record.get("education")),
        urgent=record.get("prior") == 1,
        redirects_to=_redirects_to(markup, description, identifier, _board_url(record, board)),
    )


def _list_page(data: Mapping[str, Any], board: Board | None, organization: str | None = None) -> Page:
    return Page.of_records(
        expect(data.get("jobs"), list, "jobs"),
        lambda record: posting(record, board),
        stamp=lambda record: record.get("updatedAt"),
        # A paused job is listed, but not open.
        listed=lambda record: record.get("status") != "pause",
        reported_total=expect(expect(data.get("jobStats"), dict, "jobStats").get("total"), int, "jobStats.total"),
        organization=organization,
    )


def other_sites(text: str, board: Board) -> list[str]:
    """Return the addresses in a text that belong to other sites of the board's tenant."""
    found = (MokaSpider.match(address.replace("\\", "")) for address in _ADDRESS.findall(text))
    same = {site.url for site in found if site and site.site and site.organization == board.organization}
    return sorted(url for url in same if url.rpartition("/")[2] != board.site)


def _init_data(body: bytes) -> Mapping[str, Any]:
    """Return the data in a board's page; only its ``org`` proves a board.

    Raises:
        BoardUnknown: The page states that it does not exist or is closed down.
        UnexpectedResponse: It is not a board's page.
    """
    value = html_of(body).css("#init-data::attr(value)").get()
    if value is None:
        raise UnexpectedResponse("no init-data on the page")
    data = expect(load_json(value.encode()), dict, "init-data")
    if not data.get("org"):
        raise BoardUnknown(f"{'retired' if data.get('isBizError') else 'unknown'} board ({data.get('message')})")
    return dict(data)


def _organization(data: Mapping[str, Any]) -> str | None:
    return words(expect(data["org"], dict, "org").get("name"))


def _board_url(record: Mapping[str, Any], board: Board | None) -> str:
    if board:
        return board.url
    # Without the board, a saved record still states its tenant, but not its site.
    kind = "campus-recruitment" if record.get("hireMode") == 2 else "social-recruitment"
    return f"https://app.mokahr.com/{kind}/{words(record.get('orgId')) or ''}"


def _places(record: Mapping[str, Any]) -> tuple[Place, ...]:
    places = []
    for location in record.get("locations") or ():
        city, province, country = (words(location.get(key)) for key in ("cityName", "provinceName", "country"))
        parts = list(dict.fromkeys(filter(None, (province, city)))) or list(filter(None, [country]))
        latin = all(part.isascii() for part in parts)
        name = ", ".join(reversed(parts)) if latin else " ".join(parts)
        places.append(Place(name=name, address_locality=city, address_region=province, address_country=country))
    # The same district can occur twice.
    return tuple(dict.fromkeys(place for place in places if place.name))


def _salary(record: Mapping[str, Any], *kinds_stated: tuple[str, ...]) -> tuple[Salary | None, str | None]:
    """Parse minSalary and maxSalary; ``salaryUnit`` is always 0.

    Under 1,000 the unit is thousand yuan a month (one employer states both 35 and 35000), but yuan a day for interns
    and part-time jobs, according to the text or the board's field.
    """
    low, high, months = (amount(record.get(key)) for key in ("minSalary", "maxSalary", "payPeriod"))
    if not (low or high):
        return None, None
    raw = " ".join(f"{key}={record.get(key)}" for key in ("minSalary", "maxSalary", "payPeriod"))
    if any(kinds and set(kinds) <= {"INTERN", "PART_TIME"} for kinds in kinds_stated):
        return pay_range(low, high, currency="CNY", unit_text="DAY"), raw
    low, high = (value * 1_000 if value and value < 1_000 else value for value in (low, high))
    return pay_range(low, high, currency="CNY", unit_text="MONTH", months_per_year=months), raw


def _redirects_to(markup: str, description: str, identifier: str, base: str) -> str | None:
    """Return the address in a stub: a short text that only links to another job."""
    link = _JOB_LINK.search(markup)
    if link and link["job"] != identifier and len(description) < _STUB_LENGTH:
        return resolved(base, html.unescape(link["address"])) or None
    return None
