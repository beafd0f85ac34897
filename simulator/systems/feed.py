"""Feeds of a company's jobs: the export that Google's jobs search reads, and windows in RSS, JSON Feed and JSON."""

from __future__ import annotations

import html
import random
from email.utils import format_datetime
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.context import Context, Listing, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

WINDOW = 100
"""How many of the newest a feed that is a window shows."""

_LEGAL = "Please link back to this page and name it as your source."


def export(context: Context, tenant: str) -> Response:
    """Respond with the export: every job, its texts escaped once more inside CDATA."""
    listing = _listing(context, tenant)
    host, day = context.host, context.day

    def item(posting: Posting) -> str:
        city = CITIES[posting.places[0]]
        place = ", ".join(filter(None, (city.locality, city.region, city.iso, f"{posting.serial:05}")))
        title = html.escape(f"{posting.wording(day).title} ({place})")
        employer = "Careers" if posting.serial % 5 == 4 else listing.board.company.name_en
        function = "ATS_WEBFORM" if posting.serial % 3 else posting.unit
        return (
            f"<item><title>{title}</title><description><![CDATA[{html.escape(_text(listing, posting))}]]></description>"
            f"<link>https://{host}/job/{posting.identifier}/?utm_source=g&amp;x=1</link>"
            f'<guid isPermaLink="false">{posting.identifier}</guid><g:id>{posting.identifier}</g:id>'
            f"<g:employer>{html.escape(employer)}</g:employer><g:job_function>{html.escape(function)}</g:job_function>"
            f"<g:location>{html.escape(place)}</g:location></item>"
        )

    items = "".join(map(item, listing.page().rows))
    return _xml(f'<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>{items}</channel></rss>')


def window(context: Context, tenant: str) -> Response:
    """Respond with an ordinary feed: what is newest."""
    listing = _listing(context, tenant)
    items = "".join(
        f"<item><title>{html.escape(posting.wording(context.day).title)}</title>"
        f"<description>{html.escape(_text(listing, posting))}</description>"
        f"<category>{html.escape(posting.unit)}</category>"
        f"<pubDate>{format_datetime(posting.published(context.day))}</pubDate>"
        f"<guid>https://{context.host}/job/{posting.identifier}</guid>"
        f"<link>https://{context.host}/job/{posting.identifier}</link></item>"
        for posting in listing.page(0, WINDOW).rows
    )
    return _xml(f'<rss version="2.0"><channel><title>Jobs</title><ttl>60</ttl>{items}</channel></rss>')


def json_feed(context: Context, tenant: str) -> Response:
    """Respond with a JSON Feed: what is newest."""
    listing = _listing(context, tenant)
    items = [
        {
            "id": posting.identifier,
            "url": f"https://{context.host}/job/{posting.identifier}",
            "title": posting.wording(context.day).title,
            "content_html": _text(listing, posting),
            "date_published": posting.published(context.day).isoformat(),
        }
        for posting in listing.page(0, WINDOW).rows
    ]
    return json_response({"version": "https://jsonfeed.org/version/1.1", "title": "Jobs", "items": items})


def remote_ok(context: Context, tenant: str) -> Response:
    """Respond as Remote OK does: what it asks for first, and in every text a mark that names the reader."""
    listing = _listing(context, tenant)
    mark = (
        f"<br/><br/>Please mention the word **JOY** and tag {context.nonce} when applying (#{context.nonce}). Thanks."
    )

    def record(posting: Posting) -> dict[str, Any]:
        return {
            "id": posting.identifier,
            "epoch": int(posting.published(context.day).timestamp()),
            "date": posting.published(context.day).isoformat(),
            "company": listing.board.company.name_en,
            "position": posting.wording(context.day).title,
            "tags": ["full time"] if posting.kind == "full-time" else [],
            "description": _text(listing, posting) + mark,
            "location": f"{CITIES[posting.places[0]].locality}, ",
            "salary_min": posting.pay.low if posting.pay else 0,
            "salary_max": posting.pay.high if posting.pay else 0,
            "url": f"https://{context.host}/job/{posting.identifier}",
        }

    records = map(record, listing.page(0, WINDOW).rows)
    return json_response([{"last_updated": 0, "legal": _LEGAL}, *records])


def switched_off(context: Context, tenant: str) -> Response:
    """Respond for a feed that was switched off: with the status of one that was not."""
    return text_response("Message - This feed is disabled")


def robots(context: Context, tenant: str) -> Response:
    """Respond with robots.txt."""
    return text_response("User-agent: *\nAllow: /\n")


def _listing(context: Context, tenant: str) -> Listing:
    listing = context.listing(context.host, tenant)
    if listing is None:
        raise NotFound
    return listing


def _text(listing: Listing, posting: Posting) -> str:
    wording = posting.wording(listing.day)
    lines = "".join(f"<li>{html.escape(line)}</li>" for line in (*wording.duties, *wording.requirements))
    return f"<p>{html.escape(listing.board.company.about)}</p><ul>{lines}</ul>"


def _xml(text: str) -> Response:
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', content_type="application/rss+xml; charset=utf-8"
    )


def _identifier(dice: random.Random) -> str:
    return str(1_000_000_000 + dice.getrandbits(30))


_HOST = "jobs.<tenant>.example"
_RULES = [
    Rule(path, endpoint=endpoint, host=_HOST, methods=["GET"])
    for path, endpoint in (
        ("/robots.txt", robots),
        ("/googlefeed.xml", export),
        ("/jobs.rss", window),
        ("/feed.json", json_feed),
        ("/api", remote_ok),
        ("/old.rss", switched_off),
    )
]

SYSTEM = System(
    name="feed",
    url=r"feed\+https://jobs\.(?P<token>[^/.]+)\.example/googlefeed\.xml",
    specimen="feed+https://jobs.specimen-{0:03}.example/googlefeed.xml",
    rules=_RULES,
    total=False,
    detail=False,
    identifier=_identifier,
)
