"""From any address that a person pastes to the boards behind it: by its form, or by what a company's own page shows.

A board is never guessed from a name: an address, a frame, a script or a setting has to name it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response, TextResponse
from scrapy.utils.response import get_meta_refresh
from twisted.python.failure import Failure

from crawler.boards import Board
from crawler.discovery.page_mentions import (
    Mention,
    agree,
    board_at,
    company_on,
    find_fingerprints,
    find_mentions,
    known_sites,
    scripts_of,
    site_of,
    title_on,
    ways_on,
)
from crawler.parsing.encodings import response_in_utf8
from crawler.runs.live import run_spider
from crawler.systems import UnknownSystem, find_board, system
from postings.text import resolved, web_address

PAGES = 6
"""How many further pages are read where a page names no board: its frames, and its links about hiring."""

SCRIPTS = 4
"""How many of a site's own scripts are read where its pages name no board."""

REDIRECTS = 5
"""How many redirects are followed one after another."""

MOST_MENTIONS = 3
"""How many mentions of one board are kept."""

_REDIRECTING = (301, 302, 303, 307, 308)


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A board, and what led to it.

    Attributes:
        board: The board.
        mentions: What led to it, at least one mention, the surest first.
    """

    board: Board
    mentions: tuple[Mention, ...]

    @property
    def crawlable(self) -> bool:
        """Whether its system may be crawled without a permission of one's own."""
        return system(self.board.system).crawlable

    @property
    def page(self) -> str | None:
        """The page that shows it; None where the pasted address is the board's itself."""
        return None if self.mentions[0].kind == "address" else self.mentions[0].page


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found behind an address.

    Attributes:
        url: The address.
        boards: The boards found, each once; those that may be crawled first.
        company: The company's name, where the pages state it.
        titles: Their titles.
        seen: The pages that were read, each with what came of it, in a few words.
        fingerprints: Systems that a page uses without naming a board.
    """

    url: str
    boards: tuple[Found, ...] = ()
    company: str | None = None
    titles: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The message for a user where no board was found."""
        looked_for = "redirects, frames, scripts, settings, links and texts that name a board"
        message = f"no board found on {self.url}: looked for {looked_for}; saw {', '.join(self.seen)}"
        if self.fingerprints:
            message += f"; {', '.join(self.fingerprints)} is in use, but nothing shows which of its boards"
        return f"{message}; give the address of the board itself, or of one of its postings"

    def contradicts(self, board: Board, organization: str | None) -> bool:
        """Whether neither the employer's name on a board nor the board's key is like a name on the pages."""
        if not organization or not self.company:
            return False
        return not agree(
            [organization, board.organization], [self.company, *self.titles, site_of(self.url).split(".")[0]]
        )


def discover(url: str, settings: Mapping[str, Any] | None = None) -> Discovery:
    """Find the boards behind an address: a board's, a posting's, or that of a company's own page.

    Args:
        url: What a person pasted.
        settings: Scrapy settings over the project's own, as for `crawler.runs.live.crawl`.

    Raises:
        UnknownSystem: It is neither the address of a board nor that of a page.
    """
    address = url.strip()
    if board := board_at(address):
        return Discovery(url=address, boards=(Found(board, (Mention(page=address, kind="address", words=address),)),))
    page = page_address(address)
    if page is None:
        raise UnknownSystem(
            f"{address!r} is not a web address, and boards are not guessed from names: give the address of a board, of "
            "one of its postings, or of a page on a company's own site"
        )
    (found,) = search([page], settings=settings)
    if not found.boards and (board := _any_board(address)):
        return dataclasses.replace(found, boards=(Found(board, (Mention(page=page, kind="address", words=address),)),))
    return found


def search(
    pages: Sequence[str], *, boards: Sequence[str] = (), settings: Mapping[str, Any] | None = None
) -> list[Discovery]:
    """Read pages and return the boards that they name; nothing is raised for a page that cannot be read.

    Args:
        pages: Companies' own pages. Where one names no board, a few pages that it leads to are read too.
        boards: Pages of boards, of which only they themselves and their redirects are read.
        settings: As for `discover`.

    Returns:
        One result for each of the pages, then for each of the boards.
    """
    searches = [*(_Search(url, further=True) for url in pages), *(_Search(url, further=False) for url in boards)]
    possible = [one for one in searches if page_address(one.url)]
    if possible:
        run_spider(DiscoverySpider, settings, searches=possible)
    return [one.result() for one in searches]


def page_address(text: str) -> str | None:
    """Return the web address that a person means, with https if no scheme is given; None if it is not one."""
    address = web_address(text if "://" in text else f"https://{text}")
    parts = urlsplit(address)
    host = parts.hostname or ""
    return address if ("." in host or ":" in host or host == "localhost") and not parts.username else None


def _any_board(address: str) -> Board | None:
    try:
        return find_board(address)
    except UnknownSystem:
        return None


class _Search:
    """What is known so far of the boards behind one address.

    Attributes:
        url: The address.
        further: Whether to read the pages that it leads to.
    """

    def __init__(self, url: str, *, further: bool) -> None:
        self.url = url
        self.further = further
        self.seen: list[str] = []
        self.company: str | None = None
        self.titles: list[str] = []
        self.fingerprints: list[str] = []
        self._boards: dict[Board, list[Mention]] = {}
        self._sites = {site_of(url)}
        self._requested: set[str] = set()
        self._left = {"page": PAGES, "script": SCRIPTS}

    @property
    def satisfied(self) -> bool:
        """Whether a board was found that may be crawled, of a system of its own."""
        return any(system(board.system).crawlable and not system(board.system).generic for board in self._boards)

    def note(self, board: Board, mention: Mention) -> None:
        """Note a mention of a board."""
        known = self._boards.setdefault(board, [])
        if len(known) < MOST_MENTIONS and all(mention.words != other.words for other in known):
            known.append(mention)

    def belongs(self, url: str) -> None:
        """Note that the company's page is on this site, too."""
        self._sites.add(site_of(url))

    def first_time(self, url: str) -> bool:
        """Whether an address was not requested yet; it counts as requested from now on."""
        if url in self._requested:
            return False
        self._requested.add(url)
        return True

    def take(self, kind: str, urls: Sequence[str]) -> Iterator[str]:
        """Yield the addresses that may be requested: on the company's or a known system's site, a few in all."""
        sites = self._sites | known_sites() if kind == "page" else self._sites
        for url in urls:
            address = web_address(url.partition("#")[0])
            if not (self._left[kind] and address and site_of(address) in sites) or board_at(address):
                continue
            if self.first_time(address):
                self._left[kind] -= 1
                yield address

    def result(self) -> Discovery:
        """Return what was found."""
        found = [Found(board, tuple(mentions)) for board, mentions in self._boards.items()]
        specific = [one for one in found if not system(one.board.system).generic]
        found = specific or found[:1]
        return Discovery(
            url=self.url,
            boards=tuple(sorted(found, key=lambda one: not one.crawlable)),
            company=self.company,
            titles=tuple(dict.fromkeys(self.titles)),
            seen=tuple(self.seen),
            fingerprints=tuple(dict.fromkeys(self.fingerprints)),
        )


class DiscoverySpider(Spider):
    """Reads companies' own pages as politely as boards, and never far from the page that it was given."""

    name = "discovery"
    custom_settings = {  # noqa: RUF012  # Scrapy's contract
        "DOWNLOAD_MAXSIZE": 8 * 1024 * 1024,
        "DOWNLOAD_TIMEOUT": 30,
        "RETRY_TIMES": 1,
    }

    def __init__(self, searches: Sequence[_Search], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.searches = searches

    async def start(self) -> AsyncIterator[Any]:
        """Yield the request for each search's first page."""
        for search in self.searches:
            search.first_time(search.url)
            yield self._ask(search.url, search, depth=0)

    def _ask(self, url: str, search: _Search, **at: Any) -> Request:
        return Request(
            url,
            callback=self._on_response,
            errback=self._unreachable,
            cb_kwargs={"search": search, "requested": url, "hops": 0, **at},
            # Each hop of a redirect is checked by itself, with its robots.txt and its address.
            meta={"handle_httpstatus_all": True, "dont_redirect": True},
            dont_filter=True,
        )

    def _on_response(
        self, response: Response, search: _Search, requested: str, depth: int, hops: int
    ) -> Iterator[Request]:
        target = _redirect_target(response)
        if target:
            search.seen.append(f"{response.url} (redirects to {target})")
            if board := board_at(target):
                search.note(board, Mention(page=requested, kind="redirect", words=target))
            elif hops < REDIRECTS and search.first_time(target):
                if depth == 0:
                    search.belongs(target)
                yield self._ask(target, search, requested=requested, depth=depth, hops=hops + 1)
            return
        response = response_in_utf8(response)
        if response.status != 200 or not isinstance(response, TextResponse):
            what = f"HTTP {response.status}" if response.status != 200 else "no text"
            search.seen.append(f"{response.url} ({what})")
            return
        title = title_on(response)
        search.company = search.company or company_on(response)
        search.titles += [title] if title else []
        search.seen.append(f"{response.url} ({title!r})" if title else response.url)
        for board, mention in find_mentions(response, requested):
            search.note(board, mention)
        if not search.satisfied:
            search.fingerprints += find_fingerprints(response)
            if search.further:
                yield from self._look_further(response, search, requested, depth)

    def _look_further(self, page: TextResponse, search: _Search, requested: str, depth: int) -> Iterator[Request]:
        for url in search.take("script", scripts_of(page)):
            yield self._ask(url, search, requested=requested, depth=2)  # what the script names, the page shows
        if depth == 0:
            for url in search.take("page", ways_on(page)):
                yield self._ask(url, search, depth=1)

    def _unreachable(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy's contract for errbacks
        search: _Search = request.cb_kwargs["search"]
        search.seen.append(f"{request.url} ({failure.getErrorMessage() or type(failure.value).__name__})")


def _redirect_target(response: Response) -> str | None:
    """Return where a response redirects to, by its status or by its markup."""
    try:
        if response.status in _REDIRECTING and (location := response.headers.get("Location")):
            return resolved(response.url, location.decode("utf-8", "replace")) or None
        if response.status == 200 and isinstance(response, TextResponse):
            wait, target = get_meta_refresh(response)
            if target and (wait or 0) < 60 and target.partition("#")[0] != response.url.partition("#")[0]:
                return web_address(target) or None
    except ValueError:
        pass
    return None
