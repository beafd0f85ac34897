"""Replay: a recorded response goes to the request most like its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from crawler.captures.recordings import read_recordings
from simulator.replay import Replay
from tests.simulator.client import fetch, moka

LIST = "https://x.example/jobs"


def recorded_at(folder: Path, name: str, request: str, body: str, suffix: str = "json") -> None:
    (folder / f"{name}_req.hurl").write_text(request, encoding="utf-8")
    (folder / f"{name}_rsp.{suffix}").write_text(body, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    query = "GET https://x.example/jobs\n[QueryStringParams]\n{}\n\nHTTP 200\n"
    recorded_at(tmp_path, "first", query.format("skip: 0\nlimit: 5\nmode: json"), '"first"')
    recorded_at(tmp_path, "second", query.format("skip: 5\nlimit: 5\nmode: json"), '"second"')
    recorded_at(tmp_path, "berlin", query.format("skip: 0\nlimit: 5\nplace: Berlin"), '"berlin"')
    recorded_at(tmp_path, "gone", "GET https://x.example/jobs/9\n\nHTTP 404\n", "Not Found", "txt")
    body = '{"orgId": "acme", "siteId": "7", "needStat": true}'
    recorded_at(tmp_path, "post", f"POST https://x.example/api\n{body}\n\nHTTP 200\n", '"post"')
    body = '{"orgId": "acme", "siteId": "7"}'
    recorded_at(tmp_path, "blunt", f"POST https://x.example/api\n{body}\n\nHTTP 200\n", '"blunt"')
    return tmp_path


@pytest.mark.parametrize(
    ("url", "response"),
    [
        (f"{LIST}?skip=0&limit=5&mode=json", "first"),
        (f"{LIST}?mode=json", "first"),
        (LIST, "first"),
        (f"{LIST}?limit=100", "first"),
        (f"{LIST}?skip=5&limit=100", "second"),
        (f"{LIST}?place=Berlin", "berlin"),
        (f"{LIST}/?mode=json", "first"),
    ],
)
def test_best_match_is_served(folder: Path, url: str, response: str) -> None:
    with Replay(read_recordings(folder)) as replay:
        assert fetch(replay, url).json == response


@pytest.mark.parametrize(
    ("url", "body"),
    [
        (f"{LIST}?skip=10&limit=5", None),
        ("https://y.example/jobs", None),
        ("https://x.example/other", None),
        ("https://x.example/robots.txt", None),
        (LIST, {}),
        ("https://x.example/api", {"orgId": "other", "siteId": "7"}),
        ("https://x.example/api", {"orgId": "acme", "siteId": "7", "offset": 5}),
    ],
)
def test_unrecorded_request_is_not_found(folder: Path, url: str, body: object) -> None:
    with Replay(read_recordings(folder)) as replay:
        response = fetch(replay, url, body)
    assert response.status == 404
    assert response.headers["Content-Type"].startswith("text/plain")
    assert url.partition("?")[0] in response.text


def test_bodies_are_compared(folder: Path) -> None:
    with Replay(read_recordings(folder)) as replay:
        api = "https://x.example/api"
        assert fetch(replay, api, {"orgId": "acme", "siteId": 7, "needStat": True, "limit": 50}).json == "post"
        assert fetch(replay, api, {"orgId": "acme", "siteId": "7", "keyword": "", "list": []}).json == "blunt"


def test_status_and_type_are_replayed(folder: Path) -> None:
    with Replay(read_recordings(folder)) as replay:
        response = fetch(replay, f"{LIST}/9")
    assert (response.status, response.text) == (404, "Not Found")
    assert response.headers["Content-Type"].startswith("text/plain")


def test_several_folders_and_an_index(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "page.html").write_text("<p>page</p>", encoding="utf-8")
    index = tmp_path_factory.mktemp("index") / "replay.toml"
    index.write_text('[[response]]\nurl = "https://z.example/"\nfile = "page.html"\n', encoding="utf-8")
    with Replay([*read_recordings(other, index), *read_recordings(folder)]) as replay:
        assert fetch(replay, "https://z.example/").text == "<p>page</p>"
        assert fetch(replay, LIST).json == "first"


@pytest.mark.shared
def test_real_captures_of_a_board(recorded: Path) -> None:
    def board(**body: object) -> Any:
        return moka(replay, "high-flyer", "140576", **body)["data"]

    decoded = json.loads((recorded / "moka" / "jobs_decrypted.json").read_text(encoding="utf-8"))
    with Replay(read_recordings(recorded / "moka")) as replay:
        first = board(limit=50, offset=0, needStat=True)
        assert first == decoded["data"] == board(limit=5, offset=0, needStat=True, locale="zh-CN")
        second = board(limit=50, offset=5, needStat=True)
        ids = [job["id"] for page in (first, second) for job in page["jobs"]]
        assert len(set(ids)) == 10
        assert len(board(limit=5, needStat=True, locationIds=[655446])["jobs"]) == 2
        assert board(limit=5, offset=1000, needStat=True)["jobs"] == []
        assert board(limit=5)["jobStats"]["total"] == 0
        assert moka(replay, "openings-mcp-no-such-org", "1", limit=5)["code"] == 703002
        job = moka(replay, "high-flyer", "140576", "job", jobId=decoded["data"]["jobs"][0]["id"])
        assert job["data"]["title"] == decoded["data"]["jobs"][0]["title"]
        page = {"orgId": "high-flyer", "siteId": "140576", "limit": 5, "offset": 10, "needStat": True}
        url = "https://app.mokahr.com/api/outer/ats-apply/website/jobs/v2"
        assert fetch(replay, url, page).status == 404


@pytest.mark.shared
def test_every_recording_is_served_for_its_own_request(recorded: Path) -> None:
    # These were recorded after a first request that only fetched cookies or a token.
    prepared = {"linkedin", "dayforce"}
    folders = [folder for folder in sorted(recorded.iterdir()) if folder.is_dir() and folder.name not in prepared]
    with Replay(one for folder in folders for one in read_recordings(folder)) as replay:
        assert len(replay.recordings) > 70
        for recording in replay.recordings:
            url = f"{recording.url}?{urlencode(recording.query, doseq=True)}"
            response = fetch(replay, url, recording.body, method=recording.method)
            assert (response.status, response.body) == (recording.status, recording.path.read_bytes()), recording
