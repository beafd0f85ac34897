"""Rows as a Parquet file, by DuckDB."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from postings.errors import RolemixError
from rolemix.publishing.render import as_json


def write_parquet(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str], path: Path) -> None:
    """Write rows to a Parquet file, which is replaced at once; the same rows give the same bytes.

    Args:
        rows: JSON-ready values; read once, and never in memory all together.
        columns: The columns in their order, each with its SQL type.
        path: The file.

    Raises:
        RolemixError: DuckDB is not installed, or the file cannot be written.
    """
    try:
        import duckdb
    except ModuleNotFoundError:
        raise RolemixError("Parquet needs the duckdb package: install rolemix[parquet]") from None
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            lines, made = Path(folder, "rows.jsonl"), Path(folder, path.name)
            with lines.open("w", encoding="utf-8", errors="backslashreplace") as out:
                out.writelines(as_json({name: row.get(name) for name in columns}, indent=None) for row in rows)
            with duckdb.connect(config={"threads": 1}) as connection:
                connection.read_json(
                    str(lines), columns=dict(columns), format="newline_delimited", maximum_object_size=1 << 27
                ).write_parquet(str(made))
            made.replace(path)
    except OSError as error:
        raise RolemixError(f"cannot write {path}: {error.strerror}; choose another file with -o") from error
