"""``rolemix watch``: boards added after a look at them, listed, checked and removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rolemix.demo.faults import FaultKind
from rolemix.demo.server import Simulator
from tests.rolemix.conftest import Rolemix

CINDERQUAY = "https://jobs.lever.co/cinderquay"
FENWRIGHT = "https://job-boards.greenhouse.io/fenwrightlabs"
UNKNOWN = "https://jobs.lever.co/nobody-at-all"


def at(simulator: Simulator) -> tuple[object, ...]:
    return ("--gateway", simulator.url, "--delay", 0)


def test_a_known_board_is_added_with_its_own_name(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    said = rolemix("watch", "add", f"{FENWRIGHT}/jobs/123", *at(simulator))
    assert (said.code, said.out) == (0, "")
    assert said.err.splitlines() == [
        "greenhouse board of Fenwright Labs: 59 postings (complete)",
        f"added to watchlist.toml: {FENWRIGHT}",
    ]
    listed = json.loads(rolemix("watch", "list", "--format", "json").out)
    assert listed == [{"company": "Fenwright Labs", "system": "greenhouse", "board": FENWRIGHT}]


def test_an_unknown_board_is_not_added(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    said = rolemix("watch", "add", UNKNOWN, *at(simulator))
    assert said.code == 1
    assert "was not added" in said.sentence
    assert "--unchecked" in said.sentence
    assert not (tmp_path / "watchlist.toml").exists()


def test_unchecked_adds_it_all_the_same(rolemix: Rolemix, tmp_path: Path) -> None:
    # A gateway where nothing listens: no request is made.
    said = rolemix("watch", "add", UNKNOWN, "--unchecked", "--company", "无名", "--gateway", "http://127.0.0.1:9")
    assert said.code == 0
    assert "无名" in (tmp_path / "watchlist.toml").read_text(encoding="utf-8")


def test_a_board_that_cannot_be_reached_is_not_added(rolemix: Rolemix, tmp_path: Path) -> None:
    said = rolemix("watch", "add", CINDERQUAY, "--gateway", "http://127.0.0.1:9", "--delay", 0)
    assert said.code == 1
    assert "failed" in said.sentence
    assert not (tmp_path / "watchlist.toml").exists()


def test_a_listed_board_is_said_and_ends_well(rolemix: Rolemix, tmp_path: Path) -> None:
    rolemix("watch", "add", CINDERQUAY, "--unchecked")
    before = (tmp_path / "watchlist.toml").read_bytes()
    said = rolemix("watch", "add", CINDERQUAY, "--unchecked")
    assert said.code == 0
    assert said.sentence == f"already in watchlist.toml: {CINDERQUAY}"
    said = rolemix("watch", "add", CINDERQUAY, "--unchecked", "--company", "Cinderquay Robotics")
    assert "change it there" in said.sentence
    assert (tmp_path / "watchlist.toml").read_bytes() == before


def test_a_board_without_a_name_is_listed_under_its_key(rolemix: Rolemix) -> None:
    rolemix("watch", "add", CINDERQUAY, "--unchecked")
    (listed,) = json.loads(rolemix("watch", "list", "--format", "json").out)
    assert listed["company"] == "cinderquay"


def test_no_board_at_all(rolemix: Rolemix) -> None:
    said = rolemix("watch", "add", "https://example.com/careers")
    assert said.code == 1
    assert "Known forms" in said.sentence


def test_comments_are_kept(rolemix: Rolemix, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'# mine\n\n[[board]]  # robots\nurl = "{CINDERQUAY}"\n')
    assert rolemix("watch", "add", FENWRIGHT, "--unchecked", "--watchlist", path).code == 0
    assert rolemix("watch", "remove", FENWRIGHT, "--watchlist", path).code == 0
    assert "# mine" in path.read_text()
    assert "# robots" in path.read_text()


def test_a_check_of_whole_boards_ends_well(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    rolemix("watch", "add", CINDERQUAY, "--unchecked", "--company", "槿岭云算")
    said = rolemix("watch", "check", *at(simulator))
    assert said.code == 0
    assert "槿岭云算  lever   complete        18\n" in said.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["watchlist.toml"]


def test_a_check_of_a_partial_board_ends_with_one(simulator: Simulator, rolemix: Rolemix) -> None:
    for url in (CINDERQUAY, FENWRIGHT):
        rolemix("watch", "add", url, "--unchecked")
    simulator.fault(FENWRIGHT, FaultKind.TRUNCATED)
    said = rolemix("watch", "check", *at(simulator))
    assert said.code == 1
    assert [line.split(": ")[0] for line in said.out.splitlines() if line.startswith("https")] == [FENWRIGHT]
    rows = json.loads(rolemix("watch", "check", *at(simulator), "--format", "json").out)
    assert [(row["company"], row["verdict"]) for row in rows] == [
        ("cinderquay", "complete"),
        ("Fenwright Labs", "incomplete"),
    ]


def test_a_check_has_no_number_where_nothing_was_read(simulator: Simulator, rolemix: Rolemix) -> None:
    rolemix("watch", "add", UNKNOWN, "--unchecked")
    (row,) = json.loads(rolemix("watch", "check", *at(simulator), "--format", "json").out)
    assert (row["verdict"], row["postings"]) == ("gone", None)


def test_remove(rolemix: Rolemix) -> None:
    rolemix("watch", "add", CINDERQUAY, "--unchecked")
    assert rolemix("watch", "remove", f"{CINDERQUAY}/some-posting").code == 0
    said = rolemix("watch", "remove", CINDERQUAY)
    assert said.code == 1
    assert "is not in watchlist.toml" in said.sentence
    assert json.loads(rolemix("watch", "list", "--format", "json").out) == []


@pytest.mark.parametrize("what", [("list",), ("check",), ("remove", CINDERQUAY)])
def test_a_missing_file_is_said(rolemix: Rolemix, what: tuple[str, ...]) -> None:
    said = rolemix("watch", *what)
    assert (said.code, said.out) == (1, "")
    assert "there is no watchlist at watchlist.toml: add a board with `rolemix watch add URL`" in said.sentence


@pytest.mark.parametrize("what", [("list",), ("check",), ("remove", CINDERQUAY), ("add", CINDERQUAY, "--unchecked")])
def test_a_broken_file_is_said(rolemix: Rolemix, tmp_path: Path, what: tuple[str, ...]) -> None:
    (tmp_path / "watchlist.toml").write_text("[[board]\nurl = 3")
    said = rolemix("watch", *what)
    assert (said.code, said.out) == (1, "")
    assert "is not valid TOML" in said.sentence
    assert (tmp_path / "watchlist.toml").read_text() == "[[board]\nurl = 3"


def test_a_place_that_cannot_be_written_is_said(rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = rolemix("watch", "add", CINDERQUAY, "--unchecked", "--watchlist", "file/watchlist.toml")
    assert said.code == 1
    assert "the watchlist file/watchlist.toml" in said.sentence


def test_a_long_address_is_not_broken_where_a_program_reads_it(rolemix: Rolemix) -> None:
    url = f"https://jobs.lever.co/{'quillmoth' * 12}"
    rolemix("watch", "add", url, "--unchecked", "--company", "A company with a name that is long as well")
    assert rolemix("watch", "list").out.splitlines()[1].split()[-1] == url
