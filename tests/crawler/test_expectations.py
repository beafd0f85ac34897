"""Every recorded response, against facts read off its bytes by hand: one file of expectations a response.

``expected/<system>/<file name>.toml`` describes what the response of that name holds. Of a page: ``rows``, ``total``,
``whole``, ``detail``, ``more``, ``unlisted``, ``organization`` and a ``[[posting]]`` table for each posting, in order;
of one that holds none: ``error``, its class, and ``message``, a part of its message. ``board`` is the address
to read it for, where the request beside it does not show. Of a posting, ``identifier`` and ``title`` are always given,
and any other attribute may be; ``places`` are the names, ``localities``, ``regions`` and ``countries`` what each place
states itself, ``none`` where it states nothing, ``salary`` is written as ``USD 132000-330000 YEAR`` or ``none``, and
``letters`` counts the letters and digits of its text.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.parsing.responses import ResponseError
from crawler.runs.saved import read_saved
from crawler.systems import system, systems
from postings import JobPosting, Salary

pytestmark = pytest.mark.shared

EXPECTED = Path(__file__).parent / "expected"
FILES = sorted(str(path.relative_to(EXPECTED)) for path in EXPECTED.glob("*/*.toml"))
FOLDERS = {"careers": "jsonld", "feed": "feeds"}
"""Folders of recordings that are not named after the system that reads them."""
UNDESCRIBED = {
    "boss/dh_ai_boss_merged_0.md": "57 pages saved as text in one file: `spiders.test_boss` reads them",
    "moka/companies.yaml": "a list of companies and their boards, and no response",
    "transcribed/partial_records.json": "some fields of several systems' records: `test_transcribed` reads them",
}
"""What was recorded and has no file of expectations, and why."""


def expectations(name: str) -> dict[str, Any]:
    return tomllib.loads((EXPECTED / name).read_text("utf-8"))


def response_of(name: str) -> str:
    """Return the recorded response, as ``folder/file name``, of which a file of expectations speaks."""
    folder, _, response = name.removesuffix(".toml").partition("/")
    return f"{FOLDERS.get(folder, folder)}/{response}"


def salary(pay: Salary | None) -> str:
    if pay is None:
        return "none"
    ends = [f"{end:.10g}" for end in dict.fromkeys((pay.min_value, pay.max_value)) if end is not None]
    months = f" x{pay.months_per_year:g}" if pay.months_per_year else ""
    return " ".join(filter(None, (pay.currency, "-".join(ends), pay.unit_text))) + months


def fact(posting: JobPosting, key: str) -> Any:
    match key:
        case "places":
            return [place.name for place in posting.job_location]
        case "localities":
            return [place.address_locality or "none" for place in posting.job_location]
        case "regions":
            return [place.address_region or "none" for place in posting.job_location]
        case "countries":
            return [place.address_country or "none" for place in posting.job_location]
        case "salary":
            return salary(posting.base_salary)
        case "letters":
            return sum(map(str.isalnum, posting.description))
    value = getattr(posting, key)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else "none" if value is None else value


def test_every_recorded_response_of_a_known_system_has_its_expectations(recorded: Path) -> None:
    described = {response_of(name) for name in FILES} | UNDESCRIBED.keys()
    folders = {FOLDERS.get(name, name) for name in systems()} | {name.partition("/")[0] for name in described}
    files = [path for folder in folders for path in (recorded / folder).rglob("*") if path.is_file()]
    assert {path.relative_to(recorded).as_posix() for path in files if path.suffix != ".hurl"} == described


@pytest.mark.parametrize("name", FILES)
def test_response_is_read_as_expected(recorded: Path, name: str) -> None:
    expected = expectations(name)
    spider = system(name.partition("/")[0])
    board = spider.board(expected["board"]) if "board" in expected else None
    path = recorded / response_of(name)
    if "error" in expected:
        with pytest.raises(ResponseError) as caught:
            read_saved(spider, path, board)
        assert (type(caught.value).__name__, expected["message"] in str(caught.value)) == (expected["error"], True)
        return
    page = read_saved(spider, path, board)
    assert page.unreadable == ()
    found = {
        "rows": page.rows,
        "total": page.reported_total if page.reported_total is not None else "none",
        "whole": page.whole,
        "detail": page.detail,
        "more": "none" if page.more is None else page.more,
        "organization": page.organization or "none",
        "unlisted": list(page.unlisted),
    }
    described = {key: value for key, value in expected.items() if key not in ("board", "posting")}
    assert {key: found[key] for key in described} == described
    wanted = expected.get("posting", [])
    assert [posting.identifier for posting in page.postings] == [one["identifier"] for one in wanted]
    for posting, one in zip(page.postings, wanted, strict=True):
        assert "title" in one, f"{posting.identifier} wants its title"
        assert {key: fact(posting, key) for key in one} == one
