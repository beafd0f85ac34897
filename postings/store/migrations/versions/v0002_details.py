"""Store for each posting when its own page was read, and the hash of its record in the list then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("postings", sa.Column("detail_read_at", sa.DateTime(timezone=True)))
    op.add_column("postings", sa.Column("listed_hash", sa.Text))


def downgrade() -> None:
    op.drop_column("postings", "listed_hash")
    op.drop_column("postings", "detail_read_at")
