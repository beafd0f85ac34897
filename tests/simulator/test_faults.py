"""Each fault does what it is named for, and only to its board."""

from __future__ import annotations

import http.client
from typing import Any

import pytest

from simulator.faults import Fault, FaultKind
from simulator.server import Simulator
from simulator.world import World
from tests.simulator.client import MOKA_API, Response, fetch, moka, moka_pages

ORG, SITE = "luyingu", "210034"
MOKA = f"https://app.mokahr.com/social-recruitment/{ORG}/{SITE}"
GREENHOUSE = "https://job-boards.greenhouse.io/fenwrightlabs"
LEVER = "https://jobs.lever.co/cinderquay"
ASHBY = "https://jobs.ashbyhq.com/marrowlight"
LISTS: dict[str, tuple[str, dict[str, Any] | None]] = {
    MOKA: (f"{MOKA_API}/jobs/v2", {"orgId": ORG, "siteId": SITE, "limit": 50, "needStat": True}),
    GREENHOUSE: ("https://boards-api.greenhouse.io/v1/boards/fenwrightlabs/jobs?content=true", None),
    LEVER: ("https://api.lever.co/v0/postings/cinderquay?mode=json", None),
    ASHBY: ("https://api.ashbyhq.com/posting-api/job-board/marrowlight", None),
}


def listing(simulator: Simulator, board: str) -> Response:
    return fetch(simulator, *LISTS[board])


@pytest.mark.parametrize("board", LISTS)
@pytest.mark.parametrize(
    ("kind", "status", "start"),
    [
        ("empty200", 200, b""),
        ("shapeless", 200, b"{}"),
        ("html", 200, b"<!doctype html>"),
        ("blocked", 403, b"Forbidden"),
        ("dead_end", 303, b""),
        ("throttled", 429, b"Too Many"),
    ],
)
def test_response_in_place_of_the_board(simulator: Simulator, board: str, kind: str, status: int, start: bytes) -> None:
    simulator.fault(board, kind)
    response = listing(simulator, board)
    assert response.status == status
    assert response.body.startswith(start)
    assert bool(response.body) == bool(start)
    assert response.headers["Retry-After"] == ("1" if kind == "throttled" else None)
    for other in LISTS:
        assert other == board or listing(simulator, other).status == 200
    simulator.clear_fault(board)
    assert listing(simulator, board).status == 200


def test_truncated_moka_fails_in_the_middle(simulator: Simulator) -> None:
    simulator.fault(MOKA, "truncated")
    first = moka(simulator, ORG, SITE, limit=7, offset=0, needStat=True)["data"]
    assert len(first["jobs"]) == 7
    url, body = LISTS[MOKA]
    assert fetch(simulator, url, (body or {}) | {"limit": 7, "offset": 7}).status == 500
    whole = moka(simulator, ORG, SITE, limit=50, needStat=True)["data"]
    assert len(whole["jobs"]) < whole["jobStats"]["total"]


def test_truncated_greenhouse_has_fewer_rows_than_its_total(simulator: Simulator) -> None:
    simulator.fault(GREENHOUSE, "truncated")
    response = listing(simulator, GREENHOUSE).json
    assert 0 < len(response["jobs"]) < response["meta"]["total"]


@pytest.mark.parametrize("board", [LEVER, ASHBY])
def test_truncated_single_response_is_cut_short(simulator: Simulator, board: str) -> None:
    simulator.fault(board, "truncated")
    with pytest.raises(http.client.IncompleteRead):
        listing(simulator, board)


def test_emptied_boards_report_no_postings(simulator: Simulator) -> None:
    for board in LISTS:
        simulator.fault(board, "emptied")
    assert moka(simulator, ORG, SITE, limit=5, needStat=True)["data"] == {
        "jobStats": {"orgId": ORG, "total": 0},
        "jobs": [],
    }
    assert listing(simulator, GREENHOUSE).json == {"jobs": [], "meta": {"total": 0}}
    assert listing(simulator, LEVER).json == []
    assert listing(simulator, ASHBY).json["jobs"] == []


def test_lying_total(simulator: Simulator, world: World) -> None:
    simulator.fault(MOKA, "lying_total")
    simulator.fault(GREENHOUSE, "lying_total")
    identifiers, total = moka_pages(simulator, ORG, SITE, 20)
    assert total == len(set(identifiers)) + 7
    response = listing(simulator, GREENHOUSE).json
    assert response["meta"]["total"] == len(response["jobs"]) + 7


def test_repeated_page(simulator: Simulator) -> None:
    simulator.fault(MOKA, "repeated_page")
    identifiers, total = moka_pages(simulator, ORG, SITE, 7)
    assert set(identifiers) == set(identifiers[:7])
    assert len(identifiers) >= total
    simulator.fault(LEVER, "repeated_page")
    url = LISTS[LEVER][0]
    assert fetch(simulator, f"{url}&skip=5&limit=5").json == fetch(simulator, f"{url}&limit=5").json


def test_short_pages(simulator: Simulator, world: World) -> None:
    simulator.fault(MOKA, "short_pages")
    whole = [posting.identifier for posting in world.rows(MOKA, 0)]
    for offset in (0, 20):
        page = moka(simulator, ORG, SITE, limit=50, offset=offset, needStat=True)["data"]
        assert [job["id"] for job in page["jobs"]] == whole[offset : offset + 10]
        assert page["jobStats"]["total"] == len(whole)


def test_capped_list_counts_what_it_does_not_serve(simulator: Simulator, world: World) -> None:
    simulator.fault(MOKA, "capped")
    simulator.fault(GREENHOUSE, "capped")
    identifiers, total = moka_pages(simulator, ORG, SITE, 7)
    rows = len(world.rows(MOKA, 0))
    assert (len(identifiers), total) == (rows * 2 // 3, rows)
    response = listing(simulator, GREENHOUSE).json
    assert response["meta"]["total"] == len(world.rows(GREENHOUSE, 0)) > len(response["jobs"])


def test_only_the_first_page_states_the_total(simulator: Simulator, world: World) -> None:
    simulator.fault(MOKA, "first_total")
    pages = [moka(simulator, ORG, SITE, limit=7, offset=offset, needStat=True)["data"] for offset in (0, 7)]
    assert [page["jobStats"]["total"] for page in pages] == [len(world.rows(MOKA, 0)), 0]
    assert [len(page["jobs"]) for page in pages] == [7, 7]


def test_shifting_repeats_a_row_and_hides_a_new_one(simulator: Simulator, world: World) -> None:
    simulator.fault(MOKA, "shifting")
    identifiers, total = moka_pages(simulator, ORG, SITE, 7)
    assert total == len(world.rows(MOKA, 0)) + 1
    assert len(set(identifiers)) == len(identifiers) - 1 == total - 1
    again, _ = moka_pages(simulator, ORG, SITE, 7)
    assert len(set(again)) == len(again) == total
    (new,) = set(again) - world.identifiers(MOKA, 0)
    assert moka(simulator, ORG, SITE, "job", jobId=new)["data"]["id"] == new


def test_shrinking_skips_a_row(simulator: Simulator, world: World) -> None:
    simulator.fault(MOKA, "shrinking")
    identifiers, total = moka_pages(simulator, ORG, SITE, 7)
    order = [posting.identifier for posting in world.rows(MOKA, 0)]
    assert total == len(order) - 1
    assert order[7] not in identifiers
    assert len(set(identifiers)) == len(identifiers) == total


def test_swapping_skips_a_row_and_keeps_the_total(simulator: Simulator, world: World) -> None:
    simulator.fault(MOKA, "swapping")
    identifiers, total = moka_pages(simulator, ORG, SITE, 7)
    order = [posting.identifier for posting in world.rows(MOKA, 0)]
    assert len(set(identifiers)) == len(identifiers) == total == len(order)
    assert order[7] not in identifiers


def test_vanishing(simulator: Simulator, world: World) -> None:
    simulator.fault(MOKA, "vanishing")
    newest, second = (posting.identifier for posting in world.rows(MOKA, 0)[:2])
    assert newest in moka_pages(simulator, ORG, SITE, 50)[0]
    assert moka(simulator, ORG, SITE, "job", jobId=newest)["code"] == 703015
    assert moka(simulator, ORG, SITE, "job", jobId=second)["code"] == 0


def test_slow(world: World) -> None:
    waits: list[float] = []
    with Simulator(world, sleep=waits.append) as simulator:
        simulator.fault(ASHBY, Fault(FaultKind.SLOW, seconds=2.5))
        assert listing(simulator, ASHBY).status == listing(simulator, LEVER).status == 200
    assert waits == [2.5]


def test_retired(simulator: Simulator) -> None:
    for board in LISTS:
        simulator.fault(board, "retired")
    assert moka(simulator, ORG, SITE, limit=5)["code"] == 703002
    assert [listing(simulator, board).status for board in (GREENHOUSE, LEVER, ASHBY)] == [404] * 3


def test_only_on_some_days(simulator: Simulator) -> None:
    simulator.fault(ASHBY, Fault(FaultKind.BLOCKED, days=[3, 4]))
    statuses = []
    for simulator.day in range(6):
        statuses.append(listing(simulator, ASHBY).status)
    assert statuses == [200, 200, 200, 403, 403, 200]


def test_only_some_times(simulator: Simulator) -> None:
    simulator.fault(ASHBY, Fault(FaultKind.THROTTLED, times=2))
    assert [listing(simulator, ASHBY).status for _ in range(4)] == [429, 429, 200, 200]


def test_fault_leaves_nothing_behind(simulator: Simulator) -> None:
    for board in LISTS:
        before = listing(simulator, board)
        simulator.fault(board, "emptied")
        listing(simulator, board)
        simulator.clear_fault()
        after = listing(simulator, board)
        assert (after.opened == before.opened) if board == MOKA else (after.body == before.body)


def test_robots_is_never_faulty(simulator: Simulator) -> None:
    simulator.fault(MOKA, "blocked")
    assert fetch(simulator, "https://app.mokahr.com/robots.txt").status == 200


@pytest.mark.parametrize(
    ("board", "kind", "complaint"),
    [
        (GREENHOUSE, "shifting", "no pages"),
        (ASHBY, "repeated_page", "no pages"),
        (LEVER, "lying_total", "no total"),
        (LEVER, "capped", "no total"),
        (ASHBY, "short_pages", "no pages"),
        (ASHBY, "vanishing", "no address"),
        (LEVER, "typo", "typo"),
    ],
)
def test_faults_that_a_system_cannot_have(simulator: Simulator, board: str, kind: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        simulator.fault(board, kind)


def test_faults_of_unknown_boards(simulator: Simulator) -> None:
    with pytest.raises(LookupError, match="no board"):
        simulator.fault("https://jobs.lever.co/nobody", FaultKind.BLOCKED)


@pytest.mark.parametrize(("board", "key"), [(GREENHOUSE, "content"), (LEVER, "categories"), (ASHBY, "jobUrl")])
def test_renamed_keys(simulator: Simulator, board: str, key: str) -> None:
    before = listing(simulator, board).text
    simulator.fault(board, Fault(FaultKind.RENAMED, keys=[key]))
    after = listing(simulator, board).text
    assert f'"{key}":' in before
    assert after == before.replace(f'"{key}":', f'"{key}V2":')


def test_renamed_keys_of_an_encrypted_response(simulator: Simulator) -> None:
    simulator.fault(MOKA, Fault(FaultKind.RENAMED, keys=["jobDescription", "locations"]))
    row = moka(simulator, ORG, SITE, limit=1)["data"]["jobs"][0]
    assert "jobDescription" not in row
    detail = moka(simulator, ORG, SITE, "job", jobId=row["id"])["data"]
    assert {"jobDescriptionV2", "locationsV2"} <= set(detail)


def test_renaming_board_needs_keys(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="name the keys"):
        simulator.fault(LEVER, "renamed")
