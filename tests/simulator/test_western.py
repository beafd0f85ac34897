"""Greenhouse's, Lever's and Ashby's wire formats, over HTTP."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import pytest

from simulator.server import Simulator
from simulator.world import DAYS, World
from tests.simulator.client import fetch

GREENHOUSE = "https://job-boards.greenhouse.io/fenwrightlabs"
GREENHOUSE_API = "https://boards-api.greenhouse.io/v1/boards"
LEVER = "https://jobs.eu.lever.co/brightfjord"
LEVER_API = "https://api.eu.lever.co/v0/postings/brightfjord"
ASHBY = "https://jobs.ashbyhq.com/marrowlight"
ASHBY_API = "https://api.ashbyhq.com/posting-api/job-board/marrowlight"


def greenhouse(simulator: Simulator, query: str = "?content=true&pay_transparency=true") -> list[dict[str, Any]]:
    jobs: list[dict[str, Any]] = fetch(simulator, f"{GREENHOUSE_API}/fenwrightlabs/jobs{query}").json["jobs"]
    return jobs


def lever(simulator: Simulator, query: str = "") -> list[dict[str, Any]]:
    postings: list[dict[str, Any]] = fetch(simulator, f"{LEVER_API}?mode=json{query}").json
    return postings


def ashby(simulator: Simulator, query: str = "?includeCompensation=true") -> list[dict[str, Any]]:
    jobs: list[dict[str, Any]] = fetch(simulator, f"{ASHBY_API}{query}").json["jobs"]
    return jobs


def test_greenhouse_lists_the_whole_board(simulator: Simulator, world: World) -> None:
    for simulator.day in (0, 14, DAYS):
        response = fetch(simulator, f"{GREENHOUSE_API}/fenwrightlabs/jobs").json
        assert {str(job["id"]) for job in response["jobs"]} == world.identifiers(GREENHOUSE, simulator.day)
        assert response["meta"]["total"] == len(response["jobs"])
        assert not any(key in job for job in response["jobs"] for key in ("content", "departments", "offices"))


def test_greenhouse_not_found(simulator: Simulator) -> None:
    for path in ("nobody/jobs", "fenwrightlabs/jobs/1", "nobody", "nobody/jobs/1"):
        response = fetch(simulator, f"{GREENHOUSE_API}/{path}")
        assert (response.status, response.json) == (404, {"status": 404, "error": "Job not found"})


def test_greenhouse_content_is_encoded_once(simulator: Simulator) -> None:
    for job in greenhouse(simulator):
        assert "<" not in job["content"]
        assert html.unescape(job["content"]).startswith('<div class="content-intro"><h2>')
        assert "&nbsp;" in html.unescape(job["content"])


def test_greenhouse_pay(simulator: Simulator) -> None:
    for job in greenhouse(simulator):
        block = "content-pay-transparency" in job["content"]
        assert block == bool(job["pay_input_ranges"])
        for pay in job["pay_input_ranges"]:
            assert 0 < pay["min_cents"] < pay["max_cents"]
            assert f"{pay['min_cents'] // 100:,}" in job["content"]
    assert any(job["pay_input_ranges"] for job in greenhouse(simulator))
    assert not any("pay_input_ranges" in job for job in greenhouse(simulator, "?content=true"))


def test_greenhouse_oddities(simulator: Simulator) -> None:
    simulator.day = DAYS
    jobs = greenhouse(simulator)
    assert all(job["id"] > 2**31 for job in jobs)
    assert any(job["title"].endswith(" ") for job in jobs)
    assert any("?gh_jid=" in job["absolute_url"] for job in jobs)
    assert any(" | " in job["location"]["name"] for job in jobs)
    assert any(job["location"]["name"] == "Remote" for job in jobs)
    assert any(office["location"] is None for job in jobs for office in job["offices"])
    assert any(job["offices"] == [] for job in jobs)
    assert any(job["metadata"] is None for job in jobs)
    assert {type(field["value"]) for job in jobs for field in job["metadata"] or ()} == {
        str,
        list,
        bool,
        type(None),
    }
    assert any(job["internal_job_id"] is None and job["first_published"] is None for job in jobs)
    assert len({job["requisition_id"] for job in jobs}) < len(jobs)


def test_greenhouse_etag_saves_the_second_response(simulator: Simulator) -> None:
    url = f"{GREENHOUSE_API}/fenwrightlabs/jobs?content=true"
    etag = {"If-None-Match": fetch(simulator, url).headers["ETag"]}
    again = fetch(simulator, url, headers=etag)
    assert (again.status, again.body) == (304, b"")
    simulator.day = DAYS
    assert fetch(simulator, url, headers=etag).status == 200


def test_greenhouse_detail_is_the_listed_job(simulator: Simulator) -> None:
    listed = greenhouse(simulator)[0]
    url = f"{GREENHOUSE_API}/fenwrightlabs/jobs/{listed['id']}"
    assert fetch(simulator, f"{url}?pay_transparency=true").json == listed
    assert "questions" in fetch(simulator, f"{url}?questions=true").json


def test_lever_pages_together_are_the_board(simulator: Simulator, world: World) -> None:
    whole = lever(simulator)
    assert {posting["id"] for posting in whole} == world.identifiers(LEVER, 0)
    for limit in (1, 7, 50):
        pages = [
            posting
            for skip in range(0, len(whole), limit)
            for posting in lever(simulator, f"&skip={skip}&limit={limit}")
        ]
        assert pages == whole
    assert lever(simulator, "&skip=1000&limit=50") == []


def test_lever_board_is_on_one_instance(simulator: Simulator) -> None:
    for url in (
        "https://api.lever.co/v0/postings/brightfjord?mode=json",
        "https://api.eu.lever.co/v0/postings/cinderquay?mode=json",
        f"{LEVER_API}/nobody",
    ):
        response = fetch(simulator, url)
        assert (response.status, response.json) == (404, {"ok": False, "error": "Document not found"})
    assert fetch(simulator, "https://api.lever.co/v0/postings/cinderquay?mode=json").status == 200


def test_lever_responds_with_html_unless_json_is_requested(simulator: Simulator) -> None:
    assert fetch(simulator, LEVER_API).headers["Content-Type"].startswith("text/html")
    json_wanted = {"Accept": "application/json"}
    assert fetch(simulator, LEVER_API, headers=json_wanted).json == lever(simulator)


def test_lever_board_without_postings(simulator: Simulator) -> None:
    simulator.fault(LEVER, "emptied")
    assert fetch(simulator, f"{LEVER_API}?mode=json").body == b"[]"


def test_lever_detail_is_the_listed_posting(simulator: Simulator) -> None:
    listed = lever(simulator)[3]
    assert fetch(simulator, f"{LEVER_API}/{listed['id']}").json == listed


def test_lever_filters_and_groups(simulator: Simulator) -> None:
    whole = lever(simulator)
    wanted = [posting for posting in whole if posting["categories"]["location"] == "Berlin"]
    assert lever(simulator, "&location=Berlin") == wanted != []
    groups = lever(simulator, "&group=location")
    assert sorted(posting["id"] for group in groups for posting in group["postings"]) == sorted(
        posting["id"] for posting in whole
    )


def test_lever_oddities(simulator: Simulator, world: World) -> None:
    simulator.day = DAYS
    postings = lever(simulator)
    lists = [part["content"] for posting in postings for part in posting["lists"]]
    assert not any("<ul" in content for content in lists)
    assert any(content.startswith("<div><li>") for content in lists)
    assert {posting["workplaceType"] for posting in postings} == {
        "unspecified",
        "remote",
        "hybrid",
        "on-site",
        "onsite",
    }
    assert any("salaryRange" in posting for posting in postings)
    assert any("salaryRange" not in posting for posting in postings)
    assert any(len(posting["categories"]["allLocations"]) > 1 for posting in postings)
    assert any("commitment" not in posting["categories"] for posting in postings)
    for posting in postings:
        created = world.posting(LEVER, posting["id"]).created()
        assert posting["createdAt"] // 1000 == int(created.timestamp())


def test_ashby_lists_the_whole_board(simulator: Simulator, world: World) -> None:
    for simulator.day in (0, DAYS):
        jobs = ashby(simulator)
        assert {job["id"] for job in jobs if job["isListed"]} == world.identifiers(ASHBY, simulator.day)
        assert any(not job["isListed"] for job in jobs)


def test_ashby_not_found_is_text(simulator: Simulator) -> None:
    response = fetch(simulator, "https://api.ashbyhq.com/posting-api/job-board/nobody")
    assert (response.status, response.text) == (404, "Not Found")
    assert response.headers["Content-Type"].startswith("text/plain")


def test_ashby_oddities(simulator: Simulator) -> None:
    simulator.day = DAYS
    jobs = ashby(simulator)
    assert {job["isRemote"] for job in jobs} == {True, False, None}
    assert any(job["isRemote"] and job["workplaceType"] == "Hybrid" for job in jobs)
    assert any(job["address"] == {} for job in jobs)
    assert any(job["secondaryLocations"] for job in jobs)
    assert any(place["address"] is None for job in jobs for place in job["secondaryLocations"])
    shown = {job["shouldDisplayCompensationOnJobPostings"] for job in jobs if job["compensation"]["compensationTiers"]}
    assert shown == {True, False}
    assert not any("compensation" in job for job in ashby(simulator, ""))


@pytest.mark.parametrize(
    ("host", "status", "text"),
    [
        ("boards-api.greenhouse.io", 200, "User-agent: *\nDisallow: /embed/\n"),
        ("api.lever.co", 200, "User-agent: *\nAllow: /\nCrawl-delay: 1\n"),
        ("api.eu.lever.co", 200, "User-agent: *\nAllow: /\nCrawl-delay: 1\n"),
        ("api.ashbyhq.com", 401, "Unauthorized"),
    ],
)
def test_robots(simulator: Simulator, host: str, status: int, text: str) -> None:
    response = fetch(simulator, f"https://{host}/robots.txt")
    assert (response.status, response.text) == (status, text)


def shape(value: Any) -> Any:
    """Return the keys of a record and of the records in it."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else None


@pytest.mark.shared
def test_fields_are_the_real_ones(recorded: Path, simulator: Simulator) -> None:
    def real(name: str) -> Any:
        return json.loads((recorded / name).read_text(encoding="utf-8"))

    plain = set().union(*greenhouse(simulator, ""))
    assert plain == set().union(*real("greenhouse/jobs_rsp.json")["jobs"])
    assert set().union(*greenhouse(simulator, "?content=true")) - {"education"} == set(
        real("greenhouse/job_detail_rsp.json")
    )
    pay = next(job for job in greenhouse(simulator) if job["pay_input_ranges"])["pay_input_ranges"]
    assert shape(pay) == shape(real("greenhouse/job_detail_full_rsp.json")["pay_input_ranges"])
    mine = set().union(*lever(simulator))
    assert mine - {"salaryRange"} == set().union(*real("lever/postings_rsp.json")) - {"salaryRange"}
    theirs = real("ashby/board_comp_rsp.json")["jobs"]
    assert set().union(*ashby(simulator)) == set().union(*theirs)
    tiers = [job["compensation"] for job in ashby(simulator) if job["compensation"]["compensationTiers"]]
    assert shape(tiers[0]) == shape(theirs[0]["compensation"])
