"""SAP SuccessFactors: a career site's search as a table, as tiles, or by a service a language; pages with microdata."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from werkzeug.routing import Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from simulator.context import Context, Listing, Page, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

CLASSIC_PAGE = 25
TILES_PAGE = 15
UNIFIED_PAGE = 10
LOCALES = ("de_DE", "en_US")

_SHIFTS = {"full-time": "Regular Full Time", "intern": "Intern", "either": "Regular Full Time"}
_HEAD = '<script src="/platform/js/j2w/j2w.core.js"></script><link href="//rmkcdn.successfactors.com/1.css"/>'
_HTML = "text/html; charset=utf-8"


def search(context: Context, company: str) -> Response:
    """Respond with the search page: with its results, or with none where they are fetched from the service."""
    listing = context.listing(context.host, company)
    if listing is None:
        return Response("<!doctype html><title>Not Found</title>", status=404, content_type=_HTML)
    if kind_of(company) == "unified":
        links = "".join(f'<a href="https://{context.host}/search/?locale={locale}">{locale}</a>' for locale in LOCALES)
        return _page(f'<div id="app"></div>{links}')
    if kind_of(company) == "tiles":
        found = listing.page(0, TILES_PAGE)  # the further ones have an address of their own
        config = f'apiEndpoint: "tile-search-results", jobRecordsFound: parseInt("{found.total}")'
        script = f"<script>j2w.SearchResults.init({{{config}}});</script>"
        return _page(f'<ul id="job-tile-list">{_tiles(found, listing)}</ul>{script}')
    found = listing.page(_startrow(context), CLASSIC_PAGE)
    return _page(_table(found, _startrow(context), listing) if found.total else _no_results())


def tiles(context: Context, company: str) -> Response:
    """Respond with a stretch of the tiles; a site without them shows an empty page."""
    listing = context.listing(context.host, company)
    if listing is None or kind_of(company) != "tiles":
        return Response("<!DOCTYPE html>\n", content_type=_HTML)
    return Response(_tiles(listing.page(_startrow(context), TILES_PAGE), listing), content_type=_HTML)


def jobs(context: Context, company: str) -> Response:
    """Respond with the service's list of one language; a posting is on the lists of the languages that it supports."""
    listing = context.listing(context.host, company)
    if listing is None or kind_of(company) != "unified":
        return Response("", status=401)
    query = context.request.get_json(force=True)
    locale, page = query.get("locale"), int(query.get("pageNumber", 0))
    found = listing.page(page * UNIFIED_PAGE, UNIFIED_PAGE, lambda posting: locale in _locales(posting), str(locale))
    results = [{"response": _record(posting, listing.day)} for posting in found.rows]
    return json_response({"jobSearchResult": results, "totalJobs": found.total})


def job(context: Context, company: str, slug: str, identifier: str) -> Response:
    """Respond with a posting's page, whatever its address calls it; one that is not there is sent to the error page."""
    listing = context.listing(context.host, company)
    found = listing.find(re.sub(r"-[a-z]{2}_[A-Z]{2}$", "", identifier)) if listing else None
    if not listing or not found:
        return redirect(f"https://{context.host}/errorpage/?errortype=Exception")
    wording, board = found.wording(listing.day), listing.board
    posted = found.published(listing.day) if found.spell(listing.day) else found.created()
    items = "".join(f"<li>{html.escape(text)}</li>" for text in (*wording.duties, *wording.requirements))
    shift = "" if found.serial % 5 == 2 else _field("shifttype", _SHIFTS.get(found.kind, "Regular Full Time"))
    return _page(
        f'<link rel="canonical" href="https://{context.host}{_path(found, listing.day)}"/>'
        '<div itemscope="itemscope" itemtype="http://schema.org/JobPosting">'
        '<span itemprop="jobLocation" itemscope itemtype="http://schema.org/Place">'
        '<span itemprop="address" itemscope itemtype="http://schema.org/PostalAddress">'
        f'<meta itemprop="streetAddress" content="{html.escape(_place(found))}"></span></span>'
        f'<meta itemprop="datePosted" content="{_java(posted)}">'
        f'<meta itemprop="hiringOrganization" content="{html.escape(board.company.name)}">'
        f"{_field('department', found.unit)}"
        f'<h1><span itemprop="title" data-careersite-propertyid="title">{html.escape(wording.title)}\n</span></h1>'
        f'<span itemprop="description"><span class="jobdescription"><ul>{items}</ul></span></span>'
        f"{shift}{_field('department', found.unit)}"
        f'<a href="/talentcommunity/apply/{found.identifier}/?locale=en_US">Apply now</a></div>'
    )


def robots(context: Context, company: str) -> Response:
    """Respond with robots.txt."""
    return text_response("User-agent: *\nDisallow: /services/rss/\n")


def kind_of(company: str) -> str:
    """Return which of the three shapes a company's site has, by the last digit of its name."""
    return ("unified", "classic", "tiles")[int(company[-1]) % 3]


def _startrow(context: Context) -> int:
    return context.request.args.get("startrow", 0, type=int)


def _page(body: str) -> Response:
    text = f'<!DOCTYPE html>\n<html lang="en-US"><head>{_HEAD}</head><body>{body}</body></html>'
    return Response(text, content_type=_HTML)


def _table(found: Page, start: int, listing: Listing) -> str:
    rows = "".join(_row(posting, listing.day) for posting in found.rows)
    label = f"Results <b>{start + 1} – {start + len(found.rows)}</b> of <b>{found.total:,}</b>"
    return (
        f'<span class="paginationLabel">{label}</span><table id="searchresults"><thead><tr><th>'
        '<a class="jobTitle sort" href="/search/?q=&amp;sortColumn=sort_title#hdrTitleButton">Title</a>'
        f"</th></tr></thead>{rows}</table>"
    )


def _row(posting: Posting, day: int) -> str:
    title, path = html.escape(posting.wording(day).title), _path(posting, day)
    place = f'<span class="jobLocation">\n {html.escape(_place(posting))}\n </span>'
    link = f'<a href="{path}" class="jobTitle-link">{title}</a>'
    return (
        f'<tr class="data-row"><td class="colTitle"><span class="jobTitle hidden-phone">{link}</span>'
        f'<div class="jobdetail-phone visible-phone"><span class="jobTitle visible-phone">{link}</span>'
        f'<span class="jobLocation visible-phone">{place}</span></div></td>'
        f'<td class="colLocation hidden-phone">{place}</td></tr>'
    )


def _no_results() -> str:
    return (
        '<div id="noresults" class="alert"><label>There are currently no open positions matching "".</label></div>'
        '<div id="noresults-message">The 0 most recent jobs are listed below for your convenience.</div>'
    )


def _tiles(found: Page, listing: Listing) -> str:
    return "".join(_tile(posting, listing.day) for posting in found.rows)


def _tile(posting: Posting, day: int) -> str:
    title, path = html.escape(posting.wording(day).title), _path(posting, day)
    return (
        f'<li class="job-tile job-id-{posting.identifier}" data-url="{path}">'
        f'<a class="jobTitle-link" href="{path}">{title}</a>'
        f'<div id="job-{posting.identifier}-desktop-section-location"><span>Location</span>'
        f"<div>{html.escape(_place(posting))}</div></div></li>"
    )


def _record(posting: Posting, day: int) -> dict[str, Any]:
    title = posting.wording(day).title
    return {
        "id": int(posting.identifier),
        "unifiedStandardTitle": title,
        "unifiedUrlTitle": _slug(title),
        "jobLocationShort": [f"{_place(posting)}<br/>"],
        "unifiedStandardStart": "6/18/26",
        "supportedLocales": list(_locales(posting)),
    }


def _locales(posting: Posting) -> Sequence[str]:
    return (LOCALES[:1], LOCALES[1:], LOCALES)[posting.serial % 3]


def _path(posting: Posting, day: int) -> str:
    return f"/job/{_slug(posting.wording(day).title)}/{posting.identifier}/"


def _slug(title: str) -> str:
    return re.sub(r"\W+", "-", title, flags=re.ASCII).strip("-") or "job"


def _place(posting: Posting) -> str:
    """Return the first place, as ``Seattle, WA, US, 98004``: such a site names one."""
    city = CITIES[posting.places[0]]
    return f"{city.locality}, {city.region or city.locality}, {city.iso}, {10_000 + posting.serial}"


def _field(name: str, value: str) -> str:
    return f'<span data-careersite-propertyid="{name}" class="rtltextaligneligible">{html.escape(value)}\n</span>'


def _java(moment: datetime) -> str:
    return moment.strftime("%a %b %d 00:00:00 UTC %Y")


_HOST = "<company>.jobs.hr.cloud.sap"

SYSTEM = System(
    name="successfactors",
    url=r"https://(?P<token>[a-z\d-]+)\.jobs\.hr\.cloud\.sap/search/\?q=&locationsearch=",
    specimen="https://specimen-{0:03}.jobs.hr.cloud.sap/search/?q=&locationsearch=",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=_HOST, methods=["GET"]),
        Rule("/search/", endpoint=search, host=_HOST, methods=["GET"]),
        Rule("/tile-search-results/", endpoint=tiles, host=_HOST, methods=["GET"]),
        Rule("/services/recruiting/v1/jobs", endpoint=jobs, host=_HOST, methods=["POST"]),
        Rule("/job/<slug>/<identifier>/", endpoint=job, host=_HOST, methods=["GET"]),
    ],
    page=CLASSIC_PAGE,
    identifier=lambda dice: str(dice.randrange(10**9, 2 * 10**9)),
)
