"""``rolemix systems``: the recruiting systems that can be read."""

from __future__ import annotations

from rolemix.cli import options
from rolemix.cli.console import show
from rolemix.publishing.render import Format


def systems(form: options.Form = Format.TABLE) -> None:
    """List the recruiting systems that can be read, each with the address of a board.

    JSON, CSV and Markdown also show what proves that a board was seen whole.
    """
    from crawler.systems import described

    rows = described()
    if form is Format.TABLE:
        brief = [{**row, "read": row["read"].partition(",")[0]} for row in rows]
        show(brief, ["system", "read", "example"], form)
    else:
        show(rows, list(rows[0]), form)
