"""What moved at a company: shares, growth, firsts, evidence, and what is not known."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from classifier.model.tagger import Tagger
from postings.store import Store
from rolemix.analysis.changes import Event, read_changes
from rolemix.analysis.openings import NothingToReport
from rolemix.analysis.shifts import CompanyShifts, company_shifts
from rolemix.collecting.histories import ingest_history
from rolemix.publishing.sentences import Language, sentences
from rolemix.tagging.facts import read_new
from rolemix.tagging.retag import tag_new
from tests.rolemix.conftest import Rolemix

START = datetime(2026, 1, 5, tzinfo=UTC)
TOPICS = [
    f"{field} {what}"
    for field in ("Language", "Vision", "Speech", "Reasoning", "Planning", "Code")
    for what in ("Models", "Agents", "Search", "Tutors", "Robots", "Maps", "Games", "Voices", "Tools", "Worlds")
]
RESEARCH = [f"Research Scientist, {topic}" for topic in TOPICS]
PRODUCT = [f"AI Product Manager, {topic}" for topic in TOPICS]


def history(tmp_path: Path, weeks: dict[int, list[str]], **of_last: str) -> Path:
    """A recorded history of what was open in some weeks, with one posting of more values in the last."""
    rows: list[dict[str, Any]] = []
    for week, titles in weeks.items():
        day = (START + timedelta(weeks=week)).date().isoformat()
        for title in titles:
            url = f"https://lanternfish.example/{title.rpartition(' ')[2]}"
            rows.append({"date": day, "company": "Lanternfish", "id": title, "title": title, "url": url})
    rows[-1] |= of_last
    path = tmp_path / "lanternfish.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def read(tmp_path: Path, tagger: Tagger, weeks: dict[int, list[str]], **of_last: str) -> Store:
    store = Store.open(tmp_path / "rolemix.db")
    ingest_history(store, history(tmp_path, weeks, **of_last))
    tag_new(store, tagger)
    read_new(store)
    return store


def turning(weeks: int = 20) -> dict[int, list[str]]:
    """A lab that becomes a product company: each week two researchers' openings close and two product ones open."""
    return {week: RESEARCH[2 * week : 60] + PRODUCT[: 2 * week] for week in range(weeks)}


@pytest.fixture
def turned(tmp_path: Path, tagger: Tagger) -> CompanyShifts:
    with read(tmp_path, tagger, turning(), location="Ulanqab", description="You work with Ascend chips.") as store:
        [found] = company_shifts(store, tagger.info, since=START + timedelta(days=1))
    return found


def test_a_lab_that_becomes_a_product_company(turned: CompanyShifts) -> None:
    by_name = {shift.name: shift for shift in turned.shifts}
    product = by_name["product"]
    assert product.moved
    assert product.now - product.before > 0.4
    assert product.low > 0
    assert by_name["research"].moved
    assert by_name["research"].high < 0
    assert (turned.open_before, turned.open) == (60, 60)
    assert turned.opened == turned.closed
    assert len(product.evidence) == 3
    assert all(evidence.title.startswith("AI Product") and evidence.url for evidence in product.evidence)
    growth = {(one.level, one.name): one for one in turned.growth}
    assert growth["focus", "research"].ratio == pytest.approx(
        growth["focus", "research"].count / growth["focus", "research"].count_before
    )
    assert growth["focus", "research"].high < 1  # type: ignore[operator]


def test_firsts_tell_how_long_and_with_how_many_postings_they_were_missing(turned: CompanyShifts) -> None:
    firsts = {(first.kind, first.value): first for first in turned.firsts}
    assert ("role", "product-management") not in firsts, "it came in the first four weeks"
    ascend = firsts["technology", "Ascend"]
    assert (ascend.look_back, ascend.compared_with) == (133, 96)
    assert ascend.evidence[0].opened == (START + timedelta(weeks=19)).date()
    assert ("city", "Ulanqab") in firsts


def test_a_company_that_does_not_change_has_no_shift_and_a_power(tmp_path: Path, tagger: Tagger) -> None:
    same = {week: RESEARCH[week : week + 20] + PRODUCT[week : week + 20] for week in range(20)}
    with read(tmp_path, tagger, same) as store:
        [found] = company_shifts(store, tagger.info)
    assert not any(shift.moved for shift in found.shifts)
    told = list(sentences(found, tagger.info.taxonomy))
    assert "No share moved beyond the noise" in told[1]
    assert "times in 100" in told[1]


def test_the_share_that_comes_nearest_is_named(turned: CompanyShifts, tagger: Tagger) -> None:
    """One that would have moved, were it the only one looked at."""
    shifts = tuple(dataclasses.replace(shift, moved=False, p=0.2) for shift in turned.shifts)
    found = dataclasses.replace(turned, shifts=shifts)
    told = {language: list(sentences(found, tagger.info.taxonomy, language))[1] for language in Language}
    product = next(shift for shift in shifts if shift.name == "product")
    points = (
        f"({100 * product.low:+.0f} … {100 * product.high:+.0f} points by itself, p = 0.200 among all {len(shifts)})"
    )
    assert f" Nearest is product: {product.before:.0%} → {product.now:.0%} {points}." in told[Language.EN]
    assert "最接近的是产品" in told[Language.ZH]
    none = tuple(dataclasses.replace(shift, low=-0.1, high=0.1) for shift in shifts)
    assert "Nearest" not in list(sentences(dataclasses.replace(found, shifts=none), tagger.info.taxonomy))[1]


def test_a_board_that_stopped_being_readable_is_not_one_that_stopped_hiring(tmp_path: Path, tagger: Tagger) -> None:
    weeks = dict.fromkeys(range(12), RESEARCH[:20])
    with read(tmp_path, tagger, weeks) as store:
        [found] = company_shifts(store, tagger.info, until=START + timedelta(weeks=20))
        told = {language: list(sentences(found, tagger.info.taxonomy, language)) for language in Language}
    assert (found.open, found.closed) == (20, 0)
    assert found.known_until == START + timedelta(weeks=11, hours=12)
    assert told[Language.EN][0] == "Lanternfish: not known since 2026-03-23, when 20 postings were open."
    assert "2026-03-23 之后的情况未知" in told[Language.ZH][0]
    assert not any("beyond the noise" in sentence for sentence in told[Language.EN])
    assert any("was last seen whole on 2026-03-23" in one.en for one in found.unknown)
    assert "does not mean that nobody is hired" in found.unknown[-1].en


def test_a_company_that_is_known_for_less_says_so(tmp_path: Path, tagger: Tagger) -> None:
    with read(tmp_path, tagger, turning(3)) as store:
        [found] = company_shifts(store, tagger.info)
        assert found.since.date() == START.date()
        assert "known from 2026-01-05 on" in found.unknown[0].en
        with pytest.raises(NothingToReport, match="is not before"):
            company_shifts(store, tagger.info, since=START + timedelta(weeks=9))
        [one_day] = company_shifts(store, tagger.info, until=START + timedelta(hours=12))
        assert one_day.shifts == ()
        assert "nothing can be compared" in one_day.unknown[0].en


def test_sentences_are_the_figures_in_both_languages(turned: CompanyShifts, tagger: Tagger) -> None:
    english, chinese = (list(sentences(turned, tagger.info.taxonomy, language)) for language in Language)
    assert len(english) == len(chinese)
    assert english[0].startswith("Lanternfish: 60 open on 2026-01-06, 60 on 2026-05-18")
    product = next(shift for shift in turned.shifts if shift.name == "product")
    figures = f"{product.before:.0%} → {product.now:.0%}"
    assert any(figures in sentence and "product" in sentence for sentence in english)
    assert any(figures in sentence and "产品" in sentence for sentence in chinese)
    assert list(sentences(turned, tagger.info.taxonomy)) == english


def test_the_command_in_every_format(turned: CompanyShifts, tmp_path: Path, rolemix: Rolemix) -> None:
    arguments = ("shifts", "lanternfish", "--db", tmp_path / "rolemix.db", "--since", "2026-01-06")
    table = rolemix(*arguments)
    assert table.code == 0, table.err
    assert "The share of product rose" in table.out
    assert "https://lanternfish.example/" in table.out
    printed = json.loads(rolemix(*arguments, "--format", "json", "--lang", "zh").out)
    assert any("产品占比上升" in sentence for sentence in printed["companies"][0]["sentences"])
    rows = list(csv.DictReader(io.StringIO(rolemix(*arguments, "--format", "csv").out)))
    assert {row["level"] for row in rows} == {"focus", "role"}
    assert len(rows) == len(turned.shifts)
    assert "## Lanternfish" in rolemix(*arguments, "--format", "md").out
    assert "choose en or zh" in rolemix(*arguments, "--lang", "fr").sentence


def test_who_looks_every_week_is_told_the_level_and_alarmed_less(
    turned: CompanyShifts, tmp_path: Path, rolemix: Rolemix
) -> None:
    arguments = ("shifts", "lanternfish", "--db", tmp_path / "rolemix.db", "--since", "2026-01-06")
    once, weekly = (
        json.loads(rolemix(*arguments, "--format", "json", *more).out)
        for more in ((), ("--until", "2026-01-26", "--weekly"))
    )
    assert "p is at most 0.05" in once["method"]
    assert "p is at most 0.00096" in weekly["method"]
    assert "52 weekly looks" in weekly["method"]
    [company] = weekly["companies"]
    assert company["significance"] == pytest.approx(0.05 * 7 / 365)
    between = [shift for shift in company["shifts"] if 0.001 < shift["p"] <= 0.05]
    assert between, "the fixture has shifts that one look finds"
    assert not any(shift["moved"] for shift in between)
    assert "p 不超过 0.00096" in rolemix(*arguments, "--weekly", "--lang", "zh").out.replace("\n", "")


# Changes


def events(tmp_path: Path, tagger: Tagger, weeks: dict[int, list[str]], rename: dict[str, str]) -> list[Event]:
    path = history(tmp_path, weeks)
    text = path.read_text("utf-8")
    for old, new in rename.items():
        text = text.replace(f'"id": "{old}"', f'"id": "{new}"', 1)
    path.write_text(text, "utf-8")
    with Store.open(tmp_path / "changes.db") as store:
        ingest_history(store, path)
        tag_new(store, tagger)
        return read_changes(store, tagger.info, since=START - timedelta(days=1))


def test_changes_are_what_happened_and_nothing_more(tmp_path: Path, tagger: Tagger) -> None:
    weeks = {0: RESEARCH[:6], 1: RESEARCH[1:7], 2: [*RESEARCH[:1], *RESEARCH[2:7]]}
    found = [(one.event, one.title) for one in events(tmp_path, tagger, weeks, {})]
    assert found == [
        ("closed", RESEARCH[1]),
        ("reopened", RESEARCH[0]),
        ("closed", RESEARCH[0]),
        ("opened", RESEARCH[6]),
    ]


def test_a_repost_is_one_event(tmp_path: Path, tagger: Tagger) -> None:
    weeks = {0: RESEARCH[:6], 1: RESEARCH[:6]}
    [found] = events(tmp_path, tagger, weeks, {RESEARCH[3]: "old id"})
    assert (found.event, found.title, found.other) == ("reposted", RESEARCH[3], "old id")
    assert found.role is not None


def test_the_command_prints_changes(turned: CompanyShifts, tmp_path: Path, rolemix: Rolemix) -> None:
    arguments = ("changes", "--db", tmp_path / "rolemix.db")
    table = rolemix(*arguments)
    assert table.code == 0, table.err
    assert "2 closed, 2 opened" in table.out
    rows = json.loads(rolemix(*arguments, "--since", "2026-05-04", "--format", "json").out)
    assert len(rows) == 8
    assert rows[0]["url"].startswith("https://")
    assert "is not before" in rolemix(*arguments, "--since", "2026-06-01").sentence
