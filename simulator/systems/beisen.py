"""Beisen: a portal's postings as JSON paged by a number from zero; only fields that are requested are filled.

What the host of no tenant responds with is not known; here it is a plain 404, as for a portal of the older make.
"""

from __future__ import annotations

import html
import json
import random
import uuid
from datetime import timedelta, timezone
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.board import Board
from simulator.context import Context, json_response, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System

USUAL_SIZE = 20

_BEIJING = timezone(timedelta(hours=8))
_NO_DATE = "0001-01-01T00:00:00"
_CATEGORIES = {"full-time": ("1", "社会招聘"), "either": ("1", "社会招聘"), "graduate": ("2", "校园招聘"),
               "intern": ("3", "实习生招聘")}  # fmt: skip
_PROGRAMME = ("4", "星图计划")
_OPEN = 1


def identifier(dice: random.Random) -> str:
    """Return a posting's id, a GUID."""
    return str(uuid.UUID(int=dice.getrandbits(128), version=4))


def postings(context: Context, tenant: str) -> Response:
    """Respond with the list: of the categories requested, or of all."""
    listing = context.listing(context.host, tenant)
    if listing is None:
        return text_response("Not Found", 404)
    try:
        query = json.loads(context.request.get_data())
        size, number = query.get("PageSize", USUAL_SIZE), query.get("PageIndex", 0)
    except (ValueError, AttributeError):
        return _parameter_error()
    if type(size) is not int or type(number) is not int or size < 1 or number < 0:
        return _parameter_error()
    wanted, keyword = set(query.get("Category") or ()), str(query.get("KeyWords") or "")
    fields = frozenset(query.get("DisplayFields") or ())

    def keep(posting: Posting) -> bool:
        title = posting.wording(listing.day).title
        return (not wanted or _category(posting)[0] in wanted) and keyword in title

    def build() -> dict[str, Any]:
        page = listing.page(number * size, size, keep if wanted or keyword else None)
        rows = [_record(listing.board, posting, listing.day, fields) for posting in page.rows]
        return _answer(rows, count=page.total, tip="Success")

    return json_response(
        context.body(listing, (number, size, keyword, tuple(sorted(wanted)), tuple(sorted(fields))), build)
    )


def posting(context: Context, tenant: str) -> Response:
    """Respond with one posting, by its GUID; what is not there is a parameter error like any other."""
    listing = context.listing(context.host, tenant)
    if listing is None:
        return text_response("Not Found", 404)
    found = listing.find(context.request.args.get("jobAdId", ""))
    if found is None:
        return _parameter_error()
    fields = frozenset(json.loads(context.request.args.get("displayFields", "[]")))
    return json_response(_answer(_record(listing.board, found, listing.day, fields), count=0, tip=None))


def _answer(data: Any, *, count: int, tip: str | None) -> dict[str, Any]:
    return {"Code": 200, "Message": "operation success", "MoreMessage": "", "TipType": tip, "Count": count,
            "ReturnUrl": None, "Data": data, "Total": 0}  # fmt: skip


def _parameter_error() -> Response:
    return json_response({"Code": 500, "Message": "参数错误", "Data": None, "Count": 0, "Total": 0})


def _category(posting: Posting) -> tuple[str, str]:
    return _PROGRAMME if posting.serial % 23 == 7 else _CATEGORIES[posting.kind]


def _record(board: Board, posting: Posting, day: int, fields: frozenset[str]) -> dict[str, Any]:
    wording = posting.wording(day)
    number, category = _category(posting)
    published = posting.published(day)
    local = published.astimezone(_BEIJING).replace(tzinfo=None)
    # Some times come with seven decimals, one more than a microsecond has.
    written = local.isoformat() + (".1234567" if posting.serial % 11 == 4 else "")
    dated, undated = "PostDate" in fields, posting.serial % 29 == 9
    places = [f"{CITIES[key].region_zh}·{CITIES[key].locality_zh}".strip("·") for key in posting.places]
    code = f"(J{posting.serial + 10_000})" if posting.serial % 3 == 0 else ""
    shown = {
        "Category": category,
        "CategoryId": number,
        "Kind": "" if posting.serial % 9 == 2 else "实习" if posting.kind == "intern" else "全职",
        "Salary": _salary(posting),
        "Org": posting.unit,
        "ClassificationOne": posting.unit if posting.serial % 2 else None,
        "Degree": None,
    }
    return {
        "Id": posting.identifier,
        "JobAdId": 511_000_000 + posting.serial,
        "JobAdName": f"{wording.title}{code}",
        "PostDate": _NO_DATE if undated or not dated else written,
        "PostDateInt": 0 if undated or not dated else int(published.timestamp()) * 1000,
        "ChangeDate": local.isoformat(),
        "EndTime": _NO_DATE,
        "EndTimeInt": 0,
        "LocNames": places if "LocId" in fields else [],
        "LocId": None,
        "Duty": _text(board.company.about, *wording.duties),
        "Require": "" if posting.serial % 13 == 5 else _text(*wording.requirements),
        "HeadCount": posting.serial % 4 if "HeadCount" in fields else 0,
        "Status": _OPEN,
        "Channel4IsHot": posting.serial % 19 == 3,
        "WorkWeChatQrCode": None,
        **{key: value if key in fields or key == "CategoryId" else None for key, value in shown.items()},
    }


def _text(*lines: str) -> str:
    """Return lines as they stand in a posting: without tags, and what is special in HTML as entities."""
    return html.escape("\n".join(lines), quote=False)


def _salary(posting: Posting) -> str | None:
    pay = posting.pay
    if pay is None:
        return "面议" if posting.serial % 5 == 1 else None
    if pay.unit == "DAY":
        return f"{pay.low}-{pay.high} 元/天"
    return f"{pay.low // 1000}K-{pay.high // 1000}K 元/月"


_HOST = "<tenant>.zhiye.com"

SYSTEM = System(
    name="beisen",
    url=r"https://(?P<token>[^./]+)\.zhiye\.com",
    specimen="https://specimen-{0:03}.zhiye.com",
    rules=[
        Rule("/api/Jobad/GetJobAdPageList", endpoint=postings, host=_HOST, methods=["POST"]),
        Rule("/api/JobAd/GetJobAdInfo", endpoint=posting, host=_HOST, methods=["GET"]),
    ],
    language="zh",
    page=100,
    identifier=identifier,
)
