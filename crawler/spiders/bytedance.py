"""ByteDance: Feishu's list in two pools, one of them longer than the window and read by category."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from scrapy import Request

from crawler.bases.board_spider import CallbackOutput, json_get
from crawler.boards import Board, Cursor
from crawler.captures.recordings import Recording
from crawler.manifest import Manifest
from crawler.spiders.feishu import FeishuSpider, portal_headers

API = "https://jobs.bytedance.com/api/v1"


class Pool(NamedTuple):
    """One of ByteDance's pools of openings.

    Attributes:
        website: The value that selects it in requests for the list.
        channel: The channel that its pages state.
        portal_type: The kind of site.
    """

    website: str
    channel: str
    portal_type: int


POOLS = {"campus": Pool("campus", "campus", 3), "experienced": Pool("society", "office", 2)}
"""The pools by the path of their pages."""

_ALIASES = {"society": "experienced"}
_CAMPUS = "2"
"""The parent of all recruit types of the campus pool."""


class BytedanceSpider(FeishuSpider):
    """ByteDance's own board, the largest on Feishu: the list serves and counts at most 10,000.

    A pool of that size is read by category; a category of that size cannot be proven complete.
    """

    name = "bytedance"
    vendor = "ByteDance"
    proof = "as for Feishu Hire; a pool of 10,000 or more is read by category, and the categories must cover it"
    note = "Pools: /experienced and /campus; the host alone means both, and a posting in both is counted once."
    example = "https://jobs.bytedance.com/experienced"
    path_patterns = ()
    url_patterns = (
        re.compile(
            r"https?://jobs?\.bytedance\.com"
            r"(?:/(?P<pool>campus|experienced|society)(?=[/?#]|$)|/api/(?!v1/public/)|/?(?:[?#]|$))",
            re.ASCII,
        ),
    )

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        pool = _ALIASES.get(match["pool"], match["pool"])
        url = "https://jobs.bytedance.com" + (f"/{pool}" if pool else "")
        return Board(url=url, system=cls.name, organization="bytedance", site=pool, instance="jobs.bytedance.com")

    @classmethod
    def part_of(cls, recording: Recording) -> str:
        website, portal = recording.headers.get("website-path"), recording.fields.get("portal_type")
        names = (name for name, pool in POOLS.items() if website == pool.website or portal == pool.portal_type)
        return next(names, "")

    @classmethod
    def parts(cls, board: Board) -> Sequence[str]:
        return (board.site,) if board.site else tuple(POOLS)

    def list_request(self, board: Board, at: Cursor) -> Request:
        name, _, category = at.part.partition("/")
        return self.search(API, at, *POOLS[name], *filter(None, [category]))

    def division_request(self, board: Board, at: Cursor) -> Request | None:
        name, _, category = at.part.partition("/")
        if category:
            return None
        pool = POOLS[name]
        request = json_get(f"{API}/config/job/filters/{pool.portal_type}")
        request.headers.update(portal_headers(pool.website, pool.channel))
        return request

    def divide(self, manifest: Manifest, at: Cursor, parts: Sequence[str]) -> CallbackOutput:
        # The categories are the same in both pools.
        yield from super().divide(manifest, at, [f"{at.part}/{category}" for category in parts])

    @classmethod
    def address(cls, identifier: str, record: Mapping[str, Any], board: Board | None) -> str:
        kind: Any = record.get("recruit_type") or {}
        campus = _CAMPUS in (kind.get("id"), (kind.get("parent") or {}).get("id"))
        pool = (board.site if board else None) or ("campus" if campus else "experienced")
        return f"https://jobs.bytedance.com/{pool}/position/{identifier}/detail"
