"""SmartRecruiters' wire format, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.server import Simulator
from simulator.world import World
from tests.simulator.client import fetch

API = "https://api.smartrecruiters.com/v1/companies"
OURS = f"{API}/specimen-001"


@pytest.fixture(scope="module")
def simulated() -> Iterator[Simulator]:
    with Simulator(World.sized(boards=1, postings=130, systems=["smartrecruiters"])) as simulator:
        yield simulator


def test_page_holds_a_hundred_at_most(simulated: Simulator) -> None:
    pages = [fetch(simulated, f"{OURS}/postings?limit=500&offset={offset}").json for offset in (0, 100, 200)]
    assert [len(page["content"]) for page in pages] == [100, 30, 0]
    assert {page["totalFound"] for page in pages} == {130}


def test_unknown_board_looks_empty(simulated: Simulator) -> None:
    response = fetch(simulated, f"{API}/nobody/postings")
    assert (response.status, response.json) == (200, {"offset": 0, "limit": 100, "totalFound": 0, "content": []})


def test_company_is_known_in_any_case(simulated: Simulator) -> None:
    assert fetch(simulated, f"{API}/SPECIMEN-001/postings").json["totalFound"] == 130


def test_departments_id_changes_its_type(simulated: Simulator) -> None:
    row = next(row for row in fetch(simulated, f"{OURS}/postings").json["content"] if row["department"])
    detail = fetch(simulated, f"{OURS}/postings/{row['id']}").json
    assert isinstance(row["department"]["id"], str)
    assert detail["department"]["id"] == int(row["department"]["id"])
    assert detail["department"]["id"] in [one["id"] for one in fetch(simulated, f"{OURS}/departments").json["content"]]


def test_texts_are_in_the_detail_alone(simulated: Simulator) -> None:
    row = fetch(simulated, f"{OURS}/postings?limit=1").json["content"][0]
    assert "jobAd" not in row
    assert fetch(simulated, f"{OURS}/postings/{row['id']}").json["jobAd"]["sections"]["jobDescription"]["text"]


def test_some_jobs_have_a_further_ad(simulated: Simulator) -> None:
    further = [row for row in fetch(simulated, f"{OURS}/postings").json["content"] if not row["defaultJobAd"]]
    assert {row["language"]["code"] for row in further} == {"de"}


def test_posting_that_is_not_there(simulated: Simulator) -> None:
    response = fetch(simulated, f"{OURS}/postings/1")
    assert (response.status, response.json["code"]) == (404, "RESOURCE_NOT_FOUND")


def test_robots_txt_forbids_the_api(simulated: Simulator) -> None:
    assert fetch(simulated, "https://api.smartrecruiters.com/robots.txt").text.endswith("User-agent: *\nDisallow: /\n")
