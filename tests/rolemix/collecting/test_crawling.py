"""From boards to history: live ones run by run, and saved answers judged by the same proofs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from crawler.runs.saved import sort
from crawler.systems import find_board
from postings import Verdict
from postings.errors import RolemixError
from postings.store import Store, queries
from postings.store.history import StaleRunError
from rolemix import api
from rolemix.collecting.crawling import Collected, collect, ingest, read_run
from rolemix.collecting.watchlist import Watched
from simulator.faults import FaultKind
from simulator.server import Simulator
from simulator.world import World
from tests.rolemix.conftest import FAILED_AT_LAST, JOINED_LATER, QUILLMOTH, History

BRIGHTFJORD = "https://jobs.eu.lever.co/brightfjord"
BOARD = find_board(QUILLMOTH)
TWO = [("a", "Lamp Keeper"), ("b", "Nurse")]


def watched(*urls: str) -> list[Watched]:
    return [Watched(find_board(url)) for url in urls]


def crawled(simulator: Simulator, path: Path, day: int, *urls: str) -> list[Collected]:
    simulator.day = day
    settings = api.crawl_settings(simulator.url, 0) | {"RETRY_TIMES": 0}
    with Store.open(path) as store:
        return collect(store, watched(*urls), observed_at=World.date(day), settings=settings)


def test_records_stand_in_the_order_asked_for(simulator: Simulator, tmp_path: Path) -> None:
    urls = (JOINED_LATER, FAILED_AT_LAST, BRIGHTFJORD, FAILED_AT_LAST)
    found = crawled(simulator, tmp_path / "db", 0, *urls)
    assert [one.run.board_url for one in found] == list(urls[:3])
    assert all(one.whole for one in found)


def test_the_users_name_goes_over_the_boards(simulator: Simulator, tmp_path: Path) -> None:
    settings = api.crawl_settings(simulator.url, 0)
    asked = [Watched(find_board(BRIGHTFJORD), "Fjord"), *watched(FAILED_AT_LAST)]
    with Store.open(tmp_path / "db") as store:
        found = collect(store, asked, observed_at=World.date(0), settings=settings)
    assert [one.company for one in found] == ["Fjord", "cinderquay"]


def test_progress_is_told_board_by_board(simulator: Simulator, tmp_path: Path) -> None:
    told: list[str] = []
    settings = api.crawl_settings(simulator.url, 0)
    with Store.open(tmp_path / "db") as store:
        collect(
            store,
            watched(BRIGHTFJORD, FAILED_AT_LAST),
            observed_at=World.date(0),
            settings=settings,
            progress=lambda one: told.append(one.run.board_url),
        )
    assert sorted(told) == [BRIGHTFJORD, FAILED_AT_LAST]


def test_a_fault_of_one_board_is_its_own(simulator: Simulator, tmp_path: Path) -> None:
    simulator.fault(BRIGHTFJORD, FaultKind.BLOCKED)
    blocked, whole = crawled(simulator, tmp_path / "db", 0, BRIGHTFJORD, FAILED_AT_LAST)
    assert (blocked.run.verdict, blocked.whole) == (Verdict.BLOCKED, False)
    assert (whole.run.verdict, whole.changes.opened) == (Verdict.COMPLETE, 18)


def test_a_run_that_history_refuses_costs_the_others_nothing(simulator: Simulator, tmp_path: Path) -> None:
    crawled(simulator, tmp_path / "db", 4, BRIGHTFJORD)
    stale, other, third = crawled(simulator, tmp_path / "db", 2, BRIGHTFJORD, FAILED_AT_LAST, JOINED_LATER)
    assert not stale.whole
    assert stale.refused is not None
    assert "older than the newest" in stale.refused
    assert other.whole
    assert third.whole
    with Store.open(tmp_path / "db") as store, store.read() as connection:
        assert [run.observed_at for run in queries.stream_runs(connection, BRIGHTFJORD)] == [World.date(4)]
        assert [run.observed_at for run in queries.stream_runs(connection, JOINED_LATER)] == [World.date(2)]


def test_the_same_observation_again_changes_nothing(simulator: Simulator, tmp_path: Path) -> None:
    (first,) = crawled(simulator, tmp_path / "db", 0, BRIGHTFJORD)
    (again,) = crawled(simulator, tmp_path / "db", 0, BRIGHTFJORD)
    assert not first.changes.already_recorded
    assert again.changes.already_recorded
    assert again.changes.opened == first.changes.opened


def test_a_week(history: History) -> None:
    assert {day: len(found) for day, found in history.collected.items()} == {0: 7, 2: 8, 4: 8, 6: 8}
    partial = [(day, one.run.board_url) for day, found in history.collected.items() for one in found if not one.whole]
    assert [day for day, _ in partial] == [0, 6]


# SavedResponse answers


def test_a_saved_list_is_a_run(tmp_path: Path, answer: Callable[..., Path]) -> None:
    with Store.open(tmp_path / "db") as store:
        one = ingest(store, BOARD, [answer("p.json", *TWO)], observed_at=World.date(0), company="Quillmoth")
        assert (one.company, one.run.verdict, one.changes.opened) == ("Quillmoth", Verdict.COMPLETE, 2)
        later = ingest(store, BOARD, [answer("p.json", TWO[1])], observed_at=World.date(1))
        assert (later.company, later.changes.closed) == ("quillmoth", 1)
        with store.read() as connection:
            (board,) = queries.fetch_boards(connection)
            assert board.company == "Quillmoth"
            assert [one.posting.title for one in queries.stream_open_postings(connection)] == ["Nurse"]


def test_a_detail_goes_over_the_list(answer: Callable[..., Path], tmp_path: Path) -> None:
    listed = answer("list.json", *TWO)
    (row,) = json.loads(answer("one.json", ("b", "Night Nurse"), descriptionPlain="By night.").read_text())
    detail = tmp_path / "detail.json"
    detail.write_text(json.dumps(row))
    for order in ([listed, detail], [detail, listed]):
        run, postings = read_run(BOARD, order, observed_at=World.date(0))
        assert run.verdict is Verdict.COMPLETE
        assert {one.identifier: one.title for one in postings} == {"a": "Lamp Keeper", "b": "Night Nurse"}
        assert run.unique == 2


def test_details_alone_close_nothing(answer: Callable[..., Path], tmp_path: Path) -> None:
    (row,) = json.loads(answer("one.json", TWO[1]).read_text())
    (tmp_path / "detail.json").write_text(json.dumps(row))
    with Store.open(tmp_path / "db") as store:
        ingest(store, BOARD, [answer("p.json", *TWO)], observed_at=World.date(0))
        one = ingest(store, BOARD, [tmp_path / "detail.json"], observed_at=World.date(1))
    assert (one.run.verdict, one.changes.closed, one.whole) == (Verdict.INCOMPLETE, 0, False)


def test_a_broken_file_among_good_ones_makes_it_incomplete(answer: Callable[..., Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("[{")
    run, postings = read_run(BOARD, [answer("p.json", *TWO), broken], observed_at=World.date(0))
    assert (run.verdict, len(postings)) == (Verdict.INCOMPLETE, 2)
    assert "broken.json" in run.reason


def test_answers_without_postings(tmp_path: Path) -> None:
    wall = tmp_path / "wall.html"
    wall.write_text("<html><title>Verify you are human</title></html>")
    gone = tmp_path / "gone.json"
    gone.write_text('{"ok": false, "error": "Document not found"}')
    assert read_run(BOARD, [wall], observed_at=World.date(0))[0].verdict is Verdict.BLOCKED
    assert read_run(BOARD, [gone], observed_at=World.date(0))[0].verdict is Verdict.GONE
    assert read_run(BOARD, [], observed_at=World.date(0))[0].verdict is Verdict.FAILED


def test_an_empty_board_is_whole(tmp_path: Path, answer: Callable[..., Path]) -> None:
    run, postings = read_run(BOARD, [answer("p.json")], observed_at=World.date(0))
    assert (run.verdict, run.unique, postings) == (Verdict.COMPLETE, 0, [])


def test_an_older_day_is_refused(tmp_path: Path, answer: Callable[..., Path]) -> None:
    with Store.open(tmp_path / "db") as store:
        ingest(store, BOARD, [answer("p.json", *TWO)], observed_at=World.date(1))
        with pytest.raises(StaleRunError):
            ingest(store, BOARD, [answer("p.json", *TWO)], observed_at=World.date(0))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(RolemixError, match=r"cannot read .*nowhere"):
        read_run(BOARD, [tmp_path / "nowhere.json"], observed_at=World.date(0))


def saved(folder: Path, name: str, request: str, body: str, answer: Any) -> Path:
    """An answer, and the request that it answered beside it."""
    (folder / f"{name}_req.hurl").write_text(f"{request}\n{body}\n\nHTTP 200\n", "utf-8")
    path = folder / f"{name}_rsp.json"
    path.write_text(json.dumps(answer), "utf-8")
    return path


def baidu(folder: Path, kind: str) -> Path:
    listed = {"total": "1", "list": [{"postId": f"p-{kind}", "name": "灯塔看守", "publishDate": "2026-02-20"}]}
    form = f"[Form]\nrecruitType: {kind}\npageSize: 20\ncurPage: 1"
    url = "https://talent.baidu.com/httservice/getPostListNew"
    return saved(folder, kind, f"POST {url}", form, {"status": "ok", "data": listed})


def meituan(folder: Path, kind: str) -> Path:
    job = {"jobUnionId": kind, "name": "灯塔看守", "jobType": kind, "jobDuty": "守灯"}
    listed = {"list": [job], "page": {"pageNo": 1, "pageSize": 100, "totalCount": 1}}
    body = json.dumps({"page": {"pageNo": 1, "pageSize": 100}, "jobType": [{"code": kind, "subCode": []}]})
    url = "https://zhaopin.meituan.com/api/official/job/getJobList"
    return saved(folder, kind, f"POST {url}", body, {"status": 1, "data": listed})


def bytedance(folder: Path, pool: str) -> Path:
    listed = {"count": 1, "job_post_list": [{"id": pool, "title": "灯塔看守"}]}
    body = json.dumps({"keyword": "", "portal_type": {"campus": 3, "society": 2}[pool]})
    url = f"POST https://jobs.bytedance.com/api/v1/search/job/posts\nwebsite-path: {pool}"
    return saved(folder, pool, url, body, {"code": 0, "data": listed})


def feishu(folder: Path, channel: str) -> Path:
    listed = {"count": 1, "job_post_list": [{"id": channel, "title": "灯塔看守"}]}
    url = f"POST https://fogport.jobs.feishu.cn/api/v1/search/job/posts\nwebsite-path: {channel}"
    return saved(folder, channel, url, json.dumps({"keyword": ""}), {"code": 0, "data": listed})


@pytest.mark.parametrize(
    ("write", "lists", "board"),
    [
        (baidu, ("SOCIAL", "GRADUATE", "INTERN"), "https://talent.baidu.com"),
        (meituan, ("3", "1", "2"), "https://zhaopin.meituan.com"),
        (bytedance, ("society", "campus"), "https://jobs.bytedance.com"),
        (feishu, ("career", "index"), "https://fogport.jobs.feishu.cn/career,index"),
    ],
)
def test_one_of_a_boards_lists_does_not_stand_for_the_others(
    write: Callable[[Path, str], Path], lists: Sequence[str], board: str, tmp_path: Path
) -> None:
    files = [write(tmp_path, one) for one in lists]
    alone, _ = read_run(find_board(board), files[:1], observed_at=World.date(0))
    together, postings = read_run(find_board(board), files, observed_at=World.date(0))
    assert (alone.verdict, alone.unique) == (Verdict.INCOMPLETE, 1), alone.reason
    assert (together.verdict, len(postings)) == (Verdict.COMPLETE, len(lists)), together.reason


def test_the_lists_of_one_board_are_one_run(tmp_path: Path) -> None:
    files = [baidu(tmp_path, kind) for kind in ("SOCIAL", "INTERN")]
    assert sort(files).boards.keys() == {find_board("https://talent.baidu.com")}
    _, postings = read_run(find_board("https://talent.baidu.com"), files, observed_at=World.date(0))
    assert {one.url.split("/")[-2]: one.employment_type for one in postings} == {
        "SOCIAL": ("FULL_TIME",),
        "INTERN": ("INTERN",),
    }


def test_a_list_that_nothing_tells_from_its_boards_others_proves_nothing(tmp_path: Path) -> None:
    files = [baidu(tmp_path, kind) for kind in ("SOCIAL", "GRADUATE", "INTERN")]
    (tmp_path / "INTERN_req.hurl").unlink()
    run, postings = read_run(find_board("https://talent.baidu.com"), files, observed_at=World.date(0))
    assert (run.verdict, len(postings)) == (Verdict.INCOMPLETE, 3)
    assert "INTERN_rsp.json: nothing tells of which list it is (SOCIAL, GRADUATE, INTERN)" in run.reason


def test_a_saved_list_as_long_as_its_system_counts_may_be_longer(tmp_path: Path) -> None:
    rows = [{"title": "Potter", "externalPath": f"/job/Oslo/Potter_JR{n}"} for n in range(2_000)]
    path = tmp_path / "jobs.json"
    path.write_text(json.dumps({"total": 2_000, "jobPostings": rows}))
    run, _ = read_run(find_board("https://potters.wd5.myworkdayjobs.com/Careers"), [path], observed_at=World.date(0))
    assert (run.verdict, run.unique) == (Verdict.INCOMPLETE, 2_000)
    assert "its list goes no further than 2000, and the board may" in run.reason


@pytest.mark.parametrize(
    ("query", "verdict"),
    [(None, Verdict.INCOMPLETE), ("?offset=100", Verdict.INCOMPLETE), ("", Verdict.COMPLETE)],
    ids=["nobody knows which page", "a later page", "the first page"],
)
def test_a_last_page_is_all_of_a_list_where_none_came_before_it(
    query: str | None, verdict: Verdict, tmp_path: Path
) -> None:
    path = tmp_path / "jobs_rsp.rss"
    path.write_text('<?xml version="1.0"?><rss version="2.0"><channel><title>Fogport</title></channel></rss>')
    if query is not None:
        (tmp_path / "jobs_req.hurl").write_text(f"GET https://fogport.teamtailor.com/jobs.rss{query}\nHTTP 200\n")
    run, _ = read_run(find_board("https://fogport.teamtailor.com"), [path], observed_at=World.date(0))
    assert (run.verdict, run.unique) == (verdict, 0), run.reason


RECORDED = {
    # Lists whose requests asked for a part of the board, or that lack the rest, are never whole.
    "lever": ("postings_rsp.json", Verdict.INCOMPLETE),
    "greenhouse": ("jobs_rsp.json", Verdict.COMPLETE),
    "ashby": ("board_rsp.json", Verdict.COMPLETE),
    "moka": ("jobs_rsp.json", Verdict.INCOMPLETE),
}


@pytest.mark.shared
@pytest.mark.parametrize("system", sorted(RECORDED))
def test_a_recorded_list_is_judged(recorded: Path, tmp_path: Path, system: str) -> None:
    name, verdict = RECORDED[system]
    (board,) = sort([recorded / system / name]).boards
    with Store.open(tmp_path / "db") as store:
        one = ingest(store, board, [recorded / system / name], observed_at=World.date(0))
        assert (board.system, one.run.verdict) == (system, verdict), one.run.reason
        assert one.run.unique > 0
        assert one.changes.opened == one.run.unique
        with store.read() as connection:
            found = list(queries.stream_open_postings(connection, redirects=True))
    assert len(found) == one.run.unique
    assert all(posting.posting.title for posting in found)


@pytest.mark.shared
def test_recorded_pages_come_together(recorded: Path) -> None:
    pages = [recorded / "moka" / name for name in ("jobs_rsp.json", "jobs_page2_rsp.json")]
    (board,) = sort(pages).boards
    first, _ = read_run(board, pages[:1], observed_at=World.date(0))
    both, postings = read_run(board, pages, observed_at=World.date(0))
    assert (both.pages, first.pages) == (2, 1)
    assert both.unique == len(postings) > first.unique
