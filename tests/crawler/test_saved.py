"""Saved answers: what the request that was recorded beside one says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.saved import read_saved
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
