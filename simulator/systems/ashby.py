"""Ashby: a whole board in one response, unlisted rows and undisclosed pay included."""

from __future__ import annotations

import html
import json
import uuid
from datetime import UTC
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.board import Board
from simulator.context import Context, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Pay, Posting
from simulator.system import System

API_HOST = "api.ashbyhq.com"
BOARD_HOST = "jobs.ashbyhq.com"

_EMPLOYMENT = {"full-time": "FullTime", "intern": "Intern", "either": "FullTime"}
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$"}


def job_board(context: Context, name: str) -> Response:
    """Respond with the board; ``includeCompensation=true`` adds pay."""
    listing = context.listing(BOARD_HOST, name)
    if listing is None or listing.closed_api:
        return text_response("Not Found", 404)
    pay = context.request.args.get("includeCompensation") == "true"

    def build() -> dict[str, Any]:
        rows = [_record(listing.board, row, listing.day, pay=pay) for row in listing.page().rows]
        return {"jobs": rows, "apiVersion": "1"}

    return json_response(context.body(listing, (pay,), build))


def page(context: Context, name: str) -> Response:
    """Respond with a board's page; its data are null where there is none."""
    listing = context.listing(BOARD_HOST, name)
    organization = {"name": listing.board.company.name, "hostedJobsPageSlug": name} if listing else None
    data = json.dumps({"organization": organization, "posting": None, "jobBoard": {} if listing else None})
    text = f'<!doctype html><html><body><div id="root"></div><script>window.__appData = {data};</script></body></html>'
    return Response(text, content_type="text/html; charset=utf-8")


def robots(context: Context) -> Response:
    """Respond with robots.txt: Ashby's API does not serve one."""
    return text_response("Unauthorized", 401)


def _record(board: Board, posting: Posting, day: int, *, pay: bool) -> dict[str, Any]:
    address = f"https://{BOARD_HOST}/{board.token}/{posting.identifier}"
    text, plain = _description(board, posting, day)
    remote, workplace = _workplace(posting)
    published = posting.published(day).astimezone(UTC)
    record: dict[str, Any] = {
        "id": posting.identifier,
        "title": posting.wording(day).title,
        "department": posting.unit,
        "team": posting.unit,
        "employmentType": _EMPLOYMENT[posting.kind],
        "location": CITIES[posting.places[0]].locality,
        "secondaryLocations": [
            {"location": CITIES[key].locality, "address": None if posting.serial % 2 else _address(key)}
            for key in posting.places[1:]
        ],
        "publishedAt": f"{published:%Y-%m-%dT%H:%M:%S}.{posting.serial % 1000:03}+00:00",
        "isListed": not posting.hidden,
        "isRemote": remote,
        "workplaceType": workplace,
        "address": {} if posting.serial % 7 == 5 else _address(posting.places[0]),
        "jobUrl": address,
        "applyUrl": f"{address}/application",
        "descriptionHtml": text,
        "descriptionPlain": plain,
    }
    if posting.serial % 9 == 6:
        del record["team"]
    if pay:
        record["shouldDisplayCompensationOnJobPostings"] = posting.serial % 4 != 2
        record["compensation"] = _compensation(posting)
    return record


def _workplace(posting: Posting) -> tuple[bool | None, str | None]:
    """Return the remote flag and the way of working; the two may contradict each other."""
    return ((False, "OnSite"), (True, "Remote"), (True, "Hybrid"), (None, None))[posting.serial % 4]


def _address(key: str) -> dict[str, Any]:
    city = CITIES[key]
    return {
        "postalAddress": {
            "addressLocality": city.locality,
            "addressRegion": city.region,
            "addressCountry": city.country,
            "postalCode": "",
        }
    }


def _description(board: Board, posting: Posting, day: int) -> tuple[str, str]:
    """Return the text as HTML and as plain text, whose headings are in capitals."""
    wording = posting.wording(day)
    parts = (("What you will do", wording.duties), ("What we look for", wording.requirements))
    style = 'style="min-height:1.5em"'
    rich = [f"<h2>About {html.escape(board.company.name)}</h2><p {style}>{html.escape(board.company.about)}</p>"]
    plain = [f"ABOUT {board.company.name.upper()}\n\n{board.company.about}"]
    for head, sentences in parts:
        items = "".join(f"<li><p {style}>{html.escape(text)}</p></li>" for text in sentences)
        rich.append(f"<h2>{head}</h2><ul {style}>{items}</ul>")
        plain.append("\n".join([head.upper(), "", *(f"- {text}" for text in sentences)]))
    return "".join(rich), "\n\n".join(plain)


def _compensation(posting: Posting) -> dict[str, Any]:
    pay = posting.pay
    if pay is None:
        return {
            "compensationTierSummary": None,
            "scrapeableCompensationSalarySummary": None,
            "compensationTiers": [],
            "summaryComponents": [],
        }
    low, high = _amount(pay, pay.low), _amount(pay, pay.high)
    components = [_salary(pay), _equity()]
    summary = f"{low} – {high} • Offers Equity"
    tier = {
        "id": _related(posting, "tier"),
        "tierSummary": summary,
        "title": None,
        "additionalInformation": None,
        "components": [
            {"id": _related(posting, text), "summary": text} | component
            for text, component in zip((f"{low} – {high}", "Offers Equity"), components, strict=True)
        ],
    }
    return {
        "compensationTierSummary": summary,
        "scrapeableCompensationSalarySummary": f"{low} - {high}",
        "compensationTiers": [tier],
        "summaryComponents": components,
    }


def _salary(pay: Pay) -> dict[str, Any]:
    return {
        "compensationType": "Salary",
        "interval": "1 HOUR" if pay.unit == "HOUR" else "1 YEAR",
        "currencyCode": pay.currency,
        "minValue": pay.low,
        "maxValue": pay.high,
    }


def _equity() -> dict[str, Any]:
    return {
        "compensationType": "EquityPercentage",
        "interval": "NONE",
        "currencyCode": None,
        "minValue": None,
        "maxValue": None,
    }


def _amount(pay: Pay, value: int) -> str:
    return f"{_SIGNS[pay.currency]}{value}" if value < 1000 else f"{_SIGNS[pay.currency]}{value // 1000}K"


def _related(posting: Posting, name: str) -> str:
    """Return the id of a thing that belongs to a posting."""
    return str(uuid.uuid5(uuid.UUID(posting.identifier), name))


_RULES = [
    Rule("/robots.txt", endpoint=robots, host=API_HOST, methods=["GET"]),
    Rule("/posting-api/job-board/<name>", endpoint=job_board, host=API_HOST, methods=["GET"]),
    Rule("/robots.txt", endpoint=robots, host=BOARD_HOST, methods=["GET"]),
    Rule("/<name>", endpoint=page, host=BOARD_HOST, methods=["GET"]),
]

SYSTEM = System(
    name="ashby",
    url=r"https://jobs\.ashbyhq\.com/(?P<token>[^/]+)",
    specimen="https://jobs.ashbyhq.com/specimen-{0:03}",
    rules=_RULES,
    total=False,
    detail=False,
    closable=True,
    embed='<div id="ashby_embed"></div><script src="https://jobs.ashbyhq.com/{token}/embed?version=2"></script>',
)
