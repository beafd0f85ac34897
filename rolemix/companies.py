"""Under which name a company is shown, wherever it is shown."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from sqlalchemy import Connection

from crawler.systems import find_board, system
from postings.errors import RolemixError
from postings.store import Store, queries
from postings.store.records import PostingHistory


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


class NoSuchPosting(RolemixError):
    """The store has no posting of a name, or several; then ``names`` tells them apart.

    Attributes:
        names: The full names of the postings meant: the board's address, ``#``, and the board's own id.
    """

    def __init__(self, sentence: str, names: Collection[str] = ()) -> None:
        super().__init__(sentence)
        self.names = tuple(names)


def find_posting(store: Store, name: str, *, board_url: str | None = None) -> PostingHistory:
    """Return the one posting of a name, in its newest version.

    Args:
        store: Where to look.
        name: The board's own id; the board's address, ``#`` and that id, as in the feed; or the address where a
            person reads the posting.
        board_url: Only on this board; None for all.

    Raises:
        NoSuchPosting: None has this name, or several have.
    """
    with store.read() as connection:
        boards = None if board_url is None else [board_url]
        found = list(queries.stream_histories(connection, named=name, board_urls=boards))
    where = f" on {board_url}" if board_url else ""
    if not found:
        raise NoSuchPosting(f"no posting in the store is called {name!r}{where}")
    if len(found) > 1:
        names = [full_name(one) for one in found]
        raise NoSuchPosting(f"{len(found)} postings are called {name!r}{where}: name one of them in full", names)
    return found[0]


def full_name(found: PostingHistory) -> str:
    """Return the name of a posting that no other has, the feed's ``id``: the board's address and the board's own id."""
    return f"{found.board_url}#{found.posting.identifier}"


def company_names(connection: Connection) -> dict[str, str]:
    """Return the name of each board's company, as reports show it, by the board's address."""
    return {
        board.url: company_name(board.company, board.organization, board.url)
        for board in queries.fetch_boards(connection)
    }
