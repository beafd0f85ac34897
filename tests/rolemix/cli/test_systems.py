"""The list of systems, in the terminal and in the docs."""

from __future__ import annotations

import json
import re

import pytest

from crawler.systems import systems
from tests.rolemix.conftest import ROOT, Rolemix


def test_every_system_is_listed(rolemix: Rolemix) -> None:
    result = rolemix("systems", "--format", "json")
    rows = json.loads(result.out)
    assert [row["system"] for row in rows] == list(systems())
    assert all(row["vendor"] and row["a run is complete when"] for row in rows)


def test_the_page_of_the_docs_is_what_the_command_prints(rolemix: Rolemix) -> None:
    page = (ROOT / "docs" / "boards.md").read_text("utf-8")
    assert page.endswith(rolemix("systems", "--format", "md").out), "write it anew with: make boards"


def test_on_a_narrow_terminal_no_address_is_broken(rolemix: Rolemix, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm", "COLUMNS": "80"}.items():
        monkeypatch.setenv(name, value)
    drawn = re.sub(r"\x1b\[[\d;]*m", "", rolemix("systems").out)
    assert [line.split()[-1] for line in drawn.splitlines()[1:]] == [spider.example for spider in systems().values()]
    assert all(line == line.rstrip() for line in drawn.splitlines())
