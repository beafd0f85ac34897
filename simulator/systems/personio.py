"""Personio: an XML feed of a company's whole board, each text only in the language that it is written in."""

from __future__ import annotations

import html

from werkzeug.routing import Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from simulator.board import Board
from simulator.context import Context, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

MARKETING = "https://www.personio.com/"
LANGUAGES = ("de", "en", "fr", "es", "nl", "it", "pt")

_DEFAULT_LANGUAGE = "en"
_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>HR software</title></head><body><h1>All of HR in one place</h1></body></html>"
)
_KINDS = {"full-time": "permanent", "intern": "working_student", "either": "trainee"}


def feed(context: Context, company: str) -> Response:
    """Respond with the feed; who asks for a company that is not there is sent to what Personio sells."""
    listing = context.listing(context.host, company)
    if listing is None:
        return redirect(MARKETING)
    query = context.request.args.get("language", _DEFAULT_LANGUAGE)
    language = query if query in LANGUAGES else _DEFAULT_LANGUAGE
    positions = "".join(_position(listing.board, row, listing.day, language) for row in listing.page().rows)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<workzag-jobs>{positions}</workzag-jobs>\n'
    return Response(text, content_type="text/xml; charset=UTF-8")


def marketing(context: Context) -> Response:
    """Respond with Personio's own front page."""
    return Response(_PAGE, content_type="text/html; charset=utf-8")


def robots(context: Context, company: str) -> Response:
    """Respond with that a company has no robots.txt."""
    return text_response("Not Found", 404)


def _position(board: Board, posting: Posting, day: int, language: str) -> str:
    wording = posting.wording(day)
    offices = [CITIES[key].name for key in posting.places] + (["Remote"] if posting.serial % 11 == 5 else [])
    more = "".join(_element("office", office) for office in offices[1:])
    fields = [
        _element("id", posting.identifier),
        _element("subcompany", board.company.name) if posting.serial % 3 else "",
        _element("office", offices[0]),
        f"<additionalOffices>{more}</additionalOffices>" if more or posting.serial % 4 == 0 else "",
        _element("department", posting.unit) if posting.serial % 8 else "",
        _element("recruitingCategory", "Permanent Employee"),
        _element("name", f"{wording.title} (d/f/m)"),
        f"<jobDescriptions>{_sections(board, posting, day, language)}</jobDescriptions>",
        _element("employmentType", _KINDS[posting.kind]),
        _element("seniority", "student" if posting.kind == "intern" else "experienced"),
        _element("schedule", ("full-time", "part-time", "full-or-part-time")[posting.serial % 3]),
        _element("yearsOfExperience", "2-5") if posting.serial % 5 else "",
        _element("keywords", f"{posting.unit},{wording.title}"),
        _element("occupation", "software_and_web_development"),
        _element("occupationCategory", "it_software"),
        _element("createdAt", posting.created().isoformat(timespec="seconds")),
    ]
    return f"\n<position>{''.join(fields)}</position>\n"


def _sections(board: Board, posting: Posting, day: int, language: str) -> str:
    """Return the text, or nothing in a language that it is not written in."""
    if language != ("de" if posting.serial % 10 == 6 else "fr" if posting.serial % 50 == 8 else _DEFAULT_LANGUAGE):
        return ""
    wording = posting.wording(day)
    about = f"<p>{html.escape(board.company.about)}</p><!-- </value></jobDescription></position> -->"
    parts = {
        "About us": about,
        "What you'll do": _list(wording.duties),
        "Who you are": _list(wording.requirements),
    }
    return "".join(
        f"<jobDescription>{_element('name', name)}<value>\n<![CDATA[\n{text}\n]]>\n</value></jobDescription>"
        for name, text in parts.items()
    )


def _element(name: str, text: str) -> str:
    return f"<{name}>{html.escape(text).replace('&#x27;', '&#039;')}</{name}>"


def _list(sentences: tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{html.escape(text)}</li>' for text in sentences)}</ul>"


_RULES = [
    rule
    for host in ("<company>.jobs.personio.de", "<company>.jobs.personio.com")
    for rule in (
        Rule("/robots.txt", endpoint=robots, host=host, methods=["GET"]),
        Rule("/xml", endpoint=feed, host=host, methods=["GET"]),
    )
]

SYSTEM = System(
    name="personio",
    url=r"https://(?P<token>[a-z0-9-]+)\.jobs\.personio\.(?:de|com)",
    specimen="https://specimen-{0:03}.jobs.personio.de",
    rules=[*_RULES, Rule("/", endpoint=marketing, host="www.personio.com", methods=["GET"])],
    total=False,
    detail=False,
    identifier=lambda dice: str(dice.randrange(1_000_000_000, 2_999_999_999)),
)
