"""The list of systems, in the terminal and in the docs."""

from __future__ import annotations

import json

from crawler.systems import systems
from tests.rolemix.conftest import ROOT, Rolemix


def test_every_system_is_listed(rolemix: Rolemix) -> None:
    said = rolemix("systems", "--format", "json")
    rows = json.loads(said.out)
    assert [row["system"] for row in rows] == list(systems())
    assert all(row["vendor"] and row["a board is whole when"] for row in rows)


def test_the_page_of_the_docs_is_what_the_command_prints(rolemix: Rolemix) -> None:
    page = (ROOT / "docs" / "boards.md").read_text("utf-8")
    assert page.endswith(rolemix("systems", "--format", "md").out), "write it anew with: make boards"
