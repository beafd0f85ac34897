"""Keep facts, why a posting offers no opening, the models in order, the focus of each tag, and each run's readers.

``versions.no_opening`` is filled when the facts of a version are first read, because it is one of them. ``tags.focus``
follows from the taxonomy, which the store does not know: it stays null on tags that were written before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("runs", sa.Column("readers", sa.Text))
    op.add_column("versions", sa.Column("no_opening", sa.Text))
    op.add_column("tags", sa.Column("focus", sa.Text))
    op.create_table(
        "models",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
    )
    # The model that tagged the newest version is the one in use, as far as can be told.
    op.execute("INSERT INTO models (name) SELECT model FROM tags GROUP BY model ORDER BY max(version_id), model")
    op.create_table(
        "readings",
        sa.Column("version_id", sa.Integer, sa.ForeignKey("versions.id"), primary_key=True),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("readings")
    op.drop_table("models")
    op.drop_column("tags", "focus")
    op.drop_column("versions", "no_opening")
    op.drop_column("runs", "readers")
