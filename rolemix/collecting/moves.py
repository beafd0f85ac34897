"""Boards that have moved: gone or empty, while the company's page or the board's own names another board."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from crawler.boards import Board
from crawler.discovery.search import Discovery, Found, search
from postings import BoardRun, Verdict
from rolemix.collecting.watchlist import Watched


@dataclasses.dataclass(frozen=True, slots=True)
class Move:
    """A board that has moved.

    Attributes:
        board: The board that is gone or empty.
        to: The boards that are named instead, at least one, each with what names it.
    """

    board: Board
    to: tuple[Found, ...]

    def __str__(self) -> str:
        named = " and ".join(f"{found.board.url} ({found.mentions[0]})" for found in self.to)
        commands = " or ".join(f"`rolemix watch move {self.board.url} {found.board.url}`" for found in self.to)
        return f"moved to {named}: follow it with {commands}; its history is kept"


def find_moves(
    watched: Sequence[Watched], runs: Sequence[BoardRun], settings: Mapping[str, Any] | None = None
) -> dict[str, Move]:
    """Find where boards went that a crawl found gone or empty.

    The company's page, where the watchlist has one, and the board's own page are read. A page that still names the
    board shows no move; nor does one that names a board in the watchlist, such as another one of the company.

    Args:
        watched: The boards, with their companies' pages.
        runs: The crawl's runs.
        settings: Scrapy settings, as for the crawl.

    Returns:
        The moves, by the address of the old board.
    """
    entries = {entry.board.url: entry for entry in watched}
    doubtful = [entries[run.board_url] for run in runs if _in_doubt(run) and run.board_url in entries]
    pages = list(dict.fromkeys(entry.page for entry in doubtful if entry.page))
    own = [entry.board.url for entry in doubtful]
    found = dict(zip([*pages, *own], search(pages, boards=own, settings=settings), strict=True))
    moves = {}
    for entry in doubtful:
        discoveries = [found[page] for page in (entry.page, entry.board.url) if page]
        named = {one.board: one for discovery in reversed(discoveries) for one in _named(discovery, entry.board)}
        if to := tuple(one for board, one in named.items() if board.url not in entries):
            moves[entry.board.url] = Move(entry.board, to)
    return moves


def _in_doubt(run: BoardRun) -> bool:
    return run.verdict is Verdict.GONE or (run.verdict is Verdict.COMPLETE and not run.unique)


def _named(discovery: Discovery, old: Board) -> list[Found]:
    """Return the boards that a page names instead of the old one; none while it names that one too."""
    if any(found.board == old for found in discovery.boards):
        return []
    # The maker of a system may advertise its own openings on every board's page.
    return [found for found in discovery.boards if found.crawlable and found.board.organization != found.board.system]
