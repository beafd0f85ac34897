"""Saved responses: what the request beside one shows of it, and how a board's responses become one run."""

from __future__ import annotations

import dataclasses
import gc
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.bases.recruiting_system import RecruitingSystem
from crawler.boards import Board
from crawler.captures.files import SavedResponse, files_in, read_responses
from crawler.captures.recordings import requested
from crawler.parsing.responses import Page
from crawler.runs.saved import SavedBoard, Stated, read_runs, read_saved
from crawler.systems import find_board, system, systems
from postings import BoardRun, JobPosting, Verdict
from postings.errors import RolemixError

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)

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
def test_headers_complete_the_board_of_a_recorded_request(
    name: str, address: str, body: dict[str, object], headers: dict[str, str], board: str | None
) -> None:
    asked = requested("POST", address, path=Path("x.har"), content_type="application/json", body=body)
    found = system(name).board_of(dataclasses.replace(asked, headers=headers))
    assert (found and found.url) == board


def test_saved_response_is_read(tmp_path: Path) -> None:
    file = tmp_path / "response.json"
    file.write_text('[{"id": "a", "text": "Engineer"}]')
    assert [posting.title for posting in read_saved(system("lever"), file).postings] == ["Engineer"]


def test_missing_saved_response_is_named(tmp_path: Path) -> None:
    with pytest.raises(RolemixError, match=r"cannot read .*nowhere\.json: No such file"):
        read_saved(system("lever"), tmp_path / "nowhere.json")


@pytest.mark.parametrize("name", list(systems()))
@pytest.mark.parametrize(
    "body",
    ["[1, 2]", '{"jobs": {}}', '{"jobs": [[]], "meta": {"total": 1}}', '{"data": 1}', "null", "5", '"x"', "", "<p>"],
)
def test_saved_response_of_no_system_is_refused(name: str, body: str, tmp_path: Path) -> None:
    file = tmp_path / "response"
    file.write_text(body)
    with pytest.raises(RolemixError):
        read_saved(system(name), file)


# A board's responses together

QUILLMOTH = "https://jobs.lever.co/quillmoth"
TWO = [("a", "Lamp Keeper"), ("b", "Nurse")]


def lever(path: Path, *postings: tuple[str, str], **more: Any) -> Path:
    """Save a list of a fictional Lever board; postings are given as id and title."""
    path.write_text(json.dumps([lever_row(*posting, **more) for posting in postings]), "utf-8")
    return path


def lever_row(identifier: str, title: str, **more: Any) -> dict[str, Any]:
    url = f"{QUILLMOTH}/{identifier}"
    return {"id": identifier, "text": title, "hostedUrl": url, "descriptionPlain": "We tend the lamps.", **more}


def read_board(url: str, files: Sequence[Path]) -> tuple[BoardRun, tuple[JobPosting, ...]]:
    """Read one board's saved responses as one run."""
    (found,) = read_runs(files, Stated(board=find_board(url), observed_at=NOW)).runs
    return found.run, found.postings


def test_detail_goes_over_the_list(tmp_path: Path) -> None:
    listed = lever(tmp_path / "list.json", *TWO)
    detail = tmp_path / "detail.json"
    detail.write_text(json.dumps(lever_row("b", "Night Nurse", descriptionPlain="By night.")))
    for order in ([listed, detail], [detail, listed]):
        run, postings = read_board(QUILLMOTH, order)
        assert run.verdict is Verdict.COMPLETE
        assert {one.identifier: one.title for one in postings} == {"a": "Lamp Keeper", "b": "Night Nurse"}
        assert run.unique == 2


def test_broken_file_among_good_ones_makes_the_run_incomplete(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("[{")
    run, postings = read_board(QUILLMOTH, [lever(tmp_path / "p.json", *TWO), broken])
    assert (run.verdict, len(postings)) == (Verdict.INCOMPLETE, 2)
    assert "broken.json" in run.reason


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("<html><title>Verify you are human</title></html>", Verdict.BLOCKED),
        ('{"ok": false, "error": "Document not found"}', Verdict.GONE),
    ],
)
def test_response_without_postings(body: str, verdict: Verdict, tmp_path: Path) -> None:
    (tmp_path / "rsp").write_text(body)
    assert read_board(QUILLMOTH, [tmp_path / "rsp"])[0].verdict is verdict


def test_no_response_is_a_failed_run() -> None:
    assert SavedBoard(find_board(QUILLMOTH), Stated(observed_at=NOW)).run().run.verdict is Verdict.FAILED
    assert read_runs([], Stated(observed_at=NOW)).runs == ()


def test_empty_board_is_complete(tmp_path: Path) -> None:
    run, postings = read_board(QUILLMOTH, [lever(tmp_path / "p.json")])
    assert (run.verdict, run.unique, postings) == (Verdict.COMPLETE, 0, ())


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RolemixError, match=r"cannot read .*nowhere"):
        read_board(QUILLMOTH, [tmp_path / "nowhere.json"])


# A board of several lists


def saved(folder: Path, name: str, request: str, body: str, response: Any) -> Path:
    """A response, and its request beside it."""
    (folder / f"{name}_req.hurl").write_text(f"{request}\n{body}\n\nHTTP 200\n", "utf-8")
    path = folder / f"{name}_rsp.json"
    path.write_text(json.dumps(response), "utf-8")
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
    alone, _ = read_board(board, files[:1])
    together, postings = read_board(board, files)
    assert (alone.verdict, alone.unique) == (Verdict.INCOMPLETE, 1), alone.reason
    assert (together.verdict, len(postings)) == (Verdict.COMPLETE, len(lists)), together.reason


def test_the_lists_of_one_board_are_one_run(tmp_path: Path) -> None:
    files = [baidu(tmp_path, kind) for kind in ("SOCIAL", "INTERN")]
    (found,) = read_runs(files, Stated(observed_at=NOW)).runs
    assert found.run.board_url == "https://talent.baidu.com"
    assert {one.url.split("/")[-2]: one.employment_type for one in found.postings} == {
        "SOCIAL": ("FULL_TIME",),
        "INTERN": ("INTERN",),
    }


def test_list_that_nothing_distinguishes_from_its_boards_others_proves_nothing(tmp_path: Path) -> None:
    files = [baidu(tmp_path, kind) for kind in ("SOCIAL", "GRADUATE", "INTERN")]
    (tmp_path / "INTERN_req.hurl").unlink()
    run, postings = read_board("https://talent.baidu.com", files)
    assert (run.verdict, len(postings)) == (Verdict.INCOMPLETE, 3)
    assert "INTERN_rsp.json: nothing shows which list it is of (SOCIAL, GRADUATE, INTERN)" in run.reason


def test_saved_list_as_long_as_its_system_counts_may_be_longer(tmp_path: Path) -> None:
    rows = [{"title": "Potter", "externalPath": f"/job/Oslo/Potter_JR{n}"} for n in range(2_000)]
    path = tmp_path / "jobs.json"
    path.write_text(json.dumps({"total": 2_000, "jobPostings": rows}))
    run, _ = read_board("https://potters.wd5.myworkdayjobs.com/Careers", [path])
    assert (run.verdict, run.unique) == (Verdict.INCOMPLETE, 2_000)
    assert "the list ends at 2000, and the board may have more" in run.reason


@pytest.mark.parametrize(
    ("query", "verdict"),
    [(None, Verdict.INCOMPLETE), ("?offset=100", Verdict.INCOMPLETE), ("", Verdict.COMPLETE)],
    ids=["unknown page", "a later page", "the first page"],
)
def test_last_page_is_all_of_a_list_where_none_came_before_it(
    query: str | None, verdict: Verdict, tmp_path: Path
) -> None:
    path = tmp_path / "jobs_rsp.rss"
    path.write_text('<?xml version="1.0"?><rss version="2.0"><channel><title>Fogport</title></channel></rss>')
    if query is not None:
        (tmp_path / "jobs_req.hurl").write_text(f"GET https://fogport.teamtailor.com/jobs.rss{query}\nHTTP 200\n")
    run, _ = read_board("https://fogport.teamtailor.com", [path])
    assert (run.verdict, run.unique) == (verdict, 0), run.reason


# Each response is read once


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """Note which system's reader reads which response."""
    found: list[tuple[str, bytes]] = []
    read = RecruitingSystem.read_response.__func__

    def read_response(
        cls: type[RecruitingSystem], status: int, headers: Mapping[str, str], body: bytes, board: Board | None
    ) -> Page:
        found.append((cls.name, body))
        page: Page = read(cls, status, headers, body, board)
        return page

    monkeypatch.setattr(RecruitingSystem, "read_response", classmethod(read_response))
    return found


def test_response_whose_request_is_known_is_read_once(tmp_path: Path, reads: list[tuple[str, bytes]]) -> None:
    files = [baidu(tmp_path, kind) for kind in ("SOCIAL", "GRADUATE", "INTERN")]
    assert [one.run.verdict for one in read_runs([tmp_path], Stated(observed_at=NOW)).runs] == [Verdict.COMPLETE]
    assert sorted(reads) == sorted(("baidu", file.read_bytes()) for file in files)


def test_response_whose_board_is_stated_is_read_once(tmp_path: Path, reads: list[tuple[str, bytes]]) -> None:
    read_board(QUILLMOTH, [lever(tmp_path / "p.json", *TWO)])
    assert [name for name, _ in reads] == ["lever"]


def test_response_that_shows_its_board_is_read_once_by_every_system(
    tmp_path: Path, reads: list[tuple[str, bytes]]
) -> None:
    (found,) = read_runs([lever(tmp_path / "p.json", *TWO)], Stated(observed_at=NOW)).runs
    assert (found.run.board_url, len(found.postings)) == (QUILLMOTH, 2)
    assert sorted(name for name, _ in reads) == sorted(systems())


def test_session_is_read_once_and_its_bodies_are_released(
    tmp_path: Path, reads: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def responses() -> set[int]:
        return {id(one) for one in gc.get_objects() if type(one) is SavedResponse}

    gc.collect()
    others = responses()
    held: list[int] = []
    read = SavedBoard.add

    def add(self: SavedBoard, saved: SavedResponse, page: Page | None = None) -> None:
        held.append(len(responses() - others))
        read(self, saved, page)

    monkeypatch.setattr(SavedBoard, "add", add)
    api = "https://api.lever.co/v0/postings"
    entries = [
        {
            "startedDateTime": "2026-03-02T14:00:00Z",
            "request": {"method": "GET", "url": url},
            "response": {"status": 200, "content": {"mimeType": "application/json", "text": text}},
        }
        for url, text in [
            *((f"{api}/quillmoth?skip={n}", json.dumps([lever_row(f"{n}", "Nurse")])) for n in range(5)),
            (f"{api}/marshlamp", "[]"),
            (f"{api}/fogport", '{"track": true}'),
            ("https://www.example.org/", "<html>"),
        ]
    ]
    har = tmp_path / "session.har"
    har.write_text(json.dumps({"log": {"entries": entries}}))
    found = read_runs([har])
    assert [(one.run.board_url, one.run.unique) for one in found.runs] == [
        (QUILLMOTH, 5),
        ("https://jobs.lever.co/marshlamp", 0),
    ]
    assert found.skipped_in_words == "1 request to another address, 1 response with neither a list nor a posting"
    assert [name for name, _ in reads] == ["lever"] * 7
    assert len(set(reads)) == 7
    assert held == [1] * 7


@pytest.mark.shared
def test_no_system_reads_a_recorded_response_twice(recorded: Path, reads: list[tuple[str, bytes]]) -> None:
    folders = [recorded / name for name in ("ashby", "greenhouse", "lever", "moka", "recruitee", "workday", "zhaopin")]
    responses = [saved for path, _ in files_in(folders) for saved in read_responses(path)]
    saved = read_runs(folders, Stated(observed_at=NOW))
    assert len(saved.runs) > 6
    times = Counter(one.body for one in responses)  # one response can be recorded in several files
    again = {(name, body) for (name, body), count in Counter(reads).items() if count > times[body]}
    # Nothing shows the board of this list, only its system: it is read again when the other files have shown one.
    lone = (recorded / "workday" / "transcribed__nvidia_jobs_list_3.json").read_bytes()
    assert again == {("workday", lone)}
