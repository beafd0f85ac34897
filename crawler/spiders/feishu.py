"""Feishu Hire: each channel of a tenant's site is a JSON list with full descriptions, paged by offset."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request

from crawler.bases.board_spider import BoardSpider, json_post
from crawler.boards import ANY_HOST, Board, Cursor
from crawler.captures.recordings import Recording
from crawler.parsing.responses import (
    BoardBlocked,
    BoardUnknown,
    Page,
    PostingGone,
    ResponseError,
    UnexpectedResponse,
    expect,
    identifier_of,
    load_json,
    title_of,
)
from postings import JobPosting, Place
from postings.facts.dates import epoch_ms
from postings.facts.employment import employment_types, kind_in_title
from postings.facts.places import work_model
from postings.facts.salary import count_of
from postings.text import clean_text, plain_text, words

PAGE_SIZE = 100
"""Postings per request; the site's own pages request 10."""

OWN_HOSTS = {
    "xiaomi.jobs.f.mioffice.cn": "xiaomi",
    "hr-jobs.sensetime.com": "sensetime",
    "career.papegames.com": "papegames",
    "campus.duxiaoman.com": "duxiaoman",
}
"""Known tenants' own hosts."""

_DEEPEST = 6
"""The maximum depth to which a tree is followed, because it may contain a cycle."""

_NO_SUCH_SITE = -9000003
_OFFLINE = 0
_UNASKED = "index"
"""The path of the pages of the list that a tenant serves without a channel."""
_TENANT = r"(?P<tenant>[a-z0-9][a-z0-9-]*)\.jobs\.feishu\.cn"
# /s/ is a short link: where it leads, only its redirect shows.
_CHANNEL = r"(?!(?:api|position|s)(?:[/?#]|$))(?P<channel>\w[\w-]*(?:,\w[\w-]*)*)"
# "Regular" is neither full nor part time, but on this system it contrasts with intern and contractor.
_RECRUIT_TYPES = {"正式": "FULL_TIME", "regular": "FULL_TIME", "劳务": "CONTRACTOR"}


class FeishuSpider(BoardSpider):
    """Channels of Feishu Hire; the header ``website-path`` alone selects the tenant's channel."""

    name = "feishu"
    vendor = "Feishu Hire"
    proof = "the reported count equals the number of distinct postings, and the first page is unchanged at the end"
    note = (
        "Chinese; each channel of a tenant (social, campus, interns) is a board of its own. Channels that share "
        "postings can be watched as one, /career,index, and count them once. Under a tenant's own host, give the "
        "address of the list (.../position/list) or of a posting. Tenants that serve browsers only are blocked."
    )
    example = "https://vrfi1sk8a0.jobs.feishu.cn/index"
    window = 10_000
    filters = frozenset(
        {
            "keyword",
            "job_category_id_list",
            "job_function_id_list",
            "location_code_list",
            "recruitment_id_list",
            "storefront_id_list",
            "subject_id_list",
            "tag_id_list",
        }
    )
    url_patterns: ClassVar[tuple[re.Pattern[str], ...]] = (
        re.compile(
            rf"https?://(?P<host>{_TENANT}|{'|'.join(map(re.escape, OWN_HOSTS))})"
            rf"(?:/(?:api|position)/|/{_CHANNEL}(?=[/?#]|$)|/?(?:[?#]|$))",
            re.ASCII,
        ),
    )
    # A tenant's own host does not identify the system; the paths of the list and of a posting do.
    path_patterns: ClassVar[tuple[re.Pattern[str], ...]] = (
        re.compile(
            r"https?://(?!(?:jobs|careers)\.(?:bytedance|tiktok)\.com/)"
            rf"{ANY_HOST}/{_CHANNEL}/position/(?:list|\d{{18,20}}(?:/detail)?)/?(?:[?#]|$)",
            re.ASCII,
        ),
    )
    languages: ClassVar[tuple[str, ...]] = ("name", "i18n_name", "en_name")
    """Which of a name's forms are taken, the first that is given."""

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        host, channel = match["host"], match["channel"]
        tenant = match.groupdict().get("tenant") or OWN_HOSTS.get(host)
        # On an unknown host only the path of the list identifies the system.
        url = "/".join(filter(None, ("https:/", host, channel, None if tenant else "position/list")))
        return Board(url=url, system=cls.name, organization=tenant or host, site=channel, instance=host)

    @classmethod
    def board_of(cls, recording: Recording) -> Board | None:
        # Only the header states the channel; the API's path on a tenant's own host has none.
        url, channel = urlsplit(recording.url), recording.headers.get("website-path")
        of_channel = channel and url.path.startswith("/api/v1/") and not url.path.startswith("/api/v1/public/")
        return cls.match(f"https://{url.netloc}/{channel}/position/list" if of_channel else recording.url)

    @classmethod
    def part_of(cls, recording: Recording) -> str:
        return recording.headers.get("website-path", "")

    @classmethod
    def parts(cls, board: Board) -> Sequence[str]:
        channels = _channels(board)
        return channels if len(channels) > 1 else ("",)

    def list_request(self, board: Board, at: Cursor) -> Request:
        return self.search(f"https://{board.instance}/api/v1", at, at.part or board.site, "saas-career", 6)

    def limit(self, at: Cursor) -> int:
        """Return how many postings to request: a page that exceeds the window comes back empty."""
        return max(1, min(PAGE_SIZE, self.window - at.offset)) if self.window else PAGE_SIZE

    def search(
        self, api: str, at: Cursor, website: str | None, channel: str, portal_type: int, *categories: str
    ) -> Request:
        """Return the request for a page of a list.

        Args:
            api: The API's address.
            at: Where the page begins.
            website: The channel; None for the list that a tenant serves without one.
            channel: The channel that the site's own pages state.
            portal_type: The kind of site.
            categories: Only postings of these categories; of all without any.
        """
        body = {
            "keyword": "",
            "limit": self.limit(at),
            "offset": at.offset,
            "job_category_id_list": list(categories),
            "tag_id_list": [],
            "location_code_list": [],
            "subject_id_list": [],
            "recruitment_id_list": [],
            "portal_type": portal_type,
            "job_function_id_list": [],
            "storefront_id_list": [],
            "portal_entrance": 1,
        }
        request = json_post(f"{api}/search/job/posts", body)
        request.headers.update(portal_headers(website, channel))
        return request

    @classmethod
    def status_error(cls, status: int, headers: Mapping[str, str], body: bytes) -> ResponseError | None:
        if status == 405:
            return BoardBlocked("HTTP 405: the tenant serves browsers only")
        if status == 400 and not body.strip():
            return BoardUnknown("HTTP 400: no such tenant")
        return None

    @classmethod
    def employment_in(cls, raw: str) -> tuple[str, ...]:
        return _employment(raw.split(" / "))

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        payload = expect(load_json(body), dict, "the response")
        code, message = payload.get("code"), payload.get("message")
        if code == _NO_SUCH_SITE:
            raise BoardUnknown(f"the tenant has no such channel ({code} {message})")
        if code != 0:
            raise UnexpectedResponse(f"Feishu returned code {code} {message}")
        data = expect(payload.get("data"), dict, "data")
        if "job_post_list" in data:
            total = expect(data.get("count"), int, "count")
            # The count states how many there are, so that a null in place of the list hides nothing.
            records = [] if data["job_post_list"] is None else expect(data["job_post_list"], list, "job_post_list")
            return Page.of_records(records, lambda record: cls.posting(record, board), reported_total=total)
        if "job_post_detail" in data:
            record = expect(data["job_post_detail"], dict, "job_post_detail")
            if record.get("channel_online_status") == _OFFLINE:
                raise _gone(record)
            return Page.of_records([record], lambda record: cls.posting(record, board), detail=True)
        if "job_type_list" in data:
            kinds = expect(data["job_type_list"] or [], list, "job_type_list")
            return Page(parts=tuple(identifier_of(expect(kind, dict, "a category")) for kind in kinds))
        raise UnexpectedResponse("neither a list of postings nor a posting")

    @classmethod
    def address(cls, identifier: str, record: Mapping[str, Any], board: Board | None) -> str:
        """Return the address of a posting's page; "" if a saved record does not state it."""
        if board is None:
            return ""
        # The first of several channels, whichever responded, because the address must be stable.
        channel = _channels(board)[0] or _UNASKED
        return f"https://{board.instance}/{channel}/position/{identifier}/detail"

    @classmethod
    def cities(cls, record: Mapping[str, Any]) -> Sequence[Any]:
        """Return the cities of a record; ``city_info`` is the first of them, and empty on most tenants."""
        return expect(record.get("city_list") or [], list, "city_list") or [record.get("city_info")]

    @classmethod
    def posting(cls, record: Mapping[str, Any], board: Board | None = None) -> JobPosting:
        """Map one record of the list or of a posting's own page."""
        identifier = identifier_of(record)
        title = title_of(record)
        info = record.get("job_post_info") or {}
        places = tuple(dict.fromkeys(filter(None, map(cls._place, cls.cities(record)))))
        kind = cls._path(record.get("recruit_type"))
        employment = _employment(kind)
        kind_raw = " / ".join(kind) or None
        if not employment and (named := kind_in_title(title)):
            # The last part is what the types are read from.
            named = named.replace(" / ", ", ")
            employment, kind_raw = employment_types(named), " / ".join(filter(None, (kind_raw, named)))
        return JobPosting(
            identifier=identifier,
            title=title,
            url=cls.address(identifier, record, board),
            description=_description(record, info),
            job_location=places,
            job_location_type=next(filter(None, (work_model(place.name) for place in places)), None),
            employment_type=employment,
            employment_type_raw=kind_raw,
            # The unit of pay is not known, so only the raw value is kept; no board has shown any so far.
            base_salary_raw=_pay(info),
            date_posted=epoch_ms(record.get("publish_time")),
            date_posted_raw=str(record["publish_time"]) if record.get("publish_time") else None,
            total_job_openings=count_of(info.get("head_count")),
            employment_unit=cls._name(record.get("department_info")),
            # Depending on the channel, one of them is null.
            occupational_category=" / ".join(
                cls._path(record.get("job_category")) or cls._path(record.get("job_function"))
            )
            or None,
        )

    @classmethod
    def _name(cls, node: Any) -> str | None:
        """Return a node's name in the first language that it has."""
        if not isinstance(node, dict):
            return None
        return next(filter(None, (words(node.get(language)) for language in cls.languages)), None)

    @classmethod
    def _path(cls, node: Any) -> list[str]:
        """Return the names from a tree's top to the node."""
        names: list[str] = []
        while isinstance(node, dict) and len(names) < _DEEPEST:
            if name := cls._name(node):
                names.insert(0, name)
            node = node.get("parent")
        return names

    @classmethod
    def _place(cls, city: Any) -> Place | None:
        names = list(dict.fromkeys(cls._path(city)))
        if not names:
            return None
        if len(names) == 1:
            return Place(name=names[0], address_locality=names[0])
        country, *region, locality = names
        latin = all(name.isascii() for name in names)
        return Place(
            name=", ".join(reversed(names)) if latin else " ".join(names),
            address_locality=locality,
            address_region=region[-1] if region else None,
            address_country=country,
        )


def _channels(board: Board) -> list[str]:
    return (board.site or "").split(",")


def portal_headers(website: str | None, channel: str) -> dict[str, str]:
    """Return the headers that a site's own pages send."""
    headers = {"portal-channel": channel, "portal-platform": "pc", "Accept-Language": "zh-CN"}
    return headers | ({"website-path": website} if website else {})


def _gone(record: Mapping[str, Any]) -> PostingGone:
    gone = PostingGone("the posting is offline (channel_online_status 0)")
    gone.identifier = identifier_of(record)
    return gone


def _employment(kind: Sequence[str]) -> tuple[str, ...]:
    """Return the name of the kind itself, not of its pool: an intern in the campus pool is an intern."""
    if not kind:
        return ()
    known = _RECRUIT_TYPES.get(kind[-1].lower())
    return (known,) if known else employment_types(kind[-1])


def _description(record: Mapping[str, Any], info: Mapping[str, Any]) -> str:
    # Plain text, which may contain "List<T>"; custom fields of a tenant may be HTML.
    texts = [clean_text(record.get(key)) for key in ("description", "requirement")]
    added = info.get("job_post_object_value_map") or {}
    texts += [plain_text(added[key]) for key in sorted(added) if isinstance(added[key], str)]
    return "\n\n".join(filter(None, texts))


def _pay(info: Mapping[str, Any]) -> str | None:
    keys = ("min_salary", "max_salary", "currency")
    stated = [f"{key}={info[key]}" for key in keys if info.get(key)]
    return " ".join(stated) or None
