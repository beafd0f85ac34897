"""Saved files taken apart: each response with its request and its time, where the file has them."""

from __future__ import annotations

import base64
import binascii
import codecs
import dataclasses
import email
import email.policy
import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from crawler.captures.recordings import Recording, recording_of, requested
from crawler.parsing.encodings import in_utf8
from postings.errors import RolemixError

SUFFIXES = frozenset({".html", ".htm", ".mhtml", ".mht", ".json", ".har", ".xml", ".rss", ".txt", ".md"})
"""Suffixes of the files that are read in a folder."""

# Written into pages by browsers ("Save as"), by SingleFile, and by the page itself.
_ADDRESS = re.compile(
    r"""<!--\s?saved\sfrom\surl=\(\d{1,6}\)(?P<browser>\S+)
      | Page\ssaved\swith\sSingleFile\s+url:\s(?P<singlefile>\S+)""",
    re.VERBOSE,
)
_CANONICAL = re.compile(r"""<link\b(?=[^<>]*\srel=["']?canonical\b)[^<>]*\shref=["']?(?P<address>https?://[^"'\s>]+)""")
_SINGLEFILE_DATE = re.compile(r"saved date: \w{3} (\w{3} \d{1,2} \d{4} \d{2}:\d{2}:\d{2}) GMT([+-]\d{4})")
_HEAD = 64 * 1024
"""Characters of a page in which its address is looked for."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SavedResponse:
    """One saved response.

    Attributes:
        name: What to call it in a sentence.
        body: The response's bytes.
        recording: The request that it belongs to, where the file or one beside it holds it.
        saved_at: When it was saved, in UTC, where the file shows it.
        archived: Whether it is one of a session's responses, most of which nobody meant to save.
    """

    name: str
    body: bytes
    recording: Recording | None = None
    saved_at: datetime | None = None
    archived: bool = False


def read_responses(path: Path) -> Iterator[SavedResponse]:
    """Yield the responses that a file holds: many in a HAR file, else one.

    Responses of a HAR file without a body (redirects, what the browser no longer had) are yielded empty.

    Raises:
        RolemixError: The file cannot be read, or is not of the format that its name ends with.
    """
    if path.suffix.lower() == ".har":
        yield from _har(path)
    elif path.suffix.lower() in (".mhtml", ".mht"):
        yield _mhtml(_content(path), path)
    else:
        yield _plain(_content(path), path)


def files_in(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield files, and those in folders in order of their names, each with whether it was named itself.

    Hidden files are skipped, and so is the folder of pictures and scripts that a browser saves beside a page.
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


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RolemixError(f"cannot read {path}: {error.strerror}") from error


def _plain(body: bytes, path: Path) -> SavedResponse:
    recording = recording_of(path)
    head, page = body[:_HEAD].decode("utf-8", "replace"), _is_page(body)
    if recording:
        body = _addressed(body, recording.url)
    elif page and (address := address_in(head)):
        recording = requested("GET", address, path=path, content_type="text/html")
    date = _SINGLEFILE_DATE.search(head) if page else None
    saved_at = _parsed(_singlefile_date, " ".join(date.groups()) if date else "")
    return SavedResponse(name=str(path), body=body, recording=recording, saved_at=saved_at)


def _mhtml(body: bytes, path: Path) -> SavedResponse:
    """Read a page saved as one file: the first HTML part is the page."""
    message = email.message_from_bytes(body, policy=email.policy.default)
    part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    content = part.get_payload(decode=True) if part else None
    if not isinstance(part, EmailMessage) or not isinstance(content, bytes):
        raise RolemixError(f"{path} is not a page saved as MHTML: it has no HTML part")
    content = in_utf8(content, f"text/html; charset={part.get_content_charset('')}")
    address = str(message["Snapshot-Content-Location"] or part["Content-Location"] or "").strip()
    saved_at = _parsed(parsedate_to_datetime, str(message["Date"] or ""))
    if not address.startswith(("http://", "https://")):
        return SavedResponse(name=str(path), body=content, saved_at=saved_at)
    return SavedResponse(
        name=str(path),
        body=_addressed(content, address),
        recording=requested("GET", address, path=path, content_type="text/html"),
        saved_at=saved_at,
    )


def _har(path: Path) -> Iterator[SavedResponse]:
    """Read a session that a browser's network panel saved (HTTP Archive 1.2)."""
    try:
        entries = json.loads(_content(path))["log"]["entries"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise RolemixError(f"{path} is not a HAR file: it has no log.entries") from error
    entries = deque(entries if isinstance(entries, list) else [entries])
    for number in range(1, len(entries) + 1):
        try:
            # Taken out, so that no body is kept after it was read.
            saved = _har_entry(entries.popleft(), f"{path}, entry {number}", path)
        except (LookupError, TypeError, AttributeError, ValueError, OverflowError) as error:
            malformed = f"entry {number} is malformed ({type(error).__name__})"
            raise RolemixError(f"{path} is not a HAR file: {malformed}") from error
        yield saved
        del saved


def _har_entry(entry: Mapping[str, Any], name: str, path: Path) -> SavedResponse:
    request, response = entry["request"], entry["response"]
    content = response["content"]
    kind = str(content.get("mimeType") or "")
    recording = requested(
        request["method"],
        request["url"],
        body=_posted(request.get("postData") or {}),
        path=path,
        content_type=kind,
    )
    headers = {str(header["name"]).lower(): str(header["value"]) for header in request.get("headers") or ()}
    started = str(entry.get("startedDateTime") or "")
    body = _har_body(content)
    return SavedResponse(
        name=name,
        body=_addressed(body, request["url"]),
        recording=dataclasses.replace(recording, headers=headers, status=int(response["status"])),
        saved_at=_utc(datetime.fromisoformat(started)) if started else None,
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
    """Return the JSON or the form fields that a request sent; None where it sent neither."""
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
    """Whether it is HTML, whatever its headers state."""
    start = body[:64].removeprefix(codecs.BOM_UTF8).lstrip()
    return start[:1] == b"<" and not start.startswith(b"<?xml")


def _addressed(body: bytes, address: str) -> bytes:
    """Return a page with its address where browsers write it, so that its reader finds it there."""
    if not _is_page(body):
        return body
    return f"<!-- saved from url=({len(address):04}){address} -->\n".encode("ascii", "replace") + body


def _parsed(parse: Callable[[str], datetime], text: str) -> datetime | None:
    """Return a time that is written somewhere; None where it is missing or none.

    Args:
        parse: Parses the text, or raises a ValueError.
        text: The text; empty where it is missing.
    """
    try:
        return _utc(parse(text)) if text else None
    except (ValueError, OverflowError):
        return None


def _singlefile_date(text: str) -> datetime:
    return datetime.strptime(text, "%b %d %Y %H:%M:%S %z")


def _utc(moment: datetime) -> datetime:
    """Return a time in UTC, which it is taken for where it names no zone."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
