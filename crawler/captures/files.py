"""What users saved, taken apart: each answer with the request that it answered and the time, where the file tells."""

from __future__ import annotations

import base64
import binascii
import codecs
import dataclasses
import email
import email.policy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from crawler.captures.recordings import Recording, recording_of, requested
from postings.errors import RolemixError

SUFFIXES = frozenset({".html", ".htm", ".mhtml", ".mht", ".json", ".har", ".xml", ".rss", ".txt", ".md"})
"""What is looked at in a folder."""

# Written into pages by browsers ("Save as"), by SingleFile, and by the page itself.
_ADDRESS = re.compile(
    r"""<!--\s?saved\sfrom\surl=\(\d{1,6}\)(?P<browser>\S+)
      | Page\ssaved\swith\sSingleFile\s+url:\s(?P<singlefile>\S+)""",
    re.VERBOSE,
)
_CANONICAL = re.compile(r"""<link\b(?=[^<>]*\srel=["']?canonical\b)[^<>]*\shref=["']?(?P<address>https?://[^"'\s>]+)""")
_SINGLEFILE_DATE = re.compile(r"saved date: \w{3} (\w{3} \d{1,2} \d{4} \d{2}:\d{2}:\d{2}) GMT([+-]\d{4})")
_HEAD = 64 * 1024
"""Characters of a page in which it tells its address."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SavedResponse:
    """One saved answer.

    Attributes:
        name: What to call it in a sentence.
        body: The answer's bytes.
        recording: The request that it answered, where the file or one beside it tells.
        saved_at: When it was saved, with zone, where the file tells.
        archived: Whether it is one of a session's answers, most of which nobody meant to save.
    """

    name: str
    body: bytes
    recording: Recording | None = None
    saved_at: datetime | None = None
    archived: bool = False


def read_responses(path: Path) -> Iterator[SavedResponse]:
    """Yield the answers that a file holds: many in a HAR file, else one.

    Answers of a HAR file that hold no body (redirects, what the browser no longer had) are yielded empty.

    Raises:
        RolemixError: The file cannot be read, or is not what its name says.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise RolemixError(f"cannot read {path}: {error.strerror}") from error
    if path.suffix.lower() == ".har":
        yield from _har(body, path)
    elif path.suffix.lower() in (".mhtml", ".mht"):
        yield _mhtml(body, path)
    else:
        yield _plain(body, path)


def files_in(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield files, and those of folders in order of their names, each with whether it was named itself.

    The folder of pictures and scripts that a browser saves beside a page is left out, and so is what is hidden.
    """
    for path in paths:
        if not path.is_dir():
            yield path, True
            continue
        for found in sorted(path.rglob("*")):
            within = found.relative_to(path).parts
            hidden = any(part.startswith(".") or part.endswith(("_files", ".files")) for part in within)
            if found.is_file() and not hidden and found.suffix.lower() in SUFFIXES:
                yield found, False


def address_in(text: str) -> str | None:
    """Return the address that the browser wrote into a saved page, else the one that the page gives itself."""
    head = text[:_HEAD]
    if found := _ADDRESS.search(head):
        return found["browser"] or found["singlefile"]
    canonical = _CANONICAL.search(head)
    return canonical["address"] if canonical else None


def _plain(body: bytes, path: Path) -> SavedResponse:
    recording = recording_of(path)
    head, page = body[:_HEAD].decode("utf-8", "replace"), _is_page(body)
    if recording:
        body = _addressed(body, recording.url)
    elif page and (address := address_in(head)):
        recording = requested("GET", address, path=path, content_type="text/html")
    date = _SINGLEFILE_DATE.search(head)
    return SavedResponse(
        name=str(path),
        body=body,
        recording=recording,
        saved_at=datetime.strptime(" ".join(date.groups()), "%b %d %Y %H:%M:%S %z") if date and page else None,
    )


def _mhtml(body: bytes, path: Path) -> SavedResponse:
    """Read a page saved as one file: the first HTML part is the page."""
    message = email.message_from_bytes(body, policy=email.policy.default)
    part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    content = part.get_payload(decode=True) if part else None
    if not isinstance(part, EmailMessage) or not isinstance(content, bytes):
        raise RolemixError(f"{path} is no page saved as MHTML: it holds no part of HTML")
    address = str(message["Snapshot-Content-Location"] or part["Content-Location"] or "").strip()
    if not address.startswith(("http://", "https://")):
        return SavedResponse(name=str(path), body=content, saved_at=_date(message["Date"]))
    return SavedResponse(
        name=str(path),
        body=_addressed(content, address),
        recording=requested("GET", address, path=path, content_type="text/html"),
        saved_at=_date(message["Date"]),
    )


def _har(body: bytes, path: Path) -> Iterator[SavedResponse]:
    """Read a session that a browser's network panel saved (HTTP Archive 1.2)."""
    try:
        entries = json.loads(body)["log"]["entries"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise RolemixError(f"{path} is no HAR file: it has no log.entries") from error
    for number, entry in enumerate(entries if isinstance(entries, list) else [entries], start=1):
        try:
            yield _har_entry(entry, f"{path}, entry {number}", path)
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            raise RolemixError(f"{path} is no HAR file: entry {number} is none ({type(error).__name__})") from error


def _har_entry(entry: Mapping[str, Any], name: str, path: Path) -> SavedResponse:
    request, response = entry["request"], entry["response"]
    content = response["content"]
    kind = str(content.get("mimeType") or "")
    recording = requested(
        request["method"],
        request["url"],
        body=_posted(request.get("postData") or {}),
        headers={str(header["name"]).lower(): str(header["value"]) for header in request.get("headers") or ()},
        status=int(response["status"]),
        path=path,
        content_type=kind,
    )
    started = str(entry.get("startedDateTime") or "")
    body = _har_body(content)
    return SavedResponse(
        name=name,
        body=_addressed(body, request["url"]),
        recording=recording,
        saved_at=_aware(datetime.fromisoformat(started)) if started else None,
        archived=True,
    )


def _har_body(content: Mapping[str, Any]) -> bytes:
    text = content.get("text") or ""
    if content.get("encoding") != "base64":
        return str(text).encode("utf-8", "replace")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""


def _posted(data: Mapping[str, Any]) -> Any:
    """Return the JSON or the form that a request sent; None where it is neither."""
    text = str(data.get("text") or "")
    if "json" in str(data.get("mimeType")):
        try:
            return json.loads(text)
        except ValueError:
            return None
    if "urlencoded" in str(data.get("mimeType")):
        named = {str(param["name"]): str(param.get("value") or "") for param in data.get("params") or ()}
        return named or dict(parse_qsl(text))
    return None


def _is_page(body: bytes) -> bool:
    """Whether it is HTML, whatever its headers say it is."""
    start = body[:64].removeprefix(codecs.BOM_UTF8).lstrip()
    return start[:1] == b"<" and not start.startswith(b"<?xml")


def _addressed(body: bytes, address: str) -> bytes:
    """Return a page with its address written where browsers write it, so that its reader finds it there."""
    if not _is_page(body):
        return body
    return f"<!-- saved from url=({len(address):04}){address} -->\n".encode("ascii", "replace") + body


def _date(value: Any) -> datetime | None:
    try:
        return _aware(parsedate_to_datetime(str(value))) if value else None
    except ValueError:
        return None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
