"""``rolemix feed``: every posting as a JSON Feed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from postings.text import counted
from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import say


def feed(
    out: Annotated[Path, typer.Option("-o", "--out", help="The file to write.")] = Path("feed.json"),
    db: options.Database = options.DEFAULT_DATABASE,
    home_page_url: Annotated[str, typer.Option(help="A page about the feed.", show_default=False)] = "",
    feed_url: Annotated[str, typer.Option(help="Where the feed is published.", show_default=False)] = "",
    model: options.ModelPath = None,
) -> None:
    """Write every posting in the store, open or closed, as a JSON Feed 1.1 file, and each company's estimated mix.

    The same store gives the same bytes.
    """
    from rolemix.cli import runs
    from rolemix.publishing.json_feed import FeedAddresses

    addresses = FeedAddresses(home_page_url=home_page_url or None, feed_url=feed_url or None)
    with api.open_store(db, existing=True) as store:
        count = api.feed(store, out, addresses, model=runs.tag(store, model))
    say(f"wrote {out} ({counted(count, 'posting')})")
