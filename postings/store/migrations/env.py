"""Alembic's entry point: migrates on the connection that `postings.store.database` passes."""

from __future__ import annotations

from alembic import context

from postings.store.database import VERSION_TABLE
from postings.store.schema import metadata
from postings.store.views import create_views, drop_views

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
with context.begin_transaction():
    drop_views(connection)
    context.run_migrations()
    if context.get_context().get_current_revision() == context.script.get_current_head():
        create_views(connection)
