"""Teamtailor: a company's board as RSS in pages and as a JSON Feed, on the European and the American host."""

from __future__ import annotations

import html
import uuid
from email.utils import format_datetime
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.board import Board
from simulator.context import Context, Listing, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

PAGE = 100

_REMOTE = ("none", "hybrid", "fully", "temporary")
_ROBOTS = "User-agent: *\nDisallow: /app/\nDisallow: /messages/\nDisallow: /jobs/internal/\n"


def rss(context: Context, company: str) -> Response:
    """Respond with a page of the RSS feed; the first hundred by default."""
    listing = _listing(context)
    if listing is None:
        return _not_found()
    offset, length = (
        context.request.args.get(name, usual, type=int) for name, usual in (("offset", 0), ("per_page", PAGE))
    )
    items = "".join(_item(listing.board, row, listing.day) for row in listing.page(offset, length).rows)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:tt="https://teamtailor.com/locations">\n<channel>'
        f"{_element('title', listing.board.company.name)}{_element('description', 'Current job openings')}"
        f"{_element('link', f'{listing.board.url}/jobs')}{items}</channel>\n</rss>\n"
    )
    return Response(text, content_type="application/rss+xml; charset=utf-8")


def json_feed(context: Context, company: str) -> Response:
    """Respond with the JSON Feed of the whole board."""
    listing = _listing(context)
    if listing is None:
        return _not_found()
    board = listing.board
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": board.company.name,
        "home_page_url": f"{board.url}/jobs",
        "feed_url": f"{board.url}/jobs.json",
        "items": [_entry(board, row, listing.day) for row in listing.page().rows],
    }
    response = json_response(feed)
    response.content_type = "application/feed+json; charset=utf-8"
    return response


def page(context: Context, company: str) -> Response:
    """Respond with a page of the career site; its links stay on the host that was asked for."""
    listing = _listing(context)
    if listing is None:
        return _not_found()
    title = html.escape(listing.board.company.name)
    text = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>'
        '<link rel="alternate" type="application/rss+xml" title="Jobs" href="/jobs.rss"/>'
        '<script src="https://assets-aws.teamtailor-cdn.com/assets/packs/js/application.js"></script></head>'
        '<body><a href="https://www.teamtailor.com/">Career site by Teamtailor</a></body></html>'
    )
    return Response(text, content_type="text/html; charset=utf-8")


def robots(context: Context, company: str) -> Response:
    """Respond with robots.txt."""
    return text_response(_ROBOTS)


def _listing(context: Context) -> Listing | None:
    return context.listing(context.host, context.host.split(".")[0])


def _not_found() -> Response:
    """Respond with nothing at all, and call it JSON."""
    return Response(b"", status=404, content_type="application/json; charset=utf-8")


def _item(board: Board, posting: Posting, day: int) -> str:
    cities = [] if posting.serial % 13 == 7 else [CITIES[key] for key in posting.places]
    places = "".join(
        "<tt:location>"
        f"{_element('tt:name', city.name)}<tt:address/><tt:zip/>{_element('tt:city', city.locality)}"
        f"{_element('tt:country', city.country)}</tt:location>"
        for city in cities
    )
    fields = (
        _element("title", posting.wording(day).title),
        _element("description", _html(board, posting, day)),
        _element("pubDate", format_datetime(posting.published(day))),
        _element("link", _link(board, posting)),
        _element("remoteStatus", _REMOTE[posting.serial % 4]),
        _element("guid", _uuid(board, posting)),
        f"<tt:locations>{places}</tt:locations>" if places else "<tt:locations/>",
        _element("tt:department", posting.unit) if posting.serial % 6 else "<tt:department/>",
        _element("tt:role", posting.role),
        "<tt:division/>",
    )
    return f"\n<item>{''.join(fields)}</item>\n"


def _entry(board: Board, posting: Posting, day: int) -> dict[str, Any]:
    title, text = posting.wording(day).title, _html(board, posting, day)
    published = posting.published(day).isoformat(timespec="seconds")
    listed: dict[str, Any] = {
        "@context": "http://schema.org/",
        "@type": "JobPosting",
        "title": title,
        "description": text,
        "identifier": {"@type": "PropertyValue", "name": board.company.name, "value": int(posting.identifier)},
        "datePosted": published,
        "hiringOrganization": {"@type": "Organization", "name": board.company.name, "sameAs": board.url},
    }
    if posting.serial % 13 != 7:
        listed["jobLocation"] = [{"@type": "Place", "address": _address(key)} for key in posting.places]
    if pay := posting.pay:
        value = {"@type": "QuantitativeValue", "minValue": pay.low, "maxValue": pay.high, "unitText": pay.unit}
        listed["baseSalary"] = {"@type": "MonetaryAmount", "currency": pay.currency, "value": value}
    return {
        "id": _uuid(board, posting),
        "title": title,
        "url": _link(board, posting),
        "date_published": published,
        "content_html": text,
        "_jobposting": listed,
    }


def _address(key: str) -> dict[str, Any]:
    city = CITIES[key]
    return {
        "@type": "PostalAddress",
        "streetAddress": None,
        "addressLocality": city.locality,
        "postalCode": None,
        "addressCountry": city.iso,
        "addressRegion": None,
    }


def _link(board: Board, posting: Posting) -> str:
    """Return the posting's page: with Teamtailor, or on the company's own domain."""
    site = f"https://careers.{board.token}.example" if posting.serial % 5 == 2 else board.url
    return f"{site}/jobs/{posting.identifier}-{posting.role}"


def _uuid(board: Board, posting: Posting) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{board.url}#{posting.identifier}"))


def _html(board: Board, posting: Posting, day: int) -> str:
    wording = posting.wording(day)
    duties, requirements = (
        f"<ul>{''.join(f'<li><p>{html.escape(text)}</p></li>' for text in texts)}</ul>"
        for texts in (wording.duties, wording.requirements)
    )
    about = f"<p><span>{html.escape(board.company.about)}</span></p>"
    return f"{about}<h2>Tasks &amp; duties</h2>{duties}<h2>About you</h2>{requirements}"


def _element(name: str, text: str) -> str:
    return f"<{name}>{html.escape(text, quote=False)}</{name}>"


# The American host is matched too, its ``na`` as a part of the company.
_HOST = "<company>.teamtailor.com"

SYSTEM = System(
    name="teamtailor",
    url=r"https://(?P<token>[a-z0-9-]+)(?:\.na)?\.teamtailor\.com",
    specimen="https://specimen-{0:03}.teamtailor.com",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=_HOST, methods=["GET"]),
        Rule("/jobs", endpoint=page, host=_HOST, methods=["GET"]),
        Rule("/jobs.rss", endpoint=rss, host=_HOST, methods=["GET"]),
        Rule("/jobs.json", endpoint=json_feed, host=_HOST, methods=["GET"]),
    ],
    page=PAGE,
    total=False,
    detail=False,
    identifier=lambda dice: str(dice.randrange(1_000_000_000, 2_999_999_999)),
)
