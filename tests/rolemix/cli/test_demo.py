"""``rolemix demo``: it writes the same files every time, and never over anything else."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import textwrap
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.server import Simulator
from simulator.world import World
from tests.rolemix.conftest import QUILLMOTH, Rolemix, command, environment

WRITTEN = ["feed.json", "report.csv", "report.json", "report.md", "rolemix.db"]


def test_the_opening_of_the_readme_is_what_it_prints(rolemix: Rolemix) -> None:
    opening = (Path(__file__).parents[3] / "README.md").read_text("utf-8").partition("\n## ")[0]
    movers, table = (textwrap.dedent(block) for block in re.findall(r"(?:^ {4}.*\n)+", opening, re.MULTILINE))
    printed = rolemix("demo").out
    assert printed.startswith(movers)
    lines = iter(printed.splitlines())
    assert [line for line in table.splitlines() if line not in lines] == []  # each after the one before it


def test_it_writes_the_same_again(rolemix: Rolemix, tmp_path: Path) -> None:
    result = rolemix("demo", "--days", 3, "--out", "out")
    assert result.code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == WRITTEN
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.[cjm]*")}
    count = len(json.loads(first["feed.json"])["items"])
    assert f"wrote out/feed.json ({count} postings), report.json, report.csv, report.md, rolemix.db" in result.err
    assert [line[:10] for line in result.err.splitlines()[1:5]] == [f"2026-03-0{day}" for day in (2, 3, 4, 5)]
    assert "Fenwright Labs: " in result.out
    assert "鹿吟谷智能: " in first["report.md"].decode("utf-8")
    again = rolemix("demo", "--days", 3, "--out", "out")
    assert (again.code, again.out, again.err) == (0, result.out, result.err)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.[cjm]*")} == first


def test_open_postings_are_those_of_the_simulated_world(rolemix: Rolemix, tmp_path: Path) -> None:
    rolemix("demo", "--days", 2, "--out", "out", "--seed", 5)
    world = World(5)
    listed = sum(len(world.identifiers(board.url, 2) - world.paused(board.url, 2)) for board in world.boards)
    with sqlite3.connect(tmp_path / "out" / "rolemix.db") as connection:
        found = connection.execute("SELECT count(*) FROM openings WHERE closed_at IS NULL").fetchone()
    assert found == (listed,)


def test_a_store_that_is_not_the_demonstrations_is_not_replaced(
    rolemix: Rolemix, save_response: Callable[..., Path], tmp_path: Path
) -> None:
    file = save_response("postings.json", ("a", "Nurse"))
    rolemix("ingest", file, "--board", QUILLMOTH, "--observed-at", "2026-03-01")
    with sqlite3.connect(tmp_path / "rolemix.db") as connection:
        before = list(connection.iterdump())
    result = rolemix("demo", "--days", 1, "--out", ".")
    assert (result.code, result.out) == (1, "")
    assert "holds other boards than the demonstration's" in result.sentence
    with sqlite3.connect(tmp_path / "rolemix.db") as connection:
        assert list(connection.iterdump()) == before


def test_a_file_that_is_no_store_is_not_replaced(rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "rolemix.db").write_text("my diary " * 200)
    result = rolemix("demo", "--days", 1, "--out", ".")
    assert result.code == 1
    assert (tmp_path / "rolemix.db").read_text() == "my diary " * 200


def test_a_folder_that_cannot_be_written(rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = rolemix("demo", "--days", 1, "--out", "file/out")
    assert result.code == 1
    assert "name another folder with --out" in result.sentence


@pytest.mark.parametrize("arguments", [("--days", 0), ("--days", 29), ("--port", 70000), ("--day", -1)])
def test_numbers_out_of_range_are_usage_errors(rolemix: Rolemix, arguments: tuple[object, ...]) -> None:
    assert rolemix("demo", *arguments).code == 2


def test_a_port_that_is_taken(rolemix: Rolemix, simulator: Simulator) -> None:
    result = rolemix("demo", "--serve", "--port", simulator.url.rpartition(":")[2])
    assert result.code == 1
    assert "choose another with --port" in result.sentence


def served(*arguments: object) -> tuple[str, list[str], subprocess.Popen[str]]:
    """Start serving; the address, the rest of the first lines, and the process to end."""
    server = subprocess.Popen(command("demo", *arguments), env=environment(), stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    first = server.stderr.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", first)
    assert found is not None, first
    return found[0], [server.stderr.readline(), server.stderr.readline()], server


def test_it_serves_the_boards() -> None:
    url, hint, server = served("--serve", "--day", 2)
    try:
        assert hint == [f"rolemix crawl --gateway {url} --delay 0 BOARD\n", f"{World().boards[0].url}\n"]
        with urllib.request.urlopen(f"{url}/api.lever.co/v0/postings/cinderquay?mode=json") as response:
            rows = json.load(response)
        assert {row["id"] for row in rows} == World().identifiers("https://jobs.lever.co/cinderquay", 2)
    finally:
        server.terminate()
        server.communicate()


def test_it_serves_recorded_responses(save_response: Callable[..., Path], tmp_path: Path) -> None:
    save_response("quillmoth_rsp.json", ("a", "Nurse"))
    request = "GET https://api.lever.co/v0/postings/quillmoth?mode=json\n\nHTTP 200\n"
    (tmp_path / "quillmoth_req.hurl").write_text(request)
    url, hint, server = served("--replay", tmp_path)
    try:
        assert hint[1] == "https://jobs.lever.co/quillmoth\n"
        with urllib.request.urlopen(f"{url}/api.lever.co/v0/postings/quillmoth?mode=json") as response:
            assert [row["text"] for row in json.load(response)] == ["Nurse"]
    finally:
        server.terminate()
        server.communicate()


def test_a_folder_without_recordings(rolemix: Rolemix, tmp_path: Path) -> None:
    result = rolemix("demo", "--replay", "nowhere")
    assert result.code == 1
    assert "nowhere" in result.sentence
    (tmp_path / "response.json").write_text("[]")
    result = rolemix("demo", "--replay", tmp_path)
    assert result.code == 1
    assert "NAME_req.hurl beside NAME_rsp.json" in result.sentence
