"""The fictional world: its boards day by day, and the truth about them; knows nothing of HTTP."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from simulator.board import Board
from simulator.growth import grow
from simulator.posting import Posting, observed_at
from simulator.story import default_story, sized_story

DAYS = 28

FIRST_SYSTEMS = ("moka", "greenhouse", "lever", "ashby")
"""The systems of a uniform world for which no others are named; the story's companies use them too."""


class World:
    """Boards whose postings open, change, close and reopen, the same for the same seed.

    Nothing happens before day 0 or after the last day; later days show the boards as they were left.

    Attributes:
        boards: The boards, in the order of the story.
        days: How many days the story lasts.
        seed: What the dice were seeded with.
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        boards: Iterable[Board] | None = None,
        days: int = DAYS,
        postings: Mapping[str, Sequence[Posting]] | None = None,
    ) -> None:
        """Set up a world; postings are written when a board is first looked at.

        Args:
            seed: Seeds the dice.
            boards: The boards and their plans; by default seven fictional companies (`story.toml`).
            days: Length of the story.
            postings: Those of boards that are written already, by address; the others' grow from their plans.

        Raises:
            ValueError: The story is too short for the plans' turns.
        """
        self.seed = seed
        self.days = days
        self.boards = default_story() if boards is None else tuple(boards)
        self._by_url = {board.url: board for board in self.boards}
        for board in self.boards:
            if not 0 < board.turn[0] <= board.turn[1] < days:
                raise ValueError(f"the turn of {board.url} must lie within the story's {days} days")
        written = {url: tuple(own) for url, own in (postings or {}).items()}
        self._postings = functools.cache(
            lambda board: written[board] if board in written else grow(self._by_url[board], str(seed), days)
        )
        self._index = functools.cache(lambda board: {posting.identifier: posting for posting in self._postings(board)})
        self._listed = functools.lru_cache(maxsize=512)(self._list)

    @classmethod
    def sized(
        cls, boards: int = 20, postings: int = 500, seed: int = 0, systems: Sequence[str] = FIRST_SYSTEMS
    ) -> World:
        """Return a uniform world for tests and benchmarks, spread evenly over some systems.

        Args:
            boards: How many boards.
            postings: How many postings each lists on day 0.
            seed: Seeds the dice.
            systems: Their names.
        """
        return cls(seed, boards=sized_story(boards, postings, systems))

    @staticmethod
    def date(day: int) -> datetime:
        """Return the moment, in UTC, at which a day is observed; day 0 is 2026-03-02 06:00."""
        return observed_at(day)

    def board(self, url: str) -> Board:
        """Return the board at an address.

        Raises:
            LookupError: No board of this world has the address.
        """
        try:
            return self._by_url[url]
        except KeyError:
            raise LookupError(f"no board of the simulated world: {url}") from None

    def posting(self, board: str, identifier: str) -> Posting:
        """Return a posting of a board, listed or not.

        Raises:
            LookupError: The board has no such posting.
        """
        self.board(board)
        try:
            return self._index(board)[identifier]
        except KeyError:
            raise LookupError(f"{board} never listed a posting {identifier}") from None

    def postings(self, board: str) -> tuple[Posting, ...]:
        """Return all postings that a board ever lists, by serial number."""
        self.board(board)
        return self._postings(board)

    def rows(self, board: str, day: int) -> tuple[Posting, ...]:
        """Return what the board's responses hold on a day, newest first, hidden ones included."""
        self.board(board)
        return self._listed(board, max(0, min(day, self.days)))

    def _list(self, board: str, day: int) -> tuple[Posting, ...]:
        listed = (posting for posting in self._postings(board) if posting.spell(day))
        return tuple(sorted(listed, key=lambda posting: (posting.published(day), posting.serial), reverse=True))

    def identifiers(self, board: str, day: int) -> frozenset[str]:
        """Return the ids that a reader of the board sees on a day: hidden ones are not among them."""
        return frozenset(posting.identifier for posting in self.rows(board, day) if not posting.hidden)

    def redirecting(self, board: str, day: int) -> dict[str, str]:
        """Return the listed postings that only redirect on a day, and the posting that each leads to."""
        return {
            posting.identifier: posting.redirects_to
            for posting in self.rows(board, day)
            if posting.redirects(day) and posting.redirects_to
        }

    def paused(self, board: str, day: int) -> frozenset[str]:
        """Return the ids that are listed on a day though the board states that they are not hiring."""
        return frozenset(posting.identifier for posting in self.rows(board, day) if posting.paused(day))

    def prospects(self, board: str, day: int) -> frozenset[str]:
        """Return the ids of calls for applications with no opening behind them that are listed on a day."""
        return frozenset(posting.identifier for posting in self.rows(board, day) if posting.prospect)

    def truth(self, board: str) -> dict[str, list[tuple[int, int | None]]]:
        """Return when each posting of a board is listed for the public.

        Returns:
            For each id its spells as (first day listed, first day no longer listed or None). Postings
            that were there from the start count as opened on day 0.
        """
        return {
            posting.identifier: [(spell.opened, spell.closed) for spell in posting.spells]
            for posting in self.postings(board)
            if not posting.hidden
        }

    def roles(self, board: str) -> dict[str, str]:
        """Return the role that each posting of a board was written for, by its id."""
        return {posting.identifier: posting.role for posting in self.postings(board)}
