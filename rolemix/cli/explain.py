"""``rolemix explain``: the terms that support a posting's role, and those that support another role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from postings.errors import RolemixError
from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import draw, out, say
from rolemix.publishing.render import Format, as_json, as_text, plain

if TYPE_CHECKING:
    from rich.console import RenderableType

    from classifier.model.explanation import Contribution, Explanation
    from classifier.model.info import ModelInfo

COLUMNS = ("id", "role", "rival", "side", "term", "block", "value")
"""The columns of CSV and Markdown, which have a row for each term."""

_LEAST = 0.005
"""Smaller values would be shown as 0.00."""

_UNITS = (
    "Values are log-odds and add up: +0.7 makes the role twice as likely compared with the other, −0.7 half as likely."
)


def explain(
    posting: Annotated[
        str,
        typer.Argument(
            metavar="ID|FILE",
            help="A posting in the store, by its id, its address or its id in the feed; or a file of postings, JSON or "
            "JSON Lines, each with a title; - for standard input.",
            show_default=False,
        ),
    ],
    board: Annotated[str, typer.Option(help="The board that the id belongs to.", show_default=False)] = "",
    against: Annotated[
        str, typer.Option(help="The role to compare with, if not the next most probable one.", show_default=False)
    ] = "",
    top: Annotated[int, typer.Option(min=1, help="How many terms to show for each side.")] = 8,
    db: options.Database = options.DEFAULT_DATABASE,
    form: options.Form = Format.TABLE,
    model: options.ModelPath = None,
) -> None:
    """Explain a posting's role: the terms that support it, and those that support the next most probable role.

    The value of a term is its weight in the posting, times the difference
    of the model's coefficients for the two roles.
    """
    from classifier.model.explanation import explain as explain_row

    rows = _rows(posting, board, db)  # first: a misspelt id is told before a model is loaded
    tagger = api.load_tagger(model)
    explained = [(row, explain_row(tagger, row, rival=against or None)) for row in rows]
    records = [record(row, found, tagger.info, top) for row, found in explained]
    match form:
        case Format.TABLE:
            draw(*(part for entry in records for part in parts(entry)), _UNITS if records else "")
        case Format.JSON:
            out(as_json(records))
        case _:
            out(as_text([line for entry in records for line in _lines(entry)], COLUMNS, form))


def _rows(name: str, board: str, db: str) -> Iterable[Mapping[str, Any]]:
    from rolemix.cli.rows import read_postings
    from rolemix.companies import NoSuchPosting, company_names, find_posting, full_name
    from rolemix.tagging.retag import as_row

    if not board and (name == "-" or Path(name).is_file()):
        return read_postings(name)
    if "://" not in db and not Path(db).exists():
        raise RolemixError(
            f"there is no file {name}, and no store at {db} to find a posting in: name a store with --db"
        )
    from crawler.systems import find_board

    with api.open_store(db, existing=True) as store:
        try:
            found = find_posting(store, name, board_url=find_board(board).url if board else None)
        except NoSuchPosting as error:
            for full in error.names:
                say(full)
            raise
        with store.read() as connection:
            company = company_names(connection)[found.board_url]
    return [as_row(found.posting) | {"id": full_name(found), "company": company}]


def record(row: Mapping[str, Any], found: Explanation, model: ModelInfo, top: int) -> dict[str, Any]:
    """Return an explanation as JSON-ready values; the values of other than the strongest terms add up to ``rest``."""
    supporting, opposing = found.supporting(top), found.opposing(top)
    shown = found.prior + sum(contribution.value for contribution in (*supporting, *opposing))
    focus = model.taxonomy.focus_by_role
    return {
        "id": row.get("id", row.get("identifier")),
        "company": row.get("company") or None,
        "title": row["title"],
        "role": found.role,
        "focus": focus[found.role],
        "confidence": round(found.tag.roles[found.role], 4),
        "rival": found.rival,
        "rival_focus": focus[found.rival],
        "rival_confidence": round(found.tag.roles[found.rival], 4),
        "title_only": found.title_only,
        "job_tracks": found.job_tracks,
        "explained_title": found.title,
        "for": list(map(_term, supporting)),
        "against": list(map(_term, opposing)),
        "prior": round(found.prior, 4),
        "rest": round(found.margin - shown, 4),
        "margin": round(found.margin, 4),
        "model": model.name,
        "taxonomy": model.taxonomy.version,
    }


def _term(contribution: Contribution) -> dict[str, Any]:
    return {"term": contribution.term, "block": contribution.block, "value": round(contribution.value, 4)}


def _lines(entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    common = {name: entry[name] for name in ("id", "role", "rival")}
    for side in ("for", "against"):
        yield from (common | {"side": side} | term for term in entry[side])
    for name in ("prior", "rest"):
        side = "for" if entry[name] > 0 else "against"
        yield common | {"side": side, "term": "", "block": name, "value": entry[name]}


def parts(entry: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Yield an explanation for a terminal: the posting, its roles, and a table of the terms of both sides."""
    from itertools import zip_longest

    from rich.table import Table
    from rich.text import Text

    yield Text(plain(" · ".join(filter(None, (entry["title"], entry["company"])))), style="bold")
    if entry["id"] is not None:
        yield Text(plain(entry["id"]), style="dim")
    yield Text(
        f"{entry['role']} ({entry['focus']}) {percent(entry['confidence'])}, "
        f"and not {entry['rival']} ({entry['rival_focus']}) {percent(entry['rival_confidence'])}"
    )
    if entry["margin"] < 0 and entry["job_tracks"] == 1:
        yield Text(f"{entry['rival']} alone is more probable, but the roles of {entry['focus']} together outweigh it.")
    if entry["job_tracks"] > 1:
        yield Text(
            f"The posting advertises {entry['job_tracks']} jobs, and its tag is the mean of theirs; "
            f"the terms are those of “{plain(entry['explained_title'])}”."
        )
    if entry["title_only"]:
        yield Text("Only the title was used: there is no description, or none with a word that the model knows.")
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for side, role in (("for", entry["role"]), ("against", entry["rival"])):
        table.add_column(side, justify="right")
        table.add_column(role, overflow="fold")
        table.add_column("in")
    # Values that would be shown as 0.00 are in the other formats only.
    sides = ([term for term in entry[side] if abs(term["value"]) >= _LEAST] for side in ("for", "against"))
    for pair in zip_longest(*sides):
        table.add_row(*(Text(cell) for term in pair for cell in _cells(term)))
    yield table
    yield Text(
        f"prior {_signed(entry['prior'])}, other terms {_signed(entry['rest'])}, total {_signed(entry['margin'])}\n",
        style="dim",
    )


def _cells(term: Mapping[str, Any] | None) -> tuple[str, str, str]:
    if term is None:
        return "", "", ""
    return _signed(term["value"]), plain(term["term"]), term["block"].replace("_", " ")


def percent(probability: float) -> str:
    """Return a probability as a whole percentage; <1 % and >99 % instead of 0 % and 100 %."""
    return {0: "<1 %", 100: ">99 %"}.get(hundredths := round(probability * 100), f"{hundredths} %")


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
