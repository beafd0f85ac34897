"""``rolemix same``: which postings are the same job, with the evidence."""

from __future__ import annotations

from typing import Annotated

import typer

from postings.unit import Unit
from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import draw, out
from rolemix.publishing.render import Format, as_table, as_text, plain


def same(
    companies: Annotated[
        list[str] | None, typer.Argument(help="Only these companies; all if none is given.", show_default=False)
    ] = None,
    db: options.Database = options.DEFAULT_DATABASE,
    form: options.Form = Format.TABLE,
) -> None:
    """Print which postings of each company are the same job, and what shows it.

    A mirror is one job on two boards, "places" one requisition that a board
    lists for each place, a repost a posting that closed and opened again under
    a new id. `report --count requisitions` counts each job once.
    """
    from rolemix.analysis.same_jobs import COLUMNS, company_links

    with api.open_store(db, existing=True) as store:
        found = company_links(store, companies or ())
    rows = [row for one in found for row in one.rows()]
    if form is not Format.TABLE:
        out(as_text(rows, COLUMNS, form))
        return
    shown = [{**row, "first": _id(row["posting"]), "second": _id(row["other"])} for row in rows]
    if shown:
        draw(as_table(shown, ("company", "relation", "ground", "score", "title", "first", "second")))
    for one in found:
        counts = one.counts()
        figures = ", ".join(f"{counts[unit]} {unit}" for unit in Unit)
        out(f"{plain(one.company)}: open now {figures}\n")


def _id(key: object) -> str:
    return str(key).rpartition("#")[2]
