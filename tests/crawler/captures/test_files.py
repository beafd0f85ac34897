"""Saved files: each response with its request and its time, as far as the file has them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.captures.files import SavedResponse, address_in, files_in, read_responses
from postings.errors import RolemixError

ADDRESS = "https://www.example.org/jobs/1"
SAVED_AT = datetime(2026, 3, 2, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("<!-- saved from url=(0030)https://www.example.org/jobs/1 -->\n<html>", "https://www.example.org/jobs/1"),
        (
            "<html><!--\n Page saved with SingleFile \n url: https://a.example/b?c=d \n saved date: x",
            "https://a.example/b?c=d",
        ),
        ("<html><link href='https://a.example/own' rel=canonical>", "https://a.example/own"),
        ("<html><p>saved from url=(1)x</p>", None),
    ],
)
def test_address_that_a_browser_wrote_is_found(page: str, address: str | None) -> None:
    assert address_in(page) == address


def read(path: Path, text: str) -> SavedResponse:
    path.write_text(text, "utf-8")
    (saved,) = read_responses(path)
    return saved


@pytest.mark.parametrize(
    ("date", "saved_at"),
    [
        ("Mon Mar 02 2026 14:00:00 GMT+0800", SAVED_AT),
        ("Mon Feb 31 2026 14:00:00 GMT+0800", None),
        ("Mon Jan 01 0001 00:00:00 GMT+0800", None),
    ],
)
def test_page_saved_with_singlefile(tmp_path: Path, date: str, saved_at: datetime | None) -> None:
    head = f"<!--\n Page saved with SingleFile \n url: {ADDRESS} \n saved date: {date}\n-->"
    saved = read(tmp_path / "page.html", f"{head}<html>")
    assert saved.recording is not None
    assert (saved.recording.method, saved.recording.url, saved.saved_at) == ("GET", ADDRESS, saved_at)


@pytest.mark.parametrize(
    ("date", "saved_at"),
    [("Mon, 2 Mar 2026 14:00:00 +0800", SAVED_AT), ("Mon, 2 Mar 2026 06:00:00", SAVED_AT), ("yesterday", None)],
)
def test_page_saved_as_mhtml(tmp_path: Path, date: str, saved_at: datetime | None) -> None:
    headers = f"Snapshot-Content-Location: {ADDRESS}\nDate: {date}\nMIME-Version: 1.0\nContent-Type: text/html"
    saved = read(tmp_path / "page.mhtml", f"{headers}\n\n<html>lamps</html>")
    assert saved.recording is not None
    assert (saved.recording.url, saved.saved_at) == (ADDRESS, saved_at)
    assert (address_in(saved.body.decode()), b"lamps" in saved.body) == (ADDRESS, True)


def entry(started: str = "2026-03-02T14:00:00+08:00", **request: Any) -> dict[str, Any]:
    return {
        "startedDateTime": started,
        "request": {"method": "GET", "url": f"{ADDRESS}?page=2", **request},
        "response": {"status": 200, "content": {"mimeType": "text/html", "text": "<html>"}},
    }


def har(path: Path, *entries: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"log": {"entries": entries}}))
    return path


def test_session_has_the_requests_of_its_responses(tmp_path: Path) -> None:
    posted = {"mimeType": "application/json", "text": '{"offset": 5}'}
    headers = [{"name": "Referer", "value": ADDRESS}]
    first, second = read_responses(har(tmp_path / "s.har", entry(), entry(postData=posted, headers=headers)))
    assert first.recording is not None
    assert second.recording is not None
    assert (first.name, first.saved_at, first.archived) == (f"{tmp_path}/s.har, entry 1", SAVED_AT, True)
    assert (first.recording.url, first.recording.query) == (ADDRESS, {"page": ("2",)})
    assert (second.recording.body, second.recording.headers) == ({"offset": 5}, {"referer": ADDRESS})


@pytest.mark.parametrize("started", ["soon", "0001-01-01T00:00:00+08:00"])
def test_session_with_a_time_that_is_none_is_refused(tmp_path: Path, started: str) -> None:
    with pytest.raises(RolemixError, match=r"s.har is not a HAR file: entry 2 is malformed \((Value|Overflow)Error\)"):
        list(read_responses(har(tmp_path / "s.har", entry(), entry(started))))


def test_hidden_files_and_what_a_browser_saves_beside_a_page_are_skipped(tmp_path: Path) -> None:
    for name in ("b.html", "a.json", ".c.html", "b_files/d.html", "deeper/e.HAR", "picture.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    named = tmp_path / "picture.png"
    found = [(path.relative_to(tmp_path).as_posix(), is_named) for path, is_named in files_in([named, tmp_path])]
    assert found == [("picture.png", True), ("a.json", False), ("b.html", False), ("deeper/e.HAR", False)]
