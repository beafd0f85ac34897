"""Claims: each kind is supported, refuted or not decidable where it should be, and nothing else is a claim."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import rolemix as library
from classifier.model.tagger import Tagger
from postings.store import Store
from rolemix.analysis.claim_answers import check
from rolemix.analysis.claims import KINDS, ClaimError, load_claims
from rolemix.analysis.filters import FilterError
from rolemix.collecting.histories import ingest_history
from rolemix.tagging.facts import read_new
from rolemix.tagging.retag import tag_new
from tests.rolemix.analysis.test_shifts import PRODUCT, RESEARCH
from tests.rolemix.conftest import Rolemix

ROOT = Path(__file__).resolve().parents[3]
START = datetime(2026, 1, 5, tzinfo=UTC)
LAMP, ASCEND = "薪资：40-90K·14薪。本科及以上学历。", "Experience with Ascend chips. We run first-class GPU clusters."


def rows(company: str, weeks: dict[int, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [
        {"date": (START + timedelta(weeks=week)).date().isoformat(), "company": company, "id": row["title"]} | row
        for week, listed in weeks.items()
        for row in listed
    ]


def opening(title: str, **values: str) -> dict[str, Any]:
    return {
        "title": title,
        "location": "Beijing",
        "department": "Research" if "Research" in title else "Product",
    } | values


def twin() -> list[dict[str, Any]]:
    """A lab whose truth is known: it turns to products week by week, and opens a data centre in its tenth week."""
    weeks = {week: [opening(title) for title in (*RESEARCH[2 * week :], *PRODUCT[: 2 * week])] for week in range(20)}
    for week in range(10, 20):
        weeks[week].append(opening("数据中心运维工程师", location="乌兰察布察哈尔右翼前旗", description=ASCEND))
    for week in range(20):
        weeks[week].append(opening("深度学习研究员（实习生）", location="杭州", description=LAMP))
    return rows("Lanternfish", weeks)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, tagger: Tagger) -> Path:
    folder = tmp_path_factory.mktemp("claims")
    rival = rows("Anglerfish", {week: [opening(title) for title in PRODUCT[:50]] for week in range(20)})
    gone = rows("Lumpfish", {week: [opening(title) for title in PRODUCT[:5]] for week in range(3)})
    for name, of_company in (("lantern", twin()), ("angler", rival), ("lump", gone)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in of_company), "utf-8")
        with Store.open(folder / "rolemix.db") as opened:
            ingest_history(opened, folder / f"{name}.jsonl")
    with Store.open(folder / "rolemix.db") as opened:
        tag_new(opened, tagger)
        read_new(opened)
    return folder / "rolemix.db"


def answer(store: Path, tagger: Tagger, tmp_path: Path, claim: str) -> Any:
    path = tmp_path / "claims.toml"
    path.write_text(f'company = "Lanternfish"\n[[claim]]\ntext = "it is so"\n{claim}\n', "utf-8")
    with Store.open(store) as opened:
        [found] = check(opened, tagger.info, load_claims(path))
    return found


SUPPORTED, REFUTED, UNDECIDABLE = "supported", "refuted", "not decidable"


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ('kind = "existence"\nwhere = { role = "product-management" }', SUPPORTED),
        ('kind = "existence"\nwhere = { region = "Inner Mongolia", county = "察哈尔右翼前旗" }', SUPPORTED),
        ('kind = "existence"\nwhere = { technology = ["CANN", "Ascend"] }', SUPPORTED),
        ('kind = "existence"\nwhere = { technology = "CUDA" }', REFUTED),
        ('kind = "existence"\nwhere = { text = "first-class GPU clusters" }', SUPPORTED),
        ('kind = "existence"\nwhere = { title = "数据中心" }\nuntil = 2026-02-01', REFUTED),
        ('kind = "existence"\nwhere = { technology = "CUDA" }\nuntil = 2020-02-01', UNDECIDABLE),
        ('kind = "existence"\nwhere = { pay_months = "14" }', SUPPORTED),
        ('kind = "existence"\nwhere = { role = "corporate" }\ncompany = "Lumpfish"', UNDECIDABLE),
        ('kind = "existence"\nwhere = { role = "product-management" }\ncompany = "Catfish"', UNDECIDABLE),
        ('kind = "count"\nat_least = 62\nat_most = 62', SUPPORTED),
        ('kind = "count"\nat_most = 18', REFUTED),
        ('kind = "count"\nat_least = 62\nboard = "lantern"', SUPPORTED),
        ('kind = "count"\nat_least = 62\nboard = "linkedin"', UNDECIDABLE),
        ('kind = "count"\nat_most = 18\ncompany = "Lumpfish"', UNDECIDABLE),
        ('kind = "share"\nwhere = { focus = "product" }\nat_least = 0.4', SUPPORTED),
        ('kind = "share"\nwhere = { focus = "product" }\nat_most = 0.3', REFUTED),
        ('kind = "share"\nwhere = { focus = "product" }\nat_least = 0.6', UNDECIDABLE),
        ('kind = "growth"\nwhere = { focus = "research" }\nfactor = 2\nsince = 2026-01-05', REFUTED),
        ('kind = "growth"\nwhere = { focus = "product" }\nfactor = 2\nsince = 2026-01-15', SUPPORTED),
        ('kind = "teams"\nfactor = 2\nat_least = 1\nsince = 2026-01-15', SUPPORTED),
        ('kind = "teams"\nfactor = 2\nat_least = 2\nsince = 2026-01-15', REFUTED),
        ('kind = "first"\nwhere = { region = "Inner Mongolia" }\nsince = 2026-02-20', SUPPORTED),
        ('kind = "first"\nwhere = { city = "Hangzhou" }\nsince = 2026-02-20', REFUTED),
        ('kind = "first"\nwhere = { city = "Beijing" }\nsince = 2025-12-01', UNDECIDABLE),
        ('kind = "shift"\nwhere = { focus = "product" }\ndirection = "up"\nsince = 2026-01-06', SUPPORTED),
        ('kind = "shift"\nwhere = { focus = "product" }\ndirection = "down"\nsince = 2026-01-06', REFUTED),
        ('kind = "shift"\nwhere = { focus = "product" }\ndirection = "up"\nsince = 2026-05-12', UNDECIDABLE),
        ('kind = "only"\nfact = "country"\nvalues = ["CN"]', SUPPORTED),
        ('kind = "only"\nfact = "city"\nvalues = ["Beijing", "Hangzhou"]', REFUTED),
        ('kind = "highest"\ncurrency = "CNY"\nat_least = 1260000', SUPPORTED),
        ('kind = "highest"\ncurrency = "CNY"\nat_least = 9000000', REFUTED),
        ('kind = "highest"\ncurrency = "CNY"\nat_least = 9000000\nearned = true', UNDECIDABLE),
        ('kind = "highest"\ncurrency = "USD"\nat_least = 100000\nrates = { on = 2026-06-26, CNY = 7.2 }', SUPPORTED),
        ('kind = "existence"\neach = [{ role = "product-management" }, { region = "Inner Mongolia" }]', SUPPORTED),
        ('kind = "existence"\neach = [{ role = "product-management" }, { technology = "CUDA" }]', REFUTED),
        ('kind = "teams"\nfactor = 2\nat_least = "all"\nsince = 2026-01-15', REFUTED),
        ('kind = "pace"\nfactor = 3\nsince = 2026-03-15', REFUTED),
        ('kind = "pace"\nfactor = 2\nsince = 2026-01-15', UNDECIDABLE),
        ('kind = "more"\ndirection = "down"\nwhere = { focus = "product" }\nthan = ["Anglerfish"]', SUPPORTED),
        ('kind = "rank"\nwhere = { focus = "product" }\nat_most = 2', SUPPORTED),
        ('kind = "rank"\nwhere = { focus = "data engineering" }\nat_most = 2', REFUTED),
        ('kind = "overlap"\nthan = ["Anglerfish"]\nat_least = 0.3', SUPPORTED),
        ('kind = "overlap"\nthan = ["Anglerfish"]\nat_least = 0.95', REFUTED),
        ('kind = "same"\nat_least = 0.5', UNDECIDABLE),
        ('kind = "first"\nwhere = { region = "Inner Mongolia" }\nsince = 2026-01-20\nuntil = 2026-01-30', REFUTED),
        ('kind = "highest"\ncurrency = "USD"\nat_least = 1300000', UNDECIDABLE),
        ('kind = "more"\nwhere = { focus = "research" }\nthan = ["Anglerfish"]', SUPPORTED),
        ('kind = "more"\nwhere = { focus = "research" }\nthan = ["angler"]', SUPPORTED),
        ('kind = "more"\nwhere = { focus = "product" }\nthan = ["Anglerfish"]', REFUTED),
        ('kind = "more"\nwhere = { focus = "research" }\nthan = ["Catfish"]', UNDECIDABLE),
        ('kind = "not-in-postings"\nreason = "who left is not posted"', UNDECIDABLE),
    ],
)
def test_each_kind(store: Path, tagger: Tagger, tmp_path: Path, claim: str, verdict: str) -> None:
    if 'company = "' in claim:
        name = claim.rpartition('company = "')[2].rstrip('"')
        claim = claim.rpartition("\n")[0] + f'\ncompany = "{name}"'
    found = answer(store, tagger, tmp_path, claim)
    assert str(found.verdict) == verdict, found.figures
    assert found.figures
    assert (found.needed is not None) == (verdict == UNDECIDABLE), "what would decide it"
    assert len(found.evidence) <= 3


def test_figures_are_the_counts(store: Path, tagger: Tagger, tmp_path: Path) -> None:
    found = answer(store, tagger, tmp_path, 'kind = "share"\nwhere = { focus = "product" }\nat_least = 0.1')
    assert found.figures.startswith("38 of 62 open on 2026-05-18: 61% (95 % interval ")
    found = answer(store, tagger, tmp_path, 'kind = "highest"\ncurrency = "CNY"\nat_least = 1')
    assert "1,260,000 CNY" in found.figures
    assert found.evidence[0].title == "深度学习研究员（实习生）"


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ('kind = "mood"', "unknown kind 'mood': choose one of existence"),
        ('kind = "count"\nwhere = { shoe = "44" }', "where takes no shoe"),
        ('kind = "count"\nwhere = "all"', "where is a table"),
        ('kind = "count"\nfactor = 2', "takes no factor"),
        ('kind = "growth"', "needs since"),
        ('kind = "highest"\nat_least = 3', "needs currency"),
        ('kind = "shift"\ndirection = "up"', "a shift needs one focus or role"),
        ('kind = "count"', "needs at_least or at_most"),
        ('kind = "count"\nat_least = 1\nsince = 2026-02-01\nuntil = 2026-01-01', "since is not before until"),
        ('kind = "rank"\nwhere = { focus = "product" }', "a rank needs one focus or role"),
        ('kind = "highest"\ncurrency = "USD"\nat_least = 1\nrates = { CNY = 7.2 }', "rates need the day"),
        ('kind = "existence"\neach = [{ shoe = "44" }]', "each takes no shoe"),
        ('kind = "count"\nat_least = "all"', "at_least is a number"),
        ('kind = "count"\nat_least = 1\nsince = "soon"', "is no date"),
        ('kind = "same"\nat_least = 1\nboard = "x"', "may be of all boards alone"),
        ('company = ""', "has no company"),
    ],
)
def test_what_cannot_be_expressed_is_refused_with_the_reason(tmp_path: Path, claim: str, sentence: str) -> None:
    path = tmp_path / "claims.toml"
    head = "" if claim.startswith("company") else 'company = "Lanternfish"\n'
    path.write_text(f'{head}[[claim]]\ntext = "it is so"\n{claim}\n', "utf-8")
    with pytest.raises(ClaimError, match=sentence) as refused:
        load_claims(path)
    assert "\n" not in str(refused.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("claim = 3\n")
    (tmp_path / "b.toml").write_text("claim = [\n")
    for name, sentence in (("a.toml", "has no claim"), ("b.toml", "is not TOML"), ("c.toml", "cannot read")):
        with pytest.raises(ClaimError, match=sentence):
            load_claims(tmp_path / name)


@pytest.mark.parametrize("path", sorted((ROOT / "watchlists").glob("claims-*.toml")), ids=lambda path: path.stem)
def test_the_files_that_come_with_rolemix_are_answered_whole(
    store: Path, rolemix: Rolemix, path: Path, tmp_path: Path
) -> None:
    claims = load_claims(path)
    assert len({claim.id for claim in claims}) == len(claims)
    text = path.read_text("utf-8").replace('"DeepSeek"', '"Lanternfish"')
    (tmp_path / "claims.toml").write_text(text, "utf-8")
    result = rolemix("check", tmp_path / "claims.toml", "--db", store, "--format", "json")
    assert result.code == 0, result.err
    answers = {row["id"]: row for row in json.loads(result.out)}
    assert len(answers) == len(claims)
    assert all(row["verdict"] in (SUPPORTED, REFUTED, UNDECIDABLE) and row["figures"] for row in answers.values())
    if "inner-mongolia" in answers:
        assert answers["inner-mongolia"]["verdict"] == SUPPORTED
        assert answers["ascend"]["verdict"] == SUPPORTED
        assert answers["poached"]["verdict"] == UNDECIDABLE


def test_the_command_and_the_library(store: Path, rolemix: Rolemix, tmp_path: Path) -> None:
    path = tmp_path / "claims.toml"
    path.write_text('[[claim]]\ntext = "It hires"\ncompany = "lanternfish"\nkind = "count"\nat_least = 1\nnote = "N"\n')
    table = rolemix("check", path, "--db", store).out
    assert "supported: 62 open on 2026-05-18" in table
    assert "note: N" in table
    assert "1 supported, 0 refuted, 0 not decidable" in table
    assert "supported" in rolemix("check", path, "--db", store, "--format", "csv").out
    assert "| supported |" in rolemix("check", path, "--db", store, "--format", "md").out
    with library.open_store(store) as opened:
        [found] = library.check(opened, path)
    assert str(found.verdict) == SUPPORTED
    assert "cannot read" in rolemix("check", tmp_path / "none.toml", "--db", store).sentence


def test_the_document_has_every_kind_and_every_key() -> None:
    document = (ROOT / "docs/claims.md").read_text("utf-8")
    for kind, (keys, meaning) in KINDS.items():
        line = next(line for line in document.splitlines() if line.startswith(f"| `{kind}` |"))
        assert meaning.replace("`", "") in line.replace("`", "")
        assert all(f"`{key}`" in line for key in keys), kind


def test_a_misspelt_role_is_told_and_not_counted_as_none(store: Path, tagger: Tagger, tmp_path: Path) -> None:
    wrong = ('role = "legal"', 'focus = ["product", "goods"]', 'seniority = "c-level"')
    for where in (f"where = {{ {one} }}" for one in wrong):
        with pytest.raises(
            FilterError, match=r"there is no (role 'legal'|focus 'goods'|seniority 'c-level'): write one of"
        ):
            answer(store, tagger, tmp_path, f'kind = "count"\nat_least = 1\n{where}')
