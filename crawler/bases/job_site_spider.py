"""Base of job sites that are read from saved pages: a board is a search or a company's page, never the whole site."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from datetime import timezone
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from parsel import Selector
from scrapy import Request

from crawler.bases.board_spider import BoardSpider
from crawler.boards import Board, Cursor
from crawler.captures.files import address_in
from crawler.captures.recordings import Recording
from crawler.parsing.encodings import in_utf8
from crawler.parsing.responses import (
    BoardBlocked,
    Page,
    UnexpectedResponse,
    expect,
    html_of,
    is_access_check,
    load_json,
)
from postings import JobPosting
from postings.facts.dates import BEIJING
from postings.facts.employment import employment_types, kind_in_title
from postings.facts.salary import parse_salary
from postings.text import one_line, plain_text, web_address

_ASSIGNED = re.compile(r"\s*(?:let|var|const)\s+\w+\s*=\s*(?=[\[{])")
# "某知名互联网公司", "北京某大型互联网平台公司": a kind of employer, and no name of one.
_ANONYMOUS = re.compile(r"[一-鿿]{0,4}某")
_CUT = ("...", "…")
_GLYPHS = re.compile("[\ue000-\uf8ff]")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PageSelectors:
    """CSS selectors for a posting's own page; of several, the first that matches counts.

    Attributes:
        title: The title.
        description: The element that holds the description.
        organization: The employer's name.
        salary: The pay.
        place: The place of work.
    """

    title: str
    description: str
    organization: str = ""
    salary: str = ""
    place: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """The raw text that a job site states of a posting, to be parsed into facts.

    Attributes:
        employer: The text in the place of the employer's name.
        agency: The site's mark that the posting is an agency's, if it is.
        salary: The pay.
        kind: The kind of employment; a kind that the title names outranks it.
    """

    employer: str | None = None
    agency: str | None = None
    salary: str | None = None
    kind: str | None = None


class JobSiteSpider(BoardSpider):
    """A job site with the postings of many employers, whose rules forbid crawling.

    A subclass defines the addresses of its searches, companies' pages and postings, and reads its lists. The lists are
    ranked, capped and mixed with advertisements, so a run over them is never complete and closes nothing.
    """

    crawlable = False
    proof = "never: a run is always incomplete and closes no posting"
    unprovable = "a job-site search is ranked and capped, so postings that it does not show may still be open"

    query_keys: ClassVar[tuple[str, ...]]
    """Query keys that define a search, in the order of its canonical address."""
    aliases: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Query keys by the other names that the site's requests use for them."""
    search_page: ClassVar[str]
    """Address of the page of a search, without its query."""
    company_page: ClassVar[str]
    """Address of a company's page, with ``{}`` for its key."""
    posting_pattern: ClassVar[re.Pattern[str]]
    """Addresses of postings; the group ``id`` is the posting's identifier."""
    list_script: ClassVar[re.Pattern[str] | None] = None
    """What precedes the JSON of the list in a page's script, if pages carry it."""
    selectors: ClassVar[PageSelectors]
    """Selectors for a posting's own page."""
    yuan = True
    zone: ClassVar[timezone | None] = BEIJING
    wall_pattern: ClassVar[re.Pattern[str]] = re.compile("(?!)")
    """Phrases that identify the site's login walls and access checks."""

    # Addresses -----------------------------------------------------------------------------------------

    @classmethod
    def match(cls, url: str) -> Board | None:
        """Return the board that an address means; None also for a search without a condition."""
        board = super().match(url)
        return None if board and board.url.endswith("?") else board

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        """Return the board of a company or a search; the groups are ``company``, ``query_string`` or query keys."""
        groups = match.groupdict()
        if company := groups.get("company"):
            return Board(url=cls.company_page.format(company), system=cls.name, organization=unquote(company))
        query = parse_qs(groups.get("query_string") or "")
        in_path = {key: unquote(value) for key, value in groups.items() if key in cls.query_keys and value}
        return cls.search({**{key: values[-1] for key, values in query.items()}, **in_path})

    @classmethod
    def search(cls, query: Mapping[str, Any]) -> Board:
        """Return the board of a search, without the keys that do not narrow it."""
        named = {cls.aliases.get(name, name): str(value) for name, value in query.items() if value}
        narrowing = {key: named[key] for key in cls.query_keys if key in named}
        return Board(
            url=f"{cls.search_page}?{urlencode(narrowing, quote_via=quote)}",
            system=cls.name,
            organization=", ".join(narrowing.values()),
            several_employers=True,
        )

    @staticmethod
    def query_of(board: Board) -> dict[str, str]:
        """Return the query of a board's search, by key."""
        return {key: values[-1] for key, values in parse_qs(urlsplit(board.url).query).items()}

    @classmethod
    def board_of(cls, recording: Recording) -> Board | None:
        """Return the board of a recorded request, whose query or body may define the search."""
        query = {name: values[-1] for name, values in recording.query.items() if values and values[-1]}
        flat = {name: str(value) for name, value in recording.fields.items() if isinstance(value, str | int) and value}
        query_string = urlencode({**query, **flat}, quote_via=quote)
        return cls.match(f"{recording.url}?{query_string}" if query_string else recording.url)

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        """Return the identifier of the posting that a recorded request was for."""
        found = cls.posting_pattern.match(recording.url)
        return found["id"] if found else super().posting_of(recording)

    @classmethod
    def responds_to(cls, recording: Recording) -> bool:
        """Whether a recorded request was for a list or a posting of this site."""
        return bool(cls.posting_pattern.match(recording.url)) or super().responds_to(recording)

    def list_request(self, board: Board, at: Cursor) -> Request:
        """Return the request for a page of a search, or for a company's page."""
        query = self.query_of(board)
        return self.search_request(query, at) if query else Request(board.url)

    def search_request(self, query: dict[str, str], at: Cursor) -> Request:
        """Return the request for a page of a search.

        Args:
            query: The query of the search, by key.
            at: Where the page begins.
        """
        raise NotImplementedError

    # Responses -----------------------------------------------------------------------------------------

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        """Read a saved list, as JSON or in a page's script, or a posting's page."""
        text = decoded(body)
        value = cls._data(text)
        return cls.read_page(text, board) if value is None else cls.read_data(value, board)

    @classmethod
    def read_data(cls, value: Any, board: Board | None) -> Page:
        """Read the JSON of a list or a posting.

        Raises:
            ResponseError: It holds no postings.
        """
        raise UnexpectedResponse(f"expected a page of {cls.vendor}, got JSON")

    @classmethod
    def read_page(cls, text: str, board: Board | None) -> Page:
        """Read a posting's own page.

        Raises:
            BoardBlocked: It is a login wall or an access check.
            UnexpectedResponse: It is not a posting's page, or does not identify the posting.
        """
        page = html_of(text)
        selectors = cls.selectors
        markup, title = _first(page, selectors.description), text_at(page, selectors.title)
        if not (markup and title):
            if is_access_check(text) or cls.wall_pattern.search(text):
                raise BoardBlocked("expected a list or a posting, got a login wall or an access check")
            looked = f"neither a list nor a posting (looked for {selectors.title} and {selectors.description})"
            raise UnexpectedResponse(f"the page has {looked}")
        identifier = cls.identifier_on_page(text)
        if not identifier:
            raise UnexpectedResponse("the page does not contain its own address: save it from a browser")
        stated = Stated(
            employer=text_at(page, selectors.organization),
            salary=text_at(page, selectors.salary),
        )
        posting = cls.to_posting(identifier, title, stated, description=plain_text(markup))
        return Page(postings=(cls.with_page_fields(posting, page),), rows=1, detail=True)

    @classmethod
    def with_page_fields(cls, posting: JobPosting, page: Selector) -> JobPosting:
        """Return the posting with further values of its page."""
        return posting

    @classmethod
    def identifier_on_page(cls, text: str) -> str | None:
        """Return the identifier of the posting of a saved page, by the address written in it; None without one."""
        found = cls.posting_pattern.match(address_in(text) or "")
        return found["id"] if found else None

    @classmethod
    def to_posting(cls, identifier: str, title: str, stated: Stated, **more: Any) -> JobPosting:
        """Return a posting, with its employer, pay and kind of employment parsed.

        Args:
            identifier: The posting's identifier.
            title: Its title.
            stated: The raw text of these values.
            more: Further attributes.
        """
        # Digits in private-use glyphs mean something else on every load: they are neither read nor kept.
        salary = None if stated.salary and _GLYPHS.search(stated.salary) else stated.salary
        kind = kind_in_title(title) or stated.kind
        name, raw = employer(stated.employer, agency=stated.agency)
        return JobPosting(
            identifier=identifier,
            title=title,
            hiring_organization=name,
            hiring_organization_raw=raw,
            employment_type=employment_types(kind),
            employment_type_raw=kind,
            base_salary=parse_salary(salary, yuan=cls.yuan, places=more.get("job_location", ())),
            base_salary_raw=salary or None,
            **{"url": cls.posting_url(identifier), **more},
        )

    @classmethod
    def posting_url(cls, identifier: str) -> str:
        """Return where a person reads a posting."""
        raise NotImplementedError

    @classmethod
    def _data(cls, text: str) -> Any:
        """Return the JSON of a response, or that of a script in a page; None where there is none."""
        start = text.lstrip()
        if found := _ASSIGNED.match(start) or (cls.list_script and start[:1] == "<" and cls.list_script.search(start)):
            try:
                _, end = json.JSONDecoder().raw_decode(start, found.end())
            except (ValueError, RecursionError) as error:
                raise UnexpectedResponse(
                    f"the list in the page's script is not JSON ({type(error).__name__})"
                ) from error
            return load_json(start[found.end() : end].encode("utf-8", "replace"))
        return None if start[:1] == "<" or cls.is_text(start) else load_json(text.encode("utf-8", "replace"))

    @classmethod
    def is_text(cls, text: str) -> bool:
        """Whether it is a page that was saved as text, and not JSON."""
        return False


def decoded(body: bytes) -> str:
    """Return a response's text."""
    return in_utf8(body).decode("utf-8-sig", "replace")


def text_at(page: Selector, selector: str) -> str | None:
    """Return the text of the first element that the selectors find, on one line."""
    found = _first(page, selector)
    return one_line(" ".join(plain_text(found).split())) or None if found else None


def without_query(address: Any) -> str:
    """Return a posting's address without its query, which identifies the search and changes every time."""
    return web_address(address.partition("?")[0]) if isinstance(address, str) else ""


def total_of(data: Mapping[str, Any], *keys: str) -> int | None:
    """Return the total that a response states under one of these keys; None where it states none.

    Raises:
        UnexpectedResponse: It is not a number.
    """
    total = next((data[key] for key in keys if data.get(key) is not None), None)
    return None if total is None else int(expect(total, int, keys[0]))


def _first(page: Selector, selectors: str) -> str | None:
    """Return the markup of the first element that the first matching selector finds.

    The selectors are tried one by one: as one group they would give the first match in the page's order.
    """
    return next(filter(None, (page.css(selector).get() for selector in selectors.split(", ") if selector)), None)


def employer(brand: str | None, *, agency: str | None = None) -> tuple[str | None, str | None]:
    """Return the employer's name and None, or None and the text in its place.

    Args:
        brand: The text in the place of the employer's name.
        agency: The site's mark that the posting is an agency's, if it is; it is then unknown whose name is shown.

    Returns:
        None and the text where it is a description ("某知名互联网公司"), cut short, or an agency's.
    """
    if not brand:
        return None, None
    if agency:
        return None, f"{brand} ({agency})"
    if _ANONYMOUS.match(brand) or brand.endswith(_CUT):
        return None, brand
    return brand, None
