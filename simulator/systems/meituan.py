"""Meituan: three lists paged by number, of whose pages some are empty when first requested."""

from __future__ import annotations

import random
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.board import Board
from simulator.context import Context, Listing, Page, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

HOST = "zhaopin.meituan.com"
MAX_SIZE = 100
SOCIAL, CAMPUS, INTERN = "3", "1", "2"

_KINDS = {"intern": INTERN, "graduate": CAMPUS}
_SOMETIMES_EMPTY = 2
"""Pages whose number leaves this when divided by three are empty when first requested on a day."""


def job_list(context: Context) -> Response:
    """Respond with the lists of the kinds that are requested; a page number outside of ``page`` is ignored."""
    listing = context.listing(HOST, "")
    if listing is None:
        return text_response("Not Found", 404)
    query = context.request.get_json()
    wanted = query.get("page", {})
    number, size = wanted.get("pageNo", 1), min(wanted.get("pageSize", 10), MAX_SIZE)
    kinds = {kind["code"] for kind in query.get("jobType", ())} or {SOCIAL, CAMPUS, INTERN}
    if number % 3 == _SOMETIMES_EMPTY and _first_time(context, listing, (*sorted(kinds), number)):
        found = Page((), sum(_kind(posting) in kinds for posting in listing.rows))
    else:
        offset, part = (number - 1) * size, ",".join(sorted(kinds))
        found = listing.page(offset, size, lambda posting: _kind(posting) in kinds, part)
    page = {"pageNo": number, "pageSize": size, "totalPage": -(-found.total // size), "totalCount": found.total}
    jobs = [_record(listing.board, posting, listing.day) for posting in found.rows]
    return json_response({"status": 1, "message": "成功", "data": {"list": jobs, "page": page}})


def job_detail(context: Context) -> Response:
    """Respond with one job."""
    listing = context.listing(HOST, "")
    found = listing and listing.find(str(context.request.get_json().get("jobUnionId")))
    if not listing or not found:
        return json_response({"status": 0, "message": "职位不存在", "data": None})
    return json_response({"status": 1, "message": "成功", "data": _full(listing.board, found, listing.day)})


def _first_time(context: Context, listing: Listing, page: tuple[Any, ...]) -> bool:
    """Return whether a page is requested the first time on a day."""
    news: list[bool] = []

    def note() -> bytes:
        news.append(True)
        return b""

    context.remember((listing.board.url, listing.day, "asked", *page), note)
    return bool(news)


def _kind(posting: Posting) -> str:
    return _KINDS.get(posting.kind, SOCIAL)


def _record(board: Board, posting: Posting, day: int) -> dict[str, Any]:
    """Return a job as the list shows it; some without their texts."""
    record = _full(board, posting, day)
    return record | {"jobDuty": None, "jobRequirement": None} if posting.serial % 25 == 7 else record


def _full(board: Board, posting: Posting, day: int) -> dict[str, Any]:
    wording, published = posting.wording(day), posting.published(day)
    cities = [CITIES[key] for key in posting.places]
    return {
        "jobUnionId": posting.identifier,
        "name": wording.title,
        "jobType": _kind(posting),
        "jobStatus": "1",
        "jobFamily": posting.unit,
        "jobFamilyGroup": None,
        "cityList": [{"code": f"{city.code:06}", "name": city.region_zh or city.locality_zh} for city in cities],
        "workYear": "不限",
        "department": [{"name": board.company.name}] if posting.serial % 8 else [],
        "jobDuty": "\n".join(wording.duties),
        "jobRequirement": "\n".join(wording.requirements),
        "highLight": None,
        "precedence": None,
        "otherInfo": None,
        "departmentIntro": board.company.about if posting.serial % 5 == 1 else None,
        "firstPostTime": int(published.timestamp() * 1000),
        "refreshTime": int(max(wording.edited, published).timestamp() * 1000),
        "expiredTime": None,
    }


def _identifier(dice: random.Random) -> str:
    return str(dice.randrange(10**9, 10**10))


SYSTEM = System(
    name="meituan",
    url=r"https://zhaopin\.meituan\.com(?P<token>)",
    specimen=f"https://{HOST}",
    rules=[
        Rule("/api/official/job/getJobList", endpoint=job_list, host=HOST, methods=["POST"]),
        Rule("/api/official/job/getJobDetail", endpoint=job_detail, host=HOST, methods=["POST"]),
    ],
    language="zh",
    page=MAX_SIZE,
    identifier=_identifier,
)
