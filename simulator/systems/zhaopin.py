"""Zhaopin: a search in JSON without texts; a campus posting shows 校招 where others state pay."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from postings.facts.dates import BEIJING
from simulator.context import Context, Listing, json_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System
from simulator.systems.sites import brand, pay_words, robots

HOST, API = "sou.zhaopin.com", "fe-api.zhaopin.com"
PAGE = 90


def search(context: Context) -> Response:
    """Respond with a stretch of a search."""
    args = context.request.args
    listing = context.listing(HOST, args.get("kw", ""))
    found = (
        listing.page(args.get("start", 0, type=int), min(args.get("pageSize", PAGE, type=int), PAGE))
        if listing
        else None
    )
    rows = [_record(listing, posting) for posting in found.rows] if listing and found else []
    return json_response({"code": 200, "data": {"numFound": found.total if found else 0, "results": rows}})


def _record(listing: Listing, posting: Posting) -> dict[str, Any]:
    place, published = CITIES[posting.places[0]], posting.published(listing.day).astimezone(BEIJING)
    campus = posting.kind == "graduate" or posting.serial % 13 == 6
    clock = "%Y-%m-%d %H:%M:%S"
    return {
        "number": posting.identifier,
        "jobType": {"items": [], "display": posting.unit},
        "company": {"number": "CZ000000001", "name": brand(listing.board, posting), "size": {"name": "20-99人"}},
        "positionURL": f"https://jobs.zhaopin.com/{posting.identifier}.htm",
        "workingExp": {"code": "103", "name": "1-3年"},
        "eduLevel": {"code": "4", "name": "本科"},
        "salary": "校招" if campus else pay_words(posting, "薪资面议"),
        "emplType": "校园" if campus else "实习" if posting.kind == "intern" else "全职",
        "jobName": posting.wording(listing.day).title,
        "recruitCount": posting.serial % 3,
        "city": {
            "items": [{"code": "1", "name": place.region_zh}, {"code": "2", "name": place.locality_zh}],
            "display": f"{place.region_zh}-{place.locality_zh}",
        },
        "createDate": f"{published:{clock}}",
        "updateDate": f"{published:{clock}}",
        "endDate": f"{published + timedelta(days=400):{clock}}",
        "timeState": "最新",
        "feedbackRation": 0.6,
        "rate": "60%",
    }


def _identifier(dice: random.Random) -> str:
    return f"CC{dice.randrange(10**9):09}J{dice.randrange(10**11):011}"


SYSTEM = System(
    name="zhaopin",
    url=r"https://sou\.zhaopin\.com/\?kw=(?P<token>[^&]+)",
    specimen="https://sou.zhaopin.com/?kw=specimen-{0:03}",
    rules=[
        *(Rule("/robots.txt", endpoint=robots, host=host, methods=["GET"]) for host in (HOST, API)),
        Rule("/c/i/sou", endpoint=search, host=API, methods=["GET"]),
    ],
    language="zh",
    page=PAGE,
    detail=False,
    knows_absence=False,
    provable=False,
    identifier=_identifier,
)
