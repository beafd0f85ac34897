"""Titles and postings that were reported as tagged wrongly, from the shared cases: how many are right now."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from classifier.model.tag import Row
from classifier.model.tagger import Tagger

# As many as are right today, with a little room for a model that is trained again.
_LEAST_TITLES = 0.9
_LEAST_TRADITIONAL = 13 / 14
_LEAST_OF_LABS = 13 / 15
_MOST_FLIPS = 0.08

STUBS = ["Apply now.", "Jetzt bewerben!", "【岗位类别】：实习/全职", "2026-11-01", "https://example.com/jobs/1"]

ROLES_OF_LABS = {
    "annotation": ("Tutor", "Human Data", "Labeling", "Rater"),
    "go-to-market": ("Success Engineer", "Deployment Engineer", "Solutions Engineer", "Customer Engineer"),
    "data-centre": ("Critical Facilities", "Critical Environment"),
}


@pytest.fixture(scope="module")
def cases(shared: Path) -> Path:
    folder = shared / "cases" / "tags"
    if not folder.is_dir():
        pytest.skip(f"no cases of tags at {folder}")
    return folder


@pytest.fixture(scope="module")
def titles(cases: Path, tagger: Tagger) -> list[tuple[str, set[str]]]:
    """Titles by themselves, each with the roles that are right."""
    with (cases / "tries.tsv").open(encoding="utf-8", newline="") as lines:
        rows = [
            (row["input"].removeprefix("title:").strip(), set((row["right"] or "").split(",")))
            for row in csv.DictReader(lines, delimiter="\t")
            if row["input"].startswith("title:")
        ]
    return [(title, right) for title, right in rows if right <= set(tagger.classes_.tolist())]


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def misses(tagger: Tagger, rows: Sequence[Row], right: Iterable[set[str]]) -> list[str]:
    """Describe the rows whose role is not one of those that are right."""
    return [
        f"{row['title']}: {tag.role} ({tag.confidence:.2f}), not {' or '.join(sorted(roles))}"
        for row, tag, roles in zip(rows, tagger.tag(rows), right, strict=True)
        if tag.role not in roles
    ]


def check(wrong: Sequence[str], of: int, least: float) -> None:
    assert 1 - len(wrong) / of >= least, f"{len(wrong)} of {of} are wrong:\n" + "\n".join(wrong)


@pytest.mark.shared
def test_titles(tagger: Tagger, titles: list[tuple[str, set[str]]]) -> None:
    assert len(titles) > 100
    wrong = misses(tagger, [{"title": title} for title, _ in titles], [right for _, right in titles])
    check(wrong, len(titles), _LEAST_TITLES)


@pytest.mark.shared
@pytest.mark.parametrize("script", ["title", "same in simplified"])
def test_traditional_titles_and_the_same_in_simplified(tagger: Tagger, cases: Path, script: str) -> None:
    rows = read(cases / "traditional-titles.json")
    wrong = misses(tagger, [{"title": row[script]} for row in rows], [set(row["right"].split(",")) for row in rows])
    check(wrong, len(rows), _LEAST_TRADITIONAL - 1e-9)


@pytest.mark.shared
@pytest.mark.parametrize("described", [True, False])
def test_roles_of_labs(tagger: Tagger, cases: Path, described: bool) -> None:
    rows: list[Mapping[str, Any]] = read(cases / "epoch-roles.json")
    right = [
        {role for role, words in ROLES_OF_LABS.items() if any(word in row["title"] for word in words)} for row in rows
    ]
    assert all(len(roles) == 1 for roles in right)
    shown = [row if described else {"title": row["title"]} for row in rows]
    check(misses(tagger, shown, right), len(rows), _LEAST_OF_LABS - 1e-9)


@pytest.mark.shared
def test_one_sentence_does_not_turn_a_role(tagger: Tagger, cases: Path) -> None:
    row = read(cases / "short-description-flips.json")
    with_text, title = tagger.tag([row, {"title": row["title"]}])
    assert with_text.role == title.role == "model-research"
    assert with_text.confidence > title.confidence - 0.1


@pytest.mark.shared
@pytest.mark.parametrize("stub", STUBS)
def test_stubs_change_nothing(tagger: Tagger, titles: list[tuple[str, set[str]]], stub: str) -> None:
    bare = tagger.tag([{"title": title} for title, _ in titles])
    stubbed = tagger.tag([{"title": title, "description": stub} for title, _ in titles])
    assert list(stubbed) == list(bare)


@pytest.mark.shared
def test_sentence_that_says_nothing_of_the_work_changes_few_roles(
    tagger: Tagger, titles: list[tuple[str, set[str]]]
) -> None:
    text = "We are looking for a motivated colleague who wants to join us."
    bare = tagger.tag([{"title": title} for title, _ in titles])
    told = tagger.tag([{"title": title, "description": text} for title, _ in titles])
    pairs = zip(titles, bare, told, strict=True)
    flips = [f"{title}: {one.role}, then {other.role}" for (title, _), one, other in pairs if one.role != other.role]
    check(flips, len(titles), 1 - _MOST_FLIPS)
