"""Baidu (talent.baidu.com): three lists, one per kind of recruiting, requested by form and paged by number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from scrapy import FormRequest, Request

from crawler.bases.board_spider import BoardSpider
from crawler.boards import Board, Cursor
from crawler.captures.recordings import Recording
from crawler.parsing.responses import BoardBlocked, Page, UnexpectedResponse, expect, identifier_of, load_json, title_of
from postings import JobPosting, Place
from postings.facts.dates import BEIJING, iso
from postings.facts.employment import employment_types, kind_in_title
from postings.facts.salary import count_of
from postings.text import joined, plain_text, words

PAGE_SIZE = 20
"""The largest page size; larger ones are rejected."""

KINDS = {"SOCIAL": "社招", "GRADUATE": "校招", "INTERN": "实习"}
"""Baidu's names of the lists."""

_HOME = "https://talent.baidu.com"
_LOGIN = {"no-auth", "need-login"}


class BaiduSpider(BoardSpider):
    """Baidu's only board: experienced hires, graduates and interns; the lists include the full descriptions."""

    name = "baidu"
    vendor = "Baidu"
    proof = (
        "the reported total of each of the three lists equals the number of its distinct postings, and its first page "
        "is unchanged at the end"
    )
    note = "Experienced hires, graduates and interns together."
    example = _HOME
    zone = BEIJING
    filters = frozenset({"keyWord", "projectType", "workPlace", "postType"})
    url_patterns = (re.compile(r"https?://talent\.baidu\.com(?=[/?#]|$)"),)

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        return Board(url=_HOME, system=cls.name, organization="baidu")

    @classmethod
    def part_of(cls, recording: Recording) -> str:
        return str(recording.fields.get("recruitType") or next(iter(recording.query.get("recruitType", ())), ""))

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        return next(iter(recording.query.get("postId", ())), "")

    @classmethod
    def parts(cls, board: Board) -> Sequence[str]:
        return tuple(KINDS)

    def list_request(self, board: Board, at: Cursor) -> Request:
        form = {"recruitType": at.part, "pageSize": str(PAGE_SIZE), "curPage": str(at.page + 1)}
        # The list requires a Referer.
        return FormRequest(
            f"{_HOME}/httservice/getPostListNew",
            formdata={**form, "keyWord": "", "projectType": ""},
            headers={"Accept": "application/json", "Referer": f"{_HOME}/jobs/list"},
        )

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        payload = expect(load_json(body), dict, "the response")
        status = payload.get("status")
        if status in _LOGIN:
            raise BoardBlocked(f"Baidu requires a login ({status})")
        if status != "ok":
            raise UnexpectedResponse(f"Baidu returned status {status!r} ({words(payload.get('message'))})")
        data = expect(payload.get("data"), dict, "data")
        # Records do not state which list they belong to.
        kind = board.part if board and board.part in KINDS else None
        if "list" not in data and "postId" in data:
            return Page.of_records([data], lambda record: posting(record, kind), key="postId", detail=True)
        return Page.of_records(
            expect(data.get("list"), list, "list"),
            lambda record: posting(record, kind),
            key="postId",
            reported_total=_total(data.get("total")),
        )


def posting(record: Mapping[str, Any], kind: str | None = None) -> JobPosting:
    """Map a record of a list of a kind of recruiting, or of a detail response."""
    # A job can have several posts: only the post's id is unique.
    identifier = identifier_of(record, "postId")
    title = title_of(record, "name")
    employment = kind_in_title(title) or KINDS.get(kind or "")
    published = words(record.get("publishDate"))
    places = dict.fromkeys(filter(None, map(words, re.split("[,，、]", record.get("workPlace") or ""))))
    texts = (plain_text(record.get(key)) for key in ("workContent", "serviceCondition"))
    return JobPosting(
        identifier=identifier,
        title=title,
        url=f"{_HOME}/jobs/detail/{kind or 'SOCIAL'}/{identifier}",
        description="\n\n".join(filter(None, texts)),
        job_location=tuple(Place(name=name, address_locality=name) for name in places),
        employment_type=employment_types(employment),
        employment_type_raw=employment,
        date_posted=iso(published, zone=BEIJING),
        date_posted_raw=published,
        total_job_openings=count_of(record.get("recruitNum")),
        employment_unit=joined(record.get("bgShortName"), record.get("orgName")),
        occupational_category=words(record.get("postType")),
        education_requirements=words(record.get("education")),
    )


def _total(value: Any) -> int:
    """Return the total, which is a string."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return int(expect(value, int, "total"))
