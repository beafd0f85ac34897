"""Finding one posting: in the store by its name, or in a file of postings."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from postings.errors import RolemixError
from postings.store import Store, queries
from postings.store.records import PostingHistory
from rolemix.names import company_name


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
        found = list(queries.histories(connection, named=name, board_urls=boards))
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
        board.url: company_name(board.company, board.organization, board.url) for board in queries.boards(connection)
    }
