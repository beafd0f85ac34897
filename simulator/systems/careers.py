"""Career pages of a company's own: robots.txt, an index of sitemaps, job pages with JobPosting in every dirty form."""

from __future__ import annotations

import gzip
import html
import json
import random
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.board import Board
from simulator.context import Context, Listing, text_response
from simulator.places import CITIES
from simulator.posting import Posting, observed_at
from simulator.system import System

PER_SITEMAP = 1000
"""Pages that one sitemap names; larger sites have several."""

_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_KINDS: dict[str, Any] = {"full-time": "FULL_TIME", "intern": ["INTERN"], "either": "Full-time", "graduate": None}
_UNITS = {"HOUR": "HOUR", "DAY": "DAY", "MONTH": "MONTH", "YEAR": "YEAR"}


def robots(context: Context, **host: str) -> Response:
    """Respond with robots.txt, which names the index of sitemaps."""
    return text_response(f"User-agent: *\nDisallow: /apply/\n\nSitemap: https://{context.host}/sitemap_index.xml\n")


def index(context: Context, tenant: str) -> Response:
    """Respond with the index: the site's other pages, and packed lists of its jobs."""
    listing = _listing(context, tenant)
    count = -(-len(listing.rows) // PER_SITEMAP)
    names = ["sitemap-pages.xml", *(f"sitemap-jobs-{number}.xml.gz" for number in range(1, count + 1))]
    children = "".join(f"<sitemap><loc>https://{context.host}/{name}</loc></sitemap>" for name in names)
    return _xml(f"<sitemapindex {_NAMESPACE}>{children}</sitemapindex>".encode())


def pages(context: Context, tenant: str) -> Response:
    """Respond with the sitemap of pages that are no jobs; one of them lies among the jobs while there are any."""
    listing = _listing(context, tenant)
    paths = ["/", "/about", "/jobs", *(["/jobs/how-we-hire"] if listing.rows else [])]
    entries = "".join(f"<url><loc>https://{context.host}{path}</loc></url>" for path in paths)
    return _xml(f"<urlset {_NAMESPACE}>{entries}</urlset>".encode())


def jobs(context: Context, tenant: str, number: int) -> Response:
    """Respond with one packed sitemap of jobs, with the day of each one's last edit."""
    listing = _listing(context, tenant)
    rows = listing.page((number - 1) * PER_SITEMAP, PER_SITEMAP).rows
    entries = "".join(
        f"<url><loc>https://{context.host}{posting.identifier}</loc>"
        f"<lastmod>{posting.wording(context.day).edited.isoformat()}</lastmod></url>"
        for posting in rows
    )
    body = gzip.compress(f"<urlset {_NAMESPACE}>{entries}</urlset>".encode(), mtime=0)
    return Response(body, content_type="application/gzip")


def job(context: Context, tenant: str, slug: str) -> Response:
    """Respond with a job's page, or the one page among them that is no job's."""
    listing = _listing(context, tenant)
    if slug == "how-we-hire":
        return _page("How we hire", "<p>We read every letter.</p>")
    posting = listing.find(f"/jobs/{slug}")
    if posting is None:
        raise NotFound
    return _job_page(listing.board, posting, context.day)


def page(context: Context, tenant: str) -> Response:
    """Respond with a page that is no job's."""
    listing = _listing(context, tenant)
    links = "".join(f'<li><a href="{row.identifier}">{_title(row, context.day)}</a></li>' for row in listing.rows[:50])
    return _page(f"{listing.board.company.name_en}", f"<ul>{links}</ul>")


def _listing(context: Context, tenant: str) -> Listing:
    listing = context.listing(context.host, tenant)
    if listing is None:
        raise NotFound
    return listing


def _xml(body: bytes) -> Response:
    return Response(b'<?xml version="1.0" encoding="UTF-8"?>\n' + body, content_type="application/xml")


def _title(posting: Posting, day: int) -> str:
    return html.escape(posting.wording(day).title)


def _page(title: str, body: str, head: str = "") -> Response:
    text = (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{html.escape(title)}</title>{head}</head>'
        f"<body><nav><a href='/jobs'>Jobs</a></nav>{body}</body></html>"
    )
    return Response(text, content_type="text/html; charset=utf-8")


def job_data(board: Board, posting: Posting, day: int, address: str) -> dict[str, Any]:
    """Return a posting as schema.org's JobPosting, its oddities dealt out by its number."""
    wording, odd = posting.wording(day), posting.serial
    lists = "".join(f"<li>{html.escape(text)}</li>" for text in (*wording.duties, *wording.requirements))
    about = html.escape(board.company.about)
    description = f"<p>{about}</p><p>We are looking for a {html.escape(wording.title)}.</p><ul>{lists}</ul>"
    cities = [CITIES[key] for key in posting.places]
    employer = board.company.name_en
    data: dict[str, Any] = {
        "@context": ("https://schema.org/", "http://schema.org")[odd % 2],
        "@type": "JobPosting",
        "title": wording.title,
        "description": html.escape(description) if odd % 4 == 1 else description,
        "datePosted": _date(posting, day),
        "validThrough": observed_at(day + 3650).date().isoformat() if odd % 5 == 2 else None,
        "employmentType": _KINDS[posting.kind],
        "hiringOrganization": employer if odd % 6 == 5 else {"name": employer, "logo": "//cdn"},
        "identifier": (str(odd), {"@type": "PropertyValue", "name": "requisition", "value": odd})[odd % 2],
        "jobLocation": [
            {
                "@type": "Place",
                "address": {
                    "@type": "PostalAddress",
                    "streetAddress": "UNAVAILABLE",
                    "addressLocality": city.locality,
                    "addressRegion": city.region,
                    "addressCountry": {"@type": "Country", "name": [city.iso] * 2} if odd % 7 == 3 else city.iso,
                },
            }
            for city in cities
        ],
        "baseSalary": {"@type": "MonetaryAmount", "currency": "", "value": {"unitText": ""}},
        "directApply": "False",
        "url": address,
    }
    if pay := posting.pay:
        value = {"minValue": str(pay.low), "maxValue": pay.high, "unitText": _UNITS[pay.unit]}
        data["baseSalary"] = {"@type": "MonetaryAmount", "currency": pay.currency, "value": value}
    return data


def _date(posting: Posting, day: int) -> str:
    published = posting.published(day)
    match posting.serial % 3:
        case 0:
            return published.isoformat(timespec="milliseconds")
        case 1:
            return f"{published.year}-{published.month}-{published.day}"
        case _:
            return published.date().isoformat()


def _job_page(board: Board, posting: Posting, day: int) -> Response:
    address = f"https://{board.host}{posting.identifier}"
    data = job_data(board, posting, day, address)
    canonical = f'<link rel="canonical" href="{address}?utm_source=careers">'
    title = posting.wording(day).title
    if posting.serial % 8 == 7:
        return _page(title, _microdata(data, posting, day), canonical)
    scripts = [json.dumps({"@type": "BreadcrumbList", "itemListElement": []}), "", _script(data, posting.serial % 8)]
    blocks = "".join(f"<script nonce='x' type='application/ld+json'>{script}</script>" for script in scripts)
    return _page(title, f"<h1>{html.escape(title)}</h1>", canonical + blocks)


def _script(data: dict[str, Any], form: int) -> str:
    text = json.dumps(data, ensure_ascii=form % 2 == 0).replace("</", "<\\/")
    match form:
        case 1:
            return json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, data]})
        case 2:
            return f"[{text}]"
        case 3:
            return f"//<![CDATA[\n{text}\n//]]>"
        case 4:
            return html.escape(text)
        case 5:
            return text.replace("</p>", "</p>\n").replace("<\\/p>", "<\\/p>\n")
        case 6:
            return text.replace(', "employmentType"', ' "employmentType"')
    return text


def _microdata(data: dict[str, Any], posting: Posting, day: int) -> str:
    """Return the job as SuccessFactors marks it up: its date as Java prints it, its place as a street."""
    street = ", ".join(filter(None, (CITIES[posting.places[0]].locality, CITIES[posting.places[0]].iso)))
    date = posting.published(day).strftime("%a %b %d 00:00:00 UTC %Y")
    return (
        '<div itemscope="itemscope" itemtype="http://schema.org/JobPosting">'
        f'<h1><span itemprop="title">{html.escape(data["title"])}</span></h1>'
        f'<meta itemprop="datePosted" content="{date}">'
        '<span itemprop="jobLocation" itemscope itemtype="http://schema.org/Place"><span itemprop="address" itemscope '
        f'itemtype="http://schema.org/PostalAddress"><meta itemprop="streetAddress" content="{street}"></span></span>'
        f'<span itemprop="description"><span class="jobdescription">{data["description"]}</span></span>'
        "</div>"
    )


def _identifier(dice: random.Random) -> str:
    return f"/jobs/{dice.getrandbits(48):012x}"


_HOST = "careers.<tenant>.example"
_RULES = [
    Rule(path, endpoint=endpoint, host=_HOST, methods=["GET"])
    for path, endpoint in (
        ("/robots.txt", robots),
        ("/sitemap_index.xml", index),
        ("/sitemap-pages.xml", pages),
        ("/sitemap-jobs-<int:number>.xml.gz", jobs),
        ("/jobs/<slug>", job),
        ("/jobs", page),
        ("/about", page),
        ("/", page),
    )
]

SYSTEM = System(
    name="careers",
    url=r"careers\+https://careers\.(?P<token>[^/.]+)\.example/jobs",
    specimen="careers+https://careers.specimen-{0:03}.example/jobs",
    rules=_RULES,
    total=False,
    identifier=_identifier,
)
