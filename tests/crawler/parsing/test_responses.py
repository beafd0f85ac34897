"""Responses that are not JSON, and the values of a list's records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from crawler.parsing.responses import (
    BoardBlocked,
    BoardUnknown,
    Page,
    PostingGone,
    UnexpectedResponse,
    expect,
    identifier_of,
    load_json,
    load_xml,
    title_of,
    unexpected,
)
from postings import JobPosting, Verdict


def test_json() -> None:
    assert load_json(b'\xef\xbb\xbf{"a": [1]}') == {"a": [1]}


@pytest.mark.parametrize("body", [b"", b" \n", b"\xef\xbb\xbf"])
def test_empty_body_is_not_an_empty_board(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse, match="an empty body"):
        load_json(body)


@pytest.mark.parametrize(
    "page",
    [
        "<html><title>Just a moment</title><div id='cf-challenge'></div></html>",
        "<html>Please verify you are human</html>",
        "<p>Access Denied</p>",
        "\n <!DOCTYPE html><script src='captcha.js'></script>",
        "\ufeff<html>captcha</html>",
        "<html><title>安全验证</title>请完成验证码</html>",
        "<html>访问验证</html>",
    ],
)
def test_access_check_is_a_block(page: str) -> None:
    with pytest.raises(BoardBlocked, match="a captcha or an access check"):
        load_json(page.encode())


@pytest.mark.parametrize("page", ["<html>502 Bad Gateway</html>", "\ufeff<html></html>", "<workzag-jobs/>"])
def test_any_other_page_is_unexpected(page: str) -> None:
    with pytest.raises(UnexpectedResponse, match="HTML page"):
        load_json(page.encode())


@pytest.mark.parametrize("body", [b"Not Found", b'{"jobs": [', b"\xff\xfe\x00", b"\x00" * 9, b"9" * 9999])
def test_other_than_json_is_quoted_in_part(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse, match="expected JSON, got ") as caught:
        load_json(body)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", UnexpectedResponse),
        (b"{}", UnexpectedResponse),
        (b"<html>Hello</html>", UnexpectedResponse),
        (b"<html>Access denied</html>", BoardBlocked),
    ],
)
def test_wrong_response_is_distinguished_from_an_access_check(body: bytes, kind: type[Exception]) -> None:
    assert type(unexpected(body, "a list")) is kind


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000])
def test_json_nested_too_deeply_is_unexpected(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse, match="nested"):
        load_json(body)


def test_half_a_character_is_replaced() -> None:
    # A lone surrogate can be neither stored nor hashed; a pair is one character and stays.
    assert load_json(rb'{"\ud800": ["a\udc00", "\ud83d\ude00"]}') == {"?": ["a?", "😀"]}


def test_xml() -> None:
    response = b'\xef\xbb\xbf\n<?xml version="1.0" encoding="UTF-8"?><jobs><job>a &amp; \xc3\xbc</job></jobs>'
    assert load_xml(response, "jobs").findtext("job") == "a & ü"


def test_character_that_xml_forbids_does_not_lose_the_response() -> None:
    assert load_xml(b"<jobs><job>a\x0b\x00\tb</job></jobs>", "jobs").findtext("job") == "a\tb"


def test_end_tags_in_a_text_are_text() -> None:
    root = load_xml(b"<jobs><job><![CDATA[</job></jobs>]]></job><job/></jobs>", "jobs")
    assert [job.text for job in root] == ["</job></jobs>", None]


@pytest.mark.parametrize("body", [b"", b" \n", b"\xef\xbb\xbf"])
def test_empty_body_is_not_an_empty_feed(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse, match="expected XML, got an empty body"):
        load_xml(body, "jobs")


@pytest.mark.parametrize("page", [b"<!DOCTYPE html><p>Careers</p>", b"<html><body/></html>", b"\n<HTML>\n<br>"])
def test_page_is_not_a_feed(page: bytes) -> None:
    with pytest.raises(UnexpectedResponse, match="expected XML, got an HTML page"):
        load_xml(page, "jobs")


def test_access_check_in_place_of_a_feed_is_a_block() -> None:
    with pytest.raises(BoardBlocked, match="a captcha or an access check"):
        load_xml(b"<!doctype html><form id='captcha'></form>", "jobs")


def test_posting_about_captchas_is_not_a_block() -> None:
    assert load_xml(b"<jobs><job>Write our captcha</job></jobs>", "jobs")[0].text == "Write our captcha"


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"Feed disabled",
        b"<jobs><job>",
        b"<jobs>&nbsp;</jobs>",
        b"<feed></feed>",
        b"<jobs:jobs xmlns:jobs='x'/>",
        b"<?xml version='1.0' encoding='x-none'?><jobs/>",
        b"<?xml version='1.0' encoding='gbk'?><jobs/>",
        b"<!DOCTYPE jobs><jobs/>",
        b"<!DOCTYPE jobs [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><jobs>&b;</jobs>",
        b"<!DOCTYPE jobs [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><jobs>&a;</jobs>",
    ],
)
def test_any_other_xml_is_unexpected(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse, match="XML"):
        load_xml(body, "jobs")


@pytest.mark.parametrize(("value", "kind"), [([], dict), (None, list), ("35", int), (True, int), (1.0, int)])
def test_changed_format_raises(value: object, kind: type[Any]) -> None:
    with pytest.raises(UnexpectedResponse, match=f"jobs is {type(value).__name__}, not {kind.__name__}"):
        expect(value, kind, "jobs")


@pytest.mark.parametrize(("value", "identifier"), [(7995199, "7995199"), (" a-1 ", "a-1"), (0, "0")])
def test_identifiers(value: object, identifier: str) -> None:
    assert identifier_of({"id": value}) == identifier


@pytest.mark.parametrize("value", [None, "", " ", True, 1.5, [], {}])
def test_no_identifier(value: object) -> None:
    with pytest.raises(UnexpectedResponse, match="no id"):
        identifier_of({"id": value})


@pytest.mark.parametrize("value", [None, "", " ", "\u200b", 5, ["x"]])
def test_no_title(value: object) -> None:
    with pytest.raises(UnexpectedResponse, match="no text"):
        title_of({"text": value}, "text")


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (UnexpectedResponse, Verdict.FAILED),
        (PostingGone, Verdict.FAILED),
        (BoardUnknown, Verdict.GONE),
        (BoardBlocked, Verdict.BLOCKED),
    ],
)
def test_each_refusal_has_its_verdict(error: Any, verdict: Verdict) -> None:
    assert error.verdict is verdict


def made(record: Mapping[str, Any]) -> JobPosting:
    return JobPosting(identifier=identifier_of(record), title=record["title"].strip(), url="")


def test_unreadable_record_does_not_lose_others() -> None:
    records = [
        {"id": 1, "title": "a"},
        {"id": 2},
        3,
        None,
        {"title": "b"},
        {"id": 4, "title": 5},
        {"id": 6, "title": "c"},
    ]
    page = Page.of_records(records, made)
    assert [posting.identifier for posting in page.postings] == ["1", "6"]
    assert page.rows == 7
    assert [reason.split(":")[0] for reason in page.unreadable] == [
        "record 2 cannot be read",
        "record None cannot be read",
        "record None cannot be read",
        "record None cannot be read",
        "record 4 cannot be read",
    ]


def test_list_without_any_readable_record_is_unexpected() -> None:
    with pytest.raises(
        UnexpectedResponse, match=r"none of 2 records can be read; record None cannot be read: it is int"
    ):
        Page.of_records([1, 2], made)


def test_empty_list_is_a_page() -> None:
    assert Page.of_records([], made, reported_total=0) == Page(reported_total=0)


def test_unlisted_records_are_kept_by_identifier() -> None:
    page = Page.of_records([{"id": 1, "title": "a"}, {"id": 2}], made, listed=lambda record: "title" in record)
    assert (len(page.postings), page.unlisted, page.rows, page.unreadable) == (1, ("2",), 2, ())


def test_identifier_can_have_another_key() -> None:
    page = Page.of_records([{"Id": 2}, {"Id": None}], made, key="Id", listed=lambda record: False)
    assert (page.unlisted, len(page.unreadable)) == (("2",), 1)


def test_nul_is_dropped() -> None:
    """PostgreSQL cannot hold one, and it means nothing in a posting."""
    assert load_json(rb'{"id": "a\u0000b"}') == {"id": "ab"}


def test_records_may_have_their_identifier_elsewhere() -> None:
    records = [{"code": "a"}, {"code": "b", "hidden": True}, {"code": "c", "title": 5}]

    def posting(record: Mapping[str, Any]) -> JobPosting:
        return JobPosting(identifier=record["code"], title=title_of(record) if "title" in record else "t", url="")

    found = Page.of_records(records, posting, listed=lambda record: "hidden" not in record, key="code")
    assert [one.identifier for one in found.postings] == ["a"]
    assert found.unlisted == ("b",)
    assert found.unreadable == ("record 'c' cannot be read: it has no title (5)",)
