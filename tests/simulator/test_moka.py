"""Moka's wire format, over HTTP."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from simulator.server import Simulator
from simulator.systems.moka import OWN_HOST, decrypt, encrypt
from simulator.world import DAYS, World
from tests.simulator.client import MOKA_API, fetch, moka, moka_pages

ORG, SITE = "luyingu", "210034"
BOARD = f"https://app.mokahr.com/social-recruitment/{ORG}/{SITE}"
JINRIDGE = "https://app.mokahr.com/social-recruitment/jinridge/318820"
INTERNATIONAL = "https://hire-r1.mokahr.com/api/outer/ats-apply/website/jobs/v2"


def page_data(simulator: Simulator, url: str) -> tuple[str, dict[str, Any]]:
    response = fetch(simulator, url)
    assert response.status == 200
    title = re.search("<title>(.*?)</title>", response.text)
    value = re.search('id="init-data" value="(.*?)"', response.text)
    assert title
    assert value
    return title[1], json.loads(html.unescape(value[1]))


def all_jobs(simulator: Simulator, org: str = ORG, site: str = SITE, **body: object) -> list[dict[str, Any]]:
    jobs: list[dict[str, Any]] = []
    while True:
        data = moka(simulator, org, site, limit=50, offset=len(jobs), needStat=True, **body)["data"]
        jobs += data["jobs"]
        if len(jobs) >= data["jobStats"]["total"]:
            return jobs


@pytest.mark.parametrize("limit", [1, 7, 50])
def test_pages_together_are_the_board(simulator: Simulator, world: World, limit: int) -> None:
    for simulator.day in (0, 14, DAYS):
        identifiers, total = moka_pages(simulator, ORG, SITE, limit)
        assert total == len(identifiers) == len(set(identifiers))
        assert set(identifiers) == world.identifiers(BOARD, simulator.day)


def test_both_sites_of_the_tenant_are_served(simulator: Simulator, world: World) -> None:
    identifiers, _ = moka_pages(simulator, ORG, "210035", 50)
    assert set(identifiers) == world.identifiers(
        "https://app.mokahr.com/campus-recruitment/luyingu/210035", simulator.day
    )
    assert {job["hireMode"] for job in all_jobs(simulator, site="210035")} == {2}


def test_each_response_has_its_own_key(simulator: Simulator) -> None:
    body = {"orgId": ORG, "siteId": SITE, "limit": 3}
    first, second = (fetch(simulator, f"{MOKA_API}/jobs/v2", body) for _ in range(2))
    assert first.json["necromancer"] != second.json["necromancer"]
    assert re.fullmatch("[0-9a-f]{16}", first.json["necromancer"])
    assert first.opened == second.opened
    assert set(first.json) == {"data", "necromancer"}


@pytest.mark.parametrize(
    ("call", "body", "code"),
    [
        ("jobs/v2", {"orgId": "nobody", "siteId": "1", "limit": 5}, 703002),
        ("jobs/v2", {"orgId": ORG, "siteId": "318820", "limit": 5}, 703002),
        ("jobs/v2", {"orgId": ORG, "siteId": SITE, "limit": 51}, 102),
        ("jobs/v2", {"orgId": ORG, "siteId": SITE, "limit": "50"}, 102),
        ("jobs/v2", {"orgId": ORG, "siteId": SITE, "limit": 5, "offset": -1}, 102),
        ("jobs/v2", b"{not json", 101),
        ("job", {"orgId": ORG, "siteId": SITE, "jobId": "00000000-0000-0000-0000-000000000000"}, 703015),
        ("job", {"orgId": "nobody", "siteId": "1", "jobId": "x"}, 703002),
        ("job", b"", 101),
    ],
)
def test_errors_are_encrypted_in_http_200(simulator: Simulator, call: str, body: object, code: int) -> None:
    response = fetch(simulator, f"{MOKA_API}/{call}", body)
    assert response.status == 200
    assert response.opened["code"] == code
    assert response.opened["success"] is False
    assert "data" not in response.opened


def test_total_is_zero_without_need_stat(simulator: Simulator) -> None:
    data = moka(simulator, ORG, SITE, limit=5)["data"]
    assert data["jobStats"] == {"orgId": ORG, "total": 0}
    assert len(data["jobs"]) == 5


def test_past_the_end_is_empty_with_the_real_total(simulator: Simulator, world: World) -> None:
    data = moka(simulator, ORG, SITE, limit=5, offset=1000, needStat=True)["data"]
    assert data["jobs"] == []
    assert data["jobStats"]["total"] == len(world.rows(BOARD, 0))


def test_page_number_is_ignored(simulator: Simulator) -> None:
    assert moka(simulator, ORG, SITE, limit=5, pageNo=3, pageSize=2) == moka(simulator, ORG, SITE, limit=5)


def test_site_may_be_a_number(simulator: Simulator) -> None:
    response = fetch(simulator, f"{MOKA_API}/jobs/v2", {"orgId": ORG, "siteId": int(SITE), "limit": 1})
    assert response.opened["code"] == 0


def test_filters_narrow_the_total(simulator: Simulator) -> None:
    jobs = all_jobs(simulator)
    place = next(p["id"] for job in jobs for p in job.get("locations", []) if "id" in p)
    wanted = {job["id"] for job in jobs if place in [p.get("id") for p in job.get("locations", [])]}
    assert 0 < len(wanted) < len(jobs)
    assert {job["id"] for job in all_jobs(simulator, locationIds=[place])} == wanted
    title = jobs[0]["title"]
    assert {job["title"] for job in all_jobs(simulator, keyword=title)} == {title}


def test_locale_changes_the_names_of_places_only(simulator: Simulator) -> None:
    chinese, english = all_jobs(simulator), all_jobs(simulator, locale="en-US")
    assert {p["country"] for job in chinese for p in job.get("locations", [])} == {"中国"}
    assert {p["country"] for job in english for p in job.get("locations", [])} == {"China"}
    assert [job["jobDescription"] for job in chinese] == [job["jobDescription"] for job in english]


def test_places_have_their_oddities(simulator: Simulator) -> None:
    simulator.day = DAYS
    jobs = all_jobs(simulator)
    assert any("locations" not in job for job in jobs)
    assert any(job.get("locations") == [] for job in jobs)
    assert any(set(place) == {"country"} for job in jobs for place in job.get("locations", []))
    assert any(
        len(job["locations"]) == 2 and job["locations"][0] == job["locations"][1] for job in jobs if "locations" in job
    )


def test_texts_have_their_oddities(simulator: Simulator, world: World) -> None:
    simulator.day = DAYS
    jobs = {job["id"]: job for job in all_jobs(simulator)}
    texts = [job["jobDescription"] for job in jobs.values()]
    assert any("【岗位类别】：" in text for text in texts)
    assert any(re.search("招聘方向【.+?】：.+方向、.+方向", text) for text in texts)
    assert "" in texts
    assert "<p><br></p>" in texts
    for identifier, target in world.redirecting(BOARD, DAYS).items():
        text = moka(simulator, ORG, SITE, "job", jobId=identifier)["data"]["jobDescription"]
        assert re.fullmatch(rf'<p>[^<]*<a href="{re.escape(BOARD)}#/job/{target}"[^>]*>[^<]*</a></p>', text)
    paused = {identifier for identifier, job in jobs.items() if job["status"] == "pause"}
    assert paused == world.paused(BOARD, DAYS) != frozenset()
    urgent = {identifier for identifier, job in jobs.items() if job.get("prior") == 1}
    assert urgent == {p.identifier for p in world.rows(BOARD, DAYS) if p.urgent} != set()


def test_text_and_pay_may_be_in_the_detail_alone(simulator: Simulator) -> None:
    jobs = all_jobs(simulator, "jinridge", "318820")
    assert not any("jobDescription" in job or "zhineng" in job for job in jobs)
    details = [moka(simulator, "jinridge", "318820", "job", jobId=job["id"])["data"] for job in jobs]
    assert all(detail["jobDescription"].startswith("<p>") for detail in details)
    monthly = [d["minSalary"] for d in details if "minSalary" in d and d["commitment"] == "全职"]
    assert any(amount < 1000 for amount in monthly)
    assert any(amount >= 5000 for amount in monthly)
    assert any("payPeriod" in detail for detail in details)


def test_api_dates_are_beijing_and_page_dates_are_utc(simulator: Simulator) -> None:
    job = moka(simulator, ORG, SITE, limit=1)["data"]["jobs"][0]
    _, data = page_data(simulator, BOARD)
    same = data["jobs"][0]
    assert same["id"] == job["id"]
    beijing = datetime.fromisoformat(job["createdAt"]).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    assert same["createdAt"] == f"{beijing.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def test_page_of_an_existing_board(simulator: Simulator, world: World) -> None:
    for kind in ("social-recruitment", "apply", "m/social-recruitment"):
        _, data = page_data(simulator, f"https://app.mokahr.com/{kind}/{ORG}/{SITE}")
        assert data["org"]["id"] == ORG
        assert data["aesIv"] == "de7c21ed8d6f50fe"
        assert len(data["jobs"]) == 15
        assert data["jobStats"]["total"] == len(world.rows(BOARD, 0))


def test_page_of_an_unknown_board(simulator: Simulator) -> None:
    title, data = page_data(simulator, "https://app.mokahr.com/social-recruitment/nobody/1")
    assert title == data["message"] == "您访问的页面不存在"
    assert "org" not in data


def test_page_of_a_retired_board(simulator: Simulator) -> None:
    simulator.fault(BOARD, "retired")
    title, data = page_data(simulator, BOARD)
    assert title == "当前网页已关停"
    assert data == {"message": "当前网页已关停", "isBizError": True}
    assert moka(simulator, ORG, SITE, limit=1)["code"] == 703002


def test_address_without_site_leads_to_one(simulator: Simulator) -> None:
    response = fetch(simulator, f"https://app.mokahr.com/social-recruitment/{ORG}")
    assert response.status == 302
    assert response.headers["Location"].startswith("https://app.mokahr.com/")


def test_page_links_the_tenants_other_sites(simulator: Simulator) -> None:
    campus = "https://app.mokahr.com/campus-recruitment/luyingu/210035"
    assert f'<a href="{campus}">' in fetch(simulator, BOARD).text
    assert f'<a href="{BOARD}">' not in fetch(simulator, BOARD).text


def test_custom_domain_serves_the_same_and_its_page_names_its_vector() -> None:
    (pattern,) = World.sized(1, 3, systems=["moka"]).boards
    board = dataclasses.replace(pattern, url=f"https://{OWN_HOST}/social-recruitment/quillfern/7")
    with Simulator(World(boards=[board])) as simulator:
        _, data = page_data(simulator, board.url)
        body = {"orgId": "quillfern", "siteId": "7", "limit": 5}
        response = fetch(simulator, f"https://{OWN_HOST}/api/outer/ats-apply/website/jobs/v2", body).json
    assert data["org"]["id"] == "quillfern"
    assert json.loads(decrypt(response["data"], response["necromancer"], data["aesIv"]))["code"] == 0


def test_facets_are_in_clear_and_english_by_default(simulator: Simulator) -> None:
    url = f"{MOKA_API}/jobs/v2/filterFieldsAggregations"
    response = fetch(simulator, url, {"orgId": ORG, "siteId": SITE}).json
    assert response["code"] == 0
    categories = response["data"]["systemFieldsAggregations"]["zhinengAggregation"]["zhinengList"]
    assert sum(category["jobCount"] for category in categories) == len(all_jobs(simulator))
    places = response["data"]["systemFieldsAggregations"]["locationAggregation"]["locationList"]
    assert "Haidian" in {place["label"] for place in places}
    for org, site in (("jinridge", "318820"), ("nobody", "1")):
        empty = fetch(simulator, url, {"orgId": org, "siteId": site}).json
        assert empty["data"]["systemFieldsAggregations"] == {}


def test_international_cluster_responds_in_clear(simulator: Simulator, world: World) -> None:
    body = {"orgId": "orreryharbor", "siteId": "100000412", "limit": 50, "needStat": True}
    response = fetch(simulator, INTERNATIONAL, body).json
    board = "https://hire-r1.mokahr.com/social-recruitment/orreryharbor/100000412"
    assert {job["id"] for job in response["data"]["jobs"]} == world.identifiers(board, 0)
    assert fetch(simulator, INTERNATIONAL, body | {"orgId": ORG, "siteId": SITE}).json["code"] == 703002
    assert moka(simulator, "orreryharbor", "100000412", limit=1)["code"] == 703002


def test_bulk_edit_stamps_all_and_changes_no_text(simulator: Simulator) -> None:
    simulator.day = 9
    before = {job["id"]: job for job in all_jobs(simulator)}
    simulator.day = 10
    after = {job["id"]: job for job in all_jobs(simulator) if job["id"] in before}
    stamps = [job["updatedAt"] for job in after.values()]
    assert stamps.count(max(set(stamps), key=stamps.count)) > len(stamps) * 0.8
    unchanged = [key for key, job in after.items() if job["jobDescription"] == before[key]["jobDescription"]]
    assert len(unchanged) > len(after) * 0.8


def test_robots_names_two_closed_boards(simulator: Simulator) -> None:
    assert fetch(simulator, "https://app.mokahr.com/robots.txt").text.count("Disallow:") == 2


def test_encryption_round_trips() -> None:
    key = "0123456789abcdef"
    for size in (0, 1, 15, 16, 17, 1000):
        assert decrypt(encrypt(b"x" * size, key), key) == b"x" * size
    with pytest.raises(ValueError):
        decrypt("AAAA", key)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["jobs", "job"])
def test_real_responses_decrypt_to_their_decoded_copies(recorded: Path, name: str) -> None:
    sealed = json.loads((recorded / "moka" / f"{name}_rsp.json").read_text(encoding="utf-8"))
    plain = decrypt(sealed["data"], sealed["necromancer"])
    decoded = json.loads((recorded / "moka" / f"{name}_decrypted.json").read_text(encoding="utf-8"))
    assert json.loads(plain) == decoded
    assert encrypt(plain, sealed["necromancer"]) == sealed["data"]


@pytest.mark.shared
def test_fields_are_among_the_real_ones(recorded: Path, simulator: Simulator) -> None:
    real = json.loads((recorded / "moka" / "jobs_decrypted.json").read_text(encoding="utf-8"))["data"]
    ours = moka(simulator, ORG, SITE, limit=50, needStat=True)["data"]
    known = set().union(*real["jobs"])
    assert set(ours) == set(real)
    assert set().union(*ours["jobs"]) - known <= {"prior"}
    assert known - set().union(*ours["jobs"]) == set()
    detail = json.loads((recorded / "moka" / "job_decrypted.json").read_text(encoding="utf-8"))["data"]
    mine = moka(simulator, ORG, SITE, "job", jobId=ours["jobs"][0]["id"])["data"]
    assert set(mine) - set(detail) <= {"number", "education", "minSalary", "maxSalary", "payPeriod"}
