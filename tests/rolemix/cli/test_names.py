"""A name that is not there is told before a model is loaded: here there is none, which loading it would report."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rolemix.conftest import History, Rolemix
from tests.rolemix.terminal import Terminal

COMPANY = "the store has no company nobody: it has Brightfjord Data"
WITH_NAMES = [
    (("report", "nobody"), COMPANY),
    (("report", "nobody", "--by", "place"), COMPANY),
    (("report", "nobody", "--by", "week"), COMPANY),
    (
        ("report", "--by", "shoe-size"),
        "there is no fact 'shoe-size': choose one of role, day, week, month, quarter, country",
    ),
    (("report", "--by", "week", "--of", "shoe-size"), "there is no fact 'shoe-size': choose one of role, country"),
    (("report", "--group", "nobody"), "has no group 'nobody'"),
    (("shifts", "nobody"), COMPANY),
    (("shifts", "Fenwright", "--versus", "nobody"), COMPANY),
    (("changes", "nobody"), COMPANY),
    (("postings", "nobody"), COMPANY),
    (("postings", "--where", "shoe=44"), "'shoe=44' is no filter"),
    (("explain", "nobody"), "the store has no posting 'nobody'"),
    (("check", "nobody.toml"), "cannot read nobody.toml"),
]


@pytest.mark.parametrize(("arguments", "sentence"), WITH_NAMES)
def test_a_name_is_looked_for_before_a_model_is_loaded(
    rolemix: Rolemix, history: History, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    where = ("--db", history.path, "--model", tmp_path / "no model")
    assert sentence in rolemix(*arguments, *where).sentence
    assert "no model at" in rolemix("report", *where).sentence, "which is what loading it would say"


def test_label_looks_for_a_company_first(history: History, tmp_path: Path) -> None:
    arguments = ("label", "--company", "nobody", "--db", history.path, "--model", tmp_path / "no model")
    with Terminal.running(*arguments, cwd=tmp_path) as terminal:
        terminal.see("the store has no company nobody")
        assert terminal.end() == 1
