"""Every recorded response of the four systems, against facts read off the bytes by hand."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from crawler.answers import BoardUnknown, Page, PostingGone, UnexpectedAnswer
from crawler.spiders.moka import open_envelope
from crawler.systems import system
from postings import JobPosting, Salary

pytestmark = pytest.mark.shared

BOARDS = {
    "moka": "https://app.mokahr.com/social-recruitment/high-flyer/140576",
    "greenhouse": "https://job-boards.greenhouse.io/safariai",
    "lever": "https://jobs.lever.co/leverdemo",
    "ashby": "https://jobs.ashbyhq.com/browserbase",
}

# File: rows, reported total, whole board, detail, organisation.
PAGES = {
    "moka/jobs_rsp.json": (5, 35, False, False, None),
    "moka/jobs_decrypted.json": (5, 35, False, False, None),
    "moka/jobs_page2_rsp.json": (5, 35, False, False, None),
    "moka/jobs_filtered_rsp.json": (2, 2, False, False, None),
    "moka/jobs_end_rsp.json": (0, 35, False, False, None),
    "moka/jobs_zero_total_rsp.json": (5, 0, False, False, None),
    "moka/job_rsp.json": (1, None, False, True, None),
    "moka/job_decrypted.json": (1, None, False, True, None),
    "greenhouse/jobs_rsp.json": (7, 7, True, False, "Safari AI"),
    "greenhouse/jobs_content_rsp.json": (5, 5, True, False, "Safari AI"),
    "greenhouse/job_detail_rsp.json": (1, None, False, True, None),
    "greenhouse/job_detail_full_rsp.json": (1, None, False, True, None),
    "lever/postings_rsp.json": (3, None, True, False, None),
    "lever/posting_detail_rsp.json": (1, None, False, True, None),
    "lever/transcribed__live_board_no_jobs.json": (0, None, True, False, None),
    "ashby/board_rsp.json": (5, None, True, False, None),
    "ashby/board_comp_rsp.json": (5, None, True, False, None),
}

REFUSALS = {
    "moka/jobs_unknown_site_rsp.json": (BoardUnknown, "unknown board (703002 未找到对应的官网)"),
    "moka/job_not_found_rsp.json": (PostingGone, "job gone (703015 您访问的职位已不存在，请浏览其他职位)"),
    "moka/filter_aggregations_rsp.json": (UnexpectedAnswer, "neither a list of jobs nor a job"),
    "moka/filter_aggregations_empty_rsp.json": (UnexpectedAnswer, "neither a list of jobs nor a job"),
    "greenhouse/transcribed__board_404_body.json": (BoardUnknown, "unknown board or job (Job not found)"),
    "lever/transcribed__site_404_body.json": (
        BoardUnknown,
        "unknown board or job (Document not found); a European company is on jobs.eu.lever.co",
    ),
}

BOTH = ("FULL_TIME", "INTERN")
FULL = ("FULL_TIME",)
HANGZHOU, BEIJING, ULANQAB = "Gongshu, Zhejiang", "Haidian, Beijing", "Chahar right front flag, Inner Mongolia"

# Identifier's first eight characters: title, kinds, places (in the board's order), day of opening in Beijing.
DEEPSEEK = {
    "7dcd6fde": ("多模态理解（数据/算法）研究员", BOTH, [HANGZHOU, BEIJING], "2026-06-25"),
    "5d75f4cd": ("后训练（数据/算法）研究员", BOTH, [HANGZHOU, BEIJING], "2026-06-25"),
    "25dcb4d9": ("预训练（数据/算法）研究员", BOTH, [BEIJING], "2026-06-25"),
    "08d2d307": ("HR团队", FULL, [BEIJING, HANGZHOU], "2026-06-25"),
    "647a8853": ("AGI核心业务管培生", BOTH, [BEIJING, HANGZHOU], "2026-06-25"),
    "7dfbdfc9": ("法务团队", FULL, [HANGZHOU], "2026-06-25"),
    "2f6838b7": ("财务团队", FULL, [HANGZHOU], "2026-06-25"),
    "97ecb322": ("采购团队", FULL, [ULANQAB, HANGZHOU], "2026-06-25"),
    "a7a0d39e": ("行政团队", BOTH, [HANGZHOU, BEIJING], "2026-06-25"),
    "40447266": ("Agent Harness 研究员（实习/全职）", BOTH, [HANGZHOU, BEIJING], "2026-06-11"),
    "1c7e328d": ("IDC数据中心团队", FULL, [ULANQAB, HANGZHOU, BEIJING], "2026-06-25"),
}
LISTED = {
    "moka/jobs_rsp.json": ["7dcd6fde", "5d75f4cd", "25dcb4d9", "08d2d307", "647a8853"],
    "moka/jobs_page2_rsp.json": ["7dfbdfc9", "2f6838b7", "97ecb322", "a7a0d39e", "40447266"],
    "moka/jobs_filtered_rsp.json": ["97ecb322", "1c7e328d"],
}

# Identifier: title, places, work from home, kinds, first published.
SAFARI = {
    "5019966007": ("GTM and Business Operations Lead", ["Miami"], False, (), "2026-01-09T14:59:08-05:00"),
    "5117812007": ("GTM Engineering Intern", [], True, ("INTERN",), "2026-04-27T17:56:30-04:00"),
    "4677712007": (
        "Head of Client Success (East Cost candidates only)",
        ["Miami, FL"],
        True,
        (),
        "2025-05-15T17:13:34-04:00",
    ),
    "5024708007": ("Head of Partnerships", ["Miami, FL"], False, (), "2026-03-18T15:23:19-04:00"),
    "5020246007": ("MBA Intern (Spring and/or Summer '26)", [], True, ("INTERN",), "2026-01-13T18:31:34-05:00"),
    "5033427007": (
        "Opportunity Hire, ex-founder/founding engineer",
        ["North America"],
        False,
        (),
        "2026-01-23T17:15:16-05:00",
    ),
    "5077155007": (
        "Sales Development Representative",
        ["Miami, Florida, United States"],
        False,
        (),
        "2026-03-12T09:36:40-04:00",
    ),
}

# Identifier's first eight characters: title, place and country, commitment, created.
LEVERDEMO = {
    "33538a2f": ("AbelsonTaylor Writer", ("Arlington, TX", "US"), FULL, "2019-03-21T16:33:55.299000+00:00"),
    "dbedd284": (
        "Account Director (Inside/Outside Hybrid Sales)",
        ("Atlanta, Georgia", "US"),
        FULL,
        "2017-08-16T18:11:42.690000+00:00",
    ),
    "1897fca1": ("Account Executive", ("Bombay, MH", "IN"), (), "2019-05-16T21:12:28.927000+00:00"),
}

# Identifier's first eight characters: title, places, pay a year in USD, last published. One hides its pay.
BROWSERBASE = {
    "7724fbe3": (
        "Software Engineer (Agent Platform)",
        ["San Francisco", "New York"],
        (132_000, 330_000),
        "2025-08-25T20:13:34.942000+00:00",
    ),
    "b0e0b29c": (
        "Business Development Representative",
        ["San Francisco"],
        (150_000, 175_000),
        "2026-04-30T16:50:31.980000+00:00",
    ),
    "bcbf0fb9": (
        "Software Engineer (Core Infrastructure)",
        ["San Francisco"],
        (132_000, 358_000),
        "2025-03-25T08:06:38.373000+00:00",
    ),
    "be6c011e": (
        "Software Engineer (Dashboard)",
        ["San Francisco", "New York"],
        None,
        "2026-07-02T20:29:11.379000+00:00",
    ),
    "fb279b47": (
        "Customer Engineering Manager",
        ["San Francisco"],
        (260_000, 310_000),
        "2026-07-02T20:49:13.354000+00:00",
    ),
}


def read(recorded: Path, name: str) -> Page:
    spider = system(name.split("/")[0])
    return spider.read((recorded / name).read_bytes(), spider.board(BOARDS[spider.name]))


def places(posting: JobPosting) -> list[str]:
    return [place.name for place in posting.job_location]


def posted(posting: JobPosting) -> str:
    assert posting.date_posted is not None
    return posting.date_posted.isoformat()


def test_every_recorded_response_is_expected(recorded: Path) -> None:
    found = {f"{name}/{file.name}" for name in BOARDS for file in (recorded / name).glob("*.json")}
    assert found == {*PAGES, *REFUSALS}


@pytest.mark.parametrize("name", PAGES)
def test_pages(recorded: Path, name: str) -> None:
    page = read(recorded, name)
    assert (page.rows, page.reported_total, page.whole, page.detail, page.organization) == PAGES[name]
    assert (len(page.postings), page.unlisted, page.unreadable) == (page.rows, (), ())


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals(recorded: Path, name: str) -> None:
    error, sentence = REFUSALS[name]
    with pytest.raises(error) as caught:
        read(recorded, name)
    assert (type(caught.value), str(caught.value)) == (error, sentence)


@pytest.mark.parametrize("name", ["jobs", "job"])
def test_the_envelope_opens_to_the_decoded_copy(recorded: Path, name: str) -> None:
    sealed = json.loads((recorded / f"moka/{name}_rsp.json").read_bytes())
    assert open_envelope(sealed) == json.loads((recorded / f"moka/{name}_decrypted.json").read_bytes())


@pytest.mark.parametrize("name", LISTED)
def test_deepseeks_list(recorded: Path, name: str) -> None:
    page = read(recorded, name)
    assert [posting.identifier[:8] for posting in page.postings] == LISTED[name]
    for posting in page.postings:
        title, kinds, named, opened = DEEPSEEK[posting.identifier[:8]]
        assert (posting.title, posting.employment_type, places(posting)) == (title, kinds, named)
        assert posted(posting) == f"{opened}T00:00:00+08:00"
        assert posting.base_salary is None
        assert posting.url == f"{BOARDS['moka']}#/job/{posting.identifier}"
        assert {place.address_country for place in posting.job_location} == {"China"}


def test_deepseeks_stub_is_marked_as_moved_and_nothing_else_is(recorded: Path) -> None:
    moved = {
        posting.identifier: posting.moved_to
        for name in LISTED
        for posting in read(recorded, name).postings
        if posting.moved_to
    }
    assert moved == {
        "40447266-bdbb-4728-8db4-ed1435408026": f"{BOARDS['moka']}#/job/8d40c764-d2b2-49b1-826c-e3f2adb75c01"
    }


def test_deepseeks_detail_says_when_it_was_published(recorded: Path) -> None:
    (posting,) = read(recorded, "moka/job_rsp.json").postings
    assert (posting.title, posting.employment_type) == ("多模态理解（数据/算法）研究员", BOTH)
    assert posted(posting) == "2026-06-27T12:05:08+08:00"
    assert posting.employment_unit == "DeepSeek"


def test_a_greenhouse_board_without_content(recorded: Path) -> None:
    found = {
        posting.identifier: (
            posting.title,
            places(posting),
            posting.job_location_type == "TELECOMMUTE",
            posting.employment_type,
            posted(posting),
        )
        for posting in read(recorded, "greenhouse/jobs_rsp.json").postings
    }
    assert found == SAFARI


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("greenhouse/job_detail_full_rsp.json", "Annual Salary: 22280000-29000000 cents USD"),
        ("greenhouse/job_detail_rsp.json", "Annual Salary: $222,800 — $290,000 USD"),
    ],
)
def test_a_greenhouse_detail_has_its_pay_stated_or_shown(recorded: Path, name: str, raw: str) -> None:
    (posting,) = read(recorded, name).postings
    assert (posting.identifier, posting.title) == ("4461450008", "Account Executive, AI Native")
    assert posting.base_salary == Salary(currency="USD", min_value=222_800.0, max_value=290_000.0, unit_text="YEAR")
    assert posting.base_salary_raw == raw
    assert posting.hiring_organization == "Anthropic"
    assert [(place.name, place.address_locality) for place in posting.job_location] == [
        ("San Francisco, CA", "San Francisco"),
        ("New York City, NY", "New York"),
    ]
    assert posted(posting) == "2024-12-20T13:53:38-05:00"
    assert posting.job_location_type is None


def test_a_lever_board(recorded: Path) -> None:
    found = {}
    for posting in read(recorded, "lever/postings_rsp.json").postings:
        (place,) = posting.job_location
        where = (place.name, place.address_country)
        found[posting.identifier[:8]] = (posting.title, where, posting.employment_type, posted(posting))
    assert found == LEVERDEMO


def test_a_lever_detail_is_the_same_record_as_in_the_list(recorded: Path) -> None:
    (detail,) = read(recorded, "lever/posting_detail_rsp.json").postings
    assert detail == read(recorded, "lever/postings_rsp.json").postings[0]


def test_an_ashby_board_with_pay(recorded: Path) -> None:
    found = {}
    for posting in read(recorded, "ashby/board_comp_rsp.json").postings:
        pay = posting.base_salary
        if pay:
            assert (pay.currency, pay.unit_text, pay.months_per_year) == ("USD", "YEAR", None)
        pair = pay and (pay.min_value, pay.max_value)
        found[posting.identifier[:8]] = (posting.title, places(posting), pair, posted(posting))
        assert (posting.employment_type, posting.job_location_type) == (FULL, None)
    assert found == BROWSERBASE


def test_an_ashby_board_asked_without_pay_differs_in_nothing_else(recorded: Path) -> None:
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
    said = json.loads((recorded / name).read_bytes())
    written = dict(raw_texts(open_envelope(said) if isinstance(said, dict) else said))
    page = read(recorded, name)
    assert set(written) == {posting.identifier for posting in page.postings}
    for posting in page.postings:
        bare = html.unescape(re.sub(r"<[^>]*>", "\n", written[posting.identifier]))
        assert letters(posting.description) == letters(bare)
