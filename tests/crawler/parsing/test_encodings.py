"""The encoding of a response: stated in a header or a document, wrongly stated, or stated nowhere."""

from __future__ import annotations

import gzip
import json
import time

import pytest

from crawler.parsing.encodings import in_utf8
from crawler.parsing.responses import load_json, load_xml
from crawler.spiders.careers import CareersSpider

TEXTS = {
    "windows-1252": "Ingénieur données – “équipe” à Montréal, 5 €",
    "iso-8859-1": "Ingenieur für Größe und Übermaß in Zürich",
    "gbk": "负责数据标注平台的产品设计与迭代",
    "gb18030": "资深算法工程师（大模型）",
    "big5": "資深工程師 臺北市信義區 負責機器學習平台",
    "shift_jis": "大規模言語モデルを開発する研究者を募集しています",
    "euc-jp": "大規模言語モデルを開発する研究者を募集しています",
    "euc-kr": "데이터 엔지니어를 모집합니다",
    "windows-1251": "Инженер по данным в Москве, опыт работы",
}


def page(text: str, head: str = "") -> str:
    return f"<html><head>{head}<title>Job</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize("charset", TEXTS)
@pytest.mark.parametrize("header", ["text/html; charset={}", "text/html", "", "text/html; charset=utf-8"])
def test_encoding_is_the_stated_one_or_that_of_the_bytes(charset: str, header: str) -> None:
    body = page(TEXTS[charset]).encode(charset)
    assert in_utf8(body, header.format(charset)).decode() == page(TEXTS[charset])


@pytest.mark.parametrize("charset", TEXTS)
@pytest.mark.parametrize("header", ["text/html", "text/html; charset=ISO-8859-1"])
def test_documents_own_declaration_outranks_the_servers_default(charset: str, header: str) -> None:
    text = page(TEXTS[charset], f'<meta charset="{charset}">')
    assert in_utf8(text.encode(charset), header).decode() == text


@pytest.mark.parametrize("charset", TEXTS)
def test_valid_utf8_is_utf8_whatever_is_stated(charset: str) -> None:
    text = page(TEXTS[charset], f'<meta charset="{charset}">')
    assert in_utf8(text.encode(), f"text/html; charset={charset}").decode() == text


def test_short_texts() -> None:
    for charset, text in (("windows-1252", "Mädchen"), ("gb18030", "产品经理"), ("gb18030", "滑动验证页面")):
        assert in_utf8(text.encode(charset)).decode() == text


def test_few_wrong_bytes_do_not_change_the_encoding() -> None:
    body = page("北京的数据工程师，十年经验").encode() + b"\xe5\x8c"
    assert in_utf8(body, "text/html; charset=gbk") == body


def test_what_is_no_text_stays_as_it_is() -> None:
    for body in (gzip.compress("é".encode("cp1252") * 50, mtime=0), b"\x00\xff\x00\xfe" * 20, b"", b"plain"):
        assert in_utf8(body) == body


def test_json_and_xml_in_another_encoding_are_read() -> None:
    text = "资深算法工程师（大模型）"
    assert load_json(in_utf8(json.dumps({"a": text}, ensure_ascii=False).encode("gbk"), "text/json;charset=GBK")) == {
        "a": text
    }
    xml = f'<?xml version="1.0" encoding="GBK"?><a>{text}</a>'
    for body in (xml.encode("gbk"), xml.encode()):
        assert load_xml(in_utf8(body), "a").text == text
    assert load_json(in_utf8(json.dumps({"a": text}).encode("utf-16"))) == {"a": text}


def test_page_whose_declaration_is_no_longer_true_is_read() -> None:
    """Browsers save pages in UTF-8 and leave the declaration as it was."""
    data = json.dumps({"@type": "JobPosting", "title": "研究员", "url": "https://a.example/1"}, ensure_ascii=False)
    saved = f'<html><head><meta charset="gb2312"><script type="application/ld+json">{data}</script></head></html>'
    for body in (saved.encode(), saved.encode("gbk")):
        assert [found.title for found in CareersSpider.read(body).postings] == ["研究员"]


@pytest.mark.parametrize(
    "body",
    [
        b"1" * 10**6 + b"\xe9",
        b"<" * 10**6 + b"\xe9",
        b"\xe9" * 10**6,
        b"\xb1\xb1" * 500_000 + b"\xe9",
        b"\xb1a" * 500_000,
        b"\xe9\n" * 500_000,
        b"\xd7\x90" * 500_000,
        "\u202e".encode() * 300_000 + b"\xe9",
        b"<?xml " + b"encoding=" * 110_000 + b"\xe9",
    ],
    ids=["digits", "brackets", "letters", "pairs", "mixed", "lines", "hebrew", "marks", "declarations"],
)
def test_hostile_input_takes_linear_time(body: bytes) -> None:
    start = time.perf_counter()
    in_utf8(body, "text/html")
    assert time.perf_counter() - start < 2
