"""Meta's careers: a sitemap that refuses whoever requests a page, and job pages with JobPosting in Meta's manner."""

from __future__ import annotations

import html
import json
import random
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.context import Context, Listing, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

_HOST = "www.metacareers.com"
_KINDS = {"full-time": "Full-time", "intern": "Internship", "either": "Full-time", "graduate": "Full-time"}


def robots(context: Context) -> Response:
    """Respond with robots.txt, which names the sitemap."""
    sitemap = f"https://{_HOST}/jobsearch/sitemap.xml"
    return text_response(f"User-agent: *\nDisallow: /*cursor=\n\nSitemap: {sitemap}\n")


def sitemap(context: Context) -> Response:
    """Respond with the sitemap to whoever asks for XML; who asks for a page as a browser does gets 400."""
    if not context.request.headers.get("Accept", "").startswith("application/xml"):
        return text_response("Bad Request", 400)
    listing = _listing(context)
    entries = "".join(
        f"<url><loc>{_address(posting)}/</loc><lastmod>{posting.wording(context.day).edited.date().isoformat()}</lastmod></url>"
        for posting in listing.page().rows
    )
    text = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>{text}', content_type="text/xml; charset=utf-8")


def job(context: Context, identifier: str) -> Response:
    """Respond with a job's page."""
    listing = _listing(context)
    posting = listing.find(identifier)
    if posting is None:
        raise NotFound
    block = json.dumps(_data(listing, posting)).replace("/", "\\/")
    # Some pages state their address and some do not.
    link = f'<link rel="canonical" href="{_address(posting)}/">' if posting.serial % 3 else ""
    title = html.escape(posting.wording(context.day).title)
    text = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{link}'
        f'<script type="application/ld+json" nonce="{context.nonce}">{block}</script></head><body></body></html>'
    )
    return Response(text, content_type='text/html; charset="utf-8"')


def _listing(context: Context) -> Listing:
    listing = context.listing(_HOST, "jobsearch")
    if listing is None:
        raise NotFound
    return listing


def _address(posting: Posting) -> str:
    return f"https://{_HOST}/profile/job_details/{posting.identifier}"


def _data(listing: Listing, posting: Posting) -> dict[str, Any]:
    """Return the posting as Meta writes it: no tags, the country once for every place, in every place."""
    wording = posting.wording(listing.day)
    cities = [CITIES[key] for key in posting.places]
    countries = [{"US": "USA"}.get(city.iso, city.iso) for city in cities]
    return {
        "@context": "http://schema.org/",
        "@type": "JobPosting",
        "title": wording.title,
        "description": listing.board.company.about,
        "responsibilities": " ".join(wording.duties),
        "qualifications": " ".join(wording.requirements),
        "datePosted": posting.published(listing.day).isoformat(),
        "validThrough": posting.published(listing.day).replace(year=2031).isoformat(),
        "employmentType": _KINDS[posting.kind],
        "hiringOrganization": {"@type": "Organization", "name": "Meta", "sameAs": "https://www.metacareers.com"},
        "jobLocation": [
            {
                "@type": "Place",
                "name": city.name,
                "address": {
                    "@type": "PostalAddress",
                    "addressLocality": city.locality,
                    "addressRegion": city.region,
                    "addressCountry": {"@type": "Country", "name": countries},
                },
            }
            for city in cities
        ],
    }


def _identifier(dice: random.Random) -> str:
    return str(10**15 + dice.getrandbits(49))


SYSTEM = System(
    name="meta",
    url=r"https://www\.metacareers\.com/(?P<token>jobsearch)",
    specimen=f"https://{_HOST}/jobsearch",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=_HOST, methods=["GET"]),
        Rule("/jobsearch/sitemap.xml", endpoint=sitemap, host=_HOST, methods=["GET"]),
        Rule("/profile/job_details/<identifier>", endpoint=job, host=_HOST, methods=["GET"]),
    ],
    total=False,
    identifier=_identifier,
)
