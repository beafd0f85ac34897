"""Recorded responses and their requests: Hurl files and ``replay.toml``."""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from postings.errors import RolemixError

INDEX = "replay.toml"
"""Name of a folder's list of recordings that have no Hurl file."""

_REQUEST_SUFFIX = "_req.hurl"
_CONTENT_TYPES = {
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
_SECTION = re.compile(r"\[(\w+)\]\s*$")
_FIELD = re.compile(r"([^:\s][^:]*?)\s*:\s?(.*)$")
_FENCE = "```"
_VARIABLES = re.compile(r"^(variables)(?=\s*\{)", re.MULTILINE)
_UNSUPPORTED_BODY = re.compile(r"(?:base64|hex|file),")
_STATUS = re.compile(r"HTTP(?:/[\d.]+)?\s+(\d{3}|\*)")


class RecordingError(RolemixError):
    """A recording or its index cannot be read."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A response in a file, and its request.

    Attributes:
        method: HTTP method in capitals.
        url: Address without query and fragment.
        query: Values of each query key, in order.
        body: The request's JSON, the fields of its form as a mapping, or its text; None without a body.
        headers: The request's headers, by name in lower case, where they are known.
        status: HTTP status of the response.
        path: The file that holds the response's body.
        content_type: The response's media type.
    """

    method: str
    url: str
    query: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)  # a session's cookies are in it
    status: int = 200
    path: Path
    content_type: str

    @property
    def fields(self) -> Mapping[str, Any]:
        """The body's fields; none where it has none."""
        return self.body if isinstance(self.body, dict) else {}


def read_recordings(folder: Path, index: Path | None = None) -> list[Recording]:
    """Read all recordings of a folder.

    ``NAME_req.hurl`` holds the request that ``NAME_rsp.*`` belongs to; when it holds several, the first.
    Requests without a response are left out. Where the index names a response that a Hurl file also
    has, the index is right.

    Args:
        folder: Where the recordings are; folders in it are not looked at.
        index: Further recordings; by default the folder's ``replay.toml``, if it has one.

    Returns:
        The recordings, by path of their files.

    Raises:
        RecordingError: The folder is missing, or a file in it cannot be understood.
    """
    if not folder.is_dir():
        raise RecordingError(f"no folder of recordings at {folder}")
    found = list(_from_hurl_files(folder))
    if index is not None or (folder / INDEX).is_file():
        named = list(_from_index(index or folder / INDEX, folder))
        files = {recording.path.resolve() for recording in named}
        found = [recording for recording in found if recording.path.resolve() not in files] + named
    return sorted(found, key=lambda recording: str(recording.path))


def recording_of(path: Path, index: Path | None = None) -> Recording | None:
    """Return the recording that a saved file belongs to; None if no request of it is recorded.

    Args:
        path: The saved response; its request is looked for beside it.
        index: Where requests are listed; by default the ``replay.toml`` beside the file, if there is one.

    Raises:
        RecordingError: The request is there and cannot be understood.
    """
    index = index or path.parent / INDEX
    if index.is_file():
        for recording in _from_index(index, path.parent):
            if recording.path.resolve() == path.resolve():
                return recording
    stem, marker, _ = path.name.rpartition("_rsp.")
    hurl = path.parent / f"{stem}{_REQUEST_SUFFIX}"
    if marker and hurl.is_file():
        return _from_hurl(hurl, path)
    return None


def requested(method: str, address: str, *, path: Path, content_type: str, body: Any = None) -> Recording:
    """Return the recording of a response whose request is not in a file beside it.

    Args:
        method: HTTP method.
        address: The address, with its query.
        path: The file that holds the response's body.
        content_type: The response's media type.
        body: The request's JSON, or the fields of its form.

    Raises:
        ValueError: The address is not a URL.
    """
    return Recording(**_request(method, address, [], body), path=path, content_type=content_type)


def _from_hurl_files(folder: Path) -> Iterator[Recording]:
    for hurl in sorted(folder.glob(f"*{_REQUEST_SUFFIX}")):
        stem = hurl.name.removesuffix(_REQUEST_SUFFIX)
        responses = sorted(folder.glob(f"{stem}_rsp.*"))
        if len(responses) > 1:
            names = ", ".join(response.name for response in responses)
            raise RecordingError(f"{hurl} has more than one response: {names}; keep one of them")
        if responses:
            yield _from_hurl(hurl, responses[0])


def _from_hurl(hurl: Path, response: Path) -> Recording:
    try:
        request = _first_request(hurl.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RecordingError(f"{hurl}: {error}") from error
    return Recording(**request, path=response, content_type=_content_type(response))


def _content_type(path: Path) -> str:
    return _CONTENT_TYPES.get(path.suffix, "text/plain; charset=utf-8")


def _first_request(text: str) -> dict[str, Any]:
    """Read the first request of a Hurl file, up to the status of its response.

    Raises:
        ValueError: A line is not of the subset that is understood.
    """
    lines = text.splitlines(keepends=True)
    start = next((n for n, line in enumerate(lines) if line.split(" ")[0] in _METHODS), None)
    if start is None:
        raise ValueError("no line begins with an HTTP method")
    method, address = lines[start].split(maxsplit=1)
    fields: dict[str, list[tuple[str, str]]] = {"Headers": []}
    section, body, status = "Headers", None, "200"
    at = start + 1
    while at < len(lines):
        line = lines[at].strip()
        if match := _STATUS.match(line):
            status = match[1]
            break
        if match := _SECTION.match(line):
            section = match[1]
        elif line.startswith(("{", "[")):
            rest = "".join(lines[at:]).lstrip()
            body, length = json.JSONDecoder().raw_decode(rest)
            at += rest[:length].count("\n")
        elif line.startswith(_FENCE):
            body, at = _fenced_body(lines, at)
        elif _UNSUPPORTED_BODY.match(line):
            raise ValueError(f"line {at + 1}: a body in base64, in hex or in another file is not supported")
        elif match := _FIELD.match(line):
            if not line.startswith("#"):
                fields.setdefault(section, []).append((match[1], match[2].strip()))
        elif line and not line.startswith("#"):
            raise ValueError(f"line {at + 1} is not understood: {line}")
        at += 1
    form = [*fields.get("Form", []), *fields.get("FormParams", [])]
    query = [*fields.get("QueryStringParams", []), *fields.get("Query", [])]
    return {
        **_request(method, address.strip(), query, dict(form) or body),
        "headers": {name.lower(): value for name, value in fields["Headers"]},
        "status": 200 if status == "*" else int(status),
    }


def _fenced_body(lines: Sequence[str], start: int) -> tuple[Any, int]:
    """Read a body of several lines between two of three backticks.

    Args:
        lines: The file's lines.
        start: The number of the opening line, from 0.

    Returns:
        The body, and the number of its closing line.

    Raises:
        ValueError: It has no closing line, is not what its opening line states, or is of an unsupported kind.
    """
    end = next((n for n in range(start + 1, len(lines)) if lines[n].strip() == _FENCE), None)
    if end is None:
        raise ValueError(f"line {start + 1}: the body that begins here has no closing {_FENCE}")
    kind = lines[start].strip().removeprefix(_FENCE).partition(",")[0]
    text = "".join(lines[start + 1 : end])
    match kind:
        case "graphql":
            query, marker, variables = _VARIABLES.split(text, maxsplit=1) if _VARIABLES.search(text) else (text, "", "")
            return {"query": query} | ({"variables": json.loads(variables)} if marker else {}), end
        case "json":
            return json.loads(text), end
        case "" | "xml":
            return text, end
    raise ValueError(f"line {start + 1}: a body in {kind} is not supported")


def _request(method: str, address: str, query: list[tuple[str, str]], body: Any) -> dict[str, Any]:
    """Return a request's part of a `Recording`, the query of its address taken apart."""
    parts = urlsplit(address)
    values = parse_qs(parts.query, keep_blank_values=True)
    for key, value in query:
        values.setdefault(key, []).append(value)
    return {
        "method": method.upper(),
        "url": parts._replace(query="", fragment="").geturl(),
        "query": {key: tuple(several) for key, several in values.items()},
        "body": body,
    }


def _from_index(index: Path, folder: Path) -> Iterator[Recording]:
    """Read an index's ``[[response]]`` tables; their files are looked for in the folder."""
    try:
        entries = tomllib.loads(index.read_text(encoding="utf-8")).get("response", [])
    except (OSError, ValueError) as error:
        raise RecordingError(f"{index}: {error}") from error
    known = {"method", "url", "query", "body", "status", "file", "content_type"}
    for number, entry in enumerate(entries, start=1):
        if not {"url", "file"} <= set(entry) <= known:
            more = ", ".join(sorted(known - {"url", "file"}))
            raise RecordingError(f"{index}: response {number} needs url and file, and may have {more}")
        path = folder / entry["file"]
        if not path.is_file():
            raise RecordingError(f"{index}: response {number} names a file that is not there: {path}")
        query = [(key, str(value)) for key, value in entry.get("query", {}).items()]
        yield Recording(
            **_request(entry.get("method", "GET"), entry["url"], query, entry.get("body")),
            status=entry.get("status", 200),
            path=path,
            content_type=entry.get("content_type", _content_type(path)),
        )
