"""A job board, which its URL identifies, and a position in its list."""

from __future__ import annotations

import dataclasses

from postings.errors import RolemixError

ANY_HOST = r"(?P<host>(?:[a-z\d-]+\.)+[a-z][a-z\d-]+)"
"""A pattern for any company's own host, for addresses whose system only the path shows."""


class NotABoard(RolemixError, ValueError):
    """An address that is not that of one of the system's boards."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One job board of one organisation on one recruiting system.

    Attributes:
        url: The board's address in canonical form, which identifies it.
        system: The recruiting system's name, which is also its spider's name.
        organization: The organisation's key on that system (slug, token, tenant).
        site: The site's key, where an organisation has several boards.
        instance: The host or cluster that serves it, where the system has several.
        several_employers: Whether it is a search over a job site, whose postings are of many employers.
        part: Which of its lists a response is of, where it has several; not part of the board's identity.
    """

    url: str
    system: str
    organization: str
    site: str | None = None
    instance: str | None = None
    several_employers: bool = False
    part: str = dataclasses.field(default="", compare=False)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where in a board's list a page begins, in each of the units in which systems count.

    Attributes:
        part: The part of the board (a channel, a kind of recruiting, a facet's value); empty where it is one list.
        offset: Rows of the part before this page.
        page: Pages of the part before this one.
        token: What the page before gave for requesting this one, see `crawler.parsing.responses.Page.next`.
    """

    part: str = ""
    offset: int = 0
    page: int = 0
    token: str = ""

    def after(self, rows: int, token: str | None) -> Cursor:
        """Return where the next page begins, after a page of so many rows."""
        return dataclasses.replace(self, offset=self.offset + rows, page=self.page + 1, token=token or "")
