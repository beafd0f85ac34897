"""Keep which live board goes on from a recorded history, and since when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("boards", sa.Column("continued_by", sa.Text))
    op.add_column("boards", sa.Column("continues_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("boards", "continues_at")
    op.drop_column("boards", "continued_by")
