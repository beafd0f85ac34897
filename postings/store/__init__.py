"""The history of job boards in a database: `history` writes it, `queries` reads it."""

from postings.store.database import NewerStoreError, Store, StoreError

__all__ = ["NewerStoreError", "Store", "StoreError"]
