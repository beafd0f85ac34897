"""``rolemix explain``: which posting is meant, and the terms that decided its role."""

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
from crawler.systems import find_board
from postings.store import Store, queries
from rolemix.cli.explain import percent
from rolemix.collecting.crawling import ingest
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
def store(tmp_path: Path, answer: Callable[..., Path]) -> Path:
    """Two boards that both call a posting ``a``."""
    with Store.open(tmp_path / "rolemix.db") as opened:
        for board, title in ((QUILLMOTH, "Product Manager"), (OTHER, "Registered Nurse")):
            saved = answer("p.json", ("a", title), (title[0], "Sales Manager"))
            ingest(opened, find_board(board), [saved], observed_at=World.date(0))
    return tmp_path / "rolemix.db"


def file(tmp_path: Path, content: str) -> Path:
    (tmp_path / "rows").write_text(content, encoding="utf-8")
    return tmp_path / "rows"


def test_what_it_prints_is_the_explanation_of_the_library(rolemix: Rolemix, tmp_path: Path, tagger: Tagger) -> None:
    said = rolemix("explain", file(tmp_path, json.dumps(POSTING)), "--format", "json", "--top", 3)
    assert (said.code, said.err) == (0, "")
    (entry,) = json.loads(said.out)
    found = explain(tagger, POSTING)
    assert (entry["id"], entry["title"], entry["company"]) == (7, POSTING["title"], "晴川")
    assert (entry["role"], entry["focus"], entry["rival"]) == (found.role, "product", found.rival)
    assert entry["confidence"] == round(found.tag.confidence, 4)
    assert [term["term"] for term in entry["for"]] == [one.term for one in found.supporting(3)]
    assert [term["term"] for term in entry["against"]] == [one.term for one in found.opposing(3)]
    terms = sum(term["value"] for side in ("for", "against") for term in entry[side])
    assert entry["prior"] + terms + entry["rest"] == pytest.approx(entry["margin"], abs=1e-3)
    assert (entry["model"], entry["taxonomy"]) == (tagger.model, "1")


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(BARE) + "\n" + json.dumps(POSTING) + "\n",
        json.dumps([BARE, POSTING], indent=1, ensure_ascii=False),
        "\ufeff" + json.dumps(BARE) + "\r\n\r\n" + json.dumps(POSTING),
    ],
)
def test_a_file_may_be_json_lines_or_a_list(rolemix: Rolemix, tmp_path: Path, content: str) -> None:
    said = rolemix("explain", file(tmp_path, content), "--format", "json")
    assert [(entry["id"], entry["title_only"]) for entry in json.loads(said.out)] == [(None, True), (7, False)]


def test_standard_input_is_a_file_too() -> None:
    done = process("explain", "-", "--format", "json", given=json.dumps(POSTING).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)[0]["role"] == "product-management"


def test_on_a_terminal_both_sides_stand_beside_each_other(rolemix: Rolemix, tmp_path: Path, tagger: Tagger) -> None:
    said = rolemix("explain", file(tmp_path, json.dumps(BARE)))
    found = explain(tagger, BARE)
    assert said.code == 0
    assert f"{found.role} ({tagger.focus_by_role[found.role]})" in said.out
    assert f"and not {found.rival} (" in said.out
    assert "The title alone decided" in said.out
    for side in (found.supporting(1), found.opposing(1)):
        (one,) = side
        assert any(one.term in line and one.block.replace("_", " ") in line for line in said.out.splitlines())


def test_flat_forms_have_a_row_a_term(rolemix: Rolemix, tmp_path: Path) -> None:
    rows = list(
        csv.DictReader(io.StringIO(rolemix("explain", file(tmp_path, json.dumps(BARE)), "--format", "csv").out))
    )
    assert {row["side"] for row in rows} == {"for", "against"}
    assert {"prior", "rest", "title_words", "title_characters"} == {row["block"] for row in rows}
    assert "| term |" in rolemix("explain", file(tmp_path, json.dumps(BARE)), "--format", "md").out


def test_the_rival_may_be_chosen(rolemix: Rolemix, tmp_path: Path) -> None:
    path = file(tmp_path, json.dumps(BARE))
    (entry,) = json.loads(rolemix("explain", path, "--against", "corporate", "--format", "json").out)
    assert entry["rival"] == "corporate"
    said = rolemix("explain", path, "--against", "wizard")
    assert said.code == 1
    assert "does not have the role 'wizard'" in said.sentence


def test_a_role_that_only_its_focus_carries_says_so(rolemix: Rolemix, tmp_path: Path, tagger: Tagger) -> None:
    pairs = itertools.product(
        ("Platform", "GPU", "ML", "AI", "Data"), ("Technician", "Specialist", "Manager", "Engineer")
    )
    rows = [{"title": " ".join(pair)} for pair in pairs]
    tags = zip(rows, tagger.tag(rows), strict=True)
    carried, plainly = [], []
    for row, tag in tags:
        (plainly if tag.confidence == max(tag.roles.values()) else carried).append(row)
    shown = [*carried[:2], *plainly[:2]]
    assert len(shown) == 4
    said = rolemix("explain", file(tmp_path, "".join(json.dumps(row) + "\n" for row in shown)))
    assert said.out.count("By itself") == 2


@pytest.mark.parametrize(
    "name", ["R", f"{OTHER}#a", f"{OTHER}#R"], ids=["id", "the feed's id", "the feed's id of another"]
)
def test_a_posting_of_the_store_is_found_by_its_name(rolemix: Rolemix, store: Path, name: str) -> None:
    (entry,) = json.loads(rolemix("explain", name, "--format", "json").out)
    assert entry["id"] == (name if "#" in name else f"{OTHER}#{name}")
    assert entry["company"] == "cinderquay"
    assert entry["role"] == ("go-to-market" if name.endswith("R") else "elsewhere")
    with Store.open(store) as opened, opened.read() as connection:
        assert list(queries.stream_untagged(connection, entry["model"])), "explaining writes no tags"


def test_a_board_says_whose_id_is_meant(rolemix: Rolemix, store: Path) -> None:
    (entry,) = json.loads(rolemix("explain", "a", "--board", f"{OTHER}/", "--format", "json").out)
    assert entry["id"] == f"{OTHER}#a"


def test_postings_of_one_name_are_listed(rolemix: Rolemix, store: Path) -> None:
    said = rolemix("explain", "a")
    assert (said.code, said.out) == (1, "")
    *names, sentence = said.err.splitlines()
    assert names == [f"{OTHER}#a", f"{QUILLMOTH}#a"]
    assert sentence == "rolemix: 2 postings are called 'a': name one of them in full"
    assert rolemix("explain", names[0]).code == 0


@pytest.mark.parametrize("arguments", [("nowhere",), ("R", "--board", QUILLMOTH)])
def test_a_name_that_nothing_has_is_refused(rolemix: Rolemix, store: Path, arguments: tuple[str, ...]) -> None:
    said = rolemix("explain", *arguments)
    assert (said.code, said.out) == (1, "")
    assert f"no posting in the store is called {arguments[0]!r}" in said.sentence


def test_neither_a_file_nor_a_store_is_refused(rolemix: Rolemix) -> None:
    said = rolemix("explain", "nowhere.jsonl")
    assert said.code == 1
    assert "there is no file nowhere.jsonl, and no store at rolemix.db" in said.sentence


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
def test_a_bad_file_is_one_sentence(rolemix: Rolemix, tmp_path: Path, content: str, sentence: str) -> None:
    said = rolemix("explain", file(tmp_path, content))
    assert (said.code, said.out) == (1, "")
    assert said.sentence.startswith(f"rolemix: {sentence}")


def test_board_text_does_not_steer_the_terminal(rolemix: Rolemix, tmp_path: Path) -> None:
    path = file(tmp_path, json.dumps({"id": "\x1b[2J", "title": "Nurse \x1b[31m[bold]red", "company": "\u202eevil"}))
    for form in ("table", "json", "csv", "md"):
        said = rolemix("explain", path, "--format", form)
        assert said.code == 0
        assert "\x1b" not in said.out
        assert "\u202e" not in said.out
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
