"""Real boards' bytes: recorded responses crawled over HTTP and read from files give the same postings."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.captures.recordings import read_recordings
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.runs.saved import Stated, read_runs
from crawler.systems import find_board
from postings import BoardRun, JobPosting, Verdict
from simulator.replay import Replay

SEEN = datetime(2026, 7, 28, tzinfo=UTC)
DEEPSEEK = "https://app.mokahr.com/social-recruitment/high-flyer/140576"

Read = tuple[BoardRun, dict[str, JobPosting]]


def replayed(folder: Path, url: str, index: Path | None = None) -> Read:
    """Crawl a board that a replay serves."""
    found: list[tuple[BoardRun, list[JobPosting]]] = []
    with Replay(read_recordings(folder, index)) as replay:
        crawl(
            [find_board(url)],
            observed_at=SEEN,
            on_run=lambda run, postings: found.append((run, list(postings))),
            settings={**UNTHROTTLED, "ROLEMIX_GATEWAY": replay.url, "LOG_LEVEL": "CRITICAL", "RETRY_TIMES": 0},
        )
    ((run, postings),) = found
    return run, {posting.identifier: posting for posting in postings}


def ingested(url: str, *files: Path) -> Read:
    """Read a board's saved responses."""
    (found,) = read_runs(files, Stated(board=find_board(url), observed_at=SEEN)).runs
    return found.run, {posting.identifier: posting for posting in found.postings}


@pytest.fixture(scope="module")
def deepseek(recorded: Path) -> Read:
    return replayed(recorded / "moka", DEEPSEEK)


@pytest.mark.shared
def test_deepseek_crawled_and_ingested_are_the_same(recorded: Path, deepseek: Read) -> None:
    crawled_run, crawled = deepseek
    files = (recorded / "moka" / f"{name}_rsp.json" for name in ("jobs", "jobs_page2", "job"))
    run, postings = ingested(DEEPSEEK, *files)
    assert len(postings) == 10
    # Of the ten, one posting's own page was recorded; a crawl hands on none whose page it could not read.
    assert crawled == {identifier: postings[identifier] for identifier in ["7dcd6fde-84f1-4deb-890c-f1f275df0efc"]}
    # Ten of thirty-five were recorded, and neither way takes them for the whole board.
    for one in (crawled_run, run):
        assert one.verdict is Verdict.INCOMPLETE
        assert (one.reported_total, one.unique) == (35, 10)
        assert "35 reported, 10 seen" in one.reason


@pytest.mark.shared
def test_deepseeks_text_is_decrypted_and_its_times_have_a_zone(deepseek: Read) -> None:
    posting = deepseek[1]["7dcd6fde-84f1-4deb-890c-f1f275df0efc"]
    assert posting.title == "多模态理解（数据/算法）研究员"
    assert posting.description.startswith("【团队使命】")
    assert posting.url == f"{DEEPSEEK}#/job/{posting.identifier}"
    assert posting.employment_type == ("FULL_TIME", "INTERN")
    assert posting.occupational_category == "深度学习研究员"
    for one in deepseek[1].values():
        assert isinstance(one.date_posted, datetime)
        assert one.date_posted.isoformat().endswith("+08:00")


@pytest.mark.shared
def test_deepseeks_stub_is_marked(recorded: Path) -> None:
    _, postings = ingested(DEEPSEEK, *(recorded / "moka" / f"{name}_rsp.json" for name in ("jobs", "jobs_page2")))
    moved = {posting.identifier: posting.redirects_to for posting in postings.values() if posting.redirects_to}
    assert moved == {"40447266-bdbb-4728-8db4-ed1435408026": f"{DEEPSEEK}#/job/8d40c764-d2b2-49b1-826c-e3f2adb75c01"}


@pytest.mark.shared
def test_detail_overrides_its_row_of_the_list(recorded: Path) -> None:
    run, postings = ingested(DEEPSEEK, recorded / "moka/jobs_rsp.json", recorded / "moka/job_rsp.json")
    assert len(postings) == run.unique == 5
    detail = postings["7dcd6fde-84f1-4deb-890c-f1f275df0efc"]
    assert detail.employment_unit == "DeepSeek"
    assert detail.date_posted == datetime.fromisoformat("2026-06-27T12:05:08+08:00")


@pytest.mark.shared
def test_response_to_a_filter_covers_only_its_part(recorded: Path) -> None:
    files = [recorded / "moka" / f"{name}_rsp.json" for name in ("jobs", "jobs_page2", "jobs_filtered")]
    run, _ = ingested(DEEPSEEK, *files)
    assert (run.verdict, run.reported_total, run.unique) == (Verdict.INCOMPLETE, 35, 11)


@pytest.mark.shared
def test_unknown_board_and_closed_job_differ(recorded: Path) -> None:
    unknown = "https://app.mokahr.com/social-recruitment/openings-mcp-no-such-org/1"
    for run, postings in (
        replayed(recorded / "moka", unknown),
        ingested(unknown, recorded / "moka/jobs_unknown_site_rsp.json"),
    ):
        assert run.verdict is Verdict.GONE
        assert "unknown board (703002" in run.reason
        assert not postings
    gone, _ = ingested(DEEPSEEK, recorded / "moka/job_not_found_rsp.json")
    assert gone.verdict is not Verdict.GONE
    assert gone.gone_identifiers == ("00000000-0000-0000-0000-000000000000",)


@pytest.mark.shared
def test_total_of_zero_that_was_not_requested_proves_nothing(recorded: Path) -> None:
    run, postings = ingested(DEEPSEEK, recorded / "moka/jobs_zero_total_rsp.json")
    assert (run.verdict, run.reported_total, len(postings)) == (Verdict.INCOMPLETE, 0, 5)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("url", "file", "count"),
    [
        ("https://job-boards.greenhouse.io/safariai", "greenhouse/jobs_rsp.json", 7),
        ("https://job-boards.greenhouse.io/safariai", "greenhouse/jobs_content_rsp.json", 5),
        ("https://jobs.lever.co/leverdemo", "lever/postings_rsp.json", 3),
        ("https://jobs.ashbyhq.com/browserbase", "ashby/board_rsp.json", 5),
        ("https://jobs.ashbyhq.com/browserbase", "ashby/board_comp_rsp.json", 5),
    ],
)
def test_western_boards_crawled_and_ingested_are_the_same(
    recorded: Path, tmp_path: Path, url: str, file: str, count: int
) -> None:
    board = find_board(url)
    api = {
        "greenhouse": f"https://boards-api.greenhouse.io/v1/boards/{board.organization}/jobs",
        "lever": f"https://api.lever.co/v0/postings/{board.organization}",
        "ashby": f"https://api.ashbyhq.com/posting-api/job-board/{board.organization}",
    }[board.system]
    index = tmp_path / "replay.toml"
    index.write_text(
        f'[[response]]\nmethod = "GET"\nurl = "{api}"\nstatus = 200\nfile = "{recorded / file}"\n', encoding="utf-8"
    )
    crawled_run, crawled = replayed(tmp_path, url, index)
    run, postings = ingested(url, recorded / file)
    assert crawled == postings
    assert len(crawled) == crawled_run.unique == run.unique == count
    assert crawled_run.verdict is Verdict.COMPLETE, crawled_run.reason
