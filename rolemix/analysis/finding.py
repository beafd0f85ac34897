"""Finding postings: those of companies that fit filters."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from classifier.model.info import ModelInfo
from postings.store import Store, queries
from postings.text import web_address
from rolemix.analysis.filters import fits, require_known
from rolemix.analysis.openings import boards_at, chosen, moment_of


def find_postings(
    store: Store,
    model: ModelInfo,
    companies: Collection[str] = (),
    *,
    where: Mapping[str, Any],
    closed: bool = False,
) -> list[dict[str, Any]]:
    """Return the postings of companies that fit filters, in their newest version, newest first, as JSON-ready rows.

    Args:
        store: Tagged with this model, and its facts read, throughout.
        model: The model whose tags are used.
        companies: Only these; none for all.
        where: See `rolemix.analysis.filters.fits`.
        closed: Whether to include those that closed.

    Raises:
        FilterError: There is no such role or focus.
        NothingToReport: There is no run yet, or no such company.
    """
    require_known(where, model.taxonomy)
    with store.read() as connection:
        boards = [board for board in boards_at(connection, moment_of(connection, None)) if not board.is_search]
        names = set(chosen({board.name for board in boards}, companies, boards))
        by_url = {board.url: board.name for board in boards if board.name in names}
        spells = queries.stream_spells(connection, model.name, board_urls=by_url, facts=True, texts="text" in where)
        newest = {(spell.board_url, spell.identifier): spell for spell in spells}
    rows = []
    for spell in newest.values():
        version = spell.versions[-1]
        role = version.tag.tag.role if version.tag.tag else None
        if (spell.closed_at and not closed) or not version.counted or not fits(version, where, model.taxonomy):
            continue
        rows.append(
            {
                "company": by_url[spell.board_url],
                "title": version.title,
                "focus": model.taxonomy.focus_by_role[role] if role else None,
                "role": role,
                "opened": spell.opened_at.isoformat(),
                "closed": spell.closed_at.isoformat() if spell.closed_at else None,
                "url": web_address(version.url) or None,
                "board": spell.board_url,
                "posting": spell.identifier,
            }
        )
    rows.sort(key=lambda row: (row["company"], row["board"], row["posting"]))
    return sorted(rows, key=lambda row: str(row["opened"]), reverse=True)
