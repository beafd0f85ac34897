"""ByteDance: Feishu's list on a host of its own, two pools of one company, capped at a window."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.context import Context, Listing, text_response
from simulator.posting import Posting
from simulator.system import System
from simulator.systems import feishu
from simulator.systems import feishu_records as records

HOST = "jobs.bytedance.com"

WINDOW = 10_000
"""Rows that a list serves and counts; to be made smaller where a test has no 10,000 postings."""

_POOLS = {"society": ("experienced", "1"), "campus": ("campus", "2")}
"""The pools by the header that names them: the path of their pages, and the recruit type above theirs."""


def postings(context: Context) -> Response:
    """Respond with a pool's list; the names of the pages' paths are not those of the pools."""
    listing, pool = _pool(context)
    if listing is None:
        return feishu.no_such_site()
    query = feishu.parse_query(context)
    if query is None:
        return feishu.failure(-9000002, "params is invalid")
    if query.get("portal_entrance") == 2:
        return Response(b"", status=405)
    board, day = listing.board, listing.day

    def record(posting: Posting) -> dict[str, Any]:
        return records.list_record(board, posting, day, function=False, with_city=True)

    # A board of one pool is that pool; the host's board is both.
    return feishu.search(context, listing, query, record, feishu.Scope(None if board.site else pool, WINDOW))


def posting(context: Context, identifier: str) -> Response:
    """Respond with one posting."""
    listing, _ = _pool(context)
    found = listing and listing.find(identifier)
    if not listing or not found:
        return feishu.failure(-9000002, "params is invalid")
    detail = records.detail_record(listing.board, found, listing.day, function=False)
    return feishu.success({"job_post_detail": detail, "recommend_job_post_List": []})


def filters(context: Context, kind: str) -> Response:
    """Respond with by what a list can be narrowed, the same for every pool."""
    listing, _ = _pool(context)
    return feishu.success(feishu.filters_of()) if listing else feishu.no_such_site()


def robots(context: Context) -> Response:
    """Respond with robots.txt."""
    allowed = ("experienced", "society", "campus", "en", "jp")
    return text_response(
        "\n".join(["User-agent: *", *(f"Allow: /{path}" for path in allowed), "Disallow: /referral", ""])
    )


def _pool(context: Context) -> tuple[Listing | None, str]:
    path, pool = _POOLS.get(context.request.headers.get("website-path", ""), ("", ""))
    if not path:
        return None, ""
    site = path if (HOST, "bytedance", path) in context.boards else None
    return context.listing(HOST, "bytedance", site), pool


SYSTEM = System(
    name="bytedance",
    url=r"https://jobs\.(?P<token>bytedance)\.com(?:/(?P<site>experienced|campus))?",
    specimen="https://jobs.bytedance.com/experienced",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=HOST, methods=["GET"]),
        *feishu.rules_for(HOST, postings=postings, posting=posting, filters=filters),
    ],
    language="zh",
    page=100,
    identifier=records.identifier,
)
