"""Under which name a company is shown, wherever it is shown."""

from __future__ import annotations

from functools import lru_cache

from crawler.systems import find_board, system


def company_name(given: str | None, organization: str | None, board_url: str) -> str:
    """Return the user's name for a company, else the board's, else its key on the recruiting system.

    Args:
        given: The user's name for it, if there is one.
        organization: What the board calls it, if it does.
        board_url: The board.
    """
    return given or organization or find_board(board_url).organization


def of_several_employers(given: str | None, board_url: str) -> bool:
    """Return whether a board's postings are each shown under the employer that they name: a search on a job site.

    Args:
        given: The user's name for the company whose postings the board holds; it then stands for all of them.
        board_url: The board.
    """
    return not given and find_board(board_url).several_employers


def employer_name(hiring_organization: str | None, board_url: str) -> str:
    """Return under which name a posting of a search is shown: its employer's, on that site.

    The site belongs to the name, because what a search happens to show must not be added to a company's own board,
    which may list the same posting and is known whole.

    Args:
        hiring_organization: Whom the posting names; None where it names no one.
        board_url: The search.
    """
    return f"{hiring_organization or 'employers not named'} ({_site(board_url)})"


@lru_cache  # the postings of a search are many
def _site(board_url: str) -> str:
    return system(find_board(board_url).system).vendor
