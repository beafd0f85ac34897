"""Answers to every claim about DeepSeek on simulated labs of which the truth is known, and on boards with gaps."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.claims import answers, expected, table
from classifier.model.tagger import Tagger
from postings.store import Store
from rolemix.analysis.claim_answers import check
from rolemix.analysis.claims import Answer, load_claims
from rolemix.collecting.histories import ingest_history
from rolemix.tagging.facts import read_new
from rolemix.tagging.retag import tag_new
from simulator.twins import DIM, FALSE, SMALL, TRUE, titles

ROOT = Path(__file__).resolve().parents[3]
START = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def found(labs: Path, tagger: Tagger) -> dict[str, dict[str, Answer]]:
    with Store.open(labs) as store:
        return {lab: {one.claim.id: one for one in of_lab} for lab, of_lab in answers(store, tagger).items()}


@pytest.mark.parametrize("lab", [TRUE, FALSE, SMALL, DIM])
def test_every_claim_is_answered_as_the_truth_is(found: dict[str, dict[str, Answer]], lab: str) -> None:
    wrong = {
        name: (str(one.verdict), one.figures)
        for name, one in found[lab].items()
        if str(one.verdict) != expected(lab, one.claim)
    }
    assert not wrong
    for one in found[lab].values():
        assert (one.needed is not None) == (str(one.verdict) == "not decidable"), one.claim.id
        assert all(shown.url and shown.url.startswith("https://") for shown in one.evidence)


def test_the_document_has_the_table_of_the_benchmark(found: dict[str, dict[str, Answer]]) -> None:
    lines = (ROOT / "docs/claims.md").read_text("utf-8").splitlines()
    for line in table({lab: list(of_lab.values()) for lab, of_lab in found.items()}):
        assert line in lines


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("drive", "of 11 of 11 teams grew"),
        ("inner-mongolia", "1, first seen 2026-06-04, none after 2026-06-18"),
        ("first-class-clusters", "first seen 2026-05-21, none after 2026-06-11"),
        ("first-domains", "first seen 2026-06-26, after 36 days of watching"),
        ("million-dollars", "1,260,000 CNY at the rates of 2025-02-03"),
        ("eighteen", "18 open on 2026-07-02"),
        ("same-roles", "18 of 18 open on https://jobs.eu.lever.co/candlewick"),
        ("clusters", "role storage: 18, first seen"),
    ],
)
def test_figures_are_those_of_the_lab(found: dict[str, dict[str, Answer]], name: str, words: str) -> None:
    assert words in found[TRUE][name].figures


def test_one_team_without_growth_refutes_every_department(found: dict[str, dict[str, Answer]]) -> None:
    assert "职能 12 → 12" in found[FALSE]["drive"].figures


def ask(folder: Path, tagger: Tagger, weeks: dict[int, list[dict[str, Any]]], claim: str) -> Answer:
    """Answer one claim about a company that was looked at in some weeks only."""
    rows = [
        {"date": (START + timedelta(weeks=week)).date().isoformat(), "company": "Quillmoth", "id": row["title"]} | row
        for week, listed in weeks.items()
        for row in listed
    ]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    text = f'[[claim]]\ntext = "it is so"\ncompany = "Quillmoth"\n{claim}\n'
    (folder / "claims.toml").write_text(text, "utf-8")
    with Store.open(folder / "rolemix.db") as store:
        ingest_history(store, folder / "rows.jsonl")
        tag_new(store, tagger)
        read_new(store)
        [one] = check(store, tagger.info, load_claims(folder / "claims.toml"))
    return one


def lamps(*more: dict[str, Any]) -> list[dict[str, Any]]:
    return [*({"title": f"{kind} engineer", "location": "Oslo"} for kind in ("Lamp", "Lens", "Pier")), *more]


def test_nothing_is_refuted_across_a_gap(tmp_path: Path, tagger: Tagger) -> None:
    claim = 'kind = "existence"\nwhere = { title = "keeper" }'
    weekly = ask(tmp_path, tagger, {week: lamps() for week in range(8)}, claim)
    assert str(weekly.verdict) == "refuted"
    (tmp_path / "gap").mkdir()
    gap = ask(tmp_path / "gap", tagger, {week: lamps() for week in (0, 1, 6, 7)}, claim)
    assert str(gap.verdict) == "not decidable"
    assert "was not seen whole between 2026-01-12 and 2026-02-16" in gap.figures


@pytest.mark.parametrize(("begun", "verdict"), [(5, "not decidable"), (0, "supported")])
def test_a_first_needs_four_weeks_of_watching(tmp_path: Path, tagger: Tagger, begun: int, verdict: str) -> None:
    weeks = {week: lamps(*([{"title": "Keeper"}] if week == 7 else [])) for week in range(begun, 8)}
    one = ask(tmp_path, tagger, weeks, 'kind = "first"\nwhere = { title = "keeper" }\nsince = 2026-02-17')
    assert str(one.verdict) == verdict, one.figures


def test_a_known_posting_that_is_edited_is_a_first_of_its_words(tmp_path: Path, tagger: Tagger) -> None:
    weeks = {
        week: lamps({"title": "Keeper", "description": "Tends CUDA." if week < 6 else "Tends Ascend chips."})
        for week in range(8)
    }
    claim = 'kind = "first"\nwhere = { technology = "Ascend" }\nsince = 2026-02-10'
    assert "first seen 2026-02-16" in ask(tmp_path, tagger, weeks, claim).figures
    gone = ask(tmp_path, tagger, weeks, 'kind = "existence"\nwhere = { technology = "CUDA" }')
    assert str(gone.verdict) == "supported"
    assert "none after 2026-02-16" in gone.figures


def test_latin_words_are_found_where_they_begin(tmp_path: Path, tagger: Tagger) -> None:
    weeks = {week: lamps({"title": "Threat analyst"}) for week in range(3)}
    assert str(ask(tmp_path, tagger, weeks, 'kind = "existence"\nwhere = { title = "HR" }').verdict) == "refuted"
    assert str(ask(tmp_path, tagger, weeks, 'kind = "existence"\nwhere = { title = "anal" }').verdict) == "supported"


def test_what_most_postings_leave_unstated_is_not_said_of_all(tmp_path: Path, tagger: Tagger) -> None:
    weeks = {week: lamps({"title": "Keeper"}) for week in range(3)}
    one = ask(tmp_path, tagger, weeks, 'kind = "only"\nfact = "country"\nvalues = ["NO"]')
    assert str(one.verdict) == "not decidable"
    assert one.needed == "the country of the 1 that state none"


def test_postings_of_one_batch_are_no_sample(tmp_path: Path, tagger: Tagger) -> None:
    """Twelve ads of one title on one day weigh as one: their share is not known as twelve different ones' would be."""
    alike = [{"title": f"Keeper {number}", "location": "Oslo"} for number in range(12)]
    claim = 'kind = "share"\nwhere = { city = "Oslo" }\nat_least = 0.7'
    one = ask(tmp_path, tagger, dict.fromkeys(range(3), alike), claim)
    assert str(one.verdict) == "not decidable", one.figures
    names = ("Keeper", "Lens grinder", "Pilot", "Nurse", "Cook", "Teacher", "Smith", "Baker", "Clerk", "Buyer")
    (tmp_path / "various").mkdir()
    various = [{"title": name, "location": "Oslo"} for name in names]
    one = ask(tmp_path / "various", tagger, dict.fromkeys(range(3), various), claim)
    assert str(one.verdict) == "supported", one.figures


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("drive", "4 teams that grew beyond the noise: about "),
        ("data-engineers", "open postings on the smaller board, of Taper or Anglerfish"),
        ("data-rank", "the order is within the noise"),
        ("young", "about 1,006 open postings of different batches, if they are as these are"),
        ("skills", "open postings of different batches, if they are as these are"),
        ("fourteen", "open postings of pay_months *"),
        ("broadening", "here a 10-point move is found"),
    ],
)
def test_a_small_board_is_told_how_large_it_would_have_to_be(
    found: dict[str, dict[str, Answer]], name: str, words: str
) -> None:
    assert words in (found[SMALL][name].needed or "")


def a_year(company: str, mixes: dict[str, tuple[int, int]]) -> list[dict[str, Any]]:
    """Return snapshots of the last day of each month, in which each role's openings turn from one number to another."""
    rows = []
    for month in range(13):
        day = datetime(2025 + (month + 3) // 12, (month + 3) % 12 + 1, 1, tzinfo=UTC) - timedelta(days=1)
        for role, (before, after) in mixes.items():
            kept = before + round((after - before) * month / 12)
            first = 8 * month if role == "software" else 0
            rows += [
                {"date": day.date().isoformat(), "company": company, "id": title, "title": title}
                for title in list(titles(role))[first : first + kept]
            ]
    return rows


def test_shares_of_labs_a_year_apart(tmp_path: Path, tagger: Tagger) -> None:
    true = {"go-to-market": (30, 100), "model-research": (80, 8), "software": (90, 110)}
    false = {"go-to-market": (100, 30), "model-research": (30, 90), "software": (90, 110)}
    with Store.open(tmp_path / "rolemix.db") as store:
        for company, mix in (("Anthropic", true), ("OpenAI", false)):
            rows = "".join(json.dumps(row) + "\n" for row in a_year(company, mix))
            (tmp_path / f"{company}.jsonl").write_text(rows, "utf-8")
            ingest_history(store, tmp_path / f"{company}.jsonl")
        tag_new(store, tagger)
        read_new(store)
        found = check(store, tagger.info, load_claims(ROOT / "watchlists/claims-labs.toml"))
    for one in found:
        wanted = "supported" if one.claim.company == "Anthropic" else "refuted"
        assert str(one.verdict) == wanted, (one.claim.id, one.figures)


def test_each_lab_is_asked_the_same(found: dict[str, dict[str, Answer]]) -> None:
    assert len({tuple(of_lab) for of_lab in found.values()}) == 1
    kinds = Counter(one.claim.kind for one in found[TRUE].values())
    assert {"teams", "pace", "rank", "overlap", "same", "highest", "first", "more"} <= set(kinds)
