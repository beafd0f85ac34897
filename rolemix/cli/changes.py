"""``rolemix changes``: what opened, closed, changed and was reposted."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import draw, listing, out
from rolemix.publishing.readable import readable
from rolemix.publishing.render import Format, as_text, plain


def changes(
    companies: Annotated[
        list[str] | None, typer.Argument(help="Only these companies; all if none is given.", show_default=False)
    ] = None,
    db: options.Database = options.DEFAULT_DATABASE,
    since: Annotated[str, typer.Option(help="After this day (UTC), if not the last week.", show_default=False)] = "",
    until: Annotated[str, typer.Option(help="Up to this day (UTC), if not the newest run's.", show_default=False)] = "",
    form: options.Form = Format.TABLE,
    model: options.ModelPath = None,
) -> None:
    """Print what happened to postings, newest first: opened, reopened, reposted, changed, closed.

    A posting that closed and appeared again under a new id is one repost. What
    a board already held when it was first seen had not opened then.
    """
    from rolemix.analysis import openings
    from rolemix.analysis.changes import COLUMNS
    from rolemix.cli import runs

    start = options.moment(since, option="--since", end_of_day=True)
    end = options.moment(until, option="--until", end_of_day=True)
    with api.open_store(db, existing=True) as store:
        openings.require_companies(store, companies or ())
        tagger = runs.tag(store, model)
        found = api.changes(store, companies or (), since=start, until=end, model=tagger)
    rows = [event.to_dict() for event in found]
    if form is not Format.TABLE:
        shown = [readable(row, times=("at",)) for row in rows] if form is Format.MD else rows
        out(as_text(shown, COLUMNS, form))
        return
    columns = ("day", "event", "company", "role", "title")
    shown = [{name: row.get(name, row["at"][:10]) for name in columns} for row in rows]
    if shown:
        draw(listing(shown, columns))
    counts = {name: sum(row["event"] == name for row in rows) for name in dict.fromkeys(row["event"] for row in rows)}
    told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing happened"
    draw(Text(f"{plain(told)}; --format csv has the addresses"))
