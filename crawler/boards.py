"""A job board, and how its address is read: the URL is all that a user gives."""

from __future__ import annotations

import dataclasses

from postings.errors import RolemixError


class NotABoard(RolemixError, ValueError):
    """An address that is not one of the system's boards."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One job board of one organisation on one recruiting system.

    Attributes:
        url: The board's address in canonical form; this is the board's identity.
        system: The recruiting system's name, which is also its spider's name.
        organization: The organisation's key on that system (slug, token, tenant).
        site: The site's key, where an organisation has several boards.
        instance: The host or cluster that serves it, where the system has several.
    """

    url: str
    system: str
    organization: str
    site: str | None = None
    instance: str | None = None
