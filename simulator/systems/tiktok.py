"""TikTok's site and ByteDance's international one: Feishu's records on a public path, in English, without dates."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.context import Context, json_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System
from simulator.systems import feishu
from simulator.systems import feishu_records as records

_SITES = {("api.lifeattiktok.com", "tiktok"): "lifeattiktok", ("jobs.bytedance.com", "en"): "joinbytedance"}
"""The sites by the host and the header that names them."""


def postings(context: Context) -> Response:
    """Respond with a site's list; without the header that names the site a request makes no sense."""
    token = _SITES.get((context.host, context.request.headers.get("website-path", "")))
    if token is None:
        return json_response({"code": 1, "message": "invalid request"}, 400)
    listing = context.listing(f"{token}.com", token)
    if listing is None:
        return feishu.no_such_site()
    query = feishu.parse_query(context)
    if query is None:
        return feishu.failure(-4000001, "")
    board, day = listing.board, listing.day

    def record(posting: Posting) -> dict[str, Any]:
        written = records.list_record(board, posting, day, function=False, with_city=False)
        return written | {"city_info": _place(posting.places[0]), "city_list": None, "publish_time": None}

    return feishu.search(context, listing, query, record)


def _place(key: str) -> dict[str, Any]:
    """Return a city under its state and its country; a city that is a state names itself twice."""
    city = CITIES[key]
    node: dict[str, Any] | None = None
    for name in (city.country, city.region, city.locality):
        node = {"code": f"CT_{len(name)}", "name": name, "en_name": name, "parent": node} if name else node
    return node or {}


_LIST = "/api/v1/public/supplier/search/job/posts"

SYSTEM = System(
    name="tiktok",
    url=r"https://(?P<token>lifeattiktok|joinbytedance)\.com",
    specimen="https://lifeattiktok.com",
    rules=[Rule(_LIST, endpoint=postings, host=host, methods=["POST"]) for host, _ in _SITES],
    page=100,
    detail=False,
    identifier=records.identifier,
)
