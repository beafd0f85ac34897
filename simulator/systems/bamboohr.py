"""BambooHR: a list without texts, a response for each opening, and a redirect where nobody is."""

from __future__ import annotations

import html
from typing import Any

from werkzeug.routing import Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from simulator.context import Context, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Pay, Posting
from simulator.system import System

MARKETING = "https://www.bamboohr.com"

_HOST = "<company>.bamboohr.com"
_PAGE = "<!DOCTYPE html>\n<html><head><title>HR software</title></head><body><h1>HR with heart</h1></body></html>"
_STATUSES = {"full-time": "Full-Time", "intern": "Part-time Co-op", "either": "Regular"}
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$"}
_PERIODS = {"HOUR": "hour", "DAY": "day", "MONTH": "month", "YEAR": "year"}


def openings(context: Context, company: str) -> Response:
    """Respond with the list."""
    listing = context.listing(context.host, company)
    if listing is None:
        return redirect(MARKETING)

    def build() -> dict[str, Any]:
        page = listing.page()
        return {"meta": {"totalCount": page.total}, "result": [_row(row, listing.day) for row in page.rows]}

    return json_response(context.body(listing, ("list",), build))


def opening(context: Context, company: str, identifier: str) -> Response:
    """Respond with one opening, and the form to apply with."""
    listing = context.listing(context.host, company)
    if listing is None:
        return redirect(MARKETING)
    found = listing.find(identifier)
    if found is None:
        details = "Looks like the id you provided doesn't exist."
        return json_response({"type": "not_found", "title": "Resource not found.", "details": details, "meta": []}, 404)
    first = {"isRequired": True, "value": "", "label": "First Name"}
    questions = [{"id": "749", "isRequired": True, "question": "How did you hear of us?", "type": "short", "value": ""}]
    result = {
        "jobOpening": _detail(f"{listing.board.url}/{identifier}", listing.board.company.about, found, listing.day),
        "formFields": {"firstName": first, "customQuestions": questions},
    }
    return json_response({"meta": {}, "result": result})


def marketing(context: Context) -> Response:
    """Respond with BambooHR's own front page."""
    return Response(_PAGE, content_type="text/html; charset=utf-8")


def robots(context: Context, company: str) -> Response:
    """Respond with robots.txt."""
    return text_response("User-agent: *\nDisallow: /jobs/embed.php\nDisallow: /jobs/embed2.php\n")


def _row(posting: Posting, day: int) -> dict[str, Any]:
    remote = _location_type(posting) == "1"
    city = CITIES[posting.places[0]]
    return {
        "id": posting.identifier,
        "jobOpeningName": f"{posting.wording(day).title} " if posting.serial % 8 == 3 else posting.wording(day).title,
        "departmentId": str(18_000 + len(posting.unit)) if posting.serial % 7 else None,
        "departmentLabel": posting.unit if posting.serial % 7 else None,
        "employmentStatusLabel": _STATUSES[posting.kind],
        "location": {"city": None, "state": None} if remote else {"city": city.locality, "state": city.region},
        "atsLocation": {
            "country": city.country if remote else None,
            "state": city.region if remote else None,
            "province": None,
            "city": None,
        },
        "isRemote": None,
        "locationType": _location_type(posting),
    }


def _detail(url: str, about: str, posting: Posting, day: int) -> dict[str, Any]:
    wording, row = posting.wording(day), _row(posting, day)
    city = CITIES[posting.places[0]]
    remote = row["locationType"] == "1"
    sections = "".join(
        f"<p><strong>{head}</strong></p><ul>{''.join(f'<li>{html.escape(text)}</li>' for text in texts)}</ul>"
        for head, texts in (("What you will do", wording.duties), ("Who you are", wording.requirements))
    )
    return {
        "jobOpeningShareUrl": url,
        "jobOpeningName": row["jobOpeningName"],
        "jobOpeningStatus": "Open",
        "jobCategoryId": None,
        "departmentId": row["departmentId"],
        "departmentLabel": row["departmentLabel"] or "",
        "employmentStatusLabel": row["employmentStatusLabel"],
        "location": {**row["location"], "postalCode": None, "addressCountry": None if remote else city.country},
        "atsLocation": {**row["atsLocation"], "countryId": None},
        "description": f"<p>{html.escape(about)}</p>{sections}",
        "compensation": _compensation(posting.pay),
        "datePosted": posting.published(day).date().isoformat(),
        "minimumExperience": ("Entry-level", "Mid-level", "Experienced", None)[posting.serial % 4],
        "locationType": row["locationType"],
        "seekPromoted": False,
    }


def _location_type(posting: Posting) -> str:
    return str(posting.serial % 3)


def _compensation(pay: Pay | None) -> str | None:
    """Return pay as somebody typed it."""
    if pay is None:
        return None
    sign = _SIGNS.get(pay.currency, f"{pay.currency} ")
    return f"{sign}{pay.low:,} - {sign}{pay.high:,} per {_PERIODS[pay.unit]}"


_CAREERS = "/careers"

SYSTEM = System(
    name="bamboohr",
    url=r"https://(?P<token>[a-z0-9-]+)\.bamboohr\.com/careers",
    specimen="https://specimen-{0:03}.bamboohr.com/careers",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=_HOST, methods=["GET"]),
        Rule(f"{_CAREERS}/list", endpoint=openings, host=_HOST, methods=["GET"]),
        Rule(f"{_CAREERS}/<identifier>/detail", endpoint=opening, host=_HOST, methods=["GET"]),
        Rule("/", endpoint=marketing, host="www.bamboohr.com", methods=["GET"]),
    ],
    identifier=lambda dice: str(dice.randrange(1_000_000_000, 2_999_999_999)),
)
