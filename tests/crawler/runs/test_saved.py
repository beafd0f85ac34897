"""Saved answers: what the request that was recorded beside one says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.captures.recordings import requested
from crawler.runs.saved import read_saved
from crawler.systems import system

LIST = '{"total": 1, "jobPostings": [{"title": "Potter", "externalPath": "/job/Potter_JR1"}]}'
REQUEST = """POST https://potters.wd5.myworkdayjobs.com/wday/cxs/potters/Careers/jobs{query}
Content-Type: application/json
{body}

HTTP 200
"""


@pytest.mark.parametrize(
    ("query", "body", "total"),
    [
        ("", '{"appliedFacets": {}, "limit": 20, "searchText": ""}', 1),
        ("", '{"appliedFacets": {"jobFamilyGroup": ["0c40"]}, "searchText": ""}', None),
        ("", '{"appliedFacets": {}, "searchText": "kiln"}', None),
        ("?searchText=", "{}", 1),
        ("?searchText=kiln", "{}", None),
        ("?searchText.title=kiln", "{}", None),
    ],
)
def test_only_a_filter_that_was_given_a_value_narrows_the_list(
    tmp_path: Path, query: str, body: str, total: int | None
) -> None:
    (tmp_path / "jobs_req.hurl").write_text(REQUEST.format(query=query, body=body), "utf-8")
    response = tmp_path / "jobs_rsp.json"
    response.write_text(LIST, "utf-8")
    assert read_saved(system("workday"), response).reported_total == total


MOKA_API = "https://app.mokahr.com/api/outer/ats-apply/website/jobs/v2"
FEISHU_API = "/api/v1/search/job/posts"


@pytest.mark.parametrize(
    ("name", "address", "body", "headers", "board"),
    [
        (
            "moka",
            MOKA_API,
            {"orgId": "fogport", "siteId": 7},
            {"referer": "https://app.mokahr.com/campus-recruitment/fogport/7"},
            "https://app.mokahr.com/campus-recruitment/fogport/7",
        ),
        (
            "moka",
            MOKA_API,
            {"orgId": "fogport", "siteId": 7},
            {"referer": "https://app.mokahr.com/campus-recruitment/fogport/8"},
            "https://app.mokahr.com/social-recruitment/fogport/7",
        ),
        (
            "moka",
            MOKA_API,
            {"orgId": "fogport", "siteId": 7},
            {},
            "https://app.mokahr.com/social-recruitment/fogport/7",
        ),
        (
            "feishu",
            f"https://fogport.jobs.feishu.cn{FEISHU_API}",
            {},
            {"website-path": "career"},
            "https://fogport.jobs.feishu.cn/career",
        ),
        ("feishu", f"https://fogport.jobs.feishu.cn{FEISHU_API}", {}, {}, "https://fogport.jobs.feishu.cn"),
        (
            "feishu",
            f"https://hr.fogport.example{FEISHU_API}",
            {},
            {"website-path": "career"},
            "https://hr.fogport.example/career/position/list",
        ),
        ("feishu", f"https://hr.fogport.example{FEISHU_API}", {}, {}, None),
        (
            "bytedance",
            f"https://jobs.bytedance.com{FEISHU_API}",
            {},
            {"website-path": "society"},
            "https://jobs.bytedance.com/experienced",
        ),
        ("feishu", f"https://jobs.bytedance.com{FEISHU_API}", {}, {"website-path": "society"}, None),
        ("bytedance", f"https://jobs.bytedance.com{FEISHU_API}", {}, {}, "https://jobs.bytedance.com"),
    ],
)
def test_what_the_address_leaves_out_of_a_board_the_requests_headers_tell(
    name: str, address: str, body: dict[str, object], headers: dict[str, str], board: str | None
) -> None:
    asked = requested("POST", address, path=Path("x.har"), content_type="application/json", body=body, headers=headers)
    found = system(name).board_of(asked)
    assert (found and found.url) == board
