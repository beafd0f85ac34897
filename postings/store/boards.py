"""Writing the keys of boards that were recorded before their runs stated them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import update

from postings.store.database import Store
from postings.store.schema import boards as boards_table


def describe(store: Store, boards: Mapping[str, tuple[str, bool]]) -> None:
    """Store the keys of boards that have none yet, in one transaction; a key that is recorded stays.

    Args:
        store: The store to write to.
        boards: For each board's address (see `queries.fetch_undescribed`), the organization's key on the recruiting
            system, and whether the board is a search over a job site, whose postings are of many employers.

    Raises:
        StoreError: The store cannot be written.
    """
    if not boards:
        return
    with store.write() as connection:
        for url, (key, several_employers) in boards.items():
            connection.execute(
                update(boards_table)
                .where(boards_table.c.url == url, boards_table.c.key.is_(None))
                .values(key=key, several_employers=several_employers)
            )
