"""Markup to text, without contact data and control characters, in linear time."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from postings.text import (
    _EMAIL,
    _MESSENGER,
    _PHONE,
    _UNPRINTABLE,
    clean_text,
    joined,
    mask_contacts,
    one_line,
    plain_text,
    tidy,
    web_address,
    words,
)
from tests.postings.hostile import assert_linear_time

TAGS = ["p", "div", "b", "i", "li", "ul", "ol", "br", "h3", "table", "tr", "td", "span", "a"]
pieces = st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]) | st.sampled_from(
    ["GPU", "研究员", " ", "\n", "&amp;", "&nbsp;", "1.", "<!-- -->", "<a href='x'>", "<p class=a>"]
)


@given(st.lists(pieces, max_size=30).map("".join))
def test_no_tag_is_left(markup: str) -> None:
    assert not {"<", ">"} & set(plain_text(markup))


@given(st.text())
@example("<p>\ud800</p>")
@example("<![CDATA[")
@example("<?xml version='1.0' encoding='utf-8'?><p>x</p>")
@example("<table><td colspan=99999999999><td rowspan=x>")
@example("<ol start=x><li value=y>")
@example("&#xD800;&#0;&#99999999999;<p>")
def test_anything_is_read_without_an_exception(markup: str) -> None:
    text = plain_text(markup)
    assert text == text.strip()
    text.encode()


@given(st.text("ab&;<>#38ltgamp"))
def test_escaped_text_is_decoded_exactly_once(text: str) -> None:
    assert plain_text(f"<p>{html.escape(text)}</p>") == text


@given(st.text(st.characters(exclude_characters="<&", exclude_categories=["Cs"])))
def test_plain_text_is_not_changed_a_second_time(text: str) -> None:
    once = plain_text(text)
    assert plain_text(once) == once
    assert clean_text(once) == once


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<p>a <b>b</b>c</p>", "a bc"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>a</li><li>b</li></ul>", "• a\n• b"),
        ("<div><li>a</li><li>b</li></div>", "• a\n• b"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<p><br></p>", ""),
        ("", ""),
        (None, ""),
        ("<script>alert(1)</script><style>p{}</style><p>x</p>", "x"),
        ("<p>R&amp;D&nbsp;&lt;10 ms</p>", "R&D <10 ms"),
        ("<p>write &amp;lt;b&amp;gt;</p>", "write &lt;b&gt;"),
        ("R&amp;D\n2. second line", "R&D\n2. second line"),
        ("latency < 10 ms & more\nnext", "latency < 10 ms & more\nnext"),
        ("熟悉 List<T>、Vec<u8>\n或 map<string, int>", "熟悉 List<T>、Vec<u8>\n或 map<string, int>"),
        ("R&amp;D, List<T>", "R&D, List<T>"),
        ("a<BR>b", "a\nb"),
        ("<o:p>a</o:p>", "a"),
        ("<my-list>a</my-list>", "a"),
        ("<html><body><p>a</p></body></html><p>b</p>", "a\n\nb"),
        ("<p>a</p></div></div><p>b</p>", "a\n\nb"),
        ("<p>\ud800abc</p>", "abc"),
        ("<p>a\u202eb\u200bc\u00add</p>", "abcd"),
        ("<p>hr@example.com</p>", "[e-mail]"),
    ],
)
def test_markup_as_a_reader_sees_it(markup: str | None, text: str) -> None:
    assert plain_text(markup) == text


def test_text_that_is_plain_already_keeps_its_lines_and_entities() -> None:
    assert clean_text("R&D\n\n\n\n a &lt; b \r\nc") == "R&D\n\na &lt; b\nc"


def test_tidy_trims_lines_and_folds_blanks() -> None:
    assert tidy(" a  b\t\n\n\n\n c\x1b[31m\x00 ") == "a b\n\nc[31m"


def test_one_line_decodes_once_folds_and_masks() -> None:
    assert one_line("  R&amp;D\r\nLead &amp;amp; ring 13800138000 ") == "R&D Lead &amp; ring [phone]"


@pytest.mark.parametrize("value", [None, 5, True, [], {}, "", "  ", "\u200b"])
def test_words_of_a_field_without_text(value: object) -> None:
    assert words(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "/jobs/1",
        "",
        None,
        7,
        "https://",
        "https://a b",
        "http://[",
        "https://a\n.b",
    ],
)
def test_no_web_address(value: object) -> None:
    assert web_address(value) == ""


def test_a_web_address_stays_as_it_is() -> None:
    assert web_address("https://jobs.example/a?gh_jid=1#/job/2") == "https://jobs.example/a?gh_jid=1#/job/2"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mail hr.jobs+ai@mail.example.com now", "mail [e-mail] now"),
        ("简历投递至hr@example.com，谢谢", "简历投递至[e-mail]，谢谢"),
        ("hr＠example.com", "[e-mail]"),
        ("hr@müller.de", "[e-mail]"),
        ("联系电话13812345678微信同号", "联系电话[phone]微信同号"),
        ("手机：138 1234 5678", "手机：[phone]"),
        ("+86 138-1234-5678", "[phone]"),
        ("座机 010-62345678", "座机 [phone]"),
        ("(010) 62345678", "[phone]"),
        ("call +1 (415) 555-0123", "call [phone]"),
        ("call 415-555-0123.", "call [phone]."),
        ("+49 30 12345678", "[phone]"),
        ("微信：zhang_hr01", "微信：[contact]"),
        ("WeChat ID: zhang_hr01", "WeChat ID: [contact]"),
        ("QQ群：123456789", "QQ群：[contact]"),
    ],
)
def test_contact_data_is_masked(text: str, masked: str) -> None:
    assert mask_contacts(text) == masked


CONTACT_PIECES = [
    *(
        "hr",
        "@",
        "＠",
        "example.com",
        "müller.de",
        "微信",
        "WeChat",
        "weixin",
        "WEİXIN",
        "weixın",
        "QQ",
        "号",
        "群",
        "id",
    ),
    *(":", "：", "zhang_hr01", "+", "86", "+1", "138", "1381", "2345", "010", "62345678", "415", "555", "0123", "1"),
    *("(010)", "(415)", "(30)", "١٢٣٤", "-", ".", " ", "\n", "\u00a0", "\x1c", "，", "a"),
]
contacts = st.lists(st.sampled_from(CONTACT_PIECES) | st.characters(), max_size=14).map("".join)


@settings(max_examples=1000)
@given(contacts)
@example("WEİXIN：zhang_hr01")
@example("weixın: zhang_hr01")
@example("+1 (2) 3.4-5 6 7 8")
def test_masking_tries_each_pattern_where_it_could_match(text: str) -> None:
    masked = _MESSENGER.sub(r"\1[contact]", _EMAIL.sub("[e-mail]", text))
    assert mask_contacts(text) == _PHONE.sub("[phone]", masked)


@given(st.from_regex(_PHONE) | st.from_regex(_EMAIL) | st.from_regex(_MESSENGER))
def test_contact_data_of_any_form_is_masked(text: str) -> None:
    assert mask_contacts(text) != text


@given(contacts)
def test_tidying_by_words_is_folding_white_space(text: str) -> None:
    lines = (re.sub(r"[^\S\n]+", " ", _UNPRINTABLE.sub("", line)).strip() for line in text.splitlines())
    assert tidy(text) == re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


@given(contacts)
@example("a\x1fb &amp;\u3000c")
def test_putting_on_one_line_is_tidying_and_folding(text: str) -> None:
    assert one_line(text) == mask_contacts(" ".join(tidy(html.unescape(text)).split()))


@pytest.mark.parametrize(
    "text",
    [
        "A100 80GB",
        "H100-80GB-SXM5",
        "GB200 NVL72",
        "2024-2025",
        "2026-11-22",
        "180000-250000",
        "$180,000 – $250,000",
        "40-90K·14薪",
        "10,000-15,000 GPUs",
        "100-200-3000 tokens",
        "CUDA 12.4.1",
        "10.0.0.1",
        "3.14159265358979",
        "ISO 27001:2022",
        "5183053008",
        "1524644586897547264",
        "7dcd6fde-84f1-4deb-890c-f1f275df0efc",
        "7x24, 401(k)",
        "@team @all",
        "微信支付团队",
    ],
)
def test_other_text_is_not_masked(text: str) -> None:
    assert mask_contacts(text) == text
    assert plain_text(text) == text


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "a.",
        "1 ",
        "@",
        "a@",
        "a@1.",
        "+1 ",
        "(415) ",
        "微信",
        "微信 ",
        "微信" + " " * 50,
        "QQ:",
        "<",
        "&",
        "\n",
        " ",
        "\u202e",
    ],
)
def test_hostile_text_is_read_in_linear_time(unit: str) -> None:
    assert_linear_time(unit, mask_contacts, plain_text, one_line)


def test_words_of_several_fields_are_joined_once_each() -> None:
    assert joined(" Research &amp; more ", None, 7, "", "Vision", "Vision") == "Research & more / Vision"
    assert joined(None, "") is None


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Guard the gate.&amp;#xa;&amp;#xa;R&amp;amp;D, Q&amp;amp;A.</p>", "Guard the gate.\n\nR&D, Q&A."),
        ("<p>you&amp;rsquo;ll&amp;nbsp;see</p>", "you’ll see"),
        ("<div>&lt;p&gt;One &amp;amp; two&lt;/p&gt;&lt;p&gt;three&lt;/p&gt;</div>", "One & two\n\nthree"),
        ("<div>&amp;lt;p&amp;gt;One&amp;lt;/p&amp;gt;</div>", "One"),
        (f"<p>{'Guard the gate. ' * 7}R&amp;amp;D</p>", f"{'Guard the gate. ' * 7}R&D"),
        # What is meant as it stands.
        ("R&amp;amp;D", "R&amp;D"),
        ("<p>R&amp;D, and &amp;amp; in HTML</p>", "R&D, and &amp; in HTML"),
        ("<p>in HTML &amp;lt;b&amp;gt; is bold</p>", "in HTML &lt;b&gt; is bold"),
        ("<p>List&lt;T&gt;, &lt;b&gt;</p>", "List<T>, <b>"),
        ("<p>?a=1&amp;b=2;</p>", "?a=1&b=2;"),
    ],
)
def test_what_was_escaped_once_too_often_is_read_as_it_was_meant(markup: str, text: str) -> None:
    assert plain_text(markup) == text
