"""Workable: the widget with a row a place, and the site's own API: ten a page by token, a detail a posting.

An account whose name ends in ``-throttled`` is refused by the site's own API for hours, and not by the widget.
"""

from __future__ import annotations

import base64
import html
import json
import random
import uuid
from typing import Any

from werkzeug.routing import Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from simulator.context import Context, Listing, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

HOST = "apply.workable.com"
PAGE = 10
HOURS = 4 * 3600

_KEYS = {"query", "location", "department", "remote", "workplace", "worktype", "token"}
_KINDS = {"full-time": ("Full-time", "full"), "either": ("Contract", "contract"), "intern": ("Temporary", "temporary")}


def widget(context: Context, account: str) -> Response:
    """Respond with the whole board, a posting that is open in several places once for each."""
    listing = context.listing(HOST, account)
    if listing is None:
        return text_response("Not Found", 404)
    details = context.request.args.get("details") == "true"

    def build() -> dict[str, Any]:
        rows = [
            _widget_row(listing, posting, place, details=details)
            for posting in listing.page().rows
            for place in posting.places
        ]
        name, about = listing.board.company.name, listing.board.company.about
        return {"name": name, "description": f"<p>{html.escape(about)}</p>", "jobs": rows}

    return json_response(context.body(listing, ("widget", details), build))


def documented(context: Context, account: str) -> Response:
    """Send the documented address to the widget's."""
    query = context.request.query_string.decode()
    return redirect(f"https://{HOST}/api/v1/widget/accounts/{account}?{query}")


def jobs(context: Context, account: str) -> Response:
    """Respond with a page of the site's own list."""
    if busy := _throttled(account):
        return busy
    listing = context.listing(HOST, account)
    if listing is None:
        return text_response("Not Found", 404)
    wanted = json.loads(context.request.get_data() or b"{}")
    if unknown := set(wanted) - _KEYS:
        return json_response(dict.fromkeys(sorted(unknown), "Not allowed"), 400)
    offset = _after(listing, wanted["token"]) if wanted.get("token") else 0
    query = str(wanted.get("query") or "").lower()
    page = listing.page(offset, PAGE, lambda posting: query in posting.wording(listing.day).title.lower())
    response: dict[str, Any] = {"total": page.total, "results": [_summary(listing, row) for row in page.rows]}
    if offset + PAGE < page.total:
        last = page.rows[-1]
        mark = [int(last.published(listing.day).timestamp() * 1000), _number(last)]
        response["nextPage"] = base64.b64encode(json.dumps(mark, separators=(",", ":")).encode()).decode()
    return json_response(response)


def job(context: Context, account: str, shortcode: str) -> Response:
    """Respond with one posting."""
    if busy := _throttled(account):
        return busy
    listing = context.listing(HOST, account)
    if listing is None:
        return text_response("Not Found", 404)
    posting = listing.find(shortcode)
    if posting is None:
        return text_response("Job not found", 404)
    wording = posting.wording(listing.day)
    texts = {
        "description": f"<p>{html.escape(listing.board.company.about)}</p>{_list(wording.duties)}",
        "requirements": _list(wording.requirements),
        "benefits": "",
    }
    return json_response({**_summary(listing, posting), **texts})


def robots(context: Context) -> Response:
    """Respond with robots.txt."""
    return text_response("User-agent: *\nContent-Signal: search=yes, ai-input=yes, ai-train=no\nDisallow:\n")


def _throttled(account: str) -> Response | None:
    if not account.endswith("-throttled"):
        return None
    response = text_response("Too Many Requests", 429)
    response.headers["Retry-After"] = str(HOURS)
    return response


def _after(listing: Listing, token: str) -> int:
    _, number = json.loads(base64.b64decode(token))
    return next((place for place, row in enumerate(listing.rows, start=1) if _number(row) == number), len(listing.rows))


def _widget_row(listing: Listing, posting: Posting, place: str, *, details: bool) -> dict[str, Any]:
    wording, city = posting.wording(listing.day), CITIES[place]
    address = f"https://{HOST}/j/{posting.identifier}"
    hidden = _hidden(posting)
    row: dict[str, Any] = {
        "title": wording.title,
        "shortcode": posting.identifier,
        "code": "",
        "employment_type": "" if posting.serial % 9 == 4 else _KINDS[posting.kind][0],
        "telecommuting": posting.serial % 6 == 2,
        "department": posting.unit,
        "url": address,
        "shortlink": address,
        "application_url": f"{address}/apply",
        "published_on": posting.published(listing.day).date().isoformat(),
        "created_at": posting.created().date().isoformat(),
        "country": city.country,
        "city": "" if hidden else city.locality,
        "state": city.region,
        "education": "",
        "experience": "Mid-Senior level",
        "function": "Engineering",
        "industry": "",
        "locations": [_location(place, hidden=hidden)],
    }
    if details:
        about = html.escape(listing.board.company.about)
        row["description"] = f"<p>{about}</p>{_list(wording.duties)}{_list(wording.requirements)}"
    return row


def _summary(listing: Listing, posting: Posting) -> dict[str, Any]:
    hidden = _hidden(posting)
    first, *_ = locations = [_location(place, hidden=hidden) for place in posting.places]
    summary: dict[str, Any] = {
        "id": _number(posting),
        "shortcode": posting.identifier,
        "title": posting.wording(listing.day).title,
        "remote": posting.serial % 6 == 2,
        "location": {key: value for key, value in first.items() if key != "hidden"},
        "locations": locations,
        "state": "published",
        "isInternal": False,
        "code": None,
        "published": f"{posting.published(listing.day).date().isoformat()}T00:00:00.000Z",
        "language": "en",
        "department": [posting.unit],
        "approvalStatus": "approved",
        "workplace": "remote" if posting.serial % 6 == 2 else "on_site",
    }
    if posting.serial % 9 != 4:
        summary["type"] = _KINDS[posting.kind][1]
    return summary


def _location(place: str, *, hidden: bool) -> dict[str, Any]:
    city = CITIES[place]
    named = {"country": city.country, "countryCode": city.iso, "city": city.locality, "region": city.region or None}
    return {**named, "hidden": hidden}


def _hidden(posting: Posting) -> bool:
    """Return whether the employer hides the city."""
    return posting.serial % 8 == 1


def _list(sentences: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{html.escape(text)}</li>" for text in sentences) + "</ul>"


def _number(posting: Posting) -> int:
    return uuid.uuid5(uuid.NAMESPACE_URL, posting.identifier).int % 10**9


def _shortcode(dice: random.Random) -> str:
    return f"{dice.getrandbits(40):010X}"


SYSTEM = System(
    name="workable",
    url=r"https://apply\.workable\.com/(?P<token>[^/]+)",
    specimen=f"https://{HOST}/specimen-{{0:03}}",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=HOST, methods=["GET"]),
        Rule("/api/v1/widget/accounts/<account>", endpoint=widget, host=HOST, methods=["GET"]),
        Rule("/api/accounts/<account>", endpoint=documented, host="www.workable.com", methods=["GET"]),
        Rule("/api/v3/accounts/<account>/jobs", endpoint=jobs, host=HOST, methods=["POST"]),
        Rule("/api/v2/accounts/<account>/jobs/<shortcode>", endpoint=job, host=HOST, methods=["GET"]),
    ],
    total=False,
    identifier=_shortcode,
)
