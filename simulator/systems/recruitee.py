"""Recruitee: a company's whole board in one response on its own host, until the day that it needs a token."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.board import Board
from simulator.context import Context, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting, observed_at
from simulator.system import System

TOKEN_WANTED = datetime(2027, 2, 10, tzinfo=UTC)
"""From this moment on the API is closed to those without a token."""

_HOST = "<company>.recruitee.com"
_CODES = {"full-time": "fulltime_permanent", "intern": "internship", "either": None}
_PERIODS = {"HOUR": "hour", "DAY": "day", "MONTH": "month", "YEAR": "year"}


def offers(context: Context, company: str) -> Response:
    """Respond with the list, filtered by department where one is given."""
    listing = context.listing(context.host, company)
    if listing is None:
        return _not_found()
    if observed_at(context.day) >= TOKEN_WANTED and "Authorization" not in context.request.headers:
        return json_response({"error": "Unauthorized"}, 401)
    department = context.request.args.get("department")

    def build() -> dict[str, Any]:
        rows = listing.page(keep=lambda posting: department in (None, posting.unit)).rows
        return {"offers": [_record(listing.board, posting, listing.day) for posting in rows]}

    return json_response(context.body(listing, ("offers", department), build))


def offer(context: Context, company: str, identifier: str) -> Response:
    """Respond with one offer."""
    listing = context.listing(context.host, company)
    found = listing and listing.find(identifier)
    if not listing or not found:
        return _not_found()
    return json_response({"offer": _record(listing.board, found, listing.day)})


def robots(context: Context, company: str) -> Response:
    """Respond with robots.txt."""
    return text_response("User-agent: *\nAllow: /\n")


def _not_found() -> Response:
    return json_response({"error": "Not Found"}, 404)


def _record(board: Board, posting: Posting, day: int) -> dict[str, Any]:
    wording = posting.wording(day)
    slug = f"{posting.role}-{posting.serial}"
    # Some companies show their board on a domain of their own.
    site = f"https://careers.{board.token}.example" if len(board.token) % 2 else board.url
    description = f"<p>{html.escape(board.company.about)}</p>{_list(wording.duties)}"
    texts = {"title": wording.title, "description": description, "requirements": _list(wording.requirements)}
    untold = posting.serial % 15 == 4  # nobody wrote it in the default language
    places = [_place(number, key) for number, key in enumerate(posting.places, start=40_000)]
    return {
        **(dict.fromkeys(texts) if untold else texts),
        **{key: places[0][key] for key in ("city", "country", "country_code", "state_code", "postal_code")},
        "id": int(posting.identifier),
        "guid": f"{posting.serial:05x}",
        "slug": slug,
        "position": posting.serial,
        "status": "published",
        "company_name": board.company.name,
        "careers_url": f"{site}/o/{slug}",
        "careers_apply_url": f"{site}/o/{slug}/c/new",
        "created_at": _utc(posting.created()),
        "published_at": _utc(posting.published(day)),
        "updated_at": _utc(max(wording.edited, posting.published(day))),
        "close_at": None,
        "translations": {"en": {**texts, "highlight": None}},
        "location": ", ".join(filter(None, (places[0]["city"], places[0]["state"], places[0]["country"]))),
        "locations": [] if posting.serial % 12 == 5 else places,
        "state_name": places[0]["state"],
        "remote": posting.serial % 9 == 3,
        "hybrid": posting.serial % 2 == 0,
        "on_site": posting.serial % 3 == 0,
        "employment_type_code": _CODES[posting.kind],
        "experience_code": "mid_level",
        "education_code": ("bachelor_degree", "professional", None)[posting.serial % 3],
        "category_code": "information_technology",
        "department": posting.unit,
        "tags": [],
        "min_hours": 32,
        "max_hours": 40,
        "salary": _salary(posting),
        "mailbox_email": f"job.{posting.serial:05x}@{board.token}.recruitee.com",
        "open_questions": [
            {"id": posting.serial, "kind": "string", "body": "Where do you live now?", "required": True}
        ],
        "options_phone": "required",
        "dynamic_fields": [],
    }


def _place(number: int, key: str) -> dict[str, Any]:
    city = CITIES[key]
    return {
        "id": number,
        "name": city.name,
        "city": city.locality,
        "state": city.region or None,
        "state_code": None,
        "country": city.country,
        "country_code": city.iso,
        "postal_code": None,
        "street": None,
        "note": None,
    }


def _salary(posting: Posting) -> dict[str, str | None]:
    """Return pay in strings, all null where none is stated."""
    if posting.pay is None:
        return dict.fromkeys(("min", "max", "period", "currency"))
    pay = posting.pay
    return {"min": str(pay.low), "max": str(pay.high), "period": _PERIODS[pay.unit], "currency": pay.currency}


def _list(sentences: tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li><p>{html.escape(text)}</p></li>' for text in sentences)}</ul>"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


SYSTEM = System(
    name="recruitee",
    url=r"https://(?P<token>[a-z0-9-]+)\.recruitee\.com",
    specimen="https://specimen-{0:03}.recruitee.com",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=_HOST, methods=["GET"]),
        Rule("/api/offers", endpoint=offers, host=_HOST, methods=["GET"]),
        Rule("/api/offers/<identifier>", endpoint=offer, host=_HOST, methods=["GET"]),
    ],
    total=False,
    identifier=lambda dice: str(dice.randrange(1_000_000_000, 2_999_999_999)),
)
