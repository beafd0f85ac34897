"""Greenhouse: a whole board in one response with an ETag, its HTML entity-encoded inside the JSON."""

from __future__ import annotations

import hashlib
import html
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.board import Board
from simulator.context import Context, Listing, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

API_HOST = "boards-api.greenhouse.io"
BOARD_HOST = "job-boards.greenhouse.io"

_ZONE = ZoneInfo("America/New_York")
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$"}


def board(context: Context, token: str) -> Response:
    """Respond with the board's own record."""
    listing = context.listing(BOARD_HOST, token)
    if listing is None:
        return _not_found()
    company = listing.board.company
    return json_response({"name": company.name, "content": html.escape(f"<p>{company.about}</p>")})


def jobs(context: Context, token: str) -> Response:
    """Respond with the list; ``content`` and ``pay_transparency`` add their keys."""
    listing = context.listing(BOARD_HOST, token)
    if listing is None:
        return _not_found()
    content, pay = _flag(context, "content"), _flag(context, "pay_transparency")

    def build() -> dict[str, Any]:
        page = listing.page()
        rows = [_record(listing, posting, content=content, pay=pay) for posting in page.rows]
        return {"jobs": rows, "meta": {"total": page.total}}

    response = json_response(context.body(listing, ("jobs", content, pay), build))
    response.headers["Cache-Control"] = "max-age=0, private, must-revalidate"
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32], weak=True)
    return response.make_conditional(context.request.environ)


def job(context: Context, token: str, identifier: str) -> Response:
    """Respond with one posting."""
    listing = context.listing(BOARD_HOST, token)
    posting = listing and listing.find(identifier)
    if not listing or not posting:
        return _not_found()
    record = _record(listing, posting, content=True, pay=_flag(context, "pay_transparency"))
    if _flag(context, "questions"):
        name = {"name": "first_name", "type": "input_text", "values": []}
        question = {"description": None, "label": "First Name", "required": True, "fields": [name]}
        query = {"questions": [question], "location_questions": [], "compliance": []}
        record |= query | {"demographic_questions": None}
    return json_response(record)


def robots(context: Context) -> Response:
    """Respond with robots.txt."""
    return text_response("User-agent: *\nDisallow: /embed/\n")


def _not_found() -> Response:
    return json_response({"status": 404, "error": "Job not found"}, 404)


def _flag(context: Context, name: str) -> bool:
    return context.request.args.get(name) == "true"


def _record(listing: Listing, posting: Posting, *, content: bool, pay: bool) -> dict[str, Any]:
    board, day = listing.board, listing.day
    number = int(posting.identifier)
    wording = posting.wording(day)
    record = {
        "absolute_url": _absolute_url(board, posting),
        "data_compliance": [_compliance()],
        "internal_job_id": None if posting.prospect else number - 1_000_000_000,
        "location": {"name": _location(posting)},
        "metadata": _metadata(posting),
        "id": number,
        "updated_at": _date(max(wording.edited, posting.published(day))),
        "requisition_id": None if posting.prospect else str(100 + posting.serial // 2),
        "title": f"{wording.title} " if posting.serial % 8 == 3 else wording.title,
        "company_name": board.company.name,
        "first_published": None if posting.prospect else _date(posting.created()),
        "language": "en",
        "application_deadline": None,
    }
    if posting.serial % 6 == 5:
        record["education"] = "education_optional"
    if content:
        offices = [] if posting.serial % 13 == 7 else [_office(key, posting) for key in posting.places]
        record |= {
            "content": html.escape(_html(listing, posting)),
            "departments": [] if posting.prospect else [_unit(4_000_000 + len(posting.role), posting.unit)],
            "offices": offices,
            "ai_disclaimer": None,
            "include_ai_disclaimer": None,
            "ai_opt_out_request_url": None,
        }
    if pay:
        record["pay_input_ranges"] = _pay_ranges(posting)
    return record


def _absolute_url(board: Board, posting: Posting) -> str:
    """Return the posting's page: with Greenhouse, or on the company's own site."""
    if posting.serial % 4 == 1:
        return f"https://careers.{board.token}.example/open-roles?gh_jid={posting.identifier}"
    return f"https://{BOARD_HOST}/{board.token}/jobs/{posting.identifier}"


def _location(posting: Posting) -> str:
    """Return the places as somebody typed them; some name the way of working in their stead."""
    if posting.serial % 11 == 6:
        return "Remote"
    names = [CITIES[key].name for key in posting.places]
    return (" | " if posting.serial % 2 else "; ").join(names) + (" " if posting.serial % 10 == 9 else "")


def _metadata(posting: Posting) -> list[dict[str, Any]] | None:
    if posting.serial % 3 == 2:
        return None
    kind = "Intern" if posting.kind == "intern" else "Full-time"
    model = ("Hybrid", "On-Site", None)[posting.serial // 3 % 3]
    return [
        {"id": 4036944, "name": "Workplace Type", "value": model, "value_type": "single_select"},
        {"id": 4036945, "name": "Employment Type", "value": [kind], "value_type": "multi_select"},
        {"id": 4036946, "name": "Visa sponsorship", "value": True, "value_type": "yes_no"},
    ]


def _compliance() -> dict[str, Any]:
    return {
        "type": "gdpr",
        "requires_consent": False,
        "requires_processing_consent": False,
        "requires_retention_consent": False,
        "retention_period": None,
        "demographic_data_consent_applies": False,
    }


def _unit(number: int, name: str) -> dict[str, Any]:
    return {"id": number, "name": name, "child_ids": [], "parent_id": None}


def _office(key: str, posting: Posting) -> dict[str, Any]:
    city = CITIES[key]
    full = None if posting.serial % 5 == 0 else f"{city.locality}, {city.region}, {city.country}"
    return _unit(5_000_000 + sorted(CITIES).index(key), city.name) | {"location": full}


def _html(listing: Listing, posting: Posting) -> str:
    """Return the text as HTML, before its tags are entity-encoded for the JSON."""
    wording, company = posting.wording(listing.day), listing.board.company
    duties = "".join(f"<li>{html.escape(text)}</li>" for text in wording.duties)
    wanted = "".join(f"<li>{html.escape(text)}</li>" for text in wording.requirements)
    about = f"<h2>About {html.escape(company.name)}</h2>\n<p>{html.escape(company.about)}&nbsp;</p>"
    return (
        f'<div class="content-intro">{about}</div>'
        f"<h2>What you&#39;ll do</h2>\n<ul>\n{duties}\n</ul>\n"
        f"<h2>What we look for</h2>\n<ul>\n{wanted}\n</ul>"
        f"{_pay_block(posting)}"
        '<div class="content-conclusion"><p>We welcome applicants of every background &amp; origin.</p></div>'
    )


def _pay_block(posting: Posting) -> str:
    if posting.pay is None:
        return ""
    sign = _SIGNS[posting.pay.currency]
    return (
        '<div class="content-pay-transparency"><div class="pay-input"><div class="description">'
        f'<p>{_PAY_NOTE}</p></div><div class="title">{_pay_title(posting)}</div><div class="pay-range">'
        f'<span>{sign}{posting.pay.low:,}</span><span class="divider">&mdash;</span>'
        f"<span>{sign}{posting.pay.high:,} {posting.pay.currency}</span></div></div></div>"
    )


_PAY_NOTE = "What we expect to pay for this position; the offer depends on experience."


def _pay_title(posting: Posting) -> str:
    return "Hourly Rate:" if posting.pay and posting.pay.unit == "HOUR" else "Annual Salary:"


def _pay_ranges(posting: Posting) -> list[dict[str, Any]]:
    if posting.pay is None:
        return []
    return [
        {
            "min_cents": posting.pay.low * 100,
            "max_cents": posting.pay.high * 100,
            "currency_type": posting.pay.currency,
            "title": _pay_title(posting),
            "blurb": f"<p>{_PAY_NOTE}</p>",
        }
    ]


def _date(moment: datetime) -> str:
    return moment.astimezone(_ZONE).isoformat(timespec="seconds")


_JOBS = "/v1/boards/<token>/jobs"
_RULES = [
    Rule("/robots.txt", endpoint=robots, host=API_HOST, methods=["GET"]),
    Rule("/v1/boards/<token>", endpoint=board, host=API_HOST, methods=["GET"]),
    Rule(_JOBS, endpoint=jobs, host=API_HOST, methods=["GET"]),
    Rule(f"{_JOBS}/<identifier>", endpoint=job, host=API_HOST, methods=["GET"]),
]

SYSTEM = System(
    name="greenhouse",
    url=r"https://job-boards\.greenhouse\.io/(?P<token>[^/]+)",
    specimen="https://job-boards.greenhouse.io/specimen-{0:03}",
    rules=_RULES,
    embed='<div id="grnhse_app"></div><script src="https://boards.greenhouse.io/embed/job_board/js?for={token}"></script>',
    identifier=lambda dice: str(dice.randrange(4_000_000_000, 6_999_999_999)),
)
