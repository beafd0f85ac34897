"""51job: a search in JSON behind a signed header, else a captcha, and the older page in GBK that carries its list."""

from __future__ import annotations

import json
import random
from typing import Any
from urllib.parse import unquote

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from postings.facts.dates import BEIJING
from simulator.context import Context, Listing, json_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System
from simulator.systems.sites import brand, page, pay_words, robots, text

HOST, OLD = "we.51job.com", "search.51job.com"
PAGE = 20
OLD_PAGE = 50


def search(context: Context) -> Response:
    """Respond with a page of a search, to a signed request only."""
    if "sign" not in context.request.headers:
        return page("滑动验证页面", '<div id="nocaptcha">访问验证</div><script src="aliyun_waf.js"></script>')
    args = context.request.args
    listing = context.listing(HOST, args.get("keyword", ""))
    found = listing.page((args.get("pageNum", 1, type=int) - 1) * PAGE, PAGE) if listing else None
    items = [_item(listing, posting) for posting in found.rows] if listing and found else []
    job = {"totalCount": found.total if found else 0, "items": items}
    return json_response({"status": "1", "message": "请求成功", "resultbody": {"job": job}})


def older(context: Context, where: str) -> Response:
    """Respond with the older page of a search, in GBK."""
    fields = where.split(",")
    listing = context.listing(HOST, unquote(fields[6]))
    rows = listing.page((int(fields[8]) - 1) * OLD_PAGE, OLD_PAGE).rows if listing else ()
    found = {"engine_search_result": [_older(listing, posting) for posting in rows] if listing else []}
    script = f"<script>\nwindow.__SEARCH_RESULT__ = {json.dumps(found, ensure_ascii=False)}</script>"
    markup = f'<html><head><meta charset="gbk"></head><body><div id="app"></div>{script}</body></html>'
    return Response(markup.encode("gbk", "replace"), content_type="text/html; charset=gbk")


def _item(listing: Listing, posting: Posting) -> dict[str, Any]:
    place, published = CITIES[posting.places[0]], posting.published(listing.day).astimezone(BEIJING)
    return {
        "jobId": posting.identifier,
        "jobName": posting.wording(listing.day).title,
        "provideSalaryString": pay_words(posting, ""),
        "jobAreaString": f"{place.region_zh}·{place.locality_zh}",
        "workYearString": "3年",
        "degreeString": "本科",
        "issueDateString": f"{published:%Y-%m-%d %H:%M:%S}",
        "updateDateTime": f"{published:%Y-%m-%d %H:%M:%S}",
        "fullCompanyName": brand(listing.board, posting),
        "jobTags": [],
        "jobDescribe": text(posting, listing.day).replace("\n", "\r\n"),
        "jobHref": f"https://jobs.51job.com/all/{posting.identifier}.html?s=sou_sou_soulb&t=0_0&req={posting.serial}",
        "termStr": "实习" if posting.kind == "intern" else "全职",
        "hrName": "某女士",
    }


def _older(listing: Listing, posting: Posting) -> dict[str, Any]:
    place, published = CITIES[posting.places[0]], posting.published(listing.day).astimezone(BEIJING)
    return {
        "jobid": posting.identifier,
        "job_name": posting.wording(listing.day).title,
        "job_href": f"https://jobs.51job.com/all/{posting.identifier}.html?s=01&t=0",
        "company_name": brand(listing.board, posting),
        "providesalary_text": pay_words(posting, ""),
        "workarea_text": f"{place.region_zh}-{place.locality_zh}",
        "issuedate": f"{published:%Y-%m-%d %H:%M:%S}",
        "attribute_text": [place.region_zh, "3-4年经验", "本科", "招1人"],
    }


def _identifier(dice: random.Random) -> str:
    return str(dice.randrange(100_000_000, 170_000_000))


SYSTEM = System(
    name="job51",
    url=r"https://we\.51job\.com/pc/search\?keyword=(?P<token>[^&]+)",
    specimen="https://we.51job.com/pc/search?keyword=specimen-{0:03}",
    rules=[
        *(Rule("/robots.txt", endpoint=robots, host=host, methods=["GET"]) for host in (HOST, OLD)),
        Rule("/api/job/search-pc", endpoint=search, host=HOST, methods=["GET"]),
        Rule("/list/<where>.html", endpoint=older, host=OLD, methods=["GET"]),
    ],
    language="zh",
    page=PAGE,
    detail=False,
    knows_absence=False,
    provable=False,
    identifier=_identifier,
)
