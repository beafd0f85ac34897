"""Moka: an encrypted list paged by offset, an encrypted detail, facets in clear, a page with init-data."""

from __future__ import annotations

import base64
import functools
import html
import json
from collections.abc import Callable, Sequence
from typing import Any

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from werkzeug.routing import Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from simulator.context import Context, Listing, json_response, text_response, to_json
from simulator.posting import Posting
from simulator.system import System
from simulator.systems import moka_records as records

AES_IV = "de7c21ed8d6f50fe"
OWN_HOST = "hr.quillfern.example"
"""An employer's own domain, on which the same API is served."""
OWN_IV = "0b5e1c9a7d3f2468"
"""Used there. All tenants seen have the other one, but a board's page names it, so it may differ."""
MAX_LIMIT = 50
SSR_JOBS = 15
USUAL_LIMIT = 30

_FILTERS = ("keyword", "locationIds", "zhinengIds", "commitments")
_PLAIN_HOST = "hire-r1.mokahr.com"
_API = "/api/outer/ats-apply/website"
_SITE_NOT_FOUND = (703002, "未找到对应的官网")
_JOB_NOT_FOUND = (703015, "您访问的职位已不存在，请浏览其他职位")
_BAD_PARAMETER = (102, "参数错误")
_BAD_JSON = (101, "JSON格式错误")


class MokaError(Exception):
    """An error that Moka reports in the body of an HTTP 200."""

    def __init__(self, code: int, message: str) -> None:
        """Keep Moka's code and message."""
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


def encrypt(plain: bytes, key: str, iv: str = AES_IV) -> str:
    """Return base64 of AES-128-CBC with PKCS#7 padding; key and IV are the bytes of 16 ASCII characters."""
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key.encode()), modes.CBC(iv.encode())).encryptor()
    padded = padder.update(plain) + padder.finalize()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def decrypt(data: str, key: str, iv: str = AES_IV) -> bytes:
    """Undo `encrypt`.

    Raises:
        ValueError: The data is no base64 of whole blocks, or the padding is wrong.
    """
    decryptor = Cipher(algorithms.AES(key.encode()), modes.CBC(iv.encode())).decryptor()
    padded = decryptor.update(base64.b64decode(data, validate=True)) + decryptor.finalize()
    unpadder = padding.PKCS7(128).unpadder()
    return unpadder.update(padded) + unpadder.finalize()


def _enveloped(handler: Callable[[Context, dict[str, Any]], bytes]) -> Callable[[Context], Response]:
    """Give a handler the request's body, and put what it returns or raises into Moka's envelope."""

    @functools.wraps(handler)
    def respond(context: Context) -> Response:
        try:
            plain = handler(context, _query(context.request))
        except MokaError as error:
            plain = to_json(_failure(error))
        return _seal(context, plain)

    return respond


@_enveloped
def jobs(context: Context, query: dict[str, Any]) -> bytes:
    """Respond with the list."""
    limit, offset = query.get("limit", USUAL_LIMIT), query.get("offset", 0)
    if not (_is_count(limit) and limit <= MAX_LIMIT and _is_count(offset)):
        raise MokaError(*_BAD_PARAMETER)
    listing = _site(context, query)
    filters = {name: query[name] for name in _FILTERS if query.get(name)}

    def build() -> dict[str, Any]:
        page = listing.page(offset, limit, lambda posting: _wanted(listing, posting, filters))
        rows = [records.list_record(listing.board, posting, listing.day, _locale(query)) for posting in page.rows]
        total = page.total if query.get("needStat") is True else 0
        return _success({"jobStats": {"orgId": listing.board.token, "total": total}, "jobs": rows})

    key = ("jobs", offset, limit, _locale(query), query.get("needStat") is True, json.dumps(filters))
    return context.body(listing, key, build)


@_enveloped
def job(context: Context, query: dict[str, Any]) -> bytes:
    """Respond with one posting."""
    listing = _site(context, query)
    posting = listing.find(str(query.get("jobId")))
    if posting is None:
        raise MokaError(*_JOB_NOT_FOUND)
    return listing.renamed(
        to_json(_success(records.detail_record(listing.board, posting, listing.day, _locale(query))))
    )


def facets(context: Context) -> Response:
    """Respond with the filters that the site offers, in clear; English by default."""
    try:
        query = _query(context.request)
    except MokaError as error:
        return json_response(_failure(error))
    found = context.listing(*_address(context, query))
    chinese = query.get("locale") == "zh-CN"
    systems = records.facets(found.board, found.rows, chinese=chinese) if found else {}
    return json_response(_success({"customFieldsAggregations": [], "systemFieldsAggregations": systems}))


def page(context: Context, kind: str, org: str, site: str) -> Response:
    """Respond with a board's page; only a living one has ``org`` in its init-data and links to the other sites."""
    listing = context.listing(context.host, org, site)
    if context.retired:
        data: dict[str, Any] = {"message": "当前网页已关停", "isBizError": True}
        return _html(data["message"], data)
    if listing is None:
        data = {"message": "您访问的页面不存在", "domain": f"https://{context.host}"}
        return _html(data["message"], data)
    data = records.init_data(listing.board, listing.rows, listing.day, SSR_JOBS) | {"aesIv": _iv(context.host)}
    others = [url for url in _sites(context, org) if url != listing.board.url]
    return _html(data["org"]["customTitle"], data, others)


def any_site(context: Context, kind: str, org: str) -> Response:
    """Send an address without a site to one of the company's sites, not necessarily the largest."""
    sites = _sites(context, org)
    return redirect(sites[-1]) if sites else page(context, kind, org, "")


def _sites(context: Context, org: str) -> list[str]:
    """Return the addresses of a tenant's sites."""
    return sorted(
        board.url for (host, token, _), board in context.boards.items() if (host, token) == (context.host, org)
    )


def robots(context: Context) -> Response:
    """Respond with robots.txt."""
    closed = ("/social-recruitment/lingjuninvest/46355", "/social-recruitment/shopee/74378")
    return text_response("\n".join(["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]))


def _query(request: Request) -> dict[str, Any]:
    """Return the request's body.

    Raises:
        MokaError: It is not a JSON object.
    """
    try:
        body = json.loads(request.get_data())
    except ValueError:
        raise MokaError(*_BAD_JSON) from None
    if not isinstance(body, dict):
        raise MokaError(*_BAD_PARAMETER)
    return body


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _address(context: Context, query: dict[str, Any]) -> tuple[str, str, str]:
    return context.host, str(query.get("orgId")), str(query.get("siteId"))


def _site(context: Context, query: dict[str, Any]) -> Listing:
    listing = context.listing(*_address(context, query))
    if listing is None:
        raise MokaError(*_SITE_NOT_FOUND)
    return listing


def _locale(query: dict[str, Any]) -> str:
    return "en-US" if query.get("locale") == "en-US" else "zh-CN"


def _wanted(listing: Listing, posting: Posting, filters: dict[str, Any]) -> bool:
    """Return whether a posting passes the list's filters; pageNo and its like are ignored, as by Moka."""
    if not filters:
        return True
    record = records.list_record(listing.board, posting, listing.day, "zh-CN")
    places = {place.get("id") for place in record.get("locations", [])}
    found = {
        "keyword": str(filters.get("keyword", "")).lower() in record["title"].lower(),
        "locationIds": not places.isdisjoint(filters.get("locationIds", [])),
        "zhinengIds": record.get("zhineng", {}).get("id") in filters.get("zhinengIds", []),
        "commitments": records.commitment(listing.board, posting) in filters.get("commitments", []),
    }
    return all(found[name] for name in filters)


def _success(data: Any) -> dict[str, Any]:
    return {"code": 0, "codeType": 0, "data": data, "msg": "成功", "success": True}


def _failure(error: MokaError) -> dict[str, Any]:
    return {"code": error.code, "codeType": 0, "msg": error.message, "success": False}


def _seal(context: Context, plain: bytes) -> Response:
    """Encrypt a response under a key of its own; the international cluster responds in clear."""
    if context.host == _PLAIN_HOST:
        return json_response(plain)
    return json_response({"data": encrypt(plain, context.nonce, _iv(context.host)), "necromancer": context.nonce})


def _iv(host: str) -> str:
    return OWN_IV if host == OWN_HOST else AES_IV


def _html(title: str, init_data: dict[str, Any], links: Sequence[str] = ()) -> Response:
    value = html.escape(json.dumps(init_data, ensure_ascii=False), quote=True)
    header = "".join(f'<a href="{html.escape(link)}">招聘</a>' for link in links)
    text = (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'</head><body>{header}<div id="app"></div><input type="hidden" id="init-data" value="{value}"></body></html>'
    )
    return Response(text, content_type="text/html; charset=utf-8")


def _rules(host: str) -> list[Rule]:
    names = "'social-recruitment','campus-recruitment','campus_apply','apply','recommendation-recruitment'"
    kinds = f"<any({names}):kind>"
    return [
        Rule("/robots.txt", endpoint=robots, host=host, methods=["GET"]),
        Rule(f"{_API}/jobs/v2", endpoint=jobs, host=host, methods=["POST"]),
        Rule(f"{_API}/job", endpoint=job, host=host, methods=["POST"]),
        Rule(f"{_API}/jobs/v2/filterFieldsAggregations", endpoint=facets, host=host, methods=["POST"]),
        Rule(f"/{kinds}/<org>/<site>", endpoint=page, host=host, methods=["GET"]),
        Rule(f"/m/{kinds}/<org>/<site>", endpoint=page, host=host, methods=["GET"]),
        Rule(f"/{kinds}/<org>", endpoint=any_site, host=host, methods=["GET"]),
    ]


_RULES = [rule for host in ("app.mokahr.com", _PLAIN_HOST, OWN_HOST) for rule in _rules(host)]

SYSTEM = System(
    name="moka",
    url=r"https://(?:(?:app|hire-r1)\.mokahr\.com|hr\.quillfern\.example)/\w+-recruitment/(?P<token>[^/]+)/(?P<site>\d+)",
    specimen="https://app.mokahr.com/social-recruitment/specimen-{0:03}/{0}",
    rules=_RULES,
    language="zh",
    page=MAX_LIMIT,
)
