"""``rolemix systems``: which recruiting systems can be read, and what proves a whole board."""

from __future__ import annotations

from rolemix.cli import options
from rolemix.cli.console import show
from rolemix.render import Format


def systems(form: options.Form = Format.TABLE) -> None:
    """List the recruiting systems that can be read, with what proves that a whole board of each was seen."""
    from crawler.systems import described

    rows = described()
    show(rows, list(rows[0]) if form is not Format.TABLE else ["system", "vendor", "read", "example"], form)
