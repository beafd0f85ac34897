"""Workday's wire format, and the habits of its tenants, over HTTP."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.server import Simulator
from simulator.story import sized_story
from simulator.systems.workday import CAP, HABITS
from simulator.world import World
from tests.simulator.client import Response, fetch

SIZE = 2_100
HOST = "https://specimen-001.wd5.myworkdayjobs.com"
SITES = ["Careers", *(f"Careers-{habit}" for habit in HABITS)]


@pytest.fixture(scope="module")
def workday() -> Iterator[Simulator]:
    (board,) = sized_story(1, SIZE, ["workday"])
    boards = [dataclasses.replace(board, url=f"{HOST}/{site}") for site in SITES]
    with Simulator(World(boards=boards)) as simulator:
        yield simulator


def listed(workday: Simulator, site: str = "Careers", **query: Any) -> Response:
    body = {"appliedFacets": {}, "limit": 20, "offset": 0, "searchText": "", **query}
    headers = {"Content-Type": "application/json"}
    return fetch(workday, f"{HOST}/wday/cxs/specimen-001/{site}/jobs", body, headers=headers)


@pytest.mark.parametrize("limit", [0, 21, 100])
@pytest.mark.parametrize(("site", "status"), [("Careers", 200), ("Careers-strict", 400)])
def test_limit_beyond_twenty_is_refused_or_returns_nothing(
    workday: Simulator, limit: int, site: str, status: int
) -> None:
    response = listed(workday, site, limit=limit)
    assert response.status == status
    assert response.json.get("jobPostings", []) == []
    assert response.json.get("total") is None


@pytest.mark.parametrize(("site", "first", "later"), [("Careers", CAP, 0), ("Careers-lasting", CAP, CAP)])
def test_total_stops_at_the_cap_and_is_right_only_once(workday: Simulator, site: str, first: int, later: int) -> None:
    assert [listed(workday, site, offset=offset).json["total"] for offset in (0, 20)] == [first, later]


def test_beyond_the_cap_the_list_begins_again(workday: Simulator) -> None:
    assert listed(workday, offset=CAP).json["jobPostings"] == listed(workday).json["jobPostings"]


def test_beyond_the_cap_the_list_may_continue(workday: Simulator) -> None:
    last = listed(workday, "Careers-continuing", offset=SIZE - 7).json
    assert (last["total"], len(last["jobPostings"])) == (0, 7)


def leaves(facets: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for facet in facets:
        inner = [value for value in facet["values"] if "values" in value]
        found |= leaves(inner) if inner else {facet["facetParameter"]: facet["values"]}
    return found


@pytest.mark.parametrize("site", ["Careers", "Careers-nested", "Careers-overlapping", "Careers-omitting"])
def test_facets_value_lists_as_many_as_it_counts(workday: Simulator, site: str) -> None:
    for name, values in leaves(listed(workday, site).json["facets"]).items():
        for value in values:
            found = listed(workday, site, appliedFacets={name: [value["id"]]}).json
            assert found["total"] == min(value["count"], CAP)


@pytest.mark.parametrize(("habit", "sign"), [("omitting", -1), ("overlapping", 1), ("nested", 0)])
def test_job_families_may_not_add_up(workday: Simulator, habit: str, sign: int) -> None:
    families = leaves(listed(workday, f"Careers-{habit}").json["facets"])["jobFamilyGroup"]
    difference = sum(value["count"] for value in families) - SIZE
    assert (difference > 0) - (difference < 0) == sign


def test_bare_row_holds_its_requisition_alone(workday: Simulator) -> None:
    rows = listed(workday, "Careers-bare").json["jobPostings"]
    bare = [row for row in rows if "title" not in row]
    assert bare
    assert all(set(row) == {"bulletFields"} for row in bare)


def test_detail_is_at_the_rows_path(workday: Simulator) -> None:
    for row in listed(workday).json["jobPostings"]:
        info = fetch(workday, f"{HOST}/wday/cxs/specimen-001/Careers{row['externalPath']}").json["jobPostingInfo"]
        assert info["title"] == row["title"]
        assert info["jobReqId"] == row["bulletFields"][0]
        assert info["externalUrl"] == f"{HOST}/Careers{row['externalPath']}"


@pytest.mark.parametrize(("path", "status", "code"), [("Potter_JR1", 403, "S22"), ("Potter_X1", 404, "HTTP_404")])
def test_posting_that_is_not_there(workday: Simulator, path: str, status: int, code: str) -> None:
    response = fetch(workday, f"{HOST}/wday/cxs/specimen-001/Careers/job/Oslo/{path}")
    assert (response.status, response.json["errorCode"]) == (status, code)


@pytest.mark.parametrize("path", ["specimen-001/careers", "Specimen-001/Careers", "nobody/Careers"])
def test_tenants_and_sites_are_known_in_their_case_only(workday: Simulator, path: str) -> None:
    headers = {"Content-Type": "application/json"}
    assert fetch(workday, f"{HOST}/wday/cxs/{path}/jobs", {}, headers=headers).status == 422


def test_without_a_content_type_the_server_fails(workday: Simulator) -> None:
    assert fetch(workday, f"{HOST}/wday/cxs/specimen-001/Careers/jobs", {"limit": 20}).status == 500


@pytest.mark.parametrize("body", [{}, [], {"limit": 20, "offset": 0}])
def test_request_without_its_keys_is_refused(workday: Simulator, body: Any) -> None:
    headers = {"Content-Type": "application/json"}
    assert fetch(workday, f"{HOST}/wday/cxs/specimen-001/Careers/jobs", body, headers=headers).status == 400
