"""Personio: an XML feed of a company's whole board, with each description only in the languages it was written in."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from scrapy import Request
from scrapy.http import Response

from crawler.bases.board_spider import BoardSpider, CallbackOutput, merged
from crawler.boards import Board, Cursor
from crawler.manifest import Manifest
from crawler.parsing.responses import (
    BoardUnknown,
    Page,
    ResponseError,
    UnexpectedResponse,
    identifier_of,
    load_xml,
    title_of,
)
from postings import JobPosting, Place
from postings.facts.dates import iso
from postings.facts.employment import employment_types
from postings.facts.places import place_words, split_places, work_model
from postings.text import joined, plain_text, words

LANGUAGES = ("en", "de", "fr", "es", "nl", "it", "pt")
"""The documented languages of the feed, in the order in which they are tried for a missing description."""

_COMPANY = r"(?!www\b)(?P<company>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)"
_MARKETING = re.compile(r"https?://(?:www\.)?personio\.[a-z.]{2,6}(?=[/?#]|$)", re.IGNORECASE)


class PersonioSpider(BoardSpider):
    """Boards of Personio: the feed in the board's own language lists every position."""

    name = "personio"
    vendor = "Personio"
    proof = "one response holds the whole board"
    note = "An employer can leave its XML feed switched off; its board then counts as gone, although its page is up."
    example = "https://orderbird.jobs.personio.de"
    filters = frozenset({"language"})
    url_patterns = (
        re.compile(rf"https?://{_COMPANY}\.jobs\.personio\.(?P<domain>de|com)(?=[/?#]|$)"),
        re.compile(rf"https?://{_COMPANY}-jobs\.personio\.(?P<domain>de)(?=[/?#]|$)"),  # until 2021
    )

    @classmethod
    def canonical(cls, match: re.Match[str]) -> Board:
        company, domain = match["company"], match["domain"]
        url = f"https://{company}.jobs.personio.{domain}"
        return Board(url=url, system=cls.name, organization=company, instance=domain)

    def list_request(self, board: Board, at: Cursor) -> Request:
        return Request(f"{board.url}/xml")

    @classmethod
    def status_error(cls, status: int, headers: Mapping[str, str], body: bytes) -> ResponseError | None:
        if 300 <= status < 400 and _MARKETING.match(headers.get("location", "")):
            return BoardUnknown(f"unknown company: HTTP {status} to {headers['location']}")
        return None

    def first_requests(self, manifest: Manifest) -> Iterator[Request]:
        yield self.board_request(manifest, self.list_request(manifest.board, Cursor()), self._on_feed)

    def _on_feed(self, response: Response, manifest: Manifest) -> CallbackOutput:
        yield from self._with_texts(manifest.add(self.page(response, manifest.board)), manifest, LANGUAGES)

    def _with_texts(
        self, postings: Sequence[JobPosting], manifest: Manifest, languages: Sequence[str]
    ) -> CallbackOutput:
        """Yield the postings that have a description, and request the others in the next language."""
        textless = []
        for posting in postings:
            if posting.description or not languages:
                yield self.to_item(posting, manifest)
            else:
                textless.append(posting)
        if textless:
            request = Request(f"{manifest.board.url}/xml?language={languages[0]}")
            yield self.board_request(manifest, request, self._on_language, textless=textless, languages=languages[1:])

    def _on_language(
        self, response: Response, manifest: Manifest, textless: Sequence[JobPosting], languages: Sequence[str]
    ) -> CallbackOutput:
        try:
            page = self.page(response, manifest.board)
        except BoardUnknown:
            page = Page()  # the board responded before, so it only lacks this language
        texts = {posting.identifier: posting for posting in page.postings if posting.description}
        postings = [merged(posting, texts.get(posting.identifier, posting)) for posting in textless]
        yield from self._with_texts(postings, manifest, languages)

    @classmethod
    def read(cls, body: bytes, board: Board | None = None) -> Page:
        root = load_xml(body, "workzag-jobs")
        if others := {child.tag for child in root} - {"position"}:
            raise UnexpectedResponse(f"expected positions, got {', '.join(sorted(others))}")
        return Page.of_records([_record(child) for child in root], lambda record: posting(record, board), whole=True)


def posting(record: Mapping[str, Any], board: Board | None = None) -> JobPosting:
    """Map a position; the feed has no address, country or pay."""
    identifier = identifier_of(record)
    kind = joined(record["employmentType"], record["schedule"])
    offices = [office for office in map(words, record["offices"]) if office]
    places = dict.fromkeys(name for office in offices for name in split_places(office))
    return JobPosting(
        identifier=identifier,
        title=title_of(record, "name"),
        url=f"{board.url}/job/{identifier}" if board else "",
        description=_description(record["jobDescriptions"]),
        hiring_organization=words(record["subcompany"]),
        job_location=tuple(Place(name=name) for name in places),
        job_location_type=next(filter(None, map(work_model, offices)), None),
        job_location_raw=place_words(*offices),
        employment_type=employment_types(kind),
        employment_type_raw=kind,
        date_posted=iso(record["createdAt"]),
        date_posted_raw=words(record["createdAt"]),
        employment_unit=words(record["department"]),
        occupational_category=joined(record["occupationCategory"], record["occupation"]),
    )


_FIELDS = (
    "id", "name", "subcompany", "department", "employmentType", "schedule", "occupationCategory", "occupation",
    "createdAt",
)  # fmt: skip


def _record(position: Element) -> dict[str, Any]:
    """Return a position's fields; those that the feed lacks are None."""
    return {
        **{name: position.findtext(name) for name in _FIELDS},
        "offices": [
            office.text for path in ("office", "additionalOffices/office") for office in position.findall(path)
        ],
        "jobDescriptions": [
            (section.findtext("name"), section.findtext("value"))
            for section in position.findall("jobDescriptions/jobDescription")
        ],
    }


def _description(sections: Sequence[tuple[str | None, str | None]]) -> str:
    # If nothing was written in the feed's language, headings alone may be left.
    present = [(heading, text) for heading, text in sections if text and text.strip()]
    return plain_text("".join(f"<h3>{html.escape(heading or '')}</h3><div>{text}</div>" for heading, text in present))
