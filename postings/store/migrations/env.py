"""Alembic's entry point: migrates on the connection that `postings.store.database` passes."""

from __future__ import annotations

from alembic import context

from postings.store.database import VERSION_TABLE
from postings.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
