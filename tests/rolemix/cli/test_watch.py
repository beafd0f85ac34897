"""``rolemix watch``: boards added after a look at them, listed, checked and removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.systems import find_board, system
from rolemix.collecting.watchlist import Watched, load, shipped
from simulator.faults import FaultKind
from simulator.server import Simulator
from simulator.sites import SitePage
from tests.rolemix.conftest import Rolemix

CINDERQUAY = "https://jobs.lever.co/cinderquay"
FENWRIGHT = "https://job-boards.greenhouse.io/fenwrightlabs"
LUYINGU = "https://app.mokahr.com/social-recruitment/luyingu/210034"
LUYINGU_CAMPUS = "https://app.mokahr.com/campus-recruitment/luyingu/210035"
UNKNOWN = "https://jobs.lever.co/nobody-at-all"


def at(simulator: Simulator) -> tuple[object, ...]:
    return ("--gateway", simulator.url, "--delay", 0)


def test_known_board_is_added_with_its_own_name(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    result = rolemix("watch", "add", f"{FENWRIGHT}/jobs/123", *at(simulator))
    assert (result.code, result.out) == (0, "")
    assert result.err.splitlines() == [
        "greenhouse board of Fenwright Labs: 59 postings (complete)",
        f"added to watchlist.toml: {FENWRIGHT}",
    ]
    listed = json.loads(rolemix("watch", "list", "--format", "json").out)
    assert listed == [{"company": "Fenwright Labs", "system": "greenhouse", "board": FENWRIGHT}]


def test_unknown_board_is_not_added(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    result = rolemix("watch", "add", UNKNOWN, *at(simulator))
    assert result.code == 1
    assert "was not added" in result.sentence
    assert "--unchecked" in result.sentence
    assert not (tmp_path / "watchlist.toml").exists()


def test_unchecked_adds_it_all_the_same(rolemix: Rolemix, tmp_path: Path) -> None:
    # A gateway where nothing listens: no request is made.
    result = rolemix("watch", "add", UNKNOWN, "--unchecked", "--company", "无名", "--gateway", "http://127.0.0.1:9")
    assert result.code == 0
    assert "无名" in (tmp_path / "watchlist.toml").read_text(encoding="utf-8")


def test_board_that_cannot_be_reached_is_not_added(rolemix: Rolemix, tmp_path: Path) -> None:
    result = rolemix("watch", "add", CINDERQUAY, "--gateway", "http://127.0.0.1:9", "--delay", 0)
    assert result.code == 1
    assert "failed" in result.sentence
    assert not (tmp_path / "watchlist.toml").exists()


def test_listed_board_is_not_added_again(rolemix: Rolemix, tmp_path: Path) -> None:
    rolemix("watch", "add", CINDERQUAY, "--unchecked")
    before = (tmp_path / "watchlist.toml").read_bytes()
    result = rolemix("watch", "add", CINDERQUAY, "--unchecked")
    assert result.code == 0
    assert result.sentence == f"already in watchlist.toml: {CINDERQUAY}"
    result = rolemix("watch", "add", CINDERQUAY, "--unchecked", "--company", "Cinderquay Robotics")
    assert "edit the file" in result.sentence
    assert (tmp_path / "watchlist.toml").read_bytes() == before


def test_board_without_a_name_is_listed_under_its_key(rolemix: Rolemix) -> None:
    rolemix("watch", "add", CINDERQUAY, "--unchecked")
    (listed,) = json.loads(rolemix("watch", "list", "--format", "json").out)
    assert listed["company"] == "cinderquay"


@pytest.mark.parametrize("name", ["acme", "Fenwright Labs"])
def test_no_board_is_guessed_from_a_name(rolemix: Rolemix, name: str) -> None:
    result = rolemix("watch", "add", name)
    assert result.code == 1
    assert result.sentence == (
        f"rolemix: {name!r} is not a web address, and boards are not guessed from names: give the address of a board, "
        "of one of its postings, or of a page on a company's own site"
    )


def test_page_without_a_board_lists_what_was_read(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    result = rolemix("watch", "add", "https://www.luyingu.example/about", *at(simulator))
    assert (result.code, result.out) == (1, "")
    assert result.sentence == (
        "rolemix: no board found on https://www.luyingu.example/about: looked for redirects, frames, scripts, "
        "settings, links and texts that name a board; saw https://www.luyingu.example/about (HTTP 404); "
        "give the address of the board itself, or of one of its postings"
    )
    assert not (tmp_path / "watchlist.toml").exists()


def test_companys_page_leads_to_its_board(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    result = rolemix("watch", "add", "marrowlight.example", *at(simulator))
    assert (result.code, result.out) == (0, "")
    assert result.err.splitlines() == [
        "ashby board of marrowlight: 23 postings (complete)",
        "found by: script https://jobs.ashbyhq.com/marrowlight/embed?version=2 on https://marrowlight.example/careers",
        "added to watchlist.toml: https://jobs.ashbyhq.com/marrowlight",
    ]
    assert load(tmp_path / "watchlist.toml") == [
        Watched(
            find_board("https://jobs.ashbyhq.com/marrowlight"), "Marrowlight", "https://marrowlight.example/careers"
        )
    ]


def test_of_several_boards_the_user_chooses(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    page = "https://www.luyingu.example/join"
    result = rolemix("watch", "add", page, *at(simulator))
    assert result.code == 1
    assert [line.split() for line in result.out.splitlines()] == [
        ["system", "board", "found_by"],
        ["moka", LUYINGU, "link"],
        ["moka", LUYINGU_CAMPUS, "link"],
    ]
    assert "2 boards, and none was added" in result.sentence
    assert f"--page {page}" in result.sentence
    assert not (tmp_path / "watchlist.toml").exists()
    assert rolemix("watch", "add", LUYINGU_CAMPUS, "--page", page, *at(simulator)).code == 0
    assert [(entry.board.url, entry.page) for entry in load(tmp_path / "watchlist.toml")] == [(LUYINGU_CAMPUS, page)]


def test_all_boards_of_a_company_are_added_at_once(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    result = rolemix("watch", "add", "https://www.luyingu.example", "--all", "--company", "鹿吟谷", *at(simulator))
    assert result.code == 0
    added = load(tmp_path / "watchlist.toml")
    assert [(entry.board.url, entry.company) for entry in added] == [(LUYINGU, "鹿吟谷"), (LUYINGU_CAMPUS, "鹿吟谷")]
    assert {entry.page for entry in added} == {"https://www.luyingu.example/join"}


def test_of_all_boards_those_that_can_be_read_are_added(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    simulator.fault(LUYINGU, FaultKind.RETIRED)
    result = rolemix("watch", "add", "https://www.luyingu.example", "--all", *at(simulator))
    assert result.code == 1
    assert f"{LUYINGU} was not added" in result.err
    assert [entry.board.url for entry in load(tmp_path / "watchlist.toml")] == [LUYINGU_CAMPUS]


def test_boards_that_may_not_be_crawled_are_skipped(
    simulator: Simulator, rolemix: Rolemix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system("lever"), "crawlable", False)
    page = "https://mixed.example/"
    simulator.pages[page] = SitePage(body=f'<a href="{CINDERQUAY}">x</a><a href="{FENWRIGHT}">y</a>')
    result = rolemix("watch", "add", page, *at(simulator))
    assert result.code == 0
    assert f"skipped {CINDERQUAY}: lever may not be crawled" in result.err
    assert [entry.board.url for entry in load(tmp_path / "watchlist.toml")] == [FENWRIGHT]
    simulator.pages[page] = SitePage(body=f'<a href="{CINDERQUAY}">x</a>')
    result = rolemix("watch", "add", page, *at(simulator))
    assert result.code == 1
    assert CINDERQUAY in result.out
    assert "save their pages and read them with `rolemix ingest`" in result.sentence
    assert rolemix("watch", "add", page, "--permission", "Ours.", *at(simulator)).code == 0


def test_board_of_another_company_is_reported(simulator: Simulator, rolemix: Rolemix) -> None:
    simulator.pages["https://quillmoth.example/"] = SitePage(
        body=f'<html><head><meta property="og:site_name" content="Quillmoth"></head><a href="{FENWRIGHT}">x</a></html>'
    )
    result = rolemix("watch", "add", "https://quillmoth.example/", *at(simulator))
    assert result.code == 0
    assert "check that this is one company: the board names Fenwright Labs, the page Quillmoth" in result.err


def test_private_address_is_not_requested(simulator: Simulator, rolemix: Rolemix) -> None:
    asked = len(simulator.log)
    result = rolemix("watch", "add", f"{simulator.url}/careers")
    assert result.code == 1
    assert "is not a public address" in result.sentence
    assert len(simulator.log) == asked


# A board whose robots.txt forbids it: Moka's names this one.
FORBIDDEN = "https://app.mokahr.com/social-recruitment/shopee/74378"


def test_permission_is_kept_and_used(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    result = rolemix("watch", "add", FORBIDDEN, *at(simulator))
    assert result.code == 1
    assert "robots.txt" in result.sentence
    assert "read them with `rolemix ingest`, or state with --permission why you may crawl it" in result.sentence
    result = rolemix("watch", "add", FORBIDDEN, "--permission", "It is ours.", *at(simulator))
    assert "unknown board" in result.sentence, "it was asked, and the simulated Moka has no such board"
    rolemix("watch", "add", FORBIDDEN, "--permission", "It is ours.", "--unchecked")
    assert [entry.permission for entry in load(tmp_path / "watchlist.toml")] == ["It is ours."]
    result = rolemix("watch", "add", FORBIDDEN, "--permission", "By contract.", "--unchecked")
    assert result.sentence.endswith("edit the file to change its entry")
    (row,) = json.loads(rolemix("watch", "check", *at(simulator), "--format", "json").out)
    assert row["verdict"] == "gone"


def test_init_writes_the_shipped_watchlist(rolemix: Rolemix, tmp_path: Path) -> None:
    result = rolemix("watch", "init")
    assert result.code == 0
    assert "list them with `rolemix watch list`" in result.sentence
    assert (tmp_path / "watchlist.toml").read_bytes() == shipped().read_bytes()
    result = rolemix("watch", "init")
    assert result.code == 1
    assert "watchlist.toml exists already" in result.sentence


def test_comments_are_kept(rolemix: Rolemix, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'# mine\n\n[[board]]  # robots\nurl = "{CINDERQUAY}"\n')
    assert rolemix("watch", "add", FENWRIGHT, "--unchecked", "--watchlist", path).code == 0
    assert rolemix("watch", "remove", FENWRIGHT, "--watchlist", path).code == 0
    assert "# mine" in path.read_text()
    assert "# robots" in path.read_text()


def test_check_of_whole_boards_exits_with_zero(simulator: Simulator, rolemix: Rolemix, tmp_path: Path) -> None:
    rolemix("watch", "add", CINDERQUAY, "--unchecked", "--company", "槿岭云算")
    result = rolemix("watch", "check", *at(simulator))
    assert result.code == 0
    assert "槿岭云算  lever   complete        18\n" in result.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["watchlist.toml"]


def test_check_of_a_partial_board_exits_with_one(simulator: Simulator, rolemix: Rolemix) -> None:
    for url in (CINDERQUAY, FENWRIGHT):
        rolemix("watch", "add", url, "--unchecked")
    simulator.fault(FENWRIGHT, FaultKind.TRUNCATED)
    result = rolemix("watch", "check", *at(simulator))
    assert result.code == 1
    assert [line.split(": ")[0] for line in result.out.splitlines() if line.startswith("https")] == [FENWRIGHT]
    rows = json.loads(rolemix("watch", "check", *at(simulator), "--format", "json").out)
    assert [(row["company"], row["verdict"]) for row in rows] == [
        ("cinderquay", "complete"),
        ("Fenwright Labs", "incomplete"),
    ]


def test_check_of_an_unread_board_has_no_number(simulator: Simulator, rolemix: Rolemix) -> None:
    rolemix("watch", "add", UNKNOWN, "--unchecked")
    (row,) = json.loads(rolemix("watch", "check", *at(simulator), "--format", "json").out)
    assert (row["verdict"], row["postings"]) == ("gone", None)


def test_remove(rolemix: Rolemix) -> None:
    rolemix("watch", "add", CINDERQUAY, "--unchecked")
    assert rolemix("watch", "remove", f"{CINDERQUAY}/some-posting").code == 0
    result = rolemix("watch", "remove", CINDERQUAY)
    assert result.code == 1
    assert "is not in watchlist.toml" in result.sentence
    assert json.loads(rolemix("watch", "list", "--format", "json").out) == []


@pytest.mark.parametrize("what", [("list",), ("check",), ("remove", CINDERQUAY)])
def test_missing_file_is_reported(rolemix: Rolemix, what: tuple[str, ...]) -> None:
    result = rolemix("watch", *what)
    assert (result.code, result.out) == (1, "")
    assert "there is no watchlist at watchlist.toml: add a board with `rolemix watch add URL`" in result.sentence


@pytest.mark.parametrize("what", [("list",), ("check",), ("remove", CINDERQUAY), ("add", CINDERQUAY, "--unchecked")])
def test_malformed_file_is_reported(rolemix: Rolemix, tmp_path: Path, what: tuple[str, ...]) -> None:
    (tmp_path / "watchlist.toml").write_text("[[board]\nurl = 3")
    result = rolemix("watch", *what)
    assert (result.code, result.out) == (1, "")
    assert "is not valid TOML" in result.sentence
    assert (tmp_path / "watchlist.toml").read_text() == "[[board]\nurl = 3"


def test_unwritable_place_is_reported(rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = rolemix("watch", "add", CINDERQUAY, "--unchecked", "--watchlist", "file/watchlist.toml")
    assert result.code == 1
    assert "the watchlist file/watchlist.toml" in result.sentence


def test_long_address_is_not_wrapped_in_output_for_programs(rolemix: Rolemix) -> None:
    url = f"https://jobs.lever.co/{'quillmoth' * 12}"
    rolemix("watch", "add", url, "--unchecked", "--company", "A company with a name that is long as well")
    assert rolemix("watch", "list").out.splitlines()[1].split()[-1] == url
