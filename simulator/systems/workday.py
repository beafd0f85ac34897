"""Workday: a list of twenty rows a page whose total stops at 2,000 and is right only once, facets, a detail a job.

A tenant's habits stand behind its site's name, as in ``Careers-strict-continuing``, see `HABITS`.
"""

from __future__ import annotations

import functools
import html
import json
import random
import re
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.context import Context, Listing, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting, observed_at
from simulator.system import System

MAX_LIMIT = 20
CAP = 2_000

HABITS = {
    "strict": "a limit that is too large gets HTTP 400, and not an empty list",
    "continuing": "what lies beyond the cap is served, and does not begin again with the first page",
    "counting": "the total is not capped",
    "lasting": "every page states the total, not only the first",
    "bare": "a row now and then holds its requisition's number only",
    "nested": "the job families stand in a group",
    "unplaced": "there are no facets of places",
    "omitting": "the job families leave out some jobs",
    "overlapping": "some jobs are in two job families",
    "lone": "there is one facet only",
}

_BOTH, _OMITTED = 5, 50
"""Of so many jobs one is in two families of an overlapping tenant, and one in none of an omitting one."""

_CONTINENTS = {"US": "Americas", "CA": "Americas", "GB": "Europe", "DE": "Europe", "NL": "Europe"}


def jobs(context: Context, name: str, site: str, **_: str) -> Response:
    """Respond with a page of the list."""
    if context.request.mimetype != "application/json":
        return Response("<html>Internal Server Error</html>", status=500, content_type="text/html")
    listing = context.listing(context.host, name, site)
    if listing is None:
        return _error(422, "HTTP_422")
    try:
        body = json.loads(context.request.get_data())
        limit, offset, applied = body["limit"], body["offset"], body["appliedFacets"]
    except (ValueError, LookupError, TypeError):
        return _error(400, "HTTP_400")
    habits = _habits(site)
    if not 0 < limit <= MAX_LIMIT:
        return _error(400, "HTTP_400") if "strict" in habits else json_response({"total": None, "jobPostings": []})

    def build() -> dict[str, Any]:
        start = offset if "continuing" in habits or "counting" in habits else offset % CAP
        page = listing.page(start, limit, lambda posting: _wanted(posting, applied, habits), json.dumps(applied))
        total = page.total if "counting" in habits else min(page.total, CAP)
        found = {"total": total, "jobPostings": [_row(listing, posting, habits) for posting in page.rows]}
        if offset:
            return {**found, "total": total if "lasting" in habits else 0, "facets": [], "userAuthenticated": False}
        rows = [posting for posting in listing.rows if _wanted(posting, applied, habits)]
        return {**found, "facets": _facets(rows, habits), "userAuthenticated": False}

    return json_response(context.body(listing, ("jobs", limit, offset, json.dumps(applied)), build))


def job(context: Context, name: str, site: str, path: str, **_: str) -> Response:
    """Respond with one posting: a closed one is forbidden, one that never was is not found."""
    listing = context.listing(context.host, name, site)
    if listing is None:
        return _error(422, "HTTP_422")
    identifier = path.rpartition("/")[2].partition("_")[2]
    posting = listing.find(identifier)
    if posting is None:
        return _error(403, "S22", "permission denied") if identifier.startswith("JR") else _error(404, "HTTP_404")
    return json_response(_detail(context, listing, posting))


def robots(context: Context, **_: str) -> Response:
    """Respond with robots.txt, which names the tenant's sites."""
    return text_response("User-agent: *\nDisallow: /*/login\nAllow: /\n")


def _habits(site: str) -> frozenset[str]:
    return frozenset(site.split("-")[1:])


def _error(status: int, code: str, message: str = "") -> Response:
    error = {"errorCode": code, "errorCaseId": "0", "httpStatus": status, "message": message, "messageParams": {}}
    return json_response(error, status)


def _values(posting: Posting, habits: frozenset[str]) -> dict[str, list[str]]:
    """Return a posting's value, or values, of each facet."""
    families = [posting.unit]
    if "omitting" in habits and posting.serial % _OMITTED == 0:
        families = []
    if "overlapping" in habits and posting.serial % _BOTH == 0:
        families.append("Early Careers")
    cities = [CITIES[key] for key in posting.places]
    values = {
        "jobFamilyGroup": families,
        "workerSubType": ["Intern" if posting.kind == "intern" else "Regular Employee"],
        "timeType": [_time_type(posting)],
        "locationHierarchy1": sorted({_CONTINENTS.get(city.iso, "Asia") for city in cities}),
        "locations": [_location(key) for key in posting.places],
    }
    if "lone" in habits:
        return {"jobFamilyGroup": families}
    if "unplaced" in habits:
        del values["locationHierarchy1"], values["locations"]
    return values


def _facets(rows: list[Posting], habits: frozenset[str]) -> list[dict[str, Any]]:
    counts: dict[str, Counter[str]] = {}
    for posting in rows:
        for name, values in _values(posting, habits).items():
            counts.setdefault(name, Counter()).update(values)
    facets = [
        {
            "facetParameter": name,
            "descriptor": name,
            "values": [{"descriptor": one, "id": _key(name, one), "count": counted[one]} for one in sorted(counted)],
        }
        for name, counted in counts.items()
    ]
    grouped = [facet for facet in facets if str(facet["facetParameter"]).startswith("location")]
    if grouped:
        facets = [facet for facet in facets if facet not in grouped]
        facets.append({"facetParameter": "locationMainGroup", "values": grouped})
    if "nested" in habits:
        facets[0] = {"facetParameter": "jobFamilyMainGroup", "values": [facets[0]]}
    return facets


def _wanted(posting: Posting, applied: Mapping[str, list[str]], habits: frozenset[str]) -> bool:
    keys = _keys(posting, habits) if applied else {}
    return all(name in keys and not keys[name].isdisjoint(wanted) for name, wanted in applied.items())


@functools.lru_cache(maxsize=16_384)  # a filtered list is made again for each of its pages
def _keys(posting: Posting, habits: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return the keys of `_values`."""
    return {name: frozenset(_key(name, one) for one in ones) for name, ones in _values(posting, habits).items()}


@functools.cache
def _key(name: str, value: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{name} {value}").hex


def _location(key: str) -> str:
    return f"{CITIES[key].country}, {CITIES[key].locality}"


def _time_type(posting: Posting) -> str:
    return "Part time" if posting.serial % 100 == 50 else "Full time"


def _path(listing: Listing, posting: Posting) -> str:
    place = re.sub(r"\W", "-", _location(posting.places[0]))
    title = re.sub(r"[\W_]", "-", posting.wording(listing.day).title)
    parts = ["job", *([place] if posting.serial % 9 else []), f"{title}_{posting.identifier}"]
    return "/" + "/".join(parts)


def _requisition(posting: Posting) -> str:
    return re.sub(r"(?<=\d)-\d$", "", posting.identifier)


def _row(listing: Listing, posting: Posting, habits: frozenset[str]) -> dict[str, Any]:
    bullets = {"bulletFields": [_requisition(posting)]}
    if "bare" in habits and posting.serial % 10 == 3:
        return bullets
    places = [_location(key) for key in posting.places]
    return {
        "title": posting.wording(listing.day).title,
        "externalPath": _path(listing, posting),
        "locationsText": places[0] if len(places) == 1 else f"{len(places)} Locations",
        "postedOn": _posted_on(listing, posting),
        **bullets,
    }


def _posted_on(listing: Listing, posting: Posting) -> str:
    days = (observed_at(listing.day) - posting.published(listing.day)).days
    return "Posted Today" if not days else f"Posted {days} Days Ago" if days <= 30 else "Posted 30+ Days Ago"


def _detail(context: Context, listing: Listing, posting: Posting) -> dict[str, Any]:
    wording, board = posting.wording(listing.day), listing.board
    duties, wanted = (
        "".join(f"<li>{html.escape(text).replace('+', '&#43;')}</li>" for text in texts)
        for texts in (wording.duties, wording.requirements)
    )
    first, *more = (_location(key) for key in posting.places)
    country = CITIES[posting.places[0]]
    base = board.url if "/wday/" not in board.url else f"https://{board.host}/{board.site}"
    named = {"descriptor": country.country, "id": _key("country", country.iso)}
    info: dict[str, Any] = {
        "id": _key("job", posting.identifier),
        "title": wording.title,
        "jobDescription": (
            f'<p style="text-align:inherit"></p><p>{html.escape(board.company.about)}</p><p><b>What you do</b></p>'
            f"<ul>{duties}</ul><p><b>Who you are</b></p><ul>{wanted}</ul>"
        ),
        "location": first,
        "postedOn": _posted_on(listing, posting),
        "startDate": posting.published(listing.day).date().isoformat(),
        "timeType": _time_type(posting),
        "jobReqId": _requisition(posting),
        "jobPostingId": _path(listing, posting).rpartition("/")[2],
        "jobPostingSiteId": board.site,
        "country": named,
        "canApply": True,
        "posted": True,
        "jobRequisitionLocation": {"descriptor": first, "country": {**named, "alpha2Code": country.iso}},
        "externalUrl": base + _path(listing, posting),
    }
    if more:
        info["additionalLocations"] = more
    return {
        "jobPostingInfo": info,
        "hiringOrganization": {"name": board.company.name, "url": ""},
        "similarJobs": [],
        "userAuthenticated": False,
    }


def _number(dice: random.Random) -> str:
    """Return a requisition's number, with the suffix of one that is on several sites now and then."""
    number = f"JR{dice.randrange(10**9, 10**10)}"
    return f"{number}-1" if dice.random() < 0.1 else number


_API = "/wday/cxs/<name>/<site>"
_RULES = [
    rule
    for host in ("<tenant>.<pod>.myworkdayjobs.com", "<pod>.myworkdaysite.com")
    for rule in (
        Rule("/robots.txt", endpoint=robots, host=host, methods=["GET"]),
        Rule(f"{_API}/jobs", endpoint=jobs, host=host, methods=["POST"]),
        Rule(f"{_API}/job/<path:path>", endpoint=job, host=host, methods=["GET"]),
    )
]

SYSTEM = System(
    name="workday",
    url=(
        r"https://(?:(?:[\w-]+\.)?wd\d+\.myworkday(?:jobs|site)\.com/(?:recruiting|wday/cxs)/)?"
        r"(?P<token>[^./]+)(?:\.wd\d+\.myworkdayjobs\.com)?/(?P<site>[^/]+)"
    ),
    specimen="https://specimen-{0:03}.wd5.myworkdayjobs.com/Careers",
    rules=_RULES,
    page=MAX_LIMIT,
    identifier=_number,
)
