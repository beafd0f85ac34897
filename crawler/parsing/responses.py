"""What one response of a board holds, and the ways in which a response says no."""

from __future__ import annotations

import codecs
import dataclasses
import json
import re
import reprlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Self
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring
from parsel import Selector

from postings import JobPosting, Verdict
from postings.errors import RolemixError
from postings.text import words


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was read from one response of a board: live, saved or recorded, it is the same.

    Attributes:
        postings: The postings in it, in the board's order.
        rows: How many records it held, unlisted ones included.
        unlisted: The identifiers of those that are no openings by the board's own mark (unlisted, paused).
        unreadable: What is wrong with each record that could not be read, one sentence a record.
        reported_total: The size of the whole list that the response states; None where it states none.
        next: What to ask for the next page with, where the system gives such a token or link.
        more: Whether the response says that pages follow it; None where only the total tells.
        parts: By what the list can be asked in parts, where it is longer than the system serves of one list.
        stamps: When each posting was last changed by the list's word, where it has one, by identifier. It is no
            content, but tells whether the posting's own page must be read again.
        organization: The employer's name, where the response gives it.
        whole: True where one such response is the whole board by the system's design.
        detail: True where the response is one posting's own page.
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

    @property
    def identifiers(self) -> frozenset[str]:
        """What the page lists, openings or not."""
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
        **evidence: Any,
    ) -> Self:
        """Map a list's records one by one: a bad one costs the run its completeness, not the board its others.

        Args:
            records: The records as they came.
            posting: Maps one record.
            key: Where a record has its identifier.
            listed: Whether a record is an opening by the board's own mark.
            stamp: When a record was last changed by its own word, if it has one.
            evidence: The page's other attributes.

        Raises:
            UnexpectedResponse: There are records and none can be read: the response is not the system's.
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
            **evidence,
        )


class ResponseError(RolemixError):
    """A response that holds no postings; the message says what it is, in one sentence."""

    verdict: ClassVar[Verdict] = Verdict.FAILED
    """What it makes of a run that saw nothing else."""


class UnexpectedResponse(ResponseError):
    """The response does not have the system's shape. It never counts as an empty board."""


class BoardUnknown(ResponseError):
    """The system says that it has no such board, or that the board is closed down."""

    verdict = Verdict.GONE


class PostingGone(ResponseError):
    """The system says that this one posting no longer exists.

    Attributes:
        identifier: Which posting, where that is known.
    """

    identifier: str | None = None


class BoardBlocked(ResponseError):
    """A captcha, login wall or refusal stands where the response should be."""

    verdict = Verdict.BLOCKED


_WALL = re.compile(
    "captcha|cf-challenge|access denied|are you a robot|verify you are human|验证码|安全验证|访问验证", re.IGNORECASE
)
# Characters that XML forbids, and that come all the same where texts are pasted from elsewhere.
_NOT_XML = bytes(code for code in range(32) if chr(code) not in "\t\n\r")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def load_json(body: bytes) -> Any:
    """Parse a response that should be JSON.

    Raises:
        BoardBlocked: It is a page that asks for a human.
        UnexpectedResponse: It is empty or anything else that is not JSON.
    """
    try:
        value = json.loads(body)
        return _writable(value) if b"\\u" in body else value
    except RecursionError:
        raise UnexpectedResponse("the JSON is nested too deeply") from None
    except ValueError:
        raise unexpected(body, "JSON") from None


def load_xml(body: bytes, root: str) -> Element:
    """Parse a response that should be XML; document types and entities of its own are refused.

    Args:
        body: The response's bytes.
        root: The root element of the system's responses.

    Raises:
        BoardBlocked: It is a page that asks for a human.
        UnexpectedResponse: It is empty, not XML, or XML of another kind.
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
    """Return a response as HTML, whatever it is: left to itself, parsel takes what could be JSON for that."""
    if isinstance(page, bytes):
        return Selector(body=page or b"<html/>", type="html", encoding="utf-8")
    return Selector(text=page or "<html/>", type="html")


def unexpected(body: bytes, expected: str) -> ResponseError:
    """Return what a response is that does not have the system's shape: a page that asks for a human, or anything else.

    Args:
        body: The response.
        expected: What should have come, e.g. ``JSON``.
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
    """Whether a page's words are those of a captcha or an access check."""
    return bool(_WALL.search(text))


def expect(value: Any, kind: type[Any], what: str) -> Any:
    """Return the value if it has the expected type, so that a changed shape fails loudly.

    Raises:
        UnexpectedResponse: It has another type.
    """
    # True and False are ints to Python, but no count to anybody.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise UnexpectedResponse(f"{what} is {type(value).__name__}, not {kind.__name__}")
    return value


def identifier_of(record: Mapping[str, Any], key: str = "id") -> str:
    """Return a record's identifier, a number or a text.

    Raises:
        UnexpectedResponse: It has none.
    """
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).strip():
        raise UnexpectedResponse(f"it has no {key} ({reprlib.repr(value)})")
    return str(value).strip()


def title_of(record: Mapping[str, Any], key: str = "title") -> str:
    """Return a record's title; no system lets a posting be without, so its absence is a changed shape.

    Raises:
        UnexpectedResponse: It has none.
    """
    title = words(record.get(key))
    if not title:
        raise UnexpectedResponse(f"it has no {key} ({reprlib.repr(record.get(key))})")
    return title


def _writable(value: Any) -> Any:
    """Replace what JSON can escape and no database can hold: half a character (a lone surrogate), and NUL."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "")
    if isinstance(value, list):
        return [_writable(item) for item in value]
    if isinstance(value, dict):
        return {_writable(key): _writable(item) for key, item in value.items()}
    return value
