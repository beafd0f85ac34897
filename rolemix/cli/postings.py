"""``rolemix postings``: the postings themselves, chosen by role, facts and words."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from postings.errors import RolemixError
from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import draw, listing, out, say
from rolemix.publishing.readable import readable
from rolemix.publishing.render import Format, as_json, as_text

COLUMNS = ("company", "title", "focus", "role", "opened", "closed", "url", "board", "posting")


class PostingsFormat(StrEnum):
    """How postings are printed or written."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MD = "md"
    PARQUET = "parquet"


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
    form: Annotated[PostingsFormat, typer.Option("--format", help="How to print them.")] = PostingsFormat.TABLE,
    file: Annotated[
        Path | None, typer.Option("-o", "--out", help="The file to write, for Parquet.", show_default=False)
    ] = None,
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
    if (form is PostingsFormat.PARQUET) != (file is not None):
        raise RolemixError(
            "--format parquet and --out belong together: name the file to write, as in -o postings.parquet"
        )
    with api.open_store(db, existing=True) as store:
        openings.require_companies(store, companies or ())
        runs.read_facts(store)
        tagger = runs.tag(store, model)
        rows = api.find_postings(store, companies or (), where=chosen, closed=closed, model=tagger)
    if file:
        from rolemix.publishing.parquet import write_parquet

        write_parquet(rows, {name: "TIMESTAMPTZ" if name in _TIMES else "VARCHAR" for name in COLUMNS}, file)
        say(f"wrote {file} ({len(rows)} postings)")
        return
    if form is PostingsFormat.JSONL:
        out("".join(as_json(row, indent=None) for row in rows))
        return
    if form is not PostingsFormat.TABLE:
        told = [readable(row, times=_TIMES) for row in rows] if form is PostingsFormat.MD else rows
        out(as_text(told, COLUMNS, Format(form)))
        return
    if rows:
        shown = [row | {"opened": str(row["opened"])[:10], "closed": str(row["closed"] or "")[:10]} for row in rows]
        columns = ("company", "opened", "closed", "role", "title") if closed else _SHORT
        draw(listing(shown, columns))
    draw(Text(f"{len(rows)} posting{'' if len(rows) == 1 else 's'}; --format csv has the addresses"))


_TIMES = ("opened", "closed")
_SHORT = ("company", "opened", "role", "title")


def _filter(text: str) -> tuple[str, list[str]]:
    from rolemix.analysis.filters import FILTERS

    name, equals, value = text.partition("=")
    if not equals or name not in FILTERS or not value:
        raise RolemixError(f"--where {text!r} is no filter: write NAME=VALUE with one of {', '.join(sorted(FILTERS))}")
    return name, [part.strip() for part in value.split(",")]
