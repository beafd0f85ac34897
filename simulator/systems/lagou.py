"""Lagou: a search in JSON for those who carry the cookies of a visit; dates may be relative to the day."""

from __future__ import annotations

import random
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from postings.facts.dates import BEIJING
from simulator.context import Context, Listing, json_response
from simulator.places import CITIES
from simulator.posting import Posting, observed_at
from simulator.system import System
from simulator.systems.sites import brand, pay_words, robots

HOST = "www.lagou.com"
PAGE = 15


def positions(context: Context) -> Response:
    """Respond with a page of a search."""
    if not context.request.cookies:
        return json_response(
            {"status": False, "msg": "您操作太频繁,请稍后再访问", "clientIp": "127.0.0.1", "state": 2402}
        )
    form = context.request.form
    listing = context.listing(HOST, form.get("kd", ""))
    found = listing.page((form.get("pn", 1, type=int) - 1) * PAGE, PAGE) if listing else None
    result = {
        "totalCount": found.total if found else 0,
        "resultSize": len(found.rows) if found else 0,
        "result": [_record(listing, posting) for posting in found.rows] if listing and found else [],
    }
    return json_response({"success": True, "code": 0, "msg": None, "content": {"positionResult": result}})


def _record(listing: Listing, posting: Posting) -> dict[str, Any]:
    place, published = CITIES[posting.places[0]], posting.published(listing.day).astimezone(BEIJING)
    today = published.date() == observed_at(listing.day).astimezone(BEIJING).date()
    pay = pay_words(posting)
    return {
        "positionId": int(posting.identifier),
        "positionName": posting.wording(listing.day).title,
        "companyFullName": f"{brand(listing.board, posting)}有限公司",
        "companyShortName": brand(listing.board, posting),
        "companyId": 1,
        "city": place.region_zh,
        "district": place.locality_zh,
        "salary": pay.lower() if posting.serial % 2 else pay,
        "workYear": "1-3年",
        "education": "本科",
        "jobNature": "实习" if posting.kind == "intern" else "全职",
        "createTime": f"今天 {published:%H:%M}" if today else f"{published:%Y-%m-%d %H:%M:%S}",
        "formatCreateTime": f"{published:%Y-%m-%d}",
        "positionLables": [],
    }


def _identifier(dice: random.Random) -> str:
    return str(dice.randrange(3_000_000, 9_000_000))


SYSTEM = System(
    name="lagou",
    url=r"https://www\.lagou\.com/wn/jobs\?kd=(?P<token>[^&]+)",
    specimen="https://www.lagou.com/wn/jobs?kd=specimen-{0:03}",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=HOST, methods=["GET"]),
        Rule("/jobs/positionAjax.json", endpoint=positions, host=HOST, methods=["POST"]),
    ],
    language="zh",
    page=PAGE,
    detail=False,
    knows_absence=False,
    provable=False,
    identifier=_identifier,
)
