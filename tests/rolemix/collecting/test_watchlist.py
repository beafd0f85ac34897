"""The watchlist: read, added to and removed from without losing what people wrote in it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from crawler.systems import find_board
from rolemix.collecting.watchlist import Watched, WatchlistError, add, load, load_group, move, remove, shipped

LEVER = find_board("https://jobs.lever.co/quillmoth")
ASHBY = find_board("https://jobs.ashbyhq.com/Marrow%20Light")

WRITTEN = """\
# The lamp makers.

[[board]]  # ask Ada before removing
url = "https://jobs.lever.co/quillmoth"
company = "Quillmoth"

# Robots
[[board]]
url = "https://jobs.lever.co/cinderquay"   # robotics
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "watchlist.toml"


def test_what_is_added_is_read_again(path: Path) -> None:
    entries = [Watched(LEVER, "羽蛾 \"Quill\" \\ 'Moth'"), Watched(ASHBY)]
    assert [add(path, entry) for entry in entries] == [True, True]
    assert load(path) == entries
    assert path.read_text(encoding="utf-8").startswith("# ")


def test_board_is_added_once_whatever_its_address(path: Path) -> None:
    assert add(path, Watched(LEVER))
    assert not add(path, Watched(find_board("https://jobs.lever.co/quillmoth/some-id?x=1"), "Another name"))
    assert load(path) == [Watched(LEVER)]


def test_comments_stay_when_adding(path: Path) -> None:
    path.write_text(WRITTEN, encoding="utf-8")
    add(path, Watched(ASHBY, "Marrow Light"))
    text = path.read_text(encoding="utf-8")
    assert text.startswith(WRITTEN)
    assert [entry.board.url for entry in load(path)][-1] == ASHBY.url


def test_comments_stay_when_removing(path: Path) -> None:
    path.write_text(WRITTEN, encoding="utf-8")
    remove(path, find_board("https://jobs.lever.co/cinderquay"))
    text = path.read_text(encoding="utf-8")
    assert "# The lamp makers." in text
    assert "# ask Ada before removing" in text
    assert load(path) == [Watched(LEVER, "Quillmoth")]


def test_the_last_board_can_be_removed_and_another_added(path: Path) -> None:
    add(path, Watched(LEVER))
    remove(path, LEVER)
    assert load(path) == []
    add(path, Watched(ASHBY))
    assert load(path) == [Watched(ASHBY)]


def test_empty_file_lists_nothing(path: Path) -> None:
    path.write_text("")
    assert load(path) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[board]\n", "line 1"),
        ("board = 3\n", "[[board]]"),
        ("[[boards]]\nurl = 'https://jobs.lever.co/quillmoth'\n", "'boards'"),
        ("[[board]]\ncompany = 'x'\n", "has no url"),
        ("[[board]]\nurl = 3\n", "has no url"),
        ("[[board]]\nurl = 'https://example.com'\n", "https://example.com"),
        ("[[board]]\nurl = 'https://jobs.lever.co/quillmoth'\nname = 'x'\n", "'name'"),
    ],
)
def test_malformed_file_is_reported_and_kept(path: Path, text: str, sentence: str) -> None:
    path.write_text(text)
    for attempt in (lambda: load(path), lambda: add(path, Watched(ASHBY)), lambda: remove(path, LEVER)):
        with pytest.raises(WatchlistError) as raised:
            attempt()
        assert sentence in str(raised.value)
        assert str(path) in str(raised.value)
    assert path.read_text() == text


def test_file_that_is_not_utf8(path: Path) -> None:
    path.write_bytes(b"# \xff\n")
    with pytest.raises(WatchlistError, match="UTF-8"):
        load(path)


def test_missing_file(path: Path) -> None:
    with pytest.raises(WatchlistError, match="watch add"):
        load(path)
    with pytest.raises(WatchlistError, match="watch add"):
        remove(path, LEVER)


def test_board_that_is_not_listed(path: Path) -> None:
    add(path, Watched(LEVER))
    with pytest.raises(WatchlistError, match="watch list"):
        remove(path, ASHBY)


def test_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WatchlistError, match="the watchlist"):
        add(tmp_path / "file" / "watchlist.toml", Watched(LEVER))


def test_name_that_is_not_utf8(path: Path) -> None:
    with pytest.raises(WatchlistError, match="UTF-8"):
        add(path, Watched(LEVER, "\udcff"))
    assert not path.exists()


def test_moved_board_keeps_its_entry(path: Path) -> None:
    path.write_text(WRITTEN.replace('company = "Quillmoth"', 'company = "Quillmoth"\npermission = "Ours."'))
    move(path, LEVER, ASHBY)
    assert load(path)[0] == Watched(ASHBY, "Quillmoth"), "a permission was for the old board"
    text = path.read_text(encoding="utf-8")
    assert "# ask Ada before removing" in text
    assert "# robotics" in text


def test_board_moved_to_a_listed_one_leaves_the_list(path: Path) -> None:
    path.write_text(WRITTEN)
    move(path, LEVER, find_board("https://jobs.lever.co/cinderquay"))
    assert [entry.board.url for entry in load(path)] == ["https://jobs.lever.co/cinderquay"]
    with pytest.raises(WatchlistError, match="is not in"):
        move(path, LEVER, ASHBY)


# The list that is shipped


def test_every_shipped_board_is_one_that_can_be_read() -> None:
    entries = load(shipped())
    assert len({entry.board.url for entry in entries}) == len(entries) > 40
    assert all(entry.company for entry in entries)
    assert not any(entry.permission for entry in entries), "that is for each user to state"


def test_every_shipped_board_states_its_mentions() -> None:
    blocks = re.split(r"^\[\[board\]\]$", shipped().read_text(encoding="utf-8"), flags=re.MULTILINE)
    for block in blocks[:-1]:
        before = block.strip().splitlines()[-1]
        assert before.startswith("# "), block
        assert not re.match(r"# (url|company|page) =", before), "a comment of another board"


def test_boards_without_proof_can_be_added() -> None:
    text = shipped().read_text(encoding="utf-8")
    left_out = re.findall(r"^# (?:\[\[board\]\]|(?:url|company) = \".*\")$", text, flags=re.MULTILINE)
    boards = tomllib.loads("\n".join(line.removeprefix("# ") for line in left_out))["board"]
    assert boards
    assert all(set(board) == {"url", "company"} for board in boards)


def test_groups_of_companies(path: Path) -> None:
    path.write_text(WRITTEN + '\n[groups]\nlamps = ["Quillmoth", "羽蛾"]  # all of them\n', encoding="utf-8")
    assert load_group(path, "lamps") == ["Quillmoth", "羽蛾"]
    add(path, Watched(ASHBY, "Marrow Light"))
    remove(path, LEVER)
    assert load_group(path, "lamps") == ["Quillmoth", "羽蛾"]
    assert len(load(path)) == 2
    with pytest.raises(WatchlistError, match=r"no group 'ships' \(it has lamps\): add it under"):
        load_group(path, "ships")


@pytest.mark.parametrize("wrong", ["groups = 1", "[groups]\na = 'DeepSeek'", "[groups]\na = []", "[groups]\na = [1]"])
def test_groups_that_are_none(path: Path, wrong: str) -> None:
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(WatchlistError, match=r"give each group a list of companies"):
        load(path)


def test_shipped_groups_are_of_companies_on_the_list() -> None:
    listed = {entry.company for entry in load(shipped())}
    commented = set(re.findall(r'# company = "(.+)"', shipped().read_text("utf-8")))
    groups = tomllib.loads(shipped().read_text("utf-8"))["groups"]
    assert len(groups) >= 6
    assert {company for of_it in groups.values() for company in of_it} <= listed | commented
