"""``rolemix systems``: which recruiting systems can be read, and what proves a whole board."""

from __future__ import annotations

from rolemix.cli import options
from rolemix.cli.console import show
from rolemix.publishing.render import Format


def systems(form: options.Form = Format.TABLE) -> None:
    """List the recruiting systems that can be read, with an address of each.

    As JSON, CSV or Markdown it also shows what proves that a whole board of each was seen.
    """
    from crawler.systems import described

    rows = described()
    if form is Format.TABLE:
        brief = [{**row, "read": row["read"].partition(",")[0]} for row in rows]
        show(brief, ["system", "read", "example"], form)
    else:
        show(rows, list(rows[0]), form)
