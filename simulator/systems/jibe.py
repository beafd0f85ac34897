"""Jibe (iCIMS' newer career sites): a JSON list by page number, each job wrapped as data."""

from __future__ import annotations

import html
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.context import Context, Listing, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

LONGEST_PAGE = 100
USUAL_PAGE = 10

_TYPES = {"full-time": "FULL_TIME", "intern": "INTERN", "either": "FULL_TIME", "graduate": "FULL_TIME"}


def jobs(context: Context, client: str) -> Response:
    """Respond with a page of the list, numbered from 1."""
    listing = context.listing(context.host, client)
    if listing is None:
        return json_response({"message": "Not Found"}, 404)
    limit = min(context.request.args.get("limit", USUAL_PAGE, type=int), LONGEST_PAGE)
    number = context.request.args.get("page", 1, type=int)

    def build() -> dict[str, Any]:
        page = listing.page((number - 1) * limit, limit)
        found = [{"data": _record(listing, posting)} for posting in page.rows]
        return {"jobs": found, "totalCount": page.total, "count": len(found)}

    return json_response(context.body(listing, (limit, number), build))


def robots(context: Context, client: str) -> Response:
    """Respond with robots.txt."""
    return text_response("User-agent: *\nAllow: /\n")


def _record(listing: Listing, posting: Posting) -> dict[str, Any]:
    wording = posting.wording(listing.day)
    first, *others = posting.places
    return {
        "slug": posting.identifier,
        "req_id": posting.identifier,
        "language": "en-us",
        "title": wording.title,
        "description": f"<p>{html.escape(listing.board.company.about)}</p>",
        "responsibilities": _bullets(wording.duties),
        "qualifications": _bullets(wording.requirements),
        **_place(first),
        "additional_locations": [_place(key) for key in others],
        "location_name": "Remote" if posting.serial % 6 == 5 else CITIES[first].name,
        "employment_type": "OTHER" if posting.serial % 5 == 2 else _TYPES[posting.kind],
        "hiring_organization": listing.board.company.name,
        "categories": [{"name": posting.unit}],
        "posted_date": f"{posting.published(listing.day):%Y-%m-%dT%H:%M:%S}+0000",
        "apply_url": f"https://careers-{listing.board.token}.icims.com/jobs/{posting.identifier}/login",
        "meta_data": {"canonical_url": f"{listing.board.url}/{posting.identifier}?lang=en-us"},
    }


def _bullets(sentences: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{html.escape(text)}</li>" for text in sentences) + "</ul>"


def _place(key: str) -> dict[str, str | None]:
    city = CITIES[key]
    return {"city": city.locality, "state": city.region or None, "country": city.country, "country_code": city.iso}


_HOST = "<client>.jibeapply.com"

SYSTEM = System(
    name="jibe",
    url=r"https://(?P<token>[a-z\d-]+)\.jibeapply\.com/jobs",
    specimen="https://specimen-{0:03}.jibeapply.com/jobs",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=_HOST, methods=["GET"]),
        Rule("/api/jobs", endpoint=jobs, host=_HOST, methods=["GET"]),
    ],
    page=LONGEST_PAGE,
    detail=False,
    identifier=lambda dice: str(dice.randrange(1_000, 10**9)),
)
