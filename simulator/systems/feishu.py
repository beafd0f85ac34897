"""Feishu Hire: a channel's list as JSON paged by offset, a posting's page, the filters; the channel is in a header."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.context import Context, Listing, json_response
from simulator.posting import Posting
from simulator.system import System
from simulator.systems import feishu_records as records

WINDOW = 10_000
"""Rows that a list serves and counts at most: beyond them it serves none, and this number as its count."""

USUAL_LIMIT = 10

_NO_SUCH_SITE = (-9000003, "site not exist")
_BAD_PARAMETER = (-9000002, "params is invalid")


def postings(context: Context, tenant: str) -> Response:
    """Respond with a channel's list; a tenant that does not exist is a 400 without a word."""
    listing, channel = _channel(context, tenant)
    if listing is None:
        return _absent(context)
    query = parse_query(context)
    if query is None:
        return failure(*_BAD_PARAMETER)
    function = listing.board.site != "index"

    def record(posting: Posting) -> dict[str, Any]:
        return records.list_record(listing.board, posting, listing.day, function=function, with_city=False)

    return search(context, listing, query, record, Scope(channel))


def posting(context: Context, tenant: str, identifier: str) -> Response:
    """Respond with one posting, with its whole text."""
    listing, _ = _channel(context, tenant)
    if listing is None:
        return _absent(context)
    found = listing.find(identifier)
    if found is None:
        return failure(*_BAD_PARAMETER)
    function = listing.board.site != "index"
    detail = records.detail_record(listing.board, found, listing.day, function=function)
    return success({"job_post_detail": detail, "recommend_job_post_List": []})


def filters(context: Context, tenant: str, kind: str) -> Response:
    """Respond with the filters of the list; the last part of the path is ignored."""
    listing, _ = _channel(context, tenant)
    return success(filters_of()) if listing else _absent(context)


def token(context: Context, **parts: str) -> Response:
    """Give the token of the site's own pages; the list does not need it."""
    response = success({"token": context.nonce})
    response.set_cookie("atsx-csrf-token", context.nonce)
    return response


def parse_query(context: Context) -> dict[str, Any] | None:
    """Return what a list is requested, or None where the request makes no sense."""
    try:
        query = json.loads(context.request.get_data())
        counts = (query.get("limit", USUAL_LIMIT), query.get("offset", 0))
    except (ValueError, AttributeError):
        return None
    return query if all(type(count) is int and count >= 0 for count in counts) else None


class Scope(NamedTuple):
    """What a list covers.

    Attributes:
        pool: The pool that its postings belong to; None where it covers the whole board.
        window: How many rows it serves and counts.
    """

    pool: str | None = None
    window: int = WINDOW


def search(
    context: Context,
    listing: Listing,
    query: dict[str, Any],
    record: Callable[[Posting], dict[str, Any]],
    scope: Scope = Scope(),  # noqa: B008 - immutable
) -> Response:
    """Respond with a page of a list, up to the window's end.

    Args:
        context: The request.
        listing: The board.
        query: What is requested; page numbers are ignored, as by Feishu.
        record: Writes a posting.
        scope: What the list covers.
    """
    pool, window = scope
    offset, limit = query.get("offset", 0), query.get("limit", USUAL_LIMIT)
    wanted = set(query.get("job_category_id_list") or ())
    keyword = str(query.get("keyword") or "")

    def keep(posting: Posting) -> bool:
        return (
            (pool is None or pool in records.pools(posting))
            and (not wanted or not wanted.isdisjoint(records.categories(posting)))
            and keyword in posting.wording(listing.day).title
        )

    def build() -> dict[str, Any]:
        page = listing.page(offset, limit, keep if pool or wanted or keyword else None, f"{pool} {sorted(wanted)}")
        rows = [] if offset + limit > window else [record(posting) for posting in page.rows]
        count = min(page.total, window)
        return _success({"job_post_list": rows, "count": count, "extra": json.dumps({"log_id": context.nonce})})

    key = (offset, limit, pool, window, keyword, *sorted(wanted))
    return json_response(context.body(listing, key, build))


def filters_of() -> dict[str, Any]:
    """Return the filters of a list."""
    codes = [{"code": code, "name": name, "en_name": en_name} for code, name, en_name in records.CITY_CODES.values()]
    return {
        "job_type_list": records.tree(),
        "city_list": codes,
        "recruitment_type_list": None,
        "job_type_count_map": None,
        "job_subject_list": None,
        "city_count_map": None,
        "job_function_list": None,
        "tag_list": None,
        "storefront_list": None,
    }


def success(data: dict[str, Any]) -> Response:
    """Return a response in the system's envelope."""
    return json_response(_success(data))


def failure(code: int, message: str) -> Response:
    """Return an error as the system reports it, in the body of a 200."""
    return json_response({"code": code, "data": None, "message": message, "error": None})


def no_such_site() -> Response:
    """Respond for a channel that the host does not have."""
    return failure(*_NO_SUCH_SITE)


def _success(data: dict[str, Any]) -> dict[str, Any]:
    return {"code": 0, "data": data, "message": "ok", "error": None}


def _channel(context: Context, tenant: str) -> tuple[Listing | None, str | None]:
    """Return the board of the channel that is requested, and the pool it lists where the board is of two channels."""
    query = context.request.headers.get("website-path")
    for host, token, site in context.boards:
        channels = (site or "").split(",")
        if (host, token) == (context.host, tenant) and (query or "") in channels:
            pool = str(channels.index(query or "") + 1) if len(channels) > 1 else None
            return context.listing(host, token, site), pool
    return None, None


def _absent(context: Context) -> Response:
    if any(host == context.host for host, _, _ in context.boards):
        return no_such_site()
    return Response(b"", status=400)


def rules_for(host: str, api: str = "/api/v1", **endpoints: Any) -> list[Rule]:
    """Return the API's rules on a host."""
    return [
        Rule(f"{api}/search/job/posts", endpoint=endpoints["postings"], host=host, methods=["POST"]),
        Rule(f"{api}/job/posts/<identifier>", endpoint=endpoints["posting"], host=host, methods=["GET"]),
        Rule(f"{api}/config/job/filters/<kind>", endpoint=endpoints["filters"], host=host, methods=["GET"]),
        Rule(f"{api}/csrf/token", endpoint=token, host=host, methods=["POST"]),
    ]


SYSTEM = System(
    name="feishu",
    url=r"https://(?P<token>[^./]+)\.jobs\.(?:feishu|f\.mioffice)\.cn(?:/(?P<site>[^/]+))?",
    specimen="https://specimen-{0:03}.jobs.feishu.cn/index",
    rules=[
        rule
        for host in ("<tenant>.jobs.feishu.cn", "<tenant>.jobs.f.mioffice.cn")
        for rule in rules_for(host, postings=postings, posting=posting, filters=filters)
    ],
    language="zh",
    page=100,
    identifier=records.identifier,
)
