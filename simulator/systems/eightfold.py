"""Eightfold: ten positions a page under a company's domain, by the newer interface (PCSX) or the older (apply/v2)."""

from __future__ import annotations

import functools
import html
from collections.abc import Callable
from datetime import datetime
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.context import Context, Listing, json_response, text_response, to_json
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

PAGE = 10
WINDOW = 2_000

_WORKPLACES = ("onsite", "hybrid", "remote", "remote_local")
_TIME_TYPES = {"full-time": "Full time", "intern": "Intern", "either": "Full time", "graduate": "Full time"}
_PCSX_OFF = {"message": "PCSX is not enabled for this user."}
_ONLY_PCSX = {"message": "Not authorized for PCSX"}


def careers(context: Context, tenant: str) -> Response:
    """Respond with the careers page, which names the domain and holds no posting."""
    domain = next((site for host, _, site in context.boards if host == context.host), None)
    if context.listing(context.host, tenant, domain) is None:
        return _no_group()
    text = f'<!doctype html><html><head><script>window._EF_GROUP_ID = "{domain}";</script></head><body></body></html>'
    return Response(text, content_type="text/html; charset=utf-8")


def _query(*, newer: bool) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Respond for a listing by the interface that its company has; the other one refuses."""

    def wrap(endpoint: Callable[..., Any]) -> Callable[..., Response]:
        @functools.wraps(endpoint)
        def respond(context: Context, tenant: str, **parts: str) -> Response:
            domain = context.request.args.get("domain", "")
            listing = context.listing(context.host, tenant, domain)
            if listing is None:
                known = not context.retired and any(host == context.host for host, *_ in context.boards)
                # For another domain than the host's there is the shell of its page.
                return careers(context, tenant) if known else _no_group()
            if newer is not has_pcsx(tenant):
                return json_response(_PCSX_OFF if newer else _ONLY_PCSX, 403)
            found: Response = endpoint(context, listing, **parts)
            return found

        return respond

    return wrap


@_query(newer=True)
def search(context: Context, listing: Listing) -> Response:
    """Respond with the newer list; ``num`` does nothing, and from `WINDOW` on there are no rows."""
    start, city = context.request.args.get("start", 0, type=int), context.request.args.get("filter_city")

    def build() -> dict[str, Any]:
        page = listing.page(start, PAGE, (lambda posting: city in _cities(posting.places)) if city else None)
        rows = [] if start >= WINDOW else page.rows
        keys = {key for posting in listing.rows for key in posting.places}
        cities = sorted({CITIES[key].locality for key in keys})
        options = [{"label": name, "value": name} for name in cities]
        filters = [
            {"type": "multi_select", "filterName": "employmenttype", "title": "Employment Type", "options": []},
            {"type": "multi_select", "filterName": "city", "title": "City", "options": options},
        ]
        data = {
            "positions": [_row(posting, listing.day) for posting in rows],
            "count": page.total,
            "filterDef": {"smartFilters": filters, "allFilters": []},
            "sortBy": "timestamp",
            "appliedFilters": {"city": [city]} if city else {},
        }
        return {"status": 200, "error": {"message": "", "body": ""}, "data": data, "metadata": None}

    return json_response(context.body(listing, ("pcsx", start, city), build))


@_query(newer=True)
def position(context: Context, listing: Listing) -> Response:
    """Respond with one position by the newer interface."""
    found = listing.find(context.request.args.get("position_id", ""))
    if found is None:
        error = {"status": 404, "error": {"message": "Position not found"}, "data": {}, "metadata": None}
        return json_response(error, 404)
    kind = {} if found.serial % 5 == 2 else {"efcustomTextTextTimeType": [_TIME_TYPES[found.kind]]}
    data = {**_row(found, listing.day), "jobDescription": _text(found, listing), "publicUrl": None, **kind}
    return json_response({"status": 200, "error": {"message": "", "body": ""}, "data": data, "metadata": None})


@_query(newer=False)
def jobs(context: Context, listing: Listing) -> Response:
    """Respond with the older list."""
    start = context.request.args.get("start", 0, type=int)

    def build() -> dict[str, Any]:
        page = listing.page(start, PAGE)
        rows = [] if start >= WINDOW else page.rows
        positions = [_older(context.host, posting, listing) for posting in rows]
        return {"positions": positions, "count": page.total, "domain": listing.board.site}

    return json_response(context.body(listing, ("v2", start), build))


@_query(newer=False)
def job(context: Context, listing: Listing, identifier: str) -> Response:
    """Respond with one position by the older interface."""
    found = listing.find(identifier)
    if found is None:
        return json_response({"message": f"Job with ID {identifier} not found"}, 404)
    return json_response({**_older(context.host, found, listing), "job_description": _text(found, listing)})


def robots(context: Context, tenant: str) -> Response:
    """Respond with robots.txt."""
    return text_response("User-agent: *\nAllow: /careers\nAllow: /api/pcsx\n")


def has_pcsx(tenant: str) -> bool:
    """Whether a company has the newer interface; those whose name ends in an even digit have the older."""
    return tenant[-1] not in "02468"


def _no_group() -> Response:
    return Response("<!doctype html><h1>Group ID not found</h1>", status=404, content_type="text/html; charset=utf-8")


@functools.lru_cache(maxsize=4096)  # few combinations of places, which every page of a part asks for again
def _cities(places: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(CITIES[key].locality for key in places)


def _row(posting: Posting, day: int) -> dict[str, Any]:
    wording = posting.wording(day)
    forms = [f"{CITIES[key].locality}, {CITIES[key].region}, {CITIES[key].iso}" for key in posting.places]
    posted = posting.published(day) if posting.spell(day) else posting.created()
    return {
        "id": int(posting.identifier),
        "displayJobId": posting.serial if posting.serial % 4 == 1 else f"JR{posting.serial:06}",
        "name": wording.title,
        "locations": [f"{CITIES[key].locality}, {CITIES[key].region}, {CITIES[key].country}" for key in posting.places],
        "standardizedLocations": to_json(forms).decode() if posting.serial % 6 == 2 else forms,
        "postedTs": 0 if posting.serial % 11 == 3 else _day(posted),
        "department": None if posting.serial % 9 == 4 else posting.unit,
        "creationTs": _day(posting.created()),
        "isHot": 0,
        "stars": 0,
        "workLocationOption": _WORKPLACES[posting.serial % len(_WORKPLACES)],
        "positionUrl": f"/careers/job/{posting.identifier}",
    }


def _day(moment: datetime) -> int:
    """Return the seconds of a day's midnight in UTC, to the precision of the system."""
    return int(moment.timestamp()) // 86_400 * 86_400


def _older(host: str, posting: Posting, listing: Listing) -> dict[str, Any]:
    newer = _row(posting, listing.day)
    return {
        "id": newer["id"],
        "name": newer["name"],
        "location": newer["locations"][0],
        "locations": newer["locations"],
        "department": newer["department"],
        "business_unit": None,
        "t_create": newer["creationTs"],
        "t_update": _day(posting.wording(listing.day).edited),
        "display_job_id": newer["displayJobId"],
        "work_location_option": newer["workLocationOption"],
        "type": "ATS",
        "job_description": "",
        "canonicalPositionUrl": f"https://{host}{newer['positionUrl']}",
    }


def _text(posting: Posting, listing: Listing) -> str:
    wording = posting.wording(listing.day)
    items = "".join(f"<li>{html.escape(text)}</li>" for text in (*wording.duties, *wording.requirements))
    return f"<p><b>{html.escape(listing.board.company.name)}</b></p><p></p><ul>{items}</ul>"


_HOST = "<tenant>.eightfold.ai"

SYSTEM = System(
    name="eightfold",
    url=r"https://(?P<token>[a-z\d-]+)\.eightfold\.ai/careers\?domain=(?P<site>[\w.-]+)",
    specimen="https://specimen-{0:03}.eightfold.ai/careers?domain=specimen-{0:03}.example",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=_HOST, methods=["GET"]),
        Rule("/careers", endpoint=careers, host=_HOST, methods=["GET"]),
        Rule("/api/pcsx/search", endpoint=search, host=_HOST, methods=["GET"]),
        Rule("/api/pcsx/position_details", endpoint=position, host=_HOST, methods=["GET"]),
        Rule("/api/apply/v2/jobs", endpoint=jobs, host=_HOST, methods=["GET"]),
        Rule("/api/apply/v2/jobs/<identifier>", endpoint=job, host=_HOST, methods=["GET"]),
    ],
    page=PAGE,
    identifier=lambda dice: str(549_000_000_000 + dice.randrange(10**9)),
)
