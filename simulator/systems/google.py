"""Google's careers: a sitemap that names an old host, and pages whose data are positional arrays in a script."""

from __future__ import annotations

import html
import json
import random
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.routing import Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from simulator.context import Context, Listing, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

PER_PAGE = 20

_HOST = "www.google.com"
_SITE = "/about/careers/applications"
_ROBOTS = f"""User-agent: *
Disallow: /search
Disallow: {_SITE}/candidate-prep
Disallow: {_SITE}/jobs/results?page=
Disallow: {_SITE}/jobs/results/?page=
Disallow: {_SITE}/jobs/results?*&page=
Disallow: {_SITE}/jobs/results/?*&page=

User-agent: Yandex
Disallow: {_SITE}/jobs/results
"""


def robots(context: Context) -> Response:
    """Respond with robots.txt: what one may not ask for is the paged list."""
    return text_response(_ROBOTS)


def sitemap(context: Context) -> Response:
    """Respond with the sitemap of jobs: their old host, one twice now and then, and a page that is no job's."""
    listing = _listing(context)
    entries = []
    for posting in listing.page().rows:
        address = f"https://careers.google.com/jobs/results/{posting.identifier}-{_slug(posting, context.day)}/"
        changed = posting.wording(context.day).edited.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        entries += [f"<url><loc>{address}</loc><lastmod>{changed}</lastmod></url>"] * (1 + (posting.serial % 50 == 7))
    entries.append("<url><loc>https://careers.google.com/locations/austin/</loc></url>" if entries else "")
    text = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(entries)}</urlset>'
    return Response(f'<?xml version="1.0" encoding="UTF-8" standalone="no"?>{text}', content_type="application/xml")


def job(context: Context, slug: str) -> Response:
    """Respond with a job's page: the job in the first place, others like it in the second."""
    listing = _listing(context)
    posting = listing.find(slug.partition("-")[0])
    if posting is None:
        raise NotFound
    like_it = [_job(listing, one) for one in listing.rows[:2]]
    return _page(_callback("ds:0", 1, [_job(listing, posting)]), _callback("ds:1", 2, [like_it, None, 2, PER_PAGE]))


def jobs(context: Context) -> Response:
    """Respond with a page of the list: the companies in the first place, the jobs in the second."""
    listing = _listing(context)
    page = listing.page((context.request.args.get("page", 1, type=int) - 1) * PER_PAGE, PER_PAGE)
    rows = [_job(listing, posting) for posting in page.rows]
    companies = [[["projects/x/companies/1", listing.board.company.name_en, "specimen"]]]
    return _page(_callback("ds:0", 1, companies), _callback("ds:1", 2, [rows, None, page.total, PER_PAGE]))


def moved(context: Context, slug: str) -> Response:
    """Send from the old host to the new one."""
    return redirect(f"https://{_HOST}{_SITE}/jobs/results/{slug}/", 301)


def _listing(context: Context) -> Listing:
    listing = context.listing(_HOST, "applications")
    if listing is None:
        raise NotFound
    return listing


def _slug(posting: Posting, day: int) -> str:
    return "".join(c if c.isalnum() else "-" for c in posting.wording(day).title.partition(",")[0].lower())


def _job(listing: Listing, posting: Posting) -> list[Any]:
    wording, board = posting.wording(listing.day), listing.board
    seconds = int(posting.published(listing.day).timestamp())
    edited = max(seconds, int(wording.edited.timestamp()))
    places = [CITIES[key] for key in posting.places]
    row: list[Any] = [
        posting.identifier,
        wording.title,
        f"https://{_HOST}{_SITE}/signin?jobId=x{posting.serial}&title=x",
        [None, _list(wording.duties)],
        [None, f"<h3>Minimum qualifications:</h3>{_list(wording.requirements)}"],
        "projects/x/companies/1",
        None,
        board.company.name_en,
        "en-US",
        [
            [city.name, [f"1 Main Street, {city.name}"], city.locality, None, city.region or None, city.iso]
            for city in places
        ],
        [None, f"<p>{html.escape(board.company.about)}</p>"],
        [2, 3],
        [seconds, 239000000],
        [edited, 239000000],
        [edited, 287000000],
    ]
    # What stands behind the stamps is left out of some rows.
    return row if posting.serial % 9 == 4 else [*row, [None, ""], None, None, [None, ""], [None, ""], 2]


def _list(sentences: tuple[str, ...]) -> str:
    return "<ul>\n" + "\n".join(f"<li>{html.escape(text)}</li>" for text in sentences) + "</ul>"


def _callback(key: str, number: int, data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("=", "\\u003d").replace("<", "\\u003c")
    return f"<script>AF_initDataCallback({{key: '{key}', hash: '{number}', data:{text}, sideChannel: {{}}}});</script>"


def _page(*scripts: str) -> Response:
    text = (
        f"<!doctype html><html><head><base href='https://{_HOST}{_SITE}/'></head><body>{''.join(scripts)}</body></html>"
    )
    return Response(text, content_type="text/html; charset=utf-8")


def _identifier(dice: random.Random) -> str:
    return str(70_000_000_000_000_000 + dice.getrandbits(56))


SYSTEM = System(
    name="google",
    url=r"https://www\.google\.com/about/careers/(?P<token>applications)/jobs/results",
    specimen=f"https://{_HOST}{_SITE}/jobs/results",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=_HOST, methods=["GET"]),
        Rule(f"{_SITE}/jobs/sitemap.xml", endpoint=sitemap, host=_HOST, methods=["GET"]),
        Rule(f"{_SITE}/jobs/results/<slug>", endpoint=job, host=_HOST, methods=["GET"]),
        Rule(f"{_SITE}/jobs/results", endpoint=jobs, host=_HOST, methods=["GET"]),
        Rule("/jobs/results/<slug>", endpoint=moved, host="careers.google.com", methods=["GET"]),
    ],
    total=False,
    identifier=_identifier,
)
