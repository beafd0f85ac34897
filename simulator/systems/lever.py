"""Lever: the list as a bare JSON array with skip and limit, on a world-wide and a European instance."""

from __future__ import annotations

import html
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.board import Board
from simulator.context import Context, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

BOARD_HOSTS = {"api.lever.co": "jobs.lever.co", "api.eu.lever.co": "jobs.eu.lever.co"}

_WORKPLACES = ("unspecified", "remote", "hybrid", "on-site", "onsite")
_COMMITMENTS = {"full-time": "Full-time", "intern": "Internship", "either": "Regular Full Time (Salary)"}
_FILTERS = ("location", "commitment", "team", "department", "level")
_CLOSING = "We decide on merit and answer every applicant."


def postings(context: Context, site: str) -> Response:
    """Respond with the list: HTML unless JSON is requested, complete unless skip and limit are given."""
    listing = context.listing(BOARD_HOSTS[context.host], site)
    if listing is None:
        return _not_found()
    args = context.request.args
    if not _wants_json(context):
        links = "".join(f"<li>{html.escape(row.wording(context.day).title)}</li>" for row in listing.rows)
        return Response(f"<!doctype html><ul>{links}</ul>", content_type="text/html; charset=utf-8")
    skip, limit = args.get("skip", 0, type=int), args.get("limit", None, type=int)
    filters = {name: args.getlist(name) for name in _FILTERS if name in args}
    group = args.get("group")

    def wanted(posting: Posting) -> bool:
        categories = _categories(posting)
        return all(categories.get(name) in values for name, values in filters.items())

    def build() -> list[dict[str, Any]]:
        page = listing.page(skip, limit, wanted)
        rows = [_record(listing.board, posting, listing.day) for posting in page.rows]
        return _grouped(rows, group) if group in ("location", "commitment", "team") else rows

    return json_response(context.body(listing, (skip, limit, str(filters), group), build))


def posting(context: Context, site: str, identifier: str) -> Response:
    """Respond with one posting."""
    listing = context.listing(BOARD_HOSTS[context.host], site)
    found = listing and listing.find(identifier)
    if not listing or not found:
        return _not_found()
    return json_response(_record(listing.board, found, listing.day))


def robots(context: Context) -> Response:
    """Respond with robots.txt."""
    return text_response("User-agent: *\nAllow: /\nCrawl-delay: 1\n")


def _not_found() -> Response:
    return json_response({"ok": False, "error": "Document not found"}, 404)


def _wants_json(context: Context) -> bool:
    """Return whether the request has ``mode=json``, or names JSON in Accept."""
    accept = context.request.headers.get("Accept", "")
    return context.request.args.get("mode") == "json" or "application/json" in accept


def _grouped(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    titles = sorted({row["categories"].get(name, "") for row in rows})
    return [
        {"title": title, "postings": [row for row in rows if row["categories"].get(name, "") == title]}
        for title in titles
    ]


def _categories(posting: Posting) -> dict[str, Any]:
    names = [CITIES[key].name for key in posting.places]
    categories: dict[str, Any] = {
        "commitment": _COMMITMENTS[posting.kind],
        "department": posting.unit,
        "location": names[0],
        "team": posting.unit,
        "allLocations": names,
    }
    if posting.serial % 7 == 3:
        del categories["commitment"]
    if posting.serial % 6 == 4:
        categories["level"] = "Senior"
    return categories


def _record(board: Board, posting: Posting, day: int) -> dict[str, Any]:
    wording = posting.wording(day)
    address = f"https://{board.host}/{board.token}/{posting.identifier}"
    about, kind = board.company.about, f"We are looking for a {wording.title}."
    record: dict[str, Any] = {
        "additional": f"<div>{_CLOSING}</div>",
        "additionalPlain": _CLOSING,
        "categories": _categories(posting),
        "createdAt": int(posting.created().timestamp() * 1000) + posting.serial,
        "description": f"<div>{html.escape(about)}</div><div><br></div><div>{html.escape(kind)}</div>",
        "descriptionPlain": "" if posting.serial % 9 == 2 else f"{about}\n\n{kind}\n",
        "id": posting.identifier,
        "lists": [
            _list("What you will do: ", wording.duties, wrapped=posting.serial % 5 == 0),
            _list("Who you are", wording.requirements, wrapped=False),
        ],
        "text": wording.title,
        "country": None if posting.serial % 8 == 1 else CITIES[posting.places[0]].iso,
        "workplaceType": _WORKPLACES[posting.serial % len(_WORKPLACES)],
        "opening": f"<div>{html.escape(about)}</div>",
        "openingPlain": about,
        "descriptionBody": f"<div>{html.escape(kind)}</div>",
        "descriptionBodyPlain": f"{kind}\n",
        "hostedUrl": address,
        "applyUrl": f"{address}/apply",
    }
    if pay := posting.pay:
        interval = "per-hour-wage" if pay.unit == "HOUR" else "per-year-salary"
        record["salaryRange"] = {
            "min": pay.low,
            "max": pay.high,
            "currency": pay.currency,
            "interval": interval,
        }
    return record


def _list(head: str, sentences: tuple[str, ...], *, wrapped: bool) -> dict[str, str]:
    """Return a headed list, its items without the ``<ul>`` that HTML wants around them."""
    items = "".join(f"<li>{html.escape(text)}</li>" for text in sentences)
    return {"text": head, "content": f"<div>{items}</div>" if wrapped else items}


_LIST = "/v0/postings/<site>"
_RULES = [
    rule
    for host in BOARD_HOSTS
    for rule in (
        Rule("/robots.txt", endpoint=robots, host=host, methods=["GET"]),
        Rule(_LIST, endpoint=postings, host=host, methods=["GET"]),
        Rule(f"{_LIST}/<identifier>", endpoint=posting, host=host, methods=["GET"]),
    )
]

SYSTEM = System(
    name="lever",
    url=r"https://jobs(?:\.eu)?\.lever\.co/(?P<token>[^/]+)",
    specimen="https://jobs.lever.co/specimen-{0:03}",
    rules=_RULES,
    page=100,
    total=False,
    embed='<div id="lever-jobs-container"></div><script>window.leverJobsOptions = {{accountName: "{token}"}};</script>',
)
