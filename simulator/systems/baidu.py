"""Baidu: three lists requested by form, whose total is a text and whose pages begin anew beyond the last one."""

from __future__ import annotations

import html
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.board import Board
from simulator.context import Context, Page, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

HOST = "talent.baidu.com"
MAX_SIZE = 20

_BEIJING = ZoneInfo("Asia/Shanghai")
_KINDS = {"intern": "INTERN", "graduate": "GRADUATE"}


def post_list(context: Context) -> Response:
    """Respond with a list: pages from 1 on, and page 1 again in the place of one beyond the last."""
    listing = context.listing(HOST, "")
    if listing is None:
        return text_response("Not Found", 404)
    form = context.request.form
    if not form or "Referer" not in context.request.headers:
        return text_response("Bad Request", 400)
    kind, size, number = form["recruitType"], int(form["pageSize"]), int(form["curPage"])
    if size > MAX_SIZE:
        return json_response({"status": "fail", "message": "pageSize"})

    def stretch(offset: int) -> Page:
        return listing.page(offset, size, lambda posting: _kind(posting) == kind, kind)

    def build() -> dict[str, Any]:
        found, shown = stretch((number - 1) * size), number
        if not found.rows and number > 1:
            found, shown = stretch(0), 1
        pages = -(-found.total // size)
        data = {
            "total": str(found.total),
            "pages": pages,
            "pageNum": shown,
            "pageSize": size,
            "hasNextPage": shown < pages,
            "list": [_record(listing.board, posting, listing.day) for posting in found.rows],
        }
        return {"status": "ok", "message": "", "data": data}

    return json_response(context.body(listing, ("list", kind, size, number), build))


def post_detail(context: Context) -> Response:
    """Respond with one post."""
    listing = context.listing(HOST, "")
    found = listing and listing.find(context.request.args.get("postId", ""))
    if not listing or not found:
        return json_response({"status": "fail", "message": "", "data": None})
    return json_response({"status": "ok", "message": "", "data": _record(listing.board, found, listing.day)})


def _markup(lines: tuple[str, ...], end: str) -> str:
    """Return lines as HTML, whichever way they end."""
    return end.join(html.escape(line, quote=False) for line in lines)


def _kind(posting: Posting) -> str:
    return _KINDS.get(posting.kind, "SOCIAL")


def _record(board: Board, posting: Posting, day: int) -> dict[str, Any]:
    wording, published = posting.wording(day), posting.published(day)
    edited = max(wording.edited, published)
    return {
        "postId": posting.identifier,
        "jobId": f"{posting.identifier[:-12]}{posting.serial // 2:012x}",
        "name": f"{wording.title}（J{70_000 + posting.serial}）",
        "orgName": posting.unit,
        "bgShortName": board.company.name,
        "postType": posting.unit,
        "publishDate": f"{published.astimezone(_BEIJING):%Y-%m-%d}",
        "updateDate": f"{edited.astimezone(_BEIJING):%Y-%m-%d}",
        "recruitNum": str(1 + posting.serial % 5),
        "workContent": _markup(wording.duties, "\n"),
        "serviceCondition": _markup(wording.requirements, "<br>" if posting.serial % 7 == 2 else "\n"),
        "workPlace": ",".join(CITIES[key].region_zh or CITIES[key].locality_zh for key in posting.places),
        "workYears": "",
        "education": "" if posting.serial % 3 else "本科",
        "projectType": "",
        "hotFlag": "0",
    }


SYSTEM = System(
    name="baidu",
    url=r"https://talent\.baidu\.com(?P<token>)",
    specimen=f"https://{HOST}",
    rules=[
        Rule("/httservice/getPostListNew", endpoint=post_list, host=HOST, methods=["POST"]),
        Rule("/httservice/getPostDetail", endpoint=post_detail, host=HOST, methods=["GET"]),
    ],
    language="zh",
    page=MAX_SIZE,
)
