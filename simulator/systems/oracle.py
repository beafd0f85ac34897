"""Oracle Recruiting Cloud: a page that states the site's number, and a REST collection paged inside its finder."""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.board import Board
from simulator.context import Context, Listing, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

PAGE = 200
WINDOW = 10_000

_DOMAIN = "fa.ocs.oraclecloud.com"
_LIST = "recruitingCEJobRequisitions"
_DETAILS = "recruitingCEJobRequisitionDetails"
_SCHEDULES = {"full-time": "Full time", "intern": "Internship", "either": "Full time", "graduate": "Full time"}
_WORKPLACES = ((None, ""), ("ORA_ON_SITE", "On-site"), ("ORA_HYBRID", "Hybrid"), ("ORA_REMOTE", "Remote"))


def page(context: Context, pod: str, language: str, site: str) -> Response:
    """Respond with a site's page, which alone tells the site's number."""
    return _site_page(context, pod, site, f"/hcmUI/CandidateExperience/{language}/sites/{site}")


def own_page(context: Context, pod: str, language: str, site: str) -> Response:
    """Respond with a site's page under a company's own host, where its path is shorter."""
    return _site_page(context, pod, site, f"/{language}/sites/{site}")


def _site_page(context: Context, pod: str, site: str, path: str) -> Response:
    listing = context.listing(context.host, pod, site)
    if listing is None:
        return Response("<!doctype html><title>Not Found</title>", status=404, content_type="text/html; charset=utf-8")
    base = (
        f'<base href="{path}" '
        f'data-apibaseurl="https://{context.host}:443" data-sitenumber="{_numbers(context, pod)[site]}"/>'
    )
    title = html.escape(listing.board.company.name)
    text = f"<!DOCTYPE html><html><head><title>{title}</title>{base}</head><body></body></html>"
    return Response(text, content_type="text/html; charset=utf-8")


def search(context: Context, pod: str) -> Response:
    """Respond with the list; limit and offset beside the finder are those of the outer collection, and do nothing."""
    query = _finder(context)
    listing = _site(context, pod, query)
    if listing is None:
        return _collection(_LIST, [_search(query, [], 0)])
    limit, offset = min(int(query.get("limit", 25)), PAGE), int(query.get("offset", 0))
    categories = query.get("selectedCategoriesFacet")

    def build() -> dict[str, Any]:
        found = listing.page(
            offset, limit, lambda one: not categories or str(_category(one)) == categories, str(categories)
        )
        rows = [] if offset >= WINDOW else found.rows
        one = _search(query, [_row(posting, listing) for posting in rows], found.total)
        if "CATEGORIES" in query.get("facetsList", ""):
            counts = Counter(_category(posting) for posting in listing.rows)
            one["categoriesFacet"] = [
                {"Id": key, "Name": str(key), "TotalCount": count} for key, count in counts.most_common(10)
            ]
        return _wrapped(_LIST, [one])

    return json_response(context.body(listing, (_LIST, str(query)), build))


def detail(context: Context, pod: str) -> Response:
    """Respond with one posting: a collection of one, or an empty one with status 200 where there is none."""
    query = _finder(context)
    listing = _site(context, pod, query)
    found = listing.find(query.get("Id", "").strip('"')) if listing else None
    return _collection(_DETAILS, [_record(listing.board, found, listing.day)] if listing and found else [])


def robots(context: Context, pod: str) -> Response:
    """Respond with robots.txt."""
    return text_response("User-agent: *\nAllow: /\n")


def _finder(context: Context) -> dict[str, str]:
    """Return the terms of ``finder=findReqs;siteNumber=CX_1,limit=25,…``."""
    _, _, terms = context.request.args.get("finder", "").partition(";")
    return dict(re.findall(r'(\w+)=("[^"]*"|[^,]*)', terms))


def _numbers(context: Context, pod: str) -> dict[str, str]:
    """Return the number of each of a pod's sites; ``CX_1`` in an address need not be the number CX_1."""
    sites = sorted(site or "" for host, token, site in context.boards if (host, token) == (context.host, pod))
    return {site: f"CX_{place}001" for place, site in enumerate(sites, start=1)}


def _site(context: Context, pod: str, query: dict[str, str]) -> Listing | None:
    names = {number: site for site, number in _numbers(context, pod).items()}
    site = names.get(query.get("siteNumber", ""))
    return context.listing(context.host, pod, site) if site else None


def _wrapped(name: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    links = [{"rel": "self", "href": f"/hcmRestApi/resources/11.13.18.05/{name}", "name": name, "kind": "collection"}]
    return {"items": items, "count": len(items), "hasMore": False, "limit": 499, "offset": 0, "links": links}


def _collection(name: str, items: list[dict[str, Any]]) -> Response:
    return json_response(_wrapped(name, items))


def _search(query: dict[str, str], rows: list[dict[str, Any]], total: int) -> dict[str, Any]:
    return {
        "TotalJobsCount": total,
        "Limit": int(query.get("limit", 25)),
        "Offset": int(query.get("offset", 0)),
        "requisitionList": rows,
        "categoriesFacet": [],
        "organizationsFacet": [],
        "titlesFacet": [],
        "postingDatesFacet": [],
    }


def _category(posting: Posting) -> int:
    return 300_000_000 + sum(posting.unit.encode()) % 7


def _common(posting: Posting, day: int) -> dict[str, Any]:
    code, workplace = _WORKPLACES[posting.serial % len(_WORKPLACES)]
    first, *others = posting.places
    return {
        "Id": posting.identifier,
        "Title": posting.wording(day).title,
        "PrimaryLocation": _place(first),
        "WorkplaceType": workplace,
        "WorkplaceTypeCode": code,
        "secondaryLocations": [{"Name": _place(key)} for key in others],
        "JobSchedule": None if posting.serial % 5 == 2 else _SCHEDULES[posting.kind],
    }


def _row(posting: Posting, listing: Listing) -> dict[str, Any]:
    posted = posting.published(listing.day) if posting.spell(listing.day) else posting.created()
    return {**_common(posting, listing.day), "PostedDate": posted.date().isoformat()}


def _record(board: Board, posting: Posting, day: int) -> dict[str, Any]:
    wording = posting.wording(day)
    posted = posting.published(day) if posting.spell(day) else posting.created()
    record = {
        **_common(posting, day),
        "ExternalPostedStartDate": posted.isoformat(timespec="seconds"),
        "ExternalDescriptionStr": f"<p>{html.escape(board.company.about)}</p>",
        "CorporateDescriptionStr": "",
        "ExternalResponsibilitiesStr": _bullets(wording.duties),
        "ExternalQualificationsStr": _bullets(wording.requirements),
        "Category": posting.unit,
    }
    if pay := posting.pay:
        unit = "per hour" if pay.unit == "HOUR" else "annually"
        value = f"{pay.currency} {pay.low:,} - {pay.high:,} {unit}"
        record["requisitionFlexFields"] = [{"Prompt": "Salary Range", "Value": value}]
    return record


def _bullets(sentences: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{html.escape(text)}</li>" for text in sentences) + "</ul>"


def _place(key: str) -> str:
    city = CITIES[key]
    return ", ".join(dict.fromkeys(filter(None, (city.locality, city.region, city.country))))


_HOST = f"<pod>.{_DOMAIN}"
_API = "/hcmRestApi/resources/latest"
_PAGE = "/hcmUI/CandidateExperience/<language>/sites/<site>"

SYSTEM = System(
    name="oracle",
    url=r"https://(?P<token>[^/.]+)\.fa\.ocs\.oraclecloud\.com/hcmUI/CandidateExperience/en/sites/(?P<site>[\w-]+)",
    specimen=f"https://fa-sp{{0:03}}-saasfaprod1.{_DOMAIN}/hcmUI/CandidateExperience/en/sites/CX_1",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=_HOST, methods=["GET"]),
        Rule(_PAGE, endpoint=page, host=_HOST, methods=["GET"]),
        Rule("/<language>/sites/<site>/jobs", endpoint=own_page, host=_HOST, methods=["GET"]),
        Rule(f"{_API}/{_LIST}", endpoint=search, host=_HOST, methods=["GET"]),
        Rule(f"{_API}/{_DETAILS}", endpoint=detail, host=_HOST, methods=["GET"]),
    ],
    page=PAGE,
    identifier=lambda dice: str(dice.randrange(10**8, 10**9)),
)
