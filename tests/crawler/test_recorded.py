"""What expectations of single responses cannot say: that no word of a text is lost, and where two responses agree."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from crawler.parsing.responses import Page
from crawler.runs.saved import read_saved
from crawler.spiders.moka import open_envelope
from crawler.systems import system
from tests.crawler.test_expectations import FILES, expectations, response_of

pytestmark = pytest.mark.shared

WITH_TEXTS = {"ashby", "greenhouse", "lever", "moka"}
"""Systems whose raw texts `raw_text` can tell."""
PAGES = [
    response_of(name) for name in FILES if name.partition("/")[0] in WITH_TEXTS and "error" not in expectations(name)
]


def read(recorded: Path, name: str) -> Page:
    return read_saved(system(name.split("/")[0]), recorded / name)


@pytest.mark.parametrize("name", ["jobs", "job"])
def test_envelope_opens_to_the_decoded_copy(recorded: Path, name: str) -> None:
    sealed = json.loads((recorded / f"moka/{name}_rsp.json").read_bytes())
    assert open_envelope(sealed) == json.loads((recorded / f"moka/{name}_decrypted.json").read_bytes())


def test_lever_detail_is_the_same_record_as_in_the_list(recorded: Path) -> None:
    (detail,) = read(recorded, "lever/posting_detail_rsp.json").postings
    assert detail == read(recorded, "lever/postings_rsp.json").postings[0]


def test_ashby_board_without_pay_differs_in_nothing_else(recorded: Path) -> None:
    with_pay = [posting.to_dict() for posting in read(recorded, "ashby/board_comp_rsp.json").postings]
    for values in with_pay:
        values.update(base_salary=None, base_salary_raw=None)
    assert with_pay == [posting.to_dict() for posting in read(recorded, "ashby/board_rsp.json").postings]


def raw_texts(value: Any) -> Iterator[tuple[str, str]]:
    """Yield each record's identifier and its HTML, found without the readers."""
    if isinstance(value, list):
        for item in value:
            yield from raw_texts(item)
    elif isinstance(value, dict):
        if "title" in value or ("text" in value and "lists" in value):
            yield str(value["id"]), raw_text(value)
        else:
            for item in value.values():
                yield from raw_texts(item)


def raw_text(record: Mapping[str, Any]) -> str:
    lists = "".join(item["text"] + item["content"] for item in record.get("lists") or ())
    texts = (record.get("jobDescription"), html.unescape(record.get("content") or ""), record.get("descriptionHtml"))
    return "".join(filter(None, (*texts, record.get("description"), lists, record.get("additional"))))


def letters(text: str) -> str:
    """Return what counts of a text: its letters and digits, without the "o" that stands for a nested list's bullet."""
    return re.sub(r"\W|_", "", re.sub(r"^o ", "", text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", PAGES)
def test_no_word_of_a_description_is_lost_or_invented(recorded: Path, name: str) -> None:
    response = json.loads((recorded / name).read_bytes())
    written = dict(raw_texts(open_envelope(response) if isinstance(response, dict) else response))
    page = read(recorded, name)
    assert set(written) == {posting.identifier for posting in page.postings}
    for posting in page.postings:
        bare = html.unescape(re.sub(r"<[^>]*>", "\n", written[posting.identifier]))
        assert letters(posting.description) == letters(bare)
