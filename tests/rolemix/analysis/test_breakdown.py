"""Open postings by what they state, against a plain count over the simulator's truth."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scipy.stats import beta
from sqlalchemy import text

import rolemix as library
from classifier.model.tagger import Tagger
from postings.errors import RolemixError
from postings.facts import FACT_KINDS
from postings.store import Store, queries
from rolemix.analysis.breakdown import Breakdown, break_down, jeffreys
from rolemix.analysis.pay_bands import PayBands, PayIn
from rolemix.tagging.facts import read_new
from tests.rolemix.conftest import PARTIAL_AT_FIRST, History, Rolemix

FENWRIGHT = "https://job-boards.greenhouse.io/fenwrightlabs"
CITIES = {"san-francisco": "San Francisco", "new-york": "New York City", "london": "London"}


@pytest.fixture(scope="module")
def read(history: History) -> History:
    with Store.open(history.path) as store:
        read_new(store)
        assert read_new(store) == 0
    return history


def broken_down(read: History, tagger: Tagger, by: str, *companies: str, **how: object) -> Breakdown:
    with Store.open(read.path) as store:
        return break_down(store, tagger.info, companies, by=by, against=timedelta(days=6), **how)  # type: ignore[arg-type]


def test_counts_equal_the_truth(read: History, tagger: Tagger) -> None:
    [company] = broken_down(read, tagger, "city", "Fenwright Labs").companies

    def truth(day: int) -> Counter[str]:
        listed = read.truth(FENWRIGHT, day)
        rows = (posting for posting in read.world.rows(FENWRIGHT, day) if posting.identifier in listed)
        return Counter(CITIES[place] for posting in rows for place in posting.places)

    assert {one.value: one.count for one in company.counts} == truth(6)
    assert {one.value: one.count_before for one in company.counts} == truth(0)
    assert (company.open, company.open_before) == tuple(len(read.truth(FENWRIGHT, day)) for day in (6, 0))
    assert 0 < company.stated <= company.open


def test_an_earlier_day_that_is_not_known_is_the_oldest_that_is(read: History, tagger: Tagger) -> None:
    result = broken_down(read, tagger, "country")
    for company in result.companies:
        partial = any(board.url == PARTIAL_AT_FIRST for board in company.boards)
        assert (company.before is not None) >= partial
        assert company.open_before is not None
        rows = [row for row in result.rows() if row["company"] == company.company]
        assert {row["before"] for row in rows} == {(company.before or result.before).isoformat()}


def test_focuses_and_roles_of_a_value_add_up(read: History, tagger: Tagger) -> None:
    result = broken_down(read, tagger, "technology")
    for company in result.companies:
        for one in company.counts:
            assert sum(one.focuses.values()) == sum(one.roles.values()) == one.count
            assert set(one.focuses) <= set(result.focuses)
            assert one.low <= one.share <= one.high


def test_what_a_view_says_is_what_the_breakdown_says(read: History, tagger: Tagger) -> None:
    question = "SELECT value, count(*) FROM facts JOIN open_postings USING (board, posting) WHERE kind = 'technology'"
    with Store.open(read.path) as store, store.read() as connection:
        asked = connection.execute(text(f"{question} AND facts.company = 'Fenwright Labs' GROUP BY value")).all()
    [company] = broken_down(read, tagger, "technology", "Fenwright Labs").companies
    assert dict(map(tuple, asked)) == {one.value: one.count for one in company.counts if one.count}


def test_pay_is_in_bands_from_the_lowest_at_a_dated_rate(read: History, tagger: Tagger) -> None:
    result = broken_down(read, tagger, "pay", pay=PayIn("EUR"))
    assert result.note is not None
    assert "1 USD = " in result.note
    assert " EUR on 2026-03-" in result.note
    for company in result.companies:
        lows = [float(one.value.split()[0].replace(",", "")) for one in company.counts if " to " in one.value]
        assert lows == sorted(lows)
        amounts = [" to " in one.value for one in company.counts]
        assert amounts == sorted(amounts, reverse=True)


def test_a_day_without_rates_is_said(read: History, tagger: Tagger) -> None:
    with Store.open(read.path) as store, store.read() as connection:
        tags = list(queries.stream_open_tags(connection, tagger.model, facts=True))
    bands = PayBands(PayIn("CHF"), datetime(1998, 1, 1, tzinfo=UTC).date())
    assert {band for tag in tags for band in bands(tag) if "by the year" not in band} == {
        f"in {code}, without a rate" for code in ("CAD", "CNY", "EUR", "GBP", "USD")
    }
    assert "no rate within 10 days of 1998-01-01 for CAD, CNY, EUR, GBP, USD" in bands.note


def test_a_currency_without_rates_and_a_fact_that_is_none_are_refused(read: History, rolemix: Rolemix) -> None:
    result = rolemix("report", "--db", read.path, "--by", "pay", "--currency", "XYZ")
    assert (result.code, result.out) == (1, "")
    assert "no rate of XYZ" in result.sentence
    result = rolemix("report", "--db", read.path, "--by", "shoe-size")
    assert result.code == 1
    assert "choose one of role, day" in result.sentence


@pytest.mark.parametrize(("count", "of"), [(0, 10), (1, 10), (5, 10), (10, 10), (300, 1000)])
def test_the_interval_is_that_of_jeffreys(count: int, of: int) -> None:
    posterior = beta(count + 0.5, of - count + 0.5)
    expected = (posterior.ppf(0.025) if count else 0.0, posterior.ppf(0.975) if count < of else 1.0)
    assert jeffreys(count, of) == pytest.approx(expected)


def test_every_format_holds_the_same(read: History, tagger: Tagger, rolemix: Rolemix) -> None:
    arguments = ("report", "--db", read.path, "--by", "intake", "--days", "6")
    result = broken_down(read, tagger, "intake")
    rows = list(csv.DictReader(io.StringIO(rolemix(*arguments, "--format", "csv").out)))
    assert [(row["company"], row["value"], int(row["count"])) for row in rows] == [
        (row["company"], row["value"], row["count"]) for row in result.rows()
    ]
    assert json.loads(rolemix(*arguments, "--format", "json").out) == json.loads(json.dumps(result.to_dict()))
    table, markdown = (rolemix(*arguments, "--format", form).out for form in ("table", "md"))
    for row in result.rows():
        assert row["value"] in table
        assert row["value"] in markdown


def test_the_library_returns_a_frame(read: History) -> None:
    with library.open_store(read.path) as store:
        frame = library.breakdown(store, by="seniority", against=timedelta(days=6)).frame()
        with pytest.raises(RolemixError, match="no fact 'rank'"):
            library.breakdown(store, by="rank")
    assert list(frame.columns[:6]) == ["company", "at", "before", "by", "value", "count"]
    assert set(frame["by"]) == {"seniority"}
    assert (frame["count"] > 0).any()


DOCUMENT = (Path(__file__).resolve().parents[3] / "docs/sql.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("question", re.findall(r"```sql\n(.*?)```", DOCUMENT, re.DOTALL))
def test_the_questions_of_the_document_have_answers(read: History, question: str) -> None:
    with Store.open(read.path) as store, store.read() as connection:
        rows = connection.execute(text(question.replace("2026-03-10", "2026-03-04"))).all()
    assert len(rows) > 1 or "Ascend" in question


def test_the_document_has_every_kind_of_fact() -> None:
    documented = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", DOCUMENT.partition("## Facts")[2], re.MULTILINE))
    assert documented == FACT_KINDS
