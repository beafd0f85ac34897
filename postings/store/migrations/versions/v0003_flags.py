"""Keep on each version what a mix asks of its text, and on each board its key; a posting redirects, a board moves.

- ``versions.moved`` becomes ``redirects``, and the content's ``moved_to`` becomes ``redirects_to``. The content's hash
  covers the attribute's name, so that it is computed anew where a posting redirects.
- ``versions.described`` and ``several_tracks`` are new, and filled from the content.
- ``boards.key`` and ``several_employers`` are new. They follow from the board's address by rules that the store does
  not know, so they stay null until `postings.store.boards.describe` or the board's next run states them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from postings.facts.job_tracks import find_job_tracks

revision = "0003"
down_revision = "0002"

_BATCH = 500
_OLD, _NEW = "moved_to", "redirects_to"
_PLACE = ("name", "address_locality", "address_region", "address_country")

_versions = sa.table(
    "versions",
    sa.column("id", sa.Integer),
    sa.column("content", sa.JSON),
    sa.column("content_hash", sa.Text),
    sa.column("described", sa.Boolean),
    sa.column("several_tracks", sa.Boolean),
)
_runs = sa.table("runs", sa.column("id", sa.Integer), sa.column("coverage", sa.JSON))


def upgrade() -> None:
    op.add_column("boards", sa.Column("key", sa.Text))
    op.add_column("boards", sa.Column("several_employers", sa.Boolean))
    op.alter_column("versions", "moved", new_column_name="redirects")
    # A default, because SQLite adds no column without one to rows that exist; the code always states both.
    for name in ("described", "several_tracks"):
        op.add_column("versions", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()))
    for batch in _rows(_versions, "content", "content_hash"):
        _update(_versions, [_renamed(row, _OLD, _NEW) | _flags(row["content"]) for row in batch])
    _rename_in_coverage(_OLD, _NEW)


def downgrade() -> None:
    _rename_in_coverage(_NEW, _OLD)
    for batch in _rows(_versions, "content", "content_hash"):
        _update(_versions, [_renamed(row, _NEW, _OLD) for row in batch])
    op.drop_column("versions", "several_tracks")
    op.drop_column("versions", "described")
    op.alter_column("versions", "redirects", new_column_name="moved")
    op.drop_column("boards", "several_employers")
    op.drop_column("boards", "key")


def _renamed(version: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """Return a version's content with an attribute renamed, and its hash."""
    content = _with_key(version["content"], old, new)
    # The hash leaves out what is not known, so that it changes with the name only where there is a value.
    hash_ = _content_hash(content) if content.get(new) else version["content_hash"]
    return {"of_id": version["id"], "content": content, "content_hash": hash_}


def _flags(content: Mapping[str, Any]) -> dict[str, bool]:
    """Return what today's code would state of a content, as versions to come get their flags from it too."""
    description = content.get("description") or ""
    return {"described": bool(description), "several_tracks": bool(find_job_tracks(description).names)}


def _rename_in_coverage(old: str, new: str) -> None:
    for batch in _rows(_runs, "coverage"):
        counted = [row for row in batch if old in row["coverage"]]
        _update(_runs, [{"of_id": row["id"], "coverage": _with_key(row["coverage"], old, new)} for row in counted])


def _with_key(values: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new if name == old else name: value for name, value in values.items()}


def _rows(table: sa.TableClause, *names: str) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a table in lists, so that the memory needed does not grow with the table."""
    columns = [table.c[name] for name in ("id", *names)]
    after = 0
    while True:
        query = sa.select(*columns).where(table.c.id > after).order_by(table.c.id).limit(_BATCH)
        rows = [dict(row) for row in op.get_bind().execute(query).mappings()]
        if not rows:
            return
        yield rows
        after = rows[-1]["id"]


def _update(table: sa.TableClause, rows: list[dict[str, Any]]) -> None:
    if rows:
        values: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0] if name != "of_id"}
        op.get_bind().execute(sa.update(table).where(table.c.id == sa.bindparam("of_id")).values(values), rows)


def _content_hash(content: Mapping[str, Any]) -> str:
    """Hash a content as `JobPosting.content_hash` does; written out here, since that class will go on changing."""
    known = {name: value for name, value in content.items() if value not in (None, "", [], False)}
    if "job_location" in known:
        # The class writes a place's attributes in this order, and sorts places by what it wrote.
        places = [{name: place.get(name) for name in _PLACE} for place in known["job_location"]]
        known["job_location"] = sorted(places, key=json.dumps)
    if "employment_type" in known:
        known["employment_type"] = sorted(known["employment_type"])
    canonical = json.dumps(known, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
