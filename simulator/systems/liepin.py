"""Liepin: a search in JSON for those who carry a visit's token; recruiters' names stand in it twice."""

from __future__ import annotations

import json
import random
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from postings.facts.dates import BEIJING
from simulator.context import Context, Listing, json_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System
from simulator.systems.sites import brand, pay_words, robots

HOST, API = "www.liepin.com", "api-c.liepin.com"
PAGE = 40


def search(context: Context) -> Response:
    """Respond with a page of a search."""
    if "X-Xsrf-Token" not in context.request.headers:
        return json_response({"flag": 0, "errorCode": "40001", "msg": "请求过于频繁"})
    query = json.loads(context.request.get_data())["data"]["mainSearchPcConditionForm"]
    listing = context.listing(HOST, query.get("key", ""))
    found = listing.page(query.get("currentPage", 0) * PAGE, PAGE) if listing else None
    total = found.total if found else 0
    cards = [_card(listing, posting) for posting in found.rows] if listing and found else []
    pages = {"currentPage": query.get("currentPage", 0), "totalCounts": total, "totalPage": -(-total // PAGE)}
    return json_response({"flag": 1, "data": {"data": {"jobCardList": cards}, "pagination": pages}})


def _card(listing: Listing, posting: Posting) -> dict[str, Any]:
    place = CITIES[posting.places[0]]
    return {
        "comp": {"compId": 1, "compName": brand(listing.board, posting), "compScale": "100-499人"},
        "dataParams": '{"recruiterName":"某女士"}',
        "job": {
            "jobId": posting.identifier,
            "title": posting.wording(listing.day).title,
            "dq": f"{place.region_zh}-{place.locality_zh}",
            "salary": pay_words(posting).replace("K", "k"),
            "jobKind": "2",
            "requireWorkYears": "3-5年",
            "requireEduLevel": "本科",
            "labels": ["本科"],
            "link": f"https://www.liepin.com/job/{posting.identifier}.shtml",
            "refreshTime": f"{posting.published(listing.day).astimezone(BEIJING):%Y%m%d%H%M%S}",
        },
        "recruiter": {"recruiterName": "某女士", "recruiterTitle": "猎头顾问", "imId": "0"},
    }


def _identifier(dice: random.Random) -> str:
    return str(dice.randrange(1_900_000_000, 2_000_000_000))


SYSTEM = System(
    name="liepin",
    url=r"https://www\.liepin\.com/zhaopin/\?key=(?P<token>[^&]+)",
    specimen="https://www.liepin.com/zhaopin/?key=specimen-{0:03}",
    rules=[
        *(Rule("/robots.txt", endpoint=robots, host=host, methods=["GET"]) for host in (HOST, API)),
        Rule("/api/com.liepin.searchfront4c.pc-search-job", endpoint=search, host=API, methods=["POST"]),
    ],
    language="zh",
    page=PAGE,
    detail=False,
    knows_absence=False,
    provable=False,
    identifier=_identifier,
)
