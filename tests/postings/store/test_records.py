"""How a board is called, and whether it is a search."""

from __future__ import annotations

import pytest

from postings.store.records import RecordedBoard
from tests.postings.store.examples import BOARD


@pytest.mark.parametrize(
    ("company", "organization", "key", "name"),
    [
        ("Lanternfish", "Laternenfisch", "lanternfish", "Lanternfish"),
        (None, "Laternenfisch", "lanternfish", "Laternenfisch"),
        (None, None, "lanternfish", "lanternfish"),
        ("", "", "lanternfish", "lanternfish"),
        (None, None, None, BOARD),
    ],
)
@pytest.mark.parametrize("several_employers", [False, True])
def test_a_board_is_called_by_the_best_name_known(
    company: str | None, organization: str | None, key: str | None, name: str, several_employers: bool
) -> None:
    board = RecordedBoard(
        url=BOARD,
        system="moka",
        organization=organization,
        company=company,
        key=key,
        several_employers=several_employers,
        last_run=None,
        last_complete=None,
        last_seen_whole=None,
    )
    assert board.name == name
    # The name that the user gives stands for all postings of a search.
    assert board.is_search is (several_employers and not company)
