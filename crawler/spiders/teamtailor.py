"""Teamtailor: a company's board as a paged RSS feed, and as a JSON Feed with fewer fields."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from parsel import Selector
from scrapy import Request
from scrapy.settings.default_settings import RETRY_HTTP_CODES

from crawler.bases.board_spider import BoardSpider
from crawler.boards import ANY_HOST, Board, Cursor
from crawler.parsing.responses import Page, UnexpectedResponse, expect, identifier_of, load_json, load_xml, title_of
from postings import JobPosting, Place, Salary
from postings.facts.dates import iso, rfc_822
from postings.facts.employment import employment_types, kind_in_title
from postings.facts.salary import pay_range, period_of
from postings.text import joined, plain_text, resolved, web_address, words

PAGE_SIZE = 100
"""The requested page size of the RSS feed, its documented default."""

_TT = "{https://teamtailor.com/locations}"
_NUMBER = re.compile(r"/jobs/(\d+)(?=[-/?#]|$)")


class TeamtailorSpider(BoardSpider):
    """Boards of Teamtailor, crawled by RSS.

    Both contain the descriptions. Only the RSS feed states the department and remote work, and only its paging is
    documented. It is read until a page is empty, because a shorter page than requested may be the server's maximum;
    the maximum of the JSON Feed is not known. The JSON Feed is read from saved files; only it states pay.

    Nothing in the address of a company's own domain identifies Teamtailor: it is marked with ``teamtailor+``, as
    `boards_on_page` gives it for a page that Teamtailor serves.
    """

    name = "teamtailor"
    vendor = "Teamtailor"
    proof = "the last page is empty, and the first page is unchanged at the end"
    note = (
        "A company on a domain of its own is given by that domain with `teamtailor+` before it, or found from any page "
        "there; pay is only in saved JSON Feeds."
    )
    example = "https://career.teamtailor.com"
    filters = frozenset({"offset", "per_page"})
    url_patterns = (
        re.compile(
            r"https?://(?!(?:api|app|docs|help|na|status|support|www)\.)(?P<company>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)"
            r"(?P<region>\.na)?\.teamtailor\.com(?=[/?#]|$)"
        ),
        re.compile(rf"teamtailor\+https?://{ANY_HOST}(?=[/?#]|$)"),
    )
    # A healthy feed returns 400 now and then.
    custom_settings = {"RETRY_HTTP_CODES": [*RETRY_HTTP_CODES, 400]}  # noqa: RUF012 - Scrapy's name, never changed

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        if host := match.groupdict().get("host"):
            return Board(url=f"teamtailor+https://{host}", system=cls.name, organization=host, instance=host)
        company, region = match["company"], match["region"] or ""
        url = f"https://{company}{region}.teamtailor.com"
        return Board(url=url, system=cls.name, organization=company, instance=region.removeprefix(".") or None)

    def list_request(self, board: Board, at: Cursor) -> Request:
        site = board.url.removeprefix("teamtailor+")
        return Request(f"{site}/jobs.rss?offset={at.offset}&per_page={PAGE_SIZE}")

    @classmethod
    def boards_on_page(cls, page: Selector, url: str) -> Iterator[tuple[Board, str]]:
        # A page that only shows a widget of Teamtailor's has its scripts, but not its feed.
        feeds = page.xpath("//link[@rel='alternate']/@href").getall()
        own = [resolved(url, feed) for feed in feeds if urlsplit(feed).path.endswith("/jobs.rss")]
        served = page.xpath("//script[contains(@src, '.teamtailor-cdn.com/')]/@src").get()
        if served and own and (board := cls.match(own[0]) or cls.match(f"teamtailor+{own[0]}")):
            yield board, served

    @classmethod
    def date_in(cls, raw: str) -> datetime | date | None:
        return iso(raw) or rfc_822(raw)

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        return _json_feed(body) if body.removeprefix(BOM_UTF8).lstrip()[:1] == b"{" else _rss(body)


def is_teamtailors(body: bytes) -> bool:
    """Whether a feed is Teamtailor's, by the namespace of its extension."""
    return _TT.strip("{}").encode() in body[:2000]


def _rss(body: bytes) -> Page:
    channel = load_xml(body, "rss").find("channel")
    if channel is None:
        raise UnexpectedResponse("no channel in the feed")
    items = channel.findall("item")
    return Page.of_records(
        [_record(item) for item in items],
        posting_of_item,
        more=bool(items),
        organization=words(channel.findtext("title")),
    )


def _json_feed(body: bytes) -> Page:
    feed = expect(load_json(body), dict, "the response")
    if "jsonfeed.org/version/" not in str(feed.get("version")):
        raise UnexpectedResponse("the JSON is not a JSON Feed")
    items = expect(feed.get("items"), list, "items")
    # As many items as an RSS page holds may be all, or a first page: the feed does not state it.
    return Page.of_records(
        items, posting_of_entry, whole=len(items) != PAGE_SIZE, organization=words(feed.get("title"))
    )


def posting_of_item(item: Mapping[str, Any]) -> JobPosting:
    """Map an item of the RSS feed."""
    kind = kind_in_title(title_of(item))
    return JobPosting(
        identifier=_identifier(item, "link", "guid"),
        title=title_of(item),
        url=web_address(item["link"]),
        description=plain_text(item["description"]),
        job_location=tuple(dict.fromkeys(_places(item["locations"]))),
        # The others are none, hybrid and temporary.
        job_location_type="TELECOMMUTE" if item["remoteStatus"] == "fully" else None,
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        date_posted=rfc_822(item["pubDate"]),
        date_posted_raw=words(item["pubDate"]),
        employment_unit=joined(item["division"], item["department"]),
        occupational_category=words(item["role"]),
    )


def posting_of_entry(entry: Mapping[str, Any]) -> JobPosting:
    """Map an entry of the JSON Feed, which contains schema.org's JobPosting."""
    listed = expect(entry.get("_jobposting"), dict, "_jobposting")
    kind = kind_in_title(title_of(entry))
    pay, pay_raw = _salary(listed.get("baseSalary"))
    return JobPosting(
        identifier=_identifier(entry, "url", "id"),
        title=title_of(entry),
        url=web_address(entry.get("url")),
        description=plain_text(entry.get("content_html")),
        hiring_organization=words((listed.get("hiringOrganization") or {}).get("name")),
        job_location=tuple(dict.fromkeys(_schema_places(listed.get("jobLocation") or ()))),
        job_location_type="TELECOMMUTE" if listed.get("jobLocationType") == "TELECOMMUTE" else None,
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        base_salary=pay,
        base_salary_raw=pay_raw,
        date_posted=iso(entry.get("date_published")),
        date_posted_raw=words(entry.get("date_published")),
    )


def _record(item: Element) -> dict[str, Any]:
    """Return an item's fields; those that the feed lacks are None."""
    plain = ("title", "link", "guid", "description", "pubDate", "remoteStatus")
    return {
        **{name: item.findtext(name) for name in plain},
        **{name: item.findtext(_TT + name) for name in ("department", "division", "role")},
        "locations": [
            {name: location.findtext(_TT + name) for name in ("name", "city", "country")}
            for location in item.findall(f"{_TT}locations/{_TT}location")
        ],
    }


def _identifier(record: Mapping[str, Any], link: str, otherwise: str) -> str:
    """Return the posting's number, which is in its address in both feeds and identifies it in both."""
    number = _NUMBER.search(str(record.get(link)))
    return number[1] if number else identifier_of(record, otherwise)


def _places(locations: Sequence[Mapping[str, Any]]) -> Iterator[Place]:
    for location in locations:
        name, city, country = (words(location[key]) for key in ("name", "city", "country"))
        if any_name := name or city or country:
            yield Place(name=any_name, address_locality=city, address_country=country)


def _schema_places(locations: Sequence[Mapping[str, Any]]) -> Iterator[Place]:
    for location in locations:
        # The region is left out: companies define their own, such as "WE&I".
        address = location.get("address") or {}
        city, country = (words(address.get(key)) for key in ("addressLocality", "addressCountry"))
        if name := city or country:
            yield Place(name=name, address_locality=city, address_country=country)


def _salary(stated: Any) -> tuple[Salary | None, str | None]:
    """Parse a MonetaryAmount; the unit is beside its value."""
    if not isinstance(stated, dict) or not isinstance(value := stated.get("value"), dict):
        return None, None
    low, high = (value.get(key, value.get("value")) for key in ("minValue", "maxValue"))
    currency, unit = stated.get("currency"), words(value.get("unitText"))
    pay = pay_range(low, high, currency=currency, unit_text=period_of(unit))
    return pay, f"{low}-{high} {currency} {unit or ''}".strip()
