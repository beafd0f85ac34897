"""Boards' clocks: with their zone, or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postings.facts.dates import BEIJING, day, epoch_ms, iso, relative, rfc_822


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2026-06-25T14:23:06", "2026-06-25T14:23:06+08:00"),
        ("2026-06-25T00:00", "2026-06-25T00:00:00+08:00"),
        ("2026-01-21T07:20:03.000Z", "2026-01-21T07:20:03+00:00"),
        ("2026-06-08T20:49:32-04:00", "2026-06-08T20:49:32-04:00"),
        (" 2025-08-25T20:13:34.942+00:00 ", "2025-08-25T20:13:34.942000+00:00"),
        ("2026-01-31", "2026-01-31"),
    ],
)
def test_iso(value: str, read: str) -> None:
    moment = iso(value, zone=BEIJING)
    assert moment is not None
    assert moment.isoformat() == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2026/08/01", "2026-08-01"),
        ("2026.11.5", "2026-11-05"),
        ("2026年8月1日", "2026-08-01"),
        ("20260131", "2026-01-31"),
        ("05/13/2024", "2024-05-13"),
        ("13/05/2024", "2024-05-13"),
        ("13.05.2024", "2024-05-13"),
        ("05/05/2024", "2024-05-05"),
        ("May 13, 2024", "2024-05-13"),
        ("13 May 2024", "2024-05-13"),
        ("13. Mai 2024", "2024-05-13"),
        ("2026-06-30T00:00:00", "2026-06-30"),
        ("2026-06-30T00:00:00.000", "2026-06-30"),
    ],
)
def test_days_written_out(value: str, read: str) -> None:
    found = iso(value)
    assert type(found) is date
    assert found.isoformat() == read


@pytest.mark.parametrize(
    "value", ["05/06/2024", "2026-02-30", "13/13/2024", "May 2024", "May 13", "since May 13, 2024", "20261331"]
)
def test_what_is_no_day_or_could_be_two(value: str) -> None:
    assert iso(value) is None


def test_a_bare_date_stays_a_date() -> None:
    assert type(iso("2026-01-31", zone=BEIJING)) is date


def test_a_naive_time_without_a_zone_is_not_read() -> None:
    assert iso("2026-06-25T14:23:06") is None


@pytest.mark.parametrize(
    "value",
    [None, "", "soon", "今天 09:15", 1553186035299, True, [], "0001-01-01T00:00:00", "1970-01-01T00:00:00Z",
     "9999-12-31T23:59:59Z", "9999-12-31", "2026-13-01", "2026-06-25T25:00:00Z"],
)  # fmt: skip
def test_no_date(value: object) -> None:
    assert iso(value, zone=BEIJING) is None


def test_milliseconds() -> None:
    moment = epoch_ms(1553186035299)
    assert moment is not None
    assert moment.isoformat() == "2019-03-21T16:33:55.299000+00:00"


@pytest.mark.parametrize("value", [None, True, "1553186035299", 1553186035299.5, 1553186035, 0, -1, 10**30, -(10**30)])
def test_no_milliseconds(value: object) -> None:
    assert epoch_ms(value) is None


@given(st.text() | st.integers() | st.none() | st.booleans())
def test_nothing_raises(value: object) -> None:
    iso(value, zone=BEIJING)
    epoch_ms(value)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("Mon, 06 Jul 2026 08:58:57 +0200", "2026-07-06T08:58:57+02:00"),
        (" 23 Apr 2026 12:41:59 GMT ", "2026-04-23T12:41:59+00:00"),
    ],
)
def test_a_feeds_date(value: str, read: str) -> None:
    moment = rfc_822(value)
    assert moment is not None
    assert moment.isoformat() == read


@pytest.mark.parametrize(
    "value",
    [None, "", 5, "soon", "2026-07-06", "Mon, 06 Jul 2026 08:58:57 -0000", "Mon, 06 Jul 2026 08:58:57",
     "Fri, 31 Dec 9999 00:00:00 +0000", "Mon, 06 Jul 2026 08:58:57 +9999999999999999999",
     "Mon, 36 Jul 2026 08:58:57 +0200", "Mon, 06 Jul 2026 08:58:57 +9999"],
)  # fmt: skip
def test_no_feeds_date(value: object) -> None:
    assert rfc_822(value) is None


@given(st.text())
def test_any_text_is_a_feeds_date_or_none(text: str) -> None:
    rfc_822(text)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("今天 09:15", "2026-03-02T09:15:00+08:00"),
        ("今天", "2026-03-02"),
        ("昨天 23:59", "2026-03-01T23:59:00+08:00"),
        ("前天", "2026-02-28"),
        ("3天前", "2026-02-27"),
        ("3日前发布", "2026-02-27"),
        ("2 小时前", "2026-03-02"),
        ("16小时前", "2026-03-01"),
        ("5分钟前更新", "2026-03-02"),
        ("刚刚", "2026-03-02"),
        ("10:23发布", "2026-03-02T10:23:00+08:00"),
        ("今天 25:00", "2026-03-02"),
        ("1周前", "2026-02-23"),
        ("2週前", "2026-02-16"),
        ("03-01", "2026-03-01"),
        ("12-31", "2025-12-31"),
        ("2 days ago", "2026-02-28"),
        ("Posted 1 day ago", "2026-03-01"),
        ("3 weeks ago", "2026-02-09"),
        ("5 hours ago", "2026-03-02"),
        ("8 hours ago", "2026-03-01"),
        ("yesterday", "2026-03-01"),
        ("vor 3 Tagen", "2026-02-27"),
        ("vor 1 Woche", "2026-02-23"),
        ("Heute", "2026-03-02"),
        ("Gestern", "2026-03-01"),
        ("Hoy", "2026-03-02"),
        ("hace 4 días", "2026-02-26"),
        ("il y a 2 jours", "2026-02-28"),
    ],
)
def test_relative(words: str, read: str) -> None:
    found = relative(words, datetime(2026, 3, 2, 6, tzinfo=UTC))
    assert found is not None
    assert found.isoformat() == read


def test_a_relative_date_is_of_the_day_in_beijing() -> None:
    late = relative("今天 00:10", datetime(2026, 3, 1, 16, 30, tzinfo=UTC))
    assert late is not None
    assert late.isoformat() == "2026-03-02T00:10:00+08:00"


@pytest.mark.parametrize(
    "words",
    [
        None,
        "",
        "2018-08-24",
        "发布",
        "天前",
        "1 month ago",
        "今天 09:15 左右",
        "下午",
        "30+ days ago",
        "半年前",
        "本周",
        "vor 2 Monaten",
        "02-30",
        "13-01",
        "2 ago",
        "days ago",
    ],
)
def test_other_words_are_no_relative_date(words: str | None) -> None:
    assert relative(words, datetime(2026, 3, 2, 6, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("moment", "read"),
    [
        ("2026-07-13T00:00:00+00:00", "2026-07-13"),
        ("2026-07-13T08:00:00+08:00", "2026-07-13"),
        ("2026-07-13T00:00:00+08:00", "2026-07-13T00:00:00+08:00"),
        ("2026-07-13T00:00:01+00:00", "2026-07-13T00:00:01+00:00"),
    ],
)
def test_midnight_in_utc_is_a_day_without_a_time(moment: str, read: str) -> None:
    found = day(datetime.fromisoformat(moment))
    assert found is not None
    assert found.isoformat() == read


def test_no_moment_is_no_day() -> None:
    assert day(None) is None
