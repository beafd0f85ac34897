"""TikTok, and ByteDance outside China: Feishu's records from the sites' own public list, without dates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from scrapy import Request

from crawler.bases.board_spider import json_post
from crawler.boards import Board, Cursor
from crawler.spiders.feishu import FeishuSpider


class Site(NamedTuple):
    """One of the sites.

    Attributes:
        api: The host that serves it.
        website: The value that selects it in requests for the list.
    """

    api: str
    website: str


SITES = {
    "lifeattiktok.com": Site("api.lifeattiktok.com", "tiktok"),
    "joinbytedance.com": Site("jobs.bytedance.com", "en"),
}
"""The sites, by the host of their pages."""

_FORMER = {
    "careers.tiktok.com": "lifeattiktok.com",
    "api.lifeattiktok.com": "lifeattiktok.com",
    "jobs.bytedance.com": "joinbytedance.com",
}


class TiktokSpider(FeishuSpider):
    """The two international sites; each is one list of all countries."""

    name = "tiktok"
    vendor = "TikTok and ByteDance international"
    proof = "the reported count equals the number of distinct postings, and the first page is unchanged at the end"
    note = "lifeattiktok.com and joinbytedance.com; postings have no date."
    example = "https://lifeattiktok.com"
    languages = ("en_name", "i18n_name", "name")
    path_patterns = ()
    url_patterns = (
        re.compile(r"https?://(?:www\.)?(?P<host>lifeattiktok\.com|joinbytedance\.com)(?=[/?#]|$)", re.ASCII),
        re.compile(r"https?://(?P<host>careers\.tiktok\.com|api\.lifeattiktok\.com)(?=[/?#]|$)", re.ASCII),
        re.compile(r"https?://(?P<host>jobs\.bytedance\.com)/(?:en(?=[/?#]|$)|api/v1/public/supplier/)", re.ASCII),
    )

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        host = _FORMER.get(match["host"], match["host"])
        organization = "tiktok" if host == "lifeattiktok.com" else "bytedance"
        return Board(url=f"https://{host}", system=cls.name, organization=organization, instance=host)

    def list_request(self, board: Board, at: Cursor) -> Request:
        site = SITES[board.instance or ""]
        body = {
            "keyword": "",
            "limit": self.limit(at),
            "offset": at.offset,
            "job_category_id_list": [],
            "location_code_list": [],
            "subject_id_list": [],
            "recruitment_id_list": [],
        }
        request = json_post(f"https://{site.api}/api/v1/public/supplier/search/job/posts", body)
        headers = {"website-path": site.website, "portal-channel": site.website, "portal-platform": "pc"}
        request.headers.update({**headers, "Accept-Language": "en-US"})
        return request

    @classmethod
    def address(cls, identifier: str, record: Mapping[str, Any], board: Board | None) -> str:
        return f"{board.url}/search/{identifier}" if board else ""

    @classmethod
    def cities(cls, record: Mapping[str, Any]) -> Sequence[Any]:
        # Here city_info includes state and country.
        return [record["city_info"]] if record.get("city_info") else super().cities(record)
