"""The contents of a board's response, and the errors for a response without postings."""

from __future__ import annotations

import codecs
import dataclasses
import json
import re
import reprlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Self
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring
from parsel import Selector

from crawler.parsing.encodings import in_utf8
from postings import JobPosting, Verdict
from postings.errors import RolemixError
from postings.facts.places import Model, distinct_places, place_words, posting_work_model
from postings.text import words


def without_denied_remote(posting: JobPosting) -> JobPosting:
    """Return the posting without TELECOMMUTE where its text denies what a field says: some have a place "Remote"."""
    if posting.job_location_type != "TELECOMMUTE" or not posting.description:
        return posting
    stated = posting_work_model(posting)
    if stated is None or stated.model is Model.REMOTE:
        return posting
    return dataclasses.replace(posting, job_location_type=None)


def with_distinct_places(posting: JobPosting) -> JobPosting:
    """Return the posting with its places one by one; the words that this loses are kept beside them."""
    places = distinct_places(posting.job_location)
    if places == posting.job_location:
        return posting
    raw = posting.job_location_raw or place_words(*(place.name for place in posting.job_location))
    return dataclasses.replace(posting, job_location=places, job_location_raw=raw)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The contents of one response of a board, live, saved or recorded.

    Attributes:
        postings: The postings in it, in the board's order.
        rows: The number of its records, including unlisted ones.
        unlisted: The identifiers of records that the board marks as not open (unlisted, paused).
        unreadable: An error message for each record that could not be read.
        reported_total: The total of the list that the response states; None if it states none.
        next: The token or link that requests the next page, if the system has one.
        more: Whether the response states that pages follow; None if only the total shows it.
        parts: The values by which a list beyond the system's window can be requested in parts.
        stamps: When each posting was last changed according to the list, by identifier. A change means that the
            posting's own page must be read again.
        organization: The employer's name, if the response states it.
        whole: Whether such a response holds the whole board by design.
        detail: Whether the response is a posting's own page.
    """

    postings: tuple[JobPosting, ...] = ()
    rows: int = 0
    unlisted: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    reported_total: int | None = None
    next: str | None = None
    more: bool | None = None
    parts: tuple[str, ...] = ()
    stamps: Mapping[str, str] = dataclasses.field(default_factory=dict)
    organization: str | None = None
    whole: bool = False
    detail: bool = False

    def __post_init__(self) -> None:
        """Pass every system's places through the place reader, also those that a board gives in fields of their own."""
        postings = (without_denied_remote(with_distinct_places(posting)) for posting in self.postings)
        object.__setattr__(self, "postings", tuple(postings))

    @property
    def identifiers(self) -> frozenset[str]:
        """The identifiers of all records on the page, open or not."""
        return frozenset(posting.identifier for posting in self.postings) | frozenset(self.unlisted)

    @classmethod
    def of_records(
        cls,
        records: Sequence[Any],
        posting: Callable[[Mapping[str, Any]], JobPosting],
        *,
        key: str = "id",
        listed: Callable[[Mapping[str, Any]], bool] = lambda record: True,
        stamp: Callable[[Mapping[str, Any]], Any] = lambda record: None,
        **attributes: Any,
    ) -> Self:
        """Map a list's records; an unreadable one makes the run incomplete, but does not lose the others.

        Args:
            records: The raw records.
            posting: Maps a record.
            key: The key of a record's identifier.
            listed: Whether the board marks a record as open.
            stamp: Returns when a record was last changed, if it states it.
            attributes: The page's other attributes.

        Raises:
            UnexpectedResponse: There are records, but none can be read: the response is not the system's.
        """
        postings, unlisted, unreadable, stamps = [], [], [], {}
        for record in records:
            try:
                if listed(expect(record, dict, "it")):
                    postings.append(posting(record))
                    if stamped := stamp(record):
                        stamps[postings[-1].identifier] = str(stamped)
                else:
                    unlisted.append(identifier_of(record, key))
            except (ResponseError, LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
                name = record.get(key) if isinstance(record, dict) else None
                why = error if isinstance(error, ResponseError) else f"{type(error).__name__}: {error}"
                unreadable.append(f"record {reprlib.repr(name)} cannot be read: {why}")
        if unreadable and not postings and not unlisted:
            raise UnexpectedResponse(f"none of {len(records)} records can be read; {unreadable[0]}")
        return cls(
            postings=tuple(postings),
            rows=len(records),
            unlisted=tuple(unlisted),
            unreadable=tuple(unreadable),
            stamps=stamps,
            **attributes,
        )


class ResponseError(RolemixError):
    """A response without postings; the message states what it is."""

    verdict: ClassVar[Verdict] = Verdict.FAILED
    """The verdict of a run that received nothing else."""


class UnexpectedResponse(ResponseError):
    """The response does not have the system's format. It never counts as an empty board."""


class BoardUnknown(ResponseError):
    """The system reports that the board does not exist or was closed down."""

    verdict = Verdict.GONE


class PostingGone(ResponseError):
    """The system reports that a posting no longer exists.

    Attributes:
        identifier: The posting's identifier, if known.
    """

    identifier: str | None = None


class BoardBlocked(ResponseError):
    """A captcha, a login wall or a refusal in place of the response."""

    verdict = Verdict.BLOCKED


_WALL = re.compile(
    "captcha|cf-challenge|access denied|are you a robot|verify you are human|验证码|安全验证|访问验证", re.IGNORECASE
)
# Characters that XML forbids, but that occur in pasted text.
_NOT_XML = bytes(code for code in range(32) if chr(code) not in "\t\n\r")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def load_json(body: bytes) -> Any:
    """Parse a response that should be JSON.

    Raises:
        BoardBlocked: It is a captcha or an access check.
        UnexpectedResponse: It is empty or not JSON.
    """
    try:
        value = json.loads(body)
        return _writable(value) if b"\\u" in body else value
    except RecursionError:
        raise UnexpectedResponse("the JSON is nested too deeply") from None
    except ValueError:
        raise unexpected(body, "JSON") from None


def load_xml(body: bytes, root: str) -> Element:
    """Parse a response that should be XML; document types and custom entities are rejected.

    Args:
        body: The response's bytes.
        root: The root element of the system's responses.

    Raises:
        BoardBlocked: It is a captcha or an access check.
        UnexpectedResponse: It is empty, not XML, or has another root.
    """
    start = body.removeprefix(codecs.BOM_UTF8).lstrip()
    if not start or _HTML.match(start):
        raise unexpected(body, "XML")
    try:
        element: Element = fromstring(start.translate(None, _NOT_XML), forbid_dtd=True)
    except (ParseError, ValueError, LookupError) as error:
        raise UnexpectedResponse(f"cannot parse the XML: {error}") from None
    if element.tag != root:
        raise UnexpectedResponse(f"expected XML with the root {root!r}, got {reprlib.repr(element.tag)}")
    return element


def html_of(page: bytes | str) -> Selector:
    """Return a selector for HTML, because parsel would guess JSON for some responses."""
    text = in_utf8(page).decode("utf-8-sig", "replace") if isinstance(page, bytes) else page
    return Selector(text=text or "<html/>", type="html")


def unexpected(body: bytes, expected: str) -> ResponseError:
    """Return the error for a response of the wrong kind: a captcha or an access check, or anything else.

    Args:
        body: The response.
        expected: What was expected, e.g. ``JSON``.
    """
    start = body.removeprefix(codecs.BOM_UTF8).lstrip()
    if not start:
        return UnexpectedResponse(f"expected {expected}, got an empty body")
    if start[:1] != b"<":
        return UnexpectedResponse(f"expected {expected}, got {start[:60].decode('utf-8', 'replace')!r}")
    if is_access_check(start.decode("utf-8", "replace")):
        return BoardBlocked(f"expected {expected}, got a captcha or an access check")
    return UnexpectedResponse(f"expected {expected}, got an HTML page")


def is_access_check(text: str) -> bool:
    """Whether a page's text is that of a captcha or an access check."""
    return bool(_WALL.search(text))


def expect(value: Any, kind: type[Any], what: str) -> Any:
    """Return the value if it has the expected type, so that a change of the format is noticed.

    Raises:
        UnexpectedResponse: It has another type.
    """
    # bool is a subclass of int.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise UnexpectedResponse(f"{what} is {type(value).__name__}, not {kind.__name__}")
    return value


def identifier_of(record: Mapping[str, Any], key: str = "id") -> str:
    """Return a record's identifier, a number or a string.

    Raises:
        UnexpectedResponse: It has none.
    """
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).strip():
        raise UnexpectedResponse(f"it has no {key} ({reprlib.repr(value)})")
    return str(value).strip()


def told_apart(names: Sequence[str], *keys: Sequence[str | None]) -> list[str]:
    """Return what each of several records is known by: the first of its keys that no other has, else its name.

    Ids made from titles are the last resort, because a title changes, and several postings share one.

    Args:
        names: What each record says it is; records of one name and the same keys are the same.
        keys: One key of each record, the surest kind of key first; None where a record has none.

    >>> told_apart(["Potter", "Glazer", "Kilner"], ["/jobs", "/jobs", "/jobs/3"], ["/jobs#1", None, "/jobs/3"])
    ['/jobs#1', 'Glazer', '/jobs/3']
    """
    distinct = set(zip(*keys, names, strict=True))
    counts = [Counter(column) for column in zip(*distinct, strict=True)]
    return [
        next((key for key, count in zip(record, counts, strict=False) if key and count[key] == 1), name)
        for *record, name in zip(*keys, names, strict=True)
    ]


def title_of(record: Mapping[str, Any], key: str = "title") -> str:
    """Return a record's title; every system requires one, so a record without it means that the format has changed.

    Raises:
        UnexpectedResponse: It has none.
    """
    title = words(record.get(key))
    if not title:
        raise UnexpectedResponse(f"it has no {key} ({reprlib.repr(record.get(key))})")
    return title


def _writable(value: Any) -> Any:
    """Replace characters that JSON can escape, but databases cannot store: lone surrogates and NUL."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "")
    if isinstance(value, list):
        return [_writable(item) for item in value]
    if isinstance(value, dict):
        return {_writable(key): _writable(item) for key, item in value.items()}
    return value
