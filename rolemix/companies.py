"""The names of companies and of postings, the same wherever they are shown."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from postings.errors import RolemixError
from postings.store import Store, queries
from postings.store.records import PostingHistory, RecordedBoard


def company_of(found: PostingHistory, board: RecordedBoard) -> str:
    """Return the name under which a posting is shown: its company's, or its employer's if a search found it."""
    return employer_name(found.posting.hiring_organization, board.system) if board.is_search else board.name


def employer_name(hiring_organization: str | None, system_name: str) -> str:
    """Return the name under which a posting found by a search is shown: its employer's, on that site.

    The site is part of the name, because what a search happens to find must not be added to a company's own board,
    which may list the same posting and can be seen whole.

    Args:
        hiring_organization: The employer that the posting names; None where it names none.
        system_name: The job site.
    """
    from crawler.systems import system  # Scrapy with it, which most reports do without

    return f"{hiring_organization or 'employers not named'} ({system(system_name).vendor})"


class NoSuchPosting(RolemixError):
    """The store has no posting of a name, or several of that name.

    Attributes:
        names: The full names of the several: each the board's address, ``#``, and the board's own id.
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
        raise NoSuchPosting(f"the store has no posting {name!r}{where}")
    if len(found) > 1:
        names = [full_name(one) for one in found]
        raise NoSuchPosting(f"{len(found)} postings are called {name!r}{where}: give the full name of one", names)
    return found[0]


def full_name(found: PostingHistory) -> str:
    """Return the name of a posting that no other has, the feed's ``id``: the board's address and the board's own id."""
    return f"{found.board_url}#{found.posting.identifier}"


def company_names(connection: Connection) -> dict[str, str]:
    """Return the name of each board's company, as reports show it, by the board's address."""
    return {board.url: board.name for board in queries.fetch_boards(connection)}
