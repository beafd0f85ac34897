"""SmartRecruiters: pages of a hundred, a detail a posting; an unknown board looks empty, and robots.txt forbids all."""

from __future__ import annotations

import html
import random
import re
import uuid
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.board import Board
from simulator.context import Context, Listing, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

API_HOST = "api.smartrecruiters.com"
BOARD_HOST = "jobs.smartrecruiters.com"
MAX_LIMIT = 100


def postings(context: Context, company: str) -> Response:
    """Respond with a page of the list; a company that is not there has none."""
    offset = context.request.args.get("offset", 0, type=int)
    limit = min(context.request.args.get("limit", MAX_LIMIT, type=int), MAX_LIMIT)
    listing = context.listing(BOARD_HOST, company.lower())
    if listing is None:
        return json_response(_page(offset, limit, 0, []))

    def build() -> dict[str, Any]:
        page = listing.page(offset, limit)
        return _page(offset, limit, page.total, [_listed(listing, posting) for posting in page.rows])

    return json_response(context.body(listing, ("postings", offset, limit), build))


def posting(context: Context, company: str, identifier: str) -> Response:
    """Respond with one posting."""
    listing = context.listing(BOARD_HOST, company.lower())
    found = listing and listing.find(identifier)
    if not listing or not found:
        message = f"[MDC: ppa-{context.nonce}] Response code: 404. Reason: Resource not found"
        error = {"id": _uuid(context.nonce), "httpCode": 404, "code": "RESOURCE_NOT_FOUND", "message": message}
        return json_response(error, 404)
    return json_response(_detail(listing, found))


def departments(context: Context, company: str) -> Response:
    """Respond with the departments, whose ids are numbers here."""
    listing = context.listing(BOARD_HOST, company.lower())
    names = sorted({row.unit for row in listing.rows}) if listing else []
    content = [{"id": _number(name), "label": name, "archived": False} for name in names]
    return json_response({"totalFound": len(content), "content": content})


def robots(context: Context) -> Response:
    """Respond with robots.txt, which lets one crawler in."""
    return text_response("User-agent: LinkedInBot\nAllow: /v1/companies/\n\nUser-agent: *\nDisallow: /\n")


def _page(offset: int, limit: int, total: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"offset": offset, "limit": limit, "totalFound": total, "content": rows}


def _common(listing: Listing, posting: Posting) -> dict[str, Any]:
    """Return what the list and the detail have in common."""
    board, day = listing.board, listing.day
    # What the world hides is here a further ad of another job, for readers of another language.
    job = posting.serial + 1 if posting.hidden else posting.serial
    title = posting.wording(day).title
    level = {"intern": ("internship", "Internship")}.get(posting.kind, ("not_applicable", "Not Applicable"))
    return {
        "id": posting.identifier,
        "name": f"{title} " if posting.serial % 7 == 2 else title,
        "uuid": _uuid(posting.identifier),
        "jobAdId": _uuid(f"ad {posting.identifier}"),
        "defaultJobAd": not posting.hidden,
        "refNumber": f"REF{job}{chr(65 + job % 26)}",
        "company": {"identifier": board.token.title(), "name": board.company.name},
        "location": _location(posting),
        "customField": _fields(board, posting),
        "releasedDate": posting.published(day).strftime("%Y-%m-%dT%H:%M:%S.072Z"),
        "industry": {"id": "computer_software", "label": "Computer Software"},
        "function": {"id": "engineering", "label": "Engineering"} if posting.serial % 5 else {},
        "experienceLevel": {"id": level[0], "label": level[1]},
        # Interns too are permanent, until one reads the company's own field.
        "typeOfEmployment": {"id": "permanent", "label": "Full-time"},
        "visibility": "PUBLIC",
        "language": {"code": "de", "label": "German"} if posting.hidden else {"code": "en", "label": "English"},
    }


def _listed(listing: Listing, posting: Posting) -> dict[str, Any]:
    department = {"id": str(_number(posting.unit)), "label": posting.unit} if posting.serial % 8 else {}
    ref = f"https://{API_HOST}/v1/companies/{listing.board.token}/postings/{posting.identifier}"
    return {**_common(listing, posting), "department": department, "ref": ref}


def _detail(listing: Listing, posting: Posting) -> dict[str, Any]:
    board, wording = listing.board, posting.wording(listing.day)
    slug = re.sub(r"[\W_]+", "-", wording.title.lower()).strip("-")
    address = f"https://{BOARD_HOST}/{board.token.title()}/{posting.identifier}-{slug}"
    sections = {
        "companyDescription": {"title": "Company Description", "text": f"<p>{html.escape(board.company.about)}</p>"},
        "jobDescription": {"title": "Job Description", "text": _list(wording.duties)},
        "qualifications": {"title": "Qualifications", "text": _list(wording.requirements)},
        "additionalInformation": {"title": "Additional Information", "text": ""},
        "videos": {"title": "", "urls": []},
    }
    detail = {
        **_common(listing, posting),
        "jobId": _uuid(f"job {posting.serial}"),
        "department": {"id": _number(posting.unit), "label": posting.unit} if posting.serial % 8 else {},
        "creator": {"name": "", "avatarUrl": ""},
        "postingUrl": address,
        "applyUrl": f"{address}?oga=true",
        "jobAd": {"sections": sections},
        "active": True,
        "compensation": None,
    }
    if pay := posting.pay:
        period = "HOURLY" if pay.unit == "HOUR" else "YEARLY"
        detail["compensation"] = {"min": pay.low, "max": pay.high, "currency": pay.currency, "period": period}
    return detail


def _list(sentences: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{html.escape(text)}&#xa0;</li>" for text in sentences) + "</ul>"


def _location(posting: Posting) -> dict[str, Any]:
    city, remote = CITIES[posting.places[0]], posting.serial % 10 == 4
    locality, region = (city.country, "REMOTE") if remote else (city.locality, city.region)
    return {
        "city": locality,
        "region": region,
        "country": city.iso.lower(),
        "remote": remote,
        "hybrid": False,
        "fullLocation": f"{locality}, {region}, {city.country}",
    }


def _fields(board: Board, posting: Posting) -> list[dict[str, Any]]:
    country = CITIES[posting.places[0]]
    fields = [
        {
            "fieldId": "COUNTRY",
            "fieldLabel": "Country/Region",
            "valueId": country.iso.lower(),
            "valueLabel": country.country,
        },
        {"fieldId": "58b7e4d3", "fieldLabel": "Department", "valueId": "1", "valueLabel": posting.unit},
    ]
    if posting.kind == "intern" and posting.serial % 2:
        fields.append({"fieldId": "5d9f91b4", "fieldLabel": "Position type", "valueLabel": "Intern"})
    return fields


def _uuid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def _number(name: str) -> int:
    return uuid.uuid5(uuid.NAMESPACE_URL, name).int % 9_000_000 + 1_000_000


def _identifier(dice: random.Random) -> str:
    return f"744000{dice.randrange(10**9):09}"


_LIST = "/v1/companies/<company>/postings"

SYSTEM = System(
    name="smartrecruiters",
    url=r"https://jobs\.smartrecruiters\.com/(?P<token>[^/]+)",
    specimen=f"https://{BOARD_HOST}/specimen-{{0:03}}",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=API_HOST, methods=["GET"]),
        Rule(_LIST, endpoint=postings, host=API_HOST, methods=["GET"]),
        Rule(f"{_LIST}/<identifier>", endpoint=posting, host=API_HOST, methods=["GET"]),
        Rule("/v1/companies/<company>/departments", endpoint=departments, host=API_HOST, methods=["GET"]),
    ],
    page=MAX_LIMIT,
    knows_absence=False,
    identifier=_identifier,
)
