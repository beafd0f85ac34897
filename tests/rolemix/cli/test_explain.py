"""``rolemix explain``: how the posting is found, and how its explanation is printed."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from classifier.model.explanation import explain
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from crawler.runs.saved import Stated
from crawler.systems import find_board
from postings.store import Store, queries
from rolemix.cli.explain import percent
from rolemix.collecting.ingesting import ingest
from simulator.world import World
from tests.rolemix.conftest import QUILLMOTH, Rolemix, process

OTHER = "https://jobs.lever.co/cinderquay"
POSTING = {
    "id": 7,
    "title": "AI产品经理（法律方向）",
    "company": "晴川",
    "description": "负责产品的需求分析，跟进数据标注。",
}
BARE = {"title": "Data Center Design Recruiter"}


@pytest.fixture
def store(tmp_path: Path, save_response: Callable[..., Path]) -> Path:
    """Two boards that both call a posting ``a``."""
    with Store.open(tmp_path / "rolemix.db") as opened:
        for board, title in ((QUILLMOTH, "Product Manager"), (OTHER, "Registered Nurse")):
            saved = save_response("p.json", ("a", title), (title[0], "Sales Manager"))
            ingest(opened, [saved], Stated(board=find_board(board), observed_at=World.date(0)))
    return tmp_path / "rolemix.db"


def file(tmp_path: Path, content: str) -> Path:
    (tmp_path / "rows").write_text(content, encoding="utf-8")
    return tmp_path / "rows"


def test_json_is_the_explanation_of_the_library(rolemix: Rolemix, tmp_path: Path, tagger: Tagger) -> None:
    result = rolemix("explain", file(tmp_path, json.dumps(POSTING)), "--format", "json", "--top", 3)
    assert (result.code, result.err) == (0, "")
    (entry,) = json.loads(result.out)
    found = explain(tagger, POSTING)
    assert (entry["id"], entry["title"], entry["company"]) == (7, POSTING["title"], "晴川")
    assert (entry["role"], entry["focus"], entry["rival"]) == (found.role, "product", found.rival)
    assert entry["confidence"] == round(found.tag.confidence, 4)
    assert [term["term"] for term in entry["for"]] == [one.term for one in found.supporting(3)]
    assert [term["term"] for term in entry["against"]] == [one.term for one in found.opposing(3)]
    terms = sum(term["value"] for side in ("for", "against") for term in entry[side])
    assert entry["prior"] + terms + entry["rest"] == pytest.approx(entry["margin"], abs=1e-3)
    assert (entry["model"], entry["taxonomy"]) == (tagger.model, Taxonomy.load().version)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(BARE) + "\n" + json.dumps(POSTING) + "\n",
        json.dumps([BARE, POSTING], indent=1, ensure_ascii=False),
        "\ufeff" + json.dumps(BARE) + "\r\n\r\n" + json.dumps(POSTING),
    ],
)
def test_file_may_be_json_lines_or_a_list(rolemix: Rolemix, tmp_path: Path, content: str) -> None:
    result = rolemix("explain", file(tmp_path, content), "--format", "json")
    assert [(entry["id"], entry["title_only"]) for entry in json.loads(result.out)] == [(None, True), (7, False)]


def test_postings_are_read_from_standard_input() -> None:
    done = process("explain", "-", "--format", "json", given=json.dumps(POSTING).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)[0]["role"] == "product-management"


def test_table_shows_both_sides(rolemix: Rolemix, tmp_path: Path, tagger: Tagger) -> None:
    result = rolemix("explain", file(tmp_path, json.dumps(BARE)))
    found = explain(tagger, BARE)
    assert result.code == 0
    assert f"{found.role} ({tagger.info.taxonomy.focus_by_role[found.role]})" in result.out
    assert f"and not {found.rival} (" in result.out
    assert "Only the title was used" in result.out
    for side in (found.supporting(1), found.opposing(1)):
        (one,) = side
        assert any(one.term in line and one.block.replace("_", " ") in line for line in result.out.splitlines())


def test_csv_and_markdown_have_a_row_for_each_term(rolemix: Rolemix, tmp_path: Path) -> None:
    rows = list(
        csv.DictReader(io.StringIO(rolemix("explain", file(tmp_path, json.dumps(BARE)), "--format", "csv").out))
    )
    assert {row["side"] for row in rows} == {"for", "against"}
    assert {"prior", "rest", "title_words", "title_characters", "title_heads"} == {row["block"] for row in rows}
    assert "| term |" in rolemix("explain", file(tmp_path, json.dumps(BARE)), "--format", "md").out


def test_rival_may_be_chosen(rolemix: Rolemix, tmp_path: Path) -> None:
    path = file(tmp_path, json.dumps(BARE))
    (entry,) = json.loads(rolemix("explain", path, "--against", "corporate", "--format", "json").out)
    assert entry["rival"] == "corporate"
    result = rolemix("explain", path, "--against", "wizard")
    assert result.code == 1
    assert "does not have the role 'wizard'" in result.sentence


def test_role_that_is_chosen_for_its_focus_is_explained(rolemix: Rolemix, tmp_path: Path, tagger: Tagger) -> None:
    pairs = itertools.product(
        ("Platform", "GPU", "ML", "AI", "Data", "Cloud", "Network", "Quality", "Solutions", "Growth"),
        ("Technician", "Specialist", "Manager", "Engineer", "Researcher", "Designer", "Operator", "Analyst"),
    )
    rows = [{"title": " ".join(pair)} for pair in pairs]
    tags = zip(rows, tagger.tag(rows), strict=True)
    carried, plainly = [], []
    for row, tag in tags:
        (plainly if tag.confidence == max(tag.roles.values()) else carried).append(row)
    shown = [*carried[:2], *plainly[:2]]
    assert len(shown) == 4
    result = rolemix("explain", file(tmp_path, "".join(json.dumps(row) + "\n" for row in shown)))
    assert result.out.count("alone is more probable") == 2


@pytest.mark.parametrize(
    "name", ["R", f"{OTHER}#a", f"{OTHER}#R"], ids=["id", "the feed's id", "the feed's id of another"]
)
def test_posting_of_the_store_is_found_by_its_name(rolemix: Rolemix, store: Path, name: str) -> None:
    (entry,) = json.loads(rolemix("explain", name, "--format", "json").out)
    assert entry["id"] == (name if "#" in name else f"{OTHER}#{name}")
    assert entry["company"] == "cinderquay"
    assert entry["role"] == ("go-to-market" if name.endswith("R") else "elsewhere")
    with Store.open(store) as opened, opened.read() as connection:
        assert list(queries.stream_untagged(connection, entry["model"])), "explaining writes no tags"


def test_board_resolves_an_ambiguous_id(rolemix: Rolemix, store: Path) -> None:
    (entry,) = json.loads(rolemix("explain", "a", "--board", f"{OTHER}/", "--format", "json").out)
    assert entry["id"] == f"{OTHER}#a"


def test_ambiguous_names_are_listed(rolemix: Rolemix, store: Path) -> None:
    result = rolemix("explain", "a")
    assert (result.code, result.out) == (1, "")
    *names, sentence = result.err.splitlines()
    assert names == [f"{OTHER}#a", f"{QUILLMOTH}#a"]
    assert sentence == "rolemix: 2 postings are called 'a': give the full name of one"
    assert rolemix("explain", names[0]).code == 0


@pytest.mark.parametrize("arguments", [("nowhere",), ("R", "--board", QUILLMOTH)])
def test_unknown_name_is_reported(rolemix: Rolemix, store: Path, arguments: tuple[str, ...]) -> None:
    result = rolemix("explain", *arguments)
    assert (result.code, result.out) == (1, "")
    assert f"the store has no posting {arguments[0]!r}" in result.sentence


def test_missing_file_and_store_are_reported(rolemix: Rolemix) -> None:
    result = rolemix("explain", "nowhere.jsonl")
    assert result.code == 1
    assert "there is no file nowhere.jsonl, and no store at rolemix.db" in result.sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"title": "Nurse"}\n{"description": "x"}\n', "line 2: the posting has no title"),
        ('[{"title": "Nurse"}, {"id": 3}]', "entry 2: the posting 3 has no title"),
        ("{\n", "line 1 is not JSON"),
        ('{"title": 5}', "the posting has no title"),
        ("7", "a posting must be a mapping"),
    ],
)
def test_invalid_file_is_reported(rolemix: Rolemix, tmp_path: Path, content: str, sentence: str) -> None:
    result = rolemix("explain", file(tmp_path, content))
    assert (result.code, result.out) == (1, "")
    assert result.sentence.startswith(f"rolemix: {sentence}")


def test_board_text_cannot_control_the_terminal(rolemix: Rolemix, tmp_path: Path) -> None:
    path = file(tmp_path, json.dumps({"id": "\x1b[2J", "title": "Nurse \x1b[31m[bold]red", "company": "\u202eevil"}))
    for form in ("table", "json", "csv", "md"):
        result = rolemix("explain", path, "--format", form)
        assert result.code == 0
        assert "\x1b" not in result.out
        assert "\u202e" not in result.out
    assert "[bold]red" in rolemix("explain", path).out


def test_no_probability_is_shown_as_certain() -> None:
    assert [percent(value) for value in (0, 0.004, 0.005, 0.42, 0.9951, 0.999, 1)] == [
        "<1 %",
        "<1 %",
        "<1 %",
        "42 %",
        ">99 %",
        ">99 %",
        ">99 %",
    ]
