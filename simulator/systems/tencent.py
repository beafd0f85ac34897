"""Tencent: a list paged by number whose posts are null past its end, and a page for each post."""

from __future__ import annotations

import random
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.routing import Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from simulator.board import Board
from simulator.context import Context, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

HOST = "careers.tencent.com"
MAX_SIZE = 100

_BEIJING = ZoneInfo("Asia/Shanghai")
_API = "/tencentcareer/api/post"


def query(context: Context) -> Response:
    """Respond with the list: pages from 1 on, null in the place of an empty one."""
    listing = context.listing(HOST, "")
    if listing is None:
        return text_response("Not Found", 404)
    index, size = (
        context.request.args.get(name, usual, type=int) for name, usual in (("pageIndex", 1), ("pageSize", 10))
    )
    size = min(size, MAX_SIZE)

    def build() -> dict[str, Any]:
        page = listing.page((index - 1) * size, size)
        posts = [_record(listing.board, posting, listing.day) for posting in page.rows]
        return {"Code": 200, "Data": {"Count": page.total, "Posts": posts or None}}

    return json_response(context.body(listing, ("query", index, size), build))


def by_post_id(context: Context) -> Response:
    """Respond with one post, with what applicants must bring; one that is offline with HTTP 500."""
    listing = context.listing(HOST, "")
    found = listing and listing.find(context.request.args.get("postId", ""))
    if not listing or not found:
        return json_response({"Code": 500, "Data": None, "Message": "E1005"}, 500)
    requirement = "\r\n".join(found.wording(listing.day).requirements)
    data = _record(listing.board, found, listing.day) | {"Requirement": requirement, "ImportantItem": None}
    return json_response({"Code": 200, "Data": data})


def robots(context: Context) -> Response:
    """Send a robot to the site's page for what is not there: it has no robots.txt."""
    return redirect(f"https://{HOST}/404.html")


def not_found(context: Context) -> Response:
    """Respond with that page."""
    return Response("<!doctype html><title>404</title>", content_type="text/html; charset=utf-8")


def _record(board: Board, posting: Posting, day: int) -> dict[str, Any]:
    wording, city = posting.wording(day), CITIES[posting.places[0]]
    number = 30_000 + posting.serial
    elsewhere = posting.serial % 10 == 4
    url = f"http://{HOST}/jobdesc.html?postId={posting.identifier}"
    edited = max(wording.edited, posting.published(day)).astimezone(_BEIJING)
    return {
        "Id": 0,
        "PostId": posting.identifier,
        "RecruitPostId": number,
        "RecruitPostName": f"{number}-{wording.title}" if posting.serial % 11 == 5 else wording.title,
        "CountryName": city.country_zh,
        "LocationName": city.region_zh.removesuffix("市") or city.locality_zh,
        "BGName": posting.unit,
        "ProductName": "",
        "CategoryName": posting.unit,
        "ComCode": "",
        "ComName": board.company.name,
        "Responsibility": ("\n" if posting.serial % 2 else "\r\n").join(wording.duties),
        "LastUpdateTime": f"{edited:%Y年%m月%d日}",
        "PostURL": f"https://tencent.wd1.myworkdayjobs.com/job/{number}" if elsewhere else url,
        "SourceID": 4 if elsewhere else 1,
        "RequireWorkYearsName": "三年以上工作经验",
        "IsCollect": False,
        "IsValid": True,
    }


def _identifier(dice: random.Random) -> str:
    """Return 19 digits: more than a floating-point number holds."""
    return str(dice.randrange(10**18, 3 * 10**18))


SYSTEM = System(
    name="tencent",
    url=r"https://careers\.tencent\.com(?P<token>)",
    specimen=f"https://{HOST}",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=HOST, methods=["GET"]),
        Rule("/404.html", endpoint=not_found, host=HOST, methods=["GET"]),
        Rule(f"{_API}/Query", endpoint=query, host=HOST, methods=["GET"]),
        Rule(f"{_API}/ByPostId", endpoint=by_post_id, host=HOST, methods=["GET"]),
    ],
    language="zh",
    page=MAX_SIZE,
    identifier=_identifier,
)
