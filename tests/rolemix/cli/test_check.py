"""``rolemix check``: what it prints of claims about a lab of which the truth is known."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.claims import CLAIMS
from simulator.twins import DIM, TRUE
from tests.rolemix.conftest import Rolemix


def asked(folder: Path, lab: str) -> Path:
    path = folder / "claims.toml"
    path.write_text(CLAIMS.read_text("utf-8").replace('"DeepSeek"', f'"{lab}"'), "utf-8")
    return path


def test_figures_postings_and_dates_are_printed(rolemix: Rolemix, labs: Path, tmp_path: Path) -> None:
    result = rolemix("check", asked(tmp_path, TRUE), "--db", labs)
    assert result.code == 0, result.err
    assert "Candlewick: It recruited for data-centre positions in Inner Mongolia" in result.out
    assert "2026-06-04 数据中心运维工程师 https://jobs.lever.co/candlewick/" in result.out
    assert "p < 0.001" in result.out
    assert "note: 90,000 yuan a month, 14 times a year" in result.out


def test_what_would_decide_is_printed(rolemix: Rolemix, labs: Path, tmp_path: Path) -> None:
    rows = json.loads(rolemix("check", asked(tmp_path, DIM), "--db", labs, "--format", "json").out)
    by_id = {row["id"]: row for row in rows}
    assert by_id["data-engineers"]["needed"].startswith("complete runs over the boards of Glimmer")
    assert "never seen whole were https://app.mokahr.com/social-recruitment/glimmer" in by_id["lawyers"]["figures"]
    assert by_id["full-stack"]["verdict"] == "supported"
    assert all(row["needed"] for row in rows if row["verdict"] == "not decidable")
