"""The first layout: boards, runs, postings, versions, openings, tags."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Written out, not imported from schema.py: a migration must not change when the schema does.
_SORTED_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "boards",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("url", _SORTED_TEXT, nullable=False),
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("organization", sa.Text),
        sa.Column("company", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_boards"),
        sa.UniqueConstraint("url", name="uq_boards_url"),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("board_id", sa.Integer, nullable=False),
        sa.Column("observed_at", _MOMENT, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reported_total", sa.Integer),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("unique", sa.Integer, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("coverage", sa.JSON, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("opened", sa.Integer, nullable=False),
        sa.Column("closed", sa.Integer, nullable=False),
        sa.Column("reopened", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("held", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name="fk_runs_board_id"),
        sa.UniqueConstraint("board_id", "observed_at", name="uq_runs_board_id_observed_at"),
    )
    op.create_table(
        "postings",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("board_id", sa.Integer, nullable=False),
        sa.Column("identifier", _SORTED_TEXT, nullable=False),
        sa.Column("first_seen", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_postings"),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name="fk_postings_board_id"),
        sa.UniqueConstraint("board_id", "identifier", name="uq_postings_board_id_identifier"),
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("posting_id", sa.Integer, nullable=False),
        sa.Column("observed_at", _MOMENT, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("moved", sa.Boolean, nullable=False),
        sa.Column("valid_through", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name="fk_versions_posting_id"),
        sa.UniqueConstraint("posting_id", "observed_at", name="uq_versions_posting_id_observed_at"),
    )
    op.create_table(
        "openings",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("posting_id", sa.Integer, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT),
        sa.Column("last_seen_at", _MOMENT, nullable=False),
        sa.Column("missing_since", _MOMENT),
        sa.Column("closed_reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_openings"),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name="fk_openings_posting_id"),
        sa.UniqueConstraint("posting_id", "opened_at", name="uq_openings_posting_id_opened_at"),
    )
    op.create_index(
        "uq_openings_open",
        "openings",
        ["posting_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "tags",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("taxonomy", sa.Text, nullable=False),
        sa.Column("role", sa.Text),
        sa.Column("confidence", sa.Float(53), nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "model", name="pk_tags"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_tags_version_id"),
    )


def downgrade() -> None:
    for table in ("tags", "openings", "versions", "postings", "runs", "boards"):
        op.drop_table(table)
