"""Under which name a company is shown, wherever it is shown."""

from __future__ import annotations

from crawler.systems import find_board


def company_name(given: str | None, organization: str | None, board_url: str) -> str:
    """Return the user's name for a company, else the board's, else its key on the recruiting system.

    Args:
        given: The user's name for it, if there is one.
        organization: What the board calls it, if it does.
        board_url: The board.
    """
    return given or organization or find_board(board_url).organization
