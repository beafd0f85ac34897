"""Recordings: which request a saved response belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.captures.recordings import RecordingError, read_recordings, recording_of

HURL = """# What this request is about.
# POST https://not.example/a/comment
POST https://boards.example/api/jobs?lang=en
Content-Type: application/json
X-Note: a: b
[QueryStringParams]
# a comment
tag: one
tag: two
{
  "orgId": "acme",
  "offset": 5,
  "nested": {"a": [1, 2]}
}

HTTP 404
[Asserts]
jsonpath "$.x" == "{ not a body"

GET https://boards.example/api/other

HTTP 200
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_first_request_belongs_to_the_response(tmp_path: Path) -> None:
    write(tmp_path, "jobs_req.hurl", HURL)
    response = write(tmp_path, "jobs_rsp.json", "{}")
    (recording,) = read_recordings(tmp_path)
    assert recording.method == "POST"
    assert recording.url == "https://boards.example/api/jobs"
    assert recording.query == {"lang": ("en",), "tag": ("one", "two")}
    assert recording.body == {"orgId": "acme", "offset": 5, "nested": {"a": [1, 2]}}
    assert recording.status == 404
    assert recording.path == response
    assert recording.content_type == "application/json"


def test_request_of_a_saved_file(tmp_path: Path) -> None:
    write(tmp_path, "jobs_req.hurl", HURL)
    response = write(tmp_path, "jobs_rsp.json", "{}")
    assert recording_of(response) == read_recordings(tmp_path)[0]
    assert recording_of(write(tmp_path, "page.html", "")) is None
    assert recording_of(write(tmp_path, "other_rsp.json", "")) is None


def test_request_without_response_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "jobs_req.hurl", HURL)
    assert read_recordings(tmp_path) == []


def test_form_is_the_body(tmp_path: Path) -> None:
    write(tmp_path, "f_req.hurl", "POST https://x.example/g\n[Form]\na: 1\nvariables: {}\n\nHTTP 200\n")
    write(tmp_path, "f_rsp.txt", "")
    (recording,) = read_recordings(tmp_path)
    assert recording.body == {"a": "1", "variables": "{}"}
    assert recording.content_type.startswith("text/plain")


@pytest.mark.parametrize(
    ("fenced", "body"),
    [
        ("```graphql\nquery Jobs {\n  jobs { id: key }\n}\n```", {"query": "query Jobs {\n  jobs { id: key }\n}\n"}),
        (
            '```graphql\nquery Jobs($n: Int) { jobs(n: $n) }\nvariables {\n  "n": 5\n}\n```',
            {"query": "query Jobs($n: Int) { jobs(n: $n) }\n", "variables": {"n": 5}},
        ),
        ('```json\n{"a":\n [1]}\n```', {"a": [1]}),
        ("```xml\n<jobs>\n[all]\n</jobs>\n```", "<jobs>\n[all]\n</jobs>\n"),
        ("```\nHTTP 500\n```", "HTTP 500\n"),
    ],
)
def test_body_between_backticks(tmp_path: Path, fenced: str, body: object) -> None:
    write(tmp_path, "f_req.hurl", f"POST https://x.example/g\nAccept: text/plain\n{fenced}\n\nHTTP 201\n")
    write(tmp_path, "f_rsp.txt", "")
    (recording,) = read_recordings(tmp_path)
    assert (recording.body, recording.status, recording.headers) == (body, 201, {"accept": "text/plain"})


def test_index_lists_further_recordings(tmp_path: Path) -> None:
    saved = write(tmp_path, "saved page.html", "<html>")
    write(
        tmp_path,
        "replay.toml",
        '[[response]]\nurl = "https://a.example/jobs"\nquery = {page = 2}\nfile = "saved page.html"\n'
        '[[response]]\nmethod = "post"\nurl = "https://a.example/api"\nbody = {orgId = "x"}\nstatus = 403\n'
        f"file = '{saved}'\ncontent_type = \"application/json\"\n",
    )
    by_url = {recording.url: recording for recording in read_recordings(tmp_path)}
    page, api = by_url["https://a.example/jobs"], by_url["https://a.example/api"]
    assert (page.method, page.query, page.status) == ("GET", {"page": ("2",)}, 200)
    assert page.content_type.startswith("text/html")
    assert (api.method, api.body, api.status) == ("POST", {"orgId": "x"}, 403)
    assert api.content_type == "application/json"
    assert recording_of(saved) in by_url.values()


def test_index_goes_over_a_hurl_file(tmp_path: Path) -> None:
    write(tmp_path, "jobs_req.hurl", HURL)
    response = write(tmp_path, "jobs_rsp.json", "{}")
    write(tmp_path, "replay.toml", '[[response]]\nurl = "https://a.example/"\nfile = "jobs_rsp.json"\n')
    (recording,) = read_recordings(tmp_path)
    assert recording.url == "https://a.example/"
    assert recording_of(response) == recording


def test_index_elsewhere_replaces_the_folders_own(tmp_path: Path) -> None:
    folder = tmp_path / "recorded"
    folder.mkdir()
    write(folder, "a.json", "{}")
    write(folder, "replay.toml", "nonsense")
    index = write(tmp_path, "mine.toml", '[[response]]\nurl = "https://a.example/"\nfile = "a.json"\n')
    assert [recording.path.name for recording in read_recordings(folder, index)] == ["a.json"]


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("a_req.hurl", "nothing here\n", "HTTP method"),
        ("a_req.hurl", 'POST https://x.example/\n{"a": }\n', "a_req.hurl"),
        ("a_req.hurl", "GET https://x.example/\n???\n", "line 2"),
        (
            "a_req.hurl",
            "POST https://x.example/\n```json\n{}\n",
            "line 2: the body that begins here has no closing ```",
        ),
        ("a_req.hurl", "POST https://x.example/\n```json\n{\n```\n", "a_req.hurl"),
        ("a_req.hurl", "POST https://x.example/\n```hex\n00\n```\n", "line 2: a body in hex is not supported"),
        ("a_req.hurl", "POST https://x.example/\nbase64,AA==;\n", "line 2: a body in base64, .* is not supported"),
        ("a_req.hurl", "POST https://x.example/\nfile,a: b.bin;\n", "line 2: a body .* is not supported"),
        ("replay.toml", "[[response]\n", "replay.toml"),
        ("replay.toml", '[[response]]\nfile = "a_rsp.json"\n', "response 1"),
        ("replay.toml", '[[response]]\nurl = "https://x.example"\nfile = "gone"\n', "not there"),
        (
            "replay.toml",
            '[[response]]\nurl = "https://x.example"\nfile = "a_rsp.json"\ntypo = 1\n',
            "response 1",
        ),
    ],
)
def test_malformed_recording_is_named(tmp_path: Path, name: str, text: str, complaint: str) -> None:
    write(tmp_path, "a_rsp.json", "{}")
    write(tmp_path, name, text)
    with pytest.raises(RecordingError, match=complaint):
        read_recordings(tmp_path)


def test_two_responses_to_one_request_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "a_req.hurl", "GET https://x.example/\n")
    write(tmp_path, "a_rsp.json", "{}")
    write(tmp_path, "a_rsp.txt", "")
    with pytest.raises(RecordingError, match="more than one response"):
        read_recordings(tmp_path)


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no folder"):
        read_recordings(tmp_path / "gone")


@pytest.mark.shared
def test_every_recorded_folder_can_be_read(recorded: Path) -> None:
    folders = [folder for folder in sorted(recorded.iterdir()) if folder.is_dir()]
    assert folders
    for folder in folders:
        paired = {
            hurl.name.removesuffix("_req.hurl")
            for hurl in folder.glob("*_req.hurl")
            if list(folder.glob(f"{hurl.name.removesuffix('_req.hurl')}_rsp.*"))
        }
        assert {r.path.name.rpartition("_rsp.")[0] for r in read_recordings(folder)} == paired
