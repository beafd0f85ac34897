"""The names of companies and of postings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.runs.saved import Stated
from crawler.systems import find_board
from postings.store import Store, queries
from rolemix.collecting.ingesting import ingest
from rolemix.companies import NoSuchPosting, company_names, employer_name, find_posting, full_name
from simulator.world import World
from tests.rolemix.conftest import QUILLMOTH


def test_an_employer_is_named_with_the_site() -> None:
    assert employer_name("Quillmoth", "linkedin") == "Quillmoth (LinkedIn)"
    assert employer_name(None, "linkedin") == "employers not named (LinkedIn)"


@pytest.fixture
def store(tmp_path: Path, save_response: Callable[..., Path]) -> Store:
    opened = Store.open(tmp_path / "db")
    for slug in ("quillmoth", "quillmoth-eu"):
        board = find_board(f"https://jobs.lever.co/{slug}")
        file = save_response(f"{slug}.json", ("1", "Nurse"), (f"of-{slug}", "Cook"))
        ingest(opened, [file], Stated(board=board, observed_at=World.date(0)), company=slug.upper())
    return opened


@pytest.mark.parametrize("name", ["of-quillmoth", f"{QUILLMOTH}#of-quillmoth", f"{QUILLMOTH}/of-quillmoth"])
def test_a_posting_is_found_by_each_of_its_names(store: Store, name: str) -> None:
    assert full_name(find_posting(store, name)) == f"{QUILLMOTH}#of-quillmoth"


def test_a_name_of_several_postings_is_an_error_that_lists_them(store: Store) -> None:
    with pytest.raises(NoSuchPosting, match="2 postings are called '1': give the full name of one") as raised:
        find_posting(store, "1")
    assert raised.value.names == (f"{QUILLMOTH}#1", f"{QUILLMOTH}-eu#1")
    assert full_name(find_posting(store, "1", board_url=QUILLMOTH)) == f"{QUILLMOTH}#1"


def test_an_unknown_name_is_an_error(store: Store) -> None:
    with pytest.raises(NoSuchPosting, match=f"the store has no posting 'x' on {QUILLMOTH}"):
        find_posting(store, "x", board_url=QUILLMOTH)


def test_names_by_board(store: Store) -> None:
    with store.read() as connection:
        assert company_names(connection) == {QUILLMOTH: "QUILLMOTH", f"{QUILLMOTH}-eu": "QUILLMOTH-EU"}
        assert [board.name for board in queries.fetch_boards(connection)] == ["QUILLMOTH", "QUILLMOTH-EU"]
