"""Mentions of boards on a company's own page: addresses, frames, scripts and settings that name one."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from urllib.parse import parse_qsl, urlsplit

from parsel import Selector
from scrapy.http import Response, TextResponse
from tldextract import TLDExtract

from crawler.bases.board_spider import BoardSpider
from crawler.boards import Board
from crawler.systems import systems_in_order
from postings.text import one_line, tidy

LONGEST = 200
"""Characters of a page's words that a mention keeps."""

_CANONICAL = "//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"

_SHOWN = {
    "frame": "//iframe/@src | //frame/@src | //iframe/@data-src | //embed/@src | //object/@data",
    "script": "//script/@src",
    "link": "//a/@href | //area/@href",
    "form": "//form/@action",
}
"""Where a page's markup holds addresses, the surest first."""

_HIDDEN = {
    "attribute": "//*[not(self::img or self::link or self::source or self::video)]/@*",
    "text": "//text()",
}
"""Where addresses stand among other words; comments are left out."""

# Anything but ASCII ends it: Chinese text follows an address without a space.
_ADDRESS = re.compile(
    r"(?:https?:)?//[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(?::\d+)?(?:[/?#][a-z0-9/?#@!$&*+,;=:._~%-]*)?",
    re.IGNORECASE | re.ASCII,
)
_PICTURE = re.compile(r"\.(?:css|png|jpe?g|gif|svg|webp|ico|woff2?|ttf|eot|mp4)(?=[?#]|$)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u00([2-7][0-9a-f])", re.IGNORECASE)

_HIRING_WORDS = re.compile(
    r"\b(?:careers?|jobs?|join(?: us| our| the)?|work (?:with|for|at)|open (?:positions|roles)|openings|vacanc(?:y|ies)"
    r"|hiring|karriere|stellen\w*)\b|招聘|加入|招贤|人才|求职|职位|岗位|应聘|工作机会",
    re.IGNORECASE,
)
_HIRING_PATHS = re.compile(
    r"(?:^|[/._-])(?:careers?|jobs?|join(?:[-_]?us)?|hiring|recruit\w*|zhaopin|talents?|karriere|stellen\w*|positions"
    r"|openings|open-roles|vacancies|campus|hr)(?=[/._-]|$)",
    re.IGNORECASE,
)
_LEGAL_FORMS = re.compile(
    r"\b(?:inc|ltd|llc|gmbh|ag|se|corp|corporation|co|company|limited|careers|jobs)\b|股份有限公司|有限责任公司|有限公司|公司|集团|招聘",
    re.IGNORECASE,
)
_SUFFIXES = TLDExtract(cache_dir=None, suffix_list_urls=())  # the list that comes with it: nothing is fetched
_ANY_HOST = ("https://a-company.invalid", "https://a-company.invalid/careers", "https://a-company.invalid/jobs/1")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What led to a board.

    Attributes:
        page: The page that shows it, by the address that was requested.
        kind: How it shows it: redirect, canonical link, frame, script, link, form, attribute, settings, text.
        words: The words that name the board as they stand there, at most `LONGEST` characters.
    """

    page: str
    kind: str
    words: str

    def __str__(self) -> str:
        return f"{self.kind} {self.words} on {self.page}"


@cache
def recognizable_systems() -> tuple[type[BoardSpider], ...]:
    """Return the systems that an address shows; it shows none that reads the pages of any host."""
    return tuple(spider for spider in systems_in_order() if not any(map(spider.match, _ANY_HOST)))


@cache
def known_sites() -> frozenset[str]:
    """Return the sites (see `site_of`) of those systems that may be crawled."""
    return frozenset(site_of(spider.example) for spider in recognizable_systems() if spider.crawlable)


def host_of(url: str) -> str:
    """Return the host of an address; empty if it is not one."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def site_of(url: str) -> str:
    """Return the registered domain of an address, else its host; empty if it is not an address."""
    host = host_of(url)
    found = _SUFFIXES(host).top_domain_under_public_suffix
    # Under a suffix that the list lacks the last two labels count, by the list's own rule.
    return found or (host if re.fullmatch(r"[\d.]+|.*:.*", host) else ".".join(host.split(".")[-2:]))


@lru_cache(maxsize=16_384)  # a page holds most of its addresses several times
def board_at(address: str) -> Board | None:
    """Return the board that an address names, itself or in its query, as links through a click counter do."""
    for spider in recognizable_systems():
        if board := spider.match(address):
            return board
    try:
        values = [value for _, value in parse_qsl(urlsplit(address).query) if value.startswith(("http://", "https://"))]
    except ValueError:
        return None
    return next(filter(None, (spider.match(value) for value in values for spider in recognizable_systems())), None)


def find_mentions(page: TextResponse, requested: str) -> Iterator[tuple[Board, Mention]]:
    """Yield the boards that a page names, the surest mentions first; a board can come several times.

    Args:
        page: The page, a script or other text.
        requested: The address that was requested for it.
    """
    # On a system's own host /privacy has the form of a board.
    own = host_of(page.url) if site_of(page.url) in known_sites() else None

    def named(address: str) -> Board | None:
        return None if host_of(address) == own else board_at(address)

    def mention(kind: str, words: str) -> Mention:
        return Mention(page=requested, kind=kind, words=" ".join(tidy(words).split())[:LONGEST])

    markup = markup_of(page)
    if not markup:
        yield from ((board, mention("settings", words)) for board, words in _settings_in(page.text))
        yield from ((board, mention("text", url)) for url in _addresses_in([page.text]) if (board := named(url)))
        return
    for value in markup.xpath(_CANONICAL).getall():
        if board := board_at(_absolute(page, value)):
            yield board, mention("canonical link", value)
    for kind, path in _SHOWN.items():
        for value in markup.xpath(path).getall():
            if board := named(_absolute(page, value)):
                yield board, mention(kind, value)
    for spider in recognizable_systems():
        yield from ((board, mention("settings", words)) for board, words in spider.boards_on_page(markup, page.url))
    scripts = "\n".join(markup.xpath("//script/text()").getall())
    yield from ((board, mention("settings", words)) for board, words in _settings_in(scripts))
    for kind, path in _HIDDEN.items():
        found = _addresses_in(markup.xpath(path).getall())
        yield from ((board, mention(kind, url)) for url in found if (board := named(url)))


def _settings_in(script: str) -> Iterator[tuple[Board, str]]:
    for spider in recognizable_systems():
        for form in spider.embed_patterns:
            for found in form.finditer(script):
                yield spider.canonical(found), found[0]


def _addresses_in(texts: Sequence[str]) -> Iterator[str]:
    """Yield the addresses in texts and scripts, each once."""
    seen = set()
    for text in texts:
        if not re.search(r"//|\\/|\\u002f", text, re.IGNORECASE):
            continue
        plain = html.unescape(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text.replace(r"\/", "/")))
        for found in _ADDRESS.finditer(plain):
            address = found[0].rstrip(".,;:!?")
            address = f"https:{address}" if address.startswith("//") else address
            # A brace behind it: a script puts the rest together later.
            unfinished = plain[found.end() : found.end() + 1] == "{"
            if address not in seen and not unfinished and not _PICTURE.search(address):
                seen.add(address)
                yield address


def find_fingerprints(page: TextResponse) -> list[str]:
    """Return the systems that a page or its address shows without naming a board, each with the word that shows it."""
    text = f"{page.url}\n{page.text}"
    words = (
        (spider.name, next((word for word in spider.page_markers if word in text), None))
        for spider in recognizable_systems()
    )
    return [f"{name} ({word})" for name, word in words if word]


def ways_on(page: TextResponse) -> list[str]:
    """Return the addresses of a page's frames and of its links about hiring, the plainest words first."""
    markup = markup_of(page)
    if not markup:
        return []
    frames = [_absolute(page, value) for value in markup.xpath("//iframe/@src | //frame/@src").getall()]
    links: list[tuple[int, str]] = []
    for link in markup.xpath("//a[@href]"):
        address = _absolute(page, link.attrib["href"])
        words = one_line(" ".join([*link.xpath(".//text()").getall(), *link.xpath("@title | .//@alt").getall()]))
        named = _HIRING_WORDS.search(words)
        # A short text is the name of a page; a long one is a headline in which the word stands by chance.
        if named and len(words) <= 40:
            links.append((0, address))
        elif named or _HIRING_PATHS.search(urlsplit(address).path) or _HIRING_PATHS.match(urlsplit(address).netloc):
            links.append((1, address))
    return list(dict.fromkeys([*frames, *(address for _, address in sorted(links, key=lambda link: link[0]))]))


def scripts_of(page: TextResponse) -> list[str]:
    """Return the addresses of a page's scripts, in its order."""
    markup = markup_of(page)
    return [_absolute(page, value) for value in markup.xpath("//script/@src").getall()] if markup else []


def company_on(page: TextResponse) -> str | None:
    """Return the name of its company or its site that a page states; None if it states none."""
    markup = markup_of(page)
    if not markup:
        return None
    marks = markup.xpath("//meta[@property='og:site_name' or @name='application-name']/@content").getall()
    stated = map(_organization, markup.xpath("//script[@type='application/ld+json']/text()").getall())
    return next(filter(None, map(one_line, [*filter(None, stated), *marks])), None)


def title_on(page: TextResponse) -> str | None:
    """Return a page's title; None if it has none."""
    markup = markup_of(page)
    return one_line(markup.xpath("//head/title/text()").get()) or None if markup else None


def agree(board_names: Sequence[str], page_names: Sequence[str]) -> bool:
    """Whether one of a board's names and one of a page's can be the same company's: one contains the other."""
    ours, theirs = (list(filter(None, map(_plain_name, names))) for names in (board_names, page_names))
    return not ours or not theirs or any(one in other or other in one for one in ours for other in theirs)


def markup_of(page: Response) -> Selector | None:
    """Return the page as HTML; None where it is a script, JSON or plain text."""
    if not isinstance(page, TextResponse):
        return None
    kind = (page.headers.get("Content-Type") or b"").decode("latin-1").lower()
    if "html" in kind or ("xml" not in kind and "json" not in kind and page.text.lstrip()[:1] == "<"):
        return Selector(text=page.text, type="html")
    return None


def _absolute(page: TextResponse, value: str) -> str:
    try:
        return page.urljoin(value.strip())
    except ValueError:
        return ""


def _organization(block: str) -> str | None:
    try:
        value = json.loads(block, strict=False)
    except (ValueError, RecursionError):
        return None
    items = value if isinstance(value, list) else [value]
    for item in items:
        graph = item.get("@graph", [item]) if isinstance(item, dict) else []
        for node in graph if isinstance(graph, list) else []:
            if isinstance(node, dict) and node.get("@type") in ("Organization", "Corporation", "WebSite"):
                name = node.get("name")
                if isinstance(name, str):
                    return name
    return None


def _plain_name(name: str) -> str:
    return re.sub(r"[\W_]+", "", _LEGAL_FORMS.sub(" ", name.casefold()))
