"""Meituan (zhaopin.meituan.com): three lists paged by number, with an empty page now and then."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from scrapy import Request

from crawler.bases.board_spider import BoardSpider, json_post
from crawler.boards import Board, Cursor
from crawler.captures.recordings import Recording
from crawler.parsing.responses import Page, UnexpectedResponse, expect, identifier_of, load_json, title_of
from postings import JobPosting, Place
from postings.facts.dates import epoch_ms
from postings.facts.employment import employment_types, kind_in_title
from postings.text import joined, plain_text, words

PAGE_SIZE = 100

KINDS = {"3": "社招", "1": "校招", "2": "实习"}
"""Meituan's names of the lists, by code."""

_HOME = "https://zhaopin.meituan.com"
_TEXTS = ("departmentIntro", "jobDuty", "jobRequirement", "precedence", "otherInfo")


class MeituanSpider(BoardSpider):
    """Meituan's only board: a list each of experienced hires, graduates and interns."""

    name = "meituan"
    vendor = "Meituan"
    proof = (
        "the reported total of each of the three lists equals the number of its distinct postings, and its first page "
        "is unchanged at the end"
    )
    note = "Experienced hires, graduates and interns together."
    example = _HOME
    filters = frozenset({"keywords", "cityList", "department", "jfJgList", "typeCode", "specialCode"})
    url_patterns = (re.compile(r"https?://zhaopin\.meituan\.com(?=[/?#]|$)"),)

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        return Board(url=_HOME, system=cls.name, organization="meituan")

    @classmethod
    def posting_of(cls, recording: Recording) -> str:
        return str(recording.fields.get("jobUnionId"))

    @classmethod
    def part_of(cls, recording: Recording) -> str:
        kinds = recording.fields.get("jobType")
        codes = [kind.get("code") for kind in kinds if isinstance(kind, dict)] if isinstance(kinds, list) else []
        return str(codes[0]) if len(codes) == 1 else ""

    @classmethod
    def parts(cls, board: Board) -> Sequence[str]:
        return tuple(KINDS)

    def list_request(self, board: Board, at: Cursor) -> Request:
        data = {
            # Outside this object the page number is ignored.
            "page": {"pageNo": at.page + 1, "pageSize": PAGE_SIZE},
            "jobShareType": "1",
            "keywords": "",
            "cityList": [],
            "department": [],
            "jfJgList": [],
            "jobType": [{"code": at.part, "subCode": []}],
            "typeCode": [],
            "specialCode": [],
        }
        return json_post(f"{_HOME}/api/official/job/getJobList", data)

    def needs_detail(self, posting: JobPosting) -> bool:
        return not posting.description

    def detail_request(self, board: Board, posting: JobPosting) -> Request:
        data = {"jobUnionId": posting.identifier, "jobShareType": "1"}
        return json_post(f"{_HOME}/api/official/job/getJobDetail", data)

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        payload = expect(load_json(body), dict, "the response")
        if payload.get("status") != 1:
            raise UnexpectedResponse(
                f"Meituan returned status {payload.get('status')} ({words(payload.get('message'))})"
            )
        data = expect(payload.get("data"), dict, "data")
        if "list" not in data and "jobUnionId" in data:
            return Page.of_records([data], posting, key="jobUnionId", detail=True)
        jobs, page = expect(data.get("list"), list, "list"), expect(data.get("page"), dict, "page")
        total = expect(page.get("totalCount"), int, "page.totalCount")
        number = page.get("pageNo")
        return Page.of_records(
            jobs,
            posting,
            key="jobUnionId",
            stamp=lambda record: record.get("refreshTime"),
            # A page that is empty by accident does not state the list's length.
            reported_total=None if not jobs and isinstance(number, int) and number > 1 else total,
        )


def posting(record: Mapping[str, Any]) -> JobPosting:
    """Map a job of a list or of a detail response."""
    identifier = identifier_of(record, "jobUnionId")
    title = title_of(record, "name")
    kind = kind_in_title(title) or KINDS.get(str(record.get("jobType")))
    posted = record.get("firstPostTime")
    cities = map(words, _names(record.get("cityList")))
    return JobPosting(
        identifier=identifier,
        title=title,
        url=f"{_HOME}/web/position/detail?jobUnionId={identifier}",
        description=_description(record),
        job_location=tuple(Place(name=name, address_locality=name) for name in dict.fromkeys(cities) if name),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        # refreshTime changes on every refresh, so it is not the date of posting.
        date_posted=epoch_ms(posted),
        date_posted_raw=str(posted) if posted else None,
        employment_unit=joined(*_names(record.get("department"))),
        occupational_category=words(record.get("jobFamily")) or words(record.get("jobFamilyGroup")),
    )


def _description(record: Mapping[str, Any]) -> str:
    # The department's introduction alone does not describe the job: its own page must be read.
    if not (record.get("jobDuty") or record.get("jobRequirement")):
        return ""
    return "\n\n".join(filter(None, (plain_text(record.get(key)) for key in _TEXTS)))


def _names(items: Sequence[Mapping[str, Any]] | None) -> list[Any]:
    """Return the names in a list of ``{code, name}``."""
    return [item.get("name") for item in items or ()]
