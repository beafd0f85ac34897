"""iCIMS: numbered HTML pages of cards, a job's page with JSON-LD, 410 for a job that is gone."""

from __future__ import annotations

import html
import json
import re

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.context import Context, Listing, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

PAGE = 20

_TYPES = {"full-time": "Full-Time", "intern": "Intern", "either": "Full-Time", "graduate": "Full-Time"}
_SCHEMA_TYPES = {"full-time": "FULL_TIME", "intern": "OTHER", "either": "FULL_TIME", "graduate": "FULL_TIME"}
_HTML = "text/html; charset=utf-8"
_NONE = "Sorry, no jobs were found that match your search criteria. Please try other selections."


def search(context: Context, portal: str) -> Response:
    """Respond with a page of the list; beyond the last it is the last again."""
    listing = context.listing(context.host, portal)
    if listing is None:
        return _not_found(context.host)
    if "in_iframe" not in context.request.args:
        return Response(f'<html><iframe src="{context.request.path}?in_iframe=1"></iframe></html>', content_type=_HTML)
    pages = max(1, -(-len(listing.rows) // PAGE))
    number = min(context.request.args.get("pr", 0, type=int), pages - 1)
    return _listing(context, listing, number, pages)


def job(context: Context, portal: str, identifier: str, slug: str = "") -> Response:
    """Respond with a job's page, whatever its address calls it; of one that is gone the list, with status 410."""
    listing = context.listing(context.host, portal)
    if listing is None:
        return _not_found(context.host)
    found = listing.find(identifier)
    if found is None:
        gone = _listing(context, listing, 0, 1, heading="Error: The requested job could not be found.")
        gone.status_code = 410
        return gone
    wording = found.wording(listing.day)
    posted = found.published(listing.day) if found.spell(listing.day) else found.created()
    items = "".join(f"<li>{html.escape(text)}</li>" for text in (*wording.duties, *wording.requirements))
    ld = {
        "validThrough": f"{posted.year + 2}{posted:-%m-%dT%H:%M:%S}.000Z",
        "employmentType": _SCHEMA_TYPES[found.kind],
        "@type": "JobPosting",
        "description": f"<h2>Overview</h2>\n<p>{html.escape(listing.board.company.about)}</p><ul>{items}</ul>",
        "directApply": True,
        "title": wording.title,
        "@context": "http://schema.org",
        "url": _address(listing, found),
        "hiringOrganization": {"@type": "Organization", "name": listing.board.company.name},
        "jobLocation": [_ld_place(key, found.serial) for key in found.places],
        "datePosted": f"{posted:%Y-%m-%dT%H:%M:%S}.000Z",
        "occupationalCategory": found.unit,
    }
    if pay := found.pay:
        unit = "/Hr." if pay.unit == "HOUR" else "/Yr."
        ld["salaryCurrency"] = f"{pay.currency} ${pay.low:,}.00 - {pay.currency} ${pay.high:,}.00 {unit}"
    escaped = json.dumps(ld).replace("</", "<\\/")
    script = f'<script nonce="{context.nonce}" type="application/ld+json">{escaped}</script>'
    title = f'<h1 class="iCIMS_Header">\n{html.escape(wording.title)}</h1>'
    return Response(f"<html><body>{title}{_header(found)}{script}</body></html>", content_type=_HTML)


def robots(context: Context, portal: str) -> Response:
    """Respond with robots.txt."""
    return text_response("User-agent: *\nDisallow: /jobs/login\n")


def _not_found(host: str) -> Response:
    text = (
        f"<!doctype html><html><head><title>gone: {host} : dc1</title></head><body><p>Site Not Found</p></body></html>"
    )
    return Response(text, status=404, content_type=_HTML)


def _listing(context: Context, listing: Listing, number: int, pages: int, heading: str = "Job Listings") -> Response:
    page = listing.page(number * PAGE, PAGE)
    if listing.rows:
        cards = "".join(_card(listing, posting, context.nonce) for posting in page.rows)
        title = (
            f'<h2 class="iCIMS_SubHeader iCIMS_SubHeader_Jobs">\nSearch Results\nPage {number + 1} of {pages} \n</h2>'
        )
        links = "".join(f'<a href="{listing.board.url}?pr={n}&amp;in_iframe=1">{n + 1}</a>' for n in range(pages))
        body = f'{title}<ul class="iCIMS_JobsTable">{cards}</ul><div class="iCIMS_Paging">{links}</div>'
    else:
        body = f'<div class="iCIMS_Message iCIMS_ErrorMessage iCIMS_GenericMessage">\n{_NONE}\n</div>'
    form = '<p class="iCIMS_SubHeader iCIMS_SubHeader_Jobs">Use this form to perform another job search</p>'
    return Response(
        f'<html><head><title>Job Listings</title></head><body><div class="iCIMS_MainWrapper iCIMS_ListingsPage">'
        f'<h1 class="iCIMS_Header">{heading}</h1>{form}{body}</div></body></html>',
        content_type=_HTML,
    )


def _card(listing: Listing, posting: Posting, mark: str) -> str:
    title = html.escape(posting.wording(listing.day).title)
    places = " | ".join(_place(key) for key in posting.places)
    # The second half of the address is a mark of the visit.
    address = f"{_address(listing, posting)}?in_iframe=1&amp;hashed=-{int(mark[:6], 16)}"
    return (
        '<li class="iCIMS_JobCardItem"><div class="row">'
        f'<div class="header left"><span class="sr-only field-label">Job Locations</span><span >\n{places}</span></div>'
        '<div class="header right"><span class="sr-only field-label">ID</span>'
        f"<span >\n2026-{posting.serial}</span></div>"
        f'<div class="title"><a href="{address}" class="iCIMS_Anchor" title="{posting.identifier} - {title}">'
        f'<span class="sr-only field-label">Title</span><h3 >\n{title}</h3></a></div>'
        f'<div class="description">\nA teaser &ndash; not the text.</div>{_header(posting)}</div></li>'
    )


def _header(posting: Posting) -> str:
    fields = {"Category": posting.unit, "Position Type": _TYPES[posting.kind]}
    fields["Remote"] = "Yes" if posting.serial % 4 == 3 else "No"
    return (
        '<dl class="iCIMS_JobHeaderGroup">'
        + "".join(
            f'<div class="iCIMS_JobHeaderTag"><dt class="iCIMS_JobHeaderField">{name}</dt>'
            f'<dd class="iCIMS_JobHeaderData"><span >\n{html.escape(value)}</span>\n</dd></div>'
            for name, value in fields.items()
        )
        + "</dl>"
    )


def _address(listing: Listing, posting: Posting) -> str:
    slug = re.sub(r"\W+", "-", posting.wording(listing.day).title.lower(), flags=re.ASCII).strip("-") or "job"
    return f"https://{listing.board.host}/jobs/{posting.identifier}/{slug}/job"


def _place(key: str) -> str:
    city = CITIES[key]
    return f"{city.iso}-{(city.region or city.locality)[:2].upper()}-{city.locality}"


def _ld_place(key: str, serial: int) -> dict[str, object]:
    city = CITIES[key]
    address = {
        "addressCountry": city.iso,
        "streetAddress": "UNAVAILABLE",
        "@type": "PostalAddress",
        "postalCode": "UNAVAILABLE",
        "addressLocality": city.locality,
        "addressRegion": "UNAVAILABLE" if serial % 6 == 1 else city.region,
    }
    return {"address": address, "@type": "Place"}


_HOST = "<portal>.icims.com"

SYSTEM = System(
    name="icims",
    url=r"https://(?P<token>[a-z\d-]+)\.icims\.com/jobs/search",
    specimen="https://careers-specimen-{0:03}.icims.com/jobs/search",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=_HOST, methods=["GET"]),
        Rule("/jobs/search", endpoint=search, host=_HOST, methods=["GET"]),
        Rule("/jobs/<identifier>/job", endpoint=job, host=_HOST, methods=["GET"]),
        Rule("/jobs/<identifier>/<slug>/job", endpoint=job, host=_HOST, methods=["GET"]),
    ],
    page=PAGE,
    total=False,
    identifier=lambda dice: str(dice.randrange(1_000, 10**9)),
)
