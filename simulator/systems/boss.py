"""BOSS Zhipin: a list and a job in JSON, with code 37 for whoever has no browser's token."""

from __future__ import annotations

import random
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.context import Context, Listing, json_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System
from simulator.systems.sites import brand, headhunted, pay_words, robots, text

HOST = "www.zhipin.com"
PAGE = 30
MOST_PAGES = 10

_API = "/wapi/zpgeek"
_TOKEN, _LOGIN = "__zp_stoken__", "wt2"


def joblist(context: Context) -> Response:
    """Respond with a page of a search; pay is empty for those who are not logged in."""
    if _TOKEN not in context.request.cookies:
        return json_response({"code": 37, "message": "您的环境存在异常.", "zpData": {}})
    args = context.request.args
    listing = context.listing(HOST, args.get("query", ""))
    page, size = args.get("page", 1, type=int), min(args.get("pageSize", PAGE, type=int), PAGE)
    found = listing.page((page - 1) * size, size) if listing else None
    paid = _LOGIN in context.request.cookies
    data = {
        "resCount": found.total if found else 0,
        "hasMore": bool(found and page * size < found.total and page < MOST_PAGES),
        "lid": f"{context.nonce}.search.{page}",
        "jobList": [_listed(listing, posting, paid, context.nonce) for posting in found.rows]
        if listing and found
        else [],
    }
    return json_response({"code": 0, "message": "Success", "zpData": data})


def detail(context: Context) -> Response:
    """Respond with one job, requested by the id that its list gave."""
    if _TOKEN not in context.request.cookies:
        return json_response({"code": 37, "message": "您的环境存在异常.", "zpData": {}})
    identifier = context.request.args.get("securityId", "").partition(".")[0]
    for (host, token, site), _ in context.boards.items():
        if host == HOST and (listing := context.listing(host, token, site)) and (found := listing.find(identifier)):
            return json_response({"code": 0, "message": "Success", "zpData": _detail(listing, found)})
    return json_response({"code": 17, "message": "职位不存在", "zpData": {}})


def _listed(listing: Listing, posting: Posting, paid: bool, nonce: str) -> dict[str, Any]:
    place = CITIES[posting.places[0]]
    return {
        "securityId": f"{posting.identifier}.{nonce}",
        "encryptJobId": posting.identifier,
        "jobName": posting.wording(listing.day).title,
        "salaryDesc": pay_words(posting) if paid else "",
        "jobLabels": ["1-3年", "本科"],
        "jobExperience": "1-3年",
        "jobDegree": "本科",
        "skills": [],
        "cityName": place.region_zh,
        "areaDistrict": place.locality_zh,
        "businessDistrict": "",
        "jobType": 4 if posting.kind == "intern" else 0,
        "daysPerWeekDesc": "4天/周" if posting.kind == "intern" else "",
        "jobValidStatus": 1,
        "proxyJob": 0,
        "goldHunter": int(headhunted(posting)),
        "anonymous": int(headhunted(posting)),
        "bossName": "招聘者",
        "bossTitle": "人事",
        "bossOnline": posting.serial % 2 == 0,
        "brandName": brand(listing.board, posting),
        "encryptBrandId": "0123456789abcdef",
        "lid": f"{nonce}.search.1",
        "lastModifyTime": int(posting.published(listing.day).timestamp() * 1000),
    }


def _detail(listing: Listing, posting: Posting) -> dict[str, Any]:
    return {
        "jobInfo": {
            "encryptId": posting.identifier,
            "jobName": posting.wording(listing.day).title,
            "salaryDesc": pay_words(posting),
            "experienceName": "1-3年",
            "degreeName": "本科",
            "locationName": CITIES[posting.places[0]].region_zh,
            "postDescription": text(posting, listing.day),
            "showSkills": [],
            "goldHunter": int(headhunted(posting)),
        },
        "bossInfo": {"name": "招聘者", "title": "人事", "activeTimeDesc": "刚刚活跃"},
        "brandComInfo": {"brandName": brand(listing.board, posting), "scaleName": "20-99人"},
    }


def _identifier(dice: random.Random) -> str:
    return f"{dice.getrandbits(64):016x}03V-{dice.getrandbits(24):06x}FlZQ"


SYSTEM = System(
    name="boss",
    url=r"https://www\.zhipin\.com/web/geek/jobs\?query=(?P<token>[^&]+)",
    specimen="https://www.zhipin.com/web/geek/jobs?query=specimen-{0:03}",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=HOST, methods=["GET"]),
        Rule(f"{_API}/search/joblist.json", endpoint=joblist, host=HOST, methods=["GET"]),
        Rule(f"{_API}/job/detail.json", endpoint=detail, host=HOST, methods=["GET"]),
    ],
    language="zh",
    page=PAGE,
    knows_absence=False,
    provable=False,
    identifier=_identifier,
)
