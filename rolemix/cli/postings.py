"""``rolemix postings``: the postings themselves, chosen by role, facts and words."""

from __future__ import annotations

from typing import Annotated

import typer

from postings.errors import RolemixError
from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import draw, out
from rolemix.publishing.render import Format, as_table, as_text

COLUMNS = ("company", "title", "focus", "role", "opened", "closed", "url", "board", "posting")


def postings(
    companies: Annotated[
        list[str] | None, typer.Argument(help="Only these companies; all if none is given.", show_default=False)
    ] = None,
    db: options.Database = options.DEFAULT_DATABASE,
    where: Annotated[
        list[str] | None,
        typer.Option(
            help="NAME=VALUE that they must fit: title, text, role, focus, or a fact. May be given several times.",
            show_default=False,
        ),
    ] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Those that closed, too.")] = False,
    form: options.Form = Format.TABLE,
    model: options.ModelPath = None,
) -> None:
    """Print the postings of companies, newest first: those that fit every --where.

    Words are looked for in Chinese and English, without regard to case:
    --where text=昇腾 --where role=data-centre --where technology=CUDA.
    Commas separate values of which one must fit.
    """
    from rolemix.analysis import openings
    from rolemix.cli import runs

    chosen = dict(map(_filter, where or ()))
    with api.open_store(db, existing=True) as store:
        openings.require_companies(store, companies or ())
        runs.read_facts(store)
        tagger = runs.tag(store, model)
        rows = api.find_postings(store, companies or (), where=chosen, closed=closed, model=tagger)
    if form is not Format.TABLE:
        out(as_text(rows, COLUMNS, form))
        return
    if rows:
        shown = [row | {"opened": str(row["opened"])[:10], "closed": str(row["closed"] or "")[:10]} for row in rows]
        draw(as_table(shown, ("company", "opened", "closed", "role", "title") if closed else _SHORT))
    out(f"{len(rows)} posting{'' if len(rows) == 1 else 's'}; --format csv has the addresses\n")


_SHORT = ("company", "opened", "role", "title")


def _filter(text: str) -> tuple[str, list[str]]:
    from rolemix.analysis.filters import FILTERS

    name, equals, value = text.partition("=")
    if not equals or name not in FILTERS or not value:
        raise RolemixError(f"--where {text!r} is no filter: write NAME=VALUE with one of {', '.join(sorted(FILTERS))}")
    return name, [part.strip() for part in value.split(",")]
