"""Alibaba's portals: a list behind a token that cookie, header and address must repeat, with tracking ids in it."""

from __future__ import annotations

import hashlib
import random
import uuid
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.board import Board
from simulator.context import Context, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

CAPPED_HOST = "careers.aliyun.com"
CAP = 500
"""How many positions of a list that portal gives; it counts them all."""
MAX_SIZE = 100

_PATHS = {"talent-holding.alibaba.com": "", "aidc-jobs.alibaba.com": "/zh", CAPPED_HOST: ""}
_DEGREES = ("bachelor", "master", None)


def page(context: Context) -> Response:
    """Respond with the portal's page, which opens an anonymous session."""
    if context.listing(context.host, "") is None:
        return text_response("Not Found", 404)
    token = str(uuid.UUID(hex=context.nonce * 2))
    script = f'<script>window.__sysconfig = {{"__token__": "{token}"}};</script>'
    response = Response(f"<!doctype html><title>社会招聘</title>{script}", content_type="text/html; charset=utf-8")
    response.set_cookie("XSRF-TOKEN", token, path="/")
    response.set_cookie("SESSION", context.nonce, path="/", httponly=True)
    return response


def search(context: Context) -> Response:
    """Respond with the list: pages from 1 on; past its end the total is 0."""
    if not _repeats_its_token(context):
        return text_response("Forbidden", 403)
    query = context.request.get_json()
    listing = context.listing(context.host, "")
    if listing is None:
        return text_response("Not Found", 404)
    size = min(query.get("pageSize", 10), MAX_SIZE)
    offset = (query.get("pageIndex", 1) - 1) * size
    found = listing.page(offset, size)
    rows, total = found.rows, found.total
    meta = {"pageSize": size, "currentPage": query.get("pageIndex", 1)}
    if context.host == CAPPED_HOST:
        rows = rows[: max(0, CAP - offset)]
        meta = {"pageSize": CAP, "currentPage": 1}
    elif not rows:
        total = 0
    datas = [_record(listing.board, posting, listing.day, context.nonce) for posting in rows]
    return json_response({"success": True, "errorMsg": None, "content": {"datas": datas, "totalCount": total, **meta}})


def detail(context: Context) -> Response:
    """Respond with one position."""
    if not _repeats_its_token(context):
        return text_response("Forbidden", 403)
    listing = context.listing(context.host, "")
    wanted = context.request.get_json().get("id")
    rows = listing.rows if listing else ()
    found = next((posting for posting in rows if _number(posting.identifier) == wanted), None)
    content = _record(listing.board, found, listing.day, context.nonce) if listing and found else None
    return json_response({"success": True, "errorMsg": None, "content": content})


def _repeats_its_token(context: Context) -> bool:
    given = context.request.cookies.get("XSRF-TOKEN")
    repeated = {context.request.headers.get("X-XSRF-TOKEN"), context.request.args.get("_csrf")}
    return bool(given) and repeated == {given}


def _record(board: Board, posting: Posting, day: int, nonce: str) -> dict[str, Any]:
    wording = posting.wording(day)
    number = _number(posting.identifier)
    track = hashlib.sha256(f"{nonce} {number}".encode()).hexdigest()
    published = posting.published(day)
    return {
        "id": number,
        "name": wording.title,
        "description": "\n".join(wording.duties),
        "requirement": "\n".join(wording.requirements),
        "workLocations": [
            CITIES[key].region_zh.removesuffix("市") or CITIES[key].locality_zh for key in posting.places
        ],
        "categories": [] if posting.serial % 4 == 1 else [posting.unit],
        "categoryName": None,
        "experience": {"from": posting.serial % 6, "to": None},
        "degree": _DEGREES[posting.serial % len(_DEGREES)],
        "department": board.company.name,
        "publishTime": int(published.timestamp() * 1000),
        "modifyTime": int(max(wording.edited, published).timestamp() * 1000),
        "trackId": track,
        "positionUrl": f"{board.url}/off-campus/position-detail?positionId={number}&track_id={track}",
        "status": None,
        "positionType": None,
        "batchName": None,
    }


def _number(identifier: str) -> int:
    return int(identifier) if identifier.isdigit() else uuid.UUID(identifier).int % 10**12


def _identifier(dice: random.Random) -> str:
    return str(dice.randrange(10**11, 2 * 10**11))


_RULES = [
    rule
    for host, path in _PATHS.items()
    for rule in (
        Rule(f"{path}/off-campus/position-list", endpoint=page, host=host, methods=["GET"]),
        Rule(f"{path}/position/search", endpoint=search, host=host, methods=["POST"]),
        Rule(f"{path}/position/detail", endpoint=detail, host=host, methods=["POST"]),
    )
]

SYSTEM = System(
    name="alibaba",
    url=r"https://(?:talent-holding\.alibaba\.com|aidc-jobs\.alibaba\.com/zh|careers\.aliyun\.com)(?P<token>)",
    specimen="https://talent-holding.alibaba.com",
    rules=_RULES,
    language="zh",
    page=MAX_SIZE,
    identifier=_identifier,
)
