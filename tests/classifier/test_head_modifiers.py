"""Titles whose head is of one role and whose modifiers are words of another; none was trained on from the codebook."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from classifier.codebook import codebook_titles
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.text.tokens import fold

_LEAST_FOCUSES, _LEAST_ROLES = 0.9, 0.85


@pytest.fixture(scope="module")
def titles() -> list[dict[str, str]]:
    path = Path(__file__).with_name("head_modifier_titles.csv")
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_titles_are_of_known_roles_and_three_languages(titles: list[dict[str, str]]) -> None:
    assert len({row["title"] for row in titles}) == len(titles) >= 300
    assert {row["language"] for row in titles} == {"en", "de", "zh"}
    assert {role for row in titles for role in row["role"].split("|")} <= set(Taxonomy.load().role_names)


def test_head_decides_the_focus_and_the_role(tagger: Tagger, titles: list[dict[str, str]]) -> None:
    focus = Taxonomy.load().focus_by_role
    found = []
    for row, tag in zip(titles, tagger.tag([{"title": row["title"]} for row in titles]), strict=True):
        roles = row["role"].split("|")
        found.append((row["language"], tag.focus in {focus[role] for role in roles}, tag.role in roles))
    shares = {
        language: (sum(one[1] for one in own) / len(own), sum(one[2] for one in own) / len(own))
        for language in ("en", "de", "zh")
        if (own := [one for one in found if one[0] == language])
    }
    told = "; ".join(f"{language}: focus {of:.1%}, role {role:.1%}" for language, (of, role) in shares.items())
    misses = [
        row["title"] for row, (_, right, right_role) in zip(titles, found, strict=True) if not right or not right_role
    ]
    focuses, roles_right = (sum(one[1] for one in found) / len(found), sum(one[2] for one in found) / len(found))
    message = f"focuses {focuses:.1%}, roles {roles_right:.1%} ({told}); wrong: {misses}"
    assert focuses >= _LEAST_FOCUSES, message
    assert roles_right >= _LEAST_ROLES, message


def test_codebook_has_none_of_these_titles(titles: list[dict[str, str]]) -> None:
    def key(title: str) -> str:
        return " ".join(fold(title).split())

    trained_on = {key(title) for title, _ in codebook_titles()}
    assert [row["title"] for row in titles if key(row["title"]) in trained_on] == []
